/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <convoke.h>

#include "convoke-wait-private.h"

#include "test-util.h"

#define N_WAITERS 4

static void
assert_times_out (ConvokeEvent *event,
                  gint64        timeout)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, timeout, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

static void
assert_signalled (ConvokeEvent *event,
                  gint64        timeout)
{
  g_autoptr (GError) error = NULL;
  gboolean signalled;

  signalled = convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, timeout, &error);
  g_assert_no_error (error);
  g_assert_true (signalled);
}

static void
signal_event (ConvokeEvent *event)
{
  g_autoptr (GError) error = NULL;
  gboolean done = convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (event), &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
reset_event (ConvokeEvent *event)
{
  g_autoptr (GError) error = NULL;
  gboolean done = convoke_synchronize_reset (CONVOKE_SYNCHRONIZE (event), &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
test_new_times_out (gconstpointer data)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (GPOINTER_TO_INT (data));

  g_test_summary ("A new event is not signalled; polls and bounded waits expire with TIMEOUT (T-SY-1, SY-1, SY-3, SY-5, P-1)");

  assert_times_out (event, 0);
  assert_times_out (event, 5000);
}

static void
test_signalled_at_once (gconstpointer data)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (GPOINTER_TO_INT (data));

  g_test_summary ("A wait for what is signalled succeeds at once, also with 0 and for ever (SY-1, SY-2)");

  signal_event (event);
  assert_signalled (event, 0);
  signal_event (event);
  assert_signalled (event, -1);
}

static void
test_manual_stays (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);

  g_test_summary ("Manual reset stays signalled through any number of waits until it is reset (T-SY-2, SY-6)");

  signal_event (event);
  for (guint i = 0; i < 3; i++)
    assert_signalled (event, 0);
  reset_event (event);
  assert_times_out (event, 0);
}

static void
test_auto_consumes (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);

  g_test_summary ("One wait consumes; two signals without a wait count as one (T-SY-6, SY-7)");

  signal_event (event);
  signal_event (event);
  assert_signalled (event, 0);
  assert_times_out (event, 0);
}

static void
test_any_state (gconstpointer data)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (GPOINTER_TO_INT (data));

  g_test_summary ("Signal and reset succeed in any state, any number of times (T-SY-4, SY-4)");

  reset_event (event);
  reset_event (event);
  signal_event (event);
  signal_event (event);
  reset_event (event);
  reset_event (event);
  assert_times_out (event, 0);
}

static void
test_independent (void)
{
  g_autoptr (ConvokeEvent) first = convoke_event_new (TRUE);
  g_autoptr (ConvokeEvent) second = convoke_event_new (TRUE);

  g_test_summary ("Signalling one event does not signal another (T-SY-3, SY-8)");

  signal_event (first);
  assert_times_out (second, 0);
}

static void
test_references (void)
{
  ConvokeEvent *event = convoke_event_new (TRUE);
  gpointer weak = event;

  g_test_summary ("A fresh event has one reference, and the last one frees it (SY-9)");

  g_object_add_weak_pointer (G_OBJECT (event), &weak);
  g_assert_cmpuint (G_OBJECT (event)->ref_count, ==, 1);
  g_object_ref (event);
  g_assert_cmpuint (G_OBJECT (event)->ref_count, ==, 2);
  g_object_unref (event);
  g_assert_nonnull (weak);
  g_object_unref (event);
  g_assert_null (weak);
}

static void
test_handle (gconstpointer data)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (GPOINTER_TO_INT (data));
  g_autoptr (GError) error = NULL;
  int fd;

  g_test_summary ("The handle is valid, stays the same and follows the event (T-SY-5, SY-13)");

  fd = convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (event), &error);
  g_assert_no_error (error);
  g_assert_cmpint (fd, >=, 0);
  g_assert_false (is_readable (fd));
  signal_event (event);
  g_assert_true (is_readable (fd));
  assert_signalled (event, 0);
  g_assert_cmpint (is_readable (fd), ==, GPOINTER_TO_INT (data));
  reset_event (event);
  g_assert_false (is_readable (fd));
  g_assert_cmpint (convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (event), NULL), ==, fd);
}

static void
test_property (void)
{
  g_autoptr (ConvokeEvent) event = g_object_new (CONVOKE_TYPE_EVENT, "manual-reset", TRUE, NULL);
  gboolean manual_reset = FALSE;

  g_test_summary ("The kind of reset can be given as a property");

  g_object_get (event, "manual-reset", &manual_reset, NULL);
  g_assert_true (manual_reset);
  g_assert_true (convoke_event_get_manual_reset (event));
}

typedef struct
{
  ConvokeEvent *event;   /* (unowned) outlives the threads */
  Count         freed;
  guint         payload; /* written before the signal, read after the wait */
} Waiters;

static gpointer
waiter_cb (gpointer data)
{
  Waiters *waiters = data;

  assert_signalled (waiters->event, -1);
  g_assert_cmpuint (waiters->payload, ==, 42);
  count_add (&waiters->freed);

  return NULL;
}

/* A thread that is about to sleep cannot be told from one that sleeps, but both must be freed. */
static void
start_waiters (Waiters *waiters,
               GThread *threads[N_WAITERS])
{
  for (guint i = 0; i < N_WAITERS; i++)
    threads[i] = g_thread_new ("waiter", waiter_cb, waiters);
}

static void
join_waiters (GThread *threads[N_WAITERS])
{
  for (guint i = 0; i < N_WAITERS; i++)
    g_thread_join (threads[i]);
}

static void
test_manual_frees_all (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  Waiters waiters = { event, };
  GThread *threads[N_WAITERS];

  g_test_summary ("A signal frees everyone who waits for manual reset (T-SY-7, SY-11)");

  start_waiters (&waiters, threads);
  waiters.payload = 42;
  signal_event (event);
  g_assert_true (count_wait (&waiters.freed, N_WAITERS));
  join_waiters (threads);
}

static void
test_auto_frees_one (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);
  Waiters waiters = { event, };
  GThread *threads[N_WAITERS];

  g_test_summary ("Each signal frees exactly one waiter of automatic reset (T-SY-7, SY-11)");

  waiters.payload = 42;
  start_waiters (&waiters, threads);
  for (guint i = 1; i <= N_WAITERS; i++)
    {
      signal_event (event);
      g_assert_true (count_wait (&waiters.freed, i));
      /* The signal is used up: nobody else can have it. */
      assert_times_out (event, 0);
      g_assert_cmpuint (count_get (&waiters.freed), ==, i);
    }
  join_waiters (threads);
}

typedef struct
{
  ConvokeEventCore core;
  gboolean         waited; /* the waiter's, until it is joined */
} Pulse;

static gpointer
wait_for_pulse_cb (gpointer data)
{
  Pulse *pulse = data;

  pulse->waited = convoke_wait (&pulse->core, FALSE, 0, CONVOKE_WAIT_DEFAULT, -1, NULL);

  return NULL;
}

static void
test_pulse (void)
{
  Pulse pulse = { 0, };
  GThread *thread;

  g_test_summary ("A signal frees who waits for manual reset, although it is reset at once (SY-11)");

  convoke_event_core_init (&pulse.core);
  thread = g_thread_new ("waiter", wait_for_pulse_cb, &pulse);
  while (__atomic_load_n (&pulse.core.waiters, __ATOMIC_SEQ_CST) == 0)
    g_thread_yield ();
  convoke_event_core_set (&pulse.core);
  convoke_event_core_reset (&pulse.core);
  g_thread_join (thread);
  g_assert_true (pulse.waited);
  convoke_event_core_clear (&pulse.core);
}

static void
test_many_signals (void)
{
  g_autoptr (ConvokeEvent) there = convoke_event_new (FALSE);
  Waiters waiters = { there, };

  g_test_summary ("Automatic reset hands every signal over, one at a time");

  waiters.payload = 42;
  for (guint i = 1; i <= 200; i++)
    {
      g_autoptr (GThread) thread = g_thread_new ("waiter", waiter_cb, &waiters);

      signal_event (there);
      g_thread_join (g_steal_pointer (&thread));
      g_assert_cmpuint (count_get (&waiters.freed), ==, i);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const struct { const char *name; gboolean manual_reset; } kinds[] = { { "manual", TRUE }, { "auto", FALSE } };
  static const struct { const char *name; GTestDataFunc func; } both[] = {
    { "new-times-out", test_new_times_out },
    { "signalled-at-once", test_signalled_at_once },
    { "any-state", test_any_state },
    { "handle", test_handle },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    for (guint j = 0; j < G_N_ELEMENTS (kinds); j++)
      {
        g_autofree char *path = g_strdup_printf ("/callfactory/event/%s/%s", both[i].name, kinds[j].name);

        g_test_add_data_func (path, GINT_TO_POINTER (kinds[j].manual_reset), both[i].func);
      }

  g_test_add_func ("/callfactory/event/manual-stays", test_manual_stays);
  g_test_add_func ("/callfactory/event/auto-consumes", test_auto_consumes);
  g_test_add_func ("/callfactory/event/independent", test_independent);
  g_test_add_func ("/callfactory/event/references", test_references);
  g_test_add_func ("/callfactory/event/property", test_property);
  g_test_add_func ("/callfactory/event/manual-frees-all", test_manual_frees_all);
  g_test_add_func ("/callfactory/event/auto-frees-one", test_auto_frees_one);
  g_test_add_func ("/callfactory/event/pulse", test_pulse);
  g_test_add_func ("/callfactory/event/many-signals", test_many_signals);

  return g_test_run ();
}
