/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A viewer of texts, with plug-ins, that scripts can drive. */

#include "automation.h"

#include <stdlib.h>

typedef struct
{
  GtkApplication   *application;
  Window           *window;       /* (borrowed) (nullable) */
  WindowAutomation *automation;   /* (owned) (nullable) */
  guint64           published;    /* 0: it is not */
} Viewer;

static gboolean
publish (Viewer  *self,
         GError **error)
{
  const char *name = g_getenv ("VIEWER_NAME");

  self->automation = window_automation_new (self->window);
  self->published = convoke_publish (name != NULL ? name : "org.example.Viewer", G_OBJECT (self->automation), error);
  return self->published != 0;
}

static void
closed_cb (GtkWidget *window,
           gpointer   data)
{
  Viewer *self = data;

  if (self->published != 0)
    convoke_unpublish (self->published, NULL);
  window_automation_close (self->automation);
  g_clear_object (&self->automation);
  self->window = NULL;
}

static ConvokePluginList *
find_plugins (GError **error)
{
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_dup_default ();

  /* What describes the plug-ins' interface. */
  if (!convoke_require ("Viewer", "1", error))
    return NULL;

  return convoke_plugin_list_new (catalog, VIEWER_TYPE_PLUGIN, error);
}

static void
load_style (void)
{
  g_autoptr (GtkCssProvider) style = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (style, "/org/example/Viewer/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static gboolean
show_window (Viewer  *self,
             GError **error)
{
  g_autoptr (ConvokePluginList) plugins = NULL;

  if (self->window != NULL)
    {
      gtk_window_present (GTK_WINDOW (self->window));
      return TRUE;
    }

  plugins = find_plugins (error);
  if (plugins == NULL)
    return FALSE;

  load_style ();
  self->window = window_new (self->application, plugins);
  g_signal_connect (self->window, "destroy", G_CALLBACK (closed_cb), self);
  gtk_window_present (GTK_WINDOW (self->window));
  return publish (self, error);
}

/* What went wrong is told in the window, or on the terminal where there is none. */
static void
tell (Viewer       *self,
      const GError *error)
{
  if (self->window != NULL)
    gtk_label_set_text (window_get_host (self->window)->report, error->message);
  else
    g_printerr ("%s\n", error->message);
}

static void
activate_cb (GApplication *application,
             gpointer      data)
{
  g_autoptr (GError) error = NULL;

  if (!show_window (data, &error))
    tell (data, error);
}

static void
open_cb (GApplication  *application,
         GFile        **files,
         int            n_files,
         const char    *hint,
         gpointer       data)
{
  Viewer *self = data;
  g_autoptr (GError) error = NULL;

  if (!show_window (self, &error) || !window_open (self->window, files[0], &error))
    tell (self, error);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GtkApplication) application = gtk_application_new ("org.example.Viewer",
                                                                G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
  Viewer self = { application, };

  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), &self);
  g_signal_connect (application, "open", G_CALLBACK (open_cb), &self);

  return g_application_run (G_APPLICATION (application), argc, argv);
}
