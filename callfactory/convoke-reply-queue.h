/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-reply-message.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_REPLY_QUEUE (convoke_reply_queue_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeReplyQueue, convoke_reply_queue, CONVOKE, REPLY_QUEUE, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeReplyQueue *convoke_reply_queue_new (void);

CONVOKE_AVAILABLE_IN_0_1
ConvokeReplyMessage *convoke_reply_queue_take (ConvokeReplyQueue  *self,
                                               gint64              timeout,
                                               GError            **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_reply_queue_close (ConvokeReplyQueue  *self,
                                    GError            **error);

G_END_DECLS
