/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The server's side of a call: SV-1 to SV-14, P-4, P-7, RA-19 to RA-27. */

#include "../test-child.h"
#include "test-feed.h"

#include <convoke-error.h>

#include "convoke-call-operation.h"
#include "convoke-engine-private.h"

#include <sys/wait.h>
#include <unistd.h>

#define LONG (30 * G_USEC_PER_SEC)

/* Defers its call and leaves it in @data. */
static double
defer_price (TestFeed    *feed,
             const char  *item,
             gpointer     data,
             GError     **error)
{
  ConvokeServerCall **kept = data;

  /* A thread may look for it already. */
  g_atomic_pointer_set (kept, convoke_server_call_defer (G_OBJECT (feed), error));
  return 99;
}

/* What a subscriber was told. */
typedef struct
{
  ConvokeServerCallEvents events[4];
  guint                   n;
  GThread                *thread;
  gint                    n_freed;   /* atomic */
} Told;

typedef struct
{
  ConvokeServerCall *server_call;
  TestFeed          *feed;
  ConvokeCall       *call;
  Told               told;
} Fixture;

/* In the caller's own context, so that the method has returned when its poll does. */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->feed = test_feed_new (CONVOKE_THREADING_CONTEXT, defer_price, &fixture->server_call);
  fixture->call = test_call_new (fixture->feed);
  g_assert_true (convoke_call_begin (fixture->call, "get_price", NULL, "tea"));
  g_assert_false (convoke_call_wait (fixture->call, 0, NULL));
  g_assert_nonnull (fixture->server_call);
}

static void
gone_cb (gpointer  data,
         GObject  *where_it_was)
{
  g_atomic_int_set ((gint *) data, TRUE);
  g_main_context_wakeup (NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gint gone = FALSE;

  g_clear_object (&fixture->server_call);
  g_clear_object (&fixture->call);

  /* A deadline that ended a call holds it a little longer, and lets go of the object where that belongs: here. */
  g_object_weak_ref (G_OBJECT (fixture->feed), gone_cb, &gone);
  g_object_unref (fixture->feed);
  while (!g_atomic_int_get (&gone))
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_price (ConvokeCall *call,
              double       expected)
{
  g_autoptr (GError) error = NULL;
  double price = 0;

  g_assert_true (convoke_call_wait (call, LONG, &error));
  g_assert_true (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_no_error (error);
  g_assert_cmpfloat (price, ==, expected);
}

static void
assert_failed (ConvokeCall *call,
               GQuark       domain,
               int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_false (convoke_call_finish (call, "get_price", &error, NULL));
  g_assert_error (error, domain, code);
}

static void
test_complete_later (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("SV-6: a deferred call is not finished by the method's return; RA-20: it is by complete, with its outs");

  g_assert_cmpint (convoke_call_get_state (fixture->call), ==, CONVOKE_CALL_STATE_PENDING);
  g_assert_true (convoke_server_call_complete (fixture->server_call, &error, 2.5));
  g_assert_no_error (error);
  assert_price (fixture->call, 2.5);
}

static gpointer
complete_in_thread (gpointer data)
{
  g_assert_true (convoke_server_call_complete (data, NULL, 4.5));
  return NULL;
}

static void
test_complete_elsewhere (Fixture       *fixture,
                         gconstpointer  data)
{
  GThread *thread = g_thread_new ("complete", complete_in_thread, fixture->server_call);

  g_test_summary ("SV-6, SV-10: any thread that holds the server call may complete it");

  assert_price (fixture->call, 4.5);
  g_thread_join (thread);
}

static void
test_complete_values (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GValue) price = G_VALUE_INIT;

  g_test_summary ("complete with typed values; values that do not fit leave the call as it was");

  g_assert_false (convoke_server_call_complete_values (fixture->server_call, NULL, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_cmpint (convoke_call_get_state (fixture->call), ==, CONVOKE_CALL_STATE_PENDING);

  g_value_init (&price, G_TYPE_DOUBLE);
  g_value_set_double (&price, 1.25);
  g_assert_true (convoke_server_call_complete_values (fixture->server_call, &price, 1, NULL));
  assert_price (fixture->call, 1.25);
}

static void
test_abort (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (GError) reason = g_error_new_literal (CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "sold out");

  g_test_summary ("RA-21, RA-24: abort's error reaches the caller unchanged");

  g_assert_true (convoke_server_call_abort (fixture->server_call, reason, NULL));
  assert_failed (fixture->call, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD);
}

static void
test_abort_4711 (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (GError) reason = g_error_new_literal (g_quark_from_static_string ("test-fault-quark"), 4711, "fault");
  g_autoptr (GError) error = NULL;
  double price = 1.5;

  g_test_summary ("RA-21, RA-24, T-RA-13: a server aborts with code 4711: the completion gives 4711, and the outputs are not touched");

  g_assert_true (convoke_server_call_abort (fixture->server_call, reason, NULL));
  g_assert_true (convoke_call_wait (fixture->call, LONG, NULL));
  g_assert_false (convoke_call_finish (fixture->call, "get_price", &error, &price));
  g_assert_error (error, reason->domain, 4711);
  g_assert_cmpfloat (price, ==, 1.5);
}

static void
test_complete_twice (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) abort_error = NULL;
  g_autoptr (GError) reason = g_error_new_literal (CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "late");

  g_test_summary ("SV-11, P-4: a second end has no effect and says so");

  g_assert_true (convoke_server_call_complete (fixture->server_call, NULL, 2.5));
  g_assert_false (convoke_server_call_complete (fixture->server_call, &error, 3.5));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_assert_false (convoke_server_call_abort (fixture->server_call, reason, &abort_error));
  g_assert_error (abort_error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  assert_price (fixture->call, 2.5);
}

static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  g_test_summary ("SV-12, P-4: a server call dropped without an end completes the call with SERVER_FAULT");

  g_clear_object (&fixture->server_call);
  assert_failed (fixture->call, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT);
}

static void
test_never_completes (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = test_call_new (fixture->feed);
  g_autoptr (ConvokeServerCall) first = g_steal_pointer (&fixture->server_call);

  g_test_summary ("An implementation that never completes costs its caller no more than the deadline");

  convoke_call_set_timeout (call, 50 * 1000);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  assert_failed (call, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_clear_object (&first);
  assert_failed (fixture->call, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT);
}

typedef struct
{
  ConvokeServerCall *server_call;
  GAsyncQueue       *answers;      /* of GError: what became of each answer */
} EagerServer;

/* A server that ends its call at once when it is told to. */
static void
answer_cancel_cb (GCancellable *cancellable,
                  gpointer      data)
{
  EagerServer *server = data;
  g_autoptr (GError) reason = g_error_new_literal (CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "stopped");
  GError *error = NULL;

  if (convoke_server_call_abort (server->server_call, reason, &error))
    error = g_error_new_literal (CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "taken");
  g_async_queue_push (server->answers, error);
}

static void
cut_eager_server (Fixture *fixture,
                  gint64   timeout,
                  int      code)
{
  g_autoptr (ConvokeCall) call = test_call_new (fixture->feed);
  g_autoptr (GAsyncQueue) answers = g_async_queue_new ();
  g_autoptr (ConvokeCallContext) context = NULL;
  g_autoptr (GCancellable) cancellable = NULL;
  g_autoptr (GError) answer = NULL;
  EagerServer server = { NULL, answers };
  gulong handler;

  g_assert_true (convoke_server_call_complete (fixture->server_call, NULL, 2.5));
  g_clear_object (&fixture->server_call);
  assert_price (fixture->call, 2.5);

  convoke_call_set_timeout (call, timeout);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_false (convoke_call_wait (call, 0, NULL));
  server.server_call = fixture->server_call;
  context = convoke_server_call_dup_context (server.server_call);
  cancellable = convoke_call_context_dup_cancellable (context);
  handler = g_cancellable_connect (cancellable, G_CALLBACK (answer_cancel_cb), &server, NULL);

  if (timeout == 0)
    g_assert_true (convoke_call_cancel (call, 0, NULL));

  answer = g_async_queue_timeout_pop (answers, LONG);
  g_assert_error (answer, CONVOKE_ERROR, CONVOKE_ERROR_TOO_LATE);
  assert_failed (call, CONVOKE_ERROR, code);
  g_assert_cmpint (convoke_call_get_cancel_outcome (call), ==, CONVOKE_CANCEL_OUTCOME_ABANDONED);
  g_cancellable_disconnect (cancellable, handler);
}

static void
test_eager_deadline (Fixture       *fixture,
                     gconstpointer  data)
{
  g_test_summary ("P-6: a deadline is TIMEOUT, also to a server that ends at once when it is told to cancel");

  cut_eager_server (fixture, 200 * 1000, CONVOKE_ERROR_TIMEOUT);
}

static void
test_eager_cancel (Fixture       *fixture,
                   gconstpointer  data)
{
  g_test_summary ("P-6: grace 0 is abandoned, also by a server that ends at once when it is told to cancel");

  cut_eager_server (fixture, 0, CONVOKE_ERROR_CANCELLED);
}

static void
test_complete_after_cancel (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-27: an end that nobody waits for any more is dropped, and the server is told TOO_LATE");

  g_assert_true (convoke_call_cancel (fixture->call, 0, NULL));
  g_assert_false (convoke_server_call_complete (fixture->server_call, &error, 2.5));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TOO_LATE);
  assert_failed (fixture->call, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
}

static void
test_test_cancel (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GError) running = NULL;
  g_autoptr (GError) cancelled = NULL;

  g_test_summary ("CX-6, T-CA-23: CALL_PENDING while running, CANCELLED once asked; the call must still be ended (RA-25)");

  g_assert_false (convoke_server_call_test_cancel (fixture->server_call, &running));
  g_assert_error (running, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);

  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  g_assert_false (convoke_server_call_test_cancel (fixture->server_call, &cancelled));
  g_assert_error (cancelled, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_call_get_state (fixture->call), ==, CONVOKE_CALL_STATE_PENDING);
}

static void
test_test_complete (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("CX-6: CALL_COMPLETE when the call is over");

  convoke_server_call_complete (fixture->server_call, NULL, 2.5);
  g_assert_false (convoke_server_call_test_cancel (fixture->server_call, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
}

static void
test_stopped (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GError) obeyed = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");

  g_test_summary ("P-6, RA-14: a server that obeys a polite cancel: the outcome is stopped");

  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  g_assert_true (convoke_server_call_abort (fixture->server_call, obeyed, NULL));
  g_assert_true (convoke_call_wait (fixture->call, 0, NULL));
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture->call), ==, CONVOKE_CANCEL_OUTCOME_STOPPED);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_test_summary ("P-6: a server that refuses a cancel goes on, and its real result stands");

  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  convoke_server_call_refuse_cancel (fixture->server_call);
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture->call), ==, CONVOKE_CANCEL_OUTCOME_REFUSED);
  g_assert_true (convoke_server_call_complete (fixture->server_call, NULL, 2.5));
  assert_price (fixture->call, 2.5);
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture->call), ==, CONVOKE_CANCEL_OUTCOME_REFUSED);
}

static void
test_cancellable (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ConvokeCallContext) context = convoke_server_call_dup_context (fixture->server_call);
  g_autoptr (GCancellable) before = convoke_call_context_dup_cancellable (context);
  g_autoptr (ConvokeCall) other = test_call_new (fixture->feed);
  g_autoptr (GCancellable) after = NULL;

  g_test_summary ("P-7: the context's cancellable follows the cancel, whether asked for before or after it");

  g_assert_false (g_cancellable_is_cancelled (before));
  convoke_call_cancel (fixture->call, -1, NULL);
  g_assert_true (g_cancellable_is_cancelled (before));
  after = convoke_call_context_dup_cancellable (context);
  g_assert_true (g_cancellable_is_cancelled (after));
}

static void
test_context (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (ConvokeCallContext) context = convoke_server_call_dup_context (fixture->server_call);
  g_autoptr (GCredentials) credentials = convoke_call_context_dup_credentials (context);

  g_test_summary ("P-7: request id, deadline and caller, on any thread, also after the call ended");

  g_assert_cmpuint (convoke_call_context_get_request_id (context), ==, convoke_call_get_request_id (fixture->call));
  g_assert_cmpint (convoke_call_context_get_deadline (context), ==, 0);
  g_assert_cmpint (g_credentials_get_unix_user (credentials, NULL), ==, getuid ());
  convoke_server_call_complete (fixture->server_call, NULL, 2.5);
  g_assert_cmpuint (convoke_call_context_get_request_id (context), ==, convoke_call_get_request_id (fixture->call));
}

static void
count_progress (ConvokeCall       *call,
                ConvokeCallNotice  notice,
                gpointer           data)
{
  guint *counts = data;

  counts[notice]++;
}

static void
test_progress (void)
{
  g_autoptr (ConvokeServerCall) server_call = NULL;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, defer_price, &server_call);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (ConvokeCallContext) context = NULL;
  g_autofree char *unit = NULL;
  g_autofree char *status = NULL;
  guint counts[2] = { 0, 0 };
  guint64 done, total;

  g_test_summary ("P-7: fraction, amounts with a unit and a status text reach the caller");

  convoke_call_set_callback (call, NULL, count_progress, counts, NULL);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_false (convoke_call_wait (call, 0, NULL));
  g_assert_cmpfloat (convoke_call_get_progress_fraction (call), ==, -1);

  context = convoke_server_call_dup_context (server_call);
  convoke_call_context_report_status (context, "weighing");
  convoke_call_context_report_amount (context, 30, 120, "beans");
  g_assert_cmpfloat (convoke_call_get_progress_fraction (call), ==, 0.25);
  convoke_call_get_progress_amount (call, &done, &total, &unit);
  g_assert_cmpuint (done, ==, 30);
  g_assert_cmpuint (total, ==, 120);
  g_assert_cmpstr (unit, ==, "beans");
  status = convoke_call_dup_status (call);
  g_assert_cmpstr (status, ==, "weighing");

  while (counts[CONVOKE_CALL_NOTICE_PROGRESS] == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (counts[CONVOKE_CALL_NOTICE_PROGRESS], ==, 1);

  convoke_server_call_complete (server_call, NULL, 1.0);
  convoke_call_context_report_fraction (context, 1);
  while (counts[CONVOKE_CALL_NOTICE_COMPLETED] == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (counts[CONVOKE_CALL_NOTICE_PROGRESS], ==, 1);
}

/* --- a child made by fork () --- */

static gboolean
fails_forked (gboolean   done,
              GError   **error)
{
  gboolean forked = !done && g_error_matches (*error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);

  g_clear_error (error);
  return forked;
}

static void
never_cb (ConvokeServerCall       *server_call,
          ConvokeServerCallEvents  event,
          gpointer                 data)
{
  g_assert_not_reached ();
}

static gboolean
all_fail_forked (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  return fails_forked (convoke_call_wait (fixture->call, -1, &error), &error) &&
         fails_forked (convoke_call_finish (fixture->call, "get_price", &error, NULL), &error) &&
         fails_forked (convoke_call_begin (fixture->call, "get_price", &error, "tea"), &error) &&
         fails_forked (convoke_call_cancel (fixture->call, 0, &error), &error) &&
         fails_forked (convoke_server_call_subscribe (fixture->server_call, CONVOKE_SERVER_CALL_EVENTS_CANCEL, NULL,
                                                      never_cb, NULL, NULL, &error), &error) &&
         fails_forked (convoke_server_call_complete (fixture->server_call, &error, 1.0), &error);
}

static void
test_forked (Fixture       *fixture,
             gconstpointer  data)
{
  pid_t child;
  int status;

  g_test_summary ("Section 7: in a child made by fork () both sides of a pending call fail with FORKED and can be dropped; the parent goes on");

  child = fork ();
  if (child == 0)
    {
      gboolean all_fail = all_fail_forked (fixture);

      g_clear_object (&fixture->server_call);
      g_clear_object (&fixture->call);
      test_child_end (all_fail);
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);

  g_assert_true (convoke_server_call_complete (fixture->server_call, NULL, 2.5));
  assert_price (fixture->call, 2.5);
}

/* --- what the caller does meanwhile --- */

#define BOTH (CONVOKE_SERVER_CALL_EVENTS_CANCEL | CONVOKE_SERVER_CALL_EVENTS_DISCONNECT)

static void
told_cb (ConvokeServerCall       *server_call,
         ConvokeServerCallEvents  event,
         gpointer                 data)
{
  Told *told = data;

  g_assert_true (CONVOKE_IS_SERVER_CALL (server_call));
  g_assert_cmpuint (told->n, <, G_N_ELEMENTS (told->events));
  told->events[told->n++] = event;
  told->thread = g_thread_self ();
}

static void
told_free (gpointer data)
{
  g_atomic_int_inc (&((Told *) data)->n_freed);
}

static void
subscribe (ConvokeServerCall       *server_call,
           ConvokeServerCallEvents  events,
           Told                    *told)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_server_call_subscribe (server_call, events, NULL, told_cb, told, told_free, &error));
  g_assert_no_error (error);
}

static void
iterate_all (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_told_of_cancel (Fixture       *fixture,
                     gconstpointer  data)
{
  g_test_summary ("RA-26: a subscriber is told of the cancel, once, where the object's code may run; the call goes on (RA-25)");

  subscribe (fixture->server_call, BOTH, &fixture->told);
  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  g_assert_cmpuint (fixture->told.n, ==, 0);
  iterate_all ();
  g_assert_cmpuint (fixture->told.n, ==, 1);
  g_assert_cmpuint (fixture->told.events[0], ==, CONVOKE_SERVER_CALL_EVENTS_CANCEL);

  convoke_call_cancel (fixture->call, 0, NULL);
  iterate_all ();
  g_assert_cmpuint (fixture->told.n, ==, 1);
  g_assert_cmpint (fixture->told.n_freed, ==, 0);
  convoke_server_call_complete (fixture->server_call, NULL, 2.5);
  g_assert_cmpint (fixture->told.n_freed, ==, 1);
}

static void
test_told_afterwards (Fixture       *fixture,
                      gconstpointer  data)
{
  g_test_summary ("RA-26: a subscriber is told of what happened before, once");

  g_assert_true (convoke_call_cancel (fixture->call, 0, NULL));
  subscribe (fixture->server_call, BOTH, &fixture->told);
  iterate_all ();
  g_assert_cmpuint (fixture->told.n, ==, 1);
  g_assert_cmpuint (fixture->told.events[0], ==, CONVOKE_SERVER_CALL_EVENTS_CANCEL);
}

static void
test_told_of_deadline (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (ConvokeServerCall) first = g_steal_pointer (&fixture->server_call);
  g_autoptr (ConvokeCall) call = test_call_new (fixture->feed);

  g_test_summary ("P-6, RA-17: a deadline that passes sends the cancel, and the subscriber is told of that");

  convoke_call_set_timeout (call, 1000);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  while (fixture->server_call == NULL && convoke_call_get_state (call) == CONVOKE_CALL_STATE_PENDING)
    g_main_context_iteration (NULL, FALSE);
  if (fixture->server_call != NULL)
    {
      subscribe (fixture->server_call, BOTH, &fixture->told);
      while (fixture->told.n == 0)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (fixture->told.events[0], ==, CONVOKE_SERVER_CALL_EVENTS_CANCEL);
    }
  assert_failed (call, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

static void
test_not_asked (Fixture       *fixture,
                gconstpointer  data)
{
  g_test_summary ("RA-26: nobody is told of what he did not ask for");

  subscribe (fixture->server_call, CONVOKE_SERVER_CALL_EVENTS_DISCONNECT, &fixture->told);
  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  iterate_all ();
  g_assert_cmpuint (fixture->told.n, ==, 0);
}

static void
test_not_told_after_end (Fixture       *fixture,
                         gconstpointer  data)
{
  g_test_summary ("RA-26: after complete nobody is told any more, also not of what was on its way");

  subscribe (fixture->server_call, BOTH, &fixture->told);
  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  g_assert_true (convoke_server_call_complete (fixture->server_call, NULL, 2.5));
  iterate_all ();
  g_assert_cmpuint (fixture->told.n, ==, 0);
  g_assert_cmpint (fixture->told.n_freed, ==, 1);
}

static void
test_subscribe_after_end (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-22: an ended call has nothing to tell: CALL_COMPLETE, and the data is freed");

  g_assert_true (convoke_server_call_complete (fixture->server_call, NULL, 2.5));
  g_assert_false (convoke_server_call_subscribe (fixture->server_call, BOTH, NULL, told_cb, &fixture->told, told_free, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_assert_cmpint (fixture->told.n_freed, ==, 1);
}

static void
test_told_in_dropped (Fixture       *fixture,
                      gconstpointer  data)
{
  g_test_summary ("SV-12: a server call that is dropped ends its subscriptions too");

  subscribe (fixture->server_call, BOTH, &fixture->told);
  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  g_clear_object (&fixture->server_call);
  iterate_all ();
  g_assert_cmpuint (fixture->told.n, ==, 0);
  g_assert_cmpint (fixture->told.n_freed, ==, 1);
}

static void
test_told_in_context (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_test_summary ("P-11: a subscriber is told in the main context that it named");

  g_assert_true (convoke_server_call_subscribe (fixture->server_call, BOTH, context, told_cb, &fixture->told, NULL, NULL));
  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  iterate_all ();
  g_assert_cmpuint (fixture->told.n, ==, 0);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_cmpuint (fixture->told.n, ==, 1);
}

static void
told_on_queue_cb (ConvokeServerCall       *server_call,
                  ConvokeServerCallEvents  event,
                  gpointer                 data)
{
  g_autoptr (GError) reason = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
  Told *told = data;

  told->thread = g_thread_self ();
  g_assert_true (convoke_server_call_abort (server_call, reason, NULL));
}

static void
test_told_on_queue (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);

  g_test_summary ("P-11, RA-14: a subscriber is told on the work queue that it named, and may end the call there");

  g_assert_true (convoke_server_call_subscribe_in_queue (fixture->server_call, BOTH, queue, told_on_queue_cb, &fixture->told, NULL, NULL));
  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  assert_failed (fixture->call, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (fixture->told.thread != g_thread_self ());
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture->call), ==, CONVOKE_CANCEL_OUTCOME_STOPPED);
}

static void
test_told_of_operation (void)
{
  g_autoptr (ConvokeCall) call = convoke_call_new_operation (NULL, "fetch");
  g_autoptr (ConvokeServerCall) work = convoke_call_begin_operation (call, NULL);
  g_autoptr (GError) error = NULL;
  Told told = { { 0 }, };

  g_test_summary ("RA-26: whoever works on an operation is told of its cancel like any server");

  g_assert_true (convoke_server_call_subscribe (work, BOTH, NULL, told_on_queue_cb, &told, NULL, NULL));
  g_assert_true (convoke_call_cancel (call, CONVOKE_CANCEL_POLITE, NULL));
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_false (convoke_call_finish_operation (call, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
end_itself_cb (ConvokeServerCall       *server_call,
               ConvokeServerCallEvents  event,
               gpointer                 data)
{
  ConvokeServerCall **kept = data;

  g_clear_object (kept);
}

static void
test_told_drops (Fixture       *fixture,
                 gconstpointer  data)
{
  g_test_summary ("RA-26: whoever is told may drop the server call");

  g_assert_true (convoke_server_call_subscribe (fixture->server_call, BOTH, NULL, end_itself_cb, &fixture->server_call, NULL, NULL));
  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  iterate_all ();
  assert_failed (fixture->call, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT);
}

static void
test_subscription_keeps_call (Fixture       *fixture,
                              gconstpointer  data)
{
  gpointer gone = fixture->server_call;

  g_test_summary ("RA-22: data that keeps the server call is freed by its end, so the two do not keep each other");

  g_object_add_weak_pointer (gone, &gone);
  g_assert_true (convoke_server_call_subscribe (fixture->server_call, BOTH, NULL, told_cb, g_object_ref (fixture->server_call),
                                                g_object_unref, NULL));
  g_assert_true (convoke_server_call_complete (fixture->server_call, NULL, 2.5));
  g_clear_object (&fixture->server_call);
  g_assert_null (gone);
}

static void
test_cancel_status (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-25, X-21: 1791 while running, 0 once cancelled; RA-21: a second end is 1914");

  g_assert_cmpuint (convoke_server_call_get_cancel_status (fixture->server_call), ==, 1791);
  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  g_assert_cmpuint (convoke_server_call_get_cancel_status (fixture->server_call), ==, 0);
  g_assert_true (convoke_server_call_complete (fixture->server_call, NULL, 2.5));
  g_assert_false (convoke_server_call_complete (fixture->server_call, &error, 2.5));
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_RPC), ==, 1914);
}

static void
test_cancel_status_ended (Fixture       *fixture,
                          gconstpointer  data)
{
  g_test_summary ("RA-25: 1725 when there is no call any more");

  g_assert_true (convoke_server_call_complete (fixture->server_call, NULL, 2.5));
  g_assert_cmpuint (convoke_server_call_get_cancel_status (fixture->server_call), ==, 1725);
}

static void
test_at_hand (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GObject) object = convoke_server_call_dup_object (fixture->server_call);
  g_autoptr (GCredentials) credentials = convoke_server_call_dup_credentials (fixture->server_call);
  g_autofree char *method = convoke_server_call_dup_method (fixture->server_call);

  g_test_summary ("P-7, RA-19: what was called, by whom, and how long he waits");

  g_assert_true (object == G_OBJECT (fixture->feed));
  g_assert_true (convoke_server_call_get_interface (fixture->server_call) == CONVOKE_TEST_TYPE_PRICE_FEED);
  g_assert_cmpstr (method, ==, "get_price");
  g_assert_cmpuint (convoke_server_call_get_request_id (fixture->server_call), ==, convoke_call_get_request_id (fixture->call));
  g_assert_cmpint (g_credentials_get_unix_pid (credentials, NULL), ==, getpid ());
  g_assert_cmpint (convoke_server_call_get_time_left (fixture->server_call), ==, -1);
}

static void
test_time_left (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ConvokeServerCall) first = g_steal_pointer (&fixture->server_call);
  g_autoptr (ConvokeCall) call = test_call_new (fixture->feed);

  g_test_summary ("P-7: the time left until the caller's deadline");

  convoke_call_set_timeout (call, LONG);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_false (convoke_call_wait (call, 0, NULL));
  g_assert_cmpint (convoke_server_call_get_time_left (fixture->server_call), >, 0);
  g_assert_cmpint (convoke_server_call_get_time_left (fixture->server_call), <=, LONG);
}

/* --- handing off --- */

static double
throw_price (TestFeed    *feed,
                  const char  *item,
                  gpointer     data,
                  GError     **error)
{
  g_set_error_literal (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM, "none");
  return 0;
}

static void
test_throw_before (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, throw_price, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("RA-23, T-RA-15: what is thrown before the hand-off is the call's end, without complete or abort");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  assert_failed (call, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
}

static double
defer_then_throw (TestFeed    *feed,
                  const char  *item,
                  gpointer     data,
                  GError     **error)
{
  ConvokeServerCall **kept = data;

  *kept = convoke_server_call_defer (G_OBJECT (feed), NULL);
  g_set_error_literal (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "too late to throw");
  return 0;
}

static void
test_throw_after (void)
{
  g_autoptr (ConvokeServerCall) server_call = NULL;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, defer_then_throw, &server_call);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("RA-23: what is thrown after the hand-off is ignored; the call is ended by whoever has it");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_false (convoke_call_wait (call, 0, NULL));
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_PENDING);
  g_assert_true (convoke_server_call_complete (server_call, NULL, 2.5));
  assert_price (call, 2.5);
}

static double
defer_complete_throw (TestFeed    *feed,
                      const char  *item,
                      gpointer     data,
                      GError     **error)
{
  g_autoptr (ConvokeServerCall) server_call = convoke_server_call_defer (G_OBJECT (feed), NULL);

  g_assert_true (convoke_server_call_complete (server_call, NULL, 4.5));
  g_set_error_literal (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_HELD, "too late to throw");
  return 0;
}

static void
test_throw_after_synchronous (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, defer_complete_throw, NULL);
  g_autoptr (ConvokeCall) unused = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-23: a blocked caller does not get what was thrown after the hand-off either");

  g_assert_cmpfloat (test_call_synchronously (feed, "get_price", &error), ==, 4.5);
  g_assert_no_error (error);
}

/* --- inline, and outside of a call --- */

static double
complete_inline (TestFeed    *feed,
                 const char  *item,
                 gpointer     data,
                 GError     **error)
{
  g_autoptr (ConvokeServerCall) server_call = convoke_server_call_defer (G_OBJECT (feed), NULL);
  g_autoptr (ConvokeTestGate) gate = g_object_ref (data);

  g_assert_true (convoke_server_call_complete (server_call, NULL, 6.5));
  convoke_test_gate_pass (gate);
  return 99;
}

static void
test_inline (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, complete_inline, gate);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("SV-6, SV-9, T-CA-15: completed inline, the caller has its result while the method still runs");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_true (convoke_test_gate_wait_held (gate, 1));
  assert_price (call, 6.5);
  convoke_test_gate_open (gate);
}

static void
test_defer_outside (void)
{
  g_autoptr (ConvokeServerCall) kept = NULL;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, defer_price, &kept);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A method that was called straight cannot be deferred, and learns it");

  convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (feed), "tea", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_assert_null (kept);
}

static double
defer_twice (TestFeed    *feed,
             const char  *item,
             gpointer     data,
             GError     **error)
{
  g_autoptr (ConvokeServerCall) first = convoke_server_call_defer (G_OBJECT (feed), NULL);
  g_autoptr (ConvokeServerCall) second = NULL;
  g_autoptr (GError) again = NULL;

  second = convoke_server_call_defer (G_OBJECT (feed), &again);
  g_assert_null (second);
  g_assert_error (again, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_assert_true (convoke_server_call_complete (first, NULL, 1.0));
  return 0;
}

static void
test_defer_twice (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, defer_twice, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("P-4: a call is deferred once");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  assert_price (call, 1.0);
}

/* --- synchronous callers --- */

static gpointer
wait_and_complete (gpointer data)
{
  ConvokeServerCall **kept = data;
  ConvokeServerCall *server_call;

  while ((server_call = g_atomic_pointer_get (kept)) == NULL)
    g_thread_yield ();
  g_assert_true (convoke_server_call_complete (server_call, NULL, 7.5));
  return NULL;
}

static void
test_defer_synchronous (void)
{
  g_autoptr (ConvokeServerCall) kept = NULL;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, defer_price, &kept);
  g_autoptr (ConvokeCall) unused = test_call_new (feed);
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("complete", wait_and_complete, &kept);

  g_test_summary ("CF-4: a synchronous caller of a deferred call gets the results that complete stored");

  g_assert_cmpfloat (test_call_synchronously (feed, "get_price", &error), ==, 7.5);
  g_assert_no_error (error);
  g_thread_join (thread);
}

/* Completes at once, and then needs its caller's own context, which is served only while the caller waits. */
static double
complete_and_call_back (TestFeed    *feed,
                        const char  *item,
                        gpointer     data,
                        GError     **error)
{
  g_autoptr (ConvokeServerCall) server_call = convoke_server_call_defer (G_OBJECT (feed), NULL);
  g_autoptr (GError) failure = NULL;

  g_assert_true (convoke_server_call_complete (server_call, NULL, 7.5));
  test_call_synchronously (data, "get_price_soon", &failure);
  g_assert_no_error (failure);
  return 0;
}

static gpointer
own_loop (gpointer loop)
{
  g_main_context_push_thread_default (g_main_loop_get_context (loop));
  g_main_loop_run (loop);
  g_main_context_pop_thread_default (g_main_loop_get_context (loop));
  return NULL;
}

static void
test_defer_borrowed (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) unused = test_call_new (mine);
  g_autoptr (TestFeed) feed = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("D4: a method can write where its blocked caller told it to until it returns, also when it completed before");

  g_main_context_push_thread_default (context);
  feed = test_feed_new (CONVOKE_THREADING_CONTEXT, complete_and_call_back, mine);
  g_main_context_pop_thread_default (context);
  thread = g_thread_new ("theirs", own_loop, loop);

  g_assert_cmpfloat (test_call_synchronously (feed, "get_price", &error), ==, 7.5);
  g_assert_no_error (error);

  g_main_loop_quit (loop);
  g_thread_join (thread);
}

/* --- call objects of the component's own --- */

static gboolean
begin_own (ConvokeServerCall  *server_call,
           gpointer            data,
           GError            **error)
{
  g_autofree char *method = convoke_server_call_dup_method (server_call);
  GValue *args;
  guint n_args;

  g_atomic_int_inc ((gint *) data);
  g_assert_cmpstr (method, ==, "get_price");
  args = convoke_server_call_dup_args (server_call, &n_args);
  g_assert_cmpuint (n_args, ==, 1);
  if (g_str_equal (g_value_get_string (args), "missing"))
    g_set_error_literal (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM, "none");
  else
    g_assert_true (convoke_server_call_complete (server_call, NULL, 500.0 + strlen (g_value_get_string (args))));
  g_value_unset (args);
  g_free (args);

  return error == NULL || *error == NULL;
}

static void
test_own_call (void)
{
  gint n = 0;
  g_autoptr (GObject) feed = test_factory_feed_new (CONVOKE_THREADING_SERIAL, begin_own, &n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("CF-5, SV-4: a component's own call object serves the calls begun on it");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  assert_price (call, 503);
  g_assert_cmpint (n, ==, 1);
}

static void
test_own_call_fails (void)
{
  gint n = 0;
  g_autoptr (GObject) feed = test_factory_feed_new (CONVOKE_THREADING_ANY, begin_own, &n);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("SV-5, T-CA-17: the component's begin fails with X: the caller's finish gives X");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "missing"));
  assert_failed (call, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
}

static void
test_own_call_synchronous (void)
{
  gint n = 0;
  g_autoptr (GObject) feed = test_factory_feed_new (CONVOKE_THREADING_SERIAL, begin_own, &n);
  g_autoptr (ConvokeCall) unused = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("SV-3, T-CA-13: a synchronous call is served by the component's own call object too, once");

  g_assert_cmpfloat (test_call_synchronously (feed, "get_price", &error), ==, 503);
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, 1);
}

static gboolean
keep_server_call (ConvokeServerCall  *server_call,
                  gpointer            data,
                  GError            **error)
{
  g_atomic_pointer_set ((ConvokeServerCall **) data, g_object_ref (server_call));
  return TRUE;
}

static void
test_own_call_goes (void)
{
  ConvokeServerCall *kept = NULL;
  g_autoptr (GObject) feed = test_factory_feed_new (CONVOKE_THREADING_CONTEXT, keep_server_call, &kept);
  g_autoptr (ConvokeCall) unused = test_call_new (feed);
  ConvokeCall *call = convoke_call_factory_create_call (CONVOKE_CALL_FACTORY (feed), CONVOKE_TEST_TYPE_PRICE_FEED,
                                                        NULL, NULL, NULL);
  ConvokeCall *gone = call;

  g_test_summary ("SV-10, SV-14, CF-23: a call object of the component's own that is completed later goes with its last user");

  g_object_add_weak_pointer (G_OBJECT (call), (gpointer *) &gone);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_false (convoke_call_wait (call, 0, NULL));
  g_assert_nonnull (kept);
  g_assert_true (convoke_server_call_complete (kept, NULL, 7.0));
  assert_price (call, 7);
  g_object_unref (call);
  g_assert_null (gone);
  g_object_unref (kept);
}

static void
test_no_own_call (void)
{
  g_autoptr (GObject) feed = test_factory_feed_new (CONVOKE_THREADING_ANY, NULL, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("CF-11, SV-2, T-CA-11, P-5: a factory without a call object for the interface: the method itself serves");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  assert_price (call, 1003);
}

#define ADD(path, func) \
  g_test_add ("/callfactory/server-call/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("complete-later", test_complete_later);
  ADD ("complete-elsewhere", test_complete_elsewhere);
  ADD ("complete-values", test_complete_values);
  ADD ("abort", test_abort);
  ADD ("abort-4711", test_abort_4711);
  ADD ("complete-twice", test_complete_twice);
  ADD ("dropped", test_dropped);
  ADD ("never-completes", test_never_completes);
  ADD ("eager-deadline", test_eager_deadline);
  ADD ("eager-cancel", test_eager_cancel);
  ADD ("complete-after-cancel", test_complete_after_cancel);
  ADD ("test-cancel", test_test_cancel);
  ADD ("test-complete", test_test_complete);
  ADD ("stopped", test_stopped);
  ADD ("refused", test_refused);
  ADD ("cancellable", test_cancellable);
  ADD ("context", test_context);
  ADD ("forked", test_forked);
  ADD ("told-of-cancel", test_told_of_cancel);
  ADD ("told-afterwards", test_told_afterwards);
  ADD ("told-of-deadline", test_told_of_deadline);
  ADD ("not-asked", test_not_asked);
  ADD ("not-told-after-end", test_not_told_after_end);
  ADD ("subscribe-after-end", test_subscribe_after_end);
  ADD ("told-in-dropped", test_told_in_dropped);
  ADD ("told-in-context", test_told_in_context);
  ADD ("told-on-queue", test_told_on_queue);
  ADD ("told-drops", test_told_drops);
  ADD ("subscription-keeps-call", test_subscription_keeps_call);
  ADD ("cancel-status", test_cancel_status);
  ADD ("cancel-status-ended", test_cancel_status_ended);
  ADD ("at-hand", test_at_hand);
  ADD ("time-left", test_time_left);
  g_test_add_func ("/callfactory/server-call/told-of-operation", test_told_of_operation);
  g_test_add_func ("/callfactory/server-call/throw-before", test_throw_before);
  g_test_add_func ("/callfactory/server-call/throw-after", test_throw_after);
  g_test_add_func ("/callfactory/server-call/throw-after-synchronous", test_throw_after_synchronous);
  g_test_add_func ("/callfactory/server-call/progress", test_progress);
  g_test_add_func ("/callfactory/server-call/inline", test_inline);
  g_test_add_func ("/callfactory/server-call/defer-outside", test_defer_outside);
  g_test_add_func ("/callfactory/server-call/defer-twice", test_defer_twice);
  g_test_add_func ("/callfactory/server-call/defer-synchronous", test_defer_synchronous);
  g_test_add_func ("/callfactory/server-call/own-call", test_own_call);
  g_test_add_func ("/callfactory/server-call/own-call-fails", test_own_call_fails);
  g_test_add_func ("/callfactory/server-call/own-call-synchronous", test_own_call_synchronous);
  g_test_add_func ("/callfactory/server-call/no-own-call", test_no_own_call);
  g_test_add_func ("/callfactory/server-call/own-call-goes", test_own_call_goes);
  g_test_add_func ("/callfactory/server-call/defer-borrowed", test_defer_borrowed);

  return g_test_run ();
}
