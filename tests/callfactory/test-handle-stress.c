/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Threads that make handles below connections they share, begin operations,
 * and complete, drop, cancel, let expire and close them and what is above them,
 * in an order that a seed decides. Of each handle it is counted what was told:
 * creation first, a completion for each operation that was pending, closing
 * once and last (WI-16 to WI-36), and in the end nothing is left.
 */

#include <convoke-call-operation.h>
#include <convoke-error.h>
#include <convoke-event.h>
#include <convoke-handle.h>

#include "stress.h"

#define N_CONNECTIONS 4
#define MOST_UNDER_WAY 512

static gint n_under_way; /* (atomic) handles of which closing was not told */
static gint n_pending;   /* (atomic) operations that were begun */
static gint n_complete;  /* (atomic) completions that were told */
static gint n_live;      /* (atomic) objects */
static gint n_freed;     /* (atomic) callbacks */

#define TEST_TYPE_REQUEST (test_request_get_type ())
G_DECLARE_FINAL_TYPE (TestRequest, test_request, TEST, REQUEST, ConvokeHandle)

struct _TestRequest
{
  ConvokeHandle parent_instance;
  gint          n_closed; /* (atomic) */
  gint          known;    /* (atomic) creation was told */
};

G_DEFINE_FINAL_TYPE (TestRequest, test_request, CONVOKE_TYPE_HANDLE)

static void
test_request_closed (ConvokeHandle *handle)
{
  g_assert_cmpint (g_atomic_int_add (&TEST_REQUEST (handle)->n_closed, 1), ==, 0);
  convoke_handle_notify (handle, CONVOKE_HANDLE_STATUS_CONNECTION_CLOSED, NULL);
}

static void
test_request_finalize (GObject *object)
{
  g_atomic_int_add (&n_live, -1);

  G_OBJECT_CLASS (test_request_parent_class)->finalize (object);
}

static void
test_request_class_init (TestRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_request_finalize;
  CONVOKE_HANDLE_CLASS (klass)->closed = test_request_closed;
}

static void
test_request_init (TestRequest *self)
{
  g_atomic_int_inc (&n_live);
}

/* What the context value of a handle stands for; freed when closing was told, as WI-32 allows. */
typedef struct
{
  gint inside;     /* (atomic) */
  gint n_reports;  /* (atomic) */
} Seen;

static void
report (ConvokeHandle       *handle,
        gsize                context,
        ConvokeHandleStatus  status,
        const GValue        *information,
        gpointer             user_data)
{
  Seen *seen = (Seen *) context;

  g_assert_cmpint (g_atomic_int_add (&seen->inside, 1), ==, 0);
  g_assert_cmpint (g_atomic_int_add (&seen->n_reports, 1) == 0, ==, status == CONVOKE_HANDLE_STATUS_HANDLE_CREATED);
  if (status == CONVOKE_HANDLE_STATUS_HANDLE_CREATED)
    g_atomic_int_set (&TEST_REQUEST (handle)->known, TRUE);
  if (status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    {
      g_atomic_int_inc (&n_complete);
      /* Some are closed by those who learn that they are through. */
      if (context % 64 == 0 && handle != NULL)
        convoke_handle_close (handle, NULL);
    }
  g_assert_cmpint (g_atomic_int_add (&seen->inside, -1), ==, 1);

  if (status == CONVOKE_HANDLE_STATUS_HANDLE_CLOSING)
    {
      g_free (seen);
      g_atomic_int_add (&n_under_way, -1);
    }
}

static void
count_freed (gpointer data)
{
  g_atomic_int_inc (&n_freed);
}

/* --- the shared tree --- */

typedef struct
{
  ConvokeHandle    *root;
  ConvokeWorkQueue *queue;     /* of many threads: where callbacks run */
  GMutex            lock;
  ConvokeHandle    *connections[N_CONNECTIONS]; /* LOCK: lock; (owned) (nullable) */
} Tree;

/* (transfer full) (nullable): its parent can have been closed just now. */
static ConvokeHandle *
make (ConvokeHandle *parent)
{
  Seen *seen = g_new0 (Seen, 1);
  g_autoptr (ConvokeHandle) handle = g_object_new (TEST_TYPE_REQUEST, "parent", parent, "context", (guint64) (gsize) seen, NULL);

  g_atomic_int_inc (&n_under_way);
  if (convoke_handle_announce (handle, NULL))
    return g_steal_pointer (&handle);

  /* Closing was told, or will be, if creation was. */
  if (!g_atomic_int_get (&TEST_REQUEST (handle)->known))
    {
      g_atomic_int_add (&n_under_way, -1);
      g_free (seen);
    }

  return NULL;
}

static ConvokeHandle *
dup_connection (Tree  *tree,
                GRand *random)
{
  guint i = g_rand_int_range (random, 0, N_CONNECTIONS);
  ConvokeHandle *connection;

  g_mutex_lock (&tree->lock);
  connection = tree->connections[i];
  tree->connections[i] = NULL;
  g_mutex_unlock (&tree->lock);

  if (connection == NULL || g_rand_int_range (random, 0, 32) == 0)
    {
      if (connection != NULL && g_rand_boolean (random))
        convoke_handle_close (connection, NULL);
      g_clear_object (&connection);
      connection = make (tree->root);
    }

  return connection;
}

static void
put_back (Tree          *tree,
          GRand         *random,
          ConvokeHandle *connection)
{
  guint i = g_rand_int_range (random, 0, N_CONNECTIONS);
  ConvokeHandle *old;

  g_mutex_lock (&tree->lock);
  old = tree->connections[i];
  tree->connections[i] = g_object_ref (connection);
  g_mutex_unlock (&tree->lock);

  g_clear_object (&old);
}

/* --- one operation --- */

static void
complete_work (gpointer data)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  convoke_server_call_complete_operation (data, &value, NULL);
}

static void
work_somehow (Tree              *tree,
              GRand             *random,
              ConvokeHandle     *handle,
              ConvokeServerCall *work)
{
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (ConvokeCallContext) context = NULL;

  switch (g_rand_int_range (random, 0, 6))
    {
    case 0:
      convoke_work_queue_put_function (tree->queue, complete_work, g_object_ref (work), g_object_unref, NULL);
      break;

    case 1:
      call = convoke_handle_dup_operation (handle);
      if (call != NULL)
        convoke_call_cancel (call, g_rand_int_range (random, -1, 50), NULL);
      break;

    case 2:
      context = convoke_server_call_dup_context (work);
      convoke_call_context_report_amount (context, 1, 2, "bytes");
      convoke_handle_notify_operation (handle, work, CONVOKE_HANDLE_STATUS_CONNECTED, NULL);
      complete_work (work);
      break;

    case 3:
      break;

    default:
      complete_work (work);
    }
}

static void
begin_somehow (Tree          *tree,
               GRand         *random,
               ConvokeHandle *handle)
{
  g_autoptr (GError) error = NULL;
  ConvokeServerCall *work;

  g_atomic_int_inc (&n_pending);
  work = convoke_handle_begin_operation (handle, "work", &error);
  if (work == NULL)
    {
      g_assert_true (g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE) ||
                     g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING));
      g_atomic_int_add (&n_pending, -1);
      return;
    }

  work_somehow (tree, random, handle, work);
  g_assert_cmpint (convoke_handle_run (handle, work, NULL, NULL), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
}

static void
stress_thread (StressThread *thread)
{
  Tree *tree = thread->data;

  for (guint i = 0; i < thread->n_rounds; i++)
    {
      g_autoptr (ConvokeHandle) connection = dup_connection (tree, thread->random);
      g_autoptr (ConvokeHandle) request = NULL;

      while (g_atomic_int_get (&n_under_way) > MOST_UNDER_WAY)
        g_thread_yield ();
      if (connection == NULL)
        continue;

      request = g_rand_int_range (thread->random, 0, 8) == 0 ? g_object_ref (connection) : make (connection);
      if (request != NULL)
        {
          if (g_rand_int_range (thread->random, 0, 8) == 0)
            convoke_handle_set_timeout (request, g_rand_int_range (thread->random, 1, 300));
          begin_somehow (tree, thread->random, request);
          if (g_rand_int_range (thread->random, 0, 3) == 0)
            convoke_handle_close (request, NULL);
        }
      put_back (tree, thread->random, connection);
    }
}

static void
test_random (void)
{
  Tree tree = { NULL };

  g_test_summary ("WI-16 to WI-36, P-4: random operations, cancels, time-outs, drops and closings: each end is told once, "
                  "closing last, and nothing is left");

  tree.root = convoke_handle_new (NULL, 0, TRUE, NULL);
  tree.queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  convoke_handle_set_work_queue (tree.root, tree.queue);
  g_assert_true (convoke_handle_set_status_callback (tree.root, report, NULL, count_freed, NULL));

  stress_run (stress_thread, &tree, STRESS_CALLS);

  for (guint i = 0; i < N_CONNECTIONS; i++)
    g_clear_object (&tree.connections[i]);
  g_object_unref (tree.root);
  g_assert_true (stress_wait (&n_under_way, 0));
  g_assert_true (stress_wait (&n_live, 0));
  g_assert_true (stress_wait (&n_freed, 1));
  g_assert_cmpint (g_atomic_int_get (&n_complete), ==, g_atomic_int_get (&n_pending));
  g_object_unref (tree.queue);
}

/* --- trees that block --- */

static gpointer
complete_thread (gpointer data)
{
  g_autoptr (GAsyncQueue) queue = data;
  ConvokeServerCall *work;

  while ((work = g_async_queue_pop (queue)) != data)
    {
      complete_work (work);
      g_object_unref (work);
    }

  return NULL;
}

static void
blocking_thread (StressThread *thread)
{
  g_autoptr (GAsyncQueue) queue = g_async_queue_new ();
  GThread *worker = g_thread_new ("worker", complete_thread, g_async_queue_ref (queue));
  g_autoptr (ConvokeHandle) root = convoke_handle_new (NULL, 0, FALSE, NULL);

  g_assert_true (convoke_handle_set_status_callback (root, report, NULL, NULL, NULL));
  for (guint i = 0; i < thread->n_rounds; i++)
    {
      g_autoptr (ConvokeHandle) handle = make (root);
      ConvokeServerCall *work = convoke_handle_begin_operation (handle, "work", NULL);

      convoke_handle_notify_operation (handle, work, CONVOKE_HANDLE_STATUS_CONNECTED, NULL);
      if (g_rand_boolean (thread->random))
        g_async_queue_push (queue, g_object_ref (work));
      else
        complete_work (work);
      g_assert_cmpint (convoke_handle_run (handle, work, NULL, NULL), ==, CONVOKE_HANDLE_OUTCOME_DONE);
    }

  g_async_queue_push (queue, queue);
  g_thread_join (worker);
}

static void
test_blocking (void)
{
  g_test_summary ("WI-12: threads that block until other threads complete: each is told on its own and gets its result");

  stress_run (blocking_thread, NULL, STRESS_CALLS / 10);
  g_assert_cmpint (g_atomic_int_get (&n_under_way), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&n_live), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/callfactory/handle-stress/random", test_random);
  g_test_add_func ("/callfactory/handle-stress/blocking", test_blocking);

  return g_test_run ();
}
