/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GIO's shape of a call. */

#include "test-feed.h"

#include <convoke-error.h>

typedef struct
{
  GAsyncResult *result;
} Done;

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  ((Done *) data)->result = g_object_ref (result);
}

static void
wait_done (Done *done)
{
  while (done->result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
call_async (gpointer      feed,
            const char   *method,
            const char   *item,
            gint64        timeout,
            GCancellable *cancellable,
            Done         *done)
{
  g_autoptr (ConvokeCall) unused = test_call_new (feed);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, item);
  done->result = NULL;
  convoke_call_method_async (feed, CONVOKE_TEST_TYPE_PRICE_FEED, method, &value, 1, timeout, cancellable, on_done, done);
  g_assert_null (done->result);
}

static double
finish (gpointer   feed,
        Done      *done,
        GError   **error)
{
  guint n_outs;
  GValue *outs;
  double price;

  wait_done (done);
  outs = convoke_call_method_finish (feed, done->result, &n_outs, error);
  g_clear_object (&done->result);
  if (outs == NULL)
    return -1;

  g_assert_cmpuint (n_outs, ==, 1);
  price = g_value_get_double (outs);
  g_value_unset (outs);
  g_free (outs);
  return price;
}

static const ConvokeThreading all_threadings[] = {
  CONVOKE_THREADING_CONTEXT, CONVOKE_THREADING_SERIAL, CONVOKE_THREADING_ANY,
};

static void
test_result (void)
{
  g_test_summary ("The result arrives in the caller's main context, never inside of the call");

  for (guint i = 0; i < G_N_ELEMENTS (all_threadings); i++)
    {
      g_autoptr (TestFeed) feed = test_feed_new (all_threadings[i], test_price_by_length, NULL);
      g_autoptr (GError) error = NULL;
      Done done;

      call_async (feed, "get_price", "tea", 0, NULL, &done);
      g_assert_cmpfloat (finish (feed, &done, &error), ==, 3);
      g_assert_no_error (error);
    }
}

static void
test_error (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (GError) error = NULL;
  Done done;

  g_test_summary ("The method's own error arrives unchanged");

  call_async (feed, "get_price", "missing", 0, NULL, &done);
  finish (feed, &done, &error);
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
}

static void
test_bad_begin (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (GError) error = NULL;
  Done done;

  g_test_summary ("A begin that fails is reported to the callback");

  call_async (feed, "get_cost", "tea", 0, NULL, &done);
  finish (feed, &done, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_METHOD);
}

static void
test_cancel (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Done done;

  g_test_summary ("A GCancellable cancels the call, and the error is GIO's own");

  call_async (feed, "get_price", "tea", 0, cancellable, &done);
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  g_cancellable_cancel (cancellable);
  finish (feed, &done, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  convoke_test_gate_open (gate);
}

static void
test_cancelled_before (void)
{
  gint n = 0;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, &n);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Done done;

  g_test_summary ("A cancellable that is cancelled already ends the call before it starts");

  g_cancellable_cancel (cancellable);
  call_async (feed, "get_price", "tea", 0, cancellable, &done);
  finish (feed, &done, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (n, ==, 0);
}

static void
test_deadline (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (GError) error = NULL;
  Done done;

  g_test_summary ("P-1: a deadline is TIMEOUT");

  call_async (feed, "get_price", "tea", 1000, NULL, &done);
  finish (feed, &done, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  convoke_test_gate_open (gate);
}

static void
test_nothing_left (void)
{
  TestFeed *feed = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  GCancellable *cancellable = g_cancellable_new ();
  Done done;

  g_test_summary ("A finished call holds neither its object nor its cancellable");

  call_async (feed, "get_price", "tea", G_USEC_PER_SEC, cancellable, &done);
  finish (feed, &done, NULL);
  g_assert_finalize_object (feed);
  g_assert_finalize_object (cancellable);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/call-method/result", test_result);
  g_test_add_func ("/callfactory/call-method/error", test_error);
  g_test_add_func ("/callfactory/call-method/bad-begin", test_bad_begin);
  g_test_add_func ("/callfactory/call-method/cancel", test_cancel);
  g_test_add_func ("/callfactory/call-method/cancelled-before", test_cancelled_before);
  g_test_add_func ("/callfactory/call-method/deadline", test_deadline);
  g_test_add_func ("/callfactory/call-method/nothing-left", test_nothing_left);

  return g_test_run ();
}
