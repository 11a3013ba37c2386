/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "component-fixture.h"


static guint64
thread_of_call (GObject *feed)
{
  g_autoptr (GObject) server = NULL;

  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (feed)), ==, 42);
  return test_components_get ()->last_thread;
}

/* --- classes --- */

static void
test_no_class (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-36: a class that nobody registered is NO_CLASS, and the error says where was looked");

  test_shop_init (&shop);
  g_assert_null (convoke_catalog_activate (shop.catalog, "org.example.Tea", G_TYPE_OBJECT, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS);
  assert_message (&error, shop.dir.path);
}

static void
test_class_name_is_no_path (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("D9: a class's name is never a path");

  test_shop_init (&shop);
  g_assert_null (convoke_catalog_activate (shop.catalog, "../org.example.Tea", G_TYPE_OBJECT, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

/* --- distances --- */

static void
test_in_process (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) feed = NULL;

  g_test_summary ("D11: in the caller's process an object of the caller's context is itself, made on the caller's thread");

  test_shop_init (&shop);
  feed = test_shop_activate (&shop, "Own", "", NULL, NULL);
  g_assert_true (CONVOKE_TEST_IS_SERVER (feed));
  g_assert_cmpuint (thread_of_call (feed), ==, convoke_test_get_thread ());
}

static void
test_thread (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) feed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D8: at the distance thread the component is made and called on a thread of its own");

  test_shop_init (&shop);
  feed = test_shop_activate (&shop, "Own", "Distance=thread", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (convoke_is_proxy (feed));
  g_assert_cmpuint (thread_of_call (feed), !=, convoke_test_get_thread ());
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/catalog/no-class", test_no_class);
  g_test_add_func ("/gobj/catalog/class-name-is-no-path", test_class_name_is_no_path);
  g_test_add_func ("/gobj/catalog/in-process", test_in_process);
  g_test_add_func ("/gobj/catalog/thread", test_thread);

  return g_test_run ();
}
