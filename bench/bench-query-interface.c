/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* query-interface: ask for an interface and drop the answer; of a plain object, and of an aggregate. */

#include "bench.h"

#include <gio/gio.h>

#include "bench-echo.h"
#include "bench-halves.h"
#ifdef BENCH_HAVE_CPP
#include "bench-com.h"
#endif
#include "convoke.h"

static GObject *object;
static GType iface;

static void
setup (void)
{
  object = g_object_new (CONVOKE_BENCH_TYPE_ADDER, NULL);
  iface = CONVOKE_BENCH_TYPE_ECHO;
}

static void
setup_aggregate (void)
{
  g_autoptr (GObject) first = g_object_new (convoke_bench_left_part_get_type (), NULL);
  g_autoptr (GObject) second = g_object_new (convoke_bench_right_part_get_type (), NULL);
  GObject *inners[] = { first, second };
  g_autoptr (GError) error = NULL;

  if (!convoke_require ("ConvokeBench", "1", &error))
    g_error ("%s", error->message);
  object = (GObject *) convoke_component_new (CONVOKE_TYPE_COMPONENT, inners, 2, &error);
  if (object == NULL)
    g_error ("%s", error->message);
  iface = CONVOKE_BENCH_TYPE_RIGHT;
}

static void
teardown (void)
{
  g_clear_object (&object);
}

/* The least that a look-up with an answer of its own can do. */
static void
run_limit (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      GObject *answer = NULL;

      if (g_type_interface_peek (G_OBJECT_GET_CLASS (object), iface) != NULL)
        answer = g_object_ref (object);

      g_object_unref (answer);
    }
}

static void
run_convoke (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      GObject *answer = convoke_query_interface (object, iface, NULL);

      g_object_unref (answer);
    }
}

static const BenchCase cases[] = {
  { "limit", setup, run_limit, teardown },
  { "convoke", setup, run_convoke, teardown },
  { "aggregated:limit", setup_aggregate, run_limit, teardown },
  { "aggregated:convoke", setup_aggregate, run_convoke, teardown },
#ifdef BENCH_HAVE_CPP
  { "C++ COM", bench_com_setup, bench_com_run, bench_com_teardown },
  { "aggregated:C++ COM", bench_com_setup, bench_com_run, bench_com_teardown },
#endif
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
