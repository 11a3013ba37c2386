/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a catalog tells, and where; what is enabled; what classes need. */

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "classes-fixture.h"
#include "convoke-catalog-depends-private.h"

/* --- what is told --- */

typedef struct
{
  GString *told;      /* each with a space after it */
  GThread *thread;    /* of the last */
} Ear;

static void
items_cb (GListModel *list,
          guint       position,
          guint       removed,
          guint       added,
          gpointer    data)
{
  Ear *ear = data;

  ear->thread = g_thread_self ();
  g_string_append_printf (ear->told, "%u-%u+%u ", position, removed, added);
}

static void
class_cb (ConvokeCatalog   *catalog,
          ConvokeClassInfo *info,
          gpointer          data)
{
  const GSignalInvocationHint *hint = g_signal_get_invocation_hint (catalog);
  const char *class_name = convoke_class_info_get_class_name (info);

  g_string_append_printf (((Ear *) data)->told, "%s:%s ", g_signal_name (hint->signal_id) + strlen ("class-"), strrchr (class_name, '.') + 1);
}

static void
problems_cb (ConvokeCatalog *catalog,
             gpointer        data)
{
  g_string_append (((Ear *) data)->told, "problems ");
}

static void
ear_init (Ear            *self,
          ConvokeCatalog *catalog)
{
  self->told = g_string_new (NULL);
  g_signal_connect (catalog, "items-changed", G_CALLBACK (items_cb), self);
  g_signal_connect (catalog, "class-added", G_CALLBACK (class_cb), self);
  g_signal_connect (catalog, "class-removed", G_CALLBACK (class_cb), self);
  g_signal_connect (catalog, "class-changed", G_CALLBACK (class_cb), self);
  g_signal_connect (catalog, "problems-changed", G_CALLBACK (problems_cb), self);
}

static void
ear_clear (Ear *self)
{
  g_string_free (self->told, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ear, ear_clear)

/* Serves the main context until something was told. */
static void
assert_hears (Ear        *self,
              const char *expected)
{
  while (self->told->len == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpstr (self->told->str, ==, expected);
  g_string_truncate (self->told, 0);
}

static void
test_told (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_auto (Ear) ear = { 0 };

  g_test_summary ("D9: what comes, changes and goes is told in the main context, first as a change of the list");

  shelf_init (&shelf);
  shelf_add (&shelf, "org.example.B", "");
  assert_list (shelf.catalog, "org.example.B");
  ear_init (&ear, shelf.catalog);

  shelf_add (&shelf, "org.example.A", "");
  assert_hears (&ear, "0-0+1 added:A ");
  assert_list (shelf.catalog, "org.example.A org.example.B");

  shelf_add (&shelf, "org.example.B", "Version=2\n");
  assert_hears (&ear, "1-1+1 changed:B ");

  shelf_remove (&shelf, "org.example.A");
  assert_hears (&ear, "0-1+0 removed:A ");
  assert_list (shelf.catalog, "org.example.B");

  shelf_add (&shelf, "org.example.C", "Distance=far\n");
  assert_hears (&ear, "problems ");
}

static void
test_told_at_once (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_auto (Ear) ear = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("D9: a program that watches is told, and many changes are one");

  shelf_init (&shelf);
  g_assert_true (convoke_catalog_watch (shelf.catalog, &error));
  g_assert_no_error (error);
  ear_init (&ear, shelf.catalog);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("org.example.N%u", i);

      shelf_add (&shelf, name, "");
    }
  while (ear.told->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_str_has_prefix (ear.told->str, "0-0+10 added:N0 added:N1 "));
}

static void
test_same_is_not_told (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_auto (Ear) ear = { 0 };
  g_autoptr (ConvokeClassInfo) before = NULL;
  g_autoptr (ConvokeClassInfo) after = NULL;

  g_test_summary ("D9: a file that is written again and says the same is no change: its info stays");

  shelf_init (&shelf);
  shelf_add (&shelf, CLASS, "");
  before = g_list_model_get_item (G_LIST_MODEL (shelf.catalog), 0);
  ear_init (&ear, shelf.catalog);
  shelf_add (&shelf, CLASS, "");
  convoke_catalog_rescan (shelf.catalog);
  after = g_list_model_get_item (G_LIST_MODEL (shelf.catalog), 0);
  g_assert_true (before == after);
  g_assert_cmpstr (ear.told->str, ==, "");
}

static void
test_rescan (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_auto (Ear) ear = { 0 };

  g_test_summary ("D9: when a rescan on the list's own thread returns, the list has what was found");

  shelf_init (&shelf);
  assert_list (shelf.catalog, "");
  ear_init (&ear, shelf.catalog);
  shelf_add (&shelf, CLASS, "");
  convoke_catalog_rescan (shelf.catalog);
  g_assert_cmpstr (ear.told->str, ==, "0-0+1 added:Coffee ");
  assert_list (shelf.catalog, CLASS);
}

static gpointer
look_from_thread (gpointer data)
{
  Shelf *shelf = data;

  shelf_add (shelf, CLASS, "");
  assert_name (shelf->catalog, CLASS, CLASS);
  convoke_catalog_rescan (shelf->catalog);
  assert_list (shelf->catalog, "");
  return NULL;
}

static void
test_context (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_auto (Ear) ear = { 0 };

  g_test_summary ("D9: what another thread found is told in the catalog's context only; until then the list is as it was");

  shelf_init (&shelf);
  assert_list (shelf.catalog, "");
  ear_init (&ear, shelf.catalog);
  g_thread_join (g_thread_new ("look", look_from_thread, &shelf));
  assert_list (shelf.catalog, "");
  g_assert_cmpstr (ear.told->str, ==, "");
  assert_hears (&ear, "0-0+1 added:Coffee ");
  g_assert_true (ear.thread == g_thread_self ());
}

static void
test_own_context (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_auto (Ear) ear = { 0 };
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeCatalog) catalog = NULL;

  g_test_summary ("D9: the catalog's context is the one that was the thread's default where it was made");

  shelf_init (&shelf);
  g_main_context_push_thread_default (context);
  catalog = shelf_new_catalog (&shelf);
  g_main_context_pop_thread_default (context);
  assert_list (catalog, "");
  ear_init (&ear, catalog);
  shelf_add (&shelf, CLASS, "");
  while (ear.told->len == 0)
    g_main_context_iteration (context, TRUE);
  g_assert_cmpstr (ear.told->str, ==, "0-0+1 added:Coffee ");
}

static void
test_gone (void)
{
  g_auto (Shelf) shelf = { 0 };
  GWeakRef ref;

  g_test_summary ("D9: watching keeps nothing alive, and ends with the catalog");

  shelf_init (&shelf);
  assert_list (shelf.catalog, "");
  shelf_add (&shelf, CLASS, "");
  g_weak_ref_init (&ref, shelf.catalog);
  g_clear_object (&shelf.catalog);
  g_assert_null (g_weak_ref_get (&ref));
  g_assert_false (g_main_context_pending (NULL));
  g_weak_ref_clear (&ref);
}

/* --- what is enabled --- */

/* As another process of the program would. */
static void
write_preferences (const char *text)
{
  g_autofree char *path = preferences_path ();
  g_autofree char *directory = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
shelf_init_program (Shelf *self)
{
  g_autofree char *path = preferences_path ();

  g_unlink (path);
  shelf_init (self);
  g_assert_true (convoke_catalog_set_program (self->catalog, PROGRAM, NULL));
  shelf_add (self, CLASS, "");
}

static void
assert_enabled (ConvokeCatalog *catalog,
                gboolean        expected)
{
  g_autoptr (ConvokeClassInfo) info = convoke_catalog_dup_class (catalog, CLASS);
  g_autoptr (ConvokeComponentFile) file = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (convoke_class_info_get_enabled (info), ==, expected);
  file = convoke_catalog_find_file (catalog, CLASS, &error);
  if (expected)
    g_assert_no_error (error);
  else
    g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED);
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          gpointer    data)
{
  ++*(guint *) data;
}

static void
test_disabled (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autoptr (ConvokeClassInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_test_summary ("D9: a class that is disabled is in the list, and is not activated; the change is notified once");

  shelf_init_program (&shelf);
  info = g_list_model_get_item (G_LIST_MODEL (shelf.catalog), 0);
  g_signal_connect (info, "notify::enabled", G_CALLBACK (count_cb), &n);
  g_assert_true (convoke_catalog_set_enabled (shelf.catalog, CLASS, FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  assert_enabled (shelf.catalog, FALSE);
  assert_list (shelf.catalog, CLASS);
  g_assert_null (convoke_catalog_activate (shelf.catalog, CLASS, G_TYPE_OBJECT, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED);
  assert_message (&error, CLASS " is disabled");

  g_assert_true (convoke_catalog_set_enabled (shelf.catalog, CLASS, TRUE, &error));
  g_assert_cmpuint (n, ==, 2);
  assert_enabled (shelf.catalog, TRUE);
}

static void
test_remembered (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autoptr (ConvokeCatalog) again = NULL;
  g_autoptr (ConvokeCatalog) other = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D9: what is enabled is remembered for each program, from the first activation on");

  shelf_init_program (&shelf);
  g_assert_true (convoke_catalog_set_enabled (shelf.catalog, CLASS, FALSE, NULL));

  again = shelf_new_catalog (&shelf);
  g_assert_true (convoke_catalog_set_program (again, PROGRAM, NULL));
  g_assert_null (convoke_catalog_find_file (again, CLASS, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED);

  other = shelf_new_catalog (&shelf);
  g_assert_true (convoke_catalog_set_program (other, "org.example.Other", NULL));
  assert_enabled (other, TRUE);
}

static void
test_picked_up (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autoptr (ConvokeClassInfo) info = NULL;
  guint n = 0;

  g_test_summary ("D9: what another process of the program says is picked up, and notified");

  shelf_init_program (&shelf);
  info = g_list_model_get_item (G_LIST_MODEL (shelf.catalog), 0);
  g_signal_connect (info, "notify::enabled", G_CALLBACK (count_cb), &n);
  write_preferences ("[Enabled]\n" CLASS "=no\n");
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (convoke_class_info_get_enabled (info));

  write_preferences ("[Enabled]\n" CLASS "=yes\n");
  assert_enabled (shelf.catalog, TRUE);
}

static void
test_default_is_no (void)
{
  g_auto (Shelf) shelf = { 0 };

  g_test_summary ("D9: Enabled=no is what counts until the user says otherwise");

  shelf_init_program (&shelf);
  shelf_add (&shelf, CLASS, "Enabled=no\n");
  assert_enabled (shelf.catalog, FALSE);
  g_assert_true (convoke_catalog_set_enabled (shelf.catalog, CLASS, TRUE, NULL));
  assert_enabled (shelf.catalog, TRUE);
}

static void
test_nothing_overwritten (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autofree char *path = preferences_path ();
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D9: preferences that cannot be read are told, and are not overwritten; those of others in them stay");

  shelf_init_program (&shelf);
  write_preferences ("[Enabled]\n" CLASS "=no\nbroken");
  g_assert_cmpuint (count_problems (shelf.catalog), ==, 1);
  g_assert_false (convoke_catalog_set_enabled (shelf.catalog, CLASS, TRUE, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  write_preferences ("# mine\n\n[Enabled]\norg.example.Other=no\n");
  g_assert_true (convoke_catalog_set_enabled (shelf.catalog, CLASS, FALSE, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "# mine\n\n[Enabled]\norg.example.Other=no\n" CLASS "=no\n");
}

static void
test_busy (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autofree char *path = preferences_path ();
  g_autofree char *directory = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;
  int fd;

  g_test_summary ("D9: preferences that somebody does not let go of are BUSY after a while, and nothing is written");

  shelf_init_program (&shelf);
  g_assert_true (convoke_catalog_set_enabled (shelf.catalog, CLASS, TRUE, NULL));
  fd = open (directory, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  g_assert_false (convoke_catalog_set_enabled (shelf.catalog, CLASS, FALSE, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_BUSY);
  assert_enabled (shelf.catalog, TRUE);
  close (fd);
}

typedef struct
{
  const Shelf *shelf;
  const char  *class_name;
} Setter;

static gpointer
set_often (gpointer data)
{
  const Setter *setter = data;
  g_autoptr (ConvokeCatalog) catalog = shelf_new_catalog (setter->shelf);
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_catalog_set_program (catalog, PROGRAM, NULL));
  for (guint i = 0; i < 20; i++)
    {
      convoke_catalog_set_enabled (catalog, setter->class_name, i % 2, &error);
      g_assert_no_error (error);
    }
  convoke_catalog_set_enabled (catalog, setter->class_name, FALSE, &error);
  g_assert_no_error (error);
  return NULL;
}

static void
test_nothing_lost (void)
{
  g_auto (Shelf) shelf = { 0 };
  Setter one = { &shelf, CLASS };
  Setter other = { &shelf, "org.example.Tea" };
  g_autofree char *path = preferences_path ();
  g_autofree char *text = NULL;
  GThread *thread;

  g_test_summary ("D9: of what several say at once about different classes nothing is lost");

  shelf_init_program (&shelf);
  shelf_add (&shelf, "org.example.Tea", "");
  thread = g_thread_new ("set", set_often, &other);
  set_often (&one);
  g_thread_join (thread);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, CLASS "=no\n"));
  g_assert_nonnull (strstr (text, "org.example.Tea=no\n"));
}

static void
test_enabled_names (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("D9: a class that is not there cannot be disabled, and a program's name is no path");

  shelf_init (&shelf);
  g_assert_false (convoke_catalog_set_program (shelf.catalog, "../x", &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (convoke_catalog_set_enabled (shelf.catalog, CLASS, FALSE, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS);
}

/* --- what classes need --- */

static GPtrArray *
resolve (const Shelf  *shelf,
         const char   *class_name,
         GError      **error)
{
  g_autoptr (ConvokeComponentFile) file = convoke_catalog_find_file (shelf->catalog, class_name, error);

  g_assert_nonnull (file);
  return convoke_catalog_resolve_depends (shelf->catalog, file, error);
}

static void
test_needs (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autoptr (GPtrArray) needed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D9: what a class needs comes once each, and after what it needs itself");

  shelf_init (&shelf);
  shelf_add (&shelf, "org.example.A", "Depends=org.example.B;org.example.C;org.example.D\n");
  shelf_add (&shelf, "org.example.B", "Depends=org.example.D\n");
  shelf_add (&shelf, "org.example.C", "Depends=org.example.B\n");
  shelf_add (&shelf, "org.example.D", "");
  needed = resolve (&shelf, "org.example.A", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (needed->len, ==, 3);
  g_assert_cmpstr (((ConvokeComponentFile *) needed->pdata[0])->class_name, ==, "org.example.D");
  g_assert_cmpstr (((ConvokeComponentFile *) needed->pdata[1])->class_name, ==, "org.example.B");
  g_assert_cmpstr (((ConvokeComponentFile *) needed->pdata[2])->class_name, ==, "org.example.C");
}

static void
assert_not_activated (const Shelf *shelf,
                      gint         code,
                      const char  *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_catalog_activate (shelf->catalog, "org.example.A", G_TYPE_OBJECT, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
  assert_message (&error, words);
}

static void
test_circle (void)
{
  g_auto (Shelf) shelf = { 0 };

  g_test_summary ("D9: classes that need each other in a circle are not activated, and the error names the circle");

  shelf_init (&shelf);
  shelf_add (&shelf, "org.example.A", "Depends=org.example.B\n");
  shelf_add (&shelf, "org.example.B", "Depends=org.example.A\n");
  assert_not_activated (&shelf, CONVOKE_ERROR_INVALID_ARGUMENT, "org.example.A needs org.example.B needs org.example.A: ");
  shelf_add (&shelf, "org.example.A", "Depends=org.example.A\n");
  assert_not_activated (&shelf, CONVOKE_ERROR_INVALID_ARGUMENT, "org.example.A needs org.example.A: ");
}

static void
test_missing (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("D9: a class is not activated while one that it needs is missing, broken or disabled, and the error says who needs it");

  shelf_init_program (&shelf);
  shelf_add (&shelf, "org.example.A", "Depends=org.example.B\n");
  shelf_add (&shelf, "org.example.B", "Depends=" CLASS "\n");
  shelf_remove (&shelf, CLASS);
  assert_not_activated (&shelf, CONVOKE_ERROR_NO_CLASS, "org.example.A needs org.example.B needs " CLASS ": There is no class");
  shelf_add (&shelf, CLASS, "Distance=far\n");
  assert_not_activated (&shelf, CONVOKE_ERROR_INVALID_ARGUMENT, "needs " CLASS ": ");
  shelf_add (&shelf, CLASS, "");
  convoke_catalog_set_enabled (shelf.catalog, CLASS, FALSE, &error);
  g_assert_no_error (error);
  assert_not_activated (&shelf, CONVOKE_ERROR_ACCESS_DENIED, "needs " CLASS ": ");
}

static void
test_long_chain (void)
{
  g_auto (Shelf) shelf = { 0 };

  g_test_summary ("D9: classes that need each other in an endless row are refused at some length");

  shelf_init (&shelf);
  shelf_add (&shelf, "org.example.A", "Depends=org.example.N0\n");
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *name = g_strdup_printf ("org.example.N%u", i);
      g_autofree char *needs = g_strdup_printf ("Depends=org.example.N%u\n", i + 1);

      shelf_add (&shelf, name, needs);
    }
  assert_not_activated (&shelf, CONVOKE_ERROR_OUT_OF_RESOURCES, "in a row");
}

static void
test_loaded_first (void)
{
  g_auto (Shelf) shelf = { 0 };

  g_test_summary ("D9: the module of a class that is needed is opened first, and is told where it cannot be");

  shelf_init (&shelf);
  shelf_add (&shelf, "org.example.A", "Depends=" CLASS "\n");
  shelf_add (&shelf, CLASS, "");
  convoke_placers[CONVOKE_DISTANCE_IN_PROCESS].activate = (gpointer) g_assertion_message;
  assert_not_activated (&shelf, CONVOKE_ERROR_NOT_FOUND, CLASS ", which is needed: ");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/catalog-list/told", test_told);
  g_test_add_func ("/gobj/catalog-list/told-at-once", test_told_at_once);
  g_test_add_func ("/gobj/catalog-list/same-is-not-told", test_same_is_not_told);
  g_test_add_func ("/gobj/catalog-list/rescan", test_rescan);
  g_test_add_func ("/gobj/catalog-list/context", test_context);
  g_test_add_func ("/gobj/catalog-list/own-context", test_own_context);
  g_test_add_func ("/gobj/catalog-list/gone", test_gone);
  g_test_add_func ("/gobj/catalog-enabled/disabled", test_disabled);
  g_test_add_func ("/gobj/catalog-enabled/remembered", test_remembered);
  g_test_add_func ("/gobj/catalog-enabled/picked-up", test_picked_up);
  g_test_add_func ("/gobj/catalog-enabled/default-is-no", test_default_is_no);
  g_test_add_func ("/gobj/catalog-enabled/nothing-overwritten", test_nothing_overwritten);
  g_test_add_func ("/gobj/catalog-enabled/busy", test_busy);
  g_test_add_func ("/gobj/catalog-enabled/nothing-lost", test_nothing_lost);
  g_test_add_func ("/gobj/catalog-enabled/names", test_enabled_names);
  g_test_add_func ("/gobj/catalog-depends/needs", test_needs);
  g_test_add_func ("/gobj/catalog-depends/circle", test_circle);
  g_test_add_func ("/gobj/catalog-depends/missing", test_missing);
  g_test_add_func ("/gobj/catalog-depends/long-chain", test_long_chain);
  g_test_add_func ("/gobj/catalog-depends/loaded-first", test_loaded_first);

  return run_with_own_configuration ();
}
