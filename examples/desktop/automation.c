/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * An ordinary object that belongs to the main loop. What takes its time is not
 * waited for: it is taken over as a ConvokeServerCall, which is completed when
 * the plug-in has ended.
 */

#include "automation.h"

struct _WindowAutomation
{
  GObject  parent_instance;
  Window  *window;   /* (owned) (nullable) */
};

static void automation_iface_init (ViewerAutomationInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WindowAutomation, window_automation, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VIEWER_TYPE_AUTOMATION, automation_iface_init))

static Window *
get_window (ViewerAutomation  *automation,
            GError           **error)
{
  Window *window = WINDOW_AUTOMATION (automation)->window;

  if (window == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The viewer is being closed");
  return window;
}

/* --- the text --- */

static gboolean
automation_open (ViewerAutomation  *automation,
                 const char        *path,
                 GError           **error)
{
  Window *window = get_window (automation, error);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return window != NULL && window_open (window, file, error);
}

static ViewerDocument *
automation_dup_document (ViewerAutomation  *automation,
                         GError           **error)
{
  Window *window = get_window (automation, error);

  return window != NULL ? g_object_ref (VIEWER_DOCUMENT (window_get_document (window))) : NULL;
}

static gboolean
automation_select (ViewerAutomation  *automation,
                   guint              start,
                   guint              length,
                   GError           **error)
{
  Window *window = get_window (automation, error);

  return window != NULL && window_select (window, start, length, error);
}

static char *
automation_dup_selection (ViewerAutomation  *automation,
                          GError           **error)
{
  Window *window = get_window (automation, error);
  GtkTextBuffer *buffer = window != NULL ? text_document_get_buffer (window_get_document (window)) : NULL;
  GtkTextIter from, to;

  if (buffer == NULL)
    return NULL;

  gtk_text_buffer_get_selection_bounds (buffer, &from, &to);
  return gtk_text_buffer_get_text (buffer, &from, &to, TRUE);
}

/* --- plug-ins --- */

static char **
automation_list_plugins (ViewerAutomation  *automation,
                         GError           **error)
{
  Window *window = get_window (automation, error);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  GListModel *plugins = window != NULL ? G_LIST_MODEL (window_get_plugins (window)) : NULL;

  if (window == NULL)
    return NULL;

  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++)
    {
      g_autoptr (ConvokePlugin) plugin = g_list_model_get_item (plugins, i);

      g_strv_builder_add (names, convoke_plugin_get_class_name (plugin));
    }

  return g_strv_builder_end (names);
}

/* (transfer full) */
static ConvokePlugin *
find_plugin (ViewerAutomation  *automation,
             const char        *name,
             GError           **error)
{
  Window *window = get_window (automation, error);
  ConvokePlugin *plugin = window != NULL ? convoke_plugin_list_dup_plugin (window_get_plugins (window), name) : NULL;

  if (window != NULL && plugin == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no plug-in %s", name);
  return plugin;
}

static GVariant *
automation_describe_plugin (ViewerAutomation  *automation,
                            const char        *name,
                            GError           **error)
{
  static const char * const texts[] = { "name", "state", "where", "why", "status" };
  g_autoptr (ConvokePlugin) plugin = find_plugin (automation, name, error);
  g_auto (GVariantDict) about = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) placement = NULL;
  gboolean busy;
  double progress;
  gint32 pid;

  if (plugin == NULL)
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;
      const char *text;

      g_value_init (&value, G_TYPE_STRING);
      g_object_get_property (G_OBJECT (plugin), texts[i], &value);
      text = g_value_get_string (&value);
      g_variant_dict_insert (&about, texts[i], "s", text != NULL ? text : "");
    }

  g_object_get (plugin, "busy", &busy, "progress", &progress, "placement", &placement, NULL);
  g_variant_dict_insert (&about, "busy", "b", busy);
  g_variant_dict_insert (&about, "progress", "d", progress);
  if (placement != NULL && g_variant_lookup (placement, "pid", "i", &pid))
    g_variant_dict_insert (&about, "pid", "i", pid);

  return g_variant_ref_sink (g_variant_dict_end (&about));
}

static gboolean
automation_cancel_plugin (ViewerAutomation  *automation,
                          const char        *name,
                          GError           **error)
{
  g_autoptr (ConvokePlugin) plugin = find_plugin (automation, name, error);

  if (plugin == NULL)
    return FALSE;

  convoke_plugin_cancel (plugin, G_USEC_PER_SEC);
  return TRUE;
}

/* --- what takes its time --- */

static void
started_cb (GObject      *plugin,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr (ConvokeServerCall) server_call = data;
  g_autoptr (GError) error = NULL;

  if (convoke_plugin_start_finish (CONVOKE_PLUGIN (plugin), result, &error))
    convoke_server_call_complete (server_call, NULL, TRUE);
  else
    convoke_server_call_abort (server_call, error, NULL);
}

static gboolean
automation_set_active (ViewerAutomation  *automation,
                       const char        *name,
                       gboolean           active,
                       GError           **error)
{
  g_autoptr (ConvokePlugin) plugin = find_plugin (automation, name, error);
  ConvokeServerCall *server_call;

  if (plugin == NULL)
    return FALSE;

  if (!active)
    {
      convoke_plugin_stop (plugin);
      return TRUE;
    }

  server_call = convoke_server_call_defer (G_OBJECT (automation), error);
  if (server_call != NULL)
    convoke_plugin_start_async (plugin, NULL, started_cb, server_call);
  return server_call != NULL;
}

typedef struct
{
  ConvokeServerCall *server_call;  /* (owned) */
  GtkLabel          *report;       /* (owned) */
} Run;

static void
run_free (Run *self)
{
  g_object_unref (self->report);
  g_object_unref (self->server_call);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

static void
end_run (Run         *run,
         ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!convoke_call_finish (call, "run", &error, &text))
    {
      convoke_server_call_abort (run->server_call, error, NULL);
      return;
    }

  gtk_label_set_text (run->report, text);
  convoke_server_call_complete (run->server_call, NULL, text);
}

static void
told_cb (ConvokeCall       *call,
         ConvokeCallNotice  notice,
         gpointer           data)
{
  Run *run = data;

  if (notice == CONVOKE_CALL_NOTICE_PROGRESS)
    {
      g_autoptr (ConvokeCallContext) context = convoke_server_call_dup_context (run->server_call);

      convoke_call_context_report_fraction (context, convoke_call_get_progress_fraction (call));
      return;
    }

  end_run (run, call);
  run_free (run);
}

static char *
automation_run_plugin (ViewerAutomation  *automation,
                       const char        *name,
                       GError           **error)
{
  g_autoptr (ConvokePlugin) plugin = find_plugin (automation, name, error);
  ConvokeServerCall *server_call = plugin != NULL ? convoke_server_call_defer (G_OBJECT (automation), error) : NULL;
  PluginsHost *host;
  g_autoptr (GError) reason = NULL;
  g_autoptr (Run) run = NULL;

  if (server_call == NULL)
    return NULL;

  host = window_get_host (WINDOW_AUTOMATION (automation)->window);
  run = g_new0 (Run, 1);
  run->server_call = server_call;
  run->report = g_object_ref (host->report);
  if (plugins_run (plugin, host, told_cb, run, &reason))
    g_steal_pointer (&run);
  else
    convoke_server_call_abort (server_call, reason, NULL);
  return NULL;
}

static gboolean
close_cb (gpointer data)
{
  gtk_window_destroy (data);
  return G_SOURCE_REMOVE;
}

static gboolean
automation_quit (ViewerAutomation  *automation,
                 GError           **error)
{
  Window *window = get_window (automation, error);

  /* After the answer. */
  if (window != NULL)
    g_idle_add_full (G_PRIORITY_LOW, close_cb, g_object_ref (window), g_object_unref);
  return window != NULL;
}

static void
automation_iface_init (ViewerAutomationInterface *iface)
{
  iface->open = automation_open;
  iface->dup_document = automation_dup_document;
  iface->select = automation_select;
  iface->dup_selection = automation_dup_selection;
  iface->list_plugins = automation_list_plugins;
  iface->describe_plugin = automation_describe_plugin;
  iface->set_active = automation_set_active;
  iface->run_plugin = automation_run_plugin;
  iface->cancel_plugin = automation_cancel_plugin;
  iface->quit = automation_quit;
}

/* --- life --- */

void
window_automation_close (WindowAutomation *self)
{
  g_clear_object (&self->window);
}

static void
window_automation_dispose (GObject *object)
{
  window_automation_close (WINDOW_AUTOMATION (object));
  G_OBJECT_CLASS (window_automation_parent_class)->dispose (object);
}

static void
window_automation_class_init (WindowAutomationClass *class)
{
  G_OBJECT_CLASS (class)->dispose = window_automation_dispose;
}

static void
window_automation_init (WindowAutomation *self)
{
}

WindowAutomation *
window_automation_new (Window *window)
{
  WindowAutomation *self = g_object_new (WINDOW_TYPE_AUTOMATION, NULL);

  self->window = g_object_ref (window);
  return self;
}
