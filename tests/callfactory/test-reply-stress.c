/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Ports under stress: requests that are answered, cancelled, dropped by their
 * implementation or too late, ports that are shut down in the middle, objects
 * that are closed, and many threads on one port. Each id has its one reply,
 * unless it was silenced (P-4, TA-5).
 */

#include "stress.h"
#include "test-feed.h"

#include <convoke.h>

#define LONG (60 * G_USEC_PER_SEC)
#define WINDOW 64

static GMutex emission_lock;

/* Serves at once, defers and completes, defers and drops, tells, or yields first. */
static double
serve_somehow (TestFeed    *feed,
               const char  *item,
               gpointer     data,
               GError     **error)
{
  g_autoptr (ConvokeServerCall) server_call = NULL;

  switch (item[0])
    {
    case 'y':
      g_thread_yield ();
      break;

    case 'c':
      server_call = convoke_server_call_defer (G_OBJECT (feed), NULL);
      convoke_server_call_complete (server_call, NULL, 1.0);
      break;

    case 'd':
      server_call = convoke_server_call_defer (G_OBJECT (feed), NULL);
      break;

    case 't':
      /* GLib 2.74 reads the count of a class's closure past the atomic, harmlessly but for the sanitizer. */
      g_mutex_lock (&emission_lock);
      g_signal_emit_by_name (feed, "price-changed", item, 1.0);
      g_mutex_unlock (&emission_lock);
      break;

    default:
      break;
    }

  return 1;
}

static gint32
request (ConvokeReplyPort *port,
         TestFeed         *feed,
         GRand            *random,
         gint32            reserved)
{
  static const char * const items[] = { "now", "yield", "complete", "drop", "tell" };
  gint64 timeout = g_rand_int_range (random, 0, 8) == 0 ? g_rand_int_range (random, 1, 300) : 0;
  g_autoptr (GError) error = NULL;
  GValue arg = G_VALUE_INIT;
  gint32 id;

  g_value_init (&arg, G_TYPE_STRING);
  g_value_set_static_string (&arg, items[g_rand_int_range (random, 0, G_N_ELEMENTS (items))]);
  id = convoke_reply_port_request (port, G_OBJECT (feed), CONVOKE_TEST_TYPE_PRICE_FEED, "get_price", &arg, 1, timeout, reserved,
                                   &error);
  g_value_unset (&arg);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);

  return id;
}

static void
assert_ended_somehow (ConvokeReplyMessage *message)
{
  const GError *error = convoke_reply_message_get_error (message);
  guint n_values;
  GValue *values;

  if (error != NULL)
    {
      g_assert_true (g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED) ||
                     g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT) ||
                     g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT));
      return;
    }

  values = convoke_reply_message_dup_values (message, &n_values);
  g_assert_cmpuint (n_values, ==, 1);
  g_assert_cmpfloat (g_value_get_double (values), ==, 1);
  g_value_unset (values);
  g_free (values);
}

/* --- each thread has a port --- */

typedef struct
{
  TestFeed *serial;
  TestFeed *any;
} Shared;

typedef struct
{
  StressThread     *thread;
  ConvokeReplyPort *port;
  GHashTable       *outstanding;  /* ids */
  TestFeed         *feeds[3];
  gint32            last;
} Own;

static void
take (Own    *self,
      gint64  timeout)
{
  g_autoptr (ConvokeReplyMessage) message = convoke_reply_port_get_message (self->port, timeout, NULL);

  if (message == NULL)
    {
      g_assert_cmpint (timeout, ==, 0);
      return;
    }
  if (convoke_reply_message_get_kind (message) == CONVOKE_REPLY_KIND_EVENT)
    return;

  g_assert_true (g_hash_table_remove (self->outstanding, GINT_TO_POINTER (convoke_reply_message_get_request_id (message))));
  assert_ended_somehow (message);
}

static void
take_all (Own *self)
{
  while (g_hash_table_size (self->outstanding) > 0)
    take (self, LONG);
}

static void
start_port (Own *self)
{
  self->port = convoke_reply_port_new (self->thread->number);
  g_assert_true (convoke_reply_port_open (self->port, G_OBJECT (self->feeds[0]), NULL, 0, NULL));
}

static void
restart_port (Own *self)
{
  if (g_rand_boolean (self->thread->random))
    g_assert_true (convoke_reply_port_shutdown (self->port, NULL));
  g_object_unref (self->port);
  g_hash_table_remove_all (self->outstanding);
  start_port (self);
}

/* What is outstanding of that object is silenced, and what is not is answered. */
static void
reopen (Own *self)
{
  take_all (self);
  g_assert_true (convoke_reply_port_close (self->port, G_OBJECT (self->feeds[0]), NULL));
  g_assert_true (convoke_reply_port_open (self->port, G_OBJECT (self->feeds[0]), NULL, 0, NULL));
}

static void
do_something (Own *self)
{
  GRand *random = self->thread->random;
  guint what = g_rand_int_range (random, 0, 1000);

  if (what == 0)
    restart_port (self);
  else if (what == 1)
    reopen (self);
  else if (what < 150 && self->last != 0)
    convoke_reply_port_cancel (self->port, self->last, g_rand_int_range (random, -1, 200), NULL);
  else if (what < 300)
    take (self, 0);

  if (g_hash_table_size (self->outstanding) == WINDOW)
    take_all (self);

  self->last = request (self->port, self->feeds[g_rand_int_range (random, 0, 3)], random, 0);
  g_hash_table_add (self->outstanding, GINT_TO_POINTER (self->last));
}

/* What was silenced while it was queued here has still to run, and a call that another thread drops last lets go of its feed here,
 * whenever that is. */
static void
let_go (GMainContext *context,
        TestFeed     *own)
{
  gint64 end = g_get_monotonic_time () + LONG;
  GWeakRef feed;

  g_weak_ref_init (&feed, own);
  g_object_unref (own);
  while (TRUE)
    {
      TestFeed *left = g_weak_ref_get (&feed);

      if (left == NULL || g_get_monotonic_time () > end)
        break;
      g_object_unref (left);
      if (!g_main_context_iteration (context, FALSE))
        g_thread_yield ();
    }
  g_weak_ref_clear (&feed);
}

static void
own_port (StressThread *thread)
{
  Shared *shared = thread->data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (TestFeed) own = NULL;
  Own self = { .thread = thread, .outstanding = g_hash_table_new (NULL, NULL) };

  g_main_context_push_thread_default (context);
  own = test_feed_new (CONVOKE_THREADING_CONTEXT, serve_somehow, NULL);
  self.feeds[0] = shared->serial;
  self.feeds[1] = shared->any;
  self.feeds[2] = own;
  start_port (&self);

  for (guint i = 0; i < thread->n_rounds; i++)
    do_something (&self);
  take_all (&self);
  g_assert_true (convoke_reply_port_shutdown (self.port, NULL));
  g_object_unref (self.port);

  g_hash_table_unref (self.outstanding);
  let_go (context, g_steal_pointer (&own));
  g_main_context_pop_thread_default (context);
}

static void
test_own (void)
{
  guint n_live = test_feed_count_live ();
  Shared shared;
  gint64 end = g_get_monotonic_time () + LONG;

  g_test_summary ("P-4, TA-5, TA-27: ports that are used, shut down and dropped at random: each id has one reply or was silenced");

  convoke_require ("ConvokeTest", "1", NULL);
  shared.serial = test_feed_new (CONVOKE_THREADING_SERIAL, serve_somehow, NULL);
  shared.any = test_feed_new (CONVOKE_THREADING_ANY, serve_somehow, NULL);
  stress_run (own_port, &shared, STRESS_CALLS);
  g_object_unref (shared.serial);
  g_object_unref (shared.any);

  /* What the last calls hold goes with them. */
  while (test_feed_count_live () > n_live && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpuint (test_feed_count_live (), ==, n_live);
}

/* --- many threads, one port --- */

typedef struct
{
  ConvokeReplyPort *port;
  TestFeed         *feeds[2];
  guint8           *n_replies;     /* atomic; by id */
  gint              n_requests;    /* atomic */
  gint              n_taken;       /* atomic */
} One;

static void
count_reply (One                 *self,
             ConvokeReplyMessage *message)
{
  gint32 id = convoke_reply_message_get_request_id (message);

  g_assert_cmpint (id, >, 0);
  g_assert_cmpint (id, <=, STRESS_CALLS);
  g_assert_cmpint (__atomic_add_fetch (&self->n_replies[id], 1, __ATOMIC_RELAXED), ==, 1);
  assert_ended_somehow (message);
  g_atomic_int_inc (&self->n_taken);
}

static void
one_port (StressThread *thread)
{
  One *self = thread->data;

  for (guint i = 0; i < thread->n_rounds; i++)
    {
      gint32 reserved = g_rand_boolean (thread->random) ? convoke_reply_port_reserve_id (self->port, NULL) : 0;
      gint32 id = request (self->port, self->feeds[g_rand_int_range (thread->random, 0, 2)], thread->random, reserved);
      g_autoptr (ConvokeReplyMessage) message = NULL;

      g_atomic_int_inc (&self->n_requests);
      if (g_rand_int_range (thread->random, 0, 10) == 0)
        convoke_reply_port_cancel (self->port, id, g_rand_int_range (thread->random, -1, 100), NULL);

      /* Anybody's. */
      message = convoke_reply_port_get_message (self->port, LONG, NULL);
      g_assert_nonnull (message);
      count_reply (self, message);
    }
}

static void
test_one (void)
{
  One one = { .port = convoke_reply_port_new (0) };

  g_test_summary ("TA-22, P-9: threads that make requests of one port and take each other's replies: every id once");

  convoke_require ("ConvokeTest", "1", NULL);
  one.feeds[0] = test_feed_new (CONVOKE_THREADING_SERIAL, serve_somehow, NULL);
  one.feeds[1] = test_feed_new (CONVOKE_THREADING_ANY, serve_somehow, NULL);
  one.n_replies = g_new0 (guint8, STRESS_CALLS + 1);
  stress_run (one_port, &one, STRESS_CALLS / 2);

  g_assert_cmpint (one.n_taken, ==, one.n_requests);
  g_assert_null (convoke_reply_port_get_message (one.port, 0, NULL));
  g_assert_true (convoke_reply_port_shutdown (one.port, NULL));
  g_object_unref (one.port);
  for (guint i = 0; i < 2; i++)
    g_object_unref (one.feeds[i]);
  g_free (one.n_replies);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/callfactory/reply-stress/own", test_own);
  g_test_add_func ("/callfactory/reply-stress/one", test_one);

  return g_test_run ();
}
