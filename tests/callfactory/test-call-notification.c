/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who is told of a call, where and how often: RA-5, RA-6, RA-8, RA-13, T-RA-3 to T-RA-13 as a client sees them. */

#include "test-feed.h"
#include "test-util.h"

#include <convoke-error.h>
#include <convoke-event.h>

#define LONG (30 * G_USEC_PER_SEC)

/* --- somebody who is told --- */

typedef struct
{
  GMutex            lock;
  GCond             changed;
  ConvokeCallNotice notices[8];  /* LOCK: lock */
  guint             n;           /* LOCK: lock */
  GThread          *thread;      /* LOCK: lock; of the last */
  gint              n_freed;     /* atomic */
} Told;

static void
told_cb (ConvokeCall       *call,
         ConvokeCallNotice  notice,
         gpointer           data)
{
  Told *told = data;

  g_mutex_lock (&told->lock);
  g_assert_cmpuint (told->n, <, G_N_ELEMENTS (told->notices));
  told->notices[told->n++] = notice;
  told->thread = g_thread_self ();
  g_cond_broadcast (&told->changed);
  g_mutex_unlock (&told->lock);
}

static void
told_free (gpointer data)
{
  g_atomic_int_inc (&((Told *) data)->n_freed);
}

static guint
told_count (Told *told)
{
  guint n;

  g_mutex_lock (&told->lock);
  n = told->n;
  g_mutex_unlock (&told->lock);

  return n;
}

static void
told_await (Told  *told,
            guint  n)
{
  gint64 deadline = g_get_monotonic_time () + LONG;

  g_mutex_lock (&told->lock);
  while (told->n < n)
    g_assert_true (g_cond_wait_until (&told->changed, &told->lock, deadline));
  g_mutex_unlock (&told->lock);
}

static void
iterate_all (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    ;
}

/* --- calls --- */

static TestFeed *
any_feed_new (gint *n)
{
  return test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, n);
}

static void
begin (ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_call_begin (call, "get_price", &error, "tea"));
  g_assert_no_error (error);
}

static void
finish (ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;
  double price = 0;

  g_assert_true (convoke_call_wait (call, LONG, &error));
  g_assert_true (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_no_error (error);
  g_assert_cmpfloat (price, ==, 3);
}

static void
begin_refused (ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_call_begin (call, "get_price", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_none (void)
{
  gint n = 0;
  g_autoptr (TestFeed) feed = any_feed_new (&n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) idle = NULL;
  g_autoptr (GError) pending = NULL;

  g_test_summary ("RA-5, RA-6 none; RA-10, T-RA-3, X-19: an idle call's status is 1702, a pending one's 997; asking ends nothing");

  g_assert_false (convoke_call_check_status (call, &idle));
  g_assert_cmpuint (convoke_error_to_status (idle, CONVOKE_ERROR_FAMILY_RPC), ==, 1702);
  begin (call);
  while (!convoke_call_check_status (call, &pending))
    {
      g_assert_cmpuint (convoke_error_to_status (pending, CONVOKE_ERROR_FAMILY_RPC), ==, 997);
      g_clear_error (&pending);
      g_thread_yield ();
    }
  g_assert_true (convoke_call_check_status (call, NULL));
  finish (call);
}

static void
check_status (ConvokeThreading threading)
{
  gint n = 0;
  g_autoptr (TestFeed) feed = test_feed_new (threading, test_price_by_length, &n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  begin (call);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_true (convoke_call_check_status (call, &error));
  g_assert_no_error (error);
  finish (call);

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "missing"));
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_false (convoke_call_check_status (call, &error));
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_SIGNALED);
  g_assert_false (convoke_call_finish (call, "get_price", NULL, NULL));
}

static void
test_status (void)
{
  g_test_summary ("RA-10: the status is what the call ended with, wherever it runs, and completing is still to come");

  check_status (CONVOKE_THREADING_ANY);
  check_status (CONVOKE_THREADING_SERIAL);
  check_status (CONVOKE_THREADING_CONTEXT);
}

static void
test_event (void)
{
  gint n = 0;
  g_autoptr (TestFeed) feed = any_feed_new (&n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-6, T-RA-7: the caller's event is reset by each begin and set by each completion");

  convoke_call_set_event (call, CONVOKE_SYNCHRONIZE (event));
  for (guint i = 0; i < 3; i++)
    {
      convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (event), NULL);
      begin (call);
      g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, LONG, &error));
      g_assert_no_error (error);
      g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_SIGNALED);
      finish (call);
    }
}

static void
test_event_reset (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);

  g_test_summary ("RA-6: while the call runs the event is not set, whatever it was before");

  convoke_call_set_event (call, CONVOKE_SYNCHRONIZE (event));
  convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (event), NULL);
  begin (call);
  g_assert_false (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, 0, NULL));
  convoke_test_gate_open (gate);
  finish (call);
}

static void
test_direct (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  Told told = { 0, };

  g_test_summary ("RA-5 callback, T-RA-7: told once per call, on the thread where it happens");

  convoke_call_add_direct_callback (call, told_cb, &told, told_free);
  begin (call);
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  g_assert_cmpuint (told_count (&told), ==, 0);
  convoke_test_gate_open (gate);
  told_await (&told, 1);
  g_assert_cmpint (told.notices[0], ==, CONVOKE_CALL_NOTICE_COMPLETED);
  g_assert_true (told.thread != g_thread_self ());
  finish (call);

  begin (call);
  told_await (&told, 2);
  finish (call);
  g_clear_object (&call);
  g_assert_cmpint (told_count (&told), ==, 2);
  while (g_atomic_int_get (&told.n_freed) == 0)
    g_thread_yield ();
}

static void
test_direct_cancelled (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;
  Told told = { 0, };

  g_test_summary ("RA-14, RA-12, X-39: an abortive cancel completes at once, is told like any end, and must be finished");

  convoke_call_add_direct_callback (call, told_cb, &told, NULL);
  begin (call);
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  g_assert_true (convoke_call_cancel (call, 0, NULL));
  g_assert_cmpuint (told_count (&told), ==, 1);
  g_assert_true (told.thread == g_thread_self ());
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_SIGNALED);
  g_assert_false (convoke_call_finish (call, "get_price", &error, NULL));
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_RPC), ==, 1818);
  convoke_test_gate_open (gate);
  g_assert_cmpuint (told_count (&told), ==, 1);
}

typedef struct
{
  gint  n_left;  /* atomic */
  Count count;
} Again;

/* Finishes and begins again, from inside of the notice. */
static void
again_cb (ConvokeCall       *call,
          ConvokeCallNotice  notice,
          gpointer           data)
{
  Again *again = data;

  g_assert_true (convoke_call_finish (call, "get_price", NULL, NULL));
  if (g_atomic_int_add (&again->n_left, -1) > 1)
    begin (call);
  count_add (&again->count);
}

static void
test_direct_again (void)
{
  gint n = 0;
  g_autoptr (TestFeed) feed = any_feed_new (&n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  Again again = { 10, };

  g_test_summary ("RA-13: inside of the notice finish succeeds, and the call object may be used again");

  convoke_call_add_direct_callback (call, again_cb, &again, NULL);
  begin (call);
  g_assert_true (count_wait (&again.count, 10));
  g_assert_cmpint (g_atomic_int_get (&n), ==, 10);
}

typedef struct
{
  ConvokeCall *call;
  Told         told;
} Issuing;

static gpointer
issue_main (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Issuing *issuing = data;

  g_main_context_push_thread_default (context);
  begin (issuing->call);
  g_assert_true (convoke_call_wait (issuing->call, LONG, NULL));
  g_assert_cmpuint (told_count (&issuing->told), ==, 0);
  /* The notice is told just after those who wait. */
  while (told_count (&issuing->told) == 0)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
test_issuer (void)
{
  gint n = 0;
  g_autoptr (TestFeed) feed = any_feed_new (&n);
  Issuing issuing = { .call = test_call_new (feed), };
  GThread *thread;

  g_test_summary ("RA-6 apc, T-RA-7: told once, in the context of the thread that began, when that iterates it");

  convoke_call_add_issuer_callback (issuing.call, told_cb, &issuing.told, NULL);
  for (guint i = 0; i < 3; i++)
    {
      issuing.told.n = 0;
      thread = g_thread_new ("issuer", issue_main, &issuing);
      g_thread_join (thread);
      g_assert_cmpuint (issuing.told.n, ==, 1);
      finish (issuing.call);
    }

  issuing.told.n = 0;
  begin (issuing.call);
  while (told_count (&issuing.told) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (issuing.told.thread == g_thread_self ());
  finish (issuing.call);
  g_object_unref (issuing.call);
}

/* Throws its own call object away. */
static void
drop_cb (ConvokeCall       *call,
         ConvokeCallNotice  notice,
         gpointer           data)
{
  ConvokeCall **mine = data;

  g_clear_object (mine);
}

static void
gone_cb (gpointer  data,
         GObject  *where_it_was)
{
  g_atomic_int_set ((gint *) data, TRUE);
}

static void
drop_inside (void (*add) (ConvokeCall *call, ConvokeCallFunc func, gpointer data, GDestroyNotify destroy))
{
  gint n = 0;
  g_autoptr (TestFeed) feed = any_feed_new (&n);
  ConvokeCall *call = test_call_new (feed);
  ConvokeCall *kept = g_object_ref (call);
  gint gone = FALSE;

  g_object_weak_ref (G_OBJECT (call), gone_cb, &gone);
  add (call, drop_cb, &call, NULL);
  begin (kept);
  g_object_unref (kept);
  while (!g_atomic_int_get (&gone))
    g_main_context_iteration (NULL, FALSE);
  g_assert_null (call);
}

static void
test_drops_call (void)
{
  g_test_summary ("RA-12, CF-29: a callback may throw the call object away that it is told about");

  drop_inside (convoke_call_add_direct_callback);
  drop_inside (convoke_call_add_issuer_callback);
}

static void
test_issuer_gone (void)
{
  gint n = 0;
  g_autoptr (TestFeed) feed = any_feed_new (&n);
  ConvokeCall *call = test_call_new (feed);
  Told told = { 0, };

  g_test_summary ("CF-22: a call object that went away is not told about, and what came with the callback is freed");

  convoke_call_add_issuer_callback (call, told_cb, &told, told_free);
  begin (call);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_object_unref (call);
  while (g_atomic_int_get (&told.n_freed) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (told_count (&told), ==, 0);
}

static void
test_context (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  gint n = 0;
  g_autoptr (TestFeed) feed = any_feed_new (&n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  Told told = { 0, };

  g_test_summary ("P-11, T-RA-7: told once per call in the main context that was named");

  convoke_call_set_callback (call, context, told_cb, &told, NULL);
  for (guint i = 1; i <= 3; i++)
    {
      begin (call);
      while (told_count (&told) < i)
        g_main_context_iteration (context, TRUE);
      finish (call);
    }
  iterate_all (context);
  g_assert_cmpuint (told_count (&told), ==, 3);
}

static void
test_queue (void)
{
  g_autoptr (ConvokeCompletionQueue) queue = convoke_completion_queue_new (NULL);
  gint n = 0;
  g_autoptr (TestFeed) feed = any_feed_new (&n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  struct pollfd poll_fd = { convoke_completion_queue_get_fd (queue), POLLIN, 0 };

  g_test_summary ("RA-5 ioc, T-RA-7: posted once per call to the completion queue, with the caller's key");

  convoke_call_set_completion_queue (call, queue, 4711);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree guint64 *completed = NULL;
      g_autofree guint64 *progress = NULL;
      guint n_completed, n_progress;

      begin (call);
      g_assert_cmpint (poll (&poll_fd, 1, 30000), ==, 1);
      convoke_completion_queue_take (queue, &completed, &n_completed, &progress, &n_progress);
      g_assert_cmpuint (n_completed, ==, 1);
      g_assert_cmpuint (completed[0], ==, 4711);
      finish (call);
    }
}

static void
test_refused (void)
{
  gint n = 0;
  g_autoptr (TestFeed) feed = any_feed_new (&n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (GError) error = NULL;
  Told told = { 0, };

  g_test_summary ("RA-8, T-RA-5: a call that could not be issued: no notice of any kind, nothing to finish, and it can be used again");

  convoke_call_set_event (call, CONVOKE_SYNCHRONIZE (event));
  convoke_call_set_callback (call, NULL, told_cb, &told, NULL);
  convoke_call_add_direct_callback (call, told_cb, &told, NULL);
  convoke_call_add_issuer_callback (call, told_cb, &told, NULL);
  convoke_call_set_notify_sent (call, TRUE);
  begin_refused (call);
  iterate_all (NULL);
  g_assert_cmpuint (told_count (&told), ==, 0);
  g_assert_false (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, 0, NULL));

  g_assert_false (convoke_call_cancel (call, 0, &error));
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_RPC), ==, 1914);
  begin (call);
  finish (call);
}

static void
test_complete_again (void)
{
  gint n = 0;
  g_autoptr (TestFeed) feed = any_feed_new (&n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-11, RA-16, X-43: after the final answer completing again is 1914, and not 997");

  begin (call);
  finish (call);
  g_assert_false (convoke_call_finish (call, "get_price", &error, NULL));
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_RPC), ==, 1914);
}

static void
test_pending_is_no_end (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-11: completing before the reply is 997, and the call goes on");

  begin (call);
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  g_assert_false (convoke_call_finish (call, "get_price", &error, NULL));
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_RPC), ==, 997);
  convoke_test_gate_open (gate);
  finish (call);
}

static void
test_insist (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) twice = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-16: ask politely, again without harm, then insist");

  begin (call);
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  g_assert_true (convoke_call_cancel (call, CONVOKE_CANCEL_POLITE, NULL));
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_PENDING);
  g_assert_false (convoke_call_cancel (call, CONVOKE_CANCEL_POLITE, &twice));
  g_assert_error (twice, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_PENDING);
  g_assert_true (convoke_call_cancel (call, CONVOKE_CANCEL_ABORTIVE, NULL));
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_SIGNALED);
  g_assert_cmpint (convoke_call_get_cancel_outcome (call), ==, CONVOKE_CANCEL_OUTCOME_ABANDONED);
  g_assert_false (convoke_call_finish (call, "get_price", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  convoke_test_gate_open (gate);
}

/* --- that the request has left --- */

static void
test_sent (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  Told told = { 0, };

  g_test_summary ("RA-5: SendComplete is told once, when the request has left, and before CallComplete");

  convoke_call_add_direct_callback (call, told_cb, &told, NULL);
  convoke_call_set_notify_sent (call, TRUE);
  g_assert_true (convoke_call_get_notify_sent (call));
  begin (call);
  g_assert_cmpuint (told_count (&told), ==, 1);
  g_assert_cmpint (told.notices[0], ==, CONVOKE_CALL_NOTICE_SENT);
  convoke_test_gate_open (gate);
  told_await (&told, 2);
  g_assert_cmpint (told.notices[1], ==, CONVOKE_CALL_NOTICE_COMPLETED);
  finish (call);
}

static void
test_not_sent (void)
{
  gint n = 0;
  g_autoptr (TestFeed) feed = any_feed_new (&n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  Told told = { 0, };

  g_test_summary ("RA-5: without the flag nobody is told of SendComplete");

  convoke_call_add_direct_callback (call, told_cb, &told, NULL);
  begin (call);
  told_await (&told, 1);
  g_assert_cmpint (told.notices[0], ==, CONVOKE_CALL_NOTICE_COMPLETED);
  finish (call);
}

/* Cancels when it is told that the request has left. */
static void
cancel_when_sent_cb (ConvokeCall       *call,
                     ConvokeCallNotice  notice,
                     gpointer           data)
{
  told_cb (call, notice, data);
  if (notice == CONVOKE_CALL_NOTICE_SENT)
    {
      g_assert_true (convoke_call_cancel (call, 0, NULL));
      g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_SIGNALED);
      g_assert_cmpuint (told_count (data), ==, 1);
    }
}

static void
test_sent_then_cancelled (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  Told told = { 0, };

  g_test_summary ("RA-5: a call that ends while SendComplete is being told: CallComplete comes after it");

  convoke_call_add_direct_callback (call, cancel_when_sent_cb, &told, NULL);
  convoke_call_set_notify_sent (call, TRUE);
  begin (call);
  told_await (&told, 2);
  g_assert_cmpint (told.notices[0], ==, CONVOKE_CALL_NOTICE_SENT);
  g_assert_cmpint (told.notices[1], ==, CONVOKE_CALL_NOTICE_COMPLETED);
  convoke_test_gate_open (gate);
}

static void
test_sent_in_context (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  gint n = 0;
  g_autoptr (TestFeed) feed = any_feed_new (&n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  Told told = { 0, };
  Told mine = { 0, };

  g_test_summary ("RA-5: in a main context, too, SendComplete is before CallComplete, however fast the call is");

  convoke_call_set_callback (call, context, told_cb, &told, NULL);
  convoke_call_add_issuer_callback (call, told_cb, &mine, NULL);
  convoke_call_set_notify_sent (call, TRUE);
  for (guint i = 0; i < 100; i++)
    {
      told.n = mine.n = 0;
      begin (call);
      g_assert_true (convoke_call_wait (call, LONG, NULL));
      while (told.n < 2)
        g_main_context_iteration (context, TRUE);
      while (mine.n < 2)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (told.notices[0], ==, CONVOKE_CALL_NOTICE_SENT);
      g_assert_cmpint (told.notices[1], ==, CONVOKE_CALL_NOTICE_COMPLETED);
      g_assert_cmpint (mine.notices[0], ==, CONVOKE_CALL_NOTICE_SENT);
      g_assert_cmpint (mine.notices[1], ==, CONVOKE_CALL_NOTICE_COMPLETED);
      finish (call);
    }
}

#define ADD(path, func) g_test_add_func ("/callfactory/call-notification/" path, func)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("none", test_none);
  ADD ("status", test_status);
  ADD ("event", test_event);
  ADD ("event-reset", test_event_reset);
  ADD ("direct", test_direct);
  ADD ("direct-cancelled", test_direct_cancelled);
  ADD ("direct-again", test_direct_again);
  ADD ("issuer", test_issuer);
  ADD ("issuer-gone", test_issuer_gone);
  ADD ("drops-call", test_drops_call);
  ADD ("context", test_context);
  ADD ("queue", test_queue);
  ADD ("refused", test_refused);
  ADD ("complete-again", test_complete_again);
  ADD ("pending-is-no-end", test_pending_is_no_end);
  ADD ("insist", test_insist);
  ADD ("sent", test_sent);
  ADD ("not-sent", test_not_sent);
  ADD ("sent-then-cancelled", test_sent_then_cancelled);
  ADD ("sent-in-context", test_sent_in_context);

  return g_test_run ();
}
