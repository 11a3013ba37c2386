/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A binary heap under one lock and the thread that sleeps until its first
 * entry. Entries of one due time fire in the order in which they were armed.
 * Disarming wakes nobody: a thread that then wakes too early sleeps again,
 * which is cheaper than a switch for each call that ends before its deadline.
 */

#include "config.h"

#include "convoke-timer-private.h"

#include "convoke-fork-private.h"
#include "convoke-futex-private.h"
#include "convoke-identity-private.h"

#define IDLE_TIME (2 * G_USEC_PER_SEC)

typedef struct
{
  gint64        due;
  guint64       number; /* of arming */
  ConvokeTimer *timer;  /* (unowned) */
} Entry;

static GMutex   lock;
static Entry   *heap;          /* LOCK: lock; entry 0 is not used, so that slot 0 means "not armed" */
static gsize    n_entries;     /* LOCK: lock */
static gsize    n_allocated;   /* LOCK: lock */
static guint64  next_number;   /* LOCK: lock */
static gboolean running;       /* LOCK: lock; the thread exists */
static gint64   wakes_at;      /* LOCK: lock; when the sleeping thread looks again by itself */
static guint    n_changes;     /* (atomic) written under the lock; the thread sleeps while it stays */

static inline gboolean
is_before (const Entry *a,
           const Entry *b)
{
  return a->due < b->due || (a->due == b->due && a->number < b->number);
}

static inline void
put_entry_locked (gsize slot,
                  Entry entry)
{
  heap[slot] = entry;
  entry.timer->slot = slot;
}

static void
sift_up_locked (gsize slot)
{
  Entry entry = heap[slot];

  while (slot > 1 && is_before (&entry, &heap[slot / 2]))
    {
      put_entry_locked (slot, heap[slot / 2]);
      slot /= 2;
    }

  put_entry_locked (slot, entry);
}

static void
sift_down_locked (gsize slot)
{
  Entry entry = heap[slot];

  while (2 * slot <= n_entries)
    {
      gsize child = 2 * slot;

      if (child < n_entries && is_before (&heap[child + 1], &heap[child]))
        child++;
      if (!is_before (&heap[child], &entry))
        break;

      put_entry_locked (slot, heap[child]);
      slot = child;
    }

  put_entry_locked (slot, entry);
}

static void
insert_locked (ConvokeTimer *timer)
{
  if (n_entries + 2 > n_allocated)
    {
      n_allocated = MAX (64, 2 * n_allocated);
      heap = g_renew (Entry, heap, n_allocated);
    }

  n_entries++;
  heap[n_entries] = (Entry) { timer->due, next_number++, timer };
  sift_up_locked (n_entries);
}

static void
remove_locked (ConvokeTimer *timer)
{
  gsize slot = timer->slot;
  Entry last = heap[n_entries--];

  timer->slot = 0;
  if (last.timer == timer)
    return;

  heap[slot] = last;
  sift_up_locked (slot);
  sift_down_locked (last.timer->slot);
}

/* TRUE: something fired, or may have to. FALSE: nothing was armed for a while. */
static gboolean
sleep_locked (gint64 now)
{
  gboolean idle = n_entries == 0;
  guint seen = __atomic_load_n (&n_changes, __ATOMIC_RELAXED);
  gint64 until = idle ? now + IDLE_TIME : heap[1].due;
  gboolean changed;

  wakes_at = until;
  g_mutex_unlock (&lock);
  changed = convoke_futex_wait (&n_changes, seen, until);
  g_mutex_lock (&lock);

  return changed || !idle || n_entries > 0;
}

static gpointer
thread_cb (gpointer data)
{
  gboolean wanted = TRUE;

  g_mutex_lock (&lock);
  while (wanted)
    {
      gint64 now = g_get_monotonic_time ();

      if (n_entries > 0 && heap[1].due <= now)
        {
          ConvokeTimer *timer = heap[1].timer;
          ConvokeTimerFunc func = timer->func;

          remove_locked (timer);
          wakes_at = now;
          g_mutex_unlock (&lock);
          func (timer);
          g_mutex_lock (&lock);
        }
      else
        wanted = sleep_locked (now);
    }
  running = FALSE;
  g_mutex_unlock (&lock);

  return NULL;
}

static void
start_thread (void)
{
  g_autoptr (GError) error = NULL;
  GThread *thread = convoke_identity_start_thread ("convoke-timer", thread_cb, NULL, &error);

  if (thread == NULL)
    g_error ("Cannot start the thread of the timers: %s", error->message);

  g_thread_unref (thread);
}

gboolean
convoke_timer_arm (ConvokeTimer *self,
                   gint64        due)
{
  gboolean was_armed, wake, start;

  convoke_fork_init ();
  if (convoke_check_forked (NULL))
    return FALSE;

  g_mutex_lock (&lock);
  was_armed = self->slot != 0;
  if (was_armed)
    remove_locked (self);
  self->due = due;
  insert_locked (self);
  start = !running;
  wake = running && due < wakes_at;
  if (start || wake)
    wakes_at = due;
  if (wake)
    __atomic_store_n (&n_changes, n_changes + 1, __ATOMIC_RELEASE);
  running = TRUE;
  g_mutex_unlock (&lock);

  if (start)
    start_thread ();
  else if (wake)
    convoke_futex_wake (&n_changes, 1);

  return was_armed;
}

gboolean
convoke_timer_disarm (ConvokeTimer *self)
{
  gboolean was_armed;

  if (convoke_check_forked (NULL))
    return FALSE;

  g_mutex_lock (&lock);
  was_armed = self->slot != 0;
  if (was_armed)
    remove_locked (self);
  g_mutex_unlock (&lock);

  return was_armed;
}
