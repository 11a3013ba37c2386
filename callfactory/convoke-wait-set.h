/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-synchronize-container.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_WAIT_SET (convoke_wait_set_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeWaitSet, convoke_wait_set, CONVOKE, WAIT_SET, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeWaitSet *convoke_wait_set_new (void);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_wait_set_remove (ConvokeWaitSet     *self,
                                  ConvokeSynchronize *object);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_wait_set_get_n_members (ConvokeWaitSet *self);

G_END_DECLS
