/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "channel-input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAGIC 0x454b5643u

/* --- chunks --- */

gboolean
channel_input_next (const guint8 **data,
                    gsize         *size,
                    ChannelChunk  *chunk)
{
  const guint8 *at = *data;

  if (*size < CHANNEL_INPUT_HEADER)
    return FALSE;

  chunk->what = at[0];
  chunk->flags = at[1];
  chunk->number = at[2];
  chunk->length = MIN ((gsize) (at[3] | at[4] << 8), *size - CHANNEL_INPUT_HEADER);
  chunk->body = at + CHANNEL_INPUT_HEADER;
  *data += CHANNEL_INPUT_HEADER + chunk->length;
  *size -= CHANNEL_INPUT_HEADER + chunk->length;
  return TRUE;
}

void
channel_input_append (GByteArray         *input,
                      const ChannelChunk *chunk)
{
  const guint8 header[CHANNEL_INPUT_HEADER] = { chunk->what, chunk->flags, chunk->number, chunk->length & 0xff, chunk->length >> 8 };

  g_byte_array_append (input, header, sizeof header);
  g_byte_array_append (input, chunk->body, chunk->length);
}

guint64
channel_input_number (const ChannelChunk *chunk)
{
  return (guint64) (chunk->number >> 4) << 24 | (chunk->number & 15);
}

/* --- saying --- */

/* FALSE: the other side has had enough. */
static gboolean
say_bytes (int           fd,
           const guint8 *data,
           gsize         size,
           guint         n_fds)
{
  union
  {
    char           data[CMSG_SPACE (CHANNEL_INPUT_MAX_FDS * sizeof (int))];
    struct cmsghdr align;
  } control = { { 0, } };
  struct iovec vector = { (gpointer) data, size };
  struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1 };

  if (n_fds > 0)
    {
      struct cmsghdr *rights = &control.align;

      message.msg_control = control.data;
      message.msg_controllen = CMSG_SPACE (n_fds * sizeof (int));
      rights->cmsg_level = SOL_SOCKET;
      rights->cmsg_type = SCM_RIGHTS;
      rights->cmsg_len = CMSG_LEN (n_fds * sizeof (int));
      for (guint i = 0; i < n_fds; i++)
        memcpy (CMSG_DATA (rights) + i * sizeof (int), &fd, sizeof (int));
    }

  return size == 0 || sendmsg (fd, &message, MSG_NOSIGNAL) == (gssize) size;
}

static gboolean
say_message (int                fd,
             ConvokeWireWriter *writer,
             guint              n_fds)
{
  guint32 length = GUINT32_TO_LE ((guint32) writer->length);
  guint16 announced = GUINT16_TO_LE ((guint16) n_fds);

  memcpy (writer->data, &length, sizeof length);
  memcpy (writer->data + G_STRUCT_OFFSET (ConvokeMessageHeader, n_fds), &announced, sizeof announced);
  return say_bytes (fd, writer->data, writer->length, n_fds);
}

static gboolean
say_chunk (int                 fd,
           const ChannelChunk *chunk)
{
  guint n_fds = MIN (chunk->what >> 4 & 3, CHANNEL_INPUT_MAX_FDS);
  ConvokeWireWriter writer;
  gboolean ok;

  if (chunk->what & CHANNEL_INPUT_RAW)
    return say_bytes (fd, chunk->body, chunk->length, n_fds);

  convoke_wire_writer_init (&writer);
  convoke_wire_begin_message (&writer, chunk->what & 15, chunk->flags, channel_input_number (chunk));
  if (chunk->length > 0)
    memcpy (convoke_wire_writer_grow (&writer, chunk->length), chunk->body, chunk->length);
  ok = say_message (fd, &writer, n_fds);
  convoke_wire_writer_clear (&writer);

  return ok;
}

static gboolean
say_hello (int fd)
{
  ConvokeWireWriter writer;
  gboolean ok;

  convoke_wire_writer_init (&writer);
  convoke_wire_begin_message (&writer, CONVOKE_MESSAGE_HELLO, 0, 0);
  convoke_wire_put_u32 (&writer, MAGIC);
  convoke_wire_put_u16 (&writer, 1);
  convoke_wire_put_u16 (&writer, 1);
  convoke_wire_put_string (&writer, "9.9");
  ok = say_message (fd, &writer, 0);
  convoke_wire_writer_clear (&writer);

  return ok;
}

void
channel_input_say (int           fd,
                   const guint8 *data,
                   gsize         size)
{
  ChannelChunk chunk;
  gboolean ok = say_hello (fd);

  while (ok && channel_input_next (&data, &size, &chunk))
    ok = say_chunk (fd, &chunk);
}

/* --- listening --- */

typedef enum
{
  READ_ALL,
  READ_END,
  READ_NOTHING,   /* in all the time that there is */
} Read;

static Read
read_exactly (int     fd,
              guint8 *data,
              gsize   length)
{
  while (length > 0)
    {
      gssize n = recv (fd, data, length, 0);

      if (n == 0 || (n < 0 && errno == ECONNRESET))
        return READ_END;
      if (n < 0)
        return READ_NOTHING;
      data += n;
      length -= n;
    }

  return READ_ALL;
}

gboolean
channel_input_listen (int fd)
{
  guint8 header[CONVOKE_MESSAGE_HEADER_SIZE];
  Read read;

  while ((read = read_exactly (fd, header, sizeof header)) == READ_ALL)
    {
      ConvokeMessageHeader parsed;
      guint8 *body;

      /* It was never cut, nor was it anything else. */
      if (!convoke_wire_parse_header (header, sizeof header, &parsed, NULL))
        abort ();
      body = g_malloc (parsed.length);
      read = read_exactly (fd, body, parsed.length - sizeof header);
      g_free (body);
      if (read != READ_ALL)
        break;
    }

  return read != READ_NOTHING;
}
