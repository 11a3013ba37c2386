/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-synchronize-handle.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_EVENT (convoke_event_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeEvent, convoke_event, CONVOKE, EVENT, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeEvent *convoke_event_new (gboolean manual_reset);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_event_get_manual_reset (ConvokeEvent *self);

G_END_DECLS
