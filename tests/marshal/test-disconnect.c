/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects that are taken away from their clients, and objects that are kept for somebody: OM-55, OM-57. */

#include "../callfactory/test-feed.h"

#include <convoke-call-face.h>
#include <convoke-disconnect.h>
#include <convoke-error.h>
#include <convoke-interface-table.h>
#include <convoke-proxy.h>
#include <convoke-token.h>
#include <convoke-unknown.h>

#include "test-home.h"
#include "test-pair.h"

/* --- helpers --- */

static double
get_price (gpointer  proxy,
           GError  **error)
{
  return convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "tea", error);
}

static void
assert_disconnected (gpointer proxy)
{
  g_autoptr (GError) error = NULL;

  get_price (proxy, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
}

static void
disconnect (gpointer object)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_disconnect_object (object, &error));
  g_assert_no_error (error);
}

/* The last reference can go on another thread, which comes to it soon. */
static void
wait_for_live (guint (*count_live) (void),
               guint   n)
{
  gint64 limit = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (count_live () != n && g_get_monotonic_time () < limit)
    g_thread_yield ();
  g_assert_cmpuint (count_live (), ==, n);
}

static void
count_invalid_cb (GObject      *proxy,
                  const GError *why,
                  gpointer      data)
{
  g_assert_error (why, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_atomic_int_inc ((gint *) data);
}

static ConvokeCall *
begin (gpointer object)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_create_call (object, CONVOKE_TEST_TYPE_PRICE_FEED, &error);

  g_assert_no_error (error);
  g_assert_true (convoke_call_begin (call, "get_price", &error, "tea"));
  g_assert_no_error (error);
  return call;
}

static double
finish (ConvokeCall  *call,
        GError      **error)
{
  double price = -1;

  g_assert_true (convoke_call_wait (call, 30 * G_USEC_PER_SEC, NULL));
  convoke_call_finish (call, "get_price", error, &price);
  return price;
}

/* --- proxies --- */

static void
test_proxy (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = test_home_adopt (home, server);
  gint n_invalid = 0;

  g_test_summary ("OM-55: the proxy of an object that was disconnected fails, keeps nothing, and tells it");

  g_signal_connect (proxy, "invalid", G_CALLBACK (count_invalid_cb), &n_invalid);
  g_assert_cmpfloat (get_price (proxy, NULL), ==, 1.5);
  disconnect (proxy);
  assert_disconnected (proxy);
  test_iterate_until (&n_invalid);
  g_assert_cmpint (n_invalid, ==, 1);

  g_clear_pointer (&home, test_home_free);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
  assert_disconnected (proxy);
}

static void
test_again (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (ConvokeTestServer) server = test_home_bind (home, convoke_test_server_new ());
  g_autoptr (GObject) before = convoke_create_proxy (G_OBJECT (server), NULL);
  g_autoptr (GObject) after = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-55: an object that was disconnected can be handed out again, as another proxy");

  disconnect (server);
  after = convoke_create_proxy (G_OBJECT (server), &error);
  g_assert_no_error (error);
  g_assert_true (after != before);
  g_assert_true (convoke_same_object (after, G_OBJECT (server)));
  g_assert_false (convoke_same_object (before, G_OBJECT (server)));
  g_assert_cmpfloat (get_price (after, &error), ==, 1.5);
  g_assert_no_error (error);
  assert_disconnected (before);
}

static void
test_twice (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (ConvokeTestServer) server = test_home_bind (home, convoke_test_server_new ());
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (server), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-55: disconnecting what nobody has is no failure, but what stands for nothing cannot be disconnected");

  disconnect (server);
  disconnect (server);
  g_assert_false (convoke_disconnect_object (proxy, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
}

static void
test_properties (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (ConvokeTestServer) server = test_home_bind (home, convoke_test_server_new ());
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (server), NULL);
  g_autofree char *currency = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-55: properties of a proxy that was disconnected are not there");

  disconnect (server);
  g_object_get (proxy, "currency", &currency, NULL);
  g_assert_null (currency);
  error = convoke_dup_last_error (proxy);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
}

static void
tick_cb (gpointer data)
{
  convoke_test_server_tick (data, 1, "one");
}

static void
test_signals (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (ConvokeTestServer) server = test_home_bind (home, convoke_test_server_new ());
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (server), NULL);
  gint n_ticks = 0;

  g_test_summary ("OM-55: signals of an object that was disconnected do not arrive");

  g_signal_connect_swapped (proxy, "ticked", G_CALLBACK (g_atomic_int_inc), &n_ticks);
  test_home_run (home, tick_cb, server);
  test_iterate_until (&n_ticks);
  disconnect (server);
  test_home_run (home, tick_cb, server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (n_ticks, ==, 1);
}

static void
test_facet (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = test_home_adopt (home, convoke_test_server_new ());
  g_autoptr (GObject) other = convoke_query_interface (proxy, CONVOKE_TEST_TYPE_EVERY, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-55, OM-2: a proxy that was disconnected answers for its interfaces as before; it knows of no others");

  disconnect (proxy);
  g_object_unref (convoke_query_interface (proxy, CONVOKE_TEST_TYPE_EVERY, &error));
  g_assert_no_error (error);
  g_assert_null (convoke_query_interface (proxy, G_TYPE_LIST_MODEL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
}

/* --- calls --- */

static void
test_queued (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_at_gate, gate);
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (feed), NULL);
  g_autoptr (ConvokeCall) running = begin (proxy);
  g_autoptr (ConvokeCall) queued = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-55: a call that waits for its turn ends with the disconnect, and one that runs as it ends");

  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  queued = begin (proxy);
  disconnect (feed);
  finish (queued, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_clear_error (&error);

  convoke_test_gate_open (gate);
  g_assert_cmpfloat (finish (running, &error), ==, 3);
  g_assert_no_error (error);
}

static void
test_own_queued (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_at_gate, gate);
  g_autoptr (ConvokeCall) running = begin (feed);
  g_autoptr (ConvokeCall) queued = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-55: what the object's own program calls on the object itself goes on");

  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  queued = begin (feed);
  disconnect (feed);
  convoke_test_gate_open (gate);
  g_assert_cmpfloat (finish (running, &error), ==, 3);
  g_assert_no_error (error);
  g_assert_cmpfloat (finish (queued, &error), ==, 3);
  g_assert_no_error (error);
}

static double
defer_price (TestFeed    *feed,
             const char  *item,
             gpointer     data,
             GError     **error)
{
  g_atomic_pointer_set ((ConvokeServerCall **) data, convoke_server_call_defer (G_OBJECT (feed), NULL));
  return 0;
}

static void
test_deferred (void)
{
  ConvokeServerCall *server_call = NULL;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, defer_price, &server_call);
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (feed), NULL);
  g_autoptr (ConvokeCall) call = begin (proxy);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-55: a call that was deferred ends with the disconnect; who would complete it is told that it has");

  while (g_atomic_pointer_get (&server_call) == NULL)
    g_thread_yield ();
  disconnect (feed);
  finish (call, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_clear_error (&error);

  g_assert_false (convoke_server_call_complete (server_call, &error, 1.0));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_object_unref (server_call);
}

static double
disconnect_price (TestFeed    *feed,
                  const char  *item,
                  gpointer     data,
                  GError     **error)
{
  disconnect (feed);
  return 7;
}

static void
test_inside (void)
{
  TestFeed *feed = test_feed_new (CONVOKE_THREADING_SERIAL, disconnect_price, NULL);
  guint before = test_feed_count_live ();
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (feed), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-55: an object can be disconnected from inside of a call on it, which ends as it ends");

  g_object_unref (feed);
  g_assert_cmpfloat (get_price (proxy, &error), ==, 7);
  g_assert_no_error (error);
  assert_disconnected (proxy);
  wait_for_live (test_feed_count_live, before - 1);
}

static void
test_inside_direct (void)
{
  TestFeed *feed = test_feed_new (CONVOKE_THREADING_CONTEXT, disconnect_price, NULL);
  guint before = test_feed_count_live ();
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (feed), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-55: so it is where the proxy calls the object directly");

  g_object_unref (feed);
  g_assert_cmpfloat (get_price (proxy, &error), ==, 7);
  g_assert_no_error (error);
  assert_disconnected (proxy);
  wait_for_live (test_feed_count_live, before - 1);
}

static void
test_call_object (void)
{
  gint n_calls = 0;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_by_length, &n_calls);
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (feed), NULL);
  g_autoptr (ConvokeCall) call = begin (proxy);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-55: call objects of a proxy fail with it, and it gives no new ones");

  g_assert_cmpfloat (finish (call, NULL), ==, 3);
  disconnect (feed);
  g_assert_false (convoke_call_begin (call, "get_price", &error, "tea"));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_clear_error (&error);
  g_assert_null (convoke_create_call (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
}

static void
test_call_face (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (ConvokeTestServer) server = test_home_bind (home, convoke_test_server_new ());
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (server), NULL);
  g_autoptr (ConvokeCall) call = convoke_create_call (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  g_autoptr (GObject) face = convoke_call_dup_begin_face (call, NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-55: what begins calls has no properties of an object that was disconnected");

  g_object_get (face, "currency", &before, NULL);
  g_assert_nonnull (before);
  disconnect (server);
  g_object_get (face, "currency", &after, NULL);
  g_assert_null (after);
  error = convoke_dup_last_error (face);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
}

static gpointer
call_until_disconnected (gpointer proxy)
{
  g_autoptr (GError) error = NULL;

  while (error == NULL)
    get_price (proxy, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  return NULL;
}

static void
race (ConvokeThreading threading)
{
  gint n_calls = 0;
  guint before = test_feed_count_live ();
  TestFeed *feed = test_feed_new (threading, test_price_by_length, &n_calls);
  GObject *proxy = convoke_create_proxy (G_OBJECT (feed), NULL);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("caller", call_until_disconnected, proxy);
  while (g_atomic_int_get (&n_calls) == 0)
    g_thread_yield ();
  g_object_unref (feed);
  disconnect (proxy);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_finalize_object (proxy);
  wait_for_live (test_feed_count_live, before);
}

static void
test_race (void)
{
  g_test_summary ("OM-55: of threads that call at the moment each gets a result or the disconnect, and the object is gone after the last");

  for (guint i = 0; i < 20; i++)
    {
      race (CONVOKE_THREADING_SERIAL);
      race (CONVOKE_THREADING_ANY);
    }
}

/* --- over a connection --- */

typedef struct
{
  TestPair           pair;
  ConvokeTestServer *server;   /* (borrowed) */
  GObject           *proxy;
} Connected;

static void
connected_init (Connected *self)
{
  g_autoptr (ConvokeApartment) serial = convoke_apartment_new_serial ();

  self->server = convoke_test_server_new ();
  convoke_apartment_bind (serial, G_OBJECT (self->server), NULL);
  test_pair_take_object (self->server);
  test_pair_init (&self->pair);
  self->proxy = test_channel_get_object (self->pair.near);
  g_assert_cmpfloat (get_price (self->proxy, NULL), ==, 1.5);
}

static void
connected_clear (Connected *self)
{
  g_clear_object (&self->proxy);
  test_pair_clear_object ();
  test_pair_clear (&self->pair);
}

static void
test_connection (void)
{
  Connected connected;
  g_autoptr (GError) end = NULL;
  gint n_invalid = 0;
  GObject *again;

  g_test_summary ("OM-55: the proxies of other processes fail and tell it as well, and the connection goes on");

  connected_init (&connected);
  g_signal_connect (connected.proxy, "invalid", G_CALLBACK (count_invalid_cb), &n_invalid);
  disconnect (connected.server);
  assert_disconnected (connected.proxy);
  test_iterate_until (&n_invalid);
  assert_disconnected (connected.proxy);
  g_assert_cmpint (n_invalid, ==, 1);

  again = test_channel_get_object (connected.pair.near);
  g_assert_true (again != connected.proxy);
  g_clear_object (&connected.proxy);
  g_assert_cmpfloat (get_price (again, NULL), ==, 1.5);
  g_object_unref (again);
  end = convoke_channel_dup_end_reason (connected.pair.near);
  g_assert_no_error (end);
  end = convoke_channel_dup_end_reason (connected.pair.far);
  g_assert_no_error (end);
  connected_clear (&connected);
}

static void
test_connection_releases (void)
{
  guint before = convoke_test_server_count_live ();
  Connected connected;

  g_test_summary ("OM-55: what another process held is released at once");

  connected_init (&connected);
  disconnect (connected.server);
  test_pair_clear_object ();
  wait_for_live (convoke_test_server_count_live, before);
  assert_disconnected (connected.proxy);
  connected_clear (&connected);
}

static void
test_connection_pending (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  TestFeed *feed = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_at_gate, gate);
  g_autoptr (GObject) proxy = NULL;
  g_autoptr (ConvokeCall) running = NULL;
  g_autoptr (ConvokeCall) queued = NULL;
  g_autoptr (GError) error = NULL;
  TestPair pair;

  g_test_summary ("OM-55: a call of another process that waits for its turn ends with the disconnect");

  test_pair_take_object (feed);
  test_pair_init (&pair);
  proxy = test_channel_get_object (pair.near);
  running = begin (proxy);
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  queued = begin (proxy);
  disconnect (feed);
  finish (queued, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_clear_error (&error);
  convoke_test_gate_open (gate);
  g_assert_cmpfloat (finish (running, &error), ==, 3);
  g_assert_no_error (error);

  g_clear_object (&proxy);
  g_clear_object (&running);
  g_clear_object (&queued);
  test_pair_clear_object ();
  test_pair_clear (&pair);
}

static void
test_not_own (void)
{
  Connected connected;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An object of another process cannot be disconnected from here");

  connected_init (&connected);
  g_assert_false (convoke_disconnect_object (connected.proxy, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_cmpfloat (get_price (connected.proxy, NULL), ==, 1.5);
  connected_clear (&connected);
}

static void
test_handed_on (void)
{
  Connected connected;
  TestPair second;
  g_autoptr (GObject) proxy = NULL;
  gint n_invalid = 0;

  g_test_summary ("OM-55: those are told as well whom a proxy was handed on to");

  connected_init (&connected);
  test_pair_take_object (g_object_ref (connected.proxy));
  test_pair_init (&second);
  proxy = test_channel_get_object (second.near);
  g_signal_connect (proxy, "invalid", G_CALLBACK (count_invalid_cb), &n_invalid);
  g_assert_cmpfloat (get_price (proxy, NULL), ==, 1.5);
  g_object_ref (connected.server);
  disconnect (connected.server);
  g_object_unref (connected.server);
  test_iterate_until (&n_invalid);
  assert_disconnected (proxy);

  g_clear_object (&proxy);
  test_pair_clear_object ();
  test_pair_clear (&second);
  connected_clear (&connected);
}

/* --- what else holds an object --- */

static void
test_tokens (void)
{
  static const ConvokeTokenKind kinds[] = { CONVOKE_TOKEN_NORMAL, CONVOKE_TOKEN_TABLE_STRONG, CONVOKE_TOKEN_TABLE_WEAK };
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeInterfaceTable) table = convoke_interface_table_new ();
  guint cookie = convoke_interface_table_register (table, G_OBJECT (server), G_TYPE_OBJECT, NULL);
  ConvokeToken *tokens[G_N_ELEMENTS (kinds)] = { NULL, };
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-57: tokens and entries of tables are not connected to an object that was disconnected");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    tokens[i] = convoke_token_new (G_OBJECT (server), G_TYPE_OBJECT, kinds[i], NULL);
  text = convoke_token_to_string (tokens[0], NULL);
  disconnect (server);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_assert_null (convoke_token_redeem (tokens[i], G_TYPE_OBJECT, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_CONNECTED);
      g_clear_error (&error);
    }
  g_assert_null (convoke_token_new_from_string (text, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_CONNECTED);
  g_clear_error (&error);
  g_assert_null (convoke_interface_table_dup_object (table, cookie, G_TYPE_OBJECT, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_CONNECTED);
  g_assert_true (convoke_interface_table_revoke (table, cookie, NULL));

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_clear_object (&tokens[i]);
  g_assert_finalize_object (g_steal_pointer (&server));
}

static void
test_lock (void)
{
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-57: external locks are counted, and the last one that goes releases the object");

  g_assert_true (convoke_lock_object_external (G_OBJECT (server), NULL));
  g_assert_true (convoke_lock_object_external (G_OBJECT (server), NULL));
  g_object_unref (server);
  g_assert_true (convoke_unlock_object_external (G_OBJECT (server), NULL));
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before + 1);
  g_object_ref (server);
  g_assert_true (convoke_unlock_object_external (G_OBJECT (server), NULL));
  g_assert_false (convoke_unlock_object_external (G_OBJECT (server), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  g_assert_finalize_object (server);
}

static void
test_lock_proxy (void)
{
  TestHome *home = test_home_new ();
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  GObject *proxy = test_home_adopt (home, server);

  g_test_summary ("OM-57: a lock through the proxy keeps the object itself");

  g_assert_true (convoke_lock_object_external (proxy, NULL));
  g_assert_finalize_object (proxy);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before + 1);
  g_assert_true (convoke_unlock_object_external (G_OBJECT (server), NULL));
  test_home_free (home);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
}

static void
test_lock_dropped (void)
{
  ConvokeTestServer *server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-57: disconnecting an object drops all of its locks");

  g_assert_true (convoke_lock_object_external (G_OBJECT (server), NULL));
  g_assert_true (convoke_lock_object_external (G_OBJECT (server), NULL));
  disconnect (server);
  g_assert_false (convoke_unlock_object_external (G_OBJECT (server), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  g_assert_finalize_object (server);
}

static void
test_null (void)
{
  g_test_summary ("OM-57: disconnecting nothing is a programming error");

  if (g_test_subprocess ())
    {
      convoke_disconnect_object (NULL, NULL);
      return;
    }

  g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*CRITICAL*convoke_disconnect_object*");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_require ("ConvokeTest", "1");

  g_test_add_func ("/marshal/disconnect/proxy", test_proxy);
  g_test_add_func ("/marshal/disconnect/again", test_again);
  g_test_add_func ("/marshal/disconnect/twice", test_twice);
  g_test_add_func ("/marshal/disconnect/properties", test_properties);
  g_test_add_func ("/marshal/disconnect/signals", test_signals);
  g_test_add_func ("/marshal/disconnect/facet", test_facet);
  g_test_add_func ("/marshal/disconnect/queued", test_queued);
  g_test_add_func ("/marshal/disconnect/own-queued", test_own_queued);
  g_test_add_func ("/marshal/disconnect/deferred", test_deferred);
  g_test_add_func ("/marshal/disconnect/inside", test_inside);
  g_test_add_func ("/marshal/disconnect/inside-direct", test_inside_direct);
  g_test_add_func ("/marshal/disconnect/call-object", test_call_object);
  g_test_add_func ("/marshal/disconnect/call-face", test_call_face);
  g_test_add_func ("/marshal/disconnect/race", test_race);
  g_test_add_func ("/marshal/disconnect/connection", test_connection);
  g_test_add_func ("/marshal/disconnect/connection-releases", test_connection_releases);
  g_test_add_func ("/marshal/disconnect/connection-pending", test_connection_pending);
  g_test_add_func ("/marshal/disconnect/not-own", test_not_own);
  g_test_add_func ("/marshal/disconnect/handed-on", test_handed_on);
  g_test_add_func ("/marshal/disconnect/tokens", test_tokens);
  g_test_add_func ("/marshal/disconnect/lock", test_lock);
  g_test_add_func ("/marshal/disconnect/lock-proxy", test_lock_proxy);
  g_test_add_func ("/marshal/disconnect/lock-dropped", test_lock_dropped);
  g_test_add_func ("/marshal/disconnect/null", test_null);

  return g_test_run ();
}
