/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The plug-ins that a catalog has for one interface. */

#include "hosted.h"

#include "convoke-catalog.h"
#include "convoke-plugin-list.h"

/* --- helpers --- */

static ConvokePluginList *
new_list (void)
{
  const char *directories[] = { hosted_directory, NULL };
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_new (directories);
  g_autoptr (GError) error = NULL;
  ConvokePluginList *list = convoke_plugin_list_new (catalog, CONVOKE_TEST_TYPE_PRICE_FEED, &error);

  g_assert_no_error (error);
  return list;
}

static void
put (const char *name,
     const char *more)
{
  g_autoptr (ConvokeComponentFile) file = load_c (name, more);
}

static void
take_away (const char *name)
{
  g_autofree char *basename = g_strconcat (name, ".component", NULL);
  g_autofree char *path = g_build_filename (hosted_directory, basename, NULL);

  g_assert_cmpint (g_remove (path), ==, 0);
}

static char *
dup_names (ConvokePluginList *list)
{
  GString *names = g_string_new (NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ConvokePlugin) plugin = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_string_append_printf (names, "%s ", convoke_plugin_get_class_name (plugin));
    }

  return g_string_free (names, FALSE);
}

static void
assert_names (ConvokePluginList *list,
              const char        *expected)
{
  g_autofree char *names = dup_names (list);

  g_assert_cmpstr (names, ==, expected);
}

/* What the positions add up to is what there is. */
static void
changed_cb (GListModel *list,
            guint       position,
            guint       removed,
            guint       added,
            guint      *n)
{
  g_assert_cmpuint (position, <=, *n);
  g_assert_cmpuint (removed, <=, *n - position);
  *n = *n - removed + added;
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, *n);
}

static void
wait_for_n (ConvokePluginList *list,
            guint              n)
{
  while (g_list_model_get_n_items (G_LIST_MODEL (list)) != n)
    g_main_context_iteration (NULL, TRUE);
}

/* --- claims --- */

static void
test_listed (void)
{
  g_autoptr (ConvokePluginList) list = NULL;
  g_autoptr (ConvokePlugin) plugin = NULL;
  g_autofree char *name = NULL;
  ConvokePluginState state;

  g_test_summary ("D9: the classes that implement the interface are plug-ins, which are off");

  put ("test.One", "Name=Number two\n");
  put ("test.Two", "Name=Number one\n");
  list = new_list ();
  assert_names (list, "test.Two test.One ");
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (list)) == CONVOKE_TYPE_PLUGIN);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 2));

  plugin = convoke_plugin_list_dup_plugin (list, "test.One");
  g_object_get (plugin, "name", &name, "state", &state, NULL);
  g_assert_cmpstr (name, ==, "Number two");
  g_assert_cmpint (state, ==, CONVOKE_PLUGIN_STATE_OFF);
  g_assert_null (convoke_plugin_list_dup_plugin (list, "test.Three"));

  take_away ("test.One");
  take_away ("test.Two");
}

static void
test_come_and_go (void)
{
  g_autoptr (ConvokePluginList) list = NULL;
  g_autoptr (ConvokePlugin) before = NULL, after = NULL;
  guint n = 2;

  g_test_summary ("D9: classes that are installed and removed while the program runs come and go; others stay as they are");

  put ("test.B", "");
  put ("test.D", "");
  list = new_list ();
  g_signal_connect (list, "items-changed", G_CALLBACK (changed_cb), &n);
  before = convoke_plugin_list_dup_plugin (list, "test.D");

  put ("test.A", "");
  put ("test.C", "");
  put ("test.E", "");
  wait_for_n (list, 5);
  assert_names (list, "test.A test.B test.C test.D test.E ");

  take_away ("test.B");
  take_away ("test.E");
  wait_for_n (list, 3);
  assert_names (list, "test.A test.C test.D ");
  after = convoke_plugin_list_dup_plugin (list, "test.D");
  g_assert_true (after == before);

  take_away ("test.A");
  take_away ("test.C");
  take_away ("test.D");
  wait_for_n (list, 0);
}

static void
test_gone_is_stopped (void)
{
  g_autoptr (ConvokePluginList) list = NULL;
  g_autoptr (ConvokePlugin) plugin = NULL;

  g_test_summary ("A plug-in whose class is removed is stopped");

  put ("test.Gone", "IdleTimeout=0\n");
  list = new_list ();
  plugin = convoke_plugin_list_dup_plugin (list, "test.Gone");
  convoke_plugin_start_async (plugin, NULL, NULL, NULL);
  while (convoke_plugin_get_state (plugin) != CONVOKE_PLUGIN_STATE_RUNNING)
    g_main_context_iteration (NULL, TRUE);

  take_away ("test.Gone");
  wait_for_n (list, 0);
  g_assert_cmpint (convoke_plugin_get_state (plugin), ==, CONVOKE_PLUGIN_STATE_OFF);
}

static void
test_renamed (void)
{
  g_autoptr (ConvokePluginList) list = NULL;
  g_autoptr (ConvokePlugin) plugin = NULL;
  char *name = NULL;

  g_test_summary ("A keyfile that is changed is read again, and the plug-in goes to its new place");

  put ("test.Renamed", "Name=Before\n");
  put ("test.Other", "Name=Between\n");
  list = new_list ();
  assert_names (list, "test.Renamed test.Other ");
  plugin = convoke_plugin_list_dup_plugin (list, "test.Renamed");
  put ("test.Renamed", "Name=The last\n");
  while (g_strcmp0 (name, "The last") != 0)
    {
      g_main_context_iteration (NULL, TRUE);
      g_free (name);
      g_object_get (plugin, "name", &name, NULL);
    }

  assert_names (list, "test.Other test.Renamed ");

  g_free (name);
  take_away ("test.Other");
  take_away ("test.Renamed");
}

static void
test_unknown_interface (void)
{
  const char *directories[] = { hosted_directory, NULL };
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_new (directories);
  GType iface = g_type_register_static_simple (G_TYPE_INTERFACE, "TestUndescribed", sizeof (GTypeInterface), NULL, 0, NULL, 0);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An interface of which no namespace is known is an error");

  g_assert_null (convoke_plugin_list_new (catalog, iface, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  hosted_init ();

  g_test_add_func ("/marshal/plugin-list/listed", test_listed);
  g_test_add_func ("/marshal/plugin-list/come-and-go", test_come_and_go);
  g_test_add_func ("/marshal/plugin-list/gone-is-stopped", test_gone_is_stopped);
  g_test_add_func ("/marshal/plugin-list/renamed", test_renamed);
  g_test_add_func ("/marshal/plugin-list/unknown-interface", test_unknown_interface);

  result = g_test_run ();
  hosted_clear ();
  return result;
}
