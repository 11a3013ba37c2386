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

/**
 * ConvokeCallFactoryInterface:
 * @create_call: makes a call object for one interface of the component; fails
 *   with %CONVOKE_ERROR_NO_INTERFACE where the component has none of its own
 *
 * What a component implements to run its methods its own way.
 *
 * Since: 0.1
 */
struct _ConvokeCallFactoryInterface
{
  /*< private >*/
  GTypeInterface parent_iface;

  /*< public >*/
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
