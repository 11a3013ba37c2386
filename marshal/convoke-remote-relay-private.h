/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Signals and notifications of an exported object, on their way to another process. */

#include "convoke-channel-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeRemoteRelay ConvokeRemoteRelay;

/* Relays from @object, which the peer knows as @id, all that its interfaces can tell; NULL when that is nothing. To be made before
 * the peer can learn of @id, so that no emission after that is missed. No lock may be held. */
ConvokeRemoteRelay *convoke_remote_relay_new  (ConvokeChannel *channel, GObject *object, guint64 id);
/* Takes @self. An emission that is on its way meanwhile does no harm. */
void                convoke_remote_relay_stop (ConvokeRemoteRelay *self, GObject *object);

G_END_DECLS
