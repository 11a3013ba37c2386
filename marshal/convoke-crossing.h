/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-interface-info.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_method_info_can_cross (const ConvokeMethodInfo  *self,
                                        GError                  **error);

CONVOKE_AVAILABLE_IN_0_1
char **convoke_interface_info_dup_confined_methods (const ConvokeInterfaceInfo   *self,
                                                    char                       ***reasons) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
