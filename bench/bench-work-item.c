/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * work-item: a ready item to one worker; work-item-2: to whichever of two;
 * work-item-serial: to one worker through a serial queue over another queue;
 * work-item-new: a result made for each item. One producer, at most
 * BENCH_WINDOW under way.
 */

#include "bench.h"

#include <gio/gio.h>
#ifdef BENCH_HAVE_UV
#include <uv.h>
#endif

#include "convoke.h"

typedef struct
{
  void     (*func) (gpointer data);
  gpointer   data;
} Item;

static __thread guint64 counter;

static void
work (gpointer data)
{
  counter += GPOINTER_TO_UINT (data);
}

/* --- the limit: a ring between two threads --- */

typedef struct
{
  GThread *thread;
  Item     items[BENCH_WINDOW];

  /* The producer's line. */
  guint    tail __attribute__ ((aligned (64)));  /* atomic */
  guint    known_head;
  guint    full;   /* atomic; the sleeping producer's futex */

  /* The consumer's line. */
  guint    head __attribute__ ((aligned (64)));  /* atomic */
  guint    empty;  /* atomic; the sleeping consumer's futex */
} Ring;

static Ring rings[2];

static guint
ring_await_tail (Ring  *ring,
                 guint  head)
{
  guint tail;

  while ((tail = __atomic_load_n (&ring->tail, __ATOMIC_ACQUIRE)) == head)
    {
      __atomic_store_n (&ring->empty, 1, __ATOMIC_SEQ_CST);
      if (__atomic_load_n (&ring->tail, __ATOMIC_SEQ_CST) == head)
        bench_futex_wait (&ring->empty, 1);
      __atomic_store_n (&ring->empty, 0, __ATOMIC_RELAXED);
    }

  return tail;
}

static gpointer
ring_thread (gpointer data)
{
  Ring *ring = data;

  for (guint head = 0;; head++)
    {
      Item item;

      ring_await_tail (ring, head);
      item = ring->items[head % BENCH_WINDOW];
      if (item.func == NULL)
        return NULL;

      item.func (item.data);

      __atomic_store_n (&ring->head, head + 1, __ATOMIC_SEQ_CST);
      if (__atomic_load_n (&ring->full, __ATOMIC_SEQ_CST) != 0 &&
          __atomic_load_n (&ring->tail, __ATOMIC_RELAXED) - (head + 1) <= BENCH_WINDOW / 2)
        {
          __atomic_store_n (&ring->full, 0, __ATOMIC_RELEASE);
          bench_futex_wake (&ring->full);
        }
    }
}

/* Waits until no more than @most are under way. */
static void
ring_await_room (Ring  *ring,
                 guint  tail,
                 guint  most)
{
  while (tail - (ring->known_head = __atomic_load_n (&ring->head, __ATOMIC_ACQUIRE)) > most)
    {
      __atomic_store_n (&ring->full, 1, __ATOMIC_SEQ_CST);
      if (tail - __atomic_load_n (&ring->head, __ATOMIC_SEQ_CST) > most)
        bench_futex_wait (&ring->full, 1);
      __atomic_store_n (&ring->full, 0, __ATOMIC_RELAXED);
    }
}

static void
ring_push (Ring      *ring,
           void     (*func) (gpointer data),
           gpointer   data)
{
  guint tail = ring->tail;

  if (tail - ring->known_head >= BENCH_WINDOW)
    ring_await_room (ring, tail, BENCH_WINDOW / 2);

  ring->items[tail % BENCH_WINDOW] = (Item) { func, data };
  __atomic_store_n (&ring->tail, tail + 1, __ATOMIC_SEQ_CST);
  if (__atomic_load_n (&ring->empty, __ATOMIC_SEQ_CST) != 0)
    {
      __atomic_store_n (&ring->empty, 0, __ATOMIC_RELAXED);
      bench_futex_wake (&ring->empty);
    }
}

static void
ring_drain (Ring *ring)
{
  /* The ring tells of room by halves; the last half is looked after. */
  while (__atomic_load_n (&ring->head, __ATOMIC_ACQUIRE) != ring->tail)
    g_thread_yield ();
}

static void
ring_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    ring_push (&rings[0], work, GUINT_TO_POINTER (1));
  ring_drain (&rings[0]);
}

static void
ring_setup (void)
{
  rings[0].thread = g_thread_new ("worker", ring_thread, &rings[0]);
  ring_run (1);
}

static void
ring_teardown (void)
{
  ring_push (&rings[0], NULL, NULL);
  g_thread_join (rings[0].thread);
}

/* One ring to each of two workers; of the items under way each has half. */
static void
two_rings_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    ring_push (&rings[i / (BENCH_WINDOW / 2) % 2], work, GUINT_TO_POINTER (1));
  ring_drain (&rings[0]);
  ring_drain (&rings[1]);
}

static void
two_rings_setup (void)
{
  for (guint i = 0; i < 2; i++)
    rings[i].thread = g_thread_new ("worker", ring_thread, &rings[i]);
  two_rings_run (BENCH_WINDOW);
}

static void
two_rings_teardown (void)
{
  for (guint i = 0; i < 2; i++)
    {
      ring_push (&rings[i], NULL, NULL);
      g_thread_join (rings[i].thread);
    }
}

/* --- the limit of the second row: making an object --- */

#define BENCH_TYPE_PLAIN (bench_plain_get_type ())
G_DECLARE_FINAL_TYPE (BenchPlain, bench_plain, BENCH, PLAIN, GObject)

struct _BenchPlain
{
  GObject  parent_instance;
  gpointer fields[4];
};

G_DEFINE_FINAL_TYPE (BenchPlain, bench_plain, G_TYPE_OBJECT)

static void
bench_plain_class_init (BenchPlainClass *klass)
{
}

static void
bench_plain_init (BenchPlain *self)
{
}

static void
object_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    g_object_unref (g_object_new (BENCH_TYPE_PLAIN, NULL));
}

/* --- GThreadPool --- */

static GThreadPool *pool;

static void
pool_func (gpointer data,
           gpointer user_data)
{
  work (data);
  bench_window_out ();
}

static void
pool_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      bench_window_in ();
      g_thread_pool_push (pool, GUINT_TO_POINTER (1), NULL);
    }
  bench_window_drain ();
}

static void
pool_setup (void)
{
  pool = g_thread_pool_new (pool_func, NULL, 1, TRUE, NULL);
  pool_run (1);
}

static void
pool_two_setup (void)
{
  pool = g_thread_pool_new (pool_func, NULL, 2, TRUE, NULL);
  pool_run (BENCH_WINDOW);
}

static void
pool_teardown (void)
{
  g_thread_pool_free (pool, FALSE, TRUE);
}

/* --- GAsyncQueue and a thread --- */

static GAsyncQueue *queue;
static GThread *queue_workers[2]; /* (nullable) */

static gpointer
queue_thread (gpointer data)
{
  for (;;)
    {
      Item *item = g_async_queue_pop (queue);

      if (item->func == NULL)
        return NULL;

      item->func (item->data);
      bench_window_out ();
    }
}

static void
queue_run (guint64 n)
{
  static Item item = { work, GUINT_TO_POINTER (1) };

  for (guint64 i = 0; i < n; i++)
    {
      bench_window_in ();
      g_async_queue_push (queue, &item);
    }
  bench_window_drain ();
}

static void
queue_start (guint n)
{
  queue = g_async_queue_new ();
  for (guint i = 0; i < n; i++)
    queue_workers[i] = g_thread_new ("worker", queue_thread, NULL);
  queue_run (BENCH_WINDOW);
}

static void
queue_setup (void)
{
  queue_start (1);
}

static void
queue_two_setup (void)
{
  queue_start (2);
}

static void
queue_teardown (void)
{
  static Item stop;

  for (guint i = 0; i < G_N_ELEMENTS (queue_workers) && queue_workers[i] != NULL; i++)
    g_async_queue_push (queue, &stop);
  for (guint i = 0; i < G_N_ELEMENTS (queue_workers) && queue_workers[i] != NULL; i++)
    g_thread_join (queue_workers[i]);
  g_async_queue_unref (queue);
}

/* --- GTask: one made per item, run by GIO's own pool or by one thread --- */

static void
task_func (GTask        *task,
           gpointer      source,
           gpointer      data,
           GCancellable *cancellable)
{
  work (data);
  g_task_return_boolean (task, TRUE);
}

static void
task_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  guint64 *left = user_data;

  *left -= 1;
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
          GTask *task = g_task_new (NULL, NULL, task_cb, &left);

          g_task_set_task_data (task, GUINT_TO_POINTER (1), NULL);
          g_task_run_in_thread (task, task_func);
          g_object_unref (task);
          begun++;
        }
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
task_setup (void)
{
  task_run (1);
}

static void
task_pool_func (gpointer data,
                gpointer user_data)
{
  GTask *task = data;

  work (g_task_get_task_data (task));
  g_object_unref (task);
  bench_window_out ();
}

static void
task_pool_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      GTask *task;

      bench_window_in ();
      task = g_task_new (NULL, NULL, NULL, NULL);
      g_task_set_task_data (task, GUINT_TO_POINTER (1), NULL);
      g_thread_pool_push (pool, task, NULL);
    }
  bench_window_drain ();
}

static void
task_pool_setup (void)
{
  pool = g_thread_pool_new (task_pool_func, NULL, 1, TRUE, NULL);
  task_pool_run (1);
}

/* --- libuv --- */

#ifdef BENCH_HAVE_UV
static struct
{
  uv_loop_t loop;
  guint64   left;      /* not yet queued */
  uv_work_t requests[BENCH_WINDOW];
} uv;

static void
uv_work_func (uv_work_t *request)
{
  work (request->data);
}

static void
uv_after_cb (uv_work_t *request,
             int        status)
{
  if (uv.left == 0)
    return;

  uv.left--;
  uv_queue_work (&uv.loop, request, uv_work_func, uv_after_cb);
}

static void
uv_run_items (guint64 n)
{
  uv.left = n;
  for (guint i = 0; i < BENCH_WINDOW && uv.left > 0; i++)
    {
      uv.requests[i].data = GUINT_TO_POINTER (1);
      uv_after_cb (&uv.requests[i], 0);
    }
  uv_run (&uv.loop, UV_RUN_DEFAULT);
}

static void
uv_start (const char *n)
{
  g_setenv ("UV_THREADPOOL_SIZE", n, TRUE);
  uv_loop_init (&uv.loop);
  uv_run_items (1);
}

static void
uv_setup (void)
{
  uv_start ("1");
}

static void
uv_two_setup (void)
{
  uv_start ("2");
}

static void
uv_teardown (void)
{
  uv_loop_close (&uv.loop);
}
#endif

/* --- ours --- */

#define BENCH_TYPE_WORKER (bench_worker_get_type ())
G_DECLARE_FINAL_TYPE (BenchWorker, bench_worker, BENCH, WORKER, GObject)

struct _BenchWorker
{
  GObject parent_instance;
};

static void bench_worker_callback_init (ConvokeAsyncCallbackInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BenchWorker, bench_worker, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, bench_worker_callback_init))

static void
bench_worker_invoke (ConvokeAsyncCallback *self,
                     ConvokeAsyncResult   *result)
{
  work (GUINT_TO_POINTER (1));
  bench_window_out ();
}

static void
bench_worker_callback_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = bench_worker_invoke;
}

static void
bench_worker_class_init (BenchWorkerClass *klass)
{
}

static void
bench_worker_init (BenchWorker *self)
{
}

static ConvokeWorkQueue *work_queue;
static ConvokeAsyncCallback *callback;
static ConvokeAsyncResult *ready;  /* may be queued many times (MF-43) */

static void
convoke_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      bench_window_in ();
      if (!convoke_work_queue_put_result (work_queue, ready, NULL))
        g_error ("Nothing was queued");
    }
  bench_window_drain ();
}

static void
convoke_new_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      bench_window_in ();
      if (!convoke_work_queue_put (work_queue, callback, NULL, NULL))
        g_error ("Nothing was queued");
    }
  bench_window_drain ();
}

static void
convoke_start (ConvokeWorkQueue *queue_to_use)
{
  work_queue = queue_to_use;
  callback = g_object_new (BENCH_TYPE_WORKER, NULL);
  ready = convoke_async_result_new (NULL, callback, NULL);
  convoke_run (1);
}

static void
convoke_setup (void)
{
  convoke_start (convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL));
}

/* As many workers as there are processors, which is two where the figures come from. */
static void
convoke_two_setup (void)
{
  convoke_start (convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED));
  convoke_run (BENCH_WINDOW);
}

static void
convoke_serial_setup (void)
{
  convoke_start (convoke_work_queue_new_serial (
    convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_MULTITHREADED), NULL));
}

static void
convoke_teardown (void)
{
  g_object_unref (ready);
  g_object_unref (callback);
  g_object_unref (work_queue);
}

static const BenchCase cases[] = {
  { "limit", ring_setup, ring_run, ring_teardown },
  { "convoke", convoke_setup, convoke_run, convoke_teardown },
  { "GThreadPool", pool_setup, pool_run, pool_teardown },
  { "GAsyncQueue", queue_setup, queue_run, queue_teardown },
#ifdef BENCH_HAVE_UV
  { "libuv", uv_setup, uv_run_items, uv_teardown },
#endif
  { "2:limit", two_rings_setup, two_rings_run, two_rings_teardown },
  { "2:convoke", convoke_two_setup, convoke_run, convoke_teardown },
  { "2:GThreadPool", pool_two_setup, pool_run, pool_teardown },
  { "2:GAsyncQueue", queue_two_setup, queue_run, queue_teardown },
#ifdef BENCH_HAVE_UV
  { "2:libuv", uv_two_setup, uv_run_items, uv_teardown },
#endif
  { "serial:limit", ring_setup, ring_run, ring_teardown },
  { "serial:convoke", convoke_serial_setup, convoke_run, convoke_teardown },
  { "serial:GThreadPool", pool_setup, pool_run, pool_teardown },
  { "serial:GAsyncQueue", queue_setup, queue_run, queue_teardown },
  { "new:limit", NULL, object_run, NULL },
  { "new:convoke", convoke_setup, convoke_new_run, convoke_teardown },
  { "new:GTask", task_setup, task_run, NULL },
  { "new:GTask+GThreadPool", task_pool_setup, task_pool_run, pool_teardown },
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
