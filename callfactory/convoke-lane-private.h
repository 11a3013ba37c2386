/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Threads of one class: a pool whose threads have the nice value of a class and
 * a priority within it. There are few, and they stay.
 */

#include "convoke-pool-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeLane ConvokeLane;

/* NOT_FOUND: no such class. INVALID_ARGUMENT: no such priority. */
ConvokeLane *convoke_lane_get          (const char *thread_class, int priority, GError **error);

const char  *convoke_lane_get_class    (ConvokeLane *self);
int          convoke_lane_get_priority (ConvokeLane *self);
ConvokePool *convoke_lane_get_pool     (ConvokeLane *self);

/* Makes sure that the calling thread, one of its pool or else one that becomes as those are, runs as it should. It may
 * ask for that, which takes a bounded time. */
gboolean     convoke_lane_enter        (ConvokeLane *self, GError **error);

/* The same for any thread of its own; waits for that. */
gboolean     convoke_lane_try          (ConvokeLane *self, GError **error);

G_END_DECLS
