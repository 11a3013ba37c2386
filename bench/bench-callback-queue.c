/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * callback-queue: a result is made for an operation that has ended, with its
 * object and state, and delivered to a callback. One producer, at most
 * BENCH_WINDOW under way.
 */

#include "bench.h"

#include <gio/gio.h>

#include "convoke.h"

static guint64 counter;  /* whoever is called back */

static GObject *source;  /* the operation's object */
static GObject *state;

static void
make_objects (void)
{
  source = g_object_new (G_TYPE_OBJECT, NULL);
  state = g_object_new (G_TYPE_OBJECT, NULL);
}

static void
drop_objects (void)
{
  g_clear_object (&source);
  g_clear_object (&state);
}

/* --- the limit: an object is made that keeps the two --- */

#define BENCH_TYPE_KEEPER (bench_keeper_get_type ())
G_DECLARE_FINAL_TYPE (BenchKeeper, bench_keeper, BENCH, KEEPER, GObject)

struct _BenchKeeper
{
  GObject  parent_instance;

  GObject *source;
  GObject *state;
};

G_DEFINE_FINAL_TYPE (BenchKeeper, bench_keeper, G_TYPE_OBJECT)

static void
bench_keeper_finalize (GObject *object)
{
  g_clear_object (&BENCH_KEEPER (object)->source);
  g_clear_object (&BENCH_KEEPER (object)->state);

  G_OBJECT_CLASS (bench_keeper_parent_class)->finalize (object);
}

static void
bench_keeper_class_init (BenchKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bench_keeper_finalize;
}

static void
bench_keeper_init (BenchKeeper *self)
{
}

static void
limit_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      BenchKeeper *keeper = g_object_new (BENCH_TYPE_KEEPER, NULL);

      keeper->source = g_object_ref (source);
      keeper->state = g_object_ref (state);
      counter++;
      g_object_unref (keeper);
    }
}

/* --- GTask: returned to the context of the thread that made it --- */

static void
task_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  guint64 *left = user_data;

  counter += g_task_propagate_boolean (G_TASK (result), NULL);
  *left -= 1;
}

static GTask *
make_task (guint64 *left)
{
  GTask *task = g_task_new (source, NULL, task_cb, left);

  g_task_set_task_data (task, g_object_ref (state), g_object_unref);

  return task;
}

static void
task_run (guint64 n)
{
  guint64 left = n;
  guint64 begun = 0;

  while (left > 0)
    {
      while (begun < n && begun - (n - left) < BENCH_WINDOW)
        {
          g_autoptr (GTask) task = make_task (&left);

          g_task_return_boolean (task, TRUE);
          begun++;
        }
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
task_setup (void)
{
  make_objects ();
  task_run (1);
}

/* --- the same, returned by another thread, as ours are delivered to one --- */

static GThreadPool *pool;

static void
return_func (gpointer data,
             gpointer user_data)
{
  g_autoptr (GTask) task = data;

  g_task_return_boolean (task, TRUE);
}

static void
task_thread_run (guint64 n)
{
  guint64 left = n;
  guint64 begun = 0;

  while (left > 0)
    {
      while (begun < n && begun - (n - left) < BENCH_WINDOW)
        {
          g_thread_pool_push (pool, make_task (&left), NULL);
          begun++;
        }
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
task_thread_setup (void)
{
  make_objects ();
  pool = g_thread_pool_new (return_func, NULL, 1, TRUE, NULL);
  task_thread_run (1);
}

static void
task_thread_teardown (void)
{
  g_thread_pool_free (pool, FALSE, TRUE);
  drop_objects ();
}

/* --- ours --- */

#define BENCH_TYPE_LISTENER (bench_listener_get_type ())
G_DECLARE_FINAL_TYPE (BenchListener, bench_listener, BENCH, LISTENER, GObject)

struct _BenchListener
{
  GObject           parent_instance;

  ConvokeWorkQueue *queue;  /* (unowned) */
};

static void bench_listener_callback_init (ConvokeAsyncCallbackInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BenchListener, bench_listener, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, bench_listener_callback_init))

static void
bench_listener_invoke (ConvokeAsyncCallback *self,
                       ConvokeAsyncResult   *result)
{
  counter += convoke_async_result_check_status (result, NULL);
  bench_window_out ();
}

static gboolean
bench_listener_get_parameters (ConvokeAsyncCallback       *self,
                               ConvokeAsyncCallbackFlags  *flags,
                               ConvokeWorkQueue          **queue)
{
  *queue = g_object_ref (((BenchListener *) self)->queue);

  return TRUE;
}

static void
bench_listener_callback_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = bench_listener_invoke;
  iface->get_parameters = bench_listener_get_parameters;
}

static void
bench_listener_class_init (BenchListenerClass *klass)
{
}

static void
bench_listener_init (BenchListener *self)
{
}

static ConvokeWorkQueue *work_queue;
static ConvokeAsyncCallback *callback;

static void
convoke_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      g_autoptr (ConvokeAsyncResult) result = NULL;

      bench_window_in ();
      result = convoke_async_result_new (source, callback, state);
      if (!convoke_async_result_invoke_callback (result, NULL))
        g_error ("Nothing was queued");
    }
  bench_window_drain ();
}

static void
convoke_setup (void)
{
  make_objects ();
  work_queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  callback = g_object_new (BENCH_TYPE_LISTENER, NULL);
  ((BenchListener *) callback)->queue = work_queue;
  convoke_run (1);
}

static void
convoke_teardown (void)
{
  g_object_unref (callback);
  g_object_unref (work_queue);
  drop_objects ();
}

static const BenchCase cases[] = {
  { "limit", make_objects, limit_run, drop_objects },
  { "convoke", convoke_setup, convoke_run, convoke_teardown },
  { "GTask", task_setup, task_run, drop_objects },
  { "GTask from a thread", task_thread_setup, task_thread_run, task_thread_teardown },
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
