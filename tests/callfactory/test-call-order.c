/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* In which order calls start: RA-28 to RA-30, section 7. */

#include "test-feed.h"

#include <convoke-error.h>

#include "convoke-pool-private.h"

#include <stdlib.h>

#define LONG (60 * G_USEC_PER_SEC)
#define N_CALLS 1000

/* What started, in that order. */
typedef struct
{
  GMutex lock;
  GPtrArray *items;  /* LOCK: lock; (owned) */
  ConvokeTestGate *gate;  /* (nullable): where the call with the item "-" is held */
} Started;

static void
started_init (Started *self)
{
  g_mutex_init (&self->lock);
  self->items = g_ptr_array_new_with_free_func (g_free);
  self->gate = NULL;
}

static void
started_clear (Started *self)
{
  g_ptr_array_unref (self->items);
  g_mutex_clear (&self->lock);
}

static double
note_start (TestFeed    *feed,
            const char  *item,
            gpointer     data,
            GError     **error)
{
  Started *started = data;

  if (g_str_equal (item, "-"))
    convoke_test_gate_pass (started->gate);

  g_mutex_lock (&started->lock);
  g_ptr_array_add (started->items, g_strdup (item));
  g_mutex_unlock (&started->lock);

  return 1;
}

/* The items' names put one behind the other. */
static void
assert_started (Started    *started,
                const char *expected)
{
  g_autoptr (GString) joined = g_string_new (NULL);

  g_mutex_lock (&started->lock);
  for (guint i = 0; i < started->items->len; i++)
    g_string_append (joined, started->items->pdata[i]);
  g_mutex_unlock (&started->lock);

  g_assert_cmpstr (joined->str, ==, expected);
}

static ConvokeCall *
begin (TestFeed   *feed,
       const char *item,
       gboolean    ordered)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = test_call_new (feed);

  if (!ordered)
    convoke_call_set_ordered (call, FALSE);
  g_assert_true (convoke_call_get_ordered (call) == ordered);
  g_assert_true (convoke_call_begin (call, "get_price", &error, item));
  g_assert_no_error (error);
  return call;
}

/* Begins a call for each letter, large ones without order. */
static GPtrArray *
begin_all (TestFeed   *feed,
           const char *letters)
{
  GPtrArray *calls = g_ptr_array_new_with_free_func (g_object_unref);

  for (; *letters != '\0'; letters++)
    {
      char item[] = { *letters, '\0' };

      g_ptr_array_add (calls, begin (feed, item, !g_ascii_isupper (*letters)));
    }

  return calls;
}

static void
wait_all (GPtrArray *calls)
{
  for (guint i = 0; i < calls->len; i++)
    g_assert_true (convoke_call_wait (calls->pdata[i], LONG, NULL));
}

/* --- in order --- */

static void
check_thousand (ConvokeThreading threading)
{
  g_autoptr (GPtrArray) calls = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TestFeed) feed = NULL;
  Started started;

  started_init (&started);
  feed = test_feed_new (threading, note_start, &started);
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_autofree char *item = g_strdup_printf ("%u", i);

      g_ptr_array_add (calls, begin (feed, item, TRUE));
    }
  wait_all (calls);

  g_assert_cmpuint (started.items->len, ==, N_CALLS);
  for (guint i = 0; i < N_CALLS; i++)
    g_assert_cmpint (atoi (started.items->pdata[i]), ==, i);
  started_clear (&started);
}

static void
test_context (void)
{
  g_test_summary ("RA-28: a thousand calls of one thread to an object of a main context start in their order");

  check_thousand (CONVOKE_THREADING_CONTEXT);
}

static void
test_serial (void)
{
  g_test_summary ("RA-28: a thousand calls of one thread to a serial object start in their order");

  check_thousand (CONVOKE_THREADING_SERIAL);
}

static void
test_any (void)
{
  guint limit = convoke_pool_get_limit ();

  g_test_summary ("RA-28: calls to an object of any thread are taken in their order: with one worker they are seen to start in it");

  convoke_pool_set_limit (1);
  check_thousand (CONVOKE_THREADING_ANY);
  convoke_pool_set_limit (limit);
}

static double
hold_price (TestFeed    *feed,
               const char  *item,
               gpointer     data,
               GError     **error)
{
  convoke_test_gate_pass (data);

  return 1;
}

static void
test_overlap (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, hold_price, gate);
  g_autoptr (GPtrArray) calls = begin_all (feed, "abcd");

  g_test_summary ("RA-28, CF-31: where any thread will do, calls overlap, and one that blocks holds up nobody");

  g_assert_true (convoke_test_gate_wait_held (gate, 4));
  convoke_test_gate_open (gate);
  wait_all (calls);
}

/* --- given up --- */

static void
test_unordered_passes (void)
{
  g_autoptr (TestFeed) feed = NULL;
  g_autoptr (GPtrArray) calls = NULL;
  Started started;

  g_test_summary ("RA-30: a call without order passes those that have not started");

  started_init (&started);
  feed = test_feed_new (CONVOKE_THREADING_CONTEXT, note_start, &started);
  calls = begin_all (feed, "abcdX");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  assert_started (&started, "Xabcd");
  started_clear (&started);
}

static void
test_unordered_serial (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = NULL;
  g_autoptr (ConvokeCall) held = NULL;
  g_autoptr (GPtrArray) calls = NULL;
  Started started;

  g_test_summary ("RA-30: also past those that wait for a serial object that is busy");

  started_init (&started);
  started.gate = gate;
  feed = test_feed_new (CONVOKE_THREADING_SERIAL, note_start, &started);
  held = begin (feed, "-", TRUE);
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  calls = begin_all (feed, "abcX");
  convoke_test_gate_open (gate);
  wait_all (calls);
  assert_started (&started, "-Xabc");
  started_clear (&started);
}

static void
test_unordered_alone (void)
{
  g_autoptr (TestFeed) feed = NULL;
  g_autoptr (GPtrArray) calls = NULL;
  Started started;

  g_test_summary ("RA-30: waiting for a call without order runs that one alone; for one in order, those before it too");

  started_init (&started);
  feed = test_feed_new (CONVOKE_THREADING_CONTEXT, note_start, &started);
  calls = begin_all (feed, "abXYc");
  g_assert_true (convoke_call_wait (calls->pdata[3], LONG, NULL));
  assert_started (&started, "Y");
  g_assert_true (convoke_call_wait (calls->pdata[1], LONG, NULL));
  assert_started (&started, "Yab");
  wait_all (calls);
  assert_started (&started, "YabXc");
  started_clear (&started);
}

static void
test_unordered_flood (void)
{
  g_autoptr (TestFeed) feed = NULL;
  g_autoptr (GPtrArray) calls = NULL;
  Started started;

  g_test_summary ("RA-30: however many calls come without order, those in order have every other turn");

  started_init (&started);
  feed = test_feed_new (CONVOKE_THREADING_CONTEXT, note_start, &started);
  calls = begin_all (feed, "abcVWXYZ");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  assert_started (&started, "VaWbXcYZ");
  wait_all (calls);
  started_clear (&started);
}

static void
test_unordered_cancelled (void)
{
  g_autoptr (TestFeed) feed = NULL;
  g_autoptr (GPtrArray) calls = NULL;
  Started started;

  g_test_summary ("P-6: a call without order that is cancelled before it starts leaves its line and never runs");

  started_init (&started);
  feed = test_feed_new (CONVOKE_THREADING_CONTEXT, note_start, &started);
  calls = begin_all (feed, "aXY");
  g_assert_true (convoke_call_cancel (calls->pdata[1], 0, NULL));
  g_assert_cmpint (convoke_call_get_cancel_outcome (calls->pdata[1]), ==, CONVOKE_CANCEL_OUTCOME_STOPPED);
  wait_all (calls);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  assert_started (&started, "aY");
  started_clear (&started);
}

#define ADD(path, func) g_test_add_func ("/callfactory/call-order/" path, func)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("context", test_context);
  ADD ("serial", test_serial);
  ADD ("any", test_any);
  ADD ("overlap", test_overlap);
  ADD ("unordered-passes", test_unordered_passes);
  ADD ("unordered-serial", test_unordered_serial);
  ADD ("unordered-alone", test_unordered_alone);
  ADD ("unordered-flood", test_unordered_flood);
  ADD ("unordered-cancelled", test_unordered_cancelled);

  return g_test_run ();
}
