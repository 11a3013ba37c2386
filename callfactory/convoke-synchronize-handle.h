/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-synchronize.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_SYNCHRONIZE_HANDLE (convoke_synchronize_handle_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (ConvokeSynchronizeHandle, convoke_synchronize_handle, CONVOKE, SYNCHRONIZE_HANDLE, GObject)

struct _ConvokeSynchronizeHandleInterface
{
  GTypeInterface parent_iface;

  int (*get_fd) (ConvokeSynchronizeHandle  *self,
                 GError                   **error);
};

CONVOKE_AVAILABLE_IN_0_1
int convoke_synchronize_handle_get_fd (ConvokeSynchronizeHandle  *self,
                                       GError                   **error);

CONVOKE_AVAILABLE_IN_0_1
GSource *convoke_synchronize_handle_create_source (ConvokeSynchronizeHandle  *self,
                                                   GError                   **error);

G_END_DECLS
