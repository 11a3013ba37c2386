/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/* Notices of many calls gathered for one reader: fd + take. */
#define CONVOKE_TYPE_COMPLETION_QUEUE (convoke_completion_queue_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeCompletionQueue, convoke_completion_queue, CONVOKE, COMPLETION_QUEUE, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeCompletionQueue *convoke_completion_queue_new (GError **error);

CONVOKE_AVAILABLE_IN_0_1
int convoke_completion_queue_get_fd (ConvokeCompletionQueue *self);

/* Empties the queue: the keys of completed calls in order of completion, and the keys of calls with news of progress
 * in @progress. (out) (array length) both. */
CONVOKE_AVAILABLE_IN_0_1
void convoke_completion_queue_take (ConvokeCompletionQueue  *self,
                                    guint64                **completed,
                                    guint                   *n_completed,
                                    guint64                **progress,
                                    guint                   *n_progress);

G_END_DECLS
