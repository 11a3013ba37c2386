/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <glib-unix.h>

#include "test-feed.h"
#include "test-stranger.h"
#include "test-util.h"

#define LONG (30 * G_USEC_PER_SEC)

static void
signal_object (gpointer object)
{
  g_autoptr (GError) error = NULL;

  convoke_synchronize_signal (object, &error);
  g_assert_no_error (error);
}

static gboolean
is_signalled (gpointer object)
{
  return convoke_synchronize_wait (object, CONVOKE_WAIT_DEFAULT, 0, NULL);
}

static void
assert_found (gpointer          objects,
              guint             n,
              ConvokeWaitFlags  flags,
              guint             expected)
{
  g_autoptr (GError) error = NULL;
  guint index = 99;
  gboolean found = convoke_wait_for_multiple (objects, n, flags, LONG, &index, &error);

  g_assert_no_error (error);
  g_assert_true (found);
  g_assert_cmpuint (index, ==, expected);
}

static void
assert_fails (gpointer          objects,
              guint             n,
              ConvokeWaitFlags  flags,
              gint64            timeout,
              ConvokeError      code)
{
  g_autoptr (GError) error = NULL;
  guint index = 99;

  g_assert_false (convoke_wait_for_multiple (objects, n, flags, timeout, &index, &error));
  g_assert_error (error, CONVOKE_ERROR, (gint) code);
  g_assert_cmpuint (index, ==, 0);
}

/* --- arguments --- */

static void
test_arguments (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  gpointer objects[] = { event, event };
  gpointer hole[] = { event, NULL };

  g_test_summary ("SY-21: what is wrong with the arguments is told in order, and the index is 0");

  assert_fails (NULL, 1, 0xffff, LONG, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_fails (NULL, 0, 0xffff, LONG, CONVOKE_ERROR_NO_SYNC);
  assert_fails (objects, 0, 0xffff, LONG, CONVOKE_ERROR_NO_SYNC);
  assert_fails (objects, 1, CONVOKE_WAIT_ALL | 2, LONG, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_fails (objects, 2, CONVOKE_WAIT_ALL, LONG, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_fails (hole, 2, CONVOKE_WAIT_DEFAULT, LONG, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_nothing_served_for_wrong_arguments (void)
{
  gint n = 0;
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, &n);
  g_autoptr (ConvokeCall) call = test_call_new (mine);

  g_test_summary ("SY-21: no call is served when the arguments are wrong");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  assert_fails (NULL, 0, CONVOKE_WAIT_DISPATCH_CALLS, LONG, CONVOKE_ERROR_NO_SYNC);
  g_assert_cmpint (n, ==, 0);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_cmpint (n, ==, 1);
}

static void
test_idle_call (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  gpointer objects[] = { event, call };

  g_test_summary ("SY-21: a call object without a call in progress is nothing to wait for, also beside something that is");

  signal_object (event);
  assert_fails (objects, 2, CONVOKE_WAIT_DEFAULT, LONG, CONVOKE_ERROR_NO_SYNC);
}

static void
test_without_handle (void)
{
  g_autoptr (GObject) handleless = test_handleless_new ();
  gpointer objects[] = { handleless };

  g_test_summary ("SY-30: an object of the program without a descriptor cannot be one of several");

  assert_fails (objects, 1, CONVOKE_WAIT_DEFAULT, LONG, CONVOKE_ERROR_NO_INTERFACE);
}

/* --- any --- */

static void
test_two_available (void)
{
  g_autoptr (ConvokeEvent) first = convoke_event_new (FALSE);
  g_autoptr (ConvokeEvent) second = convoke_event_new (FALSE);
  gpointer objects[] = { first, second };

  g_test_summary ("T-SY-13, SY-22, SY-23, SY-24: of two that are available the first, then the second, then none");

  signal_object (first);
  signal_object (second);
  assert_found (objects, 2, CONVOKE_WAIT_DEFAULT, 0);
  assert_found (objects, 2, CONVOKE_WAIT_DEFAULT, 1);
  assert_fails (objects, 2, CONVOKE_WAIT_DEFAULT, 0, CONVOKE_ERROR_TIMEOUT);
  assert_fails (objects, 2, CONVOKE_WAIT_DEFAULT, 1000, CONVOKE_ERROR_TIMEOUT);
}

static void
test_consumes_reported_only (gconstpointer data)
{
  gboolean strange = GPOINTER_TO_INT (data);
  g_autoptr (GObject) first = strange ? G_OBJECT (test_stranger_new (FALSE)) : G_OBJECT (convoke_event_new (FALSE));
  g_autoptr (GObject) second = strange ? G_OBJECT (test_stranger_new (FALSE)) : G_OBJECT (convoke_event_new (FALSE));
  gpointer objects[] = { first, second };

  g_test_summary ("SY-28: only the one that is reported is consumed");

  signal_object (first);
  signal_object (second);
  assert_found (objects, 2, CONVOKE_WAIT_DEFAULT, 0);
  g_assert_false (is_signalled (first));
  g_assert_true (is_signalled (second));
}

static gpointer
signal_cb (gpointer data)
{
  signal_object (data);

  return NULL;
}

/* A thread that is about to sleep cannot be told from one that sleeps: many rounds meet both. */
static void
test_wakes (gconstpointer data)
{
  gboolean strange = GPOINTER_TO_INT (data);
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("SY-23: a signal of another thread ends the wait, whichever of the objects it is for");

  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (objects, strange && i != 1 ? G_OBJECT (test_stranger_new (FALSE)) : G_OBJECT (convoke_event_new (FALSE)));
  for (guint i = 0; i < 60; i++)
    {
      GThread *thread = g_thread_new ("signal", signal_cb, objects->pdata[i % 3]);

      assert_found (objects->pdata, 3, CONVOKE_WAIT_DEFAULT, i % 3);
      g_thread_join (thread);
    }
}

static void
test_same_twice (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);
  gpointer objects[] = { event, event };

  g_test_summary ("SY-23: an object that is there twice is reported at its first place");

  signal_object (event);
  assert_found (objects, 2, CONVOKE_WAIT_DEFAULT, 0);
  assert_fails (objects, 2, CONVOKE_WAIT_DEFAULT, 0, CONVOKE_ERROR_TIMEOUT);
}

static void
test_many (void)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  GThread *thread;

  g_test_summary ("SY-23: hundreds of objects");

  for (guint i = 0; i < 500; i++)
    g_ptr_array_add (events, convoke_event_new (FALSE));
  thread = g_thread_new ("signal", signal_cb, events->pdata[499]);
  assert_found (events->pdata, events->len, CONVOKE_WAIT_DEFAULT, 499);
  g_thread_join (thread);
}

static void
test_no_descriptors (void)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  GThread *thread;
  int next = dup (0);

  g_test_summary ("A wait for the library's own objects opens no descriptor");

  close (next);
  for (guint i = 0; i < 63; i++)
    g_ptr_array_add (events, convoke_event_new (FALSE));
  assert_fails (events->pdata, events->len, CONVOKE_WAIT_DEFAULT, 1000, CONVOKE_ERROR_TIMEOUT);
  thread = g_thread_new ("signal", signal_cb, events->pdata[10]);
  assert_found (events->pdata, events->len, CONVOKE_WAIT_DEFAULT, 10);
  g_thread_join (thread);
  g_assert_cmpint (dup (0), ==, next);
  close (next);
}

/* --- all --- */

static void
test_all (gconstpointer data)
{
  gboolean strange = GPOINTER_TO_INT (data);
  g_autoptr (ConvokeEvent) first = convoke_event_new (FALSE);
  g_autoptr (GObject) second = strange ? G_OBJECT (test_stranger_new (FALSE)) : G_OBJECT (convoke_event_new (FALSE));
  g_autoptr (ConvokeEvent) third = convoke_event_new (TRUE);
  gpointer objects[] = { first, second, third };

  g_test_summary ("SY-23, SY-28: a wait for all takes nothing until all are there, then all; its index is 0");

  signal_object (second);
  signal_object (third);
  assert_fails (objects, 3, CONVOKE_WAIT_ALL, 0, CONVOKE_ERROR_TIMEOUT);
  assert_fails (objects, 3, CONVOKE_WAIT_ALL, 1000, CONVOKE_ERROR_TIMEOUT);
  g_assert_true (is_signalled (second));
  signal_object (second);
  signal_object (first);
  assert_found (objects, 3, CONVOKE_WAIT_ALL, 0);
  g_assert_false (is_signalled (first));
  g_assert_false (is_signalled (second));
  g_assert_true (is_signalled (third));
}

typedef struct
{
  gpointer objects[3];
  guint    n;
} Signals;

static gpointer
signal_each_cb (gpointer data)
{
  Signals *signals = data;

  for (guint i = 0; i < signals->n; i++)
    signal_object (signals->objects[i]);

  return NULL;
}

static void
test_all_wakes (gconstpointer data)
{
  gboolean strange = GPOINTER_TO_INT (data);
  g_autoptr (ConvokeEvent) first = convoke_event_new (FALSE);
  g_autoptr (GObject) second = strange ? G_OBJECT (test_stranger_new (FALSE)) : G_OBJECT (convoke_event_new (FALSE));
  g_autoptr (ConvokeEvent) third = convoke_event_new (FALSE);
  Signals signals = { { first, second, third }, 3 };

  g_test_summary ("SY-23: a wait for all ends with the last signal");

  for (guint i = 0; i < 30; i++)
    {
      GThread *thread = g_thread_new ("signal", signal_each_cb, &signals);

      assert_found (signals.objects, 3, CONVOKE_WAIT_ALL, 0);
      g_thread_join (thread);
    }
}

static void
test_all_gives_back (void)
{
  g_autoptr (TestStranger) first = test_stranger_new (FALSE);
  g_autoptr (TestStranger) second = test_stranger_new (FALSE);
  g_autoptr (ConvokeEvent) third = convoke_event_new (FALSE);
  gpointer objects[] = { first, second, third };

  g_test_summary ("SY-28: what a wait for all took before it was too late for the rest goes back");

  /* While the second is asked, somebody else takes the third. */
  second->thief = third;
  for (guint i = 0; i < 3; i++)
    signal_object (objects[i]);
  assert_fails (objects, 3, CONVOKE_WAIT_ALL, 0, CONVOKE_ERROR_TIMEOUT);
  g_assert_cmpint (g_atomic_int_get (&first->n_waits), >=, 1);
  second->thief = NULL;
  g_assert_true (is_signalled (first));
  g_assert_true (is_signalled (second));
  g_assert_false (is_signalled (third));
}

typedef struct
{
  gpointer objects[2];
  Count    taken;
} Pair;

static gpointer
take_both_cb (gpointer data)
{
  Pair *pair = data;

  for (guint i = 0; i < 50; i++)
    {
      guint index;

      g_assert_true (convoke_wait_for_multiple ((ConvokeSynchronize **) pair->objects, 2, CONVOKE_WAIT_ALL, LONG, &index, NULL));
      count_add (&pair->taken);
    }

  return NULL;
}

static void
test_all_compete (void)
{
  g_autoptr (ConvokeEvent) first = convoke_event_new (FALSE);
  g_autoptr (ConvokeEvent) second = convoke_event_new (FALSE);
  Pair forth = { { first, second }, };
  Pair back = { { second, first }, };
  GThread *threads[2];

  g_test_summary ("SY-28: two threads that wait for the same two in turn get every pair of signals, once");

  threads[0] = g_thread_new ("forth", take_both_cb, &forth);
  threads[1] = g_thread_new ("back", take_both_cb, &back);
  for (guint i = 1; i <= 100; i++)
    {
      gint64 end = g_get_monotonic_time () + LONG;

      signal_object (first);
      signal_object (second);
      while (count_get (&forth.taken) + count_get (&back.taken) < i && g_get_monotonic_time () < end)
        g_thread_yield ();
      g_assert_cmpuint (count_get (&forth.taken) + count_get (&back.taken), ==, i);
    }
  g_thread_join (threads[0]);
  g_thread_join (threads[1]);
}

/* --- calls --- */

static void
test_calls (gconstpointer data)
{
  ConvokeThreading threading = GPOINTER_TO_INT (data);
  g_autoptr (TestFeed) feed = test_feed_new (threading, test_price_by_length, NULL);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (ConvokeCall) first = test_call_new (feed);
  g_autoptr (ConvokeCall) second = test_call_new (feed);
  gpointer objects[] = { event, first, second };
  gpointer rest[] = { event, second };
  double price;

  g_test_summary ("SY-26, CF-24: several calls, wherever they run; the thread serves those that need it");

  g_assert_true (convoke_call_begin (first, "get_price", NULL, "tea"));
  assert_found (objects, 2, CONVOKE_WAIT_DEFAULT, 1);
  g_assert_true (convoke_call_begin (second, "get_price", NULL, "coffee"));
  assert_found (rest, 2, CONVOKE_WAIT_DEFAULT, 1);
  g_assert_true (convoke_call_finish (first, "get_price", NULL, &price));
  g_assert_cmpfloat (price, ==, 3);
  g_assert_true (convoke_call_finish (second, "get_price", NULL, &price));
  g_assert_cmpfloat (price, ==, 6);

  g_assert_true (convoke_call_begin (first, "get_price", NULL, "tea"));
  g_assert_true (convoke_call_begin (second, "get_price", NULL, "coffee"));
  assert_found (objects + 1, 2, CONVOKE_WAIT_ALL, 0);
  g_assert_true (convoke_call_finish (first, "get_price", NULL, NULL));
  g_assert_true (convoke_call_finish (second, "get_price", NULL, NULL));
}

static void
test_signalled_before_served (void)
{
  gint n = 0;
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, &n);
  g_autoptr (ConvokeCall) call = test_call_new (mine);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  gpointer objects[] = { call, event };

  g_test_summary ("SY-22: what is signalled already wins before any call is served");

  signal_object (event);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  assert_found (objects, 2, CONVOKE_WAIT_DISPATCH_CALLS, 1);
  g_assert_cmpint (n, ==, 0);
  assert_found (objects, 1, CONVOKE_WAIT_DEFAULT, 0);
  g_assert_cmpint (n, ==, 1);
}

static double
price_from (TestFeed    *feed,
            const char  *item,
            gpointer     data,
            GError     **error)
{
  return 10 + test_call_synchronously (data, "get_price", error);
}

static void
test_call_back (void)
{
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  g_autoptr (TestFeed) worker = test_feed_new (CONVOKE_THREADING_ANY, price_from, mine);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (ConvokeCall) call = test_call_new (worker);
  g_autoptr (ConvokeCall) unused = test_call_new (mine);
  gpointer objects[] = { event, call };
  double price;

  g_test_summary ("SY-26: a call that comes back from one of those that are waited for is served");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "x"));
  assert_found (objects, 2, CONVOKE_WAIT_DEFAULT, 1);
  g_assert_true (convoke_call_finish (call, "get_price", NULL, &price));
  g_assert_cmpfloat (price, ==, 13);
}

static double
set_event (TestFeed    *feed,
           const char  *item,
           gpointer     data,
           GError     **error)
{
  signal_object (data);

  return 5;
}

static gpointer
price_in_thread (gpointer data)
{
  return GINT_TO_POINTER ((int) test_call_synchronously (data, "get_price", NULL));
}

static void
test_dispatch (gconstpointer data)
{
  gboolean strange = GPOINTER_TO_INT (data);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (GObject) other = strange ? G_OBJECT (test_stranger_new (TRUE)) : G_OBJECT (convoke_event_new (TRUE));
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, set_event, event);
  g_autoptr (ConvokeCall) unused = test_call_new (mine);
  gpointer objects[] = { other, event };
  GThread *thread = g_thread_new ("caller", price_in_thread, mine);

  g_test_summary ("T-SY-15, SY-26: told to dispatch, the wait serves calls of other chains to its context's objects");

  assert_found (objects, 2, CONVOKE_WAIT_DISPATCH_CALLS, 1);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, 5);
}

static void
test_all_dispatches (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (ConvokeEvent) other = convoke_event_new (TRUE);
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, set_event, event);
  g_autoptr (ConvokeCall) unused = test_call_new (mine);
  gpointer objects[] = { other, event };
  GThread *thread = g_thread_new ("caller", price_in_thread, mine);

  g_test_summary ("SY-29: all, with dispatching, means all objects; no input has to come as well");

  signal_object (other);
  assert_found (objects, 2, CONVOKE_WAIT_ALL | CONVOKE_WAIT_DISPATCH_CALLS, 0);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, 5);
}

typedef struct
{
  TestFeed *feed;
  gpointer  objects[1];
  Count     ended;
} Elsewhere;

static gpointer
wait_elsewhere_cb (gpointer data)
{
  Elsewhere *elsewhere = data;

  assert_found (elsewhere->objects, 1, CONVOKE_WAIT_DISPATCH_CALLS, 0);
  count_add (&elsewhere->ended);

  return NULL;
}

static void
test_no_context_serves_nothing (void)
{
  gint n = 0;
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, &n);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (ConvokeCall) call = test_call_new (mine);
  Elsewhere elsewhere = { mine, { event }, };
  GThread *thread;

  g_test_summary ("T-SY-15, SY-26: a thread that owns no context serves nothing");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  thread = g_thread_new ("elsewhere", wait_elsewhere_cb, &elsewhere);
  signal_object (event);
  g_assert_true (count_wait (&elsewhere.ended, 1));
  g_thread_join (thread);
  g_assert_cmpint (n, ==, 0);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
}

static double
quit_and_signal (TestFeed    *feed,
                 const char  *item,
                 gpointer     data,
                 GError     **error)
{
  gpointer *loop_and_event = data;

  g_main_loop_quit (loop_and_event[0]);
  g_assert_false (is_signalled (loop_and_event[1]));
  signal_object (loop_and_event[1]);

  return 1;
}

typedef struct
{
  GMainLoop *loop;
  gpointer   objects[2];
  gboolean   waited;
} QuitCase;

static gboolean
wait_in_loop_cb (gpointer data)
{
  QuitCase *quit_case = data;

  assert_found (quit_case->objects, 2, CONVOKE_WAIT_DISPATCH_CALLS, 1);
  quit_case->waited = TRUE;

  return G_SOURCE_REMOVE;
}

static void
test_quit_is_kept (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (ConvokeEvent) never = convoke_event_new (TRUE);
  gpointer loop_and_event[] = { loop, event };
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, quit_and_signal, loop_and_event);
  g_autoptr (ConvokeCall) call = test_call_new (mine);
  QuitCase quit_case = { loop, { never, event }, FALSE };

  g_test_summary ("SY-27: a loop that is told to quit while its thread waits quits when the wait is over, and the wait goes on");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_idle_add_full (G_PRIORITY_HIGH, wait_in_loop_cb, &quit_case, NULL);
  g_main_loop_run (loop);
  g_assert_true (quit_case.waited);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
}

/* --- strangers --- */

static void
test_barren_stranger (void)
{
  g_autoptr (TestStranger) stranger = test_stranger_new (TRUE);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  gpointer objects[] = { stranger, event };

  g_test_summary ("An object whose descriptor is readable for nothing is not asked without a pause, and does not hide others");

  g_atomic_int_set (&stranger->refuses, TRUE);
  signal_object (stranger);
  assert_fails (objects, 2, CONVOKE_WAIT_DEFAULT, 100000, CONVOKE_ERROR_TIMEOUT);
  g_assert_cmpint (g_atomic_int_get (&stranger->n_waits), <, 200);
  signal_object (event);
  assert_found (objects, 2, CONVOKE_WAIT_DEFAULT, 1);
}

static void
test_closed_descriptor (void)
{
  g_autoptr (TestStranger) stranger = test_stranger_new (TRUE);
  gpointer objects[] = { stranger };

  g_test_summary ("A descriptor that is not open is told instead of waited for");

  stranger->fd = 100000;
  assert_fails (objects, 1, CONVOKE_WAIT_DEFAULT, LONG, CONVOKE_ERROR_INVALID_ARGUMENT);
}

/* --- an event with a descriptor of somebody else --- */

static void
test_lent (gconstpointer data)
{
  gboolean manual_reset = GPOINTER_TO_INT (data);
  g_autoptr (ConvokeEvent) event = convoke_event_new (manual_reset);
  g_autoptr (ConvokeEvent) other = convoke_event_new (TRUE);
  g_autoptr (GError) error = NULL;
  gpointer objects[] = { other, event };
  int fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  guint64 count = 1;

  g_test_summary ("SY-15: an event uses the eventfd that it is lent, which is duplicated");

  g_assert_true (convoke_synchronize_event_set_event_handle (CONVOKE_SYNCHRONIZE_EVENT (event), fd, &error));
  g_assert_no_error (error);
  g_assert_cmpint (convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (event), NULL), !=, fd);
  g_assert_false (is_signalled (event));
  g_assert_cmpint (write (fd, &count, sizeof count), ==, sizeof count);
  assert_found (objects, 2, CONVOKE_WAIT_DEFAULT, 1);
  g_assert_cmpint (is_readable (fd), ==, manual_reset);
  g_assert_cmpint (is_signalled (event), ==, manual_reset);
  signal_object (event);
  g_assert_true (is_readable (fd));
  g_assert_true (convoke_synchronize_reset (CONVOKE_SYNCHRONIZE (event), NULL));
  g_assert_false (is_readable (fd));
  close (fd);
  signal_object (event);
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, LONG, NULL));
}

static void
test_lent_wakes (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);
  int fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);

  g_test_summary ("SY-15: who waits for such an event is woken by a signal of another thread");

  g_assert_true (convoke_synchronize_event_set_event_handle (CONVOKE_SYNCHRONIZE_EVENT (event), fd, NULL));
  close (fd);
  for (guint i = 0; i < 20; i++)
    {
      GThread *thread = g_thread_new ("signal", signal_cb, event);

      g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, LONG, NULL));
      g_thread_join (thread);
    }
  g_assert_false (is_signalled (event));
}

static void
assert_not_lent (ConvokeEvent *event,
                 int           fd,
                 ConvokeError  code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_synchronize_event_set_event_handle (CONVOKE_SYNCHRONIZE_EVENT (event), fd, &error));
  g_assert_error (error, CONVOKE_ERROR, (gint) code);
}

static void
test_lent_refused (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);
  g_autoptr (ConvokeEvent) used = convoke_event_new (FALSE);
  int good = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  int blocks = eventfd (0, EFD_CLOEXEC);
  int pipes[2];

  g_test_summary ("SY-15: a second descriptor, and what is no eventfd, are refused; nothing is written to them");

  g_assert_true (g_unix_open_pipe (pipes, FD_CLOEXEC, NULL));
  g_assert_true (g_unix_set_fd_nonblocking (pipes[1], TRUE, NULL));
  assert_not_lent (event, -1, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_not_lent (event, blocks, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_not_lent (event, pipes[1], CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_false (is_readable (pipes[0]));

  g_assert_true (convoke_synchronize_event_set_event_handle (CONVOKE_SYNCHRONIZE_EVENT (event), good, NULL));
  assert_not_lent (event, good, CONVOKE_ERROR_ALREADY_REGISTERED);
  signal_object (used);
  assert_not_lent (used, good, CONVOKE_ERROR_ALREADY_REGISTERED);
  g_assert_true (is_signalled (used));

  close (pipes[0]);
  close (pipes[1]);
  close (good);
  close (blocks);
}

static void
add_both (const char    *path,
          GTestDataFunc  func)
{
  g_autofree char *own = g_strconcat ("/callfactory/wait-for-multiple/", path, "/own", NULL);
  g_autofree char *strange = g_strconcat ("/callfactory/wait-for-multiple/", path, "/strange", NULL);

  g_test_add_data_func (own, GINT_TO_POINTER (FALSE), func);
  g_test_add_data_func (strange, GINT_TO_POINTER (TRUE), func);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/wait-for-multiple/arguments", test_arguments);
  g_test_add_func ("/callfactory/wait-for-multiple/wrong-arguments-serve-nothing", test_nothing_served_for_wrong_arguments);
  g_test_add_func ("/callfactory/wait-for-multiple/idle-call", test_idle_call);
  g_test_add_func ("/callfactory/wait-for-multiple/without-handle", test_without_handle);
  g_test_add_func ("/callfactory/wait-for-multiple/two-available", test_two_available);
  add_both ("consumes-reported-only", test_consumes_reported_only);
  add_both ("wakes", test_wakes);
  g_test_add_func ("/callfactory/wait-for-multiple/same-twice", test_same_twice);
  g_test_add_func ("/callfactory/wait-for-multiple/many", test_many);
  g_test_add_func ("/callfactory/wait-for-multiple/no-descriptors", test_no_descriptors);
  add_both ("all", test_all);
  add_both ("all-wakes", test_all_wakes);
  g_test_add_func ("/callfactory/wait-for-multiple/all-gives-back", test_all_gives_back);
  g_test_add_func ("/callfactory/wait-for-multiple/all-compete", test_all_compete);
  g_test_add_data_func ("/callfactory/wait-for-multiple/calls/any", GINT_TO_POINTER (CONVOKE_THREADING_ANY), test_calls);
  g_test_add_data_func ("/callfactory/wait-for-multiple/calls/serial", GINT_TO_POINTER (CONVOKE_THREADING_SERIAL), test_calls);
  g_test_add_data_func ("/callfactory/wait-for-multiple/calls/context", GINT_TO_POINTER (CONVOKE_THREADING_CONTEXT), test_calls);
  g_test_add_func ("/callfactory/wait-for-multiple/signalled-before-served", test_signalled_before_served);
  g_test_add_func ("/callfactory/wait-for-multiple/call-back", test_call_back);
  add_both ("dispatch", test_dispatch);
  g_test_add_func ("/callfactory/wait-for-multiple/all-dispatches", test_all_dispatches);
  g_test_add_func ("/callfactory/wait-for-multiple/no-context-serves-nothing", test_no_context_serves_nothing);
  g_test_add_func ("/callfactory/wait-for-multiple/quit-is-kept", test_quit_is_kept);
  g_test_add_func ("/callfactory/wait-for-multiple/barren-stranger", test_barren_stranger);
  g_test_add_func ("/callfactory/wait-for-multiple/closed-descriptor", test_closed_descriptor);
  g_test_add_data_func ("/callfactory/wait-for-multiple/lent/manual", GINT_TO_POINTER (TRUE), test_lent);
  g_test_add_data_func ("/callfactory/wait-for-multiple/lent/auto", GINT_TO_POINTER (FALSE), test_lent);
  g_test_add_func ("/callfactory/wait-for-multiple/lent-wakes", test_lent_wakes);
  g_test_add_func ("/callfactory/wait-for-multiple/lent-refused", test_lent_refused);

  return g_test_run ();
}
