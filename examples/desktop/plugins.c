/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Plug-ins as rows of a list: this page is all that it takes to host them. */

#include "plugins.h"

gboolean
plugins_run (ConvokePlugin *plugin, PluginsHost *host, ConvokeCallFunc func, gpointer data, GError **error)
{
  g_autoptr (ConvokeCall) call = convoke_plugin_create_call (plugin, func, data, NULL, error);

  return call != NULL && convoke_call_begin (call, "run", error, host->document);   /* returns at once */
}

static void
told_cb (ConvokeCall *call, ConvokeCallNotice notice, gpointer report)
{
  g_autofree char *text = NULL;

  if (notice == CONVOKE_CALL_NOTICE_COMPLETED && convoke_call_finish (call, "run", NULL, &text))
    gtk_label_set_text (report, text);   /* what went wrong is shown by the row */
}

static void
run_cb (GtkWidget *button, ConvokePlugin *plugin)
{
  PluginsHost *host = g_object_get_data (G_OBJECT (gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX)), "host");

  plugins_run (plugin, host, told_cb, host->report, NULL);
}

static void
cancel_cb (GtkWidget *button, ConvokePlugin *plugin)
{
  convoke_plugin_cancel (plugin, G_USEC_PER_SEC);   /* so long it may take to obey */
}

static gboolean
is_there (GBinding *binding, const GValue *text, GValue *visible, gpointer data)
{
  g_value_set_boolean (visible, g_value_get_string (text) != NULL);
  return TRUE;
}

static GtkWidget *
show (gpointer row, int column, int line, int lines, GtkWidget *widget, gpointer plugin, const char *property, const char *shown_as)
{
  gtk_grid_attach (row, widget, column, line, 1, lines);
  gtk_widget_set_valign (widget, lines > 1 ? GTK_ALIGN_START : GTK_ALIGN_CENTER);
  gtk_widget_set_name (widget, property);   /* for style.css */
  g_object_bind_property (plugin, property, widget, shown_as, G_BINDING_SYNC_CREATE);
  return widget;
}

static GtkWidget *
create_row (gpointer plugin, gpointer data)
{
  static const char * const texts[] = { "name", "where", "why", "status" };
  GtkWidget *row = gtk_grid_new (), *widget;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      widget = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "hexpand", TRUE, NULL);
      show (row, 0, i, 1, widget, plugin, texts[i], "label");
      g_object_bind_property_full (plugin, texts[i], widget, "visible", G_BINDING_SYNC_CREATE, is_there, NULL, NULL, NULL);
    }
  widget = show (row, 1, 0, 1, gtk_label_new (NULL), plugin, "state", "label");
  g_object_bind_property (plugin, "state", widget, "name", G_BINDING_SYNC_CREATE);
  widget = show (row, 2, 0, 1, gtk_switch_new (), plugin, "active", "active");
  g_object_bind_property (widget, "active", plugin, "active", G_BINDING_DEFAULT);   /* starts and stops it */

  widget = show (row, 0, 4, 1, gtk_progress_bar_new (), plugin, "progress", "fraction");
  g_object_bind_property (plugin, "busy", widget, "visible", G_BINDING_SYNC_CREATE);
  widget = show (row, 1, 1, 4, gtk_button_new_with_label ("Cancel"), plugin, "busy", "visible");
  g_signal_connect (widget, "clicked", G_CALLBACK (cancel_cb), plugin);
  widget = show (row, 2, 1, 4, gtk_button_new_with_label ("Run"), plugin, "active", "sensitive");
  g_signal_connect (widget, "clicked", G_CALLBACK (run_cb), plugin);
  return row;
}

GtkWidget *
plugins_create_list (GListModel *plugins, PluginsHost *host)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_list_box_bind_model (GTK_LIST_BOX (list), plugins, create_row, NULL, NULL);
  g_object_set_data (G_OBJECT (list), "host", host);
  return list;
}
