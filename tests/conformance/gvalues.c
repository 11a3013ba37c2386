/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>

#include <convoke-test.h>
#include <gio/gio.h>

#include "convoke-test-kinds-private.h"
#include "gvalues.h"

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

/* --- references --- */

static gboolean
is_reference (const char *kind)
{
  return strstr (kind, "feed") != NULL || strcmp (kind, "object") == 0;
}

static GValueArray *
make_many (ConvokeTestKinds *called,
           GVariant         *tells)
{
  GPtrArray *feeds = convoke_test_make_feed_array (called, FALSE, tells, NULL);
  GValueArray *values = g_value_array_new (0);

  for (guint i = 0; i < feeds->len; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_value_init (&value, CONVOKE_TEST_TYPE_PRICE_FEED);
      g_value_set_object (&value, g_ptr_array_index (feeds, i));
      g_value_array_append (values, &value);
    }
  g_ptr_array_unref (feeds);

  return values;
}

static void
make_reference (ConvokeTestKinds *called,
                const char       *kind,
                GVariant         *tells,
                GValue           *value)
{
  g_autoptr (GVariant) inner = g_variant_get_maybe (tells);

  if (g_variant_is_of_type (tells, G_VARIANT_TYPE ("ms")))
    {
      g_value_init (value, strcmp (kind, "object") == 0 ? G_TYPE_OBJECT : CONVOKE_TEST_TYPE_PRICE_FEED);
      g_value_take_object (value, convoke_test_make_feed (called, FALSE, tells, NULL));
      return;
    }

  g_value_init (value, g_value_array_get_type ());
  if (inner != NULL)
    g_value_take_boxed (value, make_many (called, tells));
}

static GVariant *
tell_many (ConvokeTestKinds *called,
           GValueArray      *values)
{
  g_autoptr (GPtrArray) feeds = g_ptr_array_new ();

  for (guint i = 0; values != NULL && i < values->n_values; i++)
    g_ptr_array_add (feeds, g_value_get_object (&values->values[i]));

  return convoke_test_tell_feed_array (called, FALSE, values != NULL ? feeds : NULL, 0);
}

static GVariant *
tell_reference (ConvokeTestKinds *called,
                const GValue     *value)
{
  if (G_VALUE_HOLDS (value, g_value_array_get_type ()))
    return tell_many (called, g_value_get_boxed (value));

  return convoke_test_tell_object (called, FALSE, g_value_get_object (value), 0);
}

/* --- to values --- */

/* The type of the GValue for a pointer's kind; everything else is given as a variant. */
static GType
find_type (const char *kind,
           const char *inner)
{
  if (strcmp (kind, "utf8") == 0 || strcmp (kind, "filename") == 0)
    return G_TYPE_STRING;
  if (strcmp (kind, "point") == 0 || strcmp (inner, "ay") == 0)
    return G_TYPE_BYTES;
  if (strcmp (kind, "error") == 0)
    return G_TYPE_ERROR;
  if (strcmp (kind, "strv") == 0)
    return G_TYPE_STRV;
  if (strcmp (kind, "value") == 0)
    return G_TYPE_VALUE;
  if (strcmp (kind, "gate") == 0)
    return CONVOKE_TEST_TYPE_GATE;

  return G_TYPE_VARIANT;
}

static void
set_point (GValue   *value,
           GVariant *inner)
{
  ConvokeTestPoint point = { 0 };

  g_variant_get (inner, "(diy)", &point.x, &point.y, &point.tag);
  g_value_take_boxed (value, g_bytes_new (&point, sizeof point));
}

static void
set_error (GValue   *value,
           GVariant *inner)
{
  const char *domain, *message;
  int code;

  g_variant_get (inner, "(&si&s)", &domain, &code, &message);
  g_value_take_boxed (value, g_error_new_literal (g_quark_from_string (domain), code, message));
}

static void
set_value (GValue   *value,
           GVariant *inner)
{
  g_autoptr (GVariant) unwrapped = g_variant_get_variant (inner);

  g_value_unset (value);
  g_dbus_gvariant_to_gvalue (unwrapped, value);
}

static void
set_pointer (const char *kind,
             GValue     *value,
             GVariant   *inner)
{
  if (strcmp (kind, "utf8") == 0)
    g_value_set_string (value, g_variant_get_string (inner, NULL));
  else if (strcmp (kind, "filename") == 0)
    g_value_set_string (value, g_variant_get_bytestring (inner));
  else if (strcmp (kind, "point") == 0)
    set_point (value, inner);
  else if (strcmp (kind, "error") == 0)
    set_error (value, inner);
  else if (strcmp (kind, "value") == 0)
    set_value (value, inner);
  else if (strcmp (kind, "gate") == 0)
    g_value_take_object (value, convoke_test_gate_new ());
  else if (strcmp (kind, "strv") == 0)
    g_value_take_boxed (value, g_variant_dup_strv (inner, NULL));
  else if (G_VALUE_HOLDS (value, G_TYPE_BYTES))
    g_value_take_boxed (value, g_variant_get_data_as_bytes (inner));
  else if (strcmp (kind, "variant") == 0)
    g_value_take_variant (value, g_variant_get_variant (inner));
  else
    g_value_set_variant (value, inner);
}

void
conformance_make (ConvokeTestKinds *called,
                  const char       *kind,
                  GVariant         *tells,
                  gboolean          whole,
                  GValue           *value)
{
  g_autoptr (GVariant) inner = NULL;

  if (whole)
    {
      g_value_init (value, G_TYPE_VARIANT);
      g_value_set_variant (value, tells);
      return;
    }

  if (strcmp (kind, "color") == 0)
    {
      g_value_init (value, CONVOKE_TEST_TYPE_COLOR);
      g_value_take_boxed (value, convoke_test_make_color (tells, NULL));
      return;
    }

  if (is_reference (kind))
    {
      make_reference (called, kind, tells, value);
      return;
    }

  if (strcmp (kind, "gtype") == 0)
    {
      g_value_init (value, G_TYPE_GTYPE);
      g_value_set_gtype (value, g_type_from_name (g_variant_get_string (tells, NULL)));
      return;
    }

  if (!g_variant_is_of_type (tells, G_VARIANT_TYPE_MAYBE))
    {
      g_dbus_gvariant_to_gvalue (tells, value);
      return;
    }

  g_value_init (value, find_type (kind, g_variant_get_type_string (tells) + 1));
  inner = g_variant_get_maybe (tells);
  if (inner != NULL)
    set_pointer (kind, value, inner);
}

/* --- from values --- */

static GVariant *
tell_number (char          type,
             const GValue *value)
{
  g_auto (GValue) number = G_VALUE_INIT;

  g_value_init (&number, type == 'd' ? G_TYPE_DOUBLE : type == 't' ? G_TYPE_UINT64 : G_TYPE_INT64);
  if (!g_value_transform (value, &number))
    return NULL;

  switch (type)
    {
    case 'b':
      return g_variant_new_boolean (g_value_get_int64 (&number));
    case 'y':
      return g_variant_new_byte (g_value_get_int64 (&number));
    case 'n':
      return g_variant_new_int16 (g_value_get_int64 (&number));
    case 'q':
      return g_variant_new_uint16 (g_value_get_int64 (&number));
    case 'i':
      return g_variant_new_int32 (g_value_get_int64 (&number));
    case 'u':
      return g_variant_new_uint32 (g_value_get_int64 (&number));
    case 'x':
      return g_variant_new_int64 (g_value_get_int64 (&number));
    case 't':
      return g_variant_new_uint64 (g_value_get_uint64 (&number));
    default:
      return g_variant_new_double (g_value_get_double (&number));
    }
}

static GVariant *
tell_scalar (const char   *kind,
             char          type,
             const GValue *value)
{
  if (G_VALUE_HOLDS_GTYPE (value))
    return g_variant_new_string (g_type_name (g_value_get_gtype (value)));

  return tell_number (type, value);
}

static GVariant *
tell_bytes (const char *kind,
            GBytes     *bytes)
{
  const ConvokeTestPoint *point;
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  if (strcmp (kind, "point") != 0)
    return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);

  g_assert_cmpuint (size, ==, sizeof *point);
  point = data;
  return g_variant_new ("(diy)", point->x, point->y, point->tag);
}

static GVariant *
tell_error (const GError *error)
{
  return g_variant_new ("(sis)", g_quark_to_string (error->domain), error->code, error->message);
}

static GVariant *
tell_values (const char  *type,
             GValueArray *array)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (type));
  for (guint i = 0; i < array->n_values; i++)
    g_variant_builder_add_value (&builder, tell_scalar ("", type[1], &array->values[i]));

  return g_variant_builder_end (&builder);
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  g_autoptr (GVariant) key_a = g_variant_get_child_value (*(GVariant **) a, 0);
  g_autoptr (GVariant) key_b = g_variant_get_child_value (*(GVariant **) b, 0);

  return g_variant_compare (key_a, key_b);
}

/* In the order of their keys. */
static GVariant *
sort (GVariant *table)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (gsize i = 0; i < g_variant_n_children (table); i++)
    g_ptr_array_add (entries, g_variant_get_child_value (table, i));
  g_ptr_array_sort (entries, compare_keys);

  return g_variant_new_array (g_variant_type_element (g_variant_get_type (table)), (GVariant **) entries->pdata, entries->len);
}

static GVariant *
tell_variant (const char *kind,
              GVariant   *variant)
{
  if (strcmp (kind, "variant") == 0)
    return g_variant_new_variant (variant);
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_DICTIONARY))
    return sort (variant);

  /* Nobody's but the value's: the maybe takes a reference. */
  return variant;
}

static GVariant *
tell_table (GHashTable *table)
{
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer key, value;
  g_autoptr (GVariant) unsorted = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_variant_builder_add (&builder, "{sv}", key, value);
  unsorted = g_variant_ref_sink (g_variant_builder_end (&builder));

  return sort (unsorted);
}

static GVariant *
tell_boxed (const char   *kind,
            const char   *inner,
            const GValue *value)
{
  gpointer boxed = g_value_get_boxed (value);
  GByteArray *array = boxed;

  if (G_VALUE_HOLDS (value, G_TYPE_STRV))
    return g_variant_new_strv (boxed, -1);
  if (G_VALUE_HOLDS (value, G_TYPE_BYTES))
    return tell_bytes (kind, boxed);
  if (G_VALUE_HOLDS (value, G_TYPE_BYTE_ARRAY))
    return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, array->data, array->len, 1);
  if (G_VALUE_HOLDS (value, G_TYPE_ERROR))
    return tell_error (boxed);
  if (G_VALUE_HOLDS (value, g_value_array_get_type ()))
    return tell_values (inner, boxed);
  if (G_VALUE_HOLDS (value, G_TYPE_HASH_TABLE))
    return tell_table (boxed);

  return NULL;
}

/* There is no list that is empty and not NULL. */
static gboolean
is_list (const char *kind)
{
  return strcmp (kind, "list") == 0 || strcmp (kind, "slist") == 0 || strcmp (kind, "list_int") == 0;
}

static GVariant *
tell_nothing (const char *kind,
              const char *inner)
{
  if (is_list (kind))
    return g_variant_new_maybe (NULL, g_variant_new_array (G_VARIANT_TYPE (inner + 1), NULL, 0));

  return g_variant_new_maybe (G_VARIANT_TYPE (inner), NULL);
}

static GVariant *
tell_pointer (const char   *kind,
              const char   *inner,
              const GValue *value)
{
  if (strcmp (kind, "value") == 0 && G_VALUE_HOLDS (value, G_TYPE_VALUE))
    return NULL;
  if (G_VALUE_HOLDS_STRING (value) && *inner == 's')
    return g_variant_new_string (g_value_get_string (value));
  if (G_VALUE_HOLDS_STRING (value))
    return g_variant_new_bytestring (g_value_get_string (value));
  if (G_VALUE_HOLDS_VARIANT (value))
    return tell_variant (kind, g_value_get_variant (value));

  return tell_boxed (kind, inner, value);
}

static GVariant *
tell_any (const GValue *value)
{
  const GVariantType *type = G_VALUE_HOLDS_STRING (value) ? G_VARIANT_TYPE_STRING :
                             G_VALUE_HOLDS_BOOLEAN (value) ? G_VARIANT_TYPE_BOOLEAN :
                             G_VALUE_HOLDS_INT64 (value) ? G_VARIANT_TYPE_INT64 :
                             G_VALUE_HOLDS_DOUBLE (value) ? G_VARIANT_TYPE_DOUBLE : G_VARIANT_TYPE_INT32;
  g_autoptr (GVariant) inner = g_dbus_gvalue_to_gvariant (value, type);

  return g_variant_new_maybe (NULL, g_variant_new_variant (inner));
}

GVariant *
conformance_tell (ConvokeTestKinds *called,
                  const char       *kind,
                  const char       *type,
                  const GValue     *value)
{
  GVariant *told;

  if (kind == NULL)
    return g_value_dup_variant (value);
  if (is_reference (kind))
    return tell_reference (called, value);
  if (strcmp (kind, "color") == 0)
    return convoke_test_tell_color (g_value_get_boxed (value), 0);
  if (strcmp (kind, "gate") == 0)
    return convoke_test_tell_gate (g_value_get_object (value), 0);
  if (*type != 'm')
    told = tell_scalar (kind, *type, value);
  else if (strcmp (kind, "value") == 0)
    told = tell_any (value);
  else if (g_value_fits_pointer (value) && g_value_peek_pointer (value) == NULL)
    told = tell_nothing (kind, type + 1);
  else
    told = tell_pointer (kind, type + 1, value);

  if (told == NULL)
    return NULL;
  if (*type == 'm' && !g_variant_is_of_type (told, G_VARIANT_TYPE_MAYBE))
    told = g_variant_new_maybe (NULL, told);
  else if (*type == 'm' && g_variant_is_of_type (told, G_VARIANT_TYPE (type)) == FALSE)
    told = g_variant_new_maybe (NULL, told);

  return g_variant_take_ref (told);
}
