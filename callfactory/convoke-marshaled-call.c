/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The call object of a proxy: a call object that also answers for security
 * (SEC-7).
 */

#include "config.h"

#include "convoke-call-private.h"
#include "convoke-carrier-private.h"
#include "convoke-client-security.h"

G_DECLARE_FINAL_TYPE (ConvokeMarshaledCall, convoke_marshaled_call, CONVOKE, MARSHALED_CALL, ConvokeCall)

struct _ConvokeMarshaledCall
{
  ConvokeCall parent_instance;
};

static void
convoke_marshaled_call_query_blanket (ConvokeClientSecurity     *security,
                                      ConvokeAuthentication     *authentication,
                                      ConvokeImpersonationLevel *level)
{
  ConvokeCall *self = CONVOKE_CALL (security);
  g_autoptr (GObject) object = convoke_call_dup_object (self);
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_dup_for_object (object);

  *level = convoke_call_get_impersonation_level (self);
  if (*level == CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS)
    *authentication = CONVOKE_AUTHENTICATION_NONE;
  else if (convoke_apartment_is_remote (apartment))
    *authentication = CONVOKE_AUTHENTICATION_PEER;
  else
    *authentication = CONVOKE_AUTHENTICATION_SAME_PROCESS;
}

static gboolean
convoke_marshaled_call_set_blanket (ConvokeClientSecurity      *security,
                                    ConvokeImpersonationLevel   level,
                                    GError                    **error)
{
  convoke_call_set_impersonation_level (CONVOKE_CALL (security), level);
  return TRUE;
}

static void
convoke_marshaled_call_security_init (ConvokeClientSecurityInterface *iface)
{
  iface->query_blanket = convoke_marshaled_call_query_blanket;
  iface->set_blanket = convoke_marshaled_call_set_blanket;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeMarshaledCall, convoke_marshaled_call, CONVOKE_TYPE_CALL,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLIENT_SECURITY, convoke_marshaled_call_security_init))

static void
convoke_marshaled_call_class_init (ConvokeMarshaledCallClass *klass)
{
}

static void
convoke_marshaled_call_init (ConvokeMarshaledCall *self)
{
}
