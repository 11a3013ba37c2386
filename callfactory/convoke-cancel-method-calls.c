/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Cancelling: the interface that call objects implement, and COM's functions
 * for the synchronous calls of a thread (CX-10 to CX-16).
 */

#include "config.h"

#include "convoke-cancel-method-calls.h"
#include "convoke-error.h"
#include "convoke-record-private.h"

/**
 * ConvokeCancelMethodCalls:
 *
 * What can be asked to end a call: a [class@Call], and the cancel object of a
 * thread's synchronous call.
 *
 * Cancelling is a message: the caller is freed at the latest when the grace that
 * it granted is over, and what the server does is its own affair (CX-3, CX-7).
 *
 * Its methods may be called on any thread.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (ConvokeCancelMethodCalls, convoke_cancel_method_calls, G_TYPE_OBJECT)

static void
convoke_cancel_method_calls_default_init (ConvokeCancelMethodCallsInterface *iface)
{
}

/**
 * convoke_cancel_method_calls_cancel:
 * @self: what can be cancelled
 * @grace: how long the server is granted, in microseconds; 0 gives up at once,
 *   -1 waits for the server
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Asks for the end of a call; see [method@Call.cancel]. An implementation may
 * refuse with %CONVOKE_ERROR_NOT_SUPPORTED or an error of its own.
 *
 * Returns: %TRUE when the request was accepted, which does not mean that the
 *   server stopped
 *
 * Since: 0.1
 */
gboolean
convoke_cancel_method_calls_cancel (ConvokeCancelMethodCalls  *self,
                                    gint64                     grace,
                                    GError                   **error)
{
  g_return_val_if_fail (CONVOKE_IS_CANCEL_METHOD_CALLS (self), FALSE);

  return CONVOKE_CANCEL_METHOD_CALLS_GET_IFACE (self)->cancel (self, grace, error);
}

/**
 * convoke_cancel_method_calls_test_cancel:
 * @self: what can be cancelled
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Tells whether a cancel was requested. The answer is the code:
 * %CONVOKE_ERROR_CANCELLED, %CONVOKE_ERROR_CALL_PENDING (running, not cancelled)
 * or %CONVOKE_ERROR_CALL_COMPLETE (CX-6).
 *
 * Returns: always %FALSE, with @error set
 *
 * Since: 0.1
 */
gboolean
convoke_cancel_method_calls_test_cancel (ConvokeCancelMethodCalls  *self,
                                         GError                   **error)
{
  g_return_val_if_fail (CONVOKE_IS_CANCEL_METHOD_CALLS (self), FALSE);

  CONVOKE_CANCEL_METHOD_CALLS_GET_IFACE (self)->test_cancel (self, error);
  return FALSE;
}

/* --- the cancel object of a synchronous call --- */

#define CONVOKE_TYPE_CANCELLER (convoke_canceller_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeCanceller, convoke_canceller, CONVOKE, CANCELLER, GObject)

struct _ConvokeCanceller
{
  GObject        parent_instance;

  ConvokeRecord *record;  /* owned; constant */
};

static gboolean
convoke_canceller_cancel (ConvokeCancelMethodCalls  *cancel,
                          gint64                     grace,
                          GError                   **error)
{
  return convoke_record_cancel (CONVOKE_CANCELLER (cancel)->record, grace, error);
}

static void
convoke_canceller_test_cancel (ConvokeCancelMethodCalls  *cancel,
                               GError                   **error)
{
  convoke_record_set_test_cancel (CONVOKE_CANCELLER (cancel)->record, error);
}

static void
convoke_canceller_cancel_init (ConvokeCancelMethodCallsInterface *iface)
{
  iface->cancel = convoke_canceller_cancel;
  iface->test_cancel = convoke_canceller_test_cancel;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeCanceller, convoke_canceller, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CANCEL_METHOD_CALLS, convoke_canceller_cancel_init))

static void
convoke_canceller_finalize (GObject *object)
{
  convoke_record_unref (CONVOKE_CANCELLER (object)->record);

  G_OBJECT_CLASS (convoke_canceller_parent_class)->finalize (object);
}

static void
convoke_canceller_class_init (ConvokeCancellerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_canceller_finalize;
}

static void
convoke_canceller_init (ConvokeCanceller *self)
{
}

GObject *
convoke_canceller_new (ConvokeRecord *record)
{
  ConvokeCanceller *self = g_object_new (CONVOKE_TYPE_CANCELLER, NULL);

  self->record = convoke_record_ref (record);
  return G_OBJECT (self);
}

/* --- a thread's synchronous calls --- */

/**
 * convoke_thread_get_id:
 *
 * Gets the number by which other threads name this one in
 * [func@Convoke.cancel_call] and [func@Convoke.dup_cancel_object].
 *
 * Returns: the id, not 0
 *
 * Since: 0.1
 */
guint64
convoke_thread_get_id (void)
{
  return convoke_thread_self ()->id;
}

/**
 * convoke_enable_call_cancellation:
 *
 * Makes the synchronous calls that the calling thread makes from now on
 * cancellable. Counted; balance it with
 * [func@Convoke.disable_call_cancellation]. Whether a call is cancellable is
 * decided when it is made (CX-11).
 *
 * A cancellable call copies its arguments. One whose types cannot be copied
 * still sends the cancel, and ends when the server ends it.
 *
 * Since: 0.1
 */
void
convoke_enable_call_cancellation (void)
{
  ConvokeThread *thread = convoke_thread_self ();

  g_atomic_int_inc (&thread->cancellation);
  convoke_thread_make_known (thread);
}

/**
 * convoke_disable_call_cancellation:
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Takes one [func@Convoke.enable_call_cancellation] of the calling thread back.
 *
 * Fails with %CONVOKE_ERROR_CANCEL_DISABLED when none is left (CX-12).
 *
 * Returns: %TRUE when there was one
 *
 * Since: 0.1
 */
gboolean
convoke_disable_call_cancellation (GError **error)
{
  ConvokeThread *thread = convoke_thread_self ();

  if (g_atomic_int_get (&thread->cancellation) > 0)
    {
      g_atomic_int_add (&thread->cancellation, -1);
      return TRUE;
    }

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCEL_DISABLED,
                       "Cancellation of calls is not enabled on this thread");
  return FALSE;
}

static ConvokeCancelMethodCalls *
dup_innermost (ConvokeThread *thread)
{
  ConvokeCancelMethodCalls *object = NULL;

  g_mutex_lock (&thread->lock);
  if (thread->cancel_objects != NULL && thread->cancel_objects->len > 0)
    object = g_object_ref (g_ptr_array_index (thread->cancel_objects, thread->cancel_objects->len - 1));
  g_mutex_unlock (&thread->lock);

  return object;
}

/**
 * convoke_dup_cancel_object:
 * @thread_id: a thread, by [func@Convoke.thread_get_id]; 0 means the calling one
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets the cancel object of the innermost synchronous call that a thread is in.
 * Calls begun on call objects are not seen (CX-10).
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_CANCEL_DISABLED when the
 * thread has not enabled cancellation, and with %CONVOKE_ERROR_NO_INTERFACE when it
 * is in no cancellable call (CX-14).
 *
 * Returns: (transfer full): the cancel object
 *
 * Since: 0.1
 */
ConvokeCancelMethodCalls *
convoke_dup_cancel_object (guint64   thread_id,
                           GError  **error)
{
  ConvokeThread *self = convoke_thread_self ();
  ConvokeThread *other = thread_id != 0 && thread_id != self->id ? convoke_thread_lookup (thread_id) : NULL;
  ConvokeThread *thread = thread_id == 0 || thread_id == self->id ? self : other;
  ConvokeCancelMethodCalls *object = thread != NULL ? dup_innermost (thread) : NULL;
  gboolean enabled = thread != NULL && g_atomic_int_get (&thread->cancellation) > 0;

  g_clear_pointer (&other, convoke_thread_unref);
  if (object != NULL)
    return object;

  if (enabled)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE, "The thread is in no call that can be cancelled");
  else
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCEL_DISABLED,
                         "Cancellation of calls is not enabled on the thread");
  return NULL;
}

/**
 * convoke_set_cancel_object:
 * @object: (nullable): a [iface@CancelMethodCalls] to put on top of the calling
 *   thread's cancel objects, or %NULL to take the top one off
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes something of the program's own cancellable by thread, as a call is
 * (CX-15). It is referenced while it is registered.
 *
 * Fails with %CONVOKE_ERROR_NO_INTERFACE when @object cannot be cancelled, and
 * with %CONVOKE_ERROR_NOT_FOUND when there is none to take off.
 *
 * Returns: %TRUE when it was done
 *
 * Since: 0.1
 */
gboolean
convoke_set_cancel_object (GObject  *object,
                           GError  **error)
{
  ConvokeThread *thread = convoke_thread_self ();

  if (object == NULL)
    {
      if (convoke_thread_pop_cancel_object (thread))
        return TRUE;

      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "The thread has no cancel object");
      return FALSE;
    }

  if (!CONVOKE_IS_CANCEL_METHOD_CALLS (object))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE, "%s does not implement ConvokeCancelMethodCalls",
                   G_OBJECT_TYPE_NAME (object));
      return FALSE;
    }

  convoke_thread_push_cancel_object (thread, CONVOKE_CANCEL_METHOD_CALLS (object));
  return TRUE;
}

/**
 * convoke_cancel_call:
 * @thread_id: a thread, by [func@Convoke.thread_get_id]; 0 means the calling one
 * @grace: how long the server is granted, in microseconds; 0 gives up at once,
 *   -1 waits for the server
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Cancels the innermost synchronous call that a thread is in (CX-14).
 *
 * Any thread may call this. Fails as [func@Convoke.dup_cancel_object] and
 * [method@Call.cancel].
 *
 * Returns: %TRUE when the cancel was sent
 *
 * Since: 0.1
 */
gboolean
convoke_cancel_call (guint64   thread_id,
                     gint64    grace,
                     GError  **error)
{
  g_autoptr (ConvokeCancelMethodCalls) object = convoke_dup_cancel_object (thread_id, error);

  return object != NULL && convoke_cancel_method_calls_cancel (object, grace, error);
}

/**
 * convoke_test_cancel:
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Tells whether the caller of the call that the calling thread serves asked
 * for its end (CX-16). The answer is the code, as in
 * [method@ServerCall.test_cancel]; outside of a call it is
 * %CONVOKE_ERROR_CALL_COMPLETE.
 *
 * Returns: always %FALSE, with @error set
 *
 * Since: 0.1
 */
gboolean
convoke_test_cancel (GError **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (error);

  if (context != NULL)
    convoke_record_set_test_cancel (convoke_call_context_get_record (context), error);

  return FALSE;
}
