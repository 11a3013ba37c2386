/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <sys/wait.h>
#include <unistd.h>

#include "test-pair.h"

#include "../test-child.h"

#include "../callfactory/test-feed.h"
#include "convoke-channel-inside-private.h"

static GObject *
make_proxy (TestPair         *pair,
            ConvokeThreading  threading,
            TestGetPrice      get_price,
            gpointer          data)
{
  GObject *proxy;

  test_pair_object = (GObject *) test_feed_new (threading, get_price, data);
  proxy = test_channel_get_object (pair->near);
  test_pair_clear_object ();
  g_assert_true (convoke_is_proxy (proxy));
  return proxy;
}

static void
test_call (void)
{
  g_autoptr (GError) error = NULL;
  TestPair pair;
  gint n_calls = 0;
  GObject *proxy;

  g_test_summary ("A synchronous call goes to the object at the other end, and its result comes back");

  test_pair_init (&pair);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, test_price_by_length, &n_calls);

  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "espresso", &error), ==, 8);
  g_assert_no_error (error);
  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "missing", &error), ==, 0);
  g_assert_nonnull (error);
  g_assert_cmpint (n_calls, ==, 2);

  g_object_unref (proxy);
  test_pair_clear (&pair);
}

static void
test_begun (void)
{
  g_autoptr (GError) error = NULL;
  TestPair pair;
  gint n_calls = 0;
  ConvokeCall *calls[64];
  GObject *proxy;

  g_test_summary ("Calls that are begun together are all answered");

  test_pair_init (&pair);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, test_price_by_length, &n_calls);

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      calls[i] = test_call_new (proxy);
      convoke_call_begin (calls[i], "get_price", &error, "espresso");
      g_assert_no_error (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      double price;

      convoke_call_wait (calls[i], -1, &error);
      g_assert_no_error (error);
      convoke_call_finish (calls[i], "get_price", &error, &price);
      g_assert_no_error (error);
      g_assert_cmpfloat (price, ==, 8);
      g_object_unref (calls[i]);
    }
  g_assert_cmpint (n_calls, ==, 64);

  g_object_unref (proxy);
  test_pair_clear (&pair);
}

static double
price_of_another (TestFeed    *feed,
                  const char  *item,
                  gpointer     data,
                  GError     **error)
{
  g_autoptr (GObject) proxy = convoke_create_proxy (data, NULL);

  return convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), item, error);
}

static void
test_called_back_another_way (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestFeed) home = NULL;
  TestPair pair;
  gint n_calls = 0;
  GObject *proxy;

  g_test_summary ("Who reads for its call serves a call of its chain that does not come over the connection (design D7)");

  test_pair_init (&pair);
  home = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, &n_calls);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, price_of_another, home);

  for (guint i = 0; i < 20; i++)
    {
      g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "espresso", &error), ==, 8);
      g_assert_no_error (error);
    }
  g_assert_cmpint (n_calls, ==, 20);

  g_object_unref (proxy);
  test_pair_clear (&pair);
}

static double
price_and_thread (TestFeed    *feed,
                  const char  *item,
                  gpointer     data,
                  GError     **error)
{
  GThread **thread = data;

  *thread = g_thread_self ();
  return strlen (item);
}

static gpointer
run_loop (gpointer data)
{
  g_main_loop_run (data);
  return NULL;
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

/* Its thread may not have begun to run it. */
static void
quit_from_within (GMainContext *context,
                  GMainLoop    *loop)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, quit_cb, loop, NULL);
  g_source_attach (source, context);
}

static void
test_context_reads_its_own (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  g_autoptr (GError) error = NULL;
  TestPair pair;
  GThread *thread = g_thread_new ("loop", run_loop, loop);
  GThread *served_by = NULL;
  GObject *proxy;

  g_test_summary ("A context that may read does not, while what comes is for objects that any thread serves (design D6)");

  test_pair_init (&pair);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, price_and_thread, &served_by);
  convoke_channel_read_in_context (pair.far, context);

  for (guint i = 0; i < 20; i++)
    convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "espresso", &error);
  g_assert_no_error (error);
  g_assert_nonnull (served_by);
  g_assert_true (served_by != thread);

  g_object_unref (proxy);
  test_pair_clear (&pair);
  quit_from_within (context, loop);
  g_thread_join (thread);
}

static void
test_forked (void)
{
  g_autoptr (GError) error = NULL;
  TestPair pair;
  gint n_calls = 0;
  GObject *proxy;
  int status;
  pid_t pid;

  g_test_summary ("In a forked child a proxy fails with FORKED and can be dropped; the parent's goes on");

  test_pair_init (&pair);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, test_price_by_length, &n_calls);
  convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "espresso", &error);
  g_assert_no_error (error);

  pid = fork ();
  if (pid == 0)
    {
      g_autoptr (ConvokeCall) call = NULL;
      gboolean ok;

      convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "espresso", &error);
      ok = g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);
      g_clear_error (&error);
      call = convoke_create_call (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, &error);
      ok = ok && (call == NULL || !convoke_call_begin (call, "get_price", &error, "tea")) &&
           g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);
      g_clear_object (&call);
      g_object_unref (proxy);
      convoke_channel_close (pair.near, error);
      test_child_end (ok);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "tea", &error), ==, 3);
  g_assert_no_error (error);

  g_object_unref (proxy);
  test_pair_clear (&pair);
}

/* --- what goes with a call --- */

static double
price_after_progress (TestFeed    *feed,
                      const char  *item,
                      gpointer     data,
                      GError     **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);

  convoke_call_context_report_amount (context, 3, 4, "cups");
  convoke_call_context_report_status (context, "brewing");
  return convoke_test_gate_pass (data) ? convoke_call_context_get_deadline (context) != 0 : -1;
}

static void
test_progress (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GVariant) details = NULL;
  g_autoptr (GError) error = NULL;
  const char *status;
  TestPair pair;
  GObject *proxy;
  double price;

  g_test_summary ("A call's progress and deadline cross; its request id is the same at both ends (P-7)");

  test_pair_init (&pair);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, price_after_progress, gate);
  call = test_call_new (proxy);
  convoke_call_set_timeout (call, 600 * G_USEC_PER_SEC);
  convoke_call_begin (call, "get_price", &error, "tea");
  g_assert_no_error (error);

  /* Reports come before the answer on the same stream, and whoever polls reads. */
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  while (convoke_call_get_progress_fraction (call) < 0.75)
    g_thread_yield ();
  do
    {
      g_clear_pointer (&details, g_variant_unref);
      details = convoke_call_dup_details (call);
    }
  while (!g_variant_lookup (details, "status", "&s", &status));
  g_assert_cmpstr (status, ==, "brewing");

  convoke_test_gate_open (gate);
  g_assert_true (convoke_call_wait (call, -1, &error));
  convoke_call_finish (call, "get_price", &error, &price);
  g_assert_no_error (error);
  g_assert_cmpfloat (price, ==, 1);

  g_clear_object (&call);
  g_object_unref (proxy);
  test_pair_clear (&pair);
}

/* --- cancel and deadline --- */

static double
price_until_cancelled (TestFeed    *feed,
                       const char  *item,
                       gpointer     data,
                       GError     **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);
  g_autoptr (GCancellable) cancellable = convoke_call_context_dup_cancellable (context);
  GPollFD fd;

  convoke_test_gate_pass (data);
  if (g_cancellable_make_pollfd (cancellable, &fd))
    {
      g_poll (&fd, 1, 20000);
      g_cancellable_release_fd (cancellable);
    }
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return 0;
}

static void
test_cancel (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;
  TestPair pair;
  GObject *proxy;
  double price;

  g_test_summary ("P-6: a cancel reaches the method at the other end, which obeys: stopped");

  test_pair_init (&pair);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, price_until_cancelled, gate);
  call = test_call_new (proxy);
  convoke_call_begin (call, "get_price", &error, "tea");
  g_assert_no_error (error);
  g_assert_true (convoke_test_gate_wait_held (gate, 1));

  g_assert_true (convoke_cancel_method_calls_cancel (CONVOKE_CANCEL_METHOD_CALLS (call), 20 * G_USEC_PER_SEC, &error));
  convoke_test_gate_open (gate);
  g_assert_true (convoke_call_wait (call, -1, &error));
  g_assert_cmpint (convoke_call_get_cancel_outcome (call), ==, CONVOKE_CANCEL_OUTCOME_STOPPED);
  g_assert_false (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_clear_object (&call);
  g_object_unref (proxy);
  test_pair_clear (&pair);
}

static void
test_cancel_before_start (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (ConvokeCall) first = NULL;
  g_autoptr (ConvokeCall) second = NULL;
  g_autoptr (GError) error = NULL;
  TestPair pair;
  GObject *proxy;
  double price;

  g_test_summary ("P-6: a call that waits for its turn at the other end never runs once it is cancelled: stopped");

  test_pair_init (&pair);
  proxy = make_proxy (&pair, CONVOKE_THREADING_SERIAL, test_price_at_gate, gate);
  first = test_call_new (proxy);
  second = test_call_new (proxy);
  convoke_call_begin (first, "get_price", &error, "tea");
  convoke_call_begin (second, "get_price", &error, "tea");
  g_assert_no_error (error);
  g_assert_true (convoke_test_gate_wait_held (gate, 1));

  g_assert_true (convoke_cancel_method_calls_cancel (CONVOKE_CANCEL_METHOD_CALLS (second), 20 * G_USEC_PER_SEC, &error));
  g_assert_true (convoke_call_wait (second, -1, &error));
  g_assert_cmpint (convoke_call_get_cancel_outcome (second), ==, CONVOKE_CANCEL_OUTCOME_STOPPED);
  g_assert_false (convoke_call_finish (second, "get_price", &error, &price));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_clear_error (&error);

  convoke_test_gate_open (gate);
  g_assert_true (convoke_call_wait (first, -1, &error));
  convoke_call_finish (first, "get_price", &error, &price);
  g_assert_no_error (error);

  g_clear_object (&first);
  g_clear_object (&second);
  g_object_unref (proxy);
  test_pair_clear (&pair);
}

static void
test_deadline (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;
  TestPair pair;
  GObject *proxy;
  double price;

  g_test_summary ("A deadline ends a call that the other end does not answer, and the late answer is dropped");

  test_pair_init (&pair);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  call = test_call_new (proxy);
  convoke_call_set_timeout (call, 1000);
  convoke_call_begin (call, "get_price", &error, "tea");
  g_assert_no_error (error);
  g_assert_true (convoke_call_wait (call, -1, &error));
  g_assert_false (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_clear_error (&error);

  /* The same call object goes on, over the same connection. */
  convoke_test_gate_open (gate);
  convoke_call_set_timeout (call, 0);
  convoke_call_begin (call, "get_price", &error, "latte");
  g_assert_no_error (error);
  g_assert_true (convoke_call_wait (call, -1, &error));
  convoke_call_finish (call, "get_price", &error, &price);
  g_assert_no_error (error);

  g_clear_object (&call);
  g_object_unref (proxy);
  test_pair_clear (&pair);
}

/* As if the other process were stopped: until the role is given back nobody reads there. */
static void
stop_reading (ConvokeChannel *channel)
{
  guint role;

  do
    role = __atomic_load_n (&channel->role, __ATOMIC_SEQ_CST) & ~3u;
  while (!__atomic_compare_exchange_n (&channel->role, &role, (role + 4) | 1, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
}

static void
go_on_reading (ConvokeChannel *channel)
{
  __atomic_add_fetch (&channel->role, 3, __ATOMIC_SEQ_CST);
  convoke_ticker_want (&channel->ticker);
}

typedef struct
{
  ConvokeChannel *channel;
  ConvokeCall    *call;
} Crowded;

static gpointer
cancel_crowded (gpointer data)
{
  Crowded *self = data;

  while (g_atomic_int_get (&self->channel->n_crowded) == 0)
    g_thread_yield ();
  convoke_cancel_method_calls_cancel (CONVOKE_CANCEL_METHOD_CALLS (self->call), 0, NULL);
  return NULL;
}

static void
finish_with (ConvokeCall *call,
             int          code)
{
  g_autoptr (GError) error = NULL;
  double price;

  g_assert_true (convoke_call_wait (call, -1, NULL));
  g_assert_false (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_error (error, CONVOKE_ERROR, code);
}

static void
test_no_room (void)
{
  g_autofree char *large = g_strnfill (2 * CONVOKE_CHANNEL_HIGH_WATER, 'a');
  g_autoptr (ConvokeCall) first = NULL;
  g_autoptr (ConvokeCall) second = NULL;
  g_autoptr (GError) error = NULL;
  gint n_calls = 0;
  TestPair pair;
  GObject *proxy;
  GThread *thread;
  double price;

  g_test_summary ("P-6: a call that cannot be sent, because the other end does not read, has its deadline and can be cancelled");

  test_pair_init (&pair);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, test_price_by_length, &n_calls);
  first = test_call_new (proxy);
  second = test_call_new (proxy);
  stop_reading (pair.far);
  convoke_call_begin (first, "get_price", &error, large);
  g_assert_no_error (error);

  convoke_call_set_timeout (second, 1000);
  convoke_call_begin (second, "get_price", &error, "tea");
  g_assert_no_error (error);
  finish_with (second, CONVOKE_ERROR_TIMEOUT);

  convoke_call_set_timeout (second, 0);
  thread = g_thread_new ("cancels", cancel_crowded, &(Crowded) { pair.near, second });
  convoke_call_begin (second, "get_price", &error, "tea");
  g_assert_no_error (error);
  g_thread_join (thread);
  finish_with (second, CONVOKE_ERROR_CANCELLED);

  go_on_reading (pair.far);
  g_assert_true (convoke_call_wait (first, -1, &error));
  convoke_call_finish (first, "get_price", &error, &price);
  g_assert_no_error (error);
  g_assert_cmpfloat (price, ==, 2 * CONVOKE_CHANNEL_HIGH_WATER);
  g_assert_cmpint (n_calls, ==, 1);

  g_clear_object (&first);
  g_clear_object (&second);
  g_object_unref (proxy);
  test_pair_clear (&pair);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_assert_true (convoke_require ("ConvokeTest", "1", NULL));

  g_test_add_func ("/marshal/channel/call", test_call);
  g_test_add_func ("/marshal/channel/begun", test_begun);
  g_test_add_func ("/marshal/channel/forked", test_forked);
  g_test_add_func ("/marshal/channel/progress", test_progress);
  g_test_add_func ("/marshal/channel/cancel", test_cancel);
  g_test_add_func ("/marshal/channel/cancel-before-start", test_cancel_before_start);
  g_test_add_func ("/marshal/channel/deadline", test_deadline);
  g_test_add_func ("/marshal/channel/no-room", test_no_room);
  g_test_add_func ("/marshal/channel/called-back-another-way", test_called_back_another_way);
  g_test_add_func ("/marshal/channel/context-reads-its-own", test_context_reads_its_own);

  return g_test_run ();
}
