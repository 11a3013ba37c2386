/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* reply-port: (int32, 32-byte string) -> int32 on another thread, asked with an id, the reply message taken. */

#include "bench.h"

#include <gio/gio.h>

#include "bench-echo.h"
#include "convoke.h"

/* What a program that does it by hand allocates: one message there, which comes back. */
typedef struct
{
  gint32  id;
  gint32  number;
  char   *text;
  gint32  result;
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

static Message *
message_new (guint64 i)
{
  Message *message = g_new (Message, 1);

  *message = (Message) { 1 + (gint32) i, (gint32) (i & 0xffff), g_strdup (BENCH_TEXT), 0 };
  return message;
}

static void
message_end (Message *message,
             guint64  i)
{
  g_assert_cmpint (message->id, ==, 1 + (gint32) i);
  check (message->result, message->number);
  g_free (message->text);
  g_free (message);
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
      pingpong.message = (Message) { 1, (gint32) (i & 0xffff), (char *) BENCH_TEXT, 0 };
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

/* --- GAsyncQueue there and back --- */

static struct
{
  GAsyncQueue *requests;
  GAsyncQueue *replies;
  GThread     *thread;
} queues;

static Message stop;

static gpointer
queues_thread (gpointer data)
{
  for (;;)
    {
      Message *message = g_async_queue_pop (queues.requests);

      if (message == &stop)
        return NULL;

      serve (message);
      g_async_queue_push (queues.replies, message);
    }
}

static void
queues_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      g_async_queue_push (queues.requests, message_new (i));
      message_end (g_async_queue_pop (queues.replies), i);
    }
}

static void
queues_setup (void)
{
  queues.requests = g_async_queue_new ();
  queues.replies = g_async_queue_new ();
  queues.thread = g_thread_new ("worker", queues_thread, NULL);
  queues_run (1);
}

static void
queues_teardown (void)
{
  g_async_queue_push (queues.requests, &stop);
  g_thread_join (queues.thread);
  g_async_queue_unref (queues.requests);
  g_async_queue_unref (queues.replies);
}

/* --- GThreadPool there, GAsyncQueue back --- */

static struct
{
  GThreadPool *pool;
  GAsyncQueue *replies;
} pooled;

static void
pooled_func (gpointer data,
             gpointer user_data)
{
  serve (data);
  g_async_queue_push (pooled.replies, data);
}

static void
pooled_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      g_thread_pool_push (pooled.pool, message_new (i), NULL);
      message_end (g_async_queue_pop (pooled.replies), i);
    }
}

static void
pooled_setup (void)
{
  pooled.replies = g_async_queue_new ();
  pooled.pool = g_thread_pool_new (pooled_func, NULL, 1, TRUE, NULL);
  pooled_run (1);
}

static void
pooled_teardown (void)
{
  g_thread_pool_free (pooled.pool, FALSE, TRUE);
  g_async_queue_unref (pooled.replies);
}

/* --- ours --- */

static ConvokeReplyPort *port;
static GObject *object;

static gint32
request (GValue  *args,
         guint64  i)
{
  g_value_set_int (&args[0], i & 0xffff);

  return convoke_reply_port_request (port, object, CONVOKE_BENCH_TYPE_ECHO, "add", args, 2, 0, 0, NULL);
}

static void
take (gint32  id,
      guint64 i)
{
  ConvokeReplyMessage *message = convoke_reply_port_get_message (port, -1, NULL);
  GValue *values;
  guint n_values;

  if (message == NULL || convoke_reply_message_get_request_id (message) != id)
    g_error ("The reply is not there");
  values = convoke_reply_message_dup_values (message, &n_values);
  check (g_value_get_int (values), i & 0xffff);
  g_value_unset (values);
  g_free (values);
  convoke_reply_message_unref (message);
}

static void
convoke_run (guint64 n)
{
  GValue args[2] = { G_VALUE_INIT, G_VALUE_INIT };

  g_value_init (&args[0], G_TYPE_INT);
  g_value_init (&args[1], G_TYPE_STRING);
  g_value_set_static_string (&args[1], BENCH_TEXT);
  for (guint64 i = 0; i < n; i++)
    take (request (args, i), i);
  g_value_unset (&args[1]);
}

static void
convoke_setup (void)
{
  g_autoptr (GError) error = NULL;

  convoke_type_set_threading (CONVOKE_BENCH_TYPE_ADDER, CONVOKE_THREADING_ANY);
  if (!convoke_require ("ConvokeBench", "1", &error))
    g_error ("%s", error->message);

  object = G_OBJECT (convoke_bench_adder_new ());
  port = convoke_reply_port_new (0);
  convoke_run (1);
}

static void
convoke_teardown (void)
{
  convoke_reply_port_shutdown (port, NULL);
  g_clear_object (&port);
  g_clear_object (&object);
}

static const BenchCase cases[] = {
  { "limit", pingpong_setup, pingpong_run, pingpong_teardown },
  { "convoke", convoke_setup, convoke_run, convoke_teardown },
  { "GAsyncQueue", queues_setup, queues_run, queues_teardown },
  { "GThreadPool", pooled_setup, pooled_run, pooled_teardown },
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
