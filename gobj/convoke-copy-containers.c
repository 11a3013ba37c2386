/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-copy-kinds-private.h"

/* Copies what a container of pointers holds. */
static gboolean
copy_stuffed (const ConvokeTypeInfo  *element,
              gpointer               *dest,
              gpointer                src,
              GError                **error)
{
  *dest = src;
  return convoke_type_is_plain (element) || convoke_value_copy (element, dest, &src, -1, error);
}

/* A counted container must be able to free what is put into it. */
static gboolean
check_destroy (const ConvokeTypeInfo  *element,
               GError                **error)
{
  if (convoke_type_is_plain (element) || convoke_type_get_destroy (element) != NULL)
    return TRUE;

  return convoke_fail_unregistered (element, error);
}

/* --- C arrays --- */

static gboolean
is_zero (const guint8 *bytes,
         gsize         size)
{
  for (gsize i = 0; i < size; i++)
    if (bytes[i] != 0)
      return FALSE;

  return TRUE;
}

gsize
convoke_array_count (const ConvokeTypeInfo *type,
                     gconstpointer          array,
                     gssize                 n)
{
  gsize size = convoke_element_get_size (type->element);
  gsize count = 0;

  if (array == NULL)
    return 0;

  if (type->length_arg >= 0 && n >= 0)
    return n;

  if (type->fixed_size >= 0)
    return type->fixed_size;

  /* Also the usual meaning of a length of -1. */
  while (!is_zero ((const guint8 *) array + count * size, size))
    count++;

  return count;
}

/* There is always one zero element after the last, for those who forget to
 * say that they need it. */
static gpointer
array_alloc (const ConvokeTypeInfo *type,
             gsize                  count)
{
  return g_malloc0_n (count + 1, convoke_element_get_size (type->element));
}

void
convoke_clear_array (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  gsize size = convoke_element_get_size (type->element);

  if (!convoke_element_is_plain (type->element))
    {
      gsize count = convoke_array_count (type, value, n);

      for (gsize i = 0; i < count; i++)
        convoke_element_clear (type->element, (guint8 *) value + i * size);
    }

  g_free (value);
}

gboolean
convoke_copy_array (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  gsize count = convoke_array_count (type, src, n);
  gsize size = convoke_element_get_size (type->element);
  gpointer copy = array_alloc (type, count);

  if (convoke_element_is_plain (type->element))
    {
      memcpy (copy, src, count * size);
      *dest = copy;
      return TRUE;
    }

  for (gsize i = 0; i < count; i++)
    {
      if (!convoke_element_copy (type->element, (guint8 *) copy + i * size, (guint8 *) src + i * size, error))
        {
          convoke_clear_array (type, copy, count);
          return FALSE;
        }
    }

  *dest = copy;
  return TRUE;
}

/* --- GArray --- */

static void
clear_string_element (gpointer location)
{
  g_free (*(gpointer *) location);
}

static void
clear_instance_element (gpointer location)
{
  convoke_instance_unref (*(gpointer *) location);
}

static void
clear_variant_element (gpointer location)
{
  if (*(gpointer *) location != NULL)
    g_variant_unref (*(gpointer *) location);
}

static void
clear_gvalue_element (gpointer location)
{
  if (G_IS_VALUE ((GValue *) location))
    g_value_unset (location);
}

GDestroyNotify
convoke_garray_get_clear (const ConvokeTypeInfo *element)
{
  switch (element->kind)
    {
    case CONVOKE_TYPE_KIND_UTF8:
    case CONVOKE_TYPE_KIND_FILENAME:
      return clear_string_element;

    case CONVOKE_TYPE_KIND_OBJECT:
    case CONVOKE_TYPE_KIND_INTERFACE:
      return clear_instance_element;

    case CONVOKE_TYPE_KIND_VARIANT:
      return clear_variant_element;

    case CONVOKE_TYPE_KIND_VALUE:
      return convoke_element_is_inline (element) ? clear_gvalue_element : NULL;

    default:
      return NULL;
    }
}

GArray *
convoke_garray_new (const ConvokeTypeInfo *type)
{
  GArray *array = g_array_new (type->zero_terminated, TRUE, convoke_element_get_size (type->element));

  g_array_set_clear_func (array, convoke_garray_get_clear (type->element));
  return array;
}

gboolean
convoke_copy_garray (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  GArray *from = src;
  g_autoptr (GArray) copy = convoke_garray_new (type);
  gsize size = convoke_element_get_size (type->element);

  g_array_set_size (copy, from->len);
  for (guint i = 0; i < from->len; i++)
    {
      if (!convoke_element_copy (type->element, copy->data + i * size, from->data + i * size, error))
        return FALSE;
    }

  *dest = g_steal_pointer (&copy);
  return TRUE;
}

void
convoke_clear_garray (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  g_array_unref (value);
}

/* --- GPtrArray --- */

GPtrArray *
convoke_ptr_array_new (const ConvokeTypeInfo *type)
{
  return g_ptr_array_new_with_free_func (convoke_type_get_destroy (type->element));
}

gboolean
convoke_copy_ptr_array (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  GPtrArray *from = src;
  g_autoptr (GPtrArray) copy = convoke_ptr_array_new (type);

  if (!check_destroy (type->element, error))
    return FALSE;

  for (guint i = 0; i < from->len; i++)
    {
      gpointer element = NULL;

      if (!copy_stuffed (type->element, &element, from->pdata[i], error))
        return FALSE;
      g_ptr_array_add (copy, element);
    }

  *dest = g_steal_pointer (&copy);
  return TRUE;
}

void
convoke_clear_ptr_array (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  g_ptr_array_unref (value);
}

/* --- lists: GSList begins as GList does, data and next --- */

static void
clear_list_elements (const ConvokeTypeInfo *element,
                     GSList                *list)
{
  if (convoke_type_is_plain (element))
    return;

  for (GSList *l = list; l != NULL; l = l->next)
    convoke_value_clear (element, &l->data, -1);
}

static gboolean
copy_list_elements (const ConvokeTypeInfo  *element,
                    GSList                 *list,
                    GError                **error)
{
  GSList *l;

  for (l = list; l != NULL; l = l->next)
    {
      if (!copy_stuffed (element, &l->data, l->data, error))
        break;
    }

  if (l == NULL)
    return TRUE;

  /* From here on the elements are still somebody else's. */
  for (; l != NULL; l = l->next)
    l->data = NULL;
  clear_list_elements (element, list);

  return FALSE;
}

gboolean
convoke_copy_list (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  GList *copy = g_list_copy (src);

  if (!copy_list_elements (type->element, (GSList *) copy, error))
    {
      g_list_free (copy);
      return FALSE;
    }

  *dest = copy;
  return TRUE;
}

void
convoke_clear_list (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  clear_list_elements (type->element, value);
  g_list_free (value);
}

gboolean
convoke_copy_slist (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  GSList *copy = g_slist_copy (src);

  if (!copy_list_elements (type->element, copy, error))
    {
      g_slist_free (copy);
      return FALSE;
    }

  *dest = copy;
  return TRUE;
}

void
convoke_clear_slist (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  clear_list_elements (type->element, value);
  g_slist_free (value);
}

/* --- GHashTable --- */

gboolean
convoke_kind_is_string (ConvokeTypeKind kind)
{
  return kind == CONVOKE_TYPE_KIND_UTF8 || kind == CONVOKE_TYPE_KIND_FILENAME;
}

static GHashTable *
hash_table_new_full (const ConvokeTypeInfo *type,
                     GDestroyNotify         destroy_key,
                     GDestroyNotify         destroy_value)
{
  if (convoke_kind_is_string (type->element->kind))
    return g_hash_table_new_full (g_str_hash, g_str_equal, destroy_key, destroy_value);

  return g_hash_table_new_full (NULL, NULL, destroy_key, destroy_value);
}

GHashTable *
convoke_hash_table_new (const ConvokeTypeInfo *type)
{
  return hash_table_new_full (type, convoke_type_get_destroy (type->element),
                              convoke_type_get_destroy (type->value));
}

gboolean
convoke_copy_hash_table (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error)
{
  g_autoptr (GHashTable) copy = convoke_hash_table_new (type);
  GHashTableIter iter;
  gpointer key, value;

  if (!check_destroy (type->value, error))
    return FALSE;

  g_hash_table_iter_init (&iter, src);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      gpointer new_key = NULL, new_value = NULL;

      if (!copy_stuffed (type->value, &new_value, value, error))
        return FALSE;

      /* Keys are strings, numbers or objects: this cannot fail. */
      copy_stuffed (type->element, &new_key, key, NULL);
      g_hash_table_insert (copy, new_key, new_value);
    }

  *dest = g_steal_pointer (&copy);
  return TRUE;
}

void
convoke_clear_hash_table (const ConvokeTypeInfo *type, gpointer value, gssize n)
{
  g_hash_table_unref (value);
}

/* --- the container alone --- */

static gpointer
shallow_hash_table (const ConvokeTypeInfo *type,
                    GHashTable            *table)
{
  GHashTable *copy = hash_table_new_full (type, NULL, NULL);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, key, value);

  return copy;
}

static gpointer
shallow_ptr_array (GPtrArray *array)
{
  GPtrArray *copy = g_ptr_array_sized_new (array->len);

  for (guint i = 0; i < array->len; i++)
    g_ptr_array_add (copy, array->pdata[i]);

  return copy;
}

static gpointer
shallow_garray (const ConvokeTypeInfo *type,
                GArray                *array)
{
  GArray *copy = g_array_new (type->zero_terminated, TRUE, convoke_element_get_size (type->element));

  return g_array_append_vals (copy, array->data, array->len);
}

static gpointer
shallow_array (const ConvokeTypeInfo *type,
               gconstpointer          array,
               gssize                 n)
{
  gsize count = convoke_array_count (type, array, n);
  gpointer copy = array_alloc (type, count);

  memcpy (copy, array, count * convoke_element_get_size (type->element));
  return copy;
}

gpointer
convoke_container_copy (const ConvokeTypeInfo *type,
                        gpointer               container,
                        gssize                 n)
{
  if (container == NULL)
    return NULL;

  switch (type->kind)
    {
    case CONVOKE_TYPE_KIND_ARRAY:
      return shallow_array (type, container, n);
    case CONVOKE_TYPE_KIND_GARRAY:
      return shallow_garray (type, container);
    case CONVOKE_TYPE_KIND_PTR_ARRAY:
      return shallow_ptr_array (container);
    case CONVOKE_TYPE_KIND_LIST:
      return g_list_copy (container);
    case CONVOKE_TYPE_KIND_SLIST:
      return g_slist_copy (container);
    case CONVOKE_TYPE_KIND_HASH_TABLE:
      return shallow_hash_table (type, container);
    default:
      g_assert_not_reached ();
    }
}

void
convoke_container_free (const ConvokeTypeInfo *type,
                        gpointer               container)
{
  if (container == NULL)
    return;

  switch (type->kind)
    {
    case CONVOKE_TYPE_KIND_ARRAY:
      g_free (container);
      break;
    case CONVOKE_TYPE_KIND_LIST:
      g_list_free (container);
      break;
    case CONVOKE_TYPE_KIND_SLIST:
      g_slist_free (container);
      break;
    default:
      convoke_type_get_destroy (type) (container);
    }
}
