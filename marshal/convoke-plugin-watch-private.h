/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What tells a plug-in of the calls of one call object, in the plug-in's
 * context: as the object's sink of their beginnings, as its callback of
 * everything else, which it passes on to the callback of who asked for it.
 */

#include "convoke-plugin-private.h"

G_BEGIN_DECLS

/* A call object for @iface of @object, watched. @func is (nullable); where this fails, @data stays the caller's. */
ConvokeCall *convoke_plugin_watch_create_call (ConvokePlugin   *plugin,
                                               GMainContext    *context,
                                               GObject         *object,
                                               GType            iface,
                                               ConvokeCallFunc  func,
                                               gpointer         data,
                                               GDestroyNotify   destroy,
                                               GError         **error);

G_END_DECLS
