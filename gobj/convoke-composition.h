/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-component.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_COMPOSITION (convoke_composition_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeComposition, convoke_composition, CONVOKE, COMPOSITION, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeComposition *convoke_composition_new (GType outer_type);

CONVOKE_AVAILABLE_IN_0_1
void convoke_composition_add (ConvokeComposition *self,
                              GObject            *inner);

CONVOKE_AVAILABLE_IN_0_1
void convoke_composition_add_interface (ConvokeComposition *self,
                                        GObject            *inner,
                                        GType               iface);

CONVOKE_AVAILABLE_IN_0_1
void convoke_composition_reserve (ConvokeComposition *self,
                                  GType               iface);

CONVOKE_AVAILABLE_IN_0_1
void convoke_composition_set_construct_property (ConvokeComposition *self,
                                                 const char         *name,
                                                 const GValue       *value);

CONVOKE_AVAILABLE_IN_0_1
ConvokeComponent *convoke_composition_create (ConvokeComposition  *self,
                                              GError             **error);

G_END_DECLS
