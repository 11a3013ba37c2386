/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "viewer-plugin.h"

G_BEGIN_DECLS

#define VIEWER_TYPE_AUTOMATION (viewer_automation_get_type ())
VIEWER_EXPORT
G_DECLARE_INTERFACE (ViewerAutomation, viewer_automation, VIEWER, AUTOMATION, GObject)

struct _ViewerAutomationInterface
{
  GTypeInterface parent_iface;

  gboolean         (*open)            (ViewerAutomation *self, const char *path, GError **error);
  ViewerDocument  *(*dup_document)    (ViewerAutomation *self, GError **error);
  gboolean         (*select)          (ViewerAutomation *self, guint start, guint length, GError **error);
  char            *(*dup_selection)   (ViewerAutomation *self, GError **error);
  char           **(*list_plugins)    (ViewerAutomation *self, GError **error);
  GVariant        *(*describe_plugin) (ViewerAutomation *self, const char *name, GError **error);
  gboolean         (*set_active)      (ViewerAutomation *self, const char *name, gboolean active, GError **error);
  char            *(*run_plugin)      (ViewerAutomation *self, const char *name, GError **error);
  gboolean         (*cancel_plugin)   (ViewerAutomation *self, const char *name, GError **error);
  gboolean         (*quit)            (ViewerAutomation *self, GError **error);
};

VIEWER_EXPORT
gboolean viewer_automation_open (ViewerAutomation  *self,
                                 const char        *path,
                                 GError           **error);

VIEWER_EXPORT
ViewerDocument *viewer_automation_dup_document (ViewerAutomation  *self,
                                                GError           **error);

VIEWER_EXPORT
gboolean viewer_automation_select (ViewerAutomation  *self,
                                   guint              start,
                                   guint              length,
                                   GError           **error);

VIEWER_EXPORT
char *viewer_automation_dup_selection (ViewerAutomation  *self,
                                       GError           **error);

VIEWER_EXPORT
char **viewer_automation_list_plugins (ViewerAutomation  *self,
                                       GError           **error);

VIEWER_EXPORT
GVariant *viewer_automation_describe_plugin (ViewerAutomation  *self,
                                             const char        *name,
                                             GError           **error);

VIEWER_EXPORT
gboolean viewer_automation_set_active (ViewerAutomation  *self,
                                       const char        *name,
                                       gboolean           active,
                                       GError           **error);

VIEWER_EXPORT
char *viewer_automation_run_plugin (ViewerAutomation  *self,
                                    const char        *name,
                                    GError           **error);

VIEWER_EXPORT
gboolean viewer_automation_cancel_plugin (ViewerAutomation  *self,
                                          const char        *name,
                                          GError           **error);

VIEWER_EXPORT
gboolean viewer_automation_quit (ViewerAutomation  *self,
                                 GError           **error);

G_END_DECLS
