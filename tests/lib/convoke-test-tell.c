/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <stdlib.h>
#include <string.h>
#include <gio/gio.h>

#include "convoke-test-kinds-private.h"

/* --- texts --- */

/* So many characters, bytes or numbers, no two neighbours alike. */
static GVariant *
parse_big (const char *type,
           gsize       size)
{
  guint8 *bytes = g_malloc (size + 1);

  for (gsize i = 0; i < size; i++)
    bytes[i] = 'a' + i % 23;
  bytes[size] = 0;

  if (*type == 's')
    return g_variant_new_take_string ((char *) bytes);

  return g_variant_new_from_data (G_VARIANT_TYPE (type), bytes, size, TRUE, g_free, bytes);
}

/**
 * convoke_test_parse_value:
 * @type: the type of a variant
 * @text: its text; "!N" for a big one, "null" for a maybe without a value
 *
 * Makes the variant that tells a value.
 *
 * Returns: (transfer full): the variant
 */
GVariant *
convoke_test_parse_value (const char *type,
                          const char *text)
{
  gboolean maybe = *type == 'm';
  const char *inner = type + maybe;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = NULL;

  if (*text == '!')
    value = g_variant_ref_sink (parse_big (inner, strtoul (text + 1, NULL, 10)));
  else if (strcmp (text, "null") != 0)
    value = g_variant_parse (G_VARIANT_TYPE (inner), text, NULL, NULL, &error);
  if (error != NULL)
    g_error ("%s", error->message);

  return maybe ? g_variant_ref_sink (g_variant_new_maybe (G_VARIANT_TYPE (inner), value)) : g_steal_pointer (&value);
}

/* --- scalars --- */

#define SCALAR(name, Type, basic) \
  Type \
  convoke_test_make_ ## name (GVariant *tells, gsize *n) \
  { \
    return (Type) g_variant_get_ ## basic (tells); \
  } \
\
  GVariant * \
  convoke_test_tell_ ## name (Type value, gsize n) \
  { \
    return g_variant_ref_sink (g_variant_new_ ## basic (value)); \
  }

SCALAR (boolean, gboolean, boolean)
SCALAR (int8, gint8, int16)
SCALAR (uint8, guint8, byte)
SCALAR (int16, gint16, int16)
SCALAR (uint16, guint16, uint16)
SCALAR (int32, gint32, int32)
SCALAR (uint32, guint32, uint32)
SCALAR (int64, gint64, int64)
SCALAR (uint64, guint64, uint64)
SCALAR (unichar, gunichar, uint32)
SCALAR (float, float, double)
SCALAR (double, double, double)
SCALAR (mood, ConvokeTestMood, int32)
SCALAR (sides, ConvokeTestSides, uint32)

GType
convoke_test_make_gtype (GVariant *tells, gsize *n)
{
  g_type_ensure (CONVOKE_TEST_TYPE_MOOD);

  return g_type_from_name (g_variant_get_string (tells, NULL));
}

GVariant *
convoke_test_tell_gtype (GType value, gsize n)
{
  const char *name = g_type_name (value);

  return g_variant_ref_sink (g_variant_new_string (name != NULL ? name : ""));
}

/* --- pointers --- */

/* Made from what the maybe holds, as `inner`. */
#define MAKE(name, Type, expression) \
  Type \
  convoke_test_make_ ## name (GVariant *tells, gsize *n) \
  { \
    g_autoptr (GVariant) inner = g_variant_get_maybe (tells); \
\
    return inner != NULL ? (expression) : NULL; \
  }

#define TELL(name, Type, type, expression) \
  GVariant * \
  convoke_test_tell_ ## name (Type value, gsize n) \
  { \
    return g_variant_ref_sink (g_variant_new_maybe (G_VARIANT_TYPE (type), value != NULL ? (expression) : NULL)); \
  }

#define FREE(name, Type, func) \
  void \
  convoke_test_free_ ## name (Type value, gsize n) \
  { \
    if (value != NULL) \
      func (value); \
  }

#define POINTER(name, Type, type, make, tell, func) \
  MAKE (name, Type, make) \
  TELL (name, Type, type, tell) \
  FREE (name, Type, func)

static GVariant *
tell_bytes (gconstpointer data, gsize size)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1);
}

static GBytes *
make_bytes (GVariant *inner)
{
  gsize size;
  gconstpointer data = g_variant_get_fixed_array (inner, &size, 1);

  return g_bytes_new (data, size);
}

static GVariant *
tell_gbytes (GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return tell_bytes (data, size);
}

static GError *
make_error (GVariant *inner)
{
  const char *domain, *message;
  int code;

  g_variant_get (inner, "(&si&s)", &domain, &code, &message);

  return g_error_new_literal (g_quark_from_string (domain), code, message);
}

static GVariant *
tell_error (const GError *error)
{
  return g_variant_new ("(sis)", g_quark_to_string (error->domain), error->code, error->message);
}

POINTER (utf8, char *, "s", g_variant_dup_string (inner, NULL), g_variant_new_string (value), g_free)
POINTER (filename, char *, "ay", g_variant_dup_bytestring (inner, NULL), g_variant_new_bytestring (value), g_free)
POINTER (variant, GVariant *, "v", g_variant_get_variant (inner), g_variant_new_variant (value), g_variant_unref)
POINTER (bytes, GBytes *, "ay", make_bytes (inner), tell_gbytes (value), g_bytes_unref)
POINTER (byte_array, GByteArray *, "ay", g_bytes_unref_to_array (make_bytes (inner)), tell_bytes (value->data, value->len),
         g_byte_array_unref)
POINTER (error, GError *, "(sis)", make_error (inner), tell_error (value), g_error_free)

static ConvokeTestColor *
make_color (GVariant *inner)
{
  guint8 red, green, blue;
  const char *name;

  g_variant_get (inner, "(yyy&s)", &red, &green, &blue, &name);

  return convoke_test_color_new (red, green, blue, name);
}

static GVariant *
tell_color (const ConvokeTestColor *color)
{
  guint rgb = convoke_test_color_get_rgb (color);

  return g_variant_new ("(yyys)", (guint8) (rgb >> 16), (guint8) (rgb >> 8), (guint8) rgb, convoke_test_color_get_name (color));
}

POINTER (color, ConvokeTestColor *, "(yyys)", make_color (inner), tell_color (value), convoke_test_color_free)
POINTER (gate, ConvokeTestGate *, "u", convoke_test_gate_new (), g_variant_new_uint32 (convoke_test_gate_get_held (value)),
         g_object_unref)

/* --- arrays of numbers --- */

/* Whose elements lie in the variant as they do in C; one zero more. */
static gpointer
make_numbers (GVariant *inner, gsize size, gsize *n)
{
  gconstpointer data = g_variant_get_fixed_array (inner, n, size);
  guint8 *numbers = g_malloc0_n (*n + 1, size);

  if (*n > 0)
    memcpy (numbers, data, *n * size);

  return numbers;
}

static gsize
count_ended (const gint32 *numbers)
{
  gsize n = 0;

  while (numbers[n] != 0)
    n++;

  return n;
}

#define NUMBERS(name, Type, type, count) \
  POINTER (name, Type *, "a" type, make_numbers (inner, sizeof (Type), n), \
           g_variant_new_fixed_array (G_VARIANT_TYPE (type), value, count, sizeof (Type)), g_free)

NUMBERS (data, guint8, "y", n)
NUMBERS (data_before, guint8, "y", n)
NUMBERS (ints, gint32, "i", n)
NUMBERS (ints_before, gint32, "i", n)
NUMBERS (ints_ended, gint32, "i", count_ended (value))
NUMBERS (int16s, gint16, "n", n)
NUMBERS (int64s, gint64, "x", n)
NUMBERS (doubles, double, "d", n)
NUMBERS (moods, ConvokeTestMood, "i", n)
NUMBERS (three_ints, gint32, "i", 3)

static gboolean *
make_booleans (GVariant *inner, gsize *n)
{
  gboolean *booleans;

  *n = g_variant_n_children (inner);
  booleans = g_new0 (gboolean, *n + 1);
  for (gsize i = 0; i < *n; i++)
    g_variant_get_child (inner, i, "b", &booleans[i]);

  return booleans;
}

static GVariant *
tell_booleans (const gboolean *booleans, gsize n)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("ab"));
  for (gsize i = 0; i < n; i++)
    g_variant_builder_add (&builder, "b", booleans[i]);

  return g_variant_builder_end (&builder);
}

POINTER (booleans, gboolean *, "ab", make_booleans (inner, n), tell_booleans (value, n), g_free)

static GArray *
make_garray (GVariant *inner, gsize size)
{
  gsize n;
  gconstpointer data = g_variant_get_fixed_array (inner, &n, size);
  GArray *array = g_array_new (FALSE, FALSE, size);

  return n > 0 ? g_array_append_vals (array, data, n) : array;
}

#define GARRAY(name, type, size) \
  POINTER (name, GArray *, "a" type, make_garray (inner, size), \
           g_variant_new_fixed_array (G_VARIANT_TYPE (type), value->data, value->len, size), g_array_unref)

GARRAY (garray_int, "i", 4)
GARRAY (garray_double, "d", 8)

/* --- containers of strings --- */

static void
no_element (gpointer element)
{
}

static GPtrArray *
new_elements (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

static char **
make_strings (GVariant *inner, gsize *n)
{
  char **strings = g_variant_dup_strv (inner, n);

  return strings;
}

static void
free_strings (char **strings, gsize n)
{
  for (gsize i = 0; strings != NULL && i < n; i++)
    g_free (strings[i]);
  g_free (strings);
}

static GPtrArray *
disown_strings (char **strings, gsize n)
{
  GPtrArray *elements = new_elements ();

  for (gsize i = 0; strings != NULL && i < n; i++)
    g_ptr_array_add (elements, strings[i]);

  return elements;
}

#define COUNT(strings) ((strings) != NULL ? g_strv_length (strings) : 0)

#define STRINGS(name, count) \
  MAKE (name, char **, make_strings (inner, n)) \
  TELL (name, char **, "as", g_variant_new_strv ((const char * const *) value, count)) \
\
  void \
  convoke_test_free_ ## name (char **value, gsize n) \
  { \
    free_strings (value, count); \
  } \
\
  GPtrArray * \
  convoke_test_disown_ ## name (char ***place, gsize n) \
  { \
    char **value = *place; \
\
    return disown_strings (value, count); \
  } \
\
  void \
  convoke_test_free_container_ ## name (char **value) \
  { \
    g_free (value); \
  }

STRINGS (strv, COUNT (value))
STRINGS (strings, n)
STRINGS (strings_before, n)
STRINGS (three_strings, 3)

/* A list that is empty is NULL: there is no list that is not. */
#define LIST(name, List, prefix, type, to, from, func) \
  List * \
  convoke_test_make_ ## name (GVariant *tells, gsize *n) \
  { \
    g_autoptr (GVariant) inner = g_variant_get_maybe (tells); \
    List *list = NULL; \
\
    for (gsize i = g_variant_n_children (inner); i > 0; i--) \
      { \
        g_autoptr (GVariant) child = g_variant_get_child_value (inner, i - 1); \
\
        list = prefix ## _prepend (list, to (child)); \
      } \
\
    return list; \
  } \
\
  GVariant * \
  convoke_test_tell_ ## name (List *value, gsize n) \
  { \
    GVariantBuilder builder; \
\
    g_variant_builder_init (&builder, G_VARIANT_TYPE ("a" type)); \
    for (List *l = value; l != NULL; l = l->next) \
      g_variant_builder_add (&builder, type, from (l->data)); \
\
    return g_variant_ref_sink (g_variant_new_maybe (NULL, g_variant_builder_end (&builder))); \
  } \
\
  void \
  convoke_test_free_ ## name (List *value, gsize n) \
  { \
    prefix ## _free_full (value, func); \
  } \
\
  GPtrArray * \
  convoke_test_disown_ ## name (List **place, gsize n) \
  { \
    GPtrArray *elements = g_ptr_array_new_with_free_func (func); \
\
    for (List *l = *place; l != NULL; l = l->next) \
      g_ptr_array_add (elements, l->data); \
\
    return elements; \
  } \
\
  void \
  convoke_test_free_container_ ## name (List *value) \
  { \
    prefix ## _free (value); \
  }

#define STRING_OF(child) g_variant_dup_string (child, NULL)
#define INT_OF(child) GINT_TO_POINTER (g_variant_get_int32 (child))
#define AS_STRING(data) ((const char *) (data))

LIST (list, GList, g_list, "s", STRING_OF, AS_STRING, g_free)
LIST (slist, GSList, g_slist, "s", STRING_OF, AS_STRING, g_free)
LIST (list_int, GList, g_list, "i", INT_OF, GPOINTER_TO_INT, no_element)

static GPtrArray *
make_ptr_array (GVariant *inner)
{
  GPtrArray *array = new_elements ();

  for (gsize i = 0; i < g_variant_n_children (inner); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (inner, i);

      g_ptr_array_add (array, g_variant_dup_string (child, NULL));
    }

  return array;
}

static GVariant *
tell_ptr_array (GPtrArray *array)
{
  return g_variant_new_strv ((const char * const *) array->pdata, array->len);
}

POINTER (ptr_array, GPtrArray *, "as", make_ptr_array (inner), tell_ptr_array (value), g_ptr_array_unref)

GPtrArray *
convoke_test_disown_ptr_array (GPtrArray **value, gsize n)
{
  GPtrArray *elements = new_elements ();

  for (guint i = 0; *value != NULL && i < (*value)->len; i++)
    g_ptr_array_add (elements, g_ptr_array_index (*value, i));
  if (*value != NULL)
    g_ptr_array_set_free_func (*value, NULL);

  return elements;
}

void
convoke_test_free_container_ptr_array (GPtrArray *value)
{
  if (value != NULL)
    g_ptr_array_unref (value);
}

/* --- tables --- */

static GHashTable *
make_table (GVariant *inner, const char *entry, GDestroyNotify free_value)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_value);

  for (gsize i = 0; i < g_variant_n_children (inner); i++)
    {
      char *key;
      /* As wide as the widest. */
      gpointer value = NULL;
      gint32 number = 0;

      if (strcmp (entry, "{si}") == 0)
        g_variant_get_child (inner, i, entry, &key, &number);
      else
        g_variant_get_child (inner, i, entry, &key, &value);
      g_hash_table_insert (table, key, value != NULL ? value : GINT_TO_POINTER (number));
    }

  return table;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static GVariant *
tell_table (GHashTable *table, const char *entry)
{
  g_autofree char *type = g_strconcat ("a", entry, NULL);
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (table), compare_texts);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (type));
  for (GList *l = keys; l != NULL; l = l->next)
    {
      gpointer value = g_hash_table_lookup (table, l->data);

      if (strcmp (entry, "{si}") == 0)
        g_variant_builder_add (&builder, entry, l->data, GPOINTER_TO_INT (value));
      else
        g_variant_builder_add (&builder, entry, l->data, value);
    }

  return g_variant_builder_end (&builder);
}

static GHashTable *
disown_table (GHashTable *table, GPtrArray *keys, GPtrArray *values)
{
  GHashTable *disowned = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_hash_table_insert (disowned, key, value);
      g_ptr_array_add (keys, key);
      g_ptr_array_add (values, value);
      g_hash_table_iter_steal (&iter);
    }
  g_hash_table_unref (table);

  return disowned;
}

#define TABLE(name, entry, free_value) \
  POINTER (name, GHashTable *, "a" entry, make_table (inner, entry, (GDestroyNotify) free_value), \
           tell_table (value, entry), g_hash_table_unref) \
\
  GPtrArray * \
  convoke_test_disown_ ## name (GHashTable **value, gsize n) \
  { \
    GPtrArray *both = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref); \
    GPtrArray *keys = new_elements (); \
    GPtrArray *values = g_ptr_array_new_with_free_func ((GDestroyNotify) free_value); \
\
    g_ptr_array_add (both, keys); \
    g_ptr_array_add (both, values); \
    if (*value != NULL) \
      *value = disown_table (*value, keys, values); \
\
    return both; \
  } \
\
  void \
  convoke_test_free_container_ ## name (GHashTable *value) \
  { \
    if (value != NULL) \
      g_hash_table_unref (value); \
  }

TABLE (table, "{ss}", g_free)
TABLE (table_int, "{si}", no_element)
TABLE (options, "{sv}", g_variant_unref)

/* --- references --- */

static ConvokeTestPriceFeed *
find_feed (ConvokeTestKinds *self, gboolean serving, const char *name)
{
  if (strcmp (name, "the server") == 0)
    return CONVOKE_TEST_PRICE_FEED (g_object_ref (self));
  if (strcmp (name, "the caller") != 0)
    return CONVOKE_TEST_PRICE_FEED (convoke_test_named_feed_new (name));

  return g_object_ref (serving ? convoke_test_kind_server_meet (self, NULL) : convoke_test_named_feed_get_caller ());
}

/* Who is known has to be the same as ever. */
static char *
name_feed (ConvokeTestKinds *self, gboolean serving, gpointer feed)
{
  g_autofree char *name = convoke_test_price_feed_describe (feed);
  gpointer known = feed;

  if (strcmp (name, "the server") == 0)
    known = self;
  else if (strcmp (name, "the caller") == 0)
    known = serving ? convoke_test_kind_server_meet (self, feed) : convoke_test_named_feed_get_caller ();

  return g_strconcat (feed == known ? "" : "not ", name, NULL);
}

#define REFERENCE(name, Type) \
  Type * \
  convoke_test_make_ ## name (ConvokeTestKinds *self, gboolean serving, GVariant *tells, gsize *n) \
  { \
    g_autoptr (GVariant) inner = g_variant_get_maybe (tells); \
\
    return inner != NULL ? (Type *) find_feed (self, serving, g_variant_get_string (inner, NULL)) : NULL; \
  } \
\
  GVariant * \
  convoke_test_tell_ ## name (ConvokeTestKinds *self, gboolean serving, Type *value, gsize n) \
  { \
    GVariant *inner = value != NULL ? g_variant_new_take_string (name_feed (self, serving, value)) : NULL; \
\
    return g_variant_ref_sink (g_variant_new_maybe (G_VARIANT_TYPE_STRING, inner)); \
  } \
\
  FREE (name, Type *, g_object_unref)

REFERENCE (feed, ConvokeTestPriceFeed)
REFERENCE (object, GObject)

/* All containers of feeds, as what they are made of. */
static GPtrArray *
make_feeds (ConvokeTestKinds *self, gboolean serving, GVariant *inner)
{
  GPtrArray *feeds = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; i < g_variant_n_children (inner); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (inner, i);

      g_ptr_array_add (feeds, find_feed (self, serving, g_variant_get_string (child, NULL)));
    }

  return feeds;
}

static GVariant *
tell_feeds (ConvokeTestKinds *self, gboolean serving, gpointer *feeds, gsize n)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (gsize i = 0; i < n; i++)
    g_variant_builder_add_value (&builder, g_variant_new_take_string (name_feed (self, serving, feeds[i])));

  return g_variant_ref_sink (g_variant_new_maybe (NULL, g_variant_builder_end (&builder)));
}

static GVariant *
tell_no_feeds (void)
{
  return g_variant_ref_sink (g_variant_new_maybe (G_VARIANT_TYPE_STRING_ARRAY, NULL));
}

static GPtrArray *
hold_feeds (gpointer *feeds, gsize n)
{
  GPtrArray *held = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (held, feeds[i]);

  return held;
}

ConvokeTestPriceFeed **
convoke_test_make_feeds (ConvokeTestKinds *self, gboolean serving, GVariant *tells, gsize *n)
{
  g_autoptr (GVariant) inner = g_variant_get_maybe (tells);
  GPtrArray *feeds;

  if (inner == NULL)
    return NULL;

  feeds = make_feeds (self, serving, inner);
  *n = feeds->len;
  g_ptr_array_set_free_func (feeds, NULL);
  g_ptr_array_add (feeds, NULL);
  return (ConvokeTestPriceFeed **) g_ptr_array_free (feeds, FALSE);
}

GVariant *
convoke_test_tell_feeds (ConvokeTestKinds *self, gboolean serving, ConvokeTestPriceFeed **value, gsize n)
{
  return value != NULL ? tell_feeds (self, serving, (gpointer *) value, n) : tell_no_feeds ();
}

void
convoke_test_free_feeds (ConvokeTestPriceFeed **value, gsize n)
{
  for (gsize i = 0; value != NULL && i < n; i++)
    g_object_unref (value[i]);
  g_free (value);
}

GPtrArray *
convoke_test_disown_feeds (ConvokeTestPriceFeed ***value, gsize n)
{
  return hold_feeds ((gpointer *) *value, *value != NULL ? n : 0);
}

void
convoke_test_free_container_feeds (ConvokeTestPriceFeed **value)
{
  g_free (value);
}

GPtrArray *
convoke_test_make_feed_array (ConvokeTestKinds *self, gboolean serving, GVariant *tells, gsize *n)
{
  g_autoptr (GVariant) inner = g_variant_get_maybe (tells);

  return inner != NULL ? make_feeds (self, serving, inner) : NULL;
}

GVariant *
convoke_test_tell_feed_array (ConvokeTestKinds *self, gboolean serving, GPtrArray *value, gsize n)
{
  return value != NULL ? tell_feeds (self, serving, value->pdata, value->len) : tell_no_feeds ();
}

FREE (feed_array, GPtrArray *, g_ptr_array_unref)

GPtrArray *
convoke_test_disown_feed_array (GPtrArray **value, gsize n)
{
  if (*value == NULL)
    return hold_feeds (NULL, 0);

  g_ptr_array_set_free_func (*value, NULL);
  return hold_feeds ((*value)->pdata, (*value)->len);
}

void
convoke_test_free_container_feed_array (GPtrArray *value)
{
  if (value != NULL)
    g_ptr_array_unref (value);
}

GList *
convoke_test_make_feed_list (ConvokeTestKinds *self, gboolean serving, GVariant *tells, gsize *n)
{
  g_autoptr (GVariant) inner = g_variant_get_maybe (tells);
  g_autoptr (GPtrArray) feeds = make_feeds (self, serving, inner);
  GList *list = NULL;

  for (guint i = feeds->len; i > 0; i--)
    list = g_list_prepend (list, g_object_ref (g_ptr_array_index (feeds, i - 1)));

  return list;
}

GVariant *
convoke_test_tell_feed_list (ConvokeTestKinds *self, gboolean serving, GList *value, gsize n)
{
  g_autoptr (GPtrArray) feeds = g_ptr_array_new ();

  for (GList *l = value; l != NULL; l = l->next)
    g_ptr_array_add (feeds, l->data);

  return tell_feeds (self, serving, feeds->pdata, feeds->len);
}

void
convoke_test_free_feed_list (GList *value, gsize n)
{
  g_list_free_full (value, g_object_unref);
}

GPtrArray *
convoke_test_disown_feed_list (GList **value, gsize n)
{
  GPtrArray *held = g_ptr_array_new_with_free_func (g_object_unref);

  for (GList *l = *value; l != NULL; l = l->next)
    g_ptr_array_add (held, l->data);

  return held;
}

void
convoke_test_free_container_feed_list (GList *value)
{
  g_list_free (value);
}

/* --- blocks --- */

gboolean
convoke_test_make_point (GVariant *tells, ConvokeTestPoint *room)
{
  g_autoptr (GVariant) inner = g_variant_get_maybe (tells);

  if (inner != NULL)
    g_variant_get (inner, "(diy)", &room->x, &room->y, &room->tag);

  return inner != NULL;
}

GVariant *
convoke_test_tell_point (const ConvokeTestPoint *value)
{
  GVariant *inner = value != NULL ? g_variant_new ("(diy)", value->x, value->y, value->tag) : NULL;

  return g_variant_ref_sink (g_variant_new_maybe (G_VARIANT_TYPE ("(diy)"), inner));
}

void
convoke_test_clear_point (ConvokeTestPoint *value)
{
}

gboolean
convoke_test_make_value (GVariant *tells, GValue *room)
{
  g_autoptr (GVariant) boxed = g_variant_get_maybe (tells);
  g_autoptr (GVariant) inner = boxed != NULL ? g_variant_get_variant (boxed) : NULL;

  if (inner != NULL)
    g_dbus_gvariant_to_gvalue (inner, room);

  return inner != NULL;
}

static const GVariantType *
value_type (const GValue *value)
{
  switch (G_VALUE_TYPE (value))
    {
    case G_TYPE_BOOLEAN:
      return G_VARIANT_TYPE_BOOLEAN;
    case G_TYPE_INT:
      return G_VARIANT_TYPE_INT32;
    case G_TYPE_INT64:
      return G_VARIANT_TYPE_INT64;
    case G_TYPE_DOUBLE:
      return G_VARIANT_TYPE_DOUBLE;
    default:
      return G_VARIANT_TYPE_STRING;
    }
}

GVariant *
convoke_test_tell_value (const GValue *value)
{
  g_autoptr (GVariant) inner = NULL;

  if (value != NULL && G_IS_VALUE (value))
    inner = g_dbus_gvalue_to_gvariant (value, value_type (value));

  return g_variant_ref_sink (g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, inner != NULL ? g_variant_new_variant (inner) : NULL));
}

void
convoke_test_clear_value (GValue *value)
{
  if (G_IS_VALUE (value))
    g_value_unset (value);
}
