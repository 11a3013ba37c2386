/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Interfaces that nobody here wrote. */

#include <gio/gio.h>

#define CONVOKE_INSIDE
#include "convoke-apartment.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"
#include "convoke-proxy.h"
#include "test-home.h"

typedef struct
{
  GThread *thread;
  guint    n;
  gint     done;
} Seen;

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Seen       *seen)
{
  seen->thread = g_thread_self ();
  seen->n += added;
  g_atomic_int_set (&seen->done, 1);
}

static gboolean
append_cb (gpointer data)
{
  g_autoptr (GObject) item = g_object_new (G_TYPE_SIMPLE_ACTION, "name", "one", NULL);

  g_list_store_append (data, item);
  return G_SOURCE_REMOVE;
}

static void
test_list_model (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  GListStore *store = g_list_store_new (G_TYPE_ACTION);
  g_autoptr (GListModel) proxy = test_home_adopt (home, store);
  g_autoptr (GObject) item = NULL;
  g_autoptr (GObject) again = NULL;
  Seen seen = { NULL, };

  g_test_summary ("GListModel: items, and their changes");

  g_signal_connect (proxy, "items-changed", G_CALLBACK (items_changed_cb), &seen);
  g_assert_true (g_list_model_get_item_type (proxy) == G_TYPE_ACTION);
  g_assert_cmpuint (g_list_model_get_n_items (proxy), ==, 0);

  test_home_queue (home, append_cb, store);
  test_iterate_until (&seen.done);
  g_assert_cmpuint (seen.n, ==, 1);
  g_assert_true (seen.thread == g_thread_self ());

  g_assert_cmpuint (g_list_model_get_n_items (proxy), ==, 1);
  item = g_list_model_get_item (proxy, 0);
  again = g_list_model_get_item (proxy, 0);
  g_assert_true (convoke_is_proxy (item));
  g_assert_true (item == again);
  g_assert_cmpstr (g_action_get_name (G_ACTION (item)), ==, "one");
  g_assert_null (g_list_model_get_item (proxy, 1));
}

static void
activate_cb (GSimpleAction *action,
             GVariant      *parameter,
             Seen          *seen)
{
  seen->thread = g_thread_self ();
  seen->n += g_variant_get_int32 (parameter);
}

static void
test_action (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  GSimpleAction *action = g_simple_action_new_stateful ("go", G_VARIANT_TYPE_INT32, g_variant_new_string ("idle"));
  g_autoptr (GAction) proxy = NULL;
  g_autoptr (GVariant) state = NULL;
  Seen seen = { NULL, };
  gboolean enabled = FALSE;

  g_test_summary ("GAction: names, state, activation");

  g_signal_connect (action, "activate", G_CALLBACK (activate_cb), &seen);
  proxy = test_home_adopt (home, action);

  g_assert_cmpstr (g_action_get_name (proxy), ==, "go");
  g_assert_true (g_variant_type_equal (g_action_get_parameter_type (proxy), G_VARIANT_TYPE_INT32));
  g_action_activate (proxy, g_variant_new_int32 (5));
  g_assert_cmpuint (seen.n, ==, 5);
  g_assert_true (seen.thread == home->thread);
  g_action_change_state (proxy, g_variant_new_string ("busy"));
  state = g_action_get_state (proxy);
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "busy");
  g_object_get (proxy, "enabled", &enabled, NULL);
  g_assert_true (enabled);
}

static void
action_added_cb (GActionGroup *group,
                 const char   *name,
                 Seen         *seen)
{
  g_assert_cmpstr (name, ==, "late");
  g_atomic_int_set (&seen->done, 1);
}

static gboolean
add_action_cb (gpointer data)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("late", NULL);

  g_action_map_add_action (data, G_ACTION (action));
  return G_SOURCE_REMOVE;
}

static void
test_action_group (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  GSimpleActionGroup *group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) action = g_simple_action_new ("go", NULL);
  GActionGroup *proxy;
  g_auto (GStrv) names = NULL;
  Seen seen = { NULL, };

  g_test_summary ("GActionGroup and GActionMap: queries with outs, lists, signals");

  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  proxy = test_home_adopt (home, group);

  names = g_action_group_list_actions (proxy);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_true (g_action_group_has_action (proxy, "go"));
  g_assert_true (g_action_group_get_action_enabled (proxy, "go"));
  g_assert_false (g_action_group_query_action (proxy, "none", NULL, NULL, NULL, NULL, NULL));

  g_signal_connect (proxy, "action-added", G_CALLBACK (action_added_cb), &seen);
  test_home_queue (home, add_action_cb, group);
  test_iterate_until (&seen.done);
  g_assert_true (g_action_group_has_action (proxy, "late"));
  g_object_unref (proxy);
}

static void
test_action_in_group (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GAction) proxy = test_home_adopt (home, g_simple_action_new ("far", NULL));

  g_test_summary ("A proxy serves other people's code as any object of its interface");

  g_action_map_add_action (G_ACTION_MAP (group), proxy);
  g_assert_true (g_action_group_get_action_enabled (G_ACTION_GROUP (group), "far"));
  g_action_group_activate_action (G_ACTION_GROUP (group), "far", NULL);
}

static void
test_seekable (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GSeekable) proxy = test_home_adopt (home, g_memory_input_stream_new_from_data ("0123456789", 10, NULL));
  g_autoptr (GError) error = NULL;

  g_test_summary ("GSeekable: 64-bit offsets and errors");

  g_assert_true (g_seekable_can_seek (proxy));
  g_assert_true (g_seekable_seek (proxy, 7, G_SEEK_SET, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_seekable_tell (proxy), ==, 7);
  g_assert_false (g_seekable_seek (proxy, -1, G_SEEK_SET, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_converter (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GConverter) proxy = test_home_adopt (home, g_charset_converter_new ("ISO-8859-1", "UTF-8", NULL));
  g_autoptr (GError) error = NULL;
  char out[16] = { 0, };
  gsize n_read = 0, n_written = 0;

  g_test_summary ("GConverter: a method that waits fills the caller's own buffer, though the annotation says that it only goes in");

  g_assert_cmpint (g_converter_convert (proxy, "caf\303\251", 5, out, sizeof out, G_CONVERTER_INPUT_AT_END,
                                        &n_read, &n_written, &error), !=, G_CONVERTER_ERROR);
  g_assert_no_error (error);
  g_assert_cmpuint (n_read, ==, 5);
  g_assert_cmpmem (out, n_written, "caf\351", 4);
}

static void
test_initable (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GInitable) proxy = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("GInitable: a method that only succeeds or fails");

  proxy = test_home_adopt (home, g_object_new (G_TYPE_SOCKET,
                                               "family", G_SOCKET_FAMILY_UNIX,
                                               "type", G_SOCKET_TYPE_STREAM,
                                               "protocol", G_SOCKET_PROTOCOL_DEFAULT, NULL));
  g_initable_init (proxy, NULL, &error);
  g_assert_no_error (error);
}

static void
test_file (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere/at/all");
  g_autoptr (GFile) proxy = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("GFile: many slots, of which some are empty");

  proxy = (GFile *) convoke_create_proxy (G_OBJECT (file), &error);
  g_assert_no_error (error);
  name = g_file_get_basename (proxy);
  g_assert_cmpstr (name, ==, "all");
  info = g_file_query_info (proxy, "*", G_FILE_QUERY_INFO_NONE, NULL, &error);
  g_assert_null (info);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_require ("Gio", "2.0");

  g_test_add_func ("/marshal/proxy/strangers/list-model", test_list_model);
  g_test_add_func ("/marshal/proxy/strangers/action", test_action);
  g_test_add_func ("/marshal/proxy/strangers/action-group", test_action_group);
  g_test_add_func ("/marshal/proxy/strangers/action-in-group", test_action_in_group);
  g_test_add_func ("/marshal/proxy/strangers/seekable", test_seekable);
  g_test_add_func ("/marshal/proxy/strangers/converter", test_converter);
  g_test_add_func ("/marshal/proxy/strangers/initable", test_initable);
  g_test_add_func ("/marshal/proxy/strangers/file", test_file);

  return g_test_run ();
}
