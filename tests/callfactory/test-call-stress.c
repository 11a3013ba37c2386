/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Threads that begin, wait, cancel, let expire and drop calls on components of
 * every threading, in an order that a seed decides. Each completion is counted
 * by a sink: exactly one for every begin that succeeded (P-4).
 */

#include "test-feed.h"

#include <convoke-error.h>

#define LONG (60 * G_USEC_PER_SEC)
#define N_THREADS 4
#define N_ROUNDS 3000

#define TEST_TYPE_COUNTER (test_counter_get_type ())
G_DECLARE_FINAL_TYPE (TestCounter, test_counter, TEST, COUNTER, GObject)

struct _TestCounter
{
  GObject parent_instance;
  gint    n_signals;
};

static gboolean
test_counter_ok (ConvokeSynchronize  *synchronize,
                 GError             **error)
{
  return TRUE;
}

static gboolean
test_counter_signal (ConvokeSynchronize  *synchronize,
                     GError             **error)
{
  g_atomic_int_inc (&TEST_COUNTER (synchronize)->n_signals);
  return TRUE;
}

static void
test_counter_synchronize_init (ConvokeSynchronizeInterface *iface)
{
  iface->reset = test_counter_ok;
  iface->signal = test_counter_signal;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestCounter, test_counter, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE, test_counter_synchronize_init))

static void
test_counter_class_init (TestCounterClass *klass)
{
}

static void
test_counter_init (TestCounter *self)
{
}

/* Serves at once, defers and completes, defers and drops, or yields first. */
static double
serve_somehow (TestFeed    *feed,
               const char  *item,
               gpointer     data,
               GError     **error)
{
  g_autoptr (ConvokeServerCall) server_call = NULL;

  switch (item[0])
    {
    case 'y':
      g_thread_yield ();
      break;

    case 'c':
      server_call = convoke_server_call_defer (G_OBJECT (feed), NULL);
      convoke_server_call_complete (server_call, NULL, 1.0);
      break;

    case 'd':
      server_call = convoke_server_call_defer (G_OBJECT (feed), NULL);
      break;

    default:
      break;
    }

  return 1;
}

typedef struct
{
  TestFeed    *feeds[3];  /* (unowned) */
  TestCounter *counter;
  guint32      seed;
  guint        n_begun;
  guint        n_dropped;
} Stress;

static void
end_call (Stress      *stress,
          GRand       *random,
          ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;
  double price = 0;

  if (g_rand_int_range (random, 0, 4) == 0)
    convoke_call_cancel (call, g_rand_int_range (random, -1, 200), NULL);

  g_assert_true (convoke_call_wait (call, LONG, NULL));
  if (convoke_call_finish (call, "get_price", &error, &price))
    g_assert_cmpfloat (price, ==, 1);
  else
    g_assert_true (g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED) ||
                   g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT) ||
                   g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT));
}

static gpointer
stress_thread (gpointer data)
{
  static const char * const items[] = { "now", "yield", "complete", "drop" };
  Stress *stress = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (stress->seed);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (TestFeed) own = NULL;

  g_main_context_push_thread_default (context);
  own = test_feed_new (CONVOKE_THREADING_CONTEXT, serve_somehow, NULL);
  stress->feeds[2] = own;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      TestFeed *feed = stress->feeds[g_rand_int_range (random, 0, 3)];
      ConvokeCall *call = convoke_create_call_full (G_OBJECT (feed), CONVOKE_TEST_TYPE_PRICE_FEED, NULL,
                                                    CONVOKE_SYNCHRONIZE (stress->counter), NULL);

      if (g_rand_int_range (random, 0, 8) == 0)
        convoke_call_set_timeout (call, g_rand_int_range (random, 1, 300));

      g_assert_true (convoke_call_begin (call, "get_price", NULL, items[g_rand_int_range (random, 0, 4)]));
      stress->n_begun++;

      if (g_rand_int_range (random, 0, 8) != 0)
        end_call (stress, random, call);
      else
        stress->n_dropped++;
      g_object_unref (call);
    }

  /* What was dropped while it was queued here has still to run. */
  while (g_main_context_iteration (context, FALSE))
    ;
  g_clear_object (&own);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_stress (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (TestFeed) serial = test_feed_new (CONVOKE_THREADING_SERIAL, serve_somehow, NULL);
  g_autoptr (TestFeed) any = test_feed_new (CONVOKE_THREADING_ANY, serve_somehow, NULL);
  g_autoptr (ConvokeCall) unused = test_call_new (any);
  Stress stresses[N_THREADS];
  GThread *threads[N_THREADS];

  g_test_summary ("P-4: random begins, cancels, deadlines and drops: each call that is waited for completes exactly once");
  g_test_message ("seed %u", seed);

  for (guint i = 0; i < N_THREADS; i++)
    {
      stresses[i] = (Stress) { { serial, any, NULL }, g_object_new (TEST_TYPE_COUNTER, NULL), seed + i };
      threads[i] = g_thread_new ("stress", stress_thread, &stresses[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    {
      gint64 end = g_get_monotonic_time () + LONG;

      g_thread_join (threads[i]);

      /* A waiter can be back before the thread that woke it has told the sink. */
      while (g_atomic_int_get (&stresses[i].counter->n_signals) < (gint) (stresses[i].n_begun - stresses[i].n_dropped) &&
             g_get_monotonic_time () < end)
        g_thread_yield ();
      g_assert_cmpint (g_atomic_int_get (&stresses[i].counter->n_signals), >=, stresses[i].n_begun - stresses[i].n_dropped);
      g_assert_cmpint (g_atomic_int_get (&stresses[i].counter->n_signals), <=, stresses[i].n_begun);
      g_object_unref (stresses[i].counter);
    }
}

/* --- many threads, few call objects --- */

#define N_SHARED 3

typedef struct
{
  ConvokeCall *calls[N_SHARED]; /* (unowned) */
  guint32      seed;
  gint        *n_begun;         /* atomic */
} Shared;

static void
assert_one_of (const GError *error,
               int           first,
               int           second)
{
  g_assert_nonnull (error);
  g_assert_true (g_error_matches (error, CONVOKE_ERROR, first) || g_error_matches (error, CONVOKE_ERROR, second));
}

static void
finish_any (ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;
  double price = 0;

  if (convoke_call_finish (call, "get_price", &error, &price))
    g_assert_cmpfloat (price, ==, 1);
  else
    g_assert_true (error != NULL && error->domain == CONVOKE_ERROR);
}

static void
do_something (ConvokeCall *call,
              GRand       *random,
              gint        *n_begun)
{
  static const char * const items[] = { "now", "yield", "complete", "drop" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) details = NULL;
  GValue bad = G_VALUE_INIT;

  switch (g_rand_int_range (random, 0, 8))
    {
    case 0:
    case 1:
      if (convoke_call_begin (call, "get_price", &error, items[g_rand_int_range (random, 0, 4)]))
        g_atomic_int_inc (n_begun);
      else
        g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
      break;

    case 2:
      g_value_init (&bad, G_TYPE_OBJECT);
      g_assert_false (convoke_call_begin_values (call, "get_price", &bad, 1, &error));
      assert_one_of (error, CONVOKE_ERROR_CALL_PENDING, CONVOKE_ERROR_INVALID_ARGUMENT);
      g_value_unset (&bad);
      break;

    case 3:
      if (!convoke_call_wait (call, LONG, &error))
        g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_SYNC);
      finish_any (call);
      break;

    case 4:
      finish_any (call);
      break;

    case 5:
      if (!convoke_call_cancel (call, g_rand_int_range (random, -1, 100), &error))
        assert_one_of (error, CONVOKE_ERROR_CALL_COMPLETE, CONVOKE_ERROR_CANCELLED);
      break;

    case 6:
      convoke_call_set_timeout (call, g_rand_int_range (random, 0, 200));
      break;

    default:
      convoke_call_get_cancel_outcome (call);
      details = convoke_call_dup_details (call);
      convoke_cancel_method_calls_test_cancel (CONVOKE_CANCEL_METHOD_CALLS (call), &error);
      g_assert_nonnull (error);
    }
}

static gpointer
shared_thread (gpointer data)
{
  Shared *shared = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (shared->seed);

  for (guint i = 0; i < N_ROUNDS; i++)
    do_something (shared->calls[g_rand_int_range (random, 0, N_SHARED)], random, shared->n_begun);

  return NULL;
}

static void
test_shared (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (TestFeed) serial = test_feed_new (CONVOKE_THREADING_SERIAL, serve_somehow, NULL);
  g_autoptr (TestFeed) any = test_feed_new (CONVOKE_THREADING_ANY, serve_somehow, NULL);
  g_autoptr (ConvokeCall) unused = test_call_new (any);
  g_autoptr (TestCounter) counter = g_object_new (TEST_TYPE_COUNTER, NULL);
  gint64 end = g_get_monotonic_time () + LONG;
  gint n_begun = 0;
  Shared shared[N_THREADS];
  GThread *threads[N_THREADS];
  ConvokeCall *calls[N_SHARED];

  g_test_summary ("CF-16, CX-2, P-4: threads that begin, wait, finish and cancel on the same call objects: "
                  "each begin completes exactly once, and nobody waits for ever");
  g_test_message ("seed %u", seed);

  for (guint i = 0; i < N_SHARED; i++)
    calls[i] = convoke_create_call_full (G_OBJECT (i % 2 ? serial : any), CONVOKE_TEST_TYPE_PRICE_FEED, NULL,
                                         CONVOKE_SYNCHRONIZE (counter), NULL);
  for (guint i = 0; i < N_THREADS; i++)
    {
      shared[i].seed = seed + i;
      shared[i].n_begun = &n_begun;
      memcpy (shared[i].calls, calls, sizeof calls);
      threads[i] = g_thread_new ("shared", shared_thread, &shared[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  while (g_atomic_int_get (&counter->n_signals) < n_begun && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpint (g_atomic_int_get (&counter->n_signals), ==, n_begun);

  for (guint i = 0; i < N_SHARED; i++)
    {
      if (convoke_call_wait (calls[i], LONG, NULL))
        finish_any (calls[i]);
      g_assert_cmpint (convoke_call_get_state (calls[i]), ==, CONVOKE_CALL_STATE_IDLE);
      g_object_unref (calls[i]);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/callfactory/call-stress/random", test_stress);
  g_test_add_func ("/callfactory/call-stress/shared", test_shared);

  return g_test_run ();
}
