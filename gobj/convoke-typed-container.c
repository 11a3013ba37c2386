/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>
#include <gio/gio.h>

#include "convoke-error.h"
#include "convoke-typed-kinds-private.h"
#include "convoke-utf8-private.h"

/* Deprecated in C, but the one sequence of anything that bindings know. */
#define VALUE_ARRAY (g_value_array_get_type ())
G_GNUC_BEGIN_IGNORE_DEPRECATIONS

/* --- elements --- */

static gboolean
element_from (const ConvokeTypeInfo  *element,
              gpointer                dest,
              const GValue           *value,
              GError                **error)
{
  gpointer block = NULL;

  if (!convoke_element_is_inline (element))
    return convoke_type_from_gvalue (element, FALSE, dest, NULL, value, error);

  if (!convoke_type_from_gvalue (element, FALSE, &block, NULL, value, error))
    return FALSE;

  /* Numbers only, or a GValue, which is copied and not moved. */
  convoke_element_copy (element, dest, block, NULL);
  convoke_value_clear (element, &block, -1);

  return TRUE;
}

static void
element_to (const ConvokeTypeInfo *element,
            gpointer               location,
            GValue                *value)
{
  gpointer block = location;

  convoke_type_to_gvalue (element, convoke_element_is_inline (element) ? (gpointer) &block : location, -1, value);
}

/* What a variant holds as an element, as the nearest GValue. */
static void
variant_child_to_gvalue (const ConvokeTypeInfo *element,
                         GVariant              *child,
                         GValue                *value)
{
  g_autoptr (GVariant) inner = g_variant_is_of_type (child, G_VARIANT_TYPE_VARIANT) ? g_variant_get_variant (child) : NULL;

  if (inner != NULL && element->kind != CONVOKE_TYPE_KIND_VARIANT)
    {
      variant_child_to_gvalue (element, inner, value);
      return;
    }

  if (element->kind == CONVOKE_TYPE_KIND_VARIANT || !g_variant_type_is_basic (g_variant_get_type (child)))
    {
      g_value_init (value, G_TYPE_VARIANT);
      g_value_set_variant (value, inner != NULL ? inner : child);
      return;
    }

  g_dbus_gvariant_to_gvalue (child, value);
}

/* --- sequences in --- */

/* Where the elements of a sequence come from. */
typedef struct
{
  gsize       count;
  GVariant   *variant;
  GValueArray *values;
  char      **strings;
} Source;

static gboolean
source_init (Source       *source,
             const GValue *value)
{
  *source = (Source) { 0 };

  if (G_VALUE_HOLDS (value, G_TYPE_STRV))
    {
      source->strings = g_value_get_boxed (value);
      source->count = source->strings != NULL ? g_strv_length (source->strings) : 0;
      return TRUE;
    }

  if (G_VALUE_HOLDS (value, VALUE_ARRAY))
    {
      source->values = g_value_get_boxed (value);
      source->count = source->values != NULL ? source->values->n_values : 0;
      return TRUE;
    }

  if (!G_VALUE_HOLDS_VARIANT (value))
    return FALSE;

  source->variant = g_value_get_variant (value);
  if (source->variant == NULL)
    return TRUE;

  if (!g_variant_is_of_type (source->variant, G_VARIANT_TYPE_ARRAY))
    return FALSE;

  source->count = g_variant_n_children (source->variant);
  return TRUE;
}

static gboolean
source_is_null (const Source *source)
{
  return source->variant == NULL && source->values == NULL && source->strings == NULL;
}

static gboolean
source_get (const Source           *source,
            gsize                   i,
            const ConvokeTypeInfo  *element,
            gpointer                dest,
            GError                **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  if (source->values != NULL)
    return element_from (element, dest, &source->values->values[i], error);

  if (source->strings != NULL)
    {
      g_value_init (&value, G_TYPE_STRING);
      g_value_set_static_string (&value, source->strings[i]);
    }
  else
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (source->variant, i);

      variant_child_to_gvalue (element, child, &value);
    }

  return element_from (element, dest, &value, error);
}

/* The variant type whose fixed arrays lie in memory as the C array does. */
static const GVariantType *
get_fixed_type (const ConvokeTypeInfo *element)
{
  if (convoke_element_is_inline (element))
    return NULL;

  switch (convoke_type_get_layout (element))
    {
    case CONVOKE_TYPE_KIND_UINT8:
      return G_VARIANT_TYPE_BYTE;
    case CONVOKE_TYPE_KIND_INT16:
      return G_VARIANT_TYPE_INT16;
    case CONVOKE_TYPE_KIND_UINT16:
      return G_VARIANT_TYPE_UINT16;
    case CONVOKE_TYPE_KIND_INT32:
      return G_VARIANT_TYPE_INT32;
    case CONVOKE_TYPE_KIND_UINT32:
      return G_VARIANT_TYPE_UINT32;
    case CONVOKE_TYPE_KIND_INT64:
      return G_VARIANT_TYPE_INT64;
    case CONVOKE_TYPE_KIND_UINT64:
      return G_VARIANT_TYPE_UINT64;
    case CONVOKE_TYPE_KIND_DOUBLE:
      return G_VARIANT_TYPE_DOUBLE;
    default:
      return NULL;
    }
}

static gboolean
copy_fixed (const ConvokeTypeInfo *element,
            const Source          *source,
            gpointer               dest)
{
  const GVariantType *fixed = get_fixed_type (element);
  gconstpointer data;
  gsize count;

  if (source->variant == NULL || fixed == NULL ||
      !g_variant_type_equal (g_variant_type_element (g_variant_get_type (source->variant)), fixed))
    return FALSE;

  data = g_variant_get_fixed_array (source->variant, &count, convoke_type_get_size (element));
  if (count > 0)
    memcpy (dest, data, count * convoke_type_get_size (element));

  return TRUE;
}

static void
free_elements (const ConvokeTypeInfo *element,
               gpointer               elements,
               gsize                  count)
{
  gsize size = convoke_element_get_size (element);

  for (gsize i = 0; i < count; i++)
    convoke_element_clear (element, (guint8 *) elements + i * size);
  g_free (elements);
}

/* A C array with one zero element more. */
static gpointer
source_get_all (const Source           *source,
                const ConvokeTypeInfo  *element,
                GError                **error)
{
  gsize size = convoke_element_get_size (element);
  gpointer elements = g_malloc0_n (source->count + 1, size);

  if (copy_fixed (element, source, elements))
    return elements;

  for (gsize i = 0; i < source->count; i++)
    {
      if (!source_get (source, i, element, (guint8 *) elements + i * size, error))
        {
          g_prefix_error (error, "(element %" G_GSIZE_FORMAT ") ", i);
          free_elements (element, elements, i);
          return NULL;
        }
    }

  return elements;
}

static gpointer
make_garray (const ConvokeTypeInfo *type,
             gpointer               elements,
             gsize                  count)
{
  GArray *array = convoke_garray_new (type);

  g_array_append_vals (array, elements, (guint) count);
  g_free (elements);

  return array;
}

static gpointer
make_ptr_array (const ConvokeTypeInfo *type,
                gpointer               elements,
                gsize                  count)
{
  GPtrArray *array = convoke_ptr_array_new (type);
  gsize size = convoke_type_get_size (type->element);

  for (gsize i = 0; i < count; i++)
    g_ptr_array_add (array, convoke_stuff (type->element, (guint8 *) elements + i * size));
  g_free (elements);

  return array;
}

static gpointer
make_list (const ConvokeTypeInfo *type,
           gpointer               elements,
           gsize                  count)
{
  gsize size = convoke_type_get_size (type->element);
  GList *list = NULL;
  GSList *slist = NULL;

  for (gsize i = count; i > 0; i--)
    {
      gpointer data = convoke_stuff (type->element, (guint8 *) elements + (i - 1) * size);

      if (type->kind == CONVOKE_TYPE_KIND_LIST)
        list = g_list_prepend (list, data);
      else
        slist = g_slist_prepend (slist, data);
    }
  g_free (elements);

  return list != NULL ? (gpointer) list : (gpointer) slist;
}

static gboolean
has_hole (const ConvokeTypeInfo *type,
          gpointer               elements,
          gsize                  count)
{
  return type->length_arg < 0 && type->fixed_size < 0 && convoke_array_count (type, elements, -1) != count;
}

static gboolean
make_array (const ConvokeTypeInfo  *type,
            gpointer               *dest,
            gpointer                elements,
            gsize                   count,
            GError                **error)
{
  if (type->length_arg < 0 && type->fixed_size >= 0 && count != (gsize) type->fixed_size)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "wants %d elements, got %" G_GSIZE_FORMAT, type->fixed_size, count);
      free_elements (type->element, elements, count);
      return FALSE;
    }

  if (has_hole (type, elements, count))
    {
      free_elements (type->element, elements, count);
      return convoke_typed_fail_wants (error, "no zero but after the last element", "one before");
    }

  *dest = elements;
  return TRUE;
}

static gboolean
make_container (const ConvokeTypeInfo  *type,
                gpointer               *dest,
                gpointer                elements,
                gsize                   count,
                GError                **error)
{
  switch (type->kind)
    {
    case CONVOKE_TYPE_KIND_ARRAY:
      return make_array (type, dest, elements, count, error);
    case CONVOKE_TYPE_KIND_GARRAY:
      *dest = make_garray (type, elements, count);
      return TRUE;
    case CONVOKE_TYPE_KIND_PTR_ARRAY:
      *dest = make_ptr_array (type, elements, count);
      return TRUE;
    default:
      *dest = make_list (type, elements, count);
      return TRUE;
    }
}

/* Bytes go in one piece. */
static gboolean
bytes_to_array (const ConvokeTypeInfo  *type,
                gpointer                dest,
                gssize                 *n,
                GBytes                 *bytes,
                GError                **error)
{
  gsize count = 0;
  gconstpointer data = bytes != NULL ? g_bytes_get_data (bytes, &count) : NULL;
  guint8 *elements;

  if (n != NULL)
    *n = count;
  if (bytes == NULL)
    return TRUE;

  elements = g_malloc0 (count + 1);
  if (count > 0)
    memcpy (elements, data, count);

  return make_array (type, dest, elements, count, error);
}

static gboolean
is_native (const ConvokeTypeInfo *type,
           const GValue          *value)
{
  return (type->kind == CONVOKE_TYPE_KIND_PTR_ARRAY && G_VALUE_HOLDS (value, G_TYPE_PTR_ARRAY)) ||
         (type->kind == CONVOKE_TYPE_KIND_GARRAY && G_VALUE_HOLDS (value, G_TYPE_ARRAY)) ||
         (type->kind == CONVOKE_TYPE_KIND_HASH_TABLE && G_VALUE_HOLDS (value, G_TYPE_HASH_TABLE));
}

gboolean
convoke_typed_sequence_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  Source source;
  gpointer elements;

  if (is_native (type, value))
    return convoke_typed_copy_pointer (type, dest, g_value_get_boxed (value), error);

  if (type->kind == CONVOKE_TYPE_KIND_ARRAY && convoke_element_get_size (type->element) == 1)
    {
      gboolean found;
      g_autoptr (GBytes) bytes = convoke_typed_dup_bytes (value, &found);

      if (found)
        return bytes_to_array (type, dest, n, bytes, error);
    }

  if (!source_init (&source, value))
    return convoke_typed_fail_type (type, value, error);

  if (n != NULL)
    *n = source.count;
  if (source_is_null (&source))
    return TRUE;

  elements = source_get_all (&source, type->element, error);
  return elements != NULL && make_container (type, dest, elements, source.count, error);
}

/* --- sequences out --- */

typedef void (*ElementFunc) (const ConvokeTypeInfo *element,
                             gpointer               location,
                             gpointer               user_data);

static void
for_each_in_block (const ConvokeTypeInfo *element,
                   gpointer               block,
                   gsize                  count,
                   ElementFunc            func,
                   gpointer               user_data)
{
  gsize size = convoke_element_get_size (element);

  for (gsize i = 0; i < count; i++)
    func (element, (guint8 *) block + i * size, user_data);
}

static void
for_stuffed (const ConvokeTypeInfo *element,
             gpointer               stuffed,
             ElementFunc            func,
             gpointer               user_data)
{
  guint64 place = 0;

  convoke_unstuff (element, &place, stuffed);
  func (element, &place, user_data);
}

static void
for_each_element (const ConvokeTypeInfo *type,
                  gpointer               container,
                  gssize                 n,
                  ElementFunc            func,
                  gpointer               user_data)
{
  GHashTableIter iter;
  gpointer key, value;

  if (container == NULL)
    return;

  switch (type->kind)
    {
    case CONVOKE_TYPE_KIND_ARRAY:
      for_each_in_block (type->element, container, convoke_array_count (type, container, n), func, user_data);
      break;
    case CONVOKE_TYPE_KIND_GARRAY:
      for_each_in_block (type->element, ((GArray *) container)->data, ((GArray *) container)->len, func, user_data);
      break;
    case CONVOKE_TYPE_KIND_PTR_ARRAY:
      for (guint i = 0; i < ((GPtrArray *) container)->len; i++)
        for_stuffed (type->element, ((GPtrArray *) container)->pdata[i], func, user_data);
      break;
    case CONVOKE_TYPE_KIND_LIST:
    case CONVOKE_TYPE_KIND_SLIST:
      for (GSList *l = container; l != NULL; l = l->next)
        for_stuffed (type->element, l->data, func, user_data);
      break;
    case CONVOKE_TYPE_KIND_HASH_TABLE:
      g_hash_table_iter_init (&iter, container);
      while (g_hash_table_iter_next (&iter, &key, &value))
        {
          for_stuffed (type->element, key, func, user_data);
          for_stuffed (type->value, value, func, user_data);
        }
      break;
    default:
      break;
    }
}

/* The variant type that holds any value of the element, or NULL. */
static const char *
get_variant_type (const ConvokeTypeInfo *element)
{
  if (convoke_element_is_inline (element))
    return NULL;

  switch (convoke_type_get_layout (element))
    {
    case CONVOKE_TYPE_KIND_BOOLEAN:
      return "b";
    case CONVOKE_TYPE_KIND_UINT8:
      return "y";
    case CONVOKE_TYPE_KIND_INT8:
    case CONVOKE_TYPE_KIND_INT16:
      return "n";
    case CONVOKE_TYPE_KIND_UINT16:
      return "q";
    case CONVOKE_TYPE_KIND_INT32:
      return "i";
    case CONVOKE_TYPE_KIND_UNICHAR:
    case CONVOKE_TYPE_KIND_UINT32:
      return "u";
    case CONVOKE_TYPE_KIND_INT64:
      return "x";
    case CONVOKE_TYPE_KIND_UINT64:
      return "t";
    case CONVOKE_TYPE_KIND_FLOAT:
    case CONVOKE_TYPE_KIND_DOUBLE:
      return "d";
    case CONVOKE_TYPE_KIND_GTYPE:
    case CONVOKE_TYPE_KIND_UTF8:
      return "s";
    case CONVOKE_TYPE_KIND_VARIANT:
      return "v";
    default:
      return NULL;
    }
}

static GVariant *
string_to_variant (const char *text)
{
  if (text == NULL)
    return g_variant_new_string ("");

  return g_variant_new_take_string (g_utf8_make_valid (text, -1));
}

static GVariant *
element_to_variant (const ConvokeTypeInfo *element,
                    gpointer               location)
{
  switch (*get_variant_type (element))
    {
    case 'b':
      return g_variant_new_boolean (convoke_integer_read (element, location) != 0);
    case 'y':
      return g_variant_new_byte ((guint8) convoke_integer_read (element, location));
    case 'n':
      return g_variant_new_int16 ((gint16) convoke_integer_read (element, location));
    case 'q':
      return g_variant_new_uint16 ((guint16) convoke_integer_read (element, location));
    case 'i':
      return g_variant_new_int32 ((gint32) convoke_integer_read (element, location));
    case 'u':
      return g_variant_new_uint32 ((guint32) convoke_integer_read (element, location));
    case 'x':
      return g_variant_new_int64 (convoke_integer_read (element, location));
    case 't':
      return g_variant_new_uint64 ((guint64) convoke_integer_read (element, location));
    case 'd':
      return g_variant_new_double (element->kind == CONVOKE_TYPE_KIND_FLOAT ? *(float *) location : *(double *) location);
    case 's':
      return string_to_variant (element->kind == CONVOKE_TYPE_KIND_GTYPE ? g_type_name (*(GType *) location) : *(char **) location);
    case 'v':
      return g_variant_new_variant (*(GVariant **) location != NULL ? *(GVariant **) location : g_variant_new_string (""));
    default:
      g_assert_not_reached ();
    }
}

static void
add_to_builder (const ConvokeTypeInfo *element,
                gpointer               location,
                gpointer               builder)
{
  g_variant_builder_add_value (builder, element_to_variant (element, location));
}

static void
sequence_to_variant (const ConvokeTypeInfo *type,
                     gpointer               container,
                     gssize                 n,
                     GValue                *value)
{
  const char element[] = { *get_variant_type (type->element), '\0' };
  g_autofree char *array_type = g_strconcat ("a", element, NULL);
  GVariantBuilder builder;

  g_value_init (value, G_TYPE_VARIANT);

  if (type->kind == CONVOKE_TYPE_KIND_ARRAY && get_fixed_type (type->element) != NULL)
    {
      g_value_take_variant (value, g_variant_new_fixed_array (get_fixed_type (type->element), container,
                                                              convoke_array_count (type, container, n),
                                                              convoke_type_get_size (type->element)));
      return;
    }

  g_variant_builder_init (&builder, G_VARIANT_TYPE (array_type));
  for_each_element (type, container, n, add_to_builder, &builder);
  g_value_take_variant (value, g_variant_builder_end (&builder));
}

static void
add_string (const ConvokeTypeInfo *element,
            gpointer               location,
            gpointer               strings)
{
  if (*(char **) location != NULL)
    g_ptr_array_add (strings, g_strdup (*(char **) location));
}

static void
sequence_to_strv (const ConvokeTypeInfo *type,
                  gpointer               container,
                  gssize                 n,
                  GValue                *value)
{
  GPtrArray *strings = g_ptr_array_new ();

  for_each_element (type, container, n, add_string, strings);
  g_ptr_array_add (strings, NULL);

  g_value_init (value, G_TYPE_STRV);
  g_value_take_boxed (value, g_ptr_array_free (strings, FALSE));
}

static void
add_gvalue (const ConvokeTypeInfo *element,
            gpointer               location,
            gpointer               values)
{
  g_auto (GValue) value = G_VALUE_INIT;

  element_to (element, location, &value);
  g_value_array_append (values, &value);
}

static void
sequence_to_values (const ConvokeTypeInfo *type,
                    gpointer               container,
                    gssize                 n,
                    GValue                *value)
{
  GValueArray *values = g_value_array_new (0);

  for_each_element (type, container, n, add_gvalue, values);

  g_value_init (value, VALUE_ARRAY);
  g_value_take_boxed (value, values);
}

void
convoke_typed_sequence_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  gpointer container = *(gpointer *) location;
  const ConvokeTypeInfo *element = type->element;

  if (type->kind == CONVOKE_TYPE_KIND_ARRAY && convoke_element_get_size (element) == 1)
    {
      g_value_init (value, G_TYPE_BYTES);
      if (container != NULL)
        g_value_take_boxed (value, g_bytes_new (container, convoke_array_count (type, container, n)));
    }
  else if (element->kind == CONVOKE_TYPE_KIND_UTF8 || element->kind == CONVOKE_TYPE_KIND_FILENAME)
    sequence_to_strv (type, container, n, value);
  else if (get_variant_type (element) != NULL)
    sequence_to_variant (type, container, n, value);
  else
    sequence_to_values (type, container, n, value);
}

/* --- hash tables --- */

static gboolean
entry_from (const ConvokeTypeInfo  *type,
            GHashTable             *table,
            GVariant               *entry,
            GError                **error)
{
  g_autoptr (GVariant) key_variant = g_variant_get_child_value (entry, 0);
  g_autoptr (GVariant) value_variant = g_variant_get_child_value (entry, 1);
  g_auto (GValue) key_value = G_VALUE_INIT;
  g_auto (GValue) value_value = G_VALUE_INIT;
  guint64 key = 0, value = 0;

  variant_child_to_gvalue (type->element, key_variant, &key_value);
  variant_child_to_gvalue (type->value, value_variant, &value_value);

  if (!convoke_type_from_gvalue (type->element, FALSE, &key, NULL, &key_value, error))
    return FALSE;

  if (!convoke_type_from_gvalue (type->value, FALSE, &value, NULL, &value_value, error))
    {
      convoke_value_clear (type->element, &key, -1);
      return FALSE;
    }

  g_hash_table_insert (table, convoke_stuff (type->element, &key), convoke_stuff (type->value, &value));
  return TRUE;
}

gboolean
convoke_typed_hash_table_from (const ConvokeTypeInfo *type, gpointer dest, gssize *n, const GValue *value, GError **error)
{
  g_autoptr (GHashTable) table = NULL;
  GVariantIter iter;
  GVariant *variant, *entry;

  if (is_native (type, value))
    return convoke_typed_copy_pointer (type, dest, g_value_get_boxed (value), error);

  variant = G_VALUE_HOLDS_VARIANT (value) ? g_value_get_variant (value) : NULL;
  if (variant == NULL && G_VALUE_HOLDS_VARIANT (value))
    return TRUE;
  if (variant == NULL || !g_variant_is_of_type (variant, G_VARIANT_TYPE_DICTIONARY))
    return convoke_typed_fail_type (type, value, error);

  table = convoke_hash_table_new (type);
  g_variant_iter_init (&iter, variant);
  while ((entry = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_autoptr (GVariant) owned = entry;

      if (!entry_from (type, table, owned, error))
        return FALSE;
    }

  *(GHashTable **) dest = g_steal_pointer (&table);
  return TRUE;
}

static GVariant *
stuffed_to_variant (const ConvokeTypeInfo *type,
                    gpointer               stuffed)
{
  guint64 place = 0;

  convoke_unstuff (type, &place, stuffed);
  return element_to_variant (type, &place);
}

static GVariant *
hash_table_to_variant (const ConvokeTypeInfo *type,
                       GHashTable            *table)
{
  const char *key_type = get_variant_type (type->element);
  const char *value_type = get_variant_type (type->value);
  g_autofree char *dict_type = g_strdup_printf ("a{%s%s}", key_type, value_type);
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer key, value;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (dict_type));
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_variant_builder_add_value (&builder, g_variant_new_dict_entry (stuffed_to_variant (type->element, key),
                                                                     stuffed_to_variant (type->value, value)));

  return g_variant_builder_end (&builder);
}

void
convoke_typed_hash_table_to (const ConvokeTypeInfo *type, gpointer location, gssize n, GValue *value)
{
  GHashTable *table = *(GHashTable **) location;
  const char *key_type = get_variant_type (type->element);
  gpointer copy = NULL;

  if (table != NULL && key_type != NULL && *key_type != 'v' && get_variant_type (type->value) != NULL)
    {
      g_value_init (value, G_TYPE_VARIANT);
      g_value_take_variant (value, hash_table_to_variant (type, table));
      return;
    }

  g_value_init (value, G_TYPE_HASH_TABLE);
  if (convoke_value_copy (type, &copy, location, n, NULL))
    g_value_take_boxed (value, copy);
}

/* --- UTF-8 --- */

static void
check_element (const ConvokeTypeInfo *type,
               gpointer               location,
               gpointer               user_data)
{
  gboolean *valid = user_data;

  if (!convoke_element_is_inline (type))
    *valid = *valid && convoke_type_check_utf8 (type, location, -1, NULL);
}

static gboolean
is_utf8 (const char *string)
{
  return convoke_utf8_check (string, strlen (string));
}

gboolean
convoke_type_check_utf8 (const ConvokeTypeInfo  *type,
                         gpointer                location,
                         gssize                  n,
                         GError                **error)
{
  gboolean valid = TRUE;

  if (convoke_type_is_plain (type))
    return TRUE;

  if (type->kind == CONVOKE_TYPE_KIND_UTF8)
    valid = *(char **) location == NULL || is_utf8 (*(char **) location);
  else if (convoke_type_is_container (type))
    for_each_element (type, *(gpointer *) location, n, check_element, &valid);

  return valid || convoke_typed_fail_utf8 (error);
}

G_GNUC_END_IGNORE_DEPRECATIONS
