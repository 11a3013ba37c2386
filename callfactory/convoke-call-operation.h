/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-server-call.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
ConvokeCall *convoke_call_new_operation (GObject    *source,
                                         const char *name);

CONVOKE_AVAILABLE_IN_0_1
ConvokeServerCall *convoke_call_begin_operation (ConvokeCall  *self,
                                                 GError      **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_call_finish_operation (ConvokeCall  *self,
                                        GValue       *result,
                                        GError      **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_call_complete_operation (ConvokeServerCall  *self,
                                                 const GValue       *result,
                                                 GError            **error);

G_END_DECLS
