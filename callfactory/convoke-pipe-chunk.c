/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-pipe-private.h"

/* Bytes that one pull brings at most, however many it asks for: a message to another process has a limit. */
#define MOST_BYTES (1u << 20)

gpointer
convoke_pipe_data_ref (gpointer data,
                       gboolean items)
{
  return items ? (gpointer) g_variant_ref (data) : (gpointer) g_bytes_ref (data);
}

void
convoke_pipe_data_unref (gpointer data,
                         gboolean items)
{
  if (items)
    g_variant_unref (data);
  else
    g_bytes_unref (data);
}

gpointer
convoke_pipe_data_empty (const GVariantType *type)
{
  if (type == NULL)
    return g_bytes_new (NULL, 0);

  return g_variant_ref_sink (g_variant_new_array (type, NULL, 0));
}

static gpointer
take_bytes (ConvokePipeChunk *self,
            gsize             max,
            gsize            *n)
{
  GBytes *whole = self->data;
  GBytes *part;

  *n = MIN (max, MOST_BYTES);
  if (self->n <= *n)
    {
      *n = self->n;
      return g_steal_pointer (&self->data);
    }

  part = g_bytes_new_from_bytes (whole, 0, *n);
  self->data = g_bytes_new_from_bytes (whole, *n, self->n - *n);
  /* The parts hold it. */
  g_bytes_unref (whole);

  return part;
}

static gpointer
take_items (ConvokePipeChunk *self,
            gsize             max,
            gsize            *n)
{
  g_autoptr (GPtrArray) items = NULL;
  const GVariantType *type;
  gsize size = 0;

  if (self->first == 0 && self->n <= max && g_variant_get_size (self->data) <= MOST_BYTES)
    {
      *n = self->n;
      return g_steal_pointer (&self->data);
    }

  items = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  while (items->len < max && items->len < self->n)
    {
      GVariant *item = g_variant_get_child_value (self->data, self->first + items->len);

      size += g_variant_get_size (item);
      g_ptr_array_add (items, item);
      if (size > MOST_BYTES)
        break;
    }

  *n = items->len;
  type = g_variant_type_element (g_variant_get_type (self->data));
  return g_variant_ref_sink (g_variant_new_array (type, (GVariant * const *) items->pdata, items->len));
}

gpointer
convoke_pipe_chunk_take (ConvokePipeChunk *self,
                         gboolean          items,
                         gsize             max,
                         gsize            *n)
{
  gpointer part = items ? take_items (self, max, n) : take_bytes (self, max, n);

  self->first += *n;
  self->n -= *n;
  return part;
}
