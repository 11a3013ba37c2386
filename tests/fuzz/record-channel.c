/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Makes the corpus of fuzz-channel anew: what two channels say to each other
 * in short sessions, one file for each direction.
 *
 * usage: record-channel CORPUS-DIR
 */

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <convoke-test.h>

#include "channel-input.h"
#include "convoke-call.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"
#include "convoke-parcel-private.h"
#include "convoke-proxy-private.h"
#include "convoke-unknown.h"

typedef struct
{
  ConvokeChannel    *near;
  ConvokeChannel    *far;
  ConvokeTestServer *server;   /* of the far side */
  GObject           *proxy;    /* of the near side */
  GThread           *relay;
  int                fds[2];   /* to the near side, to the far side */
  GByteArray        *said[2];  /* by the near side, by the far side */
} Session;

static const ConvokeTypeInfo any_type = { .kind = CONVOKE_TYPE_KIND_OBJECT, .type_name = (char *) "GObject", .name = (char *) "GObject.Object" };

/* --- the wire, tapped --- */

/* FALSE: that side has ended. */
static gboolean
pass_on (Session *self,
         guint    from)
{
  guint8 bytes[4096];
  gssize n = recv (self->fds[from], bytes, sizeof bytes, 0);

  if (n > 0)
    {
      g_byte_array_append (self->said[from], bytes, n);
      (void) !send (self->fds[!from], bytes, n, MSG_NOSIGNAL);
    }
  return n > 0;
}

static gpointer
relay (gpointer data)
{
  Session *self = data;
  gboolean ended[2] = { FALSE, FALSE };

  while (!ended[0] || !ended[1])
    {
      struct pollfd polled[2] = { { self->fds[0], POLLIN }, { self->fds[1], POLLIN } };

      for (guint i = 0; i < 2; i++)
        polled[i].fd = ended[i] ? -1 : polled[i].fd;
      poll (polled, 2, -1);
      for (guint i = 0; i < 2; i++)
        if (polled[i].fd >= 0 && polled[i].revents != 0 && !pass_on (self, i))
          {
            ended[i] = TRUE;
            shutdown (self->fds[!i], SHUT_WR);
          }
    }

  return NULL;
}

static ConvokeChannel *
make_end (int *fd)
{
  ConvokeChannelOptions options = { .peer_name = "the other end" };
  GError *error = NULL;
  ConvokeChannel *channel;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  *fd = fds[1];
  channel = convoke_channel_new (fds[0], &options, &error);
  g_assert_no_error (error);
  return channel;
}

/* As in fuzz-channel.c. */
static void
import (Session *self,
        guint64  id,
        guint32  type_id)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  ConvokeWireReader reader;
  ConvokeWireWriter writer;

  convoke_wire_writer_init (&writer);
  convoke_wire_put_u8 (&writer, 1);
  convoke_wire_put_u64 (&writer, id);
  convoke_wire_put_u32 (&writer, type_id);
  convoke_parcel_init (&parcel, convoke_channel_get_objects (self->near), NULL);
  while (self->proxy == NULL)
    {
      convoke_wire_reader_init (&reader, writer.data, writer.length, NULL, 0);
      self->proxy = parcel.refs.read_object (parcel.refs.data, &reader, &any_type, NULL);
    }
  convoke_wire_writer_clear (&writer);
}

static void
session_init (Session *self)
{
  g_autoptr (ConvokeApartment) anywhere = convoke_apartment_dup_any ();
  guint32 type_id;
  guint64 id;

  *self = (Session) { NULL, };
  self->said[0] = g_byte_array_new ();
  self->said[1] = g_byte_array_new ();
  self->near = make_end (&self->fds[0]);
  self->far = make_end (&self->fds[1]);
  self->relay = g_thread_new ("relay", relay, self);
  self->server = convoke_test_server_new ();
  convoke_apartment_bind (anywhere, G_OBJECT (self->server), NULL);
  id = convoke_object_table_export (convoke_channel_get_objects (self->far), G_OBJECT (self->server), G_TYPE_INVALID, &type_id, NULL);
  import (self, id, type_id);
}

/* --- what was said --- */

static gboolean
is_dull (const ConvokeMessageHeader *header)
{
  return header->kind == CONVOKE_MESSAGE_HELLO || header->kind == CONVOKE_MESSAGE_GOODBYE || header->length > 1500;
}

static void
write_said (const GByteArray *said,
            const char       *dir,
            const char       *whose,
            const char       *name,
            guint8            scenario)
{
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_autofree char *file = g_strdup_printf ("%s/%s-%s", dir, whose, name);
  ConvokeMessageHeader header;

  g_byte_array_append (input, &scenario, 1);
  for (gsize at = 0; at < said->len; at += header.length)
    {
      g_assert_true (convoke_wire_parse_header (said->data + at, said->len - at, &header, NULL));
      if (!is_dull (&header))
        channel_input_append (input, &(ChannelChunk) {
          .what = header.kind,
          .flags = header.flags,
          .number = (header.id >> 24 & 15) << 4 | (header.id & 15),
          .length = header.length - CONVOKE_MESSAGE_HEADER_SIZE,
          .body = said->data + at + CONVOKE_MESSAGE_HEADER_SIZE,
        });
    }
  if (input->len > 1)
    g_assert_true (g_file_set_contents (file, (char *) input->data, input->len, NULL));
}

static void
session_clear (Session    *self,
               const char *dir,
               const char *name)
{
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "The session is over");

  g_clear_object (&self->proxy);
  /* The last references go back before long. */
  g_usleep (50000);
  convoke_channel_close (self->near, why);
  convoke_channel_close (self->far, why);
  g_thread_join (self->relay);
  write_said (self->said[0], dir, "to", name, 3);
  write_said (self->said[1], dir, "from", name, 2);
  g_clear_object (&self->server);
  for (guint i = 0; i < 2; i++)
    {
      close (self->fds[i]);
      g_byte_array_unref (self->said[i]);
    }
  convoke_channel_unref (self->near);
  convoke_channel_unref (self->far);
}

/* --- the sessions --- */

static void
ask_prices (Session *self)
{
  ConvokeTestPriceFeed *feed = CONVOKE_TEST_PRICE_FEED (self->proxy);
  g_autoptr (GError) error = NULL;

  convoke_test_price_feed_get_price (feed, "coffee", NULL);
  convoke_test_price_feed_get_price (feed, "missing", &error);
  convoke_test_price_feed_count_items (feed);
  g_free (convoke_test_price_feed_describe (feed));
  convoke_test_price_feed_note (feed, "a note");
}

static void
ask_values (Session *self)
{
  ConvokeTestEvery *every = CONVOKE_TEST_EVERY (self->proxy);
  g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new_parsed ("{'a': <[1, 2]>}"));
  g_autoptr (GVariant) variant_back = convoke_test_every_echo_variant (every, variant);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abc", 3);
  g_autoptr (GBytes) bytes_back = convoke_test_every_echo_bytes (every, bytes);
  g_auto (GStrv) parts = convoke_test_every_split (every, "one two");
  g_autoptr (GError) error = NULL;
  int quotient, remainder;

  g_free (convoke_test_every_echo_string (every, "text"));
  convoke_test_every_echo_int64 (every, -5);
  convoke_test_every_divide (every, 7, 2, &quotient, &remainder, NULL);
  convoke_test_every_divide (every, 7, 0, &quotient, &remainder, &error);
}

static void
ask_containers (Session *self)
{
  ConvokeTestEvery *every = CONVOKE_TEST_EVERY (self->proxy);
  const char *strings[] = { "a", "b", NULL };
  GList list = { (gpointer) "one", NULL, NULL };
  guint8 buffer[16];
  int *ints;
  gsize n_ints;

  g_free (convoke_test_every_join (every, strings));
  g_list_free_full (convoke_test_every_reverse_list (every, &list), g_free);
  g_list_free (convoke_test_every_list_names (every));
  convoke_test_every_make_ints (every, 3, &ints, &n_ints);
  g_free (ints);
  convoke_test_every_fill_buffer (every, buffer, sizeof buffer);
}

static void
ask_objects (Session *self)
{
  ConvokeTestEvery *every = CONVOKE_TEST_EVERY (self->proxy);
  g_autoptr (ConvokeApartment) anywhere = convoke_apartment_dup_any ();
  g_autoptr (ConvokeTestPriceFeed) mine = CONVOKE_TEST_PRICE_FEED (convoke_test_server_new ());
  g_autoptr (ConvokeTestPriceFeed) back = NULL;
  g_autoptr (ConvokeTestEvery) itself = NULL;
  g_autoptr (GPtrArray) feeds = NULL;

  convoke_apartment_bind (anywhere, G_OBJECT (mine), NULL);
  back = convoke_test_every_echo_feed (every, mine);
  convoke_test_every_ask_feed (every, mine, "tea", NULL);
  itself = convoke_test_every_get_self (every);
  convoke_test_every_is_self (every, every);
  feeds = convoke_test_every_list_feeds (every, 2);
}

static void
use_properties (Session *self)
{
  g_autoptr (ConvokeApartment) anywhere = convoke_apartment_dup_any ();
  g_autoptr (ConvokeTestServer) mine = convoke_test_server_new ();
  g_autoptr (GObject) feed = NULL;
  g_autofree char *currency = NULL;
  int level;

  convoke_apartment_bind (anywhere, G_OBJECT (mine), NULL);
  g_object_set (self->proxy, "level", 3, "label", "l", "feed", mine, NULL);
  g_object_get (self->proxy, "level", &level, "currency", &currency, "feed", &feed, NULL);
}

static void
query (Session *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) none = convoke_query_interface (self->proxy, CONVOKE_TEST_TYPE_PARTNER, &error);

  g_assert_null (none);
}

static gboolean
may_go_cb (GObject *object,
           GFile   *where)
{
  return TRUE;
}

static void
nothing_cb (void)
{
}

static void
listen_to_it (Session *self)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/");
  gboolean answer;

  g_signal_connect (self->proxy, "ticked", G_CALLBACK (nothing_cb), NULL);
  g_signal_connect (self->proxy, "price-changed", G_CALLBACK (nothing_cb), NULL);
  g_signal_connect (self->proxy, "may-go", G_CALLBACK (may_go_cb), NULL);
  g_signal_connect (self->proxy, "notify::label", G_CALLBACK (nothing_cb), NULL);
  convoke_test_server_tick (self->server, 4, "tock");
  convoke_test_server_change_price (self->server, "tea", 2);
  g_object_set (self->server, "label", "another", NULL);
  g_signal_emit_by_name (self->server, "may-go", file, &answer);
}

/* The calls that fuzz-channel.c begins, so that the answers have their numbers. */
static void
answer_begun (Session *self)
{
  static const char * const methods[] = { "get_price", "list_names", "get_feed" };
  g_autoptr (ConvokeTestServer) feed = convoke_test_server_new ();
  ConvokeCall *calls[3];
  ConvokeTestPriceFeed *got;

  g_object_set (self->server, "feed", feed, NULL);
  for (guint i = 0; i < 3; i++)
    {
      calls[i] = convoke_create_call (self->proxy, i == 0 ? CONVOKE_TEST_TYPE_PRICE_FEED : CONVOKE_TEST_TYPE_EVERY, NULL);
      if (i == 0)
        convoke_call_begin (calls[i], "get_price", NULL, "tea");
      else
        convoke_call_begin (calls[i], methods[i], NULL);
    }
  g_object_get (self->proxy, "feed", &got, NULL);
  for (guint i = 0; i < 3; i++)
    {
      convoke_call_wait (calls[i], -1, NULL);
      g_object_unref (calls[i]);
    }
  g_clear_object (&got);
  convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (self->proxy), "coffee", NULL);
}

static const struct
{
  const char *name;
  void      (*run) (Session *self);
} sessions[] = {
  { "prices", ask_prices },
  { "values", ask_values },
  { "containers", ask_containers },
  { "objects", ask_objects },
  { "properties", use_properties },
  { "query", query },
  { "signals", listen_to_it },
  { "begun", answer_begun },
};

int
main (int   argc,
      char *argv[])
{
  g_assert_cmpint (argc, ==, 2);
  g_assert_true (convoke_require ("ConvokeTest", "1", NULL));

  for (guint i = 0; i < G_N_ELEMENTS (sessions); i++)
    {
      Session session;

      session_init (&session);
      sessions[i].run (&session);
      session_clear (&session, argv[1], sessions[i].name);
    }

  return 0;
}
