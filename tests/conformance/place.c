/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>

#include <convoke.h>
#include <convoke-test.h>

#include "place.h"

static ConvokeDistance
find_distance (const char *name)
{
  if (strcmp (name, "direct") == 0)
    return CONVOKE_DISTANCE_IN_PROCESS;
  if (strcmp (name, "thread") == 0)
    return CONVOKE_DISTANCE_THREAD;

  g_assert_cmpstr (name, ==, "process");
  return CONVOKE_DISTANCE_PROCESS;
}

GObject *
conformance_activate (const char *server,
                      const char *distance,
                      const char *name,
                      GType       iface)
{
  g_autofree char *directory = g_test_build_filename (G_TEST_BUILT, "conformance", NULL);
  const char * const directories[] = { directory, NULL };
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_new (directories);
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  g_autofree char *class_name = g_strconcat (name, strcmp (server, "c") == 0 ? "InC" : "InPython", NULL);
  g_autoptr (GError) error = NULL;
  GObject *object;

  convoke_require ("ConvokeTest", "1", &error);
  g_assert_no_error (error);
  convoke_activation_set_distance (activation, find_distance (distance), CONVOKE_PLACEMENT_MUST);
  object = convoke_catalog_activate (catalog, class_name, iface, activation, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (convoke_is_proxy (object), ==, strcmp (distance, "direct") != 0);

  return object;
}
