/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Two arrays: everybody adds to one under the lock, the drainer runs the other
 * without it and swaps them when it is through. There is at most one drainer,
 * an item of the target (the pool, a main context, another such queue) that is
 * queued when the first item comes. After some items it looks whether others
 * wait for the target, and if so goes back to the end of the target's queue, so
 * that they get their turn.
 */

#include "config.h"

#include "convoke-serial-private.h"

#include "convoke-fork-private.h"
#include "convoke-lock-private.h"

#define ITEMS_PER_TURN  64
#define ITEMS_OF_STREAM 64
#define MOST_KEPT       4096 /* items of memory that an idle queue holds on to, twice */

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

/* Whether the item that ran last holds the queue. */
typedef enum
{
  NOT_HELD,
  HELD,     /* its drainer runs the item */
  PARKED,   /* it returned, and there is no drainer; who releases makes one */
  RELEASED, /* while its drainer ran the item */
} Hold;

/* How a turn ended. */
typedef enum
{
  ENDED,    /* nothing is left to do */
  YIELDED,  /* others wait for the target */
  STOPPED,  /* an item holds the queue, and all that is the drainer's is whose release it is */
} Turn;

struct _ConvokeSerial
{
  gint     ref_count; /* (atomic) */

  const ConvokeTargetFuncs *funcs;  /* constant */
  gpointer                  target; /* (owned) (atomic) */

  ConvokeLock lock;   /* innermost: no foreign code runs under it */
  Batch    incoming;  /* LOCK: lock */
  gboolean draining;  /* LOCK: lock; the drainer exists and holds a reference */

  Batch    running;   /* the drainer's */
  gsize    next;      /* the drainer's; in running */
  ConvokeSerial *below; /* (unowned) (nullable) the drainer's; whose item it is */
  Hold     hold;      /* (atomic) */
};

static __thread ConvokeSerial *current;

static G_NO_INLINE void
batch_grow (Batch *batch)
{
  batch->size = MAX (16, 2 * batch->size);
  batch->items = g_renew (Item, batch->items, batch->size);
}

static inline void
batch_add (Batch           *batch,
           ConvokeWorkFunc  func,
           gpointer         data)
{
  if (G_UNLIKELY (batch->n == batch->size))
    batch_grow (batch);

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
convoke_serial_new_over (const ConvokeTargetFuncs *funcs,
                         gpointer                  target)
{
  ConvokeSerial *self = g_new0 (ConvokeSerial, 1);

  convoke_fork_init ();
  self->ref_count = 1;
  self->funcs = funcs;
  self->target = target;

  return self;
}

ConvokeSerial *
convoke_serial_new (void)
{
  return convoke_serial_new_over (&convoke_pool_target_funcs, convoke_pool_get_default ());
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

  g_free (self->incoming.items);
  g_free (self->running.items);
  self->funcs->unref (self->target);
  g_free (self);
}

/* FALSE: nothing came meanwhile; with @end the drainer has ended. */
static gboolean
swap_batches (ConvokeSerial *self,
              gboolean       end)
{
  Batch done = self->running;
  gboolean more;

  done.n = 0;
  self->next = 0;

  convoke_lock_acquire (&self->lock);
  more = self->incoming.n > 0;
  self->running = self->incoming;
  self->incoming = done;
  if (!more && end)
    {
      batch_trim (&self->running);
      batch_trim (&self->incoming);
      self->draining = FALSE;
    }
  convoke_lock_release (&self->lock);

  return more;
}

/*
 * A producer in full stream on the same core was probably interrupted between
 * two items. If the drainer went to sleep, each of its next items would wake
 * it, and often for that item alone, two thread switches each time. So after
 * many items, and only then, the drainer gives way once before it ends.
 */
static gboolean
refill (ConvokeSerial *self,
        guint         *n_run)
{
  if (swap_batches (self, *n_run < ITEMS_OF_STREAM))
    return TRUE;

  if (*n_run < ITEMS_OF_STREAM)
    return FALSE;

  *n_run = 0;
  g_thread_yield ();
  return swap_batches (self, TRUE);
}

static inline gpointer
get_target (ConvokeSerial *self)
{
  return __atomic_load_n (&self->target, __ATOMIC_ACQUIRE);
}

/* After an item that holds the queue. FALSE: it still does, and the drainer is no more. */
static G_NO_INLINE gboolean
go_on (ConvokeSerial *self)
{
  Hold held = HELD;

  if (__atomic_compare_exchange_n (&self->hold, &held, PARKED, FALSE, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
    return FALSE;

  __atomic_store_n (&self->hold, NOT_HELD, __ATOMIC_RELAXED);

  return TRUE;
}

static Turn
drain (ConvokeSerial *self)
{
  gpointer target = get_target (self);
  guint n_run = 0;

  do
    {
      for (guint i = 0; i < ITEMS_PER_TURN; i++, n_run++)
        {
          Item item;

          if (self->next == self->running.n)
            {
              if (!refill (self, &n_run))
                return ENDED;
              /* What was put after the change runs there. */
              if (G_UNLIKELY (get_target (self) != target))
                return YIELDED;
            }

          item = self->running.items[self->next++];
          item.func (item.data);
          if (G_UNLIKELY (__atomic_load_n (&self->hold, __ATOMIC_RELAXED) != NOT_HELD) && !go_on (self))
            return STOPPED;
        }
    }
  while (!self->funcs->has_queued (target));

  return YIELDED;
}

static void
drain_cb (gpointer data)
{
  ConvokeSerial *self = data;
  ConvokeSerial *below = current;
  Turn turn;

  self->below = below;
  current = self;
  turn = drain (self);
  current = below;

  /* From here on another thread may be the drainer. */
  if (turn == YIELDED)
    self->funcs->push (get_target (self), drain_cb, self);
  else if (turn == ENDED)
    convoke_serial_unref (self);
}

void
convoke_serial_hold (ConvokeSerial *self)
{
  g_assert (__atomic_load_n (&self->hold, __ATOMIC_RELAXED) == NOT_HELD);

  __atomic_store_n (&self->hold, HELD, __ATOMIC_RELAXED);
}

void
convoke_serial_release (ConvokeSerial *self)
{
  /* The drainer's reference is there until this says that it goes on. */
  if (__atomic_exchange_n (&self->hold, RELEASED, __ATOMIC_ACQ_REL) != PARKED)
    return;

  __atomic_store_n (&self->hold, NOT_HELD, __ATOMIC_RELAXED);
  self->funcs->push (get_target (self), drain_cb, self);
}

ConvokePool *
convoke_serial_get_pool (ConvokeSerial *self)
{
  return self->funcs == &convoke_pool_target_funcs ? get_target (self) : NULL;
}

void
convoke_serial_set_pool (ConvokeSerial *self,
                         ConvokePool   *pool)
{
  g_assert (self->funcs == &convoke_pool_target_funcs);

  __atomic_store_n (&self->target, pool, __ATOMIC_RELEASE);
}

void
convoke_serial_push (ConvokeSerial   *self,
                     ConvokeWorkFunc  func,
                     gpointer         data)
{
  gboolean start;

  if (G_UNLIKELY (convoke_check_forked (NULL)))
    return;

  convoke_lock_acquire (&self->lock);
  batch_add (&self->incoming, func, data);
  start = !self->draining;
  self->draining = TRUE;
  convoke_lock_release (&self->lock);

  /* The caller's reference covers this moment. */
  if (start)
    self->funcs->push (get_target (self), drain_cb, convoke_serial_ref (self));
}

gboolean
convoke_serial_is_current (ConvokeSerial *self)
{
  ConvokeSerial *inside = current;

  while (inside != NULL && inside != self)
    inside = inside->below;

  return inside != NULL;
}

gboolean
convoke_serial_is_inside (void)
{
  return current != NULL;
}

gboolean
convoke_serial_has_queued (ConvokeSerial *self)
{
  gboolean queued;

  if (self->next < self->running.n)
    return TRUE;

  convoke_lock_acquire (&self->lock);
  queued = self->incoming.n > 0;
  convoke_lock_release (&self->lock);

  return queued || self->funcs->has_queued (get_target (self));
}
