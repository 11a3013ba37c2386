/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A component that dies, hangs or lies while it calls its caller back. */

#include "death-case.h"
#include "death-listener.h"

static const DeathWay mortal_ways[] = {
  DEATH_WAY_SEGV, DEATH_WAY_ABORT, DEATH_WAY_EXIT, DEATH_WAY_EXIT_3, DEATH_WAY_KILL, DEATH_WAY_FORK,
  DEATH_WAY_CLOSE, DEATH_WAY_RUBBISH,
};

typedef struct
{
  DeathCase      death;
  DeathWay       way;
  DeathListener *listener;
  GMutex         lock;
  GCond          changed;
  gboolean       inside;   /* LOCK: lock; the listener is being told */
  gboolean       released; /* LOCK: lock; it may go on */
} Fixture;

static void
set_up (Fixture   *fixture,
        DeathWay   way,
        DeathTold  told)
{
  fixture->way = way;
  fixture->listener = death_listener_new (told, fixture);
  g_mutex_init (&fixture->lock);
  g_cond_init (&fixture->changed);
  death_case_start (&fixture->death, NULL);
}

/* Nobody but the component had it. */
static void
wait_until_released (Fixture *fixture)
{
  gint64 deadline = g_get_monotonic_time () + DEATH_PATIENCE;

  g_object_add_weak_pointer (G_OBJECT (fixture->listener), (gpointer *) &fixture->listener);
  g_object_unref (fixture->listener);
  while (g_atomic_pointer_get (&fixture->listener) != NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
tear_down (Fixture *fixture)
{
  wait_until_released (fixture);
  death_case_clear (&fixture->death);
  g_mutex_clear (&fixture->lock);
  g_cond_clear (&fixture->changed);
}

/* --- it dies while the caller's object runs --- */

static int
end_it (int       n,
        gpointer  data,
        GError  **error)
{
  Fixture *fixture = data;

  death_case_trigger (&fixture->death);
  death_case_call_until_gone (&fixture->death, fixture->way);
  return n + 1;
}

static void
test_synchronous (gconstpointer data)
{
  Fixture fixture = { 0, };
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-4: a call whose component ends while it is answered from a callback ends with the true cause; "
                  "the callback is run once, to its end");

  set_up (&fixture, GPOINTER_TO_INT (data), end_it);
  death_case_arm (&fixture.death, fixture.way);
  g_assert_cmpint (death_victim_call_back (fixture.death.victim, DEATH_WATCHER (fixture.listener), 1, &error), ==, 0);
  death_assert_cause (error, fixture.way);
  g_assert_cmpint (death_listener_get_n_told (fixture.listener), ==, 1);
  g_assert_cmpint (death_listener_get_n_done (fixture.listener), ==, 1);
  tear_down (&fixture);
}

static void
begin_call_back (Fixture     *fixture,
                 ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_call_begin (call, "call_back", &error, fixture->listener, 1));
  g_assert_no_error (error);
}

static void
finish_call_back (Fixture     *fixture,
                  ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_call_wait (call, DEATH_PATIENCE, NULL));
  g_assert_false (convoke_call_finish (call, "call_back", &error, NULL));
  death_assert_cause (error, fixture->way);
}

static ConvokeCall *
make_call (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_create_call (G_OBJECT (fixture->death.victim), DEATH_TYPE_VICTIM, &error);

  g_assert_no_error (error);
  return call;
}

static void
test_begun (gconstpointer data)
{
  Fixture fixture = { 0, };
  g_autoptr (ConvokeCall) call = NULL;

  g_test_summary ("P-4: the same for a begun call, whose caller serves the callback while it waits");

  set_up (&fixture, GPOINTER_TO_INT (data), end_it);
  death_case_arm (&fixture.death, fixture.way);
  call = make_call (&fixture);
  begin_call_back (&fixture, call);
  finish_call_back (&fixture, call);
  g_assert_cmpint (death_listener_get_n_told (fixture.listener), ==, 1);
  g_clear_object (&call);
  tear_down (&fixture);
}

/* --- the caller's object calls it again, and that is its end --- */

static int
call_perish (int       n,
             gpointer  data,
             GError  **error)
{
  Fixture *fixture = data;
  g_autoptr (GError) local_error = NULL;

  g_assert_cmpint (death_victim_perish (fixture->death.victim, fixture->way, &local_error), ==, 0);
  death_assert_cause (local_error, fixture->way);
  return n + 1;
}

static void
test_nested (gconstpointer data)
{
  Fixture fixture = { 0, };
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-4: a call from within a callback ends with the true cause, and so does the call around it");

  set_up (&fixture, GPOINTER_TO_INT (data), call_perish);
  g_assert_cmpint (death_victim_call_back (fixture.death.victim, DEATH_WATCHER (fixture.listener), 1, &error), ==, 0);
  death_assert_cause (error, fixture.way);
  g_assert_cmpint (death_listener_get_n_done (fixture.listener), ==, 1);
  tear_down (&fixture);
}

/* --- the caller's object goes on when it is dead --- */

static int
stay_inside (int       n,
             gpointer  data,
             GError  **error)
{
  Fixture *fixture = data;

  g_mutex_lock (&fixture->lock);
  fixture->inside = TRUE;
  g_cond_broadcast (&fixture->changed);
  while (!fixture->released)
    g_cond_wait (&fixture->changed, &fixture->lock);
  g_mutex_unlock (&fixture->lock);

  return n + 1;
}

static void
wait_until_inside (Fixture *fixture)
{
  g_mutex_lock (&fixture->lock);
  while (!fixture->inside)
    g_cond_wait (&fixture->changed, &fixture->lock);
  g_mutex_unlock (&fixture->lock);
}

static void
release (Fixture *fixture)
{
  g_mutex_lock (&fixture->lock);
  fixture->released = TRUE;
  g_cond_broadcast (&fixture->changed);
  g_mutex_unlock (&fixture->lock);
}

static void
bind_to_any (DeathListener *listener)
{
  g_autoptr (ConvokeApartment) any = convoke_apartment_dup_any ();

  g_assert_true (convoke_apartment_bind (any, G_OBJECT (listener), NULL));
}

static void
test_outlived (gconstpointer data)
{
  Fixture fixture = { 0, };
  g_autoptr (ConvokeCall) call = NULL;

  g_test_summary ("P-4: a call ends when its component does, also while a callback of it still runs");

  set_up (&fixture, GPOINTER_TO_INT (data), stay_inside);
  bind_to_any (fixture.listener);
  death_case_arm (&fixture.death, fixture.way);
  call = make_call (&fixture);
  begin_call_back (&fixture, call);
  wait_until_inside (&fixture);
  death_case_trigger (&fixture.death);
  finish_call_back (&fixture, call);
  g_assert_cmpint (death_listener_get_n_done (fixture.listener), ==, 0);
  release (&fixture);
  g_clear_object (&call);
  tear_down (&fixture);
}

/* --- what it held --- */

static int
fail_when_told (int       n,
                gpointer  data,
                GError  **error)
{
  g_assert_not_reached ();
}

static void
test_held (gconstpointer data)
{
  Fixture fixture = { 0, };
  g_autoptr (GError) error = NULL;

  g_test_summary ("D10: objects that a component kept are released when it ends");

  set_up (&fixture, GPOINTER_TO_INT (data), fail_when_told);
  death_case_arm (&fixture.death, fixture.way);
  g_assert_cmpint (death_victim_keep (fixture.death.victim, DEATH_WATCHER (fixture.listener), &error), ==, 0);
  g_assert_no_error (error);
  death_case_trigger (&fixture.death);
  tear_down (&fixture);
}

static void
add (const char     *name,
     DeathWay        way,
     GTestDataFunc   func)
{
  g_autofree char *path = g_strdup_printf ("/death/callback/%s/%s", name, death_way_get_nick (way));

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
      add ("nested", mortal_ways[i], test_nested);
      add ("outlived", mortal_ways[i], test_outlived);
      add ("held", mortal_ways[i], test_held);
    }

  return death_case_run ();
}
