/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* catalog-1000: 1,000 keyfiles are scanned, then one class is looked up by its name and all by their interface; catalog-lookup: the
 * look-up by name alone, where they are known. */

#include "bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench-echo.h"
#include "convoke.h"
#ifdef BENCH_HAVE_PEAS
#include <libpeas/peas.h>
#endif

#define N_FILES 1000
#define LAST "org.example.Class0999"

static char *directory;

/* --- the files --- */

static const char component[] =
  "[Component]\n"
  "Name=Class number %u\n"
  "Description=Does what a plug-in of this number does\n"
  "Version=1.%u\n"
  "Interfaces=ConvokeBench-1.Echo;\n"
  "Module=class%04u\n"
  "Type=Class%04u\n"
  "Distance=process\n";

static const char plugin[] =
  "[Plugin]\n"
  "Name=Class number %u\n"
  "Description=Does what a plug-in of this number does\n"
  "Version=1.%u\n"
  "Authors=Nobody\n"
  "Module=org.example.Class%04u\n"
  "Loader=C\n"
  "X-Number=%04u\n"
  "Website=https://example.org\n";

static void
write_file (guint       number,
            const char *suffix,
            const char *format)
{
  g_autofree char *path = g_strdup_printf ("%s/org.example.Class%04u%s", directory, number, suffix);
  g_autofree char *text = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  text = g_strdup_printf (format, number, number, number, number);
#pragma GCC diagnostic pop
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
    exit (1);
}

static void
make_directory (const char *suffix,
                const char *format)
{
  directory = g_dir_make_tmp ("convoke-bench-XXXXXX", NULL);
  if (directory == NULL)
    exit (1);

  for (guint i = 0; i < N_FILES; i++)
    write_file (i, suffix, format);
}

static void
setup_components (void)
{
  make_directory (".component", component);
}

static void
teardown (void)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_remove (path);
    }
  g_rmdir (directory);
  g_clear_pointer (&directory, g_free);
}

/* --- the limit: each file is read and taken apart by GKeyFile --- */

static char *
read_file (int         dir,
           const char *name)
{
  int fd = openat (dir, name, O_RDONLY | O_CLOEXEC);
  struct stat about;
  char *text;
  gssize n;

  if (fd < 0 || fstat (fd, &about) != 0)
    exit (1);

  text = g_malloc (about.st_size + 1);
  n = read (fd, text, about.st_size);
  text[MAX (n, 0)] = '\0';
  close (fd);
  return text;
}

static guint
scan_as_limit (void)
{
  DIR *dir = opendir (directory);
  struct dirent *entry;
  guint n = 0;

  while ((entry = readdir (dir)) != NULL)
    if (g_str_has_suffix (entry->d_name, ".component"))
      {
        g_autofree char *text = read_file (dirfd (dir), entry->d_name);
        g_autoptr (GKeyFile) keys = g_key_file_new ();

        n += g_key_file_load_from_data (keys, text, -1, G_KEY_FILE_NONE, NULL);
      }

  closedir (dir);
  return n;
}

static void
run_limit (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    if (scan_as_limit () != N_FILES)
      exit (1);
}

/* --- ours --- */

static ConvokeCatalog *
make_catalog (void)
{
  const char *directories[] = { directory, NULL };

  return convoke_catalog_new (directories);
}

static void
scan (void)
{
  g_autoptr (ConvokeCatalog) catalog = make_catalog ();
  g_autoptr (ConvokeClassInfo) last = convoke_catalog_dup_class (catalog, LAST);
  g_autoptr (GPtrArray) all = convoke_catalog_dup_classes (catalog, "ConvokeBench-1.Echo", NULL);

  if (last == NULL || all->len != N_FILES)
    exit (1);
}

static void
run_convoke (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    scan ();
}

static ConvokeCatalog *known;

static void
setup_lookup (void)
{
  setup_components ();
  known = make_catalog ();
  g_ptr_array_unref (convoke_catalog_dup_classes (known, NULL, NULL));
}

static void
run_lookup (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    g_object_unref (convoke_catalog_dup_class (known, LAST));
}

static void
teardown_lookup (void)
{
  g_clear_object (&known);
  teardown ();
}

/* --- the limit of a look-up: a hash table that has objects --- */

static GHashTable *table;

static void
setup_table (void)
{
  table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  for (guint i = 0; i < N_FILES; i++)
    g_hash_table_insert (table, g_strdup_printf ("org.example.Class%04u", i), g_object_new (G_TYPE_OBJECT, NULL));
}

static void
run_table (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    g_object_unref (g_object_ref (g_hash_table_lookup (table, LAST)));
}

static void
teardown_table (void)
{
  g_clear_pointer (&table, g_hash_table_unref);
}

/* --- libpeas --- */

#ifdef BENCH_HAVE_PEAS
static PeasEngine *engine;

static PeasEngine *
make_engine (void)
{
  PeasEngine *made = peas_engine_new ();

  peas_engine_add_search_path (made, directory, NULL);
  if (peas_engine_get_plugin_info (made, LAST) == NULL)
    exit (1);
  return made;
}

static void
setup_plugins (void)
{
  make_directory (".plugin", plugin);
}

static void
run_peas (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    g_object_unref (make_engine ());
}

static void
setup_engine (void)
{
  setup_plugins ();
  engine = make_engine ();
}

static void
run_engine (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    if (peas_engine_get_plugin_info (engine, LAST) == NULL)
      exit (1);
}

static void
teardown_engine (void)
{
  g_clear_object (&engine);
  teardown ();
}
#endif

static const BenchCase cases[] = {
  { "limit", setup_components, run_limit, teardown },
  { "convoke", setup_components, run_convoke, teardown },
  { "lookup:limit", setup_table, run_table, teardown_table },
  { "lookup:convoke", setup_lookup, run_lookup, teardown_lookup },
#ifdef BENCH_HAVE_PEAS
  { "libpeas", setup_plugins, run_peas, teardown },
  { "lookup:libpeas", setup_engine, run_engine, teardown_engine },
#endif
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
