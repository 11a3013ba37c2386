/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How one side describes a class, and how the other finds its own methods in it. */

#include <convoke-test.h>
#include <convoke-test-mill.h>

#include "convoke-error.h"
#include "convoke-proxy-private.h"
#include "convoke-remote-type-private.h"
#include "test-home.h"

/* --- descriptions as an owner of another version would write them --- */

typedef struct
{
  const char *slot_name;
  const char *fingerprint;
  gboolean    filled;
} TestMethod;

static void
put_interface (ConvokeWireWriter *writer,
               const char        *name,
               const char        *type_name,
               const TestMethod  *methods,
               guint              n_methods)
{
  convoke_wire_put_string (writer, name);
  convoke_wire_put_string (writer, type_name);
  convoke_wire_put_u16 (writer, n_methods);
  for (guint i = 0; i < n_methods; i++)
    {
      convoke_wire_put_string (writer, methods[i].slot_name);
      convoke_wire_put_string (writer, methods[i].fingerprint);
      convoke_wire_put_u8 (writer, methods[i].filled);
    }
}

static void
begin_type (ConvokeWireWriter *writer,
            guint              n_interfaces)
{
  convoke_wire_writer_init (writer);
  convoke_wire_put_u32 (writer, 7);
  convoke_wire_put_string (writer, "FarObject");
  convoke_wire_put_u16 (writer, n_interfaces);
}

static ConvokeRemoteType *
read_bytes (const ConvokeWireWriter  *writer,
            gsize                     length,
            GError                  **error)
{
  /* A block of its own, so that a step beyond its end is seen. */
  g_autofree guint8 *copy = g_memdup2 (writer->data, length);
  ConvokeWireReader reader;

  convoke_wire_reader_init (&reader, copy, length, NULL, 0);
  return convoke_remote_type_read (&reader, error);
}

static ConvokeRemoteType *
read_type (ConvokeWireWriter *writer)
{
  g_autoptr (GError) error = NULL;
  ConvokeRemoteType *type = read_bytes (writer, writer->length, &error);

  g_assert_no_error (error);
  convoke_wire_writer_clear (writer);
  return type;
}

/* Takes what is in @writer for the description of a type, and it is none. */
static void
assert_refused (ConvokeWireWriter *writer)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_bytes (writer, writer->length, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
  convoke_wire_writer_clear (writer);
}

static const ConvokeInterfaceInfo *
get_feed (void)
{
  return convoke_interface_info_lookup (CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
}

static const ConvokeMethodInfo *
get_method (const char *name)
{
  return convoke_interface_info_find (get_feed (), name, NULL);
}

/* The feed of an owner whose description has these methods. */
static ConvokeRemoteType *
make_feed (const TestMethod *methods,
           guint             n_methods)
{
  ConvokeWireWriter writer;

  begin_type (&writer, 1);
  put_interface (&writer, "ConvokeTest-1.PriceFeed", "ConvokeTestPriceFeed", methods, n_methods);
  return read_type (&writer);
}

/* --- --- */

static void
write_file (ConvokeWireWriter *writer,
            GFile             *file)
{
  g_auto (ConvokeInterfaceSet) set = { NULL, };
  g_autoptr (GError) error = NULL;

  convoke_interface_set_init_for_type (&set, G_OBJECT_TYPE (file));
  convoke_wire_writer_init (writer);
  convoke_remote_type_write (writer, 3, G_OBJECT_TYPE_NAME (file), set.infos, convoke_proxy_class_object_has_slot, file, &error);
  g_assert_no_error (error);
}

static void
test_round_trip (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/");
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (G_TYPE_FILE, NULL);
  g_autoptr (ConvokeRemoteType) type = NULL;
  ConvokeWireWriter writer;

  g_test_summary ("A class arrives as its owner describes it");

  write_file (&writer, file);
  type = read_type (&writer);

  g_assert_cmpuint (type->id, ==, 3);
  g_assert_cmpstr (type->class_name, ==, "GLocalFile");
  g_assert_true (convoke_remote_type_implements (type, info));
  g_assert_false (convoke_remote_type_implements (type, get_feed ()));
  g_assert_cmpuint (convoke_remote_type_count (type), ==, info->n_methods);
  for (guint i = 0; i < info->n_methods; i++)
    {
      g_autoptr (GError) error = NULL;
      guint iface, index;

      convoke_remote_type_find_method (type, &info->methods[i], &iface, &index, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (iface, ==, 0);
      g_assert_cmpuint (index, ==, i);
    }
}

static void
test_empty_slots (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/");
  g_autoptr (ConvokeRemoteType) type = NULL;
  g_auto (ConvokeInterfaceSet) set = { NULL, };
  ConvokeWireWriter writer;
  GType near, far;

  g_test_summary ("What is empty at the owner is empty in the proxy's class");

  write_file (&writer, file);
  type = read_type (&writer);
  convoke_remote_type_init_set (type, &set);

  far = convoke_proxy_class_get (&convoke_proxy_kind, &set, convoke_remote_type_has_slot, type, NULL);
  near = convoke_proxy_class_get (&convoke_proxy_kind, &set, convoke_proxy_class_object_has_slot, file, NULL);
  g_assert_cmpstr (g_type_name (far), ==, g_type_name (near));
  g_assert_nonnull (strchr (g_type_name (far), '-'));
}

static void
test_other_order (void)
{
  const ConvokeMethodInfo *count = get_method ("count_items");
  const ConvokeMethodInfo *describe = get_method ("describe");
  const TestMethod methods[] = {
    { "of_the_next_version", "0000", TRUE },
    { "describe", describe->fingerprint, TRUE },
    { "count_items", count->fingerprint, TRUE },
  };
  g_autoptr (ConvokeRemoteType) type = make_feed (methods, G_N_ELEMENTS (methods));
  guint iface, index;

  g_test_summary ("A method is found by its name wherever the owner has it, and what is unknown here does not matter (D5)");

  g_assert_true (convoke_remote_type_find_method (type, count, &iface, &index, NULL));
  g_assert_cmpuint (index, ==, 2);
  g_assert_true (convoke_remote_type_find_method (type, describe, &iface, &index, NULL));
  g_assert_cmpuint (index, ==, 1);
}

static void
test_absent (void)
{
  g_autoptr (ConvokeRemoteType) type = make_feed (NULL, 0);
  g_autoptr (GError) error = NULL;
  guint iface, index;

  g_test_summary ("A method that the owner does not have fails when it is called, with its name (D5)");

  g_assert_true (convoke_remote_type_has_slot (get_method ("count_items"), type));
  g_assert_false (convoke_remote_type_find_method (type, get_method ("count_items"), &iface, &index, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_METHOD);
  g_assert_nonnull (strstr (error->message, "ConvokeTest-1.PriceFeed.count_items"));
}

static void
test_other_shape (void)
{
  const ConvokeMethodInfo *count = get_method ("count_items");
  const TestMethod methods[] = { { "count_items", "another-shape", TRUE } };
  g_autoptr (ConvokeRemoteType) type = make_feed (methods, G_N_ELEMENTS (methods));
  g_autoptr (GError) error = NULL;
  guint iface, index;

  g_test_summary ("A method of another shape fails when it is called, naming both (D5)");

  g_assert_true (convoke_remote_type_has_slot (count, type));
  g_assert_false (convoke_remote_type_find_method (type, count, &iface, &index, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH);
  g_assert_nonnull (strstr (error->message, "another-shape"));
  g_assert_nonnull (strstr (error->message, count->fingerprint));
}

static void
test_no_interface (void)
{
  g_autoptr (ConvokeRemoteType) type = make_feed (NULL, 0);
  const ConvokeInterfaceInfo *model = convoke_interface_info_lookup (G_TYPE_LIST_MODEL, NULL);
  g_autoptr (GError) error = NULL;
  guint iface, index;

  g_test_summary ("A method of an interface that was not described is not found");

  g_assert_false (convoke_remote_type_find_method (type, &model->methods[0], &iface, &index, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
}

static void
test_unknown_interface (void)
{
  g_autoptr (ConvokeRemoteType) type = NULL;
  g_auto (ConvokeInterfaceSet) before = { NULL, };
  g_auto (ConvokeInterfaceSet) after = { NULL, };
  ConvokeWireWriter writer;

  g_test_summary ("An interface that is not known here is left out, until it is");

  begin_type (&writer, 2);
  put_interface (&writer, "ConvokeTest-1.PriceFeed", "ConvokeTestPriceFeed", NULL, 0);
  put_interface (&writer, "ConvokeTestMill-1.Mill", "ConvokeTestMill", NULL, 0);
  type = read_type (&writer);

  g_type_ensure (CONVOKE_TEST_TYPE_MILL);
  convoke_remote_type_init_set (type, &before);
  g_assert_cmpuint (before.infos->len, ==, 1);
  g_assert_false (before.settled);

  g_assert_true (convoke_require ("ConvokeTestMill", "1", NULL));
  convoke_remote_type_init_set (type, &after);
  g_assert_cmpuint (after.infos->len, ==, 2);
  g_assert_true (after.settled);
}

static void
test_unasked_interface (void)
{
  g_autoptr (ConvokeRemoteType) type = NULL;
  g_auto (ConvokeInterfaceSet) set = { NULL, };
  ConvokeWireWriter writer;

  g_test_summary ("An interface is known when its typelib and its library are here, also when nobody has asked for its type");

  begin_type (&writer, 1);
  put_interface (&writer, "ConvokeTest-1.Every", "ConvokeTestEvery", NULL, 0);
  type = read_type (&writer);

  g_assert_cmpuint (g_type_from_name ("ConvokeTestEvery"), ==, G_TYPE_INVALID);
  convoke_remote_type_init_set (type, &set);
  g_assert_cmpuint (set.infos->len, ==, 1);
  g_assert_true (set.settled);
}

static void
test_no_interface_type (void)
{
  static const char * const names[] = { "GObject", "gint", "GInterface", "ConvokeTestServer", "GBinding" };
  /* The first two are a class and an interface; what they are said to be is not. */
  static const char * const nonsense[] = {
    "ConvokeTest-1.Server", "ConvokeTest-1.PriceFeed", "ConvokeTest-1.", "ConvokeTest-.Every", "-1.Every", "-.", ".-", "Every", "No-1.Such",
  };
  g_autoptr (ConvokeRemoteType) type = NULL;
  g_auto (ConvokeInterfaceSet) set = { NULL, };
  ConvokeWireWriter writer;

  g_test_summary ("A name that is no interface's here makes no interface");

  g_type_ensure (CONVOKE_TEST_TYPE_SERVER);
  begin_type (&writer, G_N_ELEMENTS (names) + 1 + G_N_ELEMENTS (nonsense));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    put_interface (&writer, "ConvokeTest-1.PriceFeed", names[i], NULL, 0);
  put_interface (&writer, "ConvokeTest-2.PriceFeed", "ConvokeTestPriceFeed", NULL, 0);
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    put_interface (&writer, nonsense[i], "NobodysType", NULL, 0);
  type = read_type (&writer);

  convoke_remote_type_init_set (type, &set);
  g_assert_cmpuint (set.infos->len, ==, 0);
}

static void
test_nothing (void)
{
  g_autoptr (ConvokeRemoteType) type = NULL;
  g_auto (ConvokeInterfaceSet) set = { NULL, };
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;
  GType class_type;

  g_test_summary ("An object without interfaces has a class of proxies all the same");

  begin_type (&writer, 0);
  type = read_type (&writer);
  convoke_remote_type_init_set (type, &set);
  class_type = convoke_proxy_class_get (&convoke_proxy_kind, &set, convoke_remote_type_has_slot, type, &error);

  g_assert_no_error (error);
  g_assert_true (g_type_is_a (class_type, CONVOKE_TYPE_PROXY));
  g_assert_false (G_TYPE_IS_ABSTRACT (class_type));
}

/* --- bad input --- */

static void
test_cut (void)
{
  const TestMethod methods[] = { { "count_items", "0123", TRUE }, { "describe", "4567", FALSE } };
  ConvokeWireWriter writer;

  g_test_summary ("A description that is cut off anywhere is refused");

  begin_type (&writer, 2);
  put_interface (&writer, "ConvokeTest-1.PriceFeed", "ConvokeTestPriceFeed", methods, G_N_ELEMENTS (methods));
  put_interface (&writer, "Gio-2.0.ListModel", "GListModel", methods, G_N_ELEMENTS (methods));

  for (gsize length = 0; length < writer.length; length++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_bytes (&writer, length, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
    }
  convoke_wire_writer_clear (&writer);
}

static void
test_too_long (void)
{
  ConvokeWireWriter writer;

  g_test_summary ("A description with something behind it is refused");

  begin_type (&writer, 0);
  convoke_wire_put_u8 (&writer, 0);
  assert_refused (&writer);
}

static void
test_limits (void)
{
  g_autofree char *name = g_strnfill (CONVOKE_REMOTE_MAX_NAME + 1, 'x');
  const TestMethod odd = { "count_items", "0123", 2 };
  const TestMethod nameless = { "", "0123", TRUE };
  ConvokeWireWriter writer;

  g_test_summary ("Counts and names beyond the limits, empty names and unknown flags are refused");

  begin_type (&writer, CONVOKE_REMOTE_MAX_INTERFACES + 1);
  assert_refused (&writer);

  begin_type (&writer, 1);
  convoke_wire_put_string (&writer, "ConvokeTest-1.PriceFeed");
  convoke_wire_put_string (&writer, "ConvokeTestPriceFeed");
  convoke_wire_put_u16 (&writer, CONVOKE_REMOTE_MAX_METHODS + 1);
  assert_refused (&writer);

  begin_type (&writer, 1);
  put_interface (&writer, name, "ConvokeTestPriceFeed", NULL, 0);
  assert_refused (&writer);

  begin_type (&writer, 1);
  put_interface (&writer, "ConvokeTest-1.PriceFeed", "ConvokeTestPriceFeed", &odd, 1);
  assert_refused (&writer);

  begin_type (&writer, 1);
  put_interface (&writer, "ConvokeTest-1.PriceFeed", "ConvokeTestPriceFeed", &nameless, 1);
  assert_refused (&writer);

  begin_type (&writer, 1);
  put_interface (&writer, NULL, "ConvokeTestPriceFeed", NULL, 0);
  assert_refused (&writer);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_require ("ConvokeTest", "1");
  g_type_ensure (CONVOKE_TEST_TYPE_PRICE_FEED);

  g_test_add_func ("/marshal/remote-type/unknown-interface", test_unknown_interface);
  g_test_add_func ("/marshal/remote-type/unasked-interface", test_unasked_interface);
  g_test_add_func ("/marshal/remote-type/round-trip", test_round_trip);
  g_test_add_func ("/marshal/remote-type/empty-slots", test_empty_slots);
  g_test_add_func ("/marshal/remote-type/other-order", test_other_order);
  g_test_add_func ("/marshal/remote-type/absent", test_absent);
  g_test_add_func ("/marshal/remote-type/other-shape", test_other_shape);
  g_test_add_func ("/marshal/remote-type/no-interface", test_no_interface);
  g_test_add_func ("/marshal/remote-type/no-interface-type", test_no_interface_type);
  g_test_add_func ("/marshal/remote-type/nothing", test_nothing);
  g_test_add_func ("/marshal/remote-type/cut", test_cut);
  g_test_add_func ("/marshal/remote-type/too-long", test_too_long);
  g_test_add_func ("/marshal/remote-type/limits", test_limits);

  return g_test_run ();
}
