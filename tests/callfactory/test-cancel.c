/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cancelling synchronous calls by thread: CX-10 to CX-16; call contexts by hand: SEC-1, SEC-2. */

#include "test-feed.h"

#include <convoke-error.h>

#include "convoke-engine-private.h"

#define LONG (30 * G_USEC_PER_SEC)

static void
test_counter (void)
{
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) last = NULL;

  g_test_summary ("CX-12, T-CA-25: enabling is counted per thread and starts at nothing");

  g_assert_false (convoke_disable_call_cancellation (&first));
  g_assert_error (first, CONVOKE_ERROR, CONVOKE_ERROR_CANCEL_DISABLED);
  convoke_enable_call_cancellation ();
  convoke_enable_call_cancellation ();
  g_assert_true (convoke_disable_call_cancellation (NULL));
  g_assert_true (convoke_disable_call_cancellation (NULL));
  g_assert_false (convoke_disable_call_cancellation (&last));
  g_assert_error (last, CONVOKE_ERROR, CONVOKE_ERROR_CANCEL_DISABLED);
}

static void
test_none (void)
{
  g_autoptr (GError) disabled = NULL;
  g_autoptr (GError) none = NULL;

  g_test_summary ("CX-14: no cancel object: CANCEL_DISABLED while disabled, NO_INTERFACE while enabled");

  g_assert_false (convoke_cancel_call (0, 0, &disabled));
  g_assert_error (disabled, CONVOKE_ERROR, CONVOKE_ERROR_CANCEL_DISABLED);
  convoke_enable_call_cancellation ();
  g_assert_false (convoke_cancel_call (0, 0, &none));
  g_assert_error (none, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  convoke_disable_call_cancellation (NULL);
}

typedef struct
{
  TestFeed *feed;
  gboolean  enable;
  guint64   thread_id;   /* atomic */
  GError   *error;
  double    price;
} Caller;

static gpointer
call_in_thread (gpointer data)
{
  Caller *caller = data;

  __atomic_store_n (&caller->thread_id, convoke_thread_get_id (), __ATOMIC_RELEASE);
  if (caller->enable)
    convoke_enable_call_cancellation ();
  caller->price = test_call_synchronously (caller->feed, "get_price", &caller->error);
  return NULL;
}

static void
test_cancel_synchronous (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) keep_busy = test_call_new (feed);
  g_autoptr (ConvokeCall) after = test_call_new (feed);
  Caller caller = { feed, TRUE };
  GThread *thread;

  g_test_summary ("CX-3, CX-10: another thread's synchronous call is cancelled and unblocked while the server goes on");

  /* The feed is busy, so that the caller waits elsewhere than inside of it. */
  g_assert_true (convoke_call_begin (keep_busy, "get_price", NULL, "tea"));
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  thread = g_thread_new ("caller", call_in_thread, &caller);
  while (TRUE)
    {
      guint64 id = __atomic_load_n (&caller.thread_id, __ATOMIC_ACQUIRE);

      if (id != 0 && convoke_cancel_call (id, 0, NULL))
        break;
      g_thread_yield ();
    }
  g_thread_join (thread);
  g_assert_error (caller.error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_clear_error (&caller.error);

  convoke_test_gate_open (gate);
  g_assert_true (convoke_call_begin (after, "get_price", NULL, "tea"));
  g_assert_true (convoke_call_wait (after, LONG, NULL));
  g_assert_true (convoke_call_wait (keep_busy, LONG, NULL));
}

static void
test_made_while_disabled (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) unused = test_call_new (feed);
  g_autoptr (GError) error = NULL;
  Caller caller = { feed, FALSE };
  GThread *thread = g_thread_new ("caller", call_in_thread, &caller);

  g_test_summary ("CX-11, T-CA-27: a call made while disabled cannot be cancelled from elsewhere");

  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  convoke_enable_call_cancellation ();
  g_assert_false (convoke_cancel_call (__atomic_load_n (&caller.thread_id, __ATOMIC_ACQUIRE), 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCEL_DISABLED);
  convoke_disable_call_cancellation (NULL);
  convoke_test_gate_open (gate);
  g_thread_join (thread);
  g_assert_no_error (caller.error);
  g_assert_cmpfloat (caller.price, ==, 3);
}

static void
test_call_objects_unseen (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("CX-10, X-7: calls begun on call objects are not seen by thread");

  convoke_enable_call_cancellation ();
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_false (convoke_cancel_call (0, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  convoke_disable_call_cancellation (NULL);
  convoke_test_gate_open (gate);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
}

/* --- deadlines of a method's own --- */

static gpointer
call_soon_in_thread (gpointer data)
{
  Caller *caller = data;

  caller->price = test_call_synchronously (caller->feed, "get_price_soon", &caller->error);
  return NULL;
}

static void
test_method_deadline (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) busy = test_call_new (feed);
  g_autoptr (ConvokeCall) begun = test_call_new (feed);
  g_autoptr (GError) error = NULL;
  Caller caller = { feed, FALSE };
  GThread *thread;

  g_test_summary ("D12, D4: the deadline in the doc comment ends begun and synchronous calls alike");

  g_assert_true (convoke_call_begin (busy, "get_price", NULL, "tea"));
  g_assert_true (convoke_test_gate_wait_held (gate, 1));

  thread = g_thread_new ("caller", call_soon_in_thread, &caller);
  g_assert_true (convoke_call_begin (begun, "get_price_soon", NULL, "tea"));
  g_assert_true (convoke_call_wait (begun, LONG, NULL));
  g_assert_false (convoke_call_finish (begun, "get_price_soon", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_thread_join (thread);
  g_assert_error (caller.error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_clear_error (&caller.error);

  convoke_test_gate_open (gate);
  g_assert_true (convoke_call_wait (busy, LONG, NULL));
}

/* --- cancel objects of the program's own --- */

#define TEST_TYPE_CANCEL (test_cancel_get_type ())
G_DECLARE_FINAL_TYPE (TestCancel, test_cancel, TEST, CANCEL, GObject)

struct _TestCancel
{
  GObject parent_instance;
  gint    n;
};

static gboolean
test_cancel_cancel (ConvokeCancelMethodCalls  *cancel,
                    gint64                     grace,
                    GError                   **error)
{
  TEST_CANCEL (cancel)->n++;
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "cannot");
  return FALSE;
}

static void
test_cancel_init_iface (ConvokeCancelMethodCallsInterface *iface)
{
  iface->cancel = test_cancel_cancel;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestCancel, test_cancel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CANCEL_METHOD_CALLS, test_cancel_init_iface))

static void
test_cancel_class_init (TestCancelClass *klass)
{
}

static void
test_cancel_init (TestCancel *self)
{
}

static void
test_own_object (void)
{
  TestCancel *own = g_object_new (TEST_TYPE_CANCEL, NULL);
  g_autoptr (GObject) plain = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GError) no_interface = NULL;
  g_autoptr (GError) refused = NULL;
  g_autoptr (GError) none = NULL;

  g_test_summary ("CX-15, CX-4: a cancel object of one's own is referenced while registered, asked on top, and may refuse");

  g_assert_false (convoke_set_cancel_object (plain, &no_interface));
  g_assert_error (no_interface, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);

  g_assert_true (convoke_set_cancel_object (G_OBJECT (own), NULL));
  g_assert_cmpuint (G_OBJECT (own)->ref_count, ==, 2);
  g_assert_false (convoke_cancel_call (0, 0, &refused));
  g_assert_error (refused, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_cmpint (own->n, ==, 1);

  g_assert_true (convoke_set_cancel_object (NULL, NULL));
  g_assert_cmpuint (G_OBJECT (own)->ref_count, ==, 1);
  g_assert_false (convoke_set_cancel_object (NULL, &none));
  g_assert_error (none, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  g_object_unref (own);
}

/* --- the server's side of it --- */

typedef struct
{
  ConvokeTestGate *gate;
  int              before;
  int              after;
} Tested;

static double
test_around_gate (TestFeed    *feed,
                  const char  *item,
                  gpointer     data,
                  GError     **error)
{
  Tested *tested = data;
  g_autoptr (GError) before = NULL;
  g_autoptr (GError) after = NULL;

  convoke_test_cancel (&before);
  tested->before = before->code;
  convoke_test_gate_pass (tested->gate);
  convoke_test_cancel (&after);
  tested->after = after->code;
  return 0;
}

static void
test_test_cancel (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  Tested tested = { gate, -1, -1 };
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_around_gate, &tested);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) outside = NULL;

  g_test_summary ("CX-6, CX-16, T-CA-23: a method tests for cancel; outside of a call there is none (SEC-1)");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  g_assert_true (convoke_call_cancel (call, -1, NULL));
  convoke_test_gate_open (gate);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_cmpint (tested.before, ==, CONVOKE_ERROR_CALL_PENDING);
  g_assert_cmpint (tested.after, ==, CONVOKE_ERROR_CANCELLED);

  g_assert_false (convoke_test_cancel (&outside));
  g_assert_error (outside, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
}

static double
keep_context (TestFeed    *feed,
              const char  *item,
              gpointer     data,
              GError     **error)
{
  *(ConvokeCallContext **) data = convoke_call_context_dup_current (error);
  return 0;
}

static void
test_switch_context (void)
{
  g_autoptr (ConvokeCallContext) context = NULL;
  g_autoptr (ConvokeCallContext) current = NULL;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, keep_context, &context);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  ConvokeCallContext *previous;

  g_test_summary ("SEC-2, P-7: a context taken to another thread is that thread's current one while it is switched in");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_nonnull (context);

  previous = convoke_call_context_switch (g_object_ref (context));
  g_assert_null (previous);
  current = convoke_call_context_dup_current (NULL);
  g_assert_true (current == context);
  previous = convoke_call_context_switch (NULL);
  g_assert_true (previous == context);
  g_object_unref (previous);
  g_assert_null (convoke_call_context_dup_current (NULL));
}

static void
test_own_context (void)
{
  g_autoptr (ConvokeCallContext) first = NULL;
  g_autoptr (ConvokeCallContext) second = NULL;
  g_autoptr (ConvokeCallContext) current = NULL;
  g_autoptr (TestFeed) one = test_feed_new (CONVOKE_THREADING_ANY, keep_context, &first);
  g_autoptr (TestFeed) other = test_feed_new (CONVOKE_THREADING_ANY, keep_context, &second);
  g_autoptr (ConvokeCall) unused = test_call_new (one);

  g_test_summary ("SEC-1: a method has its own call's context, whatever its thread had switched in");

  test_call_synchronously (one, "get_price", NULL);
  convoke_call_context_switch (first);
  test_call_synchronously (other, "get_price", NULL);
  current = convoke_call_context_dup_current (NULL);
  convoke_call_context_switch (NULL);

  g_assert_true (current == first);
  g_assert_cmpuint (convoke_call_context_get_request_id (first), !=, convoke_call_context_get_request_id (second));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/cancel/counter", test_counter);
  g_test_add_func ("/callfactory/cancel/none", test_none);
  g_test_add_func ("/callfactory/cancel/synchronous", test_cancel_synchronous);
  g_test_add_func ("/callfactory/cancel/made-while-disabled", test_made_while_disabled);
  g_test_add_func ("/callfactory/cancel/call-objects-unseen", test_call_objects_unseen);
  g_test_add_func ("/callfactory/cancel/method-deadline", test_method_deadline);
  g_test_add_func ("/callfactory/cancel/own-object", test_own_object);
  g_test_add_func ("/callfactory/cancel/test-cancel", test_test_cancel);
  g_test_add_func ("/callfactory/cancel/switch-context", test_switch_context);
  g_test_add_func ("/callfactory/cancel/own-context", test_own_context);

  return g_test_run ();
}
