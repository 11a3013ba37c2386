/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Ports, requests and reply messages: TA-1 to TA-9, TA-11, TA-12, TA-17 to TA-32, P-4, P-9, P-12. */

#include "../test-child.h"
#include "test-feed.h"
#include "test-util.h"

#include <convoke.h>

#include "convoke-reply-port-private.h"

#include <sys/wait.h>
#include <unistd.h>

#define LONG (30 * G_USEC_PER_SEC)
#define KEY 77

/* --- what the tests share --- */

static gint32
request_full (ConvokeReplyPort  *port,
              gpointer           feed,
              const char        *item,
              gint64             timeout,
              gint32             id,
              GError           **error)
{
  g_auto (GValue) arg = G_VALUE_INIT;

  g_value_init (&arg, G_TYPE_STRING);
  g_value_set_string (&arg, item);

  return convoke_reply_port_request (port, feed, CONVOKE_TEST_TYPE_PRICE_FEED, "get_price", &arg, 1, timeout, id, error);
}

static gint32
request (ConvokeReplyPort *port,
         gpointer          feed,
         const char       *item)
{
  g_autoptr (GError) error = NULL;
  gint32 id = request_full (port, feed, item, 0, 0, &error);

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);

  return id;
}

static void
assert_price (ConvokeReplyMessage *message,
              double               expected)
{
  g_autoptr (GError) error = NULL;
  GValue *values;
  guint n_values;

  g_assert_true (convoke_reply_message_check (message, &error));
  g_assert_no_error (error);
  g_assert_cmpint (convoke_reply_message_get_status (message), ==, 0);
  values = convoke_reply_message_dup_values (message, &n_values);
  g_assert_cmpuint (n_values, ==, 1);
  g_assert_cmpfloat (g_value_get_double (values), ==, expected);
  g_value_unset (values);
  g_free (values);
}

static ConvokeReplyMessage *
get_message (ConvokeReplyPort *port)
{
  g_autoptr (GError) error = NULL;
  ConvokeReplyMessage *message = convoke_reply_port_get_message (port, LONG, &error);

  g_assert_no_error (error);
  return message;
}

static void
assert_nothing (ConvokeReplyPort *port)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_reply_port_get_message (port, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

/* What was begun on a serial object before has ended then, and was told of. */
static void
wait_until_idle (TestFeed *feed)
{
  g_autoptr (ConvokeCall) last = test_call_new (feed);

  g_assert_true (convoke_call_begin (last, "get_price", NULL, "last"));
  g_assert_true (convoke_call_wait (last, LONG, NULL));
}

typedef struct
{
  ConvokeReplyPort *port;
  ConvokeTestGate  *gate;
  TestFeed         *feed;    /* answers at once */
  TestFeed         *held;    /* answers when the gate opens */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  convoke_require ("ConvokeTest", "1", &error);
  g_assert_no_error (error);

  fixture->port = convoke_reply_port_new (KEY);
  fixture->gate = convoke_test_gate_new ();
  convoke_test_gate_close (fixture->gate);
  fixture->feed = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_by_length, NULL);
  fixture->held = test_feed_new (CONVOKE_THREADING_SERIAL, test_price_at_gate, fixture->gate);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  /* What still runs wants its gate. */
  convoke_test_gate_open (fixture->gate);
  wait_until_idle (fixture->held);
  g_clear_object (&fixture->port);
  g_clear_object (&fixture->feed);
  g_clear_object (&fixture->held);
  g_clear_object (&fixture->gate);
}

/* --- requests --- */

static void
test_reply (Fixture       *fixture,
            gconstpointer  data)
{
  gint32 id = request (fixture->port, fixture->feed, "tea");
  g_autoptr (ConvokeReplyMessage) message = get_message (fixture->port);
  g_autoptr (GObject) object = convoke_reply_message_dup_object (message);

  g_test_summary ("TA-1, TA-5, TA-23: a request has a positive id, and one reply with this id, its results and the port's key");

  g_assert_cmpint (convoke_reply_message_get_kind (message), ==, CONVOKE_REPLY_KIND_REPLY);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
  g_assert_cmpuint (convoke_reply_message_get_key (message), ==, KEY);
  g_assert_true (object == G_OBJECT (fixture->feed));
  g_assert_null (convoke_reply_message_get_signal (message));
  assert_price (message, 3);
  assert_nothing (fixture->port);
}

static void
test_method_error (Fixture       *fixture,
                   gconstpointer  data)
{
  gint32 id = request (fixture->port, fixture->feed, "missing");
  g_autoptr (ConvokeReplyMessage) message = get_message (fixture->port);
  g_autoptr (GError) error = NULL;
  guint n_values;

  g_test_summary ("T-TA-3, TA-6, X-44: what the method threw is the reply's, unchanged, and its status a negative 32-bit number");

  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
  g_assert_false (convoke_reply_message_check (message, &error));
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_assert_error (convoke_reply_message_get_error (message), CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_assert_cmpint (convoke_reply_message_get_status (message), ==, (gint32) 0x80000048u);
  g_assert_null (convoke_reply_message_dup_values (message, &n_values));
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    const char *method;
    guint       n_args;
    int         code;
    guint32     status;
  } bad[] = {
    { "get_profit", 1, CONVOKE_ERROR_NO_METHOD, 0x80000049 },
    { "get_price", 0, CONVOKE_ERROR_INVALID_ARGUMENT, 0x80000032 },
  };
  GValue arg = G_VALUE_INIT;

  g_test_summary ("T-TA-1, P-4: a request that cannot be begun returns TAPI's negative number with the error, never 0, and no reply comes");

  g_value_init (&arg, G_TYPE_STRING);
  g_value_set_static_string (&arg, "tea");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (convoke_reply_port_request (fixture->port, G_OBJECT (fixture->feed), CONVOKE_TEST_TYPE_PRICE_FEED,
                                                   bad[i].method, &arg, bad[i].n_args, 0, 0, &error),
                       ==, (gint32) bad[i].status);
      g_assert_error (error, CONVOKE_ERROR, bad[i].code);
    }

  /* The number comes without a place for the error, too. */
  g_assert_cmpint (convoke_reply_port_request (fixture->port, G_OBJECT (fixture->gate), CONVOKE_TEST_TYPE_PRICE_FEED,
                                               "get_price", &arg, 1, 0, 0, NULL),
                   ==, (gint32) 0x80000049u);
  assert_nothing (fixture->port);
  g_value_unset (&arg);
}

static void
test_copied (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *item = g_strdup ("coffee");
  g_autoptr (ConvokeReplyMessage) message = NULL;

  g_test_summary ("TA-4: what goes in was copied when the request returns");

  request (fixture->port, fixture->held, item);
  memset (item, 0, strlen (item));
  convoke_test_gate_open (fixture->gate);
  message = get_message (fixture->port);
  assert_price (message, 6);
}

static void
test_many_components (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (TestFeed) own = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  g_autoptr (TestFeed) any = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  TestFeed *feeds[] = { fixture->feed, own, any };
  gboolean seen[3] = { FALSE, };
  gint32 ids[3];

  g_test_summary ("One port serves many components; get_message serves those of the thread's own context meanwhile");

  for (guint i = 0; i < 3; i++)
    ids[i] = request (fixture->port, feeds[i], "tea");
  for (guint n = 0; n < 3; n++)
    {
      g_autoptr (ConvokeReplyMessage) message = get_message (fixture->port);

      for (guint i = 0; i < 3; i++)
        if (convoke_reply_message_get_request_id (message) == ids[i])
          {
            g_assert_false (seen[i]);
            seen[i] = TRUE;
          }
      assert_price (message, 3);
    }
  g_assert_true (seen[0] && seen[1] && seen[2]);
}

static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  gint32 ids[100];

  g_test_summary ("TA-22: replies come in the order in which the requests ended");

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = request (fixture->port, fixture->feed, "tea");
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (ConvokeReplyMessage) message = get_message (fixture->port);

      g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, ids[i]);
    }
}

static void
test_deadline (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeReplyMessage) message = NULL;
  gint32 id = request_full (fixture->port, fixture->held, "tea", 1000, 0, &error);

  g_test_summary ("P-1: a request whose deadline passes has its reply, which says TIMEOUT");

  g_assert_no_error (error);
  message = get_message (fixture->port);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
  g_assert_error (convoke_reply_message_get_error (message), CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

static void
test_no_deadline (Fixture       *fixture,
                  gconstpointer  data)
{
  gint64 none[] = { 0, -1, G_MININT64, G_MAXINT64 };

  g_test_summary ("Time-outs of zero and below, and without end, are no deadline");

  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_autoptr (ConvokeReplyMessage) message = NULL;

      g_assert_cmpint (request_full (fixture->port, fixture->feed, "tea", none[i], 0, NULL), >, 0);
      message = get_message (fixture->port);
      assert_price (message, 3);
    }
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  gint32 id = request (fixture->port, fixture->held, "tea");
  g_autoptr (ConvokeReplyMessage) message = NULL;

  g_test_summary ("A request is cancelled by its id; it has its one reply all the same");

  g_assert_true (convoke_reply_port_cancel (fixture->port, id, 0, &error));
  g_assert_no_error (error);
  message = get_message (fixture->port);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
  g_assert_error (convoke_reply_message_get_error (message), CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  convoke_test_gate_open (fixture->gate);
  wait_until_idle (fixture->held);
  assert_nothing (fixture->port);
}

static void
test_cancel_unknown (Fixture       *fixture,
                     gconstpointer  data)
{
  gint32 ended = request (fixture->port, fixture->feed, "tea");
  gint32 reserved = convoke_reply_port_reserve_id (fixture->port, NULL);
  g_autoptr (ConvokeReplyMessage) message = get_message (fixture->port);
  gint32 bad[] = { 0, -1, G_MININT32, G_MAXINT32, ended, reserved };

  g_test_summary ("Ids that were never given, have had their reply, or have no request yet cannot be cancelled");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (convoke_reply_port_cancel (fixture->port, bad[i], 0, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
    }
}

/* --- ids --- */

static void
test_ids_wrap (Fixture       *fixture,
               gconstpointer  data)
{
  gint32 pending;
  g_autoptr (GError) error = NULL;

  g_test_summary ("TA-3: ids are 1 to 0x7FFFFFFF, and none is given again while its request is outstanding");

  pending = request (fixture->port, fixture->held, "tea");
  g_assert_cmpint (pending, ==, 1);
  g_assert_cmpint (convoke_reply_port_reserve_id (fixture->port, &error), ==, 2);
  convoke_reply_port_get_core (fixture->port)->ids.last = G_MAXINT32 - 1;
  g_assert_cmpint (request (fixture->port, fixture->feed, "tea"), ==, G_MAXINT32);
  g_assert_cmpint (request (fixture->port, fixture->feed, "tea"), ==, 3);
}

static void
test_reserved (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeReplyMessage) message = NULL;
  gint32 id = convoke_reply_port_reserve_id (fixture->port, &error);

  g_test_summary ("P-9: an id that was reserved is the request's, and is so again when the request could not be begun");

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  g_assert_cmpint (convoke_reply_port_request (fixture->port, G_OBJECT (fixture->feed), CONVOKE_TEST_TYPE_PRICE_FEED,
                                               "get_price", NULL, 0, 0, id, NULL), <, 0);
  g_assert_cmpint (request_full (fixture->port, fixture->feed, "tea", 0, id, &error), ==, id);
  g_assert_no_error (error);
  message = get_message (fixture->port);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
}

static void
test_bad_ids (Fixture       *fixture,
              gconstpointer  data)
{
  gint32 outstanding = request (fixture->port, fixture->held, "tea");
  gint32 bad[] = { -1, G_MININT32, 4711, G_MAXINT32 };
  g_autoptr (GError) pending = NULL;
  g_autoptr (GError) not_released = NULL;

  g_test_summary ("A request with an id that was not reserved, or is outstanding, is refused");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (request_full (fixture->port, fixture->feed, "tea", 0, bad[i], &error), ==, (gint32) 0x80000032u);
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
      g_clear_error (&error);
      g_assert_false (convoke_reply_port_release_id (fixture->port, bad[i], &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
    }

  g_assert_cmpint (request_full (fixture->port, fixture->feed, "tea", 0, outstanding, &pending), ==, (gint32) 0x80000001u);
  g_assert_error (pending, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_assert_false (convoke_reply_port_release_id (fixture->port, outstanding, &not_released));
  g_assert_error (not_released, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
}

static void
test_release (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  gint32 id = convoke_reply_port_reserve_id (fixture->port, NULL);

  g_test_summary ("An id that was reserved can be given back, once");

  g_assert_true (convoke_reply_port_release_id (fixture->port, id, &error));
  g_assert_no_error (error);
  g_assert_false (convoke_reply_port_release_id (fixture->port, id, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
}

/* --- get_message --- */

static void
test_fd (Fixture       *fixture,
         gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeReplyMessage) first = NULL;
  g_autoptr (ConvokeReplyMessage) second = NULL;
  int fd = convoke_reply_port_get_fd (fixture->port, &error);
  GPollFD poll_fd = { fd, G_IO_IN, 0 };

  g_test_summary ("TA-19: the descriptor is readable while a message is there");

  g_assert_no_error (error);
  g_assert_false (is_readable (fd));
  request (fixture->port, fixture->feed, "tea");
  request (fixture->port, fixture->feed, "tea");
  wait_until_idle (fixture->feed);
  g_assert_cmpint (g_poll (&poll_fd, 1, 30000), ==, 1);
  first = get_message (fixture->port);
  second = get_message (fixture->port);
  g_assert_false (is_readable (fd));
  g_assert_cmpint (convoke_reply_port_get_fd (fixture->port, NULL), ==, fd);
}

static void
test_get_timeout (Fixture       *fixture,
                  gconstpointer  data)
{
  gint64 timeouts[] = { 0, 1, 5000 };

  g_test_summary ("TA-20, P-1, X-24: no message in time is TIMEOUT, which is TAPI's OPERATIONFAILED; a poll is one, too");

  request (fixture->port, fixture->held, "tea");
  for (guint i = 0; i < G_N_ELEMENTS (timeouts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (convoke_reply_port_get_message (fixture->port, timeouts[i], &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
      g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_TAPI), ==, 0x80000048);
    }
}

static gpointer
get_until_shutdown (gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_reply_port_get_message (data, -1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_TAPI), ==, 0x80000014);

  return NULL;
}

static void
test_get_shutdown (Fixture       *fixture,
                   gconstpointer  data)
{
  GThread *threads[3];

  g_test_summary ("T-TA-9, TA-20: whoever waits for a message without limit learns of a shutdown at once, as INVALAPPHANDLE");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("get", get_until_shutdown, fixture->port);
  /* Any of them may be before, in or after its look: the answer is the same. */
  g_thread_yield ();
  g_assert_true (convoke_reply_port_shutdown (fixture->port, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* --- a main context --- */

typedef struct
{
  GMainContext     *context;
  ConvokeReplyPort *port;      /* (unowned) */
  GThread          *thread;
  GArray           *ids;       /* gint32 */
  gboolean          inside;    /* a request is under way on this thread */
  gboolean          shuts_down;
  gint              n_destroyed;
} Handled;

static void
handled_cb (ConvokeReplyMessage *message,
            gpointer             user_data)
{
  Handled *self = user_data;
  gint32 id = convoke_reply_message_get_request_id (message);

  g_assert_true (g_thread_self () == self->thread);
  g_assert_false (self->inside);
  g_array_append_val (self->ids, id);
  if (self->shuts_down)
    g_assert_true (convoke_reply_port_shutdown (self->port, NULL));
}

static void
handled_destroy_cb (gpointer user_data)
{
  ((Handled *) user_data)->n_destroyed++;
}

static void
handled_init (Handled *self)
{
  *self = (Handled) { .context = g_main_context_new (), .thread = g_thread_self () };
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint32));
  self->port = convoke_reply_port_new_for_context (KEY, self->context, handled_cb, self, handled_destroy_cb);
}

static void
handled_clear (Handled *self)
{
  g_clear_object (&self->port);
  g_assert_cmpint (self->n_destroyed, ==, 1);
  g_array_unref (self->ids);
  g_main_context_unref (self->context);
}

static void
iterate_until (Handled *self,
               guint    n)
{
  while (self->ids->len < n)
    g_main_context_iteration (self->context, TRUE);
}

static void
test_context (Fixture       *fixture,
              gconstpointer  data)
{
  Handled handled;
  gint32 ids[20];

  g_test_summary ("T-TA-7, TA-18, P-11: no message until the context is iterated; then all, on its thread, in order");

  handled_init (&handled);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = request (handled.port, fixture->feed, "tea");
  wait_until_idle (fixture->feed);
  g_assert_cmpuint (handled.ids->len, ==, 0);

  iterate_until (&handled, G_N_ELEMENTS (ids));
  g_assert_cmpmem (handled.ids->data, handled.ids->len * sizeof (gint32), ids, sizeof ids);
  g_assert_false (g_main_context_iteration (handled.context, FALSE));
  handled_clear (&handled);
}

/* Completes inside of the request function, as far as anybody can: on its own thread, before it has returned. */
static double
complete_at_once (TestFeed    *feed,
                  const char  *item,
                  gpointer     data,
                  GError     **error)
{
  g_autoptr (ConvokeServerCall) server_call = convoke_server_call_defer (G_OBJECT (feed), NULL);

  g_assert_true (convoke_server_call_complete (server_call, NULL, 2.5));
  count_add (data);
  return 0;
}

static void
test_not_inside (Fixture       *fixture,
                 gconstpointer  data)
{
  Count count = { 0, };
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, complete_at_once, &count);
  Handled handled;
  gint32 id;

  g_test_summary ("T-TA-5, TA-12: the caller on the loop's thread sees the id first, however early the provider completes");

  handled_init (&handled);
  handled.inside = TRUE;
  id = request (handled.port, feed, "tea");
  g_assert_true (count_wait (&count, 1));
  handled.inside = FALSE;
  iterate_until (&handled, 1);
  g_assert_cmpint (g_array_index (handled.ids, gint32, 0), ==, id);
  handled_clear (&handled);
}

static void
test_shutdown_inside (Fixture       *fixture,
                      gconstpointer  data)
{
  Handled handled;

  g_test_summary ("TA-24, TA-27: a handler may shut its port down; the messages behind it do not come");

  handled_init (&handled);
  handled.shuts_down = TRUE;
  for (guint i = 0; i < 5; i++)
    request (handled.port, fixture->feed, "tea");
  wait_until_idle (fixture->feed);
  iterate_until (&handled, 1);
  while (g_main_context_iteration (handled.context, FALSE))
    ;
  g_assert_cmpuint (handled.ids->len, ==, 1);
  handled_clear (&handled);
}

static void
test_other_way (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ConvokeReplyQueue) queue = convoke_reply_queue_new ();
  g_autoptr (ConvokeReplyPort) with_queue = convoke_reply_port_new_for_queue (0, queue);
  Handled handled;
  ConvokeReplyPort *ports[2];

  g_test_summary ("TA-17: a port has one way only: where messages are delivered otherwise, there is none to get");

  handled_init (&handled);
  ports[0] = handled.port;
  ports[1] = with_queue;
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) fd_error = NULL;

      g_assert_null (convoke_reply_port_get_message (ports[i], 0, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
      g_assert_cmpint (convoke_reply_port_get_fd (ports[i], &fd_error), ==, -1);
      g_assert_error (fd_error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
    }
  handled_clear (&handled);
}

/* --- shutdown --- */

static void
test_shutdown (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  g_test_summary ("TA-26, TA-27, P-4: after a shutdown nothing comes and nothing works; another says INVALAPPHANDLE");

  request (fixture->port, fixture->feed, "tea");
  request (fixture->port, fixture->held, "tea");
  wait_until_idle (fixture->feed);
  g_assert_true (convoke_reply_port_shutdown (fixture->port, &error));
  g_assert_no_error (error);
  g_assert_false (convoke_reply_port_shutdown (fixture->port, &again));
  g_assert_error (again, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  g_assert_cmpuint (convoke_error_to_status (again, CONVOKE_ERROR_FAMILY_TAPI), ==, 0x80000014);

  convoke_test_gate_open (fixture->gate);
  wait_until_idle (fixture->held);
  g_assert_null (convoke_reply_port_get_message (fixture->port, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
}

static void
test_use_after_shutdown (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = test_call_new (fixture->feed);
  GObject *object = G_OBJECT (fixture->feed);
  ConvokeReplyPort *port = fixture->port;
  gint32 id = convoke_reply_port_reserve_id (port, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("TA-26: whatever is asked of a port that is shut down, the answer is SHUTDOWN");

  g_assert_true (convoke_reply_port_shutdown (port, NULL));
  g_assert_cmpint (request_full (port, object, "tea", 0, 0, &error), ==, (gint32) 0x80000014u);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  g_clear_error (&error);
  g_assert_cmpint (convoke_reply_port_reserve_id (port, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  g_clear_error (&error);
  g_assert_false (convoke_reply_port_release_id (port, id, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  g_clear_error (&error);
  g_assert_false (convoke_reply_port_cancel (port, id, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  g_clear_error (&error);
  g_assert_false (convoke_reply_port_attach (port, call, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  g_clear_error (&error);
  g_assert_false (convoke_reply_port_open (port, object, NULL, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  g_clear_error (&error);
  g_assert_false (convoke_reply_port_close (port, object, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
}

typedef struct
{
  ConvokeServerCall *server_call;
  Count              deferred;
} Deferred;

static double
defer_price (TestFeed    *feed,
             const char  *item,
             gpointer     data,
             GError     **error)
{
  Deferred *self = data;

  self->server_call = convoke_server_call_defer (G_OBJECT (feed), error);
  count_add (&self->deferred);
  return 0;
}

static void
test_shutdown_cancels (Fixture       *fixture,
                       gconstpointer  data)
{
  Deferred deferred = { NULL, };
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, defer_price, &deferred);
  g_autoptr (GError) error = NULL;

  g_test_summary ("TA-27: a shutdown cancels what is outstanding: its implementation is told");

  request (fixture->port, feed, "tea");
  g_assert_true (count_wait (&deferred.deferred, 1));
  g_assert_true (convoke_reply_port_shutdown (fixture->port, NULL));
  convoke_server_call_test_cancel (deferred.server_call, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_object_unref (deferred.server_call);
}

static void
test_drop (Fixture       *fixture,
           gconstpointer  data)
{
  Deferred deferred = { NULL, };
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, defer_price, &deferred);
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-6: dropping a port cancels nothing: what is outstanding runs to its end, and nobody learns of it");

  request (fixture->port, feed, "tea");
  g_assert_true (count_wait (&deferred.deferred, 1));
  g_clear_object (&fixture->port);
  convoke_server_call_test_cancel (deferred.server_call, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_assert_true (convoke_server_call_complete (deferred.server_call, NULL, 1.0));
  g_object_unref (deferred.server_call);
}

/* --- call objects of the program's own --- */

static void
test_attach (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = test_call_new (fixture->feed);
  g_autoptr (GError) error = NULL;
  gint32 last = 0;

  g_test_summary ("An attached call object is a request of the port with each begin; its owner finishes it");

  g_assert_true (convoke_reply_port_attach (fixture->port, call, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (ConvokeReplyMessage) message = NULL;
      g_autoptr (ConvokeCall) told = NULL;
      double price = 0;
      guint n_values;

      g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
      message = get_message (fixture->port);
      g_assert_cmpint (convoke_reply_message_get_request_id (message), >, last);
      last = convoke_reply_message_get_request_id (message);
      told = convoke_reply_message_dup_call (message);
      g_assert_true (told == call);
      g_assert_null (convoke_reply_message_dup_values (message, &n_values));
      g_assert_true (convoke_call_finish (call, "get_price", &error, &price));
      g_assert_cmpfloat (price, ==, 3);
    }
  assert_nothing (fixture->port);
}

static void
test_attach_id (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = test_call_new (fixture->held);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  gint32 id;

  g_test_summary ("P-9: the id of an attached call can be asked for, also once it was told, and cancelled by");

  g_assert_true (convoke_reply_port_attach (fixture->port, call, NULL));
  g_assert_cmpint (convoke_reply_port_get_attached_id (fixture->port, call), ==, 0);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  id = convoke_reply_port_get_attached_id (fixture->port, call);
  g_assert_cmpint (id, >, 0);
  g_assert_true (convoke_reply_port_cancel (fixture->port, id, 0, NULL));
  message = get_message (fixture->port);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
  g_assert_error (convoke_reply_message_get_error (message), CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpint (convoke_reply_port_get_attached_id (fixture->port, call), ==, id);
}

static void
test_attach_failed_begin (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = test_call_new (fixture->feed);

  g_test_summary ("P-4: a begin that fails has no reply, attached or not");

  g_assert_true (convoke_reply_port_attach (fixture->port, call, NULL));
  g_assert_false (convoke_call_begin_values (call, "get_price", NULL, 0, NULL));
  g_assert_cmpint (convoke_reply_port_get_attached_id (fixture->port, call), ==, 0);
  assert_nothing (fixture->port);
}

static void
test_attach_pending (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = test_call_new (fixture->held);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A call object is not attached in the middle of a call");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_false (convoke_reply_port_attach (fixture->port, call, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
}

static void
test_bad_timeout (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A time-out below -1 is no time to wait");

  g_assert_null (convoke_reply_port_get_message (fixture->port, G_MININT64, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_attach_twice (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (ConvokeReplyPort) other = convoke_reply_port_new (0);
  g_autoptr (ConvokeCall) call = test_call_new (fixture->held);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A call object is attached to a port once, since one call has one id there; to several ports it can be");

  g_assert_true (convoke_reply_port_attach (fixture->port, call, NULL));
  g_assert_true (convoke_reply_port_attach (other, call, NULL));
  g_assert_false (convoke_reply_port_attach (fixture->port, call, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED);
}

static void
test_attach_shutdown (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (ConvokeCall) call = test_call_new (fixture->held);

  g_test_summary ("A shutdown leaves attached calls to their owner, also those that are begun after it");

  g_assert_true (convoke_reply_port_attach (fixture->port, call, NULL));
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_true (convoke_reply_port_shutdown (fixture->port, NULL));
  convoke_test_gate_open (fixture->gate);
  for (guint i = 0; i < 2; i++)
    {
      double price = 0;

      g_assert_true (convoke_call_wait (call, LONG, NULL));
      g_assert_true (convoke_call_finish (call, "get_price", NULL, &price));
      g_assert_cmpfloat (price, ==, 3);
      g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
    }
}

static void
test_attach_dropped (Fixture       *fixture,
                     gconstpointer  data)
{
  ConvokeCall *call = test_call_new (fixture->held);
  g_autoptr (ConvokeReplyMessage) message = NULL;

  g_test_summary ("P-4: an attached call whose owner dropped it has its reply all the same");

  g_assert_true (convoke_reply_port_attach (fixture->port, call, NULL));
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_object_unref (call);
  convoke_test_gate_open (fixture->gate);
  message = get_message (fixture->port);
  g_assert_no_error (convoke_reply_message_get_error (message));
}

/* --- a queue of the program's own --- */

#define N_TAKERS 4
#define N_TAKEN  2000

typedef struct
{
  ConvokeReplyQueue *queue;
  guint8            *seen;   /* atomic increments by id */
  gint              *n;      /* atomic */
} Taker;

static gpointer
take_all (gpointer data)
{
  Taker *self = data;
  g_autoptr (GError) error = NULL;
  ConvokeReplyMessage *message;

  while ((message = convoke_reply_queue_take (self->queue, -1, &error)) != NULL)
    {
      guint key = convoke_reply_message_get_key (message);
      gint32 id = convoke_reply_message_get_request_id (message);

      g_assert_cmpuint (key, <, 2);
      g_assert_cmpint (__atomic_add_fetch (&self->seen[key * N_TAKEN + id - 1], 1, __ATOMIC_SEQ_CST), ==, 1);
      convoke_reply_message_unref (message);
      g_atomic_int_inc (self->n);
    }
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);

  return NULL;
}

static void
test_queue (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ConvokeReplyQueue) queue = convoke_reply_queue_new ();
  g_autofree guint8 *seen = g_new0 (guint8, 2 * N_TAKEN);
  gint n = 0;
  Taker taker = { queue, seen, &n };
  GThread *threads[N_TAKERS];
  ConvokeReplyPort *ports[2];
  gint64 end = g_get_monotonic_time () + LONG;

  g_test_summary ("T-TA-11, TA-21: many threads take from a queue that ports share: each message once, with its port's key");

  for (guint i = 0; i < N_TAKERS; i++)
    threads[i] = g_thread_new ("take", take_all, &taker);
  for (guint i = 0; i < 2; i++)
    ports[i] = convoke_reply_port_new_for_queue (i, queue);
  for (guint i = 0; i < 2 * N_TAKEN; i++)
    request (ports[i % 2], fixture->feed, "tea");
  while (g_atomic_int_get (&n) < 2 * N_TAKEN && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpint (g_atomic_int_get (&n), ==, 2 * N_TAKEN);

  g_assert_true (convoke_reply_queue_close (queue, NULL));
  for (guint i = 0; i < N_TAKERS; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < 2; i++)
    g_object_unref (ports[i]);
}

static void
test_queue_shutdown (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (ConvokeReplyQueue) queue = convoke_reply_queue_new ();
  g_autoptr (ConvokeReplyPort) ended = convoke_reply_port_new_for_queue (1, queue);
  g_autoptr (ConvokeReplyPort) other = convoke_reply_port_new_for_queue (2, queue);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("TA-27: a port that is shut down takes its messages out of a queue that it shares, and no others");

  request (ended, fixture->feed, "tea");
  request (other, fixture->feed, "tea");
  request (ended, fixture->feed, "tea");
  wait_until_idle (fixture->feed);
  g_assert_true (convoke_reply_port_shutdown (ended, NULL));
  message = convoke_reply_queue_take (queue, LONG, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (convoke_reply_message_get_key (message), ==, 2);
  g_assert_null (convoke_reply_queue_take (queue, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

static void
test_queue_close (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ConvokeReplyQueue) queue = convoke_reply_queue_new ();
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new_for_queue (1, queue);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  g_test_summary ("TA-21: a closed queue gives nothing and takes nothing, and is closed once");

  request (port, fixture->feed, "tea");
  wait_until_idle (fixture->feed);
  g_assert_true (convoke_reply_queue_close (queue, NULL));
  request (port, fixture->feed, "tea");
  wait_until_idle (fixture->feed);
  g_assert_null (convoke_reply_queue_take (queue, -1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  g_assert_false (convoke_reply_queue_close (queue, &again));
  g_assert_error (again, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
}

/* --- what comes of its own accord --- */

static void
assert_event (ConvokeReplyMessage *message,
              gpointer             object,
              const char          *item,
              double               price)
{
  g_autoptr (GObject) source = convoke_reply_message_dup_object (message);
  GValue *values;
  guint n_values;

  g_assert_cmpint (convoke_reply_message_get_kind (message), ==, CONVOKE_REPLY_KIND_EVENT);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, 0);
  g_assert_cmpint (convoke_reply_message_get_status (message), ==, 0);
  g_assert_cmpstr (convoke_reply_message_get_signal (message), ==, "price-changed");
  g_assert_true (source == object);
  values = convoke_reply_message_dup_values (message, &n_values);
  g_assert_cmpuint (n_values, ==, 2);
  g_assert_cmpstr (g_value_get_string (&values[0]), ==, item);
  g_assert_cmpfloat (g_value_get_double (&values[1]), ==, price);
  for (guint i = 0; i < n_values; i++)
    g_value_unset (&values[i]);
  g_free (values);
}

static void
test_event (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ConvokeReplyMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("TA-23, TA-32: a signal of an open object is a message without an id, with the key of the opening");

  g_assert_true (convoke_reply_port_open (fixture->port, G_OBJECT (fixture->feed), NULL, 5, &error));
  g_assert_no_error (error);
  g_signal_emit_by_name (fixture->feed, "price-changed", "tea", 1.5);
  message = get_message (fixture->port);
  assert_event (message, fixture->feed, "tea", 1.5);
  g_assert_cmpuint (convoke_reply_message_get_key (message), ==, 5);
  assert_nothing (fixture->port);
}

static double
emit_and_answer (TestFeed    *feed,
                 const char  *item,
                 gpointer     data,
                 GError     **error)
{
  g_signal_emit_by_name (feed, "price-changed", item, 2.0);
  return 2;
}

static void
test_event_order (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, emit_and_answer, NULL);

  g_test_summary ("TA-22, TA-32: replies and events come on one channel, in the order in which they happened");

  g_assert_true (convoke_reply_port_open (fixture->port, G_OBJECT (feed), NULL, 0, NULL));
  for (guint i = 0; i < 20; i++)
    {
      gint32 id = request (fixture->port, feed, "tea");
      g_autoptr (ConvokeReplyMessage) event = get_message (fixture->port);
      g_autoptr (ConvokeReplyMessage) reply = get_message (fixture->port);

      assert_event (event, feed, "tea", 2);
      g_assert_cmpint (convoke_reply_message_get_request_id (reply), ==, id);
    }
}

static void
test_every_port (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (ConvokeReplyPort) second = convoke_reply_port_new (0);
  g_autoptr (ConvokeReplyMessage) first_message = NULL;
  g_autoptr (ConvokeReplyMessage) second_message = NULL;

  g_test_summary ("One emission reaches every port that has the object open");

  g_assert_true (convoke_reply_port_open (fixture->port, G_OBJECT (fixture->feed), NULL, 0, NULL));
  g_assert_true (convoke_reply_port_open (second, G_OBJECT (fixture->feed), NULL, 0, NULL));
  g_signal_emit_by_name (fixture->feed, "price-changed", "tea", 1.5);
  first_message = get_message (fixture->port);
  second_message = get_message (second);
  assert_event (first_message, fixture->feed, "tea", 1.5);
  assert_event (second_message, fixture->feed, "tea", 1.5);
}

static void
test_filter (Fixture       *fixture,
             gconstpointer  data)
{
  static const char * const nothing[] = { NULL };
  static const char * const prices[] = { "price-changed", NULL };
  g_autoptr (ConvokeReplyMessage) reply = NULL;
  g_autoptr (ConvokeReplyMessage) event = NULL;
  GObject *object = G_OBJECT (fixture->feed);

  g_test_summary ("TA-7: filters choose among events and never touch replies; they can be changed");

  g_assert_true (convoke_reply_port_open (fixture->port, object, nothing, 0, NULL));
  g_signal_emit_by_name (object, "price-changed", "tea", 1.5);
  request (fixture->port, object, "tea");
  reply = get_message (fixture->port);
  g_assert_cmpint (convoke_reply_message_get_kind (reply), ==, CONVOKE_REPLY_KIND_REPLY);
  g_assert_true (convoke_reply_port_set_filter (fixture->port, object, prices, NULL));
  g_signal_emit_by_name (object, "price-changed", "tea", 1.5);
  event = get_message (fixture->port);
  assert_event (event, object, "tea", 1.5);
  g_assert_true (convoke_reply_port_set_filter (fixture->port, object, nothing, NULL));
  g_signal_emit_by_name (object, "price-changed", "tea", 1.5);
  assert_nothing (fixture->port);
}

static void
test_notify (Fixture       *fixture,
             gconstpointer  data)
{
  static const char * const currency[] = { "notify::currency", NULL };
  g_autoptr (ConvokeReplyMessage) message = NULL;

  g_test_summary ("A property's change is an event where it is asked for by name");

  g_assert_true (convoke_reply_port_open (fixture->port, G_OBJECT (fixture->feed), currency, 0, NULL));
  g_object_notify (G_OBJECT (fixture->feed), "currency");
  message = get_message (fixture->port);
  g_assert_cmpstr (convoke_reply_message_get_signal (message), ==, "notify::currency");
}

static void
test_bad_filter (Fixture       *fixture,
                 gconstpointer  data)
{
  static const char * const prices[] = { "price-changed", NULL };
  static const char * const bad[] = { "price-changed", "no-such-signal", NULL };
  static const char * const empty[] = { "", NULL };
  static const char * const odd[] = { "price-changed::tea", NULL };
  GObject *object = G_OBJECT (fixture->feed);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Signals that the object does not have are refused, and what was open stays as it was");

  g_assert_false (convoke_reply_port_open (fixture->port, object, bad, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (convoke_reply_port_open (fixture->port, object, empty, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (convoke_reply_port_open (fixture->port, object, odd, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_true (convoke_reply_port_open (fixture->port, object, prices, 0, &error));
  g_assert_false (convoke_reply_port_set_filter (fixture->port, object, bad, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_signal_emit_by_name (object, "price-changed", "tea", 1.5);
  message = get_message (fixture->port);
  assert_event (message, object, "tea", 1.5);
}

static void
test_open_twice (Fixture       *fixture,
                 gconstpointer  data)
{
  GObject *object = G_OBJECT (fixture->feed);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) not_open = NULL;
  g_autoptr (GError) no_filter = NULL;

  g_test_summary ("An object is open once, closed once, and has no filter when it is not open");

  g_assert_true (convoke_reply_port_open (fixture->port, object, NULL, 0, NULL));
  g_assert_false (convoke_reply_port_open (fixture->port, object, NULL, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED);
  g_assert_true (convoke_reply_port_close (fixture->port, object, NULL));
  g_assert_false (convoke_reply_port_close (fixture->port, object, &not_open));
  g_assert_error (not_open, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  g_assert_false (convoke_reply_port_set_filter (fixture->port, object, NULL, &no_filter));
  g_assert_error (no_filter, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  g_assert_true (convoke_reply_port_open (fixture->port, object, NULL, 0, NULL));
}

static void
test_close (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ConvokeReplyPort) other = convoke_reply_port_new (0);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  gint32 id;

  g_test_summary ("T-TA-13, TA-28: closing suppresses what is outstanding and what is queued of that object in that port; "
                  "other ports and objects are unaffected, and the call goes on to its end");

  g_assert_true (convoke_reply_port_open (fixture->port, G_OBJECT (fixture->held), NULL, 0, NULL));
  g_signal_emit_by_name (fixture->held, "price-changed", "tea", 1.5);
  request (fixture->port, fixture->held, "tea");
  id = request (other, fixture->held, "tea");
  g_assert_true (convoke_reply_port_close (fixture->port, G_OBJECT (fixture->held), NULL));
  convoke_test_gate_open (fixture->gate);

  message = get_message (other);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
  assert_price (message, 3);
  assert_nothing (fixture->port);

  id = request (fixture->port, fixture->feed, "tea");
  g_clear_pointer (&message, convoke_reply_message_unref);
  message = get_message (fixture->port);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
}

static void
test_keeps (Fixture       *fixture,
            gconstpointer  data)
{
  guint n_live = test_feed_count_live ();
  TestFeed *feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);

  g_test_summary ("A port keeps what is open, and lets go of it when it is closed or the port is shut down");

  g_assert_true (convoke_reply_port_open (fixture->port, G_OBJECT (feed), NULL, 0, NULL));
  g_signal_emit_by_name (feed, "price-changed", "tea", 1.5);
  g_object_unref (feed);
  g_assert_cmpuint (test_feed_count_live (), ==, n_live + 1);
  g_assert_true (convoke_reply_port_shutdown (fixture->port, NULL));
  g_assert_cmpuint (test_feed_count_live (), ==, n_live);
}

static void
test_fork (Fixture       *fixture,
           gconstpointer  data)
{
  pid_t pid;
  int status;

  g_test_summary ("After fork() a port and its queue say FORKED");

  request (fixture->port, fixture->held, "tea");
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      g_autoptr (GError) error = NULL;
      gboolean told;

      told = convoke_reply_port_get_message (fixture->port, -1, &error) == NULL &&
             g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);
      g_clear_error (&error);
      told = told && request_full (fixture->port, fixture->feed, "tea", 0, 0, &error) < 0 &&
             g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);
      g_clear_error (&error);
      told = told && !convoke_reply_port_shutdown (fixture->port, &error) &&
             g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);
      test_child_end (told);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
}

#define ADD(name, func) g_test_add ("/callfactory/reply-port/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("reply", test_reply);
  ADD ("method-error", test_method_error);
  ADD ("refused", test_refused);
  ADD ("copied", test_copied);
  ADD ("many-components", test_many_components);
  ADD ("order", test_order);
  ADD ("deadline", test_deadline);
  ADD ("no-deadline", test_no_deadline);
  ADD ("cancel", test_cancel);
  ADD ("cancel-unknown", test_cancel_unknown);
  ADD ("ids-wrap", test_ids_wrap);
  ADD ("reserved", test_reserved);
  ADD ("bad-ids", test_bad_ids);
  ADD ("release", test_release);
  ADD ("fd", test_fd);
  ADD ("get-timeout", test_get_timeout);
  ADD ("get-shutdown", test_get_shutdown);
  ADD ("context", test_context);
  ADD ("not-inside", test_not_inside);
  ADD ("shutdown-inside", test_shutdown_inside);
  ADD ("other-way", test_other_way);
  ADD ("shutdown", test_shutdown);
  ADD ("use-after-shutdown", test_use_after_shutdown);
  ADD ("shutdown-cancels", test_shutdown_cancels);
  ADD ("drop", test_drop);
  ADD ("attach", test_attach);
  ADD ("attach-id", test_attach_id);
  ADD ("attach-failed-begin", test_attach_failed_begin);
  ADD ("attach-pending", test_attach_pending);
  ADD ("bad-timeout", test_bad_timeout);
  ADD ("attach-twice", test_attach_twice);
  ADD ("attach-shutdown", test_attach_shutdown);
  ADD ("attach-dropped", test_attach_dropped);
  ADD ("queue", test_queue);
  ADD ("queue-shutdown", test_queue_shutdown);
  ADD ("queue-close", test_queue_close);
  ADD ("event", test_event);
  ADD ("event-order", test_event_order);
  ADD ("every-port", test_every_port);
  ADD ("filter", test_filter);
  ADD ("notify", test_notify);
  ADD ("bad-filter", test_bad_filter);
  ADD ("open-twice", test_open_twice);
  ADD ("close", test_close);
  ADD ("keeps", test_keeps);
  ADD ("fork", test_fork);

  return g_test_run ();
}
