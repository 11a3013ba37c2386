/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Components in this process: where they are made, and bound as their keyfiles say (design D8, D11). */

#include "convoke-apartment.h"
#include "convoke-component-file-private.h"

G_BEGIN_DECLS

/* Makes an instance on the calling thread, asking its class object for @iface, and binds it: by Threading= where the file says it,
 * else as its class declares. One that belongs somewhere already stays there. The objects among @properties (nullable) are those of
 * @from (borrowed, an apartment). */
GObject *convoke_local_placer_create   (const ConvokeComponentFile *file, const ConvokeProperties *properties, GType iface, ConvokeApartment *from, GError **error);

/* Takes an object that was made on the calling thread, by whom ever: what that thread uses of it (ConvokeHooks.place_here). */
GObject *convoke_local_placer_place    (GObject *object, gpointer home, GError **error);

/* The placers (ConvokePlacer.activate). */
GObject *convoke_local_placer_activate  (const ConvokeComponentFile *file, const ConvokeProperties *properties, GType iface, gpointer home, gint64 deadline, GCancellable *cancellable, GVariantDict *placement, GError **error);
gboolean convoke_thread_placer_is_available (const ConvokeComponentFile *file, GError **error);
GObject *convoke_thread_placer_activate (const ConvokeComponentFile *file, const ConvokeProperties *properties, GType iface, gpointer home, gint64 deadline, GCancellable *cancellable, GVariantDict *placement, GError **error);

G_END_DECLS
