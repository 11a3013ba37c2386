/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* For libFuzzer: changes that leave what a peer says a list of messages. */

#include <string.h>

#include "channel-input.h"
#include "fuzz.h"

#define MAX_CHUNKS 64

typedef struct
{
  ChannelChunk chunks[MAX_CHUNKS];
  guint        n;
} Chunks;

static void
split (Chunks       *self,
       const guint8 *data,
       gsize         size)
{
  self->n = 0;
  while (self->n < MAX_CHUNKS && channel_input_next (&data, &size, &self->chunks[self->n]))
    self->n++;
}

static void
insert (Chunks             *self,
        const ChannelChunk *chunk,
        guint               at)
{
  ChannelChunk copy = *chunk;

  if (self->n == MAX_CHUNKS)
    return;

  memmove (self->chunks + at + 1, self->chunks + at, (self->n - at) * sizeof copy);
  self->chunks[at] = copy;
  self->n++;
}

static void
take_out (Chunks *self,
          guint   at)
{
  self->n--;
  memmove (self->chunks + at, self->chunks + at + 1, (self->n - at) * sizeof *self->chunks);
}

/* The new body is in @room. */
static void
change_body (ChannelChunk *chunk,
             guint8       *room,
             gsize         size)
{
  memcpy (room, chunk->body, chunk->length);
  chunk->length = LLVMFuzzerMutate (room, chunk->length, MIN (chunk->length + 64, size));
  chunk->body = room;
}

static void
change (Chunks *self,
        GRand  *rand,
        guint8 *room,
        gsize   size)
{
  guint at = g_rand_int_range (rand, 0, self->n);
  guint other = g_rand_int_range (rand, 0, self->n);
  ChannelChunk moved = self->chunks[at];

  switch (g_rand_int_range (rand, 0, 8))
    {
    case 0:
      insert (self, &moved, other);
      break;
    case 1:
      take_out (self, at);
      break;
    case 2:
      self->chunks[at] = self->chunks[other];
      self->chunks[other] = moved;
      break;
    case 3:
      self->chunks[at].number = g_rand_int_range (rand, 0, 4) << 4 | g_rand_int_range (rand, 0, 5);
      break;
    default:
      change_body (&self->chunks[at], room, size);
    }
}

static gsize
join (const Chunks *self,
      guint8        scenario,
      guint8       *data,
      gsize         max_size)
{
  g_autoptr (GByteArray) input = g_byte_array_new ();

  g_byte_array_append (input, &scenario, 1);
  for (guint i = 0; i < self->n; i++)
    channel_input_append (input, &self->chunks[i]);
  g_byte_array_set_size (input, MIN (input->len, max_size));
  memcpy (data, input->data, input->len);

  return input->len;
}

size_t
LLVMFuzzerCustomMutator (uint8_t     *data,
                         size_t       size,
                         size_t       max_size,
                         unsigned int seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint8 room[4096];
  Chunks chunks;

  if (size > 1)
    split (&chunks, data + 1, size - 1);
  /* Anything at all can be said, too. */
  if (size <= 1 || chunks.n == 0 || size > sizeof room - 64 || g_rand_int_range (rand, 0, 4) == 0)
    return LLVMFuzzerMutate (data, size, max_size);

  change (&chunks, rand, room, sizeof room);
  return join (&chunks, g_rand_int_range (rand, 0, 8) == 0 ? (guint8) g_rand_int_range (rand, 0, 16) : data[0], data, max_size);
}
