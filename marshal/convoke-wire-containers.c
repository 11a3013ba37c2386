/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-copy-kinds-private.h"
#include "convoke-error.h"
#include "convoke-wire-kinds-private.h"

/*
 * count: u32; then the elements. Numbers lie as they do in memory, so that
 * they are copied at once. Elements are never NULL: not everything can be
 * freed as such.
 */

/* --- one element --- */

static gboolean
write_inline (ConvokeWireWriter      *writer,
              const ConvokeTypeInfo  *element,
              gconstpointer           location,
              const ConvokeWireRefs  *refs,
              GError                **error)
{
  if (element->kind == CONVOKE_TYPE_KIND_VALUE)
    return convoke_wire_write_typed (writer, location, refs, error);

  return convoke_wire_write_fields (writer, element, location, error);
}

static gboolean
read_inline (ConvokeWireReader      *reader,
             const ConvokeTypeInfo  *element,
             gpointer                location,
             const ConvokeWireRefs  *refs,
             GError                **error)
{
  if (element->kind == CONVOKE_TYPE_KIND_VALUE)
    return convoke_wire_read_typed (reader, location, refs, error);

  return convoke_wire_read_fields (reader, element, location, error);
}

/* --- how many --- */

/* Keys that were made to collide are looked at once for every other. */
#define ENTRY_COST 64

static gboolean
take_elements (ConvokeWireReader  *reader,
               gsize               count,
               GError            **error)
{
  if (count > reader->elements)
    return convoke_wire_fail (reader, error, "brings the message to more than %u elements", CONVOKE_WIRE_MAX_ELEMENTS);

  reader->elements -= count;
  return TRUE;
}

static gboolean
put_count (ConvokeWireWriter  *writer,
           gsize               count,
           gsize               cost,
           GError            **error)
{
  if (count > CONVOKE_WIRE_MAX_MESSAGE || count * cost > writer->elements)
    return convoke_wire_refuse (error, "has %" G_GSIZE_FORMAT " elements, more than a message takes", count);

  writer->elements -= count * cost;
  convoke_wire_put_u32 (writer, (guint32) count);
  return TRUE;
}

/* --- elements side by side: arrays and GArrays --- */

/* Scalars are not allocated one by one. */
static gsize
block_cost (const ConvokeTypeInfo *element)
{
  return convoke_element_is_inline (element) || !convoke_type_is_plain (element);
}

static gboolean
write_block (ConvokeWireWriter      *writer,
             const ConvokeTypeInfo  *element,
             const guint8           *block,
             gsize                   count,
             const ConvokeWireRefs  *refs,
             GError                **error)
{
  gsize size = convoke_element_get_size (element);
  gsize number = convoke_wire_number_size (element);
  gboolean done = TRUE;

  if (!put_count (writer, count, block_cost (element), error))
    return FALSE;
  if (number > 0)
    {
      convoke_wire_put_numbers (writer, block, number, count);
      return TRUE;
    }

  for (gsize i = 0; done && i < count; i++)
    {
      if (convoke_element_is_inline (element))
        done = write_inline (writer, element, block + i * size, refs, error);
      else
        done = convoke_wire_write_value (writer, element, block + i * size, -1, FALSE, refs, error);
    }

  return done;
}

/* How many elements were made; all of them when it gives TRUE. */
static gboolean
read_block (ConvokeWireReader      *reader,
            const ConvokeTypeInfo  *element,
            guint8                 *block,
            gsize                   count,
            gsize                  *made,
            const ConvokeWireRefs  *refs,
            GError                **error)
{
  gsize size = convoke_element_get_size (element);
  gsize number = convoke_wire_number_size (element);
  gboolean done = TRUE;

  *made = 0;
  if (number > 0)
    return convoke_wire_get_numbers (reader, block, number, count, error);

  for (; done && *made < count; *made += done)
    {
      if (convoke_element_is_inline (element))
        done = read_inline (reader, element, block + *made * size, refs, error);
      else
        done = convoke_wire_read_value (reader, element, block + *made * size, NULL, FALSE, refs, error);
    }

  return done;
}

static gsize
element_least (const ConvokeTypeInfo *element)
{
  /* A struct has one field at least, a GValue its type. */
  return convoke_element_is_inline (element) ? 1 : convoke_wire_least (element);
}

/* A count that is not NULL, of elements for which the message has room. */
static gboolean
begin_read (ConvokeWireReader      *reader,
            const ConvokeTypeInfo  *element,
            guint32                *count,
            GError                **error)
{
  return convoke_wire_enter_read (reader, error) &&
         convoke_wire_get_count (reader, count, element_least (element), error) &&
         take_elements (reader, *count * block_cost (element), error);
}

/* --- C arrays --- */

CONVOKE_WIRE_WRITE (array)
{
  gconstpointer array = *(gconstpointer const *) location;
  gboolean done;

  if (!convoke_wire_enter_write (writer, error))
    return FALSE;

  done = write_block (writer, type->element, array, convoke_array_count (type, array, n), refs, error);
  writer->depth--;

  return done;
}

static gboolean
check_count (ConvokeWireReader      *reader,
             const ConvokeTypeInfo  *type,
             guint32                 count,
             gssize                  wanted,
             GError                **error)
{
  if (type->length_arg < 0 && type->fixed_size >= 0)
    wanted = type->fixed_size;

  if (wanted >= 0 && (gsize) wanted != count)
    return convoke_wire_fail (reader, error, "has %u elements where there must be %" G_GSSIZE_FORMAT, count, wanted);

  return TRUE;
}

/* Nobody could count the elements after a zero. */
static gboolean
check_terminated (ConvokeWireReader      *reader,
                  const ConvokeTypeInfo  *type,
                  gconstpointer           array,
                  guint32                 count,
                  gssize                  wanted,
                  GError                **error)
{
  if (wanted >= 0 || (type->length_arg < 0 && type->fixed_size >= 0))
    return TRUE;

  /* The element after the last is zero. */
  if (convoke_array_count (type, array, -1) == count)
    return TRUE;

  return convoke_wire_fail (reader, error, "has a zero among the elements that zero ends");
}

static void
free_block (const ConvokeTypeInfo *element,
            guint8                *block,
            gsize                  made)
{
  gsize size = convoke_element_get_size (element);

  if (!convoke_element_is_plain (element))
    for (gsize i = 0; i < made; i++)
      convoke_element_clear (element, block + i * size);

  g_free (block);
}

CONVOKE_WIRE_READ (array)
{
  const ConvokeTypeInfo *element = type->element;
  guint32 count;
  gsize made;
  guint8 *array;

  if (!begin_read (reader, element, &count, error) || !check_count (reader, type, count, *n, error))
    return FALSE;

  /* With a zero after the last element, as copies have. */
  array = g_malloc0_n ((gsize) count + 1, convoke_element_get_size (element));
  if (!read_block (reader, element, array, count, &made, refs, error) ||
      !check_terminated (reader, type, array, count, *n, error))
    {
      free_block (element, array, made);
      return FALSE;
    }

  reader->depth--;
  *(gpointer *) location = array;
  *n = count;

  return TRUE;
}

/* --- GArray --- */

CONVOKE_WIRE_WRITE (garray)
{
  const GArray *array = *(GArray * const *) location;
  gboolean done;

  if (!convoke_wire_enter_write (writer, error))
    return FALSE;

  done = write_block (writer, type->element, (const guint8 *) array->data, array->len, refs, error);
  writer->depth--;

  return done;
}

CONVOKE_WIRE_READ (garray)
{
  g_autoptr (GArray) array = NULL;
  guint32 count;
  gsize made;

  if (!begin_read (reader, type->element, &count, error))
    return FALSE;

  /* Elements that were not made are zero, which frees as nothing. */
  array = convoke_garray_new (type);
  g_array_set_size (array, count);
  if (!read_block (reader, type->element, (guint8 *) array->data, count, &made, refs, error))
    return FALSE;

  reader->depth--;
  *(GArray **) location = g_steal_pointer (&array);

  return TRUE;
}

/* --- elements by pointer: lists, GPtrArray, GHashTable --- */

static gboolean
write_stuffed (ConvokeWireWriter      *writer,
               const ConvokeTypeInfo  *element,
               gpointer                stuffed,
               const ConvokeWireRefs  *refs,
               GError                **error)
{
  guint64 value = 0;

  convoke_unstuff (element, &value, stuffed);
  return convoke_wire_write_value (writer, element, &value, -1, FALSE, refs, error);
}

static gboolean
read_stuffed (ConvokeWireReader      *reader,
              const ConvokeTypeInfo  *element,
              gpointer               *stuffed,
              const ConvokeWireRefs  *refs,
              GError                **error)
{
  guint64 value = 0;

  if (!convoke_wire_read_value (reader, element, &value, NULL, FALSE, refs, error))
    return FALSE;

  *stuffed = convoke_stuff (element, &value);
  return TRUE;
}

/* As begin_read (), where numbers take room as well. */
static gboolean
begin_read_pointers (ConvokeWireReader      *reader,
                     const ConvokeTypeInfo  *element,
                     gsize                   cost,
                     guint32                *count,
                     GError                **error)
{
  return convoke_wire_enter_read (reader, error) &&
         convoke_wire_get_count (reader, count, convoke_wire_least (element), error) &&
         take_elements (reader, *count * cost, error);
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

CONVOKE_WIRE_WRITE (ptr_array)
{
  const GPtrArray *array = *(GPtrArray * const *) location;

  if (!convoke_wire_enter_write (writer, error))
    return FALSE;

  if (!put_count (writer, array->len, 1, error))
    return FALSE;
  for (guint i = 0; i < array->len; i++)
    if (!write_stuffed (writer, type->element, array->pdata[i], refs, error))
      return FALSE;
  writer->depth--;

  return TRUE;
}

CONVOKE_WIRE_READ (ptr_array)
{
  g_autoptr (GPtrArray) array = NULL;
  guint32 count;

  if (!begin_read_pointers (reader, type->element, 1, &count, error) || !check_destroy (type->element, error))
    return FALSE;

  array = convoke_ptr_array_new (type);
  for (guint i = 0; i < count; i++)
    {
      gpointer element;

      if (!read_stuffed (reader, type->element, &element, refs, error))
        return FALSE;
      g_ptr_array_add (array, element);
    }

  reader->depth--;
  *(GPtrArray **) location = g_steal_pointer (&array);

  return TRUE;
}

/* GSList begins as GList does, data and next. */
CONVOKE_WIRE_WRITE (list)
{
  GSList *list = *(GSList * const *) location;

  if (!convoke_wire_enter_write (writer, error))
    return FALSE;

  if (!put_count (writer, g_slist_length (list), 1, error))
    return FALSE;
  for (GSList *l = list; l != NULL; l = l->next)
    if (!write_stuffed (writer, type->element, l->data, refs, error))
      return FALSE;
  writer->depth--;

  return TRUE;
}

static gpointer
list_prepend (const ConvokeTypeInfo *type,
              gpointer               list,
              gpointer               element)
{
  if (type->kind == CONVOKE_TYPE_KIND_LIST)
    return g_list_prepend (list, element);

  return g_slist_prepend (list, element);
}

static gpointer
list_reverse (const ConvokeTypeInfo *type,
              gpointer               list)
{
  return type->kind == CONVOKE_TYPE_KIND_LIST ? (gpointer) g_list_reverse (list) : g_slist_reverse (list);
}

CONVOKE_WIRE_READ (list)
{
  gpointer list = NULL;
  gpointer element;
  guint32 count;

  if (!begin_read_pointers (reader, type->element, 1, &count, error))
    return FALSE;

  for (guint i = 0; i < count; i++)
    {
      if (!read_stuffed (reader, type->element, &element, refs, error))
        {
          convoke_value_clear (type, &list, -1);
          return FALSE;
        }
      list = list_prepend (type, list, element);
    }

  reader->depth--;
  *(gpointer *) location = list_reverse (type, list);

  return TRUE;
}

CONVOKE_WIRE_WRITE (hash_table)
{
  GHashTable *table = *(GHashTable * const *) location;
  GHashTableIter iter;
  gpointer key, value;

  if (!convoke_wire_enter_write (writer, error))
    return FALSE;

  if (!put_count (writer, g_hash_table_size (table), ENTRY_COST, error))
    return FALSE;
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!write_stuffed (writer, type->element, key, refs, error) ||
        !write_stuffed (writer, type->value, value, refs, error))
      return FALSE;
  writer->depth--;

  return TRUE;
}

static gboolean
read_entry (ConvokeWireReader      *reader,
            const ConvokeTypeInfo  *type,
            GHashTable             *table,
            const ConvokeWireRefs  *refs,
            GError                **error)
{
  gpointer key = NULL, value = NULL;

  if (!read_stuffed (reader, type->element, &key, refs, error))
    return FALSE;

  if (!read_stuffed (reader, type->value, &value, refs, error))
    {
      convoke_value_clear (type->element, &key, -1);
      return FALSE;
    }

  return g_hash_table_insert (table, key, value) ||
         convoke_wire_fail (reader, error, "has a key twice");
}

CONVOKE_WIRE_READ (hash_table)
{
  g_autoptr (GHashTable) table = NULL;
  guint32 count;

  if (!begin_read_pointers (reader, type->element, ENTRY_COST, &count, error) || !check_destroy (type->value, error))
    return FALSE;

  table = convoke_hash_table_new (type);
  for (guint i = 0; i < count; i++)
    if (!read_entry (reader, type, table, refs, error))
      return FALSE;

  reader->depth--;
  *(GHashTable **) location = g_steal_pointer (&table);

  return TRUE;
}
