/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-async-result.h>
#include <convoke-queue-event.h>
#include <convoke-synchronize-handle.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_EVENT_QUEUE (convoke_event_queue_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeEventQueue, convoke_event_queue, CONVOKE, EVENT_QUEUE, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeEventQueue *convoke_event_queue_new (void);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_event_queue_put (ConvokeEventQueue  *self,
                                  ConvokeQueueEvent  *event,
                                  GError            **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_event_queue_put_value (ConvokeEventQueue  *self,
                                        const char         *name,
                                        GVariant           *value,
                                        GError            **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_event_queue_put_object (ConvokeEventQueue  *self,
                                         const char         *name,
                                         GObject            *object,
                                         GError            **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeQueueEvent *convoke_event_queue_get (ConvokeEventQueue  *self,
                                            gint64              timeout,
                                            GError            **error) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_event_queue_begin_get (ConvokeEventQueue     *self,
                                        ConvokeAsyncCallback  *callback,
                                        GObject               *state,
                                        gboolean              *already,
                                        GError               **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeQueueEvent *convoke_event_queue_end_get (ConvokeEventQueue   *self,
                                                ConvokeAsyncResult  *result,
                                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
void convoke_event_queue_shutdown (ConvokeEventQueue *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_event_queue_is_shut_down (ConvokeEventQueue *self);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_event_queue_get_n_events (ConvokeEventQueue *self);

G_END_DECLS
