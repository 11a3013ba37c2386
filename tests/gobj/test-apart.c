/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where a component goes that cannot be in this process. This one has version 2 of a library. */

#include <dlfcn.h>
#include <unistd.h>

#include "component-fixture.h"

static char *
dup_path (const char *name)
{
  return g_test_build_filename (G_TEST_BUILT, "gobj", "clash", name, NULL);
}

static void
map_second (void)
{
  g_autofree char *path = dup_path ("libtest-tea-2.so.0");

  g_assert_nonnull (dlopen (path, RTLD_NOW | RTLD_LOCAL));
}

static gboolean
first_is_mapped (void)
{
  g_autofree char *library = dup_path ("libtest-tea-1.so.0");
  g_autofree char *module = dup_path ("libtest-with-tea-1.so");

  return dlopen (library, RTLD_NOW | RTLD_NOLOAD) != NULL || dlopen (module, RTLD_NOW | RTLD_NOLOAD) != NULL;
}

static GObject *
activate_module (TestShop         *shop,
                 const char       *class_name,
                 const char       *module,
                 const char       *more,
                 ConvokeDistance   distance,
                 ConvokePlacement  placement,
                 GError          **error)
{
  g_autofree char *path = dup_path (module);
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();

  convoke_activation_set_distance (activation, distance, placement);
  test_shop_register (shop, class_name, path, "A", more);
  return convoke_catalog_activate (shop->catalog, class_name, CONVOKE_TEST_TYPE_PRICE_FEED, activation, NULL, error);
}

/* --- claims --- */

static void
assert_apart (ConvokeDistance distance)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) feed = NULL;
  g_autoptr (GVariant) placement = NULL;
  int pid = 0;

  test_shop_init (&shop);
  feed = activate_module (&shop, TEST_CLASS, "test-with-tea-1", "Threading=any", distance, CONVOKE_PLACEMENT_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (feed)), ==, 42);
  g_assert_false (first_is_mapped ());

  placement = convoke_dup_placement (feed);
  g_assert_cmpstr (test_placement_get (placement, "distance"), ==, "process");
  g_assert_cmpstr (test_placement_get (placement, "wanted"), ==, distance == CONVOKE_DISTANCE_THREAD ? "thread" : "in-process");
  g_assert_nonnull (strstr (test_placement_get (placement, "why"),
                            "it needs libtest-tea-1.so.0, and this process has libtest-tea-2.so.0"));
  g_assert_true (g_variant_lookup (placement, "pid", "i", &pid));
  g_assert_cmpint (pid, !=, getpid ());
}

static void
test_apart (void)
{
  g_test_summary ("A component that clashes with what is here works in a process of its own, which says why; nothing of it is here");

  assert_apart (CONVOKE_DISTANCE_DEFAULT);
}

static void
test_thread (void)
{
  g_test_summary ("So does one that was to have a thread, which is of this process");

  assert_apart (CONVOKE_DISTANCE_THREAD);
}

static void
assert_refused (ConvokePlacement placement)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  test_shop_init (&shop);
  g_assert_null (activate_module (&shop, TEST_CLASS, "test-with-tea-1", "", CONVOKE_DISTANCE_IN_PROCESS, placement, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  assert_message (&error, TEST_CLASS " cannot be had at the distance in-process: it needs libtest-tea-1.so.0");
  g_assert_false (first_is_mapped ());
}

static void
test_must (void)
{
  g_test_summary ("Where it must be in this process, it is an error, and nothing is loaded");

  assert_refused (CONVOKE_PLACEMENT_MUST);
  assert_refused (CONVOKE_PLACEMENT_OFF);
}

static void
test_class_object (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autofree char *path = dup_path ("test-with-tea-1");
  g_autoptr (GError) error = NULL;

  g_test_summary ("Its class object is not given in this process");

  test_shop_init (&shop);
  test_shop_register (&shop, TEST_CLASS, path, "A", "");
  g_assert_null (convoke_catalog_dup_class_object (shop.catalog, TEST_CLASS, G_TYPE_OBJECT, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH);
  assert_message (&error, TEST_CLASS " cannot be in this process: it needs libtest-tea-1.so.0");
  g_assert_false (first_is_mapped ());
}

static void
test_group (void)
{
  const char *more = "Threading=any\nDistance=process\nGroup=tea-time";
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) first = NULL;
  g_autoptr (GObject) second = NULL;

  g_test_summary ("A host that has one version does not load the other; the error names the group");

  test_shop_init (&shop);
  first = activate_module (&shop, "org.example.First", "test-with-tea-1", more, CONVOKE_DISTANCE_DEFAULT, CONVOKE_PLACEMENT_DEFAULT, &error);
  g_assert_no_error (error);
  second = activate_module (&shop, "org.example.Second", "test-with-tea-2", more, CONVOKE_DISTANCE_DEFAULT, CONVOKE_PLACEMENT_DEFAULT, &error);
  g_assert_null (second);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH);
  assert_message (&error, "org.example.Second cannot be in the process of the group tea-time: it needs libtest-tea-2.so.0, and this "
                          "process has libtest-tea-1.so.0");
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (first)), ==, 42);
}

static void
test_descriptions (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("D3: descriptions of two versions are known in one process, as one of them is called elsewhere");

  g_assert_true (convoke_require ("TestTea", "2", &error));
  g_assert_no_error (error);
  g_assert_true (convoke_require ("TestLunch", "1", &error));
  g_assert_no_error (error);
  g_assert_true (convoke_require ("TestTea", "1", &error));
  g_assert_no_error (error);
  g_assert_true (convoke_require ("TestTea", "2", &error));
  g_assert_no_error (error);
  g_assert_false (convoke_require ("TestTea", "3", &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *directory = NULL;
  g_autofree char *typelibs = NULL;

  g_test_init (&argc, &argv, NULL);
  directory = dup_path (".");
  typelibs = g_strjoin (":", directory, g_getenv ("GI_TYPELIB_PATH"), NULL);
  g_setenv ("GI_TYPELIB_PATH", typelibs, TRUE);
  map_second ();

  g_test_add_func ("/gobj/apart/apart", test_apart);
  g_test_add_func ("/gobj/apart/thread", test_thread);
  g_test_add_func ("/gobj/apart/must", test_must);
  g_test_add_func ("/gobj/apart/class-object", test_class_object);
  g_test_add_func ("/gobj/apart/group", test_group);
  g_test_add_func ("/gobj/apart/descriptions", test_descriptions);

  return g_test_run ();
}
