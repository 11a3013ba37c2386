/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-timer-private.h"

#include "test-util.h"

#define N_TIMERS 200

typedef struct
{
  ConvokeTimer timer;
  guint        id;
} TestTimer;

static Count fired;
static guint fired_ids[N_TIMERS]; /* written by the timer's thread before fired is counted up */

static void
record_cb (ConvokeTimer *timer)
{
  fired_ids[count_get (&fired)] = ((TestTimer *) timer)->id;
  count_add (&fired);
}

static void
clear_fired (void)
{
  g_mutex_lock (&fired.lock);
  fired.n = 0;
  g_mutex_unlock (&fired.lock);
}

static void
test_fires_once (void)
{
  TestTimer timer = { { .func = record_cb }, 7 };
  gint64 due = g_get_monotonic_time () + 2000;

  g_test_summary ("A timer fires once, not before it is due");

  clear_fired ();
  g_assert_false (convoke_timer_arm (&timer.timer, due));
  g_assert_true (count_wait (&fired, 1));
  g_assert_cmpint (g_get_monotonic_time (), >=, due);
  g_assert_cmpuint (fired_ids[0], ==, 7);
  g_assert_false (convoke_timer_disarm (&timer.timer));
}

static void
test_order (void)
{
  static TestTimer timers[N_TIMERS];
  static const guint factor = 77; /* has no divisor in common with the number of timers */
  gint64 due = g_get_monotonic_time () + 20000;

  g_test_summary ("Timers fire by due time, equal ones in order of arming (MF-55)");

  clear_fired ();
  for (guint i = 0; i < N_TIMERS; i++)
    {
      guint place = i * factor % N_TIMERS;

      timers[place] = (TestTimer) { { .func = record_cb }, place };
      /* Two thirds of them are due together. */
      convoke_timer_arm (&timers[place].timer, due);
    }
  for (guint i = 0; i < N_TIMERS; i++)
    g_assert_true (convoke_timer_arm (&timers[i].timer, i % 3 == 0 ? due + 3000 + i : due));

  g_assert_true (count_wait (&fired, N_TIMERS));
  for (guint i = 0, together = 0, apart = N_TIMERS - (N_TIMERS + 2) / 3; i < N_TIMERS; i++)
    g_assert_cmpuint (fired_ids[i % 3 == 0 ? apart++ : together++], ==, i);
}

#define N_MIXED 3000

typedef struct
{
  ConvokeTimer timer;
  gint64       due;
  guint        number;  /* of arming */
} Mixed;

static Mixed mixed[N_MIXED];
static Mixed *mixed_fired[N_MIXED];  /* written by the timer's thread before fired is counted up */

static void
mixed_cb (ConvokeTimer *timer)
{
  Mixed *self = (Mixed *) timer;

  g_assert_cmpint (g_get_monotonic_time (), >=, self->due);
  mixed_fired[count_get (&fired)] = self;
  count_add (&fired);
}

/* From near each other to far from each other, often at one time. */
static gint64
random_distance (GRand *rand)
{
  return g_rand_int_range (rand, 0, 1 << g_rand_int_range (rand, 1, 19));
}

typedef struct
{
  ConvokeTimer timer;
  Count        entered;
  Count        open;
} Gate;

static void
gate_cb (ConvokeTimer *timer)
{
  Gate *gate = (Gate *) timer;

  count_add (&gate->entered);
  g_assert_true (count_wait (&gate->open, 1));
}

static void
test_mixed_order (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  Gate gate = { { .func = gate_cb }, };
  gint64 base = g_get_monotonic_time () + 10000;
  guint number = 0, n_left = 0;

  g_test_summary ("Thousands that are armed, moved and disarmed at random fire in order, none before it is due (MF-55)");

  clear_fired ();
  /* Nothing fires before all are armed. */
  convoke_timer_arm (&gate.timer, 0);
  g_assert_true (count_wait (&gate.entered, 1));
  for (guint i = 0; i < 2 * N_MIXED; i++)
    {
      Mixed *one = &mixed[i % N_MIXED];

      if (i >= N_MIXED && g_rand_boolean (rand))
        continue;
      *one = i < N_MIXED ? (Mixed) { .timer.func = mixed_cb } : *one;
      one->due = base + random_distance (rand);
      one->number = number++;
      g_assert_cmpint (convoke_timer_arm (&one->timer, one->due), ==, i >= N_MIXED);
    }
  for (guint i = 0; i < N_MIXED; i++)
    if (i % 5 == 0 && convoke_timer_disarm (&mixed[i].timer))
      mixed[i].due = -1;
  for (guint i = 0; i < N_MIXED; i++)
    n_left += mixed[i].due >= 0;
  count_add (&gate.open);

  g_assert_true (count_wait (&fired, n_left));
  for (guint i = 1; i < n_left; i++)
    {
      g_assert_cmpint (mixed_fired[i - 1]->due, <=, mixed_fired[i]->due);
      if (mixed_fired[i - 1]->due == mixed_fired[i]->due)
        g_assert_cmpuint (mixed_fired[i - 1]->number, <, mixed_fired[i]->number);
    }
}

static void
test_never (void)
{
  TestTimer never = { { .func = record_cb }, 1 };
  TestTimer always = { { .func = record_cb }, 2 };

  g_test_summary ("The end of the clock and its beginning are times, too");

  clear_fired ();
  convoke_timer_arm (&never.timer, G_MAXINT64);
  convoke_timer_arm (&always.timer, G_MININT64);
  g_assert_true (count_wait (&fired, 1));
  g_assert_cmpuint (fired_ids[0], ==, 2);
  g_assert_true (convoke_timer_disarm (&never.timer));
}

static void
test_disarm (void)
{
  TestTimer early = { { .func = record_cb }, 1 };
  TestTimer late = { { .func = record_cb }, 2 };
  gint64 now = g_get_monotonic_time ();

  g_test_summary ("A disarmed timer does not fire; disarming it again says so");

  clear_fired ();
  /* Far enough for a slow machine to disarm in time. */
  convoke_timer_arm (&early.timer, now + G_USEC_PER_SEC);
  convoke_timer_arm (&late.timer, now + G_USEC_PER_SEC + 1000);
  g_assert_true (convoke_timer_disarm (&early.timer));
  g_assert_false (convoke_timer_disarm (&early.timer));
  g_assert_true (count_wait (&fired, 1));
  g_assert_cmpuint (fired_ids[0], ==, 2);
}

static void
test_move (void)
{
  TestTimer first = { { .func = record_cb }, 1 };
  TestTimer second = { { .func = record_cb }, 2 };
  gint64 now = g_get_monotonic_time ();

  g_test_summary ("Arming an armed timer moves it, forwards and backwards");

  clear_fired ();
  g_assert_false (convoke_timer_arm (&first.timer, now + G_USEC_PER_SEC * 60));
  g_assert_false (convoke_timer_arm (&second.timer, now + G_USEC_PER_SEC));
  g_assert_true (convoke_timer_arm (&second.timer, now + G_USEC_PER_SEC + 4000));
  g_assert_true (convoke_timer_arm (&first.timer, now + G_USEC_PER_SEC + 2000));
  g_assert_true (count_wait (&fired, 2));
  g_assert_cmpuint (fired_ids[0], ==, 1);
  g_assert_cmpuint (fired_ids[1], ==, 2);
}

typedef struct
{
  ConvokeTimer timer;
  guint        n_left;
} Again;

static void
again_cb (ConvokeTimer *timer)
{
  Again *again = (Again *) timer;

  if (--again->n_left > 0)
    g_assert_false (convoke_timer_arm (timer, g_get_monotonic_time ()));
  count_add (&fired);
}

static void
test_arm_inside (void)
{
  Again again = { { .func = again_cb }, 100 };

  g_test_summary ("A timer may arm itself again while it fires");

  clear_fired ();
  convoke_timer_arm (&again.timer, 0);
  g_assert_true (count_wait (&fired, 100));
}

static gpointer
race_cb (gpointer data)
{
  TestTimer timer = { { .func = record_cb }, 0 };
  guint n_kept = 0;

  for (guint i = 0; i < 5000; i++)
    {
      convoke_timer_arm (&timer.timer, g_get_monotonic_time () + 30 * G_USEC_PER_SEC + i % 7);
      n_kept += convoke_timer_disarm (&timer.timer);
    }

  return GUINT_TO_POINTER (n_kept);
}

static void
test_race (void)
{
  GThread *threads[4];

  g_test_summary ("Threads arm and disarm side by side");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("race", race_cb, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 5000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/timer/fires-once", test_fires_once);
  g_test_add_func ("/callfactory/timer/order", test_order);
  g_test_add_func ("/callfactory/timer/mixed-order", test_mixed_order);
  g_test_add_func ("/callfactory/timer/never", test_never);
  g_test_add_func ("/callfactory/timer/disarm", test_disarm);
  g_test_add_func ("/callfactory/timer/move", test_move);
  g_test_add_func ("/callfactory/timer/arm-inside", test_arm_inside);
  g_test_add_func ("/callfactory/timer/race", test_race);

  return g_test_run ();
}
