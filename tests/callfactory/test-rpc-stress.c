/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * RPC's view under load: callers that ask politely and abortively, let expire
 * and drop; servers that complete, abort, drop, obey and are told, in an order
 * that a seed decides. Each begin is told of once (RA-12, P-4), that it was sent
 * at most once and before its end (RA-5), and nothing is left.
 */

#include "test-feed.h"

#include <convoke-error.h>

#include "stress.h"

#define LONG (60 * G_USEC_PER_SEC)

/* --- the server's side --- */

static GAsyncQueue *later;      /* of ConvokeServerCall: who else ends them */
static ConvokeWorkQueue *queue; /* where servers are told */
static gint n_subscribed;       /* (atomic) */
static gint n_freed;            /* (atomic) */

static void
subscription_free (gpointer data)
{
  g_atomic_int_inc (&n_freed);
}

static void
obey_cb (ConvokeServerCall       *server_call,
         ConvokeServerCallEvents  event,
         gpointer                 data)
{
  g_autoptr (GError) reason = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");

  g_assert_cmpuint (event, ==, CONVOKE_SERVER_CALL_EVENTS_CANCEL);
  g_assert_cmpuint (convoke_server_call_get_cancel_status (server_call), ==, 0);
  convoke_server_call_abort (server_call, reason, NULL);
}

static void
obey (ConvokeServerCall *server_call)
{
  g_atomic_int_inc (&n_subscribed);
  convoke_server_call_subscribe_in_queue (server_call, CONVOKE_SERVER_CALL_EVENTS_CANCEL, queue, obey_cb, NULL,
                                          subscription_free, NULL);
}

static double
serve (TestFeed    *feed,
       const char  *item,
       gpointer     data,
       GError     **error)
{
  g_autoptr (ConvokeServerCall) server_call = NULL;
  g_autoptr (GError) reason = NULL;

  if (item[0] == 'n')
    return 1;

  server_call = convoke_server_call_defer (G_OBJECT (feed), NULL);
  switch (item[0])
    {
    case 'c':
      convoke_server_call_complete (server_call, NULL, 1.0);
      break;

    case 'a':
      reason = g_error_new_literal (CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "aborted");
      convoke_server_call_abort (server_call, reason, NULL);
      break;

    case 'l':
      g_async_queue_push (later, g_steal_pointer (&server_call));
      break;

    case 'o':
      obey (server_call);
      g_async_queue_push (later, g_steal_pointer (&server_call));
      break;

    default:
      break;
    }

  return 99;
}

/* Ends what the methods left, in one way or the other; until it finds itself. */
static gpointer
end_main (gpointer data)
{
  gpointer server_call;
  guint n = 0;

  while ((server_call = g_async_queue_pop (later)) != later)
    {
      g_autoptr (GError) reason = g_error_new_literal (CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "aborted");

      if (++n % 3 == 0)
        convoke_server_call_complete (server_call, NULL, 1.0);
      else if (n % 3 == 1)
        convoke_server_call_abort (server_call, reason, NULL);
      g_object_unref (server_call);
    }

  return NULL;
}

/* --- the caller's side --- */

static gint n_live;  /* (atomic) */

/* What is told of one call. */
typedef struct
{
  gint n_sent;       /* (atomic) */
  gint n_completed;  /* (atomic) */
} Told;

static void
told_cb (ConvokeCall       *call,
         ConvokeCallNotice  notice,
         gpointer           data)
{
  Told *told = data;

  if (notice == CONVOKE_CALL_NOTICE_SENT)
    {
      g_assert_cmpint (g_atomic_int_get (&told->n_completed), ==, 0);
      g_assert_cmpint (g_atomic_int_add (&told->n_sent, 1), ==, 0);
    }
  else if (notice == CONVOKE_CALL_NOTICE_COMPLETED)
    g_assert_cmpint (g_atomic_int_add (&told->n_completed, 1), ==, 0);
}

static void
told_free (gpointer data)
{
  Told *told = data;

  g_assert_cmpint (told->n_sent, <=, 1);
  g_assert_cmpint (told->n_completed, <=, 1);
  g_free (told);
  g_atomic_int_add (&n_live, -1);
}

static void
cancel_somehow (ConvokeCall *call,
                GRand       *random)
{
  switch (g_rand_int_range (random, 0, 6))
    {
    case 0:
      convoke_call_cancel (call, CONVOKE_CANCEL_POLITE, NULL);
      break;

    case 1:
      convoke_call_cancel (call, CONVOKE_CANCEL_ABORTIVE, NULL);
      break;

    case 2:
      convoke_call_cancel (call, CONVOKE_CANCEL_POLITE, NULL);
      convoke_call_cancel (call, CONVOKE_CANCEL_ABORTIVE, NULL);
      break;

    default:
      break;
    }
}

static void
finish (ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;
  double price = 0;

  g_assert_true (convoke_call_wait (call, LONG, NULL));
  if (convoke_call_finish (call, "get_price", &error, &price))
    g_assert_cmpfloat (price, ==, 1);
  else
    g_assert_true (g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED) ||
                   g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT) ||
                   g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT) ||
                   g_error_matches (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD) ||
                   g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_assert_false (convoke_call_finish (call, "get_price", &again, NULL));
  g_assert_cmpuint (convoke_error_to_status (again, CONVOKE_ERROR_FAMILY_RPC), ==, 1914);
}

static void
call_once (TestFeed *feed,
           GRand    *random)
{
  static const char * const items[] = { "now", "complete", "abort", "later", "obey", "drop" };
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  Told *told = g_new0 (Told, 1);

  g_atomic_int_inc (&n_live);
  convoke_call_add_direct_callback (call, told_cb, told, told_free);
  convoke_call_set_notify_sent (call, g_rand_boolean (random));
  convoke_call_set_ordered (call, g_rand_int_range (random, 0, 4) != 0);
  if (g_rand_int_range (random, 0, 8) == 0)
    convoke_call_set_timeout (call, g_rand_int_range (random, 1, 300));

  g_assert_true (convoke_call_begin (call, "get_price", NULL, items[g_rand_int_range (random, 0, G_N_ELEMENTS (items))]));
  cancel_somehow (call, random);
  if (g_rand_int_range (random, 0, 8) == 0)
    return;

  finish (call);
  g_assert_true (stress_wait (&told->n_completed, 1));
}

static void
stress_cb (StressThread *thread)
{
  TestFeed **feeds = thread->data;

  for (guint i = 0; i < thread->n_rounds; i++)
    call_once (feeds[g_rand_int_range (thread->random, 0, 2)], thread->random);
}

static void
test_stress (void)
{
  TestFeed *feeds[] = {
    test_feed_new (CONVOKE_THREADING_SERIAL, serve, NULL),
    test_feed_new (CONVOKE_THREADING_ANY, serve, NULL),
  };
  GThread *thread;

  g_test_summary ("RA-5, RA-12, RA-14, RA-21, RA-26, P-4: random calls, cancels, aborts, drops and deadlines; each is told of once, and nothing is left");

  /* What keeps the quark is not atomic, so it is there before the threads are. */
  g_assert_cmpuint (CONVOKE_TEST_ERROR, !=, 0);
  later = g_async_queue_new ();
  queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  thread = g_thread_new ("ender", end_main, NULL);

  stress_run (stress_cb, feeds, STRESS_CALLS);

  /* What was dropped has still to run; it keeps its object. */
  g_object_unref (feeds[0]);
  g_object_unref (feeds[1]);
  while (g_atomic_int_get (&n_live) > 0 || test_feed_count_live () > 0)
    g_thread_yield ();
  g_async_queue_push (later, later);
  g_thread_join (thread);
  g_assert_true (stress_wait (&n_freed, g_atomic_int_get (&n_subscribed)));
  g_object_unref (queue);
  g_async_queue_unref (later);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/callfactory/rpc-stress/random", test_stress);

  return g_test_run ();
}
