/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A component that dies, hangs or lies before anybody has it. */

#include "death-case.h"

#include <string.h>

static const DeathWay mortal_ways[] = {
  DEATH_WAY_SEGV, DEATH_WAY_ABORT, DEATH_WAY_EXIT, DEATH_WAY_EXIT_3, DEATH_WAY_KILL, DEATH_WAY_FORK,
  DEATH_WAY_CLOSE, DEATH_WAY_RUBBISH,
};

static const DeathWay endless_ways[] = { DEATH_WAY_STOP, DEATH_WAY_SPIN, DEATH_WAY_NEVER };

/* When the module is loaded, when it is asked for its factory, when that makes the object. */
static const char * const moments[] = { "load", "entry", "create" };

typedef struct
{
  const char *moment;
  DeathWay    way;
} Claim;

static char *
make_line (const Claim *claim)
{
  return g_strdup_printf ("Environment=DEATH_AT=%s:%s", claim->moment, death_way_get_nick (claim->way));
}

static void
test_dies (gconstpointer data)
{
  const Claim *claim = data;
  g_autofree char *line = make_line (claim);
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("OM-34: an activation whose process ends fails with the true cause");

  death_case_init (&death, line);
  g_assert_false (death_case_activate (&death, DEATH_PATIENCE, &error));
  death_assert_start_cause (error, claim->way);
  death_case_clear (&death);
}

static void
activated_cb (GObject      *catalog,
              GAsyncResult *result,
              gpointer      data)
{
  g_set_object ((GAsyncResult **) data, result);
}

static void
test_dies_later (gconstpointer data)
{
  const Claim *claim = data;
  g_autofree char *line = make_line (claim);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("OM-34: the same for an activation that nobody waits for");

  death_case_init (&death, line);
  convoke_catalog_activate_async (death.catalog, "Victim", DEATH_TYPE_VICTIM, NULL, NULL, activated_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (convoke_catalog_activate_finish (death.catalog, result, &error));
  death_assert_start_cause (error, claim->way);
  g_clear_object (&result);
  death_case_clear (&death);
}

static void
test_hangs (gconstpointer data)
{
  const Claim *claim = data;
  g_autofree char *line = make_line (claim);
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("D8: an activation whose process hangs ends in time");

  death_case_init (&death, line);
  g_assert_false (death_case_activate (&death, 300000, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  death_case_clear (&death);
}

static gpointer
cancel_thread (gpointer data)
{
  g_usleep (50000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancelled (gconstpointer data)
{
  const Claim *claim = data;
  g_autofree char *line = make_line (claim);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;
  DeathCase death;

  g_test_summary ("D8: an activation whose process hangs can be cancelled");

  death_case_init (&death, line);
  thread = g_thread_new ("canceller", cancel_thread, cancellable);
  g_assert_null (convoke_catalog_activate (death.catalog, "Victim", DEATH_TYPE_VICTIM, NULL, cancellable, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_thread_join (thread);
  death_case_clear (&death);
}

static void
test_late (void)
{
  g_autoptr (DeathVictim) other = NULL;
  g_autoptr (GError) error = NULL;
  DeathCase death;

  g_test_summary ("D8: an object that is made too late for who asked is dropped, and hurts nobody in its process");

  death_case_init (&death, "Isolation=class\nIdleTimeout=0\nEnvironment=DEATH_AT=create:nap");
  g_assert_true (death_case_activate (&death, DEATH_PATIENCE, &error));
  other = g_steal_pointer (&death.victim);
  g_assert_false (death_case_activate (&death, 50000, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_clear_error (&error);

  /* Made behind the late one, so that one has come, too. */
  g_assert_true (death_case_activate (&death, DEATH_PATIENCE, &error));
  g_assert_cmpint (death_victim_add_one (other, 1, &error), ==, 2);
  g_assert_no_error (error);
  g_clear_object (&other);
  death_case_clear (&death);
}

static void
add (const char     *name,
     const char     *moment,
     DeathWay        way,
     GTestDataFunc   func)
{
  g_autofree char *path = g_strdup_printf ("/death/start/%s/%s/%s", name, moment, death_way_get_nick (way));
  Claim *claim = g_new (Claim, 1);

  *claim = (Claim) { moment, way };
  g_test_add_data_func_full (path, claim, (GTestDataFunc) func, g_free);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  death_case_prepare ();

  for (gsize m = 0; m < G_N_ELEMENTS (moments); m++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (mortal_ways); i++)
        {
          add ("dies", moments[m], mortal_ways[i], test_dies);
          add ("dies-later", moments[m], mortal_ways[i], test_dies_later);
        }
      for (gsize i = 0; i < G_N_ELEMENTS (endless_ways); i++)
        {
          add ("hangs", moments[m], endless_ways[i], test_hangs);
          add ("cancelled", moments[m], endless_ways[i], test_cancelled);
        }
    }

  g_test_add_func ("/death/start/late", test_late);

  return death_case_run ();
}
