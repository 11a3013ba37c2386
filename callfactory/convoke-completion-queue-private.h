/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-completion-queue.h"

G_BEGIN_DECLS

/* Any thread. */
void convoke_completion_queue_post_completed (ConvokeCompletionQueue *self, guint64 key);
/* Coalesced: a key that is already in the list of progress is not added twice. */
void convoke_completion_queue_post_progress  (ConvokeCompletionQueue *self, guint64 key);

G_END_DECLS
