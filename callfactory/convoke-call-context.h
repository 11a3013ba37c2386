/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_CALL_CONTEXT (convoke_call_context_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeCallContext, convoke_call_context, CONVOKE, CALL_CONTEXT, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeCallContext *convoke_call_context_dup_current (GError **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCallContext *convoke_call_context_switch (ConvokeCallContext *context);

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_call_context_get_request_id (ConvokeCallContext *self);

CONVOKE_AVAILABLE_IN_0_1
gint64 convoke_call_context_get_deadline (ConvokeCallContext *self);

CONVOKE_AVAILABLE_IN_0_1
GCredentials *convoke_call_context_dup_credentials (ConvokeCallContext *self);

CONVOKE_AVAILABLE_IN_0_1
gint64 convoke_call_context_get_uid (ConvokeCallContext *self);

CONVOKE_AVAILABLE_IN_0_1
gint64 convoke_call_context_get_gid (ConvokeCallContext *self);

CONVOKE_AVAILABLE_IN_0_1
gint64 convoke_call_context_get_pid (ConvokeCallContext *self);

CONVOKE_AVAILABLE_IN_0_1
GCancellable *convoke_call_context_dup_cancellable (ConvokeCallContext *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_context_report_fraction (ConvokeCallContext *self,
                                           double              fraction);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_context_report_amount (ConvokeCallContext *self,
                                         guint64             done,
                                         guint64             total,
                                         const char         *unit);

CONVOKE_AVAILABLE_IN_0_1
void convoke_call_context_report_status (ConvokeCallContext *self,
                                         const char         *status);

G_END_DECLS
