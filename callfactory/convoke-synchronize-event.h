/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-synchronize-handle.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_SYNCHRONIZE_EVENT (convoke_synchronize_event_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (ConvokeSynchronizeEvent, convoke_synchronize_event, CONVOKE, SYNCHRONIZE_EVENT, ConvokeSynchronizeHandle)

struct _ConvokeSynchronizeEventInterface
{
  GTypeInterface parent_iface;

  gboolean (*set_event_handle) (ConvokeSynchronizeEvent  *self,
                                int                       fd,
                                GError                  **error);
};

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_synchronize_event_set_event_handle (ConvokeSynchronizeEvent  *self,
                                                     int                       fd,
                                                     GError                  **error);

G_END_DECLS
