/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Values of every kind from the variants that tell them, and back.
 *
 * make: a value that the caller owns whole, and its length. tell: (transfer full), not floating. disown: the container goes on
 * without owning its elements, which the answer does.
 */

#include "convoke-test-kind-caller.h"
#include "convoke-test-kind-server.h"
#include "convoke-test-named-feed.h"

G_BEGIN_DECLS

#define CONVOKE_TEST_SCALAR(name, Type) \
  Type convoke_test_make_ ## name (GVariant *tells, gsize *n); \
  GVariant *convoke_test_tell_ ## name (Type value, gsize n);

CONVOKE_TEST_SCALAR (boolean, gboolean)
CONVOKE_TEST_SCALAR (int8, gint8)
CONVOKE_TEST_SCALAR (uint8, guint8)
CONVOKE_TEST_SCALAR (int16, gint16)
CONVOKE_TEST_SCALAR (uint16, guint16)
CONVOKE_TEST_SCALAR (int32, gint32)
CONVOKE_TEST_SCALAR (uint32, guint32)
CONVOKE_TEST_SCALAR (int64, gint64)
CONVOKE_TEST_SCALAR (uint64, guint64)
CONVOKE_TEST_SCALAR (unichar, gunichar)
CONVOKE_TEST_SCALAR (float, float)
CONVOKE_TEST_SCALAR (double, double)
CONVOKE_TEST_SCALAR (gtype, GType)
CONVOKE_TEST_SCALAR (mood, ConvokeTestMood)
CONVOKE_TEST_SCALAR (sides, ConvokeTestSides)

#define CONVOKE_TEST_POINTER(name, Type) \
  CONVOKE_TEST_SCALAR (name, Type) \
  void convoke_test_free_ ## name (Type value, gsize n);

CONVOKE_TEST_POINTER (utf8, char *)
CONVOKE_TEST_POINTER (filename, char *)
CONVOKE_TEST_POINTER (variant, GVariant *)
CONVOKE_TEST_POINTER (bytes, GBytes *)
CONVOKE_TEST_POINTER (byte_array, GByteArray *)
CONVOKE_TEST_POINTER (data, guint8 *)
CONVOKE_TEST_POINTER (data_before, guint8 *)
CONVOKE_TEST_POINTER (ints, gint32 *)
CONVOKE_TEST_POINTER (ints_before, gint32 *)
CONVOKE_TEST_POINTER (ints_ended, gint32 *)
CONVOKE_TEST_POINTER (booleans, gboolean *)
CONVOKE_TEST_POINTER (int16s, gint16 *)
CONVOKE_TEST_POINTER (int64s, gint64 *)
CONVOKE_TEST_POINTER (doubles, double *)
CONVOKE_TEST_POINTER (moods, ConvokeTestMood *)
CONVOKE_TEST_POINTER (three_ints, gint32 *)
CONVOKE_TEST_POINTER (garray_int, GArray *)
CONVOKE_TEST_POINTER (garray_double, GArray *)
CONVOKE_TEST_POINTER (error, GError *)
CONVOKE_TEST_POINTER (color, ConvokeTestColor *)
CONVOKE_TEST_POINTER (gate, ConvokeTestGate *)

#define CONVOKE_TEST_CONTAINER(name, Type) \
  CONVOKE_TEST_POINTER (name, Type) \
  GPtrArray *convoke_test_disown_ ## name (Type *value, gsize n); \
  void convoke_test_free_container_ ## name (Type value);

CONVOKE_TEST_CONTAINER (strv, char **)
CONVOKE_TEST_CONTAINER (strings, char **)
CONVOKE_TEST_CONTAINER (strings_before, char **)
CONVOKE_TEST_CONTAINER (three_strings, char **)
CONVOKE_TEST_CONTAINER (list, GList *)
CONVOKE_TEST_CONTAINER (slist, GSList *)
CONVOKE_TEST_CONTAINER (list_int, GList *)
CONVOKE_TEST_CONTAINER (ptr_array, GPtrArray *)
CONVOKE_TEST_CONTAINER (table, GHashTable *)
CONVOKE_TEST_CONTAINER (table_int, GHashTable *)
CONVOKE_TEST_CONTAINER (options, GHashTable *)

/* @serving: @self asks; otherwise who calls it does. */
#define CONVOKE_TEST_REFERENCE(name, Type) \
  Type convoke_test_make_ ## name (ConvokeTestKinds *self, gboolean serving, GVariant *tells, gsize *n); \
  GVariant *convoke_test_tell_ ## name (ConvokeTestKinds *self, gboolean serving, Type value, gsize n); \
  void convoke_test_free_ ## name (Type value, gsize n);

#define CONVOKE_TEST_REFERENCES(name, Type) \
  CONVOKE_TEST_REFERENCE (name, Type) \
  GPtrArray *convoke_test_disown_ ## name (Type *value, gsize n); \
  void convoke_test_free_container_ ## name (Type value);

CONVOKE_TEST_REFERENCE (feed, ConvokeTestPriceFeed *)
CONVOKE_TEST_REFERENCE (object, GObject *)
CONVOKE_TEST_REFERENCES (feeds, ConvokeTestPriceFeed **)
CONVOKE_TEST_REFERENCES (feed_list, GList *)
CONVOKE_TEST_REFERENCES (feed_array, GPtrArray *)

/* FALSE: NULL is told. */
#define CONVOKE_TEST_BLOCK(name, Type) \
  gboolean convoke_test_make_ ## name (GVariant *tells, Type *room); \
  GVariant *convoke_test_tell_ ## name (const Type *value); \
  void convoke_test_clear_ ## name (Type *value);

CONVOKE_TEST_BLOCK (point, ConvokeTestPoint)
CONVOKE_TEST_BLOCK (value, GValue)

/* (transfer none): whom the server knows as the caller; takes up the first one that it meets. */
ConvokeTestPriceFeed *convoke_test_kind_server_meet (ConvokeTestKinds     *self,
                                                     ConvokeTestPriceFeed *feed);

/* What a server lends lives as long as the server. */
void convoke_test_kind_server_keep       (ConvokeTestKinds           *self,
                                          GPtrArray                  *elements);
void convoke_test_kind_server_keep_whole (ConvokeTestKinds           *self,
                                          gpointer                    value,
                                          gsize                       n,
                                          void                      (*free_func) (gpointer value, gsize n));
void convoke_test_kind_server_iface_init (ConvokeTestKindsInterface  *iface);

G_END_DECLS
