/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-work-queue.h"

G_BEGIN_DECLS

/* (transfer full): where a completion goes: the queue that @self names, or the standard queue. NULL with INVALID_QUEUE when
 * that cannot keep what the flags of @self promise. */
ConvokeWorkQueue *convoke_async_callback_dup_queue (ConvokeAsyncCallback *self, GError **error);

/* FALSE with INVALID_ARGUMENT: it cannot be invoked. */
gboolean          convoke_async_callback_check     (ConvokeAsyncCallback *self, GError **error);

G_END_DECLS
