/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Components in other processes: how their hosts are found, shared, started
 * and ended.
 */

#include "hosted.h"

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* --- claims --- */

static void
test_c (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.C", "IdleTimeout=0\n");
  g_auto (GVariantDict) placement = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = try_activate (file, -1, NULL, &placement, &error);
  gint32 pid = 0;
  const char *host = NULL;

  g_test_summary ("OM-45: a C module becomes a component of another process, and the placement tells which and by what");

  g_assert_no_error (error);
  g_assert_true (convoke_is_proxy (object));
  g_assert_true (g_variant_dict_lookup (&placement, "pid", "i", &pid));
  g_assert_true (g_variant_dict_lookup (&placement, "host", "&s", &host));
  g_assert_true (g_str_has_suffix (host, "/convoke-host"));
  g_assert_cmpint (pid, !=, getpid ());
  g_assert_cmpint (ask_pid (CONVOKE_TEST_PRICE_FEED (object)), ==, pid);
}

static void
test_python (void)
{
  g_autoptr (ConvokeComponentFile) file = load_python ("test.Python", "IdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) feed = NULL;

  g_test_summary ("OM-45: a Python component becomes one of another process, on its main thread");

  if (g_getenv ("CONVOKE_TEST_PYTHON") == NULL)
    {
      g_test_skip ("built without Python");
      return;
    }

  feed = activate (file);
  g_assert_cmpint (ask_pid (feed), !=, getpid ());
  g_assert_cmpfloat (ask (feed, "main-thread"), ==, 1);
}

static void
test_component_error (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Error", "IdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autoptr (GError) error = NULL;

  g_test_summary ("D13: what a method throws in another process arrives unchanged");

  convoke_test_price_feed_get_price (feed, "nothing", &error);
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_assert_cmpstr (error->message, ==, "There is no nothing");
}

static void
test_no_such_type (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.NoType", "IdleTimeout=0\n");
  g_autoptr (GError) error = NULL;

  g_test_summary ("What goes wrong in the making of a component is the activation's error");

  g_free (file->type_name);
  file->type_name = g_strdup ("NoSuchType");
  g_assert_null (try_activate (file, -1, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CLASS_NOT_AVAILABLE);
}

static void
test_class_shares (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Shared", "IdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) one = activate (file), two = activate (file);

  g_test_summary ("D8: the instances of a class share one process");

  g_assert_true (one != two);
  g_assert_cmpint (ask_pid (one), ==, ask_pid (two));
  g_assert_cmpfloat (ask (one, "made"), ==, 2);
}

static void
test_instance_alone (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Alone", "Isolation=instance\n");
  g_autoptr (ConvokeTestPriceFeed) one = activate (file), two = activate (file);
  GPid pid = ask_pid (one);

  g_test_summary ("Isolation=instance: each has a process, which goes with it");

  g_assert_cmpint (pid, !=, ask_pid (two));
  g_clear_object (&one);
  assert_goes (pid);
  g_assert_cmpfloat (ask (two, "made"), ==, 1);
}

static void
test_group (void)
{
  g_autoptr (ConvokeComponentFile) one_file = load_c ("test.GroupOne", "Group=test.Group\nIdleTimeout=0\n");
  g_autoptr (ConvokeComponentFile) two_file = load_c ("test.GroupTwo", "Group=test.Group\nIdleTimeout=0\n");
  g_autoptr (ConvokeComponentFile) other_file = load_c ("test.GroupOther", "Group=test.Other\nIdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) one = activate (one_file), two = activate (two_file), other = activate (other_file);

  g_test_summary ("OM-46: classes of one group share a process, those of others do not");

  g_assert_cmpint (ask_pid (one), ==, ask_pid (two));
  g_assert_cmpint (ask_pid (one), !=, ask_pid (other));
}

static void
test_environment (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Environment", "Environment=HOSTED=seven\nIdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);

  g_test_summary ("Environment= is the process's");

  g_assert_cmpfloat (ask (feed, "environment"), ==, 7);
}

static void
test_threading (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Context", "Threading=context\nIdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);

  g_test_summary ("D11: a component of a context runs on the host's main thread");

  for (int i = 0; i < 20; i++)
    g_assert_cmpfloat (ask (feed, "main-thread"), ==, 1);
}

static void
test_idle_exit (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Idle", "IdleTimeout=0.05\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  GPid pid = ask_pid (feed);

  g_test_summary ("OM-49: a host goes when nobody has any of its objects, and not before");

  g_usleep (200 * 1000);
  g_assert_cmpint (ask_pid (feed), ==, pid);
  g_clear_object (&feed);
  assert_goes (pid);

  feed = activate (file);
  g_assert_cmpint (ask_pid (feed), !=, pid);
}

static void
test_idle_race (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.IdleRace", "IdleTimeout=0.01\n");

  g_test_summary ("An activation is never lost to a host that goes at the same moment");

  for (int i = 0; i < 40; i++)
    {
      g_autoptr (ConvokeTestPriceFeed) feed = activate (file);

      g_clear_object (&feed);
      g_usleep (8000 + 500 * (i % 20));
    }
}

static void
test_thread_does_not_hold (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Thread", "IdleTimeout=0.05\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  GPid pid = ask_pid (feed);

  g_test_summary ("A thread of a component does not keep an idle host");

  g_assert_cmpfloat (ask (feed, "thread-that-never-ends"), ==, 1);
  g_clear_object (&feed);
  assert_goes (pid);
}

static void
test_death (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Death", "IdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autofree char *who = g_strdup_printf ("process %d (test.Death) was killed by signal ", ask_pid (feed));
  g_autoptr (GError) error = NULL, later = NULL;

  g_test_summary ("D10: a pending call ends with the true cause; later ones fail with it until the program activates again");

  convoke_test_price_feed_get_price (feed, "death", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  assert_contains (error, who);
  assert_contains (error, "the cups are broken");

  convoke_test_price_feed_get_price (feed, "pid", &later);
  g_assert_error (later, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  assert_contains (later, who);

  g_clear_object (&feed);
  feed = activate (file);
  g_assert_cmpint (ask_pid (feed), !=, getpid ());
}

static void
test_start_death (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.StartDeath", "Environment=HOSTED=death\n");
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-39: a process that dies while it is started is told with its last words");

  g_assert_null (try_activate (file, -1, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_EXEC_FAILURE);
  assert_contains (error, "(test.StartDeath) was killed by signal ");
  assert_contains (error, "the cups are broken");
}

static void
test_start_exit (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.StartExit", "Environment=HOSTED=exit\n");
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-39: a process that exits while it is started is told with its status");

  g_assert_null (try_activate (file, -1, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_EXEC_FAILURE);
  assert_contains (error, "ended with status 3");
}

static void
test_start_timeout (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Hang", "Environment=HOSTED=hang\nStartTimeout=0.5\n");
  g_autoptr (GError) error = NULL;

  g_test_summary ("StartTimeout= bounds the making of a component, and what hangs is killed");

  g_assert_null (try_activate (file, -1, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  assert_contains (error, "(test.Hang)");
}

static void
test_deadline (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Deadline", "Environment=HOSTED=hang\n");
  g_autoptr (GError) error = NULL;

  g_test_summary ("The activation's own deadline bounds it as well");

  g_assert_null (try_activate (file, 300 * 1000, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

static gpointer
cancel_cb (gpointer data)
{
  g_usleep (200 * 1000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Cancel", "Environment=HOSTED=hang\n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread = g_thread_new ("cancel", cancel_cb, cancellable);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An activation can be cancelled");

  g_assert_null (try_activate (file, -1, cancellable, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_thread_join (thread);
}

static gpointer
activate_cb (gpointer data)
{
  return activate (data);
}

static void
test_concurrent (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Concurrent", "IdleTimeout=0\n");
  GThread *threads[4];
  GPid pid = 0;
  ConvokeTestPriceFeed *feeds[4];

  g_test_summary ("Activations at once share one start");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("activate", activate_cb, file);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    feeds[i] = g_thread_join (threads[i]);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      if (i == 0)
        pid = ask_pid (feeds[i]);
      g_assert_cmpint (ask_pid (feeds[i]), ==, pid);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_object_unref (feeds[i]);
}

static void
test_missing_host (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Missing", "");
  g_autofree char *path = g_strdup (g_getenv ("CONVOKE_HOST_PATH"));
  g_autoptr (GError) error = NULL, unavailable = NULL;

  g_test_summary ("A host that is not installed fails with SERVER_EXEC_FAILURE naming where it was looked for");

  g_setenv ("CONVOKE_HOST_PATH", hosted_directory, TRUE);
  g_assert_null (try_activate (file, -1, NULL, NULL, &error));
  g_assert_false (convoke_process_placer_is_available (file, &unavailable));
  g_setenv ("CONVOKE_HOST_PATH", path, TRUE);

  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_EXEC_FAILURE);
  assert_contains (error, hosted_directory);
  g_assert_error (unavailable, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_EXEC_FAILURE);
}

static void
test_unknown_loader (void)
{
  g_autoptr (ConvokeComponentFile) file = load ("test.Cobol", "cobol", "feed", "");
  g_autoptr (GError) error = NULL;

  g_test_summary ("There are no hosts for languages that have none");

  g_assert_false (convoke_process_placer_is_available (file, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
}

static void
test_no_socket (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("convoke_host_run() refuses what is no socket");

  g_assert_false (convoke_host_run (-1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_nothing_left (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Nothing", "Isolation=instance\n");
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint fds;

  g_test_summary ("Hosts that are gone leave no descriptor and no process");

  g_object_unref (activate (file));
  while (waitpid (-1, NULL, WNOHANG) != -1 && g_get_monotonic_time () < deadline)
    g_usleep (1000);
  fds = count_entries ("/proc/self/fd");

  for (int i = 0; i < 5; i++)
    g_object_unref (activate (file));

  while ((waitpid (-1, NULL, WNOHANG) != -1 || count_entries ("/proc/self/fd") > fds) && g_get_monotonic_time () < deadline)
    g_usleep (1000);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpuint (count_entries ("/proc/self/fd"), <=, fds);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  hosted_init ();

  g_test_add_func ("/marshal/host/c", test_c);
  g_test_add_func ("/marshal/host/python", test_python);
  g_test_add_func ("/marshal/host/component-error", test_component_error);
  g_test_add_func ("/marshal/host/no-such-type", test_no_such_type);
  g_test_add_func ("/marshal/host/class-shares", test_class_shares);
  g_test_add_func ("/marshal/host/instance-alone", test_instance_alone);
  g_test_add_func ("/marshal/host/group", test_group);
  g_test_add_func ("/marshal/host/environment", test_environment);
  g_test_add_func ("/marshal/host/threading", test_threading);
  g_test_add_func ("/marshal/host/idle-exit", test_idle_exit);
  g_test_add_func ("/marshal/host/idle-race", test_idle_race);
  g_test_add_func ("/marshal/host/thread-does-not-hold", test_thread_does_not_hold);
  g_test_add_func ("/marshal/host/death", test_death);
  g_test_add_func ("/marshal/host/start-death", test_start_death);
  g_test_add_func ("/marshal/host/start-exit", test_start_exit);
  g_test_add_func ("/marshal/host/start-timeout", test_start_timeout);
  g_test_add_func ("/marshal/host/deadline", test_deadline);
  g_test_add_func ("/marshal/host/cancel", test_cancel);
  g_test_add_func ("/marshal/host/concurrent", test_concurrent);
  g_test_add_func ("/marshal/host/missing-host", test_missing_host);
  g_test_add_func ("/marshal/host/unknown-loader", test_unknown_loader);
  g_test_add_func ("/marshal/host/no-socket", test_no_socket);
  g_test_add_func ("/marshal/host/nothing-left", test_nothing_left);

  result = g_test_run ();
  hosted_clear ();
  return result;
}
