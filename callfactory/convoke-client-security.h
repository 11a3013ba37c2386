/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-server-security.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_CLIENT_SECURITY (convoke_client_security_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (ConvokeClientSecurity, convoke_client_security, CONVOKE, CLIENT_SECURITY, GObject)

/**
 * ConvokeClientSecurityInterface:
 * @query_blanket: tells what the calls say of their caller
 * @set_blanket: changes it for the calls that are begun from now on
 *
 * The security of the calls of a call object, at the caller's side.
 *
 * Since: 0.1
 */
struct _ConvokeClientSecurityInterface
{
  /*< private >*/
  GTypeInterface parent_iface;

  /*< public >*/
  void     (*query_blanket) (ConvokeClientSecurity      *self,
                             ConvokeAuthentication      *authentication,
                             ConvokeImpersonationLevel  *level);
  gboolean (*set_blanket)   (ConvokeClientSecurity      *self,
                             ConvokeImpersonationLevel   level,
                             GError                    **error);
};

CONVOKE_AVAILABLE_IN_0_1
void convoke_client_security_query_blanket (ConvokeClientSecurity      *self,
                                            ConvokeAuthentication      *authentication,
                                            ConvokeImpersonationLevel  *level);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_client_security_set_blanket (ConvokeClientSecurity      *self,
                                              ConvokeImpersonationLevel   level,
                                              GError                    **error);

G_END_DECLS
