/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-reply-service.h"

#include "convoke-error.h"

/**
 * ConvokeReplyService:
 *
 * Something that performs requests which have a name and parameters.
 *
 * It is an interface like any other: its one method is called at any distance
 * and in any of the ways that there are. [class@Convoke.ReplyProvider]
 * implements it for providers that complete their requests later, by id.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (ConvokeReplyService, convoke_reply_service, G_TYPE_OBJECT)

static void
convoke_reply_service_default_init (ConvokeReplyServiceInterface *iface)
{
}

/**
 * convoke_reply_service_perform:
 * @self: a service
 * @name: which request
 * @parameters: (nullable): what the request says
 * @error: return location for an error, or %NULL
 *
 * Performs a request.
 *
 * Returns: (transfer full) (nullable): the result; %NULL, with @error unset,
 *   when the request gives none
 *
 * Since: 0.1
 */
GVariant *
convoke_reply_service_perform (ConvokeReplyService  *self,
                               const char           *name,
                               GVariant             *parameters,
                               GError              **error)
{
  g_return_val_if_fail (CONVOKE_IS_REPLY_SERVICE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (CONVOKE_REPLY_SERVICE_GET_IFACE (self)->perform != NULL)
    return CONVOKE_REPLY_SERVICE_GET_IFACE (self)->perform (self, name, parameters, error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s does not implement perform", G_OBJECT_TYPE_NAME (self));
  return NULL;
}
