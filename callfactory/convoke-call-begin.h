/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-call.h>
#include <convoke-work-queue.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
ConvokeAsyncResult *convoke_call_method_begin (GObject               *object,
                                               GType                  iface,
                                               const char            *method,
                                               const GValue          *args,
                                               guint                  n_args,
                                               gint64                 timeout,
                                               ConvokeAsyncCallback  *callback,
                                               GObject               *state,
                                               GError               **error);

CONVOKE_AVAILABLE_IN_0_1
GValue *convoke_call_method_end (GObject             *object,
                                 ConvokeAsyncResult  *result,
                                 guint               *n_outs,
                                 GError             **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCall *convoke_call_method_dup_call (ConvokeAsyncResult *result);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_call_add_async_callback (ConvokeCall           *self,
                                          ConvokeAsyncCallback  *callback,
                                          GObject               *state,
                                          GError               **error);

G_END_DECLS
