/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * How others are told of a call object's progress and completions: a sink on
 * the thread where it happens, a completion queue, a callback in a main
 * context, and the observers, which are the other views.
 */

#include "config.h"

#include "convoke-call-notify-private.h"
#include "convoke-completion-queue-private.h"

/* Somebody who is told; shared by the arrays that name it. */
typedef struct
{
  gint                            ref_count; /* atomic */
  const ConvokeCallObserverFuncs *funcs;
  gpointer                        data;
} Observer;

static void
observer_unref (gpointer data)
{
  Observer *self = data;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  if (self->funcs->free != NULL)
    self->funcs->free (self->data);
  g_free (self);
}

static gpointer
observer_ref (gconstpointer src,
              gpointer      user_data)
{
  Observer *self = (gpointer) src;

  g_atomic_int_inc (&self->ref_count);
  return self;
}

ConvokeCallNotify *
convoke_call_notify_ref (ConvokeCallNotify *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
convoke_call_notify_unref (ConvokeCallNotify *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_clear_object (&self->sink);
  g_clear_object (&self->queue);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->observers, g_ptr_array_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

ConvokeCallNotify *
convoke_call_notify_new (ConvokeCall *call)
{
  ConvokeCallNotify *self = g_new0 (ConvokeCallNotify, 1);

  self->ref_count = 1;
  self->call = call;
  g_mutex_init (&self->lock);

  return self;
}

void
convoke_call_notify_forget_call (ConvokeCallNotify *self)
{
  g_mutex_lock (&self->lock);
  self->call = NULL;
  g_mutex_unlock (&self->lock);
}

static ConvokeCall *
dup_call (ConvokeCallNotify *self)
{
  ConvokeCall *call;

  g_mutex_lock (&self->lock);
  call = self->call != NULL ? g_object_ref (self->call) : NULL;
  g_mutex_unlock (&self->lock);

  return call;
}

/* --- observers --- */

/* A new array, since notices that are on their way have the old one. */
void
convoke_call_notify_add_observer (ConvokeCallNotify              *self,
                                  const ConvokeCallObserverFuncs *funcs,
                                  gpointer                        data)
{
  Observer *observer = g_new (Observer, 1);
  GPtrArray *old = self->observers;
  GPtrArray *array;

  *observer = (Observer) { 1, funcs, data };
  array = old != NULL ? g_ptr_array_copy (old, observer_ref, NULL) : g_ptr_array_new_with_free_func (observer_unref);
  g_ptr_array_add (array, observer);

  g_mutex_lock (&self->lock);
  self->observers = array;
  g_mutex_unlock (&self->lock);

  g_clear_pointer (&old, g_ptr_array_unref);
}

/* Nobody adds one meanwhile, as below. */
gboolean
convoke_call_notify_has_observer (ConvokeCallNotify              *self,
                                  const ConvokeCallObserverFuncs *funcs,
                                  GEqualFunc                      fits,
                                  gconstpointer                   what)
{
  for (guint i = 0; self->observers != NULL && i < self->observers->len; i++)
    {
      const Observer *observer = self->observers->pdata[i];

      if (observer->funcs == funcs && fits (observer->data, what))
        return TRUE;
    }

  return FALSE;
}

static GPtrArray *
dup_observers (ConvokeCallNotify *self)
{
  GPtrArray *observers;

  g_mutex_lock (&self->lock);
  observers = self->observers != NULL ? g_ptr_array_ref (self->observers) : NULL;
  g_mutex_unlock (&self->lock);

  return observers;
}

static void
withdraw_first (ConvokeCall   *call,
                ConvokeRecord *record,
                GPtrArray     *observers,
                guint          n)
{
  for (guint i = 0; i < n; i++)
    {
      Observer *observer = observers->pdata[i];

      if (observer->funcs->withdraw != NULL)
        observer->funcs->withdraw (call, record, observer->data);
    }
}

/* The beginner holds the call object, and nobody adds an observer while a begin is under way. */
gboolean
convoke_call_notify_begin (ConvokeCallNotify  *self,
                           ConvokeRecord      *record,
                           GError            **error)
{
  GPtrArray *observers = self->observers;

  for (guint i = 0; observers != NULL && i < observers->len; i++)
    {
      Observer *observer = observers->pdata[i];

      if (observer->funcs->begin == NULL || observer->funcs->begin (self->call, record, observer->data, error))
        continue;

      withdraw_first (self->call, record, observers, i);
      return FALSE;
    }

  return TRUE;
}

void
convoke_call_notify_withdraw (ConvokeCallNotify *self,
                              ConvokeRecord     *record)
{
  if (self->observers != NULL)
    withdraw_first (self->call, record, self->observers, self->observers->len);
}

/* --- notices --- */

/* What is told of one begin, to those who were there when it happened. */
typedef struct
{
  ConvokeCallNotify *notify;
  ConvokeRecord     *record;
  GPtrArray         *observers; /* (nullable) */
} Notice;

gpointer
convoke_call_notify_hold (ConvokeCallNotify *self,
                          ConvokeRecord     *record)
{
  Notice *notice = g_new (Notice, 1);

  *notice = (Notice) { convoke_call_notify_ref (self), convoke_record_ref (record), dup_observers (self) };

  return notice;
}

static void
notice_free (Notice *self)
{
  g_clear_pointer (&self->observers, g_ptr_array_unref);
  convoke_record_unref (self->record);
  convoke_call_notify_unref (self->notify);
  g_free (self);
}

static void
tell_observer (Observer          *observer,
               ConvokeCall       *call,
               ConvokeRecord     *record,
               ConvokeCallNotice  what)
{
  const ConvokeCallObserverFuncs *funcs = observer->funcs;

  if (what == CONVOKE_CALL_NOTICE_COMPLETED)
    funcs->completed (call, record, observer->data);
  else if (what == CONVOKE_CALL_NOTICE_PROGRESS && funcs->progress != NULL)
    funcs->progress (call, record, observer->data);
  else if (what == CONVOKE_CALL_NOTICE_SENT && funcs->sent != NULL)
    funcs->sent (call, record, observer->data);
}

static void
tell_observers (Notice            *notice,
                ConvokeCallNotice  what)
{
  g_autoptr (ConvokeCall) call = NULL;

  if (notice->observers == NULL)
    return;

  call = dup_call (notice->notify);
  for (guint i = 0; i < notice->observers->len; i++)
    tell_observer (notice->observers->pdata[i], call, notice->record, what);
}

/* Runs in the callback's context; a call object that went away is not told about. */
static void
deliver (ConvokeCallNotify *notify,
         ConvokeCallNotice  notice)
{
  g_autoptr (ConvokeCall) call = dup_call (notify);

  if (call != NULL)
    notify->func (call, notice, notify->data);
}

static gboolean
deliver_completed (gpointer data)
{
  deliver (data, CONVOKE_CALL_NOTICE_COMPLETED);
  return G_SOURCE_REMOVE;
}

static gboolean
deliver_sent (gpointer data)
{
  deliver (data, CONVOKE_CALL_NOTICE_SENT);
  return G_SOURCE_REMOVE;
}

static gboolean
deliver_progress (gpointer data)
{
  ConvokeCallNotify *notify = data;

  g_atomic_int_set (&notify->progress_queued, 0);
  deliver (notify, CONVOKE_CALL_NOTICE_PROGRESS);
  return G_SOURCE_REMOVE;
}

static void
queue_source (ConvokeCallNotify *notify,
              GSourceFunc        func)
{
  GSource *source = g_idle_source_new ();

  g_source_set_static_name (source, "[convoke] call");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, convoke_call_notify_ref (notify), (GDestroyNotify) convoke_call_notify_unref);
  g_source_attach (source, notify->context);
  g_source_unref (source);
}

void
convoke_call_notify_completed (gpointer held)
{
  Notice *notice = held;
  ConvokeCallNotify *notify = notice->notify;

  /* Ours is the reference that keeps the sink while it runs (CF-29). */
  if (notify->sink != NULL)
    convoke_synchronize_signal (notify->sink, NULL);
  if (notify->queue != NULL)
    convoke_completion_queue_post_completed (notify->queue, notify->key);
  if (notify->func != NULL)
    queue_source (notify, deliver_completed);
  tell_observers (notice, CONVOKE_CALL_NOTICE_COMPLETED);

  notice_free (notice);
}

void
convoke_call_notify_progress (gpointer held)
{
  Notice *notice = held;
  ConvokeCallNotify *notify = notice->notify;

  if (notify->queue != NULL)
    convoke_completion_queue_post_progress (notify->queue, notify->key);
  if (notify->func != NULL && g_atomic_int_compare_and_exchange (&notify->progress_queued, 0, 1))
    queue_source (notify, deliver_progress);
  tell_observers (notice, CONVOKE_CALL_NOTICE_PROGRESS);

  notice_free (notice);
}

void
convoke_call_notify_sent (gpointer held,
                          gboolean sent)
{
  Notice *notice = held;

  if (sent && notice->notify->func != NULL)
    queue_source (notice->notify, deliver_sent);
  if (sent)
    tell_observers (notice, CONVOKE_CALL_NOTICE_SENT);

  notice_free (notice);
}
