/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * How others are told of a call object's progress and completions: a sink on
 * the thread where it happens, a completion queue, a callback in a main
 * context.
 */

#include "config.h"

#include "convoke-call-notify-private.h"
#include "convoke-completion-queue-private.h"

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

/* Runs in the callback's context; a call object that went away is not told about. */
static void
deliver (ConvokeCallNotify *notify,
         ConvokeCallNotice  notice)
{
  g_autoptr (ConvokeCall) call = NULL;

  g_mutex_lock (&notify->lock);
  g_set_object (&call, notify->call);
  g_mutex_unlock (&notify->lock);

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
  ConvokeCallNotify *notify = held;

  /* Ours is the reference that keeps the sink while it runs (CF-29). */
  if (notify->sink != NULL)
    convoke_synchronize_signal (notify->sink, NULL);
  if (notify->queue != NULL)
    convoke_completion_queue_post_completed (notify->queue, notify->key);
  if (notify->func != NULL)
    queue_source (notify, deliver_completed);

  convoke_call_notify_unref (notify);
}

void
convoke_call_notify_progress (gpointer held)
{
  ConvokeCallNotify *notify = held;

  if (notify->queue != NULL)
    convoke_completion_queue_post_progress (notify->queue, notify->key);
  if (notify->func != NULL && g_atomic_int_compare_and_exchange (&notify->progress_queued, 0, 1))
    queue_source (notify, deliver_progress);

  convoke_call_notify_unref (notify);
}
