/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a script can do with a viewer that runs. */

#include "viewer-automation.h"

/**
 * ViewerAutomation:
 *
 * A viewer that runs, as scripts see it.
 */

G_DEFINE_INTERFACE (ViewerAutomation, viewer_automation, G_TYPE_OBJECT)

static void
viewer_automation_default_init (ViewerAutomationInterface *iface)
{
}

/**
 * viewer_automation_open:
 * @self: a viewer
 * @path: the name of a file
 * @error: return location for an error, or %NULL
 *
 * Shows another text.
 *
 * Returns: %TRUE when it is shown
 */
gboolean
viewer_automation_open (ViewerAutomation  *self,
                        const char        *path,
                        GError           **error)
{
  g_return_val_if_fail (VIEWER_IS_AUTOMATION (self), FALSE);

  return VIEWER_AUTOMATION_GET_IFACE (self)->open (self, path, error);
}

/**
 * viewer_automation_dup_document:
 * @self: a viewer
 * @error: return location for an error, or %NULL
 *
 * Gets the text that is shown.
 *
 * Returns: (transfer full): the document
 */
ViewerDocument *
viewer_automation_dup_document (ViewerAutomation  *self,
                                GError           **error)
{
  g_return_val_if_fail (VIEWER_IS_AUTOMATION (self), NULL);

  return VIEWER_AUTOMATION_GET_IFACE (self)->dup_document (self, error);
}

/**
 * viewer_automation_select:
 * @self: a viewer
 * @start: where the part begins, in characters
 * @length: how many characters it has
 * @error: return location for an error, or %NULL
 *
 * Selects a part of the text and scrolls to it.
 *
 * Returns: %TRUE when there is such a part
 */
gboolean
viewer_automation_select (ViewerAutomation  *self,
                          guint              start,
                          guint              length,
                          GError           **error)
{
  g_return_val_if_fail (VIEWER_IS_AUTOMATION (self), FALSE);

  return VIEWER_AUTOMATION_GET_IFACE (self)->select (self, start, length, error);
}

/**
 * viewer_automation_dup_selection:
 * @self: a viewer
 * @error: return location for an error, or %NULL
 *
 * Gets the part of the text that is selected.
 *
 * Returns: (transfer full): the text; empty when nothing is selected
 */
char *
viewer_automation_dup_selection (ViewerAutomation  *self,
                                 GError           **error)
{
  g_return_val_if_fail (VIEWER_IS_AUTOMATION (self), NULL);

  return VIEWER_AUTOMATION_GET_IFACE (self)->dup_selection (self, error);
}

/**
 * viewer_automation_list_plugins:
 * @self: a viewer
 * @error: return location for an error, or %NULL
 *
 * Lists the plug-ins.
 *
 * Returns: (transfer full) (array zero-terminated=1): their names
 */
char **
viewer_automation_list_plugins (ViewerAutomation  *self,
                                GError           **error)
{
  g_return_val_if_fail (VIEWER_IS_AUTOMATION (self), NULL);

  return VIEWER_AUTOMATION_GET_IFACE (self)->list_plugins (self, error);
}

/**
 * viewer_automation_describe_plugin:
 * @self: a viewer
 * @name: of a plug-in
 * @error: return location for an error, or %NULL
 *
 * Tells what a plug-in is at.
 *
 * The dictionary (`a{sv}`) has `state`, `where`, `why` and `status`, all `s`,
 * `busy` (`b`), `progress` (`d`) and, where it is known, `pid` (`i`).
 *
 * Returns: (transfer full): all that its row in the window shows
 */
GVariant *
viewer_automation_describe_plugin (ViewerAutomation  *self,
                                   const char        *name,
                                   GError           **error)
{
  g_return_val_if_fail (VIEWER_IS_AUTOMATION (self), NULL);

  return VIEWER_AUTOMATION_GET_IFACE (self)->describe_plugin (self, name, error);
}

/**
 * viewer_automation_set_active:
 * @self: a viewer
 * @name: of a plug-in
 * @active: whether it is to run
 * @error: return location for an error, or %NULL
 *
 * Starts or stops a plug-in, and returns when that is done.
 *
 * Returns: %TRUE when it runs, or is off
 */
gboolean
viewer_automation_set_active (ViewerAutomation  *self,
                              const char        *name,
                              gboolean           active,
                              GError           **error)
{
  g_return_val_if_fail (VIEWER_IS_AUTOMATION (self), FALSE);

  return VIEWER_AUTOMATION_GET_IFACE (self)->set_active (self, name, active, error);
}

/**
 * viewer_automation_run_plugin: (attributes convoke.progress=1)
 * @self: a viewer
 * @name: of a plug-in that is active
 * @error: return location for an error, or %NULL
 *
 * Lets a plug-in do what it does with the text, and returns when it is done.
 *
 * Returns: (transfer full): what it tells
 */
char *
viewer_automation_run_plugin (ViewerAutomation  *self,
                              const char        *name,
                              GError           **error)
{
  g_return_val_if_fail (VIEWER_IS_AUTOMATION (self), NULL);

  return VIEWER_AUTOMATION_GET_IFACE (self)->run_plugin (self, name, error);
}

/**
 * viewer_automation_cancel_plugin:
 * @self: a viewer
 * @name: of a plug-in
 * @error: return location for an error, or %NULL
 *
 * Does what the cancel button of a plug-in does.
 *
 * Returns: %TRUE when there is such a plug-in
 */
gboolean
viewer_automation_cancel_plugin (ViewerAutomation  *self,
                                 const char        *name,
                                 GError           **error)
{
  g_return_val_if_fail (VIEWER_IS_AUTOMATION (self), FALSE);

  return VIEWER_AUTOMATION_GET_IFACE (self)->cancel_plugin (self, name, error);
}

/**
 * viewer_automation_quit:
 * @self: a viewer
 * @error: return location for an error, or %NULL
 *
 * Ends the viewer.
 *
 * Returns: %TRUE
 */
gboolean
viewer_automation_quit (ViewerAutomation  *self,
                        GError           **error)
{
  g_return_val_if_fail (VIEWER_IS_AUTOMATION (self), FALSE);

  return VIEWER_AUTOMATION_GET_IFACE (self)->quit (self, error);
}
