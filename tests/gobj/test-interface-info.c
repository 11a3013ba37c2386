/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <convoke-test.h>

#include "convoke-error.h"
#include "convoke-interface-info-private.h"

static const ConvokeInterfaceInfo *
look_up (GType gtype)
{
  const ConvokeInterfaceInfo *info;
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_require ("ConvokeTest", "1", &error));
  g_assert_no_error (error);
  info = convoke_interface_info_lookup (gtype, &error);
  g_assert_no_error (error);
  g_assert_nonnull (info);

  return info;
}

static const ConvokeMethodInfo *
find (GType       gtype,
      const char *name)
{
  g_autoptr (GError) error = NULL;
  const ConvokeMethodInfo *method = convoke_interface_info_find_method (look_up (gtype), name, &error);

  g_assert_no_error (error);
  g_assert_nonnull (method);
  return method;
}

static void
test_price_feed (void)
{
  const ConvokeInterfaceInfo *info = look_up (CONVOKE_TEST_TYPE_PRICE_FEED);

  g_test_summary ("A required namespace describes its interface with names, version and slots");

  g_assert_cmpstr (convoke_interface_info_get_name (info), ==, "ConvokeTest-1.PriceFeed");
  g_assert_cmpstr (convoke_interface_info_get_namespace (info), ==, "ConvokeTest");
  g_assert_cmpstr (convoke_interface_info_get_version (info), ==, "1");
  g_assert_cmpuint (convoke_interface_info_get_gtype (info), ==, CONVOKE_TEST_TYPE_PRICE_FEED);
  g_assert_null (convoke_interface_info_get_refusal (info));
  g_assert_cmpuint (convoke_interface_info_get_n_methods (info), ==, 7);
}

static void
test_slot (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  const ConvokeMethodInfo *method = find (CONVOKE_TEST_TYPE_PRICE_FEED, "get_price");
  double (*get_price) (gpointer, const char *, GError **);
  g_autoptr (GError) error = NULL;

  g_test_summary ("The slot that a description names is the implementation's function");

  get_price = (double (*) (gpointer, const char *, GError **)) convoke_method_info_get_slot (method, server);
  g_assert_cmpfloat (get_price (server, "espresso", &error), ==, 4.0);
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/interface-info/price-feed", test_price_feed);
  g_test_add_func ("/gobj/interface-info/slot", test_slot);

  return g_test_run ();
}
