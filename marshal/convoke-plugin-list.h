/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-plugin.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_PLUGIN_LIST (convoke_plugin_list_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokePluginList, convoke_plugin_list, CONVOKE, PLUGIN_LIST, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokePluginList *convoke_plugin_list_new (ConvokeCatalog  *catalog,
                                            GType            iface,
                                            GError         **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokePlugin *convoke_plugin_list_dup_plugin (ConvokePluginList *self,
                                               const char        *class_name);

G_END_DECLS
