/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_CONTEXT_WATCH (convoke_context_watch_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeContextWatch, convoke_context_watch, CONVOKE, CONTEXT_WATCH, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeContextWatch *convoke_context_watch_new (GMainContext  *context,
                                                GError       **error);

CONVOKE_AVAILABLE_IN_0_1
int convoke_context_watch_get_fd (ConvokeContextWatch *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_context_watch_dispatch (ConvokeContextWatch *self);

G_END_DECLS
