/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * GIO's view of the engine: _async, _finish, GAsyncResult, GCancellable. The
 * GTask holds the call object, whose completion returns the task.
 */

#include "config.h"

#include "convoke-call-private.h"
#include "convoke-error.h"

typedef struct
{
  ConvokeCall  *call;       /* owned */
  char         *method;
  GCancellable *cancellable; /* (nullable) owned */
  gulong        handler;
} ConvokeMethodTask;

static void
method_task_free (gpointer data)
{
  ConvokeMethodTask *self = data;

  g_clear_object (&self->call);
  g_clear_object (&self->cancellable);
  g_free (self->method);
  g_free (self);
}

typedef struct
{
  GValue *values;
  guint   n_values;
} ConvokeValues;

static void
values_free (gpointer data)
{
  ConvokeValues *self = data;

  for (guint i = 0; i < self->n_values; i++)
    g_value_unset (&self->values[i]);
  g_free (self->values);
  g_free (self);
}

/* GIO's callers expect GIO's code for what they cancelled themselves. */
static GError *
as_gio_error (GError       *error,
              GCancellable *cancellable)
{
  if (!g_cancellable_is_cancelled (cancellable) ||
      !g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED))
    return error;

  g_clear_error (&error);
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
}

static void
method_completed (ConvokeCall       *call,
                  ConvokeCallNotice  notice,
                  gpointer           user_data)
{
  g_autoptr (GTask) task = NULL;
  ConvokeMethodTask *data;
  ConvokeValues values = { NULL, 0 };
  GError *error = NULL;

  if (notice != CONVOKE_CALL_NOTICE_COMPLETED)
    return;

  /* The reference that begin took. */
  task = g_steal_pointer ((GTask **) user_data);
  data = g_task_get_task_data (task);
  g_cancellable_disconnect (data->cancellable, data->handler);

  values.values = convoke_call_finish_values (call, data->method, &values.n_values, &error);
  if (error != NULL)
    g_task_return_error (task, as_gio_error (error, data->cancellable));
  else
    g_task_return_pointer (task, g_memdup2 (&values, sizeof values), values_free);
}

static void
method_cancelled (GCancellable *cancellable,
                  gpointer      user_data)
{
  ConvokeCall *call = user_data;

  /* It may have completed meanwhile: then the result stands. */
  convoke_call_cancel (call, 0, NULL);
}

/**
 * convoke_call_method_async:
 * @object: the object to call; a proxy will do
 * @iface: one of its interfaces
 * @method: a method of @iface, by either of its names
 * @args: (array length=n_args) (nullable): the arguments that go in
 * @n_args: the number of values
 * @timeout: the call's deadline in microseconds from now; 0 for none
 * @cancellable: (nullable): cancels the call with no grace
 * @callback: (scope async): what to run when it is done, in the calling
 *   thread's thread-default main context
 * @user_data: (closure): passed to @callback
 *
 * Calls a method in GIO's way, without a call object of one's own.
 *
 * Any thread may call this. A failing begin is reported to @callback like any
 * other error.
 *
 * Since: 0.1
 */
void
convoke_call_method_async (GObject             *object,
                           GType                iface,
                           const char          *method,
                           const GValue        *args,
                           guint                n_args,
                           gint64               timeout,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  ConvokeMethodTask *data;
  g_autoptr (ConvokeCall) call = NULL;
  GTask **pending;
  GError *error = NULL;

  g_return_if_fail (G_IS_OBJECT (object));
  g_return_if_fail (method != NULL);
  g_return_if_fail (timeout >= 0);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (object, cancellable, callback, user_data);
  g_task_set_source_tag (task, convoke_call_method_async);
  g_task_set_check_cancellable (task, FALSE);

  data = g_new0 (ConvokeMethodTask, 1);
  data->method = g_strdup (method);
  data->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  data->call = convoke_create_call (object, iface, &error);
  g_task_set_task_data (task, data, method_task_free);
  if (data->call == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  call = g_object_ref (data->call);

  /* Cleared by the completion, which comes exactly once for a begin that succeeded. */
  pending = g_new (GTask *, 1);
  *pending = g_object_ref (task);
  convoke_call_set_callback (data->call, g_task_get_context (task), method_completed, pending, g_free);
  convoke_call_set_timeout (data->call, timeout);

  /* Before the begin, because its completion disconnects. */
  if (cancellable != NULL)
    data->handler = g_cancellable_connect (cancellable, G_CALLBACK (method_cancelled),
                                           g_object_ref (data->call), g_object_unref);

  if (!convoke_call_begin_values (data->call, method, args, n_args, &error))
    {
      g_cancellable_disconnect (cancellable, data->handler);
      g_clear_object (pending);
      g_task_return_error (task, error);
      return;
    }

  /* A cancel that found no call in progress yet is made up for; twice does no harm. */
  if (g_cancellable_is_cancelled (cancellable))
    convoke_call_cancel (call, 0, NULL);
}

/**
 * convoke_call_method_finish:
 * @object: the object that was called
 * @result: what the callback was given
 * @n_outs: (out): the number of values
 * @error: return location for an error, or %NULL
 *
 * Takes the result of [func@Convoke.Call.method_async].
 *
 * Fails with the method's own error or with what ended the call; a call that
 * the caller's cancellable ended fails with %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (array length=n_outs) (nullable): the return value,
 *   if the method has one, then the arguments that come out; %NULL with @error
 *   unset when the method gives nothing
 *
 * Since: 0.1
 */
GValue *
convoke_call_method_finish (GObject       *object,
                            GAsyncResult  *result,
                            guint         *n_outs,
                            GError       **error)
{
  g_autofree ConvokeValues *values = NULL;

  g_return_val_if_fail (g_task_is_valid (result, object), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, convoke_call_method_async), NULL);
  g_return_val_if_fail (n_outs != NULL, NULL);

  *n_outs = 0;
  values = g_task_propagate_pointer (G_TASK (result), error);
  if (values == NULL)
    return NULL;

  *n_outs = values->n_values;
  return values->values;
}
