/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-server-call.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_PENDING_CALLS (convoke_pending_calls_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokePendingCalls, convoke_pending_calls, CONVOKE, PENDING_CALLS, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokePendingCalls *convoke_pending_calls_new (void);

CONVOKE_AVAILABLE_IN_0_1
gint32 convoke_pending_calls_add (ConvokePendingCalls  *self,
                                  ConvokeServerCall    *call,
                                  GError              **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeServerCall *convoke_pending_calls_dup_call (ConvokePendingCalls  *self,
                                                   gint32                request_id,
                                                   GError              **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pending_calls_complete (ConvokePendingCalls  *self,
                                         gint32                request_id,
                                         const GValue         *outs,
                                         guint                 n_outs,
                                         GError              **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pending_calls_abort (ConvokePendingCalls  *self,
                                      gint32                request_id,
                                      const GError         *reason,
                                      GError              **error);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_pending_calls_get_n_calls (ConvokePendingCalls *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pending_calls_close (ConvokePendingCalls  *self,
                                      GError              **error);

G_END_DECLS
