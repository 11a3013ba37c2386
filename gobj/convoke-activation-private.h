/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-activation.h"
#include "convoke-properties-private.h"

G_BEGIN_DECLS

#define CONVOKE_N_DISTANCES (CONVOKE_DISTANCE_PROCESS + 1)

/* What an activation wishes, as plain values: those of @self as they are now, or the defaults for NULL. */
typedef struct
{
  ConvokeDistance    distance;
  ConvokePlacement   placement;
  gint64             deadline;     /* monotonic, microseconds; -1: none */
  ConvokeProperties *properties;   /* (owned) (nullable): what the object is made with */
  GObject           *outer;        /* (owned) (nullable): what it is to be a part of */
} ConvokeWishes;

ConvokeWishes convoke_activation_get_wishes (ConvokeActivation *self);
void          convoke_wishes_clear          (ConvokeWishes *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConvokeWishes, convoke_wishes_clear)

/* "in-process", "thread", "process" */
const char   *convoke_distance_get_name (ConvokeDistance distance);

G_END_DECLS
