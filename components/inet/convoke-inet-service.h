/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INET_INSIDE) && !defined (CONVOKE_INET_COMPILATION)
#error "Only <convoke-inet.h> can be included directly."
#endif

#include <convoke.h>

G_BEGIN_DECLS

/**
 * ConvokeInetService:
 * @CONVOKE_INET_SERVICE_FTP: FTP, which is not spoken yet
 * @CONVOKE_INET_SERVICE_GOPHER: Gopher, which is not spoken yet
 * @CONVOKE_INET_SERVICE_HTTP: HTTP and HTTPS
 *
 * What a connection is used for. The numbers are WinINet's.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_INET_SERVICE_FTP    = 1,
  CONVOKE_INET_SERVICE_GOPHER = 2,
  CONVOKE_INET_SERVICE_HTTP   = 3,
} ConvokeInetService;

G_END_DECLS
