/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One growable ring of items and one stack of parked workers, under one lock;
 * two more rings for the items that go before or after all others. Calls and
 * most queues share one pool; there are others, of which the threads differ.
 *
 * A worker is "busy" when it is neither parked nor inside a wait of the
 * library; the limit bounds busy workers. Who queues an item starts a worker at
 * once (the one that parked last, else a new one) while fewer are busy than
 * there are processors: more would not run anyway if items are short. If they
 * are long, because they compute or block, nothing is completed for a tick of
 * the monitor while items are queued; it then starts one more worker, two at
 * the next such tick, then four, up to the limit. So ten thousand short items
 * run on a few threads and sixty-four blocking ones all at once.
 *
 * Whatever leaves an item in the ring makes sure that somebody will look again:
 * a worker that was started and did not take its item yet, the monitor, or, at
 * the limit, a busy worker that comes back.
 *
 * A parked worker sleeps without a time-out, which would cost the kernel more
 * than all the rest of falling asleep. The reaper, a timer, sends home those
 * that nobody needed for the idle time.
 *
 * Workers are detached and nobody joins them: a program may exit while an item
 * blocks for ever. In a forked child there are none and nothing runs.
 */

#include "config.h"

#include "convoke-target-private.h"

#include "convoke-fork-private.h"
#include "convoke-futex-private.h"
#include "convoke-identity-private.h"
#include "convoke-timer-private.h"

#define DEFAULT_LIMIT     64
#define DEFAULT_IDLE_TIME (5 * G_USEC_PER_SEC)
#define TICK              1500 /* microseconds */
#define QUIET_TICKS       4    /* for so long the monitor stays after the ring was emptied */
#define SMALL_RING        256
#define TICKS_UNTIL_IDLE  2    /* of the reaper */
#define ITEMS_OF_STREAM   64

/* One item; or, where the data is odd, a run of so many links that follow each other in the list of links. */
typedef struct
{
  ConvokeWorkFunc func;
  gpointer        data;
} Item;

#define RUN_OF(n)    GSIZE_TO_POINTER ((gsize) (n) << 1 | 1)
#define IS_RUN(data) ((GPOINTER_TO_SIZE (data) & 1) != 0)
#define RUN_LENGTH(data) (GPOINTER_TO_SIZE (data) >> 1)

typedef struct _Worker Worker;

struct _Worker
{
  ConvokePool *pool;  /* constant */
  Worker  *next;      /* (unowned) LOCK: lock; in the stack of parked workers */
  guint    started;   /* (atomic) written under the lock; it sleeps while this is 0 */
  guint    parked_at; /* LOCK: lock; the reaper's tick */
  gboolean retired;   /* LOCK: lock; it is counted no more and only has to end */
  guint    n_waits;   /* waits around each other, on this thread only */
};

#define MOST_AT_ONCE 8

#define POOL_OF(timer, member) ((ConvokePool *) ((char *) (timer) - G_STRUCT_OFFSET (ConvokePool, member)))

/* What has to be done once the lock is gone. */
typedef struct
{
  guint       n_threads;
  guint       n_woken;
  gboolean    monitor;
  const guint *woken[MOST_AT_ONCE]; /* addresses to wake; the workers may be gone by then */
} Start;

/* A growing ring of items. */
typedef struct
{
  Item  *items;
  gsize  size;   /* a power of two, or 0 */
  gsize  head;   /* counts up for ever */
  gsize  tail;
} Ring;

struct _ConvokePool
{
  GMutex            lock;
  Ring              ring;            /* LOCK: lock; the items of no special priority, and all links */
  ConvokeWorkLink  *links;           /* LOCK: lock */
  ConvokeWorkLink **links_end;       /* LOCK: lock; where the next one goes; NULL: at the beginning */
  Ring              sooner;          /* LOCK: lock */
  Ring              later;           /* LOCK: lock */
  gsize             n_more;          /* LOCK: lock; links beyond the first of each run, and items in the last two rings */
  Worker           *parked;          /* LOCK: lock */
  guint             n_workers;       /* LOCK: lock */
  guint             n_parked;        /* LOCK: lock */
  guint             n_waiting;       /* LOCK: lock */
  guint             n_coming;        /* LOCK: lock; started, but took no item yet */
  guint64           n_ended;         /* LOCK: lock; items that were run to their end */
  guint             n_processors;    /* LOCK: lock; 0: not asked yet */
  guint             limit;           /* LOCK: lock */
  gint64            idle_time;       /* LOCK: lock */

  ConvokeTimer      monitor;
  gboolean          monitor_armed;   /* LOCK: lock */
  guint             monitor_quiet;   /* LOCK: lock; ticks since an item was seen waiting */
  guint             monitor_step;    /* LOCK: lock; workers to start at the next tick without progress */
  guint64           monitor_ended;   /* LOCK: lock; n_ended at the last tick */

  ConvokeTimer      reaper;
  gboolean          reaper_armed;    /* LOCK: lock; while any worker is parked */
  guint             reaper_ticks;    /* LOCK: lock */

  const char       *name;            /* constant; of its threads */
  ConvokeWorkFunc   prepare;         /* (nullable) constant; what a thread runs first */
  gpointer          prepare_data;    /* constant */
};

static __thread Worker *current;

static void     monitor_cb (ConvokeTimer *timer);
static void     reaper_cb  (ConvokeTimer *timer);
static gpointer worker_cb  (gpointer      data);

static ConvokePool default_pool = {
  .limit = DEFAULT_LIMIT,
  .idle_time = DEFAULT_IDLE_TIME,
  .monitor = { .func = monitor_cb },
  .reaper = { .func = reaper_cb },
  .name = "convoke-worker",
};

ConvokePool *
convoke_pool_get_default (void)
{
  return &default_pool;
}

ConvokePool *
convoke_pool_new (const char      *name,
                  guint            limit,
                  ConvokeWorkFunc  prepare,
                  gpointer         data)
{
  ConvokePool *self = g_new0 (ConvokePool, 1);

  g_mutex_init (&self->lock);
  self->limit = limit;
  self->idle_time = DEFAULT_IDLE_TIME;
  self->monitor.func = monitor_cb;
  self->reaper.func = reaper_cb;
  self->name = name;
  self->prepare = prepare;
  self->prepare_data = data;

  return self;
}

static inline gsize
n_queued_locked (const ConvokePool *self)
{
  return self->ring.tail - self->ring.head + self->n_more;
}

static inline guint
n_busy_locked (const ConvokePool *self)
{
  return self->n_workers - self->n_parked - self->n_waiting;
}

static void
ring_resize (Ring  *self,
             gsize  size)
{
  Item *items = g_new (Item, size);
  gsize n = self->tail - self->head;

  for (gsize i = 0; i < n; i++)
    items[i] = self->items[(self->head + i) & (self->size - 1)];

  g_free (self->items);
  *self = (Ring) { items, size, 0, n };
}

static inline void
ring_add (Ring            *self,
          ConvokeWorkFunc  func,
          gpointer         data)
{
  if (G_UNLIKELY (self->tail - self->head == self->size))
    ring_resize (self, MAX (SMALL_RING, 2 * self->size));

  self->items[self->tail++ & (self->size - 1)] = (Item) { func, data };
}

static inline Item
ring_take (Ring *self)
{
  return self->items[self->head++ & (self->size - 1)];
}

static inline gboolean
ring_is_empty (const Ring *self)
{
  return self->head == self->tail;
}

static void
ring_free (Ring *self)
{
  g_clear_pointer (&self->items, g_free);
  self->size = 0;
}

static inline void
link_add_locked (ConvokePool     *self,
                 ConvokeWorkFunc  func,
                 ConvokeWorkLink *link)
{
  Ring *ring = &self->ring;
  Item *last = !ring_is_empty (ring) ? &ring->items[(ring->tail - 1) & (ring->size - 1)] : NULL;

  link->next = NULL;
  if (self->links == NULL)
    self->links = link;
  else
    *self->links_end = link;
  self->links_end = &link->next;

  if (last == NULL || last->func != func || !IS_RUN (last->data))
    {
      ring_add (ring, func, RUN_OF (1));
      return;
    }

  last->data = RUN_OF (RUN_LENGTH (last->data) + 1);
  self->n_more++;
}

static inline gpointer
take_link_locked (ConvokePool *self)
{
  ConvokeWorkLink *link = self->links;

  self->links = link->next;

  return link;
}

static inline Item
take_first_locked (ConvokePool *self)
{
  Ring *ring = &self->ring;
  Item *first = &ring->items[ring->head & (ring->size - 1)];
  Item item = *first;

  if (!IS_RUN (item.data) || RUN_LENGTH (item.data) == 1)
    ring->head++;
  else
    {
      first->data = RUN_OF (RUN_LENGTH (item.data) - 1);
      self->n_more--;
    }
  if (IS_RUN (item.data))
    item.data = take_link_locked (self);

  return item;
}

static Item
take_special_locked (ConvokePool *self,
                     Ring        *ring)
{
  self->n_more--;

  return ring_take (ring);
}

static inline Item
take_locked (ConvokePool *self)
{
  if (G_UNLIKELY (!ring_is_empty (&self->sooner)))
    return take_special_locked (self, &self->sooner);
  if (G_LIKELY (!ring_is_empty (&self->ring)))
    return take_first_locked (self);

  return take_special_locked (self, &self->later);
}

static inline gboolean
can_start_locked (const ConvokePool *self,
                  const Start       *start,
                  guint              most_busy)
{
  /* Each worker that is coming takes one item. */
  return n_queued_locked (self) > self->n_coming && n_busy_locked (self) < most_busy
         && start->n_threads + start->n_woken < MOST_AT_ONCE;
}

static void
unpark_locked (ConvokePool *self,
               Worker      *worker)
{
  self->n_parked--;
  __atomic_store_n (&worker->started, 1, __ATOMIC_RELEASE);
}

static void
start_one_locked (ConvokePool *self,
                  Start       *start)
{
  Worker *worker = self->parked;

  self->n_coming++;

  if (worker == NULL)
    {
      self->n_workers++;
      start->n_threads++;
      return;
    }

  self->parked = worker->next;
  unpark_locked (self, worker);
  start->woken[start->n_woken++] = &worker->started;
}

static void
start_some_locked (ConvokePool *self,
                   Start       *start)
{
  while (can_start_locked (self, start, MIN (self->limit, self->n_processors)))
    start_one_locked (self, start);

  if (!self->monitor_armed && n_queued_locked (self) > self->n_coming && n_busy_locked (self) < self->limit)
    {
      self->monitor_armed = TRUE;
      self->monitor_quiet = 0;
      self->monitor_step = 1;
      self->monitor_ended = self->n_ended;
      start->monitor = TRUE;
    }
}

static void
start_threads (ConvokePool *self,
               guint        n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GThread) thread = convoke_identity_start_thread (self->name, worker_cb, self, &error);
      guint n_left;

      if (thread != NULL)
        continue;

      g_mutex_lock (&self->lock);
      self->n_coming--;
      n_left = --self->n_workers;
      g_mutex_unlock (&self->lock);

      /* The others will do; without any, what is queued could neither run nor fail. */
      if (n_left == 0)
        g_error ("Cannot start a worker: %s", error->message);
    }
}

static inline void
finish_start (ConvokePool *self,
              const Start *start)
{
  for (guint i = 0; i < start->n_woken; i++)
    convoke_futex_wake (start->woken[i], 1);

  if (G_UNLIKELY (start->monitor))
    convoke_timer_arm (&self->monitor, g_get_monotonic_time () + TICK);
  if (G_UNLIKELY (start->n_threads > 0))
    start_threads (self, start->n_threads);
}

/* The end of every critical section that may leave items in a ring. */
static void
unlock_and_start_some (ConvokePool *self)
{
  Start start;

  /* Left uninitialised: the addresses, which the count covers. */
  start.n_threads = start.n_woken = 0;
  start.monitor = FALSE;

  start_some_locked (self, &start);
  g_mutex_unlock (&self->lock);
  finish_start (self, &start);
}

static void
monitor_cb (ConvokeTimer *timer)
{
  ConvokePool *self = POOL_OF (timer, monitor);
  Start start = { 0, };
  gboolean again;

  g_mutex_lock (&self->lock);
  self->monitor_quiet = n_queued_locked (self) == 0 ? self->monitor_quiet + 1 : 0;
  if (self->n_ended != self->monitor_ended)
    self->monitor_step = 1;
  else
    {
      for (guint i = 0; i < self->monitor_step && can_start_locked (self, &start, self->limit); i++)
        start_one_locked (self, &start);
      self->monitor_step = MIN (2 * self->monitor_step, MOST_AT_ONCE);
    }
  self->monitor_ended = self->n_ended;
  self->monitor_armed = again = self->monitor_quiet < QUIET_TICKS && n_busy_locked (self) < self->limit;
  g_mutex_unlock (&self->lock);

  finish_start (self, &start);
  if (again)
    convoke_timer_arm (timer, g_get_monotonic_time () + TICK);
}

/* Sends workers home that have been parked for the idle time; the most recently parked come first. */
static void
reap_locked (ConvokePool *self,
             Start       *start)
{
  Worker **link = &self->parked;

  while (*link != NULL && self->reaper_ticks - (*link)->parked_at <= TICKS_UNTIL_IDLE)
    link = &(*link)->next;

  while (*link != NULL && start->n_woken < MOST_AT_ONCE)
    {
      Worker *worker = *link;

      *link = worker->next;
      worker->retired = TRUE;
      self->n_workers--;
      start->woken[start->n_woken++] = &worker->started;
      unpark_locked (self, worker);
    }
}

static void
reaper_cb (ConvokeTimer *timer)
{
  ConvokePool *self = POOL_OF (timer, reaper);
  Start start = { 0, };
  gint64 due;
  gboolean again;

  g_mutex_lock (&self->lock);
  self->reaper_ticks++;
  reap_locked (self, &start);
  self->reaper_armed = again = self->n_parked > 0;
  due = g_get_monotonic_time () + self->idle_time / TICKS_UNTIL_IDLE;
  g_mutex_unlock (&self->lock);

  finish_start (self, &start);
  if (again)
    convoke_timer_arm (timer, due);
}

/* FALSE: nobody needed this worker for a while. */
static gboolean
park_locked (ConvokePool *self,
             Worker      *worker)
{
  gboolean arm = !self->reaper_armed;
  gint64 time = self->idle_time;

  __atomic_store_n (&worker->started, 0, __ATOMIC_RELAXED);
  worker->parked_at = self->reaper_ticks;
  worker->next = self->parked;
  self->parked = worker;
  self->n_parked++;
  self->reaper_armed = TRUE;
  g_mutex_unlock (&self->lock);

  if (G_UNLIKELY (arm))
    convoke_timer_arm (&self->reaper, g_get_monotonic_time () + time / TICKS_UNTIL_IDLE);
  while (__atomic_load_n (&worker->started, __ATOMIC_ACQUIRE) == 0)
    convoke_futex_wait (&worker->started, 0, -1);

  g_mutex_lock (&self->lock);

  return !worker->retired;
}

static void
run_one_locked (ConvokePool *self)
{
  Item item = take_locked (self);

  if (n_queued_locked (self) > self->n_coming)
    unlock_and_start_some (self);
  else
    g_mutex_unlock (&self->lock);

  item.func (item.data);

  g_mutex_lock (&self->lock);
  self->n_ended++;
}

/* More can be busy than the limit allows when waits end; the surplus parks. */
static inline gboolean
may_run_locked (const ConvokePool *self)
{
  return n_queued_locked (self) > 0 && n_busy_locked (self) <= self->limit;
}

/*
 * A producer in full stream on the same core was probably interrupted between
 * two items. If the worker parked, the next item would wake it, and often for
 * that item alone. So after many items, and only then, it gives way once.
 */
static void
run_all_locked (ConvokePool *self)
{
  guint n_run;

  do
    {
      for (n_run = 0; may_run_locked (self); n_run++)
        run_one_locked (self);

      if (n_run >= ITEMS_OF_STREAM)
        {
          g_mutex_unlock (&self->lock);
          g_thread_yield ();
          g_mutex_lock (&self->lock);
        }
    }
  while (n_run >= ITEMS_OF_STREAM);
}

static gpointer
worker_cb (gpointer data)
{
  ConvokePool *self = data;
  Worker worker = { self, };

  current = &worker;
  if (self->prepare != NULL)
    self->prepare (self->prepare_data);

  g_mutex_lock (&self->lock);
  do
    {
      self->n_coming--;
      run_all_locked (self);
    }
  while (park_locked (self, &worker));

  if (self->n_workers == 0 && n_queued_locked (self) == 0)
    {
      ring_free (&self->ring);
      ring_free (&self->sooner);
      ring_free (&self->later);
    }
  g_mutex_unlock (&self->lock);

  return NULL;
}

static inline void
lock_for_push (ConvokePool *self)
{
  g_mutex_lock (&self->lock);
  if (G_LIKELY (self->n_processors > 0))
    return;

  convoke_fork_init ();
  self->n_processors = g_get_num_processors ();
}

static inline void
unlock_after_push (ConvokePool *self)
{
  if (n_queued_locked (self) > self->n_coming)
    unlock_and_start_some (self);
  else
    g_mutex_unlock (&self->lock);
}

static inline void
push (ConvokePool     *self,
      ConvokeWorkFunc  func,
      gpointer         data)
{
  if (convoke_check_forked (NULL))
    return;

  lock_for_push (self);
  ring_add (&self->ring, func, data);
  unlock_after_push (self);
}

void
convoke_pool_push (ConvokeWorkFunc func,
                   gpointer        data)
{
  push (&default_pool, func, data);
}

void
convoke_pool_push_to (ConvokePool     *self,
                      int              priority,
                      ConvokeWorkFunc  func,
                      gpointer         data)
{
  if (G_LIKELY (priority == 0))
    {
      push (self, func, data);
      return;
    }

  if (convoke_check_forked (NULL))
    return;

  lock_for_push (self);
  ring_add (priority > 0 ? &self->sooner : &self->later, func, data);
  self->n_more++;
  unlock_after_push (self);
}

void
convoke_pool_push_link (ConvokeWorkFunc  func,
                        ConvokeWorkLink *link)
{
  if (convoke_check_forked (NULL))
    return;

  lock_for_push (&default_pool);
  link_add_locked (&default_pool, func, link);
  unlock_after_push (&default_pool);
}

gboolean
convoke_pool_is_worker (void)
{
  return current != NULL;
}

void
convoke_pool_wait_enter (void)
{
  if (current == NULL || convoke_check_forked (NULL) || current->n_waits++ > 0)
    return;

  g_mutex_lock (&current->pool->lock);
  current->pool->n_waiting++;
  unlock_and_start_some (current->pool);
}

void
convoke_pool_wait_leave (void)
{
  if (current == NULL || convoke_check_forked (NULL) || --current->n_waits > 0)
    return;

  g_mutex_lock (&current->pool->lock);
  current->pool->n_waiting--;
  g_mutex_unlock (&current->pool->lock);
}

gboolean
convoke_pool_is_full (guint *n_busy)
{
  ConvokePool *self = &default_pool;
  guint busy;
  gboolean full;

  if (convoke_check_forked (NULL))
    return FALSE;

  g_mutex_lock (&self->lock);
  busy = n_busy_locked (self);
  full = n_queued_locked (self) > self->n_coming && busy >= self->limit;
  g_mutex_unlock (&self->lock);

  if (n_busy != NULL)
    *n_busy = busy;

  return full;
}

guint
convoke_pool_get_limit (void)
{
  guint n;

  g_mutex_lock (&default_pool.lock);
  n = default_pool.limit;
  g_mutex_unlock (&default_pool.lock);

  return n;
}

void
convoke_pool_set_limit (guint n)
{
  g_assert (n > 0);

  g_mutex_lock (&default_pool.lock);
  default_pool.limit = n;
  unlock_and_start_some (&default_pool);
}

guint
convoke_pool_get_n_threads (void)
{
  guint n;

  g_mutex_lock (&default_pool.lock);
  n = default_pool.n_workers;
  g_mutex_unlock (&default_pool.lock);

  return n;
}

void
convoke_pool_set_idle_time (gint64 time)
{
  gboolean armed;

  g_mutex_lock (&default_pool.lock);
  default_pool.idle_time = time;
  armed = default_pool.reaper_armed;
  g_mutex_unlock (&default_pool.lock);

  if (armed)
    convoke_timer_arm (&default_pool.reaper, g_get_monotonic_time () + time / TICKS_UNTIL_IDLE);
}

static void
target_push (gpointer        target,
             ConvokeWorkFunc func,
             gpointer        data)
{
  push (target, func, data);
}

static gboolean
target_has_queued (gpointer target)
{
  ConvokePool *self = target;
  gboolean queued;

  g_mutex_lock (&self->lock);
  queued = n_queued_locked (self) > 0;
  g_mutex_unlock (&self->lock);

  return queued;
}

static void
target_unref (gpointer target)
{
}

const ConvokeTargetFuncs convoke_pool_target_funcs = { target_push, target_has_queued, target_unref };
