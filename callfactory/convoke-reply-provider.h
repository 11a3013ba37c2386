/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-pending-calls.h>
#include <convoke-reply-service.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_REPLY_PROVIDER (convoke_reply_provider_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (ConvokeReplyProvider, convoke_reply_provider, CONVOKE, REPLY_PROVIDER, GObject)

/**
 * ConvokeReplyProviderClass:
 * @request: begins a request. Returns @request_id when it is accepted, and then
 *   completes it once with [method@ReplyProvider.complete] or
 *   [method@ReplyProvider.fail], from any thread, before or after it has
 *   returned (TA-10); or a negative number, with an error, when it is not (0 with
 *   an error will do). Anything else is the provider's fault, and ends the request with
 *   %CONVOKE_ERROR_SERVER_FAULT (TA-31)
 *
 * The class of providers.
 *
 * Since: 0.1
 */
struct _ConvokeReplyProviderClass
{
  /*< private >*/
  GObjectClass parent_class;

  /*< public >*/
  gint32 (*request) (ConvokeReplyProvider  *self,
                     gint32                 request_id,
                     const char            *name,
                     GVariant              *parameters,
                     GError               **error);

  /*< private >*/
  gpointer padding[8];
};

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_reply_provider_complete (ConvokeReplyProvider  *self,
                                          gint32                 request_id,
                                          GVariant              *result,
                                          GError               **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_reply_provider_fail (ConvokeReplyProvider  *self,
                                      gint32                 request_id,
                                      const GError          *reason,
                                      GError               **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeServerCall *convoke_reply_provider_dup_call (ConvokeReplyProvider  *self,
                                                    gint32                 request_id,
                                                    GError               **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_reply_provider_close (ConvokeReplyProvider  *self,
                                       GError               **error);

G_END_DECLS
