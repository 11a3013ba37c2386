/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <convoke.h>

#include "test-listener.h"

static void
put (ConvokeEventQueue *queue,
     gint32             number)
{
  g_autoptr (GError) error = NULL;

  convoke_event_queue_put_value (queue, "number", g_variant_new_int32 (number), &error);
  g_assert_no_error (error);
}

static gint32
number_of (ConvokeQueueEvent *event)
{
  g_assert_nonnull (event);
  g_assert_cmpstr (convoke_queue_event_get_name (event), ==, "number");

  return g_variant_get_int32 (convoke_queue_event_get_value (event));
}

static void
assert_gets (ConvokeEventQueue *queue,
             gint64             timeout,
             gint32             number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeQueueEvent) event = convoke_event_queue_get (queue, timeout, &error);

  g_assert_no_error (error);
  g_assert_cmpint (number_of (event), ==, number);
}

static void
assert_get_fails (ConvokeEventQueue *queue,
                  gint64             timeout,
                  ConvokeError       code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_event_queue_get (queue, timeout, &error));
  g_assert_error (error, CONVOKE_ERROR, (gint) code);
}

static void
begin (ConvokeEventQueue *queue,
       TestListener      *listener,
       GObject           *state,
       gboolean           expected_already)
{
  g_autoptr (GError) error = NULL;
  gboolean already;

  convoke_event_queue_begin_get (queue, CONVOKE_ASYNC_CALLBACK (listener), state, &already, &error);
  g_assert_no_error (error);
  g_assert_cmpint (already, ==, expected_already);
}

static void
assert_begin_fails (ConvokeEventQueue *queue,
                    TestListener      *listener,
                    GObject           *state,
                    ConvokeError       code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_event_queue_begin_get (queue, (ConvokeAsyncCallback *) listener, state, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, (gint) code);
}

static void
assert_end_fails (ConvokeEventQueue  *queue,
                  ConvokeAsyncResult *result,
                  ConvokeError        code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_event_queue_end_get (queue, result, &error));
  g_assert_error (error, CONVOKE_ERROR, (gint) code);
}

static void
count_cb (gpointer data)
{
  count_add (data);
}

static void
pass_standard (void)
{
  Count passed = { 0, };

  g_assert_true (convoke_work_queue_put_function (convoke_work_queue_get_standard (), count_cb, &passed, NULL, NULL));
  g_assert_true (count_wait (&passed, 1));
}

/* Keeps the result that the callback was last invoked with. */
static void
keep_hook (TestListener       *listener,
           ConvokeAsyncResult *result,
           gpointer            data)
{
  g_set_object ((ConvokeAsyncResult **) data, result);
}

static void
test_event (void)
{
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GError) status = g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_BUSY, "Later");
  g_autoptr (ConvokeQueueEvent) event = convoke_queue_event_new_failed ("end", g_variant_new_string ("x"), object, status);
  g_autoptr (ConvokeQueueEvent) bare = convoke_queue_event_new ("bare", NULL, NULL);

  g_test_summary ("An event has a name, and may have a value, an object and a status");

  g_assert_cmpstr (convoke_queue_event_get_name (event), ==, "end");
  g_assert_cmpstr (g_variant_get_string (convoke_queue_event_get_value (event), NULL), ==, "x");
  g_assert_true (convoke_queue_event_get_object (event) == object);
  g_assert_error (convoke_queue_event_get_status (event), CONVOKE_ERROR, CONVOKE_ERROR_BUSY);
  g_assert_null (convoke_queue_event_get_value (bare));
  g_assert_null (convoke_queue_event_get_object (bare));
  g_assert_null (convoke_queue_event_get_status (bare));
}

static void
test_order (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (ConvokeQueueEvent) last = NULL;

  g_test_summary ("Events come in the order in which they were put (MF-9)");

  for (gint32 i = 0; i < 100; i++)
    put (queue, i);
  g_assert_true (convoke_event_queue_put_object (queue, "object", object, NULL));
  g_assert_cmpuint (convoke_event_queue_get_n_events (queue), ==, 101);
  for (gint32 i = 0; i < 100; i++)
    assert_gets (queue, i % 2 == 0 ? 0 : -1, i);
  last = convoke_event_queue_get (queue, 0, NULL);
  g_assert_true (convoke_queue_event_get_object (last) == object);
}

static void
test_empty (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();

  g_test_summary ("A look at an empty queue says that there is none, a wait that the time is over (MF-10, P-1); less than for ever is no time");

  assert_get_fails (queue, 0, CONVOKE_ERROR_NO_EVENTS);
  assert_get_fails (queue, 1000, CONVOKE_ERROR_TIMEOUT);
  assert_get_fails (queue, -2, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static gpointer
get_cb (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeQueueEvent) event = convoke_event_queue_get (data, -1, &error);

  return GINT_TO_POINTER (event != NULL ? number_of (event) : -error->code);
}

static void
test_blocking (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  GThread *threads[4];
  gint sum = 0;

  g_test_summary ("Threads that wait get an event each");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("get", get_cb, queue);
  for (gint32 i = 1; i <= 4; i++)
    put (queue, i);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    sum += GPOINTER_TO_INT (g_thread_join (threads[i]));
  g_assert_cmpint (sum, ==, 10);
  assert_get_fails (queue, 0, CONVOKE_ERROR_NO_EVENTS);
}

static void
test_blocking_shutdown (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  GThread *thread = g_thread_new ("get", get_cb, queue);

  g_test_summary ("A shutdown ends the wait of a thread (MF-8)");

  convoke_event_queue_shutdown (queue);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, -CONVOKE_ERROR_SHUTDOWN);
}

static void
test_begin_before (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (GObject) state = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (ConvokeAsyncResult) result = NULL;
  g_autoptr (ConvokeQueueEvent) event = NULL;

  g_test_summary ("A begun get is told once, when there is an event, and its end takes it (MF-1, MF-4)");

  listener->hook = keep_hook;
  listener->hook_data = &result;
  begin (queue, listener, state, FALSE);
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
  put (queue, 7);
  put (queue, 8);
  assert_invoked (listener, 1);
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 1);
  g_assert_true (listener->state == state);
  /* Its object is the implementer's own business (MF-19). */
  g_assert_null (convoke_async_result_get_object (result));
  event = convoke_event_queue_end_get (queue, result, NULL);
  g_assert_cmpint (number_of (event), ==, 7);
  assert_end_fails (queue, result, CONVOKE_ERROR_FAILED);
  assert_gets (queue, 0, 8);
}

static void
test_begin_after (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  g_autoptr (TestListener) listener = test_listener_new ();

  g_test_summary ("An event that was there before completes the begin at once, not on the caller's stack (MF-2, MF-9)");

  put (queue, 1);
  begin (queue, listener, NULL, FALSE);
  assert_invoked (listener, 1);
  g_assert_true (listener->thread != g_thread_self ());
}

typedef struct
{
  ConvokeEventQueue *queue;
  gint32             next;
} Taker;

static void
take_all_hook (TestListener       *listener,
               ConvokeAsyncResult *result,
               gpointer            data)
{
  Taker *taker = data;
  g_autoptr (ConvokeQueueEvent) event = convoke_event_queue_end_get (taker->queue, result, NULL);

  g_assert_cmpint (number_of (event), ==, taker->next++);
  begin (taker->queue, listener, NULL, FALSE);
}

static void
test_begin_each (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  g_autoptr (TestListener) listener = test_listener_new ();
  Taker taker = { queue, 0 };

  g_test_summary ("One event for each begin and end, in order (MF-9)");

  listener->hook = take_all_hook;
  listener->hook_data = &taker;
  begin (queue, listener, NULL, FALSE);
  for (gint32 i = 0; i < 500; i++)
    put (queue, i);
  assert_invoked (listener, 500);
  listener->hook = NULL;
  convoke_event_queue_shutdown (queue);
  assert_invoked (listener, 501);
}

static void
test_double_begin (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (TestListener) other = test_listener_new ();
  g_autoptr (GObject) state = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (ConvokeAsyncResult) result = NULL;

  g_test_summary ("The same begun again is no second begin; another state and another callback are errors (MF-7)");

  listener->hook = keep_hook;
  listener->hook_data = &result;
  begin (queue, listener, state, FALSE);
  /* First before it is told, then after, until its end. */
  for (guint i = 0; i < 2; i++)
    {
      begin (queue, listener, state, TRUE);
      assert_begin_fails (queue, listener, NULL, CONVOKE_ERROR_MULTIPLE_BEGIN);
      assert_begin_fails (queue, other, state, CONVOKE_ERROR_MULTIPLE_SUBSCRIBERS);
      assert_begin_fails (queue, other, NULL, CONVOKE_ERROR_MULTIPLE_SUBSCRIBERS);
      assert_begin_fails (queue, NULL, state, CONVOKE_ERROR_INVALID_ARGUMENT);
      assert_get_fails (queue, 0, CONVOKE_ERROR_MULTIPLE_SUBSCRIBERS);
      if (i == 0)
        put (queue, 1);
      assert_invoked (listener, 1);
    }
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 1);
  g_assert_cmpuint (count_get (&other->invoked), ==, 0);
  g_object_unref (convoke_event_queue_end_get (queue, result, NULL));
  begin (queue, other, NULL, FALSE);
}

static void
test_foreign_result (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) foreign = test_listener_new_result (listener);
  g_autoptr (ConvokeAsyncResult) result = NULL;

  g_test_summary ("A result from elsewhere is refused, also of another queue, and changes nothing (T-MF-15, MF-3)");

  assert_end_fails (queue, foreign, CONVOKE_ERROR_FAILED);
  listener->hook = keep_hook;
  listener->hook_data = &result;
  begin (queue, listener, NULL, FALSE);
  assert_end_fails (queue, foreign, CONVOKE_ERROR_FAILED);
  put (queue, 3);
  assert_invoked (listener, 1);
  {
    g_autoptr (ConvokeEventQueue) other = convoke_event_queue_new ();
    g_autoptr (ConvokeQueueEvent) event = NULL;

    assert_end_fails (other, result, CONVOKE_ERROR_FAILED);
    event = convoke_event_queue_end_get (queue, result, NULL);
    g_assert_cmpint (number_of (event), ==, 3);
  }
}

static void
test_shutdown (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  g_autoptr (GError) error = NULL;

  g_test_summary ("After a shutdown everything says so, but a begin without a callback; a second one is harmless (T-MF-15, MF-8)");

  put (queue, 1);
  convoke_event_queue_shutdown (queue);
  convoke_event_queue_shutdown (queue);
  g_assert_true (convoke_event_queue_is_shut_down (queue));
  g_assert_cmpuint (convoke_event_queue_get_n_events (queue), ==, 0);
  assert_get_fails (queue, 0, CONVOKE_ERROR_SHUTDOWN);
  assert_get_fails (queue, -1, CONVOKE_ERROR_SHUTDOWN);
  g_assert_false (convoke_event_queue_put_value (queue, "x", NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  assert_begin_fails (queue, listener, NULL, CONVOKE_ERROR_SHUTDOWN);
  assert_begin_fails (queue, NULL, NULL, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_end_fails (queue, result, CONVOKE_ERROR_SHUTDOWN);
}

static void
test_shutdown_subscriber (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = NULL;

  g_test_summary ("A shutdown invokes the pending subscriber once, and its end says so (P-8, MF-8, X-30)");

  listener->hook = keep_hook;
  listener->hook_data = &result;
  begin (queue, listener, NULL, FALSE);
  convoke_event_queue_shutdown (queue);
  assert_invoked (listener, 1);
  g_assert_error (listener->status, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  convoke_event_queue_shutdown (queue);
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 1);
  assert_end_fails (queue, result, CONVOKE_ERROR_SHUTDOWN);
}

static void
test_shutdown_told (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = NULL;

  g_test_summary ("A subscriber that was told of an event is not invoked again by a shutdown, and its end says so (P-4)");

  listener->hook = keep_hook;
  listener->hook_data = &result;
  put (queue, 1);
  begin (queue, listener, NULL, FALSE);
  assert_invoked (listener, 1);
  convoke_event_queue_shutdown (queue);
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 1);
  assert_end_fails (queue, result, CONVOKE_ERROR_SHUTDOWN);
}

static void
test_dropped (void)
{
  ConvokeEventQueue *queue = convoke_event_queue_new ();
  TestListener *listener = test_listener_new ();
  gpointer weak = listener;

  g_test_summary ("Dropping a queue ends its subscriber, and lets go of the callback (MF-8, P-4)");

  begin (queue, listener, NULL, FALSE);
  g_object_add_weak_pointer (G_OBJECT (listener), &weak);
  g_object_unref (queue);
  assert_invoked (listener, 1);
  g_assert_error (listener->status, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  pass_standard ();
  g_object_unref (listener);
  g_assert_null (weak);
}

static void
test_pending_end (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = NULL;

  g_test_summary ("An end that comes again after a new begin is of no get (MF-3)");

  listener->hook = keep_hook;
  listener->hook_data = &result;
  put (queue, 1);
  begin (queue, listener, NULL, FALSE);
  assert_invoked (listener, 1);
  g_object_unref (convoke_event_queue_end_get (queue, result, NULL));
  /* The queue's end invokes it once more, when this function has returned. */
  listener->hook = NULL;
  begin (queue, listener, NULL, FALSE);
  assert_end_fails (queue, result, CONVOKE_ERROR_FAILED);
}

static void
test_bad_queue (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  g_autoptr (TestListener) listener = test_listener_new ();

  g_test_summary ("A callback whose queue cannot keep its flags is refused at the begin (MF-12)");

  listener->says = TRUE;
  listener->flags = CONVOKE_ASYNC_CALLBACK_FAST_IO;
  assert_begin_fails (queue, listener, NULL, CONVOKE_ERROR_INVALID_QUEUE);
  listener->says = FALSE;
  begin (queue, listener, NULL, FALSE);
}

static void
test_synchronize (void)
{
  g_autoptr (ConvokeEventQueue) queue = convoke_event_queue_new ();
  ConvokeSynchronize *synchronize = CONVOKE_SYNCHRONIZE (queue);
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  g_autoptr (GError) error = NULL;
  int fd = convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (queue), NULL);

  g_test_summary ("A queue is signalled while events are there, for main loops, waits and work items");

  g_assert_false (is_readable (fd));
  g_assert_cmpuint (convoke_work_item_put_waiting (synchronize, 0, result, NULL), !=, 0);
  put (queue, 1);
  assert_invoked (listener, 1);
  g_assert_true (is_readable (fd));
  g_assert_true (convoke_synchronize_wait (synchronize, CONVOKE_WAIT_DEFAULT, 0, NULL));
  assert_gets (queue, 0, 1);
  g_assert_false (is_readable (fd));
  g_assert_false (convoke_synchronize_signal (synchronize, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  convoke_event_queue_shutdown (queue);
  g_assert_true (is_readable (fd));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/event-queue/event", test_event);
  g_test_add_func ("/callfactory/event-queue/order", test_order);
  g_test_add_func ("/callfactory/event-queue/empty", test_empty);
  g_test_add_func ("/callfactory/event-queue/blocking", test_blocking);
  g_test_add_func ("/callfactory/event-queue/blocking-shutdown", test_blocking_shutdown);
  g_test_add_func ("/callfactory/event-queue/begin-before", test_begin_before);
  g_test_add_func ("/callfactory/event-queue/begin-after", test_begin_after);
  g_test_add_func ("/callfactory/event-queue/begin-each", test_begin_each);
  g_test_add_func ("/callfactory/event-queue/double-begin", test_double_begin);
  g_test_add_func ("/callfactory/event-queue/foreign-result", test_foreign_result);
  g_test_add_func ("/callfactory/event-queue/shutdown", test_shutdown);
  g_test_add_func ("/callfactory/event-queue/shutdown-subscriber", test_shutdown_subscriber);
  g_test_add_func ("/callfactory/event-queue/shutdown-told", test_shutdown_told);
  g_test_add_func ("/callfactory/event-queue/dropped", test_dropped);
  g_test_add_func ("/callfactory/event-queue/ended-before", test_pending_end);
  g_test_add_func ("/callfactory/event-queue/bad-queue", test_bad_queue);
  g_test_add_func ("/callfactory/event-queue/synchronize", test_synchronize);

  return g_test_run ();
}
