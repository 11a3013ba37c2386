/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* call-thread: (int32, 32-byte string) -> int32 on another thread, begun, waited for, finished. */

#include "bench.h"

#include <gio/gio.h>
#ifdef BENCH_HAVE_UV
#include <uv.h>
#endif

#include "bench-echo.h"
#include "convoke.h"

typedef struct
{
  gint32      number;
  const char *text;
  gint32      result;
} Message;

static void
serve (Message *message)
{
  message->result = bench_method (message->number, message->text);
}

static void
check (gint32 result,
       gint32 number)
{
  g_assert_cmpint (result, ==, number + (gint32) strlen (BENCH_TEXT));
}

/* --- the limit: two threads and two futex words --- */

static struct
{
  GThread *thread;
  Message  message;
  guint    request;  /* atomic; 2: stop */
  guint    reply;    /* atomic */
} pingpong;

static gpointer
pingpong_thread (gpointer data)
{
  for (;;)
    {
      guint request;

      while ((request = __atomic_load_n (&pingpong.request, __ATOMIC_ACQUIRE)) == 0)
        bench_futex_wait (&pingpong.request, 0);

      if (request == 2)
        return NULL;

      __atomic_store_n (&pingpong.request, 0, __ATOMIC_RELAXED);
      serve (&pingpong.message);
      __atomic_store_n (&pingpong.reply, 1, __ATOMIC_RELEASE);
      bench_futex_wake (&pingpong.reply);
    }
}

static void
pingpong_send (guint request)
{
  __atomic_store_n (&pingpong.request, request, __ATOMIC_RELEASE);
  bench_futex_wake (&pingpong.request);
}

static void
pingpong_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      pingpong.message = (Message) { (gint32) (i & 0xffff), BENCH_TEXT, 0 };
      pingpong_send (1);

      while (__atomic_load_n (&pingpong.reply, __ATOMIC_ACQUIRE) == 0)
        bench_futex_wait (&pingpong.reply, 0);
      __atomic_store_n (&pingpong.reply, 0, __ATOMIC_RELAXED);

      check (pingpong.message.result, i & 0xffff);
    }
}

static void
pingpong_setup (void)
{
  pingpong.thread = g_thread_new ("worker", pingpong_thread, NULL);
  pingpong_run (1);
}

static void
pingpong_teardown (void)
{
  pingpong_send (2);
  g_thread_join (pingpong.thread);
}

/* --- GThreadPool and a GCond for the way back --- */

static struct
{
  GThreadPool *pool;
  GMutex       lock;
  GCond        cond;
  gboolean     done;  /* LOCK: lock */
} pooled;

static void
pooled_func (gpointer data,
             gpointer user_data)
{
  serve (data);

  g_mutex_lock (&pooled.lock);
  pooled.done = TRUE;
  g_cond_signal (&pooled.cond);
  g_mutex_unlock (&pooled.lock);
}

static void
pooled_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      Message message = { (gint32) (i & 0xffff), BENCH_TEXT, 0 };

      g_thread_pool_push (pooled.pool, &message, NULL);

      g_mutex_lock (&pooled.lock);
      while (!pooled.done)
        g_cond_wait (&pooled.cond, &pooled.lock);
      pooled.done = FALSE;
      g_mutex_unlock (&pooled.lock);

      check (message.result, message.number);
    }
}

static void
pooled_setup (void)
{
  pooled.pool = g_thread_pool_new (pooled_func, NULL, 1, TRUE, NULL);
  pooled_run (1);
}

static void
pooled_teardown (void)
{
  g_thread_pool_free (pooled.pool, FALSE, TRUE);
}

/* --- GTask, which answers in a main loop --- */

static GMainContext *task_context;

static void
task_func (GTask        *task,
           gpointer      source,
           gpointer      data,
           GCancellable *cancellable)
{
  Message *message = data;

  serve (message);
  g_task_return_int (task, message->result);
}

static void
task_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  gint64 *answer = user_data;

  *answer = g_task_propagate_int (G_TASK (result), NULL);
}

static void
task_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      Message message = { (gint32) (i & 0xffff), BENCH_TEXT, 0 };
      gint64 answer = -1;
      GTask *task = g_task_new (NULL, NULL, task_cb, &answer);

      g_task_set_task_data (task, &message, NULL);
      g_task_run_in_thread (task, task_func);
      g_object_unref (task);

      while (answer == -1)
        g_main_context_iteration (task_context, TRUE);

      check (answer, message.number);
    }
}

static void
task_setup (void)
{
  task_context = g_main_context_default ();
  task_run (1);
}

/* --- libuv --- */

#ifdef BENCH_HAVE_UV
static struct
{
  uv_loop_t loop;
  guint64   left;
} uv;

typedef struct
{
  uv_work_t request;
  Message   message;
} UvCall;

static void uv_call_begin (UvCall *call);

static void
uv_call_work_cb (uv_work_t *request)
{
  serve (&((UvCall *) request)->message);
}

static void
uv_call_after_cb (uv_work_t *request,
                  int        status)
{
  UvCall *call = (UvCall *) request;

  check (call->message.result, call->message.number);

  if (--uv.left > 0)
    uv_call_begin (call);
}

static void
uv_call_begin (UvCall *call)
{
  call->message = (Message) { (gint32) (uv.left & 0xffff), BENCH_TEXT, 0 };
  uv_queue_work (&uv.loop, &call->request, uv_call_work_cb, uv_call_after_cb);
}

static void
uv_run_calls (guint64 n)
{
  UvCall call;

  uv.left = n;
  uv_call_begin (&call);
  uv_run (&uv.loop, UV_RUN_DEFAULT);
}

static void
uv_setup (void)
{
  g_setenv ("UV_THREADPOOL_SIZE", "1", TRUE);
  uv_loop_init (&uv.loop);
  uv_run_calls (1);
}

static void
uv_teardown (void)
{
  uv_loop_close (&uv.loop);
}
#endif

/* --- ours --- */

static ConvokeCall *call;

static void
convoke_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      gint32 number = i & 0xffff;
      gint32 result = 0;

      if (!convoke_call_begin (call, "add", NULL, number, BENCH_TEXT) ||
          !convoke_call_wait (call, -1, NULL) ||
          !convoke_call_finish (call, "add", NULL, &result))
        g_error ("The call failed");

      check (result, number);
    }
}

static void
convoke_setup (void)
{
  g_autoptr (GObject) object = NULL;
  g_autoptr (GError) error = NULL;

  convoke_type_set_threading (CONVOKE_BENCH_TYPE_ADDER, CONVOKE_THREADING_ANY);
  if (!convoke_require ("ConvokeBench", "1", &error))
    g_error ("%s", error->message);

  object = G_OBJECT (convoke_bench_adder_new ());
  call = convoke_create_call (object, CONVOKE_BENCH_TYPE_ECHO, &error);
  if (call == NULL)
    g_error ("%s", error->message);

  convoke_run (1);
}

static void
convoke_teardown (void)
{
  g_clear_object (&call);
}

static const BenchCase cases[] = {
  { "limit", pingpong_setup, pingpong_run, pingpong_teardown },
  { "convoke", convoke_setup, convoke_run, convoke_teardown },
  { "GThreadPool", pooled_setup, pooled_run, pooled_teardown },
#ifdef BENCH_HAVE_UV
  { "libuv", uv_setup, uv_run_calls, uv_teardown },
#endif
  { "GTask", task_setup, task_run, NULL },
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
