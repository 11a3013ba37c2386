/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Items run one at a time, first in, first out, by whichever thread of the
 * target comes: the end of one happens before the start of the next. What is
 * queued keeps the queue alive and runs, also when everybody else let go of it.
 */

#include "convoke-target-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeSerial ConvokeSerial;

/* Its items run on the workers of the pool. */
ConvokeSerial *convoke_serial_new        (void);

/* Its items run where @target, of which it takes the reference, runs its own. */
ConvokeSerial *convoke_serial_new_over   (const ConvokeTargetFuncs *funcs,
                                          gpointer                  target);

ConvokeSerial *convoke_serial_ref        (ConvokeSerial *self);
void           convoke_serial_unref      (ConvokeSerial *self);

/* No allocation at rest. In a forked child nothing runs. */
void           convoke_serial_push       (ConvokeSerial   *self,
                                          ConvokeWorkFunc  func,
                                          gpointer         data);

/*
 * In an item of @self: the next one does not start when this one returns, but
 * when the hold is released, once, by any thread, also before this one returns.
 */
void           convoke_serial_hold       (ConvokeSerial *self);
void           convoke_serial_release    (ConvokeSerial *self);

/* NULL: it is not over a pool. */
ConvokePool   *convoke_serial_get_pool   (ConvokeSerial *self);

/* Of one that is over a pool: where its next turns are. */
void           convoke_serial_set_pool   (ConvokeSerial *self,
                                          ConvokePool   *pool);

/* Asked in an item of @self: TRUE when more is queued, on it or on its target. */
gboolean       convoke_serial_has_queued (ConvokeSerial *self);

/* TRUE on the thread that runs an item of @self, also as an item of a queue over it. */
gboolean       convoke_serial_is_current (ConvokeSerial *self);

/* TRUE on a thread that runs an item of any. */
gboolean       convoke_serial_is_inside  (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeSerial, convoke_serial_unref)

G_END_DECLS
