/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a plug-in is: an interface as anybody writes it with GObject. */

#include "viewer-plugin.h"

/**
 * ViewerPlugin:
 *
 * Something that can be done with a text.
 */

G_DEFINE_INTERFACE (ViewerPlugin, viewer_plugin, G_TYPE_OBJECT)

static void
viewer_plugin_default_init (ViewerPluginInterface *iface)
{
}

/**
 * viewer_plugin_run: (attributes convoke.progress=1 convoke.deadline-ms=10000)
 * @self: a plug-in
 * @document: what to do it with
 * @error: return location for an error, or %NULL
 *
 * Does it. May take a while, and tells how far it is.
 *
 * Returns: (transfer full): what the reader of the text is to be told
 */
char *
viewer_plugin_run (ViewerPlugin    *self,
                   ViewerDocument  *document,
                   GError         **error)
{
  g_return_val_if_fail (VIEWER_IS_PLUGIN (self), NULL);
  g_return_val_if_fail (VIEWER_IS_DOCUMENT (document), NULL);

  return VIEWER_PLUGIN_GET_IFACE (self)->run (self, document, error);
}
