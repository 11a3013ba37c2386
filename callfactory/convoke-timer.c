/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A wheel of wheels under one lock and the thread that sleeps until something
 * is due. Whatever is armed, moved or disarmed costs the same however many
 * timers there are, and no memory.
 *
 * A time is a number of eleven digits to the base of 64, and the wheel has a
 * position, the time up to which everything was fired. A timer stands in a
 * list of its own level and slot: the level is the highest digit in which its
 * time differs from the position, the slot is its time's digit there. So all
 * of a lower level are due before any of a higher one, and on a level the
 * slots are in order. Level 0 has one list for each time. When the position
 * comes to a slot of a higher level, its timers move to the levels below.
 *
 * Timers of one time stand in one list at each moment, and lists are only
 * appended to, also when they move; so they fire in the order in which they
 * were armed. What is due before the position fires next.
 *
 * Disarming wakes nobody: a thread that then wakes too early sleeps again,
 * which is cheaper than a switch for each call that ends before its deadline.
 * It wakes too early, too, at the begin of a slot of many timers, whose first
 * is not known.
 */

#include "config.h"

#include "convoke-timer-private.h"

#include "convoke-fork-private.h"
#include "convoke-futex-private.h"
#include "convoke-identity-private.h"

#define IDLE_TIME   (2 * G_USEC_PER_SEC)
#define DIGIT_BITS  6
#define N_SLOTS     (1u << DIGIT_BITS)
#define N_LEVELS    11  /* 63 bits */
#define MOST_SEARCH 16  /* timers in which the first is looked for */
#define MOST_FIRED  32  /* at once */

typedef struct
{
  ConvokeTimer *first;
  ConvokeTimer *last;
} List;

static GMutex   lock;
static List     wheel[N_LEVELS * N_SLOTS];  /* LOCK: lock */
static guint64  used_slots[N_LEVELS];       /* LOCK: lock; a bit for each that is not empty */
static guint    used_levels;                /* LOCK: lock; the same of levels */
static gint64   position;                   /* LOCK: lock; never after now */
static gboolean running;                    /* LOCK: lock; the thread exists */
static gint64   wakes_at;                   /* LOCK: lock; when the sleeping thread looks again by itself */
static guint    n_changes;                  /* (atomic) written under the lock; the thread sleeps while it stays */

/* --- the wheel --- */

static inline guint
get_digit (gint64 time,
           guint  level)
{
  return (guint) (time >> (DIGIT_BITS * level)) & (N_SLOTS - 1);
}

static inline void
insert_locked (ConvokeTimer *timer)
{
  gint64 due = MAX (timer->due, position);
  guint level = (63 - __builtin_clzll ((due ^ position) | 1)) / DIGIT_BITS;
  guint slot = get_digit (due, level);
  List *list = &wheel[level * N_SLOTS + slot];

  timer->slot = level * N_SLOTS + slot + 1;
  timer->next = NULL;
  timer->previous = list->last;
  if (list->last != NULL)
    list->last->next = timer;
  else
    list->first = timer;
  list->last = timer;

  used_slots[level] |= G_GUINT64_CONSTANT (1) << slot;
  used_levels |= 1u << level;
}

static inline void
mark_empty_locked (guint level,
                   guint slot)
{
  used_slots[level] &= ~(G_GUINT64_CONSTANT (1) << slot);
  if (used_slots[level] == 0)
    used_levels &= ~(1u << level);
}

static inline void
remove_locked (ConvokeTimer *timer)
{
  guint index = timer->slot - 1;
  List *list = &wheel[index];

  if (timer->previous != NULL)
    timer->previous->next = timer->next;
  else
    list->first = timer->next;
  if (timer->next != NULL)
    timer->next->previous = timer->previous;
  else
    list->last = timer->previous;

  timer->slot = 0;
  if (list->first == NULL)
    mark_empty_locked (index / N_SLOTS, index % N_SLOTS);
}

/* The level and slot of the first timers. There are some. */
static inline guint
get_first_locked (guint *level)
{
  *level = __builtin_ctz (used_levels);

  return __builtin_ctzll (used_slots[*level]);
}

/* The earliest time that a slot has. */
static inline gint64
get_start_locked (guint level,
                  guint slot)
{
  guint above = DIGIT_BITS * (level + 1);
  gint64 high = above < 64 ? position >> above << above : 0;

  return high | (gint64) slot << (DIGIT_BITS * level);
}

/* Nothing is before @due, which is somewhere in that slot. */
static void
move_down_locked (guint  level,
                  guint  slot,
                  gint64 due)
{
  List *list = &wheel[level * N_SLOTS + slot];
  ConvokeTimer *timer = list->first;

  *list = (List) { NULL, NULL };
  mark_empty_locked (level, slot);
  position = due;

  while (timer != NULL)
    {
      ConvokeTimer *next = timer->next;

      if (next != NULL)
        __builtin_prefetch (next->next);
      insert_locked (timer);
      timer = next;
    }
}

/* Of a short list the first; of a long one the earliest time that it may have. */
static gint64
get_earliest_locked (guint level,
                     guint slot)
{
  gint64 earliest = G_MAXINT64;
  guint n = 0;

  for (ConvokeTimer *timer = wheel[level * N_SLOTS + slot].first; timer != NULL; timer = timer->next)
    {
      if (n++ == MOST_SEARCH)
        return get_start_locked (level, slot);
      earliest = MIN (earliest, timer->due);
    }

  return earliest;
}

/* When to look again; G_MAXINT64 for never. Brings the position forward, to now at most. */
static gint64
get_next_locked (gint64 now)
{
  while (used_levels != 0)
    {
      guint level;
      guint slot = get_first_locked (&level);
      gint64 start = get_start_locked (level, slot);
      gint64 earliest = level == 0 ? start : get_earliest_locked (level, slot);

      if (start > now)
        position = MAX (position, now);
      if (level == 0 || earliest > now)
        return earliest;

      move_down_locked (level, slot, earliest);
    }

  position = MAX (position, now);
  return G_MAXINT64;
}

/* Some of those that are due, in their order; they are disarmed. */
static guint
take_due_locked (gint64         now,
                 ConvokeTimer **fired)
{
  guint n = 0;

  while (n < MOST_FIRED && get_next_locked (now) <= now)
    {
      List *list;
      guint level;
      guint slot = get_first_locked (&level);

      position = get_start_locked (level, slot);
      list = &wheel[slot];
      while (n < MOST_FIRED && list->first != NULL)
        {
          fired[n] = list->first;
          remove_locked (fired[n++]);
        }
    }

  return n;
}

/* --- the thread --- */

/* TRUE: something fired, or may have to. FALSE: nothing was armed for a while. */
static gboolean
sleep_locked (gint64 now)
{
  gint64 next = get_next_locked (now);
  gboolean idle = used_levels == 0;
  guint seen = __atomic_load_n (&n_changes, __ATOMIC_RELAXED);
  gint64 until = idle ? now + IDLE_TIME : next;
  gboolean changed;

  wakes_at = until;
  g_mutex_unlock (&lock);
  changed = convoke_futex_wait (&n_changes, seen, until);
  g_mutex_lock (&lock);

  return changed || !idle || used_levels != 0;
}

static gpointer
thread_cb (gpointer data)
{
  gboolean wanted = TRUE;

  g_mutex_lock (&lock);
  while (wanted)
    {
      ConvokeTimer *fired[MOST_FIRED];
      gint64 now = g_get_monotonic_time ();
      guint n = take_due_locked (now, fired);

      if (n == 0)
        {
          wanted = sleep_locked (now);
          continue;
        }

      wakes_at = now;
      g_mutex_unlock (&lock);
      for (guint i = 0; i < n; i++)
        fired[i]->func (fired[i]);
      g_mutex_lock (&lock);
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
