/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a peer can say over its socket.
 *
 * The first byte chooses what there is on this side when it begins to speak:
 *
 *   1  an object of this side that was handed out, as number 1
 *   2  the proxy of an object of the peer, number 1; three calls that were
 *      begun, and a thread that waits for a request and then for a call
 *   4  the object lives in a serial apartment
 *   8  the object lives in a main context, which reads
 *
 * The rest is as in channel-input.h. Then the peer is gone, and everything
 * must be over: the channel, the calls, each once, and all objects.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <convoke-test.h>

#include "channel-input.h"
#include "convoke-call.h"
#include "convoke-channel-inside-private.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"
#include "convoke-proxy-private.h"
#include "convoke-remote-property-private.h"
#include "fuzz.h"

enum
{
  EXPORTED = 1 << 0,
  IMPORTED = 1 << 1,
  SERIAL   = 1 << 2,
  CONTEXT  = 1 << 3,
};

#define N_CALLS 3
#define THEIR_OBJECT 1
#define BOUND (20 * G_USEC_PER_SEC)

const guint fuzz_n_changes = 30;

/* How the peer describes its object. */
static guint8 *type_body;
static gsize type_length;
static guint32 type_id;

typedef struct
{
  ConvokeChannel    *channel;
  ConvokeTestServer *server;
  GObject           *proxy;
  ConvokeCall       *calls[N_CALLS];
  GThread           *waiter;
  int                fd;         /* the peer's */
  gint               n_ended;    /* atomic */
  gint               n_results;  /* atomic; calls that have ended */
} Victim;

#define CHECK(expression) \
  G_STMT_START { if (!(expression)) broken (__LINE__, #expression); } G_STMT_END

G_NORETURN static void
broken (int         line,
        const char *expression)
{
  fprintf (stderr, "fuzz-channel.c:%d: not true: %s\n", line, expression);
  abort ();
}

/* --- the objects --- */

/* What a component must refuse itself. */
static void
make_few_ints (ConvokeTestEvery  *every,
               guint              n,
               int              **values,
               gsize             *n_values)
{
  *n_values = MIN (n, 100);
  *values = g_new0 (int, MAX (*n_values, 1));
}

static GPtrArray *
list_few_feeds (ConvokeTestEvery *every,
                guint             n)
{
  GPtrArray *feeds = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < MIN (n, 10); i++)
    g_ptr_array_add (feeds, convoke_test_server_new ());
  return feeds;
}

static gboolean
divide_by_few (ConvokeTestEvery  *every,
               int                dividend,
               int                divisor,
               int               *quotient,
               int               *remainder,
               GError           **error)
{
  *quotient = dividend & 0xff;
  *remainder = divisor & 0xff;
  if (divisor != 0)
    return TRUE;

  g_set_error_literal (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM, "There is no such number");
  return FALSE;
}

static gboolean
fail_in_one_way (ConvokeTestEvery  *every,
                 const char        *domain,
                 int                code,
                 const char        *message,
                 GError           **error)
{
  g_set_error_literal (error, CONVOKE_TEST_ERROR, code, message);
  return FALSE;
}

static void
prepare_class (void)
{
  GTypeClass *klass = g_type_class_ref (CONVOKE_TEST_TYPE_SERVER);
  ConvokeTestEveryInterface *iface = g_type_interface_peek (klass, CONVOKE_TEST_TYPE_EVERY);

  iface->make_ints = make_few_ints;
  iface->list_feeds = list_few_feeds;
  iface->divide = divide_by_few;
  iface->fail = fail_in_one_way;
}

static ConvokeTestServer *
make_server (guint8 scenario)
{
  ConvokeTestServer *server = convoke_test_server_new ();
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (ConvokeApartment) apartment = NULL;

  convoke_test_gate_open (gate);
  convoke_test_server_set_gate (server, gate);
  if (scenario & CONTEXT)
    apartment = convoke_apartment_new_for_context (NULL);
  else
    apartment = scenario & SERIAL ? convoke_apartment_new_serial () : convoke_apartment_dup_any ();
  CHECK (convoke_apartment_bind (apartment, G_OBJECT (server), NULL));

  return server;
}

/* --- this side --- */

static void
ended_cb (ConvokeChannel *channel,
          const GError   *why,
          gpointer        data)
{
  Victim *self = data;

  CHECK (why != NULL && why->domain == CONVOKE_ERROR);
  g_atomic_int_inc (&self->n_ended);
}

static void
open_channel (Victim *self)
{
  ConvokeChannelOptions options = { .peer_name = "a stranger", .ended = ended_cb, .ended_data = self };
  struct timeval bound = { BOUND / G_USEC_PER_SEC, 0 };
  int fds[2];

  CHECK (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
  self->fd = fds[1];
  CHECK (setsockopt (self->fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound) == 0);
  self->channel = convoke_channel_new (fds[0], &options, NULL);
  CHECK (self->channel != NULL);
}

static void
hand_out (Victim *self,
          guint8  scenario)
{
  guint32 told;

  self->server = make_server (scenario);
  if (scenario & CONTEXT)
    convoke_channel_read_in_context (self->channel, NULL);
  CHECK (convoke_object_table_export (convoke_channel_get_objects (self->channel), G_OBJECT (self->server),
                                      G_TYPE_INVALID, &told, NULL) == 1);
}

static void
import (Victim *self)
{
  static const ConvokeTypeInfo any = { .kind = CONVOKE_TYPE_KIND_OBJECT, .type_name = (char *) "GObject", .name = (char *) "GObject.Object" };
  ConvokeObjectTable *objects = convoke_channel_get_objects (self->channel);
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  ConvokeWireReader reader;
  ConvokeWireWriter writer;

  convoke_wire_reader_init (&reader, type_body, type_length, NULL, 0);
  CHECK (convoke_object_table_read_type (objects, &reader, NULL));

  convoke_wire_writer_init (&writer);
  convoke_wire_put_u8 (&writer, 1);
  convoke_wire_put_u64 (&writer, THEIR_OBJECT);
  convoke_wire_put_u32 (&writer, type_id);
  convoke_wire_reader_init (&reader, writer.data, writer.length, NULL, 0);
  convoke_parcel_init (&parcel, objects, NULL);
  self->proxy = parcel.refs.read_object (parcel.refs.data, &reader, &any, NULL);
  CHECK (self->proxy != NULL);
  convoke_wire_writer_clear (&writer);
}

/* --- who listens --- */

static void
ticked_cb (GObject    *object,
           int         n,
           const char *text)
{
}

static void
price_changed_cb (GObject    *object,
                  const char *item,
                  double      price)
{
}

static gboolean
may_go_cb (GObject *object,
           GFile   *where)
{
  return where != NULL;
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec)
{
}

static void
listen_to (GObject *proxy)
{
  g_signal_connect (proxy, "ticked", G_CALLBACK (ticked_cb), NULL);
  g_signal_connect (proxy, "price-changed", G_CALLBACK (price_changed_cb), NULL);
  g_signal_connect (proxy, "may-go", G_CALLBACK (may_go_cb), NULL);
  g_signal_connect (proxy, "notify", G_CALLBACK (notify_cb), NULL);
}

/* --- who waits --- */

static void
call_cb (ConvokeCall       *call,
         ConvokeCallNotice  notice,
         gpointer           data)
{
  if (notice == CONVOKE_CALL_NOTICE_COMPLETED)
    g_atomic_int_inc ((gint *) data);
}

static ConvokeCall *
begin_call (Victim     *self,
            GType       iface,
            const char *method)
{
  ConvokeCall *call = convoke_create_call (self->proxy, iface, NULL);

  CHECK (call != NULL);
  convoke_call_set_callback (call, NULL, call_cb, &self->n_results, NULL);
  CHECK (strcmp (method, "get_price") == 0 ? convoke_call_begin (call, method, NULL, "tea") : convoke_call_begin (call, method, NULL));
  return call;
}

static void
finish_calls (Victim *self)
{
  g_autoptr (GObject) feed = NULL;
  GError *errors[N_CALLS] = { NULL, };
  double price = 0;
  GList *names = NULL;

  convoke_call_finish (self->calls[0], "get_price", &errors[0], &price);
  convoke_call_finish (self->calls[1], "list_names", &errors[1], &names);
  convoke_call_finish (self->calls[2], "get_feed", &errors[2], &feed);
  /* What a call object gives belongs to the caller whole. */
  g_list_free_full (names, g_free);
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_clear_error (&errors[i]);
      g_clear_object (&self->calls[i]);
    }
}

static gpointer
wait_in_thread (gpointer data)
{
  Victim *self = data;
  GError *errors[2] = { NULL, };
  g_auto (GValue) value = G_VALUE_INIT;
  gpointer iface = g_type_default_interface_peek (CONVOKE_TEST_TYPE_EVERY);
  GParamSpec *pspec = g_object_interface_find_property (iface, "feed");

  g_value_init (&value, CONVOKE_TEST_TYPE_PRICE_FEED);
  convoke_remote_property_read (CONVOKE_IMPORT (((ConvokeProxy *) convoke_proxy_get_identity (convoke_proxy_from_object (self->proxy)))->target),
                                pspec, &value, &errors[0]);
  convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (self->proxy), "coffee", &errors[1]);
  g_clear_error (&errors[0]);
  g_clear_error (&errors[1]);
  return NULL;
}

static void
begin_waiting (Victim *self)
{
  self->calls[0] = begin_call (self, CONVOKE_TEST_TYPE_PRICE_FEED, "get_price");
  self->calls[1] = begin_call (self, CONVOKE_TEST_TYPE_EVERY, "list_names");
  self->calls[2] = begin_call (self, CONVOKE_TEST_TYPE_EVERY, "get_feed");
  self->waiter = g_thread_new ("waiter", wait_in_thread, self);
  /* So that the peer knows its number. */
  while (convoke_channel_get_n_calls (self->channel) < N_CALLS + 1)
    g_thread_yield ();
}

/* --- the end --- */

static gboolean
is_over (Victim *self)
{
  return g_atomic_int_get (&self->n_ended) > 0 &&
         (self->waiter == NULL || g_atomic_int_get (&self->n_results) >= N_CALLS) &&
         convoke_channel_get_n_calls (self->channel) == 0;
}

/* Nobody has anything of this channel any more. */
static gboolean
is_free (Victim *self)
{
  return convoke_test_server_count_live () == 0 && g_atomic_int_get (&self->channel->ref_count) == 1;
}

static void
await (Victim     *self,
       gboolean  (*is_so) (Victim *self))
{
  gint64 until = g_get_monotonic_time () + BOUND;

  while (!is_so (self))
    {
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (20);
      CHECK (g_get_monotonic_time () < until);
    }
}

static gpointer
listen_in_thread (gpointer data)
{
  Victim *self = data;

  CHECK (channel_input_listen (self->fd));
  return NULL;
}

static void
end (Victim *self)
{
  GThread *listener = g_thread_new ("listener", listen_in_thread, self);

  await (self, is_over);
  g_thread_join (listener);
  close (self->fd);
  if (self->waiter != NULL)
    {
      g_thread_join (self->waiter);
      finish_calls (self);
    }
  g_clear_object (&self->proxy);
  g_clear_object (&self->server);
  await (self, is_free);
  CHECK (self->n_ended == 1);
  CHECK (self->n_results == (self->waiter != NULL ? N_CALLS : 0));
  convoke_channel_unref (self->channel);
}

/* --- the peer's description --- */

static void
take_type (int fd)
{
  ConvokeMessageHeader header;
  guint8 bytes[CONVOKE_MESSAGE_HEADER_SIZE];

  do
    {
      g_free (type_body);
      CHECK (recv (fd, bytes, sizeof bytes, MSG_WAITALL) == sizeof bytes);
      CHECK (convoke_wire_parse_header (bytes, sizeof bytes, &header, NULL));
      type_length = header.length - sizeof bytes;
      type_body = g_malloc (type_length);
      CHECK (recv (fd, type_body, type_length, MSG_WAITALL) == (gssize) type_length);
    }
  while (header.kind != CONVOKE_MESSAGE_TYPE);
  memcpy (&type_id, type_body, sizeof type_id);
  type_id = GUINT32_FROM_LE (type_id);
}

static void
prepare_type (void)
{
  Victim victim = { NULL, };

  open_channel (&victim);
  hand_out (&victim, EXPORTED);
  take_type (victim.fd);
  shutdown (victim.fd, SHUT_WR);
  end (&victim);
}

static void
prepare (void)
{
  /* What GLib only complains of is a finding. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  CHECK (convoke_require ("ConvokeTest", "1", NULL));
  prepare_class ();
  prepare_type ();
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static gboolean prepared;
  Victim victim = { NULL, };

  if (!prepared)
    {
      prepare ();
      prepared = TRUE;
    }
  if (size == 0)
    return 0;

  open_channel (&victim);
  if (data[0] & EXPORTED)
    hand_out (&victim, data[0]);
  if (data[0] & IMPORTED)
    {
      import (&victim);
      listen_to (victim.proxy);
      begin_waiting (&victim);
    }
  channel_input_say (victim.fd, data + 1, size - 1);
  shutdown (victim.fd, SHUT_WR);
  end (&victim);

  return 0;
}
