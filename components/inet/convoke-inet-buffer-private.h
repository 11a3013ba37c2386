/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Bytes between a reader and a writer, in order, with a bound. Who holds it
 * locks it; it knows nothing of threads.
 */
typedef struct
{
  GQueue chunks;  /* of owned GBytes, none of them empty */
  gsize  length;  /* bytes */
  gsize  limit;   /* bytes; one chunk more than this is taken when it is empty */
} ConvokeInetBuffer;

void     convoke_inet_buffer_init  (ConvokeInetBuffer *self,
                                    gsize              limit);
void     convoke_inet_buffer_clear (ConvokeInetBuffer *self);

/* Whether @n more bytes may come. */
gboolean convoke_inet_buffer_has_room (const ConvokeInetBuffer *self,
                                       gsize                    n);

void     convoke_inet_buffer_push  (ConvokeInetBuffer *self,
                                    GBytes            *bytes);

/* Takes at most @n bytes out; an empty GBytes where there are none. */
GBytes  *convoke_inet_buffer_take  (ConvokeInetBuffer *self,
                                    gsize              n);

/* The same, copied to @to; returns how many. */
gsize    convoke_inet_buffer_copy  (ConvokeInetBuffer *self,
                                    char              *to,
                                    gsize              n);

G_END_DECLS
