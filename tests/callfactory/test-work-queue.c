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

/* --- queues of main contexts --- */

typedef struct
{
  Sequence *sequence;
  GThread  *thread;
} Here;

static void
here_cb (gpointer data)
{
  Here *here = data;

  g_assert_true (g_thread_self () == here->thread);
  here->sequence->n++;
}

static void
iterate_until (GMainContext *context,
               const guint  *n,
               guint         wanted)
{
  while (*n < wanted)
    g_main_context_iteration (context, TRUE);
}

static void
test_context (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new_for_context (context);
  Sequence sequence = { 0, };
  Here here = { &sequence, g_thread_self () };
  Step steps[200];

  g_test_summary ("Items of a context's queue run in order where it is iterated, and not inside put (MF-2, MF-53)");

  g_assert_cmpint (convoke_work_queue_get_kind (queue), ==, CONVOKE_WORK_QUEUE_CONTEXT);
  g_assert_true (convoke_work_queue_get_context (queue) == context);
  g_assert_true (g_main_context_acquire (context));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      steps[i] = (Step) { &sequence, 2 * i };
      g_assert_true (convoke_work_queue_put_function (queue, step_cb, &steps[i], NULL, NULL));
      g_assert_true (convoke_work_queue_put_function (queue, here_cb, &here, NULL, NULL));
    }
  g_assert_cmpuint (sequence.n, ==, 0);
  iterate_until (context, &sequence.n, 2 * G_N_ELEMENTS (steps));
  g_main_context_release (context);
}

static gboolean
turn_cb (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

typedef struct
{
  ConvokeWorkQueue *queue;
  GMainContext     *context;
  gboolean          turn;
} Endless;

static void
endless_cb (gpointer data)
{
  Endless *endless = data;

  if (!endless->turn)
    g_assert_true (convoke_work_queue_put_function (endless->queue, endless_cb, endless, NULL, NULL));
}

static void
test_context_fair (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new_for_context (context);
  g_autoptr (GSource) source = g_idle_source_new ();
  Endless endless = { queue, context, FALSE };

  g_test_summary ("A queue that is never empty leaves the loop to its other sources now and then");

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, turn_cb, &endless.turn, NULL);
  g_assert_true (convoke_work_queue_put_function (queue, endless_cb, &endless, NULL, NULL));
  g_source_attach (source, context);
  while (!endless.turn)
    g_main_context_iteration (context, TRUE);
  while (g_main_context_iteration (context, FALSE))
    ;
}

static void
inner_cb (gpointer data)
{
  g_assert_false (g_main_context_iteration (((Endless *) data)->context, FALSE));
  ((Endless *) data)->turn = TRUE;
}

static void
after_inner_cb (gpointer data)
{
  g_assert_true (((Endless *) data)->turn);
}

static void
test_context_nested (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new_for_context (context);
  Endless endless = { queue, context, FALSE };

  g_test_summary ("An item that iterates its own context is not interrupted by the next (MF-53)");

  g_assert_true (convoke_work_queue_put_function (queue, inner_cb, &endless, NULL, NULL));
  g_assert_true (convoke_work_queue_put_function (queue, after_inner_cb, &endless, NULL, NULL));
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_true (endless.turn);
}

static void
test_context_default (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeWorkQueue) global = convoke_work_queue_new_for_context (NULL);
  g_autoptr (ConvokeWorkQueue) queue = NULL;

  g_test_summary ("Without a context the queue is that of the thread-default one");

  g_assert_true (convoke_work_queue_get_context (global) == g_main_context_default ());
  g_main_context_push_thread_default (context);
  queue = convoke_work_queue_new_for_context (NULL);
  g_main_context_pop_thread_default (context);
  g_assert_true (convoke_work_queue_get_context (queue) == context);
}

static void
test_context_runs_after_unref (void)
{
  GMainContext *context = g_main_context_new ();
  ConvokeWorkQueue *queue = convoke_work_queue_new_for_context (context);
  Count ran = { 0, };

  g_test_summary ("What is queued for a context runs after the queue was let go of (MF-33)");

  for (guint i = 0; i < 100; i++)
    g_assert_true (convoke_work_queue_put_function (queue, fence_cb, &ran, NULL, NULL));
  g_object_unref (queue);
  while (count_get (&ran) < 100)
    g_main_context_iteration (context, TRUE);
  g_assert_false (g_main_context_iteration (context, FALSE));
  g_main_context_unref (context);
}

typedef struct
{
  GThread *thread;
  Count    ran;
} Where;

static void
where_cb (gpointer data)
{
  Where *where = data;

  g_mutex_lock (&where->ran.lock);
  where->thread = g_thread_self ();
  g_mutex_unlock (&where->ran.lock);
  count_add (&where->ran);
}

static gboolean
where_source_cb (gpointer data)
{
  where_cb (data);

  return G_SOURCE_REMOVE;
}

static void
test_window (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_WINDOW);
  g_autoptr (GSource) source = g_idle_source_new ();
  Where item = { NULL, };
  Where other = { NULL, };

  g_test_summary ("A window queue runs its items on one thread, which dispatches its context too (MF-32)");

  g_assert_true (convoke_work_queue_put_function (queue, where_cb, &item, NULL, NULL));
  g_assert_true (count_wait (&item.ran, 1));
  g_source_set_callback (source, where_source_cb, &other, NULL);
  g_source_attach (source, convoke_work_queue_get_context (queue));
  g_assert_true (count_wait (&other.ran, 1));
  g_assert_true (item.thread == other.thread);
  g_assert_true (item.thread != g_thread_self ());
}

/* --- serial queues over others --- */

static ConvokeWorkQueue *
make_serial (ConvokeWorkQueue *target)
{
  g_autoptr (GError) error = NULL;
  ConvokeWorkQueue *queue = convoke_work_queue_new_serial (target, &error);

  g_assert_no_error (error);

  return queue;
}

static ConvokeWorkQueue *
make_target (gconstpointer name)
{
  if (g_str_equal (name, "context"))
    return convoke_work_queue_new_for_context (NULL);
  if (g_str_equal (name, "serial"))
    return convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  if (g_str_equal (name, "window"))
    return convoke_work_queue_new (CONVOKE_WORK_QUEUE_WINDOW);
  if (g_str_equal (name, "multithreaded"))
    return g_object_ref (convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_MULTITHREADED));
  if (g_str_equal (name, "long-function"))
    return g_object_ref (convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_LONG_FUNCTION));

  return g_object_ref (convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_TIMER));
}

static void
test_over (gconstpointer name)
{
  ConvokeWorkQueue *target = make_target (name);
  g_autoptr (ConvokeWorkQueue) below = make_serial (target);
  g_autoptr (ConvokeWorkQueue) queue = make_serial (below);
  Sequence sequence = { 0, };
  Step steps[1000];

  g_test_summary ("A serial queue over a serial queue over any queue is in order; it keeps its target (MF-38, X-34)");

  g_object_unref (target);
  g_clear_object (&below);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      steps[i] = (Step) { &sequence, i };
      g_assert_true (convoke_work_queue_put_function (queue, step_cb, &steps[i], NULL, NULL));
    }
  if (g_str_equal (name, "context"))
    iterate_until (NULL, &sequence.n, G_N_ELEMENTS (steps));
  g_assert_true (count_wait (&sequence.ended, G_N_ELEMENTS (steps)));
  g_assert_cmpint (convoke_work_queue_get_kind (queue), ==, CONVOKE_WORK_QUEUE_SERIAL);
}

static void
test_over_independent (void)
{
  ConvokeWorkQueue *target = convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_MULTITHREADED);
  g_autoptr (ConvokeWorkQueue) first = make_serial (target);
  g_autoptr (ConvokeWorkQueue) second = make_serial (target);
  Sequence sequences[2] = { { 0, }, { 0, } };
  Step steps[2][100];
  Count counts[2] = { 0, };

  g_test_summary ("Two serial queues over the multithreaded one are each in order, and overlap (T-MF-21, MF-38)");

  for (guint i = 0; i < G_N_ELEMENTS (steps[0]); i++)
    for (guint j = 0; j < 2; j++)
      {
        steps[j][i] = (Step) { &sequences[j], i };
        g_assert_true (convoke_work_queue_put_function (j == 0 ? first : second, step_cb, &steps[j][i], NULL, NULL));
      }
  /* Each waits for all three, of which one is mine. */
  g_assert_true (convoke_work_queue_put_function (first, meet_cb, counts, NULL, NULL));
  g_assert_true (convoke_work_queue_put_function (second, meet_cb, counts, NULL, NULL));
  count_add (&counts[0]);
  g_assert_true (count_wait (&counts[1], 2));
  g_assert_cmpuint (count_get (&sequences[0].ended), ==, G_N_ELEMENTS (steps[0]));
  g_assert_cmpuint (count_get (&sequences[1].ended), ==, G_N_ELEMENTS (steps[1]));
}

/* Without a lock: a second item at the same time is a race that the sanitizer sees, and may lose a count. */
static void
turn_alone_cb (gpointer data)
{
  ((Here *) data)->sequence->n++;
}

static void
test_over_exclusive (void)
{
  g_autoptr (ConvokeWorkQueue) target = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeWorkQueue) first = make_serial (target);
  g_autoptr (ConvokeWorkQueue) second = make_serial (target);
  ConvokeWorkQueue *queues[] = { target, first, second };
  Sequence sequence = { 0, };
  Here here = { &sequence, NULL };
  Count ran = { 0, };

  g_test_summary ("Queues over one serial queue, and that itself, never run two items at once (MF-36)");

  for (guint i = 0; i < 3000; i++)
    {
      g_assert_true (convoke_work_queue_put_function (queues[i % 3], fence_cb, &ran, NULL, NULL));
      g_assert_true (convoke_work_queue_put_function (queues[i % 3], turn_alone_cb, &here, NULL, NULL));
    }
  for (guint i = 0; i < 3; i++)
    pass_fence (queues[i]);
  g_assert_cmpuint (sequence.n, ==, 3000);
}

static void
test_over_depth (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (GError) error = NULL;
  guint depth = 1;

  g_test_summary ("A chain of queues that would exhaust the stack is refused; the last one allowed works");

  for (;; depth++)
    {
      ConvokeWorkQueue *next = convoke_work_queue_new_serial (queue, &error);

      if (next == NULL)
        break;
      g_object_unref (queue);
      queue = next;
    }
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES);
  g_assert_cmpuint (depth, ==, 64);
  pass_fence (queue);
}

/* --- queues by number --- */

static guint
allocate (ConvokeWorkQueueKind kind)
{
  g_autoptr (GError) error = NULL;
  guint id = convoke_work_queue_allocate (kind, &error);

  g_assert_no_error (error);

  return id;
}

static void
assert_dead (guint id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_work_queue_lookup (id, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_QUEUE);
  g_assert_cmphex (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_MF), ==, 0xc00d36ff);
}

static void
assert_unlock_fails (guint id)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_work_queue_unlock_id (id, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_QUEUE);
}

static void
test_id_private (void)
{
  guint id = allocate (CONVOKE_WORK_QUEUE_SERIAL);
  guint other = allocate (CONVOKE_WORK_QUEUE_MULTITHREADED);
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_lookup (id, NULL);

  g_test_summary ("An allocated number has private bits; unlocking it a second time fails (T-MF-9, MF-31, MF-34)");

  g_assert_cmphex (id & 0xffff0000, !=, 0);
  g_assert_cmphex (id, !=, other);
  g_assert_cmphex (convoke_work_queue_get_id (queue), ==, id);
  g_assert_true (convoke_work_queue_unlock_id (id, NULL));
  assert_unlock_fails (id);
  assert_dead (id);
  g_assert_cmphex (convoke_work_queue_get_id (queue), ==, CONVOKE_WORK_QUEUE_ID_UNDEFINED);
  pass_fence (queue);
  g_assert_true (convoke_work_queue_unlock_id (other, NULL));
}

static void
test_id_platform (void)
{
  static const guint ids[] = { 0, 1, 2, 3, 4, 5, 6, 7, 0x20, 0xffff };

  g_test_summary ("Unlocking a number without private bits always succeeds and does nothing (T-MF-9, MF-34, X-36)");

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_true (convoke_work_queue_unlock_id (ids[i], NULL));
  pass_fence (convoke_work_queue_get_standard ());
}

static void
test_id_counted (void)
{
  guint id = allocate (CONVOKE_WORK_QUEUE_SERIAL);
  ConvokeWorkQueue *queue;

  g_test_summary ("Locked once more, a number survives one unlock and not the second (T-MF-27, MF-33)");

  g_assert_true (convoke_work_queue_lock_id (id, NULL));
  g_assert_true (convoke_work_queue_unlock_id (id, NULL));
  queue = convoke_work_queue_lookup (id, NULL);
  pass_fence (queue);
  g_object_unref (queue);
  g_assert_true (convoke_work_queue_unlock_id (id, NULL));
  assert_dead (id);
}

static void
test_id_unknown (void)
{
  static const guint ids[] = { 0, 6, 8, 0x20, 0xffff, 0xffff0000, 0xfffe0000, 0x7fffffff, 0xffffffff };

  g_test_summary ("A number that was never given finds nothing (MF-41)");

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      assert_dead (ids[i]);
      g_assert_false (convoke_work_queue_lock_id (ids[i], NULL));
      if (ids[i] & 0xffff0000)
        assert_unlock_fails (ids[i]);
    }
}

static void
test_id_holds (void)
{
  ConvokeWorkQueue *queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  gpointer weak = queue;
  Count ran = { 0, };
  guint id;

  g_test_summary ("A locked number holds a reference, the last unlock drops it, and what is queued runs (MF-33)");

  g_object_add_weak_pointer (G_OBJECT (queue), &weak);
  g_assert_cmphex (convoke_work_queue_get_id (queue), ==, 0);
  id = convoke_work_queue_lock (queue, NULL);
  g_assert_cmphex (convoke_work_queue_lock (queue, NULL), ==, id);
  for (guint i = 0; i < 100; i++)
    g_assert_true (convoke_work_queue_put_function (queue, fence_cb, &ran, NULL, NULL));
  g_object_unref (queue);
  g_assert_true (convoke_work_queue_unlock_id (id, NULL));
  g_assert_nonnull (weak);
  g_assert_true (convoke_work_queue_unlock_id (id, NULL));
  g_assert_null (weak);
  g_assert_true (count_wait (&ran, 100));
}

static void
test_id_target (void)
{
  guint id = allocate (CONVOKE_WORK_QUEUE_SERIAL);
  ConvokeWorkQueue *target = convoke_work_queue_lookup (id, NULL);
  g_autoptr (ConvokeWorkQueue) queue = make_serial (target);

  g_test_summary ("A serial queue works after the number of its target is dead (MF-38)");

  g_object_unref (target);
  g_assert_true (convoke_work_queue_unlock_id (id, NULL));
  pass_fence (queue);
}

static void
test_id_bound (void)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GError) error = NULL;
  guint id;

  g_test_summary ("More private queues than there can be is an error, and not for long (MF-35)");

  while ((id = convoke_work_queue_allocate (CONVOKE_WORK_QUEUE_MULTITHREADED, &error)) != 0)
    g_array_append_val (ids, id);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES);
  g_assert_cmphex (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_MF), ==, 0x80004005);
  g_assert_cmpuint (ids->len, ==, 4096);
  for (guint i = 0; i < ids->len; i++)
    g_assert_true (convoke_work_queue_unlock_id (g_array_index (ids, guint, i), NULL));
  g_assert_true (convoke_work_queue_unlock_id (allocate (CONVOKE_WORK_QUEUE_SERIAL), NULL));
}

static void
test_well_known (void)
{
  static const guint ids[] = { 1, 2, 3, 4, 5, 7 };

  g_test_summary ("Each well-known queue has its number, is one, works, and is serial but for one (MF-31, MF-36)");

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      ConvokeWorkQueue *queue = convoke_work_queue_get_well_known (ids[i]);
      g_autoptr (ConvokeWorkQueue) found = convoke_work_queue_lookup (ids[i], NULL);

      g_assert_true (found == queue);
      g_assert_cmphex (convoke_work_queue_get_id (queue), ==, ids[i]);
      g_assert_cmphex (convoke_work_queue_lock (queue, NULL), ==, ids[i]);
      g_assert_cmpint (convoke_work_queue_get_kind (queue), ==,
                       ids[i] == CONVOKE_WORK_QUEUE_ID_MULTITHREADED ? CONVOKE_WORK_QUEUE_MULTITHREADED : CONVOKE_WORK_QUEUE_SERIAL);
      pass_fence (queue);
      for (guint j = 0; j < i; j++)
        g_assert_true (queue != convoke_work_queue_get_well_known (ids[j]));
    }
}

/* --- priorities --- */

typedef struct
{
  GString *order; /* LOCK: ended's */
  Count    ended;
} Order;

typedef struct
{
  Order *order;
  char   name;
} Named;

static void
named_cb (gpointer data)
{
  Named *named = data;

  g_mutex_lock (&named->order->ended.lock);
  g_string_append_c (named->order->order, named->name);
  g_mutex_unlock (&named->order->ended.lock);
  count_add (&named->order->ended);
}

static void
wait_door_cb (gpointer data)
{
  Count *doors = data;

  count_add (&doors[0]);
  g_assert_true (count_wait (&doors[1], 1));
}

/* What runs in which order after one item held everything up. */
static void
check_order (ConvokeWorkQueue *queue,
             const char       *names,
             const char       *expected)
{
  Order order = { g_string_new (NULL), };
  Named named[16];
  Count doors[2] = { 0, };

  g_assert_true (convoke_work_queue_put_function (queue, wait_door_cb, doors, NULL, NULL));
  g_assert_true (count_wait (&doors[0], 1));
  for (guint i = 0; names[i] != '\0'; i++)
    {
      int priority = names[i] < 'a' ? -1 - (int) i : names[i] < 'm' ? 0 : 1 + (int) i;

      named[i] = (Named) { &order, names[i] };
      g_assert_true (convoke_work_queue_put_function_full (queue, priority, named_cb, &named[i], NULL, NULL));
    }
  count_add (&doors[1]);
  g_assert_true (count_wait (&order.ended, strlen (names)));
  g_assert_cmpstr (order.order->str, ==, expected);
  g_string_free (order.order, TRUE);
}

static void
test_priority (void)
{
  ConvokeWorkQueue *queue = convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_MULTITHREADED);
  guint limit = convoke_pool_get_limit ();

  g_test_summary ("Waiting for a thread, positive priorities come first and negative ones last (T-MF-23, MF-42)");

  convoke_pool_set_limit (1);
  check_order (queue, "Aamn", "mnaA");
  check_order (queue, "AaBbmCcn", "mnabcABC");
  convoke_pool_set_limit (limit);
}

static void
test_priority_serial (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);

  g_test_summary ("A serial queue stays in order, whatever the priorities (MF-42)");

  check_order (queue, "AaBbmCcn", "AaBbmCcn");
}

static void
test_priority_callback (void)
{
  g_autoptr (TestCallback) callback = make_callback ();
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (callback), NULL);
  ConvokeWorkQueue *queue = convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_MULTITHREADED);

  g_test_summary ("Callbacks and results have priorities too (MF-42)");

  g_assert_true (convoke_work_queue_put_full (queue, G_MAXINT, CONVOKE_ASYNC_CALLBACK (callback), NULL, NULL));
  g_assert_true (convoke_work_queue_put_result_full (queue, G_MININT, result, NULL));
  g_assert_true (count_wait (&callback->invoked, 2));
}

/* --- flags --- */

static void
assert_refused (ConvokeWorkQueue *queue,
                TestCallback     *callback)
{
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (callback), NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_work_queue_put_result (queue, result, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_QUEUE);
  g_assert_cmphex (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_MF), ==, 0xc00d36ff);
  g_clear_error (&error);
  g_assert_false (convoke_work_queue_put (queue, CONVOKE_ASYNC_CALLBACK (callback), NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_QUEUE);
  g_assert_cmpuint (count_get (&callback->invoked), ==, 0);
}

static void
test_flags_short (void)
{
  static const ConvokeAsyncCallbackFlags flags[] = { CONVOKE_ASYNC_CALLBACK_FAST_IO, CONVOKE_ASYNC_CALLBACK_SIGNAL };
  static const guint refusing[] = { 1, 2, 5, 7 };
  static const guint taking[] = { 3, 4 };

  g_test_summary ("A callback that promises to be short is taken by the queues IO and TIMER only (T-MF-25, MF-12)");

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_autoptr (ConvokeWorkQueue) own = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
      g_autoptr (TestCallback) callback = make_callback ();

      callback->says = TRUE;
      callback->flags = flags[i];
      assert_refused (own, callback);
      for (guint j = 0; j < G_N_ELEMENTS (refusing); j++)
        assert_refused (convoke_work_queue_get_well_known (refusing[j]), callback);
      for (guint j = 0; j < G_N_ELEMENTS (taking); j++)
        put (convoke_work_queue_get_well_known (taking[j]), callback, NULL);
      g_assert_true (count_wait (&callback->invoked, G_N_ELEMENTS (taking)));
    }
}

static void
test_flags_named (void)
{
  g_autoptr (TestCallback) callback = make_callback ();
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (callback), NULL);

  g_test_summary ("A completion goes to the IO queue that a short callback names (MF-12, MF-13)");

  callback->says = TRUE;
  callback->flags = CONVOKE_ASYNC_CALLBACK_FAST_IO;
  callback->queue = convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_IO);
  g_assert_true (convoke_async_result_invoke_callback (result, NULL));
  g_assert_true (count_wait (&callback->invoked, 1));
  pass_fence (callback->queue);
}

static void
test_flags_unknown (void)
{
  g_autoptr (TestCallback) callback = make_callback ();

  g_test_summary ("Flags that do not exist are kept by no queue (MF-12)");

  callback->says = TRUE;
  callback->flags = 1 << 12;
  assert_refused (convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_IO), callback);
}

/* --- callbacks that do what they should not --- */

typedef struct
{
  ConvokeWorkQueue *queue;
  guint             n_left;
  gboolean          inside;
  Count             ended;
} Reentering;

static void
reenter_cb (gpointer data)
{
  Reentering *self = data;

  g_assert_false (self->inside);
  self->inside = TRUE;
  if (self->n_left > 0)
    {
      self->n_left--;
      g_assert_true (convoke_work_queue_put_function (self->queue, reenter_cb, self, NULL, NULL));
    }
  else
    count_add (&self->ended);
  self->inside = FALSE;
}

static void
test_reenter (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  Reentering reentering = { queue, 1000, };

  g_test_summary ("An item that puts itself again runs again after it returned, however often (MF-2, MF-36)");

  g_assert_true (convoke_work_queue_put_function (queue, reenter_cb, &reentering, NULL, NULL));
  g_assert_true (count_wait (&reentering.ended, 1));
}

static void
drop_queue_cb (gpointer data)
{
  g_object_unref (data);
}

static void
test_drop_inside (gconstpointer data)
{
  ConvokeWorkQueue *queue = convoke_work_queue_new (GPOINTER_TO_UINT (data));
  Count ran = { 0, };

  g_test_summary ("An item may let go of its own queue; what comes after it runs");

  g_object_ref (queue);
  g_assert_true (convoke_work_queue_put_function (queue, drop_queue_cb, queue, NULL, NULL));
  for (guint i = 0; i < 10; i++)
    g_assert_true (convoke_work_queue_put_function (queue, fence_cb, &ran, NULL, NULL));
  g_object_unref (queue);
  g_assert_true (count_wait (&ran, 10));
}

static void
test_block (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  Count doors[2] = { 0, };

  g_test_summary ("An item that blocks holds up its own serial queue only (MF-5, MF-54)");

  g_assert_true (convoke_work_queue_put_function (queue, wait_door_cb, doors, NULL, NULL));
  g_assert_true (count_wait (&doors[0], 1));
  pass_fence (convoke_work_queue_get_standard ());
  pass_fence (convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_MULTITHREADED));
  count_add (&doors[1]);
  pass_fence (queue);
}

/* --- replies --- */

typedef struct
{
  ConvokeWorkQueue *queue;
  TestCallback     *callback;
  Count             next;
} Reply;

static void
reply_init (Reply             *self,
            ConvokeWorkQueue  *queue)
{
  *self = (Reply) { g_object_ref (queue), make_callback (), };
  self->callback->says = TRUE;
  self->callback->flags = CONVOKE_ASYNC_CALLBACK_REPLY;
}

static void
reply_clear (Reply *self)
{
  g_object_unref (self->callback);
  g_object_unref (self->queue);
}

static void
put_next (Reply *self)
{
  g_assert_true (convoke_work_queue_put_function (self->queue, fence_cb, &self->next, NULL, NULL));
}

/* Gives what should not happen many occasions to happen. */
static void
let_drainer_leave (void)
{
  g_autoptr (ConvokeWorkQueue) other = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);

  for (guint i = 0; i < 20; i++)
    pass_fence (other);
}

static void
test_reply (gconstpointer name)
{
  g_autoptr (ConvokeWorkQueue) target = make_target (name);
  g_autoptr (ConvokeWorkQueue) queue = make_serial (target);
  Reply reply;
  g_autoptr (ConvokeAsyncResult) result = NULL;

  g_test_summary ("After a reply callback the next item starts when the result is invoked, not when it returned (MF-14)");

  reply_init (&reply, queue);
  result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (reply.callback), NULL);
  for (guint i = 1; i <= 3; i++)
    {
      put_result (queue, result);
      put_next (&reply);
      g_assert_true (count_wait (&reply.callback->invoked, i));
      /* The target goes on with what is not this queue's. */
      if (convoke_work_queue_get_kind (target) != CONVOKE_WORK_QUEUE_MULTITHREADED)
        pass_fence (target);
      else
        let_drainer_leave ();
      g_assert_cmpuint (count_get (&reply.next), ==, i - 1);
      g_assert_true (convoke_async_result_invoke_callback (result, NULL));
      g_assert_true (count_wait (&reply.next, i));
    }
  g_assert_cmpuint (count_get (&reply.callback->invoked), ==, 3);
  reply_clear (&reply);
}

static void
test_reply_dropped (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  Reply reply;

  g_test_summary ("A result that is dropped without a reply replies, so that the queue goes on (MF-14)");

  reply_init (&reply, queue);
  for (guint i = 0; i < 100; i++)
    {
      put (queue, reply.callback, NULL);
      put_next (&reply);
    }
  g_assert_true (count_wait (&reply.next, 100));
  reply_clear (&reply);
}

static void
test_reply_kept (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  ConvokeAsyncResult *result;
  Reply reply;

  g_test_summary ("A result that is kept for a while and then dropped replies at its end (MF-14)");

  reply_init (&reply, queue);
  result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (reply.callback), NULL);
  put_result (queue, result);
  put_next (&reply);
  g_assert_true (count_wait (&reply.callback->invoked, 1));
  let_drainer_leave ();
  g_assert_cmpuint (count_get (&reply.next), ==, 0);
  g_object_unref (result);
  g_assert_true (count_wait (&reply.next, 1));
  reply_clear (&reply);
}

static void
test_reply_inside (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  Count door = { 0, };
  Reply reply;
  g_autoptr (ConvokeAsyncResult) result = NULL;

  g_test_summary ("A reply before the callback returned does not let the next item overtake it (MF-14, MF-53)");

  reply_init (&reply, queue);
  reply.callback->door = &door;
  result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (reply.callback), NULL);
  put_result (queue, result);
  put_next (&reply);
  g_assert_true (count_wait (&reply.callback->invoked, 1));
  g_assert_true (convoke_async_result_invoke_callback (result, NULL));
  let_drainer_leave ();
  g_assert_cmpuint (count_get (&reply.next), ==, 0);
  count_add (&door);
  g_assert_true (count_wait (&reply.next, 1));
  reply_clear (&reply);
}

static void
test_reply_two_queues (void)
{
  g_autoptr (ConvokeWorkQueue) first = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeWorkQueue) second = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  Reply reply;
  g_autoptr (ConvokeAsyncResult) result = NULL;

  g_test_summary ("A result that holds two queues needs two replies; the oldest hold goes first (MF-14, MF-43)");

  reply_init (&reply, first);
  result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (reply.callback), NULL);
  put_result (first, result);
  g_assert_true (count_wait (&reply.callback->invoked, 1));
  put_result (second, result);
  g_assert_true (count_wait (&reply.callback->invoked, 2));
  put_next (&reply);
  g_set_object (&reply.queue, second);
  put_next (&reply);
  let_drainer_leave ();
  g_assert_cmpuint (count_get (&reply.next), ==, 0);
  g_assert_true (convoke_async_result_invoke_callback (result, NULL));
  g_assert_true (count_wait (&reply.next, 1));
  pass_fence (first);
  g_assert_cmpuint (count_get (&reply.next), ==, 1);
  g_assert_true (convoke_async_result_invoke_callback (result, NULL));
  g_assert_true (count_wait (&reply.next, 2));
  reply_clear (&reply);
}

static void
test_reply_multithreaded (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  Reply reply;
  g_autoptr (ConvokeAsyncResult) result = NULL;

  g_test_summary ("A multithreaded queue has no order that a reply callback could hold up (MF-14, MF-37)");

  reply_init (&reply, queue);
  result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (reply.callback), NULL);
  put_result (queue, result);
  put_next (&reply);
  g_assert_true (count_wait (&reply.next, 1));
  g_assert_true (count_wait (&reply.callback->invoked, 1));
  reply_clear (&reply);
}

static void
test_prompt (void)
{
  static const guint ids[] = { 2, 3, 4 };
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  guint limit = convoke_pool_get_limit ();
  Count doors[2] = { 0, };

  g_test_summary ("RT, IO and TIMER run when all threads are busy, and a long function takes none of them (MF-31)");

  g_assert_true (convoke_work_queue_put_function (convoke_work_queue_get_well_known (7), wait_door_cb, doors, NULL, NULL));
  g_assert_true (count_wait (&doors[0], 1));
  convoke_pool_set_limit (1);
  pass_fence (queue);
  g_assert_true (convoke_work_queue_put_function (queue, wait_door_cb, doors, NULL, NULL));
  g_assert_true (count_wait (&doors[0], 2));
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    pass_fence (convoke_work_queue_get_well_known (ids[i]));
  count_add (&doors[1]);
  convoke_pool_set_limit (limit);
  pass_fence (queue);
  pass_fence (convoke_work_queue_get_well_known (7));
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
  static const struct { const char *name; ConvokeWorkQueueKind kind; } kinds[] = {
    { "serial", CONVOKE_WORK_QUEUE_SERIAL },
    { "multithreaded", CONVOKE_WORK_QUEUE_MULTITHREADED },
    { "window", CONVOKE_WORK_QUEUE_WINDOW },
  };
  static const char * const targets[] = { "multithreaded", "serial", "window", "context", "timer", "long-function" };

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
        g_autofree char *path = g_strdup_printf ("/callfactory/work-queue/%s/%s", both[i].name, kinds[kind].name);

        g_test_add_data_func (path, GUINT_TO_POINTER (kinds[kind].kind), both[i].func);
      }

  g_test_add_func ("/callfactory/work-queue/put-again", test_put_again);
  g_test_add_func ("/callfactory/work-queue/put-without-callback", test_put_without_callback);
  g_test_add_func ("/callfactory/work-queue/keep-alive", test_keep_alive);
  g_test_add_data_func ("/callfactory/work-queue/serial-order/own", NULL, test_serial_order);
  g_test_add_data_func ("/callfactory/work-queue/serial-order/standard", GINT_TO_POINTER (TRUE), test_serial_order);
  g_test_add_func ("/callfactory/work-queue/side-by-side", test_side_by_side);
  g_test_add_func ("/callfactory/work-queue/standard", test_standard);

  g_test_add_func ("/callfactory/work-queue/context", test_context);
  g_test_add_func ("/callfactory/work-queue/context-fair", test_context_fair);
  g_test_add_func ("/callfactory/work-queue/context-nested", test_context_nested);
  g_test_add_func ("/callfactory/work-queue/context-default", test_context_default);
  g_test_add_func ("/callfactory/work-queue/context-runs-after-unref", test_context_runs_after_unref);
  g_test_add_func ("/callfactory/work-queue/window", test_window);
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *path = g_strdup_printf ("/callfactory/work-queue/over/%s", targets[i]);

      g_test_add_data_func (path, targets[i], test_over);
    }
  g_test_add_func ("/callfactory/work-queue/over-independent", test_over_independent);
  g_test_add_func ("/callfactory/work-queue/over-exclusive", test_over_exclusive);
  g_test_add_func ("/callfactory/work-queue/over-depth", test_over_depth);
  g_test_add_func ("/callfactory/work-queue/id-private", test_id_private);
  g_test_add_func ("/callfactory/work-queue/id-platform", test_id_platform);
  g_test_add_func ("/callfactory/work-queue/id-counted", test_id_counted);
  g_test_add_func ("/callfactory/work-queue/id-unknown", test_id_unknown);
  g_test_add_func ("/callfactory/work-queue/id-holds", test_id_holds);
  g_test_add_func ("/callfactory/work-queue/id-target", test_id_target);
  g_test_add_func ("/callfactory/work-queue/id-bound", test_id_bound);
  g_test_add_func ("/callfactory/work-queue/well-known", test_well_known);
  g_test_add_func ("/callfactory/work-queue/priority", test_priority);
  g_test_add_func ("/callfactory/work-queue/priority-serial", test_priority_serial);
  g_test_add_func ("/callfactory/work-queue/priority-callback", test_priority_callback);
  g_test_add_func ("/callfactory/work-queue/flags-short", test_flags_short);
  g_test_add_func ("/callfactory/work-queue/flags-named", test_flags_named);
  g_test_add_func ("/callfactory/work-queue/flags-unknown", test_flags_unknown);
  g_test_add_func ("/callfactory/work-queue/reenter", test_reenter);
  g_test_add_data_func ("/callfactory/work-queue/drop-inside/serial",
                        GUINT_TO_POINTER (CONVOKE_WORK_QUEUE_SERIAL), test_drop_inside);
  g_test_add_data_func ("/callfactory/work-queue/drop-inside/window",
                        GUINT_TO_POINTER (CONVOKE_WORK_QUEUE_WINDOW), test_drop_inside);
  g_test_add_func ("/callfactory/work-queue/block", test_block);
  g_test_add_data_func ("/callfactory/work-queue/reply/over-multithreaded", "multithreaded", test_reply);
  g_test_add_data_func ("/callfactory/work-queue/reply/over-serial", "serial", test_reply);
  g_test_add_data_func ("/callfactory/work-queue/reply/over-window", "window", test_reply);
  g_test_add_func ("/callfactory/work-queue/reply-dropped", test_reply_dropped);
  g_test_add_func ("/callfactory/work-queue/reply-kept", test_reply_kept);
  g_test_add_func ("/callfactory/work-queue/reply-inside", test_reply_inside);
  g_test_add_func ("/callfactory/work-queue/reply-two-queues", test_reply_two_queues);
  g_test_add_func ("/callfactory/work-queue/reply-multithreaded", test_reply_multithreaded);
  g_test_add_func ("/callfactory/work-queue/prompt", test_prompt);

  return g_test_run ();
}
