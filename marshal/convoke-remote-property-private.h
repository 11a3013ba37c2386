/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Properties of an object in another process. */

#include "convoke-parcel-private.h"

G_BEGIN_DECLS

/* @pspec is the interface's. Both block; @value of read is initialised. */
gboolean convoke_remote_property_read  (ConvokeImport *target, GParamSpec *pspec, GValue *value, GError **error);
gboolean convoke_remote_property_write (ConvokeImport *target, GParamSpec *pspec, const GValue *value, GError **error);

/* --- at the object: CONVOKE_REQUEST_GET and CONVOKE_REQUEST_SET --- */
gboolean convoke_remote_property_serve_get (ConvokeChannel *channel, GObject *object, ConvokeWireReader *body, ConvokeWireWriter *reply, GError **error);
gboolean convoke_remote_property_serve_set (ConvokeChannel *channel, GObject *object, ConvokeWireReader *body, ConvokeWireWriter *reply, GError **error);

G_END_DECLS
