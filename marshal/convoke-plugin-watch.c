/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The call object keeps its watch, and while a call is in progress the watch
 * keeps the call object, so that who begins a call with a callback can forget
 * it. A beginning is told by a source, which keeps it until then, and which
 * comes before the call's own notices, as it was queued before them in the
 * same context. When it runs, the begin may have failed, or the call may be
 * finished: the call object's state tells.
 */

#include "config.h"

#include "convoke-plugin-watch-private.h"

#include "convoke-call-factory.h"
#include "convoke-error.h"

#define CONVOKE_TYPE_PLUGIN_WATCH (convoke_plugin_watch_get_type ())
G_DECLARE_FINAL_TYPE (ConvokePluginWatch, convoke_plugin_watch, CONVOKE, PLUGIN_WATCH, GObject)

struct _ConvokePluginWatch
{
  GObject          parent_instance;

  /* Constant once the call object is made. */
  GWeakRef         plugin;
  GWeakRef         call;
  GMainContext    *context;  /* (owned) */
  ConvokeCallFunc  func;     /* (nullable) */
  gpointer         data;
  GDestroyNotify   destroy;

  ConvokeCall     *kept;     /* (owned) (nullable): while its call is in progress; in the context */
};

static void synchronize_init (ConvokeSynchronizeInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokePluginWatch, convoke_plugin_watch, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE, synchronize_init))

static void
convoke_plugin_watch_finalize (GObject *object)
{
  ConvokePluginWatch *self = CONVOKE_PLUGIN_WATCH (object);

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_weak_ref_clear (&self->call);
  g_weak_ref_clear (&self->plugin);

  G_OBJECT_CLASS (convoke_plugin_watch_parent_class)->finalize (object);
}

static void
convoke_plugin_watch_class_init (ConvokePluginWatchClass *class)
{
  G_OBJECT_CLASS (class)->finalize = convoke_plugin_watch_finalize;
}

static void
convoke_plugin_watch_init (ConvokePluginWatch *self)
{
  g_weak_ref_init (&self->plugin, NULL);
  g_weak_ref_init (&self->call, NULL);
}

/* --- beginnings --- */

typedef struct
{
  ConvokePluginWatch *watch;  /* (owned) */
  ConvokeCall        *call;   /* (owned) */
} Beginning;

static void
beginning_free (gpointer data)
{
  Beginning *self = data;

  g_object_unref (self->call);
  g_object_unref (self->watch);
  g_free (self);
}

static gboolean
began_cb (gpointer data)
{
  Beginning *beginning = data;
  g_autoptr (ConvokePlugin) plugin = g_weak_ref_get (&beginning->watch->plugin);

  if (convoke_call_get_state (beginning->call) == CONVOKE_CALL_STATE_IDLE)
    return G_SOURCE_REMOVE;

  g_set_object (&beginning->watch->kept, beginning->call);
  if (plugin != NULL)
    convoke_plugin_call_began (plugin, beginning->call);
  return G_SOURCE_REMOVE;
}

/* The call object is about to begin, on any thread. */
static gboolean
convoke_plugin_watch_reset (ConvokeSynchronize  *synchronize,
                            GError             **error)
{
  ConvokePluginWatch *self = CONVOKE_PLUGIN_WATCH (synchronize);
  g_autoptr (ConvokeCall) call = g_weak_ref_get (&self->call);
  g_autoptr (GSource) source = NULL;
  Beginning *beginning;

  if (call == NULL)
    return TRUE;

  beginning = g_new0 (Beginning, 1);
  beginning->watch = g_object_ref (self);
  beginning->call = g_steal_pointer (&call);

  source = g_idle_source_new ();
  g_source_set_static_name (source, "[convoke] plug-in");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, began_cb, beginning, beginning_free);
  g_source_attach (source, self->context);
  return TRUE;
}

static gboolean
convoke_plugin_watch_signal (ConvokeSynchronize  *synchronize,
                             GError             **error)
{
  return TRUE;
}

static gboolean
convoke_plugin_watch_wait (ConvokeSynchronize  *synchronize,
                           ConvokeWaitFlags     flags,
                           gint64               timeout,
                           GError             **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "A plug-in's watch cannot be waited for");
  return FALSE;
}

static void
synchronize_init (ConvokeSynchronizeInterface *iface)
{
  iface->reset = convoke_plugin_watch_reset;
  iface->signal = convoke_plugin_watch_signal;
  iface->wait = convoke_plugin_watch_wait;
}

/* --- everything else --- */

static void
notice_cb (ConvokeCall       *call,
           ConvokeCallNotice  notice,
           gpointer           data)
{
  ConvokePluginWatch *self = data;
  g_autoptr (ConvokePlugin) plugin = g_weak_ref_get (&self->plugin);
  g_autoptr (ConvokeCall) kept = NULL;

  if (notice == CONVOKE_CALL_NOTICE_COMPLETED)
    kept = g_steal_pointer (&self->kept);

  if (plugin != NULL && notice == CONVOKE_CALL_NOTICE_PROGRESS)
    convoke_plugin_call_progressed (plugin, call);
  else if (plugin != NULL)
    convoke_plugin_call_completed (plugin, call);

  if (self->func != NULL)
    self->func (call, notice, self->data);
}

ConvokeCall *
convoke_plugin_watch_create_call (ConvokePlugin    *plugin,
                                  GMainContext     *context,
                                  GObject          *object,
                                  GType             iface,
                                  ConvokeCallFunc   func,
                                  gpointer          data,
                                  GDestroyNotify    destroy,
                                  GError          **error)
{
  g_autoptr (ConvokePluginWatch) self = g_object_new (CONVOKE_TYPE_PLUGIN_WATCH, NULL);
  ConvokeCall *call = convoke_create_call_full (object, iface, NULL, CONVOKE_SYNCHRONIZE (self), error);

  if (call == NULL)
    return NULL;

  g_weak_ref_set (&self->plugin, plugin);
  g_weak_ref_set (&self->call, call);
  self->context = g_main_context_ref (context);
  self->func = func;
  self->data = data;
  self->destroy = destroy;
  convoke_call_set_callback (call, context, notice_cb, g_object_ref (self), g_object_unref);

  return call;
}
