/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A peer that speaks by hand: whatever it says, the channel ends with a clear error or goes on. */

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test-pair.h"

#include "../callfactory/test-feed.h"
#include "convoke-channel-inside-private.h"

typedef struct
{
  ConvokeChannel *channel;
  int             fd;        /* the hostile end */
  gint            n_calls;
} Victim;

/* --- the hostile side --- */

static void
victim_init (Victim *self)
{
  ConvokeChannelOptions options = { .peer_name = "a stranger" };
  struct timeval bound = { 20, 0 };
  GError *error = NULL;
  int fds[2];

  self->n_calls = 0;
  convoke_request_handlers[CONVOKE_REQUEST_ACTIVATE] = test_pair_activate;
  test_pair_take_object (test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, &self->n_calls));
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->fd = fds[1];
  /* A channel that says nothing fails the test and does not stop it. */
  g_assert_cmpint (setsockopt (self->fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound), ==, 0);
  self->channel = convoke_channel_new (fds[0], &options, &error);
  g_assert_no_error (error);
}

/* Whoever ends the channel may still be at it. */
static void
await_no_feeds (void)
{
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (test_feed_count_live () > 0 && g_get_monotonic_time () < until)
    g_thread_yield ();
  g_assert_cmpuint (test_feed_count_live (), ==, 0);
}

static void
victim_clear (Victim *self)
{
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "The test is over");

  convoke_channel_close (self->channel, why);
  convoke_channel_unref (self->channel);
  if (self->fd >= 0)
    close (self->fd);
  test_pair_clear_object ();
  await_no_feeds ();
}

static void
send_raw (Victim       *self,
          gconstpointer data,
          gsize         length)
{
  /* The channel may have had enough. */
  if (send (self->fd, data, length, MSG_NOSIGNAL) < 0)
    g_assert_true (errno == EPIPE || errno == ECONNRESET);
}

static void
finish_message (ConvokeWireWriter *writer)
{
  guint32 length = GUINT32_TO_LE (writer->length);

  memcpy (writer->data, &length, sizeof length);
}

static void
send_message (Victim            *self,
              ConvokeWireWriter *writer)
{
  finish_message (writer);
  send_raw (self, writer->data, writer->length);
  convoke_wire_writer_clear (writer);
}

static void
begin (ConvokeWireWriter *writer,
       ConvokeMessage     kind,
       guint8             flags,
       guint64            id)
{
  convoke_wire_writer_init (writer);
  convoke_wire_begin_message (writer, kind, flags, id);
}

static void
write_hello (ConvokeWireWriter *writer,
             guint32            magic,
             guint16            oldest,
             guint16            newest)
{
  begin (writer, CONVOKE_MESSAGE_HELLO, 0, 0);
  convoke_wire_put_u32 (writer, magic);
  convoke_wire_put_u16 (writer, oldest);
  convoke_wire_put_u16 (writer, newest);
  convoke_wire_put_string (writer, "9.9");
}

static void
say_hello (Victim *self)
{
  ConvokeWireWriter writer;

  write_hello (&writer, 0x454b5643u, 1, 1);
  send_message (self, &writer);
}

static void
send_exactly (Victim         *self,
              ConvokeMessage  kind,
              guint8          flags,
              guint64         id,
              gconstpointer   body,
              gsize           length)
{
  ConvokeWireWriter writer;

  begin (&writer, kind, flags, id);
  if (length > 0)
    memcpy (convoke_wire_writer_grow (&writer, length), body, length);
  send_message (self, &writer);
}

static void
begin_call (ConvokeWireWriter *writer,
            guint8             flags,
            guint64            id,
            guint64            object,
            guint64            chain,
            guint16            iface,
            guint16            method)
{
  begin (writer, CONVOKE_MESSAGE_CALL, flags, id);
  convoke_wire_put_u64 (writer, object);
  convoke_wire_put_u64 (writer, chain);
  convoke_wire_put_u16 (writer, iface);
  convoke_wire_put_u16 (writer, method);
}

/* --- what the channel says --- */

static gboolean
receive_exactly (int    fd,
                 guint8 *data,
                 gsize   length)
{
  while (length > 0)
    {
      gssize n = recv (fd, data, length, 0);

      g_assert_true (n >= 0 || errno == ECONNRESET);
      if (n <= 0)
        return FALSE;
      data += n;
      length -= n;
    }

  return TRUE;
}

/* (transfer full): the body of the next message of @kind, what comes before is passed over; NULL: the channel closed. */
static guint8 *
await_message (Victim               *self,
               ConvokeMessage        kind,
               ConvokeMessageHeader *header)
{
  guint8 bytes[CONVOKE_MESSAGE_HEADER_SIZE];

  while (receive_exactly (self->fd, bytes, sizeof bytes))
    {
      GError *error = NULL;
      guint8 *body;

      g_assert_true (convoke_wire_parse_header (bytes, sizeof bytes, header, &error));
      body = g_malloc (header->length);
      g_assert_true (receive_exactly (self->fd, body, header->length - sizeof bytes));
      if (header->kind == kind)
        return body;
      g_free (body);
    }

  return NULL;
}

/* The channel hands its object out as number 1. */
static void
get_object (Victim *self)
{
  ConvokeMessageHeader header;
  ConvokeWireWriter writer;
  guint8 *reply;

  begin (&writer, CONVOKE_MESSAGE_REQUEST, 0, ((guint64) 1 << 24) | 1);
  convoke_wire_put_u8 (&writer, CONVOKE_REQUEST_ACTIVATE);
  convoke_wire_put_u64 (&writer, 0);
  convoke_wire_put_u64 (&writer, 77);
  send_message (self, &writer);
  reply = await_message (self, CONVOKE_MESSAGE_REPLY, &header);
  g_assert_nonnull (reply);
  g_free (reply);
}

static void
assert_failure (Victim  *self,
                guint64  id,
                int      code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) failure = NULL;
  ConvokeMessageHeader header;
  ConvokeWireReader reader;
  g_autofree guint8 *body = await_message (self, CONVOKE_MESSAGE_FAILURE, &header);

  g_assert_nonnull (body);
  g_assert_cmpuint (header.id, ==, id);
  convoke_wire_reader_init (&reader, body, header.length - CONVOKE_MESSAGE_HEADER_SIZE, NULL, 0);
  failure = convoke_wire_get_error (&reader, &error);
  g_assert_no_error (error);
  g_assert_error (failure, CONVOKE_ERROR, code);
}

/* The channel says why, and goes. */
static void
assert_ended (Victim     *self,
              int         code,
              const char *words)
{
  g_autoptr (GError) why = NULL;
  ConvokeMessageHeader header;
  guint8 *goodbye = await_message (self, CONVOKE_MESSAGE_GOODBYE, &header);

  g_assert_nonnull (goodbye);
  g_free (goodbye);
  g_assert_null (await_message (self, CONVOKE_MESSAGE_GOODBYE, &header));
  why = convoke_channel_dup_end_reason (self->channel);
  g_assert_error (why, CONVOKE_ERROR, code);
  if (strstr (why->message, words) == NULL)
    g_error ("'%s' does not say '%s'", why->message, words);
}

static void
assert_alive (Victim *self)
{
  ConvokeWireWriter writer;

  begin (&writer, CONVOKE_MESSAGE_REQUEST, 0, ((guint64) 99 << 24) | 99);
  convoke_wire_put_u8 (&writer, 200);
  convoke_wire_put_u64 (&writer, 0);
  convoke_wire_put_u64 (&writer, 1);
  send_message (self, &writer);
  assert_failure (self, ((guint64) 99 << 24) | 99, CONVOKE_ERROR_NOT_SUPPORTED);
}

/* --- headers --- */

static void
test_headers (void)
{
  static const struct
  {
    ConvokeMessageHeader header;
    const char          *words;
  } cases[] = {
    { { 0, CONVOKE_MESSAGE_CALL }, "0 bytes" },
    { { 15, CONVOKE_MESSAGE_CALL }, "15 bytes" },
    { { CONVOKE_WIRE_MAX_MESSAGE + 1, CONVOKE_MESSAGE_CALL }, "bytes" },
    { { G_MAXUINT32, CONVOKE_MESSAGE_CALL }, "bytes" },
    { { 16, 0 }, "kind 0" },
    { { 16, CONVOKE_N_MESSAGES }, "kind" },
    { { 16, 255 }, "kind 255" },
    { { 16, CONVOKE_MESSAGE_CALL, 0, CONVOKE_WIRE_MAX_FDS + 1 }, "descriptors" },
  };

  g_test_summary ("A header that cannot be ends the connection, and says what is wrong with it");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ConvokeMessageHeader little = {
        GUINT32_TO_LE (cases[i].header.length), cases[i].header.kind, 0, GUINT16_TO_LE (cases[i].header.n_fds), 0,
      };
      Victim victim;

      victim_init (&victim);
      say_hello (&victim);
      send_raw (&victim, &little, sizeof little);
      assert_ended (&victim, CONVOKE_ERROR_PROTOCOL, cases[i].words);
      victim_clear (&victim);
    }
}

/* --- hello --- */

static void
test_hello (void)
{
  static const struct
  {
    guint32     magic;
    guint16     oldest;
    guint16     newest;
    int         code;
    const char *words;
  } cases[] = {
    { 0x20544547u, 1, 1, CONVOKE_ERROR_PROTOCOL, "does not speak" },
    { 0x454b5643u, 2, 7, CONVOKE_ERROR_VERSION_MISMATCH, "versions 2 to 7" },
    { 0x454b5643u, 0, 0, CONVOKE_ERROR_VERSION_MISMATCH, "versions 0 to 0" },
  };

  g_test_summary ("Who does not speak the protocol, or only other versions of it, is refused by name");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ConvokeWireWriter writer;
      Victim victim;

      victim_init (&victim);
      write_hello (&writer, cases[i].magic, cases[i].oldest, cases[i].newest);
      send_message (&victim, &writer);
      assert_ended (&victim, cases[i].code, cases[i].words);
      victim_clear (&victim);
    }
}

static void
test_newer_hello (void)
{
  ConvokeWireWriter writer;
  Victim victim;

  g_test_summary ("Whoever speaks newer versions as well, and says more, is understood");

  victim_init (&victim);
  write_hello (&writer, 0x454b5643u, 1, 9);
  convoke_wire_put_string (&writer, "what this version does not know");
  send_message (&victim, &writer);
  assert_alive (&victim);
  victim_clear (&victim);
}

static void
test_hello_order (void)
{
  Victim victim;

  g_test_summary ("The first message, and no other, is the hello");

  victim_init (&victim);
  send_exactly (&victim, CONVOKE_MESSAGE_CANCEL, 0, 1, NULL, 0);
  assert_ended (&victim, CONVOKE_ERROR_PROTOCOL, "too late");
  victim_clear (&victim);

  victim_init (&victim);
  say_hello (&victim);
  say_hello (&victim);
  assert_ended (&victim, CONVOKE_ERROR_PROTOCOL, "twice");
  victim_clear (&victim);
}

/* --- calls --- */

static void
test_bad_calls (void)
{
  static const struct
  {
    guint8      flags;
    guint64     id;
    guint64     chain;
    guint16     iface;
    guint16     method;
    const char *words;
  } cases[] = {
    { 0, 0, 1, 0, 0, "out of bounds" },
    { 0, CONVOKE_CHANNEL_MAX_CALLS + 1, 1, 0, 0, "out of bounds" },
    { 0, 1, 0, 0, 0, "chain" },
    { 0, 1, G_MAXUINT64, 0, 0, "chain" },
    { 0x80, 1, 1, 0, 0, "flags" },
    { 0, 1, 1, 999, 0, "" },
    { 0, 1, 1, 0, 999, "" },
  };

  g_test_summary ("A call with numbers that cannot be ends the connection");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ConvokeWireWriter writer;
      Victim victim;

      victim_init (&victim);
      say_hello (&victim);
      get_object (&victim);
      begin_call (&writer, cases[i].flags, cases[i].id, 1, cases[i].chain, cases[i].iface, cases[i].method);
      convoke_wire_put_string (&writer, "tea");
      send_message (&victim, &writer);
      assert_ended (&victim, CONVOKE_ERROR_PROTOCOL, cases[i].words);
      g_assert_cmpint (victim.n_calls, ==, 0);
      victim_clear (&victim);
    }
}

static void
test_cut_arguments (void)
{
  g_test_summary ("Arguments that are cut, or go on, reach no method");

  for (guint length = 0; length < 12; length++)
    {
      static const guint8 tea[] = { 3, 0, 0, 0, 't', 'e', 'a', 0, 1, 2, 3, 4 };
      ConvokeWireWriter writer;
      Victim victim;

      if (length == 8)
        continue;

      victim_init (&victim);
      say_hello (&victim);
      get_object (&victim);
      begin_call (&writer, 0, 1, 1, 1, 0, 0);
      if (length > 0)
        memcpy (convoke_wire_writer_grow (&writer, length), tea, length);
      send_message (&victim, &writer);
      assert_ended (&victim, CONVOKE_ERROR_PROTOCOL, "");
      g_assert_cmpint (victim.n_calls, ==, 0);
      victim_clear (&victim);
    }
}

static void
test_unknown_objects (void)
{
  ConvokeWireWriter writer;
  Victim victim;

  g_test_summary ("A call of what was never handed out, or was given back, fails alone");

  victim_init (&victim);
  say_hello (&victim);
  begin_call (&writer, 0, ((guint64) 1 << 24) | 1, 12345, 1, 0, 0);
  send_message (&victim, &writer);
  assert_failure (&victim, ((guint64) 1 << 24) | 1, CONVOKE_ERROR_NOT_CONNECTED);
  assert_alive (&victim);
  victim_clear (&victim);
}

static void
test_requests_of_nothing (void)
{
  static const ConvokeRequest kinds[] = { CONVOKE_REQUEST_GET, CONVOKE_REQUEST_SET, CONVOKE_REQUEST_QUERY };
  Victim victim;

  g_test_summary ("A request that needs an object and names none fails alone");

  victim_init (&victim);
  say_hello (&victim);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      ConvokeWireWriter writer;

      begin (&writer, CONVOKE_MESSAGE_REQUEST, 0, ((guint64) 1 << 24) | 1);
      convoke_wire_put_u8 (&writer, kinds[i]);
      convoke_wire_put_u64 (&writer, 0);
      convoke_wire_put_u64 (&writer, 77);
      for (guint k = 0; k < 3; k++)
        convoke_wire_put_string (&writer, "ConvokeTestPriceFeed");
      send_message (&victim, &writer);
      assert_failure (&victim, ((guint64) 1 << 24) | 1, CONVOKE_ERROR_NOT_CONNECTED);
    }
  assert_alive (&victim);
  victim_clear (&victim);
}

static void
test_double_number (void)
{
  ConvokeTestGate *gate = convoke_test_gate_new ();
  ConvokeWireWriter writer;
  Victim victim;

  g_test_summary ("Two calls of one number at once end the connection");

  victim_init (&victim);
  test_pair_take_object (test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate));
  say_hello (&victim);
  get_object (&victim);
  for (guint i = 0; i < 2; i++)
    {
      begin_call (&writer, CONVOKE_CALL_BEGUN, 5, 1, 1 + i, 0, 0);
      convoke_wire_put_string (&writer, "tea");
      send_message (&victim, &writer);
    }
  assert_ended (&victim, CONVOKE_ERROR_PROTOCOL, "in use");
  convoke_test_gate_open (gate);
  victim_clear (&victim);
  g_object_unref (gate);
}

/* --- too many calls --- */

static void
test_flood (void)
{
  ConvokeTestGate *gate = convoke_test_gate_new ();
  gssize before = convoke_channel_max_input;
  ConvokeWireWriter writer;
  Victim victim;

  g_test_summary ("Calls that wait take a bounded memory: one too many fails alone, one that nobody waits for ends the connection");

  convoke_channel_max_input = 20 * 1024;
  victim_init (&victim);
  test_pair_take_object (test_feed_new (CONVOKE_THREADING_SERIAL, test_price_at_gate, gate));
  say_hello (&victim);
  get_object (&victim);
  for (guint i = 1; i <= 64; i++)
    {
      begin_call (&writer, CONVOKE_CALL_BEGUN, ((guint64) 1 << 24) | i, 1, i, 0, 0);
      convoke_wire_put_string (&writer, "tea");
      send_message (&victim, &writer);
    }
  /* 556 bytes each, as they are counted. */
  assert_failure (&victim, ((guint64) 1 << 24) | 37, CONVOKE_ERROR_OUT_OF_RESOURCES);

  begin_call (&writer, CONVOKE_CALL_BEGUN | CONVOKE_CALL_ONEWAY, 0, 1, 99, 0, 0);
  convoke_wire_put_string (&writer, "tea");
  send_message (&victim, &writer);
  assert_ended (&victim, CONVOKE_ERROR_OUT_OF_RESOURCES, "wait here");

  convoke_test_gate_open (gate);
  victim_clear (&victim);
  g_object_unref (gate);
  convoke_channel_max_input = before;
}

/* --- messages of no call --- */

static void
test_answers_to_nothing (void)
{
  static const ConvokeMessage kinds[] = { CONVOKE_MESSAGE_REPLY, CONVOKE_MESSAGE_FAILURE };

  g_test_summary ("An answer that nobody waits for ends the connection");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      Victim victim;

      victim_init (&victim);
      say_hello (&victim);
      send_exactly (&victim, kinds[i], 0, ((guint64) 1 << 24) | 1, NULL, 0);
      assert_ended (&victim, CONVOKE_ERROR_PROTOCOL, "does not wait");
      victim_clear (&victim);
    }
}

static void
test_late_words (void)
{
  static const guint8 progress[32] = { [24] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
  Victim victim;

  g_test_summary ("Progress and cancels may come after the end of their call");

  victim_init (&victim);
  say_hello (&victim);
  send_exactly (&victim, CONVOKE_MESSAGE_CANCEL, 0, 12345, NULL, 0);
  send_exactly (&victim, CONVOKE_MESSAGE_PROGRESS, 0, 12345, progress, sizeof progress);
  assert_alive (&victim);
  victim_clear (&victim);
}

static void
test_rubbish (void)
{
  static const ConvokeMessage kinds[] = {
    CONVOKE_MESSAGE_REQUEST, CONVOKE_MESSAGE_PROGRESS, CONVOKE_MESSAGE_RELEASE, CONVOKE_MESSAGE_TYPE,
    CONVOKE_MESSAGE_GOODBYE, CONVOKE_MESSAGE_CALL,
  };
  static const guint8 rubbish[] = { 0xde, 0xad, 0xbe, 0xef, 0xff };

  g_test_summary ("A body that is none ends the connection, whatever its kind");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      Victim victim;

      victim_init (&victim);
      say_hello (&victim);
      send_exactly (&victim, kinds[i], 0, 1, rubbish, sizeof rubbish);
      assert_ended (&victim, CONVOKE_ERROR_PROTOCOL, "");
      victim_clear (&victim);
    }
}

/* --- requests --- */

static void
assert_request_fails (Victim *self,
                      gint64  timeout,
                      int     code)
{
  g_autoptr (GError) error = NULL;
  ConvokeChannelReply reply;
  ConvokeWireWriter writer;

  convoke_wire_writer_init (&writer);
  convoke_channel_begin_request (self->channel, &writer, CONVOKE_REQUEST_ACTIVATE, 0);
  g_assert_false (convoke_channel_request (self->channel, &writer, timeout, NULL, &reply, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
  convoke_wire_writer_clear (&writer);
}

static void
test_deaf_peer (void)
{
  g_autoptr (GError) error = NULL;
  Victim victim;

  g_test_summary ("A peer that closes its ear and keeps its mouth open is gone: who waits for it is told");

  victim_init (&victim);
  say_hello (&victim);
  convoke_channel_wait_ready (victim.channel, -1, NULL, &error);
  g_assert_no_error (error);
  shutdown (victim.fd, SHUT_RD);
  assert_request_fails (&victim, 20 * G_USEC_PER_SEC, CONVOKE_ERROR_DISCONNECTED);
  victim_clear (&victim);
}

/* --- pieces --- */

/* A call to what was not handed out yet: it fails, and that is an answer. */
static void
record_session (GByteArray *session)
{
  ConvokeWireWriter writers[3];

  write_hello (&writers[0], 0x454b5643u, 1, 1);
  begin (&writers[1], CONVOKE_MESSAGE_REQUEST, 0, ((guint64) 1 << 24) | 1);
  convoke_wire_put_u8 (&writers[1], CONVOKE_REQUEST_ACTIVATE);
  convoke_wire_put_u64 (&writers[1], 0);
  convoke_wire_put_u64 (&writers[1], 77);
  begin_call (&writers[2], 0, ((guint64) 2 << 24) | 2, 1, 78, 0, 0);
  convoke_wire_put_string (&writers[2], "tea");
  for (guint i = 0; i < G_N_ELEMENTS (writers); i++)
    {
      finish_message (&writers[i]);
      g_byte_array_append (session, writers[i].data, writers[i].length);
      convoke_wire_writer_clear (&writers[i]);
    }
}

static void
test_cut_anywhere (void)
{
  g_autoptr (GByteArray) session = g_byte_array_new ();

  g_test_summary ("A connection can end at any byte");

  record_session (session);
  for (guint length = 0; length < session->len; length++)
    {
      g_autoptr (GError) why = NULL;
      ConvokeMessageHeader header;
      Victim victim;

      victim_init (&victim);
      send_raw (&victim, session->data, length);
      shutdown (victim.fd, SHUT_WR);
      while (await_message (&victim, CONVOKE_N_MESSAGES, &header) != NULL)
        ;
      why = convoke_channel_dup_end_reason (victim.channel);
      g_assert_error (why, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
      victim_clear (&victim);
    }
}

static void
test_byte_by_byte (void)
{
  ConvokeMessageHeader header;
  ConvokeWireWriter writer;
  guint8 *reply;
  Victim victim;

  g_test_summary ("Messages can come in pieces of one byte");

  victim_init (&victim);
  say_hello (&victim);
  get_object (&victim);
  begin_call (&writer, 0, ((guint64) 2 << 24) | 2, 1, 78, 0, 0);
  convoke_wire_put_string (&writer, "tea");
  finish_message (&writer);
  for (guint i = 0; i < writer.length; i++)
    send_raw (&victim, writer.data + i, 1);
  convoke_wire_writer_clear (&writer);

  reply = await_message (&victim, CONVOKE_MESSAGE_REPLY, &header);
  g_assert_nonnull (reply);
  g_free (reply);
  g_assert_cmpint (victim.n_calls, ==, 1);
  victim_clear (&victim);
}

/* --- descriptors --- */

static void
send_descriptors (Victim       *self,
                  gconstpointer data,
                  gsize         length,
                  guint         n)
{
  struct iovec vector = { (gpointer) data, length };
  union
  {
    char           data[CMSG_SPACE (64 * sizeof (int))];
    struct cmsghdr align;
  } control = { { 0, } };
  struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.data,
                            .msg_controllen = CMSG_SPACE (n * sizeof (int)) };
  struct cmsghdr *rights = CMSG_FIRSTHDR (&message);

  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN (n * sizeof (int));
  for (guint i = 0; i < n; i++)
    memcpy (CMSG_DATA (rights) + i * sizeof (int), &self->fd, sizeof (int));
  g_assert_cmpint (sendmsg (self->fd, &message, MSG_NOSIGNAL), ==, length);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Whoever ends the channel may still be at it. */
static void
await_descriptors (guint n)
{
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (count_descriptors () > n && g_get_monotonic_time () < until)
    g_thread_yield ();
  g_assert_cmpuint (count_descriptors (), <=, n);
}

static void
test_descriptors (void)
{
  static const struct
  {
    guint       announced;
    guint       sent;
    const char *words;
  } cases[] = {
    { 2, 1, "announced 2" },
    { 0, 1, "no message announced" },
    { 1, 3, "no message announced" },
    { 0, 40, "descriptors" },
  };

  g_test_summary ("Descriptors that are missing or too many end the connection, and none is left open");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ConvokeMessageHeader header = { GUINT32_TO_LE (16), CONVOKE_MESSAGE_CANCEL, 0, GUINT16_TO_LE (cases[i].announced), 0 };
      guint before = count_descriptors ();
      Victim victim;

      victim_init (&victim);
      say_hello (&victim);
      send_descriptors (&victim, &header, sizeof header, cases[i].sent);
      assert_ended (&victim, CONVOKE_ERROR_PROTOCOL, cases[i].words);
      victim_clear (&victim);
      await_descriptors (before);
    }
}

/* --- who it is --- */

static void
test_another_user (void)
{
  struct sockaddr_un { sa_family_t family; char path[108]; } address = { AF_UNIX, "" };
  ConvokeChannelOptions options = { .peer_name = "another user" };
  g_autoptr (GError) error = NULL;
  int listener, fd;
  pid_t pid;

  g_test_summary ("A peer of another user is refused (design D14)");

  if (geteuid () != 0)
    {
      g_test_skip ("Only root can become another user");
      return;
    }

  listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  /* An abstract name: no file is left. */
  g_snprintf (address.path + 1, sizeof address.path - 1, "convoke-test-%d", (int) getpid ());
  g_assert_cmpint (bind (listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (listener, 1), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      fd = socket (AF_UNIX, SOCK_STREAM, 0);
      if (setuid (65534) != 0 || connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
        _exit (1);
      /* Until the other side has looked. */
      _exit (read (fd, &fd, 1) == 0 ? 0 : 1);
    }

  fd = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);
  g_assert_null (convoke_channel_new (fd, &options, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED);
  g_assert_nonnull (strstr (error->message, "65534"));
  close (listener);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_type_ensure (CONVOKE_TEST_TYPE_PRICE_FEED);
  g_assert_true (convoke_require ("ConvokeTest", "1", NULL));

  /* First, while there is one thread. */
  g_test_add_func ("/marshal/channel-hostile/another-user", test_another_user);
  g_test_add_func ("/marshal/channel-hostile/headers", test_headers);
  g_test_add_func ("/marshal/channel-hostile/hello", test_hello);
  g_test_add_func ("/marshal/channel-hostile/newer-hello", test_newer_hello);
  g_test_add_func ("/marshal/channel-hostile/hello-order", test_hello_order);
  g_test_add_func ("/marshal/channel-hostile/bad-calls", test_bad_calls);
  g_test_add_func ("/marshal/channel-hostile/cut-arguments", test_cut_arguments);
  g_test_add_func ("/marshal/channel-hostile/unknown-objects", test_unknown_objects);
  g_test_add_func ("/marshal/channel-hostile/requests-of-nothing", test_requests_of_nothing);
  g_test_add_func ("/marshal/channel-hostile/double-number", test_double_number);
  g_test_add_func ("/marshal/channel-hostile/flood", test_flood);
  g_test_add_func ("/marshal/channel-hostile/answers-to-nothing", test_answers_to_nothing);
  g_test_add_func ("/marshal/channel-hostile/late-words", test_late_words);
  g_test_add_func ("/marshal/channel-hostile/rubbish", test_rubbish);
  g_test_add_func ("/marshal/channel-hostile/deaf-peer", test_deaf_peer);
  g_test_add_func ("/marshal/channel-hostile/cut-anywhere", test_cut_anywhere);
  g_test_add_func ("/marshal/channel-hostile/byte-by-byte", test_byte_by_byte);
  g_test_add_func ("/marshal/channel-hostile/descriptors", test_descriptors);

  return g_test_run ();
}
