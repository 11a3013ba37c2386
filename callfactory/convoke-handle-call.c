/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The functions by which operations begin: a subclass's own work, a method of
 * any component, and calls that somebody else begins.
 */

#include "config.h"

#include "convoke-handle-private.h"

#include "convoke-call-operation.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-record-private.h"

static gint64
get_timeout (ConvokeHandleCore *core)
{
  gint64 timeout;

  convoke_handle_core_lock (core);
  timeout = core->timeout;
  convoke_handle_core_unlock (core);

  return timeout;
}

/**
 * convoke_handle_begin_operation:
 * @self: a handle
 * @name: what is done, for messages; there should be few of them, since they are never forgotten
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Begins an operation of a subclass: work of its own, as a call of the engine.
 * For those who derive.
 *
 * What was begun is started by the subclass, which keeps a reference for the
 * work, and is then given to [method@Handle.run] in any case; until its end
 * was told it keeps the handle. The work ends it
 * from any thread, with [method@ServerCall.complete_operation] or
 * [method@ServerCall.abort], also where it could not be started; dropped, it
 * ends with %CONVOKE_ERROR_SERVER_FAULT. The work learns that the handle was
 * closed, or its time is over, through the cancellable of the operation's
 * [method@ServerCall.dup_context], where it also reports progress.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_INVALID_HANDLE when the
 * handle is closed; with %CONVOKE_ERROR_CALL_PENDING while an operation of it
 * is pending, which lasts until its end was told (WI-18); and with
 * %CONVOKE_ERROR_NO_CALLBACK when it would be pending and nobody is there to be
 * told (WI-14).
 *
 * Returns: (transfer full) (nullable): the work's side of the operation
 *
 * Since: 0.1
 */
ConvokeServerCall *
convoke_handle_begin_operation (ConvokeHandle  *self,
                                const char     *name,
                                GError        **error)
{
  ConvokeHandleCore *core;
  g_autoptr (ConvokeCall) call = NULL;
  ConvokeHandleOperation *operation;
  ConvokeServerCall *begun;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), NULL);
  g_return_val_if_fail (name != NULL && *name != '\0', NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  core = convoke_handle_get_core (self);
  if (!convoke_handle_core_check (core, TRUE, error))
    return NULL;

  call = convoke_call_new_operation (NULL, name);
  convoke_call_set_timeout (call, get_timeout (core));
  operation = convoke_handle_operation_new (self, CONVOKE_HANDLE_OPERATION_OWN, name);
  convoke_handle_operation_observe (operation, call);
  begun = convoke_call_begin_operation (call, error);
  convoke_handle_operation_unref (operation);

  return begun;
}

/* (transfer full) (nullable): the operation, for which this thread will wait. */
static ConvokeHandleOperation *
attend (ConvokeHandleCore  *core,
        ConvokeServerCall  *server_call,
        GError            **error)
{
  ConvokeHandleOperation *operation = NULL;

  convoke_handle_core_lock (core);
  if (core->operation != NULL && core->operation->record == convoke_server_call_get_record (server_call))
    {
      operation = convoke_handle_operation_ref (core->operation);
      operation->attended = TRUE;
    }
  else if (core->state & CONVOKE_HANDLE_CLOSED)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED,
                         "The handle was closed before its operation was waited for");
  else
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE,
                         "The operation is not this handle's, or was run before");
  convoke_handle_core_unlock (core);

  return operation;
}

static void
clear_values (GValue *values,
              guint   n_values)
{
  for (guint i = 0; i < n_values; i++)
    g_value_unset (&values[i]);
  g_free (values);
}

/* A value without a type cannot be handed to other languages. */
static void
set_none (GValue *result)
{
  if (result != NULL)
    g_value_init (result, G_TYPE_POINTER);
}

static void
move_result (GValue *values,
             guint   n_values,
             GValue *result)
{
  if (n_values == 1 && result != NULL)
    {
      *result = values[0];
      g_free (values);
      return;
    }

  clear_values (values, n_values);
  set_none (result);
}

static ConvokeHandleOutcome
run_blocking (ConvokeHandleOperation  *operation,
              GValue                  *result,
              GError                 **error)
{
  GValue *values = NULL;
  guint n_values = 0;

  if (!convoke_handle_operation_run (operation, &values, &n_values, error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  move_result (values, n_values, result);

  return CONVOKE_HANDLE_OUTCOME_DONE;
}

/**
 * convoke_handle_run:
 * @self: the handle
 * @operation: (transfer full): what [method@Handle.begin_operation] gave
 * @result: (out caller-allocates) (optional): the result, when it is done; a
 *   pointer that is %NULL when it is pending or there is none, and left unset on
 *   failure
 * @error: return location for an error, or %NULL
 *
 * Lets an operation take its course, and gives what the subclass's own function
 * returns. For those who derive.
 *
 * In asynchronous mode it is pending, also when it has ended already. Otherwise
 * this blocks until it has ended, and tells the status callback what happens
 * meanwhile on the calling thread (WI-12); the thread serves calls as
 * [method@Call.wait] does.
 *
 * Fails with what the operation ended with.
 *
 * Returns: the outcome
 *
 * Since: 0.1
 */
ConvokeHandleOutcome
convoke_handle_run (ConvokeHandle      *self,
                    ConvokeServerCall  *operation,
                    GValue             *result,
                    GError            **error)
{
  g_autoptr (ConvokeHandle) handle = NULL;
  ConvokeHandleOperation *blocking;
  ConvokeHandleOutcome outcome = CONVOKE_HANDLE_OUTCOME_FAILED;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), CONVOKE_HANDLE_OUTCOME_FAILED);
  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (operation), CONVOKE_HANDLE_OUTCOME_FAILED);
  g_return_val_if_fail (error == NULL || *error == NULL, CONVOKE_HANDLE_OUTCOME_FAILED);

  if (result != NULL)
    *result = (GValue) G_VALUE_INIT;
  if (convoke_check_forked (error))
    {
      g_object_unref (operation);
      return CONVOKE_HANDLE_OUTCOME_FAILED;
    }
  if (!convoke_handle_core_blocks (convoke_handle_get_core (self)))
    {
      g_object_unref (operation);
      set_none (result);
      return CONVOKE_HANDLE_OUTCOME_PENDING;
    }

  /* A callback may drop the caller's. */
  handle = g_object_ref (self);
  blocking = attend (convoke_handle_get_core (self), operation, error);
  g_object_unref (operation);
  if (blocking != NULL)
    {
      outcome = run_blocking (blocking, result, error);
      convoke_handle_operation_unref (blocking);
    }

  return outcome;
}

static void
post_sent (ConvokeHandleOperation *operation)
{
  convoke_handle_core_lock (operation->core);
  if (operation->core->operation == operation && !operation->completed)
    convoke_handle_operation_post_sent_locked (operation);
  convoke_handle_core_unlock_and_schedule (operation->core);
}

static ConvokeHandleOutcome
run_method (ConvokeHandle           *self,
            ConvokeHandleOperation  *operation,
            GValue                 **outs,
            guint                   *n_outs,
            GError                 **error)
{
  g_autoptr (ConvokeHandle) handle = g_object_ref (self);
  GValue *values = NULL;
  guint n_values = 0;

  post_sent (operation);
  if (!convoke_handle_core_blocks (operation->core))
    return CONVOKE_HANDLE_OUTCOME_PENDING;
  if (!convoke_handle_operation_run (operation, &values, &n_values, error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  if (outs != NULL)
    {
      *outs = values;
      *n_outs = n_values;
    }
  else
    clear_values (values, n_values);

  return CONVOKE_HANDLE_OUTCOME_DONE;
}

/**
 * convoke_handle_call:
 * @self: a handle
 * @object: the object to call; a proxy will do
 * @iface: one of its interfaces
 * @method: a method of @iface, by either of its names
 * @args: (array length=n_args) (nullable): the arguments that go in
 * @n_args: the number of values
 * @timeout: how long it may take, in microseconds; 0 for the handle's own time-out
 * @outs: (out) (optional) (nullable) (transfer full) (array length=n_outs): when it is done: the
 *   return value, if the method has one, then the arguments that come out
 * @n_outs: (out): the number of values
 * @error: return location for an error, or %NULL
 *
 * Calls a method of any component, wherever that lives, as an operation of
 * the handle.
 *
 * In asynchronous mode it is pending; the status callback is told of sending,
 * of progress, of the answer, and last of the end with the method's results.
 * Otherwise this blocks until the end, telling the same on the calling thread,
 * but for the end, which is what it returns. Closing the handle cancels.
 *
 * Any thread may call this. Fails as [method@Handle.begin_operation], as
 * [func@Convoke.create_call] and [method@Call.begin], and with
 * %CONVOKE_ERROR_INVALID_ARGUMENT for a negative time-out; and, where it blocks,
 * with what the call ended with.
 *
 * Returns: the outcome
 *
 * Since: 0.1
 */
ConvokeHandleOutcome
convoke_handle_call (ConvokeHandle  *self,
                     GObject        *object,
                     GType           iface,
                     const char     *method,
                     const GValue   *args,
                     guint           n_args,
                     gint64          timeout,
                     GValue        **outs,
                     guint          *n_outs,
                     GError        **error)
{
  ConvokeHandleOutcome outcome = CONVOKE_HANDLE_OUTCOME_FAILED;
  g_autoptr (ConvokeCall) call = NULL;
  ConvokeHandleOperation *operation;
  ConvokeHandleCore *core;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), CONVOKE_HANDLE_OUTCOME_FAILED);
  g_return_val_if_fail (G_IS_OBJECT (object), CONVOKE_HANDLE_OUTCOME_FAILED);
  g_return_val_if_fail (method != NULL, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_return_val_if_fail (args != NULL || n_args == 0, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_return_val_if_fail (n_outs != NULL, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_return_val_if_fail (error == NULL || *error == NULL, CONVOKE_HANDLE_OUTCOME_FAILED);

  *n_outs = 0;
  if (outs != NULL)
    *outs = NULL;

  core = convoke_handle_get_core (self);
  if (!convoke_handle_core_check (core, TRUE, error) || !convoke_call_check_timeout (timeout, error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;
  call = convoke_create_call (object, iface, error);
  if (call == NULL)
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  convoke_call_set_timeout (call, timeout > 0 ? timeout : get_timeout (core));
  operation = convoke_handle_operation_new (self, CONVOKE_HANDLE_OPERATION_METHOD, method);
  convoke_handle_operation_observe (operation, call);
  if (convoke_call_begin_values (call, method, args, n_args, error))
    outcome = run_method (self, operation, outs, n_outs, error);
  convoke_handle_operation_unref (operation);

  return outcome;
}

/**
 * convoke_handle_watch_call:
 * @self: a handle
 * @call: a call object that is idle
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * From now on each call that is begun on @call is a pending operation of the
 * handle: its status callback is told of it as of one of [method@Handle.call],
 * and closing the handle cancels it.
 *
 * The call remains its owner's, who takes the result; what is told of its end
 * is how it ended, without values. It is never blocked for. While another
 * operation of the handle is pending, beginning @call fails with
 * %CONVOKE_ERROR_CALL_PENDING. When the handle is closed it does not watch any
 * more. @call keeps the handle.
 *
 * Not thread safe as to @call: do this before that is shared. Fails with
 * %CONVOKE_ERROR_INVALID_HANDLE when the handle is closed, with
 * %CONVOKE_ERROR_ALREADY_REGISTERED when it watches @call, and with
 * %CONVOKE_ERROR_CALL_PENDING when @call is not idle.
 *
 * Returns: %TRUE when it watches
 *
 * Since: 0.1
 */
gboolean
convoke_handle_watch_call (ConvokeHandle  *self,
                           ConvokeCall    *call,
                           GError        **error)
{
  ConvokeHandleOperation *operation;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_CALL (call), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!convoke_handle_core_check (convoke_handle_get_core (self), FALSE, error))
    return FALSE;
  if (convoke_call_get_state (call) != CONVOKE_CALL_STATE_IDLE)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING,
                           "A call is in progress on the call object: watch it before it is begun");
      return FALSE;
    }
  if (convoke_handle_core_observes (convoke_handle_get_core (self), call))
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED,
                           "The handle watches the call object already");
      return FALSE;
    }

  operation = convoke_handle_operation_new (self, CONVOKE_HANDLE_OPERATION_WATCHED, NULL);
  convoke_handle_operation_observe (operation, call);
  convoke_handle_operation_unref (operation);

  return TRUE;
}

/**
 * convoke_handle_dup_operation:
 * @self: a handle
 *
 * Gets the call object of the pending operation, to wait for it or to learn of
 * it in any other way that calls have.
 *
 * When the operation's end is told, the handle finishes the call. Whoever
 * finishes it before has its result, and the callback is told that it ended
 * well, without values.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full) (nullable): the call object; %NULL when no operation is pending
 *
 * Since: 0.1
 */
ConvokeCall *
convoke_handle_dup_operation (ConvokeHandle *self)
{
  ConvokeHandleCore *core;
  ConvokeCall *call = NULL;

  g_return_val_if_fail (CONVOKE_IS_HANDLE (self), NULL);

  core = convoke_handle_get_core (self);
  if (convoke_handle_core_check (core, FALSE, NULL))
    {
      convoke_handle_core_lock (core);
      if (core->operation != NULL && core->operation->call != NULL)
        call = g_object_ref (core->operation->call);
      convoke_handle_core_unlock (core);
    }

  return call;
}
