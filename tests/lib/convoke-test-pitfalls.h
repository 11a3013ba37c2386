/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Interfaces that are awkward on purpose, each in one way that real ones are. */

#include <convoke-test-every.h>

G_BEGIN_DECLS

#define CONVOKE_TEST_TYPE_LOST (convoke_test_lost_get_type ())
G_DECLARE_INTERFACE (ConvokeTestLost, convoke_test_lost, CONVOKE_TEST, LOST, GObject)

struct _ConvokeTestLostInterface
{
  GTypeInterface parent_iface;

  char *(*get_path) (ConvokeTestLost *self);
};

char *convoke_test_lost_get_path (ConvokeTestLost *self);

#define CONVOKE_TEST_TYPE_MENDED (convoke_test_mended_get_type ())
G_DECLARE_INTERFACE (ConvokeTestMended, convoke_test_mended, CONVOKE_TEST, MENDED, GObject)

struct _ConvokeTestMendedInterface
{
  GTypeInterface parent_iface;

  char *(*get_path) (ConvokeTestMended *self);
};

char *convoke_test_mended_get_path (ConvokeTestMended *self);

#define CONVOKE_TEST_TYPE_UNPROTECTED (convoke_test_unprotected_get_type ())
G_DECLARE_INTERFACE (ConvokeTestUnprotected, convoke_test_unprotected, CONVOKE_TEST, UNPROTECTED, GObject)

struct _ConvokeTestUnprotectedInterface
{
  GTypeInterface parent_iface;

  void (*store) (ConvokeTestUnprotected *self,
                 const char             *key);
};

void convoke_test_unprotected_store (ConvokeTestUnprotected *self,
                                     const char             *key,
                                     const char             *value);

#define CONVOKE_TEST_TYPE_UNPROTECTED_SIGNAL (convoke_test_unprotected_signal_get_type ())
G_DECLARE_INTERFACE (ConvokeTestUnprotectedSignal, convoke_test_unprotected_signal, CONVOKE_TEST, UNPROTECTED_SIGNAL, GObject)

struct _ConvokeTestUnprotectedSignalInterface
{
  GTypeInterface parent_iface;

  void (*nothing) (ConvokeTestUnprotectedSignal *self);
};

void convoke_test_unprotected_signal_nothing (ConvokeTestUnprotectedSignal *self);

#define CONVOKE_TEST_TYPE_MISSPELT (convoke_test_misspelt_get_type ())
G_DECLARE_INTERFACE (ConvokeTestMisspelt, convoke_test_misspelt, CONVOKE_TEST, MISSPELT, GObject)

struct _ConvokeTestMisspeltInterface
{
  GTypeInterface parent_iface;

  void (*misspelt) (ConvokeTestMisspelt *self);
  void (*not_a_number) (ConvokeTestMisspelt *self);
  void (*wrong_place) (ConvokeTestMisspelt *self,
                       const char          *text);
  int (*oneway_result) (ConvokeTestMisspelt *self);
  void (*oneway_out) (ConvokeTestMisspelt *self,
                      int                 *n);
  void (*oneway_error) (ConvokeTestMisspelt  *self,
                        GError              **error);
  void (*fine) (ConvokeTestMisspelt *self);
};

void convoke_test_misspelt_misspelt (ConvokeTestMisspelt *self);
void convoke_test_misspelt_not_a_number (ConvokeTestMisspelt *self);
void convoke_test_misspelt_wrong_place (ConvokeTestMisspelt *self,
                                        const char          *text);
int convoke_test_misspelt_oneway_result (ConvokeTestMisspelt *self);
void convoke_test_misspelt_oneway_out (ConvokeTestMisspelt *self,
                                       int                 *n);
void convoke_test_misspelt_oneway_error (ConvokeTestMisspelt  *self,
                                         GError              **error);
void convoke_test_misspelt_fine (ConvokeTestMisspelt *self);

#define CONVOKE_TEST_TYPE_TWOFOLD (convoke_test_twofold_get_type ())
G_DECLARE_INTERFACE (ConvokeTestTwofold, convoke_test_twofold, CONVOKE_TEST, TWOFOLD, GObject)

struct _ConvokeTestTwofoldInterface
{
  GTypeInterface parent_iface;

  char *(*get_path) (ConvokeTestTwofold *self);
};

char *convoke_test_twofold_get_path (ConvokeTestTwofold *self);

#define CONVOKE_TEST_TYPE_UNANNOTATED (convoke_test_unannotated_get_type ())
G_DECLARE_INTERFACE (ConvokeTestUnannotated, convoke_test_unannotated, CONVOKE_TEST, UNANNOTATED, GObject)

struct _ConvokeTestUnannotatedInterface
{
  GTypeInterface parent_iface;

  void (*measure) (ConvokeTestUnannotated *self,
                   int                    *width);
  const int *(*get_numbers) (ConvokeTestUnannotated *self);
  gsize (*fill) (ConvokeTestUnannotated *self,
                 guint8                 *buffer,
                 gsize                   size);
  void (*put) (ConvokeTestUnannotated *self,
               ConvokeTestPoint        point);
  void (*fine) (ConvokeTestUnannotated *self,
                int                    *width);
};

void convoke_test_unannotated_measure (ConvokeTestUnannotated *self,
                                       int                    *width);
const int *convoke_test_unannotated_get_numbers (ConvokeTestUnannotated *self);
gsize convoke_test_unannotated_fill (ConvokeTestUnannotated *self,
                                     guint8                 *buffer,
                                     gsize                   size);
void convoke_test_unannotated_put (ConvokeTestUnannotated *self,
                                   ConvokeTestPoint        point);
void convoke_test_unannotated_fine (ConvokeTestUnannotated *self,
                                    int                    *width);

#define CONVOKE_TEST_TYPE_RENAMED (convoke_test_renamed_get_type ())
G_DECLARE_INTERFACE (ConvokeTestRenamed, convoke_test_renamed, CONVOKE_TEST, RENAMED, GObject)

struct _ConvokeTestRenamedInterface
{
  GTypeInterface parent_iface;

  guint version;
  void (*log) (ConvokeTestRenamed *self, const char *format, ...);
  int (*read_fn) (ConvokeTestRenamed *self,
                  int                 n);
  void (*do_write) (ConvokeTestRenamed *self,
                    int                 n);
  void (*write_all) (ConvokeTestRenamed *self,
                     int                 n);
  int (*internal) (ConvokeTestRenamed *self);
};

int convoke_test_renamed_read (ConvokeTestRenamed *self,
                               int                 n);
void convoke_test_renamed_write_all (ConvokeTestRenamed *self,
                                     int                 n);

#define CONVOKE_TEST_TYPE_PAIRS (convoke_test_pairs_get_type ())
G_DECLARE_INTERFACE (ConvokeTestPairs, convoke_test_pairs, CONVOKE_TEST, PAIRS, GObject)

struct _ConvokeTestPairsInterface
{
  GTypeInterface parent_iface;

  void (*save_async) (ConvokeTestPairs    *self,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data);
  gboolean (*save_finish) (ConvokeTestPairs  *self,
                           GAsyncResult      *result,
                           GError           **error);
  void (*mount_fn) (ConvokeTestPairs    *self,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data);
  gboolean (*mount_finish) (ConvokeTestPairs  *self,
                            GAsyncResult      *result,
                            GError           **error);
  void (*eject) (ConvokeTestPairs    *self,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data);
  gboolean (*eject_finish) (ConvokeTestPairs  *self,
                            GAsyncResult      *result,
                            GError           **error);
  void (*alone_async) (ConvokeTestPairs    *self,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data);
  void (*dance_async) (ConvokeTestPairs *self);
  void (*dance_finish) (ConvokeTestPairs *self);
};

void convoke_test_pairs_save_async (ConvokeTestPairs    *self,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data);
gboolean convoke_test_pairs_save_finish (ConvokeTestPairs  *self,
                                         GAsyncResult      *result,
                                         GError           **error);
void convoke_test_pairs_mount (ConvokeTestPairs    *self,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data);
gboolean convoke_test_pairs_mount_finish (ConvokeTestPairs  *self,
                                          GAsyncResult      *result,
                                          GError           **error);
void convoke_test_pairs_eject (ConvokeTestPairs    *self,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data);
gboolean convoke_test_pairs_eject_finish (ConvokeTestPairs  *self,
                                          GAsyncResult      *result,
                                          GError           **error);
void convoke_test_pairs_alone_async (ConvokeTestPairs    *self,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data);
void convoke_test_pairs_dance_async (ConvokeTestPairs *self);
void convoke_test_pairs_dance_finish (ConvokeTestPairs *self);

#define CONVOKE_TEST_TYPE_NEEDS_GATE (convoke_test_needs_gate_get_type ())
G_DECLARE_INTERFACE (ConvokeTestNeedsGate, convoke_test_needs_gate, CONVOKE_TEST, NEEDS_GATE, GObject)

struct _ConvokeTestNeedsGateInterface
{
  GTypeInterface parent_iface;

  void (*swing) (ConvokeTestNeedsGate *self);
};

void convoke_test_needs_gate_swing (ConvokeTestNeedsGate *self);

#define CONVOKE_TEST_TYPE_NEEDS_GATE_TOO (convoke_test_needs_gate_too_get_type ())
G_DECLARE_INTERFACE (ConvokeTestNeedsGateToo, convoke_test_needs_gate_too, CONVOKE_TEST, NEEDS_GATE_TOO, GObject)

struct _ConvokeTestNeedsGateTooInterface
{
  GTypeInterface parent_iface;

  void (*creak) (ConvokeTestNeedsGateToo *self);
};

void convoke_test_needs_gate_too_creak (ConvokeTestNeedsGateToo *self);

#define CONVOKE_TEST_TYPE_RICHER (convoke_test_richer_get_type ())
G_DECLARE_INTERFACE (ConvokeTestRicher, convoke_test_richer, CONVOKE_TEST, RICHER, GObject)

struct _ConvokeTestRicherInterface
{
  GTypeInterface parent_iface;

  double (*get_margin) (ConvokeTestRicher *self);
};

double convoke_test_richer_get_margin (ConvokeTestRicher *self);

#define CONVOKE_TEST_TYPE_EMPTY (convoke_test_empty_get_type ())
G_DECLARE_INTERFACE (ConvokeTestEmpty, convoke_test_empty, CONVOKE_TEST, EMPTY, GObject)

struct _ConvokeTestEmptyInterface
{
  GTypeInterface parent_iface;
};

#define CONVOKE_TEST_TYPE_AWKWARD (convoke_test_awkward_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeTestAwkward, convoke_test_awkward, CONVOKE_TEST, AWKWARD, GObject)

ConvokeTestAwkward *convoke_test_awkward_new (void);

G_END_DECLS
