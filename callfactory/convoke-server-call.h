/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-call.h>
#include <convoke-call-context.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_SERVER_CALL (convoke_server_call_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeServerCall, convoke_server_call, CONVOKE, SERVER_CALL, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeServerCall *convoke_server_call_defer (GObject  *object,
                                              GError  **error);

CONVOKE_AVAILABLE_IN_0_1
char *convoke_server_call_dup_method (ConvokeServerCall *self);

CONVOKE_AVAILABLE_IN_0_1
GValue *convoke_server_call_dup_args (ConvokeServerCall *self,
                                      guint             *n_args);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_call_complete (ConvokeServerCall  *self,
                                       GError            **error,
                                       ...);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_call_complete_values (ConvokeServerCall  *self,
                                              const GValue       *outs,
                                              guint               n_outs,
                                              GError            **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_call_abort (ConvokeServerCall  *self,
                                    const GError       *reason,
                                    GError            **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_call_test_cancel (ConvokeServerCall  *self,
                                          GError            **error);

CONVOKE_AVAILABLE_IN_0_1
void convoke_server_call_refuse_cancel (ConvokeServerCall *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCallContext *convoke_server_call_dup_context (ConvokeServerCall *self);

G_END_DECLS
