/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-call.h>
#include <convoke-catalog.h>

G_BEGIN_DECLS

/**
 * ConvokePluginState:
 * @CONVOKE_PLUGIN_STATE_OFF: nobody has started it, or it was stopped
 * @CONVOKE_PLUGIN_STATE_STARTING: it is being activated
 * @CONVOKE_PLUGIN_STATE_RUNNING: its object can be called
 * @CONVOKE_PLUGIN_STATE_RESTARTING: its process died and is being started again; calls that are begun meanwhile wait for it
 * @CONVOKE_PLUGIN_STATE_FAILED: it could not be started, or died and does not come back; [property@Plugin:error] tells why
 *
 * What a plug-in is at.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_PLUGIN_STATE_OFF,
  CONVOKE_PLUGIN_STATE_STARTING,
  CONVOKE_PLUGIN_STATE_RUNNING,
  CONVOKE_PLUGIN_STATE_RESTARTING,
  CONVOKE_PLUGIN_STATE_FAILED,
} ConvokePluginState;

CONVOKE_AVAILABLE_IN_0_1
GType convoke_plugin_state_get_type (void);
#define CONVOKE_TYPE_PLUGIN_STATE (convoke_plugin_state_get_type ())

#define CONVOKE_TYPE_PLUGIN (convoke_plugin_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokePlugin, convoke_plugin, CONVOKE, PLUGIN, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokePlugin *convoke_plugin_new (ConvokeCatalog *catalog,
                                   const char     *class_name,
                                   GType           iface);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_plugin_get_class_name (ConvokePlugin *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokePluginState convoke_plugin_get_state (ConvokePlugin *self);

CONVOKE_AVAILABLE_IN_0_1
GError *convoke_plugin_dup_error (ConvokePlugin *self);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_plugin_dup_object (ConvokePlugin *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_plugin_start_async (ConvokePlugin       *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_plugin_start_finish (ConvokePlugin  *self,
                                      GAsyncResult   *result,
                                      GError        **error);

CONVOKE_AVAILABLE_IN_0_1
void convoke_plugin_stop (ConvokePlugin *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCall *convoke_plugin_create_call (ConvokePlugin    *self,
                                         ConvokeCallFunc   func,
                                         gpointer          user_data,
                                         GDestroyNotify    destroy,
                                         GError          **error);

CONVOKE_AVAILABLE_IN_0_1
void convoke_plugin_cancel (ConvokePlugin *self,
                            gint64         grace);

G_END_DECLS
