/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Two arrays: everybody adds to one under the lock, the drainer runs the other
 * without it and swaps them when it is through. There is at most one drainer,
 * an item of the pool that is queued when the first item comes and goes back to
 * the end of the pool's queue after some items, so that others get their turn.
 */

#include "config.h"

#include "convoke-serial-private.h"

#include "convoke-fork-private.h"

#define ITEMS_PER_TURN 64
#define MOST_KEPT      4096 /* items of memory that an idle queue holds on to, twice */

typedef struct
{
  ConvokeWorkFunc func;
  gpointer        data;
} Item;

typedef struct
{
  Item  *items;
  gsize  n;
  gsize  size;
} Batch;

struct _ConvokeSerial
{
  gint     ref_count; /* (atomic) */

  GMutex   lock;      /* innermost: no foreign code runs under it */
  Batch    incoming;  /* LOCK: lock */
  gboolean draining;  /* LOCK: lock; the drainer exists and holds a reference */

  Batch    running;   /* the drainer's */
  gsize    next;      /* the drainer's; in running */
};

static __thread ConvokeSerial *current;

static void
batch_add (Batch           *batch,
           ConvokeWorkFunc  func,
           gpointer         data)
{
  if (G_UNLIKELY (batch->n == batch->size))
    {
      batch->size = MAX (16, 2 * batch->size);
      batch->items = g_renew (Item, batch->items, batch->size);
    }

  batch->items[batch->n++] = (Item) { func, data };
}

static void
batch_trim (Batch *batch)
{
  g_assert (batch->n == 0);

  if (batch->size > MOST_KEPT)
    {
      g_clear_pointer (&batch->items, g_free);
      batch->size = 0;
    }
}

ConvokeSerial *
convoke_serial_new (void)
{
  ConvokeSerial *self = g_new0 (ConvokeSerial, 1);

  convoke_fork_init ();
  self->ref_count = 1;
  g_mutex_init (&self->lock);

  return self;
}

ConvokeSerial *
convoke_serial_ref (ConvokeSerial *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
convoke_serial_unref (ConvokeSerial *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  /* In a forked child another thread of the parent may hold it for ever. */
  if (!convoke_check_forked (NULL))
    g_mutex_clear (&self->lock);

  g_free (self->incoming.items);
  g_free (self->running.items);
  g_free (self);
}

/* FALSE: nothing came meanwhile, and the drainer ends. */
static gboolean
swap_batches (ConvokeSerial *self)
{
  Batch done = self->running;
  gboolean more;

  done.n = 0;
  self->next = 0;

  g_mutex_lock (&self->lock);
  more = self->incoming.n > 0;
  self->running = self->incoming;
  self->incoming = done;
  if (!more)
    {
      batch_trim (&self->running);
      batch_trim (&self->incoming);
      self->draining = FALSE;
    }
  g_mutex_unlock (&self->lock);

  return more;
}

static void
drain_cb (gpointer data)
{
  ConvokeSerial *self = data;

  for (guint i = 0; i < ITEMS_PER_TURN; i++)
    {
      Item item;

      if (self->next == self->running.n && !swap_batches (self))
        {
          convoke_serial_unref (self);
          return;
        }

      item = self->running.items[self->next++];
      current = self;
      item.func (item.data);
      current = NULL;
    }

  /* From here on another worker may be the drainer. */
  convoke_pool_push (drain_cb, self);
}

void
convoke_serial_push (ConvokeSerial   *self,
                     ConvokeWorkFunc  func,
                     gpointer         data)
{
  gboolean start;

  if (convoke_check_forked (NULL))
    return;

  g_mutex_lock (&self->lock);
  batch_add (&self->incoming, func, data);
  start = !self->draining;
  self->draining = TRUE;
  g_mutex_unlock (&self->lock);

  /* The caller's reference covers this moment. */
  if (start)
    convoke_pool_push (drain_cb, convoke_serial_ref (self));
}

gboolean
convoke_serial_is_current (ConvokeSerial *self)
{
  return current == self;
}
