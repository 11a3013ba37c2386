/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Items run one at a time, first in, first out, by whichever worker of the
 * pool comes: the end of one happens before the start of the next. What is
 * queued keeps the queue alive and runs, also when everybody else let go of it.
 */

#include "convoke-pool-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeSerial ConvokeSerial;

ConvokeSerial *convoke_serial_new        (void);
ConvokeSerial *convoke_serial_ref        (ConvokeSerial *self);
void           convoke_serial_unref      (ConvokeSerial *self);

/* No allocation at rest. In a forked child nothing runs. */
void           convoke_serial_push       (ConvokeSerial   *self,
                                          ConvokeWorkFunc  func,
                                          gpointer         data);

/* TRUE on the thread that runs an item of @self. */
gboolean       convoke_serial_is_current (ConvokeSerial *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeSerial, convoke_serial_unref)

G_END_DECLS
