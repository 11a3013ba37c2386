/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-inet-multi-private.h"
#include "convoke-inet-session.h"
#include "convoke-inet-url-private.h"

G_BEGIN_DECLS

/* A request below @parent with what @self says now. Takes @url. NULL: see the error. */
ConvokeInetRequest    *convoke_inet_session_make_request (ConvokeInetSession       *self,
                                                          ConvokeHandle            *parent,
                                                          const char               *verb,
                                                          ConvokeInetUrl           *url,
                                                          ConvokeInetRequestFlags   flags,
                                                          gsize                     context,
                                                          GError                  **error);

ConvokeInetConnection *convoke_inet_connection_new (ConvokeInetSession  *session,
                                                    const char          *host,
                                                    guint16              port,
                                                    ConvokeInetService   service,
                                                    const char          *user,
                                                    const char          *password,
                                                    gsize                context,
                                                    GError             **error);

G_END_DECLS
