/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-synchronize.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_wait_for_multiple (ConvokeSynchronize * const  *objects,
                                    guint                        n_objects,
                                    ConvokeWaitFlags             flags,
                                    gint64                       timeout,
                                    guint                       *index,
                                    GError                     **error);

G_END_DECLS
