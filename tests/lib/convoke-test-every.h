/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include <convoke-test-gate.h>
#include <convoke-test-price-feed.h>

G_BEGIN_DECLS

/**
 * ConvokeTestMood:
 * @CONVOKE_TEST_MOOD_BAD: bad
 * @CONVOKE_TEST_MOOD_NEUTRAL: neither
 * @CONVOKE_TEST_MOOD_GOOD: good
 *
 * An enumeration with negative values.
 */
typedef enum
{
  CONVOKE_TEST_MOOD_BAD = -3,
  CONVOKE_TEST_MOOD_NEUTRAL = 0,
  CONVOKE_TEST_MOOD_GOOD = 40,
} ConvokeTestMood;

/**
 * ConvokeTestSides:
 * @CONVOKE_TEST_SIDES_NONE: none
 * @CONVOKE_TEST_SIDES_LEFT: left
 * @CONVOKE_TEST_SIDES_RIGHT: right
 * @CONVOKE_TEST_SIDES_TOP: top
 *
 * Flags.
 */
typedef enum
{
  CONVOKE_TEST_SIDES_NONE = 0,
  CONVOKE_TEST_SIDES_LEFT = 1 << 0,
  CONVOKE_TEST_SIDES_RIGHT = 1 << 1,
  CONVOKE_TEST_SIDES_TOP = 1 << 8,
} ConvokeTestSides;

#define CONVOKE_TEST_TYPE_MOOD (convoke_test_mood_get_type ())
GType convoke_test_mood_get_type (void);
#define CONVOKE_TEST_TYPE_SIDES (convoke_test_sides_get_type ())
GType convoke_test_sides_get_type (void);

/**
 * ConvokeTestPoint:
 * @x: to the right
 * @y: up
 * @tag: anything
 *
 * A plain structure, all of whose fields are scalars.
 */
typedef struct
{
  double x;
  gint32 y;
  guint8 tag;
} ConvokeTestPoint;

typedef struct _ConvokeTestColor ConvokeTestColor;

#define CONVOKE_TEST_TYPE_COLOR (convoke_test_color_get_type ())
GType             convoke_test_color_get_type (void);
ConvokeTestColor *convoke_test_color_new      (guint8                  red,
                                               guint8                  green,
                                               guint8                  blue,
                                               const char             *name);
ConvokeTestColor *convoke_test_color_copy     (const ConvokeTestColor *self);
void              convoke_test_color_free     (ConvokeTestColor       *self);
guint             convoke_test_color_get_rgb  (const ConvokeTestColor *self);
const char       *convoke_test_color_get_name (const ConvokeTestColor *self);
int               convoke_test_color_count    (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeTestColor, convoke_test_color_free)

/**
 * ConvokeTestIntFunc:
 * @value: a number
 * @user_data: data
 *
 * Called with a number.
 *
 * Returns: another
 */
typedef int (*ConvokeTestIntFunc) (int      value,
                                   gpointer user_data);

/**
 * ConvokeTestTextFunc:
 * @text: a text
 * @user_data: data
 *
 * Called with a text.
 */
typedef void (*ConvokeTestTextFunc) (const char *text,
                                     gpointer    user_data);

#define CONVOKE_TEST_TYPE_EVERY (convoke_test_every_get_type ())
G_DECLARE_INTERFACE (ConvokeTestEvery, convoke_test_every, CONVOKE_TEST, EVERY, GObject)

struct _ConvokeTestEveryInterface
{
  GTypeInterface parent_iface;

  gint8 (*echo_int8) (ConvokeTestEvery *self,
                      gint8             value);
  guint8 (*echo_uint8) (ConvokeTestEvery *self,
                        guint8            value);
  gint16 (*echo_int16) (ConvokeTestEvery *self,
                        gint16            value);
  guint16 (*echo_uint16) (ConvokeTestEvery *self,
                          guint16           value);
  gint32 (*echo_int32) (ConvokeTestEvery *self,
                        gint32            value);
  guint32 (*echo_uint32) (ConvokeTestEvery *self,
                          guint32           value);
  gint64 (*echo_int64) (ConvokeTestEvery *self,
                        gint64            value);
  guint64 (*echo_uint64) (ConvokeTestEvery *self,
                          guint64           value);
  float (*echo_float) (ConvokeTestEvery *self,
                       float             value);
  double (*echo_double) (ConvokeTestEvery *self,
                         double            value);
  gboolean (*echo_boolean) (ConvokeTestEvery *self,
                            gboolean          value);
  gunichar (*echo_unichar) (ConvokeTestEvery *self,
                            gunichar          value);
  GType (*echo_gtype) (ConvokeTestEvery *self,
                       GType             value);
  ConvokeTestMood (*echo_mood) (ConvokeTestEvery *self,
                                ConvokeTestMood   value);
  ConvokeTestSides (*echo_sides) (ConvokeTestEvery *self,
                                  ConvokeTestSides  value);
  char *(*echo_string) (ConvokeTestEvery *self,
                        const char       *value);
  const char *(*get_label) (ConvokeTestEvery *self);
  void (*set_label) (ConvokeTestEvery *self,
                     const char       *label);
  guint (*take_string) (ConvokeTestEvery *self,
                        char             *value);
  char *(*echo_filename) (ConvokeTestEvery *self,
                          const char       *value);
  GVariant *(*echo_variant) (ConvokeTestEvery *self,
                             GVariant         *value);
  char *(*take_variant) (ConvokeTestEvery *self,
                         GVariant         *value);
  GBytes *(*echo_bytes) (ConvokeTestEvery *self,
                         GBytes           *value);
  GByteArray *(*echo_byte_array) (ConvokeTestEvery *self,
                                  GByteArray       *value);
  guint64 (*sum_bytes) (ConvokeTestEvery *self,
                        const guint8     *bytes,
                        gsize             n_bytes);
  gint64 (*sum_ints) (ConvokeTestEvery *self,
                      const int        *values,
                      gsize             n_values);
  gint64 (*sum_shifted) (ConvokeTestEvery *self,
                         guint             n_values,
                         const gint16     *values,
                         int               shift);
  void (*make_ints) (ConvokeTestEvery  *self,
                     guint              n,
                     int              **values,
                     gsize             *n_values);
  double *(*reverse_doubles) (ConvokeTestEvery *self,
                              const double     *values,
                              gsize             n_values,
                              gsize            *n_reversed);
  int (*sum_triple) (ConvokeTestEvery *self,
                     const int        *triple);
  void (*make_triple) (ConvokeTestEvery *self,
                       int               first,
                       int              *triple);
  int (*sum_terminated) (ConvokeTestEvery *self,
                         const int        *values);
  gsize (*fill_buffer) (ConvokeTestEvery *self,
                        guint8           *buffer,
                        gsize             size);
  char *(*join) (ConvokeTestEvery   *self,
                 const char * const *parts);
  char **(*split) (ConvokeTestEvery *self,
                   const char       *text);
  void (*split_out) (ConvokeTestEvery   *self,
                     const char         *text,
                     char             ***parts);
  const char * const *(*get_names) (ConvokeTestEvery *self);
  char *(*join_counted) (ConvokeTestEvery   *self,
                         const char * const *parts,
                         guint               n_parts);
  GList *(*reverse_list) (ConvokeTestEvery *self,
                          GList            *list);
  GSList *(*reverse_slist) (ConvokeTestEvery *self,
                            GSList           *list);
  guint (*take_list) (ConvokeTestEvery *self,
                      GList            *list);
  guint (*take_container) (ConvokeTestEvery *self,
                           GList            *list);
  GList *(*list_names) (ConvokeTestEvery *self);
  GList *(*peek_names) (ConvokeTestEvery *self);
  GPtrArray *(*reverse_ptr_array) (ConvokeTestEvery *self,
                                   GPtrArray        *array);
  GArray *(*reverse_array) (ConvokeTestEvery *self,
                            GArray           *array);
  GHashTable *(*swap_table) (ConvokeTestEvery *self,
                             GHashTable       *table);
  GHashTable *(*echo_options) (ConvokeTestEvery *self,
                               GHashTable       *options);
  void (*increment) (ConvokeTestEvery *self,
                     int              *value);
  void (*append) (ConvokeTestEvery  *self,
                  char             **text);
  gboolean (*divide) (ConvokeTestEvery  *self,
                      int                dividend,
                      int                divisor,
                      int               *quotient,
                      int               *remainder,
                      GError           **error);
  gboolean (*fail) (ConvokeTestEvery  *self,
                    const char        *domain,
                    int                code,
                    const char        *message,
                    GError           **error);
  void (*describe_out) (ConvokeTestEvery  *self,
                        gboolean           give,
                        char             **text);
  void (*peek_label) (ConvokeTestEvery  *self,
                      const char       **label);
  void (*nothing) (ConvokeTestEvery *self);
  ConvokeTestPriceFeed *(*echo_feed) (ConvokeTestEvery     *self,
                                      ConvokeTestPriceFeed *feed);
  ConvokeTestPriceFeed *(*get_feed) (ConvokeTestEvery *self);
  void (*take_feed) (ConvokeTestEvery     *self,
                     ConvokeTestPriceFeed *feed);
  gboolean (*feed_out) (ConvokeTestEvery      *self,
                        ConvokeTestPriceFeed **feed);
  double (*ask_feed) (ConvokeTestEvery      *self,
                      ConvokeTestPriceFeed  *feed,
                      const char            *item,
                      GError               **error);
  GPtrArray *(*list_feeds) (ConvokeTestEvery *self,
                            guint             n);
  double (*ask_feeds) (ConvokeTestEvery  *self,
                       GList             *feeds,
                       const char        *item,
                       GError           **error);
  ConvokeTestEvery *(*get_self) (ConvokeTestEvery *self);
  gboolean (*is_self) (ConvokeTestEvery *self,
                       ConvokeTestEvery *other);
  GFile *(*echo_file) (ConvokeTestEvery *self,
                       GFile            *file);
  GObject *(*echo_object) (ConvokeTestEvery *self,
                           GObject          *object);
  ConvokeTestGate *(*echo_gate) (ConvokeTestEvery *self,
                                 ConvokeTestGate  *gate);
  int (*for_each) (ConvokeTestEvery   *self,
                   const int          *values,
                   gsize               n_values,
                   ConvokeTestIntFunc  func,
                   gpointer            user_data);
  void (*call_later) (ConvokeTestEvery    *self,
                      ConvokeTestTextFunc  func,
                      gpointer             user_data);
  guint (*watch) (ConvokeTestEvery    *self,
                  ConvokeTestTextFunc  func,
                  gpointer             user_data,
                  GDestroyNotify       destroy);
  void (*unwatch) (ConvokeTestEvery *self);
  void (*tell) (ConvokeTestEvery *self,
                const char       *text);
  void (*load_async) (ConvokeTestEvery    *self,
                      const char          *name,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data);
  char *(*load_finish) (ConvokeTestEvery  *self,
                        GAsyncResult      *result,
                        gsize             *length,
                        GError           **error);
  gboolean (*wait_cancelled) (ConvokeTestEvery  *self,
                              GCancellable      *cancellable,
                              GError           **error);
  void (*move_point) (ConvokeTestEvery       *self,
                      const ConvokeTestPoint *point,
                      double                  by,
                      ConvokeTestPoint       *moved);
  double (*sum_points) (ConvokeTestEvery       *self,
                        const ConvokeTestPoint *points,
                        guint                   n_points);
  ConvokeTestColor *(*mix) (ConvokeTestEvery       *self,
                            const ConvokeTestColor *color);
  const ConvokeTestColor *(*peek_color) (ConvokeTestEvery *self);
  void (*echo_value) (ConvokeTestEvery *self,
                      const GValue     *value,
                      GValue           *result);
  GError *(*echo_error) (ConvokeTestEvery *self,
                         const GError     *value);
  char *(*get_secret) (ConvokeTestEvery *self,
                       const char       *password);
  int (*count_slowly) (ConvokeTestEvery *self,
                       int               n);

  void (*ticked) (ConvokeTestEvery *self,
                  int               n,
                  const char       *text);
};

gint8 convoke_test_every_echo_int8 (ConvokeTestEvery *self,
                                    gint8             value);
guint8 convoke_test_every_echo_uint8 (ConvokeTestEvery *self,
                                      guint8            value);
gint16 convoke_test_every_echo_int16 (ConvokeTestEvery *self,
                                      gint16            value);
guint16 convoke_test_every_echo_uint16 (ConvokeTestEvery *self,
                                        guint16           value);
gint32 convoke_test_every_echo_int32 (ConvokeTestEvery *self,
                                      gint32            value);
guint32 convoke_test_every_echo_uint32 (ConvokeTestEvery *self,
                                        guint32           value);
gint64 convoke_test_every_echo_int64 (ConvokeTestEvery *self,
                                      gint64            value);
guint64 convoke_test_every_echo_uint64 (ConvokeTestEvery *self,
                                        guint64           value);
float convoke_test_every_echo_float (ConvokeTestEvery *self,
                                     float             value);
double convoke_test_every_echo_double (ConvokeTestEvery *self,
                                       double            value);
gboolean convoke_test_every_echo_boolean (ConvokeTestEvery *self,
                                          gboolean          value);
gunichar convoke_test_every_echo_unichar (ConvokeTestEvery *self,
                                          gunichar          value);
GType convoke_test_every_echo_gtype (ConvokeTestEvery *self,
                                     GType             value);
ConvokeTestMood convoke_test_every_echo_mood (ConvokeTestEvery *self,
                                              ConvokeTestMood   value);
ConvokeTestSides convoke_test_every_echo_sides (ConvokeTestEvery *self,
                                                ConvokeTestSides  value);
char *convoke_test_every_echo_string (ConvokeTestEvery *self,
                                      const char       *value);
const char *convoke_test_every_get_label (ConvokeTestEvery *self);
void convoke_test_every_set_label (ConvokeTestEvery *self,
                                   const char       *label);
guint convoke_test_every_take_string (ConvokeTestEvery *self,
                                      char             *value);
char *convoke_test_every_echo_filename (ConvokeTestEvery *self,
                                        const char       *value);
GVariant *convoke_test_every_echo_variant (ConvokeTestEvery *self,
                                           GVariant         *value);
char *convoke_test_every_take_variant (ConvokeTestEvery *self,
                                       GVariant         *value);
GBytes *convoke_test_every_echo_bytes (ConvokeTestEvery *self,
                                       GBytes           *value);
GByteArray *convoke_test_every_echo_byte_array (ConvokeTestEvery *self,
                                                GByteArray       *value);
guint64 convoke_test_every_sum_bytes (ConvokeTestEvery *self,
                                      const guint8     *bytes,
                                      gsize             n_bytes);
gint64 convoke_test_every_sum_ints (ConvokeTestEvery *self,
                                    const int        *values,
                                    gsize             n_values);
gint64 convoke_test_every_sum_shifted (ConvokeTestEvery *self,
                                       guint             n_values,
                                       const gint16     *values,
                                       int               shift);
void convoke_test_every_make_ints (ConvokeTestEvery  *self,
                                   guint              n,
                                   int              **values,
                                   gsize             *n_values);
double *convoke_test_every_reverse_doubles (ConvokeTestEvery *self,
                                            const double     *values,
                                            gsize             n_values,
                                            gsize            *n_reversed);
int convoke_test_every_sum_triple (ConvokeTestEvery *self,
                                   const int        *triple);
void convoke_test_every_make_triple (ConvokeTestEvery *self,
                                     int               first,
                                     int              *triple);
int convoke_test_every_sum_terminated (ConvokeTestEvery *self,
                                       const int        *values);
gsize convoke_test_every_fill_buffer (ConvokeTestEvery *self,
                                      guint8           *buffer,
                                      gsize             size);
char *convoke_test_every_join (ConvokeTestEvery   *self,
                               const char * const *parts);
char **convoke_test_every_split (ConvokeTestEvery *self,
                                 const char       *text);
void convoke_test_every_split_out (ConvokeTestEvery   *self,
                                   const char         *text,
                                   char             ***parts);
const char * const *convoke_test_every_get_names (ConvokeTestEvery *self);
char *convoke_test_every_join_counted (ConvokeTestEvery   *self,
                                       const char * const *parts,
                                       guint               n_parts);
GList *convoke_test_every_reverse_list (ConvokeTestEvery *self,
                                        GList            *list);
GSList *convoke_test_every_reverse_slist (ConvokeTestEvery *self,
                                          GSList           *list);
guint convoke_test_every_take_list (ConvokeTestEvery *self,
                                    GList            *list);
guint convoke_test_every_take_container (ConvokeTestEvery *self,
                                         GList            *list);
GList *convoke_test_every_list_names (ConvokeTestEvery *self);
GList *convoke_test_every_peek_names (ConvokeTestEvery *self);
GPtrArray *convoke_test_every_reverse_ptr_array (ConvokeTestEvery *self,
                                                 GPtrArray        *array);
GArray *convoke_test_every_reverse_array (ConvokeTestEvery *self,
                                          GArray           *array);
GHashTable *convoke_test_every_swap_table (ConvokeTestEvery *self,
                                           GHashTable       *table);
GHashTable *convoke_test_every_echo_options (ConvokeTestEvery *self,
                                             GHashTable       *options);
void convoke_test_every_increment (ConvokeTestEvery *self,
                                   int              *value);
void convoke_test_every_append (ConvokeTestEvery  *self,
                                char             **text);
gboolean convoke_test_every_divide (ConvokeTestEvery  *self,
                                    int                dividend,
                                    int                divisor,
                                    int               *quotient,
                                    int               *remainder,
                                    GError           **error);
gboolean convoke_test_every_fail (ConvokeTestEvery  *self,
                                  const char        *domain,
                                  int                code,
                                  const char        *message,
                                  GError           **error);
void convoke_test_every_describe_out (ConvokeTestEvery  *self,
                                      gboolean           give,
                                      char             **text);
void convoke_test_every_peek_label (ConvokeTestEvery  *self,
                                    const char       **label);
void convoke_test_every_nothing (ConvokeTestEvery *self);
ConvokeTestPriceFeed *convoke_test_every_echo_feed (ConvokeTestEvery     *self,
                                                    ConvokeTestPriceFeed *feed);
ConvokeTestPriceFeed *convoke_test_every_get_feed (ConvokeTestEvery *self);
void convoke_test_every_take_feed (ConvokeTestEvery     *self,
                                   ConvokeTestPriceFeed *feed);
gboolean convoke_test_every_feed_out (ConvokeTestEvery      *self,
                                      ConvokeTestPriceFeed **feed);
double convoke_test_every_ask_feed (ConvokeTestEvery      *self,
                                    ConvokeTestPriceFeed  *feed,
                                    const char            *item,
                                    GError               **error);
GPtrArray *convoke_test_every_list_feeds (ConvokeTestEvery *self,
                                          guint             n);
double convoke_test_every_ask_feeds (ConvokeTestEvery  *self,
                                     GList             *feeds,
                                     const char        *item,
                                     GError           **error);
ConvokeTestEvery *convoke_test_every_get_self (ConvokeTestEvery *self);
gboolean convoke_test_every_is_self (ConvokeTestEvery *self,
                                     ConvokeTestEvery *other);
GFile *convoke_test_every_echo_file (ConvokeTestEvery *self,
                                     GFile            *file);
GObject *convoke_test_every_echo_object (ConvokeTestEvery *self,
                                         GObject          *object);
ConvokeTestGate *convoke_test_every_echo_gate (ConvokeTestEvery *self,
                                               ConvokeTestGate  *gate);
int convoke_test_every_for_each (ConvokeTestEvery   *self,
                                 const int          *values,
                                 gsize               n_values,
                                 ConvokeTestIntFunc  func,
                                 gpointer            user_data);
void convoke_test_every_call_later (ConvokeTestEvery    *self,
                                    ConvokeTestTextFunc  func,
                                    gpointer             user_data);
guint convoke_test_every_watch (ConvokeTestEvery    *self,
                                ConvokeTestTextFunc  func,
                                gpointer             user_data,
                                GDestroyNotify       destroy);
void convoke_test_every_unwatch (ConvokeTestEvery *self);
void convoke_test_every_tell (ConvokeTestEvery *self,
                              const char       *text);
void convoke_test_every_load_async (ConvokeTestEvery    *self,
                                    const char          *name,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data);
char *convoke_test_every_load_finish (ConvokeTestEvery  *self,
                                      GAsyncResult      *result,
                                      gsize             *length,
                                      GError           **error);
gboolean convoke_test_every_wait_cancelled (ConvokeTestEvery  *self,
                                            GCancellable      *cancellable,
                                            GError           **error);
void convoke_test_every_move_point (ConvokeTestEvery       *self,
                                    const ConvokeTestPoint *point,
                                    double                  by,
                                    ConvokeTestPoint       *moved);
double convoke_test_every_sum_points (ConvokeTestEvery       *self,
                                      const ConvokeTestPoint *points,
                                      guint                   n_points);
ConvokeTestColor *convoke_test_every_mix (ConvokeTestEvery       *self,
                                          const ConvokeTestColor *color);
const ConvokeTestColor *convoke_test_every_peek_color (ConvokeTestEvery *self);
void convoke_test_every_echo_value (ConvokeTestEvery *self,
                                    const GValue     *value,
                                    GValue           *result);
GError *convoke_test_every_echo_error (ConvokeTestEvery *self,
                                       const GError     *value);
char *convoke_test_every_get_secret (ConvokeTestEvery *self,
                                     const char       *password);
int convoke_test_every_count_slowly (ConvokeTestEvery *self,
                                     int               n);

G_END_DECLS
