/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A pipe and the call that carries it: RA-34 to RA-38. */

#include <string.h>

#include "convoke-pipe-private.h"

#include <convoke.h>

#include "test-mill.h"

#define LONG (30 * G_USEC_PER_SEC)

typedef struct
{
  ConvokeTestMill *mill;
  ConvokeCall     *call;
  ConvokePipe     *writer;
  ConvokePipe     *reader;
} Fixture;

static void
set_up_with (Fixture          *fixture,
             ConvokePipeFlags  flags)
{
  g_autoptr (GError) error = NULL;

  fixture->mill = test_mill_new ();
  g_assert_true (convoke_require ("ConvokeTestMill", "1", &error));
  fixture->call = convoke_create_call (G_OBJECT (fixture->mill), CONVOKE_TEST_TYPE_MILL, &error);
  g_assert_no_error (error);
  g_assert_true (convoke_pipe_new (flags, 8, &fixture->writer, &fixture->reader, &error));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  set_up_with (fixture, CONVOKE_PIPE_DEFAULT);
}

static void
set_up_unordered (Fixture       *fixture,
                  gconstpointer  data)
{
  set_up_with (fixture, CONVOKE_PIPE_UNORDERED);
}

static void
set_up_outliving (Fixture       *fixture,
                  gconstpointer  data)
{
  set_up_with (fixture, CONVOKE_PIPE_OUTLIVES_CALL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->call);
  g_clear_object (&fixture->mill);
  g_clear_object (&fixture->writer);
  g_clear_object (&fixture->reader);
}

static void
push (ConvokePipe *pipe,
      const char  *text)
{
  g_autoptr (GError) error = NULL;

  convoke_pipe_push (pipe, (const guint8 *) text, strlen (text), LONG, &error);
  g_assert_no_error (error);
}

static void
assert_pull (ConvokePipe *pipe,
             const char  *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = convoke_pipe_pull (pipe, 100, LONG, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected, strlen (expected));
}

static void
assert_push_fails (ConvokePipe *pipe,
                   int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_pipe_push (pipe, (const guint8 *) "x", 1, LONG, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
}

static void
assert_pull_fails (ConvokePipe *pipe,
                   GQuark       domain,
                   int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_pipe_pull (pipe, 100, LONG, &error));
  g_assert_error (error, domain, code);
}

static void
assert_check (ConvokePipe *pipe,
              int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_pipe_check (pipe, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
}

static void
end (ConvokePipe *pipe)
{
  g_autoptr (GError) error = NULL;

  convoke_pipe_end (pipe, &error);
  g_assert_no_error (error);
}

static void
begin_take (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  convoke_call_begin (fixture->call, "take", &error, fixture->reader);
  g_assert_no_error (error);
}

static void
begin_give (Fixture *fixture,
            guint    n,
            guint    size)
{
  g_autoptr (GError) error = NULL;

  convoke_call_begin (fixture->call, "give", &error, fixture->writer, n, size);
  g_assert_no_error (error);
}

static void
begin_work (Fixture     *fixture,
            const char  *what,
            ConvokePipe *pipe)
{
  g_autoptr (GError) error = NULL;

  convoke_call_begin (fixture->call, "work", &error, what, pipe);
  g_assert_no_error (error);
}

static void
assert_number (Fixture    *fixture,
               const char *method,
               gint64      expected)
{
  g_autoptr (GError) error = NULL;
  gint64 n = -2;

  convoke_call_wait (fixture->call, LONG, &error);
  g_assert_no_error (error);
  convoke_call_finish (fixture->call, method, &error, &n);
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, expected);
}

static void
assert_call_fails (Fixture    *fixture,
                   const char *method,
                   GQuark      domain,
                   int         code)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_call_wait (fixture->call, LONG, NULL));
  g_assert_false (convoke_call_finish (fixture->call, method, &error, NULL));
  g_assert_error (error, domain, code);
}

static void
wait_until_waiting (ConvokePipe *pipe,
                    guint        n)
{
  gint64 deadline = g_get_monotonic_time () + LONG;
  ConvokePipeSide side;
  ConvokePipeCore *core = convoke_pipe_end_get_core (pipe, &side);

  while (convoke_pipe_core_get_n_waiting (core, side) != n)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_thread_yield ();
    }
}

/* --- as it should be --- */

static void
test_in (Fixture       *fixture,
         gconstpointer  data)
{
  g_test_summary ("RA-34, RA-35: an input: call, push, push the end, wait, complete; the callee pulls to the end");

  begin_take (fixture);
  for (guint i = 0; i < 10; i++)
    push (fixture->writer, "12345");
  end (fixture->writer);
  assert_number (fixture, "take", 50);
  g_assert_true (convoke_pipe_check (fixture->writer, NULL));
}

static void
test_out (Fixture       *fixture,
          gconstpointer  data)
{
  const char chunks[] = { 0, 1, 2 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) nothing = NULL;
  gboolean given = FALSE;

  g_test_summary ("T-RA-19: an output of 3 chunks: pull (997, then data), pull, pull, the end, complete");

  g_assert_null (convoke_pipe_try_pull (fixture->reader, 100, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_RPC), ==, 997);
  g_clear_error (&error);

  begin_give (fixture, 3, 1);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GBytes) bytes = convoke_pipe_pull (fixture->reader, 100, LONG, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), chunks + i, 1);
    }
  nothing = convoke_pipe_pull (fixture->reader, 100, LONG, &error);
  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
  g_assert_true (convoke_call_wait (fixture->call, LONG, NULL));
  g_assert_true (convoke_call_finish (fixture->call, "give", &error, &given));
  g_assert_true (given);
}

static void
test_out_later (Fixture       *fixture,
                gconstpointer  data)
{
  const char chunk[] = { 0, 0, 0 };
  g_autoptr (GBytes) bytes = NULL;

  g_test_summary ("What an output still holds when its call has ended can be pulled, and then its end");

  begin_give (fixture, 1, 3);
  g_assert_true (convoke_call_wait (fixture->call, LONG, NULL));
  g_assert_true (convoke_call_finish (fixture->call, "give", NULL, NULL));
  g_clear_object (&fixture->call);
  g_clear_object (&fixture->writer);
  bytes = convoke_pipe_pull (fixture->reader, 100, LONG, NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), chunk, sizeof chunk);
  assert_pull (fixture->reader, "");
}

static gpointer
feed_cb (gpointer data)
{
  push (data, "abc");
  end (data);
  return NULL;
}

static void
test_synchronous (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ConvokeTestMill) proxy = CONVOKE_TEST_MILL (convoke_create_proxy (G_OBJECT (fixture->mill), NULL));
  GThread *thread = g_thread_new ("feed", feed_cb, fixture->writer);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A synchronous call carries a pipe too, while another thread pushes");

  g_assert_cmpint (convoke_test_mill_take (proxy, fixture->reader, &error), ==, 3);
  g_assert_no_error (error);
  g_thread_join (thread);
}

/* --- bad ends --- */

static void
test_undrained (Fixture       *fixture,
                gconstpointer  data)
{
  g_test_summary ("T-RA-21: a call that ends with an undrained input: PIPE_DISCIPLINE on the pipe, and the result stands");

  push (fixture->writer, "12345678");
  begin_work (fixture, "pull", fixture->reader);
  assert_number (fixture, "work", 8);
  assert_push_fails (fixture->writer, CONVOKE_ERROR_PIPE_DISCIPLINE);
  assert_check (fixture->writer, CONVOKE_ERROR_PIPE_DISCIPLINE);
  assert_pull_fails (fixture->reader, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_DISCIPLINE);
}

static void
test_undrained_pending (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = convoke_create_call (G_OBJECT (fixture->writer), CONVOKE_TYPE_PIPE, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-RA-21: also for a push that waits, and also when the end was pushed already");

  push (fixture->writer, "12345678");
  g_assert_true (convoke_call_begin (call, "push", NULL, "more", (gsize) 4, (gint64) -1));
  wait_until_waiting (fixture->writer, 1);
  end (fixture->writer);
  begin_work (fixture, "nothing", fixture->reader);
  assert_number (fixture, "work", 0);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_false (convoke_call_finish (call, "push", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_DISCIPLINE);
  assert_check (fixture->writer, CONVOKE_ERROR_PIPE_DISCIPLINE);
}

static void
test_wrong_side (Fixture       *fixture,
                 gconstpointer  data)
{
  g_test_summary ("T-RA-21: a push by the callee on an input is PIPE_DISCIPLINE");

  begin_work (fixture, "push", fixture->reader);
  assert_call_fails (fixture, "work", CONVOKE_ERROR, CONVOKE_ERROR_PIPE_DISCIPLINE);
}

static void
test_unended (Fixture       *fixture,
              gconstpointer  data)
{
  g_test_summary ("RA-36: a call that ends without the end of its output: what was pushed, and then PIPE_DISCIPLINE");

  begin_work (fixture, "push", fixture->writer);
  assert_number (fixture, "work", 3);
  assert_pull (fixture->reader, "abc");
  assert_pull_fails (fixture->reader, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_DISCIPLINE);
}

static void
test_fails (Fixture       *fixture,
            gconstpointer  data)
{
  g_test_summary ("RA-38: a callee that fails in the middle of an input: its error, and PIPE_CLOSED for who pushes");

  push (fixture->writer, "12345678");
  begin_work (fixture, "pull-and-fail", fixture->reader);
  assert_call_fails (fixture, "work", G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  assert_push_fails (fixture->writer, CONVOKE_ERROR_PIPE_CLOSED);
}

static void
test_fails_out (Fixture       *fixture,
                gconstpointer  data)
{
  g_test_summary ("RA-38: a callee that fails in the middle of an output: who pulls gets the call's very error");

  begin_work (fixture, "pull-and-fail", fixture->writer);
  assert_call_fails (fixture, "work", CONVOKE_ERROR, CONVOKE_ERROR_PIPE_DISCIPLINE);
  assert_pull_fails (fixture->reader, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_DISCIPLINE);
}

static void
test_callee_aborts (Fixture       *fixture,
                    gconstpointer  data)
{
  g_test_summary ("RA-38: a callee that aborts an output: who pulls gets its very error");

  begin_work (fixture, "abort", fixture->writer);
  assert_number (fixture, "work", 0);
  assert_pull_fails (fixture->reader, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
}

static void
test_cancel_polite (Fixture       *fixture,
                    gconstpointer  data)
{
  g_test_summary ("RA-38, RA-14: a callee that waits for an input is told of a polite cancel by the pipe, and the call ends by it");

  push (fixture->writer, "abc");
  begin_take (fixture);
  wait_until_waiting (fixture->reader, 1);
  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  assert_call_fails (fixture, "take", CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture->call), ==, CONVOKE_CANCEL_OUTCOME_STOPPED);
  assert_push_fails (fixture->writer, CONVOKE_ERROR_PIPE_CLOSED);
}

static void
test_cancel_out (Fixture       *fixture,
                 gconstpointer  data)
{
  g_test_summary ("RA-38: the same for a callee that waits for room in an output; who pulls gets CANCELLED");

  begin_give (fixture, 100, 8);
  wait_until_waiting (fixture->writer, 1);
  g_assert_true (convoke_call_cancel (fixture->call, -1, NULL));
  assert_call_fails (fixture, "give", CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  assert_pull_fails (fixture->reader, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
}

static void
test_cancel_abortive (Fixture       *fixture,
                      gconstpointer  data)
{
  g_test_summary ("RA-14, RA-38: an abortive cancel closes the pipe at once, for both");

  begin_take (fixture);
  wait_until_waiting (fixture->reader, 1);
  g_assert_true (convoke_call_cancel (fixture->call, 0, NULL));
  assert_push_fails (fixture->writer, CONVOKE_ERROR_PIPE_CLOSED);
  assert_pull_fails (fixture->reader, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  assert_call_fails (fixture, "take", CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
}

static void
test_deadline (Fixture       *fixture,
               gconstpointer  data)
{
  g_test_summary ("A deadline that passes closes the pipe: TIMEOUT for who pulls, PIPE_CLOSED for who pushes");

  convoke_call_set_timeout (fixture->call, 1000);
  begin_take (fixture);
  assert_call_fails (fixture, "take", CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  assert_push_fails (fixture->writer, CONVOKE_ERROR_PIPE_CLOSED);
  assert_pull_fails (fixture->reader, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

static void
test_begin_fails (Fixture       *fixture,
                  gconstpointer  data)
{
  g_test_summary ("RA-8: a begin that fails leaves the pipe to another call");

  g_assert_false (convoke_call_begin (fixture->call, "take", NULL, NULL));
  push (fixture->writer, "abc");
  end (fixture->writer);
  begin_take (fixture);
  assert_number (fixture, "take", 3);
}

/* --- several --- */

static void
begin_two (Fixture     *fixture,
           const char  *method,
           ConvokePipe *first,
           ConvokePipe *second)
{
  g_autoptr (GError) error = NULL;

  convoke_call_begin (fixture->call, method, &error, first, second);
  g_assert_no_error (error);
}

static void
new_pipe (ConvokePipeFlags   flags,
          ConvokePipe      **writer,
          ConvokePipe      **reader)
{
  g_assert_true (convoke_pipe_new (flags, 100, writer, reader, NULL));
}

static void
test_in_and_out (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (ConvokePipe) writer = NULL;
  g_autoptr (ConvokePipe) reader = NULL;

  g_test_summary ("RA-34, RA-35: in and out are two pipes: push to the end, then pull to the end");

  new_pipe (CONVOKE_PIPE_DEFAULT, &writer, &reader);
  begin_two (fixture, "grind", fixture->reader, writer);
  assert_pull_fails (reader, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_ORDER);
  push (fixture->writer, "abc");
  end (fixture->writer);
  assert_pull (reader, "abc");
  assert_pull (reader, "");
  assert_number (fixture, "grind", 3);
}

static void
test_callee_order (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (ConvokePipe) writer = NULL;
  g_autoptr (ConvokePipe) reader = NULL;

  g_test_summary ("RA-35, RA-36: a callee that pushes before it has pulled to the end: PIPE_ORDER");

  new_pipe (CONVOKE_PIPE_DEFAULT, &writer, &reader);
  test_mill_set_disorderly (fixture->mill);
  begin_two (fixture, "grind", fixture->reader, writer);
  assert_call_fails (fixture, "grind", CONVOKE_ERROR, CONVOKE_ERROR_PIPE_ORDER);
  assert_pull_fails (reader, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_ORDER);
}

static void
test_left_to_right (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (ConvokePipe) writer = NULL;
  g_autoptr (ConvokePipe) reader = NULL;

  g_test_summary ("RA-37, X-41: several inputs go from left to right, for who pushes them");

  new_pipe (CONVOKE_PIPE_DEFAULT, &writer, &reader);
  begin_two (fixture, "mix", fixture->reader, reader);
  assert_push_fails (writer, CONVOKE_ERROR_PIPE_ORDER);
  push (fixture->writer, "abc");
  end (fixture->writer);
  push (writer, "de");
  end (writer);
  assert_number (fixture, "mix", 5);
}

static void
test_right_to_left (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (ConvokePipe) writer = NULL;
  g_autoptr (ConvokePipe) reader = NULL;

  g_test_summary ("RA-37: and for who pulls them");

  new_pipe (CONVOKE_PIPE_DEFAULT, &writer, &reader);
  test_mill_set_disorderly (fixture->mill);
  begin_two (fixture, "mix", fixture->reader, reader);
  assert_call_fails (fixture, "mix", CONVOKE_ERROR, CONVOKE_ERROR_PIPE_ORDER);
}

static void
test_unordered (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ConvokePipe) writer = NULL;
  g_autoptr (ConvokePipe) reader = NULL;

  g_test_summary ("A pipe made unordered holds nobody up, and is not held up");

  new_pipe (CONVOKE_PIPE_UNORDERED, &writer, &reader);
  test_mill_set_disorderly (fixture->mill);
  begin_two (fixture, "grind", fixture->reader, writer);
  assert_pull (reader, "x");
  push (fixture->writer, "abc");
  end (fixture->writer);
  assert_pull (reader, "abc");
  assert_number (fixture, "grind", 3);
}

static void
test_same_twice (Fixture       *fixture,
               gconstpointer  data)
{
  g_test_summary ("The same end twice in one call is one pipe");

  begin_two (fixture, "mix", fixture->reader, fixture->reader);
  push (fixture->writer, "abc");
  end (fixture->writer);
  assert_number (fixture, "mix", 3);
}

/* --- one that is longer --- */

static void
test_outlives (Fixture       *fixture,
               gconstpointer  data)
{
  g_test_summary ("A pipe that outlives its call goes on after it");

  begin_work (fixture, "keep", fixture->writer);
  assert_number (fixture, "work", 0);
  g_clear_object (&fixture->writer);
  begin_work (fixture, "push-kept", NULL);
  assert_number (fixture, "work", 3);
  assert_pull (fixture->reader, "abc");
  begin_work (fixture, "end-kept", NULL);
  assert_number (fixture, "work", 0);
  assert_pull (fixture->reader, "");
}

static void
test_given_back (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (ConvokePipe) reader = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A pipe that comes back from a call is nobody's input, and goes on after it");

  g_assert_true (convoke_call_begin (fixture->call, "open", &error, 100));
  g_assert_true (convoke_call_wait (fixture->call, LONG, NULL));
  g_assert_true (convoke_call_finish (fixture->call, "open", &error, &reader));
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GBytes) bytes = convoke_pipe_pull (reader, 100, LONG, &error);

      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &i, sizeof i);
    }
  assert_pull (reader, "");
}

#define ADD(path, test) g_test_add ("/callfactory/pipe-call/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("in", test_in);
  ADD ("out", test_out);
  ADD ("out-later", test_out_later);
  ADD ("synchronous", test_synchronous);
  ADD ("undrained", test_undrained);
  ADD ("undrained-pending", test_undrained_pending);
  ADD ("wrong-side", test_wrong_side);
  ADD ("unended", test_unended);
  ADD ("fails", test_fails);
  ADD ("fails-out", test_fails_out);
  ADD ("callee-aborts", test_callee_aborts);
  ADD ("cancel-polite", test_cancel_polite);
  ADD ("cancel-out", test_cancel_out);
  ADD ("cancel-abortive", test_cancel_abortive);
  ADD ("deadline", test_deadline);
  ADD ("begin-fails", test_begin_fails);
  ADD ("in-and-out", test_in_and_out);
  ADD ("callee-order", test_callee_order);
  ADD ("left-to-right", test_left_to_right);
  ADD ("right-to-left", test_right_to_left);
  ADD ("same-twice", test_same_twice);
  g_test_add ("/callfactory/pipe-call/unordered", Fixture, NULL, set_up_unordered, test_unordered, tear_down);
  g_test_add ("/callfactory/pipe-call/outlives", Fixture, NULL, set_up_outliving, test_outlives, tear_down);
  ADD ("given-back", test_given_back);

  return g_test_run ();
}
