/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-call.h>
#include <convoke-work-queue.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
ConvokeCall *convoke_work_queue_begin_register (ConvokeWorkQueue      *self,
                                                const char            *thread_class,
                                                guint                  task_id,
                                                int                    priority,
                                                ConvokeAsyncCallback  *callback,
                                                GObject               *state,
                                                GError               **error);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_work_queue_end_register (ConvokeWorkQueue    *self,
                                       ConvokeAsyncResult  *result,
                                       GError             **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCall *convoke_work_queue_begin_unregister (ConvokeWorkQueue      *self,
                                                  ConvokeAsyncCallback  *callback,
                                                  GObject               *state,
                                                  GError               **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_queue_end_unregister (ConvokeWorkQueue    *self,
                                            ConvokeAsyncResult  *result,
                                            GError             **error);

CONVOKE_AVAILABLE_IN_0_1
char *convoke_work_queue_dup_thread_class (ConvokeWorkQueue *self);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_work_queue_get_task_id (ConvokeWorkQueue *self);

CONVOKE_AVAILABLE_IN_0_1
int convoke_work_queue_get_thread_priority (ConvokeWorkQueue *self);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_platform_register (const char  *thread_class,
                                 guint        task_id,
                                 int          priority,
                                 GError     **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_platform_unregister (GError **error);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_work_queue_lock_shared (const char  *thread_class,
                                      guint        task_id,
                                      int          base_priority,
                                      GError     **error);

G_END_DECLS
