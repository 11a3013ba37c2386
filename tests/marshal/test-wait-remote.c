/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One thread waits for calls to several processes, which call it back (design D6, D7). */

#include <signal.h>
#include <sys/wait.h>

#include <convoke.h>

#include "test-table.h"

#include "../callfactory/test-stranger.h"

#define DEPTH    8
#define N_TABLES 2
#define LONG     (60 * G_USEC_PER_SEC)

static ConvokeCall *
begin (Table *table)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_create_call (G_OBJECT (table->remote), CONVOKE_TEST_TYPE_PARTNER, &error);

  g_assert_no_error (error);
  convoke_call_begin (call, "play", &error, table->own, DEPTH);
  g_assert_no_error (error);

  return call;
}

static void
finish (ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;
  int n = 0;

  convoke_call_finish (call, "play", &error, &n);
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, DEPTH);
}

static guint
wait_for (GPtrArray        *objects,
          ConvokeWaitFlags  flags)
{
  g_autoptr (GError) error = NULL;
  guint index = 0;

  convoke_wait_for_multiple ((ConvokeSynchronize **) objects->pdata, objects->len, flags, LONG, &index, &error);
  g_assert_no_error (error);

  return index;
}

/* With an object of the program's own among the members the thread polls, and somebody else reads. */
static GPtrArray *
new_objects (gboolean strange)
{
  GPtrArray *objects = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (objects, strange ? (gpointer) test_stranger_new (TRUE) : convoke_event_new (TRUE));
  return objects;
}

typedef struct
{
  ConvokeThreading own;
  gboolean         strange;
} Case;

static void
test_any (gconstpointer data)
{
  const Case *test_case = data;
  Table tables[N_TABLES];

  g_test_summary ("SY-26: calls to several processes come one by one, and calls back are served, whoever reads");

  for (guint i = 0; i < N_TABLES; i++)
    table_init (&tables[i], test_case->own, CONVOKE_THREADING_ANY);
  for (guint round = 0; round < 10; round++)
    {
      g_autoptr (GPtrArray) objects = new_objects (test_case->strange);

      for (guint i = 0; i < 2 * N_TABLES; i++)
        g_ptr_array_add (objects, begin (&tables[i % N_TABLES]));
      while (objects->len > 1)
        {
          guint index = wait_for (objects, CONVOKE_WAIT_DEFAULT);

          g_assert_cmpuint (index, >, 0);
          finish (objects->pdata[index]);
          g_ptr_array_remove_index (objects, index);
        }
    }
  for (guint i = 0; i < N_TABLES; i++)
    table_clear (&tables[i]);
}

static void
test_all (gconstpointer data)
{
  const Case *test_case = data;
  Table tables[N_TABLES];

  g_test_summary ("SY-23, SY-26: all calls to several processes");

  for (guint i = 0; i < N_TABLES; i++)
    table_init (&tables[i], test_case->own, CONVOKE_THREADING_CONTEXT);
  for (guint round = 0; round < 10; round++)
    {
      g_autoptr (GPtrArray) objects = new_objects (test_case->strange);

      convoke_synchronize_signal (objects->pdata[0], NULL);
      for (guint i = 0; i < N_TABLES; i++)
        g_ptr_array_add (objects, begin (&tables[i]));
      g_assert_cmpuint (wait_for (objects, CONVOKE_WAIT_ALL), ==, 0);
      for (guint i = 0; i < N_TABLES; i++)
        finish (objects->pdata[1 + i]);
    }
  for (guint i = 0; i < N_TABLES; i++)
    table_clear (&tables[i]);
}

/* From here on it answers nothing, and calls nobody back. */
static void
stop (Table *table)
{
  GPid pid = convoke_child_get_pid (table->child);
  siginfo_t info;

  g_assert_cmpint (kill (pid, SIGSTOP), ==, 0);
  g_assert_cmpint (waitid (P_PID, pid, &info, WSTOPPED | WNOWAIT), ==, 0);
}

static gpointer
signal_cb (gpointer data)
{
  convoke_synchronize_signal (data, NULL);

  return NULL;
}

static void
test_woken_while_reading (gconstpointer data)
{
  const Case *test_case = data;
  Table table;

  g_test_summary ("SY-23: a thread that reads for a call is woken by an event, although the call does not end");

  table_init (&table, test_case->own, CONVOKE_THREADING_ANY);
  stop (&table);
  for (guint round = 0; round < 10; round++)
    {
      g_autoptr (GPtrArray) objects = new_objects (test_case->strange);
      GThread *thread;

      g_ptr_array_add (objects, begin (&table));
      thread = g_thread_new ("signal", signal_cb, objects->pdata[0]);
      g_assert_cmpuint (wait_for (objects, CONVOKE_WAIT_DEFAULT), ==, 0);
      g_thread_join (thread);
    }
  kill (convoke_child_get_pid (table.child), SIGCONT);
  table_clear (&table);
}

static void
test_death (gconstpointer data)
{
  const Case *test_case = data;
  g_autoptr (GPtrArray) objects = new_objects (test_case->strange);
  g_autoptr (GError) error = NULL;
  Table table;

  g_test_summary ("P-4: a call whose process dies ends the wait");

  table_init (&table, test_case->own, CONVOKE_THREADING_ANY);
  stop (&table);
  g_ptr_array_add (objects, begin (&table));
  kill (convoke_child_get_pid (table.child), SIGKILL);
  g_assert_cmpuint (wait_for (objects, CONVOKE_WAIT_DEFAULT), ==, 1);
  g_assert_false (convoke_call_finish (objects->pdata[1], "play", &error, NULL));
  g_assert_nonnull (error);
  table_clear (&table);
}

static void
test_elsewhere (void)
{
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  g_autoptr (GObject) event = NULL;
  g_autoptr (GError) error = NULL;
  gpointer objects[1];
  guint index;
  TestPair pair;

  g_test_summary ("SY-30: an object that lives in another process cannot be one of several: its descriptor is nothing here");

  g_assert_true (convoke_require ("Convoke", "1", NULL));
  test_pair_init (&pair);
  test_pair_take_object (convoke_event_new (TRUE));
  event = test_channel_get_object (pair.near);
  objects[0] = convoke_query_interface (event, CONVOKE_TYPE_SYNCHRONIZE, &error);
  g_assert_no_error (error);
  g_assert_false (convoke_wait_for_multiple ((ConvokeSynchronize **) objects, 1, CONVOKE_WAIT_DEFAULT, LONG, &index, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_false (convoke_synchronize_container_add (CONVOKE_SYNCHRONIZE_CONTAINER (set), objects[0], &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_object_unref (objects[0]);
  g_clear_object (&event);
  test_pair_clear_object ();
  test_pair_clear (&pair);
}

int
main (int   argc,
      char *argv[])
{
  static const Case cases[] = {
    { CONVOKE_THREADING_CONTEXT, FALSE },
    { CONVOKE_THREADING_CONTEXT, TRUE },
    { CONVOKE_THREADING_ANY, FALSE },
    { CONVOKE_THREADING_ANY, TRUE },
  };
  static const char * const names[] = { "context", "context-strange", "any", "any-strange" };
  static const struct { const char *name; GTestDataFunc func; } tests[] = {
    { "any", test_any },
    { "all", test_all },
    { "woken-while-reading", test_woken_while_reading },
    { "death", test_death },
  };

  if (table_is_served (argc, argv))
    return 0;

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    for (guint j = 0; j < G_N_ELEMENTS (cases); j++)
      {
        g_autofree char *path = g_strdup_printf ("/marshal/wait-remote/%s/%s", tests[i].name, names[j]);

        g_test_add_data_func (path, &cases[j], tests[i].func);
      }
  g_test_add_func ("/marshal/wait-remote/elsewhere", test_elsewhere);

  return g_test_run ();
}
