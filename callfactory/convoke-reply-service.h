/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_REPLY_SERVICE (convoke_reply_service_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (ConvokeReplyService, convoke_reply_service, CONVOKE, REPLY_SERVICE, GObject)

/**
 * ConvokeReplyServiceInterface:
 * @perform: see [method@ReplyService.perform]
 *
 * The interface of what performs requests by name.
 *
 * Since: 0.1
 */
struct _ConvokeReplyServiceInterface
{
  /*< private >*/
  GTypeInterface parent_iface;

  /*< public >*/
  GVariant *(*perform) (ConvokeReplyService  *self,
                        const char           *name,
                        GVariant             *parameters,
                        GError              **error);
};

CONVOKE_AVAILABLE_IN_0_1
GVariant *convoke_reply_service_perform (ConvokeReplyService  *self,
                                         const char           *name,
                                         GVariant             *parameters,
                                         GError              **error);

G_END_DECLS
