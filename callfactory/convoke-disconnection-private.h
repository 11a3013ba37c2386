/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * When objects were disconnected from their clients. Time is a count of
 * disconnections: what was handed out at one is good until its object is
 * disconnected at a later one. The first is 1; 0 is for what was not handed
 * out, which an object's own program may always use.
 */

#include "convoke-apartment.h"

G_BEGIN_DECLS

extern gint convoke_disconnections;  /* atomic */

/* One load. */
static inline guint
convoke_disconnection_now (void)
{
  return (guint) g_atomic_int_get (&convoke_disconnections);
}

/* From now on @target is disconnected from what it was handed out with; since when. */
guint    convoke_disconnection_mark      (GObject *target);

/* What was handed out @since; FALSE with DISCONNECTED: it is not good any more. */
gboolean convoke_disconnection_check     (GObject *target, guint since, GError **error);

/* Ends, with @why, calls to @target that were made before @mark, which have not started yet or were deferred. */
void     convoke_disconnection_end_calls (GObject *target, ConvokeApartment *apartment, guint mark, const GError *why);

/* What the clients of @target are told. */
GError  *convoke_disconnection_make_error (GObject *target);

G_END_DECLS
