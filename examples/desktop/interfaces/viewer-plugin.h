/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "viewer-document.h"

G_BEGIN_DECLS

#define VIEWER_TYPE_PLUGIN (viewer_plugin_get_type ())
VIEWER_EXPORT
G_DECLARE_INTERFACE (ViewerPlugin, viewer_plugin, VIEWER, PLUGIN, GObject)

struct _ViewerPluginInterface
{
  GTypeInterface parent_iface;

  char *(*run) (ViewerPlugin    *self,
                ViewerDocument  *document,
                GError         **error);
};

VIEWER_EXPORT
char *viewer_plugin_run (ViewerPlugin    *self,
                         ViewerDocument  *document,
                         GError         **error);

G_END_DECLS
