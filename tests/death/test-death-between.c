/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A component that dies or hangs while nobody calls it. */

#include "death-case.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static const DeathWay mortal_ways[] = {
  DEATH_WAY_SEGV, DEATH_WAY_ABORT, DEATH_WAY_EXIT, DEATH_WAY_EXIT_3, DEATH_WAY_KILL, DEATH_WAY_FORK,
  DEATH_WAY_CLOSE, DEATH_WAY_RUBBISH,
};

static void
test_next_call (gconstpointer data)
{
  DeathWay way = GPOINTER_TO_INT (data);
  DeathCase death;

  g_test_summary ("D10: the next call of a component that ended between two calls fails with the true cause");

  death_case_start (&death, NULL);
  death_case_arm (&death, way);
  death_case_trigger (&death);
  death_case_call_until_gone (&death, way);
  death_case_clear (&death);
}

static void
test_nobody_calls (gconstpointer data)
{
  DeathWay way = GPOINTER_TO_INT (data);
  DeathAccount held;
  DeathCase death;

  g_test_summary ("D10: a process that ended is cleared away although somebody holds the proxy and never calls");

  death_case_start (&death, NULL);
  death_case_arm (&death, way);
  death_case_trigger (&death);
  held = death.before;
  /* That by which the test knows the process; and the two of the connection, which goes with the last proxy. */
  held.n_fds += 3;
  death_account_settle (&held);
  death_case_clear (&death);
}

static void
test_again (gconstpointer data)
{
  DeathWay way = GPOINTER_TO_INT (data);
  g_autoptr (DeathVictim) dead = NULL;
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("D10: a component that ended can be activated again, in a process that knows nothing of the first");

  death_case_start (&death, "Isolation=class\nIdleTimeout=0");
  death_case_arm (&death, way);
  death_case_trigger (&death);
  death_case_call_until_gone (&death, way);
  dead = g_steal_pointer (&death.victim);

  g_assert_true (death_case_activate (&death, DEATH_PATIENCE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (death_victim_count (death.victim), ==, 1);
  death_victim_add_one (dead, 1, &error);
  death_assert_gone (error, way);
  g_clear_object (&dead);
  death_case_clear (&death);
}

static void
test_continued (void)
{
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;
  int answer = 0;
  DeathCase death;

  g_test_summary ("P-1: a component that is stopped and continued answers, what was asked meanwhile too");

  death_case_start (&death, NULL);
  death_case_stop (&death);
  call = convoke_create_call (G_OBJECT (death.victim), DEATH_TYPE_VICTIM, NULL);
  g_assert_true (convoke_call_begin (call, "add_one", NULL, 1));
  g_assert_false (convoke_call_wait (call, 20000, NULL));
  death_case_signal (&death, SIGCONT);
  g_assert_true (convoke_call_wait (call, DEATH_PATIENCE, NULL));
  g_assert_true (convoke_call_finish (call, "add_one", &error, &answer));
  g_assert_no_error (error);
  g_assert_cmpint (answer, ==, 2);
  g_clear_object (&call);
  death_case_clear (&death);
}

static void
test_two_objects (void)
{
  g_autoptr (DeathVictim) other = NULL;
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("D10: all objects of a process end with it");

  death_case_start (&death, "Isolation=class\nIdleTimeout=0");
  other = g_steal_pointer (&death.victim);
  g_assert_true (death_case_activate (&death, DEATH_PATIENCE, NULL));
  g_assert_false (convoke_same_object (G_OBJECT (other), G_OBJECT (death.victim)));
  death_victim_perish (other, DEATH_WAY_SEGV, NULL);
  death_victim_add_one (death.victim, 1, &error);
  death_assert_gone (error, DEATH_WAY_SEGV);
  g_clear_object (&other);
  death_case_clear (&death);
}

static void
add (const char     *name,
     DeathWay        way,
     GTestDataFunc   func)
{
  g_autofree char *path = g_strdup_printf ("/death/between/%s/%s", name, death_way_get_nick (way));

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
      add ("next-call", mortal_ways[i], test_next_call);
      add ("nobody-calls", mortal_ways[i], test_nobody_calls);
      add ("again", mortal_ways[i], test_again);
    }
  g_test_add_func ("/death/between/continued", test_continued);
  g_test_add_func ("/death/between/two-objects", test_two_objects);

  return death_case_run ();
}
