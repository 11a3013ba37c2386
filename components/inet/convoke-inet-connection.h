/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INET_INSIDE) && !defined (CONVOKE_INET_COMPILATION)
#error "Only <convoke-inet.h> can be included directly."
#endif

#include <convoke-inet-request.h>
#include <convoke-inet-service.h>

G_BEGIN_DECLS

#define CONVOKE_INET_TYPE_CONNECTION (convoke_inet_connection_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeInetConnection, convoke_inet_connection, CONVOKE_INET, CONNECTION, ConvokeHandle)

CONVOKE_AVAILABLE_IN_0_1
ConvokeInetRequest *convoke_inet_connection_open_request (ConvokeInetConnection    *self,
                                                          const char               *verb,
                                                          const char               *path,
                                                          ConvokeInetRequestFlags   flags,
                                                          gsize                     context,
                                                          GError                  **error);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_inet_connection_get_host (ConvokeInetConnection *self);

CONVOKE_AVAILABLE_IN_0_1
guint16 convoke_inet_connection_get_port (ConvokeInetConnection *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeInetService convoke_inet_connection_get_service (ConvokeInetConnection *self);

G_END_DECLS
