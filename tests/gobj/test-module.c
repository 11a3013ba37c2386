/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <dlfcn.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include "component-fixture.h"

static void
test_plain (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) feed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A class of a module in C is activated, and its object does what it is for");

  test_shop_init (&shop);
  feed = test_shop_activate (&shop, "Plain", "", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (feed)), ==, 42);

  g_assert_finalize_object (g_steal_pointer (&feed));
}

static void
test_kept (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) first = NULL;
  g_autoptr (GObject) second = NULL;
  TestComponents *components;
  int n_asked;

  g_test_summary ("P-13: a module stays mapped, and its factory is kept");

  test_shop_init (&shop);
  first = test_shop_activate (&shop, "Kept", "", NULL, NULL);
  g_assert_nonnull (first);
  components = test_components_get ();
  n_asked = components->n_asked;
  g_clear_object (&first);

  second = test_shop_activate (&shop, "Kept", "", NULL, NULL);
  g_assert_nonnull (second);
  g_assert_cmpint (components->n_asked, ==, n_asked);
  g_assert_cmpint (components->n_opened, ==, 1);
}

static gpointer
activate_one (gpointer data)
{
  GError *error = NULL;
  GObject *object = convoke_catalog_activate (data, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, NULL, NULL, &error);

  g_assert_no_error (error);
  g_object_unref (object);
  return NULL;
}

static void
test_at_once (void)
{
  g_auto (TestShop) shop = { 0 };
  GThread *threads[8];

  g_test_summary ("Threads that activate classes of a module at once open it once");

  test_shop_init (&shop);
  test_shop_register (&shop, TEST_CLASS, "test-components", "AtOnce", "Threading=any");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("activate", activate_one, shop.catalog);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (test_components_get ()->n_opened, ==, 1);
}

/* What activation of @type of @module fails with. */
static void
assert_fails (const char *module,
              const char *type,
              GQuark      domain,
              int         code,
              const char *words)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  test_shop_init (&shop);
  test_shop_register (&shop, TEST_CLASS, module, type, "");
  g_assert_null (convoke_catalog_activate (shop.catalog, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, NULL, NULL, &error));
  g_assert_error (error, domain, code);
  assert_message (&error, words);
}

static void
test_missing (void)
{
  g_test_summary ("A module that is not there is NOT_FOUND, with the names that it could have");

  assert_fails ("no-such-module", "Plain", CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "libno-such-module.so");
}

static void
test_no_file (void)
{
  g_auto (TestDir) dir = { 0 };
  g_autofree char *folder = NULL;
  g_autofree char *loop = NULL;
  g_autofree char *pipe = NULL;
  g_autofree char *nowhere = NULL;

  g_test_summary ("A folder, a pipe, a link loop and a link that leads nowhere are no modules, and are told as what they are");

  test_dir_init (&dir);
  folder = g_build_filename (dir.path, "folder.so", NULL);
  loop = g_build_filename (dir.path, "loop.so", NULL);
  pipe = g_build_filename (dir.path, "pipe.so", NULL);
  nowhere = g_build_filename (dir.path, "nowhere.so", NULL);
  g_assert_no_errno (g_mkdir (folder, 0700));
  g_assert_no_errno (symlink ("loop.so", loop));
  g_assert_no_errno (mkfifo (pipe, 0600));
  g_assert_no_errno (symlink ("no-such-file", nowhere));

  assert_fails (folder, "Plain", CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "folder.so is no module: this is not a regular file");
  assert_fails (loop, "Plain", CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, g_strerror (ELOOP));
  assert_fails (pipe, "Plain", CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "pipe.so is no module: this is not a regular file");
  assert_fails (nowhere, "Plain", CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, g_strerror (ENOENT));
}

static void
test_missing_symbol (void)
{
  g_test_summary ("A module that lacks a function of somebody else's is refused when it is opened, not when it is called");

  assert_fails ("test-missing-symbol", "Plain", CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "test_nobody_has_this");
}

static void
test_init_fails (void)
{
  g_test_summary ("A module that gives up when it is opened is refused with its own words");

  assert_fails ("test-init-fails", "Plain", CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "there is no more coffee");
}

static void
test_no_entry (void)
{
  g_test_summary ("A library without the entry point is no module of components, and the error names it");

  assert_fails ("test-no-entry", "Plain", CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "convoke_module_get_class_factory");
}

static void
test_no_library (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("A file that is no library is refused, and nothing is printed");

  test_shop_init (&shop);
  g_free (test_dir_write (&shop.dir, "text.so", "#!/bin/sh\n", -1));
  g_free (test_dir_write (&shop.dir, "text.la", "dlname='\n", -1));
  g_free (test_dir_write (&shop.dir, "a.component", "[Component]\nInterfaces=Gio-2.0.Action\nModule=text\nType=A\n", -1));
  g_free (test_dir_write (&shop.dir, "b.component", "[Component]\nInterfaces=Gio-2.0.Action\nModule=text.la\nType=A\n", -1));

  g_assert_null (convoke_catalog_activate (shop.catalog, "a", G_TYPE_OBJECT, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED);
  assert_message (&error, "text.so");
  g_assert_null (convoke_catalog_activate (shop.catalog, "b", G_TYPE_OBJECT, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  assert_message (&error, "text.la");
}

/* --- files that were changed --- */

typedef struct
{
  TestShop  shop;
  char     *bytes;
  gsize     length;
} Changed;

static void
changed_init (Changed *self)
{
  g_autofree char *path = test_module_path ("libtest-components.so");
  g_autoptr (GError) error = NULL;

  test_shop_init (&self->shop);
  g_file_get_contents (path, &self->bytes, &self->length, &error);
  g_assert_no_error (error);
}

static void
changed_clear (Changed *self)
{
  test_shop_clear (&self->shop);
  g_free (self->bytes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Changed, changed_clear)

static void
changed_replace (Changed    *self,
                 const char *old,
                 const char *new)
{
  char *at = memmem (self->bytes, self->length, old, strlen (old) + 1);

  g_assert_nonnull (at);
  g_assert_cmpuint (strlen (old), ==, strlen (new));
  memcpy (at, new, strlen (new));
}

static void
changed_assert_fails (Changed    *self,
                      int         code,
                      const char *words)
{
  g_autofree char *path = test_dir_write (&self->shop.dir, "changed.so", self->bytes, self->length);
  g_autoptr (GError) error = NULL;

  test_shop_register (&self->shop, TEST_CLASS, path, "Plain", "");
  g_assert_null (convoke_catalog_activate (self->shop.catalog, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
  g_assert_nonnull (strstr (error->message, path));
  assert_message (&error, words);
  g_assert_null (dlopen (path, RTLD_LAZY | RTLD_NOLOAD));
}

static void
test_other_version (void)
{
  g_auto (Changed) changed = { 0 };

  g_test_summary ("A module that was built for another major version of Convoke is refused before any of its code runs");

  changed_init (&changed);
  changed_replace (&changed, "libconvoke-1.so.0", "libconvoke-2.so.0");
  changed_assert_fails (&changed, CONVOKE_ERROR_VERSION_MISMATCH, "libconvoke-2.so.0, and this process has libconvoke-1.so.0");
}

static void
test_missing_library (void)
{
  g_auto (Changed) changed = { 0 };

  g_test_summary ("A module whose library is missing is refused, and the error names both");

  changed_init (&changed);
  changed_replace (&changed, "libconvoke-test-1.so", "libconvoke-nope-1.so");
  changed_assert_fails (&changed, CONVOKE_ERROR_FAILED, "libconvoke-nope-1.so");
}

static void
test_other_machine (void)
{
  g_auto (Changed) changed = { 0 };
  ElfW(Ehdr) *header;

  g_test_summary ("A module for another machine is refused with the names of both");

  changed_init (&changed);
  header = (ElfW(Ehdr) *) changed.bytes;
  header->e_machine = EM_S390;
  changed_assert_fails (&changed, CONVOKE_ERROR_FAILED, "is a library for S/390, and this process is one of");
  header->e_ident[EI_CLASS] = header->e_ident[EI_CLASS] == ELFCLASS64 ? ELFCLASS32 : ELFCLASS64;
  changed_assert_fails (&changed, CONVOKE_ERROR_FAILED, "bits, and this one has");
}

static void
test_cut_off (void)
{
  static const gsize lengths[] = { 0, 3, 16, 63, 64, 200, 1000 };
  g_auto (Changed) changed = { 0 };

  g_test_summary ("A module that is cut off is refused, wherever it ends");

  changed_init (&changed);
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      changed.length = lengths[i];
      changed_assert_fails (&changed, CONVOKE_ERROR_FAILED, "The module cannot be opened");
    }
}

/* --- names of types that are taken --- */

/* What is told to nobody else would be fatal in a test. */
static void
take_name (void)
{
  static const GTypeInfo info = { .class_size = sizeof (GObjectClass), .instance_size = sizeof (GObject) };

  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_type_register_static (G_TYPE_OBJECT, "TestTaken", &info, 0);
}

static void
test_clash (gconstpointer data)
{
  g_auto (GStrv) words = g_strsplit (data, " ", -1);

  g_test_summary ("A module that registers a type under a name that is taken is an error with that name, now and the next "
                  "time, and nothing is printed");

  if (g_test_subprocess ())
    {
      take_name ();
      for (int i = 0; i < 2; i++)
        assert_fails (words[0], words[1], CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED, "TestTaken");
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
}

static gpointer
activate_clashing (gpointer data)
{
  GError *error = NULL;

  g_assert_null (convoke_catalog_activate (data, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, NULL, NULL, &error));
  return error;
}

static void
test_clash_at_once (void)
{
  g_test_summary ("Threads that ask at once for a class whose name is taken all get the error, and none hangs");

  if (g_test_subprocess ())
    {
      g_auto (TestShop) shop = { 0 };
      GThread *threads[8];

      take_name ();
      test_shop_init (&shop);
      test_shop_register (&shop, TEST_CLASS, "test-clash", "Held", "");
      for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("activate", activate_clashing, shop.catalog);
      for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        {
          g_autoptr (GError) error = g_thread_join (threads[i]);

          g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED);
        }
      return;
    }

  g_test_trap_subprocess (NULL, 20 * G_TIME_SPAN_SECOND, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
}

/* What is printed with a module between begin and end. */
static void
test_clash_others (void)
{
  g_test_summary ("Messages that say nothing of types that are taken are printed as ever");

  if (g_test_subprocess ())
    {
      g_auto (TestShop) shop = { 0 };
      g_autoptr (GObject) first = NULL;
      g_autoptr (GObject) feed = NULL;

      test_shop_init (&shop);
      first = test_shop_activate (&shop, "Plain", "", NULL, NULL);
      g_log_set_always_fatal (G_LOG_FATAL_MASK);
      test_components_get ()->creating = g_object_unref;
      feed = test_shop_activate (&shop, "Other", "", NULL, NULL);
      g_assert_nonnull (feed);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*g_object_unref: assertion*");
}

static void
test_entry_fails (void)
{
  g_test_summary ("OM-39: an entry point that gives nothing has no such class; its own error arrives as it is; anything "
                  "but a factory is refused");

  assert_fails ("test-components", "Absent", CONVOKE_ERROR, CONVOKE_ERROR_CLASS_NOT_AVAILABLE, "has no class Absent");
  assert_fails ("test-components", "Refused", CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "The shop is closed");
  assert_fails ("test-components", "NoFactory", CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "is no class factory");
}

static void
test_garbage (void)
{
  static const char * const types[] = { "GarbageSmall", "GarbageOdd", "GarbageZero", "GarbageType" };

  g_test_summary ("An entry point that gives what is no object at all is refused like one that gives another object");

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    assert_fails ("test-components", types[i], CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "is no class factory");
}

static void
test_factory_fails (void)
{
  int n_live = convoke_test_server_count_live ();

  g_test_summary ("OM-25: a factory that gives nothing, an error, or both fails, and nothing is left");

  assert_fails ("test-components", "Nothing", CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT, "made no instance");
  assert_fails ("test-components", "Error", CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM, "The machine is cold");
  assert_fails ("test-components", "Both", CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "Both");
  g_assert_cmpint (convoke_test_server_count_live (), ==, n_live);
}

static void
test_wrong_object (void)
{
  g_test_summary ("OM-25: an object that does not implement the interface is NO_INTERFACE");

  assert_fails ("test-components", "Floating", CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE, "GInitiallyUnowned");
}

static void
test_floating (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) object = NULL;

  g_test_summary ("A floating instance belongs to who activated it");

  test_shop_init (&shop);
  test_shop_register (&shop, TEST_CLASS, "test-components", "Floating", "");
  object = convoke_catalog_activate (shop.catalog, TEST_CLASS, G_TYPE_OBJECT, NULL, NULL, NULL);
  g_assert_nonnull (object);
  g_assert_false (g_object_is_floating (object));
  g_assert_finalize_object (g_steal_pointer (&object));
}

static void
test_loader_missing (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("A loader that is not there is NOT_FOUND, by its name");

  test_shop_init (&shop);
  g_assert_null (test_shop_activate (&shop, "A", "Loader=cobol", NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  assert_message (&error, "cobol");
}

/* --- typelibs --- */

static void
copy_typelib (const TestShop *shop)
{
  g_autofree char *from = g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "lib", "ConvokeTest-1.typelib", NULL);
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (from, &data, &length, &error);
  g_assert_no_error (error);
  g_free (test_dir_write (&shop->dir, "ConvokeTest-1.typelib", data, length));
}

static void
activate_without_search_path (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) feed = NULL;
  g_autoptr (GError) error = NULL;

  g_unsetenv ("GI_TYPELIB_PATH");
  test_shop_init (&shop);
  g_assert_null (test_shop_activate (&shop, "Plain", "", NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);
  assert_message (&error, "ConvokeTest 1");

  copy_typelib (&shop);
  feed = test_shop_activate (&shop, "Plain", "Threading=serial", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (feed)), ==, 42);
}

static void
test_typelib_beside (void)
{
  g_test_summary ("D3: a typelib beside the keyfile is found; without it nothing of the component is run");

  if (g_test_subprocess ())
    {
      activate_without_search_path ();
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
test_no_such_interface (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autofree char *path = test_module_path ("test-components");
  g_autofree char *text = g_strdup_printf ("[Component]\nInterfaces=ConvokeTest-1.PriceFeed;%%s\nModule=%s\nType=Plain\n", path);
  static const char * const wrong[] = { "ConvokeTest-1.Nope", "ConvokeTest-1.Server" };

  g_test_summary ("An interface that its typelib does not have, or has as something else, is INVALID_ARGUMENT with the keyfile "
                  "and the interface");

  test_shop_init (&shop);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_auto (GStrv) parts = g_strsplit (text, "%s", 2);
      g_autofree char *filled = g_strjoinv (wrong[i], parts);
      g_autoptr (GError) error = NULL;

      g_free (test_dir_write (&shop.dir, TEST_CLASS ".component", filled, -1));
      g_assert_null (convoke_catalog_activate (shop.catalog, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, NULL, NULL, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, TEST_CLASS ".component: Interfaces: "));
      assert_message (&error, wrong[i]);
    }
}

/* --- class factories --- */

static void
test_factory_no_interface (void)
{
  g_autoptr (ConvokeClassFactory) factory = convoke_class_factory_new_for_type (CONVOKE_TEST_TYPE_SERVER);
  int n_live = convoke_test_server_count_live ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-25: without the interface there is NO_INTERFACE and no instance");

  g_assert_null (convoke_class_factory_create_instance (factory, NULL, G_TYPE_ACTION, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_assert_cmpint (convoke_test_server_count_live (), ==, n_live);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/module/plain", test_plain);
  g_test_add_func ("/gobj/module/kept", test_kept);
  g_test_add_func ("/gobj/module/at-once", test_at_once);
  g_test_add_func ("/gobj/module/missing", test_missing);
  g_test_add_func ("/gobj/module/no-file", test_no_file);
  g_test_add_func ("/gobj/module/missing-symbol", test_missing_symbol);
  g_test_add_func ("/gobj/module/init-fails", test_init_fails);
  g_test_add_func ("/gobj/module/other-version", test_other_version);
  g_test_add_func ("/gobj/module/missing-library", test_missing_library);
  g_test_add_func ("/gobj/module/other-machine", test_other_machine);
  g_test_add_func ("/gobj/module/cut-off", test_cut_off);
  g_test_add_data_func ("/gobj/module/clash/opened", "test-clash-at-once Late", test_clash);
  g_test_add_data_func ("/gobj/module/clash/asked", "test-clash Taken", test_clash);
  g_test_add_data_func ("/gobj/module/clash/created", "test-clash Late", test_clash);
  g_test_add_func ("/gobj/module/clash/at-once", test_clash_at_once);
  g_test_add_func ("/gobj/module/clash/others", test_clash_others);
  g_test_add_func ("/gobj/module/no-entry", test_no_entry);
  g_test_add_func ("/gobj/module/no-library", test_no_library);
  g_test_add_func ("/gobj/module/entry-fails", test_entry_fails);
  g_test_add_func ("/gobj/module/garbage", test_garbage);
  g_test_add_func ("/gobj/module/factory-fails", test_factory_fails);
  g_test_add_func ("/gobj/module/wrong-object", test_wrong_object);
  g_test_add_func ("/gobj/module/floating", test_floating);
  g_test_add_func ("/gobj/module/loader-missing", test_loader_missing);
  g_test_add_func ("/gobj/module/typelib-beside", test_typelib_beside);
  g_test_add_func ("/gobj/module/no-such-interface", test_no_such_interface);
  g_test_add_func ("/gobj/class-factory/no-interface", test_factory_no_interface);

  return g_test_run ();
}
