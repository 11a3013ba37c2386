/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Events in order, and at most one subscriber. The subscriber is begun, then
 * told once, when there is an event or no more will come, and stays until its
 * end has taken the event (MF-7, MF-9): until then no other can begin.
 *
 * The result is told without the lock. It has no object, so that a result which
 * somebody keeps does not keep the queue.
 */

#include "config.h"

#include "convoke-event-queue.h"

#include "convoke-apartment.h"
#include "convoke-async-callback-private.h"
#include "convoke-error.h"
#include "convoke-event-core-private.h"
#include "convoke-fork-private.h"
#include "convoke-wait-private.h"
#include "convoke-work-queue-private.h"

/**
 * ConvokeEventQueue:
 *
 * Events for one subscriber, in the order in which they were put.
 *
 * The subscriber takes them one by one: with a begin, a callback and an end for
 * each; by waiting, or looking, on a thread of its own; or from a main loop, since
 * a queue is a [iface@Convoke.SynchronizeHandle] that is signalled while an event
 * is there, and when no more will come. Any thread may put, and any may take.
 *
 * Shutting it down drops its events and ends what waits with
 * %CONVOKE_ERROR_SHUTDOWN; so does dropping the last reference.
 *
 * Since: 0.1
 */
struct _ConvokeEventQueue
{
  GObject             parent_instance;

  ConvokeEventCore    available;   /* set while there are events, or it is shut down; written under the lock */

  GMutex              lock;        /* innermost: no foreign code runs under it */
  GQueue              events;      /* LOCK: lock; of owned ConvokeQueueEvent */
  ConvokeAsyncResult *subscriber;  /* (owned) (nullable) LOCK: lock; begun and not ended */
  ConvokeWorkQueue   *queue;       /* (owned) (nullable) LOCK: lock; where it is told; NULL: it was */
  gboolean            shut_down;   /* LOCK: lock */
};

/* --- as something to wait for --- */

static gboolean
convoke_event_queue_wait (ConvokeSynchronize  *synchronize,
                          ConvokeWaitFlags     flags,
                          gint64               timeout,
                          GError             **error)
{
  return convoke_wait (&CONVOKE_EVENT_QUEUE (synchronize)->available, FALSE, 0, flags, timeout, error);
}

static gboolean
refuse_signal (ConvokeSynchronize  *synchronize,
               GError             **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "Only its events signal and reset a queue");
  return FALSE;
}

static void
convoke_event_queue_synchronize_init (ConvokeSynchronizeInterface *iface)
{
  iface->wait = convoke_event_queue_wait;
  iface->signal = refuse_signal;
  iface->reset = refuse_signal;
}

static int
convoke_event_queue_get_fd (ConvokeSynchronizeHandle  *handle,
                            GError                   **error)
{
  if (convoke_check_forked (error))
    return -1;

  return convoke_event_core_get_fd (&CONVOKE_EVENT_QUEUE (handle)->available, error);
}

static void
convoke_event_queue_handle_init (ConvokeSynchronizeHandleInterface *iface)
{
  iface->get_fd = convoke_event_queue_get_fd;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeEventQueue, convoke_event_queue, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE, convoke_event_queue_synchronize_init)
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE_HANDLE, convoke_event_queue_handle_init))

static gboolean
set_shutdown (GError **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN, "The event queue was shut down");
  return FALSE;
}

/* --- telling the subscriber --- */

/* What is to be told once the lock is gone. */
typedef struct
{
  ConvokeAsyncResult *result;  /* (owned) (nullable) */
  ConvokeWorkQueue   *queue;   /* (owned) (nullable) */
} News;

/* The subscriber is told once. */
static News
take_news_locked (ConvokeEventQueue *self)
{
  News news = { NULL, g_steal_pointer (&self->queue) };

  if (news.queue != NULL)
    news.result = g_object_ref (self->subscriber);

  return news;
}

/* Also when the platform is down: a begin that succeeded ends once (P-4). */
static void
tell (News *news)
{
  if (news->result == NULL)
    return;

  convoke_work_queue_deliver (news->queue, news->result, NULL);
  g_clear_object (&news->result);
  g_clear_object (&news->queue);
}

static void
tell_of_shutdown (News *news)
{
  g_autoptr (GError) status = NULL;

  if (news->result == NULL)
    return;

  set_shutdown (&status);
  convoke_async_result_set_status (news->result, status);
  tell (news);
}

static void
convoke_event_queue_dispose (GObject *object)
{
  convoke_event_queue_shutdown (CONVOKE_EVENT_QUEUE (object));

  G_OBJECT_CLASS (convoke_event_queue_parent_class)->dispose (object);
}

static void
convoke_event_queue_finalize (GObject *object)
{
  ConvokeEventQueue *self = CONVOKE_EVENT_QUEUE (object);

  g_queue_clear_full (&self->events, g_object_unref);
  g_clear_object (&self->subscriber);
  g_clear_object (&self->queue);
  convoke_event_core_clear (&self->available);

  /* In a forked child another thread of the parent may hold it for ever. */
  if (!convoke_check_forked (NULL))
    g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (convoke_event_queue_parent_class)->finalize (object);
}

static void
convoke_event_queue_class_init (ConvokeEventQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  convoke_fork_init ();
  convoke_type_set_threading (G_TYPE_FROM_CLASS (klass), CONVOKE_THREADING_ANY);

  object_class->dispose = convoke_event_queue_dispose;
  object_class->finalize = convoke_event_queue_finalize;
}

static void
convoke_event_queue_init (ConvokeEventQueue *self)
{
  convoke_event_core_init (&self->available);
  g_mutex_init (&self->lock);
  g_queue_init (&self->events);
}

/**
 * convoke_event_queue_new:
 *
 * Makes an empty queue.
 *
 * Returns: (transfer full): a new queue
 *
 * Since: 0.1
 */
ConvokeEventQueue *
convoke_event_queue_new (void)
{
  return g_object_new (CONVOKE_TYPE_EVENT_QUEUE, NULL);
}

/* --- putting --- */

/**
 * convoke_event_queue_put:
 * @self: a queue
 * @event: what happened
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Adds an event at the end. Who waits for one is told.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_SHUTDOWN when @self was
 * shut down, and with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: %TRUE when it was added
 *
 * Since: 0.1
 */
gboolean
convoke_event_queue_put (ConvokeEventQueue  *self,
                         ConvokeQueueEvent  *event,
                         GError            **error)
{
  News news = { NULL, NULL };
  gboolean open, wake = FALSE;

  g_return_val_if_fail (CONVOKE_IS_EVENT_QUEUE (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_QUEUE_EVENT (event), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  g_mutex_lock (&self->lock);
  open = !self->shut_down;
  if (open)
    {
      g_queue_push_tail (&self->events, g_object_ref (event));
      wake = convoke_event_core_set_begin (&self->available);
      news = take_news_locked (self);
    }
  g_mutex_unlock (&self->lock);

  if (wake)
    convoke_event_core_wake (&self->available);
  tell (&news);

  return open || set_shutdown (error);
}

/**
 * convoke_event_queue_put_value:
 * @self: a queue
 * @name: what happened
 * @value: (nullable): data; consumed if it is floating
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Adds an event that has a value and nothing else, as
 * [method@Convoke.EventQueue.put] does.
 *
 * Returns: %TRUE when it was added
 *
 * Since: 0.1
 */
gboolean
convoke_event_queue_put_value (ConvokeEventQueue  *self,
                               const char         *name,
                               GVariant           *value,
                               GError            **error)
{
  g_autoptr (ConvokeQueueEvent) event = NULL;

  g_return_val_if_fail (name != NULL, FALSE);

  event = convoke_queue_event_new (name, value, NULL);

  return convoke_event_queue_put (self, event, error);
}

/**
 * convoke_event_queue_put_object:
 * @self: a queue
 * @name: what happened
 * @object: (nullable): an object that it is about
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Adds an event that has an object and nothing else, as
 * [method@Convoke.EventQueue.put] does.
 *
 * Returns: %TRUE when it was added
 *
 * Since: 0.1
 */
gboolean
convoke_event_queue_put_object (ConvokeEventQueue  *self,
                                const char         *name,
                                GObject            *object,
                                GError            **error)
{
  g_autoptr (ConvokeQueueEvent) event = NULL;

  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (object == NULL || G_IS_OBJECT (object), FALSE);

  event = convoke_queue_event_new (name, NULL, object);

  return convoke_event_queue_put (self, event, error);
}

/* --- taking --- */

static ConvokeQueueEvent *
take_locked (ConvokeEventQueue *self)
{
  ConvokeQueueEvent *event = g_queue_pop_head (&self->events);

  if (self->events.length == 0 && !self->shut_down)
    convoke_event_core_reset (&self->available);

  return event;
}

/* NULL without an error: there is none now. */
static ConvokeQueueEvent *
try_get (ConvokeEventQueue  *self,
         GError            **error)
{
  ConvokeQueueEvent *event = NULL;
  gboolean shut_down, subscribed;

  g_mutex_lock (&self->lock);
  shut_down = self->shut_down;
  subscribed = self->subscriber != NULL;
  if (!shut_down && !subscribed)
    event = take_locked (self);
  g_mutex_unlock (&self->lock);

  if (shut_down)
    set_shutdown (error);
  else if (subscribed)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_MULTIPLE_SUBSCRIBERS,
                         "A callback waits for the next event: end its get first");

  return event;
}

/**
 * convoke_event_queue_get:
 * @self: a queue
 * @timeout: microseconds; 0 only looks, -1 waits for ever
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Takes the first event, and waits for one if there is none.
 *
 * A thread that waits serves calls meanwhile, as every wait does. Any thread may
 * call this; several that wait get an event each.
 *
 * Fails with %CONVOKE_ERROR_NO_EVENTS when @timeout is 0 and there is none
 * (MF-10), with %CONVOKE_ERROR_TIMEOUT when none came in time, with
 * %CONVOKE_ERROR_SHUTDOWN when @self is shut down, also while it waits, with
 * %CONVOKE_ERROR_MULTIPLE_SUBSCRIBERS when a begun get was not ended, with
 * %CONVOKE_ERROR_INVALID_ARGUMENT for a time-out below -1, and with
 * %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: (transfer full): the event, or %NULL on failure
 *
 * Since: 0.1
 */
ConvokeQueueEvent *
convoke_event_queue_get (ConvokeEventQueue  *self,
                         gint64              timeout,
                         GError            **error)
{
  g_autoptr (GError) reason = NULL;
  gint64 deadline;

  g_return_val_if_fail (CONVOKE_IS_EVENT_QUEUE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (convoke_check_forked (error) || !convoke_wait_check_timeout (timeout, error))
    return NULL;

  deadline = convoke_wait_get_deadline (timeout);
  while (TRUE)
    {
      ConvokeQueueEvent *event = try_get (self, &reason);

      if (event != NULL)
        return event;
      if (reason == NULL && timeout == 0)
        g_set_error_literal (&reason, CONVOKE_ERROR, CONVOKE_ERROR_NO_EVENTS, "There is no event");
      if (reason != NULL ||
          !convoke_wait (&self->available, FALSE, 0, CONVOKE_WAIT_DEFAULT, convoke_wait_get_time_left (deadline), &reason))
        break;
    }

  g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
}

/* --- with a callback --- */

typedef enum
{
  BEGUN,
  ALREADY,
  OTHER_STATE,
  OTHER_CALLBACK,
  CLOSED,
} Begin;

/* @result is taken when it has become the subscriber. */
static Begin
begin_locked (ConvokeEventQueue   *self,
              ConvokeAsyncResult **result,
              ConvokeWorkQueue    *queue)
{
  if (self->shut_down)
    return CLOSED;
  if (self->subscriber == NULL)
    {
      self->subscriber = g_steal_pointer (result);
      self->queue = g_object_ref (queue);
      return BEGUN;
    }
  if (convoke_async_result_get_callback (self->subscriber) != convoke_async_result_get_callback (*result))
    return OTHER_CALLBACK;

  return convoke_async_result_get_state (self->subscriber) == convoke_async_result_get_state (*result) ? ALREADY : OTHER_STATE;
}

static gboolean
finish_begin (Begin    begin,
              GError **error)
{
  switch (begin)
    {
    case BEGUN:
    case ALREADY:
      return TRUE;
    case OTHER_STATE:
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_MULTIPLE_BEGIN,
                           "This callback waits for the next event already, with another state");
      return FALSE;
    case OTHER_CALLBACK:
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_MULTIPLE_SUBSCRIBERS,
                           "Another callback waits for the next event already");
      return FALSE;
    case CLOSED:
      return set_shutdown (error);
    }

  g_assert_not_reached ();
}

/**
 * convoke_event_queue_begin_get:
 * @self: a queue
 * @callback: (nullable): what to invoke when there is an event
 * @state: (nullable): what it finds as the state of its result
 * @already: (out) (optional): %TRUE when the same was begun already
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Has @callback invoked once: when there is an event, which may be at once, or
 * when @self is shut down. It then calls [method@Convoke.EventQueue.end_get],
 * and begins again for the next event.
 *
 * It is invoked on the queue that it names, or on the standard queue, never on
 * the caller's stack. One get can be under way, from its begin to its end: to
 * begin it again with the same callback and state succeeds, says so in @already,
 * and is no second begin (MF-7). Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when @callback is %NULL, with
 * %CONVOKE_ERROR_SHUTDOWN when @self was shut down, with
 * %CONVOKE_ERROR_MULTIPLE_BEGIN for the same callback with another state, with
 * %CONVOKE_ERROR_MULTIPLE_SUBSCRIBERS for another callback, with
 * %CONVOKE_ERROR_INVALID_QUEUE when its queue cannot keep what its flags ask
 * for, and with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: %TRUE when it is invoked once; otherwise it is not invoked for this
 *
 * Since: 0.1
 */
gboolean
convoke_event_queue_begin_get (ConvokeEventQueue     *self,
                               ConvokeAsyncCallback  *callback,
                               GObject               *state,
                               gboolean              *already,
                               GError               **error)
{
  g_autoptr (ConvokeAsyncResult) result = NULL;
  g_autoptr (ConvokeWorkQueue) queue = NULL;
  News news = { NULL, NULL };
  Begin begin;

  g_return_val_if_fail (CONVOKE_IS_EVENT_QUEUE (self), FALSE);
  g_return_val_if_fail (callback == NULL || CONVOKE_IS_ASYNC_CALLBACK (callback), FALSE);
  g_return_val_if_fail (state == NULL || G_IS_OBJECT (state), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;
  if (callback == NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "To begin a get needs a callback");
      return FALSE;
    }

  queue = convoke_async_callback_dup_queue (callback, error);
  if (queue == NULL)
    return FALSE;
  result = convoke_async_result_new (NULL, callback, state);

  g_mutex_lock (&self->lock);
  begin = begin_locked (self, &result, queue);
  if (begin == BEGUN && self->events.length > 0)
    news = take_news_locked (self);
  g_mutex_unlock (&self->lock);

  tell (&news);
  if (already != NULL)
    *already = begin == ALREADY;

  return finish_begin (begin, error);
}

/**
 * convoke_event_queue_end_get:
 * @self: a queue
 * @result: what the callback was invoked with
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Takes the event that a begun get was for; the next get can be begun.
 *
 * Any thread may call this, inside the callback or later.
 *
 * Fails with %CONVOKE_ERROR_SHUTDOWN when @self was shut down, with
 * %CONVOKE_ERROR_CALL_PENDING when the callback was not told yet, which changes
 * nothing, with %CONVOKE_ERROR_FAILED when @result is not that of the get that is
 * under way (MF-3), and with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: (transfer full): the event, or %NULL on failure
 *
 * Since: 0.1
 */
ConvokeQueueEvent *
convoke_event_queue_end_get (ConvokeEventQueue   *self,
                             ConvokeAsyncResult  *result,
                             GError             **error)
{
  g_autoptr (ConvokeAsyncResult) ended = NULL;
  ConvokeQueueEvent *event = NULL;
  gboolean shut_down, ours;

  g_return_val_if_fail (CONVOKE_IS_EVENT_QUEUE (self), NULL);
  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (result), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (convoke_check_forked (error))
    return NULL;

  g_mutex_lock (&self->lock);
  shut_down = self->shut_down;
  ours = self->subscriber == result;
  /* While it has the queue it was not told. */
  if (!shut_down && ours && self->queue == NULL)
    {
      event = take_locked (self);
      ended = g_steal_pointer (&self->subscriber);
    }
  g_mutex_unlock (&self->lock);

  if (event != NULL)
    return event;

  if (shut_down)
    set_shutdown (error);
  else if (ours)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING, "There is no event for this get yet");
  else
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "The result is not of the get that is under way");

  return NULL;
}

/* --- the end --- */

/**
 * convoke_event_queue_shutdown:
 * @self: a queue
 *
 * Ends a queue: drops the events that are in it, and everything after this fails
 * with %CONVOKE_ERROR_SHUTDOWN.
 *
 * Who waits for an event is told: threads by that error, the callback of a begun
 * get by being invoked once, with that error as the status of its result (MF-8,
 * P-8). A second time it does nothing. Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_event_queue_shutdown (ConvokeEventQueue *self)
{
  g_autoptr (ConvokeAsyncResult) subscriber = NULL;
  GQueue dropped = G_QUEUE_INIT;
  News news;

  g_return_if_fail (CONVOKE_IS_EVENT_QUEUE (self));

  if (convoke_check_forked (NULL))
    return;

  g_mutex_lock (&self->lock);
  self->shut_down = TRUE;
  convoke_event_core_set (&self->available);
  news = take_news_locked (self);
  subscriber = g_steal_pointer (&self->subscriber);
  dropped = self->events;
  g_queue_init (&self->events);
  g_mutex_unlock (&self->lock);

  tell_of_shutdown (&news);
  g_queue_clear_full (&dropped, g_object_unref);
}

/**
 * convoke_event_queue_is_shut_down:
 * @self: a queue
 *
 * Tells whether a queue was shut down.
 *
 * Returns: %TRUE when no events will come any more
 *
 * Since: 0.1
 */
gboolean
convoke_event_queue_is_shut_down (ConvokeEventQueue *self)
{
  gboolean shut_down;

  g_return_val_if_fail (CONVOKE_IS_EVENT_QUEUE (self), FALSE);

  if (convoke_check_forked (NULL))
    return TRUE;

  g_mutex_lock (&self->lock);
  shut_down = self->shut_down;
  g_mutex_unlock (&self->lock);

  return shut_down;
}

/**
 * convoke_event_queue_get_n_events:
 * @self: a queue
 *
 * Tells how many events are in a queue now; other threads change it.
 *
 * Returns: the number of events
 *
 * Since: 0.1
 */
guint
convoke_event_queue_get_n_events (ConvokeEventQueue *self)
{
  guint n;

  g_return_val_if_fail (CONVOKE_IS_EVENT_QUEUE (self), 0);

  if (convoke_check_forked (NULL))
    return 0;

  g_mutex_lock (&self->lock);
  n = self->events.length;
  g_mutex_unlock (&self->lock);

  return n;
}
