/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Who is told of a call object's completions, and where (RA-5): an event, a
 * completion queue, a callback in a main context, and two kinds of observers:
 * a callback on the thread where it happens, and one in the context of the
 * thread that began. Each is told exactly once of each begin that succeeded.
 */

#include "config.h"

#include "convoke-call-notify-private.h"
#include "convoke-call-private.h"

static gboolean
is_idle (ConvokeCall *self)
{
  return convoke_call_get_state (self) == CONVOKE_CALL_STATE_IDLE;
}

/**
 * convoke_call_set_event:
 * @self: a call object that is idle and has no event yet
 * @event: what is reset and signalled, such as a [class@Event]
 *
 * Names the event that is reset by each begin and signalled by each completion,
 * on the thread where it happens (RA-6). It is what
 * [func@Convoke.create_call_full] calls a sink, and is kept as long as the call
 * object.
 *
 * A reset that fails makes begin fail (CF-27). Not thread safe: call it before
 * the call object is shared.
 *
 * Since: 0.1
 */
void
convoke_call_set_event (ConvokeCall        *self,
                        ConvokeSynchronize *event)
{
  ConvokeCallNotify *notify;

  g_return_if_fail (CONVOKE_IS_CALL (self));
  g_return_if_fail (CONVOKE_IS_SYNCHRONIZE (event));
  g_return_if_fail (is_idle (self));

  notify = convoke_call_ensure_notify (self);
  g_return_if_fail (notify->sink == NULL);

  notify->sink = g_object_ref (event);
}

/**
 * convoke_call_set_completion_queue:
 * @self: a call object that is idle
 * @queue: (nullable): where its completions and progress are posted
 * @key: what identifies it there
 *
 * Names the queue that is told of each completion and of progress. Not
 * thread safe: call it before the call object is shared.
 *
 * Since: 0.1
 */
void
convoke_call_set_completion_queue (ConvokeCall            *self,
                                   ConvokeCompletionQueue *queue,
                                   guint64                 key)
{
  ConvokeCallNotify *notify;

  g_return_if_fail (CONVOKE_IS_CALL (self));
  g_return_if_fail (queue == NULL || CONVOKE_IS_COMPLETION_QUEUE (queue));
  g_return_if_fail (is_idle (self));

  notify = convoke_call_ensure_notify (self);
  g_set_object (&notify->queue, queue);
  notify->key = key;
}

/**
 * convoke_call_set_callback:
 * @self: a call object that is idle and has no callback yet
 * @context: (nullable): where @func runs; %NULL means the calling thread's
 *   thread-default main context (P-11)
 * @func: (scope notified) (closure user_data) (destroy destroy): what to run on
 *   completion and on progress
 * @user_data: passed to @func
 * @destroy: frees @user_data
 *
 * Names the function that is told of each completion and of progress. It runs
 * in @context, never inside of begin. When the call object went away it is not
 * run; it may itself drop the last reference to the call object. Progress is
 * coalesced: one notice can stand for several changes.
 *
 * The context is the same for all calls; with
 * [method@Call.add_issuer_callback] it is that of whoever begins.
 *
 * Not thread safe: call it before the call object is shared.
 *
 * Since: 0.1
 */
void
convoke_call_set_callback (ConvokeCall     *self,
                           GMainContext    *context,
                           ConvokeCallFunc  func,
                           gpointer         user_data,
                           GDestroyNotify   destroy)
{
  ConvokeCallNotify *notify;

  g_return_if_fail (CONVOKE_IS_CALL (self));
  g_return_if_fail (func != NULL);
  g_return_if_fail (is_idle (self));

  notify = convoke_call_ensure_notify (self);
  g_return_if_fail (notify->func == NULL);

  notify->context = context != NULL ? g_main_context_ref (context) : g_main_context_ref_thread_default ();
  notify->func = func;
  notify->data = user_data;
  notify->destroy = destroy;
}

/**
 * convoke_call_set_notify_sent:
 * @self: a call object
 * @notify: whether to tell
 *
 * Sets whether the callbacks of the calls that are begun from now on are also
 * told %CONVOKE_CALL_NOTICE_SENT, which is RPC_C_NOTIFY_ON_SEND_COMPLETE (RA-5).
 *
 * It is told once, when the request has left: when it is in line for the object,
 * or, for an object of another process, when the connection has taken it. It
 * comes before %CONVOKE_CALL_NOTICE_COMPLETED, on the thread that begins, inside
 * of begin for [method@Call.add_direct_callback]. A call that ended before it
 * left is not told of, and neither is an operation, which has no request.
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_call_set_notify_sent (ConvokeCall *self,
                              gboolean     notify)
{
  g_return_if_fail (CONVOKE_IS_CALL (self));

  convoke_call_set_record_bit (self, CONVOKE_RECORD_TELL_SENT, notify);
}

/**
 * convoke_call_get_notify_sent:
 * @self: a call object
 *
 * Gets what [method@Call.set_notify_sent] set. Any thread may call this.
 *
 * Returns: whether it is told
 *
 * Since: 0.1
 */
gboolean
convoke_call_get_notify_sent (ConvokeCall *self)
{
  g_return_val_if_fail (CONVOKE_IS_CALL (self), FALSE);

  return (convoke_call_get_record_bits (self) & CONVOKE_RECORD_TELL_SENT) != 0;
}

/* --- callbacks --- */

/* Who began a call that was not told of yet. */
typedef struct
{
  ConvokeRecord *record;   /* (borrowed): its notice keeps it */
  GMainContext  *context;  /* (owned) */
} Issuer;

typedef struct
{
  gatomicrefcount  ref_count;  /* the observer, and notices on their way */
  ConvokeCallFunc  func;
  gpointer         data;
  GDestroyNotify   destroy;
  GMutex           lock;
  GArray          *issuers;    /* LOCK: lock; of Issuer; only for issuers' contexts */
} Callback;

static void
issuer_clear (gpointer data)
{
  Issuer *self = data;

  g_clear_pointer (&self->context, g_main_context_unref);
}

static Callback *
callback_new (ConvokeCallFunc func,
              gpointer        data,
              GDestroyNotify  destroy)
{
  Callback *self = g_new0 (Callback, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->func = func;
  self->data = data;
  self->destroy = destroy;
  g_mutex_init (&self->lock);
  self->issuers = g_array_new (FALSE, FALSE, sizeof (Issuer));
  g_array_set_clear_func (self->issuers, issuer_clear);

  return self;
}

static void
callback_unref (gpointer data)
{
  Callback *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_array_unref (self->issuers);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* --- on the thread where it happens --- */

static void
tell_directly (ConvokeCall       *call,
               gpointer           data,
               ConvokeCallNotice  notice)
{
  Callback *self = data;

  if (call != NULL)
    self->func (call, notice, self->data);
}

static void
direct_completed (ConvokeCall   *call,
                  ConvokeRecord *record,
                  gpointer       data)
{
  tell_directly (call, data, CONVOKE_CALL_NOTICE_COMPLETED);
}

static void
direct_progress (ConvokeCall   *call,
                 ConvokeRecord *record,
                 gpointer       data)
{
  tell_directly (call, data, CONVOKE_CALL_NOTICE_PROGRESS);
}

static void
direct_sent (ConvokeCall   *call,
             ConvokeRecord *record,
             gpointer       data)
{
  tell_directly (call, data, CONVOKE_CALL_NOTICE_SENT);
}

static const ConvokeCallObserverFuncs direct_funcs = {
  .completed = direct_completed,
  .progress = direct_progress,
  .sent = direct_sent,
  .free = callback_unref,
};

/* --- in the context of whoever began --- */

static gboolean
issuer_begin (ConvokeCall    *call,
              ConvokeRecord  *record,
              gpointer        data,
              GError        **error)
{
  Callback *self = data;
  Issuer issuer = { record, g_main_context_ref_thread_default () };

  g_mutex_lock (&self->lock);
  g_array_append_val (self->issuers, issuer);
  g_mutex_unlock (&self->lock);

  return TRUE;
}

/* (transfer full) (nullable): the context of who began @record; with @last it is forgotten. */
static GMainContext *
dup_issuer (Callback      *self,
            ConvokeRecord *record,
            gboolean       last)
{
  GMainContext *context = NULL;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->issuers->len && context == NULL; i++)
    {
      Issuer *issuer = &g_array_index (self->issuers, Issuer, i);

      if (issuer->record != record)
        continue;
      context = g_main_context_ref (issuer->context);
      if (last)
        g_array_remove_index (self->issuers, i);
    }
  g_mutex_unlock (&self->lock);

  return context;
}

static void
issuer_withdraw (ConvokeCall   *call,
                 ConvokeRecord *record,
                 gpointer       data)
{
  g_autoptr (GMainContext) forgotten = dup_issuer (data, record, TRUE);
}

typedef struct
{
  Callback          *callback;  /* (owned) */
  GWeakRef           call;
  ConvokeCallNotice  notice;
} Delivery;

static void
delivery_free (gpointer data)
{
  Delivery *self = data;

  callback_unref (self->callback);
  g_weak_ref_clear (&self->call);
  g_free (self);
}

static gboolean
deliver_cb (gpointer data)
{
  Delivery *self = data;
  g_autoptr (ConvokeCall) call = g_weak_ref_get (&self->call);

  tell_directly (call, self->callback, self->notice);
  return G_SOURCE_REMOVE;
}

static void
tell_issuer (ConvokeCall       *call,
             ConvokeRecord     *record,
             Callback          *self,
             ConvokeCallNotice  notice)
{
  g_autoptr (GMainContext) context = dup_issuer (self, record, notice == CONVOKE_CALL_NOTICE_COMPLETED);
  g_autoptr (GSource) source = NULL;
  Delivery *delivery;

  if (call == NULL || context == NULL)
    return;

  delivery = g_new (Delivery, 1);
  delivery->callback = self;
  g_atomic_ref_count_inc (&self->ref_count);
  g_weak_ref_init (&delivery->call, call);
  delivery->notice = notice;

  source = g_idle_source_new ();
  g_source_set_static_name (source, "[convoke] issuer");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver_cb, delivery, delivery_free);
  g_source_attach (source, context);
}

static void
issuer_completed (ConvokeCall   *call,
                  ConvokeRecord *record,
                  gpointer       data)
{
  tell_issuer (call, record, data, CONVOKE_CALL_NOTICE_COMPLETED);
}

static void
issuer_progress (ConvokeCall   *call,
                 ConvokeRecord *record,
                 gpointer       data)
{
  tell_issuer (call, record, data, CONVOKE_CALL_NOTICE_PROGRESS);
}

static void
issuer_sent (ConvokeCall   *call,
             ConvokeRecord *record,
             gpointer       data)
{
  tell_issuer (call, record, data, CONVOKE_CALL_NOTICE_SENT);
}

static const ConvokeCallObserverFuncs issuer_funcs = {
  .begin = issuer_begin,
  .withdraw = issuer_withdraw,
  .completed = issuer_completed,
  .progress = issuer_progress,
  .sent = issuer_sent,
  .free = callback_unref,
};

/**
 * convoke_call_add_direct_callback:
 * @self: a call object that is idle
 * @func: (scope notified) (closure user_data) (destroy destroy): what to run on
 *   completion and on progress
 * @user_data: passed to @func
 * @destroy: (nullable): frees @user_data, on any thread
 *
 * Adds a function that is told of each completion and of progress on the thread
 * where it happens, at once: the thread that runs the method, reads from the
 * connection, keeps the deadlines or cancels. That can be the thread that begins,
 * inside of begin.
 *
 * @func runs while others wait, and must be short; it may finish the call, begin
 * it again, and drop it. When the call object went away it is not run.
 *
 * Not thread safe: call it before the call object is shared.
 *
 * Since: 0.1
 */
void
convoke_call_add_direct_callback (ConvokeCall     *self,
                                  ConvokeCallFunc  func,
                                  gpointer         user_data,
                                  GDestroyNotify   destroy)
{
  g_return_if_fail (CONVOKE_IS_CALL (self));
  g_return_if_fail (func != NULL);
  g_return_if_fail (is_idle (self));

  convoke_call_add_observer (self, &direct_funcs, callback_new (func, user_data, destroy));
}

/**
 * convoke_call_add_issuer_callback:
 * @self: a call object that is idle
 * @func: (scope notified) (closure user_data) (destroy destroy): what to run on
 *   completion and on progress
 * @user_data: passed to @func
 * @destroy: (nullable): frees @user_data, on any thread
 *
 * Adds a function that is told of each completion and of progress in the
 * thread-default main context of the thread that began the call, as an APC runs
 * on the thread that issued it (RA-6): when that iterates its context, and not
 * before.
 *
 * When the call object went away it is not run. Not thread safe: call it before
 * the call object is shared.
 *
 * Since: 0.1
 */
void
convoke_call_add_issuer_callback (ConvokeCall     *self,
                                  ConvokeCallFunc  func,
                                  gpointer         user_data,
                                  GDestroyNotify   destroy)
{
  g_return_if_fail (CONVOKE_IS_CALL (self));
  g_return_if_fail (func != NULL);
  g_return_if_fail (is_idle (self));

  convoke_call_add_observer (self, &issuer_funcs, callback_new (func, user_data, destroy));
}
