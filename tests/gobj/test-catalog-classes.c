/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which classes a catalog knows: found, looked up, broken, hidden. */

#include <fcntl.h>
#include <sched.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include "classes-fixture.h"
#include "convoke-catalog-private.h"
#include "../test-child.h"

/* --- found --- */

static void
test_list_is_sorted (void)
{
  g_auto (Shelf) shelf = { 0 };

  g_test_summary ("D9: a catalog is a list of its classes in the order of their names, then of their classes");

  shelf_init (&shelf);
  shelf_add (&shelf, "org.example.A", "Name=Zebra\n");
  shelf_add (&shelf, "org.example.C", "Name=Ape\n");
  shelf_add (&shelf, "org.example.B", "Name=Ape\n");
  assert_list (shelf.catalog, "org.example.B org.example.C org.example.A");
}

static void
test_describes (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autoptr (ConvokeClassInfo) info = NULL;

  g_test_summary ("D9: what the keyfile says of a class is to be had without loading it");

  shelf_init (&shelf);
  shelf_add (&shelf, CLASS, "Name=Fourth Coffee\nDescription=Brews\nVersion=1.2\nIcon=cup\nWebsite=http://example.org\n"
             "Copyright=Nobody\nAuthors=A;B\nCategories=Drink;Hot\nDepends=org.example.Base\nDistance=process\n");
  info = convoke_catalog_dup_class (shelf.catalog, CLASS);
  g_assert_cmpstr (convoke_class_info_get_class_name (info), ==, CLASS);
  g_assert_cmpstr (convoke_class_info_get_name (info), ==, "Fourth Coffee");
  g_assert_cmpstr (convoke_class_info_get_description (info), ==, "Brews");
  g_assert_cmpstr (convoke_class_info_get_interfaces (info)[0], ==, "Gio-2.0.Action");
  g_assert_cmpstr (convoke_class_info_get_categories (info)[1], ==, "Hot");
  g_assert_true (g_str_has_suffix (convoke_class_info_get_path (info), CLASS ".component"));
  g_assert_true (convoke_class_info_get_enabled (info));
  assert_text (info, "version", "1.2");
  assert_text (info, "icon-name", "cup");
  assert_text (info, "website", "http://example.org");
  assert_text (info, "copyright", "Nobody");
  assert_text (info, "loader", "c");
  assert_text (info, "module", "a");
  assert_text (info, "type-name", "b");
  assert_text (info, "distance", "process");
  assert_texts (info, "authors", "A B");
  assert_texts (info, "depends", "org.example.Base");
  assert_texts (info, "interfaces", "Gio-2.0.Action");
}

static void
test_looked_up (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) of_type = NULL;

  g_test_summary ("D9: classes are looked up by class, by interface with and without its version, by type and by category");

  shelf_init (&shelf);
  shelf_add (&shelf, "org.example.A", "Categories=Drink;\n");
  shelf_add (&shelf, "org.example.B", "Categories=Drink;Hot;\n");
  shelf_add_text (&shelf, "org.example.C", "[Component]\nInterfaces=Gio-3.0.Action;\nModule=a\nType=b\nCategories=Hot;\n");

  g_assert_null (convoke_catalog_dup_class (shelf.catalog, "org.example.D"));
  assert_classes (shelf.catalog, NULL, NULL, "org.example.A org.example.B org.example.C");
  assert_classes (shelf.catalog, "Gio-2.0.Action", NULL, "org.example.A org.example.B");
  assert_classes (shelf.catalog, "Gio.Action", NULL, "org.example.A org.example.B org.example.C");
  assert_classes (shelf.catalog, "Gio-2.0.ListModel", NULL, "");
  assert_classes (shelf.catalog, NULL, "Hot", "org.example.B org.example.C");
  assert_classes (shelf.catalog, "Gio-2.0.Action", "Hot", "org.example.B");
  assert_classes (shelf.catalog, NULL, "Cold", "");

  g_assert_true (convoke_require ("Gio", "2.0", NULL));
  of_type = convoke_catalog_dup_classes_of_type (shelf.catalog, G_TYPE_ACTION, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (of_type->len, ==, 2);
}

static void
test_unknown_type (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autoptr (GError) error = NULL;
  const GTypeInfo about = { .class_size = sizeof (GTypeInterface) };
  GType type = g_type_register_static (G_TYPE_INTERFACE, "NobodysInterface", &about, 0);

  g_test_summary ("D9: a type that nothing describes has no name to look up: NO_TYPELIB");

  shelf_init (&shelf);
  g_assert_null (convoke_catalog_dup_classes_of_type (shelf.catalog, type, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
}

static void
test_thousands (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autofree char *first = NULL;

  g_test_summary ("D9: thousands of files are found");

  shelf_init (&shelf);
  first = shelf_add_path (&shelf, CLASS, "");
  for (guint i = 1; i < 5000; i++)
    {
      g_autofree char *name = g_strdup_printf ("org.example.N%u", i);
      g_autofree char *path = shelf_path (&shelf, name);

      g_assert_cmpint (link (first, path), ==, 0);
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (shelf.catalog)), ==, 5000);
}

/* --- never older than the files --- */

static void
test_look_up_follows (void)
{
  g_auto (Shelf) shelf = { 0 };

  g_test_summary ("D9: what was written before a look-up is found by it");

  shelf_init (&shelf);
  assert_classes (shelf.catalog, NULL, NULL, "");
  shelf_add (&shelf, "org.example.A", "Name=One\n");
  assert_name (shelf.catalog, "org.example.A", "One");
  shelf_add (&shelf, "org.example.A", "Name=Two\n");
  assert_name (shelf.catalog, "org.example.A", "Two");
  shelf_remove (&shelf, "org.example.A");
  assert_classes (shelf.catalog, NULL, NULL, "");
}

static void
test_in_place (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autofree char *path = NULL;
  int fd;

  g_test_summary ("D9: a file that is changed in place, to the same size and at once, is read again");

  shelf_init (&shelf);
  shelf_add (&shelf, CLASS, "Name=One\n");
  assert_name (shelf.catalog, CLASS, "One");
  path = shelf_path (&shelf, CLASS);
  fd = open (path, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (pwrite (fd, "Two", 3, strlen ("[Component]\nInterfaces=Gio-2.0.Action;\nModule=a\nType=b\nName=")), ==, 3);
  assert_name (shelf.catalog, CLASS, "Two");
  close (fd);
}

static void
test_target_of_a_link (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_auto (Shelf) elsewhere = { 0 };
  g_autofree char *target = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D9: what an activation takes is never older than the file, also where nothing tells of it");

  shelf_init (&shelf);
  shelf_init (&elsewhere);
  shelf_add (&elsewhere, CLASS, "Name=One\n");
  target = shelf_path (&elsewhere, CLASS);
  path = shelf_path (&shelf, CLASS);
  g_assert_cmpint (symlink (target, path), ==, 0);
  assert_name (shelf.catalog, CLASS, "One");

  shelf_add (&elsewhere, CLASS, "Name=Two, and longer\n");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ConvokeComponentFile) file = convoke_catalog_find_file (shelf.catalog, CLASS, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (file->name, ==, "Two, and longer");
    }
}

/* --- many at once --- */

static gpointer
look_often (gpointer data)
{
  const Shelf *shelf = data;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (GPtrArray) infos = convoke_catalog_dup_classes (shelf->catalog, "Gio-2.0.Action", NULL);
      g_autoptr (ConvokeClassInfo) info = convoke_catalog_dup_class (shelf->catalog, CLASS);
      g_autoptr (ConvokeComponentFile) file = convoke_catalog_find_file (shelf->catalog, CLASS, NULL);

      g_assert_cmpuint (infos->len, >=, 1);
      g_assert_nonnull (info);
      g_assert_nonnull (file);
    }
  return NULL;
}

static void
test_many_threads (void)
{
  g_auto (Shelf) shelf = { 0 };
  GThread *threads[4];

  g_test_summary ("D9: threads look up while files come and go");

  shelf_init (&shelf);
  shelf_add (&shelf, CLASS, "");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("look", look_often, &shelf);
  for (guint i = 0; i < 20; i++)
    {
      shelf_add (&shelf, "org.example.Guest", "");
      shelf_remove (&shelf, "org.example.Guest");
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  assert_classes (shelf.catalog, NULL, NULL, CLASS);
}

/* In a child: reads what the parent is to be told. */
static void
look_in_child (gpointer data)
{
  const Shelf *shelf = data;

  assert_classes (shelf->catalog, NULL, NULL, "org.example.A");
}

static void
test_fork (void)
{
  g_auto (Shelf) shelf = { 0 };
  int status = -1;
  pid_t pid;

  g_test_summary ("D9: a child made by fork takes nothing away from what its parent is told");

  shelf_init (&shelf);
  assert_classes (shelf.catalog, NULL, NULL, "");
  shelf_add (&shelf, "org.example.A", "");
  pid = fork ();
  if (pid == 0)
    {
      look_in_child (&shelf);
      test_child_end (TRUE);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
  assert_classes (shelf.catalog, NULL, NULL, "org.example.A");
}

/* --- other places --- */

static void
test_plugin_directory (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_auto (Shelf) plugins = { 0 };
  g_autofree char *inner = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeComponentFile) file = NULL;

  g_test_summary ("D9: a directory of plug-ins for libpeas is looked into, and so are those in it; for plug-ins only");

  shelf_init (&shelf);
  shelf_init (&plugins);
  shelf_add (&plugins, CLASS, "");
  g_free (test_dir_write (&plugins.dir, "spell.plugin", "[Plugin]\nModule=spell\nName=Spell\n", -1));
  convoke_catalog_add_plugin_directory (shelf.catalog, plugins.dir.path);
  file = convoke_catalog_find_file (shelf.catalog, "spell", &error);
  g_assert_no_error (error);
  assert_classes (shelf.catalog, NULL, NULL, "spell");

  inner = g_build_filename (plugins.dir.path, "inner", NULL);
  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  assert_classes (shelf.catalog, NULL, NULL, "spell");
  path = g_build_filename (inner, "print.plugin", NULL);
  g_assert_true (g_file_set_contents (path, "[Plugin]\nModule=print\nName=Print\n", -1, NULL));
  assert_classes (shelf.catalog, NULL, NULL, "print spell");
  g_assert_cmpint (g_unlink (path) | g_rmdir (inner), ==, 0);
  assert_classes (shelf.catalog, NULL, NULL, "spell");
}

static void
test_directory_comes (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autofree char *above = NULL;
  g_autofree char *path = NULL;
  g_autoptr (ConvokeCatalog) catalog = NULL;
  const char *directories[2] = { NULL, NULL };

  g_test_summary ("D9: a directory that comes to be is looked into, and so is one that comes again");

  shelf_init (&shelf);
  above = g_build_filename (shelf.dir.path, "above", NULL);
  directories[0] = path = g_build_filename (above, "components", NULL);
  catalog = convoke_catalog_new (directories);
  assert_classes (catalog, NULL, NULL, "");

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *file = g_build_filename (path, CLASS ".component", NULL);

      g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
      g_assert_true (g_file_set_contents (file, SMALLEST, -1, NULL));
      assert_classes (catalog, NULL, NULL, CLASS);
      g_assert_cmpint (g_unlink (file) | g_rmdir (path) | g_rmdir (above), ==, 0);
      assert_classes (catalog, NULL, NULL, "");
    }
}

/* In a child: a user namespace of its own, in which nothing may be watched. FALSE: this system has none. */
static gboolean
forbid_watching (void)
{
  int fd = unshare (CLONE_NEWUSER) == 0 ? open ("/proc/sys/user/max_inotify_instances", O_WRONLY | O_CLOEXEC) : -1;
  gboolean written = fd >= 0 && write (fd, "0", 1) == 1;

  if (fd >= 0)
    close (fd);
  return written && inotify_init1 (IN_CLOEXEC) < 0;
}

static void
look_without_watching (const Shelf *shelf)
{
  g_autoptr (GError) error = NULL;

  shelf_add (shelf, "org.example.A", "");
  assert_classes (shelf->catalog, NULL, NULL, "org.example.A");
  shelf_add (shelf, "org.example.B", "");
  assert_classes (shelf->catalog, NULL, NULL, "org.example.A org.example.B");
  g_assert_false (convoke_catalog_watch (shelf->catalog, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES);
}

static void
test_no_watching (void)
{
  g_auto (Shelf) shelf = { 0 };
  int status = -1;
  pid_t pid;

  g_test_summary ("D9: where the system watches nothing more for the user, look-ups are right all the same");

  shelf_init (&shelf);
  pid = fork ();
  if (pid == 0)
    {
      if (!forbid_watching ())
        test_child_end (FALSE);
      look_without_watching (&shelf);
      test_child_end (TRUE);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 1)
    g_test_skip ("watching cannot be forbidden here");
  else
    g_assert_cmpint (status, ==, 0);
}

/* --- what cannot be used --- */

static void
test_broken_costs_itself (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autofree char *huge = NULL;
  g_autofree char *fifo = NULL;
  g_autofree char *directory = NULL;
  g_autofree char *loop = NULL;
  g_autofree char *nowhere = NULL;

  g_test_summary ("D9: what is broken costs only itself, whatever it is, and is told");

  shelf_init (&shelf);
  shelf_add (&shelf, CLASS, "");
  shelf_add (&shelf, "org.example.Wrong", "Distance=far\n");
  g_free (shelf_add_bytes (&shelf, "org.example.Nul", "[Component]\nName=a\0b\n", 20));
  shelf_add (&shelf, "no name", "");
  huge = shelf_add_path (&shelf, "org.example.Huge", "");
  g_assert_cmpint (truncate (huge, 100 * 1024 * 1024), ==, 0);
  fifo = shelf_path (&shelf, "org.example.Fifo");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  directory = shelf_path (&shelf, "org.example.Directory");
  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  loop = shelf_path (&shelf, "org.example.Loop");
  g_assert_cmpint (symlink (loop, loop), ==, 0);
  nowhere = shelf_path (&shelf, "org.example.Nowhere");
  g_assert_cmpint (symlink ("/nowhere/at/all", nowhere), ==, 0);

  assert_list (shelf.catalog, CLASS);
  assert_problem (shelf.catalog, "org.example.Wrong", CONVOKE_CATALOG_PROBLEM_BROKEN, 5, "Distance=far");
  assert_problem (shelf.catalog, "org.example.Nul", CONVOKE_CATALOG_PROBLEM_BROKEN, 2, "NUL");
  assert_problem (shelf.catalog, "no name", CONVOKE_CATALOG_PROBLEM_BROKEN, 0, "CLASS.component");
  assert_problem (shelf.catalog, "org.example.Huge", CONVOKE_CATALOG_PROBLEM_BROKEN, 0, "more than");
  assert_problem (shelf.catalog, "org.example.Fifo", CONVOKE_CATALOG_PROBLEM_BROKEN, 0, "not a regular file");
  assert_problem (shelf.catalog, "org.example.Directory", CONVOKE_CATALOG_PROBLEM_BROKEN, 0, "not a regular file");
  assert_problem (shelf.catalog, "org.example.Loop", CONVOKE_CATALOG_PROBLEM_BROKEN, 0, "");
  assert_problem (shelf.catalog, "org.example.Nowhere", CONVOKE_CATALOG_PROBLEM_BROKEN, 0, "");
  g_assert_cmpuint (count_problems (shelf.catalog), ==, 8);
}

static void
test_directories_cost_themselves (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autoptr (ConvokeCatalog) catalog = NULL;
  g_autoptr (GPtrArray) problems = NULL;
  g_autofree char *file = NULL;
  g_autofree char *loop = NULL;
  const char *directories[5] = { NULL };

  g_test_summary ("D9: a directory that cannot be read is told, and the others are; one that is not there is nothing to tell");

  shelf_init (&shelf);
  shelf_add (&shelf, CLASS, "");
  directories[0] = file = shelf_path (&shelf, CLASS);
  directories[1] = loop = g_build_filename (shelf.dir.path, "loop", NULL);
  directories[2] = "/nowhere/at/all";
  directories[3] = shelf.dir.path;
  g_assert_cmpint (symlink (loop, loop), ==, 0);

  catalog = convoke_catalog_new (directories);
  assert_list (catalog, CLASS);
  problems = convoke_catalog_dup_problems (catalog);
  g_assert_cmpuint (problems->len, ==, 2);
  g_assert_cmpstr (convoke_catalog_problem_get_path (problems->pdata[1]), ==, file);
}

#define NOBODY 65534

/* In a child: changes the directory as its owner, and goes on as somebody whom its mode concerns. */
static void
set_mode (const Shelf *shelf,
          uid_t        owner,
          mode_t       mode)
{
  g_assert_cmpint (seteuid (owner), ==, 0);
  g_assert_cmpint (g_chmod (shelf->dir.path, mode), ==, 0);
  g_assert_cmpint (seteuid (owner == 0 ? NOBODY : owner), ==, 0);
}

static gboolean
is_told (ConvokeCatalog *catalog,
         const char     *path)
{
  g_autoptr (GPtrArray) problems = convoke_catalog_dup_problems (catalog);

  for (guint i = 0; i < problems->len; i++)
    if (strcmp (convoke_catalog_problem_get_path (problems->pdata[i]), path) == 0)
      return TRUE;

  return FALSE;
}

static void
look_into_unreadable (const Shelf *shelf)
{
  uid_t owner = geteuid ();

  set_mode (shelf, owner, 0);
  assert_classes (shelf->catalog, NULL, NULL, "");
  g_assert_true (is_told (shelf->catalog, shelf->dir.path));
  set_mode (shelf, owner, 0755);
  assert_classes (shelf->catalog, NULL, NULL, CLASS);
  g_assert_false (is_told (shelf->catalog, shelf->dir.path));
}

static void
test_unreadable (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autofree char *path = NULL;
  int status = -1;
  pid_t pid;

  g_test_summary ("D9: a directory that may not be read is told, and is read when it may be");

  shelf_init (&shelf);
  path = shelf_add_path (&shelf, CLASS, "");
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      look_into_unreadable (&shelf);
      test_child_end (TRUE);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
}

static void
test_hidden (void)
{
  g_auto (Shelf) first = { 0 };
  g_auto (Shelf) second = { 0 };
  g_autoptr (ConvokeCatalog) catalog = NULL;
  const char *directories[3] = { NULL };

  g_test_summary ("D9: a file that an earlier one hides is told as such, and is read when that goes");

  shelf_init (&first);
  shelf_init (&second);
  directories[0] = first.dir.path;
  directories[1] = second.dir.path;
  catalog = convoke_catalog_new (directories);
  shelf_add (&first, CLASS, "Name=First\n");
  shelf_add (&second, CLASS, "Name=Second\n");

  assert_name (catalog, CLASS, "First");
  assert_problem (catalog, CLASS, CONVOKE_CATALOG_PROBLEM_HIDDEN, 0, first.dir.path);
  shelf_remove (&first, CLASS);
  assert_name (catalog, CLASS, "Second");
  g_assert_cmpuint (count_problems (catalog), ==, 0);
}

static void
test_broken_hides (void)
{
  g_auto (Shelf) first = { 0 };
  g_auto (Shelf) second = { 0 };
  g_autoptr (ConvokeCatalog) catalog = NULL;
  g_autoptr (GError) error = NULL;
  const char *directories[3] = { NULL };

  g_test_summary ("D9: in the index too a broken file is an error, and no reason to take another");

  shelf_init (&first);
  shelf_init (&second);
  directories[0] = first.dir.path;
  directories[1] = second.dir.path;
  catalog = convoke_catalog_new (directories);
  shelf_add (&first, CLASS, "Distance=far\n");
  shelf_add (&second, CLASS, "");

  assert_classes (catalog, NULL, NULL, "");
  g_assert_cmpuint (count_problems (catalog), ==, 2);
  g_assert_null (convoke_catalog_find_file (catalog, CLASS, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_message (&error, "Distance=far");
}

static void
test_unknown_key (void)
{
  g_auto (Shelf) shelf = { 0 };

  g_test_summary ("D9: a key that nobody knows is told with its line, and does no harm");

  shelf_init (&shelf);
  shelf_add (&shelf, CLASS, "Colour=red\n");
  assert_list (shelf.catalog, CLASS);
  assert_problem (shelf.catalog, CLASS, CONVOKE_CATALOG_PROBLEM_UNKNOWN_KEY, 5, "Colour");
}

static void
test_passed_over (void)
{
  g_auto (Shelf) shelf = { 0 };

  g_test_summary ("D9: files of other kinds, and those of editors, are no problem");

  shelf_init (&shelf);
  g_free (test_dir_write (&shelf.dir, "README", "x", -1));
  g_free (test_dir_write (&shelf.dir, ".#org.example.Coffee.component", "x", -1));
  g_free (test_dir_write (&shelf.dir, "org.example.Coffee.component~", "x", -1));
  assert_list (shelf.catalog, "");
  g_assert_cmpuint (count_problems (shelf.catalog), ==, 0);
}

/* --- one class only --- */

static void
test_alone (void)
{
  g_auto (Shelf) shelf = { 0 };
  g_autoptr (ConvokeComponentFile) first = NULL;
  g_autoptr (ConvokeComponentFile) second = NULL;
  g_autoptr (ConvokeComponentFile) third = NULL;

  g_test_summary ("D9: a program that asks for one class reads one file; later ones are found in the index, and are one file");

  shelf_init (&shelf);
  shelf_add (&shelf, CLASS, "");
  first = convoke_catalog_find_file (shelf.catalog, CLASS, NULL);
  g_assert_cmpint (convoke_catalog_store_get_fd (shelf.catalog->store), ==, -1);
  g_usleep (50 * 1000);
  second = convoke_catalog_find_file (shelf.catalog, CLASS, NULL);
  third = convoke_catalog_find_file (shelf.catalog, CLASS, NULL);
  g_assert_nonnull (first);
  g_assert_nonnull (second);
  g_assert_true (second == third);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/catalog/list-is-sorted", test_list_is_sorted);
  g_test_add_func ("/gobj/catalog/describes", test_describes);
  g_test_add_func ("/gobj/catalog/looked-up", test_looked_up);
  g_test_add_func ("/gobj/catalog/unknown-type", test_unknown_type);
  g_test_add_func ("/gobj/catalog/thousands", test_thousands);
  g_test_add_func ("/gobj/catalog/look-up-follows", test_look_up_follows);
  g_test_add_func ("/gobj/catalog/in-place", test_in_place);
  g_test_add_func ("/gobj/catalog/target-of-a-link", test_target_of_a_link);
  g_test_add_func ("/gobj/catalog/directory-comes", test_directory_comes);
  g_test_add_func ("/gobj/catalog/many-threads", test_many_threads);
  g_test_add_func ("/gobj/catalog/fork", test_fork);
  g_test_add_func ("/gobj/catalog/plugin-directory", test_plugin_directory);
  g_test_add_func ("/gobj/catalog/no-watching", test_no_watching);
  g_test_add_func ("/gobj/catalog/broken-costs-itself", test_broken_costs_itself);
  g_test_add_func ("/gobj/catalog/directories-cost-themselves", test_directories_cost_themselves);
  g_test_add_func ("/gobj/catalog/unreadable", test_unreadable);
  g_test_add_func ("/gobj/catalog/hidden", test_hidden);
  g_test_add_func ("/gobj/catalog/broken-hides-indexed", test_broken_hides);
  g_test_add_func ("/gobj/catalog/unknown-key", test_unknown_key);
  g_test_add_func ("/gobj/catalog/passed-over", test_passed_over);
  g_test_add_func ("/gobj/catalog/alone", test_alone);

  return run_with_own_configuration ();
}
