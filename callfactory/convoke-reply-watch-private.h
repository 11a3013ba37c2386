/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* An object that is open in a port: its signals become messages. */

#include "convoke-reply-core-private.h"

G_BEGIN_DECLS

ConvokeReplyWatch *convoke_reply_watch_new          (ConvokeReplyCore *core, GObject *object, GObject *identity, guint64 key);
ConvokeReplyWatch *convoke_reply_watch_ref          (ConvokeReplyWatch *self);
void               convoke_reply_watch_unref        (ConvokeReplyWatch *self);

gpointer           convoke_reply_watch_get_identity (ConvokeReplyWatch *self);

/* Which signals; replaces the choice before. @signals (nullable): all. FALSE: one of them is no signal of the object, and nothing
 * has changed. */
gboolean           convoke_reply_watch_connect      (ConvokeReplyWatch *self, const char * const *signals, GError **error);
/* For good. */
void               convoke_reply_watch_stop         (ConvokeReplyWatch *self);

G_END_DECLS
