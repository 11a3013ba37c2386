/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Turns at what should be done by one thread at a time and may run anybody's
 * code. No lock is held in a turn: the thread that has it can come back to it
 * from within, and others wait for it long, but not for ever.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ConvokeTurn ConvokeTurn;

/* @of: a string that says what for. Look afterwards at what the last one left. NULL: another thread has it for too long; go on without. */
ConvokeTurn *convoke_turn_begin (const char *of);

/* @self: (nullable). */
void         convoke_turn_end   (ConvokeTurn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeTurn, convoke_turn_end)

G_END_DECLS
