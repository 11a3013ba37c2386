/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Threads that begin methods with callbacks, and cancel, drop and let expire
 * what they began, in an order that a seed decides. Each begin that succeeds
 * invokes its callback once (MF-1, P-4), and nothing is left.
 */

#include "test-feed.h"

#include <convoke-call-begin.h>
#include <convoke-error.h>

#include "stress.h"

#define MOST_UNDER_WAY 256

static gint n_live_states; /* (atomic) */
static gint n_invoked;     /* (atomic) */
static gint n_begun;       /* (atomic) */
static gint n_under_way;   /* (atomic) */

/* The state of one begin; counts how often it came back. */
#define TEST_TYPE_STATE (test_state_get_type ())
G_DECLARE_FINAL_TYPE (TestState, test_state, TEST, STATE, GObject)

struct _TestState
{
  GObject parent_instance;

  gint    n_invoked; /* (atomic) */
};

G_DEFINE_FINAL_TYPE (TestState, test_state, G_TYPE_OBJECT)

static void
test_state_finalize (GObject *object)
{
  g_assert_cmpint (g_atomic_int_get (&TEST_STATE (object)->n_invoked), ==, 1);
  g_atomic_int_add (&n_live_states, -1);

  G_OBJECT_CLASS (test_state_parent_class)->finalize (object);
}

static void
test_state_class_init (TestStateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_state_finalize;
}

static void
test_state_init (TestState *self)
{
  g_atomic_int_inc (&n_live_states);
}

#define TEST_TYPE_ENDER (test_ender_get_type ())
G_DECLARE_FINAL_TYPE (TestEnder, test_ender, TEST, ENDER, GObject)

struct _TestEnder
{
  GObject           parent_instance;

  ConvokeWorkQueue *queue; /* (unowned) (nullable) */
};

static gboolean
is_expected (const GError *error)
{
  return g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED) ||
         g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT) ||
         g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT);
}

static void
test_ender_invoke (ConvokeAsyncCallback *callback,
                   ConvokeAsyncResult   *result)
{
  TestState *state = TEST_STATE (convoke_async_result_get_state (result));
  g_autoptr (GError) error = NULL;
  guint n_outs;
  GValue *outs = convoke_call_method_end (convoke_async_result_get_object (result), result, &n_outs, &error);

  if (outs == NULL)
    g_assert_true (is_expected (error));
  else
    g_assert_cmpfloat (g_value_get_double (outs), ==, 1);
  g_free (outs);

  g_assert_cmpint (g_atomic_int_add (&state->n_invoked, 1), ==, 0);
  g_atomic_int_add (&n_under_way, -1);
  g_atomic_int_inc (&n_invoked);
}

static gboolean
test_ender_get_parameters (ConvokeAsyncCallback       *callback,
                           ConvokeAsyncCallbackFlags  *flags,
                           ConvokeWorkQueue          **queue)
{
  TestEnder *self = TEST_ENDER (callback);

  *queue = self->queue != NULL ? g_object_ref (self->queue) : NULL;
  return TRUE;
}

static void
test_ender_callback_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = test_ender_invoke;
  iface->get_parameters = test_ender_get_parameters;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestEnder, test_ender, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, test_ender_callback_init))

static void
test_ender_class_init (TestEnderClass *klass)
{
}

static void
test_ender_init (TestEnder *self)
{
}

/* --- the component --- */

/* Serves at once, defers and completes, or defers and drops. */
static double
serve_somehow (TestFeed    *feed,
               const char  *item,
               gpointer     data,
               GError     **error)
{
  g_autoptr (ConvokeServerCall) server_call = NULL;

  if (item[0] != 'n')
    server_call = convoke_server_call_defer (G_OBJECT (feed), NULL);
  if (item[0] == 'c')
    convoke_server_call_complete (server_call, NULL, 1.0);

  return 1;
}

typedef struct
{
  TestFeed         *feeds[2];     /* (unowned) */
  TestEnder        *callbacks[3]; /* (unowned) */
} Stress;

static void
begin_one (Stress *stress,
           GRand  *random)
{
  static const char * const items[] = { "now", "complete", "drop" };
  g_autoptr (TestState) state = g_object_new (TEST_TYPE_STATE, NULL);
  g_autoptr (ConvokeAsyncResult) result = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, items[g_rand_int_range (random, 0, 3)]);
  g_atomic_int_inc (&n_under_way);
  result = convoke_call_method_begin (G_OBJECT (stress->feeds[g_rand_int_range (random, 0, 2)]), CONVOKE_TEST_TYPE_PRICE_FEED,
                                      "get_price", &value, 1, g_rand_int_range (random, 0, 8) == 0 ? 1 + g_rand_int_range (random, 0, 200) : 0,
                                      CONVOKE_ASYNC_CALLBACK (stress->callbacks[g_rand_int_range (random, 0, 3)]),
                                      G_OBJECT (state), NULL);
  g_assert_nonnull (result);
  g_atomic_int_inc (&n_begun);

  if (g_rand_int_range (random, 0, 4) != 0)
    return;

  call = convoke_call_method_dup_call (result);
  convoke_call_cancel (call, g_rand_int_range (random, -1, 200), NULL);
}

static void
stress_thread (StressThread *thread)
{
  for (guint i = 0; i < thread->n_rounds; i++)
    {
      while (g_atomic_int_get (&n_under_way) > MOST_UNDER_WAY)
        g_thread_yield ();
      begin_one (thread->data, thread->random);
    }
}

static void
test_stress (void)
{
  g_autoptr (TestFeed) serial = test_feed_new (CONVOKE_THREADING_SERIAL, serve_somehow, NULL);
  g_autoptr (TestFeed) any = test_feed_new (CONVOKE_THREADING_ANY, serve_somehow, NULL);
  g_autoptr (ConvokeCall) unused = test_call_new (any);
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeWorkQueue) many = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  Stress stress = { { serial, any }, };
  ConvokeWorkQueue *queues[] = { NULL, queue, many };

  g_test_summary ("MF-1, P-4: random begins, cancels, deadlines and drops: each callback is invoked once, and nothing is left");

  for (guint i = 0; i < 3; i++)
    {
      stress.callbacks[i] = g_object_new (TEST_TYPE_ENDER, NULL);
      stress.callbacks[i]->queue = queues[i];
    }

  stress_run (stress_thread, &stress, STRESS_CALLS);
  g_assert_true (stress_wait (&n_invoked, g_atomic_int_get (&n_begun)));
  g_assert_true (stress_wait (&n_live_states, 0));
  g_assert_cmpint (n_invoked, ==, n_begun);
  for (guint i = 0; i < 3; i++)
    g_object_unref (stress.callbacks[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/call-begin-stress/all", test_stress);

  return g_test_run ();
}
