/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "test-pair.h"

#include "../callfactory/test-feed.h"

static GObject *
make_proxy (TestPair         *pair,
            ConvokeThreading  threading,
            TestGetPrice      get_price,
            gpointer          data)
{
  GObject *proxy;

  test_pair_object = (GObject *) test_feed_new (threading, get_price, data);
  proxy = test_channel_get_object (pair->near);
  test_pair_clear_object ();
  g_assert_true (convoke_is_proxy (proxy));
  return proxy;
}

static void
test_call (void)
{
  g_autoptr (GError) error = NULL;
  TestPair pair;
  gint n_calls = 0;
  GObject *proxy;

  g_test_summary ("A synchronous call goes to the object at the other end, and its result comes back");

  test_pair_init (&pair);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, test_price_by_length, &n_calls);

  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "espresso", &error), ==, 8);
  g_assert_no_error (error);
  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "missing", &error), ==, 0);
  g_assert_nonnull (error);
  g_assert_cmpint (n_calls, ==, 2);

  g_object_unref (proxy);
  test_pair_clear (&pair);
}

static void
test_begun (void)
{
  g_autoptr (GError) error = NULL;
  TestPair pair;
  gint n_calls = 0;
  ConvokeCall *calls[64];
  GObject *proxy;

  g_test_summary ("Calls that are begun together are all answered");

  test_pair_init (&pair);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, test_price_by_length, &n_calls);

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      calls[i] = test_call_new (proxy);
      convoke_call_begin (calls[i], "get_price", &error, "espresso");
      g_assert_no_error (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      double price;

      convoke_call_wait (calls[i], -1, &error);
      g_assert_no_error (error);
      convoke_call_finish (calls[i], "get_price", &error, &price);
      g_assert_no_error (error);
      g_assert_cmpfloat (price, ==, 8);
      g_object_unref (calls[i]);
    }
  g_assert_cmpint (n_calls, ==, 64);

  g_object_unref (proxy);
  test_pair_clear (&pair);
}

static double
price_of_another (TestFeed    *feed,
                  const char  *item,
                  gpointer     data,
                  GError     **error)
{
  g_autoptr (GObject) proxy = convoke_create_proxy (data, NULL);

  return convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), item, error);
}

static void
test_called_back_another_way (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestFeed) home = NULL;
  TestPair pair;
  gint n_calls = 0;
  GObject *proxy;

  g_test_summary ("Who reads for its call serves a call of its chain that does not come over the connection (design D7)");

  test_pair_init (&pair);
  home = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, &n_calls);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, price_of_another, home);

  for (guint i = 0; i < 20; i++)
    {
      g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "espresso", &error), ==, 8);
      g_assert_no_error (error);
    }
  g_assert_cmpint (n_calls, ==, 20);

  g_object_unref (proxy);
  test_pair_clear (&pair);
}

static double
price_and_thread (TestFeed    *feed,
                  const char  *item,
                  gpointer     data,
                  GError     **error)
{
  GThread **thread = data;

  *thread = g_thread_self ();
  return strlen (item);
}

static gpointer
run_loop (gpointer data)
{
  g_main_loop_run (data);
  return NULL;
}

static void
test_context_reads_its_own (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  g_autoptr (GError) error = NULL;
  TestPair pair;
  GThread *thread = g_thread_new ("loop", run_loop, loop);
  GThread *served_by = NULL;
  GObject *proxy;

  g_test_summary ("A context that may read does not, while what comes is for objects that any thread serves (design D6)");

  test_pair_init (&pair);
  proxy = make_proxy (&pair, CONVOKE_THREADING_ANY, price_and_thread, &served_by);
  convoke_channel_read_in_context (pair.far, context);

  for (guint i = 0; i < 20; i++)
    convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "espresso", &error);
  g_assert_no_error (error);
  g_assert_nonnull (served_by);
  g_assert_true (served_by != thread);

  g_object_unref (proxy);
  test_pair_clear (&pair);
  g_main_loop_quit (loop);
  g_thread_join (thread);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_assert_true (convoke_require ("ConvokeTest", "1", NULL));

  g_test_add_func ("/marshal/channel/call", test_call);
  g_test_add_func ("/marshal/channel/begun", test_begun);
  g_test_add_func ("/marshal/channel/called-back-another-way", test_called_back_another_way);
  g_test_add_func ("/marshal/channel/context-reads-its-own", test_context_reads_its_own);

  return g_test_run ();
}
