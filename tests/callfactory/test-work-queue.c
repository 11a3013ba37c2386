/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <convoke.h>

#include "convoke-pool-private.h"

#include "test-util.h"

/* A callback that notes what it is invoked with. */
#define TEST_TYPE_CALLBACK (test_callback_get_type ())
G_DECLARE_FINAL_TYPE (TestCallback, test_callback, TEST, CALLBACK, GObject)

struct _TestCallback
{
  GObject                    parent_instance;

  Count                      invoked;
  Count                     *door;       /* (unowned) (nullable) it waits there before it returns */
  GThread                   *thread;     /* of the last invocation; read after invoked was counted */
  ConvokeAsyncResult        *result;     /* (unowned) likewise */
  GObject                   *state;      /* (unowned) likewise */

  gboolean                   quiet;      /* only counts, for measuring */
  guint                      n_quiet;

  gboolean                   says;
  ConvokeAsyncCallbackFlags  flags;
  ConvokeWorkQueue          *queue;      /* (unowned) (nullable) */
};

static void
test_callback_invoke (ConvokeAsyncCallback *callback,
                      ConvokeAsyncResult   *result)
{
  TestCallback *self = (TestCallback *) callback;
  Count *door = self->door;

  if (self->quiet)
    {
      self->n_quiet++;
      return;
    }

  g_mutex_lock (&self->invoked.lock);
  self->thread = g_thread_self ();
  self->result = result;
  self->state = convoke_async_result_get_state (result);
  g_mutex_unlock (&self->invoked.lock);
  count_add (&self->invoked);
  if (door != NULL)
    g_assert_true (count_wait (door, 1));
}

static gboolean
test_callback_get_parameters (ConvokeAsyncCallback       *callback,
                              ConvokeAsyncCallbackFlags  *flags,
                              ConvokeWorkQueue          **queue)
{
  TestCallback *self = TEST_CALLBACK (callback);

  *flags = self->flags;
  *queue = self->queue != NULL ? g_object_ref (self->queue) : NULL;

  return self->says;
}

static void
test_callback_iface_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = test_callback_invoke;
  iface->get_parameters = test_callback_get_parameters;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestCallback, test_callback, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, test_callback_iface_init))

static void
test_callback_class_init (TestCallbackClass *klass)
{
}

static void
test_callback_init (TestCallback *self)
{
}

/* A result that somebody else derived. */
#define TEST_TYPE_RESULT (test_result_get_type ())
G_DECLARE_FINAL_TYPE (TestResult, test_result, TEST, RESULT, ConvokeAsyncResult)

struct _TestResult
{
  ConvokeAsyncResult parent_instance;

  int                answer;
};

G_DEFINE_FINAL_TYPE (TestResult, test_result, CONVOKE_TYPE_ASYNC_RESULT)

static void
test_result_class_init (TestResultClass *klass)
{
}

static void
test_result_init (TestResult *self)
{
}

static TestCallback *
make_callback (void)
{
  return g_object_new (TEST_TYPE_CALLBACK, NULL);
}

static GObject *
make_object (void)
{
  return g_object_new (G_TYPE_OBJECT, NULL);
}

static void
put (ConvokeWorkQueue *queue,
     TestCallback     *callback,
     GObject          *state)
{
  g_autoptr (GError) error = NULL;
  gboolean done = convoke_work_queue_put (queue, CONVOKE_ASYNC_CALLBACK (callback), state, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
put_result (ConvokeWorkQueue   *queue,
            ConvokeAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  gboolean done = convoke_work_queue_put_result (queue, result, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
fence_cb (gpointer data)
{
  count_add (data);
}

/* Returns once everything that was put on a serial queue before has been let go of. */
static void
pass_fence (ConvokeWorkQueue *queue)
{
  Count passed = { 0, };

  g_assert_true (convoke_work_queue_put_function (queue, fence_cb, &passed, NULL, NULL));
  g_assert_true (count_wait (&passed, 1));
}

static void
test_result_empty (void)
{
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A result can be made of nothing, and has no error (T-MF-1, MF-15, MF-16, MF-17)");

  g_assert_null (convoke_async_result_get_object (result));
  g_assert_null (convoke_async_result_get_callback (result));
  g_assert_null (convoke_async_result_get_state (result));
  g_assert_null (convoke_async_result_dup_status (result));
  g_assert_true (convoke_async_result_check_status (result, &error));
  g_assert_no_error (error);
}

static void
test_result_references (void)
{
  GObject *object = make_object ();
  GObject *state = make_object ();
  TestCallback *callback = make_callback ();
  ConvokeAsyncResult *result = convoke_async_result_new (object, CONVOKE_ASYNC_CALLBACK (callback), state);
  gpointer weak_object = object, weak_state = state, weak_callback = callback;

  g_test_summary ("A result keeps object, callback and state, and lets go of them at its end (MF-15, MF-17)");

  g_object_add_weak_pointer (object, &weak_object);
  g_object_add_weak_pointer (state, &weak_state);
  g_object_add_weak_pointer (G_OBJECT (callback), &weak_callback);
  g_object_unref (object);
  g_object_unref (state);
  g_object_unref (callback);

  g_assert_true (convoke_async_result_get_object (result) == weak_object);
  g_assert_true (convoke_async_result_get_state (result) == weak_state);
  g_assert_true ((gpointer) convoke_async_result_get_callback (result) == weak_callback);
  g_object_unref (result);
  g_assert_null (weak_object);
  g_assert_null (weak_state);
  g_assert_null (weak_callback);
}

static void
test_result_status (void)
{
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, NULL, NULL);
  g_autoptr (GError) stored = g_error_new (g_quark_from_static_string ("test-foreign"), -7, "Half of it (%d)", 50);
  g_autoptr (GError) status = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Any status round-trips with domain, code and message, success too (T-MF-3, MF-18)");

  convoke_async_result_set_status (result, stored);
  status = convoke_async_result_dup_status (result);
  g_assert_error (status, stored->domain, -7);
  g_assert_cmpstr (status->message, ==, "Half of it (50)");
  g_assert_false (convoke_async_result_check_status (result, &error));
  g_assert_error (error, stored->domain, -7);

  convoke_async_result_set_status (result, status);
  convoke_async_result_set_status (result, NULL);
  g_assert_null (convoke_async_result_dup_status (result));
}

static void
test_result_gio (void)
{
  g_autoptr (GObject) object = make_object ();
  g_autoptr (GObject) state = make_object ();
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (object, NULL, state);
  g_autoptr (GObject) source = g_async_result_get_source_object (G_ASYNC_RESULT (result));

  g_test_summary ("A result is a GAsyncResult");

  g_assert_true (source == object);
  g_assert_true (g_async_result_get_user_data (G_ASYNC_RESULT (result)) == state);
  g_assert_false (g_async_result_is_tagged (G_ASYNC_RESULT (result), test_result_gio));
}

static void
test_result_derived (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (TestCallback) callback = make_callback ();
  g_autoptr (TestResult) result = g_object_new (TEST_TYPE_RESULT, "callback", callback, "state", callback, NULL);

  g_test_summary ("A derived result sets what it needs as properties and can be queued (MF-24)");

  result->answer = 42;
  put_result (queue, CONVOKE_ASYNC_RESULT (result));
  g_assert_true (count_wait (&callback->invoked, 1));
  g_assert_true (TEST_RESULT (callback->result)->answer == 42);
  g_assert_true (callback->state == G_OBJECT (callback));
  pass_fence (queue);
}

static void
test_put (gconstpointer data)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (GPOINTER_TO_UINT (data));
  g_autoptr (TestCallback) callback = make_callback ();
  g_autoptr (GObject) state = make_object ();

  g_test_summary ("A callback is invoked once with its state, on another thread (MF-2, MF-41)");

  g_assert_cmpint (convoke_work_queue_get_kind (queue), ==, GPOINTER_TO_UINT (data));
  put (queue, callback, state);
  g_assert_true (count_wait (&callback->invoked, 1));
  g_assert_true (callback->state == state);
  g_assert_true (callback->thread != g_thread_self ());
  g_assert_cmpuint (count_get (&callback->invoked), ==, 1);
}

static void
test_put_again (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (TestCallback) callback = make_callback ();
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (callback), NULL);

  g_test_summary ("The same result can be queued several times and is invoked each time, exactly it (MF-3, MF-43)");

  for (guint i = 0; i < 5; i++)
    put_result (queue, result);
  g_assert_true (count_wait (&callback->invoked, 5));
  g_assert_true (callback->result == result);
  pass_fence (queue);
  g_assert_cmpuint (count_get (&callback->invoked), ==, 5);
}

static void
test_put_without_callback (void)
{
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A result without a callback is refused");

  g_assert_false (convoke_work_queue_put_result (convoke_work_queue_get_standard (), result, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_keep_alive (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  Count door = { 0, };
  TestCallback *callback = make_callback ();
  GObject *state = make_object ();
  gpointer weak_callback = callback, weak_state = state;

  g_test_summary ("The queue keeps callback and state until Invoke returned, and nothing after that (MF-23)");

  callback->door = &door;
  g_object_add_weak_pointer (G_OBJECT (callback), &weak_callback);
  g_object_add_weak_pointer (state, &weak_state);
  put (queue, callback, state);
  g_object_unref (state);
  g_assert_true (count_wait (&callback->invoked, 1));
  g_object_unref (callback);
  g_assert_nonnull (weak_callback);
  g_assert_nonnull (weak_state);
  count_add (&door);
  pass_fence (queue);
  g_assert_null (weak_callback);
  g_assert_null (weak_state);
}

static void
test_runs_after_unref (gconstpointer data)
{
  ConvokeWorkQueue *queue = convoke_work_queue_new (GPOINTER_TO_UINT (data));
  g_autoptr (TestCallback) callback = make_callback ();

  g_test_summary ("Queued items run, also when the queue was let go of (MF-33)");

  for (guint i = 0; i < 100; i++)
    put (queue, callback, NULL);
  g_object_unref (queue);
  g_assert_true (count_wait (&callback->invoked, 100));
}

typedef struct
{
  guint n;      /* the items' own, one at a time */
  Count ended;
} Sequence;

typedef struct
{
  Sequence *sequence;
  guint     number;
} Step;

static void
step_cb (gpointer data)
{
  Step *step = data;

  g_assert_cmpuint (step->sequence->n++, ==, step->number);
  count_add (&step->sequence->ended);
}

static void
test_serial_order (gconstpointer data)
{
  g_autoptr (ConvokeWorkQueue) own = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  ConvokeWorkQueue *queue = data != NULL ? convoke_work_queue_get_standard () : own;
  Sequence sequence = { 0, };
  Step steps[1000];

  g_test_summary ("Items of a serial queue, the standard one too, run in order, one at a time (T-MF-19, MF-36, MF-53)");

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      steps[i] = (Step) { &sequence, i };
      g_assert_true (convoke_work_queue_put_function (queue, step_cb, &steps[i], NULL, NULL));
    }
  g_assert_true (count_wait (&sequence.ended, G_N_ELEMENTS (steps)));
}

static void
meet_cb (gpointer data)
{
  Count *counts = data;

  /* Each waits for the others: one after the other they would never end. */
  count_add (&counts[0]);
  g_assert_true (count_wait (&counts[0], 3));
  count_add (&counts[1]);
}

static void
test_side_by_side (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  Count counts[2] = { 0, };

  g_test_summary ("Items of a multithreaded queue run side by side (MF-37)");

  for (guint i = 0; i < 3; i++)
    g_assert_true (convoke_work_queue_put_function (queue, meet_cb, counts, NULL, NULL));
  g_assert_true (count_wait (&counts[1], 3));
}

static void
test_function_destroy (gconstpointer data)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (GPOINTER_TO_UINT (data));
  Count counted = { 0, };

  g_test_summary ("A function's data is freed once, after the function");

  g_assert_true (convoke_work_queue_put_function (queue, fence_cb, &counted, fence_cb, NULL));
  g_assert_true (count_wait (&counted, 2));
}

static void
test_standard (void)
{
  g_test_summary ("There is one standard queue, and it is serial (MF-31, MF-36)");

  g_assert_true (convoke_work_queue_get_standard () == convoke_work_queue_get_standard ());
  g_assert_cmpint (convoke_work_queue_get_kind (convoke_work_queue_get_standard ()), ==, CONVOKE_WORK_QUEUE_SERIAL);
}

static void
test_invoke_standard (void)
{
  g_autoptr (TestCallback) callback = make_callback ();
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (callback), NULL);
  g_autoptr (GError) error = NULL;
  Count door = { 0, };

  g_test_summary ("A callback that names no queue is told of a completion on the standard queue (P-11, MF-11)");

  callback->door = &door;
  g_assert_true (convoke_async_result_invoke_callback (result, &error));
  g_assert_no_error (error);
  g_assert_true (count_wait (&callback->invoked, 1));
  /* It holds the standard queue up, so it runs there. */
  g_assert_true (convoke_work_queue_put_function (convoke_work_queue_get_standard (), fence_cb, &callback->invoked, NULL, NULL));
  g_assert_cmpuint (count_get (&callback->invoked), ==, 1);
  count_add (&door);
  g_assert_true (count_wait (&callback->invoked, 2));
}

static void
test_invoke_named (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (TestCallback) callback = make_callback ();
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (callback), NULL);
  Count door = { 0, };

  g_test_summary ("A callback that names a queue is told of a completion there (MF-13)");

  callback->says = TRUE;
  callback->flags = CONVOKE_ASYNC_CALLBACK_BLOCKING;
  callback->queue = queue;
  callback->door = &door;
  g_assert_true (convoke_async_result_invoke_callback (result, NULL));
  g_assert_true (count_wait (&callback->invoked, 1));
  pass_fence (convoke_work_queue_get_standard ());
  count_add (&door);
  pass_fence (queue);
}

static void
test_invoke_flags (void)
{
  g_autoptr (TestCallback) callback = make_callback ();
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (callback), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Flags that the queue cannot honour are refused, and nothing is invoked (T-MF-25, MF-12)");

  callback->says = TRUE;
  callback->flags = CONVOKE_ASYNC_CALLBACK_FAST_IO;
  g_assert_false (convoke_async_result_invoke_callback (result, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_QUEUE);
  g_assert_cmpuint (count_get (&callback->invoked), ==, 0);
}

#define BATCH    1000
#define N_ROUNDS 1000

static double
nanoseconds_each (gint64 start)
{
  return (g_get_monotonic_time () - start) * 1000.0 / (BATCH * N_ROUNDS);
}

static void
test_speed (gconstpointer data)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (GPOINTER_TO_UINT (data));
  g_autoptr (TestCallback) callback = make_callback ();
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (callback), NULL);
  gint64 start;

  g_test_summary ("Nanoseconds for each item, one producer and one worker");

  callback->quiet = TRUE;
  convoke_pool_set_limit (1);

  start = g_get_monotonic_time ();
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      for (guint j = 0; j < BATCH; j++)
        convoke_work_queue_put_result (queue, result, NULL);
      pass_fence (queue);
    }
  g_test_minimized_result (nanoseconds_each (start), "a ready item %.1f ns", nanoseconds_each (start));

  start = g_get_monotonic_time ();
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      for (guint j = 0; j < BATCH; j++)
        convoke_work_queue_put (queue, CONVOKE_ASYNC_CALLBACK (callback), NULL, NULL);
      pass_fence (queue);
    }
  g_test_minimized_result (nanoseconds_each (start), "with a new result %.1f ns", nanoseconds_each (start));

  start = g_get_monotonic_time ();
  for (guint i = 0; i < BATCH * N_ROUNDS; i++)
    g_object_unref (make_object ());
  g_test_minimized_result (nanoseconds_each (start), "g_object_new %.1f ns", nanoseconds_each (start));

  convoke_pool_set_limit (64);
}

typedef struct
{
  const char   *name;
  GTestDataFunc func;
} DataTest;

int
main (int   argc,
      char *argv[])
{
  static const DataTest both[] = {
    { "put", test_put },
    { "runs-after-unref", test_runs_after_unref },
    { "function-destroy", test_function_destroy },
    { "speed", test_speed },
  };
  static const char * const kinds[] = { "serial", "multithreaded" };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/async-result/empty", test_result_empty);
  g_test_add_func ("/callfactory/async-result/references", test_result_references);
  g_test_add_func ("/callfactory/async-result/status", test_result_status);
  g_test_add_func ("/callfactory/async-result/gio", test_result_gio);
  g_test_add_func ("/callfactory/async-result/derived", test_result_derived);
  g_test_add_func ("/callfactory/async-result/invoke-standard", test_invoke_standard);
  g_test_add_func ("/callfactory/async-result/invoke-named", test_invoke_named);
  g_test_add_func ("/callfactory/async-result/invoke-flags", test_invoke_flags);

  /* The last one measures, and is asked for with -m perf. */
  for (guint i = 0; i < G_N_ELEMENTS (both) - !g_test_perf (); i++)
    for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
      {
        g_autofree char *path = g_strdup_printf ("/callfactory/work-queue/%s/%s", both[i].name, kinds[kind]);

        g_test_add_data_func (path, GUINT_TO_POINTER (kind), both[i].func);
      }

  g_test_add_func ("/callfactory/work-queue/put-again", test_put_again);
  g_test_add_func ("/callfactory/work-queue/put-without-callback", test_put_without_callback);
  g_test_add_func ("/callfactory/work-queue/keep-alive", test_keep_alive);
  g_test_add_data_func ("/callfactory/work-queue/serial-order/own", NULL, test_serial_order);
  g_test_add_data_func ("/callfactory/work-queue/serial-order/standard", GINT_TO_POINTER (TRUE), test_serial_order);
  g_test_add_func ("/callfactory/work-queue/side-by-side", test_side_by_side);
  g_test_add_func ("/callfactory/work-queue/standard", test_standard);

  return g_test_run ();
}
