/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Pipes under random pushes, pulls, cancels, deadlines and bad ends, in an
 * order that a seed decides.
 */

#include "stress.h"

#include <convoke.h>

#define LONG    (60 * G_USEC_PER_SEC)
#define N_PIPES (STRESS_THREADS / 2)

/* --- one writer, one reader --- */

typedef struct
{
  ConvokePipe *writer;
  ConvokePipe *reader;
  guint8      *pushed;  /* whether each number was, as its push said; written by the one thread */
  guint8      *pulled;  /* whether it came; by the other */
} Line;

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT) ||
         g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING) ||
         g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
}

static void
set_deadline (ConvokeCall *call,
              GRand       *random)
{
  if (g_rand_int_range (random, 0, 8) == 0)
    convoke_call_set_timeout (call, g_rand_int_range (random, 1, 200));
}

static void
cancel_somehow (ConvokeCall *call,
                GRand       *random)
{
  if (g_rand_int_range (random, 0, 3) == 0)
    convoke_call_cancel (call, g_rand_int_range (random, -1, 50), NULL);
}

static gboolean
push_begun (ConvokePipe *pipe,
            guint        number,
            GRand       *random)
{
  g_autoptr (ConvokeCall) call = convoke_create_call (G_OBJECT (pipe), CONVOKE_TYPE_PIPE, NULL);
  g_autoptr (GError) error = NULL;

  set_deadline (call, random);
  g_assert_true (convoke_call_begin (call, "push", NULL, &number, sizeof number, (gint64) g_rand_int_range (random, -1, 50)));
  cancel_somehow (call, random);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  if (convoke_call_finish (call, "push", &error, NULL))
    return TRUE;

  g_assert_true (is_refusal (error));
  return FALSE;
}

static gboolean
push_plain (ConvokePipe *pipe,
            guint        number,
            GRand       *random)
{
  g_autoptr (GError) error = NULL;

  if (convoke_pipe_push (pipe, (const guint8 *) &number, sizeof number, g_rand_int_range (random, 0, 50), &error))
    return TRUE;

  g_assert_true (is_refusal (error));
  return FALSE;
}

static void
write_all (Line         *line,
           StressThread *thread)
{
  for (guint i = 0; i < thread->n_rounds; i++)
    line->pushed[i] = g_rand_boolean (thread->random) ? push_begun (line->writer, i, thread->random)
                                                      : push_plain (line->writer, i, thread->random);
  g_assert_true (convoke_pipe_end (line->writer, NULL));
}

static GBytes *
pull_begun (ConvokePipe  *pipe,
            GRand        *random,
            GError      **error)
{
  g_autoptr (ConvokeCall) call = convoke_create_call (G_OBJECT (pipe), CONVOKE_TYPE_PIPE, NULL);
  GBytes *bytes = NULL;

  set_deadline (call, random);
  g_assert_true (convoke_call_begin (call, "pull", NULL, sizeof (guint), (gint64) g_rand_int_range (random, -1, 50)));
  cancel_somehow (call, random);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  return convoke_call_finish (call, "pull", error, &bytes) ? bytes : NULL;
}

static GBytes *
pull_somehow (ConvokePipe  *pipe,
              GRand        *random,
              GError      **error)
{
  if (g_rand_boolean (random))
    return pull_begun (pipe, random, error);

  return convoke_pipe_pull (pipe, sizeof (guint), g_rand_int_range (random, 0, 50), error);
}

static void
read_all (Line         *line,
          StressThread *thread)
{
  gint64 last = -1;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = pull_somehow (line->reader, thread->random, &error);
      guint number;

      if (bytes == NULL)
        {
          g_assert_true (is_refusal (error));
          continue;
        }
      if (g_bytes_get_size (bytes) == 0)
        break;

      g_assert_cmpuint (g_bytes_get_size (bytes), ==, sizeof number);
      memcpy (&number, g_bytes_get_data (bytes, NULL), sizeof number);
      g_assert_cmpint (number, >, last);
      line->pulled[number] = TRUE;
      last = number;
    }
}

static void
line_cb (StressThread *thread)
{
  Line *lines = thread->data;

  if (thread->number % 2 == 0)
    write_all (&lines[thread->number / 2], thread);
  else
    read_all (&lines[thread->number / 2], thread);
}

static void
test_line (void)
{
  guint n = stress_rounds (STRESS_CALLS) / STRESS_THREADS;
  Line lines[N_PIPES];

  g_test_summary ("RA-31, P-4: random pushes and pulls of two threads: what was pushed comes once and in order, what was refused never");

  for (guint i = 0; i < N_PIPES; i++)
    {
      lines[i].pushed = g_malloc0 (n);
      lines[i].pulled = g_malloc0 (n);
      g_assert_true (convoke_pipe_new (CONVOKE_PIPE_DEFAULT, 10 * sizeof (guint), &lines[i].writer, &lines[i].reader, NULL));
    }
  stress_run (line_cb, lines, STRESS_CALLS);

  for (guint i = 0; i < N_PIPES; i++)
    {
      for (guint j = 0; j < n; j++)
        g_assert_cmpint (lines[i].pulled[j], ==, lines[i].pushed[j]);
      g_assert_true (convoke_pipe_check (lines[i].writer, NULL));
      g_object_unref (lines[i].writer);
      g_object_unref (lines[i].reader);
      g_free (lines[i].pushed);
      g_free (lines[i].pulled);
    }
}

/* --- ends, good and bad --- */

#define N_WAITING 3

static gint n_live;  /* atomic; ends of pipes */

static void
gone_cb (gpointer  data,
         GObject  *where_it_was)
{
  g_atomic_int_add (&n_live, -1);
}

static void
count_end (ConvokePipe *end)
{
  g_atomic_int_inc (&n_live);
  g_object_weak_ref (G_OBJECT (end), gone_cb, NULL);
}

static ConvokeCall *
begin_somehow (ConvokePipe *writer,
               ConvokePipe *reader,
               GRand       *random)
{
  gboolean pushes = g_rand_boolean (random);
  ConvokeCall *call = convoke_create_call (G_OBJECT (pushes ? writer : reader), CONVOKE_TYPE_PIPE, NULL);
  gboolean begun;

  set_deadline (call, random);
  if (pushes)
    begun = convoke_call_begin (call, "push", NULL, "12345678", (gsize) g_rand_int_range (random, 1, 8), (gint64) -1);
  else
    begun = convoke_call_begin (call, "pull", NULL, (gsize) g_rand_int_range (random, 1, 8), (gint64) -1);
  g_assert_true (begun);

  return call;
}

static void
end_somehow (ConvokePipe *writer,
             ConvokePipe *reader,
             GRand       *random)
{
  g_autoptr (GError) reason = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "the disk is full");

  switch (g_rand_int_range (random, 0, 5))
    {
    case 0:
      convoke_pipe_end (writer, NULL);
      break;

    case 1:
      convoke_pipe_abort (writer, reason, NULL);
      break;

    case 2:
      convoke_pipe_abort (reader, reason, NULL);
      break;

    case 3:
      convoke_pipe_close (writer, NULL);
      break;

    default:
      convoke_pipe_close (reader, NULL);
    }
}

static void
end_call (ConvokeCall *call,
          GRand       *random)
{
  if (g_rand_int_range (random, 0, 4) == 0)
    return;

  cancel_somehow (call, random);
  g_assert_true (convoke_call_wait (call, LONG, NULL));
}

static void
ends_once (GRand *random)
{
  g_autoptr (ConvokePipe) writer = NULL;
  g_autoptr (ConvokePipe) reader = NULL;
  ConvokeCall *calls[N_WAITING];

  g_assert_true (convoke_pipe_new (CONVOKE_PIPE_DEFAULT, 8, &writer, &reader, NULL));
  count_end (writer);
  count_end (reader);
  for (guint i = 0; i < N_WAITING; i++)
    calls[i] = begin_somehow (writer, reader, random);
  end_somehow (writer, reader, random);
  /* What an end marker does not answer. */
  convoke_pipe_close (reader, NULL);
  convoke_pipe_close (writer, NULL);
  for (guint i = 0; i < N_WAITING; i++)
    {
      end_call (calls[i], random);
      g_object_unref (calls[i]);
    }
}

static void
ends_cb (StressThread *thread)
{
  for (guint i = 0; i < thread->n_rounds; i += N_WAITING)
    ends_once (thread->random);
}

static void
test_ends (void)
{
  g_test_summary ("RA-36, RA-38, P-4: pipes that are ended, aborted, closed and dropped under waiting calls: each call ends, nothing is left");

  stress_run (ends_cb, NULL, STRESS_CALLS);
  g_assert_true (stress_wait (&n_live, 0));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/callfactory/pipe-stress/line", test_line);
  g_test_add_func ("/callfactory/pipe-stress/ends", test_ends);

  return g_test_run ();
}
