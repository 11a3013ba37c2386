/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Media Foundation's view of the engine: begin with a callback and a state, be
 * invoked on a work queue with a result, end. An observer of the call object
 * puts the result on the queue that was chosen when the call was begun.
 */

#include "config.h"

#include "convoke-call-begin.h"

#include "convoke-async-callback-private.h"
#include "convoke-call-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-work-queue-private.h"

/* Names the callback's queue at the begin, so that a queue which cannot be used fails it. */
static gboolean
choose_queue (ConvokeAsyncCallback  *callback,
              ConvokeWorkQueue     **queue,
              GError               **error)
{
  *queue = convoke_async_callback_dup_queue (callback, error);

  return *queue != NULL;
}

/* The begin succeeded, so the callback is invoked, also when the platform of work queues was stopped since (MF-1). */
static void
put (ConvokeWorkQueue   *queue,
     ConvokeAsyncResult *result,
     ConvokeRecord      *record)
{
  convoke_async_result_set_status (result, convoke_record_get_cause (record));
  convoke_work_queue_deliver (queue, result, NULL);
}

/* --- begin and end of any method --- */

/* The result of one begun method. */
typedef struct
{
  ConvokeAsyncResult  parent_instance;

  ConvokeCall        *call;    /* (owned) constant */
  char               *method;  /* constant */
} ConvokeMethodResult;

typedef ConvokeAsyncResultClass ConvokeMethodResultClass;

static GType convoke_method_result_get_type (void);
G_DEFINE_TYPE (ConvokeMethodResult, convoke_method_result, CONVOKE_TYPE_ASYNC_RESULT)

#define CONVOKE_IS_METHOD_RESULT(result) (G_TYPE_CHECK_INSTANCE_TYPE ((result), convoke_method_result_get_type ()))

static void
convoke_method_result_finalize (GObject *object)
{
  ConvokeMethodResult *self = (ConvokeMethodResult *) object;

  g_clear_object (&self->call);
  g_free (self->method);

  G_OBJECT_CLASS (convoke_method_result_parent_class)->finalize (object);
}

static void
convoke_method_result_class_init (ConvokeMethodResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_method_result_finalize;
}

static void
convoke_method_result_init (ConvokeMethodResult *self)
{
}

/* What the call has of its result, until it completes: the two keep each other alive. */
typedef struct
{
  ConvokeAsyncResult *result; /* (owned) (nullable) given up by whoever ends the begin, which happens once */
  ConvokeWorkQueue   *queue;  /* (owned) */
} MethodObserver;

static void
method_withdraw (ConvokeCall   *call,
                 ConvokeRecord *record,
                 gpointer       data)
{
  MethodObserver *self = data;

  g_clear_object (&self->result);
}

static void
method_completed (ConvokeCall   *call,
                  ConvokeRecord *record,
                  gpointer       data)
{
  MethodObserver *self = data;
  g_autoptr (ConvokeAsyncResult) result = g_steal_pointer (&self->result);

  if (result != NULL)
    put (self->queue, result, record);
}

static void
method_free (gpointer data)
{
  MethodObserver *self = data;

  g_clear_object (&self->result);
  g_clear_object (&self->queue);
  g_free (self);
}

static const ConvokeCallObserverFuncs method_funcs = {
  .withdraw = method_withdraw,
  .completed = method_completed,
  .free = method_free,
};

static ConvokeMethodResult *
method_result_new (GObject              *object,
                   ConvokeCall          *call,
                   const char           *method,
                   ConvokeAsyncCallback *callback,
                   GObject              *state)
{
  ConvokeMethodResult *self = g_object_new (convoke_method_result_get_type (),
                                            "object", object, "callback", callback, "state", state, NULL);

  self->call = g_object_ref (call);
  self->method = g_strdup (method);

  return self;
}

static MethodObserver *
observe_method (ConvokeCall         *call,
                ConvokeMethodResult *result,
                ConvokeWorkQueue    *queue)
{
  MethodObserver *observer = g_new (MethodObserver, 1);

  observer->result = g_object_ref (CONVOKE_ASYNC_RESULT (result));
  observer->queue = g_object_ref (queue);
  convoke_call_add_observer (call, &method_funcs, observer);

  return observer;
}

/**
 * convoke_call_method_begin:
 * @object: the object to call; a proxy will do
 * @iface: one of its interfaces
 * @method: a method of @iface, by either of its names
 * @args: (array length=n_args) (nullable): the arguments that go in
 * @n_args: the number of values
 * @timeout: the call's deadline in microseconds from now; 0 for none
 * @callback: what is invoked when the call has ended
 * @state: (nullable): what the callback finds as the state of its result
 * @error: return location for an error, or %NULL
 *
 * Begins a method in Media Foundation's way, without a call object of one's
 * own.
 *
 * When the call has ended, however it did, @callback is invoked once, on the
 * queue that it names (the standard queue where it names none), with the
 * result; never inside of this function, but maybe before it returned (MF-1,
 * MF-2). The result has @object, @state, and the status of the call; the outputs
 * are taken with [func@Convoke.Call.method_end]. What is returned is that same
 * result, for those who want to cancel; it can be dropped.
 *
 * Any thread may call this. Fails as [method@Convoke.Call.begin] does, and with
 * %CONVOKE_ERROR_INVALID_QUEUE when the callback's queue cannot keep what its
 * flags promise, and with %CONVOKE_ERROR_INVALID_ARGUMENT for a negative
 * time-out; the callback is not invoked then.
 *
 * Returns: (transfer full) (nullable): the result, or %NULL when nothing was begun
 *
 * Since: 0.1
 */
ConvokeAsyncResult *
convoke_call_method_begin (GObject               *object,
                           GType                  iface,
                           const char            *method,
                           const GValue          *args,
                           guint                  n_args,
                           gint64                 timeout,
                           ConvokeAsyncCallback  *callback,
                           GObject               *state,
                           GError               **error)
{
  g_autoptr (ConvokeWorkQueue) queue = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (ConvokeAsyncResult) result = NULL;
  MethodObserver *observer;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);
  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (CONVOKE_IS_ASYNC_CALLBACK (callback), NULL);
  g_return_val_if_fail (state == NULL || G_IS_OBJECT (state), NULL);

  if (!convoke_call_check_timeout (timeout, error) || !choose_queue (callback, &queue, error))
    return NULL;
  call = convoke_create_call (object, iface, error);
  if (call == NULL)
    return NULL;

  result = CONVOKE_ASYNC_RESULT (method_result_new (object, call, method, callback, state));
  observer = observe_method (call, (ConvokeMethodResult *) result, queue);
  convoke_call_set_timeout (call, timeout);
  if (convoke_call_begin_values (call, method, args, n_args, error))
    return g_steal_pointer (&result);

  /* It may have failed before the observer was asked. */
  g_clear_object (&observer->result);

  return NULL;
}

static gboolean
check_result (GObject             *object,
              ConvokeAsyncResult  *result,
              GError             **error)
{
  if (CONVOKE_IS_METHOD_RESULT (result) && convoke_async_result_get_object (result) == object)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED,
               "The result is of no method that was begun on this %s", G_OBJECT_TYPE_NAME (object));
  return FALSE;
}

/**
 * convoke_call_method_end:
 * @object: the object that was called
 * @result: what the callback was invoked with
 * @n_outs: (out): the number of values
 * @error: return location for an error, or %NULL
 *
 * Ends what [func@Convoke.Call.method_begin] began, and takes its outputs; in
 * the callback, or later on any thread (MF-4).
 *
 * Fails as the method did or with what ended the call; with
 * %CONVOKE_ERROR_CALL_PENDING before its end, with
 * %CONVOKE_ERROR_CALL_COMPLETE the second time, and with %CONVOKE_ERROR_FAILED
 * for a result that comes from elsewhere (MF-3).
 *
 * Returns: (transfer full) (array length=n_outs) (nullable): the return value,
 *   if the method has one, then the arguments that come out; %NULL with @error
 *   unset when the method gives nothing
 *
 * Since: 0.1
 */
GValue *
convoke_call_method_end (GObject             *object,
                         ConvokeAsyncResult  *result,
                         guint               *n_outs,
                         GError             **error)
{
  ConvokeMethodResult *self = (ConvokeMethodResult *) result;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);
  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (result), NULL);
  g_return_val_if_fail (n_outs != NULL, NULL);

  *n_outs = 0;
  if (!check_result (object, result, error))
    return NULL;

  return convoke_call_finish_values (self->call, self->method, n_outs, error);
}

/**
 * convoke_call_method_dup_call:
 * @result: what [func@Convoke.Call.method_begin] gave
 *
 * Gets the call object behind a result: to cancel it, to wait for it, to read
 * its progress. Any thread may call this.
 *
 * Returns: (transfer full) (nullable): the call object; %NULL when @result is
 *   of something else
 *
 * Since: 0.1
 */
ConvokeCall *
convoke_call_method_dup_call (ConvokeAsyncResult *result)
{
  g_return_val_if_fail (CONVOKE_IS_ASYNC_RESULT (result), NULL);

  if (!CONVOKE_IS_METHOD_RESULT (result))
    return NULL;

  return g_object_ref (((ConvokeMethodResult *) result)->call);
}

/* --- a callback beside other views --- */

typedef struct
{
  ConvokeAsyncCallback *callback; /* (owned) */
  GObject              *state;    /* (owned) (nullable) */
  ConvokeWorkQueue     *queue;    /* (owned) */
} CallbackObserver;

static void
callback_completed (ConvokeCall   *call,
                    ConvokeRecord *record,
                    gpointer       data)
{
  CallbackObserver *self = data;
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (G_OBJECT (call), self->callback, self->state);

  put (self->queue, result, record);
}

static void
callback_free (gpointer data)
{
  CallbackObserver *self = data;

  g_object_unref (self->callback);
  g_clear_object (&self->state);
  g_object_unref (self->queue);
  g_free (self);
}

static const ConvokeCallObserverFuncs callback_funcs = {
  .completed = callback_completed,
  .free = callback_free,
};

/**
 * convoke_call_add_async_callback:
 * @self: a call object that is idle
 * @callback: what is invoked with each completion
 * @state: (nullable): what it finds as the state of the result
 * @error: return location for an error, or %NULL
 *
 * Has @callback invoked with a new result each time that a call of @self has
 * ended, beside whatever else is told of it.
 *
 * It runs on the queue that it names now. The object of the result is @self, or
 * %NULL when the call object went away; the status is what the call ended with.
 * The outputs are for whoever finishes the call. A callback that refers to
 * @self keeps it alive.
 *
 * Not thread safe: call it before the call object is shared. Fails with
 * %CONVOKE_ERROR_INVALID_QUEUE when the callback's queue cannot keep what its
 * flags promise, and with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: %TRUE when it will be invoked
 *
 * Since: 0.1
 */
gboolean
convoke_call_add_async_callback (ConvokeCall           *self,
                                 ConvokeAsyncCallback  *callback,
                                 GObject               *state,
                                 GError               **error)
{
  g_autoptr (ConvokeWorkQueue) queue = NULL;
  CallbackObserver *observer;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_ASYNC_CALLBACK (callback), FALSE);
  g_return_val_if_fail (state == NULL || G_IS_OBJECT (state), FALSE);
  g_return_val_if_fail (convoke_call_get_state (self) == CONVOKE_CALL_STATE_IDLE, FALSE);

  if (convoke_check_forked (error) || !choose_queue (callback, &queue, error))
    return FALSE;

  observer = g_new (CallbackObserver, 1);
  *observer = (CallbackObserver) {
    g_object_ref (callback), state != NULL ? g_object_ref (state) : NULL, g_steal_pointer (&queue)
  };
  convoke_call_add_observer (self, &callback_funcs, observer);

  return TRUE;
}
