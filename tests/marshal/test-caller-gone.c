/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A caller in another process that cancels, closes its connection or dies: RA-26, RA-27, T-RA-17. */

#include "../callfactory/test-feed.h"

#include <gio/gio.h>
#include <string.h>

#include "test-pair.h"
#include "test-home.h"

#define LONG (30 * G_USEC_PER_SEC)
#define BOTH (CONVOKE_SERVER_CALL_EVENTS_CANCEL | CONVOKE_SERVER_CALL_EVENTS_DISCONNECT)

/* The callee's side. */
static GAsyncQueue *server_calls;  /* of ConvokeServerCall: each call, as it comes */
static GAsyncQueue *told;          /* of ConvokeServerCallEvents */

static double
defer_price (TestFeed    *feed,
             const char  *item,
             gpointer     data,
             GError     **error)
{
  g_async_queue_push (server_calls, convoke_server_call_defer (G_OBJECT (feed), error));
  return 99;
}

static void
told_cb (ConvokeServerCall       *server_call,
         ConvokeServerCallEvents  event,
         gpointer                 data)
{
  g_async_queue_push (told, GUINT_TO_POINTER (event));
}

static ConvokeServerCall *
await_server_call (void)
{
  ConvokeServerCall *server_call = g_async_queue_timeout_pop (server_calls, LONG);

  g_assert_nonnull (server_call);
  return server_call;
}

static void
subscribe (ConvokeServerCall *server_call)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_server_call_subscribe (server_call, BOTH, NULL, told_cb, NULL, NULL, &error));
  g_assert_no_error (error);
}

static ConvokeServerCallEvents
await_told (void)
{
  return GPOINTER_TO_UINT (g_async_queue_timeout_pop (told, LONG));
}

static void
assert_told_no_more (void)
{
  g_assert_null (g_async_queue_try_pop (told));
}

static void
assert_nobody_gets_it (ConvokeServerCall *server_call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  g_assert_false (convoke_server_call_complete (server_call, &error, 2.5));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_assert_false (convoke_server_call_complete (server_call, &again, 2.5));
  g_assert_error (again, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
}

static void
hand_out_feed (void)
{
  test_pair_take_object (test_feed_new (CONVOKE_THREADING_SERIAL, defer_price, NULL));
}

/* --- both ends here --- */

typedef struct
{
  TestPair           pair;
  ConvokeCall       *call;
  ConvokeServerCall *server_call;
} Scene;

static void
scene_begin (Scene *self)
{
  g_autoptr (GObject) proxy = NULL;

  hand_out_feed ();
  test_pair_init (&self->pair);
  proxy = test_channel_get_object (self->pair.near);
  self->call = test_call_new (proxy);
  g_assert_true (convoke_call_begin (self->call, "get_price", NULL, "tea"));
  self->server_call = await_server_call ();
}

static void
scene_end (Scene *self)
{
  g_clear_object (&self->server_call);
  g_clear_object (&self->call);
  test_pair_clear (&self->pair);
  test_pair_clear_object ();
}

static void
close_near (Scene *self)
{
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "enough");

  convoke_channel_close (self->pair.near, why);
}

static void
test_closes (void)
{
  Scene scene;

  g_test_summary ("RA-26, RA-27: a caller that closes its connection: ClientDisconnect, once; the end that comes later reaches nobody");

  scene_begin (&scene);
  subscribe (scene.server_call);
  close_near (&scene);
  g_assert_cmpuint (await_told (), ==, CONVOKE_SERVER_CALL_EVENTS_DISCONNECT);
  assert_nobody_gets_it (scene.server_call);
  assert_told_no_more ();
  scene_end (&scene);
}

static void
test_closed_before (void)
{
  Scene scene;

  g_test_summary ("RA-26: whoever subscribes after the caller went is told");

  scene_begin (&scene);
  subscribe (scene.server_call);
  close_near (&scene);
  g_assert_cmpuint (await_told (), ==, CONVOKE_SERVER_CALL_EVENTS_DISCONNECT);
  subscribe (scene.server_call);
  g_assert_cmpuint (await_told (), ==, CONVOKE_SERVER_CALL_EVENTS_DISCONNECT);
  scene_end (&scene);
}

static void
test_cancels_then_closes (void)
{
  Scene scene;

  g_test_summary ("RA-26: a caller that cancels and then closes: ClientCancel, then ClientDisconnect");

  scene_begin (&scene);
  subscribe (scene.server_call);
  g_assert_true (convoke_call_cancel (scene.call, -1, NULL));
  g_assert_cmpuint (await_told (), ==, CONVOKE_SERVER_CALL_EVENTS_CANCEL);
  close_near (&scene);
  g_assert_cmpuint (await_told (), ==, CONVOKE_SERVER_CALL_EVENTS_DISCONNECT);
  assert_nobody_gets_it (scene.server_call);
  assert_told_no_more ();
  scene_end (&scene);
}

static void
test_abandons (void)
{
  Scene scene;
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-14, T-RA-9: an abortive cancel ends the call here at once; the server is told, and its answer is dropped");

  scene_begin (&scene);
  subscribe (scene.server_call);
  g_assert_true (convoke_call_cancel (scene.call, 0, NULL));
  g_assert_true (convoke_call_wait (scene.call, 0, NULL));
  g_assert_cmpuint (await_told (), ==, CONVOKE_SERVER_CALL_EVENTS_CANCEL);
  g_assert_cmpuint (convoke_server_call_get_cancel_status (scene.server_call), ==, 0);
  convoke_server_call_complete (scene.server_call, NULL, 2.5);
  g_assert_false (convoke_call_finish (scene.call, "get_price", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_RPC), ==, 1818);
  scene_end (&scene);
}

static void
test_obeys (void)
{
  Scene scene;
  g_autoptr (GError) reason = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-14, T-RA-9: a polite cancel with an obedient server completes when the server ends");

  scene_begin (&scene);
  subscribe (scene.server_call);
  g_assert_true (convoke_call_cancel (scene.call, -1, NULL));
  g_assert_cmpuint (await_told (), ==, CONVOKE_SERVER_CALL_EVENTS_CANCEL);
  g_assert_cmpint (convoke_call_get_state (scene.call), ==, CONVOKE_CALL_STATE_PENDING);
  g_assert_true (convoke_server_call_abort (scene.server_call, reason, NULL));
  g_assert_true (convoke_call_wait (scene.call, LONG, NULL));
  g_assert_cmpint (convoke_call_get_cancel_outcome (scene.call), ==, CONVOKE_CANCEL_OUTCOME_STOPPED);
  g_assert_false (convoke_call_finish (scene.call, "get_price", &error, NULL));
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_RPC), ==, 1818);
  scene_end (&scene);
}

static void
test_aborts (void)
{
  Scene scene;
  g_autoptr (GError) reason = g_error_new_literal (g_quark_from_static_string ("test-fault-quark"), 4711, "fault");
  g_autoptr (GError) error = NULL;
  double price = 1.5;

  g_test_summary ("RA-24, T-RA-13: a server in another process aborts with code 4711: the completion gives 4711, the outputs are not touched");

  scene_begin (&scene);
  g_assert_true (convoke_server_call_abort (scene.server_call, reason, NULL));
  g_assert_true (convoke_call_wait (scene.call, LONG, NULL));
  g_assert_false (convoke_call_finish (scene.call, "get_price", &error, &price));
  g_assert_error (error, reason->domain, 4711);
  g_assert_cmpfloat (price, ==, 1.5);
  scene_end (&scene);
}

static void
test_deaf (void)
{
  Scene scene;
  double price = 0;

  g_test_summary ("RA-14, T-RA-9: a polite cancel with a deaf server completes with the normal result");

  scene_begin (&scene);
  g_assert_true (convoke_call_cancel (scene.call, -1, NULL));
  g_assert_true (convoke_server_call_complete (scene.server_call, NULL, 2.5));
  g_assert_true (convoke_call_wait (scene.call, LONG, NULL));
  g_assert_true (convoke_call_finish (scene.call, "get_price", NULL, &price));
  g_assert_cmpfloat (price, ==, 2.5);
  scene_end (&scene);
}

static gpointer
complete_main (gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!convoke_server_call_complete (data, &error, 2.5))
    g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  return NULL;
}

static void
test_races (void)
{
  g_test_summary ("RA-26, RA-27, P-4: a caller that goes while the server completes: told at most once, ended exactly once, on both sides");

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GError) error = NULL;
      GThread *thread;
      Scene scene;

      scene_begin (&scene);
      subscribe (scene.server_call);
      thread = g_thread_new ("complete", complete_main, scene.server_call);
      if (i % 3 == 0)
        g_thread_yield ();
      close_near (&scene);
      g_thread_join (thread);

      g_assert_true (convoke_call_wait (scene.call, LONG, NULL));
      if (!convoke_call_finish (scene.call, "get_price", &error, NULL))
        g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
      scene_end (&scene);
    }

  /* Each of them told once at most, and what is on its way is told by now or never. */
  g_assert_cmpint (g_async_queue_length (told), <=, 100);
  while (g_async_queue_try_pop (told) != NULL)
    ;
}

/* --- the other end in a process --- */

#define CLIENT_FD 3

/* The caller: begins a call, and waits for an end that never comes. */
static int
client_main (void)
{
  ConvokeChannelOptions options = { .peer_name = "the test" };
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GObject) proxy = NULL;
  ConvokeChannel *channel = convoke_channel_new (CLIENT_FD, &options, NULL);

  if (channel == NULL || !convoke_channel_wait_ready (channel, -1, NULL, NULL))
    return 1;

  proxy = test_channel_get_object (channel);
  call = test_call_new (proxy);
  convoke_call_begin (call, "get_price", NULL, "tea");
  convoke_call_wait (call, -1, NULL);
  /* It holds the object until it is killed. */
  while (TRUE)
    g_usleep (G_USEC_PER_SEC);
}

static GSubprocess *
spawn_client (int fd)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  GSubprocess *client;

  g_subprocess_launcher_take_fd (launcher, fd, CLIENT_FD);
  client = g_subprocess_launcher_spawn (launcher, &error, self, "--client", NULL);
  g_assert_no_error (error);
  return client;
}

/* A channel to a process that has begun a call. */
static ConvokeChannel *
connect_client (GSubprocess **client)
{
  ConvokeChannelOptions options = { .peer_name = "the caller" };
  g_autoptr (GError) error = NULL;
  ConvokeChannel *channel;
  int fds[2];

  hand_out_feed ();
  convoke_request_handlers[CONVOKE_REQUEST_ACTIVATE] = test_pair_activate;
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  *client = spawn_client (fds[1]);
  channel = convoke_channel_new (fds[0], &options, &error);
  g_assert_no_error (error);

  return channel;
}

static void
kill_client (GSubprocess *client)
{
  g_subprocess_force_exit (client);
  g_assert_true (g_subprocess_wait (client, NULL, NULL));
}

static void
test_dies (void)
{
  g_autoptr (GSubprocess) client = NULL;
  ConvokeChannel *channel = connect_client (&client);
  g_autoptr (ConvokeServerCall) server_call = await_server_call ();

  g_test_summary ("T-RA-17: a caller's process that is killed: the server is told, may still complete, and nothing breaks");

  subscribe (server_call);
  kill_client (client);
  g_assert_cmpuint (await_told (), ==, CONVOKE_SERVER_CALL_EVENTS_DISCONNECT);
  assert_told_no_more ();
  assert_nobody_gets_it (server_call);

  convoke_channel_unref (channel);
  test_pair_clear_object ();
}

static void
gone_cb (gpointer  data,
         GObject  *where_it_was)
{
  g_async_queue_push (told, data);
}

static void
test_rundown (void)
{
  g_autoptr (GSubprocess) client = NULL;
  ConvokeChannel *channel = connect_client (&client);
  g_autoptr (ConvokeServerCall) server_call = await_server_call ();
  g_autoptr (GObject) object = convoke_server_call_dup_object (server_call);

  g_test_summary ("Context handles: an object that only one caller held goes with that caller's process, and its dispose cleans up");

  convoke_server_call_complete (server_call, NULL, 2.5);
  g_object_weak_ref (object, gone_cb, GUINT_TO_POINTER (4711));
  test_pair_clear_object ();
  g_clear_object (&server_call);
  g_clear_object (&object);
  g_assert_null (g_async_queue_timeout_pop (told, 20 * 1000));

  kill_client (client);
  g_assert_cmpuint (await_told (), ==, 4711);
  convoke_channel_unref (channel);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  if (argc > 1 && strcmp (argv[1], "--client") == 0)
    {
      test_require ("ConvokeTest", "1");
      return client_main ();
    }

  g_test_init (&argc, &argv, NULL);
  test_require ("ConvokeTest", "1");
  server_calls = g_async_queue_new ();
  told = g_async_queue_new ();

  g_test_add_func ("/marshal/caller-gone/closes", test_closes);
  g_test_add_func ("/marshal/caller-gone/closed-before", test_closed_before);
  g_test_add_func ("/marshal/caller-gone/cancels-then-closes", test_cancels_then_closes);
  g_test_add_func ("/marshal/caller-gone/abandons", test_abandons);
  g_test_add_func ("/marshal/caller-gone/obeys", test_obeys);
  g_test_add_func ("/marshal/caller-gone/deaf", test_deaf);
  g_test_add_func ("/marshal/caller-gone/aborts", test_aborts);
  g_test_add_func ("/marshal/caller-gone/dies", test_dies);
  g_test_add_func ("/marshal/caller-gone/rundown", test_rundown);
  g_test_add_func ("/marshal/caller-gone/races", test_races);

  result = g_test_run ();
  g_async_queue_unref (told);
  g_async_queue_unref (server_calls);
  return result;
}
