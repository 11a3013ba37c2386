/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Media Foundation's shape of a call: begin with a callback and a state, be invoked, end. */

#include "test-feed.h"

#include <convoke-call-begin.h>
#include <convoke-error.h>

#include "test-util.h"

/* Notes what it is invoked with. */
#define TEST_TYPE_LISTENER (test_listener_get_type ())
G_DECLARE_FINAL_TYPE (TestListener, test_listener, TEST, LISTENER, GObject)

struct _TestListener
{
  GObject                    parent_instance;

  Count                      invoked;
  GThread                   *thread;  /* read after invoked was counted, as the next */
  ConvokeAsyncResult        *result;  /* (owned) (nullable) */
  ConvokeWorkQueue          *queue;   /* (unowned) (nullable) */
  ConvokeAsyncCallbackFlags  flags;
};

static void
test_listener_invoke (ConvokeAsyncCallback *callback,
                      ConvokeAsyncResult   *result)
{
  TestListener *self = TEST_LISTENER (callback);

  g_set_object (&self->result, result);
  self->thread = g_thread_self ();
  count_add (&self->invoked);
}

static gboolean
test_listener_get_parameters (ConvokeAsyncCallback       *callback,
                              ConvokeAsyncCallbackFlags  *flags,
                              ConvokeWorkQueue          **queue)
{
  TestListener *self = TEST_LISTENER (callback);

  *flags = self->flags;
  *queue = self->queue != NULL ? g_object_ref (self->queue) : NULL;
  return TRUE;
}

static void
test_listener_callback_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = test_listener_invoke;
  iface->get_parameters = test_listener_get_parameters;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestListener, test_listener, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, test_listener_callback_init))

static void
test_listener_class_init (TestListenerClass *klass)
{
}

static void
test_listener_init (TestListener *self)
{
}

static ConvokeAsyncResult *
begin (gpointer      feed,
       const char   *method,
       const char   *item,
       gint64        timeout,
       TestListener *listener,
       gpointer      state,
       GError      **error)
{
  g_autoptr (ConvokeCall) unused = test_call_new (feed);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, item);
  return convoke_call_method_begin (feed, CONVOKE_TEST_TYPE_PRICE_FEED, method, &value, 1, timeout,
                                    CONVOKE_ASYNC_CALLBACK (listener), state, error);
}

static double
end (gpointer             feed,
     ConvokeAsyncResult  *result,
     GError             **error)
{
  guint n_outs;
  GValue *outs = convoke_call_method_end (feed, result, &n_outs, error);
  double price;

  if (outs == NULL)
    return -1;

  g_assert_cmpuint (n_outs, ==, 1);
  price = g_value_get_double (outs);
  g_free (outs);
  return price;
}

/* A component in this context is served by who waits; the callback comes on the standard queue meanwhile. */
static void
wait_invoked (TestListener *listener,
              guint         n)
{
  while (count_get (&listener->invoked) < n)
    {
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
}

static void
test_result (void)
{
  const ConvokeThreading threadings[] = { CONVOKE_THREADING_CONTEXT, CONVOKE_THREADING_SERIAL, CONVOKE_THREADING_ANY };

  g_test_summary ("MF-1 to MF-4, MF-19: the callback is invoked once, on another thread, with the result of the begin");

  for (guint i = 0; i < G_N_ELEMENTS (threadings); i++)
    {
      g_autoptr (TestFeed) feed = test_feed_new (threadings[i], test_price_by_length, NULL);
      g_autoptr (TestListener) listener = g_object_new (TEST_TYPE_LISTENER, NULL);
      g_autoptr (GObject) state = g_object_new (G_TYPE_OBJECT, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (ConvokeAsyncResult) result = begin (feed, "get_price", "tea", 0, listener, state, &error);

      g_assert_no_error (error);
      wait_invoked (listener, 1);
      g_assert_true (listener->result == result);
      g_assert_true (listener->thread != g_thread_self ());
      g_assert_true (convoke_async_result_get_state (result) == state);
      g_assert_true (convoke_async_result_get_object (result) == G_OBJECT (feed));
      g_assert_true (convoke_async_result_check_status (result, &error));

      g_assert_cmpfloat (end (feed, result, &error), ==, 3);
      g_assert_no_error (error);
      end (feed, result, &error);
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
      g_assert_cmpuint (count_get (&listener->invoked), ==, 1);
      g_clear_object (&listener->result);
    }
}

static void
test_error (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (TestListener) listener = g_object_new (TEST_TYPE_LISTENER, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeAsyncResult) result = begin (feed, "get_price", "missing", 0, listener, NULL, &error);

  g_test_summary ("MF-4: the method's own error is the status of the result, and the end's");

  wait_invoked (listener, 1);
  g_assert_false (convoke_async_result_check_status (result, &error));
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_clear_error (&error);
  end (feed, result, &error);
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_clear_object (&listener->result);
}

static void
test_failed_begin (void)
{
  TestFeed *feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  TestListener *listener = g_object_new (TEST_TYPE_LISTENER, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("MF-1: a begin that fails never invokes, and leaves nothing");

  g_assert_null (begin (feed, "get_cost", "tea", 0, listener, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_METHOD);
  g_clear_error (&error);
  g_assert_null (begin (feed, "get_price", "tea", -1, listener, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
  g_assert_finalize_object (listener);
  g_assert_finalize_object (feed);
}

static void
wait_at_door (gpointer data)
{
  g_assert_true (count_wait (data, 1));
}

static void
test_queue (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (TestListener) listener = g_object_new (TEST_TYPE_LISTENER, NULL);
  g_autoptr (ConvokeAsyncResult) result = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;
  Count door = { 0, };

  g_test_summary ("MF-13, P-11: the callback waits its turn on the queue that it named at the begin");

  listener->queue = queue;
  convoke_work_queue_put_function (queue, wait_at_door, &door, NULL, &error);
  result = begin (feed, "get_price", "tea", 0, listener, NULL, &error);
  g_assert_no_error (error);
  call = convoke_call_method_dup_call (result);
  g_assert_true (convoke_call_wait (call, -1, &error));
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
  count_add (&door);
  wait_invoked (listener, 1);
  g_clear_object (&listener->result);
}

static void
test_bad_queue (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (TestListener) listener = g_object_new (TEST_TYPE_LISTENER, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("MF-12, T-MF-25: what the queue cannot honour fails the begin, not the completion");

  listener->flags = CONVOKE_ASYNC_CALLBACK_FAST_IO;
  g_assert_null (begin (feed, "get_price", "tea", 0, listener, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_QUEUE);
}

static void
test_foreign (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (TestFeed) other = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (TestListener) listener = g_object_new (TEST_TYPE_LISTENER, NULL);
  g_autoptr (ConvokeAsyncResult) foreign = convoke_async_result_new (G_OBJECT (feed), NULL, NULL);
  g_autoptr (ConvokeAsyncResult) result = begin (feed, "get_price", "tea", 0, listener, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("MF-3: a result from elsewhere, or of another object, is an error");

  wait_invoked (listener, 1);
  end (feed, foreign, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED);
  g_clear_error (&error);
  end (other, result, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED);
  g_assert_null (convoke_call_method_dup_call (foreign));
  g_clear_object (&listener->result);
}

static void
test_pending (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (TestListener) listener = g_object_new (TEST_TYPE_LISTENER, NULL);
  g_autoptr (ConvokeAsyncResult) result = begin (feed, "get_price", "tea", 0, listener, NULL, NULL);
  g_autoptr (ConvokeCall) call = convoke_call_method_dup_call (result);
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-2: the end before the end is CALL_PENDING; a cancel invokes the callback with CANCELLED");

  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  end (feed, result, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_clear_error (&error);
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);

  g_assert_true (convoke_call_cancel (call, 0, NULL));
  wait_invoked (listener, 1);
  g_assert_false (convoke_async_result_check_status (result, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  convoke_test_gate_open (gate);
  g_clear_object (&listener->result);
}

static void
test_deadline (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (TestListener) listener = g_object_new (TEST_TYPE_LISTENER, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-1, P-4: with nobody holding the result, a deadline still invokes the callback, with TIMEOUT");

  g_object_unref (begin (feed, "get_price", "tea", 1000, listener, NULL, NULL));
  wait_invoked (listener, 1);
  g_assert_false (convoke_async_result_check_status (listener->result, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  convoke_test_gate_open (gate);
  g_clear_object (&listener->result);
}

static void
test_nothing_left (void)
{
  TestFeed *feed = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  TestListener *listener = g_object_new (TEST_TYPE_LISTENER, NULL);
  ConvokeAsyncResult *result = begin (feed, "get_price", "tea", G_USEC_PER_SEC, listener, NULL, NULL);

  g_test_summary ("MF-23: what was invoked and ended is held by nobody");

  wait_invoked (listener, 1);
  g_clear_object (&listener->result);
  end (feed, result, NULL);
  g_object_add_weak_pointer (G_OBJECT (result), (gpointer *) &result);
  g_object_unref (result);
  /* The queue lets go a moment after the callback returned. */
  while (g_atomic_pointer_get (&result) != NULL)
    g_thread_yield ();
  g_assert_finalize_object (listener);
  g_assert_finalize_object (feed);
}

static void
test_beside (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (TestListener) listener = g_object_new (TEST_TYPE_LISTENER, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A callback beside other views is invoked with each completion, and leaves the outputs alone");

  g_assert_true (convoke_call_add_async_callback (call, CONVOKE_ASYNC_CALLBACK (listener), G_OBJECT (feed), &error));
  for (guint i = 1; i <= 3; i++)
    {
      double price;

      g_assert_true (convoke_call_begin (call, "get_price", &error, "tea"));
      g_assert_true (convoke_call_wait (call, -1, &error));
      wait_invoked (listener, i);
      g_assert_true (convoke_async_result_get_object (listener->result) == G_OBJECT (call));
      g_assert_true (convoke_async_result_get_state (listener->result) == G_OBJECT (feed));
      g_assert_true (convoke_call_finish (call, "get_price", &error, &price));
      g_assert_cmpfloat (price, ==, 3);
    }
  g_assert_cmpuint (count_get (&listener->invoked), ==, 3);
  g_clear_object (&listener->result);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/call-begin/result", test_result);
  g_test_add_func ("/callfactory/call-begin/error", test_error);
  g_test_add_func ("/callfactory/call-begin/failed-begin", test_failed_begin);
  g_test_add_func ("/callfactory/call-begin/queue", test_queue);
  g_test_add_func ("/callfactory/call-begin/bad-queue", test_bad_queue);
  g_test_add_func ("/callfactory/call-begin/foreign", test_foreign);
  g_test_add_func ("/callfactory/call-begin/pending", test_pending);
  g_test_add_func ("/callfactory/call-begin/deadline", test_deadline);
  g_test_add_func ("/callfactory/call-begin/nothing-left", test_nothing_left);
  g_test_add_func ("/callfactory/call-begin/beside", test_beside);

  return g_test_run ();
}
