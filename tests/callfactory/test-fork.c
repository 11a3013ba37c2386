/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <sys/wait.h>
#include <unistd.h>

#include <convoke.h>

#include "convoke-completion-queue-private.h"
#include "convoke-fork-private.h"
#include "convoke-pool-private.h"
#include "convoke-timer-private.h"

#include "../test-child.h"
#include "test-util.h"

/* Runs @claim in a child of this process, as it is: the exit status tells. */
static void
assert_in_child (gboolean (*claim) (gpointer data),
                 gpointer   data)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      alarm (20);
      test_child_end (claim (data));
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static gboolean
is_forked (GError **error)
{
  gboolean forked = g_error_matches (*error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);

  g_clear_error (error);

  return forked;
}

static gboolean
event_fails (gpointer data)
{
  ConvokeSynchronize *event = data;
  g_autoptr (GError) error = NULL;

  return !convoke_synchronize_wait (event, CONVOKE_WAIT_DEFAULT, -1, &error) && is_forked (&error)
         && !convoke_synchronize_signal (event, &error) && is_forked (&error)
         && !convoke_synchronize_reset (event, &error) && is_forked (&error)
         && convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (event), &error) == -1 && is_forked (&error);
}

static void
test_event (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);

  g_test_summary ("In a forked child an event fails with FORKED, and goes on in the parent");

  convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (event), NULL);
  assert_in_child (event_fails, event);
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, 0, NULL));
  g_assert_false (convoke_check_forked (NULL));
}

static gboolean
event_can_be_freed (gpointer data)
{
  g_object_unref (data);

  return TRUE;
}

static void
test_free_event (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  int fd = convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (event), NULL);

  g_test_summary ("A forked child can drop an event without disturbing its parent");

  convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (event), NULL);
  assert_in_child (event_can_be_freed, event);
  g_assert_true (is_readable (fd));
}

typedef struct
{
  ConvokeWorkQueue       *queue;
  ConvokeCompletionQueue *completions;
  Count                   destroyed;
} Queues;

static void
not_run_cb (gpointer data)
{
  g_assert_not_reached ();
}

static void
destroyed_cb (gpointer data)
{
  count_add (data);
}

static gboolean
queues_fail (gpointer data)
{
  Queues *queues = data;
  g_autoptr (GError) error = NULL;
  g_autofree guint64 *completed = NULL;
  g_autofree guint64 *progress = NULL;
  guint n_completed, n_progress;

  convoke_completion_queue_post_completed (queues->completions, 2);
  convoke_completion_queue_take (queues->completions, &completed, &n_completed, &progress, &n_progress);

  return n_completed == 0 && n_progress == 0
         && convoke_completion_queue_new (&error) == NULL && is_forked (&error)
         && !convoke_work_queue_put_function (queues->queue, not_run_cb, &queues->destroyed, destroyed_cb, &error)
         && is_forked (&error) && count_get (&queues->destroyed) == 1;
}

static gboolean
numbers_fail (gpointer data)
{
  ConvokeWorkQueue *queue = data;
  guint id = convoke_work_queue_get_id (queue);
  g_autoptr (GError) error = NULL;

  return convoke_work_queue_allocate (CONVOKE_WORK_QUEUE_WINDOW, &error) == 0 && is_forked (&error)
         && convoke_work_queue_lock (queue, &error) == 0 && is_forked (&error)
         && convoke_work_queue_lock_shared ("", 0, 0, &error) == 0 && is_forked (&error)
         && convoke_work_queue_lookup (id, &error) == NULL && is_forked (&error)
         && !convoke_work_queue_lock_id (id, &error) && is_forked (&error)
         && !convoke_work_queue_unlock_id (id, &error) && is_forked (&error)
         && convoke_work_queue_new_serial (queue, &error) == NULL && is_forked (&error)
         && convoke_work_queue_begin_register (queue, "Background", 0, 0, NULL, NULL, &error) == NULL && is_forked (&error)
         && convoke_work_queue_begin_unregister (queue, NULL, NULL, &error) == NULL && is_forked (&error)
         && convoke_platform_register ("Background", 0, 0, &error) == 0 && is_forked (&error)
         && !convoke_platform_unregister (&error) && is_forked (&error)
         && !convoke_platform_start (CONVOKE_PLATFORM_VERSION, &error) && is_forked (&error)
         && !convoke_platform_stop (&error) && is_forked (&error);
}

static void
test_numbers (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  guint id = convoke_work_queue_lock (queue, NULL);

  g_test_summary ("In a forked child numbers of queues, the platform and classes of threads fail with FORKED");

  assert_in_child (numbers_fail, queue);
  g_assert_true (convoke_work_queue_unlock_id (id, NULL));
}

static void
test_queues (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeCompletionQueue) completions = convoke_completion_queue_new (NULL);
  Queues queues = { queue, completions, };

  g_test_summary ("In a forked child queues fail with FORKED and take nothing from the parent");

  convoke_completion_queue_post_completed (completions, 1);
  assert_in_child (queues_fail, &queues);
  g_assert_true (is_readable (convoke_completion_queue_get_fd (completions)));
}

static void
count_cb (gpointer data)
{
  count_add (data);
}

static void
fail_cb (gpointer data)
{
  g_assert_not_reached ();
}

static void
timer_cb (ConvokeTimer *timer)
{
  g_assert_not_reached ();
}

static gboolean
machinery_is_quiet (gpointer data)
{
  ConvokeTimer timer = { .func = timer_cb };

  convoke_pool_push (fail_cb, NULL);
  convoke_pool_wait_enter ();
  convoke_pool_wait_leave ();

  return !convoke_pool_is_full (NULL) && !convoke_timer_arm (&timer, 0) && !convoke_timer_disarm (&timer);
}

typedef struct
{
  Count ran;
  guint stop; /* atomic */
} Busy;

static gpointer
busy_cb (gpointer data)
{
  Busy *busy = data;

  /* Keeps the pool's lock taken now and then, also as the fork happens. */
  while (!__atomic_load_n (&busy->stop, __ATOMIC_ACQUIRE))
    convoke_pool_get_limit ();

  return NULL;
}

static void
test_machinery (void)
{
  Busy busy = { 0, };
  GThread *thread;

  g_test_summary ("In a forked child the pool and the timers run nothing, and never hang");

  convoke_pool_push (count_cb, &busy.ran);
  g_assert_true (count_wait (&busy.ran, 1));
  thread = g_thread_new ("busy", busy_cb, &busy);
  for (guint i = 0; i < 50; i++)
    assert_in_child (machinery_is_quiet, NULL);
  __atomic_store_n (&busy.stop, 1, __ATOMIC_RELEASE);
  g_thread_join (thread);

  convoke_pool_push (count_cb, &busy.ran);
  g_assert_true (count_wait (&busy.ran, 2));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/fork/event", test_event);
  g_test_add_func ("/callfactory/fork/free-event", test_free_event);
  g_test_add_func ("/callfactory/fork/queues", test_queues);
  g_test_add_func ("/callfactory/fork/numbers", test_numbers);
  g_test_add_func ("/callfactory/fork/machinery", test_machinery);

  return g_test_run ();
}
