/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The functions in the slots of a composed class: number (part, slot) calls
 * slot @slot of the interface struct of part @part, with that part's object
 * instead of the instance. They know no signature: they jump.
 *
 * What they rely on (convoke-thunks.S has it as numbers):
 *
 *   instance + CONVOKE_THUNKS_PARTS          -> array of ConvokePart
 *   16 * part                                 object, then vtable
 *   8 * slot                                  in the interface struct
 */

#include <glib-object.h>

G_BEGIN_DECLS

#define CONVOKE_THUNKS_PARTS   24
#define CONVOKE_THUNKS_N_PARTS 16
#define CONVOKE_THUNKS_N_SLOTS 64   /* the interface struct's own two words included */
#define CONVOKE_THUNKS_SIZE    32   /* bytes of one */

typedef struct
{
  gpointer object;
  gpointer vtable;
} ConvokePart;

/* The thunk for @part and the slot at @offset, or NULL: there is no table for this processor, or it ends before. */
GCallback convoke_thunks_get (guint part, guint offset);

/* For tests: TRUE, and no thunk is ever given. */
extern gboolean convoke_thunks_off;

G_END_DECLS
