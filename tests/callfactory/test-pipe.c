/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Pipes in one process: RA-31 to RA-38. */

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "convoke-pipe-private.h"
#include "convoke-sync-point-private.h"

#include <convoke.h>

#include "../test-child.h"
#include "test-util.h"

#define LONG (30 * G_USEC_PER_SEC)

typedef struct
{
  ConvokePipe *writer;
  ConvokePipe *reader;
} Fixture;

/* Room for eight bytes. */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  convoke_pipe_new (CONVOKE_PIPE_DEFAULT, 8, &fixture->writer, &fixture->reader, &error);
  g_assert_no_error (error);
}

static void
set_up_items (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  convoke_pipe_new_items (CONVOKE_PIPE_DEFAULT, G_VARIANT_TYPE_INT32, 3, &fixture->writer, &fixture->reader, &error);
  g_assert_no_error (error);
}

static void
gone_cb (gpointer  data,
         GObject  *where_it_was)
{
  count_add (data);
}

/* A worker that has answered a call can still be about to leave it. */
static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  Count gone = { .n = 0 };
  guint n = 0;

  for (guint i = 0; i < 2; i++)
    {
      ConvokePipe *end = i == 0 ? fixture->writer : fixture->reader;

      if (end == NULL)
        continue;
      g_object_weak_ref (G_OBJECT (end), gone_cb, &gone);
      g_object_unref (end);
      n++;
    }
  g_assert_true (count_wait (&gone, n));
}

/* --- doing --- */

static void
push (ConvokePipe *pipe,
      const char  *text)
{
  g_autoptr (GError) error = NULL;

  convoke_pipe_push (pipe, (const guint8 *) text, strlen (text), LONG, &error);
  g_assert_no_error (error);
}

static void
assert_text (GBytes     *bytes,
             const char *expected)
{
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected, strlen (expected));
}

static void
assert_pull (ConvokePipe *pipe,
             gsize        max,
             const char  *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = convoke_pipe_pull (pipe, max, LONG, &error);

  g_assert_no_error (error);
  assert_text (bytes, expected);
}

static void
end (ConvokePipe *pipe)
{
  g_autoptr (GError) error = NULL;

  convoke_pipe_end (pipe, &error);
  g_assert_no_error (error);
}

static void
assert_push_fails (ConvokePipe *pipe,
                   int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_pipe_try_push (pipe, (const guint8 *) "x", 1, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
}

static void
assert_pull_fails (ConvokePipe *pipe,
                   int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_pipe_try_pull (pipe, 100, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
}

static void
assert_check (ConvokePipe *pipe,
              int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_pipe_check (pipe, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
}

static ConvokeCall *
begin_pull (ConvokePipe *pipe,
            gsize        max,
            gint64       timeout)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_create_call (G_OBJECT (pipe), CONVOKE_TYPE_PIPE, &error);

  g_assert_no_error (error);
  convoke_call_begin (call, "pull", &error, max, timeout);
  g_assert_no_error (error);
  return call;
}

static ConvokeCall *
begin_push (ConvokePipe *pipe,
            const char  *text,
            gint64       timeout)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_create_call (G_OBJECT (pipe), CONVOKE_TYPE_PIPE, &error);

  g_assert_no_error (error);
  convoke_call_begin (call, "push", &error, text, (gsize) strlen (text), timeout);
  g_assert_no_error (error);
  return call;
}

static void
assert_pulled (ConvokeCall *call,
               const char  *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  convoke_call_wait (call, LONG, &error);
  g_assert_no_error (error);
  convoke_call_finish (call, "pull", &error, &bytes);
  g_assert_no_error (error);
  assert_text (bytes, expected);
}

static void
assert_pushed (ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;

  convoke_call_wait (call, LONG, &error);
  g_assert_no_error (error);
  convoke_call_finish (call, "push", &error, NULL);
  g_assert_no_error (error);
}

static void
assert_call_fails (ConvokeCall *call,
                   const char  *method,
                   GQuark       domain,
                   int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_false (convoke_call_finish (call, method, &error, NULL));
  g_assert_error (error, domain, code);
}

/* Until that many wait at @pipe. */
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

static void
assert_waits (ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_call_wait (call, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

/* --- what goes through --- */

static void
test_chunks (Fixture       *fixture,
             gconstpointer  data)
{
  g_test_summary ("RA-32: a pull gives at most as many as it asks for, of what one push brought; then the end, again and again");

  push (fixture->writer, "abcde");
  push (fixture->writer, "fg");
  end (fixture->writer);

  assert_pull (fixture->reader, 3, "abc");
  assert_pull (fixture->reader, 3, "de");
  assert_pull (fixture->reader, 100, "fg");
  assert_pull (fixture->reader, 100, "");
  assert_pull (fixture->reader, 1, "");
}

static void
test_buffer_reused (Fixture       *fixture,
                    gconstpointer  data)
{
  char buffer[] = "one";

  g_test_summary ("RA-33: the buffer may be used again when push has returned");

  push (fixture->writer, buffer);
  memcpy (buffer, "two", 3);
  push (fixture->writer, buffer);
  memcpy (buffer, "xxx", 3);

  assert_pull (fixture->reader, 100, "one");
  assert_pull (fixture->reader, 100, "two");
}

static void
test_bytes_referenced (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (GBytes) bytes = g_bytes_new ("abc", 3);
  g_autoptr (GBytes) pulled = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Bytes that are passed as such are referenced in this process");

  g_assert_true (convoke_pipe_push_bytes (fixture->writer, bytes, 0, &error));
  pulled = convoke_pipe_pull (fixture->reader, 100, 0, &error);
  g_assert_true (pulled == bytes);
}

static void
test_not_yet (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-32: nothing yet is 997, CALL_PENDING, to who does not wait; P-1: TIMEOUT to who waits, also for no time");

  assert_pull_fails (fixture->reader, CONVOKE_ERROR_CALL_PENDING);
  g_assert_null (convoke_pipe_pull (fixture->reader, 1, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_clear_error (&error);
  g_assert_null (convoke_pipe_pull (fixture->reader, 1, 1000, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);

  push (fixture->writer, "abc");
  assert_pull (fixture->reader, 100, "abc");
}

static void
test_end_by_nothing (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-33: a push of nothing is the end marker; a second one, and a push after it, are PIPE_CLOSED");

  g_assert_true (convoke_pipe_push (fixture->writer, NULL, 0, LONG, &error));
  assert_push_fails (fixture->writer, CONVOKE_ERROR_PIPE_CLOSED);
  g_assert_false (convoke_pipe_end (fixture->writer, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_CLOSED);
  assert_pull (fixture->reader, 100, "");
  assert_push_fails (fixture->writer, CONVOKE_ERROR_PIPE_CLOSED);
}

static void
test_bad_arguments (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (ConvokePipe) writer = NULL;
  g_autoptr (ConvokePipe) reader = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A capacity of 0, flags that there are not, a pull of at most nothing, a negative time-out: INVALID_ARGUMENT");

  g_assert_false (convoke_pipe_new (CONVOKE_PIPE_DEFAULT, 0, &writer, &reader, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (convoke_pipe_new ((ConvokePipeFlags) 1024, 1, &writer, &reader, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (convoke_pipe_new_items (CONVOKE_PIPE_DEFAULT, G_VARIANT_TYPE_ANY, 1, &writer, &reader, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (convoke_pipe_pull (fixture->reader, 0, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (convoke_pipe_pull (fixture->reader, 1, -2, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (convoke_pipe_push (fixture->writer, (const guint8 *) "x", 1, G_MININT64, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_sides (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-RA-21: a push on a reading end, and a pull on a writing end, are PIPE_DISCIPLINE and change nothing");

  assert_push_fails (fixture->reader, CONVOKE_ERROR_PIPE_DISCIPLINE);
  assert_pull_fails (fixture->writer, CONVOKE_ERROR_PIPE_DISCIPLINE);
  g_assert_false (convoke_pipe_end (fixture->reader, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_DISCIPLINE);

  push (fixture->writer, "abc");
  assert_pull (fixture->reader, 100, "abc");
}

/* --- items --- */

static void
push_numbers (ConvokePipe *pipe,
              const char  *text)
{
  g_autoptr (GVariant) items = g_variant_ref_sink (g_variant_new_parsed (text));
  g_autoptr (GError) error = NULL;

  convoke_pipe_push_items (pipe, items, LONG, &error);
  g_assert_no_error (error);
}

static void
assert_pull_items (ConvokePipe *pipe,
                   guint        max,
                   const char  *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) items = convoke_pipe_pull_items (pipe, max, LONG, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = g_variant_print (items, FALSE);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_items (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *type = convoke_pipe_dup_item_type (fixture->reader, NULL);

  g_test_summary ("RA-31: typed items; a pull gives the first ones of a push, and none at the end");

  g_assert_cmpstr (type, ==, "i");
  push_numbers (fixture->writer, "[1, 2]");
  push_numbers (fixture->writer, "[3]");
  end (fixture->writer);
  assert_pull_items (fixture->reader, 1, "[1]");
  assert_pull_items (fixture->reader, 10, "[2]");
  assert_pull_items (fixture->reader, 10, "[3]");
  assert_pull_items (fixture->reader, 10, "[]");
}

static void
test_items_end (Fixture       *fixture,
                gconstpointer  data)
{
  g_test_summary ("RA-33: a push of no items is the end marker");

  push_numbers (fixture->writer, "@ai []");
  assert_pull_items (fixture->reader, 10, "[]");
}

static void
test_item_type (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("Items of another type are refused before anything is queued");

  g_assert_false (convoke_pipe_push_items (fixture->writer, g_variant_new_parsed ("['x']"), 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (convoke_pipe_push_items (fixture->writer, g_variant_new_parsed ("1"), 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  assert_push_fails (fixture->writer, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_pull_fails (fixture->reader, CONVOKE_ERROR_INVALID_ARGUMENT);

  g_assert_null (convoke_pipe_try_pull_items (fixture->reader, 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
}

static void
test_items_bound (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("The bound of a pipe of items counts items");

  push_numbers (fixture->writer, "[1, 2, 3]");
  g_assert_false (convoke_pipe_try_push_items (fixture->writer, g_variant_new_parsed ("[4]"), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  assert_pull_items (fixture->reader, 1, "[1]");
  push_numbers (fixture->writer, "[4]");
}

/* --- the bound --- */

static void
test_bound (Fixture       *fixture,
            gconstpointer  data)
{
  g_test_summary ("Back-pressure: a push that does not fit waits, and goes in whole once there is room");

  push (fixture->writer, "abcde");
  push (fixture->writer, "fgh");
  assert_push_fails (fixture->writer, CONVOKE_ERROR_CALL_PENDING);
  assert_pull (fixture->reader, 100, "abcde");
  push (fixture->writer, "ijklm");
  assert_push_fails (fixture->writer, CONVOKE_ERROR_CALL_PENDING);
}

static void
test_oversized (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = NULL;

  g_test_summary ("A push that is larger than the pipe goes in alone, once that is empty");

  push (fixture->writer, "a");
  call = begin_push (fixture->writer, "0123456789", -1);
  wait_until_waiting (fixture->writer, 1);
  assert_waits (call);
  assert_pull (fixture->reader, 100, "a");
  assert_pushed (call);
  assert_push_fails (fixture->writer, CONVOKE_ERROR_CALL_PENDING);
  assert_pull (fixture->reader, 9, "012345678");
  assert_pull (fixture->reader, 9, "9");
}

static gpointer
push_all_cb (gpointer data)
{
  ConvokePipe *writer = data;

  for (guint i = 0; i < 1000; i++)
    push (writer, "abc");
  end (writer);
  return NULL;
}

static void
test_blocking (Fixture       *fixture,
               gconstpointer  data)
{
  GThread *thread = g_thread_new ("writer", push_all_cb, fixture->writer);

  g_test_summary ("A plain push and a plain pull block, and wake each other");

  for (guint i = 0; i < 1000; i++)
    assert_pull (fixture->reader, 100, "abc");
  assert_pull (fixture->reader, 100, "");
  g_thread_join (thread);
}

static void
test_push_expires (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A push that finds no room in time is TIMEOUT, and nothing of it is in the pipe");

  push (fixture->writer, "12345678");
  g_assert_false (convoke_pipe_push (fixture->writer, (const guint8 *) "x", 1, 1000, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  end (fixture->writer);
  assert_pull (fixture->reader, 100, "12345678");
  assert_pull (fixture->reader, 100, "");
}

static void
test_forked (Fixture       *fixture,
             gconstpointer  data)
{
  int status;
  pid_t pid;

  g_test_summary ("In a forked child a pipe of the parent's is FORKED, and can be dropped");

  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      g_autoptr (GError) error = NULL;
      gboolean good = !convoke_pipe_push (fixture->writer, (const guint8 *) "x", 1, -1, &error) &&
                      g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED) &&
                      convoke_pipe_pull (fixture->reader, 1, -1, NULL) == NULL && !convoke_pipe_end (fixture->writer, NULL);

      g_object_unref (fixture->writer);
      g_object_unref (fixture->reader);
      test_child_end (good);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  push (fixture->writer, "abc");
  assert_pull (fixture->reader, 100, "abc");
}

/* --- begun --- */

static void
test_begun_pull (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (ConvokeCall) first = begin_pull (fixture->reader, 100, -1);
  g_autoptr (ConvokeCall) second = NULL;

  g_test_summary ("RA-32: begun pulls of an empty pipe end in order when data comes, and with the end");

  wait_until_waiting (fixture->reader, 1);
  second = begin_pull (fixture->reader, 100, -1);
  wait_until_waiting (fixture->reader, 2);
  assert_waits (first);
  push (fixture->writer, "ab");
  assert_pulled (first, "ab");
  assert_waits (second);
  end (fixture->writer);
  assert_pulled (second, "");
}

static void
test_begun_push (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (ConvokeCall) first = begin_push (fixture->writer, "12345678", -1);
  g_autoptr (ConvokeCall) second = NULL;
  g_autoptr (ConvokeCall) third = NULL;

  g_test_summary ("Begun pushes into a full pipe go in in order, also a small one behind a large one, and the end behind all");

  assert_pushed (first);
  second = begin_push (fixture->writer, "abcde", -1);
  wait_until_waiting (fixture->writer, 1);
  third = begin_push (fixture->writer, "f", -1);
  wait_until_waiting (fixture->writer, 2);
  end (fixture->writer);
  assert_push_fails (fixture->writer, CONVOKE_ERROR_PIPE_CLOSED);
  assert_pull (fixture->reader, 4, "1234");
  assert_waits (second);
  assert_pull (fixture->reader, 4, "5678");
  assert_pushed (second);
  assert_pushed (third);
  assert_pull (fixture->reader, 100, "abcde");
  assert_pull (fixture->reader, 100, "f");
  assert_pull (fixture->reader, 100, "");
}

#if CONVOKE_SYNC_POINTS
static void
end_once_cb (const char *name,
             gpointer    user_data)
{
  if (g_str_equal (name, "pipe/before-line"))
    convoke_pipe_end (user_data, NULL);
}
#endif

static void
test_late_push (Fixture       *fixture,
                gconstpointer  data)
{
#if CONVOKE_SYNC_POINTS
  g_autoptr (ConvokeCall) call = NULL;

  g_test_summary ("A push that found no room, when the end is said before it is in line: PIPE_CLOSED, and nothing behind the end");

  push (fixture->writer, "12345678");
  convoke_sync_point_set (end_once_cb, fixture->writer);
  call = begin_push (fixture->writer, "x", -1);
  assert_call_fails (call, "push", CONVOKE_ERROR, CONVOKE_ERROR_PIPE_CLOSED);
  convoke_sync_point_set (NULL, NULL);
  assert_pull (fixture->reader, 100, "12345678");
  assert_pull (fixture->reader, 100, "");
  g_assert_true (convoke_pipe_check (fixture->writer, NULL));
#else
  g_test_skip ("Built without sync points");
#endif
}

static void
test_no_threads (Fixture       *fixture,
                 gconstpointer  data)
{
  ConvokeCall *calls[300];

  g_test_summary ("A begun pull that has to wait keeps no thread: more of them than there are workers end");

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    calls[i] = begin_pull (fixture->reader, 1, -1);
  wait_until_waiting (fixture->reader, G_N_ELEMENTS (calls));
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    push (fixture->writer, "x");
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      assert_pulled (calls[i], "x");
      g_object_unref (calls[i]);
    }
}

static void
test_cancel_pull (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = begin_pull (fixture->reader, 100, -1);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A pull that waits and is cancelled stops, and takes nothing");

  wait_until_waiting (fixture->reader, 1);
  g_assert_true (convoke_call_cancel (call, -1, &error));
  assert_call_fails (call, "pull", CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_call_get_cancel_outcome (call), ==, CONVOKE_CANCEL_OUTCOME_STOPPED);
  push (fixture->writer, "abc");
  assert_pull (fixture->reader, 100, "abc");
}

static void
test_abandon_pull (Fixture       *fixture,
                   gconstpointer  data)
{
  g_test_summary ("A pull that is abandoned at any moment has lost nothing: all that was pushed is pulled, in order");

  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (ConvokeCall) call = begin_pull (fixture->reader, 100, -1);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = NULL;
      char text[8];

      g_snprintf (text, sizeof text, "%u", i);
      push (fixture->writer, text);
      convoke_call_cancel (call, 0, NULL);
      g_assert_true (convoke_call_wait (call, LONG, NULL));
      if (convoke_call_finish (call, "pull", &error, &bytes))
        assert_text (bytes, text);
      else
        assert_pull (fixture->reader, 100, text);
    }
}

static void
test_deadline (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = convoke_create_call (G_OBJECT (fixture->reader), CONVOKE_TYPE_PIPE, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("The deadline of a pull that waits ends it, and takes nothing");

  convoke_call_set_timeout (call, 1000);
  g_assert_true (convoke_call_begin (call, "pull", &error, (gsize) 100, (gint64) -1));
  assert_call_fails (call, "pull", CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  push (fixture->writer, "abc");
  assert_pull (fixture->reader, 100, "abc");
}

static void
test_begun_time_out (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = begin_pull (fixture->reader, 100, 1000);

  g_test_summary ("The time-out of a begun pull is the pipe's own, and ends it");

  assert_call_fails (call, "pull", CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  push (fixture->writer, "abc");
  assert_pull (fixture->reader, 100, "abc");
}

#define TYPE_SINK (sink_get_type ())
G_DECLARE_FINAL_TYPE (Sink, sink, TEST, SINK, GObject)

struct _Sink
{
  GObject   parent_instance;

  void    (*told) (gpointer data);
  gpointer  data;
};

static gboolean
sink_signal (ConvokeSynchronize  *synchronize,
             GError             **error)
{
  Sink *self = TEST_SINK (synchronize);

  self->told (self->data);
  return TRUE;
}

static gboolean
sink_reset (ConvokeSynchronize  *synchronize,
            GError             **error)
{
  return TRUE;
}

static void
sink_synchronize_init (ConvokeSynchronizeInterface *iface)
{
  iface->signal = sink_signal;
  iface->reset = sink_reset;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Sink, sink, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE, sink_synchronize_init))

static void
sink_class_init (SinkClass *class)
{
}

static void
sink_init (Sink *self)
{
}

/* The sink is told on whichever thread it happens. */
static ConvokeCall *
begin_pull_told (ConvokePipe *pipe,
                 Sink        *sink,
                 void       (*told) (gpointer data),
                 gpointer     data)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_create_call_full (G_OBJECT (pipe), CONVOKE_TYPE_PIPE, NULL, CONVOKE_SYNCHRONIZE (sink), &error);

  g_assert_no_error (error);
  sink->told = told;
  sink->data = data;
  g_assert_true (convoke_call_begin (call, "pull", &error, (gsize) 100, (gint64) -1));
  wait_until_waiting (pipe, 1);
  return call;
}

typedef struct
{
  ConvokePipe *reader;
  ConvokePipe *writer;
  ConvokeCall *call;
  GString     *text;
  Count        pulled;
  Count        told;
} Again;

static void
pull_again_cb (gpointer data)
{
  Again *again = data;
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) second = NULL;

  g_assert_true (convoke_call_finish (again->call, "pull", NULL, &first));
  count_add (&again->pulled);
  second = convoke_pipe_pull (again->reader, 100, LONG, NULL);
  g_string_append_len (again->text, g_bytes_get_data (first, NULL), g_bytes_get_size (first));
  g_string_append_len (again->text, g_bytes_get_data (second, NULL), g_bytes_get_size (second));
  count_add (&again->told);
}

static gpointer
push_ab_cb (gpointer data)
{
  Again *again = data;

  g_assert_true (count_wait (&again->pulled, 1));
  push (again->writer, "a");
  push (again->writer, "b");
  return NULL;
}

static void
test_reentrant (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (Sink) sink = g_object_new (TYPE_SINK, NULL);
  Again again = { .reader = fixture->reader, .writer = fixture->writer, .text = g_string_new (NULL) };
  GThread *thread;

  g_test_summary ("Who is told of a pull, in the middle of somebody's push, can pull from there");

  again.call = begin_pull_told (fixture->reader, sink, pull_again_cb, &again);
  thread = g_thread_new ("writer", push_ab_cb, &again);
  push (fixture->writer, "1");
  g_assert_true (count_wait (&again.told, 1));
  g_thread_join (thread);
  g_assert_cmpstr (again.text->str, ==, "1a");
  assert_pull (fixture->reader, 100, "b");

  g_object_unref (again.call);
  g_string_free (again.text, TRUE);
}

static gpointer
check_cb (gpointer data)
{
  return GINT_TO_POINTER (convoke_pipe_check (data, NULL));
}

/* Another thread than the one that tells. */
static void
check_elsewhere_cb (gpointer data)
{
  GThread *thread = g_thread_new ("check", check_cb, data);

  g_assert_true (GPOINTER_TO_INT (g_thread_join (thread)));
}

static void
test_end_is_told (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (Sink) sink = g_object_new (TYPE_SINK, NULL);
  g_autoptr (ConvokeCall) call = begin_pull_told (fixture->reader, sink, check_elsewhere_cb, fixture->writer);

  g_test_summary ("Once somebody was told of the end, the pipe is through for everybody");

  end (fixture->writer);
  assert_pulled (call, "");
}

/* --- the event --- */

static void
test_event (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ConvokeEvent) readable = convoke_pipe_dup_event (fixture->reader, NULL);
  g_autoptr (ConvokeEvent) writable = convoke_pipe_dup_event (fixture->writer, NULL);
  g_autoptr (ConvokeEvent) same = convoke_pipe_dup_event (fixture->reader, NULL);
  int fd = convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (readable), NULL);
  ConvokeSynchronize *read = CONVOKE_SYNCHRONIZE (readable);
  ConvokeSynchronize *write = CONVOKE_SYNCHRONIZE (writable);

  g_test_summary ("RA-32, RA-26: an event that is set while there is something to pull, and one while there is room");

  g_assert_true (same == readable);
  g_assert_false (convoke_synchronize_wait (read, CONVOKE_WAIT_DEFAULT, 0, NULL));
  g_assert_false (is_readable (fd));
  g_assert_true (convoke_synchronize_wait (write, CONVOKE_WAIT_DEFAULT, 0, NULL));
  push (fixture->writer, "12345678");
  g_assert_true (convoke_synchronize_wait (read, CONVOKE_WAIT_DEFAULT, 0, NULL));
  g_assert_true (is_readable (fd));
  g_assert_false (convoke_synchronize_wait (write, CONVOKE_WAIT_DEFAULT, 0, NULL));
  assert_pull (fixture->reader, 100, "12345678");
  g_assert_false (convoke_synchronize_wait (read, CONVOKE_WAIT_DEFAULT, 0, NULL));
  g_assert_true (convoke_synchronize_wait (write, CONVOKE_WAIT_DEFAULT, 0, NULL));
  end (fixture->writer);
  g_assert_true (convoke_synchronize_wait (read, CONVOKE_WAIT_DEFAULT, 0, NULL));
}

static void
test_event_failure (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (ConvokeEvent) readable = convoke_pipe_dup_event (fixture->reader, NULL);

  g_test_summary ("The event is set by a failure too");

  g_clear_object (&fixture->writer);
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (readable), CONVOKE_WAIT_DEFAULT, 0, NULL));
}

/* --- bad ends --- */

static void
test_reader_gone (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = NULL;

  g_test_summary ("A reader that goes away closes the pipe: PIPE_CLOSED for who pushes and for who waits to push");

  push (fixture->writer, "12345678");
  call = begin_push (fixture->writer, "x", -1);
  wait_until_waiting (fixture->writer, 1);
  g_clear_object (&fixture->reader);
  assert_call_fails (call, "push", CONVOKE_ERROR, CONVOKE_ERROR_PIPE_CLOSED);
  assert_push_fails (fixture->writer, CONVOKE_ERROR_PIPE_CLOSED);
  assert_check (fixture->writer, CONVOKE_ERROR_PIPE_CLOSED);
}

static void
test_writer_gone (Fixture       *fixture,
                  gconstpointer  data)
{
  g_test_summary ("A writer that goes away without the end: what it pushed, and then an error, never a silent end");

  push (fixture->writer, "abc");
  g_clear_object (&fixture->writer);
  assert_pull (fixture->reader, 100, "abc");
  assert_pull_fails (fixture->reader, CONVOKE_ERROR_PIPE_CLOSED);
  assert_check (fixture->reader, CONVOKE_ERROR_PIPE_CLOSED);
}

static void
test_writer_gone_after_end (Fixture       *fixture,
                            gconstpointer  data)
{
  g_test_summary ("A writer that goes away after the end does no harm");

  push (fixture->writer, "abc");
  end (fixture->writer);
  g_clear_object (&fixture->writer);
  assert_pull (fixture->reader, 100, "abc");
  assert_pull (fixture->reader, 100, "");
  g_assert_true (convoke_pipe_check (fixture->reader, NULL));
}

static void
test_close (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("Closing an end is as good as dropping it; closing again changes nothing");

  g_assert_true (convoke_pipe_close (fixture->reader, &error));
  g_assert_true (convoke_pipe_close (fixture->reader, &error));
  assert_push_fails (fixture->writer, CONVOKE_ERROR_PIPE_CLOSED);
  assert_pull_fails (fixture->reader, CONVOKE_ERROR_PIPE_CLOSED);
}

static void
test_abort (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (GError) reason = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "the disk is full");
  g_autoptr (ConvokeCall) call = begin_pull (fixture->reader, 100, -1);
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-38: a writer that aborts gives the reader its very error, also one that waits");

  wait_until_waiting (fixture->reader, 1);
  g_assert_true (convoke_pipe_abort (fixture->writer, reason, &error));
  assert_call_fails (call, "pull", G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_assert_null (convoke_pipe_try_pull (fixture->reader, 1, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_assert_cmpstr (error->message, ==, "the disk is full");
  assert_push_fails (fixture->writer, CONVOKE_ERROR_PIPE_CLOSED);
  g_clear_error (&error);
  g_assert_false (convoke_pipe_abort (fixture->writer, reason, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_CLOSED);
}

static void
test_reader_aborts (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (GError) reason = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "the disk is full");
  g_autoptr (GError) error = NULL;

  g_test_summary ("RA-38: a reader that aborts gives the writer its very error, and what is in the pipe is thrown away");

  push (fixture->writer, "abc");
  g_assert_true (convoke_pipe_abort (fixture->reader, reason, &error));
  g_assert_false (convoke_pipe_try_push (fixture->writer, (const guint8 *) "x", 1, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  assert_pull_fails (fixture->reader, CONVOKE_ERROR_PIPE_CLOSED);
}

static void
test_abort_at_end (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GError) reason = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "the disk is full");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A pipe that was pulled to its end cannot be aborted");

  end (fixture->writer);
  assert_check (fixture->writer, CONVOKE_ERROR_CALL_PENDING);
  assert_pull (fixture->reader, 100, "");
  g_assert_true (convoke_pipe_check (fixture->writer, NULL));
  g_assert_false (convoke_pipe_abort (fixture->writer, reason, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_CLOSED);
  g_assert_true (convoke_pipe_check (fixture->writer, NULL));
}

#define ADD(path, test) g_test_add ("/callfactory/pipe/" path, Fixture, NULL, set_up, test, tear_down)
#define ADD_ITEMS(path, test) g_test_add ("/callfactory/pipe/" path, Fixture, NULL, set_up_items, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("chunks", test_chunks);
  ADD ("buffer-reused", test_buffer_reused);
  ADD ("bytes-referenced", test_bytes_referenced);
  ADD ("not-yet", test_not_yet);
  ADD ("end-by-nothing", test_end_by_nothing);
  ADD ("bad-arguments", test_bad_arguments);
  ADD ("sides", test_sides);
  ADD_ITEMS ("items", test_items);
  ADD_ITEMS ("items-end", test_items_end);
  ADD_ITEMS ("item-type", test_item_type);
  ADD_ITEMS ("items-bound", test_items_bound);
  ADD ("bound", test_bound);
  ADD ("oversized", test_oversized);
  ADD ("blocking", test_blocking);
  ADD ("push-expires", test_push_expires);
  ADD ("forked", test_forked);
  ADD ("begun-pull", test_begun_pull);
  ADD ("begun-push", test_begun_push);
  ADD ("late-push", test_late_push);
  ADD ("no-threads", test_no_threads);
  ADD ("cancel-pull", test_cancel_pull);
  ADD ("abandon-pull", test_abandon_pull);
  ADD ("deadline", test_deadline);
  ADD ("begun-time-out", test_begun_time_out);
  ADD ("reentrant", test_reentrant);
  ADD ("end-is-told", test_end_is_told);
  ADD ("event", test_event);
  ADD ("event-failure", test_event_failure);
  ADD ("reader-gone", test_reader_gone);
  ADD ("writer-gone", test_writer_gone);
  ADD ("writer-gone-after-end", test_writer_gone_after_end);
  ADD ("close", test_close);
  ADD ("abort", test_abort);
  ADD ("reader-aborts", test_reader_aborts);
  ADD ("abort-at-end", test_abort_at_end);

  return g_test_run ();
}
