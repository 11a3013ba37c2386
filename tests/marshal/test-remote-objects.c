/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects over a real connection: identity, forwarding, late interfaces, release and the end. */

#include "test-pair.h"

#define CONVOKE_INSIDE
#include "convoke-call-face.h"
#include "convoke-unknown.h"
#include "test-home.h"

static GObject *
hand_out (ConvokeChannel *near,
          gpointer        object)
{
  GObject *proxy;

  test_pair_object = object;
  proxy = test_channel_get_object (near);
  test_pair_object = NULL;
  return proxy;
}

/* An object that any thread may call. */
static ConvokeTestServer *
free_server_new (void)
{
  g_autoptr (ConvokeApartment) any = convoke_apartment_dup_any ();
  ConvokeTestServer *server = convoke_test_server_new ();

  convoke_apartment_bind (any, G_OBJECT (server), NULL);
  return server;
}

/* --- late: the order in which things are learnt is this process's own, so this comes first --- */

#define TEST_TYPE_BOTH (test_both_get_type ())
G_DECLARE_FINAL_TYPE (TestBoth, test_both, TEST, BOTH, GObject)

struct _TestBoth
{
  GObject parent_instance;
};

static guint
both_get_n_items (GListModel *model)
{
  return 3;
}

static void
test_both_model_init (GListModelInterface *iface)
{
  iface->get_n_items = both_get_n_items;
}

static int
both_count_items (ConvokeTestPriceFeed *feed)
{
  return 4;
}

static void
test_both_feed_init (ConvokeTestPriceFeedInterface *iface)
{
  iface->count_items = both_count_items;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestBoth, test_both, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, test_both_model_init)
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PRICE_FEED, test_both_feed_init))

static void
test_both_init (TestBoth *self)
{
}

static void
test_both_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
}

static void
test_both_set_property (GObject      *object,
                        guint         id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
}

static void
test_both_class_init (TestBothClass *class)
{
  G_OBJECT_CLASS (class)->get_property = test_both_get_property;
  G_OBJECT_CLASS (class)->set_property = test_both_set_property;
  g_object_class_override_property (G_OBJECT_CLASS (class), 1, "currency");
  convoke_type_set_threading (G_TYPE_FROM_CLASS (class), CONVOKE_THREADING_ANY);
}

static void
test_late (void)
{
  g_autoptr (TestBoth) both = g_object_new (TEST_TYPE_BOTH, NULL);
  g_autoptr (GObject) facet = NULL;
  g_autoptr (GObject) identity = NULL;
  g_autoptr (GError) error = NULL;
  GObject *proxy;
  TestPair pair;

  g_test_summary ("An interface that both ends learn late is had by asking the owner (D2)");

  test_pair_init (&pair);
  proxy = hand_out (pair.near, both);
  g_assert_true (G_IS_LIST_MODEL (proxy));
  g_assert_false (CONVOKE_TEST_IS_PRICE_FEED (proxy));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (proxy)), ==, 3);

  test_require ("ConvokeTest", "1");
  facet = convoke_query_interface (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (facet)), ==, 4);
  identity = convoke_query_interface (facet, G_TYPE_OBJECT, NULL);
  g_assert_true (identity == proxy);

  /* A slot that is empty there is empty here. */
  g_assert_null (G_LIST_MODEL_GET_IFACE (proxy)->get_item);
  g_assert_null (CONVOKE_TEST_PRICE_FEED_GET_IFACE (facet)->describe);

  g_clear_object (&facet);
  g_clear_object (&identity);
  g_object_unref (proxy);
  test_pair_clear (&pair);
}

/* --- identity --- */

static void
test_echo (void)
{
  g_autoptr (ConvokeTestServer) server = free_server_new ();
  g_autoptr (GListStore) own = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr (GObject) back = NULL;
  g_autoptr (GObject) same = NULL;
  GObject *proxy;
  TestPair pair;

  g_test_summary ("What is sent and comes back is the same object, whichever side it is of");

  test_pair_init (&pair);
  proxy = hand_out (pair.near, server);
  back = convoke_test_every_echo_object (CONVOKE_TEST_EVERY (proxy), G_OBJECT (own));
  g_assert_true (back == G_OBJECT (own));
  same = convoke_test_every_echo_object (CONVOKE_TEST_EVERY (proxy), proxy);
  g_assert_true (same == proxy);

  g_clear_object (&same);
  g_object_unref (proxy);
  test_pair_clear (&pair);
}

static void
test_no_interface (void)
{
  g_autoptr (ConvokeTestServer) server = free_server_new ();
  g_autoptr (GError) error = NULL;
  GObject *proxy;
  TestPair pair;

  g_test_summary ("NO_INTERFACE comes from the owner");

  test_pair_init (&pair);
  proxy = hand_out (pair.near, server);
  g_assert_null (convoke_query_interface (proxy, G_TYPE_LIST_MODEL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);

  g_object_unref (proxy);
  test_pair_clear (&pair);
}

static void
test_forwarded (void)
{
  g_autoptr (ConvokeTestServer) server = free_server_new ();
  g_autoptr (GListStore) own = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr (GObject) back = NULL;
  g_autoptr (GError) error = NULL;
  GObject *middle, *proxy;
  TestPair near, far;

  g_test_summary ("A call goes through a process that only has a proxy of the object");

  test_pair_init (&near);
  test_pair_init (&far);
  middle = hand_out (far.near, server);
  proxy = hand_out (near.near, middle);
  g_assert_true (proxy != middle);

  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "espresso", &error), >, 0);
  g_assert_no_error (error);
  back = convoke_test_every_echo_object (CONVOKE_TEST_EVERY (proxy), G_OBJECT (own));
  g_assert_true (back == G_OBJECT (own));
  g_assert_null (convoke_query_interface (proxy, G_TYPE_LIST_MODEL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);

  g_object_unref (proxy);
  g_object_unref (middle);
  test_pair_clear (&near);
  test_pair_clear (&far);
}

/* --- release --- */

static void
note_released (gpointer  data,
               GObject  *object)
{
  g_atomic_int_set ((gint *) data, TRUE);
  g_main_context_wakeup (NULL);
}

static void
test_released (void)
{
  ConvokeTestServer *server = free_server_new ();
  gint released = FALSE;
  GObject *proxy;
  TestPair pair;

  g_test_summary ("When the proxy goes, the object is released at its owner, without another call");

  test_pair_init (&pair);
  proxy = hand_out (pair.near, server);
  g_object_weak_ref (G_OBJECT (server), note_released, &released);
  g_object_unref (server);
  g_assert_false (released);

  g_object_unref (proxy);
  test_iterate_until (&released);
  g_assert_cmpuint (convoke_channel_get_n_exports (pair.far), ==, 0);
  test_pair_clear (&pair);
}

static void
test_end (void)
{
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED, "it ended by signal 9");
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) query_error = NULL;
  g_autoptr (GError) last = NULL;
  ConvokeTestServer *server = free_server_new ();
  gint released = FALSE;
  GObject *proxy;
  TestPair pair;

  g_test_summary ("After the end what the peer held is released, and a proxy's calls and queries tell the cause");

  test_pair_init (&pair);
  proxy = hand_out (pair.near, server);
  g_object_weak_ref (G_OBJECT (server), note_released, &released);
  g_object_unref (server);
  convoke_channel_close (pair.near, why);
  test_iterate_until (&released);

  convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "espresso", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_assert_nonnull (strstr (error->message, "signal 9"));
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (proxy)), ==, 0);
  last = convoke_dup_last_error (proxy);
  g_assert_error (last, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_assert_null (convoke_query_interface (proxy, G_TYPE_LIST_MODEL, &query_error));
  g_assert_error (query_error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);

  g_object_unref (proxy);
  test_pair_clear (&pair);
}

/* --- call objects --- */

static void
test_call_object (void)
{
  g_autoptr (ConvokeTestServer) server = free_server_new ();
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GObject) face = NULL;
  g_autoptr (GObject) object = NULL;
  g_autoptr (GError) error = NULL;
  GObject *proxy;
  TestPair pair;
  int n_items = 0;

  g_test_summary ("A call object for an object elsewhere begins, waits and finishes, and its faces too (P-5)");

  test_pair_init (&pair);
  proxy = hand_out (pair.near, server);
  call = convoke_create_call (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  object = convoke_call_dup_object (call);
  g_assert_true (object == proxy);

  convoke_call_begin (call, "count_items", &error);
  g_assert_no_error (error);
  convoke_call_wait (call, -1, &error);
  g_assert_no_error (error);
  convoke_call_finish (call, "count_items", &error, &n_items);
  g_assert_no_error (error);
  g_assert_cmpint (n_items, ==, convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (server)));

  face = convoke_call_dup_begin_face (call, &error);
  g_assert_no_error (error);
  g_assert_true (CONVOKE_TEST_IS_PRICE_FEED (face));

  g_clear_object (&face);
  g_clear_object (&object);
  g_clear_object (&call);
  g_object_unref (proxy);
  test_pair_clear (&pair);
}

static void
test_lent (void)
{
  g_autoptr (ConvokeTestServer) server = free_server_new ();
  GObject *proxy;
  TestPair pair;
  const char *one, *other;

  g_test_summary ("What is lent without a transfer lives as long as the proxy");

  test_pair_init (&pair);
  proxy = hand_out (pair.near, server);
  one = convoke_test_every_get_label (CONVOKE_TEST_EVERY (proxy));
  other = convoke_test_every_get_label (CONVOKE_TEST_EVERY (proxy));
  g_assert_cmpstr (one, ==, other);
  g_assert_true (one == other);

  g_object_unref (proxy);
  test_pair_clear (&pair);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/marshal/remote-objects/late", test_late);
  g_test_add_func ("/marshal/remote-objects/echo", test_echo);
  g_test_add_func ("/marshal/remote-objects/no-interface", test_no_interface);
  g_test_add_func ("/marshal/remote-objects/forwarded", test_forwarded);
  g_test_add_func ("/marshal/remote-objects/released", test_released);
  g_test_add_func ("/marshal/remote-objects/end", test_end);
  g_test_add_func ("/marshal/remote-objects/call-object", test_call_object);
  g_test_add_func ("/marshal/remote-objects/lent", test_lent);

  return g_test_run ();
}
