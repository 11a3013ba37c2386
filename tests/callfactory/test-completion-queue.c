/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <convoke.h>

#include "convoke-completion-queue-private.h"

#include "test-util.h"

typedef struct
{
  guint64 *completed;
  guint    n_completed;
  guint64 *progress;
  guint    n_progress;
} Taken;

static void
taken_clear (Taken *taken)
{
  g_free (taken->completed);
  g_free (taken->progress);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taken, taken_clear)

static void
take (ConvokeCompletionQueue *queue,
      Taken                  *taken)
{
  taken_clear (taken);
  convoke_completion_queue_take (queue, &taken->completed, &taken->n_completed, &taken->progress, &taken->n_progress);
}

static ConvokeCompletionQueue *
make_queue (void)
{
  g_autoptr (GError) error = NULL;
  ConvokeCompletionQueue *queue = convoke_completion_queue_new (&error);

  g_assert_no_error (error);
  g_assert_nonnull (queue);

  return queue;
}

static void
test_empty (void)
{
  g_autoptr (ConvokeCompletionQueue) queue = make_queue ();
  g_auto (Taken) taken = { 0, };

  g_test_summary ("A new queue is empty and its descriptor not readable");

  g_assert_false (is_readable (convoke_completion_queue_get_fd (queue)));
  take (queue, &taken);
  g_assert_cmpuint (taken.n_completed, ==, 0);
  g_assert_cmpuint (taken.n_progress, ==, 0);
}

static void
test_order (void)
{
  g_autoptr (ConvokeCompletionQueue) queue = make_queue ();
  g_auto (Taken) taken = { 0, };

  g_test_summary ("Completed calls come in order of completion; taking empties the queue");

  for (guint64 key = 0; key < 1000; key++)
    convoke_completion_queue_post_completed (queue, G_MAXUINT64 - key * 7);
  g_assert_true (is_readable (convoke_completion_queue_get_fd (queue)));

  take (queue, &taken);
  g_assert_cmpuint (taken.n_completed, ==, 1000);
  for (guint64 key = 0; key < 1000; key++)
    g_assert_cmpuint (taken.completed[key], ==, G_MAXUINT64 - key * 7);
  g_assert_false (is_readable (convoke_completion_queue_get_fd (queue)));

  take (queue, &taken);
  g_assert_cmpuint (taken.n_completed, ==, 0);
}

static void
test_progress (void)
{
  g_autoptr (ConvokeCompletionQueue) queue = make_queue ();
  g_auto (Taken) taken = { 0, };

  g_test_summary ("News of progress is coalesced, in order of the first, and comes anew after a take");

  for (guint round = 0; round < 3; round++)
    {
      for (guint64 i = 0; i < 3000; i++)
        convoke_completion_queue_post_progress (queue, (i % 300) << 32);
      convoke_completion_queue_post_completed (queue, 5);
      take (queue, &taken);
      g_assert_cmpuint (taken.n_progress, ==, 300);
      for (guint64 i = 0; i < 300; i++)
        g_assert_cmpuint (taken.progress[i], ==, i << 32);
      g_assert_cmpuint (taken.n_completed, ==, 1);
      g_assert_cmpuint (taken.completed[0], ==, 5);
    }
}

static void
test_progress_readable (void)
{
  g_autoptr (ConvokeCompletionQueue) queue = make_queue ();
  g_auto (Taken) taken = { 0, };

  g_test_summary ("Progress alone makes the descriptor readable");

  convoke_completion_queue_post_progress (queue, 0);
  g_assert_true (is_readable (convoke_completion_queue_get_fd (queue)));
  take (queue, &taken);
  g_assert_false (is_readable (convoke_completion_queue_get_fd (queue)));
}

#define N_POSTS 5000

static gpointer
post_cb (gpointer data)
{
  for (guint64 key = 0; key < N_POSTS; key++)
    {
      convoke_completion_queue_post_progress (data, key % 10);
      convoke_completion_queue_post_completed (data, key);
    }

  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (ConvokeCompletionQueue) queue = make_queue ();
  g_auto (Taken) taken = { 0, };
  GThread *threads[3];
  guint n = 0;

  g_test_summary ("One reader that polls gets everything that many threads post");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("post", post_cb, queue);
  while (n < N_POSTS * G_N_ELEMENTS (threads))
    {
      struct pollfd poll_fd = { convoke_completion_queue_get_fd (queue), POLLIN, 0 };

      g_assert_cmpint (poll (&poll_fd, 1, 30000), ==, 1);
      take (queue, &taken);
      n += taken.n_completed;
      g_assert_cmpuint (taken.n_progress, <=, 10);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (n, ==, N_POSTS * G_N_ELEMENTS (threads));
  g_assert_false (is_readable (convoke_completion_queue_get_fd (queue)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/completion-queue/empty", test_empty);
  g_test_add_func ("/callfactory/completion-queue/order", test_order);
  g_test_add_func ("/callfactory/completion-queue/progress", test_progress);
  g_test_add_func ("/callfactory/completion-queue/progress-readable", test_progress_readable);
  g_test_add_func ("/callfactory/completion-queue/threads", test_threads);

  return g_test_run ();
}
