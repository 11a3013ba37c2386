/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Whether work queues take anything. Starts and locks add to one sum, which
 * stops and unlocks take from; at zero the platform goes down. Who never starts
 * it has it running: the sum counts from the first start on.
 *
 * The two addends are kept apart for one reason: the last stop waits for locks,
 * and a stop before the last one does not.
 */

#include "config.h"

#include "convoke-platform-private.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-pool-private.h"
#include "convoke-serial-private.h"

#define MOST_FUNCS 8

gint convoke_platform_down;

static GMutex   lock;
static GCond    changed;        /* a sum got less, or a start came */
static gboolean was_started;    /* (atomic) written under the lock */
static guint    n_starts;       /* LOCK: lock */
static guint    n_locks;        /* LOCK: lock */
static guint    n_stopping;     /* LOCK: lock; threads that wait for locks */
static gint64   patience = G_USEC_PER_SEC / 2; /* LOCK: lock */
static void  (*funcs[MOST_FUNCS]) (void);      /* LOCK: lock */
static guint    n_funcs;        /* LOCK: lock */

static gboolean
is_down_locked (void)
{
  return g_atomic_int_get (&convoke_platform_down);
}

void
convoke_platform_set_shutdown (GError **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN,
                       "The platform of work queues was stopped: start it again first");
}

void
convoke_platform_add_shutdown_func (void (*func) (void))
{
  g_mutex_lock (&lock);
  g_assert (n_funcs < MOST_FUNCS);
  funcs[n_funcs++] = func;
  g_mutex_unlock (&lock);
}

void
convoke_platform_set_patience (gint64 time)
{
  g_mutex_lock (&lock);
  patience = time;
  g_mutex_unlock (&lock);
}

gboolean
convoke_platform_is_stopping (void)
{
  gboolean stopping;

  g_mutex_lock (&lock);
  stopping = n_stopping > 0;
  g_mutex_unlock (&lock);

  return stopping;
}

static void
run_funcs (void)
{
  void (*copies[MOST_FUNCS]) (void);
  guint n;

  g_mutex_lock (&lock);
  n = n_funcs;
  memcpy (copies, funcs, sizeof (copies));
  g_mutex_unlock (&lock);

  for (guint i = 0; i < n; i++)
    copies[i] ();
}

/* TRUE: it went down, and the functions have to be told. */
static gboolean
go_down_if_unused_locked (void)
{
  if (!was_started || n_starts + n_locks > 0 || is_down_locked ())
    return FALSE;

  g_atomic_int_set (&convoke_platform_down, TRUE);

  return TRUE;
}

/**
 * convoke_platform_start:
 * @version: the version that the program was written for,
 *   %CONVOKE_PLATFORM_VERSION
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Starts the platform of work queues once more, and makes it run again after it
 * went down (MF-25, MF-26).
 *
 * Nobody has to: a platform that was never started runs. Who starts it says that
 * the queues of the process may go down after the last
 * [func@Convoke.platform_stop]. Calls do not depend on it. Nothing is needed of
 * the calling thread and nothing changed about it (MF-27).
 *
 * Fails with %CONVOKE_ERROR_VERSION_MISMATCH for another version, and with
 * %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: %TRUE when it runs, and one more stop is needed
 *
 * Since: 0.1
 */
gboolean
convoke_platform_start (guint    version,
                        GError **error)
{
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  if (version != CONVOKE_PLATFORM_VERSION)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH,
                   "The platform of work queues has version %u, and not %u", CONVOKE_PLATFORM_VERSION, version);
      return FALSE;
    }

  convoke_fork_init ();
  g_mutex_lock (&lock);
  __atomic_store_n (&was_started, TRUE, __ATOMIC_RELAXED);
  n_starts++;
  g_atomic_int_set (&convoke_platform_down, FALSE);
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);

  return TRUE;
}

/* Until the locks are gone, or somebody started it again, or the time is over. */
static void
await_locks_locked (void)
{
  gint64 deadline = g_get_monotonic_time () + patience;

  /* What waits for a time or an object keeps results, and would be waited for in vain. */
  if (n_locks > 0)
    {
      g_mutex_unlock (&lock);
      run_funcs ();
      g_mutex_lock (&lock);
    }

  n_stopping++;
  while (n_starts == 0 && n_locks > 0)
    if (!g_cond_wait_until (&changed, &lock, deadline))
      break;
  n_stopping--;
}

/* TRUE: it went down. */
static gboolean
stop_locked (void)
{
  if (n_starts > 0)
    {
      if (--n_starts > 0)
        return FALSE;

      await_locks_locked ();
      if (n_starts > 0 || is_down_locked ())
        return FALSE;

      /* Also when locks are left. */
      g_atomic_int_set (&convoke_platform_down, TRUE);
      return TRUE;
    }

  if (n_locks > 0)
    n_locks--;

  return go_down_if_unused_locked ();
}

/**
 * convoke_platform_stop:
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Takes back one [func@Convoke.platform_start].
 *
 * The last one waits for those who have locked the platform, but not for long:
 * then it goes down all the same (MF-29). From then on queues take nothing and
 * are not allocated; both fail with %CONVOKE_ERROR_SHUTDOWN, until the platform
 * is started or locked again. What is queued still runs; what waits for a time
 * or for an object is dropped. A surplus stop does nothing (MF-25).
 *
 * Fails with %CONVOKE_ERROR_DEADLOCK in an item of a work queue, or elsewhere on
 * a thread of a queue (MF-28), and with %CONVOKE_ERROR_FORKED in a child made by
 * `fork()`. Nothing has changed then.
 *
 * Returns: %TRUE when it was stopped
 *
 * Since: 0.1
 */
gboolean
convoke_platform_stop (GError **error)
{
  gboolean down;

  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  if (convoke_pool_is_worker () || convoke_serial_is_inside ())
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_DEADLOCK,
                           "The platform of work queues cannot be stopped on a thread of a queue: it may wait for that "
                           "thread");
      return FALSE;
    }

  g_mutex_lock (&lock);
  down = stop_locked ();
  g_mutex_unlock (&lock);

  if (down)
    run_funcs ();

  return TRUE;
}

/**
 * convoke_platform_lock:
 *
 * Keeps the platform running, as a start does; and makes it run again after it
 * went down (MF-30).
 *
 * Since: 0.1
 */
void
convoke_platform_lock (void)
{
  if (convoke_check_forked (NULL))
    return;

  g_mutex_lock (&lock);
  n_locks++;
  g_atomic_int_set (&convoke_platform_down, FALSE);
  g_mutex_unlock (&lock);
}

/**
 * convoke_platform_unlock:
 *
 * Takes back one [func@Convoke.platform_lock]. Locks and starts are one sum: the
 * unlock after which nothing is left of either takes the platform down (MF-30),
 * and an unlock too many takes somebody else's start.
 *
 * Any thread may do that, also one of a queue.
 *
 * Since: 0.1
 */
void
convoke_platform_unlock (void)
{
  gboolean down;

  if (convoke_check_forked (NULL))
    return;

  g_mutex_lock (&lock);
  if (n_locks > 0)
    n_locks--;
  else if (n_starts > 0)
    n_starts--;
  g_cond_broadcast (&changed);
  down = go_down_if_unused_locked ();
  g_mutex_unlock (&lock);

  if (down)
    run_funcs ();
}

gboolean
convoke_platform_hold (void)
{
  gboolean held;

  /* Read without the lock: who makes something while another thread starts the platform can be before or after. */
  if (!__atomic_load_n (&was_started, __ATOMIC_RELAXED) || convoke_check_forked (NULL))
    return FALSE;

  g_mutex_lock (&lock);
  held = n_starts > 0;
  n_locks += held;
  g_mutex_unlock (&lock);

  return held;
}

/**
 * convoke_platform_is_running:
 *
 * Tells whether work queues take items.
 *
 * Returns: %FALSE from the last stop to the next start
 *
 * Since: 0.1
 */
gboolean
convoke_platform_is_running (void)
{
  return !g_atomic_int_get (&convoke_platform_down);
}
