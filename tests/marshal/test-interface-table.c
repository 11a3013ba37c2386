/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <convoke-test.h>

#define CONVOKE_INSIDE
#include "convoke-apartment.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"
#include "convoke-interface-table.h"
#include "convoke-proxy.h"
#include "convoke-unknown.h"
#include "test-home.h"

/* --- helpers --- */

static guint
add (ConvokeInterfaceTable *table,
     gpointer               object)
{
  g_autoptr (GError) error = NULL;
  guint cookie = convoke_interface_table_register (table, object, CONVOKE_TEST_TYPE_PRICE_FEED, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (cookie, !=, 0);
  return cookie;
}

static guint
add_name (ConvokeInterfaceTable *table,
          const char            *name,
          gpointer               object)
{
  g_autoptr (GError) error = NULL;
  guint cookie = convoke_interface_table_register_name (table, name, object, CONVOKE_TEST_TYPE_PRICE_FEED, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (cookie, !=, 0);
  return cookie;
}

static void
assert_names (ConvokeInterfaceTable *table,
              const char            *expected)
{
  g_auto (GStrv) names = convoke_interface_table_dup_names (table);
  g_autofree char *joined = g_strjoinv (" ", names);

  g_assert_cmpstr (joined, ==, expected);
}

static void
assert_unknown (ConvokeInterfaceTable *table,
                guint                  cookie)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_interface_table_dup_object (table, cookie, G_TYPE_OBJECT, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED);
  g_clear_error (&error);
  g_assert_false (convoke_interface_table_revoke (table, cookie, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED);
}

/* --- by cookie --- */

static void
test_cookie (void)
{
  g_autoptr (ConvokeInterfaceTable) table = convoke_interface_table_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  guint cookie = add (table, server);
  g_autoptr (GObject) own = convoke_interface_table_dup_object (table, cookie, G_TYPE_NONE, NULL);
  g_autoptr (GObject) other = convoke_interface_table_dup_object (table, cookie, CONVOKE_TEST_TYPE_EVERY, NULL);
  g_autoptr (GObject) identity = convoke_interface_table_dup_object (table, cookie, G_TYPE_OBJECT, NULL);

  g_test_summary ("OM-58: an object is given for any of its interfaces, any number of times");

  g_assert_true (own == G_OBJECT (server));
  g_assert_true (other == G_OBJECT (server));
  g_assert_true (identity == G_OBJECT (server));
}

static void
test_keeps (void)
{
  g_autoptr (ConvokeInterfaceTable) table = convoke_interface_table_new ();
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  guint cookie = add (table, server);

  g_test_summary ("OM-58: the table keeps the object, and revoking releases it");

  g_object_unref (server);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before + 1);
  g_assert_true (convoke_interface_table_revoke (table, cookie, NULL));
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
  assert_unknown (table, cookie);
}

static void
test_dropped (void)
{
  ConvokeInterfaceTable *table = convoke_interface_table_new ();
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();

  g_test_summary ("A table that is dropped drops its objects");

  add (table, server);
  add_name (table, "one", server);
  g_object_unref (server);
  g_assert_finalize_object (table);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
}

static void
test_unknown (void)
{
  g_autoptr (ConvokeInterfaceTable) table = convoke_interface_table_new ();

  g_test_summary ("OM-58: a cookie that the table never gave is not registered");

  assert_unknown (table, 0);
  assert_unknown (table, 1);
  assert_unknown (table, G_MAXUINT);
}

static void
test_lacking (void)
{
  g_autoptr (ConvokeInterfaceTable) table = convoke_interface_table_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  guint cookie = add (table, server);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-58: an interface that the object lacks cannot be registered nor got, and the entry stays");

  g_assert_cmpuint (convoke_interface_table_register (table, G_OBJECT (server), G_TYPE_LIST_MODEL, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_clear_error (&error);
  g_assert_null (convoke_interface_table_dup_object (table, cookie, G_TYPE_LIST_MODEL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_assert_true (convoke_interface_table_revoke (table, cookie, NULL));
}

typedef struct
{
  ConvokeInterfaceTable *table;
  guint                  cookie;
  GObject               *object;
} Asking;

static void
ask_cb (gpointer data)
{
  Asking *self = data;

  self->object = convoke_interface_table_dup_object (self->table, self->cookie, CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
}

static gpointer
ask_main (gpointer data)
{
  ask_cb (data);
  return NULL;
}

static void
test_apartments (void)
{
  g_autoptr (ConvokeInterfaceTable) table = convoke_interface_table_new ();
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = test_home_adopt (home, convoke_test_server_new ());
  Asking asking = { table, add (table, proxy), NULL };

  g_test_summary ("OM-58: where the object lives it is given itself, and its proxy elsewhere");

  test_home_run (home, ask_cb, &asking);
  g_assert_false (convoke_is_proxy (asking.object));
  g_assert_true (convoke_same_object (asking.object, proxy));
  g_object_unref (asking.object);

  g_thread_join (g_thread_new ("asker", ask_main, &asking));
  g_assert_true (asking.object == proxy);
  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (asking.object), "tea", NULL), ==, 1.5);
  g_object_unref (asking.object);
}

static gpointer
revoke_main (gpointer data)
{
  Asking *self = data;

  return GINT_TO_POINTER (convoke_interface_table_revoke (self->table, self->cookie, NULL));
}

static void
test_revoked_elsewhere (void)
{
  g_autoptr (ConvokeInterfaceTable) table = convoke_interface_table_new ();
  guint before = convoke_test_server_count_live ();
  TestHome *home = test_home_new ();
  GObject *proxy = test_home_adopt (home, convoke_test_server_new ());
  Asking asking = { table, add (table, proxy), NULL };

  g_test_summary ("OM-58: any thread can revoke; the object is dropped where it lives");

  g_object_unref (proxy);
  g_assert_true (GPOINTER_TO_INT (g_thread_join (g_thread_new ("revoker", revoke_main, &asking))));
  test_home_free (home);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
}

/* --- by name --- */

static void
test_name (void)
{
  g_autoptr (ConvokeInterfaceTable) table = convoke_interface_table_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  guint b = add_name (table, "org.example.B", server);
  guint a = add_name (table, "org.example.A", server);
  g_autoptr (GObject) found = convoke_interface_table_dup_object_by_name (table, "org.example.A", CONVOKE_TEST_TYPE_EVERY, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An object is found by its name as long as it is registered, and names are listed");

  g_assert_true (found == G_OBJECT (server));
  assert_names (table, "org.example.A org.example.B");
  g_assert_true (convoke_interface_table_revoke (table, a, NULL));
  assert_names (table, "org.example.B");
  g_assert_null (convoke_interface_table_dup_object_by_name (table, "org.example.A", G_TYPE_OBJECT, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  g_assert_true (convoke_interface_table_revoke (table, b, NULL));
  assert_names (table, "");
}

static void
test_taken (void)
{
  g_autoptr (ConvokeInterfaceTable) table = convoke_interface_table_new ();
  g_autoptr (ConvokeTestServer) first = convoke_test_server_new ();
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *second = convoke_test_server_new ();
  g_autoptr (GObject) found = NULL;
  g_autoptr (GError) error = NULL;
  guint cookie = add_name (table, "one", first);

  g_test_summary ("A name that is taken stays with what has it, and is free once that is revoked");

  g_assert_cmpuint (convoke_interface_table_register_name (table, "one", G_OBJECT (second), CONVOKE_TEST_TYPE_PRICE_FEED, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED);
  g_object_unref (second);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
  found = convoke_interface_table_dup_object_by_name (table, "one", G_TYPE_OBJECT, NULL);
  g_assert_true (found == G_OBJECT (first));

  g_assert_true (convoke_interface_table_revoke (table, cookie, NULL));
  g_assert_cmpuint (add_name (table, "one", first), !=, cookie);
}

static void
test_bad_names (void)
{
  g_autofree char *long_name = g_strnfill (201, 'x');
  const char * const bad[] = {
    "", "/", "a/b", "/tmp/x", "..", "a..b", "../x", ".hidden", "-x", "with space", "tab\t", "line\n", "\xc3\xa4", "\xff", "*", long_name,
  };
  g_autoptr (ConvokeInterfaceTable) table = convoke_interface_table_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();

  g_test_summary ("What cannot be a name is refused, and nothing is registered");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (convoke_interface_table_register_name (table, bad[i], G_OBJECT (server), CONVOKE_TEST_TYPE_PRICE_FEED, &error), ==, 0);
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
      g_clear_error (&error);
      g_assert_null (convoke_interface_table_dup_object_by_name (table, bad[i], G_TYPE_OBJECT, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
    }
  assert_names (table, "");
}

static void
test_default (void)
{
  g_autoptr (ConvokeInterfaceTable) first = convoke_interface_table_dup_default ();
  g_autoptr (ConvokeInterfaceTable) second = convoke_interface_table_dup_default ();
  g_autoptr (ConvokeInterfaceTable) other = convoke_interface_table_new ();
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  guint cookie = add_name (first, "shared", server);

  g_test_summary ("OM-58: the process has one table, and a program can have others");

  g_assert_true (first == second);
  assert_names (second, "shared");
  assert_names (other, "");
  g_assert_true (convoke_interface_table_revoke (second, cookie, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_require ("ConvokeTest", "1");

  g_test_add_func ("/marshal/interface-table/cookie", test_cookie);
  g_test_add_func ("/marshal/interface-table/keeps", test_keeps);
  g_test_add_func ("/marshal/interface-table/dropped", test_dropped);
  g_test_add_func ("/marshal/interface-table/unknown", test_unknown);
  g_test_add_func ("/marshal/interface-table/lacking", test_lacking);
  g_test_add_func ("/marshal/interface-table/apartments", test_apartments);
  g_test_add_func ("/marshal/interface-table/revoked-elsewhere", test_revoked_elsewhere);
  g_test_add_func ("/marshal/interface-table/name", test_name);
  g_test_add_func ("/marshal/interface-table/taken", test_taken);
  g_test_add_func ("/marshal/interface-table/bad-names", test_bad_names);
  g_test_add_func ("/marshal/interface-table/default", test_default);

  return g_test_run ();
}
