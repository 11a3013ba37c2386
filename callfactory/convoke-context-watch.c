/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A main context for threads that run a loop of another kind.
 *
 * The context's own descriptors and a timer stand behind one epoll
 * descriptor. Between two dispatches the context is prepared and queried, as
 * it is before every poll of a GMainLoop; the poll itself is done by the
 * loop of the other kind.
 *
 * The context stays acquired as long as the watch lives, for two reasons:
 * GLib wakes a context for a source that is attached by another thread only
 * when it has an owner, and nobody else must iterate it meanwhile.
 */

#include "config.h"

#include "convoke-apartment.h"
#include "convoke-context-watch.h"
#include "convoke-error.h"

#include <errno.h>
#include <glib/gstdio.h>

#if CONVOKE_HAVE_EPOLL
#include <sys/epoll.h>
#include <sys/timerfd.h>
#endif

struct _ConvokeContextWatch
{
  GObject       parent_instance;

  /* All used by the one thread that iterates the context. */
  GMainContext *context;   /* (owned) (nullable): acquired; NULL until it is */
  GArray       *watched;   /* GPollFD: what the epoll descriptor holds, but for the timer */
  int           epoll_fd;
  int           timer_fd;
};

/**
 * ConvokeContextWatch:
 *
 * Lets a loop that is not GLib's serve a [struct@GLib.MainContext].
 *
 * The code of an object without declared threading runs where the main
 * context that it belongs to is iterated. A thread that runs a loop of
 * another kind (asyncio, libuv, a `poll()` of its own) makes a watch, adds
 * [method@ContextWatch.get_fd] to its loop, and calls
 * [method@ContextWatch.dispatch] whenever that is readable: calls to its own
 * objects, and everything else that is attached to the context, then run
 * there.
 *
 * A watch is used on the thread that made it.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeContextWatch, convoke_context_watch, G_TYPE_OBJECT)

#if CONVOKE_HAVE_EPOLL

static guint32
epoll_events (gushort condition)
{
  guint32 events = 0;

  if (condition & G_IO_IN)
    events |= EPOLLIN;
  if (condition & G_IO_OUT)
    events |= EPOLLOUT;
  if (condition & G_IO_PRI)
    events |= EPOLLPRI;

  return events;
}

static void
set_timer (ConvokeContextWatch *self,
           int                  milliseconds)
{
  struct itimerspec when = { 0, };

  /* A time of zero would disarm it. */
  if (milliseconds == 0)
    when.it_value.tv_nsec = 1;
  else if (milliseconds > 0)
    {
      when.it_value.tv_sec = milliseconds / 1000;
      when.it_value.tv_nsec = (milliseconds % 1000) * 1000000L;
    }

  /* Setting it also takes back an expiry that nobody read. */
  timerfd_settime (self->timer_fd, 0, &when, NULL);
}

/* FALSE: the descriptor is of a kind that is always ready. */
static gboolean
watch_fd (ConvokeContextWatch *self,
          const GPollFD       *poll_fd)
{
  struct epoll_event event = { .events = epoll_events (poll_fd->events), .data.fd = poll_fd->fd };

  /* The number can have been closed and given out again since, so what is held is never trusted. */
  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_MOD, poll_fd->fd, &event) == 0)
    return TRUE;

  return epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, poll_fd->fd, &event) == 0;
}

static gboolean
has_fd (GArray *poll_fds,
        int     fd)
{
  for (guint i = 0; i < poll_fds->len; i++)
    if (g_array_index (poll_fds, GPollFD, i).fd == fd)
      return TRUE;

  return FALSE;
}

static GArray *
query (ConvokeContextWatch *self,
       int                  priority,
       int                 *timeout)
{
  GArray *poll_fds = g_array_new (FALSE, FALSE, sizeof (GPollFD));
  guint n;

  g_array_set_size (poll_fds, self->watched->len + 1);
  while ((n = g_main_context_query (self->context, priority, timeout,
                                    (GPollFD *) poll_fds->data, poll_fds->len)) > poll_fds->len)
    g_array_set_size (poll_fds, n);
  g_array_set_size (poll_fds, n);

  return poll_fds;
}

/* Makes the descriptor readable for whatever comes next on the context. */
static void
arm (ConvokeContextWatch *self)
{
  g_autoptr (GArray) wanted = NULL;
  int priority;
  int timeout;
  gboolean ready = g_main_context_prepare (self->context, &priority);

  wanted = query (self, priority, &timeout);

  for (guint i = 0; i < self->watched->len; i++)
    {
      int fd = g_array_index (self->watched, GPollFD, i).fd;

      if (!has_fd (wanted, fd))
        epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
    }
  for (guint i = 0; i < wanted->len; i++)
    ready |= !watch_fd (self, &g_array_index (wanted, GPollFD, i));

  g_array_unref (self->watched);
  self->watched = g_steal_pointer (&wanted);
  set_timer (self, ready ? 0 : timeout);
}

static gboolean
open_fds (ConvokeContextWatch  *self,
          GError              **error)
{
  struct epoll_event event = { .events = EPOLLIN };

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->timer_fd = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  event.data.fd = self->timer_fd;
  if (self->epoll_fd >= 0 && self->timer_fd >= 0
      && epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, self->timer_fd, &event) == 0)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
               "No descriptor for a main context: %s", g_strerror (errno));
  return FALSE;
}

#else

static void
arm (ConvokeContextWatch *self)
{
}

static gboolean
open_fds (ConvokeContextWatch  *self,
          GError              **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                       "This system has no descriptor for several others");
  return FALSE;
}

#endif

static gboolean
acquire (ConvokeContextWatch  *self,
         GMainContext         *context,
         GError              **error)
{
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_new_for_context (context);

  if (convoke_apartment_is_current (apartment) && g_main_context_acquire (context))
    {
      self->context = g_main_context_ref (context);
      return TRUE;
    }

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_BUSY,
                       "The main context belongs to another thread");
  return FALSE;
}

static void
convoke_context_watch_finalize (GObject *object)
{
  ConvokeContextWatch *self = CONVOKE_CONTEXT_WATCH (object);

  if (self->epoll_fd >= 0)
    g_close (self->epoll_fd, NULL);
  if (self->timer_fd >= 0)
    g_close (self->timer_fd, NULL);
  g_array_unref (self->watched);
  if (self->context != NULL)
    {
      g_main_context_release (self->context);
      g_main_context_unref (self->context);
    }

  G_OBJECT_CLASS (convoke_context_watch_parent_class)->finalize (object);
}

static void
convoke_context_watch_class_init (ConvokeContextWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_context_watch_finalize;
}

static void
convoke_context_watch_init (ConvokeContextWatch *self)
{
  self->watched = g_array_new (FALSE, FALSE, sizeof (GPollFD));
  self->epoll_fd = -1;
  self->timer_fd = -1;
}

/**
 * convoke_context_watch_new:
 * @context: (nullable): a main context; %NULL means the thread-default one
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Acquires @context for the calling thread, until the watch is finalized.
 *
 * The calling thread must be the one whose context it is: it iterates it
 * already, or has it as its thread-default one; the global default one is
 * the main thread's.
 *
 * Fails with %CONVOKE_ERROR_BUSY when @context is another thread's,
 * %CONVOKE_ERROR_OUT_OF_RESOURCES when there is no descriptor left and
 * %CONVOKE_ERROR_NOT_SUPPORTED where the system has no such thing.
 *
 * Returns: (transfer full): the watch
 *
 * Since: 0.1
 */
ConvokeContextWatch *
convoke_context_watch_new (GMainContext  *context,
                           GError       **error)
{
  g_autoptr (ConvokeContextWatch) self = g_object_new (CONVOKE_TYPE_CONTEXT_WATCH, NULL);

  if (context == NULL)
    context = g_main_context_get_thread_default ();
  if (context == NULL)
    context = g_main_context_default ();

  if (!open_fds (self, error) || !acquire (self, context, error))
    return NULL;

  arm (self);
  return g_steal_pointer (&self);
}

/**
 * convoke_context_watch_get_fd:
 * @self: a watch
 *
 * Gets a descriptor that is readable when the context has something to
 * dispatch. It belongs to @self: do not read or close it.
 *
 * Sources that the thread attaches by itself are seen from the next
 * dispatch on; those of other threads, and calls, are seen at once.
 *
 * Returns: the descriptor
 *
 * Since: 0.1
 */
int
convoke_context_watch_get_fd (ConvokeContextWatch *self)
{
  g_return_val_if_fail (CONVOKE_IS_CONTEXT_WATCH (self), -1);

  return self->epoll_fd;
}

/**
 * convoke_context_watch_dispatch:
 * @self: a watch
 *
 * Runs what is ready on the context, without blocking.
 *
 * Call it when the descriptor is readable; to call it more often does no
 * harm.
 *
 * Since: 0.1
 */
void
convoke_context_watch_dispatch (ConvokeContextWatch *self)
{
  g_return_if_fail (CONVOKE_IS_CONTEXT_WATCH (self));

  g_object_ref (self);
  g_main_context_iteration (self->context, FALSE);
  arm (self);
  g_object_unref (self);
}
