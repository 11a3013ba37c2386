/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/**
 * ConvokeAuthentication:
 * @CONVOKE_AUTHENTICATION_NONE: the caller stays anonymous
 * @CONVOKE_AUTHENTICATION_SAME_PROCESS: the caller is this process itself
 * @CONVOKE_AUTHENTICATION_PEER: the kernel says which process is at the other
 *   end of the connection, and whose it is
 *
 * How it is known who calls.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_AUTHENTICATION_NONE,
  CONVOKE_AUTHENTICATION_SAME_PROCESS,
  CONVOKE_AUTHENTICATION_PEER,
} ConvokeAuthentication;

/**
 * ConvokeImpersonationLevel:
 * @CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS: the implementation is not told who
 *   calls
 * @CONVOKE_IMPERSONATION_LEVEL_IDENTIFY: it is told, and may not act as the
 *   caller
 * @CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE: it may act as the caller while it
 *   serves the call; this is what calls allow unless they are told otherwise
 *
 * What a caller allows the implementation to do with its identity. There is no
 * level that would let it pass the identity on to a third process.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS = 1,
  CONVOKE_IMPERSONATION_LEVEL_IDENTIFY,
  CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE,
} ConvokeImpersonationLevel;

#define CONVOKE_TYPE_SERVER_SECURITY (convoke_server_security_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (ConvokeServerSecurity, convoke_server_security, CONVOKE, SERVER_SECURITY, GObject)

/**
 * ConvokeServerSecurityInterface:
 * @query_blanket: tells who calls
 * @impersonate_client: makes the calling thread act as the caller
 * @revert_to_self: makes it act as its own process again
 * @is_impersonating: whether it acts as the caller
 *
 * The security of a call, at its implementation's side.
 *
 * Since: 0.1
 */
struct _ConvokeServerSecurityInterface
{
  /*< private >*/
  GTypeInterface parent_iface;

  /*< public >*/
  void     (*query_blanket)      (ConvokeServerSecurity      *self,
                                  ConvokeAuthentication      *authentication,
                                  ConvokeImpersonationLevel  *level,
                                  GCredentials              **credentials);
  gboolean (*impersonate_client) (ConvokeServerSecurity      *self,
                                  GError                    **error);
  gboolean (*revert_to_self)     (ConvokeServerSecurity      *self,
                                  GError                    **error);
  gboolean (*is_impersonating)   (ConvokeServerSecurity      *self);
};

CONVOKE_AVAILABLE_IN_0_1
void convoke_server_security_query_blanket (ConvokeServerSecurity      *self,
                                            ConvokeAuthentication      *authentication,
                                            ConvokeImpersonationLevel  *level,
                                            GCredentials              **credentials);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_security_impersonate_client (ConvokeServerSecurity  *self,
                                                     GError                **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_security_revert_to_self (ConvokeServerSecurity  *self,
                                                 GError                **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_security_is_impersonating (ConvokeServerSecurity *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_impersonate_client (GError **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_revert_to_self (GError **error);

G_END_DECLS
