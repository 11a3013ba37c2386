/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <convoke.h>

#include "convoke-item-table-private.h"

#include "test-listener.h"

/* Longer than any test runs. */
#define LONG (600 * G_USEC_PER_SEC)

static GObject *
make_object (void)
{
  return g_object_new (G_TYPE_OBJECT, NULL);
}

static guint64
schedule (gint64        delay,
          TestListener *listener,
          GObject      *state)
{
  g_autoptr (GError) error = NULL;
  guint64 key = convoke_work_item_schedule (delay, CONVOKE_ASYNC_CALLBACK (listener), state, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (key, !=, 0);

  return key;
}

static guint64
schedule_result (gint64              delay,
                 ConvokeAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  guint64 key = convoke_work_item_schedule_result (delay, result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (key, !=, 0);

  return key;
}

static guint64
schedule_function (gint64               delay,
                   ConvokeWorkQueueFunc func,
                   gpointer             data)
{
  g_autoptr (GError) error = NULL;
  guint64 key = convoke_work_item_schedule_function (delay, func, data, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (key, !=, 0);

  return key;
}

static void
cancel (guint64 key)
{
  g_autoptr (GError) error = NULL;
  gboolean done = convoke_work_item_cancel (key, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
assert_not_found (guint64 key)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_work_item_cancel (key, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
}

static void
count_cb (gpointer data)
{
  count_add (data);
}

/* Returns once what was on the timer queue before has been let go of. */
static void
pass_fence (void)
{
  Count passed = { 0, };

  schedule_function (0, count_cb, &passed);
  g_assert_true (count_wait (&passed, 1));
}

/* Holds the timer queue up, until it is opened. */
typedef struct
{
  Count entered;
  Count open;
} Gate;

static void
gate_cb (gpointer data)
{
  Gate *gate = data;

  count_add (&gate->entered);
  g_assert_true (count_wait (&gate->open, 1));
}

static void
close_gate (Gate *gate)
{
  schedule_function (0, gate_cb, gate);
  g_assert_true (count_wait (&gate->entered, 1));
}

static void
open_gate (Gate *gate)
{
  count_add (&gate->open);
  pass_fence ();
}

/* --- scheduled --- */

static void
test_schedule (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (GObject) state = make_object ();
  gint64 start = g_get_monotonic_time ();

  g_test_summary ("A scheduled callback is invoked once, not before its time, on another thread (MF-44)");

  schedule (3000, listener, state);
  assert_invoked (listener, 1);
  g_assert_cmpint (g_get_monotonic_time (), >=, start + 3000);
  g_assert_true (listener->state == state);
  g_assert_true (listener->thread != g_thread_self ());
  pass_fence ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 1);
}

static void
test_schedule_result (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);

  g_test_summary ("The same result can be scheduled several times, and exactly it comes each time (MF-43)");

  for (guint i = 0; i < 5; i++)
    schedule_result (i * 100, result);
  assert_invoked (listener, 5);
  g_assert_true (listener->result == result);
  pass_fence ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 5);
  g_assert_cmpuint (G_OBJECT (result)->ref_count, ==, 1);
}

static void
test_zero (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();

  g_test_summary ("A delay of 0 is as soon as possible (MF-44)");

  schedule (0, listener, NULL);
  assert_invoked (listener, 1);
}

static void
test_never (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  const gint64 delays[] = { G_MAXINT64, G_MAXINT64 - 1, G_MAXINT64 - g_get_monotonic_time () };

  g_test_summary ("A delay beyond the end of the clock is never: only a cancel ends the item");

  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    {
      guint64 key = schedule (delays[i], listener, NULL);

      pass_fence ();
      g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
      cancel (key);
    }
}

static void
test_negative (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  const gint64 times[] = { -1, -5000, G_MININT64 };
  Count destroyed = { 0, };

  g_test_summary ("A negative time is refused, and nothing is invoked (MF-44)");

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      GError *errors[4] = { NULL, };

      g_assert_cmpuint (convoke_work_item_schedule (times[i], CONVOKE_ASYNC_CALLBACK (listener), NULL, &errors[0]), ==, 0);
      g_assert_cmpuint (convoke_work_item_schedule_result (times[i], result, &errors[1]), ==, 0);
      g_assert_cmpuint (convoke_work_item_schedule_function (times[i], count_cb, &destroyed, count_cb, &errors[2]), ==, 0);
      g_assert_cmpuint (convoke_work_item_add_periodic (times[i], count_cb, &destroyed, count_cb, &errors[3]), ==, 0);
      for (guint j = 0; j < G_N_ELEMENTS (errors); j++)
        {
          g_assert_error (errors[j], CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
          g_clear_error (&errors[j]);
        }
    }
  pass_fence ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
  /* The data was freed, and nothing ran. */
  g_assert_cmpuint (count_get (&destroyed), ==, 6);
}

static void
test_without_callback (void)
{
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A result without a callback is refused");

  g_assert_cmpuint (convoke_work_item_schedule_result (0, result, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

/* Says that it is a callback, and implements nothing of it. */
#define TEST_TYPE_MUTE (test_mute_get_type ())
G_DECLARE_FINAL_TYPE (TestMute, test_mute, TEST, MUTE, GObject)

struct _TestMute
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (TestMute, test_mute, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, NULL))

static void
test_mute_class_init (TestMuteClass *klass)
{
}

static void
test_mute_init (TestMute *self)
{
}

static void
test_without_invoke (void)
{
  g_autoptr (TestMute) mute = g_object_new (TEST_TYPE_MUTE, NULL);
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (mute), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A callback that does not implement invoke is refused when it is scheduled, and let go of");

  g_assert_cmpuint (convoke_work_item_schedule (0, CONVOKE_ASYNC_CALLBACK (mute), NULL, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_cmpuint (convoke_work_item_schedule_result (0, result, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);

  g_clear_object (&result);
  g_assert_finalize_object (g_steal_pointer (&mute));
}

static void
test_flags (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("MF-12: flags that no queue knows are refused when an item is scheduled; those for input and output are the timer queue's");

  listener->says = TRUE;
  listener->flags = 1 << 12;
  g_assert_cmpuint (convoke_work_item_schedule (0, CONVOKE_ASYNC_CALLBACK (listener), NULL, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_QUEUE);

  listener->flags = CONVOKE_ASYNC_CALLBACK_FAST_IO;
  schedule (0, listener, NULL);
  assert_invoked (listener, 1);
}

typedef struct
{
  guint   number;
  GArray *order;  /* the timer queue's: it is serial */
} Step;

static void
step_cb (gpointer data)
{
  Step *step = data;

  g_array_append_val (step->order, step->number);
}

static void
test_order (void)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  Step steps[300];
  Gate gate = { 0, };

  g_test_summary ("Items run by due time, one at a time (MF-55, MF-36)");

  close_gate (&gate);
  /* Far enough apart for a slow machine not to turn them round. */
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      guint place = i * 77 % G_N_ELEMENTS (steps);

      steps[i] = (Step) { place, order };
      schedule_function (20000 + place * 1000, step_cb, &steps[i]);
    }
  open_gate (&gate);

  while (convoke_item_table_get_n_items () > 0)
    g_usleep (1000);
  pass_fence ();
  g_assert_cmpuint (order->len, ==, G_N_ELEMENTS (steps));
  for (guint i = 0; i < order->len; i++)
    g_assert_cmpuint (g_array_index (order, guint, i), ==, i);
}

static void
test_order_of_equals (void)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  Step steps[1000];

  g_test_summary ("Items that are due at once run in the order in which they were scheduled (MF-55)");

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      steps[i] = (Step) { i, order };
      schedule_function (0, step_cb, &steps[i]);
    }
  pass_fence ();
  g_assert_cmpuint (order->len, ==, G_N_ELEMENTS (steps));
  for (guint i = 0; i < order->len; i++)
    g_assert_cmpuint (g_array_index (order, guint, i), ==, i);
}

/* --- cancelled --- */

static void
test_cancel (void)
{
  TestListener *listener = test_listener_new ();
  GObject *state = make_object ();
  gpointer weak_listener = listener, weak_state = state;
  guint64 key = schedule (LONG, listener, state);

  g_test_summary ("A cancelled item lets go of callback and state at once; a second cancel finds nothing (MF-46)");

  g_object_add_weak_pointer (G_OBJECT (listener), &weak_listener);
  g_object_add_weak_pointer (state, &weak_state);
  g_object_unref (listener);
  g_object_unref (state);
  g_assert_nonnull (weak_listener);
  g_assert_nonnull (weak_state);
  cancel (key);
  g_assert_null (weak_listener);
  g_assert_null (weak_state);
  assert_not_found (key);
}

static void
test_cancel_result (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  ConvokeAsyncResult *result = test_listener_new_result (listener);
  guint64 keys[] = { schedule_result (LONG, result), schedule_result (LONG, result) };
  gpointer weak = result;

  g_test_summary ("A result that is scheduled twice lives until the second cancel (MF-43, MF-46)");

  g_object_add_weak_pointer (G_OBJECT (result), &weak);
  g_object_unref (result);
  cancel (keys[0]);
  g_assert_nonnull (weak);
  cancel (keys[1]);
  g_assert_null (weak);
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
}

static void
test_cancel_due (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  Gate gate = { 0, };
  guint64 key, behind;
  Count later = { 0, };

  g_test_summary ("An item that is due but did not begin can be cancelled, and is then never invoked (MF-47, X-33)");

  close_gate (&gate);
  key = schedule (0, listener, NULL);
  /* Once this one is due too, the first stands in the queue behind the gate. */
  behind = schedule_function (0, count_cb, &later);
  g_usleep (2000);
  cancel (key);
  assert_not_found (key);
  open_gate (&gate);
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
  g_assert_cmpuint (count_get (&later), ==, 1);
  assert_not_found (behind);
}

static void
test_cancel_unknown (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  guint64 key = schedule (0, listener, NULL);
  const guint64 keys[] = { 0, 1, 4711, G_MAXUINT32, G_MAXUINT64, key + 1, key + (1 << 24), key - 1 };

  g_test_summary ("Keys of no item, 0 among them, are not found, nor is one that was invoked (MF-46, MF-48)");

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    assert_not_found (keys[i]);
  assert_invoked (listener, 1);
  pass_fence ();
  assert_not_found (key);
}

static guint64 key_of_itself;

static void
cancel_itself_hook (TestListener       *listener,
                    ConvokeAsyncResult *result,
                    gpointer            data)
{
  g_assert_true (count_wait (data, 1));
  assert_not_found (key_of_itself);
}

static void
test_cancel_inside (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  Count known = { 0, };

  g_test_summary ("Inside its own callback an item has begun, and is not found (MF-47)");

  listener->hook = cancel_itself_hook;
  listener->hook_data = &known;
  key_of_itself = schedule (0, listener, NULL);
  count_add (&known);
  assert_invoked (listener, 1);
}

static void
cancel_other_cb (gpointer data)
{
  cancel (*(guint64 *) data);
}

static void
test_cancel_from_callback (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  guint64 key = schedule (LONG, listener, NULL);

  g_test_summary ("A callback cancels other items");

  schedule_function (0, cancel_other_cb, &key);
  pass_fence ();
  assert_not_found (key);
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
}

static void
schedule_again_hook (TestListener       *listener,
                     ConvokeAsyncResult *result,
                     gpointer            data)
{
  if (count_get (&listener->invoked) < 10)
    schedule_result (0, result);
}

static void
test_schedule_inside (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);

  g_test_summary ("A callback schedules its own result again");

  listener->hook = schedule_again_hook;
  schedule_result (0, result);
  assert_invoked (listener, 11);
  pass_fence ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 11);
}

static void
test_destroy (void)
{
  Count counts[2] = { 0, };
  guint64 key = convoke_work_item_schedule_function (LONG, count_cb, &counts[0], count_cb, NULL);

  g_test_summary ("A function's data is freed once: after it has run, or when it is cancelled");

  cancel (key);
  g_assert_cmpuint (count_get (&counts[0]), ==, 1);
  convoke_work_item_schedule_function (0, count_cb, &counts[1], count_cb, NULL);
  g_assert_true (count_wait (&counts[1], 2));
}

/* Its dispose cancels another item. */
#define TEST_TYPE_CHAIN (test_chain_get_type ())
G_DECLARE_FINAL_TYPE (TestChain, test_chain, TEST, CHAIN, GObject)

struct _TestChain
{
  GObject parent_instance;
  guint64 next;
};

G_DEFINE_FINAL_TYPE (TestChain, test_chain, G_TYPE_OBJECT)

static void
test_chain_dispose (GObject *object)
{
  TestChain *self = TEST_CHAIN (object);

  if (self->next != 0)
    cancel (self->next);
  self->next = 0;

  G_OBJECT_CLASS (test_chain_parent_class)->dispose (object);
}

static void
test_chain_class_init (TestChainClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = test_chain_dispose;
}

static void
test_chain_init (TestChain *self)
{
}

static void
test_cancel_drops_without_lock (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  guint64 key = 0;

  g_test_summary ("What a cancel lets go of may cancel in its turn: no lock is held");

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (TestChain) chain = g_object_new (TEST_TYPE_CHAIN, NULL);

      chain->next = key;
      key = schedule (LONG, listener, G_OBJECT (chain));
    }
  cancel (key);
  g_assert_cmpuint (convoke_item_table_get_n_items (), ==, 0);
}

/* --- keys and memory --- */

#define N_KEYS 5000

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  guint64 one = *(const guint64 *) a, other = *(const guint64 *) b;

  return (one > other) - (one < other);
}

static void
test_keys (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  g_autofree guint64 *keys = g_new (guint64, N_KEYS);
  g_autofree guint64 *sorted = NULL;

  g_test_summary ("No key is 0, two items never have one key, and what was cancelled does not come back (MF-48)");

  for (guint round = 0; round < 3; round++)
    for (guint i = round == 0 ? 0 : round; i < N_KEYS; i += round == 0 ? 1 : 3)
      {
        if (round > 0)
          {
            guint64 old = keys[i];

            cancel (old);
            keys[i] = schedule_result (LONG, result);
            g_assert_cmpuint (keys[i], !=, old);
            assert_not_found (old);
          }
        else
          keys[i] = schedule_result (LONG, result);
        g_assert_cmpuint (keys[i], <, G_GUINT64_CONSTANT (1) << 53);
      }

  sorted = g_memdup2 (keys, N_KEYS * sizeof (guint64));
  qsort (sorted, N_KEYS, sizeof (guint64), compare_keys);
  for (guint i = 1; i < N_KEYS; i++)
    g_assert_cmpuint (sorted[i - 1], <, sorted[i]);
  for (guint i = 0; i < N_KEYS; i++)
    cancel (keys[i]);
  g_assert_cmpuint (convoke_item_table_get_n_items (), ==, 0);
}

static void
test_memory (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  g_autofree guint64 *keys = g_new (guint64, 10 * N_KEYS);
  guint most;

  g_test_summary ("Memory that many items needed once goes back when few are scheduled again");

  for (guint i = 0; i < 10 * N_KEYS; i++)
    keys[i] = schedule_result (LONG, result);
  for (guint i = 0; i < 10 * N_KEYS; i++)
    cancel (keys[i]);
  most = convoke_item_table_get_capacity ();
  g_assert_cmpuint (most, >=, 10 * N_KEYS);
  pass_fence ();
  while (convoke_item_table_get_n_items () > 0)
    g_usleep (100);
  g_assert_cmpuint (convoke_item_table_get_capacity (), <, most / 4);
}

/* --- periodic --- */

static void
test_periodic (void)
{
  Count ticks = { 0, };
  g_autoptr (GError) error = NULL;
  guint64 key;

  g_test_summary ("A periodic item runs until it is cancelled; the default is ten milliseconds (T-MF-13, MF-49)");

  g_assert_cmpint (convoke_work_item_get_periodicity (), ==, 10000);
  key = convoke_work_item_add_periodic (0, count_cb, &ticks, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (key, !=, 0);
  g_assert_true (count_wait (&ticks, 3));
  cancel (key);
  assert_not_found (key);
  pass_fence ();
  {
    guint n = count_get (&ticks);

    g_usleep (25000);
    g_assert_cmpuint (count_get (&ticks), ==, n);
  }
}

static void
ignore_cb (gpointer data)
{
}

static void
test_periodic_context (void)
{
  g_autoptr (GObject) context = make_object ();
  guint64 key = convoke_work_item_add_periodic (1000, ignore_cb, g_object_ref (context), g_object_unref, NULL);

  g_test_summary ("The context of a periodic item is referenced while it is registered (T-MF-13, MF-49)");

  pass_fence ();
  g_assert_cmpuint (context->ref_count, ==, 2);
  cancel (key);
  pass_fence ();
  g_assert_cmpuint (context->ref_count, ==, 1);
}

typedef struct
{
  guint64 key;
  Count   ready;
  Count   runs;
  Count   destroyed;
} Ticker;

static void
cancel_own_tick_cb (gpointer data)
{
  Ticker *ticker = data;

  g_assert_true (count_wait (&ticker->ready, 1));
  count_add (&ticker->runs);
  cancel (ticker->key);
  /* It is still running, so its data is still there. */
  g_assert_cmpuint (count_get (&ticker->destroyed), ==, 0);
  assert_not_found (ticker->key);
}

static void
ticker_destroyed_cb (gpointer data)
{
  count_add (&((Ticker *) data)->destroyed);
}

static void
test_periodic_cancel_inside (void)
{
  Ticker ticker = { 0, };

  g_test_summary ("A periodic item may cancel itself: it ends its run, and is let go of after that (MF-49)");

  ticker.key = convoke_work_item_add_periodic (100, cancel_own_tick_cb, &ticker, ticker_destroyed_cb, NULL);
  count_add (&ticker.ready);
  g_assert_true (count_wait (&ticker.destroyed, 1));
  pass_fence ();
  g_assert_cmpuint (count_get (&ticker.runs), ==, 1);
  g_assert_cmpuint (count_get (&ticker.destroyed), ==, 1);
}

static void
slow_tick_cb (gpointer data)
{
  g_usleep (5000);
  count_add (data);
}

static void
test_periodic_slow (void)
{
  Count ticks = { 0, };
  Count others = { 0, };
  guint64 key = convoke_work_item_add_periodic (10, slow_tick_cb, &ticks, NULL, NULL);
  guint n;

  g_test_summary ("A slow tick makes no others pile up: other items of the queue come between (MF-49)");

  g_assert_true (count_wait (&ticks, 2));
  n = count_get (&ticks);
  schedule_function (0, count_cb, &others);
  g_assert_true (count_wait (&others, 1));
  /* Those that a period of 10 microseconds would have queued meanwhile are hundreds. */
  g_assert_cmpuint (count_get (&ticks), <=, n + 3);
  cancel (key);
  pass_fence ();
}

static void
test_periodic_never (void)
{
  Count ticks = { 0, };
  guint64 key = convoke_work_item_add_periodic (G_MAXINT64, count_cb, &ticks, count_cb, NULL);

  g_test_summary ("A period beyond the end of the clock never comes");

  pass_fence ();
  cancel (key);
  g_assert_cmpuint (count_get (&ticks), ==, 1);
}

/* --- racing --- */

typedef struct
{
  ConvokeAsyncResult *result;
  guint               n_cancelled;
  guint32             seed;
} Racer;

static gpointer
race_cb (gpointer data)
{
  Racer *racer = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (racer->seed);

  for (guint i = 0; i < 4000; i++)
    {
      guint64 key = schedule_result (g_rand_int_range (rand, 0, 30), racer->result);

      if (g_rand_int_range (rand, 0, 4) == 0)
        g_thread_yield ();
      racer->n_cancelled += convoke_work_item_cancel (key, NULL);
    }

  return NULL;
}

static void
test_race (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  GThread *threads[4];
  Racer racers[4];
  guint n_cancelled = 0;

  g_test_summary ("Cancelled items are never invoked, all others exactly once, also when both race (MF-47, P-8)");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      racers[i] = (Racer) { result, 0, 1000 + i };
      threads[i] = g_thread_new ("race", race_cb, &racers[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_thread_join (threads[i]);
      n_cancelled += racers[i].n_cancelled;
    }

  assert_invoked (listener, 16000 - n_cancelled);
  while (convoke_item_table_get_n_items () > 0)
    g_usleep (100);
  pass_fence ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 16000 - n_cancelled);
  g_assert_cmpuint (G_OBJECT (result)->ref_count, ==, 1);
  g_test_message ("%u of 16000 were cancelled", n_cancelled);
}

static void
test_platform_stop (void)
{
  TestListener *listener = test_listener_new ();
  gpointer weak = listener;
  Count destroyed = { 0, };
  g_autoptr (GError) error = NULL;
  guint64 keys[4];

  g_test_summary ("A stop of the platform cancels all items, and none is taken until it is started again (MF-26)");

  g_object_add_weak_pointer (G_OBJECT (listener), &weak);
  g_assert_true (convoke_platform_start (CONVOKE_PLATFORM_VERSION, NULL));
  keys[0] = schedule (LONG, listener, NULL);
  keys[1] = schedule (G_MAXINT64, listener, NULL);
  keys[2] = convoke_work_item_schedule_function (LONG, count_cb, &destroyed, count_cb, NULL);
  keys[3] = convoke_work_item_add_periodic (LONG, count_cb, &destroyed, count_cb, NULL);
  g_object_unref (listener);
  g_assert_true (convoke_platform_stop (NULL));

  g_assert_null (weak);
  g_assert_cmpuint (count_get (&destroyed), ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    assert_not_found (keys[i]);
  g_assert_cmpuint (convoke_work_item_schedule_function (0, count_cb, &destroyed, count_cb, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  g_assert_cmpuint (count_get (&destroyed), ==, 3);

  g_assert_true (convoke_platform_start (CONVOKE_PLATFORM_VERSION, NULL));
  test_schedule ();
  g_assert_true (convoke_platform_stop (NULL));
  g_assert_true (convoke_platform_start (CONVOKE_PLATFORM_VERSION, NULL));
}

static void
reply_hook (TestListener       *listener,
            ConvokeAsyncResult *result,
            gpointer            data)
{
  g_assert_true (convoke_async_result_invoke_callback (result, NULL));
}

static void
test_reply (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);

  g_test_summary ("A scheduled reply callback replies: it is not invoked again for that (MF-14)");

  listener->says = TRUE;
  listener->flags = CONVOKE_ASYNC_CALLBACK_REPLY;
  listener->hook = reply_hook;
  schedule_result (0, result);
  schedule (0, listener, NULL);
  assert_invoked (listener, 2);
  pass_fence ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/work-item/schedule", test_schedule);
  g_test_add_func ("/callfactory/work-item/schedule-result", test_schedule_result);
  g_test_add_func ("/callfactory/work-item/zero", test_zero);
  g_test_add_func ("/callfactory/work-item/never", test_never);
  g_test_add_func ("/callfactory/work-item/negative", test_negative);
  g_test_add_func ("/callfactory/work-item/without-callback", test_without_callback);
  g_test_add_func ("/callfactory/work-item/without-invoke", test_without_invoke);
  g_test_add_func ("/callfactory/work-item/flags", test_flags);
  g_test_add_func ("/callfactory/work-item/order", test_order);
  g_test_add_func ("/callfactory/work-item/order-of-equals", test_order_of_equals);
  g_test_add_func ("/callfactory/work-item/cancel", test_cancel);
  g_test_add_func ("/callfactory/work-item/cancel-result", test_cancel_result);
  g_test_add_func ("/callfactory/work-item/cancel-due", test_cancel_due);
  g_test_add_func ("/callfactory/work-item/cancel-unknown", test_cancel_unknown);
  g_test_add_func ("/callfactory/work-item/cancel-inside", test_cancel_inside);
  g_test_add_func ("/callfactory/work-item/cancel-from-callback", test_cancel_from_callback);
  g_test_add_func ("/callfactory/work-item/cancel-drops-without-lock", test_cancel_drops_without_lock);
  g_test_add_func ("/callfactory/work-item/schedule-inside", test_schedule_inside);
  g_test_add_func ("/callfactory/work-item/destroy", test_destroy);
  g_test_add_func ("/callfactory/work-item/keys", test_keys);
  g_test_add_func ("/callfactory/work-item/memory", test_memory);
  g_test_add_func ("/callfactory/work-item/periodic", test_periodic);
  g_test_add_func ("/callfactory/work-item/periodic-context", test_periodic_context);
  g_test_add_func ("/callfactory/work-item/periodic-cancel-inside", test_periodic_cancel_inside);
  g_test_add_func ("/callfactory/work-item/periodic-slow", test_periodic_slow);
  g_test_add_func ("/callfactory/work-item/periodic-never", test_periodic_never);
  g_test_add_func ("/callfactory/work-item/reply", test_reply);
  g_test_add_func ("/callfactory/work-item/race", test_race);
  g_test_add_func ("/callfactory/work-item/platform-stop", test_platform_stop);

  return g_test_run ();
}
