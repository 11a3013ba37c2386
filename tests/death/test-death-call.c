/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A component that dies, hangs or lies while it is called. */

#include "death-case.h"

#include <signal.h>

static const DeathWay mortal_ways[] = {
  DEATH_WAY_SEGV, DEATH_WAY_ABORT, DEATH_WAY_EXIT, DEATH_WAY_EXIT_3, DEATH_WAY_KILL, DEATH_WAY_FORK,
  DEATH_WAY_CLOSE, DEATH_WAY_RUBBISH,
};

static const DeathWay endless_ways[] = { DEATH_WAY_STOP, DEATH_WAY_SPIN, DEATH_WAY_NEVER };

static ConvokeCall *
make_call (DeathCase *death)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_create_call (G_OBJECT (death->victim), DEATH_TYPE_VICTIM, &error);

  g_assert_no_error (error);
  return call;
}

static void
begin_perish (ConvokeCall *call,
              DeathWay     way)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_call_begin (call, "perish", &error, way));
  g_assert_no_error (error);
}

/* The only end of a call. */
static void
assert_ended (ConvokeCall *call,
              DeathWay     way)
{
  g_autoptr (GError) error = NULL;
  int answer = -1;

  g_assert_true (convoke_call_wait (call, DEATH_PATIENCE, NULL));
  g_assert_false (convoke_call_finish (call, "perish", &error, &answer));
  death_assert_cause (error, way);
  g_clear_error (&error);
  g_assert_false (convoke_call_finish (call, "perish", &error, &answer));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_assert_cmpint (answer, ==, -1);
}

/* Every later call fails, and says why. */
static void
assert_gone (DeathCase *death,
             DeathWay   way)
{
  g_autoptr (ConvokeCall) call = make_call (death);
  g_autoptr (GError) error = NULL;

  death_victim_add_one (death->victim, 1, &error);
  death_assert_gone (error, way);
  g_clear_error (&error);
  g_assert_false (convoke_call_begin (call, "add_one", &error, 1));
  death_assert_gone (error, way);
}

static void
test_synchronous (gconstpointer data)
{
  DeathWay way = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("P-4: a synchronous call ends with the true cause when the component ends in it");

  death_case_start (&death, NULL);
  g_assert_cmpint (death_victim_perish (death.victim, way, &error), ==, 0);
  death_assert_cause (error, way);
  assert_gone (&death, way);
  death_case_clear (&death);
}

static void
test_begun (gconstpointer data)
{
  DeathWay way = GPOINTER_TO_INT (data);
  g_autoptr (ConvokeCall) call = NULL;
  DeathCase death;

  g_test_summary ("P-4: a begun call ends once, with the true cause, when the component ends in it");

  death_case_start (&death, NULL);
  call = make_call (&death);
  begin_perish (call, way);
  assert_ended (call, way);
  assert_gone (&death, way);
  g_clear_object (&call);
  death_case_clear (&death);
}

/* D15: there is nobody to tell it to, so it is kept. */
static void
test_cannot_fail (gconstpointer data)
{
  DeathWay way = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("D15: a call that cannot fail gives zero when the component ends in it, and the cause is kept");

  death_case_start (&death, NULL);
  g_assert_cmpint (death_victim_perish_quietly (death.victim, way), ==, 0);
  error = convoke_dup_last_error (G_OBJECT (death.victim));
  death_assert_cause (error, way);
  death_case_clear (&death);
}

/* --- several at once --- */

#define N_THREADS 4
#define N_BEGUN 4

typedef struct
{
  DeathCase *death;
  DeathWay   way;
} Caller;

static gpointer
call_synchronously (gpointer data)
{
  Caller *caller = data;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (death_victim_perish (caller->death->victim, DEATH_WAY_NEVER, &error), ==, 0);
  death_assert_cause (error, caller->way);
  return NULL;
}

/* All of them are being served. */
static void
wait_until_inside (DeathCase *death,
                   int        n)
{
  gint64 deadline = g_get_monotonic_time () + DEATH_PATIENCE;
  int n_before = 1;  /* that armed it */

  for (int n_own = 1; death_victim_count (death->victim) < n_before + n_own + n; n_own++)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (1000);
    }
}

static void
test_several (gconstpointer data)
{
  Caller caller = { .way = GPOINTER_TO_INT (data) };
  GThread *threads[N_THREADS];
  ConvokeCall *calls[N_BEGUN];
  DeathCase death;

  g_test_summary ("P-4: calls that several threads wait for, and begun ones, each end once with the true cause");

  death_case_start (&death, NULL);
  death_case_arm (&death, caller.way);
  caller.death = &death;
  for (int i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("caller", call_synchronously, &caller);
  for (int i = 0; i < N_BEGUN; i++)
    {
      calls[i] = make_call (&death);
      begin_perish (calls[i], DEATH_WAY_NEVER);
    }
  wait_until_inside (&death, N_THREADS + N_BEGUN);

  death_case_trigger (&death);
  for (int i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  for (int i = 0; i < N_BEGUN; i++)
    {
      assert_ended (calls[i], caller.way);
      g_object_unref (calls[i]);
    }
  death_case_clear (&death);
}

/* --- those that do not die --- */

static void
assert_failed (ConvokeCall *call,
               int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_call_wait (call, DEATH_PATIENCE, NULL));
  g_assert_false (convoke_call_finish (call, "perish", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, code);
}

static void
test_deadline (gconstpointer data)
{
  g_autoptr (ConvokeCall) call = NULL;
  DeathCase death;

  g_test_summary ("P-1, P-6: a call of a component that hangs ends at its deadline");

  death_case_start (&death, NULL);
  call = make_call (&death);
  convoke_call_set_timeout (call, 20000);
  begin_perish (call, GPOINTER_TO_INT (data));
  assert_failed (call, CONVOKE_ERROR_TIMEOUT);
  g_clear_object (&call);
  death_case_signal (&death, SIGKILL);
  death_case_clear (&death);
}

static void
test_cancel (gconstpointer data)
{
  g_autoptr (ConvokeCall) call = NULL;
  DeathCase death;

  g_test_summary ("CX-3, CX-8: a call of a component that hangs can be cancelled");

  death_case_start (&death, NULL);
  call = make_call (&death);
  begin_perish (call, GPOINTER_TO_INT (data));
  g_assert_false (convoke_call_wait (call, 0, NULL));
  g_assert_true (convoke_call_cancel (call, 10000, NULL));
  assert_failed (call, CONVOKE_ERROR_CANCELLED);
  g_clear_object (&call);
  death_case_signal (&death, SIGKILL);
  death_case_clear (&death);
}

static gpointer
cancel_thread (gpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 deadline = g_get_monotonic_time () + DEATH_PATIENCE;

  while (!convoke_cancel_call (*(guint64 *) data, 10000, &error))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_clear_error (&error);
      g_usleep (1000);
    }
  return NULL;
}

static void
test_cancel_synchronous (gconstpointer data)
{
  guint64 thread = convoke_thread_get_id ();
  g_autoptr (GError) error = NULL;
  GThread *canceller;
  DeathCase death;

  g_test_summary ("CX-10: a synchronous call of a component that hangs can be cancelled from another thread");

  death_case_start (&death, NULL);
  convoke_enable_call_cancellation ();
  canceller = g_thread_new ("canceller", cancel_thread, &thread);
  death_victim_perish (death.victim, GPOINTER_TO_INT (data), &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_thread_join (canceller);
  g_assert_true (convoke_disable_call_cancellation (NULL));
  death_case_signal (&death, SIGKILL);
  death_case_clear (&death);
}

/* Dropped with a call under way, which is what a program does that ends. */
static void
test_dropped (gconstpointer data)
{
  ConvokeCall *call;
  DeathCase death;

  g_test_summary ("CF-22: a component that hangs keeps nothing when its caller drops it");

  death_case_start (&death, NULL);
  call = make_call (&death);
  begin_perish (call, GPOINTER_TO_INT (data));
  g_object_unref (call);
  death_case_signal (&death, SIGKILL);
  death_case_clear (&death);
}

/* A process that is ended from outside while it hangs. */
static void
test_killed (gconstpointer data)
{
  g_autoptr (ConvokeCall) call = NULL;
  DeathCase death;

  g_test_summary ("P-4: a call of a component that hangs ends when somebody kills it");

  death_case_start (&death, NULL);
  call = make_call (&death);
  begin_perish (call, GPOINTER_TO_INT (data));
  death_case_signal (&death, SIGKILL);
  assert_ended (call, DEATH_WAY_KILL);
  g_clear_object (&call);
  death_case_clear (&death);
}

static void
add (const char     *name,
     DeathWay        way,
     GTestDataFunc   func)
{
  g_autofree char *path = g_strdup_printf ("/death/call/%s/%s", name, death_way_get_nick (way));

  g_test_add_data_func (path, GINT_TO_POINTER (way), func);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  death_case_prepare ();

  for (gsize i = 0; i < G_N_ELEMENTS (mortal_ways); i++)
    {
      add ("synchronous", mortal_ways[i], test_synchronous);
      add ("begun", mortal_ways[i], test_begun);
      add ("cannot-fail", mortal_ways[i], test_cannot_fail);
      add ("several", mortal_ways[i], test_several);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (endless_ways); i++)
    {
      add ("deadline", endless_ways[i], test_deadline);
      add ("cancel", endless_ways[i], test_cancel);
      add ("cancel-synchronous", endless_ways[i], test_cancel_synchronous);
      add ("dropped", endless_ways[i], test_dropped);
      add ("killed", endless_ways[i], test_killed);
    }

  return death_case_run ();
}
