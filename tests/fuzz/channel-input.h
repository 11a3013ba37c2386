/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a peer says, as the bytes of a fuzzer: a list of chunks, of which most
 * are messages, so that changed bytes get behind the headers.
 *
 *   1  what: the lower 4 bits a kind of message; bits 4 and 5 how many
 *      descriptors come with it; bit 7: no message, but bytes as they are
 *   1  flags of the header
 *   1  the number of the header: the lower 4 bits are the place of a call or
 *      the number of an object, the upper ones count calls
 *   2  length of what follows, little endian; no more than there is
 *      the body
 */

#include <glib.h>

#include "convoke-channel-private.h"

G_BEGIN_DECLS

#define CHANNEL_INPUT_RAW 0x80
#define CHANNEL_INPUT_HEADER 5
#define CHANNEL_INPUT_MAX_FDS 3

typedef struct
{
  guint8        what;
  guint8        flags;
  guint8        number;
  guint16       length;
  const guint8 *body;
} ChannelChunk;

/* FALSE: there is no more. */
gboolean channel_input_next (const guint8 **data, gsize *size, ChannelChunk *chunk);
/* The opposite. */
void     channel_input_append (GByteArray *input, const ChannelChunk *chunk);
guint64  channel_input_number (const ChannelChunk *chunk);

/* Says HELLO and then @data to @fd, of which nobody needs to read the other end. */
void     channel_input_say (int fd, const guint8 *data, gsize size);
/* Reads what the other end says until it ends: all of it must be messages. FALSE: it does not end. */
gboolean channel_input_listen (int fd);

G_END_DECLS
