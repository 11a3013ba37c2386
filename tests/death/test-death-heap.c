/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a component that died leaves in the caller's memory: nothing, time after time. */

#include "death-case.h"
#include "death-listener.h"

/* The first ones make what is made once. */
#define FIRST_ROUNDS 10
#define ROUNDS 30

static int
answer (int       n,
        gpointer  data,
        GError  **error)
{
  return n;
}

static void
play (DeathWay way)
{
  g_autoptr (DeathListener) listener = death_listener_new (answer, NULL);
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;
  DeathCase death;

  death_case_start (&death, NULL);
  g_assert_cmpint (death_victim_call_back (death.victim, DEATH_WATCHER (listener), 1, &error), ==, 1);
  g_assert_no_error (error);
  call = convoke_create_call (G_OBJECT (death.victim), DEATH_TYPE_VICTIM, NULL);
  g_assert_true (convoke_call_begin (call, "perish", NULL, DEATH_WAY_NEVER));
  death_victim_perish (death.victim, way, &error);
  death_assert_cause (error, way);
  g_assert_true (convoke_call_wait (call, DEATH_PATIENCE, NULL));
  g_assert_false (convoke_call_finish (call, "perish", NULL, NULL));
  g_clear_object (&call);
  /* Idle threads are waited for at the end of all rounds. */
  death.before.n_threads = G_MAXUINT;
  death_case_clear (&death);
}

static gsize
play_rounds (DeathWay way,
             guint    n)
{
  for (guint i = 0; i < n; i++)
    play (way);

  death_case_settle ();
  return death_account_take ().heap;
}

static void
test_rounds (gconstpointer data)
{
  DeathWay way = GPOINTER_TO_INT (data);
  gsize before, after;

  g_test_summary ("No byte is left of components that died");

  before = play_rounds (way, FIRST_ROUNDS);
  if (before == 0)
    {
      g_test_skip ("In this build a sanitizer keeps the memory, and looks for leaks itself");
      return;
    }
  after = play_rounds (way, ROUNDS);
  g_test_message ("%" G_GSIZE_FORMAT " bytes, then %" G_GSIZE_FORMAT, before, after);
  /* Less than one for each. */
  g_assert_cmpint (after, <, before + ROUNDS);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  death_case_prepare ();

  g_test_add_data_func ("/death/heap/segv", GINT_TO_POINTER (DEATH_WAY_SEGV), test_rounds);
  g_test_add_data_func ("/death/heap/rubbish", GINT_TO_POINTER (DEATH_WAY_RUBBISH), test_rounds);

  return death_case_run ();
}
