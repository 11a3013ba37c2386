/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What may be loaded beside what. Nothing is activated here; see test-apart.c. */

#include <gmodule.h>

#include "catalog-fixture.h"
#include "convoke-component-file-private.h"
#include "convoke-error.h"
#include "convoke-firewall-private.h"
#include "convoke-typelib-private.h"

static char *
dup_path (const char *name)
{
  return g_test_build_filename (G_TEST_BUILT, "gobj", "clash", name, NULL);
}

/* --- what the process has --- */

typedef GModule Library;

static void
library_close (Library *self)
{
  g_module_close (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Library, library_close)

static Library *
library_open (const char *name)
{
  g_autofree char *path = dup_path (name);
  Library *self = g_module_open (path, G_MODULE_BIND_LOCAL);

  g_assert_nonnull (self);
  return self;
}

/* --- the component --- */

typedef struct
{
  TestDir               dir;
  ConvokeComponentFile *file;
} Fixture;

static void
fixture_clear (Fixture *self)
{
  convoke_component_file_unref (self->file);
  test_dir_clear (&self->dir);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
fixture_init (Fixture    *self,
              const char *interface,
              const char *requires,
              const char *module)
{
  g_autofree char *path = dup_path (module);
  g_autofree char *text = g_strdup_printf ("[Component]\nInterfaces=%s\nModule=%s\nType=A\nRequires=%s\n", interface, path, requires);
  g_autofree char *file = NULL;
  g_autoptr (GError) error = NULL;

  test_dir_init (&self->dir);
  file = test_dir_write (&self->dir, "org.example.A.component", text, -1);
  self->file = convoke_component_file_load (file, &error);
  g_assert_no_error (error);
}

static void
fixture_assert_admitted (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  convoke_firewall_admits (self->file, &error);
  g_assert_no_error (error);
}

static void
fixture_assert_refused (Fixture    *self,
                        const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_firewall_admits (self->file, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH);
  assert_message (&error, words);
}

/* --- claims --- */

static void
test_requires (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (Library) second = NULL;

  g_test_summary ("A namespace that the keyfile requires: refused while the process has another version, and only then");

  fixture_init (&fixture, "Gio-2.0.Action", "TestTea-1;", "no-module");
  fixture_assert_admitted (&fixture);

  second = library_open ("libtest-tea-2.so.0");
  fixture_assert_refused (&fixture, "it needs TestTea 1, and this process has TestTea 2 (libtest-tea-2.so.0)");
  fixture_assert_refused (&fixture, "TestTea 2");

  g_clear_pointer (&second, library_close);
  fixture_assert_admitted (&fixture);
}

static void
test_same_version (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (Library) first = library_open ("libtest-tea-1.so.0");

  g_test_summary ("The version that the process has is no clash");

  fixture_init (&fixture, "TestTea-1.Pot", "TestTea-1;", "libtest-with-tea-1.so");
  fixture_assert_admitted (&fixture);
}

static void
test_interfaces (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (Library) second = library_open ("libtest-tea-2.so.0");

  g_test_summary ("What the typelibs of its interfaces depend on counts, however indirectly");

  fixture_init (&fixture, "TestLunch-1.Pot", "", "no-module");
  fixture_assert_refused (&fixture, "it needs TestTea 1");
}

static void
test_module (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (Library) second = library_open ("libtest-tea-2.so.0");

  g_test_summary ("What a module in C links counts, though no keyfile and no typelib says so");

  fixture_init (&fixture, "Gio-2.0.Action", "", "test-with-tea-1");
  fixture_assert_refused (&fixture, "it needs libtest-tea-1.so.0, and this process has libtest-tea-2.so.0");
}

static void
test_library_of_library (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (Library) second = library_open ("libtest-tea-2.so.0");

  g_test_summary ("So does what a library links that the module links");

  fixture_init (&fixture, "Gio-2.0.Action", "", "test-with-biscuit");
  fixture_assert_refused (&fixture, "it needs libtest-tea-1.so.0, and this process has libtest-tea-2.so.0");
}

static void
test_no_gobject (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (Library) second = library_open ("libtest-spoon-2.so.0");

  g_test_summary ("Two versions of a library without GObject's types, and of a namespace without a library, are no clash");

  fixture_init (&fixture, "TestPlain-1.Pot", "TestPlain-1;", "test-with-spoon-1");
  fixture_assert_admitted (&fixture);
}

static void
test_unknown (void)
{
  g_auto (Fixture) fixture = { 0 };

  g_test_summary ("A typelib or a module that is missing is told by who loads them");

  fixture_init (&fixture, "TestNothing-1.Pot", "TestAbsent-3;", "no-module");
  fixture_assert_admitted (&fixture);
}

static gpointer
ask_often (gpointer data)
{
  for (int i = 0; i < 200; i++)
    fixture_assert_admitted (data);

  return NULL;
}

static void
test_threads (void)
{
  g_auto (Fixture) fixture = { 0 };
  GThread *threads[4];

  g_test_summary ("Any thread may ask, while others map and unmap");

  fixture_init (&fixture, "TestLunch-1.Pot", "", "test-with-biscuit");
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("ask", ask_often, &fixture);
  for (int i = 0; i < 50; i++)
    library_close (library_open ("libtest-spoon-2.so.0"));
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* What GTK does when it is loaded stays behind. */
static void
ask_beside_gtk_4 (void)
{
  g_auto (Fixture) fixture = { 0 };

  g_assert_nonnull (g_module_open ("libgtk-4.so.1", G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL));
  fixture_init (&fixture, "Gio-2.0.Action", "Gtk-3.0;", "no-module");
  fixture_assert_refused (&fixture, "it needs Gtk 3.0");
  fixture_assert_refused (&fixture, "libgtk-4.so.1");
}

static void
test_gtk (void)
{
  g_test_summary ("GTK 3 beside GTK 4");

  if (convoke_typelib_look (NULL, "Gtk", "3.0") == NULL || convoke_typelib_look (NULL, "Gtk", "4.0") == NULL)
    {
      g_test_skip ("the typelibs of GTK 3 and of GTK 4 are not both installed");
      return;
    }

  if (g_test_subprocess ())
    {
      ask_beside_gtk_4 ();
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *directory = NULL;
  g_autofree char *typelibs = NULL;

  g_test_init (&argc, &argv, NULL);
  directory = dup_path (".");
  typelibs = g_strjoin (":", directory, g_getenv ("GI_TYPELIB_PATH"), NULL);
  g_setenv ("GI_TYPELIB_PATH", typelibs, TRUE);

  g_test_add_func ("/gobj/firewall/requires", test_requires);
  g_test_add_func ("/gobj/firewall/same-version", test_same_version);
  g_test_add_func ("/gobj/firewall/interfaces", test_interfaces);
  g_test_add_func ("/gobj/firewall/module", test_module);
  g_test_add_func ("/gobj/firewall/library-of-library", test_library_of_library);
  g_test_add_func ("/gobj/firewall/no-gobject", test_no_gobject);
  g_test_add_func ("/gobj/firewall/unknown", test_unknown);
  g_test_add_func ("/gobj/firewall/threads", test_threads);
  g_test_add_func ("/gobj/firewall/gtk", test_gtk);

  return g_test_run ();
}
