/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-call.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_call_dup_begin_face (ConvokeCall  *self,
                                      GError      **error);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_call_dup_finish_face (ConvokeCall  *self,
                                       GError      **error);

G_END_DECLS
