/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <convoke.h>

#include "convoke-platform-private.h"

#include "test-util.h"

static void
count_cb (gpointer data)
{
  count_add (data);
}

static void
start (void)
{
  g_autoptr (GError) error = NULL;
  gboolean done = convoke_platform_start (CONVOKE_PLATFORM_VERSION, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
stop (void)
{
  g_autoptr (GError) error = NULL;
  gboolean done = convoke_platform_stop (&error);

  g_assert_no_error (error);
  g_assert_true (done);
}

/* Whether a queue can be allocated is what the platform's state comes down to. */
static void
assert_up (void)
{
  g_autoptr (GError) error = NULL;
  guint id = convoke_work_queue_allocate (CONVOKE_WORK_QUEUE_SERIAL, &error);

  g_assert_no_error (error);
  g_assert_true (convoke_work_queue_unlock_id (id, NULL));
  g_assert_true (convoke_platform_is_running ());
}

static void
assert_down (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (convoke_work_queue_allocate (CONVOKE_WORK_QUEUE_SERIAL, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  g_assert_cmphex (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_MF), ==, 0xc00d3e85);
  g_assert_false (convoke_platform_is_running ());
}

/* Started exactly once, whatever the tests before have done. */
static void
start_afresh (void)
{
  convoke_platform_set_patience (0);
  start ();
  while (convoke_platform_is_running ())
    stop ();
  convoke_platform_set_patience (30 * G_USEC_PER_SEC);
  start ();
}

static void
await_stopping (void)
{
  while (!convoke_platform_is_stopping ())
    g_thread_yield ();
}

static void
test_never_started (void)
{
  g_test_summary ("A platform that nobody started runs, and neither a stop nor an unlock takes it down");

  assert_up ();
  stop ();
  assert_up ();
  convoke_platform_lock ();
  convoke_platform_unlock ();
  assert_up ();
  convoke_platform_unlock ();
  assert_up ();
}

static void
test_start_stop (void)
{
  g_test_summary ("After the last stop nothing is allocated, a surplus stop is harmless, a start revives (T-MF-7, MF-25, MF-26)");

  start_afresh ();
  assert_up ();
  stop ();
  assert_down ();
  stop ();
  assert_down ();
  start ();
  assert_up ();
  stop ();
}

static void
test_version (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("Another version is refused, and not counted (T-MF-7, MF-25)");

  start_afresh ();
  g_assert_false (convoke_platform_start (CONVOKE_PLATFORM_VERSION + 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH);
  g_assert_cmphex (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_MF), ==, 0xc00d36e3);
  g_clear_error (&error);
  g_assert_false (convoke_platform_start (0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH);
  stop ();
  assert_down ();
}

static void
test_counted (void)
{
  g_test_summary ("As many stops as starts take it down, and not fewer (MF-25)");

  start_afresh ();
  for (guint i = 0; i < 2; i++)
    start ();
  for (guint i = 0; i < 2; i++)
    stop ();
  assert_up ();
  stop ();
  assert_down ();
}

static void
test_lock (void)
{
  g_test_summary ("Locks are one sum with starts: an unlock too many takes it down, a lock revives it (MF-30, X-37)");

  start_afresh ();
  convoke_platform_lock ();
  convoke_platform_unlock ();
  assert_up ();
  convoke_platform_unlock ();
  assert_down ();
  convoke_platform_unlock ();
  assert_down ();
  convoke_platform_lock ();
  assert_up ();
  stop ();
  assert_down ();
}

static void
test_put (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  ConvokeWorkQueue *queues[] = { queue, convoke_work_queue_get_standard () };
  Count counts[2] = { 0, };

  g_test_summary ("While it is down queues take nothing, afterwards they do again; refused data is freed (MF-41)");

  start_afresh ();
  for (guint i = 0; i < G_N_ELEMENTS (queues); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ConvokeWorkQueue) serial = NULL;

      stop ();
      g_assert_false (convoke_work_queue_put_function (queues[i], count_cb, &counts[0], count_cb, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
      g_assert_cmpuint (count_get (&counts[0]), ==, i + 1);
      g_clear_error (&error);
      serial = convoke_work_queue_new_serial (queues[i], &error);
      g_assert_null (serial);
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
      start ();
      g_assert_true (convoke_work_queue_put_function (queues[i], count_cb, &counts[1], NULL, NULL));
      g_assert_true (count_wait (&counts[1], i + 1));
    }
}

typedef struct
{
  Count inside;
  Count open;
  Count ran;
} Door;

static void
door_cb (gpointer data)
{
  Door *door = data;

  count_add (&door->inside);
  g_assert_true (count_wait (&door->open, 1));
}

static void
test_queued_runs (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  Door door = { { { 0, }, }, };

  g_test_summary ("What is queued when it goes down still runs (MF-33)");

  start_afresh ();
  g_assert_true (convoke_work_queue_put_function (queue, door_cb, &door, NULL, NULL));
  for (guint i = 0; i < 10; i++)
    g_assert_true (convoke_work_queue_put_function (queue, count_cb, &door.ran, NULL, NULL));
  g_assert_true (count_wait (&door.inside, 1));
  stop ();
  assert_down ();
  count_add (&door.open);
  g_assert_true (count_wait (&door.ran, 10));
}

typedef struct
{
  GError *error;
  Count   ran;
} Attempt;

static void
stop_cb (gpointer data)
{
  Attempt *attempt = data;

  g_assert_false (convoke_platform_stop (&attempt->error));
  count_add (&attempt->ran);
}

static void
test_stop_on_queue (void)
{
  g_autoptr (ConvokeWorkQueue) context_queue = convoke_work_queue_new_for_context (NULL);
  ConvokeWorkQueue *queues[] = {
    convoke_work_queue_get_standard (),
    convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_MULTITHREADED),
    context_queue,
  };

  g_test_summary ("A thread of a queue cannot stop the platform, and nothing is counted (MF-28)");

  start_afresh ();
  for (guint i = 0; i < G_N_ELEMENTS (queues); i++)
    {
      Attempt attempt = { NULL, };

      g_assert_true (convoke_work_queue_put_function (queues[i], stop_cb, &attempt, NULL, NULL));
      while (queues[i] == context_queue && g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_true (count_wait (&attempt.ran, 1));
      g_assert_error (attempt.error, CONVOKE_ERROR, CONVOKE_ERROR_DEADLOCK);
      g_clear_error (&attempt.error);
    }
  assert_up ();
}

static gpointer
stop_thread (gpointer data)
{
  stop ();
  count_add (data);

  return NULL;
}

static void
test_stop_waits (void)
{
  Count stopped = { 0, };
  GThread *thread;

  g_test_summary ("The last stop waits for who has locked the platform (MF-29)");

  start_afresh ();
  convoke_platform_lock ();
  thread = g_thread_new ("stop", stop_thread, &stopped);
  await_stopping ();
  assert_up ();
  g_assert_cmpuint (count_get (&stopped), ==, 0);
  convoke_platform_unlock ();
  g_assert_true (count_wait (&stopped, 1));
  g_thread_join (thread);
  assert_down ();
}

static void
test_stop_bounded (void)
{
  g_test_summary ("The last stop does not wait for ever; a lock that is left over does no harm (MF-29, X-16)");

  start_afresh ();
  convoke_platform_set_patience (1000);
  convoke_platform_lock ();
  stop ();
  assert_down ();
  convoke_platform_unlock ();
  assert_down ();
}

static void
test_stop_revived (void)
{
  Count stopped = { 0, };
  GThread *thread;

  g_test_summary ("A start while the last stop waits keeps the platform up (MF-29, MF-30)");

  start_afresh ();
  convoke_platform_lock ();
  thread = g_thread_new ("stop", stop_thread, &stopped);
  /* Whether it comes before or after the other's stop, one start is left. */
  start ();
  g_assert_true (count_wait (&stopped, 1));
  g_thread_join (thread);
  assert_up ();
  convoke_platform_unlock ();
  assert_up ();
}

static void
test_result_holds (void)
{
  Count stopped = { 0, };
  ConvokeAsyncResult *result;
  GThread *thread;

  g_test_summary ("A result holds the platform for its life, so the last stop waits for it (MF-24, MF-29)");

  start_afresh ();
  result = convoke_async_result_new (NULL, NULL, NULL);
  thread = g_thread_new ("stop", stop_thread, &stopped);
  await_stopping ();
  assert_up ();
  g_assert_cmpuint (count_get (&stopped), ==, 0);
  g_object_unref (result);
  g_assert_true (count_wait (&stopped, 1));
  g_thread_join (thread);
  assert_down ();
}

static Count downs;

static void
down_func (void)
{
  count_add (&downs);
}

static void
test_shutdown_func (void)
{
  g_test_summary ("Whatever waits is told each time the platform goes down, by a stop or by an unlock");

  start_afresh ();
  convoke_platform_add_shutdown_func (down_func);
  stop ();
  g_assert_cmpuint (count_get (&downs), ==, 1);
  stop ();
  g_assert_cmpuint (count_get (&downs), ==, 1);
  start ();
  convoke_platform_unlock ();
  g_assert_cmpuint (count_get (&downs), ==, 2);
  start ();
  start ();
  stop ();
  g_assert_cmpuint (count_get (&downs), ==, 2);
}

/* A callback that counts. */
#define TEST_TYPE_TOLD (test_told_get_type ())
G_DECLARE_FINAL_TYPE (TestTold, test_told, TEST, TOLD, GObject)

struct _TestTold
{
  GObject parent_instance;

  Count   told;
};

static void
test_told_invoke (ConvokeAsyncCallback *callback,
                  ConvokeAsyncResult   *result)
{
  count_add (&TEST_TOLD (callback)->told);
}

static void
test_told_iface_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = test_told_invoke;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestTold, test_told, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, test_told_iface_init))

static void
test_told_class_init (TestToldClass *klass)
{
}

static void
test_told_init (TestTold *self)
{
}

static void
test_scheduled_dropped (void)
{
  TestTold *told = g_object_new (TEST_TYPE_TOLD, NULL);
  gpointer weak = told;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An item that waits for its time is dropped by the last stop, which does not wait for its result (MF-29)");

  start_afresh ();
  g_object_add_weak_pointer (G_OBJECT (told), &weak);
  g_assert_cmpuint (convoke_work_item_schedule (G_MAXINT64, CONVOKE_ASYNC_CALLBACK (told), NULL, &error), !=, 0);
  g_assert_no_error (error);
  g_object_unref (told);
  g_assert_nonnull (weak);
  stop ();
  assert_down ();
  g_assert_null (weak);
}

static void
test_call_told (void)
{
  g_autoptr (TestTold) told = g_object_new (TEST_TYPE_TOLD, NULL);
  g_autoptr (ConvokeCall) call = convoke_call_new_operation (NULL, "test");
  g_autoptr (ConvokeServerCall) server_call = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The callback of a call that was begun is invoked, also when the platform went down since (MF-1)");

  start_afresh ();
  g_assert_true (convoke_call_add_async_callback (call, CONVOKE_ASYNC_CALLBACK (told), NULL, &error));
  server_call = convoke_call_begin_operation (call, &error);
  g_assert_no_error (error);
  stop ();
  assert_down ();
  g_assert_true (convoke_server_call_complete_operation (server_call, NULL, &error));
  g_assert_true (count_wait (&told->told, 1));
  g_assert_true (convoke_call_finish_operation (call, NULL, &error));
}

static void
test_thread_default (void)
{
  GMainContext *before = g_main_context_get_thread_default ();

  g_test_summary ("Starting and stopping change nothing about the calling thread (MF-27)");

  start_afresh ();
  start ();
  g_assert_true (g_main_context_get_thread_default () == before);
  stop ();
  g_assert_true (g_main_context_get_thread_default () == before);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  /* Must come first: what was started once is never as if it had not been. */
  g_test_add_func ("/callfactory/platform/never-started", test_never_started);
  g_test_add_func ("/callfactory/platform/start-stop", test_start_stop);
  g_test_add_func ("/callfactory/platform/version", test_version);
  g_test_add_func ("/callfactory/platform/counted", test_counted);
  g_test_add_func ("/callfactory/platform/lock", test_lock);
  g_test_add_func ("/callfactory/platform/put", test_put);
  g_test_add_func ("/callfactory/platform/queued-runs", test_queued_runs);
  g_test_add_func ("/callfactory/platform/stop-on-queue", test_stop_on_queue);
  g_test_add_func ("/callfactory/platform/stop-waits", test_stop_waits);
  g_test_add_func ("/callfactory/platform/stop-bounded", test_stop_bounded);
  g_test_add_func ("/callfactory/platform/stop-revived", test_stop_revived);
  g_test_add_func ("/callfactory/platform/result-holds", test_result_holds);
  g_test_add_func ("/callfactory/platform/shutdown-func", test_shutdown_func);
  g_test_add_func ("/callfactory/platform/scheduled-dropped", test_scheduled_dropped);
  g_test_add_func ("/callfactory/platform/call-told", test_call_told);
  g_test_add_func ("/callfactory/platform/thread-default", test_thread_default);

  return g_test_run ();
}
