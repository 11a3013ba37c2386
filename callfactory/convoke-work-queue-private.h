/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-work-queue.h"

G_BEGIN_DECLS

/* convoke_work_queue_new () that can fail, with OUT_OF_RESOURCES. */
ConvokeWorkQueue *convoke_work_queue_try_new (ConvokeWorkQueueKind   kind,
                                              GError               **error);

/* Its number; the table of numbers writes it, under its lock and atomically. */
guint            *convoke_work_queue_peek_id (ConvokeWorkQueue *self);

G_END_DECLS
