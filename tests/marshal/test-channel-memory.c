/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A small call to another process needs no memory, on either side: counted
 * where memory comes from, with both ends in this process.
 */

#include <stdlib.h>

#include "test-pair.h"

#include "../callfactory/test-feed.h"

#if defined (__GLIBC__) && !defined (__SANITIZE_ADDRESS__) && !defined (__SANITIZE_THREAD__)
#define COUNTS 1
#else
#define COUNTS 0
#endif

static gint n_allocations;

#if COUNTS
extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *memory, size_t size);

__attribute__ ((visibility ("default"))) void *
malloc (size_t size)
{
  __atomic_fetch_add (&n_allocations, 1, __ATOMIC_RELAXED);
  return __libc_malloc (size);
}

__attribute__ ((visibility ("default"))) void *
calloc (size_t n,
        size_t size)
{
  __atomic_fetch_add (&n_allocations, 1, __ATOMIC_RELAXED);
  return __libc_calloc (n, size);
}

__attribute__ ((visibility ("default"))) void *
realloc (void   *memory,
         size_t  size)
{
  __atomic_fetch_add (&n_allocations, 1, __ATOMIC_RELAXED);
  return __libc_realloc (memory, size);
}
#endif

/* Valgrind puts its own in the place of ours. */
static gboolean
is_counting (void)
{
  gint before = g_atomic_int_get (&n_allocations);

  g_free (g_malloc (10));
  return g_atomic_int_get (&n_allocations) > before;
}

#define N_CALLS 1000

static gint
count_allocations (GObject *proxy)
{
  gint before = g_atomic_int_get (&n_allocations);

  for (guint i = 0; i < N_CALLS; i++)
    convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "thirty-two bytes of plain text..", NULL);

  return g_atomic_int_get (&n_allocations) - before;
}

static void
test_no_allocation (void)
{
  g_autoptr (GObject) proxy = NULL;
  gint n_calls = 0;
  TestPair pair;

  g_test_summary ("A synchronous call with a string there and a number back allocates nothing on either side");

  if (!is_counting ())
    {
      g_test_skip ("allocations cannot be counted here");
      return;
    }

  test_pair_init (&pair);
  test_pair_object = G_OBJECT (test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, &n_calls));
  proxy = test_channel_get_object (pair.near);
  test_pair_clear_object ();

  count_allocations (proxy);
  /* The reader of calls changes now and then, and each thread has its own memory. */
  g_assert_cmpint (count_allocations (proxy), <, N_CALLS / 10);
  g_assert_cmpint (n_calls, ==, 2 * N_CALLS);

  g_clear_object (&proxy);
  test_pair_clear (&pair);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_type_ensure (CONVOKE_TEST_TYPE_PRICE_FEED);
  g_assert_true (convoke_require ("ConvokeTest", "1", NULL));

  g_test_add_func ("/marshal/channel-memory/no-allocation", test_no_allocation);

  return g_test_run ();
}
