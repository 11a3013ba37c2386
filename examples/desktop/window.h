/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugins.h"
#include "text-document.h"

G_BEGIN_DECLS

#define WINDOW_TYPE (window_get_type ())
G_DECLARE_FINAL_TYPE (Window, window, VIEWER, WINDOW, GtkApplicationWindow)

Window            *window_new          (GtkApplication *application, ConvokePluginList *plugins);

TextDocument      *window_get_document (Window *self);
ConvokePluginList *window_get_plugins  (Window *self);
PluginsHost       *window_get_host     (Window *self);

gboolean           window_open         (Window *self, GFile *file, GError **error);
/* Selects a part and scrolls to it. */
gboolean           window_select       (Window *self, guint start, guint length, GError **error);

G_END_DECLS
