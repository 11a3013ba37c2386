/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <stdlib.h>

#include "convoke-pool-private.h"

#include "test-util.h"

/* A door at which workers wait outside the library's knowledge, as in a system call. */
typedef struct
{
  Count inside;
  Count open;
  Count left;
} Door;

static void
pass_door_cb (gpointer data)
{
  Door *door = data;

  count_add (&door->inside);
  g_assert_true (count_wait (&door->open, 1));
  count_add (&door->left);
}

static void
wait_at_door_cb (gpointer data)
{
  Door *door = data;

  count_add (&door->inside);
  convoke_pool_wait_enter ();
  g_assert_true (count_wait (&door->open, 1));
  convoke_pool_wait_leave ();
  count_add (&door->left);
}

static void
count_cb (gpointer data)
{
  count_add (data);
}

static void
test_runs_once (void)
{
  Count ran = { 0, };

  g_test_summary ("Every item runs once");

  for (guint i = 0; i < 1000; i++)
    convoke_pool_push (count_cb, &ran);
  g_assert_true (count_wait (&ran, 1000));
  g_assert_cmpuint (count_get (&ran), ==, 1000);
}

typedef struct
{
  guint *order;
  guint  id;
  guint *next;
  Count *ran;
} Ordered;

static void
ordered_cb (gpointer data)
{
  Ordered *item = data;

  item->order[(*item->next)++] = item->id;
  count_add (item->ran);
}

static void
test_order (void)
{
  guint old = convoke_pool_get_limit ();
  guint order[500], next = 0;
  Ordered items[500];
  Count ran = { 0, };
  Door door = { 0, };

  g_test_summary ("Items start in the order in which they were queued (MF-37)");

  convoke_pool_set_limit (1);
  convoke_pool_push (pass_door_cb, &door);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      items[i] = (Ordered) { order, i, &next, &ran };
      convoke_pool_push (ordered_cb, &items[i]);
    }
  count_add (&door.open);
  g_assert_true (count_wait (&ran, G_N_ELEMENTS (items)));
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    g_assert_cmpuint (order[i], ==, i);
  convoke_pool_set_limit (old);
}

typedef struct
{
  ConvokeWorkLink link;
  Ordered         item;
} Linked;

static void
linked_cb (gpointer data)
{
  ordered_cb (&((Linked *) data)->item);
}

static void
other_linked_cb (gpointer data)
{
  linked_cb (data);
}

static void
test_links (void)
{
  guint old = convoke_pool_get_limit ();
  guint order[500], next = 0;
  Linked items[500];
  Count ran = { 0, };
  Door door = { 0, };

  g_test_summary ("Items with a link of their own start in the same order as the others (MF-37)");

  convoke_pool_set_limit (1);
  convoke_pool_push (pass_door_cb, &door);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      items[i].item = (Ordered) { order, i, &next, &ran };
      if (i % 7 == 3)
        convoke_pool_push (ordered_cb, &items[i].item);
      else
        convoke_pool_push_link (i % 7 > 4 ? linked_cb : other_linked_cb, &items[i].link);
    }
  count_add (&door.open);
  g_assert_true (count_wait (&ran, G_N_ELEMENTS (items)));
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    g_assert_cmpuint (order[i], ==, i);
  convoke_pool_set_limit (old);
}

static void
test_blocking_all_run (void)
{
  guint limit = convoke_pool_get_limit ();
  Door door = { 0, };

  g_test_summary ("As many blocking items as the limit allows run at once");

  for (guint i = 0; i < limit; i++)
    convoke_pool_push (pass_door_cb, &door);
  g_assert_true (count_wait (&door.inside, limit));
  count_add (&door.open);
  g_assert_true (count_wait (&door.left, limit));
}

static void
test_full (void)
{
  guint limit = convoke_pool_get_limit ();
  guint n_busy = 0;
  Door door = { 0, };
  Count ran = { 0, };

  g_test_summary ("A pool whose workers are all blocked says that it is full, and runs on when one returns");

  for (guint i = 0; i < limit; i++)
    convoke_pool_push (pass_door_cb, &door);
  g_assert_true (count_wait (&door.inside, limit));
  g_assert_false (convoke_pool_is_full (NULL));

  convoke_pool_push (count_cb, &ran);
  g_assert_true (convoke_pool_is_full (&n_busy));
  g_assert_cmpuint (n_busy, ==, limit);
  g_assert_cmpuint (count_get (&ran), ==, 0);

  count_add (&door.open);
  g_assert_true (count_wait (&ran, 1));
  g_assert_true (count_wait (&door.left, limit));
  g_assert_false (convoke_pool_is_full (NULL));
}

static void
test_waits_do_not_count (void)
{
  guint old = convoke_pool_get_limit ();
  Door door = { 0, };
  Count ran = { 0, };

  g_test_summary ("Workers in a wait of the library do not count: what they wait for can run");

  convoke_pool_set_limit (2);
  for (guint i = 0; i < 20; i++)
    convoke_pool_push (wait_at_door_cb, &door);
  g_assert_true (count_wait (&door.inside, 20));
  g_assert_false (convoke_pool_is_full (NULL));
  convoke_pool_push (count_cb, &ran);
  g_assert_true (count_wait (&ran, 1));
  count_add (&door.open);
  g_assert_true (count_wait (&door.left, 20));
  convoke_pool_set_limit (old);
}

typedef struct
{
  Count *done;
  guint  depth;
} Nested;

static void
nested_cb (gpointer data)
{
  Nested *nested = data;
  Count inner = { 0, };

  if (nested->depth > 0)
    {
      Nested next = { &inner, nested->depth - 1 };

      convoke_pool_push (nested_cb, &next);
      convoke_pool_wait_enter ();
      g_assert_true (count_wait (&inner, 1));
      convoke_pool_wait_leave ();
    }
  count_add (nested->done);
}

static void
test_nested (void)
{
  guint old = convoke_pool_get_limit ();
  Count done = { 0, };
  Nested nested = { &done, 30 };

  g_test_summary ("Items that wait for items that wait do not deadlock, even with a limit of one");

  convoke_pool_set_limit (1);
  convoke_pool_push (nested_cb, &nested);
  g_assert_true (count_wait (&done, 1));
  convoke_pool_set_limit (old);
}

static void
test_short_items_few_threads (void)
{
  g_test_summary ("Ten thousand short items run on few threads");

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 30 * G_USEC_PER_SEC, 0);
      g_test_trap_assert_passed ();
    }
  else
    {
      Count ran = { 0, };

      for (guint i = 0; i < 10000; i++)
        convoke_pool_push (count_cb, &ran);
      g_assert_true (count_wait (&ran, 10000));
      /* On a machine that is busy otherwise a tick can pass without progress, hence not just the processors. */
      g_assert_cmpuint (convoke_pool_get_n_threads (), <=, MAX (16, 2 * g_get_num_processors ()));
    }
}

static void
test_idle_threads_leave (void)
{
  g_test_summary ("Workers go away when idle, and come back when needed");

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 30 * G_USEC_PER_SEC, 0);
      g_test_trap_assert_passed ();
    }
  else
    {
      Count ran = { 0, };

      convoke_pool_set_idle_time (1000);
      convoke_pool_push (count_cb, &ran);
      g_assert_true (count_wait (&ran, 1));
      while (convoke_pool_get_n_threads () > 0)
        g_usleep (1000);
      convoke_pool_push (count_cb, &ran);
      g_assert_true (count_wait (&ran, 2));
    }
}

static void
test_idle_race (void)
{
  g_test_summary ("An item that arrives as a worker gives up is not lost");

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 30 * G_USEC_PER_SEC, 0);
      g_test_trap_assert_passed ();
    }
  else
    {
      Count ran = { 0, };

      convoke_pool_set_idle_time (0);
      for (guint i = 1; i <= 2000; i++)
        {
          convoke_pool_push (count_cb, &ran);
          g_assert_true (count_wait (&ran, i));
        }
    }
}

static void
test_exit_while_blocked (void)
{
  g_test_summary ("A program can exit while a worker is blocked for ever");

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 30 * G_USEC_PER_SEC, 0);
      g_test_trap_assert_passed ();
    }
  else
    {
      static Door door;

      convoke_pool_push (pass_door_cb, &door);
      g_assert_true (count_wait (&door.inside, 1));
      exit (0);
    }
}

static gpointer
push_many_cb (gpointer data)
{
  for (guint i = 0; i < 5000; i++)
    convoke_pool_push (count_cb, data);

  return NULL;
}

static void
test_many_producers (void)
{
  Count ran = { 0, };
  GThread *threads[4];

  g_test_summary ("Items of many threads all run");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("producer", push_many_cb, &ran);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_true (count_wait (&ran, 5000 * G_N_ELEMENTS (threads)));
}

static guint n_run; /* the worker's own */
static Count batch;

static void
run_cb (gpointer data)
{
  if (++n_run % GPOINTER_TO_UINT (data) == 0)
    count_add (&batch);
}

static void
test_speed (void)
{
  static const guint size = 1000, n_rounds = 1000;
  gint64 start;
  double nanoseconds;

  g_test_summary ("One producer, one worker: nanoseconds for each item");

  convoke_pool_set_limit (1);
  start = g_get_monotonic_time ();
  for (guint i = 1; i <= n_rounds; i++)
    {
      for (guint j = 0; j < size; j++)
        convoke_pool_push (run_cb, GUINT_TO_POINTER (size));
      g_assert_true (count_wait (&batch, i));
    }
  nanoseconds = (g_get_monotonic_time () - start) * 1000.0 / (size * n_rounds);
  g_test_minimized_result (nanoseconds, "%.1f ns for each item", nanoseconds);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/pool/runs-once", test_runs_once);
  g_test_add_func ("/callfactory/pool/order", test_order);
  g_test_add_func ("/callfactory/pool/links", test_links);
  g_test_add_func ("/callfactory/pool/blocking-all-run", test_blocking_all_run);
  g_test_add_func ("/callfactory/pool/full", test_full);
  g_test_add_func ("/callfactory/pool/waits-do-not-count", test_waits_do_not_count);
  g_test_add_func ("/callfactory/pool/nested", test_nested);
  g_test_add_func ("/callfactory/pool/short-items-few-threads", test_short_items_few_threads);
  g_test_add_func ("/callfactory/pool/idle-threads-leave", test_idle_threads_leave);
  g_test_add_func ("/callfactory/pool/idle-race", test_idle_race);
  g_test_add_func ("/callfactory/pool/exit-while-blocked", test_exit_while_blocked);
  g_test_add_func ("/callfactory/pool/many-producers", test_many_producers);
  if (g_test_perf ())
    g_test_add_func ("/callfactory/pool/speed", test_speed);

  return g_test_run ();
}
