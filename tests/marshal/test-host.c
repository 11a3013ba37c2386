/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Components in other processes: how their hosts are found, shared, started
 * and ended.
 */

#include "config.h"

#include "hosted.h"

#include "convoke-call.h"
#include "convoke-child-private.h"

#include <sys/socket.h>

/* --- a host that is none: the test program itself, when it is called so --- */

static void
say (ConvokeWireWriter *message)
{
  guint32 length = GUINT32_TO_LE (message->length);

  memcpy (message->data, &length, sizeof length);
  g_assert_cmpint (write (3, message->data, message->length), ==, message->length);
}

static void
say_hello (guint16 version)
{
  ConvokeWireWriter message;

  convoke_wire_writer_init (&message);
  convoke_wire_begin_message (&message, CONVOKE_MESSAGE_HELLO, 0, 0);
  convoke_wire_put_u32 (&message, 0x454b5643u);
  convoke_wire_put_u16 (&message, version);
  convoke_wire_put_u16 (&message, version);
  convoke_wire_put_string (&message, "9.7");
  say (&message);
}

static void
say_goodbye (void)
{
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_SERVER_STOPPING, "Idle");
  ConvokeWireWriter message;

  convoke_wire_writer_init (&message);
  convoke_wire_begin_message (&message, CONVOKE_MESSAGE_GOODBYE, 0, 0);
  convoke_wire_put_error (&message, why);
  say (&message);
}

/* Both messages of the other side: its greeting and its request, which come as one or two. */
static void
wait_for_request (void)
{
  char buffer[4096];
  ConvokeMessageHeader header;
  gssize n, have = 0;

  while ((n = recv (3, buffer + have, sizeof buffer - have, 0)) > 0)
    {
      have += n;
      if (convoke_wire_parse_header ((guint8 *) buffer, have, &header, NULL) && have > (gssize) header.length)
        return;
    }
}

/* Says goodbye to the first request of all; later ones go to the real host. */
static int
be_late (char *argv[])
{
  g_autofree char *real = g_build_filename (g_getenv ("FAKE_REAL"), "convoke-host", NULL);
  const char *marker = g_getenv ("FAKE_MARKER");

  if (g_file_test (marker, G_FILE_TEST_EXISTS))
    return execv (real, argv);

  g_file_set_contents (marker, "", 0, NULL);
  say_hello (1);
  wait_for_request ();
  say_goodbye ();
  return 0;
}

static int
be_fake_host (char *argv[])
{
  const char *what = g_getenv ("FAKE");

  if (g_str_equal (what, "version"))
    say_hello (77);
  else if (g_str_equal (what, "garbage"))
    return write (3, "GET / HTTP/1.1\r\n\r\n", 18) < 0;
  else if (g_str_equal (what, "late"))
    return be_late (argv);

  for (;;)
    pause ();
  return 0;
}

static GObject *
activate_fake (const char    *name,
               const char    *what,
               const char    *more,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autofree char *path = g_strdup (g_getenv ("CONVOKE_HOST_PATH"));
  g_autofree char *marker = g_build_filename (hosted_directory, "fake.marker", NULL);
  g_autofree char *link = g_build_filename (hosted_directory, "convoke-host", NULL);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_auto (GStrv) dirs = g_strsplit (path, ":", 2);
  g_autofree char *text = g_strdup_printf ("IdleTimeout=0\nEnvironment=FAKE=%s;FAKE_MARKER=%s;FAKE_REAL=%s\n%s",
                                           what, marker, dirs[0], more);
  g_autoptr (ConvokeComponentFile) file = load_c (name, text);
  GObject *object;

  g_remove (marker);
  if (!g_file_test (link, G_FILE_TEST_EXISTS))
    g_assert_cmpint (symlink (self, link), ==, 0);
  g_setenv ("CONVOKE_HOST_PATH", hosted_directory, TRUE);
  object = try_activate (file, -1, cancellable, NULL, error);
  g_setenv ("CONVOKE_HOST_PATH", path, TRUE);
  g_remove (link);

  return object;
}

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

static ConvokeCall *
begin (ConvokeTestPriceFeed *feed,
       const char           *item)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_create_call (G_OBJECT (feed), CONVOKE_TEST_TYPE_PRICE_FEED, &error);

  g_assert_no_error (error);
  convoke_call_begin (call, "get_price", &error, item);
  g_assert_no_error (error);
  return call;
}

static double
finish (ConvokeCall  *call,
        GError      **error)
{
  double price = 0;

  g_assert_true (convoke_call_wait (call, 30 * G_USEC_PER_SEC, NULL));
  convoke_call_finish (call, "get_price", error, &price);
  return price;
}

static void
test_main_thread_blocked (void)
{
  g_autoptr (ConvokeComponentFile) slow_file = load_c ("test.Slow", "Group=test.Blocked\nIdleTimeout=0\n");
  g_autoptr (ConvokeComponentFile) quick_file = load_c ("test.Quick", "Group=test.Blocked\nThreading=any\nIdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) slow = activate (slow_file), quick = activate (quick_file);
  g_autoptr (ConvokeCall) blocking = begin (slow, "until-cancelled");
  g_autoptr (GError) error = NULL;

  g_test_summary ("D6: while a method blocks a host's main thread, others are answered and it can be cancelled");

  for (int i = 0; i < 20; i++)
    {
      g_autoptr (ConvokeCall) call = begin (quick, "pid");

      g_assert_cmpfloat (finish (call, &error), >, 0);
      g_assert_no_error (error);
    }

  convoke_call_cancel (blocking, -1, &error);
  g_assert_no_error (error);
  finish (blocking, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
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

/* A host that @keep was asked for stays without objects, until @give_up. */
static void
try_keeping (const char *name,
             const char *keep,
             const char *give_up)
{
  g_autoptr (ConvokeComponentFile) file = load_c (name, "IdleTimeout=0.05\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  GPid pid = ask_pid (feed);

  g_assert_cmpfloat (ask (feed, keep), ==, 1);
  g_clear_object (&feed);
  g_usleep (300 * 1000);

  feed = activate (file);
  g_assert_cmpint (ask_pid (feed), ==, pid);
  ask (feed, give_up);
  g_clear_object (&feed);
  assert_goes (pid);
}

static void
test_held (void)
{
  g_test_summary ("OM-35: a host that a component holds does not go for being idle, until it is released");

  try_keeping ("test.Held", "hold", "release");
}

static void
test_locked (void)
{
  g_test_summary ("OM-40: nor does one of which a class factory is locked");

  try_keeping ("test.Locked", "lock", "unlock");
}

static void
test_released (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Released", "IdleTimeout=10\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autoptr (ConvokeTestPriceFeed) other = NULL;

  g_test_summary ("OM-35: what is not used by itself any more still makes the components of its keyfiles");

  g_assert_cmpfloat (ask (feed, "hold"), ==, 1);
  g_assert_cmpfloat (ask (feed, "release"), ==, 0);
  other = activate (file);
  g_assert_cmpint (ask_pid (other), ==, ask_pid (feed));
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
test_hung_host (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Hung", "StartTimeout=0.5\nIdleTimeout=0\n");
  ConvokeTestPriceFeed *feed = activate (file);
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GObject) other = NULL;
  g_autoptr (GError) error = NULL;
  GPid pid = ask_pid (feed);

  g_test_summary ("A shared host that hangs, and of which nobody has anything, is replaced");

  call = convoke_create_call (G_OBJECT (feed), CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  /* Long enough to get there. */
  convoke_call_set_timeout (call, G_USEC_PER_SEC);
  convoke_call_begin (call, "get_price", &error, "hang");
  g_assert_no_error (error);
  convoke_call_wait (call, PATIENCE, &error);
  g_assert_no_error (error);

  g_assert_null (try_activate (file, -1, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_false (is_gone (pid));
  g_clear_error (&error);

  g_clear_object (&call);
  g_clear_object (&feed);
  g_assert_null (try_activate (file, -1, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_clear_error (&error);
  assert_goes (pid);

  other = try_activate (file, -1, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ask_pid (CONVOKE_TEST_PRICE_FEED (other)), !=, pid);
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
test_other_version (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A host of another version is told apart from one that is broken");

  g_assert_null (activate_fake ("test.Version", "version", "", NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH);
  assert_contains (error, "Convoke 9.7");
  assert_contains (error, "versions 77 to 77");
}

static void
test_garbage (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A host that speaks something else is refused");

  g_assert_null (activate_fake ("test.Garbage", "garbage", "", NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
}

static void
test_silent (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("StartTimeout= bounds the start of a process that says nothing");

  g_assert_null (activate_fake ("test.Silent", "silent", "StartTimeout=0.2\n", NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  assert_contains (error, "(test.Silent)");
}

static void
test_cancel_silent (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread = g_thread_new ("cancel", cancel_cb, cancellable);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An activation can be cancelled while its process says nothing");

  g_assert_null (activate_fake ("test.CancelSilent", "silent", "StartTimeout=3600\n", cancellable, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_thread_join (thread);
}

static void
test_late (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = activate_fake ("test.Late", "late", "", NULL, &error);

  g_test_summary ("An activation that a host answers with its goodbye gets a new host");

  g_assert_no_error (error);
  ask_pid (CONVOKE_TEST_PRICE_FEED (object));
}

/* --- a host without a placer --- */

static ConvokeChild *
spawn_host (int *socket)
{
  g_auto (GStrv) dirs = g_strsplit (g_getenv ("CONVOKE_HOST_PATH"), ":", 2);
  g_autofree char *path = g_build_filename (dirs[0], "convoke-host", NULL);
  g_auto (GStrv) environment = g_get_environ ();
  const char *argv[] = { path, "test.Bare", NULL };
  g_autoptr (GError) error = NULL;
  ConvokeChild *child = convoke_child_spawn ("test.Bare", argv, (const char * const *) environment, socket, &error);

  g_assert_no_error (error);
  return child;
}

static void
test_closed_socket (void)
{
  int socket;
  g_autoptr (ConvokeChild) child = spawn_host (&socket);
  g_autoptr (GError) end = NULL;

  g_test_summary ("A host whose socket is closed ends, with status 0");

  close (socket);
  g_assert_true (convoke_child_wait (child, PATIENCE));
  end = convoke_child_dup_end (child);
  assert_contains (end, "ended with status 0");
}

static void
test_stranger (void)
{
  int socket;
  g_autoptr (ConvokeChild) child = spawn_host (&socket);
  g_autoptr (GError) end = NULL;

  g_test_summary ("A host to which somebody speaks something else ends, with status 1 and a word");

  g_assert_cmpint (send (socket, "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL), ==, 18);
  g_assert_true (convoke_child_wait (child, PATIENCE));
  end = convoke_child_dup_end (child);
  assert_contains (end, "ended with status 1; its last words:\nconvoke-host: ");
  close (socket);
}

static void
test_missing_host (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Missing", "");
  g_autofree char *path = g_strdup (g_getenv ("CONVOKE_HOST_PATH"));
  g_autoptr (GError) error = NULL, unavailable = NULL;

  g_test_summary ("A host that is not installed fails with SERVER_EXEC_FAILURE naming where it was looked for");

  if (g_file_test (CONVOKE_HOST_DIR "/convoke-host", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("This configuration is installed, and so is its host");
      return;
    }

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

  if (g_str_has_suffix (argv[0], "/convoke-host"))
    _exit (be_fake_host (argv));

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
  g_test_add_func ("/marshal/host/main-thread-blocked", test_main_thread_blocked);
  g_test_add_func ("/marshal/host/idle-exit", test_idle_exit);
  g_test_add_func ("/marshal/host/idle-race", test_idle_race);
  g_test_add_func ("/marshal/host/held", test_held);
  g_test_add_func ("/marshal/host/locked", test_locked);
  g_test_add_func ("/marshal/host/released", test_released);
  g_test_add_func ("/marshal/host/thread-does-not-hold", test_thread_does_not_hold);
  g_test_add_func ("/marshal/host/death", test_death);
  g_test_add_func ("/marshal/host/start-death", test_start_death);
  g_test_add_func ("/marshal/host/start-exit", test_start_exit);
  g_test_add_func ("/marshal/host/start-timeout", test_start_timeout);
  g_test_add_func ("/marshal/host/hung-host", test_hung_host);
  g_test_add_func ("/marshal/host/deadline", test_deadline);
  g_test_add_func ("/marshal/host/cancel", test_cancel);
  g_test_add_func ("/marshal/host/concurrent", test_concurrent);
  g_test_add_func ("/marshal/host/other-version", test_other_version);
  g_test_add_func ("/marshal/host/garbage", test_garbage);
  g_test_add_func ("/marshal/host/silent", test_silent);
  g_test_add_func ("/marshal/host/cancel-silent", test_cancel_silent);
  g_test_add_func ("/marshal/host/late", test_late);
  g_test_add_func ("/marshal/host/closed-socket", test_closed_socket);
  g_test_add_func ("/marshal/host/stranger", test_stranger);
  g_test_add_func ("/marshal/host/missing-host", test_missing_host);
  g_test_add_func ("/marshal/host/unknown-loader", test_unknown_loader);
  g_test_add_func ("/marshal/host/no-socket", test_no_socket);
  g_test_add_func ("/marshal/host/nothing-left", test_nothing_left);

  result = g_test_run ();
  hosted_clear ();
  return result;
}
