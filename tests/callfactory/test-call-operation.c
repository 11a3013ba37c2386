/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Calls of the program's own work. */

#include "config.h"

#include <convoke.h>

#include "convoke-call-private.h"

#include "test-util.h"

static ConvokeCall *
new_operation (void)
{
  return convoke_call_new_operation (NULL, "fetch");
}

static ConvokeServerCall *
begin (ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;
  ConvokeServerCall *work = convoke_call_begin_operation (call, &error);

  g_assert_no_error (error);
  g_assert_nonnull (work);
  return work;
}

static void
complete_with (ConvokeServerCall *work,
               const char        *text)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  convoke_server_call_complete_operation (work, &value, &error);
  g_assert_no_error (error);
}

static void
assert_status (ConvokeCall *call,
               int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_call_check_status (call, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
}

static void
test_result (void)
{
  g_autoptr (GObject) source = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (ConvokeCall) call = convoke_call_new_operation (source, "fetch");

  g_test_summary ("An operation has the states of a call, and gives its result once (P-2, P-3)");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (ConvokeServerCall) work = begin (call);
      g_autoptr (GError) error = NULL;
      g_auto (GValue) result = G_VALUE_INIT;

      g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_PENDING);
      g_assert_false (convoke_call_finish_operation (call, &result, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
      g_clear_error (&error);

      complete_with (work, "done");
      g_assert_true (convoke_call_wait (call, 0, &error));
      g_assert_true (convoke_call_finish_operation (call, &result, &error));
      g_assert_cmpstr (g_value_get_string (&result), ==, "done");
      g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_IDLE);

      g_assert_false (convoke_call_finish_operation (call, NULL, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
    }
}

static void
test_no_result (void)
{
  g_autoptr (ConvokeCall) call = new_operation ();
  g_autoptr (ConvokeServerCall) work = begin (call);
  g_autoptr (GError) error = NULL;
  GValue result = G_VALUE_INIT;

  g_test_summary ("An operation can end well without a result: it is a pointer to nothing then");

  g_assert_true (convoke_server_call_complete_operation (work, NULL, &error));
  g_assert_true (convoke_call_finish_operation (call, &result, &error));
  g_assert_true (G_VALUE_HOLDS_POINTER (&result));
  g_assert_null (g_value_get_pointer (&result));
}

static void
test_status (void)
{
  g_autoptr (ConvokeCall) call = new_operation ();
  g_autoptr (ConvokeServerCall) work = NULL;
  g_autoptr (ConvokeServerCall) again = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-10, T-RA-3: the status of a call can be asked for and ends nothing");

  assert_status (call, CONVOKE_ERROR_HANDLE_IDLE);
  work = begin (call);
  assert_status (call, CONVOKE_ERROR_CALL_PENDING);
  assert_status (call, CONVOKE_ERROR_CALL_PENDING);
  complete_with (work, "well");
  g_assert_true (convoke_call_check_status (call, &error));
  g_assert_true (convoke_call_check_status (call, &error));
  g_assert_true (convoke_call_finish_operation (call, NULL, &error));
  assert_status (call, CONVOKE_ERROR_HANDLE_IDLE);

  again = begin (call);
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone");
  g_assert_true (convoke_server_call_abort (again, error, NULL));
  g_clear_error (&error);
  g_assert_false (convoke_call_check_status (call, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_SIGNALED);
}

static void
test_dropped (void)
{
  g_autoptr (ConvokeCall) call = new_operation ();

  g_test_summary ("SV-12: work that is dropped ends its operation with SERVER_FAULT");

  g_object_unref (begin (call));
  assert_status (call, CONVOKE_ERROR_SERVER_FAULT);
}

static void
test_busy (void)
{
  g_autoptr (ConvokeCall) call = new_operation ();
  g_autoptr (ConvokeServerCall) work = begin (call);
  g_autoptr (GError) error = NULL;

  g_test_summary ("One operation at a time");

  g_assert_null (convoke_call_begin_operation (call, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
}

static void
test_cancel (void)
{
  g_autoptr (ConvokeCall) call = new_operation ();
  g_autoptr (ConvokeServerCall) work = begin (call);
  g_autoptr (ConvokeCallContext) context = convoke_server_call_dup_context (work);
  g_autoptr (GCancellable) cancellable = convoke_call_context_dup_cancellable (context);
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-6: the work learns of a cancel and answers it");

  g_assert_true (convoke_call_cancel (call, 60 * G_USEC_PER_SEC, &error));
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  assert_status (call, CONVOKE_ERROR_CALL_PENDING);

  error = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "stopped");
  g_assert_true (convoke_server_call_abort (work, error, NULL));
  assert_status (call, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_call_get_cancel_outcome (call), ==, CONVOKE_CANCEL_OUTCOME_STOPPED);
}

static void
test_abandon (void)
{
  g_autoptr (ConvokeCall) call = new_operation ();
  g_autoptr (ConvokeServerCall) work = begin (call);
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-6: a cancel without grace ends it at once, and the work is too late");

  g_assert_true (convoke_call_cancel (call, 0, &error));
  assert_status (call, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_call_get_cancel_outcome (call), ==, CONVOKE_CANCEL_OUTCOME_ABANDONED);
  g_assert_false (convoke_server_call_complete_operation (work, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TOO_LATE);
}

static void
test_deadline (void)
{
  g_autoptr (ConvokeCall) call = new_operation ();
  g_autoptr (ConvokeServerCall) work = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-1: a deadline ends an operation with TIMEOUT");

  convoke_call_set_timeout (call, 1000);
  work = begin (call);
  g_assert_true (convoke_call_wait (call, -1, &error));
  assert_status (call, CONVOKE_ERROR_TIMEOUT);
}

static void
test_other_kind (void)
{
  g_autoptr (ConvokeCall) call = new_operation ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("An operation is no method, and cannot be begun as one");

  g_assert_false (convoke_call_begin_values (call, "fetch", NULL, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_IDLE);
}

static void
test_drop_call (void)
{
  g_autoptr (GObject) source = g_object_new (G_TYPE_OBJECT, NULL);
  ConvokeCall *call = convoke_call_new_operation (source, "fetch");
  ConvokeServerCall *work = begin (call);

  g_test_summary ("An operation whose call object was dropped can still end, and holds nothing then");

  g_assert_finalize_object (call);
  convoke_server_call_complete_operation (work, NULL, NULL);
  g_assert_finalize_object (work);
  g_assert_finalize_object (g_steal_pointer (&source));
}

/* --- observers --- */

typedef struct
{
  guint    begun, withdrawn, completed, freed;
  gboolean refuse;
  GError  *cause;
} Observed;

static gboolean
observed_begin (ConvokeCall    *call,
                ConvokeRecord  *record,
                gpointer        data,
                GError        **error)
{
  Observed *self = data;

  self->begun++;
  if (self->refuse)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "not now");
  return !self->refuse;
}

static void
observed_withdraw (ConvokeCall   *call,
                   ConvokeRecord *record,
                   gpointer       data)
{
  ((Observed *) data)->withdrawn++;
}

static void
observed_completed (ConvokeCall   *call,
                    ConvokeRecord *record,
                    gpointer       data)
{
  Observed *self = data;

  self->completed++;
  g_clear_error (&self->cause);
  if (convoke_record_get_cause (record) != NULL)
    self->cause = g_error_copy (convoke_record_get_cause (record));
}

static void
observed_free (gpointer data)
{
  ((Observed *) data)->freed++;
}

static const ConvokeCallObserverFuncs observed_funcs = {
  observed_begin, observed_withdraw, observed_completed, NULL, observed_free
};

static void
test_observer (void)
{
  ConvokeCall *call = new_operation ();
  Observed observed = { 0, };

  g_test_summary ("P-4: an observer is told of each begin and once of its end, with the cause");

  convoke_call_add_observer (call, &observed_funcs, &observed);
  for (guint i = 1; i <= 3; i++)
    {
      g_object_unref (begin (call));
      g_assert_cmpuint (observed.begun, ==, i);
      g_assert_cmpuint (observed.completed, ==, i);
      g_assert_error (observed.cause, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT);
      convoke_call_finish_operation (call, NULL, NULL);
    }
  g_assert_finalize_object (call);
  g_assert_cmpuint (observed.freed, ==, 1);
  g_assert_cmpuint (observed.withdrawn, ==, 0);
  g_clear_error (&observed.cause);
}

static void
test_observer_refuses (void)
{
  g_autoptr (ConvokeCall) call = new_operation ();
  g_autoptr (GError) error = NULL;
  Observed first = { 0, }, second = { .refuse = TRUE };

  g_test_summary ("An observer can refuse a begin: those before it learn that there is none");

  convoke_call_add_observer (call, &observed_funcs, &first);
  convoke_call_add_observer (call, &observed_funcs, &second);
  g_assert_null (convoke_call_begin_operation (call, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpuint (first.withdrawn, ==, 1);
  g_assert_cmpuint (second.withdrawn, ==, 0);
  g_assert_cmpuint (first.completed + second.completed, ==, 0);

  second.refuse = FALSE;
  g_object_unref (begin (call));
  g_assert_cmpuint (first.completed, ==, 1);
  g_assert_cmpuint (second.completed, ==, 1);
  g_clear_error (&first.cause);
  g_clear_error (&second.cause);
  g_clear_object (&call);
}

/* The call object goes while its operation is in progress: that is no end that anybody is told of. */
static void
test_observer_detached (void)
{
  ConvokeCall *call = new_operation ();
  Observed observed = { 0, };
  g_autoptr (ConvokeServerCall) work = NULL;

  g_test_summary ("Dropping the call object detaches its views");

  convoke_call_add_observer (call, &observed_funcs, &observed);
  work = begin (call);
  g_assert_finalize_object (call);
  convoke_server_call_complete_operation (work, NULL, NULL);
  g_assert_cmpuint (observed.completed, ==, 0);
  g_assert_cmpuint (observed.freed, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/call-operation/result", test_result);
  g_test_add_func ("/callfactory/call-operation/no-result", test_no_result);
  g_test_add_func ("/callfactory/call-operation/status", test_status);
  g_test_add_func ("/callfactory/call-operation/dropped", test_dropped);
  g_test_add_func ("/callfactory/call-operation/busy", test_busy);
  g_test_add_func ("/callfactory/call-operation/cancel", test_cancel);
  g_test_add_func ("/callfactory/call-operation/abandon", test_abandon);
  g_test_add_func ("/callfactory/call-operation/deadline", test_deadline);
  g_test_add_func ("/callfactory/call-operation/other-kind", test_other_kind);
  g_test_add_func ("/callfactory/call-operation/drop-call", test_drop_call);
  g_test_add_func ("/callfactory/call-operation/observer", test_observer);
  g_test_add_func ("/callfactory/call-operation/observer-refuses", test_observer_refuses);
  g_test_add_func ("/callfactory/call-operation/observer-detached", test_observer_detached);

  return g_test_run ();
}
