/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * timer-100k: items are scheduled, 100,000 at a time, due at random within ten
 * milliseconds, and all are fired. timer-100k-cancel: while 100,000 wait, one of
 * them, at random, is cancelled and another is scheduled.
 */

#include "bench.h"

#include <string.h>

#include <gio/gio.h>
#ifdef BENCH_HAVE_UV
#include <uv.h>
#endif

#include "convoke.h"

#define N_ITEMS  100000
#define SPREAD   10000                     /* microseconds */
#define FAR_AWAY (600 * G_USEC_PER_SEC)

static guint32 seed = 1;
static guint   n_fired;  /* whoever fires */

static inline guint32
next_random (void)
{
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;

  return seed;
}

static inline gint64
near_delay (void)
{
  return next_random () % SPREAD;
}

static inline gint64
far_delay (void)
{
  return FAR_AWAY + next_random () % FAR_AWAY;
}

/* --- the limit: nothing but a clock, a sort in linear time, and a call --- */

typedef struct
{
  guint64  due;
  void   (*func) (gpointer data);
} Due;

static Due dues[2][N_ITEMS];

static void
limit_func (gpointer data)
{
  n_fired++;
}

static void
sort_by_bits (const Due *from,
              Due       *to,
              guint      n,
              guint      shift)
{
  guint starts[1 << 11] = { 0, };
  guint sum = 0;

  for (guint i = 0; i < n; i++)
    starts[(from[i].due >> shift) & (G_N_ELEMENTS (starts) - 1)]++;
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      guint count = starts[i];

      starts[i] = sum;
      sum += count;
    }
  for (guint i = 0; i < n; i++)
    to[starts[(from[i].due >> shift) & (G_N_ELEMENTS (starts) - 1)]++] = from[i];
}

static void
limit_batch (guint n)
{
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < n; i++)
    dues[0][i] = (Due) { g_get_monotonic_time () - start + near_delay (), limit_func };

  sort_by_bits (dues[0], dues[1], n, 0);
  sort_by_bits (dues[1], dues[0], n, 11);
  for (guint i = 0; i < n; i++)
    dues[0][i].func (NULL);
}

static void
in_batches (guint64   n,
            void    (*batch) (guint n))
{
  while (n > 0)
    {
      guint most = MIN (n, N_ITEMS);

      batch (most);
      n -= most;
    }
}

static void
limit_run (guint64 n)
{
  in_batches (n, limit_batch);
}

static void
limit_cancel_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    dues[0][next_random () % N_ITEMS] = (Due) { g_get_monotonic_time () + far_delay (), limit_func };
}

/* --- GSource: a time-out in a context --- */

static GMainContext *context;
static GSource *sources[N_ITEMS];

static gboolean
source_cb (gpointer data)
{
  n_fired++;
  return G_SOURCE_REMOVE;
}

static GSource *
attach_source (gint64 delay)
{
  GSource *source = g_timeout_source_new (delay / 1000);

  g_source_set_callback (source, source_cb, NULL, NULL);
  g_source_attach (source, context);

  return source;
}

static void
source_batch (guint n)
{
  n_fired = 0;
  for (guint i = 0; i < n; i++)
    g_source_unref (attach_source (near_delay ()));
  while (n_fired < n)
    g_main_context_iteration (context, TRUE);
}

static void
source_run (guint64 n)
{
  in_batches (n, source_batch);
}

static void
source_setup (void)
{
  context = g_main_context_new ();
  source_run (1);
}

static void
source_teardown (void)
{
  g_main_context_unref (context);
}

static void
source_cancel_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      guint slot = next_random () % N_ITEMS;

      g_source_destroy (sources[slot]);
      g_source_unref (sources[slot]);
      sources[slot] = attach_source (far_delay ());
    }
}

static void
source_cancel_setup (void)
{
  context = g_main_context_new ();
  for (guint i = 0; i < N_ITEMS; i++)
    sources[i] = attach_source (far_delay ());
}

static void
source_cancel_teardown (void)
{
  for (guint i = 0; i < N_ITEMS; i++)
    {
      g_source_destroy (sources[i]);
      g_source_unref (sources[i]);
    }
  g_main_context_unref (context);
}

/* --- libuv --- */

#ifdef BENCH_HAVE_UV
static uv_loop_t loop;
static uv_timer_t timers[N_ITEMS];

static void
uv_cb (uv_timer_t *timer)
{
  n_fired++;
}

static void
uv_batch (guint n)
{
  for (guint i = 0; i < n; i++)
    {
      uv_update_time (&loop);
      uv_timer_start (&timers[i], uv_cb, near_delay () / 1000, 0);
    }
  uv_run (&loop, UV_RUN_DEFAULT);
}

static void
uv_fire_run (guint64 n)
{
  in_batches (n, uv_batch);
}

static void
uv_setup (void)
{
  uv_loop_init (&loop);
  for (guint i = 0; i < N_ITEMS; i++)
    uv_timer_init (&loop, &timers[i]);
  uv_fire_run (1);
}

static void
uv_teardown (void)
{
  for (guint i = 0; i < N_ITEMS; i++)
    uv_close ((uv_handle_t *) &timers[i], NULL);
  uv_run (&loop, UV_RUN_DEFAULT);
  uv_loop_close (&loop);
}

static void
uv_cancel_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      uv_timer_t *timer = &timers[next_random () % N_ITEMS];

      uv_timer_stop (timer);
      uv_update_time (&loop);
      uv_timer_start (timer, uv_cb, far_delay () / 1000, 0);
    }
}

static void
uv_cancel_setup (void)
{
  uv_setup ();
  for (guint i = 0; i < N_ITEMS; i++)
    uv_timer_start (&timers[i], uv_cb, far_delay () / 1000, 0);
}
#endif

/* --- ours --- */

#define BENCH_TYPE_TICKED (bench_ticked_get_type ())
G_DECLARE_FINAL_TYPE (BenchTicked, bench_ticked, BENCH, TICKED, GObject)

struct _BenchTicked
{
  GObject parent_instance;

  guint   n_left;   /* atomic */
  guint   word;     /* atomic; the producer sleeps while it is 0 */
};

static void bench_ticked_callback_init (ConvokeAsyncCallbackInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BenchTicked, bench_ticked, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, bench_ticked_callback_init))

static void
bench_ticked_invoke (ConvokeAsyncCallback *callback,
                     ConvokeAsyncResult   *result)
{
  BenchTicked *self = (BenchTicked *) callback;

  n_fired++;
  if (__atomic_sub_fetch (&self->n_left, 1, __ATOMIC_ACQ_REL) > 0)
    return;

  __atomic_store_n (&self->word, 1, __ATOMIC_SEQ_CST);
  bench_futex_wake (&self->word);
}

static void
bench_ticked_callback_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = bench_ticked_invoke;
}

static void
bench_ticked_class_init (BenchTickedClass *klass)
{
}

static void
bench_ticked_init (BenchTicked *self)
{
}

static BenchTicked *ticked;
static ConvokeAsyncResult *ready;  /* may be scheduled many times (MF-43) */
static guint64 keys[N_ITEMS];

static guint64
schedule (gint64 delay)
{
  guint64 key = convoke_work_item_schedule_result (delay, ready, NULL);

  if (key == 0)
    g_error ("Nothing was scheduled");

  return key;
}

static void
convoke_batch (guint n)
{
  ticked->n_left = n;
  ticked->word = 0;
  for (guint i = 0; i < n; i++)
    schedule (near_delay ());
  while (__atomic_load_n (&ticked->word, __ATOMIC_ACQUIRE) == 0)
    bench_futex_wait (&ticked->word, 0);
}

static void
convoke_run (guint64 n)
{
  in_batches (n, convoke_batch);
}

static void
convoke_setup (void)
{
  ticked = g_object_new (BENCH_TYPE_TICKED, NULL);
  ready = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (ticked), NULL);
  convoke_run (1);
}

static void
convoke_teardown (void)
{
  g_object_unref (ready);
  g_object_unref (ticked);
}

static void
convoke_cancel_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      guint slot = next_random () % N_ITEMS;

      convoke_work_item_cancel (keys[slot], NULL);
      keys[slot] = schedule (far_delay ());
    }
}

static void
convoke_cancel_setup (void)
{
  convoke_setup ();
  for (guint i = 0; i < N_ITEMS; i++)
    keys[i] = schedule (far_delay ());
}

static void
convoke_cancel_teardown (void)
{
  for (guint i = 0; i < N_ITEMS; i++)
    convoke_work_item_cancel (keys[i], NULL);
  convoke_teardown ();
}

static const BenchCase cases[] = {
  { "limit", NULL, limit_run, NULL },
  { "convoke", convoke_setup, convoke_run, convoke_teardown },
  { "GSource", source_setup, source_run, source_teardown },
#ifdef BENCH_HAVE_UV
  { "libuv", uv_setup, uv_fire_run, uv_teardown },
#endif
  { "cancel:limit", NULL, limit_cancel_run, NULL },
  { "cancel:convoke", convoke_cancel_setup, convoke_cancel_run, convoke_cancel_teardown },
  { "cancel:GSource", source_cancel_setup, source_cancel_run, source_cancel_teardown },
#ifdef BENCH_HAVE_UV
  { "cancel:libuv", uv_cancel_setup, uv_cancel_run, uv_teardown },
#endif
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
