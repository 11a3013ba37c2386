/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Threads that schedule, wait, cancel, drop and shut down at random. Everything
 * that was begun ends exactly once: it is invoked, or its cancel said that it
 * is not.
 */

#include "config.h"

#include <unistd.h>

#include <glib-unix.h>

#include <convoke.h>

#include "convoke-item-table-private.h"

#include "stress.h"
#include "test-listener.h"

#define N_KEYS 64

static gint n_begun, n_invoked, n_cancelled, n_live;  /* atomic */

/* The state of an item: counts itself, so that a leak shows. */
#define TEST_TYPE_TRACE (test_trace_get_type ())
G_DECLARE_FINAL_TYPE (TestTrace, test_trace, TEST, TRACE, GObject)

struct _TestTrace
{
  GObject parent_instance;
  gint    n_ends;   /* atomic */
};

G_DEFINE_FINAL_TYPE (TestTrace, test_trace, G_TYPE_OBJECT)

static void
test_trace_finalize (GObject *object)
{
  g_atomic_int_add (&n_live, -1);

  G_OBJECT_CLASS (test_trace_parent_class)->finalize (object);
}

static void
test_trace_class_init (TestTraceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_trace_finalize;
}

static void
test_trace_init (TestTrace *self)
{
  g_atomic_int_inc (&n_live);
}

static void
invoked_cb (GObject            *owner,
            ConvokeAsyncResult *result,
            gpointer            user_data)
{
  TestTrace *trace = TEST_TRACE (convoke_async_result_get_state (result));

  g_assert_cmpint (g_atomic_int_add (&trace->n_ends, 1), ==, 0);
  g_atomic_int_inc (&n_invoked);
}

typedef struct
{
  ConvokeAsyncCallback *callback;
  ConvokeAsyncCallback *callback_side;  /* runs side by side */
  ConvokeEvent         *event;          /* automatic, shared by all */
  ConvokeEventQueue    *queue;          /* likewise */
  int                   fds[2];
} Ground;

static guint64
begin_one (StressThread *thread)
{
  Ground *ground = thread->data;
  g_autoptr (TestTrace) trace = g_object_new (TEST_TYPE_TRACE, NULL);
  ConvokeAsyncCallback *callback = g_rand_boolean (thread->random) ? ground->callback : ground->callback_side;
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, callback, G_OBJECT (trace));
  gint64 delay = g_rand_int_range (thread->random, 0, 2000);

  g_atomic_int_inc (&n_begun);
  switch (g_rand_int_range (thread->random, 0, 6))
    {
    case 0:
      return convoke_work_item_schedule (delay, callback, G_OBJECT (trace), NULL);
    case 1:
      return convoke_work_item_schedule_result (delay, result, NULL);
    case 2:
      return convoke_work_item_put_waiting (CONVOKE_SYNCHRONIZE (ground->event), 0, result, NULL);
    case 3:
      return convoke_work_item_put_waiting (NULL, 0, result, NULL);
    case 4:
      return convoke_work_item_put_waiting (CONVOKE_SYNCHRONIZE (ground->queue), 0, result, NULL);
    default:
      return convoke_work_item_put_waiting_fd (ground->fds[0], G_IO_IN, 0, result, NULL);
    }
}

static void
cancel_one (guint64 *key)
{
  if (*key != 0)
    g_atomic_int_add (&n_cancelled, convoke_work_item_cancel (*key, NULL));
  *key = 0;
}

/* Frees some of what waits, and takes it back. */
static void
stir (StressThread *thread)
{
  Ground *ground = thread->data;
  char byte;

  switch (g_rand_int_range (thread->random, 0, 4))
    {
    case 0:
      convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (ground->event), NULL);
      break;
    case 1:
      convoke_event_queue_put_value (ground->queue, "x", NULL, NULL);
      break;
    case 2:
      g_clear_object (&(GObject *) { (GObject *) convoke_event_queue_get (ground->queue, 0, NULL) });
      break;
    default:
      if (write (ground->fds[1], "x", 1) == 1 && read (ground->fds[0], &byte, 1) != 1)
        g_thread_yield ();
    }
}

static void
stress_items (StressThread *thread)
{
  guint64 keys[N_KEYS] = { 0, };

  for (guint i = 0; i < thread->n_rounds; i++)
    {
      guint64 *key = &keys[g_rand_int_range (thread->random, 0, N_KEYS)];

      cancel_one (key);
      *key = begin_one (thread);
      g_assert_cmpuint (*key, !=, 0);
      if (i % 3 == 0)
        stir (thread);
      if (i % 7 == 0)
        cancel_one (key);
    }

  for (guint i = 0; i < N_KEYS; i++)
    cancel_one (&keys[i]);
}

static ConvokeAsyncCallback *
make_callback (ConvokeWorkQueue *queue)
{
  ConvokeChildCallback *callback = convoke_child_callback_new (NULL, invoked_cb, NULL, NULL);

  g_assert_true (convoke_child_callback_set_parameters (callback, CONVOKE_ASYNC_CALLBACK_NONE, queue, NULL));

  return CONVOKE_ASYNC_CALLBACK (callback);
}

static void
test_items (void)
{
  g_autoptr (ConvokeWorkQueue) serial = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeWorkQueue) side = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  Ground ground = {
    .callback = make_callback (serial),
    .callback_side = make_callback (side),
    .event = convoke_event_new (FALSE),
    .queue = convoke_event_queue_new (),
  };

  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  g_test_summary ("Items of all kinds end exactly once, invoked or cancelled, and nothing is left (MF-47, MF-48, P-4, P-8)");

  g_assert_true (g_unix_open_pipe (ground.fds, FD_CLOEXEC, NULL));
  g_assert_true (g_unix_set_fd_nonblocking (ground.fds[0], TRUE, NULL));
  g_assert_true (g_unix_set_fd_nonblocking (ground.fds[1], TRUE, NULL));

  stress_run (stress_items, &ground, STRESS_CALLS);

  g_assert_true (stress_wait (&n_live, 0));
  g_assert_cmpint (n_invoked + n_cancelled, ==, n_begun);
  /* An item leaves the table a moment after its callback returned. */
  while (convoke_item_table_get_n_items () > 0 && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpuint (convoke_item_table_get_n_items (), ==, 0);
  g_test_message ("%d were begun, %d invoked, %d cancelled", n_begun, n_invoked, n_cancelled);

  g_object_unref (ground.callback);
  g_object_unref (ground.callback_side);
  g_object_unref (ground.event);
  g_object_unref (ground.queue);
  close (ground.fds[0]);
  close (ground.fds[1]);
}

/* --- event queues --- */

typedef struct
{
  ConvokeEventQueue *queue;
  gint               n_begun;     /* atomic, like the next two */
  gint               n_told;
  gint               n_taken;
} Subscription;

static void
told_cb (GObject            *owner,
         ConvokeAsyncResult *result,
         gpointer            user_data)
{
  Subscription *self = user_data;
  g_autoptr (ConvokeQueueEvent) event = convoke_event_queue_end_get (self->queue, result, NULL);

  g_atomic_int_inc (&self->n_told);
  if (event != NULL)
    g_atomic_int_inc (&self->n_taken);
}

static void
stress_queue (StressThread *thread)
{
  Subscription *self = thread->data;
  g_autoptr (ConvokeChildCallback) callback = convoke_child_callback_new (NULL, told_cb, self, NULL);

  for (guint i = 0; i < thread->n_rounds; i++)
    {
      gboolean already = FALSE;

      switch (g_rand_int_range (thread->random, 0, 3))
        {
        case 0:
          convoke_event_queue_put_value (self->queue, "x", NULL, NULL);
          break;
        case 1:
          if (convoke_event_queue_begin_get (self->queue, CONVOKE_ASYNC_CALLBACK (callback), NULL, &already, NULL) && !already)
            g_atomic_int_inc (&self->n_begun);
          break;
        default:
          g_clear_object (&(GObject *) { (GObject *) convoke_event_queue_get (self->queue, 0, NULL) });
        }
      if (g_rand_int_range (thread->random, 0, 10000) == 0)
        convoke_event_queue_shutdown (self->queue);
    }
}

static void
test_queue (void)
{
  g_test_summary ("Each begin of an event queue is told exactly once, whoever puts, takes and shuts down (P-4, P-8, MF-7)");

  for (guint i = 0; i < 10; i++)
    {
      Subscription self = { convoke_event_queue_new (), 0, 0, 0 };

      stress_run (stress_queue, &self, STRESS_CALLS / 10);
      convoke_event_queue_shutdown (self.queue);
      g_assert_true (stress_wait (&self.n_told, self.n_begun));
      g_assert_cmpint (self.n_taken, <=, self.n_told);
      while (G_OBJECT (self.queue)->ref_count > 1)
        g_thread_yield ();
      g_object_unref (self.queue);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/item-stress/items", test_items);
  g_test_add_func ("/callfactory/item-stress/event-queue", test_queue);

  return g_test_run ();
}
