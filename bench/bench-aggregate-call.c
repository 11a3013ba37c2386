/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* aggregate-call: the public functions of two interfaces of four slots, in an order that no branch predictor knows. */

#include "bench.h"

#include "bench-halves.h"
#ifdef BENCH_HAVE_OMNIORB
#include "bench-call-process.h"
#endif
#include "convoke.h"

#define N_ORDER 4096

static ConvokeBenchLeft  *left;
static ConvokeBenchRight *right;
static guint8             order[N_ORDER];

static void
make_order (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < N_ORDER; i++)
    order[i] = g_rand_int_range (rand, 0, 8);
}

static gint32
call (guint which,
      gint32 number)
{
  switch (which)
    {
    case 0: return convoke_bench_left_one (left, number);
    case 1: return convoke_bench_left_two (left, number);
    case 2: return convoke_bench_left_three (left, number);
    case 3: return convoke_bench_left_four (left, number);
    case 4: return convoke_bench_right_one (right, number);
    case 5: return convoke_bench_right_two (right, number);
    case 6: return convoke_bench_right_three (right, number);
    default: return convoke_bench_right_four (right, number);
    }
}

static void
run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      guint which = order[i % N_ORDER];

      g_assert_cmpint (call (which, i & 0xffff), ==, (i & 0xffff) + which % 4 + 1);
    }
}

static void
setup_limit (void)
{
  make_order ();
  left = g_object_new (convoke_bench_whole_get_type (), NULL);
  right = (ConvokeBenchRight *) left;
}

static void
setup_convoke (void)
{
  g_autoptr (GObject) first = g_object_new (convoke_bench_left_part_get_type (), NULL);
  g_autoptr (GObject) second = g_object_new (convoke_bench_right_part_get_type (), NULL);
  GObject *inners[] = { first, second };
  g_autoptr (GError) error = NULL;

  make_order ();
  if (!convoke_require ("ConvokeBench", "1", &error))
    g_error ("%s", error->message);
  left = (ConvokeBenchLeft *) convoke_component_new (CONVOKE_TYPE_COMPONENT, inners, 2, &error);
  if (left == NULL)
    g_error ("%s", error->message);
  right = (ConvokeBenchRight *) left;
}

static void
teardown (void)
{
  g_clear_object (&left);
}

static const BenchCase cases[] = {
  { "limit", setup_limit, run, teardown },
  { "convoke", setup_convoke, run, teardown },
#ifdef BENCH_HAVE_OMNIORB
  { "omniORB", bench_omniorb_setup_collocated, bench_omniorb_run, bench_omniorb_teardown_collocated },
#endif
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
