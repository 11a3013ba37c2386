/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Two processes that call each other (design D6, D7). The other one is this program again. */

#include "test-table.h"

#include "convoke-call.h"

#define DEPTH 16

static void
play (Table *table)
{
  GError *error = NULL;
  int n = convoke_test_partner_play (table->remote, table->own, DEPTH, &error);

  g_assert_no_error (error);
  g_assert_cmpint (n, ==, DEPTH);
}

static void
test_depth (gconstpointer data)
{
  guint which = GPOINTER_TO_UINT (data);
  Table table;

  g_test_summary ("Two processes call each other back and forth to a depth of 16");

  table_init (&table, which & 3, which >> 2);
  for (guint i = 0; i < 20; i++)
    play (&table);
  g_assert_cmpuint (convoke_test_player_get_n_plays (CONVOKE_TEST_PLAYER (table.own)), ==, 20 * DEPTH / 2);
  table_clear (&table);
}

/* --- many threads --- */

static gpointer
play_often (gpointer data)
{
  for (guint i = 0; i < 20; i++)
    play (data);

  return NULL;
}

static void
test_threads (gconstpointer data)
{
  guint which = GPOINTER_TO_UINT (data);
  GThread *threads[4];
  Table table;

  g_test_summary ("Threads play at once: each chain is served by those who wait for it");

  table_init (&table, which & 3, which >> 2);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("player", play_often, &table);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (convoke_test_player_get_n_plays (CONVOKE_TEST_PLAYER (table.own)), ==, 80 * DEPTH / 2);
  table_clear (&table);
}

/* --- a cycle that nobody serves --- */

static void
test_deadlock (void)
{
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *process = NULL;
  Table table;
  int n;

  g_test_summary ("A call back to a thread that waits without serving fails at once and names both ends (design D7)");

  table_init (&table, CONVOKE_THREADING_CONTEXT, CONVOKE_THREADING_CONTEXT);
  call = convoke_create_call (G_OBJECT (table.remote), CONVOKE_TEST_TYPE_PARTNER, &error);
  g_assert_no_error (error);
  convoke_call_begin (call, "play", &error, table.own, 4);
  g_assert_no_error (error);

  convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (call), CONVOKE_WAIT_NO_SERVE, -1, &error);
  g_assert_no_error (error);
  convoke_call_finish (call, "play", &error, &n);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DEADLOCK);
  process = convoke_child_describe (table.child);
  g_assert_nonnull (strstr (error->message, process));
  g_assert_nonnull (strstr (error->message, "main context"));
  table_clear (&table);
}

/* --- identity --- */

static void
test_identity (void)
{
  g_autoptr (ConvokeTestPartner) back = NULL;
  g_autoptr (ConvokeTestPartner) itself = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_self = TRUE;
  Table table;

  g_test_summary ("An object that comes home is the object, and a proxy that goes home is its object there");

  table_init (&table, CONVOKE_THREADING_ANY, CONVOKE_THREADING_ANY);
  back = convoke_test_partner_meet (table.remote, table.own, &is_self, &error);
  g_assert_no_error (error);
  g_assert_true (back == table.own);
  g_assert_false (is_self);

  itself = convoke_test_partner_meet (table.remote, table.remote, &is_self, &error);
  g_assert_no_error (error);
  g_assert_true (itself == table.remote);
  g_assert_true (is_self);
  g_clear_object (&itself);
  table_clear (&table);
}

int
main (int   argc,
      char *argv[])
{
  static const char * const names[] = { "context", "serial", "any" };

  if (table_is_served (argc, argv))
    return 0;

  g_test_init (&argc, &argv, NULL);

  for (guint own = 0; own < 3; own++)
    for (guint remote = 0; remote < 3; remote++)
      {
        g_autofree char *depth = g_strdup_printf ("/marshal/mutual-calls/depth/%s-%s", names[own], names[remote]);
        g_autofree char *threads = g_strdup_printf ("/marshal/mutual-calls/threads/%s-%s", names[own], names[remote]);

        g_test_add_data_func (depth, GUINT_TO_POINTER (own | remote << 2), test_depth);
        /* Nobody iterates the first process's main context while it waits for its threads. */
        if (own != CONVOKE_THREADING_CONTEXT)
          g_test_add_data_func (threads, GUINT_TO_POINTER (own | remote << 2), test_threads);
      }
  g_test_add_func ("/marshal/mutual-calls/deadlock", test_deadlock);
  g_test_add_func ("/marshal/mutual-calls/identity", test_identity);

  return g_test_run ();
}
