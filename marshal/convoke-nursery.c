/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One lock, the list of those who are watched, a queue of starts, and the
 * thread. It sleeps in poll () over a pipe of its own, by which whoever
 * changes something wakes it. With the last nurseling it ends; the next start
 * makes it anew.
 */

#include "config.h"

#include "convoke-nursery-private.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-identity-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <unistd.h>

typedef struct
{
  ConvokeNurseling   *nurseling;
  ConvokeNurseryFunc  func;
  gpointer            data;
  GError             *error;
  gboolean            good;
  gboolean            done;   /* LOCK: lock */
} Start;

static GMutex     lock;
static GCond      started;
static GPtrArray *nurselings;          /* LOCK: lock; (unowned entries); while the thread exists */
static GQueue     starts = G_QUEUE_INIT; /* LOCK: lock; of those who wait for them */
static gboolean   running;             /* LOCK: lock; the thread exists */
static int        wake_fds[2];         /* LOCK: lock; while the thread exists */

static void
wake_locked (void)
{
  /* A full pipe wakes as well. */
  if (running && write (wake_fds[1], "", 1) < 0)
    return;
}

/* --- the thread --- */

static void
run_start_locked (Start *start)
{
  g_mutex_unlock (&lock);
  start->good = start->func (start->data, &start->error);
  g_mutex_lock (&lock);

  if (start->good)
    g_ptr_array_add (nurselings, start->nurseling);
  start->done = TRUE;
  g_cond_broadcast (&started);
}

static GArray *
list_fds_locked (void)
{
  GArray *fds = g_array_sized_new (FALSE, FALSE, sizeof (struct pollfd), nurselings->len + 1);
  struct pollfd wake = { .fd = wake_fds[0], .events = POLLIN };

  g_array_append_val (fds, wake);
  for (guint i = 0; i < nurselings->len; i++)
    {
      ConvokeNurseling *nurseling = nurselings->pdata[i];
      struct pollfd fd = { .fd = nurseling->fd, .events = POLLIN };

      if (fd.fd >= 0)
        g_array_append_val (fds, fd);
    }

  return fds;
}

static gboolean
is_ready (GArray *fds,
          int     fd)
{
  for (guint i = 1; i < fds->len; i++)
    {
      struct pollfd *polled = &g_array_index (fds, struct pollfd, i);

      if (polled->fd == fd)
        return polled->revents != 0;
    }

  return FALSE;
}

/* A descriptor can have been closed and its number given out again while we slept: ready () finds nothing then. */
static void
dispatch_locked (GArray *fds)
{
  for (guint i = nurselings->len; i > 0; i--)
    {
      ConvokeNurseling *nurseling = nurselings->pdata[i - 1];

      if (nurseling->fd >= 0 && is_ready (fds, nurseling->fd) && !nurseling->ready (nurseling))
        g_ptr_array_remove_index (nurselings, i - 1);
    }
}

static void
sleep_locked (void)
{
  g_autoptr (GArray) fds = list_fds_locked ();
  char drained[64];

  g_mutex_unlock (&lock);
  /* What interrupts it shows in revents, or not at all. */
  if (poll ((struct pollfd *) fds->data, fds->len, -1) < 0)
    g_array_set_size (fds, 1);
  while (read (wake_fds[0], drained, sizeof drained) == (gssize) sizeof drained)
    ;
  g_mutex_lock (&lock);

  dispatch_locked (fds);
}

static gpointer
thread_cb (gpointer data)
{
  g_mutex_lock (&lock);
  while (!g_queue_is_empty (&starts) || nurselings->len > 0)
    {
      Start *start = g_queue_pop_head (&starts);

      if (start != NULL)
        run_start_locked (start);
      else
        sleep_locked ();
    }
  running = FALSE;
  close (wake_fds[0]);
  close (wake_fds[1]);
  g_clear_pointer (&nurselings, g_ptr_array_unref);
  g_mutex_unlock (&lock);

  return NULL;
}

static gboolean
ensure_thread_locked (GError **error)
{
  g_autoptr (GError) failed = NULL;
  GThread *thread;

  if (running)
    return TRUE;

  if (!g_unix_open_pipe (wake_fds, FD_CLOEXEC, &failed))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES, "No pipe for the thread of children: %s", failed->message);
      return FALSE;
    }
  g_unix_set_fd_nonblocking (wake_fds[0], TRUE, NULL);
  g_unix_set_fd_nonblocking (wake_fds[1], TRUE, NULL);

  nurselings = g_ptr_array_new ();
  running = TRUE;
  thread = convoke_identity_start_thread ("convoke-nursery", thread_cb, NULL, &failed);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return TRUE;
    }

  running = FALSE;
  close (wake_fds[0]);
  close (wake_fds[1]);
  g_clear_pointer (&nurselings, g_ptr_array_unref);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES, "No thread for children: %s", failed->message);
  return FALSE;
}

/* --- for the others --- */

gboolean
convoke_nursery_enter (ConvokeNurseling    *self,
                       ConvokeNurseryFunc   start,
                       gpointer             data,
                       GError             **error)
{
  Start mine = { .nurseling = self, .func = start, .data = data };

  convoke_fork_init ();
  if (convoke_check_forked (error))
    return FALSE;

  g_mutex_lock (&lock);
  /* Queued before the thread looks: it would end without anything to do. */
  g_queue_push_tail (&starts, &mine);
  if (!ensure_thread_locked (error))
    {
      g_queue_remove (&starts, &mine);
      g_mutex_unlock (&lock);
      return FALSE;
    }
  wake_locked ();
  while (!mine.done)
    g_cond_wait (&started, &lock);
  g_mutex_unlock (&lock);

  if (mine.error != NULL)
    g_propagate_error (error, mine.error);
  return mine.good;
}

void
convoke_nursery_leave (ConvokeNurseling *self)
{
  g_mutex_lock (&lock);
  if (nurselings != NULL && g_ptr_array_remove (nurselings, self))
    wake_locked ();
  g_mutex_unlock (&lock);
}

void
convoke_nursery_lock (void)
{
  g_mutex_lock (&lock);
}

void
convoke_nursery_unlock (void)
{
  g_mutex_unlock (&lock);
}

void
convoke_nursery_change (ConvokeNurseling *self,
                        int               fd,
                        gboolean        (*ready) (ConvokeNurseling *self))
{
  g_mutex_lock (&lock);
  self->fd = fd;
  self->ready = ready;
  wake_locked ();
  g_mutex_unlock (&lock);
}
