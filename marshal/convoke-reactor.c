/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-identity-private.h"
#include "convoke-reactor-private.h"

/* A thread without a duty waits this long for the next one, in microseconds. */
#define IDLE_TIME G_USEC_PER_SEC

static GMutex      lock;
static GCond       spare_cond;
static GHashTable *watches;     /* LOCK: lock; id -> borrowed ConvokeWatch */
static guint64     last_id;     /* LOCK: lock */
static gboolean    running;     /* LOCK: lock; a thread is, or is about to be, the I/O thread */
static guint       n_spares;    /* LOCK: lock; threads that wait for a duty, or are about to */
static guint       n_wanted;    /* LOCK: lock; duties that wait for one of them */
static int         epoll_fd = -1;  /* LOCK: lock to make it; never closed */
static int         wake_fd = -1;   /* the same */

/* Odd while the I/O thread works; whoever moves it on from there decides who the I/O thread is. */
static guint       work_word;   /* atomic */

static __thread gboolean is_reactor;
static __thread guint    current_work;

/* --- the thread --- */

static ConvokeWatch *
hold_watch (guint64 id)
{
  ConvokeWatch *watch;

  g_mutex_lock (&lock);
  watch = g_hash_table_lookup (watches, &id);
  if (watch != NULL)
    watch->hold (watch);
  g_mutex_unlock (&lock);

  return watch;
}

static gboolean
is_over (void)
{
  gboolean over;

  g_mutex_lock (&lock);
  over = g_hash_table_size (watches) == 0;
  if (over)
    running = FALSE;
  g_mutex_unlock (&lock);

  return over;
}

/* One event at a time: what else is ready stays for whoever is the I/O thread then. */
static void
watch_all (void)
{
  is_reactor = TRUE;

  while (is_reactor)
    {
      struct epoll_event event;
      ConvokeWatch *watch;
      int n = epoll_wait (epoll_fd, &event, 1, -1);

      if (n <= 0)
        continue;

      watch = hold_watch (event.data.u64);
      if (watch != NULL)
        {
          watch->ready (watch, event.events);
          watch->drop (watch);
        }
      else if (is_over ())
        is_reactor = FALSE;
    }
}

/* The calling thread is among the spares. TRUE: there is a duty for it. */
static gboolean
wait_for_duty (void)
{
  gint64 until = g_get_monotonic_time () + IDLE_TIME;
  gboolean wanted;

  g_mutex_lock (&lock);
  while (n_wanted == 0 && g_cond_wait_until (&spare_cond, &lock, until))
    ;
  n_spares--;
  wanted = n_wanted > 0;
  if (wanted)
    n_wanted--;
  g_mutex_unlock (&lock);

  return wanted;
}

static gpointer
io_thread (gpointer data)
{
  while (wait_for_duty ())
    {
      watch_all ();

      g_mutex_lock (&lock);
      n_spares++;
      g_mutex_unlock (&lock);
    }

  return NULL;
}

static gboolean
ensure_spare_locked (GError **error)
{
  GThread *thread;

  if (n_spares > n_wanted)
    return TRUE;

  thread = convoke_identity_start_thread ("convoke-io", io_thread, NULL, error);
  if (thread == NULL)
    return FALSE;

  g_thread_unref (thread);
  n_spares++;
  return TRUE;
}

static void
give_duty_locked (void)
{
  n_wanted++;
  g_cond_signal (&spare_cond);
}

/* --- watches --- */

static gboolean
fail (const char  *what,
      GError     **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES, "Cannot %s: %s", what, g_strerror (errno));
  return FALSE;
}

static gboolean
ensure_set_locked (GError **error)
{
  struct epoll_event event = { .events = EPOLLIN | EPOLLET };

  if (watches == NULL)
    watches = g_hash_table_new (g_int64_hash, g_int64_equal);
  if (wake_fd < 0)
    wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (epoll_fd >= 0)
    return TRUE;
  if (wake_fd < 0)
    return fail ("make an event descriptor", error);

  epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (epoll_fd < 0)
    return fail ("watch descriptors", error);

  epoll_ctl (epoll_fd, EPOLL_CTL_ADD, wake_fd, &event);
  return TRUE;
}

static gboolean
add_locked (ConvokeWatch  *self,
            GError       **error)
{
  struct epoll_event event = { .events = EPOLLONESHOT };

  if (!ensure_set_locked (error))
    return FALSE;
  if (!running && !ensure_spare_locked (error))
    return FALSE;

  if (!running)
    give_duty_locked ();
  running = TRUE;
  self->id = ++last_id;
  event.data.u64 = self->id;
  g_hash_table_insert (watches, &self->id, self);
  if (epoll_ctl (epoll_fd, EPOLL_CTL_ADD, self->fd, &event) == 0)
    return TRUE;

  g_hash_table_remove (watches, &self->id);
  self->id = 0;
  return fail ("watch a descriptor", error);
}

gboolean
convoke_reactor_add (ConvokeWatch  *self,
                     GError       **error)
{
  gboolean ok;

  if (convoke_check_forked (error))
    return FALSE;

  g_mutex_lock (&lock);
  ok = add_locked (self, error);
  g_mutex_unlock (&lock);

  return ok;
}

void
convoke_reactor_arm (ConvokeWatch *self,
                     guint         events)
{
  struct epoll_event event = { .events = events | EPOLLONESHOT, .data.u64 = self->id };

  /* A forked child shares the set with its parent. */
  if (!convoke_check_forked (NULL))
    epoll_ctl (epoll_fd, EPOLL_CTL_MOD, self->fd, &event);
}

void
convoke_reactor_remove (ConvokeWatch *self)
{
  guint64 one = 1;

  if (self->id == 0 || convoke_check_forked (NULL))
    return;

  g_mutex_lock (&lock);
  epoll_ctl (epoll_fd, EPOLL_CTL_DEL, self->fd, NULL);
  g_hash_table_remove (watches, &self->id);
  self->id = 0;
  /* Without anything to watch the thread goes. */
  if (g_hash_table_size (watches) == 0 && write (wake_fd, &one, sizeof one) < 0)
    g_assert (errno == EAGAIN);
  g_mutex_unlock (&lock);
}

/* --- work --- */

guint
convoke_reactor_begin_work (void)
{
  if (!is_reactor || current_work != 0)
    return 0;

  current_work = __atomic_add_fetch (&work_word, 1, __ATOMIC_SEQ_CST);
  return current_work;
}

/* TRUE for the one who ends the work. */
static gboolean
claim_work (guint work)
{
  return __atomic_compare_exchange_n (&work_word, &work, work + 1, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

void
convoke_reactor_end_work (guint work)
{
  if (work == 0)
    return;

  current_work = 0;
  if (!claim_work (work))
    is_reactor = FALSE;
}

void
convoke_reactor_relieve (guint work)
{
  if (work == 0 || __atomic_load_n (&work_word, __ATOMIC_SEQ_CST) != work)
    return;

  /* Where no thread can be had, this one goes on when it is done. */
  g_mutex_lock (&lock);
  if (ensure_spare_locked (NULL) && claim_work (work))
    give_duty_locked ();
  g_mutex_unlock (&lock);
}
