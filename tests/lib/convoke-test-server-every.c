/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How the server implements ConvokeTestEvery. */

#include <string.h>

#include "convoke-test-server-private.h"

#define SELF(every) record (CONVOKE_TEST_SERVER (every))

static ConvokeTestServer *
record (ConvokeTestServer *self)
{
  convoke_test_server_record_call (self);

  return self;
}

/* --- scalars --- */

#define DEFINE_ECHO(name, Type)                       \
  static Type                                         \
  every_echo_ ## name (ConvokeTestEvery *every,       \
                       Type              value)       \
  {                                                   \
    SELF (every);                                     \
    return value;                                     \
  }

DEFINE_ECHO (int8, gint8)
DEFINE_ECHO (uint8, guint8)
DEFINE_ECHO (int16, gint16)
DEFINE_ECHO (uint16, guint16)
DEFINE_ECHO (int32, gint32)
DEFINE_ECHO (uint32, guint32)
DEFINE_ECHO (int64, gint64)
DEFINE_ECHO (uint64, guint64)
DEFINE_ECHO (float, float)
DEFINE_ECHO (double, double)
DEFINE_ECHO (boolean, gboolean)
DEFINE_ECHO (unichar, gunichar)
DEFINE_ECHO (gtype, GType)
DEFINE_ECHO (mood, ConvokeTestMood)
DEFINE_ECHO (sides, ConvokeTestSides)

/* --- strings, variants, bytes --- */

static char *
every_echo_string (ConvokeTestEvery *every,
                   const char       *value)
{
  SELF (every);

  return g_strdup (value);
}

static const char *
get_label (ConvokeTestServer *self)
{
  const char *label;

  g_mutex_lock (&self->lock);
  label = self->label;
  g_mutex_unlock (&self->lock);

  return label;
}

static const char *
every_get_label (ConvokeTestEvery *every)
{
  return get_label (SELF (every));
}

static void
every_set_label (ConvokeTestEvery *every,
                 const char       *label)
{
  g_object_set (SELF (every), "label", label, NULL);
}

static guint
every_take_string (ConvokeTestEvery *every,
                   char             *value)
{
  guint length = strlen (value);

  SELF (every);
  g_free (value);

  return length;
}

static char *
every_echo_filename (ConvokeTestEvery *every,
                     const char       *value)
{
  SELF (every);

  return g_strdup (value);
}

static GVariant *
every_echo_variant (ConvokeTestEvery *every,
                    GVariant         *value)
{
  SELF (every);

  return value != NULL ? g_variant_ref_sink (value) : NULL;
}

static char *
every_take_variant (ConvokeTestEvery *every,
                    GVariant         *value)
{
  g_autoptr (GVariant) taken = g_variant_take_ref (value);

  SELF (every);

  return g_variant_print (taken, TRUE);
}

static GBytes *
every_echo_bytes (ConvokeTestEvery *every,
                  GBytes           *value)
{
  SELF (every);

  return value != NULL ? g_bytes_ref (value) : NULL;
}

static GByteArray *
every_echo_byte_array (ConvokeTestEvery *every,
                       GByteArray       *value)
{
  GByteArray *copy = g_byte_array_sized_new (value->len);

  SELF (every);

  return g_byte_array_append (copy, value->data, value->len);
}

/* --- arrays --- */

static guint64
every_sum_bytes (ConvokeTestEvery *every,
                 const guint8     *bytes,
                 gsize             n_bytes)
{
  guint64 sum = 0;

  SELF (every);
  for (gsize i = 0; i < n_bytes; i++)
    sum += bytes[i];

  return sum;
}

static gint64
every_sum_ints (ConvokeTestEvery *every,
                const int        *values,
                gsize             n_values)
{
  gint64 sum = 0;

  SELF (every);
  for (gsize i = 0; i < n_values; i++)
    sum += values[i];

  return sum;
}

static gint64
every_sum_shifted (ConvokeTestEvery *every,
                   guint             n_values,
                   const gint16     *values,
                   int               shift)
{
  gint64 sum = 0;

  SELF (every);
  for (guint i = 0; i < n_values; i++)
    sum += values[i] + shift;

  return sum;
}

static void
every_make_ints (ConvokeTestEvery  *every,
                 guint              n,
                 int              **values,
                 gsize             *n_values)
{
  SELF (every);
  *values = g_new (int, n);
  for (guint i = 0; i < n; i++)
    (*values)[i] = i;
  *n_values = n;
}

static double *
every_reverse_doubles (ConvokeTestEvery *every,
                       const double     *values,
                       gsize             n_values,
                       gsize            *n_reversed)
{
  double *reversed = g_new (double, n_values);

  SELF (every);
  for (gsize i = 0; i < n_values; i++)
    reversed[i] = values[n_values - 1 - i];
  *n_reversed = n_values;

  return reversed;
}

static int
every_sum_triple (ConvokeTestEvery *every,
                  const int        *triple)
{
  SELF (every);

  return triple[0] + triple[1] + triple[2];
}

static void
every_make_triple (ConvokeTestEvery *every,
                   int               first,
                   int              *triple)
{
  SELF (every);
  for (int i = 0; i < 3; i++)
    triple[i] = first + i;
}

static int
every_sum_terminated (ConvokeTestEvery *every,
                      const int        *values)
{
  int sum = 0;

  SELF (every);
  for (; *values != 0; values++)
    sum += *values;

  return sum;
}

static gsize
every_fill_buffer (ConvokeTestEvery *every,
                   guint8           *buffer,
                   gsize             size)
{
  SELF (every);
  for (gsize i = 0; i < size; i++)
    buffer[i] = i + 1;

  return size;
}

static char *
every_join (ConvokeTestEvery   *every,
            const char * const *parts)
{
  SELF (every);

  return parts != NULL ? g_strjoinv (",", (char **) parts) : g_strdup ("");
}

static char **
every_split (ConvokeTestEvery *every,
             const char       *text)
{
  SELF (every);

  return g_strsplit (text, ",", -1);
}

static void
every_split_out (ConvokeTestEvery   *every,
                 const char         *text,
                 char             ***parts)
{
  SELF (every);
  *parts = g_strsplit (text, ",", -1);
}

static const char * const names[] = { "anna", "bert", "carl", NULL };

static const char * const *
every_get_names (ConvokeTestEvery *every)
{
  SELF (every);

  return names;
}

static char *
every_join_counted (ConvokeTestEvery   *every,
                    const char * const *parts,
                    guint               n_parts)
{
  GString *text = g_string_new (NULL);

  SELF (every);
  for (guint i = 0; i < n_parts; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", parts[i]);

  return g_string_free (text, FALSE);
}

/* --- containers --- */

static GList *
every_reverse_list (ConvokeTestEvery *every,
                    GList            *list)
{
  GList *reversed = NULL;

  SELF (every);
  for (GList *l = list; l != NULL; l = l->next)
    reversed = g_list_prepend (reversed, g_strdup (l->data));

  return reversed;
}

static GSList *
every_reverse_slist (ConvokeTestEvery *every,
                     GSList           *list)
{
  GSList *reversed = NULL;

  SELF (every);
  for (GSList *l = list; l != NULL; l = l->next)
    reversed = g_slist_prepend (reversed, g_strdup (l->data));

  return reversed;
}

static guint
every_take_list (ConvokeTestEvery *every,
                 GList            *list)
{
  guint length = g_list_length (list);

  SELF (every);
  g_list_free_full (list, g_free);

  return length;
}

static guint
every_take_container (ConvokeTestEvery *every,
                      GList            *list)
{
  guint length = g_list_length (list);

  SELF (every);
  g_list_free (list);

  return length;
}

static GList *
every_list_names (ConvokeTestEvery *every)
{
  GList *list = NULL;

  SELF (every);
  for (int i = G_N_ELEMENTS (names) - 2; i >= 0; i--)
    list = g_list_prepend (list, (gpointer) names[i]);

  return list;
}

static GList *
every_peek_names (ConvokeTestEvery *every)
{
  static GList links[G_N_ELEMENTS (names) - 1];
  static gsize made;

  SELF (every);
  if (g_once_init_enter (&made))
    {
      for (guint i = 0; i < G_N_ELEMENTS (links); i++)
        {
          links[i].data = (gpointer) names[i];
          links[i].prev = i > 0 ? &links[i - 1] : NULL;
          links[i].next = i + 1 < G_N_ELEMENTS (links) ? &links[i + 1] : NULL;
        }
      g_once_init_leave (&made, 1);
    }

  return links;
}

static GPtrArray *
every_reverse_ptr_array (ConvokeTestEvery *every,
                         GPtrArray        *array)
{
  GPtrArray *reversed = g_ptr_array_new_with_free_func (g_free);

  SELF (every);
  for (guint i = array->len; i > 0; i--)
    g_ptr_array_add (reversed, g_strdup (g_ptr_array_index (array, i - 1)));

  return reversed;
}

static GArray *
every_reverse_array (ConvokeTestEvery *every,
                     GArray           *array)
{
  GArray *reversed = g_array_new (FALSE, FALSE, sizeof (int));

  SELF (every);
  for (guint i = array->len; i > 0; i--)
    g_array_append_val (reversed, g_array_index (array, int, i - 1));

  return reversed;
}

static GHashTable *
every_swap_table (ConvokeTestEvery *every,
                  GHashTable       *table)
{
  GHashTable *swapped = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key, value;

  SELF (every);
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (swapped, g_strdup (value), g_strdup (key));

  return swapped;
}

static GHashTable *
every_echo_options (ConvokeTestEvery *every,
                    GHashTable       *options)
{
  GHashTable *copy;
  GHashTableIter iter;
  gpointer key, value;

  SELF (every);
  if (options == NULL)
    return NULL;

  copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  g_hash_table_iter_init (&iter, options);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, g_strdup (key), g_variant_ref (value));

  return copy;
}

/* --- in place, outs, errors --- */

static void
every_increment (ConvokeTestEvery *every,
                 int              *value)
{
  SELF (every);
  *value += 1;
}

static void
every_append (ConvokeTestEvery  *every,
              char             **text)
{
  g_autofree char *old = *text;

  SELF (every);
  *text = g_strconcat (old != NULL ? old : "", "!", NULL);
}

static gboolean
every_divide (ConvokeTestEvery  *every,
              int                dividend,
              int                divisor,
              int               *quotient,
              int               *remainder,
              GError           **error)
{
  SELF (every);
  if (divisor == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Nothing can be divided by 0");
      return FALSE;
    }

  if (quotient != NULL)
    *quotient = dividend / divisor;
  if (remainder != NULL)
    *remainder = dividend % divisor;

  return TRUE;
}

static gboolean
every_fail (ConvokeTestEvery  *every,
            const char        *domain,
            int                code,
            const char        *message,
            GError           **error)
{
  SELF (every);
  g_set_error_literal (error, g_quark_from_string (domain), code, message);

  return FALSE;
}

static void
every_describe_out (ConvokeTestEvery  *every,
                    gboolean           give,
                    char             **text)
{
  SELF (every);
  *text = give ? g_strdup ("a text") : NULL;
}

static void
every_peek_label (ConvokeTestEvery  *every,
                  const char       **label)
{
  *label = get_label (SELF (every));
}

static void
every_nothing (ConvokeTestEvery *every)
{
  SELF (every);
}

/* --- objects --- */

static ConvokeTestPriceFeed *
every_echo_feed (ConvokeTestEvery     *every,
                 ConvokeTestPriceFeed *feed)
{
  SELF (every);

  return feed != NULL ? g_object_ref (feed) : NULL;
}

static ConvokeTestPriceFeed *
every_get_feed (ConvokeTestEvery *every)
{
  ConvokeTestServer *self = SELF (every);
  ConvokeTestPriceFeed *feed;

  g_mutex_lock (&self->lock);
  feed = self->feed;
  g_mutex_unlock (&self->lock);

  return feed;
}

static void
every_take_feed (ConvokeTestEvery     *every,
                 ConvokeTestPriceFeed *feed)
{
  ConvokeTestServer *self = SELF (every);
  g_autoptr (ConvokeTestPriceFeed) old = NULL;

  g_mutex_lock (&self->lock);
  old = self->feed;
  self->feed = feed;
  g_mutex_unlock (&self->lock);
}

static gboolean
every_feed_out (ConvokeTestEvery      *every,
                ConvokeTestPriceFeed **feed)
{
  ConvokeTestServer *self = SELF (every);

  *feed = NULL;
  g_mutex_lock (&self->lock);
  g_set_object (feed, self->feed);
  g_mutex_unlock (&self->lock);

  return *feed != NULL;
}

static double
every_ask_feed (ConvokeTestEvery      *every,
                ConvokeTestPriceFeed  *feed,
                const char            *item,
                GError               **error)
{
  SELF (every);

  return convoke_test_price_feed_get_price (feed, item, error);
}

static GPtrArray *
every_list_feeds (ConvokeTestEvery *every,
                  guint             n)
{
  GPtrArray *feeds = g_ptr_array_new_with_free_func (g_object_unref);

  SELF (every);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (feeds, convoke_test_server_new ());

  return feeds;
}

static double
every_ask_feeds (ConvokeTestEvery  *every,
                 GList             *feeds,
                 const char        *item,
                 GError           **error)
{
  double sum = 0;

  SELF (every);
  for (GList *l = feeds; l != NULL; l = l->next)
    {
      g_autoptr (GError) local_error = NULL;

      sum += convoke_test_price_feed_get_price (l->data, item, &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return 0;
        }
    }

  return sum;
}

static ConvokeTestEvery *
every_get_self (ConvokeTestEvery *every)
{
  SELF (every);

  return g_object_ref (every);
}

static gboolean
every_is_self (ConvokeTestEvery *every,
               ConvokeTestEvery *other)
{
  SELF (every);

  return every == other;
}

static GFile *
every_echo_file (ConvokeTestEvery *every,
                 GFile            *file)
{
  SELF (every);

  return g_object_ref (file);
}

static GObject *
every_echo_object (ConvokeTestEvery *every,
                   GObject          *object)
{
  SELF (every);

  return object != NULL ? g_object_ref (object) : NULL;
}

static ConvokeTestGate *
every_echo_gate (ConvokeTestEvery *every,
                 ConvokeTestGate  *gate)
{
  SELF (every);

  return gate != NULL ? g_object_ref (gate) : NULL;
}

/* --- callbacks --- */

typedef struct
{
  int                 ref_count;
  ConvokeTestTextFunc func;
  gpointer            user_data;
  GDestroyNotify      destroy;
  gboolean            once;
} Watcher;

void
convoke_test_watcher_free (gpointer data)
{
  Watcher *watcher = data;

  if (!g_atomic_int_dec_and_test (&watcher->ref_count))
    return;

  if (watcher->destroy != NULL)
    watcher->destroy (watcher->user_data);
  g_free (watcher);
}

static Watcher *
watcher_ref (Watcher *watcher)
{
  g_atomic_int_inc (&watcher->ref_count);

  return watcher;
}

static guint
add_watcher (ConvokeTestServer   *self,
             ConvokeTestTextFunc  func,
             gpointer             user_data,
             GDestroyNotify       destroy,
             gboolean             once)
{
  Watcher *watcher = g_new0 (Watcher, 1);
  guint n;

  watcher->ref_count = 1;
  watcher->func = func;
  watcher->user_data = user_data;
  watcher->destroy = destroy;
  watcher->once = once;

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->watchers, watcher);
  n = self->watchers->len;
  g_mutex_unlock (&self->lock);

  return n;
}

static int
every_for_each (ConvokeTestEvery   *every,
                const int          *values,
                gsize               n_values,
                ConvokeTestIntFunc  func,
                gpointer            user_data)
{
  int sum = 0;

  SELF (every);
  for (gsize i = 0; i < n_values; i++)
    sum += func (values[i], user_data);

  return sum;
}

static void
every_call_later (ConvokeTestEvery    *every,
                  ConvokeTestTextFunc  func,
                  gpointer             user_data)
{
  add_watcher (SELF (every), func, user_data, NULL, TRUE);
}

static guint
every_watch (ConvokeTestEvery    *every,
             ConvokeTestTextFunc  func,
             gpointer             user_data,
             GDestroyNotify       destroy)
{
  return add_watcher (SELF (every), func, user_data, destroy, FALSE);
}

static GPtrArray *
steal_watchers (ConvokeTestServer *self)
{
  GPtrArray *watchers;

  g_mutex_lock (&self->lock);
  watchers = self->watchers;
  self->watchers = g_ptr_array_new_with_free_func (convoke_test_watcher_free);
  g_mutex_unlock (&self->lock);

  return watchers;
}

static void
every_unwatch (ConvokeTestEvery *every)
{
  g_ptr_array_unref (steal_watchers (SELF (every)));
}

static void
every_tell (ConvokeTestEvery *every,
            const char       *text)
{
  ConvokeTestServer *self = SELF (every);
  g_autoptr (GPtrArray) watchers = steal_watchers (self);

  /* Those that stay are back before any is called, as it may watch. */
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < watchers->len; i++)
    if (!((Watcher *) g_ptr_array_index (watchers, i))->once)
      g_ptr_array_add (self->watchers, watcher_ref (g_ptr_array_index (watchers, i)));
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < watchers->len; i++)
    {
      Watcher *watcher = g_ptr_array_index (watchers, i);

      watcher->func (text, watcher->user_data);
    }
}

/* --- asynchronous, cancellable --- */

static void
load_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  if (!convoke_test_server_pass_gate (source_object))
    g_task_return_new_error (task, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "Nobody opened the gate");
  else if (strcmp (task_data, "missing") == 0)
    g_task_return_new_error (task, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM,
                             "No such item: %s", (char *) task_data);
  else
    g_task_return_pointer (task, g_strconcat ("loaded ", task_data, NULL), g_free);
}

static void
every_load_async (ConvokeTestEvery    *every,
                  const char          *name,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (SELF (every), cancellable, callback, user_data);

  g_task_set_source_tag (task, every_load_async);
  g_task_set_task_data (task, g_strdup (name), g_free);
  g_task_run_in_thread (task, load_in_thread);
}

static char *
every_load_finish (ConvokeTestEvery  *every,
                   GAsyncResult      *result,
                   gsize             *length,
                   GError           **error)
{
  char *loaded;

  g_return_val_if_fail (g_task_is_valid (result, every), NULL);

  loaded = g_task_propagate_pointer (G_TASK (result), error);
  if (loaded != NULL && length != NULL)
    *length = strlen (loaded);

  return loaded;
}

static void
open_gate_cb (GCancellable    *cancellable,
              ConvokeTestGate *gate)
{
  convoke_test_gate_open (gate);
}

static gboolean
every_wait_cancelled (ConvokeTestEvery  *every,
                      GCancellable      *cancellable,
                      GError           **error)
{
  ConvokeTestServer *self = SELF (every);
  g_autoptr (ConvokeTestGate) gate = NULL;
  gulong id = 0;

  g_mutex_lock (&self->lock);
  g_set_object (&gate, self->gate);
  g_mutex_unlock (&self->lock);
  if (gate == NULL)
    gate = convoke_test_gate_new ();

  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (open_gate_cb), g_object_ref (gate), g_object_unref);
  if (!convoke_test_gate_pass (gate))
    g_set_error_literal (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "Nobody cancelled");
  else if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error_literal (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "The gate was opened, nobody cancelled");
  g_cancellable_disconnect (cancellable, id);

  return FALSE;
}

/* --- structures, values --- */

static void
every_move_point (ConvokeTestEvery       *every,
                  const ConvokeTestPoint *point,
                  double                  by,
                  ConvokeTestPoint       *moved)
{
  SELF (every);
  *moved = *point;
  moved->x += by;
}

static double
every_sum_points (ConvokeTestEvery       *every,
                  const ConvokeTestPoint *points,
                  guint                   n_points)
{
  double sum = 0;

  SELF (every);
  for (guint i = 0; i < n_points; i++)
    sum += points[i].x;

  return sum;
}

static ConvokeTestColor *
every_mix (ConvokeTestEvery       *every,
           const ConvokeTestColor *color)
{
  guint rgb;

  SELF (every);
  if (color == NULL)
    return NULL;

  rgb = ~convoke_test_color_get_rgb (color);
  return convoke_test_color_new (rgb >> 16, rgb >> 8, rgb, convoke_test_color_get_name (color));
}

static const ConvokeTestColor *
every_peek_color (ConvokeTestEvery *every)
{
  static ConvokeTestColor *color;
  static gsize made;

  SELF (every);
  if (g_once_init_enter (&made))
    {
      color = convoke_test_color_new (0x10, 0x20, 0x30, "slate");
      g_once_init_leave (&made, 1);
    }

  return color;
}

static void
every_echo_value (ConvokeTestEvery *every,
                  const GValue     *value,
                  GValue           *result)
{
  SELF (every);
  g_value_init (result, G_VALUE_TYPE (value));
  g_value_copy (value, result);
}

static GError *
every_echo_error (ConvokeTestEvery *every,
                  const GError     *value)
{
  SELF (every);

  return value != NULL ? g_error_copy (value) : NULL;
}

static char *
every_get_secret (ConvokeTestEvery *every,
                  const char       *password)
{
  SELF (every);

  return g_strreverse (g_strdup (password));
}

static int
every_count_slowly (ConvokeTestEvery *every,
                    int               n)
{
  convoke_test_server_pass_gate (SELF (every));

  return n;
}

void
convoke_test_server_every_init (ConvokeTestEveryInterface *iface)
{
  iface->echo_int8 = every_echo_int8;
  iface->echo_uint8 = every_echo_uint8;
  iface->echo_int16 = every_echo_int16;
  iface->echo_uint16 = every_echo_uint16;
  iface->echo_int32 = every_echo_int32;
  iface->echo_uint32 = every_echo_uint32;
  iface->echo_int64 = every_echo_int64;
  iface->echo_uint64 = every_echo_uint64;
  iface->echo_float = every_echo_float;
  iface->echo_double = every_echo_double;
  iface->echo_boolean = every_echo_boolean;
  iface->echo_unichar = every_echo_unichar;
  iface->echo_gtype = every_echo_gtype;
  iface->echo_mood = every_echo_mood;
  iface->echo_sides = every_echo_sides;
  iface->echo_string = every_echo_string;
  iface->get_label = every_get_label;
  iface->set_label = every_set_label;
  iface->take_string = every_take_string;
  iface->echo_filename = every_echo_filename;
  iface->echo_variant = every_echo_variant;
  iface->take_variant = every_take_variant;
  iface->echo_bytes = every_echo_bytes;
  iface->echo_byte_array = every_echo_byte_array;
  iface->sum_bytes = every_sum_bytes;
  iface->sum_ints = every_sum_ints;
  iface->sum_shifted = every_sum_shifted;
  iface->make_ints = every_make_ints;
  iface->reverse_doubles = every_reverse_doubles;
  iface->sum_triple = every_sum_triple;
  iface->make_triple = every_make_triple;
  iface->sum_terminated = every_sum_terminated;
  iface->fill_buffer = every_fill_buffer;
  iface->join = every_join;
  iface->split = every_split;
  iface->split_out = every_split_out;
  iface->get_names = every_get_names;
  iface->join_counted = every_join_counted;
  iface->reverse_list = every_reverse_list;
  iface->reverse_slist = every_reverse_slist;
  iface->take_list = every_take_list;
  iface->take_container = every_take_container;
  iface->list_names = every_list_names;
  iface->peek_names = every_peek_names;
  iface->reverse_ptr_array = every_reverse_ptr_array;
  iface->reverse_array = every_reverse_array;
  iface->swap_table = every_swap_table;
  iface->echo_options = every_echo_options;
  iface->increment = every_increment;
  iface->append = every_append;
  iface->divide = every_divide;
  iface->fail = every_fail;
  iface->describe_out = every_describe_out;
  iface->peek_label = every_peek_label;
  iface->nothing = every_nothing;
  iface->echo_feed = every_echo_feed;
  iface->get_feed = every_get_feed;
  iface->take_feed = every_take_feed;
  iface->feed_out = every_feed_out;
  iface->ask_feed = every_ask_feed;
  iface->list_feeds = every_list_feeds;
  iface->ask_feeds = every_ask_feeds;
  iface->get_self = every_get_self;
  iface->is_self = every_is_self;
  iface->echo_file = every_echo_file;
  iface->echo_object = every_echo_object;
  iface->echo_gate = every_echo_gate;
  iface->for_each = every_for_each;
  iface->call_later = every_call_later;
  iface->watch = every_watch;
  iface->unwatch = every_unwatch;
  iface->tell = every_tell;
  iface->load_async = every_load_async;
  iface->load_finish = every_load_finish;
  iface->wait_cancelled = every_wait_cancelled;
  iface->move_point = every_move_point;
  iface->sum_points = every_sum_points;
  iface->mix = every_mix;
  iface->peek_color = every_peek_color;
  iface->echo_value = every_echo_value;
  iface->echo_error = every_echo_error;
  iface->get_secret = every_get_secret;
  iface->count_slowly = every_count_slowly;
}
