/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The connections to programs that publish objects: one for each program,
 * whatever is got through it, so that one object is one object here. A
 * connection goes when neither side has anything of the other.
 */

#include "convoke-channel-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeConnection ConvokeConnection;

/* To the program that publishes @name: the one there is, or a fresh one (transfer full), on which nobody has said HELLO yet. Balanced
 * by leave. Fails as convoke_claim_connect () does, and with OUT_OF_RESOURCES. */
ConvokeConnection *convoke_connection_join        (const char *name, gint64 deadline, GCancellable *cancellable, GError **error);
void               convoke_connection_leave       (ConvokeConnection *self);
ConvokeChannel    *convoke_connection_get_channel (ConvokeConnection *self);
/* 0: it cannot be told. */
GPid               convoke_connection_get_pid     (ConvokeConnection *self);

G_END_DECLS
