/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A listening socket, and those who come in by any of them: the guests of this
 * process. The library's own thread lets them in, never the program's main
 * loop.
 *
 * A guest has to say what it came for before long, and there is a bound for
 * those who have not, and one for all: who is slow, silent or many is a burden
 * to itself only.
 */

#include "convoke-channel-private.h"
#include "convoke-claim-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeListener ConvokeListener;

/* Lets in who comes to @claim. Fails with OUT_OF_RESOURCES. */
ConvokeListener *convoke_listener_new       (ConvokeClaim *claim, GError **error);
/* Nobody is let in any more; the guests stay. Takes the reference. */
void             convoke_listener_close     (ConvokeListener *self);

/* @channel came in through one of our sockets. */
gboolean         convoke_listener_has_guest (ConvokeChannel *channel);
/* It got what it came for. */
void             convoke_listener_admit     (ConvokeChannel *channel);

/* Variables for the tests: how many guests, how many of them that have said nothing, and how long those may stay (microseconds). */
extern guint  convoke_listener_max_guests;
extern guint  convoke_listener_max_strangers;
extern gint64 convoke_listener_patience;

G_END_DECLS
