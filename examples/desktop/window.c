/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The viewer's window: the text, what the last plug-in told, and the plug-ins. */

#include "window.h"

struct _Window
{
  GtkApplicationWindow  parent_instance;
  TextDocument         *document;  /* (owned) */
  ConvokePluginList    *plugins;   /* (owned) */
  PluginsHost           host;
  GtkTextView          *view;
  GtkFileChooserNative *chooser;   /* (owned) (nullable): while it is shown */
};

G_DEFINE_FINAL_TYPE (Window, window, GTK_TYPE_APPLICATION_WINDOW)

TextDocument *
window_get_document (Window *self)
{
  return self->document;
}

PluginsHost *
window_get_host (Window *self)
{
  return &self->host;
}

ConvokePluginList *
window_get_plugins (Window *self)
{
  return self->plugins;
}

/* --- the text --- */

gboolean
window_open (Window  *self,
             GFile   *file,
             GError **error)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);

  if (!text_document_load (self->document, file, error))
    return FALSE;

  gtk_window_set_title (GTK_WINDOW (self), shown);
  gtk_label_set_text (self->host.report, "");
  return TRUE;
}

gboolean
window_select (Window  *self,
               guint    start,
               guint    length,
               GError **error)
{
  GtkTextBuffer *buffer = text_document_get_buffer (self->document);
  GtkTextIter from, to;

  if (!text_document_find (self->document, start, length, &from, &to, error))
    return FALSE;

  gtk_text_buffer_select_range (buffer, &from, &to);
  gtk_text_view_scroll_to_mark (self->view, gtk_text_buffer_get_insert (buffer), 0.1, FALSE, 0, 0);
  return TRUE;
}

static void
chosen_cb (GtkNativeDialog *chooser,
           int              response,
           gpointer         data)
{
  Window *self = data;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_autoptr (GError) error = NULL;

  if (response == GTK_RESPONSE_ACCEPT && !window_open (self, file, &error))
    gtk_label_set_text (self->host.report, error->message);
  g_clear_object (&self->chooser);
}

static void
open_cb (GtkButton *button,
         gpointer   data)
{
  Window *self = data;

  g_set_object (&self->chooser, NULL);
  self->chooser = gtk_file_chooser_native_new ("Open a text", GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_signal_connect (self->chooser, "response", G_CALLBACK (chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* --- the widgets --- */

static GtkWidget *
scroll (GtkWidget *child)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), child);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}

static GtkWidget *
create_text (Window *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *view = gtk_text_view_new_with_buffer (text_document_get_buffer (self->document));
  GtkWidget *report = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "selectable", TRUE, "name", "report", NULL);

  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD);
  self->view = GTK_TEXT_VIEW (view);
  self->host = (PluginsHost) { VIEWER_DOCUMENT (self->document), GTK_LABEL (report) };

  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (box), scroll (view));
  gtk_box_append (GTK_BOX (box), report);
  return box;
}

static GtkWidget *
create_plugins (Window *self)
{
  GtkWidget *scroller = scroll (plugins_create_list (G_LIST_MODEL (self->plugins), &self->host));

  gtk_widget_set_name (scroller, "plugins");
  gtk_widget_set_size_request (scroller, 380, -1);
  return scroller;
}

static GtkWidget *
create_header (Window *self)
{
  GtkWidget *header = gtk_header_bar_new ();
  GtkWidget *open = gtk_button_new_with_label ("Open");

  g_signal_connect (open, "clicked", G_CALLBACK (open_cb), self);
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), open);
  return header;
}

/* --- life --- */

static void
window_dispose (GObject *object)
{
  Window *self = VIEWER_WINDOW (object);

  g_clear_object (&self->chooser);
  g_clear_object (&self->plugins);
  g_clear_object (&self->document);

  G_OBJECT_CLASS (window_parent_class)->dispose (object);
}

static void
window_class_init (WindowClass *class)
{
  G_OBJECT_CLASS (class)->dispose = window_dispose;
}

static void
window_init (Window *self)
{
  self->document = text_document_new ();
}

Window *
window_new (GtkApplication    *application,
            ConvokePluginList *plugins)
{
  Window *self = g_object_new (WINDOW_TYPE, "application", application, "title", "Viewer",
                               "default-width", 1000, "default-height", 740, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->plugins = g_object_ref (plugins);
  gtk_window_set_titlebar (GTK_WINDOW (self), create_header (self));
  gtk_box_append (GTK_BOX (box), create_text (self));
  gtk_box_append (GTK_BOX (box), create_plugins (self));
  gtk_window_set_child (GTK_WINDOW (self), box);

  return self;
}
