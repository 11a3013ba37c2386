/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Messages in a line. Either threads take them, or one main context has them
 * delivered to a function.
 *
 * The event is auto-reset: of several takers one is woken for a message. It
 * is set whenever there are messages and no taker is on its way to them; a
 * taker that leaves some behind sets it again.
 */

#include "config.h"

#include "convoke-reply-queue-private.h"

#include "convoke-error.h"
#include "convoke-event-core-private.h"
#include "convoke-fork-private.h"
#include "convoke-sync-point-private.h"
#include "convoke-synchronize-handle.h"
#include "convoke-wait-private.h"

struct _ConvokeReplyQueue
{
  GObject               parent_instance;

  ConvokeEventCore      pending;    /* see above */

  GMutex                lock;       /* innermost but for the context's */
  GSource              *source;     /* LOCK: lock; (nullable) (owned): of the context that has them delivered; it owns us */
  ConvokeReplyMessage  *head;       /* LOCK: lock */
  ConvokeReplyMessage **tail;       /* LOCK: lock; where the next one is linked */
  guint                 n;          /* LOCK: lock */
  gboolean              closed;     /* LOCK: lock */
};

static void convoke_reply_queue_handle_init (ConvokeSynchronizeHandleInterface *iface);

/**
 * ConvokeReplyQueue:
 *
 * Where messages of [class@Convoke.ReplyPort]s wait for whoever takes them
 * first.
 *
 * A program that wants its messages worked on by several threads makes one,
 * gives it to as many ports as it likes, and closes it when all of them are
 * shut down (TA-21). Each message is taken once. It is a
 * [iface@Convoke.SynchronizeHandle], readable while there are messages.
 *
 * Messages are taken in the order in which they came; several threads may get
 * done with them in another (TA-22). Any thread may use a queue.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeReplyQueue, convoke_reply_queue, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE_HANDLE, convoke_reply_queue_handle_init))

static void
convoke_reply_queue_finalize (GObject *object)
{
  ConvokeReplyQueue *self = CONVOKE_REPLY_QUEUE (object);

  convoke_reply_message_unref_all (self->head);
  convoke_event_core_clear (&self->pending);

  /* In a forked child another thread of the parent may hold it for ever. */
  if (!convoke_check_forked (NULL))
    g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (convoke_reply_queue_parent_class)->finalize (object);
}

static void
convoke_reply_queue_class_init (ConvokeReplyQueueClass *klass)
{
  convoke_fork_init ();

  G_OBJECT_CLASS (klass)->finalize = convoke_reply_queue_finalize;
}

static void
convoke_reply_queue_init (ConvokeReplyQueue *self)
{
  convoke_event_core_init (&self->pending);
  g_mutex_init (&self->lock);
  self->tail = &self->head;
}

/* --- the line --- */

static ConvokeReplyMessage *
pop_locked (ConvokeReplyQueue *self)
{
  ConvokeReplyMessage *message = self->head;

  if (message == NULL)
    return NULL;

  self->head = message->next;
  if (self->head == NULL)
    self->tail = &self->head;
  self->n--;
  message->next = NULL;
  message->owner = NULL;

  return message;
}

/* TRUE: a wake is due. */
static gboolean
tell_locked (ConvokeReplyQueue *self)
{
  if (self->source != NULL)
    {
      g_source_set_ready_time (self->source, self->head != NULL ? 0 : -1);
      return FALSE;
    }

  if (self->head != NULL || self->closed)
    return convoke_event_core_set_begin (&self->pending);

  if (convoke_event_core_is_set (&self->pending))
    convoke_event_core_reset (&self->pending);
  return FALSE;
}

gboolean
convoke_reply_queue_push (ConvokeReplyQueue   *self,
                          ConvokeReplyMessage *message,
                          gboolean            *due)
{
  gboolean open;

  *due = FALSE;

  g_mutex_lock (&self->lock);
  open = !self->closed;
  if (open)
    {
      *self->tail = message;
      self->tail = &message->next;
      self->n++;
    }
  if (open && (self->n == 1 || self->source == NULL))
    *due = tell_locked (self);
  g_mutex_unlock (&self->lock);

  return open;
}

void
convoke_reply_queue_wake (ConvokeReplyQueue *self)
{
  convoke_event_core_wake_one (&self->pending);
}

ConvokeReplyMessage *
convoke_reply_queue_withdraw (ConvokeReplyQueue *self,
                              gpointer           owner,
                              gpointer           identity)
{
  ConvokeReplyMessage *first = NULL;
  ConvokeReplyMessage **last = &first;

  g_mutex_lock (&self->lock);
  self->tail = &self->head;
  while (*self->tail != NULL)
    {
      ConvokeReplyMessage *message = *self->tail;

      if (message->owner != owner || (identity != NULL && message->identity != identity))
        {
          self->tail = &message->next;
          continue;
        }

      *self->tail = message->next;
      self->n--;
      message->next = NULL;
      *last = message;
      last = &message->next;
    }
  /* Whoever is woken for nothing goes on waiting. */
  if (self->head == NULL)
    tell_locked (self);
  g_mutex_unlock (&self->lock);

  return first;
}

/* --- a main context --- */

typedef struct
{
  GSource            parent;
  ConvokeReplyQueue *queue;   /* (owned) */
} QueueSource;

static ConvokeReplyMessage *
pop_for_context (ConvokeReplyQueue *queue)
{
  ConvokeReplyMessage *message;

  g_mutex_lock (&queue->lock);
  message = pop_locked (queue);
  if (queue->head == NULL)
    tell_locked (queue);
  g_mutex_unlock (&queue->lock);

  return message;
}

/* Those that are there now: what comes meanwhile has its turn when other sources had theirs. */
static gboolean
queue_source_dispatch (GSource     *source,
                       GSourceFunc  callback,
                       gpointer     user_data)
{
  ConvokeReplyQueue *queue = ((QueueSource *) source)->queue;
  ConvokeReplyQueueFunc func = (ConvokeReplyQueueFunc) callback;
  guint n;

  if (convoke_check_forked (NULL))
    return G_SOURCE_REMOVE;

  g_mutex_lock (&queue->lock);
  n = queue->n;
  g_mutex_unlock (&queue->lock);

  for (; n > 0 && !g_source_is_destroyed (source); n--)
    {
      ConvokeReplyMessage *message = pop_for_context (queue);

      /* A handler that iterates the context has others of them in between. */
      if (message == NULL)
        break;

      func (message, user_data);
      convoke_reply_message_unref (message);
    }

  return G_SOURCE_CONTINUE;
}

static void
queue_source_finalize (GSource *source)
{
  g_clear_object (&((QueueSource *) source)->queue);
}

static GSourceFuncs queue_source_funcs = {
  NULL,
  NULL,
  queue_source_dispatch,
  queue_source_finalize,
  NULL,
  NULL,
};

void
convoke_reply_queue_deliver (ConvokeReplyQueue     *self,
                             GMainContext          *context,
                             ConvokeReplyQueueFunc  func,
                             gpointer               data,
                             GDestroyNotify         destroy)
{
  self->source = g_source_new (&queue_source_funcs, sizeof (QueueSource));
  ((QueueSource *) self->source)->queue = g_object_ref (self);
  g_source_set_static_name (self->source, "ConvokeReplyPort");
  g_source_set_can_recurse (self->source, TRUE);
  g_source_set_callback (self->source, (GSourceFunc) func, data, destroy);
  g_source_set_ready_time (self->source, -1);
  g_source_attach (self->source, context);
}

void
convoke_reply_queue_stop (ConvokeReplyQueue *self)
{
  GSource *source;

  g_mutex_lock (&self->lock);
  source = g_steal_pointer (&self->source);
  g_mutex_unlock (&self->lock);

  if (source == NULL)
    return;

  g_source_destroy (source);
  g_source_unref (source);
}

/* --- taking --- */

static void
set_closed (GError **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN,
                       "Nothing is delivered here any more: the port or queue was shut down");
}

/* TRUE: it is over, with a message or an error. */
static gboolean
try_take (ConvokeReplyQueue    *self,
          ConvokeReplyMessage **message,
          GError              **error)
{
  gboolean closed;
  gboolean due;

  g_mutex_lock (&self->lock);
  closed = self->closed;
  *message = closed ? NULL : pop_locked (self);
  due = tell_locked (self);
  g_mutex_unlock (&self->lock);

  if (due)
    convoke_event_core_wake_one (&self->pending);
  if (closed)
    set_closed (error);

  return closed || *message != NULL;
}

/**
 * convoke_reply_queue_new:
 *
 * Makes an empty queue.
 *
 * Returns: (transfer full): a queue
 *
 * Since: 0.1
 */
ConvokeReplyQueue *
convoke_reply_queue_new (void)
{
  return g_object_new (CONVOKE_TYPE_REPLY_QUEUE, NULL);
}

/**
 * convoke_reply_queue_take:
 * @self: a queue
 * @timeout: how long to wait at most, in microseconds; 0 polls, -1 waits for ever
 * @error: return location for an error, or %NULL
 *
 * Takes the oldest message; it is the caller's alone.
 *
 * While it waits, the thread serves the calls to objects of its own main
 * context, and the signals that arrive there, as
 * %CONVOKE_WAIT_DISPATCH_CALLS tells.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_TIMEOUT when no message
 * came in time, also for a poll, with %CONVOKE_ERROR_SHUTDOWN, at once, when the
 * queue is closed, with %CONVOKE_ERROR_INVALID_ARGUMENT for a time-out below -1,
 * and with %CONVOKE_ERROR_FORKED.
 *
 * Returns: (transfer full): a message, or %NULL with @error set
 *
 * Since: 0.1
 */
ConvokeReplyMessage *
convoke_reply_queue_take (ConvokeReplyQueue  *self,
                          gint64              timeout,
                          GError            **error)
{
  ConvokeReplyMessage *message;
  gint64 deadline;

  g_return_val_if_fail (CONVOKE_IS_REPLY_QUEUE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (convoke_check_forked (error) || !convoke_wait_check_timeout (timeout, error))
    return NULL;

  deadline = timeout > 0 ? convoke_wait_get_deadline (timeout) : timeout;
  while (!try_take (self, &message, error))
    {
      gint64 left = deadline > 0 ? convoke_wait_get_time_left (deadline) : deadline;

      CONVOKE_SYNC_POINT ("reply-queue/wait");
      if (!convoke_wait (&self->pending, TRUE, 0, CONVOKE_WAIT_DISPATCH_CALLS, left, error))
        return NULL;
    }

  return message;
}

/**
 * convoke_reply_queue_close:
 * @self: a queue
 * @error: return location for an error, or %NULL
 *
 * Closes the queue: the messages in it are dropped, whoever waits for one
 * returns at once, and what ports deliver from now on is dropped too.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_SHUTDOWN when the queue is
 * closed already, and with %CONVOKE_ERROR_FORKED.
 *
 * Returns: %TRUE when it is closed now
 *
 * Since: 0.1
 */
gboolean
convoke_reply_queue_close (ConvokeReplyQueue  *self,
                           GError            **error)
{
  ConvokeReplyMessage *first;
  gboolean was_closed;

  g_return_val_if_fail (CONVOKE_IS_REPLY_QUEUE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  g_mutex_lock (&self->lock);
  was_closed = self->closed;
  self->closed = TRUE;
  first = g_steal_pointer (&self->head);
  self->tail = &self->head;
  self->n = 0;
  tell_locked (self);
  g_mutex_unlock (&self->lock);

  /* Each of those who wait tells the next. */
  convoke_event_core_wake_one (&self->pending);
  convoke_reply_message_unref_all (first);

  if (was_closed)
    set_closed (error);
  return !was_closed;
}

static int
convoke_reply_queue_get_fd (ConvokeSynchronizeHandle  *handle,
                            GError                   **error)
{
  if (convoke_check_forked (error))
    return -1;

  return convoke_event_core_get_fd (&CONVOKE_REPLY_QUEUE (handle)->pending, error);
}

static void
convoke_reply_queue_handle_init (ConvokeSynchronizeHandleInterface *iface)
{
  iface->get_fd = convoke_reply_queue_get_fd;
}
