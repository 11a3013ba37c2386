/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Telling an implementation what its caller does meanwhile.
 *
 * What has happened is in the record's state; a subscription says what of it
 * was not told yet. Whoever changes the state looks at the subscriptions
 * afterwards, and whoever subscribes looks at the state afterwards, so each
 * event is seen, and taken out of what is wanted by the one who tells it.
 *
 * Subscriptions belong to the record's extra until the server side has ended;
 * a notice on its way keeps its own, and finds out at its destination whether
 * it still counts.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-record-private.h"

struct _ConvokeSubscription
{
  gatomicrefcount          ref_count;
  ConvokeSubscription     *next;         /* LOCK: the record's */
  ConvokeServerCallEvents  wanted;       /* LOCK: the record's; and not told yet */
  GWeakRef                 server_call;
  ConvokeApartment        *apartment;    /* (owned); constant, as all below: where it is told, unless one of the two is set */
  GMainContext            *context;      /* (owned) (nullable) */
  ConvokeWorkQueue        *queue;        /* (owned) (nullable) */
  ConvokeServerCallFunc    func;
  gpointer                 data;
  GDestroyNotify           destroy;
};

static ConvokeSubscription *
subscription_new (ConvokeServerCall       *server_call,
                  ConvokeServerCallEvents  wanted,
                  ConvokeServerCallFunc    func,
                  gpointer                 data,
                  GDestroyNotify           destroy)
{
  ConvokeSubscription *self = g_new0 (ConvokeSubscription, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_weak_ref_init (&self->server_call, server_call);
  self->apartment = g_object_ref (convoke_server_call_get_record (server_call)->apartment);
  self->wanted = wanted;
  self->func = func;
  self->data = data;
  self->destroy = destroy;

  return self;
}

static void
subscription_unref (gpointer data)
{
  ConvokeSubscription *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_weak_ref_clear (&self->server_call);
  g_clear_object (&self->apartment);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->queue);
  g_free (self);
}

static guint
get_state (ConvokeRecord *record)
{
  return (guint) g_atomic_int_get (&record->state);
}

static ConvokeServerCallEvents
get_events (ConvokeRecord *record)
{
  guint state = get_state (record);

  return (state & CONVOKE_RECORD_ASKED ? CONVOKE_SERVER_CALL_EVENTS_CANCEL : 0) |
         (state & CONVOKE_RECORD_GONE ? CONVOKE_SERVER_CALL_EVENTS_DISCONNECT : 0);
}

/* --- notices --- */

typedef struct
{
  ConvokeSubscription     *subscription;  /* (owned) */
  ConvokeServerCallEvents  events;        /* which happened */
} Notice;

static void
notice_free (gpointer data)
{
  Notice *self = data;

  subscription_unref (self->subscription);
  g_free (self);
}

static void
tell_one (Notice                  *self,
          ConvokeServerCallEvents  event)
{
  g_autoptr (ConvokeServerCall) server_call = NULL;

  if (!(self->events & event))
    return;

  server_call = g_weak_ref_get (&self->subscription->server_call);
  if (server_call == NULL || (get_state (convoke_server_call_get_record (server_call)) & CONVOKE_RECORD_ENDING))
    return;

  self->subscription->func (server_call, event, self->subscription->data);
}

static void
notice_deliver (gpointer data)
{
  tell_one (data, CONVOKE_SERVER_CALL_EVENTS_CANCEL);
  tell_one (data, CONVOKE_SERVER_CALL_EVENTS_DISCONNECT);
}

static gboolean
notice_cb (gpointer data)
{
  notice_deliver (data);
  return G_SOURCE_REMOVE;
}

static void
queue_source (GMainContext *context,
              Notice       *notice)
{
  GSource *source = g_idle_source_new ();

  g_source_set_static_name (source, "[convoke] server call");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, notice_cb, notice, notice_free);
  g_source_attach (source, context);
  g_source_unref (source);
}

/* Takes the reference. */
static void
queue_notice (ConvokeSubscription     *subscription,
              ConvokeServerCallEvents  events)
{
  Notice *notice = g_new (Notice, 1);

  *notice = (Notice) { subscription, events };
  if (subscription->context != NULL)
    queue_source (subscription->context, notice);
  else if (subscription->queue != NULL)
    convoke_work_queue_put_function (subscription->queue, notice_deliver, notice, notice_free, NULL);
  else
    convoke_engine_post (subscription->apartment, notice_deliver, notice, notice_free);
}

/* (transfer full) (nullable): one who wants to know of something that has happened. */
static ConvokeSubscription *
take_due (ConvokeRecord           *record,
          ConvokeServerCallEvents *events)
{
  ConvokeServerCallEvents happened = get_events (record);
  ConvokeRecordExtra *extra = convoke_record_get_extra (record);
  ConvokeSubscription *due;

  convoke_record_lock (record);
  for (due = extra->subscriptions; due != NULL; due = due->next)
    {
      *events = due->wanted & happened;
      if (*events != 0)
        {
          due->wanted &= ~happened;
          g_atomic_ref_count_inc (&due->ref_count);
          break;
        }
    }
  convoke_record_unlock (record);

  return due;
}

void
convoke_server_call_events_tell (ConvokeRecord *record)
{
  ConvokeServerCallEvents events;
  ConvokeSubscription *due;

  while ((due = take_due (record, &events)) != NULL)
    queue_notice (due, events);
}

/* --- subscribing --- */

static gboolean
add (ConvokeRecord       *record,
     ConvokeSubscription *subscription)
{
  ConvokeRecordExtra *extra = convoke_record_get_extra (record);
  ConvokeSubscription **end = &extra->subscriptions;
  gboolean ended;

  convoke_record_lock (record);
  ended = (get_state (record) & CONVOKE_RECORD_ENDING) != 0;
  while (*end != NULL)
    end = &(*end)->next;
  if (!ended)
    *end = subscription;
  convoke_record_unlock (record);

  return !ended;
}

/* Takes @subscription. */
static gboolean
subscribe (ConvokeServerCall    *self,
           ConvokeSubscription  *subscription,
           GError              **error)
{
  ConvokeRecord *record = convoke_server_call_get_record (self);

  if (add (record, subscription))
    {
      convoke_server_call_events_tell (record);
      return TRUE;
    }

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE,
               "The call of %s was completed or aborted already", convoke_record_get_method (record)->callable.name);
  subscription_unref (subscription);
  return FALSE;
}

/* TRUE: in a child made by fork (), where nobody is told; @data is freed. */
static gboolean
is_forked (gpointer         data,
           GDestroyNotify   destroy,
           GError         **error)
{
  if (!convoke_check_forked (error))
    return FALSE;

  if (destroy != NULL)
    destroy (data);
  return TRUE;
}

void
convoke_server_call_events_end (ConvokeRecord *record)
{
  ConvokeRecordExtra *extra = g_atomic_pointer_get (&record->extra);
  ConvokeSubscription *list;
  ConvokeSubscription *next;

  if (extra == NULL)
    return;

  convoke_record_lock (record);
  list = g_steal_pointer (&extra->subscriptions);
  convoke_record_unlock (record);

  for (; list != NULL; list = next)
    {
      next = list->next;
      subscription_unref (list);
    }
}

/**
 * convoke_server_call_subscribe:
 * @self: a server call that has not ended
 * @events: what to be told of
 * @context: (nullable): where @func runs; %NULL means where the object's code
 *   may run: its own apartment, in line with its calls
 * @func: (scope notified) (closure user_data) (destroy destroy): what to run
 * @user_data: passed to @func
 * @destroy: (nullable): frees @user_data, on any thread, once the call has ended
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Asks to be told what the caller does while the call is worked on (RA-26).
 *
 * Each of @events is told at most once, also when it happened before this. What
 * happens after the end of the call is not told, and once
 * [method@ServerCall.complete] or [method@ServerCall.abort] has returned @func
 * does not run any more; on another thread it may be running at that moment.
 *
 * An event ends nothing: the call must still be completed or aborted (RA-25,
 * RA-27). @func may do so. @func does not keep @self: dropping the last
 * reference ends the call, and nobody is told.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_CALL_COMPLETE when the call
 * was completed or aborted, and with %CONVOKE_ERROR_FORKED.
 *
 * Returns: %TRUE when @func will be told
 *
 * Since: 0.1
 */
gboolean
convoke_server_call_subscribe (ConvokeServerCall        *self,
                               ConvokeServerCallEvents   events,
                               GMainContext             *context,
                               ConvokeServerCallFunc     func,
                               gpointer                  user_data,
                               GDestroyNotify            destroy,
                               GError                  **error)
{
  ConvokeSubscription *subscription;

  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  if (is_forked (user_data, destroy, error))
    return FALSE;

  subscription = subscription_new (self, events, func, user_data, destroy);
  subscription->context = context != NULL ? g_main_context_ref (context) : NULL;

  return subscribe (self, subscription, error);
}

/**
 * convoke_server_call_subscribe_in_queue:
 * @self: a server call that has not ended
 * @events: what to be told of
 * @queue: where @func runs
 * @func: (scope notified) (closure user_data) (destroy destroy): what to run
 * @user_data: passed to @func
 * @destroy: (nullable): frees @user_data, on any thread, once the call has ended
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Asks to be told on a work queue what the caller does; see
 * [method@ServerCall.subscribe].
 *
 * Returns: %TRUE when @func will be told
 *
 * Since: 0.1
 */
gboolean
convoke_server_call_subscribe_in_queue (ConvokeServerCall        *self,
                                        ConvokeServerCallEvents   events,
                                        ConvokeWorkQueue         *queue,
                                        ConvokeServerCallFunc     func,
                                        gpointer                  user_data,
                                        GDestroyNotify            destroy,
                                        GError                  **error)
{
  ConvokeSubscription *subscription;

  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (queue), FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  if (is_forked (user_data, destroy, error))
    return FALSE;

  subscription = subscription_new (self, events, func, user_data, destroy);
  subscription->queue = g_object_ref (queue);

  return subscribe (self, subscription, error);
}
