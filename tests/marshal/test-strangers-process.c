/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Interfaces that nobody here wrote, in another process. */

#define CONVOKE_INSIDE
#include "convoke-apartment.h"
#include "convoke-catalog.h"
#include "convoke-crossing.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"
#include "convoke-proxy.h"
#include "convoke-unknown.h"
#include "strangers.h"
#include "test-home.h"

#include <glib/gstdio.h>

static char *directory;

static GListModel *
open_process (void)
{
  const char *directories[] = { directory, NULL };
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_new (directories);
  g_autoptr (GError) error = NULL;
  GObject *strangers = convoke_catalog_activate (catalog, "test.Strangers", G_TYPE_LIST_MODEL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (convoke_is_proxy (strangers));
  return G_LIST_MODEL (strangers);
}

static void
close_process (GListModel *strangers)
{
  g_object_unref (strangers);
}

/* --- GFile, as far as it can cross --- */

static GFile *
get_file (GListModel *strangers)
{
  g_autoptr (GObject) object = g_list_model_get_item (strangers, STRANGER_FILE);
  g_autoptr (GError) error = NULL;
  GObject *file = convoke_query_interface (object, G_TYPE_FILE, &error);

  g_assert_no_error (error);
  return G_FILE (file);
}

typedef struct
{
  gint    done;
  GError *error;
} Finished;

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  Finished *finished = data;

  g_assert_false (g_file_delete_finish (G_FILE (source), result, &finished->error));
  g_atomic_int_set (&finished->done, 1);
}

static void
queried_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  Finished *finished = data;

  g_assert_null (g_file_query_info_finish (G_FILE (source), result, &finished->error));
  g_atomic_int_set (&finished->done, 1);
}

static void
test_file (void)
{
  g_autoptr (GListModel) strangers = open_process ();
  g_autoptr (GFile) file = get_file (strangers);
  g_autoptr (GFile) parent = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("GFile: names, other files by reference, errors");

  name = g_file_get_basename (file);
  g_assert_cmpstr (name, ==, "all");
  parent = g_file_get_parent (file);
  g_assert_true (convoke_is_proxy (G_OBJECT (parent)));
  path = g_file_get_path (parent);
  g_assert_cmpstr (path, ==, "/nowhere/at");
  g_assert_true (g_file_has_prefix (file, parent));
  g_assert_false (g_file_delete (file, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_file_async (void)
{
  g_autoptr (GListModel) strangers = open_process ();
  g_autoptr (GFile) file = get_file (strangers);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Finished finished = { 0, };

  g_test_summary ("GFile: delete_async and delete_finish, to the end and cancelled");

  g_file_delete_async (file, G_PRIORITY_DEFAULT, NULL, deleted_cb, &finished);
  test_iterate_until (&finished.done);
  g_assert_error (finished.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&finished.error);

  finished.done = 0;
  g_cancellable_cancel (cancellable);
  g_file_delete_async (file, G_PRIORITY_DEFAULT, cancellable, deleted_cb, &finished);
  test_iterate_until (&finished.done);
  g_assert_error (finished.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&finished.error);
}

static void
test_file_refused (void)
{
  g_autoptr (GListModel) strangers = open_process ();
  g_autoptr (GFile) file = get_file (strangers);
  g_autoptr (GError) error = NULL;
  Finished finished = { 0, };

  g_test_summary ("GFile: what cannot cross is refused when called, with the reason; a pair in its callback");

  g_assert_null (g_file_query_info (file, "*", G_FILE_QUERY_INFO_NONE, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "query_info"));

  g_file_query_info_async (file, "*", G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, NULL, queried_cb, &finished);
  test_iterate_until (&finished.done);
  g_assert_error (finished.error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_clear_error (&finished.error);
}

static void
test_file_list (void)
{
  g_autoptr (GError) error = NULL;
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (G_TYPE_FILE, &error);
  g_auto (GStrv) reasons = NULL;
  g_auto (GStrv) names = convoke_interface_info_dup_confined_methods (info, &reasons);

  g_test_summary ("GFile: what cannot cross is listed, and what can is not");

  g_assert_no_error (error);
  g_assert_true (g_strv_contains ((const char * const *) names, "query_info"));
  g_assert_true (g_strv_contains ((const char * const *) names, "query_info_async"));
  g_assert_false (g_strv_contains ((const char * const *) names, "delete"));
  g_assert_false (g_strv_contains ((const char * const *) names, "delete_async"));
  g_assert_false (g_strv_contains ((const char * const *) names, "get_parent"));
  for (guint i = 0; names[i] != NULL; i++)
    g_test_message ("%s: %s", names[i], reasons[i]);
}

/* --- the component --- */

static void
write_keyfile (void)
{
  g_autofree char *path = g_build_filename (directory, "test.Strangers.component", NULL);
  g_autofree char *text = g_strdup_printf ("[Component]\n"
                                           "Interfaces=Gio-2.0.ListModel\n"
                                           "Loader=c\n"
                                           "Module=%s\n"
                                           "Type=Strangers\n"
                                           "Distance=process\n"
                                           "Isolation=instance\n", g_getenv ("CONVOKE_TEST_STRANGERS_MODULE"));
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
remove_directory (void)
{
  g_autofree char *path = g_build_filename (directory, "test.Strangers.component", NULL);

  g_remove (path);
  g_rmdir (directory);
  g_free (directory);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  test_require ("Gio", "2.0");
  directory = g_dir_make_tmp ("convoke-strangers-XXXXXX", &error);
  g_assert_no_error (error);
  write_keyfile ();

  strangers_add_claims ("/marshal/process/strangers", open_process, close_process);
  g_test_add_func ("/marshal/process/strangers/file", test_file);
  g_test_add_func ("/marshal/process/strangers/file-async", test_file_async);
  g_test_add_func ("/marshal/process/strangers/file-refused", test_file_refused);
  g_test_add_func ("/marshal/process/strangers/file-list", test_file_list);

  result = g_test_run ();
  remove_directory ();
  return result;
}
