/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke.h>
#include <gtk/gtk.h>
#include <viewer-plugin.h>

G_BEGIN_DECLS

/* What plug-ins work on, and where that shows what they tell. */
typedef struct
{
  ViewerDocument *document;
  GtkLabel       *report;
} PluginsHost;

/* A list of rows, one for each of @plugins (a model of ConvokePlugin). */
GtkWidget *plugins_create_list (GListModel *plugins, PluginsHost *host);

/* Lets @plugin run; @func finishes the call. */
gboolean   plugins_run         (ConvokePlugin *plugin, PluginsHost *host, ConvokeCallFunc func, gpointer data, GError **error);

G_END_DECLS
