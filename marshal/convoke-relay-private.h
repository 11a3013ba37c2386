/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Signals and notifications of an object, emitted again on its proxy. */

#include "convoke-apartment.h"
#include "convoke-interface-info-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeRelay ConvokeRelay;

/* Relays from @source, which lives in @apartment, to @proxy (held weakly), where @home is.
 * Only signals and properties of the interfaces that @proxy's class has. NULL when there are none. */
ConvokeRelay *convoke_relay_new  (GObject *proxy, GObject *source, ConvokeApartment *apartment, ConvokeApartment *home);
/* Disconnects from @source. An emission that is on its way meanwhile does no harm. */
void          convoke_relay_stop (ConvokeRelay *self, GObject *source);

G_END_DECLS
