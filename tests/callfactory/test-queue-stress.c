/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Threads that put items on queues of all kinds, make and drop the queues, lock
 * and unlock their numbers, reply late or never, change the class of threads, and
 * start and stop the platform, in an order that a seed decides. Each item that
 * was taken runs once, a serial queue keeps its order and runs one at a time,
 * and nothing is left.
 */

#include "config.h"

#include <convoke.h>

#include "convoke-platform-private.h"

#include "stress.h"

#define N_LINES        24
#define MOST_UNDER_WAY 1024

static gint n_live;      /* (atomic) lines and items */
static gint n_taken;     /* (atomic) */
static gint n_run;       /* (atomic) */

/* A queue and what is known about its order. */
typedef struct
{
  gint              ref_count; /* (atomic) */
  ConvokeWorkQueue *queue;     /* (owned) */
  gboolean          serial;
  guint             id;        /* locked once, or 0 */

  GMutex            lock;      /* so that numbers are put in order */
  guint             n_put;     /* LOCK: lock */
  guint             n_ran;     /* the queue's own, if it is serial */
  gint              n_inside;  /* (atomic) */
} Line;

static Line *
line_new (ConvokeWorkQueue *queue)
{
  Line *self = g_new0 (Line, 1);

  self->ref_count = 1;
  self->queue = queue;
  self->serial = convoke_work_queue_get_kind (queue) != CONVOKE_WORK_QUEUE_MULTITHREADED;
  g_mutex_init (&self->lock);
  g_atomic_int_inc (&n_live);

  return self;
}

static Line *
line_ref (Line *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

static void
line_unref (Line *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_object (&self->queue);
  g_mutex_clear (&self->lock);
  g_free (self);
  g_atomic_int_add (&n_live, -1);
}

/* One item of any shape; a callback, so that it can be put in each way. */
#define TEST_TYPE_ITEM (test_item_get_type ())
G_DECLARE_FINAL_TYPE (TestItem, test_item, TEST, ITEM, GObject)

struct _TestItem
{
  GObject   parent_instance;

  Line     *line;    /* (owned) */
  guint     number;
  gboolean  replies;
  gint      n_run;   /* (atomic) */
};

/* Results to reply to, or to drop; one place each. */
static gpointer later[16]; /* (atomic) (owned) ConvokeAsyncResult */

static void
end_reply (ConvokeAsyncResult *result,
           gboolean            drop)
{
  TestItem *item = TEST_ITEM (convoke_async_result_get_callback (result));

  if (item->line->serial)
    g_atomic_int_add (&item->line->n_inside, -1);
  if (!drop)
    g_assert_true (convoke_async_result_invoke_callback (result, NULL));
  g_object_unref (result);
}

static void
keep_for_later (ConvokeAsyncResult *result)
{
  gpointer *place = &later[g_direct_hash (result) / 64 % G_N_ELEMENTS (later)];
  ConvokeAsyncResult *old = __atomic_exchange_n (place, g_object_ref (result), __ATOMIC_ACQ_REL);

  if (old != NULL)
    end_reply (old, TRUE);
}

static void
reply_to_one (GRand *random)
{
  gpointer *place = &later[g_rand_int_range (random, 0, G_N_ELEMENTS (later))];
  ConvokeAsyncResult *result = __atomic_exchange_n (place, NULL, __ATOMIC_ACQ_REL);

  if (result != NULL)
    end_reply (result, g_rand_boolean (random));
}

static void
run_item (TestItem           *self,
          ConvokeAsyncResult *result)
{
  Line *line = self->line;

  g_assert_cmpint (g_atomic_int_add (&self->n_run, 1), ==, 0);
  if (line->serial)
    {
      g_assert_cmpint (g_atomic_int_add (&line->n_inside, 1), ==, 0);
      g_assert_cmpuint (line->n_ran++, ==, self->number);
    }
  if (result != NULL && self->replies && line->serial)
    keep_for_later (result);
  else if (line->serial)
    g_atomic_int_add (&line->n_inside, -1);
  g_atomic_int_inc (&n_run);
}

static void
test_item_invoke (ConvokeAsyncCallback *callback,
                  ConvokeAsyncResult   *result)
{
  run_item (TEST_ITEM (callback), result);
}

static gboolean
test_item_get_parameters (ConvokeAsyncCallback       *callback,
                          ConvokeAsyncCallbackFlags  *flags,
                          ConvokeWorkQueue          **queue)
{
  *flags = TEST_ITEM (callback)->replies ? CONVOKE_ASYNC_CALLBACK_REPLY : CONVOKE_ASYNC_CALLBACK_NONE;

  return TRUE;
}

static void
test_item_iface_init (ConvokeAsyncCallbackInterface *iface)
{
  iface->invoke = test_item_invoke;
  iface->get_parameters = test_item_get_parameters;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestItem, test_item, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_ASYNC_CALLBACK, test_item_iface_init))

static void
test_item_finalize (GObject *object)
{
  line_unref (TEST_ITEM (object)->line);
  g_atomic_int_add (&n_live, -1);

  G_OBJECT_CLASS (test_item_parent_class)->finalize (object);
}

static void
test_item_class_init (TestItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_item_finalize;
}

static void
test_item_init (TestItem *self)
{
  g_atomic_int_inc (&n_live);
}

static void
run_item_cb (gpointer data)
{
  run_item (data, NULL);
}

/* --- the lines --- */

static GMutex lines_lock;
static Line  *lines[N_LINES]; /* LOCK: lines_lock; (owned) (nullable) */

static ConvokeWorkQueue *
make_queue (GRand *random)
{
  static const ConvokeWorkQueueId ids[] = { 2, 3, 4, 5, 7 };

  switch (g_rand_int_range (random, 0, 40))
    {
    case 0:
      return convoke_work_queue_new (CONVOKE_WORK_QUEUE_WINDOW);
    case 1 ... 10:
      return convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
    case 11 ... 16:
      /* Over a well-known queue: these are everybody's, so they have no numbers of their own here. */
      return convoke_work_queue_new_serial (convoke_work_queue_get_well_known (ids[g_rand_int_range (random, 0, 5)]), NULL);
    default:
      return convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
    }
}

static Line *
dup_line (GRand *random)
{
  Line *line;

  g_mutex_lock (&lines_lock);
  line = lines[g_rand_int_range (random, 0, N_LINES)];
  if (line != NULL)
    line_ref (line);
  g_mutex_unlock (&lines_lock);

  return line;
}

static void
set_line (GRand *random,
          Line  *line)
{
  Line **place = &lines[g_rand_int_range (random, 0, N_LINES)];
  Line *old;

  g_mutex_lock (&lines_lock);
  old = *place;
  *place = line;
  g_mutex_unlock (&lines_lock);

  if (old == NULL)
    return;

  if (old->id != 0)
    g_assert_true (convoke_work_queue_unlock_id (old->id, NULL));
  line_unref (old);
}

static void
replace_line (GRand *random)
{
  g_autoptr (ConvokeWorkQueue) over = NULL;
  ConvokeWorkQueue *queue;
  Line *line;

  if (g_rand_int_range (random, 0, 3) == 0 && (line = dup_line (random)) != NULL)
    {
      over = g_object_ref (line->queue);
      line_unref (line);
    }

  /* NULL: the platform is down, or the queue stands over too many. */
  queue = over != NULL ? convoke_work_queue_new_serial (over, NULL) : make_queue (random);
  line = queue != NULL ? line_new (queue) : NULL;
  if (line != NULL && g_rand_boolean (random))
    line->id = convoke_work_queue_lock (queue, NULL);
  set_line (random, line);
}

static void
check_number (GRand *random)
{
  Line *line = dup_line (random);
  g_autoptr (ConvokeWorkQueue) found = NULL;

  if (line == NULL)
    return;

  /* Somebody may be unlocking it. */
  if (line->id != 0)
    found = convoke_work_queue_lookup (line->id, NULL);
  g_assert_true (found == NULL || found == line->queue);
  line_unref (line);
}

static void
change_class (GRand *random)
{
  Line *line = dup_line (random);
  g_autoptr (ConvokeCall) call = NULL;

  if (line == NULL)
    return;

  if (g_rand_boolean (random))
    call = convoke_work_queue_begin_register (line->queue, "Background", 0, 0, NULL, NULL, NULL);
  else
    call = convoke_work_queue_begin_unregister (line->queue, NULL, NULL, NULL);
  line_unref (line);
}

/* --- items --- */

static gboolean
put_somehow (GRand    *random,
             TestItem *item)
{
  ConvokeWorkQueue *queue = item->line->queue;
  int priority = g_rand_int_range (random, -1, 2);
  g_autoptr (ConvokeAsyncResult) result = NULL;

  switch (g_rand_int_range (random, 0, 3))
    {
    case 0:
      item->replies = FALSE;
      return convoke_work_queue_put_function_full (queue, priority, run_item_cb, g_object_ref (item), g_object_unref, NULL);
    case 1:
      return convoke_work_queue_put (queue, CONVOKE_ASYNC_CALLBACK (item), NULL, NULL);
    default:
      result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (item), NULL);
      return convoke_work_queue_put_result_full (queue, priority, result, NULL);
    }
}

static void
put_item (GRand *random)
{
  Line *line = dup_line (random);
  g_autoptr (TestItem) item = NULL;

  if (line == NULL)
    return;

  item = g_object_new (TEST_TYPE_ITEM, NULL);
  item->line = line;
  item->replies = g_rand_int_range (random, 0, 20) == 0;

  g_mutex_lock (&line->lock);
  item->number = line->n_put;
  if (put_somehow (random, item))
    {
      line->n_put++;
      g_atomic_int_inc (&n_taken);
    }
  g_mutex_unlock (&line->lock);
}

static void
stop_and_start (void)
{
  /* A stop from here never ends a start of another thread: each has its own pair. */
  g_assert_true (convoke_platform_stop (NULL));
  g_assert_true (convoke_platform_start (CONVOKE_PLATFORM_VERSION, NULL));
}

static void
do_something (GRand *random)
{
  int what = g_rand_int_range (random, 0, 1000);

  if (what < 30)
    replace_line (random);
  else if (what < 100)
    reply_to_one (random);
  else if (what < 130)
    check_number (random);
  else if (what < 135)
    change_class (random);
  else if (what < 140)
    stop_and_start ();
  else
    put_item (random);
}

static void
stress_cb (StressThread *thread)
{
  g_assert_true (convoke_platform_start (CONVOKE_PLATFORM_VERSION, NULL));
  for (guint i = 0; i < thread->n_rounds; i++)
    {
      do_something (thread->random);
      while (g_atomic_int_get (&n_taken) - g_atomic_int_get (&n_run) > MOST_UNDER_WAY)
        reply_to_one (thread->random);
    }
  g_assert_true (convoke_platform_stop (NULL));
}

static void
reply_to_all (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (later); i++)
    {
      ConvokeAsyncResult *result = __atomic_exchange_n (&later[i], NULL, __ATOMIC_ACQ_REL);

      if (result != NULL)
        end_reply (result, i % 2 == 0);
    }
}

static void
drop_lines (void)
{
  for (guint i = 0; i < N_LINES; i++)
    {
      Line *line = g_steal_pointer (&lines[i]);

      if (line != NULL && line->id != 0)
        g_assert_true (convoke_work_queue_unlock_id (line->id, NULL));
      g_clear_pointer (&line, line_unref);
    }
}

static void
test_stress (void)
{
  gint64 limit = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  g_test_summary ("Whatever is put on whichever queue runs once, and in order where there is one (MF-36, MF-53, P-4)");

  convoke_platform_set_patience (0);
  stress_run (stress_cb, NULL, STRESS_CALLS);
  while (g_atomic_int_get (&n_run) != g_atomic_int_get (&n_taken) && g_get_monotonic_time () < limit)
    {
      reply_to_all ();
      g_thread_yield ();
    }
  reply_to_all ();
  g_assert_cmpint (n_run, ==, n_taken);
  drop_lines ();
  g_assert_true (stress_wait (&n_live, 0));
  g_test_message ("%d items ran", n_run);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/queue-stress/random", test_stress);

  return g_test_run ();
}
