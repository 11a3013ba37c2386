/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-synchronize.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_SYNCHRONIZE_CONTAINER (convoke_synchronize_container_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (ConvokeSynchronizeContainer, convoke_synchronize_container, CONVOKE, SYNCHRONIZE_CONTAINER, GObject)

struct _ConvokeSynchronizeContainerInterface
{
  GTypeInterface parent_iface;

  gboolean            (*add)           (ConvokeSynchronizeContainer  *self,
                                        ConvokeSynchronize           *object,
                                        GError                      **error);
  ConvokeSynchronize *(*wait_multiple) (ConvokeSynchronizeContainer  *self,
                                        ConvokeWaitFlags              flags,
                                        gint64                        timeout,
                                        GError                      **error);
};

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_synchronize_container_add (ConvokeSynchronizeContainer  *self,
                                            ConvokeSynchronize           *object,
                                            GError                      **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeSynchronize *convoke_synchronize_container_wait_multiple (ConvokeSynchronizeContainer  *self,
                                                                 ConvokeWaitFlags              flags,
                                                                 gint64                        timeout,
                                                                 GError                      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
