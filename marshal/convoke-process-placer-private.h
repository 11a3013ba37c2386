/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Components in other processes (design D8): finds or starts the host of a
 * component, and asks it to make one.
 */

#include "convoke-component-file-private.h"
#include "convoke-import-private.h"

G_BEGIN_DECLS

/* What convoke_placers[CONVOKE_DISTANCE_PROCESS] is made of. */
gboolean convoke_process_placer_is_available (const ConvokeComponentFile *file, GError **error);
GObject *convoke_process_placer_activate     (const ConvokeComponentFile *file, const ConvokeProperties *properties, GType iface, gpointer home, gint64 deadline,
                                              GCancellable *cancellable, GVariantDict *placement, GError **error);

/* @import, whose process is gone, is activated again from @file and @properties: it is in its new place then. Blocks up to the StartTimeout=. */
gboolean convoke_process_placer_revive       (const ConvokeComponentFile *file, const ConvokeProperties *properties, ConvokeImport *import, GError **error);

G_END_DECLS
