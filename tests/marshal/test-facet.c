/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is learnt late, in an order that only one process can go through: one test each, none repeated. */

#include <convoke-test.h>

#define CONVOKE_INSIDE
#include "convoke-apartment.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"
#include "convoke-proxy.h"
#include "convoke-unknown.h"
#include "test-home.h"

/* Implements one interface of each of two namespaces. */
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
  g_value_set_string (value, "CHF");
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
}

static void
test_facet (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  TestBoth *both = test_home_bind (home, g_object_new (TEST_TYPE_BOTH, NULL));
  g_autoptr (GObject) proxy = NULL;
  g_autoptr (GObject) facet = NULL;
  g_autoptr (GObject) again = NULL;
  g_autoptr (GObject) model = NULL;
  g_autoptr (GObject) identity = NULL;
  g_autoptr (GObject) whole = NULL;
  g_autofree char *currency = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D2: an interface that is learnt late has a facet with the proxy's identity");

  /* GIO is always known, and nothing else yet. */
  proxy = convoke_create_proxy (G_OBJECT (both), &error);
  g_assert_no_error (error);
  g_assert_true (G_IS_LIST_MODEL (proxy));
  g_assert_false (CONVOKE_TEST_IS_PRICE_FEED (proxy));

  /* It does implement it: ignorance is no NO_INTERFACE. */
  g_assert_null (convoke_query_interface (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
  g_clear_error (&error);

  test_require ("ConvokeTest", "1");
  facet = convoke_query_interface (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  g_assert_true (facet != proxy);
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (facet)), ==, 4);
  g_object_get (facet, "currency", &currency, NULL);
  g_assert_cmpstr (currency, ==, "CHF");

  /* OM-1, OM-3 to OM-5, and the same facet while it is held. */
  again = convoke_query_interface (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  g_assert_true (again == facet);
  model = convoke_query_interface (facet, G_TYPE_LIST_MODEL, NULL);
  g_assert_true (model == proxy);
  identity = convoke_query_interface (facet, G_TYPE_OBJECT, NULL);
  g_assert_true (identity == proxy);
  g_assert_true (convoke_same_object (facet, proxy));
  g_assert_true (convoke_same_object (facet, G_OBJECT (both)));
  whole = convoke_create_proxy (facet, NULL);
  g_assert_true (whole == proxy);

  g_assert_null (convoke_query_interface (facet, G_TYPE_ACTION, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);

  /* A facet keeps the whole. */
  g_clear_object (&whole);
  g_clear_object (&identity);
  g_clear_object (&model);
  g_clear_object (&again);
  g_object_add_weak_pointer (proxy, (gpointer *) &proxy);
  g_object_unref (proxy);
  g_assert_nonnull (proxy);
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (facet)), ==, 4);
  g_clear_object (&facet);
  g_assert_null (proxy);

  /* A proxy that is made now has everything. */
  whole = convoke_create_proxy (G_OBJECT (both), NULL);
  g_assert_true (G_IS_LIST_MODEL (whole) && CONVOKE_TEST_IS_PRICE_FEED (whole));

  g_object_unref (both);
}

/* A proxy from before ConvokeTest was known. */
static GObject *early;

static gpointer
use_facet_often (gpointer data)
{
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GObject) facet = convoke_query_interface (early, CONVOKE_TEST_TYPE_PRICE_FEED, &error);
      g_autoptr (GObject) again = NULL;
      g_autoptr (GObject) identity = NULL;

      g_assert_no_error (error);
      again = convoke_query_interface (early, CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
      g_assert_true (again == facet);
      g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (facet)), ==, 4);
      identity = convoke_query_interface (facet, G_TYPE_OBJECT, NULL);
      g_assert_true (identity == early);
    }

  return NULL;
}

static void
test_facet_threads (void)
{
  GThread *threads[4];

  g_test_summary ("D2, OM-1: threads that ask for a facet and drop it at once find one at a time, of one identity");

  g_assert_false (CONVOKE_TEST_IS_PRICE_FEED (early));
  test_require ("ConvokeTest", "1");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("facet", use_facet_often, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* Any thread may call it, whoever made it. */
static GObject *
make_early_proxy (void)
{
  g_autoptr (TestBoth) both = g_object_new (TEST_TYPE_BOTH, NULL);
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_new_serial ();
  g_autoptr (GError) error = NULL;
  GObject *proxy;

  convoke_apartment_bind (apartment, G_OBJECT (both), &error);
  g_assert_no_error (error);
  proxy = convoke_create_proxy (G_OBJECT (both), &error);
  g_assert_no_error (error);
  return proxy;
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  early = make_early_proxy ();

  g_test_add_func ("/marshal/proxy/facet", test_facet);
  g_test_add_func ("/marshal/proxy/facet-threads", test_facet_threads);

  result = g_test_run ();
  g_object_unref (early);
  return result;
}
