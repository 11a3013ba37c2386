/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Signals and notifications that come from an object in another process. */

#include "convoke-parcel-private.h"

G_BEGIN_DECLS

/* A SIGNAL or NOTIFY message of the peer's object @id. Nothing of the user's runs: it is posted to the proxy's home. FALSE and
 * PROTOCOL: the peer does not keep to the rules. */
gboolean convoke_remote_emission_receive        (ConvokeChannel *channel, guint64 id, ConvokeWireReader *body, GError **error);
gboolean convoke_remote_emission_receive_notify (ConvokeChannel *channel, guint64 id, ConvokeWireReader *body, GError **error);

/* CONVOKE_REQUEST_EMIT: @object is the proxy of the peer's object that the request names, or NULL when there is none any more; to
 * be called in its home. */
gboolean convoke_remote_emission_serve          (ConvokeChannel *channel, GObject *object, ConvokeWireReader *body, ConvokeWireWriter *reply, GError **error);

G_END_DECLS
