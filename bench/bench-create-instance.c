/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* create-instance: an object through its class factory, dropped again. */

#include "bench.h"

#include <gio/gio.h>
#include <stdlib.h>

#include "bench-echo.h"
#include "convoke.h"
#ifdef BENCH_HAVE_PEAS
#include <libpeas/peas.h>
#endif

static void
fail (const GError *error)
{
  g_printerr ("%s\n", error->message);
  exit (1);
}

static void
setup_nothing (void)
{
}

static void
run_limit (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    g_object_unref (g_object_new (CONVOKE_BENCH_TYPE_ADDER, NULL));
}

/* --- ours --- */

static ConvokeClassFactory *factory;

static void
setup_convoke (void)
{
  factory = convoke_class_factory_new_for_type (CONVOKE_BENCH_TYPE_ADDER);
}

static void
run_convoke (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    g_object_unref (convoke_class_factory_create_instance (factory, NULL, CONVOKE_BENCH_TYPE_ECHO, NULL));
}

static void
teardown_convoke (void)
{
  g_clear_object (&factory);
}

/* --- the whole way: from the name of a class, in this process --- */

static ConvokeCatalog *catalog;

static GObject *
activate (void)
{
  return convoke_catalog_activate (catalog, "org.convoke.BenchHere", CONVOKE_BENCH_TYPE_ECHO, NULL, NULL, NULL);
}

static void
setup_activate (void)
{
  g_autofree char *directory = g_build_filename (g_getenv ("CONVOKE_BENCH_BIN"), "components", NULL);
  const char *directories[] = { directory, NULL };
  GError *error = NULL;
  GObject *first;

  catalog = convoke_catalog_new (directories);
  first = convoke_catalog_activate (catalog, "org.convoke.BenchHere", CONVOKE_BENCH_TYPE_ECHO, NULL, NULL, &error);
  if (first == NULL)
    fail (error);
  g_object_unref (first);
}

static void
run_activate (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    g_object_unref (activate ());
}

static void
teardown_activate (void)
{
  g_clear_object (&catalog);
}

/* --- libpeas --- */

#ifdef BENCH_HAVE_PEAS
static PeasEngine *engine;
static PeasPluginInfo *plugin;

static void
setup_peas (void)
{
  g_autofree char *directory = g_build_filename (g_getenv ("CONVOKE_BENCH_BIN"), "components", NULL);

  engine = peas_engine_new ();
  peas_engine_add_search_path (engine, directory, NULL);
  plugin = peas_engine_get_plugin_info (engine, "bench-peas");
  if (plugin == NULL || !peas_engine_load_plugin (engine, plugin))
    exit (1);
}

static void
run_peas (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    g_object_unref (peas_engine_create_extension (engine, plugin, CONVOKE_BENCH_TYPE_ECHO, NULL));
}

static void
teardown_peas (void)
{
  g_clear_object (&engine);
}
#endif

static const BenchCase cases[] = {
  { "limit", setup_nothing, run_limit, setup_nothing },
  { "convoke", setup_convoke, run_convoke, teardown_convoke },
  { "by name:limit", setup_nothing, run_limit, setup_nothing },
  { "by name:convoke", setup_activate, run_activate, teardown_activate },
#ifdef BENCH_HAVE_PEAS
  { "libpeas", setup_peas, run_peas, teardown_peas },
  { "by name:libpeas", setup_peas, run_peas, teardown_peas },
#endif
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
