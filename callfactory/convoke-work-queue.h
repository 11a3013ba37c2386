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
 * @CONVOKE_WORK_QUEUE_WINDOW: likewise, on one thread of its own that runs a main loop
 * @CONVOKE_WORK_QUEUE_MULTITHREADED: items start in order and run side by side
 * @CONVOKE_WORK_QUEUE_CONTEXT: one item at a time, where a main context of the program is iterated
 *
 * How a queue runs its items (MF-32, MF-36, MF-37).
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_WORK_QUEUE_SERIAL,
  CONVOKE_WORK_QUEUE_WINDOW,
  CONVOKE_WORK_QUEUE_MULTITHREADED,
  CONVOKE_WORK_QUEUE_CONTEXT,
} ConvokeWorkQueueKind;

/**
 * ConvokeWorkQueueId:
 * @CONVOKE_WORK_QUEUE_ID_UNDEFINED: no queue
 * @CONVOKE_WORK_QUEUE_ID_STANDARD: serial; callbacks that name no queue come here
 * @CONVOKE_WORK_QUEUE_ID_RT: serial; for what must not be late
 * @CONVOKE_WORK_QUEUE_ID_IO: serial; for very short callbacks of input and output
 * @CONVOKE_WORK_QUEUE_ID_TIMER: serial; timed items come here
 * @CONVOKE_WORK_QUEUE_ID_MULTITHREADED: items start in order and run side by side
 * @CONVOKE_WORK_QUEUE_ID_LONG_FUNCTION: serial; for what takes long
 *
 * The queues that every process has, by the numbers that they always had
 * (MF-31).
 *
 * The numbers of a program's own queues have a bit in 0xFFFF0000.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_WORK_QUEUE_ID_UNDEFINED     = 0,
  CONVOKE_WORK_QUEUE_ID_STANDARD      = 1,
  CONVOKE_WORK_QUEUE_ID_RT            = 2,
  CONVOKE_WORK_QUEUE_ID_IO            = 3,
  CONVOKE_WORK_QUEUE_ID_TIMER         = 4,
  CONVOKE_WORK_QUEUE_ID_MULTITHREADED = 5,
  CONVOKE_WORK_QUEUE_ID_LONG_FUNCTION = 7,
} ConvokeWorkQueueId;

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
ConvokeWorkQueue *convoke_work_queue_new_for_context (GMainContext *context);

CONVOKE_AVAILABLE_IN_0_1
ConvokeWorkQueue *convoke_work_queue_new_serial (ConvokeWorkQueue  *target,
                                                 GError           **error) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
ConvokeWorkQueue *convoke_work_queue_get_standard (void);

CONVOKE_AVAILABLE_IN_0_1
ConvokeWorkQueue *convoke_work_queue_get_well_known (ConvokeWorkQueueId id);

CONVOKE_AVAILABLE_IN_0_1
ConvokeWorkQueueKind convoke_work_queue_get_kind (ConvokeWorkQueue *self);

CONVOKE_AVAILABLE_IN_0_1
GMainContext *convoke_work_queue_get_context (ConvokeWorkQueue *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_queue_put (ConvokeWorkQueue      *self,
                                 ConvokeAsyncCallback  *callback,
                                 GObject               *state,
                                 GError               **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_queue_put_full (ConvokeWorkQueue      *self,
                                      int                    priority,
                                      ConvokeAsyncCallback  *callback,
                                      GObject               *state,
                                      GError               **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_queue_put_result (ConvokeWorkQueue    *self,
                                        ConvokeAsyncResult  *result,
                                        GError             **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_queue_put_result_full (ConvokeWorkQueue    *self,
                                             int                  priority,
                                             ConvokeAsyncResult  *result,
                                             GError             **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_queue_put_function (ConvokeWorkQueue      *self,
                                          ConvokeWorkQueueFunc   func,
                                          gpointer               user_data,
                                          GDestroyNotify         destroy,
                                          GError               **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_queue_put_function_full (ConvokeWorkQueue      *self,
                                               int                    priority,
                                               ConvokeWorkQueueFunc   func,
                                               gpointer               user_data,
                                               GDestroyNotify         destroy,
                                               GError               **error);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_work_queue_allocate (ConvokeWorkQueueKind   kind,
                                   GError               **error);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_work_queue_lock (ConvokeWorkQueue  *self,
                               GError           **error);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_work_queue_get_id (ConvokeWorkQueue *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeWorkQueue *convoke_work_queue_lookup (guint    id,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_queue_lock_id (guint    id,
                                     GError **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_queue_unlock_id (guint    id,
                                       GError **error);

G_END_DECLS
