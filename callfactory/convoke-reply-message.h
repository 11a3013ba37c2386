/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-call.h>

G_BEGIN_DECLS

/**
 * ConvokeReplyKind:
 * @CONVOKE_REPLY_KIND_REPLY: a request has ended; the message has its id
 * @CONVOKE_REPLY_KIND_EVENT: an open object has emitted a signal
 * @CONVOKE_REPLY_KIND_CLOSED: an open object is gone for good, and not open any more
 *
 * What a message tells.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_REPLY_KIND_REPLY,
  CONVOKE_REPLY_KIND_EVENT,
  CONVOKE_REPLY_KIND_CLOSED,
} ConvokeReplyKind;

#define CONVOKE_TYPE_REPLY_MESSAGE (convoke_reply_message_get_type ())
CONVOKE_AVAILABLE_IN_0_1
GType convoke_reply_message_get_type (void);

typedef struct _ConvokeReplyMessage ConvokeReplyMessage;

CONVOKE_AVAILABLE_IN_0_1
ConvokeReplyMessage *convoke_reply_message_ref (ConvokeReplyMessage *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_reply_message_unref (ConvokeReplyMessage *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeReplyKind convoke_reply_message_get_kind (ConvokeReplyMessage *self);

CONVOKE_AVAILABLE_IN_0_1
gint32 convoke_reply_message_get_request_id (ConvokeReplyMessage *self);

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_reply_message_get_key (ConvokeReplyMessage *self);

CONVOKE_AVAILABLE_IN_0_1
const GError *convoke_reply_message_get_error (ConvokeReplyMessage *self);

CONVOKE_AVAILABLE_IN_0_1
gint32 convoke_reply_message_get_status (ConvokeReplyMessage *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_reply_message_check (ConvokeReplyMessage  *self,
                                      GError              **error);

CONVOKE_AVAILABLE_IN_0_1
GValue *convoke_reply_message_dup_values (ConvokeReplyMessage *self,
                                          guint               *n_values);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_reply_message_dup_object (ConvokeReplyMessage *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCall *convoke_reply_message_dup_call (ConvokeReplyMessage *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_reply_message_get_signal (ConvokeReplyMessage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeReplyMessage, convoke_reply_message_unref)

G_END_DECLS
