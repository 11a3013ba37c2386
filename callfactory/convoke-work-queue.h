/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-async-result.h>

G_BEGIN_DECLS

/**
 * ConvokeWorkQueueKind:
 * @CONVOKE_WORK_QUEUE_SERIAL: one item at a time, each after the end of the one before
 * @CONVOKE_WORK_QUEUE_MULTITHREADED: items start in order and run side by side
 *
 * How a queue runs its items (MF-36, MF-37).
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_WORK_QUEUE_SERIAL,
  CONVOKE_WORK_QUEUE_MULTITHREADED,
} ConvokeWorkQueueKind;

/**
 * ConvokeWorkQueueFunc:
 * @user_data: what was given with the function
 *
 * A function that runs on a work queue.
 *
 * Since: 0.1
 */
typedef void (*ConvokeWorkQueueFunc) (gpointer user_data);

#define CONVOKE_TYPE_WORK_QUEUE (convoke_work_queue_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeWorkQueue, convoke_work_queue, CONVOKE, WORK_QUEUE, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeWorkQueue *convoke_work_queue_new (ConvokeWorkQueueKind kind);

CONVOKE_AVAILABLE_IN_0_1
ConvokeWorkQueue *convoke_work_queue_get_standard (void);

CONVOKE_AVAILABLE_IN_0_1
ConvokeWorkQueueKind convoke_work_queue_get_kind (ConvokeWorkQueue *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_queue_put (ConvokeWorkQueue      *self,
                                 ConvokeAsyncCallback  *callback,
                                 GObject               *state,
                                 GError               **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_queue_put_result (ConvokeWorkQueue    *self,
                                        ConvokeAsyncResult  *result,
                                        GError             **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_queue_put_function (ConvokeWorkQueue      *self,
                                          ConvokeWorkQueueFunc   func,
                                          gpointer               user_data,
                                          GDestroyNotify         destroy,
                                          GError               **error);

G_END_DECLS
