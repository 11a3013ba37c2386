/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-call.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_CALL_FACTORY (convoke_call_factory_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (ConvokeCallFactory, convoke_call_factory, CONVOKE, CALL_FACTORY, GObject)

struct _ConvokeCallFactoryInterface
{
  GTypeInterface parent_iface;

  ConvokeCall *(*create_call) (ConvokeCallFactory  *self,
                               GType                iface,
                               GObject             *outer,
                               ConvokeSynchronize  *sink,
                               GError             **error);
};

CONVOKE_AVAILABLE_IN_0_1
ConvokeCall *convoke_call_factory_create_call (ConvokeCallFactory  *self,
                                               GType                iface,
                                               GObject             *outer,
                                               ConvokeSynchronize  *sink,
                                               GError             **error);

G_END_DECLS
