/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The table of convoke-engine.c's opening comment, cell by cell: two of reply,
 * cancel, deadline, drop and second begin meet, and the test decides which is
 * first by holding the other at a named point of the engine.
 */

#include "test-feed.h"

#include <convoke-error.h>

#include "convoke-sync-point-private.h"

#define LONG (30 * G_USEC_PER_SEC)

#if CONVOKE_SYNC_POINTS

/* --- holding a thread at a point --- */

typedef struct
{
  const char *name;
  GMutex      lock;
  GCond       changed;
  guint       reached;   /* LOCK: lock */
  guint       n_held;    /* LOCK: lock; threads that have not gone on yet */
  gboolean    open;      /* LOCK: lock */
  GThread    *passes;    /* (nullable): a thread that is not held */
} Point;

static Point point;

static void
reach_point (const char *name,
             gpointer    data)
{
  gint64 deadline = g_get_monotonic_time () + LONG;

  g_mutex_lock (&point.lock);
  if (g_strcmp0 (name, point.name) != 0 || g_thread_self () == point.passes)
    {
      g_mutex_unlock (&point.lock);
      return;
    }
  point.reached++;
  point.n_held++;
  g_cond_broadcast (&point.changed);
  while (!point.open && g_cond_wait_until (&point.changed, &point.lock, deadline))
    ;
  point.n_held--;
  g_cond_broadcast (&point.changed);
  g_mutex_unlock (&point.lock);
}

/* Holds every thread but this one at @name. */
static void
hold_at (const char *name)
{
  g_mutex_lock (&point.lock);
  point.name = name;
  point.reached = 0;
  point.open = FALSE;
  point.passes = g_thread_self ();
  g_mutex_unlock (&point.lock);
  convoke_sync_point_set (reach_point, NULL);
}

static void
wait_reached (void)
{
  gint64 deadline = g_get_monotonic_time () + LONG;

  g_mutex_lock (&point.lock);
  while (point.reached == 0)
    g_assert_true (g_cond_wait_until (&point.changed, &point.lock, deadline));
  g_mutex_unlock (&point.lock);
}

/* Returns when they are gone: the next hold would keep one that had not noticed. */
static void
let_go (void)
{
  g_mutex_lock (&point.lock);
  point.open = TRUE;
  g_cond_broadcast (&point.changed);
  while (point.n_held > 0)
    g_cond_wait (&point.changed, &point.lock);
  g_mutex_unlock (&point.lock);
}

/* --- one call whose server answers at a gate --- */

typedef struct
{
  ConvokeTestGate *gate;
  TestFeed        *feed;
  ConvokeCall     *call;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->gate = convoke_test_gate_new ();
  fixture->feed = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_at_gate, fixture->gate);
  fixture->call = test_call_new (fixture->feed);
}

/* The server side has ended once a call after it is served. */
static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ConvokeCall) last = test_call_new (fixture->feed);

  let_go ();
  convoke_sync_point_set (NULL, NULL);
  convoke_test_gate_open (fixture->gate);
  g_assert_true (convoke_call_begin (last, "get_price", NULL, "last"));
  g_assert_true (convoke_call_wait (last, LONG, NULL));
  g_assert_true (convoke_call_finish (last, "get_price", NULL, NULL));

  g_clear_object (&fixture->call);
  g_object_unref (fixture->feed);
  g_object_unref (fixture->gate);
}

static void
begin_at_gate (Fixture *fixture)
{
  g_assert_true (convoke_call_begin (fixture->call, "get_price", NULL, "tea"));
  g_assert_true (convoke_test_gate_wait_held (fixture->gate, 1));
}

/* The method runs, and then the deadline passes. */
static void
begin_and_expire (Fixture *fixture)
{
  hold_at ("engine/expired");
  convoke_call_set_timeout (fixture->call, 1000);
  begin_at_gate (fixture);
  wait_reached ();
  let_go ();
}

static void
assert_finish (ConvokeCall *call,
               int          code)
{
  g_autoptr (GError) error = NULL;
  double price = 0;

  g_assert_true (convoke_call_wait (call, LONG, NULL));
  if (code < 0)
    {
      g_assert_true (convoke_call_finish (call, "get_price", &error, &price));
      g_assert_no_error (error);
      g_assert_cmpfloat (price, ==, 3);
      return;
    }

  g_assert_false (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_error (error, CONVOKE_ERROR, code);
}

#define RESULT (-1)

static void
assert_second_begin_fails (ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_call_begin (call, "get_price", &error, "other"));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
}

/* --- begin second --- */

static gpointer
begin_in_thread (gpointer data)
{
  return GINT_TO_POINTER (convoke_call_begin (data, "get_price", NULL, "tea"));
}

static void
test_begin_begin (Fixture       *fixture,
                  gconstpointer  data)
{
  GThread *thread;

  g_test_summary ("begin, begin: CF-16 from the moment that the first begin is entered");

  hold_at ("call/begin-claimed");
  thread = g_thread_new ("begin", begin_in_thread, fixture->call);
  wait_reached ();
  assert_second_begin_fails (fixture->call);
  let_go ();
  g_assert_true (GPOINTER_TO_INT (g_thread_join (thread)));
  convoke_test_gate_open (fixture->gate);
  assert_finish (fixture->call, RESULT);
}

static void
test_start_begin (Fixture       *fixture,
                  gconstpointer  data)
{
  g_test_summary ("start, begin: CF-16 while the method runs");

  begin_at_gate (fixture);
  assert_second_begin_fails (fixture->call);
  convoke_test_gate_open (fixture->gate);
  assert_finish (fixture->call, RESULT);
}

static void
test_reply_begin (Fixture       *fixture,
                  gconstpointer  data)
{
  g_test_summary ("reply, begin: CF-16 while the gate is closed and the caller not told yet, and until finish");

  hold_at ("engine/gate-closed");
  begin_at_gate (fixture);
  convoke_test_gate_open (fixture->gate);
  wait_reached ();
  assert_second_begin_fails (fixture->call);
  g_assert_cmpint (convoke_call_get_state (fixture->call), ==, CONVOKE_CALL_STATE_PENDING);
  let_go ();
  g_assert_true (convoke_call_wait (fixture->call, LONG, NULL));
  assert_second_begin_fails (fixture->call);
  assert_finish (fixture->call, RESULT);
}

static void
test_cancel_begin (Fixture       *fixture,
                   gconstpointer  data)
{
  g_test_summary ("cancel, begin: CX-1, CX-2, T-CA-19: until finish every begin is CALL_PENDING; then the call object is usable while the old server still runs");

  begin_at_gate (fixture);
  g_assert_true (convoke_call_cancel (fixture->call, 0, NULL));
  assert_second_begin_fails (fixture->call);
  assert_finish (fixture->call, CONVOKE_ERROR_CANCELLED);

  g_assert_true (convoke_call_begin (fixture->call, "get_price", NULL, "tea"));
  convoke_test_gate_open (fixture->gate);
  assert_finish (fixture->call, RESULT);
}

static void
test_deadline_begin (Fixture       *fixture,
                     gconstpointer  data)
{
  g_test_summary ("deadline, begin: CF-16 until finish; then the call object is usable while the old server still runs");

  begin_and_expire (fixture);
  g_assert_true (convoke_call_wait (fixture->call, LONG, NULL));
  assert_second_begin_fails (fixture->call);
  assert_finish (fixture->call, CONVOKE_ERROR_TIMEOUT);

  convoke_call_set_timeout (fixture->call, 0);
  g_assert_true (convoke_call_begin (fixture->call, "get_price", NULL, "tea"));
  convoke_test_gate_open (fixture->gate);
  assert_finish (fixture->call, RESULT);
}

/* --- start second --- */

static void
test_cancel_start (Fixture       *fixture,
                   gconstpointer  data)
{
  g_test_summary ("cancel, start: a call that was cancelled at the door never runs, and is stopped");

  hold_at ("engine/before-start");
  g_assert_true (convoke_call_begin (fixture->call, "get_price", NULL, "tea"));
  wait_reached ();
  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  assert_finish (fixture->call, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture->call), ==, CONVOKE_CANCEL_OUTCOME_STOPPED);
  let_go ();
  g_assert_cmpuint (convoke_test_gate_get_held (fixture->gate), ==, 0);
}

static void
test_deadline_start (Fixture       *fixture,
                     gconstpointer  data)
{
  g_test_summary ("deadline, start: a call whose deadline passed at the door never runs");

  hold_at ("engine/before-start");
  /* Long enough to come to the door, on a slow machine too. */
  convoke_call_set_timeout (fixture->call, 300 * 1000);
  g_assert_true (convoke_call_begin (fixture->call, "get_price", NULL, "tea"));
  wait_reached ();
  assert_finish (fixture->call, CONVOKE_ERROR_TIMEOUT);
  let_go ();
  g_assert_cmpuint (convoke_test_gate_get_held (fixture->gate), ==, 0);
}

static void
test_drop_start (Fixture       *fixture,
                 gconstpointer  data)
{
  g_test_summary ("drop, start: CF-22: a call that nobody waits for still runs");

  hold_at ("engine/before-start");
  g_assert_true (convoke_call_begin (fixture->call, "get_price", NULL, "tea"));
  wait_reached ();
  g_clear_object (&fixture->call);
  let_go ();
  g_assert_true (convoke_test_gate_wait_held (fixture->gate, 1));
}

/* --- reply second --- */

static void
test_cancel_reply (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (ConvokeCall) after = test_call_new (fixture->feed);

  g_test_summary ("cancel, reply: CX-3, CX-7: what the server sends after the caller gave up is dropped");

  begin_at_gate (fixture);
  g_assert_true (convoke_call_cancel (fixture->call, 0, NULL));
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture->call), ==, CONVOKE_CANCEL_OUTCOME_ABANDONED);
  convoke_test_gate_open (fixture->gate);

  /* Served after the reply was dropped. */
  g_assert_true (convoke_call_begin (after, "get_price", NULL, "tea"));
  assert_finish (after, RESULT);
  assert_finish (fixture->call, CONVOKE_ERROR_CANCELLED);
}

static void
test_grace_reply (Fixture       *fixture,
                  gconstpointer  data)
{
  g_test_summary ("cancel with grace, reply: CX-5: the real result wins the race, and the cancel was too late");

  begin_at_gate (fixture);
  g_assert_true (convoke_call_cancel (fixture->call, LONG, NULL));
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture->call), ==, CONVOKE_CANCEL_OUTCOME_REQUESTED);
  convoke_test_gate_open (fixture->gate);
  assert_finish (fixture->call, RESULT);
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture->call), ==, CONVOKE_CANCEL_OUTCOME_TOO_LATE);
}

static void
test_deadline_reply (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (ConvokeCall) after = test_call_new (fixture->feed);

  g_test_summary ("deadline, reply: P-6: a reply after the deadline is dropped");

  begin_and_expire (fixture);
  g_assert_true (convoke_call_wait (fixture->call, LONG, NULL));
  convoke_test_gate_open (fixture->gate);
  g_assert_true (convoke_call_begin (after, "get_price", NULL, "tea"));
  assert_finish (after, RESULT);
  assert_finish (fixture->call, CONVOKE_ERROR_TIMEOUT);
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture->call), ==, CONVOKE_CANCEL_OUTCOME_ABANDONED);
}

static void
test_drop_reply (Fixture       *fixture,
                 gconstpointer  data)
{
  g_test_summary ("drop, reply: a reply that nobody waits for is freed");

  begin_at_gate (fixture);
  g_clear_object (&fixture->call);
  convoke_test_gate_open (fixture->gate);
}

/* --- cancel second --- */

static void
assert_test_cancel (ConvokeCall *call,
                    int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_cancel_method_calls_test_cancel (CONVOKE_CANCEL_METHOD_CALLS (call), &error));
  g_assert_error (error, CONVOKE_ERROR, code);
}

static gpointer
cancel_in_thread (gpointer data)
{
  GError *error = NULL;

  convoke_call_cancel (data, 0, &error);
  return error;
}

static void
test_begin_cancel (Fixture       *fixture,
                   gconstpointer  data)
{
  GThread *thread;
  g_autoptr (GError) error = NULL;

  g_test_summary ("begin, cancel: CX-2: cancel is legal from the moment that begin is entered");

  hold_at ("call/begin-claimed");
  thread = g_thread_new ("begin", begin_in_thread, fixture->call);
  wait_reached ();
  assert_test_cancel (fixture->call, CONVOKE_ERROR_CALL_PENDING);
  g_assert_true (convoke_call_cancel (fixture->call, 0, &error));
  g_assert_no_error (error);
  assert_test_cancel (fixture->call, CONVOKE_ERROR_CANCELLED);
  let_go ();
  g_assert_true (GPOINTER_TO_INT (g_thread_join (thread)));
  assert_finish (fixture->call, CONVOKE_ERROR_CANCELLED);
}

static gpointer
begin_badly (gpointer data)
{
  g_autoptr (GError) error = NULL;
  GValue item = G_VALUE_INIT;

  g_value_init (&item, G_TYPE_OBJECT);
  g_assert_false (convoke_call_begin_values (data, "get_price", &item, 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_value_unset (&item);
  return NULL;
}

static gpointer
wait_in_thread (gpointer data)
{
  GError *error = NULL;

  g_assert_false (convoke_call_wait (data, LONG, &error));
  return error;
}

static void
test_begin_wait (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (GError) too_early = NULL;
  g_autoptr (GError) nothing = NULL;
  GThread *thread;
  GThread *waiter;

  g_test_summary ("begin, wait: a wait during a begin neither sees the call before nor lasts for ever when the begin fails");

  begin_at_gate (fixture);
  convoke_test_gate_open (fixture->gate);
  assert_finish (fixture->call, RESULT);

  hold_at ("call/begin-claimed");
  thread = g_thread_new ("begin", begin_badly, fixture->call);
  wait_reached ();
  g_assert_false (convoke_call_wait (fixture->call, 0, &too_early));
  g_assert_error (too_early, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  waiter = g_thread_new ("waiter", wait_in_thread, fixture->call);
  let_go ();
  g_thread_join (thread);
  nothing = g_thread_join (waiter);
  g_assert_error (nothing, CONVOKE_ERROR, CONVOKE_ERROR_NO_SYNC);
  g_assert_cmpint (convoke_call_get_state (fixture->call), ==, CONVOKE_CALL_STATE_IDLE);
}

static void
test_start_cancel (Fixture       *fixture,
                   gconstpointer  data)
{
  g_test_summary ("start, cancel: CX-5, CX-8, T-CA-19: cancel with no grace signals at once");

  begin_at_gate (fixture);
  g_assert_true (convoke_call_cancel (fixture->call, 0, NULL));
  g_assert_cmpint (convoke_call_get_state (fixture->call), ==, CONVOKE_CALL_STATE_SIGNALED);
  assert_finish (fixture->call, CONVOKE_ERROR_CANCELLED);
}

static void
test_reply_cancel (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("reply, cancel: CX-4: a call that completed by itself is CALL_COMPLETE, too late");

  hold_at ("engine/gate-closed");
  begin_at_gate (fixture);
  convoke_test_gate_open (fixture->gate);
  wait_reached ();
  g_assert_false (convoke_call_cancel (fixture->call, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  let_go ();
  assert_finish (fixture->call, RESULT);
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture->call), ==, CONVOKE_CANCEL_OUTCOME_TOO_LATE);
}

static void
test_cancel_crosses_reply (Fixture       *fixture,
                           gconstpointer  data)
{
  GThread *thread;
  GError *error;

  g_test_summary ("cancel under way, reply: whoever closes the gate first stands, and the caller is told once");

  begin_at_gate (fixture);
  hold_at ("engine/cancel");
  thread = g_thread_new ("cancel", cancel_in_thread, fixture->call);
  wait_reached ();
  convoke_test_gate_open (fixture->gate);
  g_assert_true (convoke_call_wait (fixture->call, LONG, NULL));
  let_go ();
  error = g_thread_join (thread);
  g_clear_error (&error);
  assert_finish (fixture->call, RESULT);
}

static void
test_cancel_cancel (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("cancel, cancel: T-CA-21: cancelled already");

  begin_at_gate (fixture);
  g_assert_true (convoke_call_cancel (fixture->call, 0, NULL));
  g_assert_false (convoke_call_cancel (fixture->call, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  assert_finish (fixture->call, CONVOKE_ERROR_CANCELLED);
}

static void
test_cancel_insist (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("cancel with grace, cancel: RA-16: ask, then ask longer (refused), then insist");

  begin_at_gate (fixture);
  g_assert_true (convoke_call_cancel (fixture->call, LONG, NULL));
  g_assert_false (convoke_call_cancel (fixture->call, -1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_true (convoke_call_cancel (fixture->call, 0, NULL));
  assert_finish (fixture->call, CONVOKE_ERROR_CANCELLED);
}

static void
test_deadline_cancel (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("deadline, cancel: CALL_COMPLETE");

  begin_and_expire (fixture);
  g_assert_true (convoke_call_wait (fixture->call, LONG, NULL));
  g_assert_false (convoke_call_cancel (fixture->call, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  assert_finish (fixture->call, CONVOKE_ERROR_TIMEOUT);
}

/* --- deadline second --- */

static void
test_begin_deadline (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (TestFeed) idle = NULL;
  g_autoptr (GMainContext) nobody = g_main_context_new ();
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("begin, deadline: a call that could not start completes with TIMEOUT, saying so");

  g_main_context_push_thread_default (nobody);
  idle = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  g_main_context_pop_thread_default (nobody);
  call = test_call_new (idle);
  convoke_call_set_timeout (call, 1000);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_false (convoke_call_finish (call, "get_price", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (error->message, "could start"));
}

static void
test_start_deadline (Fixture       *fixture,
                     gconstpointer  data)
{
  g_test_summary ("start, deadline: SIGNALED with TIMEOUT although the server goes on");

  begin_and_expire (fixture);
  assert_finish (fixture->call, CONVOKE_ERROR_TIMEOUT);
  g_assert_cmpuint (convoke_test_gate_get_held (fixture->gate), ==, 1);
}

static void
test_reply_deadline (Fixture       *fixture,
                     gconstpointer  data)
{
  g_test_summary ("reply, deadline: the reply stands, once, when the deadline fires after it");

  hold_at ("engine/expired");
  convoke_call_set_timeout (fixture->call, 1000);
  begin_at_gate (fixture);
  wait_reached ();
  convoke_test_gate_open (fixture->gate);
  assert_finish (fixture->call, RESULT);
  let_go ();
}

static void
test_cancel_deadline (Fixture       *fixture,
                      gconstpointer  data)
{
  g_test_summary ("cancel with a grace beyond the deadline: the deadline ends the call");

  hold_at ("engine/expired");
  convoke_call_set_timeout (fixture->call, 1000);
  begin_at_gate (fixture);
  wait_reached ();
  g_assert_true (convoke_call_cancel (fixture->call, LONG, NULL));
  let_go ();
  assert_finish (fixture->call, CONVOKE_ERROR_TIMEOUT);
}

static void
test_cancel_grace (Fixture       *fixture,
                   gconstpointer  data)
{
  g_test_summary ("cancel, grace expires: CX-3: CANCELLED, abandoned, before the deadline");

  convoke_call_set_timeout (fixture->call, LONG);
  begin_at_gate (fixture);
  g_assert_true (convoke_call_cancel (fixture->call, 1000, NULL));
  assert_finish (fixture->call, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture->call), ==, CONVOKE_CANCEL_OUTCOME_ABANDONED);
}

static void
test_drop_deadline (Fixture       *fixture,
                    gconstpointer  data)
{
  g_test_summary ("drop, deadline: nobody is told and nothing is lost");

  hold_at ("engine/expired");
  convoke_call_set_timeout (fixture->call, 1000);
  begin_at_gate (fixture);
  g_clear_object (&fixture->call);
  wait_reached ();
  let_go ();
}

/* --- drop second --- */

static void
test_start_drop (Fixture       *fixture,
                 gconstpointer  data)
{
  g_test_summary ("start, drop: CF-22: the server runs to its end");

  begin_at_gate (fixture);
  g_clear_object (&fixture->call);
  g_assert_cmpuint (convoke_test_gate_get_held (fixture->gate), ==, 1);
}

static void
test_reply_drop (Fixture       *fixture,
                 gconstpointer  data)
{
  g_test_summary ("reply, drop: a call object that goes while its completion is under way is not touched any more");

  hold_at ("engine/gate-closed");
  begin_at_gate (fixture);
  convoke_test_gate_open (fixture->gate);
  wait_reached ();
  g_clear_object (&fixture->call);
  let_go ();
}

static void
test_cancel_drop (Fixture       *fixture,
                  gconstpointer  data)
{
  g_test_summary ("cancel, drop: an abandoned call cleans up by itself");

  begin_at_gate (fixture);
  g_assert_true (convoke_call_cancel (fixture->call, 0, NULL));
  g_clear_object (&fixture->call);
}

static void
test_deadline_drop (Fixture       *fixture,
                    gconstpointer  data)
{
  g_test_summary ("deadline, drop: an expired call cleans up by itself");

  begin_and_expire (fixture);
  g_assert_true (convoke_call_wait (fixture->call, LONG, NULL));
  g_clear_object (&fixture->call);
}

#define ADD(path, func) \
  g_test_add ("/callfactory/call-orders/" path, Fixture, NULL, set_up, func, tear_down)

static void
add_tests (void)
{
  ADD ("begin-begin", test_begin_begin);
  ADD ("start-begin", test_start_begin);
  ADD ("reply-begin", test_reply_begin);
  ADD ("cancel-begin", test_cancel_begin);
  ADD ("deadline-begin", test_deadline_begin);
  ADD ("cancel-start", test_cancel_start);
  ADD ("deadline-start", test_deadline_start);
  ADD ("drop-start", test_drop_start);
  ADD ("cancel-reply", test_cancel_reply);
  ADD ("grace-reply", test_grace_reply);
  ADD ("deadline-reply", test_deadline_reply);
  ADD ("drop-reply", test_drop_reply);
  ADD ("begin-cancel", test_begin_cancel);
  ADD ("begin-wait", test_begin_wait);
  ADD ("start-cancel", test_start_cancel);
  ADD ("reply-cancel", test_reply_cancel);
  ADD ("cancel-crosses-reply", test_cancel_crosses_reply);
  ADD ("cancel-cancel", test_cancel_cancel);
  ADD ("cancel-insist", test_cancel_insist);
  ADD ("deadline-cancel", test_deadline_cancel);
  ADD ("begin-deadline", test_begin_deadline);
  ADD ("start-deadline", test_start_deadline);
  ADD ("reply-deadline", test_reply_deadline);
  ADD ("cancel-deadline", test_cancel_deadline);
  ADD ("cancel-grace", test_cancel_grace);
  ADD ("drop-deadline", test_drop_deadline);
  ADD ("start-drop", test_start_drop);
  ADD ("reply-drop", test_reply_drop);
  ADD ("cancel-drop", test_cancel_drop);
  ADD ("deadline-drop", test_deadline_drop);
}

#else

static void
test_no_points (void)
{
  g_test_skip ("this build has no sync points (-Dsync_points=true has)");
}

static void
add_tests (void)
{
  g_test_add_func ("/callfactory/call-orders", test_no_points);
}

#endif

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_tests ();

  return g_test_run ();
}
