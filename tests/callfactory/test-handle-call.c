/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Methods that are called through a handle, and how its operations look from other views. */

#include "handle-log.h"
#include "test-feed.h"

#include <convoke-interface-info.h>

/* --- methods --- */

static double
price_with_progress (TestFeed    *feed,
                     const char  *item,
                     gpointer     data,
                     GError     **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);

  convoke_call_context_report_amount (context, 1, 2, "items");

  return test_price_by_length (feed, item, data, error);
}

static ConvokeHandleOutcome
call_price (ConvokeHandle  *handle,
            gpointer        feed,
            const char     *item,
            GValue        **outs,
            guint          *n_outs,
            GError        **error)
{
  GValue arg = G_VALUE_INIT;
  ConvokeHandleOutcome outcome;

  g_value_init (&arg, G_TYPE_STRING);
  g_value_set_string (&arg, item);
  outcome = convoke_handle_call (handle, feed, CONVOKE_TEST_TYPE_PRICE_FEED, "get_price", &arg, 1, 0, outs, n_outs, error);
  g_value_unset (&arg);

  return outcome;
}

static void
test_method (void)
{
  g_auto (Log) log = LOG_INIT;
  gint n_calls = 0;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, price_with_progress, &n_calls);
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (GError) error = NULL;
  guint n_outs = 0;

  g_test_summary ("WI-17: a component's method through a handle: sent, progress, answer, completion with its result");

  g_assert_cmpint (call_price (handle, feed, "tea", NULL, &n_outs, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_no_error (error);
  assert_log (&log, "created-7 sending-7 sent-7 progress-7 received-7 complete-7");
  g_assert_no_error (log.error);
  g_assert_cmpfloat (g_value_get_double (&log.value), ==, 3);
}

static void
test_method_error (void)
{
  g_auto (Log) log = LOG_INIT;
  gint n_calls = 0;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, &n_calls);
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  guint n_outs = 0;

  g_test_summary ("WI-17: what a method throws arrives with the completion, as it was");

  g_assert_cmpint (call_price (handle, feed, "missing", NULL, &n_outs, NULL), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  assert_log (&log, "created-7 sending-7 sent-7 received-7 complete-7");
  g_assert_nonnull (log.error);
  g_assert_true (log.error->domain != CONVOKE_ERROR);
}

static void
test_method_blocking (void)
{
  g_auto (Log) log = LOG_INIT;
  gint n_calls = 0;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, price_with_progress, &n_calls);
  g_autoptr (ConvokeHandle) root = new_root (&log, FALSE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (GError) error = NULL;
  GValue *outs = NULL;
  guint n_outs = 0;

  g_test_summary ("WI-12, WI-16: without asynchronous session the method's result is there when it returns");

  g_assert_cmpint (call_price (handle, feed, "tea", &outs, &n_outs, &error), ==, CONVOKE_HANDLE_OUTCOME_DONE);
  g_assert_cmpuint (n_outs, ==, 1);
  g_assert_cmpfloat (g_value_get_double (&outs[0]), ==, 3);
  g_free (outs);
  assert_log (&log, "created-7 sending-7 sent-7 progress-7 received-7");

  g_assert_cmpint (call_price (handle, feed, "missing", &outs, &n_outs, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_nonnull (error);
  g_assert_null (outs);
  g_assert_cmpuint (n_outs, ==, 0);
}

static void
test_method_own_context (void)
{
  gint n_calls = 0;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, &n_calls);
  g_autoptr (ConvokeHandle) handle = convoke_handle_new (NULL, 0, FALSE, NULL);
  GValue *outs = NULL;
  guint n_outs = 0;

  g_test_summary ("A thread that a handle blocks runs what was called on its own objects");

  g_assert_cmpint (call_price (handle, feed, "tea", &outs, &n_outs, NULL), ==, CONVOKE_HANDLE_OUTCOME_DONE);
  g_assert_cmpfloat (g_value_get_double (&outs[0]), ==, 3);
  g_free (outs);
}

static void
test_method_refused (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (GError) error = NULL;
  guint n_outs = 0;

  g_test_summary ("WI-16: what fails at once tells nothing, and leaves the handle free");

  g_assert_cmpint (convoke_handle_call (handle, G_OBJECT (feed), CONVOKE_TEST_TYPE_PRICE_FEED, "no_such_method",
                                        NULL, 0, 0, NULL, &n_outs, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_METHOD);
  g_clear_error (&error);
  g_assert_cmpint (convoke_handle_call (handle, G_OBJECT (handle), CONVOKE_TEST_TYPE_PRICE_FEED, "get_price",
                                        NULL, 0, 0, NULL, &n_outs, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_clear_error (&error);
  g_assert_cmpint (convoke_handle_call (handle, G_OBJECT (feed), CONVOKE_TEST_TYPE_PRICE_FEED, "get_price",
                                        NULL, 0, 0, NULL, &n_outs, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_cmpint (convoke_handle_call (handle, G_OBJECT (feed), CONVOKE_TEST_TYPE_PRICE_FEED, "count_items",
                                        NULL, 0, -1, NULL, &n_outs, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);

  g_assert_true (convoke_handle_check_idle (handle, NULL));
  assert_log (&log, "created-7");
}

static double
price_when_cancelled (TestFeed    *feed,
                      const char  *item,
                      gpointer     data,
                      GError     **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);
  g_autoptr (GCancellable) cancellable = convoke_call_context_dup_cancellable (context);

  count_add (&((Gate *) data)->entered);
  while (!g_cancellable_is_cancelled (cancellable))
    g_thread_yield ();
  count_add (&((Gate *) data)->leave);

  return 0;
}

static void
test_method_close (void)
{
  g_auto (Log) log = LOG_INIT;
  static Gate gate; /* a cancelled method can outlast the test */
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, price_when_cancelled, &gate);
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  guint n_outs = 0;

  g_test_summary ("WI-33: closing the handle cancels the method, and its implementation learns of it");

  g_assert_cmpint (call_price (handle, feed, "tea", NULL, &n_outs, NULL), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_true (count_wait (&gate.entered, 1));
  g_assert_true (convoke_handle_close (handle, NULL));
  g_assert_true (count_wait (&gate.leave, 1));
  assert_log (&log, "created-7 sending-7 sent-7 complete-7 closing-7");
  g_assert_error (log.error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
}

/* --- other views --- */

static gpointer
wait_for_call (gpointer data)
{
  return GINT_TO_POINTER (convoke_call_wait (data, LONG, NULL));
}

static void
test_other_views (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  GThread *thread;

  g_test_summary ("The pending operation is a call, which others wait for and may finish");

  g_assert_null (convoke_handle_dup_operation (handle));
  work = begin_work (handle);
  call = convoke_handle_dup_operation (handle);
  thread = g_thread_new ("waiter", wait_for_call, call);
  complete_int (work, 1);
  g_assert_true (GPOINTER_TO_INT (g_thread_join (thread)));
  g_assert_true (convoke_call_finish_operation (call, NULL, NULL));

  assert_log (&log, "created-7 complete-7");
  g_assert_no_error (log.error);
  g_assert_false (G_IS_VALUE (&log.value));
  g_assert_null (convoke_handle_dup_operation (handle));
}

static void
test_cancelled_elsewhere (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = begin_work (handle);
  g_autoptr (ConvokeCall) call = convoke_handle_dup_operation (handle);

  g_test_summary ("An operation that was cancelled through its call is completed, and its late reports are dropped");

  g_assert_true (convoke_call_cancel (call, 0, NULL));
  g_assert_false (convoke_handle_notify_operation (handle, work, CONVOKE_HANDLE_STATUS_REDIRECT, NULL));
  assert_log (&log, "created-7 complete-7");
  g_assert_error (log.error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_true (convoke_handle_check_idle (handle, NULL));
}

static void
test_watch (void)
{
  g_auto (Log) log = LOG_INIT;
  gint n_calls = 0;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, price_with_progress, &n_calls);
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  double price = 0;

  g_test_summary ("A call that its owner begins and finishes is told of by a handle too, each time");

  g_assert_true (convoke_handle_watch_call (handle, call, NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
      assert_log (&log, i == 0 ? "created-7 sending-7 sent-7 progress-7 received-7 complete-7"
                               : "sending-7 sent-7 progress-7 received-7 complete-7");
      g_assert_no_error (log.error);
      g_assert_true (convoke_call_finish (call, "get_price", NULL, &price));
      g_assert_cmpfloat (price, ==, 3);
    }
}

static void
test_watch_fast_owner (void)
{
  g_auto (Log) log = LOG_INIT;
  gint n_calls = 0;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, &n_calls);
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GString) expected = g_string_new ("created-7");

  g_test_summary ("P-4: an owner who begins again before the callback ran is not refused, and each end is told");

  g_assert_true (convoke_handle_watch_call (handle, call, NULL));
  for (guint i = 0; i < 100; i++)
    {
      g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
      g_assert_true (convoke_call_wait (call, LONG, NULL));
      g_assert_true (convoke_call_finish (call, "get_price", NULL, NULL));
      g_string_append (expected, " sending-7 sent-7 received-7 complete-7");
    }
  assert_log (&log, expected->str);
}

static void
test_watch_refused (void)
{
  g_auto (Log) log = LOG_INIT;
  static Gate gate; /* a cancelled method can outlast the test */
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, price_when_cancelled, &gate);
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeCall) first = test_call_new (feed);
  g_autoptr (ConvokeCall) second = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-8: two watched calls are two operations: the second is refused; and only an idle call can be watched");

  g_assert_true (convoke_handle_watch_call (handle, first, NULL));
  g_assert_true (convoke_handle_watch_call (handle, second, NULL));
  g_assert_true (convoke_call_begin (first, "get_price", NULL, "tea"));
  g_assert_false (convoke_call_begin (second, "get_price", &error, "tea"));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_clear_error (&error);
  g_assert_false (convoke_handle_watch_call (handle, first, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);

  g_assert_true (convoke_handle_close (handle, NULL));
  assert_log (&log, "created-7 sending-7 sent-7 complete-7 closing-7");
  g_assert_error (log.error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);

  /* A handle that is closed watches no more. */
  g_assert_true (convoke_call_begin (second, "get_price", NULL, "tea"));
  g_assert_true (convoke_call_cancel (second, 0, NULL));
  assert_log (&log, "");
}

static void
test_watch_twice (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A handle watches a call object once: twice would be two operations at once, which no begin could be (P-8)");

  g_assert_true (convoke_handle_watch_call (handle, call, NULL));
  g_assert_false (convoke_handle_watch_call (handle, call, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED);
  g_clear_error (&error);

  g_assert_true (convoke_call_begin (call, "get_price", &error, "tea"));
  g_assert_true (convoke_call_wait (call, -1, &error));
  g_assert_true (convoke_handle_close (handle, NULL));
  assert_log (&log, "created-7 sending-7 sent-7 received-7 complete-7 closing-7");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (convoke_require ("ConvokeTest", "1", NULL));
  g_test_add_func ("/callfactory/handle-call/method", test_method);
  g_test_add_func ("/callfactory/handle-call/method-error", test_method_error);
  g_test_add_func ("/callfactory/handle-call/method-blocking", test_method_blocking);
  g_test_add_func ("/callfactory/handle-call/method-own-context", test_method_own_context);
  g_test_add_func ("/callfactory/handle-call/method-refused", test_method_refused);
  g_test_add_func ("/callfactory/handle-call/method-close", test_method_close);
  g_test_add_func ("/callfactory/handle-call/other-views", test_other_views);
  g_test_add_func ("/callfactory/handle-call/cancelled-elsewhere", test_cancelled_elsewhere);
  g_test_add_func ("/callfactory/handle-call/watch", test_watch);
  g_test_add_func ("/callfactory/handle-call/watch-fast-owner", test_watch_fast_owner);
  g_test_add_func ("/callfactory/handle-call/watch-refused", test_watch_refused);
  g_test_add_func ("/callfactory/handle-call/watch-twice", test_watch_twice);

  return g_test_run ();
}
