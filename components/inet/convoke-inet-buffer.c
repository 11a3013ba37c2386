/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-inet-buffer-private.h"

#include <string.h>

void
convoke_inet_buffer_init (ConvokeInetBuffer *self,
                          gsize              limit)
{
  g_queue_init (&self->chunks);
  self->length = 0;
  self->limit = limit;
}

void
convoke_inet_buffer_clear (ConvokeInetBuffer *self)
{
  g_queue_clear_full (&self->chunks, (GDestroyNotify) g_bytes_unref);
  self->length = 0;
}

gboolean
convoke_inet_buffer_has_room (const ConvokeInetBuffer *self,
                              gsize                    n)
{
  return self->length == 0 || (self->length <= self->limit && n <= self->limit - self->length);
}

void
convoke_inet_buffer_push (ConvokeInetBuffer *self,
                          GBytes            *bytes)
{
  if (g_bytes_get_size (bytes) == 0)
    return;

  g_queue_push_tail (&self->chunks, g_bytes_ref (bytes));
  self->length += g_bytes_get_size (bytes);
}

/* The first chunk, or its first @n bytes, as a reference of the caller's. */
static GBytes *
take_piece (ConvokeInetBuffer *self,
            gsize              n)
{
  GBytes *chunk = g_queue_pop_head (&self->chunks);
  gsize size = g_bytes_get_size (chunk);
  GBytes *piece;

  self->length -= MIN (n, size);
  if (size <= n)
    return chunk;

  piece = g_bytes_new_from_bytes (chunk, 0, n);
  g_queue_push_head (&self->chunks, g_bytes_new_from_bytes (chunk, n, size - n));
  g_bytes_unref (chunk);

  return piece;
}

gsize
convoke_inet_buffer_copy (ConvokeInetBuffer *self,
                          char              *to,
                          gsize              n)
{
  gsize done = 0;

  while (done < n && self->length > 0)
    {
      g_autoptr (GBytes) piece = take_piece (self, n - done);
      gsize size;
      const char *data = g_bytes_get_data (piece, &size);

      memcpy (to + done, data, size);
      done += size;
    }

  return done;
}

static GBytes *
join (ConvokeInetBuffer *self,
      gsize              n)
{
  char *data = g_malloc (n);

  convoke_inet_buffer_copy (self, data, n);
  return g_bytes_new_take (data, n);
}

GBytes *
convoke_inet_buffer_take (ConvokeInetBuffer *self,
                          gsize              n)
{
  n = MIN (n, self->length);
  if (n == 0)
    return g_bytes_new (NULL, 0);
  if (g_bytes_get_size (g_queue_peek_head (&self->chunks)) >= n)
    return take_piece (self, n);

  return join (self, n);
}
