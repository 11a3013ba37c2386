/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_QUEUE_EVENT (convoke_queue_event_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeQueueEvent, convoke_queue_event, CONVOKE, QUEUE_EVENT, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeQueueEvent *convoke_queue_event_new (const char *name,
                                            GVariant   *value,
                                            GObject    *object);

CONVOKE_AVAILABLE_IN_0_1
ConvokeQueueEvent *convoke_queue_event_new_failed (const char   *name,
                                                   GVariant     *value,
                                                   GObject      *object,
                                                   const GError *status);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_queue_event_get_name (ConvokeQueueEvent *self);

CONVOKE_AVAILABLE_IN_0_1
GVariant *convoke_queue_event_get_value (ConvokeQueueEvent *self);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_queue_event_get_object (ConvokeQueueEvent *self);

CONVOKE_AVAILABLE_IN_0_1
const GError *convoke_queue_event_get_status (ConvokeQueueEvent *self);

G_END_DECLS
