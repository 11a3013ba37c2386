/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* query-interface: ask for an interface and drop the answer. */

#include "bench.h"

#include <gio/gio.h>

#include "bench-echo.h"
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
#ifdef BENCH_HAVE_CPP
  { "C++ COM", bench_com_setup, bench_com_run, bench_com_teardown },
#endif
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
