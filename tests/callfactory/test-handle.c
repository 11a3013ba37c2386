/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Handles: their order, their outcomes, how they close, and where their callbacks run. */

#include "handle-log.h"

#include <sys/wait.h>
#include <unistd.h>

#include "../test-child.h"

/* --- order --- */

static void
test_order (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = NULL;

  g_test_summary ("WI-16, WI-17, WI-22, WI-32: created, what the work tells, complete, closing, each once, in that order");

  g_assert_cmpstr (log.words->str, ==, "created-7");
  work = begin_work (handle);
  g_assert_true (convoke_handle_notify_operation (handle, work, CONVOKE_HANDLE_STATUS_RESOLVING_NAME, NULL));
  g_assert_true (convoke_handle_notify_operation (handle, work, CONVOKE_HANDLE_STATUS_SENDING_REQUEST, NULL));
  complete_int (work, 5);
  g_assert_false (convoke_handle_notify_operation (handle, work, CONVOKE_HANDLE_STATUS_REQUEST_SENT, NULL));

  assert_log (&log, "created-7 resolving-7 sending-7 complete-7");
  g_assert_no_error (log.error);
  g_assert_cmpint (g_value_get_int (&log.value), ==, 5);

  g_assert_true (convoke_handle_close (handle, NULL));
  assert_log (&log, "closing-7");
  assert_closed_and_gone (handle);
}

static void
note_then (gpointer data)
{
  Log *log = data;

  g_string_append (log->words, " then");
  count_add (&log->n);
}

static void
test_when_told (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);

  g_test_summary ("What follows a notice runs once, when its callback has returned, and at once where nothing is to be told");

  convoke_handle_when_told (handle, note_then, &log);
  g_assert_cmpstr (log.words->str, ==, "created-7 then");

  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_RESOLVING_NAME, NULL);
  convoke_handle_when_told (handle, note_then, &log);
  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_SENDING_REQUEST, NULL);
  g_assert_cmpstr (log.words->str, ==, "created-7 then");
  assert_log (&log, "created-7 then resolving-7 then sending-7");
}

static void
test_close_cancels (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) connection = new_child (root, 1);
  g_autoptr (ConvokeHandle) request = new_child (connection, 2);
  g_autoptr (ConvokeServerCall) work = begin_work (request);
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-WI-5, WI-4, WI-33, WI-36: closing the session invalidates all below it, cuts the pending "
                  "operation, and is told deepest first");

  g_assert_true (convoke_handle_close (root, &error));
  g_assert_no_error (error);
  assert_invalid (root);
  assert_invalid (connection);
  assert_invalid (request);

  assert_log (&log, "created-1 created-2 complete-2 closing-2 closing-1");
  g_assert_error (log.error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpuint (convoke_error_to_status (log.error, CONVOKE_ERROR_FAMILY_INET), ==, 12017);
  g_assert_false (convoke_server_call_complete_operation (work, NULL, NULL));
}


/* --- three outcomes --- */

/* A handle with buffered data, which says how its connection ends. */
#define TEST_TYPE_REQUEST (test_request_get_type ())
G_DECLARE_FINAL_TYPE (TestRequest, test_request, TEST, REQUEST, ConvokeHandle)

struct _TestRequest
{
  ConvokeHandle parent_instance;
  guint         n_buffered;
  gint          n_closed;
};

G_DEFINE_FINAL_TYPE (TestRequest, test_request, CONVOKE_TYPE_HANDLE)

static void
test_request_closed (ConvokeHandle *handle)
{
  TEST_REQUEST (handle)->n_closed++;
  g_assert_true (convoke_handle_is_closed (handle));
  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_CLOSING_CONNECTION, NULL);
  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_CONNECTION_CLOSED, NULL);
}

static void
test_request_class_init (TestRequestClass *klass)
{
  CONVOKE_HANDLE_CLASS (klass)->closed = test_request_closed;
}

static void
test_request_init (TestRequest *self)
{
}

static TestRequest *
test_request_make (ConvokeHandle *parent,
                   gsize          context)
{
  return g_object_new (TEST_TYPE_REQUEST, "parent", parent, "context", (guint64) context, NULL);
}

static TestRequest *
test_request_new (ConvokeHandle *parent,
                  gsize          context)
{
  TestRequest *self = test_request_make (parent, context);

  g_assert_true (convoke_handle_announce (CONVOKE_HANDLE (self), NULL));

  return self;
}

static ConvokeHandleOutcome
test_request_read (TestRequest        *self,
                   ConvokeServerCall **work,
                   GError            **error)
{
  ConvokeHandle *handle = CONVOKE_HANDLE (self);

  if (!convoke_handle_check_idle (handle, error))
    return CONVOKE_HANDLE_OUTCOME_FAILED;
  if (self->n_buffered > 0)
    {
      self->n_buffered--;
      return CONVOKE_HANDLE_OUTCOME_DONE;
    }

  *work = convoke_handle_begin_operation (handle, "read", error);
  if (*work == NULL)
    return CONVOKE_HANDLE_OUTCOME_FAILED;

  return convoke_handle_run (handle, g_object_ref (*work), NULL, error);
}

static void
test_done_at_once (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (TestRequest) request = test_request_new (root, 3);
  g_autoptr (ConvokeServerCall) work = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-WI-9, X-46: what is done at once tells no completion, and what is pending tells one");

  request->n_buffered = 2;
  g_assert_cmpint (test_request_read (request, &work, &error), ==, CONVOKE_HANDLE_OUTCOME_DONE);
  g_assert_cmpint (test_request_read (request, &work, &error), ==, CONVOKE_HANDLE_OUTCOME_DONE);
  assert_log (&log, "created-3");
  g_assert_cmpint (test_request_read (request, &work, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_no_error (error);
  complete_int (work, 0);
  assert_log (&log, "complete-3");
}

static void
test_two_at_once (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (TestRequest) request = test_request_new (root, 3);
  g_autoptr (ConvokeServerCall) work = NULL;
  g_autoptr (ConvokeServerCall) none = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-WI-23, WI-18, P-8: of two reads the second is refused, and the first completes normally");

  g_assert_cmpint (test_request_read (request, &work, NULL), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_cmpint (test_request_read (request, &none, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_INET), ==, 12026);
  assert_refused (CONVOKE_HANDLE (request), CONVOKE_ERROR_CALL_PENDING);
  complete_int (work, 1);
  /* Its end was not told yet. */
  assert_refused (CONVOKE_HANDLE (request), CONVOKE_ERROR_CALL_PENDING);

  assert_log (&log, "created-3 complete-3");
  g_assert_no_error (log.error);
}

static void
test_no_callback (void)
{
  g_autoptr (ConvokeHandle) root = convoke_handle_new (NULL, 0, TRUE, NULL);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-WI-23, WI-14: an asynchronous session without callback refuses what would be pending");

  g_assert_false (convoke_handle_has_status_callback (handle));
  g_assert_null (convoke_handle_begin_operation (handle, "work", &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CALLBACK);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_INET), ==, 12025);
  g_assert_true (convoke_handle_check_idle (handle, NULL));
}

static void
test_failed_work (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);
  g_autoptr (GError) reason = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_NAME_NOT_RESOLVED, "No such host");

  g_test_summary ("WI-17: a completion has the error that the work ended with");

  g_assert_true (convoke_server_call_abort (work, reason, NULL));
  assert_log (&log, "created-7 complete-7");
  g_assert_error (log.error, CONVOKE_ERROR, CONVOKE_ERROR_NAME_NOT_RESOLVED);
  g_assert_false (G_IS_VALUE (&log.value));
}

static void
test_dropped_work (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);

  g_test_summary ("P-4: work that is dropped without an end completes as a fault");

  g_object_unref (begin_work (handle));
  assert_log (&log, "created-7 complete-7");
  g_assert_error (log.error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT);
}

static void
test_timeout (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = NULL;
  g_autoptr (ConvokeServerCall) work = NULL;

  g_test_summary ("An operation ends with its handle's time-out, which children inherit");

  convoke_handle_set_timeout (root, 1000);
  handle = new_child (root, 7);
  g_assert_cmpint (convoke_handle_get_timeout (handle), ==, 1000);
  work = begin_work (handle);
  assert_log (&log, "created-7 complete-7");
  g_assert_error (log.error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_false (convoke_server_call_complete_operation (work, NULL, NULL));
}

static void
test_again (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);

  g_test_summary ("WI-39: a handle makes one operation after the other");

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (ConvokeServerCall) work = begin_work (handle);

      complete_int (work, i);
      assert_log (&log, i == 0 ? "created-7 complete-7" : "complete-7");
      g_assert_cmpint (g_value_get_int (&log.value), ==, i);
    }
}

/* --- blocking --- */

/* Ends @work after some reports, on another thread. */
typedef struct
{
  ConvokeHandle     *handle;
  ConvokeServerCall *work;
  Log               *log;
} Worker;

static gpointer
report_and_complete (gpointer data)
{
  Worker *worker = data;
  g_autoptr (ConvokeCallContext) context = convoke_server_call_dup_context (worker->work);

  convoke_handle_notify_operation (worker->handle, worker->work, CONVOKE_HANDLE_STATUS_RESOLVING_NAME, NULL);
  g_assert_true (count_wait (&worker->log->n, 2));
  convoke_call_context_report_amount (context, 1, 2, "bytes");
  g_assert_true (count_wait (&worker->log->n, 3));
  complete_int (worker->work, 8);

  return NULL;
}

static void
test_blocking (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, FALSE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = convoke_handle_begin_operation (handle, "work", NULL);
  Worker worker = { handle, work, &log };
  GThread *thread = g_thread_new ("worker", report_and_complete, &worker);
  GValue result = G_VALUE_INIT;

  g_test_summary ("WI-12: a session that is not asynchronous blocks, and tells what happens on the calling thread "
                  "meanwhile; there is no completion to tell");

  g_assert_cmpint (convoke_handle_run (handle, g_object_ref (work), &result, NULL), ==, CONVOKE_HANDLE_OUTCOME_DONE);
  g_assert_cmpint (g_value_get_int (&result), ==, 8);
  g_thread_join (thread);

  g_assert_cmpuint (count_get (&log.n), ==, 3);
  g_assert_true (log.thread == g_thread_self ());
  assert_log (&log, "created-7 resolving-7 progress-7");

  g_assert_true (convoke_handle_close (handle, NULL));
  g_assert_cmpuint (count_get (&log.n), ==, 1);
  assert_log (&log, "closing-7");
}

static gpointer
complete_later (gpointer data)
{
  complete_int (data, 4);
  return NULL;
}

static void
test_context_zero (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 0);
  g_autoptr (ConvokeServerCall) work = convoke_handle_begin_operation (handle, "work", NULL);
  GThread *thread = g_thread_new ("worker", complete_later, work);
  GValue result = G_VALUE_INIT;

  g_test_summary ("T-WI-17, P-10, X-27: context value 0 in an asynchronous session: the result at once, and no callback");

  g_assert_cmpint (convoke_handle_run (handle, g_object_ref (work), &result, NULL), ==, CONVOKE_HANDLE_OUTCOME_DONE);
  g_assert_cmpint (g_value_get_int (&result), ==, 4);
  g_thread_join (thread);

  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_CONNECTED, NULL);
  g_assert_true (convoke_handle_close (handle, NULL));
  assert_log (&log, "");
}

static gpointer
close_handle (gpointer data)
{
  g_assert_true (convoke_handle_close (data, NULL));
  return NULL;
}

static void
test_close_blocked (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, FALSE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = convoke_handle_begin_operation (handle, "work", NULL);
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("closer", close_handle, root);

  g_test_summary ("WI-33: another thread's close ends what blocks, with the cause");

  g_assert_cmpint (convoke_handle_run (handle, g_object_ref (work), NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_thread_join (thread);
  assert_invalid (handle);
  assert_log (&log, "created-7 closing-7");
}

static void
test_close_unattended (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, FALSE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  ConvokeServerCall *work = convoke_handle_begin_operation (handle, "work", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-32, WI-33: so does a close that comes before the wait; closing is told all the same");

  g_assert_true (convoke_handle_close (handle, NULL));
  g_assert_cmpint (convoke_handle_run (handle, work, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  assert_log (&log, "created-7 closing-7");
  assert_closed_and_gone (handle);
}

static void
test_run_strange (void)
{
  g_autoptr (ConvokeHandle) first = convoke_handle_new (NULL, 0, FALSE, NULL);
  g_autoptr (ConvokeHandle) second = convoke_handle_new (NULL, 0, FALSE, NULL);
  ConvokeServerCall *work = convoke_handle_begin_operation (first, "work", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An operation of another handle is not waited for");

  g_assert_cmpint (convoke_handle_run (second, work, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  assert_refused (first, CONVOKE_ERROR_CALL_PENDING);
  g_assert_true (convoke_handle_close (first, NULL));
}

/* --- the callback --- */

static void
test_inherit (void)
{
  g_auto (Log) old = LOG_INIT;
  g_auto (Log) new = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&old, TRUE);
  g_autoptr (ConvokeHandle) first = new_child (root, 1);
  g_autoptr (ConvokeHandle) second = NULL;

  g_test_summary ("WI-6, WI-7: a handle has the callback that was in force above it when it was made");

  log_set (&new, root);
  second = new_child (root, 2);
  g_assert_true (convoke_handle_close (root, NULL));
  assert_log (&old, "created-1 closing-1");
  assert_log (&new, "created-2 closing-2");
  g_assert_cmpint (g_atomic_int_get (&old.n_freed), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&new.n_freed), ==, 1);
}

static void
test_replace_while_pending (void)
{
  g_auto (Log) log = LOG_INIT;
  g_auto (Log) other = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-8: a callback is not replaced while an operation that uses it is pending");

  g_assert_false (convoke_handle_set_status_callback (handle, log_report, &other, log_freed, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_assert_cmpint (other.n_freed, ==, 1);
  other.n_set++;

  complete_int (work, 1);
  assert_log (&log, "created-7 complete-7");
  log_set (&other, handle);
  g_assert_true (convoke_handle_close (handle, NULL));
  assert_log (&log, "");
  assert_log (&other, "closing-7");
}

static void
test_remove (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);

  g_test_summary ("WI-6, WI-32: without callback nothing is told, closing neither");

  g_assert_true (convoke_handle_set_status_callback (root, NULL, NULL, NULL, NULL));
  g_assert_true (convoke_handle_set_status_callback (handle, NULL, NULL, NULL, NULL));
  g_assert_cmpint (log.n_freed, ==, 1);
  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_CONNECTED, NULL);
  g_assert_true (convoke_handle_close (handle, NULL));
  assert_log (&log, "created-7");
  assert_closed_and_gone (handle);
}

static void
test_information (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);
  g_autoptr (ConvokeCallContext) context = convoke_server_call_dup_context (work);

  g_test_summary ("WI-35: many reports of progress before one was told are one, and none comes after the end");

  for (guint i = 0; i < 100; i++)
    convoke_call_context_report_amount (context, i, 100, "bytes");
  complete_int (work, 1);
  convoke_call_context_report_amount (context, 100, 100, "bytes");
  assert_log (&log, "created-7 progress-7 complete-7");
}

/* --- inside of the callback --- */

static void
close_when_complete (Log                 *log,
                     ConvokeHandle       *handle,
                     ConvokeHandleStatus  status)
{
  if (status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    g_assert_true (convoke_handle_close (log->data != NULL ? log->data : handle, NULL));
}

static void
test_close_inside (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);

  g_test_summary ("T-WI-21, WI-10: closing a handle inside of its completion is safe, and closing comes after");

  log.react = close_when_complete;
  complete_int (work, 1);
  assert_log (&log, "created-7 complete-7 closing-7");
  assert_invalid (handle);
  assert_closed_and_gone (handle);
}

static void
test_close_above_inside (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) connection = new_child (root, 1);
  g_autoptr (ConvokeHandle) request = new_child (connection, 2);
  g_autoptr (ConvokeServerCall) work = begin_work (request);

  g_test_summary ("WI-10, WI-36: so is closing the session; the handle below is told first all the same");

  log.react = close_when_complete;
  log.data = root;
  complete_int (work, 1);
  assert_log (&log, "created-1 created-2 complete-2 closing-2 closing-1");
}

static void
close_when_created (Log                 *log,
                    ConvokeHandle       *handle,
                    ConvokeHandleStatus  status)
{
  if (status == CONVOKE_HANDLE_STATUS_HANDLE_CREATED)
    g_assert_true (convoke_handle_close (log->data != NULL ? log->data : handle, NULL));
}

static void
test_close_created (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-22: a handle that its callback closes on creation is not given out, and its closing is told");

  log.react = close_when_created;
  g_assert_null (convoke_handle_new (root, 7, FALSE, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE);
  assert_log (&log, "created-7 closing-7");

  log.data = root;
  g_clear_error (&error);
  g_assert_null (convoke_handle_new (root, 8, FALSE, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE);
  assert_log (&log, "created-8 closing-8");
}

static void
begin_when_complete (Log                 *log,
                     ConvokeHandle       *handle,
                     ConvokeHandleStatus  status)
{
  g_autoptr (ConvokeServerCall) work = NULL;

  if (status != CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE || log->data == NULL)
    return;

  log->data = NULL;
  work = begin_work (handle);
  complete_int (work, 2);
}

static void
test_begin_inside (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);

  g_test_summary ("WI-20: an operation that is begun inside of a completion tells its own, later and not inside");

  log.react = begin_when_complete;
  log.data = &log;
  complete_int (work, 1);
  assert_log (&log, "created-7 complete-7 complete-7");
  g_assert_cmpint (g_value_get_int (&log.value), ==, 2);
}

static void
drop_when_complete (Log                 *log,
                    ConvokeHandle       *handle,
                    ConvokeHandleStatus  status)
{
  if (status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    g_object_unref (g_steal_pointer ((ConvokeHandle **) log->data));
}

static void
test_drop_inside (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  ConvokeHandle *handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);

  g_test_summary ("A handle whose last reference goes inside of its callback is closed after it");

  log.react = drop_when_complete;
  log.data = &handle;
  complete_int (work, 1);
  assert_log (&log, "created-7 complete-7 closing-7");
}

static void
fail_when_told (Log                 *log,
                ConvokeHandle       *handle,
                ConvokeHandleStatus  status)
{
  if (convoke_handle_is_closed (handle))
    assert_invalid (handle);
}

static void
test_use_inside (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);

  g_test_summary ("T-WI-5, WI-35, X-47: in what is told after close the handle is invalid already");

  log.react = fail_when_told;
  g_assert_true (convoke_handle_close (root, NULL));
  assert_log (&log, "created-7 complete-7 closing-7");
}

/* --- closing --- */

static void
test_close_result_first (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);

  g_test_summary ("WI-33, X-48: what had ended before close keeps its result, and is told before closing");

  complete_int (work, 6);
  g_assert_true (convoke_handle_close (handle, NULL));
  assert_log (&log, "created-7 complete-7 closing-7");
  g_assert_no_error (log.error);
  g_assert_cmpint (g_value_get_int (&log.value), ==, 6);
}

static void
test_nothing_after (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);

  g_test_summary ("WI-35: nothing is told after closing");

  g_assert_true (convoke_handle_close (handle, NULL));
  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_CONNECTED, NULL);
  assert_log (&log, "created-7 closing-7");
  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_CONNECTED, NULL);
  assert_log (&log, "");
}

static void
test_class_closed (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (TestRequest) request = test_request_new (root, 3);
  g_autoptr (ConvokeServerCall) work = begin_work (CONVOKE_HANDLE (request));

  g_test_summary ("WI-31: the class is told once, and the end of the connection that it tells comes before closing");

  g_assert_true (convoke_handle_close (root, NULL));
  g_assert_cmpint (request->n_closed, ==, 1);
  assert_log (&log, "created-3 complete-3 disconnecting-3 disconnected-3 closing-3");
}

static void
test_child_first (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) connection = new_child (root, 1);
  g_autoptr (ConvokeHandle) a = new_child (connection, 2);
  g_autoptr (ConvokeHandle) b = new_child (connection, 3);
  g_autoptr (ConvokeHandle) below = new_child (a, 4);

  g_test_summary ("WI-36: closing an ancestor is told of all below, deepest first");

  g_assert_true (convoke_handle_close (connection, NULL));
  assert_log (&log, "created-1 created-2 created-3 created-4 closing-4 closing-3 closing-2 closing-1");
  g_assert_false (convoke_handle_is_closed (root));
}

static void
test_child_first_elsewhere (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) connection = new_child (root, 1);
  g_autoptr (ConvokeHandle) request = new_child (connection, 2);
  Gate gate = { 0 };

  g_test_summary ("WI-36: so it is where they are told in different places, and the one below in a busy one");

  assert_log (&log, "created-1 created-2");
  convoke_handle_set_work_queue (request, queue);
  g_assert_true (convoke_work_queue_put_function (queue, pass_gate, &gate, NULL, NULL));
  g_assert_true (count_wait (&gate.entered, 1));

  g_assert_true (convoke_handle_close (request, NULL));
  g_assert_true (convoke_handle_close (connection, NULL));
  spin_all ();
  g_assert_cmpuint (count_get (&log.n), ==, 0);
  count_add (&gate.leave);
  assert_log (&log, "closing-2 closing-1");
}

static gpointer
try_close (gpointer data)
{
  return GINT_TO_POINTER (convoke_handle_close (data, NULL));
}

static void
test_close_by_many (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  GThread *threads[4];
  int n_closed = 0;

  g_test_summary ("WI-32, WI-37: of several threads that close a handle one does, and closing is told once");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("closer", try_close, handle);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    n_closed += GPOINTER_TO_INT (g_thread_join (threads[i]));

  g_assert_cmpint (n_closed, ==, 1);
  assert_log (&log, "created-7 closing-7");
}

static void
test_drop (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  ConvokeHandle *connection = new_child (root, 1);
  ConvokeHandle *request = new_child (connection, 2);

  g_test_summary ("WI-5: a handle keeps those above it; dropping it closes it, and then them");

  g_object_unref (connection);
  assert_log (&log, "created-1 created-2");
  g_assert_true (convoke_handle_check_open (request, NULL));

  assert_closed_and_gone (request);
  assert_log (&log, "closing-2 closing-1");
  g_assert_false (convoke_handle_is_closed (root));
}

static void
test_drop_pending (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  ConvokeHandle *handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);

  g_test_summary ("P-6: dropping a handle does not cancel: its pending operation keeps it until its end was told");

  g_object_unref (handle);
  assert_log (&log, "created-7");
  complete_int (work, 3);
  assert_log (&log, "complete-7 closing-7");
  g_assert_no_error (log.error);
  g_assert_cmpint (g_value_get_int (&log.value), ==, 3);
}

static void
test_drop_and_close (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  ConvokeHandle *handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);

  g_test_summary ("WI-33: closing what is above cancels it all the same");

  g_object_unref (handle);
  g_assert_true (convoke_handle_close (root, NULL));
  assert_log (&log, "created-7 complete-7 closing-7");
  g_assert_error (log.error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
}

static void
test_drop_class (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  TestRequest *request = test_request_new (root, 3);

  g_test_summary ("WI-31: the class is told in dispose, and what it tells there arrives");

  assert_closed_and_gone (request);
  assert_log (&log, "created-3 disconnecting-3 disconnected-3 closing-3");
}

static void
test_never_announced (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) stranger = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A handle that was never announced, because making it failed, is not told of");

  stranger = CONVOKE_HANDLE (test_request_make (root, 9));
  g_assert_true (convoke_handle_close (root, NULL));
  assert_log (&log, "");
  g_assert_false (convoke_handle_announce (stranger, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE);
  g_assert_cmpint (TEST_REQUEST (stranger)->n_closed, ==, 0);
  assert_closed_and_gone (stranger);
  assert_log (&log, "");
}

static void
test_announced_twice (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);

  g_test_summary ("WI-22: creation is told once");

  g_assert_true (convoke_handle_announce (handle, NULL));
  assert_log (&log, "created-7");
}

static void
test_freed (void)
{
  g_auto (Log) log = LOG_INIT;
  ConvokeHandle *root = new_root (&log, TRUE);
  ConvokeHandle *handle = new_child (root, 7);

  g_test_summary ("WI-32: the callback's data is freed once, after closing was told, though a closed handle is kept");

  g_assert_true (convoke_handle_close (root, NULL));
  g_assert_cmpint (g_atomic_int_get (&log.n_freed), ==, 0);
  assert_log (&log, "created-7 closing-7");
  g_assert_cmpint (g_atomic_int_get (&log.n_freed), ==, 1);
  assert_closed_and_gone (handle);
  assert_closed_and_gone (root);
}

/* --- where --- */

static void
test_queue (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = NULL;
  g_autoptr (ConvokeServerCall) work = NULL;

  g_test_summary ("P-11, WI-11: a queue of many threads tells of one handle in order and one at a time");

  convoke_handle_set_work_queue (root, queue);
  handle = new_child (root, 7);
  work = begin_work (handle);
  for (guint i = 0; i < 1000; i++)
    convoke_handle_notify_operation (handle, work, CONVOKE_HANDLE_STATUS_CONNECTED, NULL);
  complete_int (work, 1);
  g_assert_true (convoke_handle_close (handle, NULL));

  g_assert_true (count_wait (&log.n, 1003));
  g_assert_true (g_str_has_prefix (log.words->str, "created-7 other-7 other-7 "));
  g_assert_true (g_str_has_suffix (log.words->str, " other-7 complete-7 closing-7"));
  g_assert_true (log.thread != g_thread_self ());
}

static void
test_main_context (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainContext) named = NULL;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = NULL;

  g_test_summary ("P-11: callbacks come in the main context that was named, which children inherit");

  convoke_handle_set_main_context (root, context);
  handle = new_child (root, 7);
  named = convoke_handle_dup_main_context (handle);
  g_assert_true (named == context);
  assert_log (&log, "created-7");

  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_CONNECTED, NULL);
  spin_all ();
  g_assert_cmpuint (count_get (&log.n), ==, 0);
  g_main_context_iteration (context, FALSE);
  assert_log (&log, "other-7");

  g_object_unref (g_steal_pointer (&handle));
  g_main_context_iteration (context, FALSE);
  assert_log (&log, "closing-7");
}

static void
test_default_context (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeHandle) root = NULL;
  g_autoptr (ConvokeHandle) handle = NULL;

  g_test_summary ("P-11: with none named they come in the thread-default context of the thread that set the callback");

  g_main_context_push_thread_default (context);
  root = new_root (&log, TRUE);
  g_main_context_pop_thread_default (context);

  handle = new_child (root, 7);
  g_assert_true (convoke_handle_close (handle, NULL));
  assert_log (&log, "created-7");
  g_main_context_iteration (context, FALSE);
  assert_log (&log, "closing-7");
}

static void
test_place (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeWorkQueue) named = NULL;
  g_autoptr (ConvokeHandle) handle = convoke_handle_new (NULL, 5, TRUE, NULL);
  g_autoptr (ConvokeHandle) child = NULL;
  g_autoptr (ConvokeHandle) parent = NULL;

  g_test_summary ("Of a queue and a context the one that was named last counts");

  g_object_set (handle, "main-context", context, "work-queue", queue, "timeout", (gint64) 5, NULL);
  g_assert_null (convoke_handle_dup_main_context (handle));
  child = new_child (handle, 6);
  g_object_get (child, "parent", &parent, "work-queue", &named, NULL);
  g_assert_true (parent == handle);
  g_assert_true (named == queue);
  g_assert_true (convoke_handle_get_asynchronous (child));
  g_assert_cmpint (convoke_handle_get_timeout (child), ==, 5);
  convoke_handle_set_main_context (child, context);
  g_assert_null (convoke_handle_dup_work_queue (child));
}

static void
test_never_on_stack (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);

  g_test_summary ("P-11: nothing but creation is told on the caller's stack");

  assert_log (&log, "created-7");
  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_CONNECTED, NULL);
  complete_int (work, 1);
  g_assert_true (convoke_handle_close (handle, NULL));
  g_assert_cmpuint (count_get (&log.n), ==, 0);
  assert_log (&log, "other-7 complete-7 closing-7");
}

static void
hold_first (Log                 *log,
            ConvokeHandle       *handle,
            ConvokeHandleStatus  status)
{
  if (status != CONVOKE_HANDLE_STATUS_HANDLE_CREATED && convoke_handle_get_context (handle) == 1)
    pass_gate (log->data);
}

static void
test_block (void)
{
  Gate gate = { 0 };
  g_auto (Log) log = LOG_INIT;
  g_auto (Log) other = LOG_INIT;
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) first = new_child (root, 1);
  g_autoptr (ConvokeHandle) second = NULL;
  g_autoptr (ConvokeServerCall) work = NULL;

  g_test_summary ("WI-11: a callback that does not return holds up its own handle, and no other of its tree");

  log.react = hold_first;
  log.data = &gate;
  convoke_handle_set_work_queue (first, queue);
  convoke_handle_notify (first, CONVOKE_HANDLE_STATUS_CONNECTED, NULL);
  g_assert_true (count_wait (&gate.entered, 1));

  log_set (&other, root);
  second = new_child (root, 2);
  work = begin_work (second);
  complete_int (work, 1);
  g_assert_true (convoke_handle_close (first, NULL));
  g_assert_true (convoke_handle_close (second, NULL));
  assert_log (&other, "created-2 complete-2 closing-2");

  count_add (&gate.leave);
  count_add (&gate.leave);
  assert_log (&log, "created-1 other-1 closing-1");
}

static void
test_close_beside (void)
{
  Gate gate = { 0 };
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  g_autoptr (ConvokeHandle) root = new_root (&log, FALSE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 1);

  g_test_summary ("WI-11, WI-33: a thread that closes beside a running callback neither waits for it nor tells meanwhile");

  log.react = hold_first;
  log.data = &gate;
  convoke_handle_set_work_queue (handle, queue);
  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_CONNECTED, NULL);
  g_assert_true (count_wait (&gate.entered, 1));
  g_assert_true (convoke_handle_close (handle, NULL));
  g_assert_cmpuint (count_get (&gate.entered), ==, 1);

  count_add (&gate.leave);
  assert_log (&log, "created-1 other-1 closing-1");
}

/* --- fork --- */

static gboolean
is_forked (GError **error)
{
  gboolean forked = g_error_matches (*error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);

  g_clear_error (error);

  return forked;
}

static gboolean
handle_fails (ConvokeHandle *handle)
{
  g_autoptr (GError) error = NULL;

  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_CONNECTED, NULL);
  return convoke_handle_begin_operation (handle, "work", &error) == NULL && is_forked (&error) &&
         !convoke_handle_set_status_callback (handle, NULL, NULL, NULL, &error) && is_forked (&error) &&
         convoke_handle_new (handle, 1, FALSE, &error) == NULL && is_forked (&error) &&
         !convoke_handle_close (handle, &error) && is_forked (&error) &&
         convoke_handle_dup_operation (handle) == NULL;
}

static void
test_fork (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);
  pid_t child;
  int status;

  g_test_summary ("In a forked child handles fail with FORKED; in the parent nothing changed");

  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      alarm (20);
      test_child_end (handle_fails (handle));
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  complete_int (work, 1);
  assert_log (&log, "created-7 complete-7");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/callfactory/handle/order", test_order);
  g_test_add_func ("/callfactory/handle/when-told", test_when_told);
  g_test_add_func ("/callfactory/handle/close-cancels", test_close_cancels);
  g_test_add_func ("/callfactory/handle/done-at-once", test_done_at_once);
  g_test_add_func ("/callfactory/handle/two-at-once", test_two_at_once);
  g_test_add_func ("/callfactory/handle/no-callback", test_no_callback);
  g_test_add_func ("/callfactory/handle/failed-work", test_failed_work);
  g_test_add_func ("/callfactory/handle/dropped-work", test_dropped_work);
  g_test_add_func ("/callfactory/handle/timeout", test_timeout);
  g_test_add_func ("/callfactory/handle/again", test_again);
  g_test_add_func ("/callfactory/handle/blocking", test_blocking);
  g_test_add_func ("/callfactory/handle/context-zero", test_context_zero);
  g_test_add_func ("/callfactory/handle/close-blocked", test_close_blocked);
  g_test_add_func ("/callfactory/handle/close-unattended", test_close_unattended);
  g_test_add_func ("/callfactory/handle/run-strange", test_run_strange);
  g_test_add_func ("/callfactory/handle/inherit", test_inherit);
  g_test_add_func ("/callfactory/handle/replace-while-pending", test_replace_while_pending);
  g_test_add_func ("/callfactory/handle/remove", test_remove);
  g_test_add_func ("/callfactory/handle/information", test_information);
  g_test_add_func ("/callfactory/handle/close-inside", test_close_inside);
  g_test_add_func ("/callfactory/handle/close-above-inside", test_close_above_inside);
  g_test_add_func ("/callfactory/handle/close-created", test_close_created);
  g_test_add_func ("/callfactory/handle/begin-inside", test_begin_inside);
  g_test_add_func ("/callfactory/handle/drop-inside", test_drop_inside);
  g_test_add_func ("/callfactory/handle/use-inside", test_use_inside);
  g_test_add_func ("/callfactory/handle/close-result-first", test_close_result_first);
  g_test_add_func ("/callfactory/handle/nothing-after", test_nothing_after);
  g_test_add_func ("/callfactory/handle/class-closed", test_class_closed);
  g_test_add_func ("/callfactory/handle/child-first", test_child_first);
  g_test_add_func ("/callfactory/handle/child-first-elsewhere", test_child_first_elsewhere);
  g_test_add_func ("/callfactory/handle/close-by-many", test_close_by_many);
  g_test_add_func ("/callfactory/handle/drop", test_drop);
  g_test_add_func ("/callfactory/handle/drop-pending", test_drop_pending);
  g_test_add_func ("/callfactory/handle/drop-and-close", test_drop_and_close);
  g_test_add_func ("/callfactory/handle/drop-class", test_drop_class);
  g_test_add_func ("/callfactory/handle/never-announced", test_never_announced);
  g_test_add_func ("/callfactory/handle/announced-twice", test_announced_twice);
  g_test_add_func ("/callfactory/handle/freed", test_freed);
  g_test_add_func ("/callfactory/handle/queue", test_queue);
  g_test_add_func ("/callfactory/handle/main-context", test_main_context);
  g_test_add_func ("/callfactory/handle/default-context", test_default_context);
  g_test_add_func ("/callfactory/handle/place", test_place);
  g_test_add_func ("/callfactory/handle/never-on-stack", test_never_on_stack);
  g_test_add_func ("/callfactory/handle/block", test_block);
  g_test_add_func ("/callfactory/handle/close-beside", test_close_beside);
  g_test_add_func ("/callfactory/handle/fork", test_fork);

  return g_test_run ();
}
