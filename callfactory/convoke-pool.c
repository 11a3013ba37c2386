/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One growable ring of items and one stack of parked workers, under one lock.
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
  Worker  *next;      /* (unowned) LOCK: lock; in the stack of parked workers */
  guint    started;   /* (atomic) written under the lock; it sleeps while this is 0 */
  guint    parked_at; /* LOCK: lock; the reaper's tick */
  gboolean retired;   /* LOCK: lock; it is counted no more and only has to end */
  guint    n_waits;   /* waits around each other, on this thread only */
};

#define MOST_AT_ONCE 8

/* What has to be done once the lock is gone. */
typedef struct
{
  guint       n_threads;
  guint       n_woken;
  gboolean    monitor;
  const guint *woken[MOST_AT_ONCE]; /* addresses to wake; the workers may be gone by then */
} Start;

static GMutex       lock;
static Item        *ring;                          /* LOCK: lock */
static gsize        ring_size;                     /* LOCK: lock; a power of two, or 0 */
static gsize        ring_head;                     /* LOCK: lock; counts up for ever */
static gsize        ring_tail;                     /* LOCK: lock */
static ConvokeWorkLink  *links;                    /* LOCK: lock */
static ConvokeWorkLink **links_end = &links;       /* LOCK: lock; where the next one goes */
static gsize        n_more_links;                  /* LOCK: lock; links beyond the first of each run */
static Worker      *parked;                        /* LOCK: lock */
static guint        n_workers;                     /* LOCK: lock */
static guint        n_parked;                      /* LOCK: lock */
static guint        n_waiting;                     /* LOCK: lock */
static guint        n_coming;                      /* LOCK: lock; started, but took no item yet */
static guint64      n_ended;                       /* LOCK: lock; items that were run to their end */
static guint        n_processors;                  /* LOCK: lock; 0: not asked yet */
static guint        limit = DEFAULT_LIMIT;         /* LOCK: lock */
static gint64       idle_time = DEFAULT_IDLE_TIME; /* LOCK: lock */

static gboolean     monitor_armed;                 /* LOCK: lock */
static guint        monitor_quiet;                 /* LOCK: lock; ticks since an item was seen waiting */
static guint        monitor_step;                  /* LOCK: lock; workers to start at the next tick without progress */
static guint64      monitor_ended;                 /* LOCK: lock; n_ended at the last tick */

static gboolean     reaper_armed;                  /* LOCK: lock; while any worker is parked */
static guint        reaper_ticks;                  /* LOCK: lock */

static __thread Worker *current;

static void     monitor_cb (ConvokeTimer *timer);
static void     reaper_cb  (ConvokeTimer *timer);
static gpointer worker_cb  (gpointer      data);

static ConvokeTimer monitor = { .func = monitor_cb };
static ConvokeTimer reaper = { .func = reaper_cb };

static inline gsize
n_queued_locked (void)
{
  return ring_tail - ring_head + n_more_links;
}

static inline gsize
n_entries_locked (void)
{
  return ring_tail - ring_head;
}

static inline guint
n_busy_locked (void)
{
  return n_workers - n_parked - n_waiting;
}

static void
ring_resize_locked (gsize size)
{
  Item *items = g_new (Item, size);
  gsize n = n_entries_locked ();

  for (gsize i = 0; i < n; i++)
    items[i] = ring[(ring_head + i) & (ring_size - 1)];

  g_free (ring);
  ring = items;
  ring_size = size;
  ring_head = 0;
  ring_tail = n;
}

static inline void
ring_add_locked (ConvokeWorkFunc func,
                 gpointer        data)
{
  if (G_UNLIKELY (n_entries_locked () == ring_size))
    ring_resize_locked (MAX (SMALL_RING, 2 * ring_size));

  ring[ring_tail++ & (ring_size - 1)] = (Item) { func, data };
}

static inline void
link_add_locked (ConvokeWorkFunc  func,
                 ConvokeWorkLink *link)
{
  Item *last = n_entries_locked () > 0 ? &ring[(ring_tail - 1) & (ring_size - 1)] : NULL;

  link->next = NULL;
  *links_end = link;
  links_end = &link->next;

  if (last == NULL || last->func != func || !IS_RUN (last->data))
    {
      ring_add_locked (func, RUN_OF (1));
      return;
    }

  last->data = RUN_OF (RUN_LENGTH (last->data) + 1);
  n_more_links++;
}

static inline gpointer
take_link_locked (void)
{
  ConvokeWorkLink *link = links;

  links = link->next;
  if (links == NULL)
    links_end = &links;

  return link;
}

static inline Item
take_locked (void)
{
  Item *first = &ring[ring_head & (ring_size - 1)];
  Item item = *first;

  if (!IS_RUN (item.data) || RUN_LENGTH (item.data) == 1)
    ring_head++;
  else
    {
      first->data = RUN_OF (RUN_LENGTH (item.data) - 1);
      n_more_links--;
    }
  if (IS_RUN (item.data))
    item.data = take_link_locked ();

  return item;
}

static inline gboolean
can_start_locked (const Start *start,
                  guint        most_busy)
{
  /* Each worker that is coming takes one item. */
  return n_queued_locked () > n_coming && n_busy_locked () < most_busy
         && start->n_threads + start->n_woken < MOST_AT_ONCE;
}

static void
unpark_locked (Worker *worker)
{
  n_parked--;
  __atomic_store_n (&worker->started, 1, __ATOMIC_RELEASE);
}

static void
start_one_locked (Start *start)
{
  Worker *worker = parked;

  n_coming++;

  if (worker == NULL)
    {
      n_workers++;
      start->n_threads++;
      return;
    }

  parked = worker->next;
  unpark_locked (worker);
  start->woken[start->n_woken++] = &worker->started;
}

static void
start_some_locked (Start *start)
{
  while (can_start_locked (start, MIN (limit, n_processors)))
    start_one_locked (start);

  if (!monitor_armed && n_queued_locked () > n_coming && n_busy_locked () < limit)
    {
      monitor_armed = TRUE;
      monitor_quiet = 0;
      monitor_step = 1;
      monitor_ended = n_ended;
      start->monitor = TRUE;
    }
}

static void
start_threads (guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GThread) thread = convoke_identity_start_thread ("convoke-worker", worker_cb, NULL, &error);
      guint n_left;

      if (thread != NULL)
        continue;

      g_mutex_lock (&lock);
      n_coming--;
      n_left = --n_workers;
      g_mutex_unlock (&lock);

      /* The others will do; without any, what is queued could neither run nor fail. */
      if (n_left == 0)
        g_error ("Cannot start a worker: %s", error->message);
    }
}

static inline void
finish_start (const Start *start)
{
  for (guint i = 0; i < start->n_woken; i++)
    convoke_futex_wake (start->woken[i], 1);

  if (G_UNLIKELY (start->monitor))
    convoke_timer_arm (&monitor, g_get_monotonic_time () + TICK);
  if (G_UNLIKELY (start->n_threads > 0))
    start_threads (start->n_threads);
}

/* The end of every critical section that may leave items in the ring. */
static void
unlock_and_start_some (void)
{
  Start start;

  /* Left uninitialised: the addresses, which the count covers. */
  start.n_threads = start.n_woken = 0;
  start.monitor = FALSE;

  start_some_locked (&start);
  g_mutex_unlock (&lock);
  finish_start (&start);
}

static void
monitor_cb (ConvokeTimer *timer)
{
  Start start = { 0, };
  gboolean again;

  g_mutex_lock (&lock);
  monitor_quiet = n_queued_locked () == 0 ? monitor_quiet + 1 : 0;
  if (n_ended != monitor_ended)
    monitor_step = 1;
  else
    {
      for (guint i = 0; i < monitor_step && can_start_locked (&start, limit); i++)
        start_one_locked (&start);
      monitor_step = MIN (2 * monitor_step, MOST_AT_ONCE);
    }
  monitor_ended = n_ended;
  monitor_armed = again = monitor_quiet < QUIET_TICKS && n_busy_locked () < limit;
  g_mutex_unlock (&lock);

  finish_start (&start);
  if (again)
    convoke_timer_arm (timer, g_get_monotonic_time () + TICK);
}

/* Sends workers home that have been parked for the idle time; the most recently parked come first. */
static void
reap_locked (Start *start)
{
  Worker **link = &parked;

  while (*link != NULL && reaper_ticks - (*link)->parked_at <= TICKS_UNTIL_IDLE)
    link = &(*link)->next;

  while (*link != NULL && start->n_woken < MOST_AT_ONCE)
    {
      Worker *worker = *link;

      *link = worker->next;
      worker->retired = TRUE;
      n_workers--;
      start->woken[start->n_woken++] = &worker->started;
      unpark_locked (worker);
    }
}

static void
reaper_cb (ConvokeTimer *timer)
{
  Start start = { 0, };
  gint64 due;
  gboolean again;

  g_mutex_lock (&lock);
  reaper_ticks++;
  reap_locked (&start);
  reaper_armed = again = n_parked > 0;
  due = g_get_monotonic_time () + idle_time / TICKS_UNTIL_IDLE;
  g_mutex_unlock (&lock);

  finish_start (&start);
  if (again)
    convoke_timer_arm (timer, due);
}

/* FALSE: nobody needed this worker for a while. */
static gboolean
park_locked (Worker *self)
{
  gboolean arm = !reaper_armed;
  gint64 time = idle_time;

  __atomic_store_n (&self->started, 0, __ATOMIC_RELAXED);
  self->parked_at = reaper_ticks;
  self->next = parked;
  parked = self;
  n_parked++;
  reaper_armed = TRUE;
  g_mutex_unlock (&lock);

  if (G_UNLIKELY (arm))
    convoke_timer_arm (&reaper, g_get_monotonic_time () + time / TICKS_UNTIL_IDLE);
  while (__atomic_load_n (&self->started, __ATOMIC_ACQUIRE) == 0)
    convoke_futex_wait (&self->started, 0, -1);

  g_mutex_lock (&lock);

  return !self->retired;
}

static void
run_one_locked (void)
{
  Item item = take_locked ();

  if (n_queued_locked () > n_coming)
    unlock_and_start_some ();
  else
    g_mutex_unlock (&lock);

  item.func (item.data);

  g_mutex_lock (&lock);
  n_ended++;
}

static gpointer
worker_cb (gpointer data)
{
  Worker self = { NULL, };

  current = &self;

  g_mutex_lock (&lock);
  do
    {
      n_coming--;
      /* More can be busy than the limit allows when waits end; the surplus parks. */
      while (n_queued_locked () > 0 && n_busy_locked () <= limit)
        run_one_locked ();
    }
  while (park_locked (&self));

  if (n_workers == 0 && n_queued_locked () == 0)
    {
      g_clear_pointer (&ring, g_free);
      ring_size = 0;
    }
  g_mutex_unlock (&lock);

  return NULL;
}

static inline void
lock_for_push (void)
{
  g_mutex_lock (&lock);
  if (G_LIKELY (n_processors > 0))
    return;

  convoke_fork_init ();
  n_processors = g_get_num_processors ();
}

static inline void
unlock_after_push (void)
{
  if (n_queued_locked () > n_coming)
    unlock_and_start_some ();
  else
    g_mutex_unlock (&lock);
}

void
convoke_pool_push (ConvokeWorkFunc func,
                   gpointer        data)
{
  if (convoke_check_forked (NULL))
    return;

  lock_for_push ();
  ring_add_locked (func, data);
  unlock_after_push ();
}

void
convoke_pool_push_link (ConvokeWorkFunc  func,
                        ConvokeWorkLink *link)
{
  if (convoke_check_forked (NULL))
    return;

  lock_for_push ();
  link_add_locked (func, link);
  unlock_after_push ();
}

gboolean
convoke_pool_has_queued (void)
{
  gboolean queued;

  g_mutex_lock (&lock);
  queued = n_queued_locked () > 0;
  g_mutex_unlock (&lock);

  return queued;
}

void
convoke_pool_wait_enter (void)
{
  if (current == NULL || convoke_check_forked (NULL) || current->n_waits++ > 0)
    return;

  g_mutex_lock (&lock);
  n_waiting++;
  unlock_and_start_some ();
}

void
convoke_pool_wait_leave (void)
{
  if (current == NULL || convoke_check_forked (NULL) || --current->n_waits > 0)
    return;

  g_mutex_lock (&lock);
  n_waiting--;
  g_mutex_unlock (&lock);
}

gboolean
convoke_pool_is_full (guint *n_busy)
{
  guint busy;
  gboolean full;

  if (convoke_check_forked (NULL))
    return FALSE;

  g_mutex_lock (&lock);
  busy = n_busy_locked ();
  full = n_queued_locked () > n_coming && busy >= limit;
  g_mutex_unlock (&lock);

  if (n_busy != NULL)
    *n_busy = busy;

  return full;
}

guint
convoke_pool_get_limit (void)
{
  guint n;

  g_mutex_lock (&lock);
  n = limit;
  g_mutex_unlock (&lock);

  return n;
}

void
convoke_pool_set_limit (guint n)
{
  g_assert (n > 0);

  g_mutex_lock (&lock);
  limit = n;
  unlock_and_start_some ();
}

guint
convoke_pool_get_n_threads (void)
{
  guint n;

  g_mutex_lock (&lock);
  n = n_workers;
  g_mutex_unlock (&lock);

  return n;
}

void
convoke_pool_set_idle_time (gint64 time)
{
  gboolean armed;

  g_mutex_lock (&lock);
  idle_time = time;
  armed = reaper_armed;
  g_mutex_unlock (&lock);

  if (armed)
    convoke_timer_arm (&reaper, g_get_monotonic_time () + time / TICKS_UNTIL_IDLE);
}

static void
target_push (gpointer        target,
             ConvokeWorkFunc func,
             gpointer        data)
{
  convoke_pool_push (func, data);
}

static gboolean
target_has_queued (gpointer target)
{
  return convoke_pool_has_queued ();
}

static void
target_unref (gpointer target)
{
}

const ConvokeTargetFuncs convoke_pool_target_funcs = { target_push, target_has_queued, target_unref };
