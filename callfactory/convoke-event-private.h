/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-event.h"
#include "convoke-event-core-private.h"

G_BEGIN_DECLS

/* (nullable): NULL when it uses a descriptor of somebody else. */
ConvokeEventCore *convoke_event_get_core (ConvokeEvent *self);

G_END_DECLS
