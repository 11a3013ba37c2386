/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What each message begins with: u32 length of the whole, u8 kind, u8 flags, u16 descriptors, u64 id. */

#include "config.h"

#include "convoke-channel-private.h"
#include "convoke-error.h"

void
convoke_wire_begin_message (ConvokeWireWriter *writer,
                            ConvokeMessage     kind,
                            guint8             flags,
                            guint64            id)
{
  convoke_wire_put_u32 (writer, 0);
  convoke_wire_put_u8 (writer, kind);
  convoke_wire_put_u8 (writer, flags);
  convoke_wire_put_u16 (writer, 0);
  convoke_wire_put_u64 (writer, id);
}

static gboolean
check_header (const ConvokeMessageHeader  *header,
              GError                     **error)
{
  if (header->kind == 0 || header->kind >= CONVOKE_N_MESSAGES)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "There is no message of the kind %u", header->kind);
  else if (header->length < CONVOKE_MESSAGE_HEADER_SIZE || header->length > CONVOKE_WIRE_MAX_MESSAGE)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "A message says that it has %u bytes", header->length);
  else if (header->n_fds > CONVOKE_WIRE_MAX_FDS)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "A message says that it has %u descriptors", header->n_fds);
  else
    return TRUE;

  return FALSE;
}

gboolean
convoke_wire_parse_header (const guint8          *data,
                           gsize                  available,
                           ConvokeMessageHeader  *header,
                           GError               **error)
{
  ConvokeWireReader reader;

  convoke_wire_reader_init (&reader, data, available, NULL, 0);
  return convoke_wire_get_u32 (&reader, &header->length, error) &&
         convoke_wire_get_u8 (&reader, &header->kind, error) &&
         convoke_wire_get_u8 (&reader, &header->flags, error) &&
         convoke_wire_get_u16 (&reader, &header->n_fds, error) &&
         convoke_wire_get_u64 (&reader, &header->id, error) &&
         check_header (header, error);
}
