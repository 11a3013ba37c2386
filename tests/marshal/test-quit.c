/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A main loop that is told to quit while a call inside of it waits: OM-60. */

#include "../callfactory/test-feed.h"

#include <convoke-error.h>
#include <convoke-proxy.h>

#include "test-home.h"

typedef struct
{
  GMainLoop       *loop;
  ConvokeTestGate *gate;      /* holds the call that is waited for */
  GObject         *slow;      /* its object's proxy */
  GObject         *quitter;   /* proxy of an object of the loop's context, which quits it */
  ConvokeWaitFlags flags;
  double           price;
  gboolean         finished;
  gboolean         running;   /* the loop, when the call had returned */
} Scene;

static double
quit_loop (TestFeed    *feed,
           const char  *item,
           gpointer     data,
           GError     **error)
{
  Scene *scene = data;

  g_main_loop_quit (scene->loop);
  return 1;
}

static gpointer
quit_then_open_main (gpointer data)
{
  Scene *scene = data;

  convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (scene->quitter), "quit", NULL);
  convoke_test_gate_open (scene->gate);
  return NULL;
}

/* In the loop: a call waits and serves the context meanwhile. */
static gboolean
call_cb (gpointer data)
{
  Scene *scene = data;
  g_autoptr (ConvokeCall) call = convoke_create_call (scene->slow, CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  GThread *thread;

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_true (convoke_test_gate_wait_held (scene->gate, 1));
  thread = g_thread_new ("quitter", quit_then_open_main, scene);
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (call), CONVOKE_WAIT_DISPATCH_CALLS, 60 * G_USEC_PER_SEC, NULL));
  scene->finished = convoke_call_finish (call, "get_price", NULL, &scene->price);
  scene->running = g_main_loop_is_running (scene->loop);
  g_thread_join (thread);
  return G_SOURCE_REMOVE;
}

static void
test_served (void)
{
  Scene scene = { .gate = convoke_test_gate_new (), .loop = g_main_loop_new (NULL, FALSE) };
  g_autoptr (TestFeed) slow = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_at_gate, scene.gate);
  g_autoptr (TestFeed) quitter = test_feed_new (CONVOKE_THREADING_CONTEXT, quit_loop, &scene);

  g_test_summary ("OM-60: a quit that comes while a call waits does not end the call, and ends the loop after it");

  scene.slow = convoke_create_proxy (G_OBJECT (slow), NULL);
  scene.quitter = convoke_create_proxy (G_OBJECT (quitter), NULL);
  g_idle_add (call_cb, &scene);
  g_main_loop_run (scene.loop);

  g_assert_true (scene.finished);
  g_assert_cmpfloat (scene.price, ==, 3);
  g_assert_false (scene.running);

  g_object_unref (scene.slow);
  g_object_unref (scene.quitter);
  g_object_unref (scene.gate);
  g_main_loop_unref (scene.loop);
}

/* --- the callee calls back --- */

typedef struct
{
  GMainLoop *loop;
  GObject   *quitter;
  GObject   *caller;   /* proxy of what calls back */
  double     price;
  gint       n_later;
} BackScene;

static double
quit_back (TestFeed    *feed,
           const char  *item,
           gpointer     data,
           GError     **error)
{
  g_main_loop_quit (((BackScene *) data)->loop);
  return 2;
}

static double
call_back (TestFeed    *feed,
           const char  *item,
           gpointer     data,
           GError     **error)
{
  return 10 * convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (((BackScene *) data)->quitter), item, error);
}

static gboolean
count_later_cb (gpointer data)
{
  ((BackScene *) data)->n_later++;
  return G_SOURCE_REMOVE;
}

static gboolean
call_synchronously_cb (gpointer data)
{
  BackScene *scene = data;

  scene->price = convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (scene->caller), "tea", NULL);
  g_idle_add (count_later_cb, scene);
  return G_SOURCE_REMOVE;
}

/* On the other thread: a component of its context. */
static void
make_caller_cb (gpointer data)
{
  BackScene *scene = data;
  g_autoptr (TestFeed) caller = test_feed_new (CONVOKE_THREADING_CONTEXT, call_back, scene);

  scene->caller = convoke_create_proxy (G_OBJECT (caller), NULL);
}

static void
test_called_back (void)
{
  BackScene scene = { .loop = g_main_loop_new (NULL, FALSE) };
  g_autoptr (TestFeed) quitter = test_feed_new (CONVOKE_THREADING_CONTEXT, quit_back, &scene);
  g_autoptr (TestHome) home = test_home_new ();

  g_test_summary ("OM-60: so it is where the callee calls back, and nothing of the loop runs after it was to quit");

  scene.quitter = convoke_create_proxy (G_OBJECT (quitter), NULL);
  test_home_run (home, make_caller_cb, &scene);
  g_idle_add (call_synchronously_cb, &scene);
  g_main_loop_run (scene.loop);

  g_assert_cmpfloat (scene.price, ==, 20);
  g_assert_cmpint (scene.n_later, ==, 0);
  test_iterate_until (&scene.n_later);

  g_object_unref (scene.caller);
  g_object_unref (scene.quitter);
  g_main_loop_unref (scene.loop);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_require ("ConvokeTest", "1");

  g_test_add_func ("/marshal/quit/served", test_served);
  g_test_add_func ("/marshal/quit/called-back", test_called_back);

  return g_test_run ();
}
