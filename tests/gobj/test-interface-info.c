/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gmodule.h>
#include <string.h>
#include <unistd.h>

#include <convoke-test.h>

#include "convoke-error.h"
#include "convoke-plan-private.h"

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

static const ConvokeArgInfo *
find_arg (const char *method,
          const char *name)
{
  const ConvokeMethodInfo *info = find (CONVOKE_TEST_TYPE_EVERY, method);

  for (guint i = 0; i < convoke_method_info_get_n_args (info); i++)
    if (strcmp (convoke_arg_info_get_name (convoke_method_info_get_arg (info, i)), name) == 0)
      return convoke_method_info_get_arg (info, i);

  g_assert_not_reached ();
}

static void
assert_refused (GType       gtype,
                const char *method,
                const char *because)
{
  const char *refusal = convoke_method_info_get_refusal (find (gtype, method));

  g_assert_nonnull (refusal);
  g_assert_nonnull (strstr (refusal, because));
}

/* --- finding --- */

static void
test_names (void)
{
  const ConvokeInterfaceInfo *info = look_up (CONVOKE_TEST_TYPE_PRICE_FEED);

  g_test_summary ("A required namespace describes its interface with name and version");

  g_assert_cmpstr (convoke_interface_info_get_name (info), ==, "ConvokeTest-1.PriceFeed");
  g_assert_cmpstr (convoke_interface_info_get_namespace (info), ==, "ConvokeTest");
  g_assert_cmpstr (convoke_interface_info_get_version (info), ==, "1");
  g_assert_true (convoke_interface_info_get_gtype (info) == CONVOKE_TEST_TYPE_PRICE_FEED);
  g_assert_null (convoke_interface_info_get_refusal (info));
}

static void
test_same_for_all (void)
{
  g_test_summary ("Looking an interface up again gives the same description");

  g_assert_true (look_up (CONVOKE_TEST_TYPE_EVERY) == look_up (CONVOKE_TEST_TYPE_EVERY));
}

static void
test_gio_known (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("The interfaces of GIO are known without being required");

  g_assert_nonnull (convoke_interface_info_lookup (G_TYPE_LIST_MODEL, &error));
  g_assert_no_error (error);
}

static void
test_no_such_namespace (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A namespace without a typelib is NO_TYPELIB, with its name");

  g_assert_false (convoke_require ("ConvokeNowhere", "1", &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
  g_assert_nonnull (strstr (error->message, "ConvokeNowhere"));
}

static void
test_other_version (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A namespace that is known in another version is VERSION_MISMATCH");

  look_up (CONVOKE_TEST_TYPE_PRICE_FEED);
  g_assert_false (convoke_require ("ConvokeTest", "2", &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH);
}

static void
test_any_version (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("No version is the newest, or the one that is known");

  look_up (CONVOKE_TEST_TYPE_PRICE_FEED);
  g_assert_true (convoke_require ("ConvokeTest", NULL, &error));
  g_assert_no_error (error);
}

static void
test_require_from (void)
{
  const char *path = g_getenv ("GI_TYPELIB_PATH");
  g_auto (GStrv) directories = g_strsplit (path, ":", -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *nowhere = g_dir_make_tmp (NULL, NULL);

  g_test_summary ("A typelib can be had from a directory that is named, and from no other then");

  g_assert_false (convoke_require_from (nowhere, "ConvokeElsewhere", "1", &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
  g_rmdir (nowhere);
  g_clear_error (&error);

  for (char **directory = directories; *directory != NULL; directory++)
    {
      g_autofree char *file = g_build_filename (*directory, "ConvokeTest-1.typelib", NULL);

      if (g_file_test (file, G_FILE_TEST_EXISTS))
        {
          g_assert_true (convoke_require_from (*directory, "ConvokeTest", "1", &error));
          g_assert_no_error (error);
          return;
        }
    }

  g_assert_not_reached ();
}

static void
test_unknown_type (void)
{
  const GTypeInfo type_info = { sizeof (GTypeInterface), };
  GType gtype = g_type_register_static (G_TYPE_INTERFACE, "TestInterfaceMadeAtRunTime", &type_info, 0);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A type that no typelib has is NO_TYPELIB, and the message says what to call");

  g_assert_null (convoke_interface_info_lookup (gtype, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
  g_assert_nonnull (strstr (error->message, "convoke_require()"));
  g_assert_nonnull (strstr (error->message, "TestInterfaceMadeAtRunTime"));
}

static void
test_no_interface (void)
{
  g_test_summary ("Looking up what is no interface is a programming error");

  if (g_test_subprocess ())
    {
      convoke_interface_info_lookup (G_TYPE_OBJECT, NULL);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*G_TYPE_IS_INTERFACE*");
}

typedef struct
{
  GType                       gtype;
  const ConvokeInterfaceInfo *found;
} Look;

static gpointer
look_in_thread (gpointer data)
{
  Look *look = data;

  look->found = convoke_interface_info_lookup (look->gtype, NULL);
  return NULL;
}

static void
test_threads (void)
{
  const GType gtypes[] = { G_TYPE_FILE, G_TYPE_VOLUME, G_TYPE_MOUNT, G_TYPE_DRIVE,
                           G_TYPE_ACTION_GROUP, G_TYPE_ICON, G_TYPE_SEEKABLE, G_TYPE_CONVERTER };
  Look looks[64];
  GThread *threads[G_N_ELEMENTS (looks)];

  g_test_summary ("Threads that look an interface up for the first time get one description");

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    looks[i] = (Look) { gtypes[i % G_N_ELEMENTS (gtypes)], NULL };
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    threads[i] = g_thread_new ("look", look_in_thread, &looks[i]);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    g_thread_join (threads[i]);

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      g_assert_nonnull (looks[i].found);
      g_assert_true (looks[i].found == looks[i % G_N_ELEMENTS (gtypes)].found);
      g_assert_true (convoke_interface_info_get_gtype (looks[i].found) == looks[i].gtype);
    }
}

static void
test_module_missing (void)
{
  g_test_summary ("Without a typelib reader it is NO_TYPELIB, with the places that were searched");

  if (g_test_subprocess ())
    {
      g_autoptr (GError) error = NULL;

      g_setenv ("CONVOKE_MODULE_PATH", "/nowhere/at/all", TRUE);
      g_assert_false (convoke_require ("ConvokeTest", "1", &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
      g_assert_nonnull (strstr (error->message, "/nowhere/at/all"));
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static void
test_module_wrong (void)
{
  g_test_summary ("A module that is no typelib reader is refused");

  if (g_test_subprocess ())
    {
      g_autofree char *directory = g_test_build_filename (G_TEST_BUILT, "gobj", "not-a-reader", NULL);
      g_autoptr (GError) error = NULL;

      g_setenv ("CONVOKE_MODULE_PATH", directory, TRUE);
      g_assert_false (convoke_require ("ConvokeTest", "1", &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
      g_assert_nonnull (strstr (error->message, "no typelib reader"));
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static void
test_girepository_2 (void)
{
  g_test_summary ("Where the process has girepository 2.0, the reader for 1.0 is not opened");

  if (g_test_subprocess ())
    {
      g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "gobj", "libgirepository-2.0.so.0", NULL);
      GModule *module = g_module_open (path, 0);
      g_autoptr (GError) error = NULL;

      g_assert_nonnull (module);
      g_assert_false (convoke_require ("ConvokeTest", "1", &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
      g_assert_nonnull (strstr (error->message, "girepository-2.0"));
      g_assert_true (g_type_from_name ("GIRepository") == G_TYPE_INVALID);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

/* --- methods --- */

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

static void
test_offsets (void)
{
  g_test_summary ("Slots are found where the compiler puts them, behind scalar fields and skipped slots too");

  g_assert_cmpuint (convoke_method_info_get_offset (find (CONVOKE_TEST_TYPE_RENAMED, "read_fn")), ==,
                    G_STRUCT_OFFSET (ConvokeTestRenamedInterface, read_fn));
  g_assert_cmpuint (convoke_method_info_get_offset (find (CONVOKE_TEST_TYPE_RENAMED, "internal")), ==,
                    G_STRUCT_OFFSET (ConvokeTestRenamedInterface, internal));
  g_assert_cmpuint (convoke_method_info_get_offset (find (CONVOKE_TEST_TYPE_EVERY, "count_slowly")), ==,
                    G_STRUCT_OFFSET (ConvokeTestEveryInterface, count_slowly));
}

static void
test_order (void)
{
  const ConvokeInterfaceInfo *info = look_up (CONVOKE_TEST_TYPE_EVERY);
  guint n_methods = convoke_interface_info_get_n_methods (info);

  g_test_summary ("Methods come in the order of their slots");

  for (guint i = 1; i < n_methods; i++)
    g_assert_cmpuint (convoke_method_info_get_offset (convoke_interface_info_get_method (info, i - 1)), <,
                      convoke_method_info_get_offset (convoke_interface_info_get_method (info, i)));
}

static void
test_null_slot (void)
{
  g_autoptr (ConvokeTestAwkward) awkward = convoke_test_awkward_new ();

  g_test_summary ("An empty slot is NULL, and so is one of an interface that is not implemented");

  g_assert_nonnull (convoke_method_info_get_slot (find (CONVOKE_TEST_TYPE_RENAMED, "read"), awkward));
  g_assert_null (convoke_method_info_get_slot (find (CONVOKE_TEST_TYPE_RENAMED, "internal"), awkward));
  g_assert_null (convoke_method_info_get_slot (find (CONVOKE_TEST_TYPE_PRICE_FEED, "get_price"), awkward));
}

static void
test_two_names (void)
{
  const ConvokeMethodInfo *method = find (CONVOKE_TEST_TYPE_RENAMED, "read");

  g_test_summary ("A method is found by the name that users know and by its slot's");

  g_assert_true (find (CONVOKE_TEST_TYPE_RENAMED, "read_fn") == method);
  g_assert_cmpstr (convoke_method_info_get_name (method), ==, "read");
  g_assert_cmpstr (convoke_method_info_get_slot_name (method), ==, "read_fn");
  g_assert_cmpstr (convoke_method_info_get_symbol (method), ==, "convoke_test_renamed_read");
  g_assert_true (convoke_method_info_is_idempotent (method));
}

static void
test_names_collide (void)
{
  const ConvokeMethodInfo *method = find (CONVOKE_TEST_TYPE_RENAMED, "write_all");

  g_test_summary ("Where a method and another's slot share a name, it means the method");

  g_assert_cmpstr (convoke_method_info_get_slot_name (method), ==, "do_write");
}

static void
test_no_method (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A name that no method has is NO_METHOD");

  g_assert_null (convoke_interface_info_find_method (look_up (CONVOKE_TEST_TYPE_PRICE_FEED), "get_rich", &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_METHOD);
  g_assert_nonnull (strstr (error->message, "get_rich"));
}

static void
test_lost_pairing (void)
{
  const ConvokeMethodInfo *method = find (CONVOKE_TEST_TYPE_LOST, "get_path");
  const ConvokeArgInfo *result = convoke_method_info_get_return (method);

  g_test_summary ("A slot that the scanner parted from its method has the method's annotations and contract (D12)");

  g_assert_cmpint (convoke_type_info_get_kind (convoke_arg_info_get_type_info (result)), ==, CONVOKE_TYPE_KIND_FILENAME);
  g_assert_cmpint (convoke_arg_info_get_transfer (result), ==, CONVOKE_TRANSFER_FULL);
  g_assert_true (convoke_arg_info_is_nullable (result));
  g_assert_cmpint (convoke_method_info_get_deadline (method), ==, 250 * 1000);
  g_assert_null (convoke_interface_info_get_refusal (look_up (CONVOKE_TEST_TYPE_LOST)));
}

static void
test_union_of_contracts (void)
{
  const ConvokeMethodInfo *method = find (CONVOKE_TEST_TYPE_MENDED, "get_path");

  g_test_summary ("The contracts of a slot and of its method count together (D12)");

  g_assert_cmpint (convoke_method_info_get_deadline (method), ==, 125 * 1000);
  g_assert_true (convoke_method_info_is_idempotent (method));
}

static void
test_contracts_differ (void)
{
  g_test_summary ("A slot and a method that say different things are refused (D12)");

  assert_refused (CONVOKE_TEST_TYPE_TWOFOLD, "get_path", "convoke.deadline-ms");
}

static void
test_contract_lost (void)
{
  const char *refusal = convoke_interface_info_get_refusal (look_up (CONVOKE_TEST_TYPE_UNPROTECTED));

  g_test_summary ("An interface with a contract that reaches no slot is refused (D12)");

  g_assert_nonnull (refusal);
  g_assert_nonnull (strstr (refusal, "convoke_test_unprotected_store"));
}

static void
test_contract_misplaced (void)
{
  const char *refusal = convoke_interface_info_get_refusal (look_up (CONVOKE_TEST_TYPE_UNPROTECTED_SIGNAL));

  g_test_summary ("An interface with a contract at a signal is refused (D12)");

  g_assert_nonnull (refusal);
  g_assert_nonnull (strstr (refusal, "happened"));
}

static void
test_contract_misspelt (void)
{
  g_test_summary ("A contract that is not understood makes its method refused, and no other");

  assert_refused (CONVOKE_TEST_TYPE_MISSPELT, "misspelt", "convoke.dead-line");
  assert_refused (CONVOKE_TEST_TYPE_MISSPELT, "not_a_number", "soon");
  assert_refused (CONVOKE_TEST_TYPE_MISSPELT, "wrong_place", "text");
  g_assert_null (convoke_method_info_get_refusal (find (CONVOKE_TEST_TYPE_MISSPELT, "fine")));
}

static void
test_oneway (void)
{
  g_test_summary ("A method that is not answered and yet has an answer is refused");

  g_assert_true (convoke_method_info_is_oneway (find (CONVOKE_TEST_TYPE_PRICE_FEED, "note")));
  g_assert_null (convoke_method_info_get_refusal (find (CONVOKE_TEST_TYPE_PRICE_FEED, "note")));
  assert_refused (CONVOKE_TEST_TYPE_MISSPELT, "oneway_result", "convoke.oneway");
  assert_refused (CONVOKE_TEST_TYPE_MISSPELT, "oneway_out", "convoke.oneway");
  assert_refused (CONVOKE_TEST_TYPE_MISSPELT, "oneway_error", "convoke.oneway");
}

static void
test_attributes (void)
{
  const ConvokeMethodInfo *method = find (CONVOKE_TEST_TYPE_EVERY, "get_secret");

  g_test_summary ("Attributes of a method, of its arguments and of its result are read");

  g_assert_cmpstr (convoke_method_info_get_attribute (method, "convoke.idempotent"), ==, "1");
  g_assert_null (convoke_method_info_get_attribute (method, "convoke.oneway"));
  g_assert_cmpstr (convoke_arg_info_get_attribute (convoke_method_info_get_arg (method, 0), "convoke.secret"), ==, "1");
  g_assert_cmpstr (convoke_arg_info_get_attribute (convoke_method_info_get_return (method), "convoke.secret"), ==, "1");
  g_assert_cmpstr (convoke_method_info_get_attribute (find (CONVOKE_TEST_TYPE_MISSPELT, "fine"), "org.example.anything"), ==, "5");
  g_assert_true (convoke_method_info_has_progress (find (CONVOKE_TEST_TYPE_EVERY, "count_slowly")));
}

static void
test_unannotated (void)
{
  g_test_summary ("Annotations that would be corrupted memory make their method refused, and no other");

  assert_refused (CONVOKE_TEST_TYPE_UNANNOTATED, "measure", "width");
  assert_refused (CONVOKE_TEST_TYPE_UNANNOTATED, "get_numbers", "(array)");
  assert_refused (CONVOKE_TEST_TYPE_UNANNOTATED, "fill", "(in)");
  assert_refused (CONVOKE_TEST_TYPE_UNANNOTATED, "put", "by value");
  g_assert_null (convoke_method_info_get_refusal (find (CONVOKE_TEST_TYPE_UNANNOTATED, "fine")));
}

static void
test_signal_slot (void)
{
  const ConvokeMethodInfo *slot = find (CONVOKE_TEST_TYPE_PRICE_FEED, "price_changed");

  g_test_summary ("A signal's default handler is marked, and cannot be called");

  g_assert_true (convoke_method_info_is_signal_slot (slot));
  g_assert_nonnull (convoke_method_info_get_refusal (slot));
  g_assert_false (convoke_method_info_is_signal_slot (find (CONVOKE_TEST_TYPE_PRICE_FEED, "note")));
}

static void
test_pairs (void)
{
  const ConvokeMethodInfo *mount = find (CONVOKE_TEST_TYPE_PAIRS, "mount");

  g_test_summary ("GIO's pairs are found by each rule of their names, and nothing else is");

  g_assert_true (convoke_method_info_get_finish (find (CONVOKE_TEST_TYPE_PAIRS, "save_async")) ==
                 find (CONVOKE_TEST_TYPE_PAIRS, "save_finish"));
  g_assert_true (convoke_method_info_get_finish (mount) == find (CONVOKE_TEST_TYPE_PAIRS, "mount_finish"));
  g_assert_true (convoke_method_info_get_begin (find (CONVOKE_TEST_TYPE_PAIRS, "mount_finish")) == mount);
  g_assert_true (convoke_method_info_get_finish (find (CONVOKE_TEST_TYPE_PAIRS, "eject")) ==
                 find (CONVOKE_TEST_TYPE_PAIRS, "eject_finish"));
  g_assert_null (convoke_method_info_get_finish (find (CONVOKE_TEST_TYPE_PAIRS, "alone_async")));
  g_assert_null (convoke_method_info_get_finish (find (CONVOKE_TEST_TYPE_PAIRS, "dance_async")));
}

static void
test_fingerprint (void)
{
  const char *one = convoke_method_info_get_fingerprint (find (CONVOKE_TEST_TYPE_LOST, "get_path"));
  const char *two = convoke_method_info_get_fingerprint (find (CONVOKE_TEST_TYPE_MENDED, "get_path"));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const ConvokeInterfaceInfo *every = look_up (CONVOKE_TEST_TYPE_EVERY);

  g_test_summary ("Methods that are called alike have one fingerprint, others differ (D5)");

  g_assert_cmpstr (one, ==, two);
  for (guint i = 0; i < convoke_interface_info_get_n_methods (every); i++)
    g_assert_true (g_hash_table_add (seen, (gpointer) convoke_method_info_get_fingerprint (convoke_interface_info_get_method (every, i))));
}

/* --- arguments --- */

static void
test_lengths (void)
{
  g_test_summary ("Arrays and their lengths know each other, also when the array is returned");

  g_assert_cmpint (convoke_arg_info_get_length_of (find_arg ("sum_ints", "n_values")), ==, 0);
  g_assert_cmpint (convoke_type_info_get_length_index (convoke_arg_info_get_type_info (find_arg ("sum_ints", "values"))), ==, 1);
  g_assert_cmpint (convoke_arg_info_get_length_of (find_arg ("sum_shifted", "n_values")), ==, 1);
  g_assert_cmpint (convoke_arg_info_get_length_of (find_arg ("reverse_doubles", "n_reversed")), ==, -2);
  g_assert_cmpint (convoke_arg_info_get_length_of (find_arg ("sum_ints", "values")), ==, -1);
}

static void
test_buffer (void)
{
  const ConvokeArgInfo *buffer = find_arg ("fill_buffer", "buffer");

  g_test_summary ("A buffer of the caller whose length goes in is not refused");

  g_assert_null (convoke_method_info_get_refusal (find (CONVOKE_TEST_TYPE_EVERY, "fill_buffer")));
  g_assert_true (convoke_arg_info_is_caller_allocates (buffer));
  g_assert_cmpint (convoke_arg_info_get_direction (buffer), ==, CONVOKE_DIRECTION_OUT);
  g_assert_cmpint (convoke_arg_info_get_direction (find_arg ("fill_buffer", "size")), ==, CONVOKE_DIRECTION_IN);
}

static void
test_callbacks (void)
{
  g_test_summary ("Callbacks, their user data and their destroy notify know each other");

  g_assert_cmpint (convoke_arg_info_get_scope (find_arg ("for_each", "func")), ==, CONVOKE_SCOPE_CALL);
  g_assert_cmpint (convoke_arg_info_get_scope (find_arg ("call_later", "func")), ==, CONVOKE_SCOPE_ASYNC);
  g_assert_cmpint (convoke_arg_info_get_scope (find_arg ("watch", "func")), ==, CONVOKE_SCOPE_NOTIFIED);
  g_assert_cmpint (convoke_arg_info_get_closure_index (find_arg ("watch", "func")), ==, 1);
  g_assert_cmpint (convoke_arg_info_get_destroy_index (find_arg ("watch", "func")), ==, 2);
  g_assert_cmpint (convoke_arg_info_get_closure_of (find_arg ("watch", "user_data")), ==, 0);
  g_assert_cmpint (convoke_arg_info_get_closure_of (find_arg ("watch", "destroy")), ==, 0);
  g_assert_cmpint (convoke_arg_info_get_closure_of (find_arg ("watch", "func")), ==, -1);
  g_assert_nonnull (find_arg ("watch", "func")->type.callback);
  g_assert_cmpuint (find_arg ("watch", "func")->type.callback->n_args, ==, 2);
}

typedef struct
{
  const char      *method;
  const char      *arg;       /* NULL: what is returned */
  ConvokeTypeKind  kind;
  ConvokeDirection direction;
  ConvokeTransfer  transfer;
  gboolean         nullable;
} Expected;

#define IN CONVOKE_DIRECTION_IN
#define OUT CONVOKE_DIRECTION_OUT
#define INOUT CONVOKE_DIRECTION_INOUT
#define NONE CONVOKE_TRANSFER_NONE
#define CONTAINER CONVOKE_TRANSFER_CONTAINER
#define FULL CONVOKE_TRANSFER_FULL

static const Expected expected[] = {
  { "echo_int8", "value", CONVOKE_TYPE_KIND_INT8, IN, NONE, FALSE },
  { "echo_uint16", NULL, CONVOKE_TYPE_KIND_UINT16, OUT, NONE, FALSE },
  { "echo_int64", "value", CONVOKE_TYPE_KIND_INT64, IN, NONE, FALSE },
  { "echo_boolean", "value", CONVOKE_TYPE_KIND_BOOLEAN, IN, NONE, FALSE },
  { "echo_unichar", "value", CONVOKE_TYPE_KIND_UNICHAR, IN, NONE, FALSE },
  { "echo_gtype", "value", CONVOKE_TYPE_KIND_GTYPE, IN, NONE, FALSE },
  { "echo_mood", "value", CONVOKE_TYPE_KIND_ENUM, IN, NONE, FALSE },
  { "echo_sides", "value", CONVOKE_TYPE_KIND_FLAGS, IN, NONE, FALSE },
  { "echo_string", "value", CONVOKE_TYPE_KIND_UTF8, IN, NONE, TRUE },
  { "echo_string", NULL, CONVOKE_TYPE_KIND_UTF8, OUT, FULL, TRUE },
  { "get_label", NULL, CONVOKE_TYPE_KIND_UTF8, OUT, NONE, TRUE },
  { "take_string", "value", CONVOKE_TYPE_KIND_UTF8, IN, FULL, FALSE },
  { "echo_filename", "value", CONVOKE_TYPE_KIND_FILENAME, IN, NONE, TRUE },
  { "echo_variant", NULL, CONVOKE_TYPE_KIND_VARIANT, OUT, FULL, TRUE },
  { "echo_bytes", "value", CONVOKE_TYPE_KIND_BYTES, IN, NONE, TRUE },
  { "echo_byte_array", "value", CONVOKE_TYPE_KIND_BYTE_ARRAY, IN, NONE, FALSE },
  { "sum_ints", "values", CONVOKE_TYPE_KIND_ARRAY, IN, NONE, TRUE },
  { "make_ints", "values", CONVOKE_TYPE_KIND_ARRAY, OUT, FULL, FALSE },
  { "get_names", NULL, CONVOKE_TYPE_KIND_ARRAY, OUT, NONE, FALSE },
  { "reverse_list", "list", CONVOKE_TYPE_KIND_LIST, IN, NONE, FALSE },
  { "reverse_slist", NULL, CONVOKE_TYPE_KIND_SLIST, OUT, FULL, FALSE },
  { "take_container", "list", CONVOKE_TYPE_KIND_LIST, IN, CONTAINER, FALSE },
  { "list_names", NULL, CONVOKE_TYPE_KIND_LIST, OUT, CONTAINER, FALSE },
  { "reverse_ptr_array", "array", CONVOKE_TYPE_KIND_PTR_ARRAY, IN, NONE, FALSE },
  { "reverse_array", "array", CONVOKE_TYPE_KIND_GARRAY, IN, NONE, FALSE },
  { "swap_table", "table", CONVOKE_TYPE_KIND_HASH_TABLE, IN, NONE, FALSE },
  { "increment", "value", CONVOKE_TYPE_KIND_INT32, INOUT, FULL, FALSE },
  { "append", "text", CONVOKE_TYPE_KIND_UTF8, INOUT, FULL, TRUE },
  { "describe_out", "text", CONVOKE_TYPE_KIND_UTF8, OUT, FULL, TRUE },
  { "peek_label", "label", CONVOKE_TYPE_KIND_UTF8, OUT, NONE, TRUE },
  { "echo_feed", "feed", CONVOKE_TYPE_KIND_INTERFACE, IN, NONE, TRUE },
  { "feed_out", "feed", CONVOKE_TYPE_KIND_INTERFACE, OUT, FULL, TRUE },
  { "echo_object", "object", CONVOKE_TYPE_KIND_OBJECT, IN, NONE, TRUE },
  { "for_each", "func", CONVOKE_TYPE_KIND_CALLBACK, IN, NONE, FALSE },
  { "for_each", "user_data", CONVOKE_TYPE_KIND_POINTER, IN, NONE, TRUE },
  { "move_point", "point", CONVOKE_TYPE_KIND_STRUCT, IN, NONE, FALSE },
  { "move_point", "moved", CONVOKE_TYPE_KIND_STRUCT, OUT, NONE, FALSE },
  { "mix", "color", CONVOKE_TYPE_KIND_BOXED, IN, NONE, TRUE },
  { "echo_value", "value", CONVOKE_TYPE_KIND_VALUE, IN, NONE, FALSE },
  { "echo_error", NULL, CONVOKE_TYPE_KIND_ERROR, OUT, FULL, TRUE },
};

static void
test_kinds (void)
{
  g_test_summary ("Each kind, direction, ownership and nullability is read as it is annotated");

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const Expected *e = &expected[i];
      const ConvokeArgInfo *arg = e->arg != NULL ? find_arg (e->method, e->arg)
                                                 : convoke_method_info_get_return (find (CONVOKE_TEST_TYPE_EVERY, e->method));

      g_test_message ("%s %s", e->method, e->arg != NULL ? e->arg : "return");
      g_assert_cmpint (convoke_type_info_get_kind (convoke_arg_info_get_type_info (arg)), ==, e->kind);
      g_assert_cmpint (convoke_arg_info_get_direction (arg), ==, e->direction);
      g_assert_cmpint (convoke_arg_info_get_transfer (arg), ==, e->transfer);
      g_assert_cmpint (convoke_arg_info_is_nullable (arg), ==, e->nullable);
    }
}

static void
test_every_is_callable (void)
{
  const ConvokeInterfaceInfo *info = look_up (CONVOKE_TEST_TYPE_EVERY);

  g_test_summary ("No method of the interface that has everything is refused");

  for (guint i = 0; i < convoke_interface_info_get_n_methods (info); i++)
    {
      const ConvokeMethodInfo *method = convoke_interface_info_get_method (info, i);

      if (!convoke_method_info_is_signal_slot (method))
        g_assert_cmpstr (convoke_method_info_get_refusal (method), ==, NULL);
    }
}

static void
test_enum_storage (void)
{
  g_test_summary ("An enumeration with negative values is held by a signed integer");

  g_assert_cmpint (convoke_type_info_get_storage (convoke_arg_info_get_type_info (find_arg ("echo_mood", "value"))), ==,
                   CONVOKE_TYPE_KIND_INT32);
  g_assert_cmpint (convoke_type_info_get_storage (convoke_arg_info_get_type_info (find_arg ("echo_sides", "value"))), ==,
                   CONVOKE_TYPE_KIND_UINT32);
}

static void
test_structs (void)
{
  const ConvokeTypeInfo *point = &find_arg ("move_point", "point")->type;
  const ConvokeTypeInfo *color = &find_arg ("mix", "color")->type;

  g_test_summary ("Of a plain structure the size and the fields are known, of an opaque one neither");

  g_assert_cmpuint (convoke_type_info_get_size (point), ==, sizeof (ConvokeTestPoint));
  g_assert_true (point->scalar_struct);
  g_assert_cmpstr (point->layout, ==, "double@0 int32@8 uint8@12");
  g_assert_cmpuint (convoke_type_info_get_size (color), ==, 0);
  g_assert_false (color->scalar_struct);
}

static void
test_elements (void)
{
  const ConvokeTypeInfo *options = convoke_arg_info_get_type_info (find_arg ("echo_options", "options"));
  const ConvokeTypeInfo *triple = convoke_arg_info_get_type_info (find_arg ("sum_triple", "triple"));

  g_test_summary ("The types of elements, keys and values are read");

  g_assert_cmpint (convoke_type_info_get_kind (convoke_type_info_get_element (options)), ==, CONVOKE_TYPE_KIND_UTF8);
  g_assert_cmpint (convoke_type_info_get_kind (convoke_type_info_get_value (options)), ==, CONVOKE_TYPE_KIND_VARIANT);
  g_assert_cmpint (convoke_type_info_get_fixed_size (triple), ==, 3);
  g_assert_cmpint (convoke_type_info_get_kind (convoke_type_info_get_element (triple)), ==, CONVOKE_TYPE_KIND_INT32);
}

/* --- interfaces --- */

static void
test_required_class (void)
{
  const ConvokeInterfaceInfo *info = look_up (CONVOKE_TEST_TYPE_NEEDS_GATE);

  g_test_summary ("An interface that requires a class is refused, with the name of the class");

  g_assert_cmpstr (convoke_interface_info_get_required_class (info), ==, "ConvokeTest.Gate");
  g_assert_nonnull (strstr (convoke_interface_info_get_refusal (info), "ConvokeTest.Gate"));
}

static void
test_required_class_of_prerequisite (void)
{
  const ConvokeInterfaceInfo *info = look_up (CONVOKE_TEST_TYPE_NEEDS_GATE_TOO);

  g_test_summary ("An interface that requires one that requires a class is refused too");

  g_assert_nonnull (strstr (convoke_interface_info_get_refusal (info), "ConvokeTest.Gate"));
}

static void
test_prerequisite (void)
{
  const ConvokeInterfaceInfo *info = look_up (CONVOKE_TEST_TYPE_RICHER);

  g_test_summary ("An interface that requires an interface is not refused");

  g_assert_null (convoke_interface_info_get_refusal (info));
  g_assert_true (g_strv_contains (convoke_interface_info_get_prerequisites (info), "ConvokeTestPriceFeed"));
}

static void
test_empty (void)
{
  const ConvokeInterfaceInfo *info = look_up (CONVOKE_TEST_TYPE_EMPTY);

  g_test_summary ("An interface without slots has its properties and signals");

  g_assert_cmpuint (convoke_interface_info_get_n_methods (info), ==, 0);
  g_assert_cmpuint (convoke_interface_info_get_n_properties (info), ==, 1);
  g_assert_cmpstr (convoke_property_info_get_name (convoke_interface_info_get_property (info, 0)), ==, "full");
  g_assert_cmpuint (convoke_interface_info_get_n_signals (info), ==, 1);
  g_assert_cmpstr (convoke_signal_info_get_name (convoke_interface_info_get_signal (info, 0)), ==, "filled");
}

static void
test_stranger_not_touched (void)
{
  g_test_summary ("Describing an interface registers no type of its library (D3)");

  if (g_test_subprocess ())
    {
      /* Only PriceFeed is registered; the Every that its typelib has too is not. */
      look_up (CONVOKE_TEST_TYPE_PRICE_FEED);
      g_assert_true (g_type_from_name ("ConvokeTestEvery") == G_TYPE_INVALID);
      find (G_TYPE_FILE, "read");
      g_assert_true (g_type_from_name ("GFileInputStream") == G_TYPE_INVALID);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static void
test_boxed (void)
{
  const ConvokeInterfaceInfo *info = look_up (CONVOKE_TEST_TYPE_PRICE_FEED);
  gpointer copy = g_boxed_copy (CONVOKE_TYPE_INTERFACE_INFO, info);

  g_test_summary ("A binding that copies and frees a description harms nobody");

  g_assert_true (copy == info);
  g_boxed_free (CONVOKE_TYPE_INTERFACE_INFO, copy);
  g_assert_cmpstr (convoke_interface_info_get_namespace (info), ==, "ConvokeTest");
}

static void
check_written (GType       iface,
               const char *method,
               const char *arg)
{
  const ConvokeMethodInfo *info = find (iface, method);
  g_autofree char *named = g_strdup_printf ("argument '%s' of ", arg);
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_method_info_get_refusal (info));
  g_assert_false (convoke_plan_can_capture (convoke_plan_get ((ConvokeCallableInfo *) &info->callable, NULL), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, named));
  g_assert_nonnull (strstr (error->message, "writes to"));
}

static void
test_written (void)
{
  g_test_summary ("Inputs that are known to be written to cannot be copied: what was written would be lost");

  check_written (G_TYPE_CONVERTER, "convert", "outbuf");
}

static void
test_async_scope (void)
{
  const ConvokeMethodInfo *move = find (G_TYPE_FILE, "move_async");
  const ConvokeMethodInfo *copy = find (G_TYPE_FILE, "copy");

  g_test_summary ("A callback of an asynchronous method outlives the call, whatever its annotation says");

  for (guint i = 0; i < move->callable.n_args; i++)
    if (strcmp (move->callable.args[i].name, "progress_callback") == 0)
      g_assert_cmpint (move->callable.args[i].scope, !=, CONVOKE_SCOPE_CALL);

  for (guint i = 0; i < copy->callable.n_args; i++)
    if (strcmp (copy->callable.args[i].name, "progress_callback") == 0)
      g_assert_cmpint (copy->callable.args[i].scope, ==, CONVOKE_SCOPE_CALL);
}

static void
check_bad_typelib (const char *directory,
                   const char *contents,
                   gsize       length)
{
  g_autofree char *path = g_build_filename (directory, "ConvokeBroken-1.typelib", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, contents, length, &error));
  g_assert_no_error (error);
  g_assert_false (convoke_require_from (directory, "ConvokeBroken", "1", &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
  g_assert_nonnull (strstr (error->message, "ConvokeBroken"));
  g_remove (path);
}

static void
test_broken_typelib (void)
{
  g_autofree char *directory = g_dir_make_tmp (NULL, NULL);
  g_autofree char *whole = NULL;
  g_autofree char *garbage = NULL;
  gsize length = 0;
  g_auto (GStrv) parts = g_strsplit (g_getenv ("GI_TYPELIB_PATH"), ":", -1);

  g_test_summary ("A typelib that is cut off, is something else, or has another name says so");

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      g_rmdir (directory);
      return;
    }

  for (char **part = parts; whole == NULL && *part != NULL; part++)
    {
      g_autofree char *file = g_build_filename (*part, "ConvokeTest-1.typelib", NULL);

      g_file_get_contents (file, &whole, &length, NULL);
    }
  g_assert_nonnull (whole);
  garbage = g_strnfill (length, 'x');

  check_bad_typelib (directory, "", 0);
  check_bad_typelib (directory, whole, 16);
  check_bad_typelib (directory, whole, length / 2);
  check_bad_typelib (directory, garbage, length);
  check_bad_typelib (directory, whole, length);
  g_rmdir (directory);

  /* girepository leaks what it could not read; nobody is to look for that here. */
  _exit (0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add_func ("/gobj/interface-info/" path, func)
  ADD ("names", test_names);
  ADD ("same-for-all", test_same_for_all);
  ADD ("gio-known", test_gio_known);
  ADD ("no-such-namespace", test_no_such_namespace);
  ADD ("other-version", test_other_version);
  ADD ("any-version", test_any_version);
  ADD ("require-from", test_require_from);
  ADD ("unknown-type", test_unknown_type);
  ADD ("no-interface", test_no_interface);
  ADD ("threads", test_threads);
  ADD ("module-missing", test_module_missing);
  ADD ("module-wrong", test_module_wrong);
  ADD ("girepository-2", test_girepository_2);
  ADD ("slot", test_slot);
  ADD ("offsets", test_offsets);
  ADD ("order", test_order);
  ADD ("null-slot", test_null_slot);
  ADD ("two-names", test_two_names);
  ADD ("names-collide", test_names_collide);
  ADD ("no-method", test_no_method);
  ADD ("lost-pairing", test_lost_pairing);
  ADD ("union-of-contracts", test_union_of_contracts);
  ADD ("contracts-differ", test_contracts_differ);
  ADD ("contract-lost", test_contract_lost);
  ADD ("contract-misplaced", test_contract_misplaced);
  ADD ("contract-misspelt", test_contract_misspelt);
  ADD ("oneway", test_oneway);
  ADD ("attributes", test_attributes);
  ADD ("unannotated", test_unannotated);
  ADD ("signal-slot", test_signal_slot);
  ADD ("pairs", test_pairs);
  ADD ("fingerprint", test_fingerprint);
  ADD ("lengths", test_lengths);
  ADD ("buffer", test_buffer);
  ADD ("callbacks", test_callbacks);
  ADD ("kinds", test_kinds);
  ADD ("every-is-callable", test_every_is_callable);
  ADD ("enum-storage", test_enum_storage);
  ADD ("structs", test_structs);
  ADD ("elements", test_elements);
  ADD ("required-class", test_required_class);
  ADD ("required-class-of-prerequisite", test_required_class_of_prerequisite);
  ADD ("prerequisite", test_prerequisite);
  ADD ("empty", test_empty);
  ADD ("stranger-not-touched", test_stranger_not_touched);
  ADD ("boxed", test_boxed);
  ADD ("written", test_written);
  ADD ("async-scope", test_async_scope);
  ADD ("broken-typelib", test_broken_typelib);

  return g_test_run ();
}
