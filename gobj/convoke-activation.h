/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-component.h>

G_BEGIN_DECLS

/**
 * ConvokeDistance:
 * @CONVOKE_DISTANCE_DEFAULT: what the keyfile says
 * @CONVOKE_DISTANCE_IN_PROCESS: in the caller's process, where its threading allows
 * @CONVOKE_DISTANCE_THREAD: in the caller's process, on a thread of its own
 * @CONVOKE_DISTANCE_PROCESS: in another process
 *
 * How far away a component lives (design D8).
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_DISTANCE_DEFAULT,
  CONVOKE_DISTANCE_IN_PROCESS,
  CONVOKE_DISTANCE_THREAD,
  CONVOKE_DISTANCE_PROCESS,
} ConvokeDistance;

/**
 * ConvokePlacement:
 * @CONVOKE_PLACEMENT_DEFAULT: what the keyfile says
 * @CONVOKE_PLACEMENT_PREFER: the next shorter distance will do
 * @CONVOKE_PLACEMENT_MUST: activation fails
 * @CONVOKE_PLACEMENT_OFF: the distance is not tried; the component runs in the caller's process
 *
 * What happens where a distance cannot be had (design D8).
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_PLACEMENT_DEFAULT,
  CONVOKE_PLACEMENT_PREFER,
  CONVOKE_PLACEMENT_MUST,
  CONVOKE_PLACEMENT_OFF,
} ConvokePlacement;

#define CONVOKE_TYPE_ACTIVATION (convoke_activation_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeActivation, convoke_activation, CONVOKE, ACTIVATION, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeActivation *convoke_activation_new (void);

CONVOKE_AVAILABLE_IN_0_1
void convoke_activation_set_distance (ConvokeActivation *self,
                                      ConvokeDistance    distance,
                                      ConvokePlacement   placement);

CONVOKE_AVAILABLE_IN_0_1
void convoke_activation_set_timeout (ConvokeActivation *self,
                                     gint64             timeout);

CONVOKE_AVAILABLE_IN_0_1
void convoke_activation_set_construct_property (ConvokeActivation *self,
                                                const char        *name,
                                                const GValue      *value);

CONVOKE_AVAILABLE_IN_0_1
void convoke_activation_set_outer (ConvokeActivation *self,
                                   ConvokeComponent  *outer);

G_END_DECLS
