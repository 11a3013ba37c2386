/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_HANDLE_RESULT (convoke_handle_result_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeHandleResult, convoke_handle_result, CONVOKE, HANDLE_RESULT, GObject)

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_handle_result_check (ConvokeHandleResult  *self,
                                      GError              **error);

CONVOKE_AVAILABLE_IN_0_1
const GValue *convoke_handle_result_get_value (ConvokeHandleResult *self);

CONVOKE_AVAILABLE_IN_0_1
const GValue *convoke_handle_result_get_values (ConvokeHandleResult *self,
                                                guint               *n_values);

G_END_DECLS
