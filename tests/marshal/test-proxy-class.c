/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <convoke-test.h>

#include "convoke-error.h"
#include "convoke-proxy-class-private.h"

#define CONVOKE_INSIDE
#include "convoke-proxy.h"

typedef struct
{
  GObject parent_instance;
} TestBase;

typedef struct
{
  GObjectClass parent_class;
} TestBaseClass;

static GType test_base_get_type (void);
G_DEFINE_TYPE (TestBase, test_base, G_TYPE_OBJECT)

static void
test_base_init (TestBase *self)
{
}

static void
test_base_class_init (TestBaseClass *class)
{
}

static void
slot (const ConvokeCallableInfo  *callable,
      const ConvokePlan          *plan,
      void                      **args,
      void                       *ret)
{
  *(ffi_arg *) ret = 0;
}

static void
get_property (GObject    *object,
              guint       id,
              GValue     *value,
              GParamSpec *pspec)
{
}

static void
set_property (GObject      *object,
              guint         id,
              const GValue *value,
              GParamSpec   *pspec)
{
}

static const ConvokeClassKind test_kind = {
  "TestKind", test_base_get_type, slot, get_property, set_property,
};

static GType
make_class (GType     iface,
            GObject  *like,
            GError  **error)
{
  g_auto (ConvokeInterfaceSet) set = { NULL, };

  if (!convoke_interface_set_init_for_interface (&set, iface, error))
    return G_TYPE_INVALID;

  return convoke_proxy_class_get (&test_kind, &set, like != NULL ? convoke_proxy_class_object_has_slot : NULL, like, error);
}

static void
require (const char *namespace_,
         const char *version)
{
  g_autoptr (GError) error = NULL;

  convoke_require (namespace_, version, &error);
  g_assert_no_error (error);
}

static void
test_name (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;
  GType type = make_class (CONVOKE_TEST_TYPE_PRICE_FEED, NULL, &error);

  g_test_summary ("A class is named for its interfaces, and made once");

  g_assert_no_error (error);
  g_assert_cmpstr (g_type_name (type), ==, "TestKind+ConvokeTestPriceFeed");
  g_assert_true (G_TYPE_IS_FINAL (type));
  g_assert_true (make_class (CONVOKE_TEST_TYPE_PRICE_FEED, NULL, NULL) == type);
  g_assert_true (make_class (CONVOKE_TEST_TYPE_PRICE_FEED, G_OBJECT (server), NULL) == type);
}

static void
test_mask (void)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("go", NULL);
  g_autoptr (GFile) file = g_file_new_for_path ("/");
  g_autoptr (GError) error = NULL;
  GType full = make_class (G_TYPE_FILE, NULL, &error);
  GType local = make_class (G_TYPE_FILE, G_OBJECT (file), &error);

  g_test_summary ("Empty slots are part of a class's name");

  g_assert_no_error (error);
  g_assert_true (full != local);
  g_assert_true (g_str_has_prefix (g_type_name (local), "TestKind+GFile-"));
  g_assert_true (make_class (G_TYPE_FILE, G_OBJECT (file), NULL) == local);
  g_assert_true (make_class (G_TYPE_ACTION, G_OBJECT (action), NULL) == make_class (G_TYPE_ACTION, NULL, NULL));
}

/* Of a set that was found in this order. */
static GType
make_class_of_two (GType    first,
                   GType    second,
                   GObject *like)
{
  g_auto (ConvokeInterfaceSet) set = { g_ptr_array_new (), };
  g_autoptr (GError) error = NULL;
  GType type;

  g_ptr_array_add (set.infos, (gpointer) convoke_interface_info_lookup (first, &error));
  g_assert_no_error (error);
  g_ptr_array_add (set.infos, (gpointer) convoke_interface_info_lookup (second, &error));
  g_assert_no_error (error);

  type = convoke_proxy_class_get (&test_kind, &set, like != NULL ? convoke_proxy_class_object_has_slot : NULL, like, &error);
  g_assert_no_error (error);
  return type;
}

static void
test_order (void)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("go", NULL);
  GType one = make_class_of_two (G_TYPE_ACTION, G_TYPE_SEEKABLE, G_OBJECT (action));
  GType other = make_class_of_two (G_TYPE_SEEKABLE, G_TYPE_ACTION, G_OBJECT (action));

  g_test_summary ("The order in which interfaces were found is no part of a class's name");

  g_assert_cmpstr (g_type_name (one), ==, g_type_name (other));
}

/* A copy of GAction's description in which the typelib did not tell where a slot is. */
static void
test_slot_unknown (void)
{
  g_auto (ConvokeInterfaceSet) set = { g_ptr_array_new (), };
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = NULL;
  g_autoptr (GSimpleAction) action = g_simple_action_new ("go", NULL);
  ConvokeInterfaceInfo *info = g_memdup2 (convoke_interface_info_lookup (G_TYPE_ACTION, NULL), sizeof *info);

  g_test_summary ("A slot that the typelib does not place is left alone");

  /* The class keeps the description. */
  info->methods = g_memdup2 (info->methods, info->n_methods * sizeof *info->methods);
  for (guint i = 0; i < info->n_methods; i++)
    info->methods[i].owner = info;
  info->methods[0].offset = G_MAXUINT;
  g_ptr_array_add (set.infos, info);

  g_assert_null (convoke_method_info_get_slot (&info->methods[0], action));
  object = g_object_new (convoke_proxy_class_get (&test_kind, &set, NULL, NULL, &error), NULL);
  g_assert_no_error (error);
  g_assert_null (G_ACTION_GET_IFACE (object)->get_name);
  g_assert_nonnull (G_ACTION_GET_IFACE (object)->activate);
}

static void
test_prerequisite (void)
{
  g_autoptr (GError) error = NULL;
  GType type = make_class (G_TYPE_REMOTE_ACTION_GROUP, NULL, &error);

  g_test_summary ("An interface brings its prerequisites; one that requires a class is refused, naming it");

  g_assert_no_error (error);
  g_assert_true (g_type_is_a (type, G_TYPE_ACTION_GROUP));

  g_assert_true (make_class (G_TYPE_POLLABLE_INPUT_STREAM, NULL, &error) == G_TYPE_INVALID);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "GInputStream"));
}

static gpointer
make_one (gpointer data)
{
  return GSIZE_TO_POINTER (make_class (G_TYPE_VOLUME, NULL, NULL));
}

static void
test_threads (void)
{
  GThread *threads[4];
  gpointer type = NULL;

  g_test_summary ("Threads that ask at once get one class");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("make", make_one, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      gpointer made = g_thread_join (threads[i]);

      g_assert_true (made != NULL && (type == NULL || made == type));
      type = made;
    }
}

/* Each is one of: a class that can be instantiated, or a refusal that says something. */
static void
try_interface (GType  iface,
               guint *n_made,
               guint *n_refused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = NULL;
  GType type = make_class (iface, NULL, &error);

  if (type == G_TYPE_INVALID)
    {
      g_assert_true (error != NULL && error->domain == CONVOKE_ERROR);
      g_test_message ("%s: %s", g_type_name (iface), error->message);
      (*n_refused)++;
      return;
    }

  g_assert_no_error (error);
  object = g_object_new (type, NULL);
  g_assert_true (g_type_is_a (G_OBJECT_TYPE (object), iface));
  (*n_made)++;
}

static void
test_gio (void)
{
  GType (*const types[]) (void) = {
    g_action_get_type, g_action_group_get_type, g_action_map_get_type, g_app_info_get_type,
    g_async_initable_get_type, g_async_result_get_type, g_converter_get_type, g_datagram_based_get_type,
    g_dbus_interface_get_type, g_dbus_object_get_type, g_dbus_object_manager_get_type, g_drive_get_type,
    g_dtls_client_connection_get_type, g_dtls_connection_get_type, g_dtls_server_connection_get_type,
    g_file_get_type, g_icon_get_type, g_initable_get_type, g_list_model_get_type, g_loadable_icon_get_type,
    g_memory_monitor_get_type, g_mount_get_type, g_network_monitor_get_type, g_pollable_input_stream_get_type,
    g_pollable_output_stream_get_type, g_power_profile_monitor_get_type, g_proxy_get_type,
    g_proxy_resolver_get_type, g_remote_action_group_get_type, g_seekable_get_type,
    g_socket_connectable_get_type, g_tls_backend_get_type, g_tls_client_connection_get_type,
    g_tls_file_database_get_type, g_tls_server_connection_get_type, g_volume_get_type,
  };
  guint n_made = 0;
  guint n_refused = 0;

  g_test_summary ("Every interface of GIO has a proxy class, or a refusal in words");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    try_interface (types[i] (), &n_made, &n_refused);

  /* Those that require a class: pollable streams, TLS connections over them, the file database. */
  g_assert_cmpuint (n_refused, <=, 5);
  g_assert_cmpuint (n_made, >=, 31);
}

static const struct
{
  const char *soname;
  const char *namespace_;
  const char *version;
  const char *get_types[16];
} strangers[] = {
  { "libatk-1.0.so.0", "Atk", "1.0",
    { "atk_action_get_type", "atk_component_get_type", "atk_document_get_type", "atk_editable_text_get_type",
      "atk_hypertext_get_type", "atk_image_get_type", "atk_selection_get_type", "atk_streamable_content_get_type",
      "atk_table_get_type", "atk_table_cell_get_type", "atk_text_get_type", "atk_value_get_type",
      "atk_window_get_type", "atk_implementor_get_type" } },
  { "libjson-glib-1.0.so.0", "Json", "1.0", { "json_serializable_get_type" } },
  { "libgtk-3.so.0", "Gtk", "3.0",
    { "gtk_buildable_get_type", "gtk_tree_model_get_type", "gtk_tree_sortable_get_type", "gtk_tree_drag_source_get_type",
      "gtk_tree_drag_dest_get_type", "gtk_editable_get_type", "gtk_orientable_get_type", "gtk_cell_layout_get_type",
      "gtk_cell_editable_get_type", "gtk_file_chooser_get_type", "gtk_recent_chooser_get_type",
      "gtk_scrollable_get_type", "gtk_style_provider_get_type", "gtk_activatable_get_type", "gtk_actionable_get_type" } },
};

static void
test_others (void)
{
  guint n_made = 0;
  guint n_refused = 0;
  gboolean any = FALSE;

  g_test_summary ("So has every interface of other libraries that this machine has");

  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      GModule *module = g_module_open (strangers[i].soname, G_MODULE_BIND_LAZY);

      if (module == NULL || !convoke_require (strangers[i].namespace_, strangers[i].version, NULL))
        continue;

      g_module_make_resident (module);
      any = TRUE;
      for (guint j = 0; strangers[i].get_types[j] != NULL; j++)
        {
          GType (*get_type) (void) = NULL;

          if (g_module_symbol (module, strangers[i].get_types[j], (gpointer *) &get_type))
            try_interface (get_type (), &n_made, &n_refused);
        }
    }

  if (!any)
    g_test_skip ("No other library with interfaces and a typelib is installed");
  else
    g_assert_cmpuint (n_made, >, 0);
  g_test_message ("%u made, %u refused", n_made, n_refused);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  require ("ConvokeTest", "1");
  require ("Gio", "2.0");

  g_test_add_func ("/marshal/proxy-class/name", test_name);
  g_test_add_func ("/marshal/proxy-class/mask", test_mask);
  g_test_add_func ("/marshal/proxy-class/order", test_order);
  g_test_add_func ("/marshal/proxy-class/slot-unknown", test_slot_unknown);
  g_test_add_func ("/marshal/proxy-class/prerequisite", test_prerequisite);
  g_test_add_func ("/marshal/proxy-class/threads", test_threads);
  g_test_add_func ("/marshal/proxy-class/gio", test_gio);
  g_test_add_func ("/marshal/proxy-class/others", test_others);

  return g_test_run ();
}
