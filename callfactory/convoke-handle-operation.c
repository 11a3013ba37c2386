/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The pending operation of a handle is a call of the engine, which the handle
 * observes: it knows nothing of its own about its end. It is the handle's from
 * its begin until its end was reported, so that what comes after that report
 * cannot be mistaken for what came before (WI-18).
 */

#include "config.h"

#include "convoke-handle-private.h"

#include "convoke-call-operation.h"
#include "convoke-error.h"
#include "convoke-record-private.h"
#include "convoke-wait-for-multiple.h"

ConvokeHandleOperation *
convoke_handle_operation_new (ConvokeHandle              *handle,
                              ConvokeHandleOperationKind  kind,
                              const char                 *method)
{
  ConvokeHandleOperation *self = g_new0 (ConvokeHandleOperation, 1);

  self->ref_count = 1;
  self->kind = kind;
  self->method = g_strdup (method);
  self->core = convoke_handle_core_ref (convoke_handle_get_core (handle));
  self->handle = g_object_ref (handle);

  return self;
}

ConvokeHandleOperation *
convoke_handle_operation_ref (ConvokeHandleOperation *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
convoke_handle_operation_unref (ConvokeHandleOperation *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_error (&self->error);
  g_clear_pointer (&self->told, convoke_record_unref);
  g_free (self->method);
  g_clear_object (&self->handle);
  convoke_handle_core_unref (self->core);
  g_free (self);
}

static gboolean
is_blocking (ConvokeHandleOperation *self)
{
  return self->kind != CONVOKE_HANDLE_OPERATION_WATCHED && convoke_handle_core_blocks (self->core);
}

/* --- whose it is --- */

static gboolean
check_callback_locked (ConvokeHandleOperation  *self,
                       GError                 **error)
{
  if (self->kind == CONVOKE_HANDLE_OPERATION_WATCHED || is_blocking (self) || self->core->callback != NULL)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CALLBACK,
                       "Nobody would learn of the operation's end: set a status callback, or use the context value 0");
  return FALSE;
}

static gboolean
needs_wake_locked (ConvokeHandleOperation *self)
{
  return is_blocking (self) && self->core->callback != NULL && self->core->context != 0;
}

/* (transfer full) (nullable): what it told of before. */
static ConvokeRecord *
claim_locked (ConvokeHandleOperation *self,
              ConvokeCall            *call,
              ConvokeRecord          *record)
{
  ConvokeRecord *before = self->told;

  self->core->state |= CONVOKE_HANDLE_KNOWN;
  self->core->operation = convoke_handle_operation_ref (self);
  self->call = g_object_ref (call);
  self->record = convoke_record_ref (record);
  self->told = convoke_record_ref (record);
  self->wake = needs_wake_locked (self) ? convoke_event_new (FALSE) : NULL;
  self->completed = self->sent = self->progress_queued = FALSE;
  self->attended = self->kind == CONVOKE_HANDLE_OPERATION_METHOD;

  return before;
}

/* What is dropped when the lock is gone. */
typedef struct
{
  ConvokeHandle          *handle;
  ConvokeHandleOperation *operation;
  ConvokeCall            *call;
  ConvokeRecord          *record;
  ConvokeEvent           *wake;
} Released;

static Released
release_locked (ConvokeHandleOperation *self)
{
  Released released = { NULL };

  if (self->core->operation == self)
    released = (Released) {
      self->kind != CONVOKE_HANDLE_OPERATION_WATCHED ? g_steal_pointer (&self->handle) : NULL,
      g_steal_pointer (&self->core->operation), g_steal_pointer (&self->call),
      g_steal_pointer (&self->record), g_steal_pointer (&self->wake),
    };

  return released;
}

static void
drop_released (Released *released)
{
  g_clear_object (&released->wake);
  g_clear_object (&released->call);
  g_clear_pointer (&released->record, convoke_record_unref);
  g_clear_pointer (&released->operation, convoke_handle_operation_unref);
  g_clear_object (&released->handle);
}

static gboolean
is_current_locked (ConvokeHandleOperation *self,
                   ConvokeRecord          *record)
{
  return self->core->operation == self && self->record == record && !self->completed;
}

/* --- what happens to it --- */

void
convoke_handle_operation_post_sent_locked (ConvokeHandleOperation *self)
{
  if (self->kind == CONVOKE_HANDLE_OPERATION_OWN || self->sent)
    return;

  self->sent = TRUE;
  convoke_handle_core_post_locked (self->core, self->handle, CONVOKE_HANDLE_STATUS_REQUEST_SENT, NULL, NULL);
}

/* An answer came, unless the call was ended by somebody on this side or on the way. */
static gboolean
was_answered (ConvokeHandleOperation *self)
{
  return self->kind != CONVOKE_HANDLE_OPERATION_OWN && (self->error == NULL || self->error->domain != CONVOKE_ERROR);
}

/* Its owner may begin the call again before this was told: it is told what there is to tell now. */
static void
post_watched_end_locked (ConvokeHandleOperation *self)
{
  GValue information = G_VALUE_INIT;

  g_value_init (&information, CONVOKE_TYPE_HANDLE_RESULT);
  g_value_take_object (&information, convoke_handle_result_new (NULL, 0, g_steal_pointer (&self->error)));
  convoke_handle_core_post_locked (self->core, self->handle, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, &information, NULL);
  g_value_unset (&information);
}

static Released
complete_locked (ConvokeHandleOperation *self)
{
  const GError *cause = convoke_record_get_cause (self->record);

  self->completed = TRUE;
  g_clear_error (&self->error);
  self->error = cause != NULL ? g_error_copy (cause) : NULL;

  convoke_handle_operation_post_sent_locked (self);
  if (was_answered (self))
    convoke_handle_core_post_locked (self->core, self->handle, CONVOKE_HANDLE_STATUS_RESPONSE_RECEIVED, NULL, NULL);

  if (self->kind == CONVOKE_HANDLE_OPERATION_WATCHED)
    {
      post_watched_end_locked (self);
      return release_locked (self);
    }

  if (!is_blocking (self))
    convoke_handle_core_post_locked (self->core, self->handle, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, NULL, self);

  return (Released) { NULL };
}

static void
completed (ConvokeCall   *call,
           ConvokeRecord *record,
           gpointer       data)
{
  ConvokeHandleOperation *self = data;
  Released released = { NULL };

  convoke_handle_core_lock (self->core);
  if (is_current_locked (self, record))
    released = complete_locked (self);
  convoke_handle_core_unlock_and_schedule (self->core);

  drop_released (&released);
  convoke_handle_core_settle (self->core);
}

static gboolean
begin (ConvokeCall    *call,
       ConvokeRecord  *record,
       gpointer        data,
       GError        **error)
{
  ConvokeHandleOperation *self = data;
  ConvokeHandleCore *core = self->core;
  Released released = { NULL };
  ConvokeRecord *before = NULL;
  gboolean free;

  convoke_handle_core_lock (core);
  /* The owner of a watched call can know of its end before the observer does. */
  if (core->operation == self && !self->completed)
    released = complete_locked (self);
  if (self->kind == CONVOKE_HANDLE_OPERATION_WATCHED && (core->state & CONVOKE_HANDLE_CLOSED))
    {
      convoke_handle_core_unlock_and_schedule (core);
      drop_released (&released);
      return TRUE;
    }

  free = convoke_handle_core_check_locked (core, TRUE, error) && check_callback_locked (self, error);
  if (free)
    {
      before = claim_locked (self, call, record);
      if (self->kind != CONVOKE_HANDLE_OPERATION_OWN)
        convoke_handle_core_post_locked (core, self->handle, CONVOKE_HANDLE_STATUS_SENDING_REQUEST, NULL, NULL);
    }
  convoke_handle_core_unlock_and_schedule (core);
  drop_released (&released);
  g_clear_pointer (&before, convoke_record_unref);

  return free;
}

static void
withdraw (ConvokeCall   *call,
          ConvokeRecord *record,
          gpointer       data)
{
  ConvokeHandleOperation *self = data;
  Released released = { NULL };

  convoke_handle_core_lock (self->core);
  if (is_current_locked (self, record))
    released = release_locked (self);
  convoke_handle_core_unlock_and_schedule (self->core);

  drop_released (&released);
  convoke_handle_core_settle (self->core);
}

/* One report can stand for several changes, so there is never more than one of them queued. */
static void
progress (ConvokeCall   *call,
          ConvokeRecord *record,
          gpointer       data)
{
  ConvokeHandleOperation *self = data;

  convoke_handle_core_lock (self->core);
  if (is_current_locked (self, record) && !self->progress_queued)
    {
      self->progress_queued = TRUE;
      convoke_handle_operation_post_sent_locked (self);
      convoke_handle_core_post_locked (self->core, self->handle, CONVOKE_HANDLE_STATUS_PROGRESS, NULL, self);
    }
  convoke_handle_core_unlock_and_schedule (self->core);
}

static const ConvokeCallObserverFuncs observer_funcs = {
  .begin = begin,
  .withdraw = withdraw,
  .completed = completed,
  .progress = progress,
  .free = (GDestroyNotify) convoke_handle_operation_unref,
};

void
convoke_handle_operation_observe (ConvokeHandleOperation *self,
                                  ConvokeCall            *call)
{
  convoke_call_add_observer (call, &observer_funcs, convoke_handle_operation_ref (self));
}

static gboolean
is_of_core (gconstpointer operation,
            gconstpointer core)
{
  return ((const ConvokeHandleOperation *) operation)->core == core;
}

gboolean
convoke_handle_core_observes (ConvokeHandleCore *self,
                              ConvokeCall       *call)
{
  return convoke_call_has_observer (call, &observer_funcs, is_of_core, self);
}

static GVariant *
read_progress (ConvokeRecord *record)
{
  ConvokeRecordExtra *extra = g_atomic_pointer_get (&record->extra);
  guint64 done = 0;
  guint64 total = 0;

  if (extra != NULL)
    {
      convoke_record_lock (record);
      done = extra->done;
      total = extra->total;
      convoke_record_unlock (record);
    }

  return g_variant_ref_sink (g_variant_new ("(tt)", done, total));
}

static ConvokeCall *
dup_call (ConvokeHandleOperation *self)
{
  ConvokeCall *call;

  convoke_handle_core_lock (self->core);
  call = self->call != NULL ? g_object_ref (self->call) : NULL;
  convoke_handle_core_unlock (self->core);

  return call;
}

GVariant *
convoke_handle_operation_take_progress (ConvokeHandleOperation *self)
{
  ConvokeRecord *record;
  GVariant *progress;

  convoke_handle_core_lock (self->core);
  self->progress_queued = FALSE;
  record = self->told != NULL ? convoke_record_ref (self->told) : NULL;
  convoke_handle_core_unlock (self->core);

  if (record == NULL)
    return NULL;

  progress = read_progress (record);
  convoke_record_unref (record);

  return progress;
}

/* --- its end --- */

static gboolean
finish_own (ConvokeCall *call,
            GValue     **values,
            guint       *n_values)
{
  GValue value = G_VALUE_INIT;

  if (!convoke_call_finish_operation (call, &value, NULL))
    return FALSE;

  if (!G_VALUE_HOLDS_POINTER (&value) || g_value_get_pointer (&value) != NULL)
    {
      *values = g_memdup2 (&value, sizeof value);
      *n_values = 1;
    }

  return TRUE;
}

/* The end of another view's finish is no failure of the operation, whose result that other has. */
static gboolean
finish (ConvokeHandleOperation  *self,
        GValue                 **values,
        guint                   *n_values,
        GError                 **error)
{
  g_autoptr (ConvokeCall) call = dup_call (self);

  *values = NULL;
  *n_values = 0;
  if (self->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->error));
      return FALSE;
    }

  if (self->kind == CONVOKE_HANDLE_OPERATION_OWN)
    finish_own (call, values, n_values);
  else
    *values = convoke_call_finish_values (call, self->method, n_values, NULL);

  return TRUE;
}

static void
release (ConvokeHandleOperation *self)
{
  Released released;

  convoke_handle_core_lock (self->core);
  released = release_locked (self);
  convoke_handle_core_unlock_and_schedule (self->core);

  drop_released (&released);
}

ConvokeHandleResult *
convoke_handle_operation_take_result (ConvokeHandleOperation *self)
{
  GError *error = NULL;
  GValue *values;
  guint n_values;

  finish (self, &values, &n_values, &error);
  release (self);

  return convoke_handle_result_new (values, n_values, error);
}

/* --- blocking --- */

/* Of a handle that is closed nobody need come to wait for what has ended. */
void
convoke_handle_operation_let_go (ConvokeHandleCore *core)
{
  Released released = { NULL };

  convoke_handle_core_lock (core);
  if ((core->state & CONVOKE_HANDLE_CLOSED) && core->operation != NULL && is_blocking (core->operation) &&
      core->operation->completed && !core->operation->attended)
    released = release_locked (core->operation);
  convoke_handle_core_unlock (core);

  drop_released (&released);
}

static gboolean
wait_once (ConvokeCall  *call,
           ConvokeEvent *event,
           guint        *index,
           GError      **error)
{
  ConvokeSynchronize *objects[] = { CONVOKE_SYNCHRONIZE (call), CONVOKE_SYNCHRONIZE (event) };

  *index = 0;
  if (event == NULL)
    return convoke_call_wait (call, -1, error);

  return convoke_wait_for_multiple (objects, G_N_ELEMENTS (objects), CONVOKE_WAIT_DEFAULT, -1, index, error);
}

/* Reports are told on this thread meanwhile (WI-12). */
static void
block (ConvokeHandleOperation *self,
       ConvokeCall            *call,
       ConvokeEvent           *event)
{
  guint index = 1;

  while (index == 1)
    {
      if (event != NULL)
        convoke_handle_core_deliver (self->core, self);
      if (!wait_once (call, event, &index, NULL))
        break;
    }

  /* Whoever finished the call ended the wait; a thread that cannot wait gives up. */
  if (convoke_call_get_state (call) == CONVOKE_CALL_STATE_PENDING)
    convoke_call_cancel (call, 0, NULL);
}

/* The wait can be over before the observers were told. */
static void
complete_blocked (ConvokeHandleOperation *self)
{
  convoke_handle_core_lock (self->core);
  if (is_current_locked (self, self->record))
    complete_locked (self);
  convoke_handle_core_unlock_and_schedule (self->core);

  convoke_handle_core_deliver (self->core, self);
}

gboolean
convoke_handle_operation_run (ConvokeHandleOperation  *self,
                              GValue                 **values,
                              guint                   *n_values,
                              GError                 **error)
{
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (ConvokeEvent) event = NULL;
  gboolean done;

  convoke_handle_core_lock (self->core);
  g_set_object (&call, self->call);
  g_set_object (&event, self->wake);
  convoke_handle_core_unlock (self->core);

  block (self, call, event);
  complete_blocked (self);
  done = finish (self, values, n_values, error);
  release (self);
  convoke_handle_core_settle (self->core);

  return done;
}
