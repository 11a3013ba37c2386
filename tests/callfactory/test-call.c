/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The call object's rules: CF-5 to CF-31, P-1 to P-5. */

#include <string.h>

#include "test-feed.h"

#include <convoke-error.h>
#include <convoke-event.h>
#include <convoke-interface-info.h>
#include <convoke-unknown.h>

#define LONG (30 * G_USEC_PER_SEC)

static void
begin_price (ConvokeCall *call,
             const char  *item)
{
  g_autoptr (GError) error = NULL;

  convoke_call_begin (call, "get_price", &error, item);
  g_assert_no_error (error);
}

static double
finish_price (ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;
  double price = -1;

  g_assert_true (convoke_call_wait (call, LONG, &error));
  g_assert_no_error (error);
  g_assert_true (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_no_error (error);

  return price;
}

static const ConvokeThreading all_threadings[] = {
  CONVOKE_THREADING_CONTEXT, CONVOKE_THREADING_SERIAL, CONVOKE_THREADING_ANY,
};

static void
test_begin_finish (void)
{
  g_test_summary ("CF-14, CF-19, SV-13: begin, wait, finish give what the method gives, in every apartment, without a main loop");

  for (guint i = 0; i < G_N_ELEMENTS (all_threadings); i++)
    {
      g_autoptr (TestFeed) feed = test_feed_new (all_threadings[i], test_price_by_length, NULL);
      g_autoptr (ConvokeCall) call = test_call_new (feed);

      g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_IDLE);
      begin_price (call, "espresso");
      g_assert_cmpfloat (finish_price (call), ==, 8);
      g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_IDLE);
    }
}

static void
test_reuse (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("CF-19: a finished call object is used again at once");

  for (guint i = 0; i < 100; i++)
    {
      begin_price (call, i % 2 ? "tea" : "latte");
      g_assert_cmpfloat (finish_price (call), ==, i % 2 ? 3 : 5);
    }
}

static void
test_begin_while_pending (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other = NULL;

  g_test_summary ("CF-16: begin while pending, of the same or another method, fails and disturbs nothing");

  begin_price (call, "espresso");
  g_assert_true (convoke_test_gate_wait_held (gate, 1));

  g_assert_false (convoke_call_begin (call, "get_price", &error, "tea"));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_assert_false (convoke_call_begin (call, "count_items", &other));
  g_assert_error (other, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);

  convoke_test_gate_open (gate);
  g_assert_cmpfloat (finish_price (call), ==, 8);
}

static void
test_begin_while_signaled (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("CF-16: not idle lasts until finish returned");

  begin_price (call, "tea");
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_SIGNALED);
  g_assert_false (convoke_call_begin (call, "get_price", &error, "latte"));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_assert_cmpfloat (finish_price (call), ==, 3);
}

static void
test_finish_idle (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;
  double price = 42;

  g_test_summary ("CF-17: finish while idle is CALL_COMPLETE and leaves the outs alone");

  g_assert_false (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_assert_cmpfloat (price, ==, 42);
}

static void
test_finish_twice (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("CF-21: a result is delivered once");

  begin_price (call, "tea");
  finish_price (call);
  g_assert_false (convoke_call_finish (call, "get_price", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
}

static void
test_finish_pending (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-2: finish before the call is signalled fails at once and leaves the call undisturbed");

  begin_price (call, "tea");
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  g_assert_false (convoke_call_finish (call, "get_price", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  convoke_test_gate_open (gate);
  g_assert_cmpfloat (finish_price (call), ==, 3);
}

static void
test_finish_other_method (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;
  int n = 42;

  g_test_summary ("CF-18, P-3: finish of another method is CALL_COMPLETE and leaves the call undisturbed");

  begin_price (call, "tea");
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_false (convoke_call_finish (call, "count_items", &error, &n));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_assert_cmpint (n, ==, 42);
  g_assert_cmpfloat (finish_price (call), ==, 3);
}

static void
test_error_unchanged (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;
  double price = 42;

  g_test_summary ("CF-19, D13: the method's own error arrives with domain, code and message unchanged");

  begin_price (call, "missing");
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_false (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_assert_cmpstr (error->message, ==, "There is no missing");
  g_assert_cmpfloat (price, ==, 42);
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_IDLE);
}

static void
test_failed_begin (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) null_error = NULL;
  g_autoptr (GError) name_error = NULL;
  g_autoptr (GError) count_error = NULL;
  g_autoptr (GError) finish_error = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  g_test_summary ("CF-15: a begin that fails leaves the call idle and never completes");

  g_assert_false (convoke_call_begin (call, "get_price", &null_error, NULL));
  g_assert_error (null_error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (null_error->message, "item"));

  g_assert_false (convoke_call_begin (call, "get_cost", &name_error, "tea"));
  g_assert_error (name_error, CONVOKE_ERROR, CONVOKE_ERROR_NO_METHOD);
  g_assert_nonnull (strstr (name_error->message, "get_cost"));

  g_assert_false (convoke_call_begin_values (call, "get_price", &value, 0, &count_error));
  g_assert_error (count_error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);

  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_IDLE);
  g_assert_false (convoke_call_finish (call, "get_price", &finish_error, NULL));
  g_assert_error (finish_error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);

  begin_price (call, "tea");
  g_assert_cmpfloat (finish_price (call), ==, 3);
}

static void
test_values (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;
  g_auto (GValue) item = G_VALUE_INIT;
  GValue *outs;
  guint n_outs;

  g_test_summary ("begin and finish with typed values");

  g_value_init (&item, G_TYPE_STRING);
  g_value_set_static_string (&item, "mocha");
  g_assert_true (convoke_call_begin_values (call, "get_price", &item, 1, &error));
  g_assert_no_error (error);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  outs = convoke_call_finish_values (call, "get_price", &n_outs, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_outs, ==, 1);
  g_assert_cmpfloat (g_value_get_double (&outs[0]), ==, 5);
  g_value_unset (&outs[0]);
  g_free (outs);
}

static void
test_negative_wait (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A negative time-out that is not -1 is refused, and is no wait for ever; the call goes on");

  begin_price (call, "tea");
  g_assert_false (convoke_call_wait (call, -2, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);

  convoke_test_gate_open (gate);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  finish_price (call);
}

static void
test_poll (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) bounded = NULL;

  g_test_summary ("P-1, CF-24: a wait that expires, also a poll, is TIMEOUT and leaves the call pending; CF-25: waiting again succeeds again");

  begin_price (call, "tea");
  g_assert_false (convoke_call_wait (call, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_false (convoke_call_wait (call, 2000, &bounded));
  g_assert_error (bounded, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_PENDING);

  convoke_test_gate_open (gate);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_true (convoke_call_wait (call, 0, NULL));
  g_assert_true (convoke_call_wait (call, -1, NULL));
  finish_price (call);
}

static void
test_wait_idle (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A wait with no call in progress fails at once instead of for ever");

  g_assert_false (convoke_call_wait (call, -1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_SYNC);
}

static void
test_abandon (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (ConvokeTestGate) done = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_at_gate, gate);
  ConvokeCall *call = test_call_new (feed);
  g_autoptr (ConvokeCall) after = test_call_new (feed);

  g_test_summary ("CF-22: dropping the last reference while pending does not cancel; the server runs to its end");

  begin_price (call, "tea");
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  g_object_add_weak_pointer (G_OBJECT (call), (gpointer *) &call);
  g_object_unref (call);
  g_assert_null (call);

  /* The next call of the serial object comes after the end of the one abandoned. */
  convoke_test_gate_open (gate);
  begin_price (after, "latte");
  g_assert_cmpfloat (finish_price (after), ==, 5);
}

static void
test_target_outlives (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  TestFeed *feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("A pending call keeps its object alive");

  begin_price (call, "tea");
  g_object_unref (feed);
  convoke_test_gate_open (gate);
  g_assert_cmpfloat (finish_price (call), ==, 3);
}

static void
test_independent (void)
{
  ConvokeCall *calls[16];
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  char item[17] = "";

  g_test_summary ("CF-9, CF-31, T-CA-31: sixteen call objects, each with its own result");

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      calls[i] = test_call_new (feed);
      item[i] = 'x';
      begin_price (calls[i], item);
    }
  for (guint i = G_N_ELEMENTS (calls); i-- > 0;)
    {
      g_assert_cmpfloat (finish_price (calls[i]), ==, i + 1);
      g_object_unref (calls[i]);
    }
}

static void
test_start_order (void)
{
  g_autoptr (GString) order = g_string_new (NULL);
  g_autoptr (TestFeed) feed = NULL;
  g_autoptr (ConvokeCall) a = NULL;
  g_autoptr (ConvokeCall) b = NULL;

  g_test_summary ("D7, D11: a wait runs the begun calls of its own context up to the one it waits for");

  feed = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  a = test_call_new (feed);
  b = test_call_new (feed);
  begin_price (a, "one");
  begin_price (b, "three");
  g_assert_true (convoke_call_wait (b, LONG, NULL));
  g_assert_cmpint (convoke_call_get_state (a), ==, CONVOKE_CALL_STATE_SIGNALED);
  finish_price (a);
  finish_price (b);
}

static void
test_not_before_wait (void)
{
  gint n = 0;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, &n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("CF-14: begin does not run the method of an object of the caller's own context");

  begin_price (call, "tea");
  g_assert_cmpint (n, ==, 0);
  finish_price (call);
  g_assert_cmpint (n, ==, 1);
}

static void
test_main_loop (void)
{
  gint n = 0;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, &n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("D11: a main loop runs the calls of its context's objects");

  begin_price (call, "tea");
  while (convoke_call_get_state (call) != CONVOKE_CALL_STATE_SIGNALED)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat (finish_price (call), ==, 3);
}

static void
on_notice (ConvokeCall       *call,
           ConvokeCallNotice  notice,
           gpointer           data)
{
  GMainLoop *loop = data;

  g_assert_cmpint (notice, ==, CONVOKE_CALL_NOTICE_COMPLETED);
  g_assert_true (g_main_context_is_owner (g_main_loop_get_context (loop)));
  g_main_loop_quit (loop);
}

static void
test_callback (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("P-11: a callback arrives in the context that was named");

  convoke_call_set_callback (call, context, on_notice, loop, NULL);
  begin_price (call, "tea");
  g_main_loop_run (loop);
  g_assert_cmpfloat (finish_price (call), ==, 3);
}

static void
drop_own_call (ConvokeCall       *call,
               ConvokeCallNotice  notice,
               gpointer           data)
{
  ConvokeCall **owned = data;

  g_clear_object (owned);
}

static void
test_callback_drops_call (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  ConvokeCall *call = test_call_new (feed);

  g_test_summary ("A callback may drop the last reference to its own call");

  convoke_call_set_callback (call, NULL, drop_own_call, &call, NULL);
  begin_price (call, "tea");
  while (call != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* --- completion sinks --- */

#define TEST_TYPE_SINK (test_sink_get_type ())
G_DECLARE_FINAL_TYPE (TestSink, test_sink, TEST, SINK, GObject)

struct _TestSink
{
  GObject      parent_instance;
  gint         n_resets;
  gint         n_signals;
  gboolean     refuse;
  gboolean     finish;
  double       price;
  ConvokeCall *call;   /* (unowned): CF-28 */
  TestSink   **drop;
};

static gboolean
test_sink_reset (ConvokeSynchronize  *synchronize,
                 GError             **error)
{
  TestSink *self = TEST_SINK (synchronize);

  g_atomic_int_inc (&self->n_resets);
  if (self->refuse)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "not now");
  return !self->refuse;
}

static gboolean
test_sink_signal (ConvokeSynchronize  *synchronize,
                  GError             **error)
{
  TestSink *self = TEST_SINK (synchronize);

  if (self->finish)
    g_assert_true (convoke_call_finish (self->call, "get_price", NULL, &self->price));
  g_atomic_int_inc (&self->n_signals);
  if (self->drop != NULL)
    g_object_unref (g_steal_pointer (self->drop));
  return TRUE;
}

static void
test_sink_synchronize_init (ConvokeSynchronizeInterface *iface)
{
  iface->reset = test_sink_reset;
  iface->signal = test_sink_signal;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestSink, test_sink, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE, test_sink_synchronize_init))

static void
test_sink_class_init (TestSinkClass *klass)
{
}

static void
test_sink_init (TestSink *self)
{
}

static ConvokeCall *
call_with_sink (TestFeed *feed,
                TestSink *sink)
{
  g_autoptr (ConvokeCall) first = test_call_new (feed);

  return convoke_create_call_full (G_OBJECT (feed), CONVOKE_TEST_TYPE_PRICE_FEED, NULL,
                                   CONVOKE_SYNCHRONIZE (sink), NULL);
}

static void
test_sink (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  g_autoptr (TestSink) sink = g_object_new (TEST_TYPE_SINK, NULL);
  g_autoptr (ConvokeCall) call = call_with_sink (feed, sink);

  g_test_summary ("CF-26, CF-30: a sink is reset by begin and signalled exactly once by each completion");

  begin_price (call, "tea");
  g_assert_cmpint (sink->n_resets, ==, 1);
  g_assert_cmpint (sink->n_signals, ==, 0);
  finish_price (call);
  g_assert_cmpint (sink->n_signals, ==, 1);

  begin_price (call, "missing");
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_cmpint (sink->n_resets, ==, 2);
  g_assert_cmpint (sink->n_signals, ==, 2);
  convoke_call_finish (call, "get_price", NULL, NULL);

  begin_price (call, "tea");
  g_assert_true (convoke_call_cancel (call, 0, NULL));
  g_assert_cmpint (sink->n_signals, ==, 3);
  convoke_call_finish (call, "get_price", NULL, NULL);
}

static void
test_sink_refuses (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  g_autoptr (TestSink) sink = g_object_new (TEST_TYPE_SINK, NULL);
  g_autoptr (ConvokeCall) call = call_with_sink (feed, sink);
  g_autoptr (GError) error = NULL;

  g_test_summary ("CF-27: a failing reset makes begin fail, with its cause");

  sink->refuse = TRUE;
  g_assert_false (convoke_call_begin (call, "get_price", &error, "tea"));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_IDLE);

  sink->refuse = FALSE;
  begin_price (call, "tea");
  g_assert_cmpfloat (finish_price (call), ==, 3);
}

static void
test_sink_finishes (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  g_autoptr (TestSink) sink = g_object_new (TEST_TYPE_SINK, NULL);
  g_autoptr (ConvokeCall) call = call_with_sink (feed, sink);

  g_test_summary ("CF-26: finish may be called from inside signal");

  sink->call = call;
  sink->finish = TRUE;
  begin_price (call, "tea");
  while (g_atomic_int_get (&sink->n_signals) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat (sink->price, ==, 3);
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_IDLE);
}

static void
test_sink_drops_itself (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  TestSink *sink = g_object_new (TEST_TYPE_SINK, NULL);
  g_autoptr (ConvokeCall) call = call_with_sink (feed, sink);

  g_test_summary ("CF-29: a sink may be dropped from inside of its own signal");

  sink->drop = &sink;
  begin_price (call, "tea");
  finish_price (call);
  g_assert_null (sink);
}

/* --- what a call object answers --- */

static void
test_query (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  GType types[] = { CONVOKE_TYPE_SYNCHRONIZE, CONVOKE_TYPE_SYNCHRONIZE_HANDLE, CONVOKE_TYPE_CANCEL_METHOD_CALLS };

  g_test_summary ("CF-13, T-CA-3: a call object answers its interfaces, with one identity");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GObject) face = convoke_query_interface (G_OBJECT (call), types[i], NULL);

      g_assert_nonnull (face);
      g_assert_true (convoke_same_object (face, G_OBJECT (call)));
    }
}

static void
test_no_factory (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (GObject) factory = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("CF-5, P-5, T-CA-1: a component without a call factory answers NO_INTERFACE to it, and is called all the same");

  factory = convoke_query_interface (G_OBJECT (feed), CONVOKE_TYPE_CALL_FACTORY, &error);
  g_assert_null (factory);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (feed), "tea", NULL), ==, 3);
}

static void
test_no_interface (void)
{
  g_autoptr (GObject) plain = g_object_new (TEST_TYPE_SINK, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-5, CF-7: create_call for an interface that the object does not implement is NO_INTERFACE");

  g_assert_null (convoke_create_call (plain, CONVOKE_TEST_TYPE_PRICE_FEED, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
}

/* An interface of this program's own, and a class that implements it. */
static GType
make_undescribed (GType *class)
{
  static const GInterfaceInfo info = { NULL, };
  GType iface = g_type_register_static_simple (G_TYPE_INTERFACE, "TestUndescribed", sizeof (GTypeInterface), NULL, 0, NULL, 0);

  g_type_interface_add_prerequisite (iface, G_TYPE_OBJECT);
  *class = g_type_register_static_simple (G_TYPE_OBJECT, "TestUndescribedObject", sizeof (GObjectClass), NULL,
                                          sizeof (GObject), NULL, 0);
  g_type_add_interface_static (*class, iface, &info);
  return iface;
}

static void
test_no_typelib (void)
{
  GType class;
  GType iface = make_undescribed (&class);
  g_autoptr (GObject) object = g_object_new (class, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("D3: an interface that no known typelib describes is NO_TYPELIB, saying what to call");

  g_assert_null (convoke_create_call (object, iface, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
  g_assert_nonnull (strstr (error->message, "convoke_require"));
}

static void
test_null_slot (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A method that the object leaves out fails with NOT_SUPPORTED");

  g_assert_true (convoke_call_begin (call, "describe", NULL));
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_false (convoke_call_finish (call, "describe", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
}

static void
assert_refused (GType       iface,
                const char *method,
                const char *reason)
{
  g_autoptr (ConvokeTestAwkward) awkward = convoke_test_awkward_new ();
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;
  int place = 0;

  g_assert_true (convoke_require ("ConvokeTest", "1", NULL));
  call = convoke_create_call (G_OBJECT (awkward), iface, &error);
  g_assert_no_error (error);

  g_assert_false (convoke_call_begin (call, method, &error, &place));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, reason));
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_IDLE);

  g_assert_true (convoke_call_begin (call, "fine", NULL));
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_true (convoke_call_finish (call, "fine", NULL, &place));
}

static void
test_refused_annotation (void)
{
  g_test_summary ("A method whose annotations cannot be right is never begun, others of its object are");

  assert_refused (CONVOKE_TEST_TYPE_UNANNOTATED, "measure", "width");
}

static void
test_refused_contract (void)
{
  g_test_summary ("D12: a method whose contract is not understood is never begun, others of its object are");

  assert_refused (CONVOKE_TEST_TYPE_MISSPELT, "misspelt", "convoke.dead-line");
}

static void
test_details (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GVariant) details = NULL;
  const char *method = NULL;
  guint64 id = 0;

  g_test_summary ("D13: request id, method and place are details of the call, also after finish");

  begin_price (call, "missing");
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  convoke_call_finish (call, "get_price", NULL, NULL);
  details = convoke_call_dup_details (call);
  g_assert_true (g_variant_lookup (details, "method", "&s", &method));
  g_assert_cmpstr (method, ==, "get_price");
  g_assert_true (g_variant_lookup (details, "request-id", "t", &id));
  g_assert_cmpuint (id, ==, convoke_call_get_request_id (call));
  g_assert_cmpuint (id, !=, 0);
}

static gpointer
begin_many (gpointer data)
{
  ConvokeCall *call = data;
  guint n = 0;

  for (guint i = 0; i < 2000; i++)
    {
      double price = 0;

      if (!convoke_call_begin (call, "get_price", NULL, "latte"))
        continue;
      while (!convoke_call_wait (call, LONG, NULL))
        ;
      g_assert_true (convoke_call_finish (call, "get_price", NULL, &price));
      g_assert_cmpfloat (price, ==, 5);
      n++;
    }

  return GUINT_TO_POINTER (n);
}

static void
test_shared (void)
{
  gint served = 0;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, &served);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  GThread *threads[4];
  guint n = 0;

  g_test_summary ("CF-16: of many threads that begin on one call object one at a time succeeds, and no call is lost");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("begin", begin_many, call);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    n += GPOINTER_TO_UINT (g_thread_join (threads[i]));

  g_assert_cmpuint (n, ==, g_atomic_int_get (&served));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/call/begin-finish", test_begin_finish);
  g_test_add_func ("/callfactory/call/reuse", test_reuse);
  g_test_add_func ("/callfactory/call/begin-while-pending", test_begin_while_pending);
  g_test_add_func ("/callfactory/call/begin-while-signaled", test_begin_while_signaled);
  g_test_add_func ("/callfactory/call/finish-idle", test_finish_idle);
  g_test_add_func ("/callfactory/call/finish-twice", test_finish_twice);
  g_test_add_func ("/callfactory/call/finish-pending", test_finish_pending);
  g_test_add_func ("/callfactory/call/finish-other-method", test_finish_other_method);
  g_test_add_func ("/callfactory/call/error-unchanged", test_error_unchanged);
  g_test_add_func ("/callfactory/call/failed-begin", test_failed_begin);
  g_test_add_func ("/callfactory/call/values", test_values);
  g_test_add_func ("/callfactory/call/poll", test_poll);
  g_test_add_func ("/callfactory/call/negative-wait", test_negative_wait);
  g_test_add_func ("/callfactory/call/wait-idle", test_wait_idle);
  g_test_add_func ("/callfactory/call/abandon", test_abandon);
  g_test_add_func ("/callfactory/call/target-outlives", test_target_outlives);
  g_test_add_func ("/callfactory/call/independent", test_independent);
  g_test_add_func ("/callfactory/call/start-order", test_start_order);
  g_test_add_func ("/callfactory/call/not-before-wait", test_not_before_wait);
  g_test_add_func ("/callfactory/call/main-loop", test_main_loop);
  g_test_add_func ("/callfactory/call/callback", test_callback);
  g_test_add_func ("/callfactory/call/callback-drops-call", test_callback_drops_call);
  g_test_add_func ("/callfactory/call/sink", test_sink);
  g_test_add_func ("/callfactory/call/sink-refuses", test_sink_refuses);
  g_test_add_func ("/callfactory/call/sink-finishes", test_sink_finishes);
  g_test_add_func ("/callfactory/call/sink-drops-itself", test_sink_drops_itself);
  g_test_add_func ("/callfactory/call/query", test_query);
  g_test_add_func ("/callfactory/call/no-factory", test_no_factory);
  g_test_add_func ("/callfactory/call/no-interface", test_no_interface);
  g_test_add_func ("/callfactory/call/no-typelib", test_no_typelib);
  g_test_add_func ("/callfactory/call/null-slot", test_null_slot);
  g_test_add_func ("/callfactory/call/refused-annotation", test_refused_annotation);
  g_test_add_func ("/callfactory/call/refused-contract", test_refused_contract);
  g_test_add_func ("/callfactory/call/details", test_details);
  g_test_add_func ("/callfactory/call/shared", test_shared);

  return g_test_run ();
}
