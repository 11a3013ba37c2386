/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Callbacks that run where they came from. */

#include "convoke-frame-private.h"

G_BEGIN_DECLS

/* For ConvokeHooks. */
gboolean convoke_trampoline_map_callback (const ConvokeArgInfo *arg, gpointer *callback, gpointer *data, gpointer *destroy,
                                          gpointer *owned, GDestroyNotify *free_owned,
                                          gpointer from_apartment, gpointer to_apartment, GError **error);

G_END_DECLS
