/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-reply-message-private.h"
#include "convoke-reply-queue.h"

G_BEGIN_DECLS

/* Delivers to @func from a main context instead of to takers; before the queue is shared. */
typedef void (*ConvokeReplyQueueFunc) (ConvokeReplyMessage *message, gpointer data);
void                 convoke_reply_queue_deliver   (ConvokeReplyQueue *self, GMainContext *context, ConvokeReplyQueueFunc func, gpointer data, GDestroyNotify destroy);
/* No delivery begins after this. Runs foreign code. */
void                 convoke_reply_queue_stop      (ConvokeReplyQueue *self);

/* Takes @message; FALSE: the queue is closed, and @message still the caller's. *due: convoke_reply_queue_wake () is due once the
 * caller's lock is gone; the queue must live until then. */
gboolean             convoke_reply_queue_push      (ConvokeReplyQueue *self, ConvokeReplyMessage *message, gboolean *due);
void                 convoke_reply_queue_wake      (ConvokeReplyQueue *self);

/* (transfer full) (nullable): those of @owner, about @identity (NULL: about anything), in order; to be dropped without a lock. */
ConvokeReplyMessage *convoke_reply_queue_withdraw  (ConvokeReplyQueue *self, gpointer owner, gpointer identity);

G_END_DECLS
