/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INET_INSIDE) && !defined (CONVOKE_INET_COMPILATION)
#error "Only <convoke-inet.h> can be included directly."
#endif

#include <convoke-inet-file.h>

G_BEGIN_DECLS

/**
 * ConvokeInetRequestFlags:
 * @CONVOKE_INET_REQUEST_NONE: HTTP, and redirects are followed
 * @CONVOKE_INET_REQUEST_NO_AUTO_REDIRECT: a redirecting answer is the answer; `INTERNET_FLAG_NO_AUTO_REDIRECT`
 * @CONVOKE_INET_REQUEST_SECURE: HTTPS; `INTERNET_FLAG_SECURE`
 * @CONVOKE_INET_REQUEST_ALLOW_DOWNGRADE: redirects may lead from HTTPS to HTTP; `INTERNET_FLAG_IGNORE_REDIRECT_TO_HTTP`
 *
 * How a request is made.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_INET_REQUEST_NONE             = 0,
  CONVOKE_INET_REQUEST_NO_AUTO_REDIRECT = 1 << 0,
  CONVOKE_INET_REQUEST_SECURE           = 1 << 1,
  CONVOKE_INET_REQUEST_ALLOW_DOWNGRADE  = 1 << 2,
} ConvokeInetRequestFlags;

/**
 * ConvokeInetHeaderFlags:
 * @CONVOKE_INET_HEADER_ADD: adds, beside others of that name; `HTTP_ADDREQ_FLAG_ADD`
 * @CONVOKE_INET_HEADER_ADD_IF_NEW: adds where there is none of that name; `HTTP_ADDREQ_FLAG_ADD_IF_NEW`
 * @CONVOKE_INET_HEADER_COALESCE: joins the values with a comma; `HTTP_ADDREQ_FLAG_COALESCE`
 * @CONVOKE_INET_HEADER_REPLACE: replaces those of that name, an empty value removes them; `HTTP_ADDREQ_FLAG_REPLACE`
 *
 * What [method@Request.add_headers] does where a header of the name is there.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_INET_HEADER_ADD        = 0,
  CONVOKE_INET_HEADER_ADD_IF_NEW = 1 << 0,
  CONVOKE_INET_HEADER_COALESCE   = 1 << 1,
  CONVOKE_INET_HEADER_REPLACE    = 1 << 2,
} ConvokeInetHeaderFlags;

#define CONVOKE_INET_TYPE_REQUEST (convoke_inet_request_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeInetRequest, convoke_inet_request, CONVOKE_INET, REQUEST, ConvokeInetFile)

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_inet_request_add_headers (ConvokeInetRequest      *self,
                                           const char              *headers,
                                           ConvokeInetHeaderFlags   flags,
                                           GError                 **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeHandleOutcome convoke_inet_request_send (ConvokeInetRequest  *self,
                                                const char          *headers,
                                                GBytes              *body,
                                                GError             **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeHandleOutcome convoke_inet_request_send_ex (ConvokeInetRequest  *self,
                                                   const char          *headers,
                                                   gint64               total,
                                                   GError             **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeHandleOutcome convoke_inet_request_end (ConvokeInetRequest  *self,
                                               GError             **error);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_inet_request_query_status (ConvokeInetRequest  *self,
                                         GError             **error);

CONVOKE_AVAILABLE_IN_0_1
char *convoke_inet_request_query_header (ConvokeInetRequest  *self,
                                         const char          *name,
                                         guint                index,
                                         GError             **error);

CONVOKE_AVAILABLE_IN_0_1
char *convoke_inet_request_query_headers (ConvokeInetRequest  *self,
                                          GError             **error);

CONVOKE_AVAILABLE_IN_0_1
char *convoke_inet_request_dup_url (ConvokeInetRequest *self);

G_END_DECLS
