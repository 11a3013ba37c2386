/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-client-security.h"
#include "convoke-error.h"

/**
 * ConvokeClientSecurity:
 *
 * What the calls of a call object say of their caller, and allow (SEC-7).
 *
 * The call object of a proxy implements it. That of an object which is called
 * where it is does not: there the implementation is the caller's own code, and
 * the query answers %CONVOKE_ERROR_NO_INTERFACE.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (ConvokeClientSecurity, convoke_client_security, G_TYPE_OBJECT)

static void
convoke_client_security_default_init (ConvokeClientSecurityInterface *iface)
{
}

/**
 * convoke_client_security_query_blanket:
 * @self: a call object
 * @authentication: (out) (optional): how the implementation knows who calls
 * @level: (out) (optional): what calls that are begun now allow
 *
 * Tells what the calls of a call object say of their caller. Any thread may call
 * this.
 *
 * Since: 0.1
 */
void
convoke_client_security_query_blanket (ConvokeClientSecurity      *self,
                                       ConvokeAuthentication      *authentication,
                                       ConvokeImpersonationLevel  *level)
{
  ConvokeAuthentication known_by = CONVOKE_AUTHENTICATION_NONE;
  ConvokeImpersonationLevel allowed = CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS;

  g_return_if_fail (CONVOKE_IS_CLIENT_SECURITY (self));

  CONVOKE_CLIENT_SECURITY_GET_IFACE (self)->query_blanket (self, &known_by, &allowed);

  if (authentication != NULL)
    *authentication = known_by;
  if (level != NULL)
    *level = allowed;
}

/**
 * convoke_client_security_set_blanket:
 * @self: a call object
 * @level: what the implementation may do with the caller's identity
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Sets what the calls that are begun from now on allow. A call in progress keeps
 * what it was begun with.
 *
 * The other side's Convoke keeps to it. It is no protection from a process that
 * does not: what the kernel tells about a connection cannot be hidden.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_INVALID_ARGUMENT for
 * anything that is no level.
 *
 * Returns: %TRUE when it was set
 *
 * Since: 0.1
 */
gboolean
convoke_client_security_set_blanket (ConvokeClientSecurity      *self,
                                     ConvokeImpersonationLevel   level,
                                     GError                    **error)
{
  g_return_val_if_fail (CONVOKE_IS_CLIENT_SECURITY (self), FALSE);

  if (level >= CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS && level <= CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE)
    return CONVOKE_CLIENT_SECURITY_GET_IFACE (self)->set_blanket (self, level, error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "%d is no impersonation level", (int) level);
  return FALSE;
}
