/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Interfaces that nobody here wrote, in another thread. */

#define CONVOKE_INSIDE
#include "convoke-apartment.h"
#include "convoke-interface-info.h"
#include "convoke-proxy.h"
#include "strangers.h"
#include "test-home.h"

static TestHome *home;

static GListModel *
open_thread (void)
{
  home = test_home_new ();
  return test_home_adopt (home, strangers_new ());
}

static void
close_thread (GListModel *strangers)
{
  g_object_unref (strangers);
  g_clear_pointer (&home, test_home_free);
}

/* --- what another process cannot --- */

static void
test_converter (void)
{
  g_autoptr (TestHome) place = test_home_new ();
  g_autoptr (GConverter) proxy = test_home_adopt (place, g_charset_converter_new ("ISO-8859-1", "UTF-8", NULL));
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

  strangers_add_claims ("/marshal/proxy/strangers", open_thread, close_thread);
  g_test_add_func ("/marshal/proxy/strangers/converter", test_converter);
  g_test_add_func ("/marshal/proxy/strangers/file", test_file);

  return g_test_run ();
}
