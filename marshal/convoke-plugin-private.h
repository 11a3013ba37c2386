/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-plugin.h"

G_BEGIN_DECLS

ConvokePlugin *convoke_plugin_new_for_info (ConvokeCatalog *catalog, ConvokeClassInfo *info, GType iface);
/* The keyfile has changed. @info is (nullable). */
void           convoke_plugin_set_info     (ConvokePlugin *self, ConvokeClassInfo *info);

/* What becomes of a call object that @self created. In the plug-in's context. */
void convoke_plugin_call_began      (ConvokePlugin *self, ConvokeCall *call);
void convoke_plugin_call_progressed (ConvokePlugin *self, ConvokeCall *call);
void convoke_plugin_call_completed  (ConvokePlugin *self, ConvokeCall *call);

G_END_DECLS
