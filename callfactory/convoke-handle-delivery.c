/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * How what happens on a handle reaches its callback: a queue per handle, taken
 * from by one thread at a time, so that reports of one handle are in order and
 * never overlap (WI-11). That thread is the one where the program wants to be
 * told (P-11), or the one that the handle's operation blocks (WI-12), for which
 * the others leave everything.
 */

#include "config.h"

#include "convoke-handle-private.h"

/* Reports at a time, after which the others of a main context or queue have their turn. */
#define NOTICES_PER_TURN 64

struct _ConvokeHandleNotice
{
  ConvokeHandleNotice    *next;
  ConvokeHandle          *handle;     /* (owned) (nullable) */
  ConvokeHandleStatus     status;
  GValue                  information;
  ConvokeHandleCallback  *callback;   /* (owned) who was to be told when it happened */
  ConvokeWorkQueueFunc    then;       /* (nullable) what runs instead of the callback, once */
  gpointer                then_data;
  ConvokeHandleOperation *operation;  /* (owned) (nullable) whose progress or end it is */
};

/* --- the callback --- */

ConvokeHandleCallback *
convoke_handle_callback_new (ConvokeHandleFunc func,
                             gpointer          data,
                             GDestroyNotify    destroy)
{
  ConvokeHandleCallback *self = g_new (ConvokeHandleCallback, 1);

  *self = (ConvokeHandleCallback) { 1, func, data, destroy, g_main_context_ref_thread_default () };

  return self;
}

ConvokeHandleCallback *
convoke_handle_callback_ref (ConvokeHandleCallback *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
convoke_handle_callback_unref (ConvokeHandleCallback *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_main_context_unref (self->context);
  g_free (self);
}

/* --- the queue --- */

/* What was closed before the program heard of it remains unheard of. */
static gboolean
may_tell_locked (ConvokeHandleCore *self)
{
  if (!(self->state & CONVOKE_HANDLE_CLOSED))
    self->state |= CONVOKE_HANDLE_KNOWN;

  return (self->state & CONVOKE_HANDLE_KNOWN) && !(self->state & CONVOKE_HANDLE_SAID) &&
         self->callback != NULL && self->context != 0;
}

static void
append_locked (ConvokeHandleCore   *self,
               ConvokeHandleNotice *notice)
{
  if (self->last != NULL)
    self->last->next = notice;
  else
    self->first = notice;
  self->last = notice;
}

void
convoke_handle_core_post_locked (ConvokeHandleCore      *self,
                                 ConvokeHandle          *handle,
                                 ConvokeHandleStatus     status,
                                 const GValue           *information,
                                 ConvokeHandleOperation *operation)
{
  ConvokeHandleNotice *notice;

  if (!may_tell_locked (self))
    return;

  notice = g_new0 (ConvokeHandleNotice, 1);
  notice->status = status;
  if (handle != NULL && !(self->state & CONVOKE_HANDLE_DISPOSED))
    notice->handle = g_object_ref (handle);
  notice->callback = convoke_handle_callback_ref (self->callback);
  notice->operation = operation != NULL ? convoke_handle_operation_ref (operation) : NULL;
  if (information != NULL)
    {
      g_value_init (&notice->information, G_VALUE_TYPE (information));
      g_value_copy (information, &notice->information);
    }

  append_locked (self, notice);
}

static ConvokeHandleNotice *
take_locked (ConvokeHandleCore *self)
{
  ConvokeHandleNotice *notice = self->first;

  if (notice != NULL)
    {
      self->first = notice->next;
      if (self->first == NULL)
        self->last = NULL;
    }

  return notice;
}

static void
run_then (ConvokeHandleNotice *self)
{
  ConvokeWorkQueueFunc then = self->then;

  self->then = NULL;
  if (then != NULL)
    then (self->then_data);
}

static void
notice_free (ConvokeHandleNotice *self)
{
  run_then (self);
  if (G_IS_VALUE (&self->information))
    g_value_unset (&self->information);
  g_clear_pointer (&self->operation, convoke_handle_operation_unref);
  convoke_handle_callback_unref (self->callback);
  g_clear_object (&self->handle);
  g_free (self);
}

void
convoke_handle_core_drop_notices (ConvokeHandleCore *self)
{
  ConvokeHandleNotice *notice;

  while ((notice = take_locked (self)) != NULL)
    notice_free (notice);
}

/* --- what follows --- */

/* Whether something is told, or will be, after which there is a place for what follows. */
static gboolean
is_telling_locked (ConvokeHandleCore *self)
{
  return self->last != NULL || ((self->state & CONVOKE_HANDLE_DELIVERING) && self->callback != NULL);
}

void
convoke_handle_core_when_told (ConvokeHandleCore    *self,
                               ConvokeWorkQueueFunc  func,
                               gpointer              data)
{
  ConvokeHandleNotice *notice;

  convoke_handle_core_lock (self);
  if (!is_telling_locked (self))
    {
      convoke_handle_core_unlock (self);
      func (data);
      return;
    }

  notice = g_new0 (ConvokeHandleNotice, 1);
  notice->callback = convoke_handle_callback_ref (self->last != NULL ? self->last->callback : self->callback);
  notice->then = func;
  notice->then_data = data;
  append_locked (self, notice);
  convoke_handle_core_unlock_and_tell (self);
}

/* --- one report --- */

static void
take_object (GValue   *value,
             gpointer  object)
{
  g_value_init (value, G_OBJECT_TYPE (object));
  g_value_take_object (value, object);
}

/* What is looked at as late as can be; after it a completed operation makes room for the next (WI-20). */
static void
fill_in (ConvokeHandleNotice *notice)
{
  GVariant *progress;

  if (notice->status == CONVOKE_HANDLE_STATUS_HANDLE_CLOSING && notice->handle != NULL)
    take_object (&notice->information, g_object_ref (notice->handle));
  else if (notice->status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE && notice->operation != NULL)
    take_object (&notice->information, convoke_handle_operation_take_result (notice->operation));
  else if (notice->status == CONVOKE_HANDLE_STATUS_PROGRESS && notice->operation != NULL &&
           (progress = convoke_handle_operation_take_progress (notice->operation)) != NULL)
    {
      g_value_init (&notice->information, G_TYPE_VARIANT);
      g_value_take_variant (&notice->information, progress);
    }
}

static void
deliver_one (ConvokeHandleCore   *self,
             ConvokeHandleNotice *notice)
{
  ConvokeHandleStatus status = notice->status;

  if (notice->then != NULL)
    {
      notice_free (notice);
      return;
    }

  fill_in (notice);
  notice->callback->func (notice->handle, self->context, status,
                          G_IS_VALUE (&notice->information) ? &notice->information : NULL, notice->callback->data);
  notice_free (notice);

  if (status == CONVOKE_HANDLE_STATUS_HANDLE_CLOSING)
    convoke_handle_core_be_gone (self);
  else if (status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    convoke_handle_core_settle (self);
}

/* --- whose turn it is --- */

/* (nullable): the operation for whose thread all is left. */
static ConvokeHandleOperation *
get_runner_locked (ConvokeHandleCore *self)
{
  return self->operation != NULL && self->operation->wake != NULL ? self->operation : NULL;
}

static void
deliver_some (ConvokeHandleCore      *self,
              ConvokeHandleOperation *runner,
              guint                   most)
{
  ConvokeHandleNotice *notice;

  convoke_handle_core_lock (self);
  if (self->state & CONVOKE_HANDLE_DELIVERING)
    {
      /* Whoever it is will find what came. */
      convoke_handle_core_unlock (self);
      return;
    }

  self->state |= CONVOKE_HANDLE_DELIVERING;
  while (most-- > 0 && get_runner_locked (self) == runner && (notice = take_locked (self)) != NULL)
    {
      convoke_handle_core_unlock (self);
      deliver_one (self, notice);
      convoke_handle_core_lock (self);
    }
  self->state &= ~CONVOKE_HANDLE_DELIVERING;
  convoke_handle_core_unlock_and_schedule (self);
}

void
convoke_handle_core_deliver (ConvokeHandleCore      *self,
                             ConvokeHandleOperation *runner)
{
  deliver_some (self, runner, G_MAXUINT);
}

/* (transfer full) (nullable): who is told now; it is this thread's turn then. */
static ConvokeHandleCallback *
begin_created (ConvokeHandleCore *self)
{
  ConvokeHandleCallback *callback = NULL;

  convoke_handle_core_lock (self);
  if (!(self->state & CONVOKE_HANDLE_KNOWN) && may_tell_locked (self))
    {
      callback = convoke_handle_callback_ref (self->callback);
      self->state |= CONVOKE_HANDLE_DELIVERING;
    }
  convoke_handle_core_unlock (self);

  return callback;
}

void
convoke_handle_core_deliver_created (ConvokeHandleCore *self,
                                     ConvokeHandle     *handle)
{
  ConvokeHandleCallback *callback = begin_created (self);
  GValue information = G_VALUE_INIT;

  if (callback == NULL)
    return;

  take_object (&information, g_object_ref (handle));
  callback->func (handle, self->context, CONVOKE_HANDLE_STATUS_HANDLE_CREATED, &information, callback->data);
  g_value_unset (&information);
  convoke_handle_callback_unref (callback);

  /* What came of it meanwhile. */
  convoke_handle_core_lock (self);
  self->state &= ~CONVOKE_HANDLE_DELIVERING;
  convoke_handle_core_unlock_and_tell (self);
}

/* --- getting there --- */

static void
run_scheduled (gpointer data)
{
  ConvokeHandleCore *self = data;

  convoke_handle_core_lock (self);
  self->state &= ~CONVOKE_HANDLE_SCHEDULED;
  convoke_handle_core_unlock (self);

  deliver_some (self, NULL, NOTICES_PER_TURN);
}

static gboolean
run_scheduled_source (gpointer data)
{
  run_scheduled (data);
  return G_SOURCE_REMOVE;
}

static void
attach (ConvokeHandleCore *self,
        GMainContext      *context)
{
  GSource *source = g_idle_source_new ();

  g_source_set_static_name (source, "[convoke] handle");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, run_scheduled_source, convoke_handle_core_ref (self),
                         (GDestroyNotify) convoke_handle_core_unref);
  g_source_attach (source, context);
  g_source_unref (source);
}

static gboolean
is_due_locked (ConvokeHandleCore *self)
{
  return self->first != NULL && !(self->state & CONVOKE_HANDLE_DELIVERING);
}

static void
wake (ConvokeEvent *event)
{
  convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (event), NULL);
  g_object_unref (event);
}

/* A turn on a queue; one that the queue does not give is had in the context. */
typedef struct
{
  ConvokeHandleCore *core;     /* (owned) */
  GMainContext      *context;  /* (owned) */
  gboolean           had;
} Turn;

static void
turn_run (gpointer data)
{
  Turn *self = data;

  self->had = TRUE;
  run_scheduled (self->core);
}

static void
turn_free (gpointer data)
{
  Turn *self = data;

  if (!self->had)
    attach (self->core, self->context);

  convoke_handle_core_unref (self->core);
  g_main_context_unref (self->context);
  g_free (self);
}

static void
put (ConvokeHandleCore *self,
     ConvokeWorkQueue  *queue,
     GMainContext      *context)
{
  Turn *turn = g_new (Turn, 1);

  *turn = (Turn) { convoke_handle_core_ref (self), g_main_context_ref (context), FALSE };
  convoke_work_queue_put_function (queue, turn_run, turn, turn_free, NULL);
}

void
convoke_handle_core_unlock_and_schedule (ConvokeHandleCore *self)
{
  ConvokeHandleOperation *runner = get_runner_locked (self);
  gboolean due = is_due_locked (self);
  ConvokeWorkQueue *queue = NULL;
  GMainContext *context = NULL;
  ConvokeEvent *event = NULL;

  if (due && runner != NULL)
    event = g_object_ref (runner->wake);
  else if (due && !(self->state & CONVOKE_HANDLE_SCHEDULED))
    {
      self->state |= CONVOKE_HANDLE_SCHEDULED;
      g_set_object (&queue, self->work_queue);
      context = g_main_context_ref (self->main_context != NULL ? self->main_context : self->first->callback->context);
    }
  convoke_handle_core_unlock (self);

  if (event != NULL)
    wake (event);
  else if (queue != NULL)
    put (self, queue, context);
  else if (context != NULL)
    attach (self, context);

  g_clear_object (&queue);
  g_clear_pointer (&context, g_main_context_unref);
}

void
convoke_handle_core_unlock_and_tell (ConvokeHandleCore *self)
{
  if (self->asynchronous)
    {
      convoke_handle_core_unlock_and_schedule (self);
      return;
    }

  convoke_handle_core_unlock (self);
  convoke_handle_core_deliver (self, NULL);
}
