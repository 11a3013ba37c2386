/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INET_INSIDE) && !defined (CONVOKE_INET_COMPILATION)
#error "Only <convoke-inet.h> can be included directly."
#endif

#include <convoke-inet-connection.h>

G_BEGIN_DECLS

#define CONVOKE_INET_TYPE_SESSION (convoke_inet_session_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeInetSession, convoke_inet_session, CONVOKE_INET, SESSION, ConvokeHandle)

CONVOKE_AVAILABLE_IN_0_1
ConvokeInetSession *convoke_inet_session_new (const char  *agent,
                                              gboolean     asynchronous,
                                              GError     **error);

CONVOKE_AVAILABLE_IN_0_1
void convoke_inet_session_set_proxy (ConvokeInetSession *self,
                                     const char         *proxy);

CONVOKE_AVAILABLE_IN_0_1
char *convoke_inet_session_dup_proxy (ConvokeInetSession *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_inet_session_set_ca_file (ConvokeInetSession *self,
                                       const char         *ca_file);

CONVOKE_AVAILABLE_IN_0_1
char *convoke_inet_session_dup_ca_file (ConvokeInetSession *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_inet_session_set_connect_timeout (ConvokeInetSession *self,
                                               gint64              timeout);

CONVOKE_AVAILABLE_IN_0_1
gint64 convoke_inet_session_get_connect_timeout (ConvokeInetSession *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeInetConnection *convoke_inet_session_connect (ConvokeInetSession  *self,
                                                     const char          *host,
                                                     guint16              port,
                                                     ConvokeInetService   service,
                                                     const char          *user,
                                                     const char          *password,
                                                     gsize                context,
                                                     GError             **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeHandleOutcome convoke_inet_session_open_url (ConvokeInetSession       *self,
                                                    const char               *url,
                                                    const char               *headers,
                                                    ConvokeInetRequestFlags   flags,
                                                    gsize                     context,
                                                    ConvokeInetRequest      **request,
                                                    GError                  **error);

G_END_DECLS
