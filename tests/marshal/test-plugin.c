/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a list of plug-ins shows of each (design D8, D10). */

#include "hosted.h"

#include "convoke-catalog.h"
#include "convoke-plugin.h"

/* --- helpers --- */

static ConvokePlugin *
new_plugin (const char *name,
            const char *more)
{
  const char *directories[] = { hosted_directory, NULL };
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_new (directories);
  g_autoptr (ConvokeComponentFile) file = load_c (name, more);

  return convoke_plugin_new (catalog, name, CONVOKE_TEST_TYPE_PRICE_FEED);
}

static void
wait_for_state (ConvokePlugin      *plugin,
                ConvokePluginState  state)
{
  while (convoke_plugin_get_state (plugin) != state)
    g_main_context_iteration (NULL, TRUE);
}

static ConvokePlugin *
new_running (const char *name,
             const char *more)
{
  ConvokePlugin *plugin = new_plugin (name, more);

  convoke_plugin_start_async (plugin, NULL, NULL, NULL);
  wait_for_state (plugin, CONVOKE_PLUGIN_STATE_RUNNING);
  return plugin;
}

static gboolean
is_busy (ConvokePlugin *plugin)
{
  gboolean busy;

  g_object_get (plugin, "busy", &busy, NULL);
  return busy;
}

static void
wait_for_busy (ConvokePlugin *plugin,
               gboolean       busy)
{
  while (is_busy (plugin) != busy)
    g_main_context_iteration (NULL, TRUE);
}

static GPid
get_pid (ConvokePlugin *plugin)
{
  g_autoptr (GVariant) placement = NULL;
  gint32 pid = 0;

  g_object_get (plugin, "placement", &placement, NULL);
  g_assert_nonnull (placement);
  g_assert_true (g_variant_lookup (placement, "pid", "i", &pid));
  return pid;
}

static void
assert_status (ConvokePlugin *plugin,
               const char    *text)
{
  g_autofree char *status = NULL;

  g_object_get (plugin, "status", &status, NULL);
  g_assert_nonnull (status);
  g_assert_nonnull (strstr (status, text));
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          guint      *count)
{
  *count += 1;
}

typedef struct
{
  guint   n_progress;
  guint   n_completed;
  double  price;
  GError *error;
} Answer;

static void
answer_clear (Answer *self)
{
  g_clear_error (&self->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
answered_cb (ConvokeCall       *call,
             ConvokeCallNotice  notice,
             gpointer           data)
{
  Answer *answer = data;

  if (notice == CONVOKE_CALL_NOTICE_PROGRESS)
    {
      answer->n_progress++;
      return;
    }

  answer->n_completed++;
  g_clear_error (&answer->error);
  convoke_call_finish (call, "get_price", &answer->error, &answer->price);
}

/* Nobody here keeps the call object. */
static void
begin (ConvokePlugin *plugin,
       const char    *item,
       Answer        *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeCall) call = convoke_plugin_create_call (plugin, answered_cb, answer, NULL, &error);

  g_assert_no_error (error);
  convoke_call_begin (call, "get_price", &error, item);
  g_assert_no_error (error);
}

static void
wait_for_answer (Answer *answer,
                 guint   n)
{
  while (answer->n_completed < n)
    g_main_context_iteration (NULL, TRUE);
}

/* --- claims --- */

static void
test_off (void)
{
  g_autoptr (ConvokePlugin) plugin = new_plugin ("test.Off", "Name=Off\nDescription=Does nothing yet\n");
  g_autofree char *name = NULL, *description = NULL, *where = NULL, *status = NULL;
  g_autoptr (GObject) object = convoke_plugin_dup_object (plugin);
  g_autoptr (GError) error = NULL;
  gboolean active;
  double progress;

  g_test_summary ("A plug-in that nobody started tells who it is, and has nothing");

  g_object_get (plugin, "name", &name, "description", &description, "where", &where, "status", &status,
                "active", &active, "progress", &progress, NULL);
  g_assert_cmpstr (name, ==, "Off");
  g_assert_cmpstr (description, ==, "Does nothing yet");
  g_assert_cmpstr (convoke_plugin_get_class_name (plugin), ==, "test.Off");
  g_assert_null (where);
  g_assert_null (status);
  g_assert_null (object);
  g_assert_false (active);
  g_assert_cmpfloat (progress, ==, -1);
  g_assert_null (convoke_plugin_create_call (plugin, NULL, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
}

static void
test_start (void)
{
  g_autoptr (ConvokePlugin) plugin = new_plugin ("test.Start", "IdleTimeout=0\n");
  g_autofree char *where = NULL, *why = NULL, *expected = NULL;
  g_autoptr (GObject) object = NULL;

  g_test_summary ("D8: a plug-in that runs has an object, and tells where it lives and why");

  convoke_plugin_start_async (plugin, NULL, NULL, NULL);
  g_assert_cmpint (convoke_plugin_get_state (plugin), ==, CONVOKE_PLUGIN_STATE_STARTING);
  wait_for_state (plugin, CONVOKE_PLUGIN_STATE_RUNNING);

  object = convoke_plugin_dup_object (plugin);
  g_assert_true (CONVOKE_TEST_IS_PRICE_FEED (object));
  g_assert_cmpint (ask_pid (CONVOKE_TEST_PRICE_FEED (object)), ==, get_pid (plugin));
  g_object_get (plugin, "where", &where, "why", &why, NULL);
  expected = g_strdup_printf ("process %d", get_pid (plugin));
  g_assert_cmpstr (where, ==, expected);
  g_assert_cmpstr (why, ==, "The keyfile says so");
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  GError **error = data;

  if (convoke_plugin_start_finish (CONVOKE_PLUGIN (source), result, error))
    *error = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_UNEXPECTED, "no error");
}

static void
wait_for_error (GError **error)
{
  while (*error == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_start_fails (void)
{
  const char *directories[] = { hosted_directory, NULL };
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_new (directories);
  g_autoptr (ConvokePlugin) plugin = convoke_plugin_new (catalog, "test.Nobody", CONVOKE_TEST_TYPE_PRICE_FEED);
  g_autoptr (ConvokeComponentFile) file = NULL;
  g_autoptr (GError) error = NULL, shown = NULL;

  g_test_summary ("A plug-in that cannot be started failed, tells why, and can be started again");

  convoke_plugin_start_async (plugin, NULL, started_cb, &error);
  wait_for_error (&error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS);
  g_assert_cmpint (convoke_plugin_get_state (plugin), ==, CONVOKE_PLUGIN_STATE_FAILED);
  shown = convoke_plugin_dup_error (plugin);
  g_assert_error (shown, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS);
  assert_status (plugin, "test.Nobody");

  file = load_c ("test.Nobody", "IdleTimeout=0\n");
  convoke_plugin_start_async (plugin, NULL, NULL, NULL);
  wait_for_state (plugin, CONVOKE_PLUGIN_STATE_RUNNING);
  g_assert_null (convoke_plugin_dup_error (plugin));
}

static void
test_start_twice (void)
{
  g_autoptr (ConvokePlugin) plugin = new_plugin ("test.Twice", "IdleTimeout=0\n");
  g_autoptr (GError) first = NULL, second = NULL, third = NULL;
  g_autoptr (GObject) object = NULL;

  g_test_summary ("Starts at the same time are one start, and one that runs is there at once");

  convoke_plugin_start_async (plugin, NULL, started_cb, &first);
  convoke_plugin_start_async (plugin, NULL, started_cb, &second);
  wait_for_error (&first);
  wait_for_error (&second);
  g_assert_cmpstr (first->message, ==, "no error");
  g_assert_cmpstr (second->message, ==, "no error");
  object = convoke_plugin_dup_object (plugin);
  g_assert_cmpfloat (ask (CONVOKE_TEST_PRICE_FEED (object), "made"), ==, 1);

  convoke_plugin_start_async (plugin, NULL, started_cb, &third);
  wait_for_error (&third);
  g_assert_cmpstr (third->message, ==, "no error");
}

static void
test_stop_while_starting (void)
{
  g_autoptr (ConvokePlugin) plugin = new_plugin ("test.StopStart", "IdleTimeout=0\nEnvironment=HOSTED=hang\n");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A start that is stopped ends with CANCELLED, and the plug-in is off");

  convoke_plugin_start_async (plugin, NULL, started_cb, &error);
  convoke_plugin_stop (plugin);
  g_assert_cmpint (convoke_plugin_get_state (plugin), ==, CONVOKE_PLUGIN_STATE_OFF);
  wait_for_error (&error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_plugin_get_state (plugin), ==, CONVOKE_PLUGIN_STATE_OFF);
}

static void
test_cancel_start (void)
{
  g_autoptr (ConvokePlugin) plugin = new_plugin ("test.CancelStart", "IdleTimeout=0\nEnvironment=HOSTED=hang\n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("The cancellable of a start ends it, and the plug-in is off");

  convoke_plugin_start_async (plugin, cancellable, started_cb, &error);
  g_cancellable_cancel (cancellable);
  wait_for_error (&error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_plugin_get_state (plugin), ==, CONVOKE_PLUGIN_STATE_OFF);
  g_assert_null (convoke_plugin_dup_error (plugin));
}

static void
test_active (void)
{
  g_autoptr (ConvokePlugin) plugin = new_plugin ("test.Active", "IdleTimeout=0\n");
  guint n_active = 0, n_state = 0;
  gboolean active;
  GPid pid;

  g_test_summary ("A switch that is bound to a plug-in starts and stops it");

  g_signal_connect (plugin, "notify::active", G_CALLBACK (count_cb), &n_active);
  g_signal_connect (plugin, "notify::state", G_CALLBACK (count_cb), &n_state);
  g_object_set (plugin, "active", TRUE, NULL);
  wait_for_state (plugin, CONVOKE_PLUGIN_STATE_RUNNING);
  g_assert_cmpuint (n_active, ==, 1);
  g_assert_cmpuint (n_state, ==, 2);

  pid = get_pid (plugin);
  g_object_set (plugin, "active", FALSE, NULL);
  g_assert_cmpint (convoke_plugin_get_state (plugin), ==, CONVOKE_PLUGIN_STATE_OFF);
  g_object_get (plugin, "active", &active, NULL);
  g_assert_false (active);
  g_assert_cmpuint (n_active, ==, 2);
  g_assert_null (convoke_plugin_dup_object (plugin));
  assert_goes (pid);
}

static void
test_call (void)
{
  g_autoptr (ConvokePlugin) plugin = new_running ("test.Call", "IdleTimeout=0\n");
  g_auto (Answer) answer = { 0, };
  guint n_busy = 0;

  g_test_summary ("A call that nobody keeps is shown while it runs, and its callback has the result");

  g_signal_connect (plugin, "notify::busy", G_CALLBACK (count_cb), &n_busy);
  begin (plugin, "pid", &answer);
  wait_for_answer (&answer, 1);
  g_assert_no_error (answer.error);
  g_assert_cmpfloat (answer.price, ==, get_pid (plugin));
  g_assert_cmpuint (n_busy, ==, 2);
  g_assert_false (is_busy (plugin));
}

static void
test_progress (void)
{
  g_autoptr (ConvokePlugin) plugin = new_running ("test.Progress", "IdleTimeout=0\n");
  g_auto (Answer) answer = { 0, };
  double progress = -1;

  g_test_summary ("What a call says of itself is shown, and the cancel that it obeys ends it");

  begin (plugin, "report", &answer);
  wait_for_busy (plugin, TRUE);
  while (progress < 0 || answer.n_progress == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      g_object_get (plugin, "progress", &progress, NULL);
    }
  g_assert_cmpfloat (progress, ==, 0.25);

  convoke_plugin_cancel (plugin, -1);
  wait_for_answer (&answer, 1);
  g_assert_nonnull (answer.error);
  g_assert_false (is_busy (plugin));
  g_object_get (plugin, "progress", &progress, NULL);
  g_assert_cmpfloat (progress, ==, -1);
  g_assert_cmpint (convoke_plugin_get_state (plugin), ==, CONVOKE_PLUGIN_STATE_RUNNING);
}

static void
test_call_fails (void)
{
  g_autoptr (ConvokePlugin) plugin = new_running ("test.CallFails", "IdleTimeout=0\n");
  g_auto (Answer) answer = { 0, };

  g_test_summary ("The error of a call is shown until the next call");

  begin (plugin, "tea", &answer);
  wait_for_answer (&answer, 1);
  g_assert_error (answer.error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  assert_status (plugin, "There is no tea");

  begin (plugin, "pid", &answer);
  wait_for_answer (&answer, 2);
  g_assert_no_error (answer.error);
  g_assert_null (convoke_plugin_dup_error (plugin));
}

static void
test_begin_fails (void)
{
  g_autoptr (ConvokePlugin) plugin = new_running ("test.BeginFails", "IdleTimeout=0\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeCall) call = convoke_plugin_create_call (plugin, NULL, NULL, NULL, &error);

  g_test_summary ("A call that could not be begun is not shown");

  g_assert_no_error (error);
  convoke_call_begin (call, "get_nothing", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_METHOD);
  while (g_main_context_iteration (NULL, FALSE));
  g_assert_false (is_busy (plugin));
}

static void
test_dies (void)
{
  g_autoptr (ConvokePlugin) plugin = new_running ("test.Dies", "IdleTimeout=0\n");
  g_auto (Answer) answer = { 0, };
  g_autoptr (GError) error = NULL;
  GPid pid = get_pid (plugin);

  g_test_summary ("D10: a plug-in whose process died failed, tells the true cause, and can be started again");

  begin (plugin, "death", &answer);
  wait_for_answer (&answer, 1);
  g_assert_error (answer.error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  wait_for_state (plugin, CONVOKE_PLUGIN_STATE_FAILED);
  error = convoke_plugin_dup_error (plugin);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  assert_status (plugin, "killed by signal");

  convoke_plugin_start_async (plugin, NULL, NULL, NULL);
  wait_for_state (plugin, CONVOKE_PLUGIN_STATE_RUNNING);
  g_assert_cmpint (get_pid (plugin), !=, pid);
}

static void
test_restarts (void)
{
  g_autoptr (ConvokePlugin) plugin = new_running ("test.Restarts", "Restart=yes\nIdleTimeout=0\n");
  g_auto (Answer) answer = { 0, };
  GPid pid = get_pid (plugin);

  g_test_summary ("D10: a plug-in with Restart=yes is restarting, and then runs in another process, which it tells");

  begin (plugin, "death", &answer);
  wait_for_state (plugin, CONVOKE_PLUGIN_STATE_RESTARTING);
  assert_status (plugin, "killed by signal");
  wait_for_state (plugin, CONVOKE_PLUGIN_STATE_RUNNING);
  wait_for_answer (&answer, 1);
  g_assert_error (answer.error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  g_assert_cmpint (get_pid (plugin), !=, pid);
  assert_status (plugin, "killed by signal");

  begin (plugin, "pid", &answer);
  wait_for_answer (&answer, 2);
  g_assert_cmpfloat (answer.price, ==, get_pid (plugin));
}

static void
test_restarts_often (void)
{
  g_autoptr (ConvokePlugin) plugin = new_running ("test.Often", "Restart=yes\nRestartLimit=1000\nIdleTimeout=0\n");

  g_test_summary ("D10: each end is followed by one restoration, whoever notices it first");

  for (int i = 0; i < 20; i++)
    {
      g_autoptr (GObject) object = convoke_plugin_dup_object (plugin);
      GPid pid = get_pid (plugin);
      g_autoptr (GError) error = NULL;

      kill (pid, SIGKILL);
      if (i % 2 == 0)
        convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (object), "pid", &error);
      while (get_pid (plugin) == pid)
        g_main_context_iteration (NULL, TRUE);
      wait_for_state (plugin, CONVOKE_PLUGIN_STATE_RUNNING);
    }
}

static void
test_hangs (void)
{
  g_autoptr (ConvokePlugin) plugin = new_running ("test.Hangs", "Restart=yes\nIdleTimeout=0\n");
  g_auto (Answer) answer = { 0, };
  GPid pid = get_pid (plugin);

  g_test_summary ("One that does not obey a cancel is left alone after the grace, and is ended by a stop");

  begin (plugin, "hang", &answer);
  wait_for_busy (plugin, TRUE);
  convoke_plugin_cancel (plugin, 1000);
  wait_for_answer (&answer, 1);
  g_assert_error (answer.error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_plugin_get_state (plugin), ==, CONVOKE_PLUGIN_STATE_RUNNING);
  g_assert_false (is_gone (pid));

  convoke_plugin_stop (plugin);
  assert_goes (pid);
  g_assert_cmpint (convoke_plugin_get_state (plugin), ==, CONVOKE_PLUGIN_STATE_OFF);

  convoke_plugin_start_async (plugin, NULL, NULL, NULL);
  wait_for_state (plugin, CONVOKE_PLUGIN_STATE_RUNNING);
  g_assert_cmpint (get_pid (plugin), !=, pid);
}

static void
test_stop_in_call (void)
{
  g_autoptr (ConvokePlugin) plugin = new_running ("test.StopCall", "IdleTimeout=0\n");
  g_auto (Answer) answer = { 0, };
  GPid pid = get_pid (plugin);

  g_test_summary ("A stop ends the call in progress and its process");

  begin (plugin, "hang", &answer);
  wait_for_busy (plugin, TRUE);
  convoke_plugin_stop (plugin);
  g_assert_false (is_busy (plugin));
  wait_for_answer (&answer, 1);
  g_assert_error (answer.error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_null (convoke_plugin_dup_error (plugin));
  assert_goes (pid);
}

static void
test_dropped (void)
{
  ConvokePlugin *plugin = new_running ("test.Dropped", "IdleTimeout=0\n");
  g_auto (Answer) answer = { 0, };
  GPid pid = get_pid (plugin);

  g_test_summary ("A plug-in that is dropped is gone, and so is what it ran; who called is told");

  begin (plugin, "hang", &answer);
  wait_for_busy (plugin, TRUE);
  g_object_add_weak_pointer (G_OBJECT (plugin), (gpointer *) &plugin);
  g_object_unref (plugin);
  g_assert_null (plugin);
  wait_for_answer (&answer, 1);
  g_assert_error (answer.error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  assert_goes (pid);
}

static void
test_dropped_while_starting (void)
{
  ConvokePlugin *plugin = new_plugin ("test.DroppedStart", "IdleTimeout=0\nEnvironment=HOSTED=hang\n");

  g_test_summary ("A plug-in that is dropped while it starts is gone, and the start is given up");

  g_object_set (plugin, "active", TRUE, NULL);
  while (g_main_context_iteration (NULL, FALSE));
  g_object_add_weak_pointer (G_OBJECT (plugin), (gpointer *) &plugin);
  g_object_unref (plugin);
  g_assert_null (plugin);
  while (g_main_context_iteration (NULL, FALSE));
}

static void
restart_cb (ConvokePlugin *plugin)
{
  if (convoke_plugin_get_state (plugin) == CONVOKE_PLUGIN_STATE_FAILED)
    convoke_plugin_start_async (plugin, NULL, NULL, NULL);
}

static void
test_started_from_notify (void)
{
  g_autoptr (ConvokePlugin) plugin = new_running ("test.Phoenix", "IdleTimeout=0\n");
  GPid pid = get_pid (plugin);

  g_test_summary ("Who is told that a plug-in failed may start it again from there");

  g_signal_connect (plugin, "notify::state", G_CALLBACK (restart_cb), NULL);
  kill (pid, SIGKILL);
  wait_for_state (plugin, CONVOKE_PLUGIN_STATE_STARTING);
  wait_for_state (plugin, CONVOKE_PLUGIN_STATE_RUNNING);
  g_assert_cmpint (get_pid (plugin), !=, pid);
  g_signal_handlers_disconnect_by_func (plugin, restart_cb, NULL);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  hosted_init ();

  g_test_add_func ("/marshal/plugin/off", test_off);
  g_test_add_func ("/marshal/plugin/start", test_start);
  g_test_add_func ("/marshal/plugin/start-fails", test_start_fails);
  g_test_add_func ("/marshal/plugin/start-twice", test_start_twice);
  g_test_add_func ("/marshal/plugin/stop-while-starting", test_stop_while_starting);
  g_test_add_func ("/marshal/plugin/cancel-start", test_cancel_start);
  g_test_add_func ("/marshal/plugin/active", test_active);
  g_test_add_func ("/marshal/plugin/call", test_call);
  g_test_add_func ("/marshal/plugin/progress", test_progress);
  g_test_add_func ("/marshal/plugin/call-fails", test_call_fails);
  g_test_add_func ("/marshal/plugin/begin-fails", test_begin_fails);
  g_test_add_func ("/marshal/plugin/dies", test_dies);
  g_test_add_func ("/marshal/plugin/restarts", test_restarts);
  g_test_add_func ("/marshal/plugin/restarts-often", test_restarts_often);
  g_test_add_func ("/marshal/plugin/hangs", test_hangs);
  g_test_add_func ("/marshal/plugin/stop-in-call", test_stop_in_call);
  g_test_add_func ("/marshal/plugin/dropped", test_dropped);
  g_test_add_func ("/marshal/plugin/dropped-while-starting", test_dropped_while_starting);
  g_test_add_func ("/marshal/plugin/started-from-notify", test_started_from_notify);

  result = g_test_run ();
  hosted_clear ();
  return result;
}
