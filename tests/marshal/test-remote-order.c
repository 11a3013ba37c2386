/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Calls to another process as RPC's clients see them: order (RA-28, RA-30), SendComplete (RA-5), status (RA-10). */

#include "../callfactory/test-feed.h"

#include <stdlib.h>

#include "test-pair.h"
#include "test-home.h"

#define LONG (60 * G_USEC_PER_SEC)
#define N_CALLS 1000

static GMutex     lock;
static GPtrArray *started;  /* LOCK: lock; (owned): what has started, in that order */

static double
note_start (TestFeed    *feed,
            const char  *item,
            gpointer     data,
            GError     **error)
{
  if (g_str_equal (item, "-"))
    convoke_test_gate_pass (data);

  g_mutex_lock (&lock);
  g_ptr_array_add (started, g_strdup (item));
  g_mutex_unlock (&lock);

  return 1;
}

typedef struct
{
  TestPair         pair;
  TestHome        *home;   /* of an object of a main context */
  ConvokeTestGate *gate;
  GObject         *proxy;
  GPtrArray       *calls;
} Scene;

typedef struct
{
  ConvokeThreading  threading;
  ConvokeTestGate  *gate;
  TestFeed         *feed;
} Making;

static void
make_cb (gpointer data)
{
  Making *making = data;

  making->feed = test_feed_new (making->threading, note_start, making->gate);
}

static void
scene_init (Scene           *self,
            ConvokeThreading threading)
{
  Making making = { threading, };

  started = g_ptr_array_new_with_free_func (g_free);
  self->gate = convoke_test_gate_new ();
  self->home = threading == CONVOKE_THREADING_CONTEXT ? test_home_new () : NULL;
  making.gate = self->gate;
  if (self->home != NULL)
    test_home_run (self->home, make_cb, &making);
  else
    make_cb (&making);
  test_pair_take_object (making.feed);
  test_pair_init (&self->pair);
  self->proxy = test_channel_get_object (self->pair.near);
  self->calls = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
scene_clear (Scene *self)
{
  g_ptr_array_unref (self->calls);
  g_object_unref (self->proxy);
  test_pair_clear (&self->pair);
  test_pair_clear_object ();
  g_clear_pointer (&self->home, test_home_free);
  g_object_unref (self->gate);
  g_clear_pointer (&started, g_ptr_array_unref);
}

static void
begin (Scene      *self,
       const char *item,
       gboolean    ordered)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = test_call_new (self->proxy);

  convoke_call_set_ordered (call, ordered);
  g_assert_true (convoke_call_begin (call, "get_price", &error, item));
  g_assert_no_error (error);
  g_ptr_array_add (self->calls, call);
}

static void
wait_all (Scene *self)
{
  for (guint i = 0; i < self->calls->len; i++)
    g_assert_true (convoke_call_wait (self->calls->pdata[i], LONG, NULL));
}

static void
assert_started (const char *expected)
{
  g_autoptr (GString) joined = g_string_new (NULL);

  g_mutex_lock (&lock);
  for (guint i = 0; i < started->len; i++)
    g_string_append (joined, started->pdata[i]);
  g_mutex_unlock (&lock);

  g_assert_cmpstr (joined->str, ==, expected);
}

static void
check_thousand (ConvokeThreading threading)
{
  Scene scene;

  scene_init (&scene, threading);
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_autofree char *item = g_strdup_printf ("%u", i);

      begin (&scene, item, TRUE);
    }
  wait_all (&scene);
  g_assert_cmpuint (started->len, ==, N_CALLS);
  for (guint i = 0; i < N_CALLS; i++)
    g_assert_cmpint (atoi (started->pdata[i]), ==, i);
  scene_clear (&scene);
}

static void
test_context (void)
{
  g_test_summary ("RA-28: a thousand calls to a main context of another process start in their order");

  check_thousand (CONVOKE_THREADING_CONTEXT);
}

static void
test_serial (void)
{
  g_test_summary ("RA-28: a thousand calls to a serial object of another process start in their order");

  check_thousand (CONVOKE_THREADING_SERIAL);
}

static void
test_unordered (void)
{
  Scene scene;

  g_test_summary ("RA-30: a call without order passes those that wait in another process");

  scene_init (&scene, CONVOKE_THREADING_SERIAL);
  begin (&scene, "-", TRUE);
  g_assert_true (convoke_test_gate_wait_held (scene.gate, 1));
  begin (&scene, "a", TRUE);
  begin (&scene, "b", TRUE);
  begin (&scene, "X", FALSE);
  /* A synchronous answer of the same connection: all before it have arrived. */
  {
    g_autoptr (GObject) again = test_channel_get_object (scene.pair.near);
  }
  convoke_test_gate_open (scene.gate);
  wait_all (&scene);
  assert_started ("-Xab");
  scene_clear (&scene);
}

/* --- notices --- */

typedef struct
{
  GMutex            lock;
  ConvokeCallNotice notices[4];  /* LOCK: lock */
  guint             n;           /* LOCK: lock */
} Told;

static void
told_cb (ConvokeCall       *call,
         ConvokeCallNotice  notice,
         gpointer           data)
{
  Told *told = data;

  g_mutex_lock (&told->lock);
  told->notices[told->n++] = notice;
  g_mutex_unlock (&told->lock);
}

static guint
told_count (Told *told)
{
  guint n;

  g_mutex_lock (&told->lock);
  n = told->n;
  g_mutex_unlock (&told->lock);

  return n;
}

static void
test_sent (void)
{
  g_autoptr (ConvokeCall) call = NULL;
  Told told = { 0, };
  Scene scene;

  g_test_summary ("RA-5: SendComplete is told when the connection has taken the request, and before CallComplete");

  scene_init (&scene, CONVOKE_THREADING_SERIAL);
  call = test_call_new (scene.proxy);
  convoke_call_add_direct_callback (call, told_cb, &told, NULL);
  convoke_call_set_notify_sent (call, TRUE);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "-"));
  g_assert_cmpuint (told_count (&told), ==, 1);
  g_assert_true (convoke_test_gate_wait_held (scene.gate, 1));
  convoke_test_gate_open (scene.gate);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  while (told_count (&told) < 2)
    g_thread_yield ();
  g_assert_cmpint (told.notices[0], ==, CONVOKE_CALL_NOTICE_SENT);
  g_assert_cmpint (told.notices[1], ==, CONVOKE_CALL_NOTICE_COMPLETED);
  scene_clear (&scene);
}

static void
test_sent_fast (void)
{
  Scene scene;

  g_test_summary ("RA-5: and so it is however fast the answer comes");

  scene_init (&scene, CONVOKE_THREADING_SERIAL);
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (ConvokeCall) call = test_call_new (scene.proxy);
      Told told = { 0, };

      convoke_call_add_direct_callback (call, told_cb, &told, NULL);
      convoke_call_set_notify_sent (call, TRUE);
      g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
      g_assert_true (convoke_call_wait (call, LONG, NULL));
      while (told_count (&told) < 2)
        g_thread_yield ();
      g_assert_cmpint (told.notices[0], ==, CONVOKE_CALL_NOTICE_SENT);
      g_assert_cmpint (told.notices[1], ==, CONVOKE_CALL_NOTICE_COMPLETED);
    }
  scene_clear (&scene);
}

static void
test_sent_nowhere (void)
{
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "enough");
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  Told told = { 0, };
  Scene scene;

  g_test_summary ("RA-8, T-RA-5: a begin that fails because the connection has ended tells nothing");

  scene_init (&scene, CONVOKE_THREADING_SERIAL);
  call = test_call_new (scene.proxy);
  convoke_call_add_direct_callback (call, told_cb, &told, NULL);
  convoke_call_set_notify_sent (call, TRUE);
  convoke_channel_close (scene.pair.near, why);
  g_assert_false (convoke_call_begin (call, "get_price", &error, "tea"));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_assert_cmpuint (told_count (&told), ==, 0);
  scene_clear (&scene);
}

static void
test_status (void)
{
  g_autoptr (GError) idle = NULL;
  g_autoptr (GError) pending = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  Scene scene;

  g_test_summary ("RA-10, T-RA-3: 1702 while idle, 997 while pending, success when the reply is here");

  scene_init (&scene, CONVOKE_THREADING_SERIAL);
  call = test_call_new (scene.proxy);
  g_assert_false (convoke_call_check_status (call, &idle));
  g_assert_cmpuint (convoke_error_to_status (idle, CONVOKE_ERROR_FAMILY_RPC), ==, 1702);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "-"));
  g_assert_true (convoke_test_gate_wait_held (scene.gate, 1));
  g_assert_false (convoke_call_check_status (call, &pending));
  g_assert_cmpuint (convoke_error_to_status (pending, CONVOKE_ERROR_FAMILY_RPC), ==, 997);
  convoke_test_gate_open (scene.gate);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_true (convoke_call_check_status (call, NULL));
  g_assert_true (convoke_call_finish (call, "get_price", NULL, NULL));
  scene_clear (&scene);
}

#define ADD(path, func) g_test_add_func ("/marshal/remote-order/" path, func)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_require ("ConvokeTest", "1");

  ADD ("context", test_context);
  ADD ("serial", test_serial);
  ADD ("unordered", test_unordered);
  ADD ("sent", test_sent);
  ADD ("sent-fast", test_sent_fast);
  ADD ("sent-nowhere", test_sent_nowhere);
  ADD ("status", test_status);

  return g_test_run ();
}
