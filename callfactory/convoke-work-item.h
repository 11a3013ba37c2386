/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-synchronize.h>
#include <convoke-work-queue.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_work_item_schedule (gint64                 delay,
                                    ConvokeAsyncCallback  *callback,
                                    GObject               *state,
                                    GError               **error);

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_work_item_schedule_result (gint64               delay,
                                           ConvokeAsyncResult  *result,
                                           GError             **error);

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_work_item_schedule_function (gint64                 delay,
                                             ConvokeWorkQueueFunc   func,
                                             gpointer               user_data,
                                             GDestroyNotify         destroy,
                                             GError               **error);

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_work_item_add_periodic (gint64                 period,
                                        ConvokeWorkQueueFunc   func,
                                        gpointer               user_data,
                                        GDestroyNotify         destroy,
                                        GError               **error);

CONVOKE_AVAILABLE_IN_0_1
gint64 convoke_work_item_get_periodicity (void);

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_work_item_put_waiting (ConvokeSynchronize  *object,
                                       int                  priority,
                                       ConvokeAsyncResult  *result,
                                       GError             **error);

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_work_item_put_waiting_fd (int                  fd,
                                          GIOCondition         condition,
                                          int                  priority,
                                          ConvokeAsyncResult  *result,
                                          GError             **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_work_item_cancel (guint64   key,
                                   GError  **error);

G_END_DECLS
