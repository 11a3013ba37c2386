/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-serial-private.h"

#include "test-util.h"

/* Written by the items only, one at a time: a race here is what the sanitizer would see. */
typedef struct
{
  ConvokeSerial *serial;
  guint          n;
  guint          n_inside; /* atomic */
  Count          done;
} Line;

typedef struct
{
  Line  *line;
  guint  number;
} Place;

static void
place_cb (gpointer data)
{
  Place *place = data;
  Line *line = place->line;

  g_assert_cmpuint (__atomic_fetch_add (&line->n_inside, 1, __ATOMIC_RELAXED), ==, 0);
  g_assert_cmpuint (line->n, ==, place->number);
  g_assert_true (convoke_serial_is_current (line->serial));
  line->n++;
  __atomic_fetch_sub (&line->n_inside, 1, __ATOMIC_RELAXED);
  count_add (&line->done);
}

#define N_PLACES 1000

static void
test_order (void)
{
  g_autoptr (ConvokeSerial) serial = convoke_serial_new ();
  Line line = { serial, };
  static Place places[N_PLACES];

  g_test_summary ("A thousand items run in order and never two at once (T-MF-19, MF-36, MF-53)");

  for (guint i = 0; i < N_PLACES; i++)
    {
      places[i] = (Place) { &line, i };
      convoke_serial_push (serial, place_cb, &places[i]);
    }
  g_assert_true (count_wait (&line.done, N_PLACES));
  g_assert_cmpuint (line.n, ==, N_PLACES);
  g_assert_false (convoke_serial_is_current (serial));
}

typedef struct
{
  Count inside;
  Count open;
} Door;

static void
door_cb (gpointer data)
{
  Door *door = data;

  count_add (&door->inside);
  g_assert_true (count_wait (&door->open, 1));
}

static void
count_cb (gpointer data)
{
  count_add (data);
}

static void
test_independent (void)
{
  g_autoptr (ConvokeSerial) first = convoke_serial_new ();
  g_autoptr (ConvokeSerial) second = convoke_serial_new ();
  Door door = { 0, };
  Count ran = { 0, };

  g_test_summary ("Two queues over the same workers overlap; one that is blocked holds up itself only (T-MF-21, MF-38)");

  convoke_serial_push (first, door_cb, &door);
  convoke_serial_push (first, count_cb, &ran);
  convoke_serial_push (second, door_cb, &door);
  convoke_serial_push (second, count_cb, &ran);
  g_assert_true (count_wait (&door.inside, 2));
  g_assert_cmpuint (count_get (&ran), ==, 0);
  count_add (&door.open);
  g_assert_true (count_wait (&ran, 2));
}

static void
test_runs_after_unref (void)
{
  ConvokeSerial *serial = convoke_serial_new ();
  Door door = { 0, };
  Count ran = { 0, };

  g_test_summary ("What is queued runs, also when everybody let go of the queue (MF-33)");

  convoke_serial_push (serial, door_cb, &door);
  for (guint i = 0; i < 200; i++)
    convoke_serial_push (serial, count_cb, &ran);
  g_assert_true (count_wait (&door.inside, 1));
  convoke_serial_unref (serial);
  count_add (&door.open);
  g_assert_true (count_wait (&ran, 200));
}

typedef struct
{
  ConvokeSerial *serial;
  guint          n_left;
  Count          done;
} Chain;

static void
chain_cb (gpointer data)
{
  Chain *chain = data;

  if (--chain->n_left == 0)
    count_add (&chain->done);
  else
    convoke_serial_push (chain->serial, chain_cb, chain);
}

static void
test_push_inside (void)
{
  g_autoptr (ConvokeSerial) serial = convoke_serial_new ();
  Chain chain = { serial, 1000 };

  g_test_summary ("An item can queue the next one");

  convoke_serial_push (serial, chain_cb, &chain);
  g_assert_true (count_wait (&chain.done, 1));
}

static void
test_fair (void)
{
  guint limit = convoke_pool_get_limit ();
  g_autoptr (ConvokeSerial) serial = convoke_serial_new ();
  Chain endless = { serial, G_MAXUINT };
  Door door = { 0, };
  Count ran = { 0, };

  g_test_summary ("A queue that is never empty leaves its only worker to others now and then");

  convoke_pool_set_limit (1);
  convoke_serial_push (serial, chain_cb, &endless);
  convoke_pool_push (count_cb, &ran);
  g_assert_true (count_wait (&ran, 1));

  /* It ends as soon as the chain's own count can be changed without a race: from an item of the queue. */
  convoke_serial_push (serial, door_cb, &door);
  g_assert_true (count_wait (&door.inside, 1));
  endless.n_left = 1;
  count_add (&door.open);
  g_assert_true (count_wait (&endless.done, 1));
  convoke_pool_set_limit (limit);
}

static void
count_down_cb (gpointer data)
{
  Chain *sum = data;

  if (--sum->n_left == 0)
    count_add (&sum->done);
}

static gpointer
push_down_cb (gpointer data)
{
  for (guint i = 0; i < 2000; i++)
    convoke_serial_push (((Chain *) data)->serial, count_down_cb, data);

  return NULL;
}

static void
test_many_producers (void)
{
  g_autoptr (ConvokeSerial) serial = convoke_serial_new ();
  GThread *threads[4];
  Chain sum = { serial, 2000 * G_N_ELEMENTS (threads) };

  g_test_summary ("Items of many threads all run, and see each other's work (MF-53)");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("producer", push_down_cb, &sum);
  g_assert_true (count_wait (&sum.done, 1));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/serial/order", test_order);
  g_test_add_func ("/callfactory/serial/independent", test_independent);
  g_test_add_func ("/callfactory/serial/runs-after-unref", test_runs_after_unref);
  g_test_add_func ("/callfactory/serial/push-inside", test_push_inside);
  g_test_add_func ("/callfactory/serial/fair", test_fair);
  g_test_add_func ("/callfactory/serial/many-producers", test_many_producers);

  return g_test_run ();
}
