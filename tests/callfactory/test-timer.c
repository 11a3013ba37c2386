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
  TestTimer timer = { { record_cb, 0, 0 }, 7 };
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

      timers[place] = (TestTimer) { { record_cb, 0, 0 }, place };
      /* Two thirds of them are due together. */
      convoke_timer_arm (&timers[place].timer, due);
    }
  for (guint i = 0; i < N_TIMERS; i++)
    g_assert_true (convoke_timer_arm (&timers[i].timer, i % 3 == 0 ? due + 3000 + i : due));

  g_assert_true (count_wait (&fired, N_TIMERS));
  for (guint i = 0, together = 0, apart = N_TIMERS - (N_TIMERS + 2) / 3; i < N_TIMERS; i++)
    g_assert_cmpuint (fired_ids[i % 3 == 0 ? apart++ : together++], ==, i);
}

static void
test_disarm (void)
{
  TestTimer early = { { record_cb, 0, 0 }, 1 };
  TestTimer late = { { record_cb, 0, 0 }, 2 };
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
  TestTimer first = { { record_cb, 0, 0 }, 1 };
  TestTimer second = { { record_cb, 0, 0 }, 2 };
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
  Again again = { { again_cb, 0, 0 }, 100 };

  g_test_summary ("A timer may arm itself again while it fires");

  clear_fired ();
  convoke_timer_arm (&again.timer, 0);
  g_assert_true (count_wait (&fired, 100));
}

static gpointer
race_cb (gpointer data)
{
  TestTimer timer = { { record_cb, 0, 0 }, 0 };
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
  g_test_add_func ("/callfactory/timer/disarm", test_disarm);
  g_test_add_func ("/callfactory/timer/move", test_move);
  g_test_add_func ("/callfactory/timer/arm-inside", test_arm_inside);
  g_test_add_func ("/callfactory/timer/race", test_race);

  return g_test_run ();
}
