/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Security at the implementation's side: the interface, which call contexts
 * implement, and its shortcuts for the call that a thread serves.
 */

#include "config.h"

#include "convoke-call-context.h"
#include "convoke-server-security.h"

/**
 * ConvokeServerSecurity:
 *
 * Who makes a call, and how to act as that user: a [class@CallContext]
 * implements it (SEC-3).
 *
 * Acting as the caller means that the calling thread opens, makes and removes
 * files as the caller's user and group, without supplementary groups. Where the
 * caller is the user that this process runs as, which is the only one that
 * connections accept by default, that changes nothing and always succeeds.
 * For another user it needs a privileged process, and is refused without.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (ConvokeServerSecurity, convoke_server_security, G_TYPE_OBJECT)

static void
convoke_server_security_default_init (ConvokeServerSecurityInterface *iface)
{
}

/**
 * convoke_server_security_query_blanket:
 * @self: the security of a call
 * @authentication: (out) (optional): how it is known who calls
 * @level: (out) (optional): what the caller allows
 * @credentials: (out) (optional) (nullable) (transfer full): who calls; %NULL
 *   when the caller stays anonymous
 *
 * Tells who calls (SEC-3). Any thread may call this, also when the call has
 * ended (P-7).
 *
 * Since: 0.1
 */
void
convoke_server_security_query_blanket (ConvokeServerSecurity      *self,
                                       ConvokeAuthentication      *authentication,
                                       ConvokeImpersonationLevel  *level,
                                       GCredentials              **credentials)
{
  ConvokeAuthentication known_by = CONVOKE_AUTHENTICATION_NONE;
  ConvokeImpersonationLevel allowed = CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS;
  g_autoptr (GCredentials) caller = NULL;

  g_return_if_fail (CONVOKE_IS_SERVER_SECURITY (self));

  CONVOKE_SERVER_SECURITY_GET_IFACE (self)->query_blanket (self, &known_by, &allowed, &caller);

  if (authentication != NULL)
    *authentication = known_by;
  if (level != NULL)
    *level = allowed;
  if (credentials != NULL)
    *credentials = g_steal_pointer (&caller);
}

/**
 * convoke_server_security_impersonate_client:
 * @self: the security of the call that the calling thread serves
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes the calling thread act as the caller, until it reverts or the method
 * returns, whichever is first (SEC-4). Doing so again changes nothing: one
 * revert undoes any number.
 *
 * Only files are touched as the caller. While the thread waits or calls through
 * Convoke, and in the threads of the library, everything is done as this process
 * itself; a thread that the implementation starts meanwhile acts as the caller
 * for as long as it lives.
 *
 * Only a thread that serves the call may do this: the one that runs the method,
 * or one into which the context was switched
 * ([method@CallContext.switch]; SEC-6). Fails with %CONVOKE_ERROR_CALL_COMPLETE on
 * any other and when the implementation has completed the call (SEC-5), and with
 * %CONVOKE_ERROR_ACCESS_DENIED when the caller does not allow it or this process
 * may not.
 *
 * Returns: %TRUE when the thread acts as the caller
 *
 * Since: 0.1
 */
gboolean
convoke_server_security_impersonate_client (ConvokeServerSecurity  *self,
                                            GError                **error)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_SECURITY (self), FALSE);

  return CONVOKE_SERVER_SECURITY_GET_IFACE (self)->impersonate_client (self, error);
}

/**
 * convoke_server_security_revert_to_self:
 * @self: the security of the call that the calling thread serves
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes the calling thread act as its own process again (SEC-4). It is a success
 * when it did so anyway.
 *
 * Fails with %CONVOKE_ERROR_CALL_COMPLETE on a thread that does not serve the
 * call.
 *
 * Returns: %TRUE when the thread acts as itself
 *
 * Since: 0.1
 */
gboolean
convoke_server_security_revert_to_self (ConvokeServerSecurity  *self,
                                        GError                **error)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_SECURITY (self), FALSE);

  return CONVOKE_SERVER_SECURITY_GET_IFACE (self)->revert_to_self (self, error);
}

/**
 * convoke_server_security_is_impersonating:
 * @self: the security of a call
 *
 * Tells whether the calling thread acts as the caller of this call.
 *
 * Returns: %TRUE between [method@ServerSecurity.impersonate_client] and the
 *   revert
 *
 * Since: 0.1
 */
gboolean
convoke_server_security_is_impersonating (ConvokeServerSecurity *self)
{
  g_return_val_if_fail (CONVOKE_IS_SERVER_SECURITY (self), FALSE);

  return CONVOKE_SERVER_SECURITY_GET_IFACE (self)->is_impersonating (self);
}

/**
 * convoke_impersonate_client:
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * [method@ServerSecurity.impersonate_client] for the call that the calling
 * thread serves (SEC-3).
 *
 * Fails as that does, and with %CONVOKE_ERROR_CALL_COMPLETE when the thread
 * serves no call (SEC-1).
 *
 * Returns: %TRUE when the thread acts as the caller
 *
 * Since: 0.1
 */
gboolean
convoke_impersonate_client (GError **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (error);

  return context != NULL && convoke_server_security_impersonate_client (CONVOKE_SERVER_SECURITY (context), error);
}

/**
 * convoke_revert_to_self:
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * [method@ServerSecurity.revert_to_self] for the call that the calling thread
 * serves (SEC-3).
 *
 * Fails with %CONVOKE_ERROR_CALL_COMPLETE when the thread serves no call
 * (SEC-1).
 *
 * Returns: %TRUE when the thread acts as itself
 *
 * Since: 0.1
 */
gboolean
convoke_revert_to_self (GError **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (error);

  return context != NULL && convoke_server_security_revert_to_self (CONVOKE_SERVER_SECURITY (context), error);
}
