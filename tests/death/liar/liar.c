/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A host that breaks the protocol, written message by message. DEATH_CRIME in
 * its environment says how; docs/wire.md says what it should have done.
 */

#include "death-victim.h"

#include "convoke-channel-private.h"
#include "convoke-interface-info.h"
#include "convoke-remote-type-private.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKET 3
#define OBJECT 1
#define TYPE 1

static const char *crime;

static gboolean
commits (const char *name)
{
  return g_strcmp0 (crime, name) == 0;
}

/* --- bytes --- */

static void
send_bytes (gconstpointer data,
            gsize         length)
{
  const char *bytes = data;

  while (length > 0)
    {
      gssize n = send (SOCKET, bytes, length, MSG_NOSIGNAL);

      if (n <= 0)
        _exit (0);
      bytes += n;
      length -= n;
    }
}

static void
put_length (ConvokeWireWriter *message)
{
  guint32 length = GUINT32_TO_LE (message->length);

  memcpy (message->data, &length, sizeof length);
}

static void
send_message (ConvokeWireWriter *message)
{
  put_length (message);
  send_bytes (message->data, message->length);
  convoke_wire_writer_clear (message);
}

static void
receive (gpointer data,
         gsize    length)
{
  char *bytes = data;

  while (length > 0)
    {
      gssize n = recv (SOCKET, bytes, length, 0);

      if (n <= 0)
        _exit (0);
      bytes += n;
      length -= n;
    }
}

static void
begin (ConvokeWireWriter *message,
       guint8             kind,
       guint64            id)
{
  convoke_wire_writer_init (message);
  convoke_wire_begin_message (message, kind, 0, id);
}

static void G_GNUC_NORETURN
stay_silent (void)
{
  while (TRUE)
    pause ();
}

static void
send_half (ConvokeWireWriter *message)
{
  put_length (message);
  send_bytes (message->data, message->length / 2);
}

/* --- what it says --- */

static void
say_hello (void)
{
  guint16 version = commits ("another-version") ? 99 : 1;
  ConvokeWireWriter message;

  begin (&message, CONVOKE_MESSAGE_HELLO, 0);
  convoke_wire_put_u32 (&message, commits ("another-protocol") ? 0x20544547 : 0x454b5643);
  convoke_wire_put_u16 (&message, version);
  convoke_wire_put_u16 (&message, version);
  convoke_wire_put_string (&message, "0.1.0");
  send_message (&message);
}

static gboolean
has_all_slots (const ConvokeMethodInfo *method,
               gpointer                 data)
{
  return TRUE;
}

static void
describe_type (guint32 id)
{
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (DEATH_TYPE_VICTIM, NULL);
  g_autoptr (GPtrArray) infos = g_ptr_array_new ();
  ConvokeWireWriter message;

  g_ptr_array_add (infos, (gpointer) info);
  begin (&message, CONVOKE_MESSAGE_TYPE, 0);
  convoke_remote_type_write (&message, id, "Liar", infos, has_all_slots, NULL, NULL);
  send_message (&message);
}

static void
begin_object (ConvokeWireWriter *message,
              guint64            id)
{
  begin (message, CONVOKE_MESSAGE_REPLY, id);
  convoke_wire_put_u8 (message, 1);
  convoke_wire_put_u64 (message, OBJECT);
  convoke_wire_put_u32 (message, commits ("activate-undescribed") ? 99 : TYPE);
}

static void
answer_object (guint64 id)
{
  ConvokeWireWriter message;

  begin_object (&message, id);
  send_message (&message);
}

static void
begin_number (ConvokeWireWriter *message,
              guint64            id,
              guint32            number)
{
  begin (message, CONVOKE_MESSAGE_REPLY, id);
  convoke_wire_put_u8 (message, 0);
  convoke_wire_put_u32 (message, number);
}

static void
answer_number (guint64 id,
               guint32 number)
{
  ConvokeWireWriter message;

  begin_number (&message, id, number);
  send_message (&message);
}

static void
say_nonsense (guint8 kind,
              guint64 id)
{
  ConvokeWireWriter message;

  begin (&message, kind, id);
  memset (convoke_wire_writer_grow (&message, 32), 0xa5, 32);
  send_message (&message);
}

/* --- activation --- */

/* TRUE: the crime is done, and nothing else is to be said. */
static gboolean
activate_badly (guint64 id)
{
  ConvokeWireWriter message;

  if (commits ("activate-never"))
    stay_silent ();
  if (commits ("activate-nonsense"))
    say_nonsense (CONVOKE_MESSAGE_REPLY, id);
  else if (commits ("activate-bad-failure"))
    say_nonsense (CONVOKE_MESSAGE_FAILURE, id);
  else if (commits ("activate-foreign"))
    answer_object (id + 1);
  else if (commits ("activate-half"))
    {
      begin_object (&message, id);
      send_half (&message);
      _exit (3);
    }
  else
    return FALSE;

  return TRUE;
}

static void
activate (guint64 id)
{
  if (activate_badly (id))
    return;

  describe_type (TYPE);
  answer_object (id);
  if (commits ("activate-twice"))
    answer_object (id);
}

/* --- calls --- */

static void
send_header (guint32 length,
             guint8  kind,
             guint16 n_fds,
             guint64 id)
{
  ConvokeMessageHeader header = {
    GUINT32_TO_LE (length), kind, 0, GUINT16_TO_LE (n_fds), GUINT64_TO_LE (id),
  };

  send_bytes (&header, sizeof header);
}

static void
send_with_descriptor (ConvokeWireWriter *message,
                      int                fd)
{
  struct iovec vector = { message->data, message->length };
  union
  {
    char           data[CMSG_SPACE (sizeof (int))];
    struct cmsghdr align;
  } control = { { 0, } };
  struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.data, .msg_controllen = sizeof control };
  struct cmsghdr *rights = CMSG_FIRSTHDR (&header);

  put_length (message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN (sizeof (int));
  memcpy (CMSG_DATA (rights), &fd, sizeof fd);
  if (sendmsg (SOCKET, &header, MSG_NOSIGNAL) < 0)
    _exit (0);
}

static void
release_what_never_was (void)
{
  ConvokeWireWriter message;

  begin (&message, CONVOKE_MESSAGE_RELEASE, 0);
  convoke_wire_put_u32 (&message, 1);
  convoke_wire_put_u64 (&message, 77);
  convoke_wire_put_u64 (&message, 1);
  send_message (&message);
}

static void
call_what_never_was (void)
{
  ConvokeWireWriter message;

  begin (&message, CONVOKE_MESSAGE_CALL, ((guint64) 1 << 24) | 1);
  convoke_wire_put_u64 (&message, 99);
  convoke_wire_put_u64 (&message, 5);
  convoke_wire_put_u16 (&message, 0);
  convoke_wire_put_u16 (&message, 0);
  send_message (&message);
}

static void
describe_too_much (void)
{
  for (guint32 i = 2; i < 4096; i++)
    describe_type (i);
}

static void
report_without_end (guint64 id)
{
  while (TRUE)
    {
      ConvokeWireWriter message;

      begin (&message, CONVOKE_MESSAGE_PROGRESS, id + ((guint64) 1 << 24));
      convoke_wire_put_u64 (&message, 0);
      convoke_wire_put_u64 (&message, 0);
      convoke_wire_put_u64 (&message, 0);
      convoke_wire_put_string (&message, NULL);
      convoke_wire_put_string (&message, NULL);
      send_message (&message);
    }
}

typedef enum
{
  SEND_ALL,
  SEND_HALF,
  SEND_LESS,
  SEND_MORE,
} Part;

static void
answer_part (guint64 id,
             Part    part)
{
  ConvokeWireWriter message;

  begin_number (&message, id, 42);
  if (part == SEND_LESS)
    message.length -= 2;
  if (part == SEND_MORE)
    convoke_wire_put_u32 (&message, 0);

  if (part == SEND_HALF)
    send_half (&message);
  else
    send_message (&message);
}

static void
answer_with_descriptor (guint64 id)
{
  ConvokeWireWriter message;

  begin_number (&message, id, 42);
  send_with_descriptor (&message, SOCKET);
}

static void
answer_call (guint64 id)
{
  static guint64 held;

  if (commits ("twice"))
    {
      answer_number (id, 42);
      answer_number (id, 43);
    }
  else if (commits ("foreign"))
    answer_number (id + 5, 42);
  else if (commits ("of-another-time"))
    answer_number (id + ((guint64) 1 << 24), 42);
  else if (commits ("half-and-dead"))
    {
      answer_part (id, SEND_HALF);
      _exit (3);
    }
  else if (commits ("half-and-silent"))
    {
      answer_part (id, SEND_HALF);
      stay_silent ();
    }
  else if (commits ("less"))
    answer_part (id, SEND_LESS);
  else if (commits ("more"))
    answer_part (id, SEND_MORE);
  else if (commits ("too-long"))
    send_header (CONVOKE_WIRE_MAX_MESSAGE + 1, CONVOKE_MESSAGE_REPLY, 0, id);
  else if (commits ("too-short"))
    send_header (8, CONVOKE_MESSAGE_REPLY, 0, id);
  else if (commits ("unknown-kind"))
    send_header (CONVOKE_MESSAGE_HEADER_SIZE, 99, 0, id);
  else if (commits ("hello-again"))
    say_hello ();
  else if (commits ("bad-failure"))
    say_nonsense (CONVOKE_MESSAGE_FAILURE, id);
  else if (commits ("bad-goodbye"))
    say_nonsense (CONVOKE_MESSAGE_GOODBYE, 0);
  else if (commits ("bad-call"))
    say_nonsense (CONVOKE_MESSAGE_CALL, ((guint64) 1 << 24) | 1);
  else if (commits ("bad-signal"))
    say_nonsense (CONVOKE_MESSAGE_SIGNAL, OBJECT);
  else if (commits ("descriptor-missing"))
    send_header (CONVOKE_MESSAGE_HEADER_SIZE, CONVOKE_MESSAGE_REPLY, 1, id);
  else if (commits ("descriptor-hidden"))
    answer_with_descriptor (id);
  else if (commits ("release-never"))
    release_what_never_was ();
  else if (commits ("types"))
    describe_too_much ();
  else if (commits ("progress"))
    report_without_end (id);
  else if (commits ("object-never"))
    {
      call_what_never_was ();
      answer_number (id, 42);
    }
  else if (commits ("swapped") && held == 0)
    held = id;
  else if (commits ("swapped"))
    {
      answer_number (id, 1);
      answer_number (held, 2);
    }
  else
    answer_number (id, 42);
}

/* --- reading --- */

static void
handle (const ConvokeMessageHeader *header,
        const guint8               *body,
        gsize                       length)
{
  if (header->kind == CONVOKE_MESSAGE_REQUEST && length > 0 && body[0] == CONVOKE_REQUEST_ACTIVATE)
    activate (header->id);
  else if (header->kind == CONVOKE_MESSAGE_CALL)
    answer_call (header->id);
}

static void
handle_next (void)
{
  guint8 bytes[CONVOKE_MESSAGE_HEADER_SIZE];
  g_autofree guint8 *body = NULL;
  ConvokeMessageHeader header;
  gsize length;

  receive (bytes, sizeof bytes);
  if (!convoke_wire_parse_header (bytes, sizeof bytes, &header, NULL))
    _exit (1);

  length = header.length - sizeof bytes;
  body = g_malloc (length + 1);
  receive (body, length);
  handle (&header, body, length);
}

int
main (int    argc,
      char **argv)
{
  crime = g_getenv ("DEATH_CRIME");
  if (!convoke_require ("Death", "1", NULL))
    return 1;

  if (commits ("no-hello"))
    stay_silent ();
  say_hello ();
  while (TRUE)
    handle_next ();
}
