/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Pipes at every distance: the same claims (design D8), and what the death of either process does. */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <convoke.h>
#include <glib/gstdio.h>

#include "../callfactory/test-mill.h"

#define CLASS_NAME "test.Mill"
#define LONG       (30 * G_USEC_PER_SEC)

static char            *directory;
static ConvokeCatalog  *catalog;
static ConvokeDistance  distance;

/* --- doing --- */

static ConvokeTestMill *
activate (void)
{
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  g_autoptr (GError) error = NULL;
  GObject *object;

  convoke_activation_set_distance (activation, distance, CONVOKE_PLACEMENT_MUST);
  object = convoke_catalog_activate (catalog, CLASS_NAME, CONVOKE_TEST_TYPE_MILL, activation, NULL, &error);
  g_assert_no_error (error);
  return CONVOKE_TEST_MILL (object);
}

typedef struct
{
  ConvokeTestMill *mill;
  ConvokeCall     *call;
  ConvokePipe     *writer;
  ConvokePipe     *reader;
} Fixture;

static void
set_up (Fixture          *fixture,
        ConvokePipeFlags  flags,
        gsize             capacity)
{
  g_autoptr (GError) error = NULL;

  fixture->mill = activate ();
  fixture->call = convoke_create_call (G_OBJECT (fixture->mill), CONVOKE_TEST_TYPE_MILL, &error);
  g_assert_no_error (error);
  g_assert_true (convoke_pipe_new (flags, capacity, &fixture->writer, &fixture->reader, &error));
}

static void
clear (Fixture *fixture)
{
  g_clear_object (&fixture->call);
  g_clear_object (&fixture->mill);
  g_clear_object (&fixture->writer);
  g_clear_object (&fixture->reader);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, clear)

static void
push (ConvokePipe *pipe,
      const char  *text)
{
  g_autoptr (GError) error = NULL;

  convoke_pipe_push (pipe, (const guint8 *) text, strlen (text), LONG, &error);
  g_assert_no_error (error);
}

static void
end (ConvokePipe *pipe)
{
  g_autoptr (GError) error = NULL;

  convoke_pipe_end (pipe, &error);
  g_assert_no_error (error);
}

static GBytes *
pull (ConvokePipe *pipe)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = convoke_pipe_pull (pipe, G_MAXSIZE, LONG, &error);

  g_assert_no_error (error);
  return bytes;
}

static void
assert_pull (ConvokePipe *pipe,
             const char  *expected)
{
  g_autoptr (GBytes) bytes = pull (pipe);

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
begin_with (Fixture     *fixture,
            const char  *method,
            ConvokePipe *pipe)
{
  g_autoptr (GError) error = NULL;

  convoke_call_begin (fixture->call, method, &error, pipe);
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
assert_given (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  convoke_call_wait (fixture->call, LONG, &error);
  g_assert_no_error (error);
  convoke_call_finish (fixture->call, "give", &error, NULL);
  g_assert_no_error (error);
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

/* --- at every distance --- */

static void
test_in (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("RA-34: an input goes to the callee, wherever that is");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  begin_with (&fixture, "take", fixture.reader);
  for (guint i = 0; i < 100; i++)
    push (fixture.writer, "abc");
  end (fixture.writer);
  assert_number (&fixture, "take", 300);
  g_assert_true (convoke_pipe_check (fixture.writer, NULL));
}

static void
test_out (void)
{
  g_auto (Fixture) fixture = { NULL, };
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-RA-19: an output of 3 chunks comes from the callee, in order, then its end");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 2);
  g_assert_null (convoke_pipe_try_pull (fixture.reader, 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  begin_give (&fixture, 3, 1);
  for (char i = 0; i < 3; i++)
    {
      g_autoptr (GBytes) bytes = pull (fixture.reader);

      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &i, 1);
    }
  assert_pull (fixture.reader, "");
  assert_given (&fixture);
}

static void
test_large (void)
{
  const gsize size = 64 << 10;
  const guint n = 200;
  g_auto (Fixture) fixture = { NULL, };
  gsize total = 0;

  g_test_summary ("Many buffers of 64 KiB come out as they were pushed");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 4 * size);
  begin_give (&fixture, n, size);
  for (;;)
    {
      g_autoptr (GBytes) bytes = pull (fixture.reader);
      const guint8 *data = g_bytes_get_data (bytes, NULL);
      gsize length = g_bytes_get_size (bytes);

      for (gsize i = 0; i < length; i++)
        g_assert_cmpuint (data[i], ==, (guint8) ((total + i) / size));
      total += length;
      if (length == 0)
        break;
    }
  g_assert_cmpuint (total, ==, n * size);
  assert_given (&fixture);
}

static void
test_oversized (void)
{
  const guint size = 5 << 20;
  g_auto (Fixture) fixture = { NULL, };
  gsize total = 0;

  g_test_summary ("A push that is larger than the pipe, and larger than a pull may be, goes in alone and comes out in parts");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 1000);
  begin_give (&fixture, 2, size);
  for (;;)
    {
      g_autoptr (GBytes) bytes = pull (fixture.reader);

      total += g_bytes_get_size (bytes);
      g_assert_cmpuint (g_bytes_get_size (bytes), <=, 1 << 20);
      if (g_bytes_get_size (bytes) == 0)
        break;
    }
  g_assert_cmpuint (total, ==, 2 * size);
  assert_given (&fixture);
}

static void
test_bound_out (void)
{
  const guint n = 100;
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("Back-pressure: a callee is never more chunks ahead of who pulls than the pipe holds, and one that waits");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  begin_give (&fixture, n, 8);
  /* One in the pipe, one at its door: with two to come it cannot have ended. */
  for (guint pulled = 0; pulled + 2 < n; pulled++)
    {
      g_autoptr (GBytes) bytes = pull (fixture.reader);

      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 8);
      g_assert_cmpint (convoke_call_get_state (fixture.call), ==, CONVOKE_CALL_STATE_PENDING);
    }
  g_bytes_unref (pull (fixture.reader));
  g_bytes_unref (pull (fixture.reader));
  assert_pull (fixture.reader, "");
  assert_given (&fixture);
}

static void
test_bound_in (void)
{
  g_auto (Fixture) fixture = { NULL, };
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_test_summary ("Back-pressure: while nobody pulls, a pipe takes as much as it holds and no more");

  set_up (&fixture, CONVOKE_PIPE_OUTLIVES_CALL, 8);
  begin_work (&fixture, "keep", fixture.reader);
  assert_number (&fixture, "work", 0);
  while (convoke_pipe_try_push (fixture.writer, (const guint8 *) "x", 1, &error))
    n++;
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_assert_cmpuint (n, ==, 8);
  begin_work (&fixture, "pull-kept", NULL);
  push (fixture.writer, "y");
  end (fixture.writer);
  assert_number (&fixture, "work", 9);
}

static void
test_items (void)
{
  g_auto (Fixture) fixture = { NULL, };
  g_autoptr (ConvokePipe) writer = NULL;
  g_autoptr (ConvokePipe) reader = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-31: typed items, wherever the callee is");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  g_assert_true (convoke_pipe_new_items (CONVOKE_PIPE_DEFAULT, G_VARIANT_TYPE ("(si)"), 3, &writer, &reader, &error));
  begin_with (&fixture, "take", reader);
  for (int i = 0; i < 20; i++)
    {
      convoke_pipe_push_items (writer, g_variant_new_parsed ("[('tea', %i), ('milk', %i)]", i, i), LONG, &error);
      g_assert_no_error (error);
    }
  end (writer);
  assert_number (&fixture, "take", 40);
}

static void
test_end_twice (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("RA-33: a push of nothing is the end; the callee that says the end again fails with PIPE_CLOSED");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  begin_give (&fixture, 1, 0);
  assert_pull (fixture.reader, "");
  assert_call_fails (&fixture, "give", CONVOKE_ERROR, CONVOKE_ERROR_PIPE_CLOSED);
  assert_pull (fixture.reader, "");
}

static void
test_undrained (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("T-RA-21: a callee that ends its call with an undrained input: PIPE_DISCIPLINE on the pipe");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  push (fixture.writer, "abc");
  begin_work (&fixture, "pull", fixture.reader);
  assert_number (&fixture, "work", 3);
  assert_push_fails (fixture.writer, CONVOKE_ERROR_PIPE_DISCIPLINE);
}

static void
test_unended (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("RA-36: a callee that ends its call without the end of its output: PIPE_DISCIPLINE behind what it pushed");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  begin_work (&fixture, "push", fixture.writer);
  assert_number (&fixture, "work", 3);
  assert_pull (fixture.reader, "abc");
  assert_pull_fails (fixture.reader, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_DISCIPLINE);
}

static void
test_wrong_side (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("T-RA-21: a push by the callee on an input is PIPE_DISCIPLINE");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  begin_work (&fixture, "push", fixture.reader);
  assert_call_fails (&fixture, "work", CONVOKE_ERROR, CONVOKE_ERROR_PIPE_DISCIPLINE);
}

static void
test_order (void)
{
  g_auto (Fixture) fixture = { NULL, };
  g_autoptr (ConvokePipe) writer = NULL;
  g_autoptr (ConvokePipe) reader = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-34, RA-36: in and out: what is pulled before all is pushed is PIPE_ORDER");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  g_assert_true (convoke_pipe_new (CONVOKE_PIPE_DEFAULT, 100, &writer, &reader, &error));
  convoke_call_begin (fixture.call, "grind", &error, fixture.reader, writer);
  g_assert_no_error (error);
  assert_pull_fails (reader, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_ORDER);
  push (fixture.writer, "abc");
  end (fixture.writer);
  assert_pull (reader, "abc");
  assert_pull (reader, "");
  assert_number (&fixture, "grind", 3);
}

static void
test_callee_aborts (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("RA-38: a callee that aborts its output: who pulls gets its very error");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  begin_work (&fixture, "abort", fixture.writer);
  assert_number (&fixture, "work", 0);
  assert_pull_fails (fixture.reader, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
}

static void
test_caller_aborts (void)
{
  g_auto (Fixture) fixture = { NULL, };
  g_autoptr (GError) reason = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "the disk is full");

  g_test_summary ("RA-38: a caller that aborts an input: the callee gets its very error, and its call ends with that");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  begin_with (&fixture, "take", fixture.reader);
  push (fixture.writer, "abc");
  g_assert_true (convoke_pipe_abort (fixture.writer, reason, NULL));
  assert_call_fails (&fixture, "take", G_FILE_ERROR, G_FILE_ERROR_NOSPC);
}

static void
wait_until_empty (Fixture *fixture)
{
  g_autoptr (ConvokeEvent) event = convoke_pipe_dup_event (fixture->reader, NULL);
  gint64 deadline = g_get_monotonic_time () + LONG;

  while (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, 0, NULL))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_thread_yield ();
    }
}

static void
test_cancel (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("RA-38, RA-14: a polite cancel in the middle: the callee that waits at the pipe is told, and its call ends");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  begin_with (&fixture, "take", fixture.reader);
  push (fixture.writer, "abc");
  wait_until_empty (&fixture);
  g_assert_true (convoke_call_cancel (fixture.call, -1, NULL));
  assert_call_fails (&fixture, "take", CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_call_get_cancel_outcome (fixture.call), ==, CONVOKE_CANCEL_OUTCOME_STOPPED);
  assert_push_fails (fixture.writer, CONVOKE_ERROR_PIPE_CLOSED);
}

static void
test_abandon (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("An abortive cancel in the middle closes the pipe, and the callee is free for the next call");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  begin_give (&fixture, 100, 8);
  g_bytes_unref (pull (fixture.reader));
  g_assert_true (convoke_call_cancel (fixture.call, 0, NULL));
  assert_pull_fails (fixture.reader, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  assert_call_fails (&fixture, "give", CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  begin_work (&fixture, "nothing", NULL);
  assert_number (&fixture, "work", 0);
}

static void
test_dropped_reader (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("A callee that drops a reader that it kept closes the pipe for who pushes");

  set_up (&fixture, CONVOKE_PIPE_OUTLIVES_CALL, 8);
  push (fixture.writer, "12345678");
  begin_work (&fixture, "keep", fixture.reader);
  g_clear_object (&fixture.reader);
  assert_number (&fixture, "work", 0);
  g_clear_object (&fixture.call);
  fixture.call = convoke_create_call (G_OBJECT (fixture.mill), CONVOKE_TEST_TYPE_MILL, NULL);
  begin_work (&fixture, "drop", NULL);
  assert_number (&fixture, "work", 0);
  assert_push_fails (fixture.writer, CONVOKE_ERROR_PIPE_CLOSED);
}

/* --- a pipe of the callee's --- */

static ConvokePipe *
open_pipe (Fixture *fixture,
           guint    n)
{
  g_autoptr (GError) error = NULL;
  ConvokePipe *reader = convoke_test_mill_open (fixture->mill, n, &error);

  g_assert_no_error (error);
  return reader;
}

static void
test_given_back (void)
{
  g_auto (Fixture) fixture = { NULL, };
  g_autoptr (ConvokePipe) reader = NULL;

  g_test_summary ("A pipe of the callee's comes back from a call, and goes on after it");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  reader = open_pipe (&fixture, 200);
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (GBytes) bytes = pull (reader);

      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &i, sizeof i);
    }
  assert_pull (reader, "");
  g_assert_true (convoke_pipe_check (reader, NULL));
}

static ConvokeCall *
begin_pull (ConvokePipe *pipe,
            gint64       timeout)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_create_call (G_OBJECT (pipe), CONVOKE_TYPE_PIPE, &error);

  g_assert_no_error (error);
  convoke_call_begin (call, "pull", &error, (gsize) 100, timeout);
  g_assert_no_error (error);
  return call;
}

static void
test_begun_pull (void)
{
  g_auto (Fixture) fixture = { NULL, };
  g_autoptr (ConvokePipe) reader = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-32: a begun pull of a pipe that is elsewhere ends when data comes; until then 997 to who does not wait");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  reader = open_pipe (&fixture, G_MAXUINT);
  g_assert_null (convoke_pipe_try_pull (reader, 100, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_clear_error (&error);
  call = begin_pull (reader, -1);
  begin_work (&fixture, "push-kept", NULL);
  assert_number (&fixture, "work", 3);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_true (convoke_call_finish (call, "pull", &error, &bytes));
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "abc", 3);
}

static void
test_pull_cancelled (void)
{
  g_auto (Fixture) fixture = { NULL, };
  g_autoptr (ConvokePipe) reader = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A begun pull of a pipe that is elsewhere stops when it is cancelled, or when its time-out passes, and takes nothing");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  reader = open_pipe (&fixture, G_MAXUINT);
  call = begin_pull (reader, -1);
  g_assert_true (convoke_call_cancel (call, -1, NULL));
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_false (convoke_call_finish (call, "pull", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_call_get_cancel_outcome (call), ==, CONVOKE_CANCEL_OUTCOME_STOPPED);
  g_clear_error (&error);

  g_assert_null (convoke_pipe_pull (reader, 100, 1000, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);

  begin_work (&fixture, "push-kept", NULL);
  assert_number (&fixture, "work", 3);
  assert_pull (reader, "abc");
}

static void
test_dropped_remote_reader (void)
{
  g_auto (Fixture) fixture = { NULL, };
  g_autoptr (ConvokePipe) reader = NULL;
  gint64 deadline = g_get_monotonic_time () + LONG;
  int code = 0;

  g_test_summary ("A caller that drops the reader of a callee's pipe closes it for the callee");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  reader = open_pipe (&fixture, G_MAXUINT);
  g_clear_object (&reader);
  /* It is told without anybody waiting for that. */
  do
    {
      g_autoptr (GError) error = NULL;

      convoke_test_mill_work (fixture.mill, "push-kept", NULL, &error);
      code = error != NULL && error->domain == CONVOKE_ERROR ? error->code : 0;
    }
  while (code == 0 && g_get_monotonic_time () < deadline);
  g_assert_cmpint (code, ==, CONVOKE_ERROR_PIPE_CLOSED);
}

/* --- death --- */

static void
test_reader_dies (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("A callee whose process dies in the middle of an input: PIPE_CLOSED for who pushes");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  push (fixture.writer, "12345678");
  begin_work (&fixture, "pull-and-die", fixture.reader);
  assert_call_fails (&fixture, "work", CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  assert_push_fails (fixture.writer, CONVOKE_ERROR_PIPE_CLOSED);
}

static void
test_writer_dies (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("A callee whose process dies in the middle of an output: the cause for who pulls, and no end");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  begin_work (&fixture, "push-and-die", fixture.writer);
  assert_call_fails (&fixture, "work", CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  assert_pull_fails (fixture.reader, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
}

static void
test_kept_reader_dies (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("A process that dies with a reader that it kept: PIPE_CLOSED for who waits to push");

  set_up (&fixture, CONVOKE_PIPE_OUTLIVES_CALL, 8);
  push (fixture.writer, "12345678");
  begin_work (&fixture, "keep", fixture.reader);
  g_clear_object (&fixture.reader);
  assert_number (&fixture, "work", 0);
  begin_work (&fixture, "exit", NULL);
  assert_push_fails (fixture.writer, CONVOKE_ERROR_PIPE_CLOSED);
}

static void
test_kept_writer_dies (void)
{
  g_auto (Fixture) fixture = { NULL, };

  g_test_summary ("A process that dies with a writer that it kept: what it pushed, and then PIPE_CLOSED");

  set_up (&fixture, CONVOKE_PIPE_OUTLIVES_CALL, 8);
  begin_work (&fixture, "keep", fixture.writer);
  g_clear_object (&fixture.writer);
  assert_number (&fixture, "work", 0);
  begin_work (&fixture, "push-kept", NULL);
  assert_number (&fixture, "work", 3);
  begin_work (&fixture, "exit", NULL);
  assert_pull (fixture.reader, "abc");
  assert_pull_fails (fixture.reader, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_CLOSED);
}

static void
test_pipe_dies (void)
{
  g_auto (Fixture) fixture = { NULL, };
  g_autoptr (ConvokePipe) reader = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A process that dies with its own pipe: who waits to pull learns of the death, and so does who comes later");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  reader = open_pipe (&fixture, G_MAXUINT);
  call = begin_pull (reader, -1);
  begin_work (&fixture, "exit", NULL);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_false (convoke_call_finish (call, "pull", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  g_clear_error (&error);
  g_assert_null (convoke_pipe_try_pull (reader, 1, &error));
  g_assert_true (g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED) ||
                 g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED));
}

static void
test_no_event (void)
{
  g_auto (Fixture) fixture = { NULL, };
  g_autoptr (ConvokePipe) reader = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A pipe that is in another process has no event here, and the error says what there is");

  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  reader = open_pipe (&fixture, 0);
  g_assert_null (convoke_pipe_dup_event (reader, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "begin a call"));
}

/* In a process of its own: leaves a callee that waits at a pipe. */
static void
die_in_the_middle (void)
{
  Fixture fixture = { NULL, };
  g_autofree char *text = NULL;

  distance = CONVOKE_DISTANCE_PROCESS;
  set_up (&fixture, CONVOKE_PIPE_DEFAULT, 8);
  text = g_strdup_printf ("%d", (int) convoke_test_mill_work (fixture.mill, "pid", NULL, NULL));
  g_file_set_contents (g_getenv ("CONVOKE_TEST_CALLEE"), text, -1, NULL);
  begin_with (&fixture, "take", fixture.reader);
  push (fixture.writer, "abc");
  wait_until_empty (&fixture);
  raise (SIGKILL);
}

/* Or was not buried yet. */
static gboolean
is_gone (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/cmdline", pid);
  g_autofree char *text = NULL;
  gsize length = 0;

  return (kill (pid, 0) < 0 && errno == ESRCH) || (g_file_get_contents (path, &text, &length, NULL) && length == 0);
}

static void
test_caller_dies (void)
{
  const char *path = g_getenv ("CONVOKE_TEST_CALLEE");
  g_autofree char *text = NULL;
  gint64 deadline = g_get_monotonic_time () + LONG;
  int pid;

  g_test_summary ("A caller whose process dies in the middle: the callee that waits at the pipe is let go, and its host ends");

  if (g_test_subprocess ())
    die_in_the_middle ();
  g_test_trap_subprocess (NULL, LONG, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  pid = atoi (text);
  g_assert_cmpint (pid, >, 1);
  while (!is_gone (pid) && g_get_monotonic_time () < deadline)
    g_usleep (1000);
  g_assert_true (is_gone (pid));
}

/* --- all of them --- */

typedef void (*Claim) (void);

typedef struct
{
  const char *name;
  Claim       claim;
} Named;

static const Named claims[] = {
  { "in", test_in },
  { "out", test_out },
  { "large", test_large },
  { "oversized", test_oversized },
  { "bound-out", test_bound_out },
  { "bound-in", test_bound_in },
  { "items", test_items },
  { "end-twice", test_end_twice },
  { "undrained", test_undrained },
  { "unended", test_unended },
  { "wrong-side", test_wrong_side },
  { "order", test_order },
  { "callee-aborts", test_callee_aborts },
  { "caller-aborts", test_caller_aborts },
  { "cancel", test_cancel },
  { "abandon", test_abandon },
  { "dropped-reader", test_dropped_reader },
  { "given-back", test_given_back },
  { "begun-pull", test_begun_pull },
  { "pull-cancelled", test_pull_cancelled },
  { "dropped-remote-reader", test_dropped_remote_reader },
};

static const Named process_claims[] = {
  { "reader-dies", test_reader_dies },
  { "writer-dies", test_writer_dies },
  { "kept-reader-dies", test_kept_reader_dies },
  { "kept-writer-dies", test_kept_writer_dies },
  { "pipe-dies", test_pipe_dies },
  { "no-event", test_no_event },
  { "caller-dies", test_caller_dies },
};

#define RUN_AT(place, where)              \
  static void                             \
  run_ ## place (gconstpointer data)      \
  {                                       \
    distance = where;                     \
    ((const Named *) data)->claim ();     \
  }

RUN_AT (here, CONVOKE_DISTANCE_IN_PROCESS)
RUN_AT (thread, CONVOKE_DISTANCE_THREAD)
RUN_AT (process, CONVOKE_DISTANCE_PROCESS)

static void
add_claims (const char    *prefix,
            GTestDataFunc  run,
            const Named   *named,
            guint          n_named)
{
  for (guint i = 0; i < n_named; i++)
    {
      g_autofree char *path = g_strconcat (prefix, named[i].name, NULL);

      g_test_add_data_func (path, &named[i], run);
    }
}

static void
make_catalog (void)
{
  g_autofree char *path = NULL;
  g_autofree char *text = g_strdup_printf ("[Component]\n"
                                           "Interfaces=ConvokeTestMill-1.Mill;\n"
                                           "Module=%s\n"
                                           "Type=TestMill\n", g_getenv ("CONVOKE_TEST_MILL_MODULE"));
  g_autoptr (GError) error = NULL;
  const char *directories[2] = { NULL, NULL };

  directory = g_dir_make_tmp ("convoke-pipe-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (directory, CLASS_NAME ".component", NULL);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  directories[0] = directory;
  catalog = convoke_catalog_new (directories);
}

/* Where a process of ours that dies says who its callee was. */
static void
name_callee_file (void)
{
  g_autofree char *path = g_build_filename (directory, "callee", NULL);

  if (!g_test_subprocess ())
    g_setenv ("CONVOKE_TEST_CALLEE", path, TRUE);
}

static void
remove_catalog (void)
{
  g_autofree char *path = g_build_filename (directory, CLASS_NAME ".component", NULL);

  g_clear_object (&catalog);
  g_remove (g_getenv ("CONVOKE_TEST_CALLEE"));
  g_remove (path);
  g_rmdir (directory);
  g_free (directory);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  make_catalog ();
  name_callee_file ();

  add_claims ("/marshal/pipe/here/", run_here, claims, G_N_ELEMENTS (claims));
  add_claims ("/marshal/pipe/thread/", run_thread, claims, G_N_ELEMENTS (claims));
  add_claims ("/marshal/pipe/process/", run_process, claims, G_N_ELEMENTS (claims));
  add_claims ("/marshal/pipe/process/", run_process, process_claims, G_N_ELEMENTS (process_claims));

  result = g_test_run ();
  remove_catalog ();
  return result;
}
