/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A plug-in is a class of the catalog with at most one object of it: off,
 * starting, running, or on its way back. All that happens to it comes in one
 * main context, and shows as properties, which a list binds its rows to. They
 * are notified together once all of them have changed: who is told may start
 * and stop the plug-in from there.
 *
 * A start has a cancellable of its own, which also tells whether the start
 * that has just ended is still the one that is wanted. What the plug-in knows
 * of its calls comes from their watches (convoke-plugin-watch.c).
 */

#include "config.h"

#include "convoke-plugin-private.h"

#include "convoke-call-private.h"
#include "convoke-channel-private.h"
#include "convoke-error.h"
#include "convoke-import-private.h"
#include "convoke-plugin-watch-private.h"
#include "convoke-proxy-private.h"
#include "convoke-unknown.h"

/**
 * ConvokePlugin:
 *
 * A class of the catalog as a program with plug-ins shows it: started and
 * stopped without waiting, with what it is at, where it lives and why, how far
 * its running call is, and what went wrong, as properties that rows of a list
 * can be bound to.
 *
 * It belongs to the main context in which it was made: use it there only.
 *
 * Since: 0.1
 */
struct _ConvokePlugin
{
  GObject             parent_instance;

  /* Constant. */
  ConvokeCatalog     *catalog;     /* (owned) */
  char               *class_name;
  GType               iface;
  GMainContext       *context;     /* (owned): all of the rest is used here only */

  ConvokeClassInfo   *info;        /* (owned) (nullable) */
  ConvokePluginState  state;
  GObject            *object;      /* (owned) (nullable) */
  GVariant           *placement;   /* (owned) (nullable) */
  GError             *error;       /* (owned) (nullable) */

  GCancellable       *start;       /* (owned) (nullable): of the start that is wanted */
  GPtrArray          *starters;    /* of GTask (owned): who waits for it */

  GPtrArray          *calls;       /* of ConvokeCall (owned): in progress, the latest last */
  double              progress;    /* of the latest; -1: unknown */
  char               *said;        /* (nullable): its status */
  gboolean            owes;        /* a call was abandoned, and may still be running there */
};

G_DEFINE_FINAL_TYPE (ConvokePlugin, convoke_plugin, G_TYPE_OBJECT)

enum
{
  PROP_CATALOG = 1,
  PROP_CLASS_NAME,
  PROP_INTERFACE,
  PROP_INFO,
  PROP_NAME,
  PROP_DESCRIPTION,
  PROP_STATE,
  PROP_ACTIVE,
  PROP_OBJECT,
  PROP_BUSY,
  PROP_PROGRESS,
  PROP_STATUS,
  PROP_ERROR,
  PROP_PLACEMENT,
  PROP_WHERE,
  PROP_WHY,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

/* So that a label can be bound to the state. */
static void
write_state (const GValue *state,
             GValue       *text)
{
  GEnumClass *class = g_type_class_ref (G_VALUE_TYPE (state));
  const GEnumValue *value = g_enum_get_value (class, g_value_get_enum (state));

  g_value_set_string (text, value != NULL ? value->value_nick : NULL);
  g_type_class_unref (class);
}

GType
convoke_plugin_state_get_type (void)
{
  static gsize once;
  static const GEnumValue values[] = {
    { CONVOKE_PLUGIN_STATE_OFF, "CONVOKE_PLUGIN_STATE_OFF", "off" },
    { CONVOKE_PLUGIN_STATE_STARTING, "CONVOKE_PLUGIN_STATE_STARTING", "starting" },
    { CONVOKE_PLUGIN_STATE_RUNNING, "CONVOKE_PLUGIN_STATE_RUNNING", "running" },
    { CONVOKE_PLUGIN_STATE_RESTARTING, "CONVOKE_PLUGIN_STATE_RESTARTING", "restarting" },
    { CONVOKE_PLUGIN_STATE_FAILED, "CONVOKE_PLUGIN_STATE_FAILED", "failed" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&once))
    {
      GType type = g_enum_register_static ("ConvokePluginState", values);

      g_value_register_transform_func (type, G_TYPE_STRING, write_state);
      g_once_init_leave (&once, type);
    }
  return once;
}

static void
notify (ConvokePlugin *self,
        guint          prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

/* --- what it shows --- */

static gboolean
is_active (ConvokePlugin *self)
{
  return self->state != CONVOKE_PLUGIN_STATE_OFF && self->state != CONVOKE_PLUGIN_STATE_FAILED;
}

static void
set_state (ConvokePlugin      *self,
           ConvokePluginState  state)
{
  gboolean was_active = is_active (self);

  if (self->state == state)
    return;

  self->state = state;
  notify (self, PROP_STATE);
  if (is_active (self) != was_active)
    notify (self, PROP_ACTIVE);
}

static void
set_error (ConvokePlugin *self,
           const GError  *error)
{
  if (self->error == NULL && error == NULL)
    return;

  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  notify (self, PROP_ERROR);
  notify (self, PROP_STATUS);
}

static void
set_progress (ConvokePlugin *self,
              double         progress,
              char          *said)
{
  if (self->progress != progress)
    {
      self->progress = progress;
      notify (self, PROP_PROGRESS);
    }

  if (g_strcmp0 (self->said, said) != 0)
    {
      g_free (self->said);
      self->said = g_steal_pointer (&said);
      notify (self, PROP_STATUS);
    }
  g_free (said);
}

static void
set_placement (ConvokePlugin *self,
               GVariant      *placement)
{
  if (self->placement == placement)
    return;

  g_clear_pointer (&self->placement, g_variant_unref);
  self->placement = placement != NULL ? g_variant_ref (placement) : NULL;
  notify (self, PROP_PLACEMENT);
  notify (self, PROP_WHERE);
  notify (self, PROP_WHY);
}

static void
update_placement (ConvokePlugin *self)
{
  g_autoptr (GVariant) placement = self->object != NULL ? convoke_dup_placement (self->object) : NULL;

  set_placement (self, placement);
}

static char *
describe_place (ConvokePlugin *self)
{
  const char *distance = NULL;
  gint32 pid = 0;

  if (self->placement == NULL || !g_variant_lookup (self->placement, "distance", "&s", &distance))
    return NULL;
  if (g_variant_lookup (self->placement, "pid", "i", &pid))
    return g_strdup_printf ("process %d", pid);

  return g_strdup (g_str_equal (distance, "thread") ? "a thread of its own" : "this program");
}

static char *
dup_why (ConvokePlugin *self)
{
  char *why = NULL;

  if (self->placement != NULL)
    g_variant_lookup (self->placement, "why", "s", &why);
  return why;
}

/* --- calls --- */

static gboolean
is_busy (ConvokePlugin *self)
{
  return self->calls->len > 0;
}

static void
show_latest_call (ConvokePlugin *self)
{
  ConvokeCall *latest = is_busy (self) ? self->calls->pdata[self->calls->len - 1] : NULL;

  if (latest != NULL)
    set_progress (self, convoke_call_get_progress_fraction (latest), convoke_call_dup_status (latest));
  else
    set_progress (self, -1, NULL);
}

void
convoke_plugin_call_began (ConvokePlugin *self,
                           ConvokeCall   *call)
{
  g_autoptr (GObject) object = convoke_call_dup_object (call);

  /* It is of an object that was stopped. */
  if (self->object == NULL || !convoke_same_object (object, self->object) || g_ptr_array_find (self->calls, call, NULL))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  set_error (self, NULL);
  g_ptr_array_add (self->calls, g_object_ref (call));
  show_latest_call (self);
  if (self->calls->len == 1)
    notify (self, PROP_BUSY);
  g_object_thaw_notify (G_OBJECT (self));
}

void
convoke_plugin_call_progressed (ConvokePlugin *self,
                                ConvokeCall   *call)
{
  if (is_busy (self) && self->calls->pdata[self->calls->len - 1] == call)
    show_latest_call (self);
}

/* What finish will tell, unless somebody was faster: what ended the call, or else what the method threw. */
static void
take_outcome (ConvokePlugin *self,
              ConvokeCall   *call)
{
  ConvokeRecord *record = convoke_call_dup_record (call);
  const GError *error;

  if (record == NULL)
    return;

  if (convoke_record_get_outcome (record) == CONVOKE_CANCEL_OUTCOME_ABANDONED)
    self->owes = TRUE;
  error = convoke_record_get_error (record);
  if (error == NULL)
    error = record->frame.error;
  if (error != NULL)
    set_error (self, error);
  convoke_record_unref (record);
}

void
convoke_plugin_call_completed (ConvokePlugin *self,
                               ConvokeCall   *call)
{
  if (!g_ptr_array_remove (self->calls, call))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  take_outcome (self, call);
  show_latest_call (self);
  if (!is_busy (self))
    notify (self, PROP_BUSY);
  g_object_thaw_notify (G_OBJECT (self));
}

/* They end by themselves; nothing of them is shown any more. */
static void
forget_calls (ConvokePlugin *self)
{
  g_autoptr (GPtrArray) calls = self->calls;

  self->calls = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < calls->len; i++)
    convoke_call_cancel (calls->pdata[i], 0, NULL);
  show_latest_call (self);
  if (calls->len > 0)
    notify (self, PROP_BUSY);
}

/* --- its object --- */

static void
drop_object (ConvokePlugin *self)
{
  g_autoptr (GObject) object = g_steal_pointer (&self->object);

  if (object == NULL)
    return;

  g_signal_handlers_disconnect_by_data (object, self);
  self->owes = FALSE;
  update_placement (self);
  notify (self, PROP_OBJECT);
}

static void
interrupted_cb (GObject       *object,
                const GError  *why,
                ConvokePlugin *self)
{
  self->owes = FALSE;
  g_object_freeze_notify (G_OBJECT (self));
  set_error (self, why);
  set_state (self, CONVOKE_PLUGIN_STATE_RESTARTING);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
restored_cb (GObject       *object,
             ConvokePlugin *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  update_placement (self);
  set_state (self, CONVOKE_PLUGIN_STATE_RUNNING);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
invalid_cb (GObject       *object,
            const GError  *why,
            ConvokePlugin *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  drop_object (self);
  set_error (self, why);
  set_state (self, CONVOKE_PLUGIN_STATE_FAILED);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
take_object (ConvokePlugin *self,
             GObject       *object)
{
  self->object = object;
  if (convoke_is_proxy (object))
    {
      g_signal_connect (object, "interrupted", G_CALLBACK (interrupted_cb), self);
      g_signal_connect (object, "restored", G_CALLBACK (restored_cb), self);
      g_signal_connect (object, "invalid", G_CALLBACK (invalid_cb), self);
    }
  update_placement (self);
  notify (self, PROP_OBJECT);
  set_state (self, CONVOKE_PLUGIN_STATE_RUNNING);
}

/* --- starting --- */

static void
starter_disconnect (GTask *task)
{
  g_cancellable_disconnect (g_task_get_cancellable (task), GPOINTER_TO_SIZE (g_task_get_task_data (task)));
}

static void
end_start (ConvokePlugin *self,
           const GError  *error)
{
  g_autoptr (GPtrArray) starters = self->starters;

  self->starters = g_ptr_array_new_with_free_func (g_object_unref);
  g_clear_object (&self->start);

  for (guint i = 0; i < starters->len; i++)
    {
      starter_disconnect (starters->pdata[i]);
      if (error != NULL)
        g_task_return_error (starters->pdata[i], g_error_copy (error));
      else
        g_task_return_boolean (starters->pdata[i], TRUE);
    }
}

typedef struct
{
  GWeakRef      plugin;
  GCancellable *cancellable;  /* (owned) */
} Start;

static Start *
start_new (ConvokePlugin *plugin)
{
  Start *self = g_new0 (Start, 1);

  g_weak_ref_init (&self->plugin, plugin);
  self->cancellable = g_object_ref (plugin->start);
  return self;
}

static void
start_free (Start *self)
{
  g_weak_ref_clear (&self->plugin);
  g_object_unref (self->cancellable);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Start, start_free)

static void
take_failure (ConvokePlugin *self,
              const GError  *error)
{
  if (g_cancellable_is_cancelled (self->start))
    {
      set_state (self, CONVOKE_PLUGIN_STATE_OFF);
      return;
    }

  set_error (self, error);
  set_state (self, CONVOKE_PLUGIN_STATE_FAILED);
}

static void
started_cb (GObject      *catalog,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr (Start) start = data;
  g_autoptr (ConvokePlugin) self = g_weak_ref_get (&start->plugin);
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = convoke_catalog_activate_finish (CONVOKE_CATALOG (catalog), result, &error);

  /* It was stopped meanwhile. */
  if (self == NULL || self->start != start->cancellable)
    return;

  g_object_freeze_notify (G_OBJECT (self));
  if (object != NULL)
    take_object (self, g_steal_pointer (&object));
  else
    take_failure (self, error);
  end_start (self, error);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
begin_start (ConvokePlugin *self)
{
  self->start = g_cancellable_new ();
  convoke_catalog_activate_async (self->catalog, self->class_name, self->iface, NULL, self->start, started_cb, start_new (self));
  set_error (self, NULL);
  set_state (self, CONVOKE_PLUGIN_STATE_STARTING);
}

static void
cancel_start_cb (GCancellable *cancellable,
                 GCancellable *start)
{
  g_cancellable_cancel (start);
}

static void
add_starter (ConvokePlugin *self,
             GTask         *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  gulong id = 0;

  g_ptr_array_add (self->starters, task);
  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (cancel_start_cb), g_object_ref (self->start), g_object_unref);
  g_task_set_task_data (task, GSIZE_TO_POINTER (id), NULL);
}

/**
 * convoke_plugin_start_async:
 * @self: a plug-in
 * @cancellable: (nullable): ends the start, for everybody who waits for it
 * @callback: (scope async) (nullable): called when it runs or failed
 * @user_data: for @callback
 *
 * Activates the class, as far away as its keyfile says, without waiting.
 *
 * One that is starting is waited for, and one that runs is there at once. What
 * becomes of it shows in the properties as well, so @callback may be %NULL.
 *
 * Since: 0.1
 */
void
convoke_plugin_start_async (ConvokePlugin       *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CONVOKE_IS_PLUGIN (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, convoke_plugin_start_async);
  /* The errors are ours. */
  g_task_set_check_cancellable (task, FALSE);

  if (self->object != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_object_freeze_notify (G_OBJECT (self));
  if (self->start == NULL)
    begin_start (self);
  /* Where nobody waits, nobody keeps the plug-in. */
  if (callback != NULL || cancellable != NULL)
    add_starter (self, g_steal_pointer (&task));
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * convoke_plugin_start_finish:
 * @self: the plug-in
 * @result: what the callback was given
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Tells whether the plug-in runs. Fails as [method@Catalog.activate] does, and
 * with %CONVOKE_ERROR_CANCELLED when it was stopped meanwhile.
 *
 * Returns: %TRUE when it runs
 *
 * Since: 0.1
 */
gboolean
convoke_plugin_start_finish (ConvokePlugin  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, convoke_plugin_start_async), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- stopping --- */

/* The connection to the process that it lives in (transfer full), or NULL. */
static ConvokeChannel *
dup_channel (ConvokePlugin *self)
{
  ConvokeProxy *proxy = self->object != NULL ? convoke_proxy_from_object (self->object) : NULL;
  ConvokeImport *import = proxy != NULL ? convoke_import_from_object (proxy->target) : NULL;

  return import != NULL ? convoke_channel_ref (convoke_import_get_place (import)->channel) : NULL;
}

static void
end_process (ConvokePlugin  *self,
             ConvokeChannel *channel)
{
  g_autoptr (GError) why = g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED,
                                        "%s was stopped in the middle of a call", self->class_name);

  convoke_channel_close (channel, why);
}

static void
cancel_start (ConvokePlugin *self)
{
  g_autoptr (GError) error = g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "%s was stopped", self->class_name);

  if (self->start == NULL)
    return;

  g_cancellable_cancel (self->start);
  end_start (self, error);
}

/**
 * convoke_plugin_stop:
 * @self: a plug-in
 *
 * Stops the plug-in: its object is let go, a start is given up, and calls in
 * progress end with %CONVOKE_ERROR_CANCELLED.
 *
 * Where nobody else has anything of its process, that ends in its own time. A
 * process in which a call is in progress, or was given up because of its
 * deadline or because the component did not obey a cancel, is ended by this,
 * with everything else that lives in it: this is how one that hangs is got rid
 * of. A component that hangs in the program itself, or on a thread of it,
 * cannot be ended.
 *
 * Since: 0.1
 */
void
convoke_plugin_stop (ConvokePlugin *self)
{
  ConvokeChannel *channel = NULL;

  g_return_if_fail (CONVOKE_IS_PLUGIN (self));

  g_object_ref (self);
  g_object_freeze_notify (G_OBJECT (self));
  if (self->owes || is_busy (self))
    channel = dup_channel (self);

  cancel_start (self);
  forget_calls (self);
  /* Before the process goes, so that it does not come back. */
  drop_object (self);
  if (channel != NULL)
    {
      end_process (self, channel);
      convoke_channel_unref (channel);
    }

  set_error (self, NULL);
  set_state (self, CONVOKE_PLUGIN_STATE_OFF);
  g_object_thaw_notify (G_OBJECT (self));
  g_object_unref (self);
}

static void
set_active (ConvokePlugin *self,
            gboolean       active)
{
  if (active == is_active (self))
    return;

  if (active)
    convoke_plugin_start_async (self, NULL, NULL, NULL);
  else
    convoke_plugin_stop (self);
}

/* --- life --- */

void
convoke_plugin_set_info (ConvokePlugin    *self,
                         ConvokeClassInfo *info)
{
  if (!g_set_object (&self->info, info))
    return;

  notify (self, PROP_INFO);
  notify (self, PROP_NAME);
  notify (self, PROP_DESCRIPTION);
}

static void
convoke_plugin_constructed (GObject *object)
{
  CONVOKE_PLUGIN (object)->context = g_main_context_ref_thread_default ();
  G_OBJECT_CLASS (convoke_plugin_parent_class)->constructed (object);
}

static void
convoke_plugin_dispose (GObject *object)
{
  ConvokePlugin *self = CONVOKE_PLUGIN (object);

  convoke_plugin_stop (self);

  G_OBJECT_CLASS (convoke_plugin_parent_class)->dispose (object);
}

static void
convoke_plugin_finalize (GObject *object)
{
  ConvokePlugin *self = CONVOKE_PLUGIN (object);

  g_ptr_array_unref (self->calls);
  g_ptr_array_unref (self->starters);
  g_clear_error (&self->error);
  g_free (self->said);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->info);
  g_free (self->class_name);
  g_clear_object (&self->catalog);

  G_OBJECT_CLASS (convoke_plugin_parent_class)->finalize (object);
}

static void
convoke_plugin_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ConvokePlugin *self = CONVOKE_PLUGIN (object);

  switch (id)
    {
    case PROP_CATALOG:
      g_value_set_object (value, self->catalog);
      break;
    case PROP_CLASS_NAME:
      g_value_set_string (value, self->class_name);
      break;
    case PROP_INTERFACE:
      g_value_set_gtype (value, self->iface);
      break;
    case PROP_INFO:
      g_value_set_object (value, self->info);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->info != NULL ? convoke_class_info_get_name (self->info) : self->class_name);
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, self->info != NULL ? convoke_class_info_get_description (self->info) : NULL);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ACTIVE:
      g_value_set_boolean (value, is_active (self));
      break;
    case PROP_OBJECT:
      g_value_set_object (value, self->object);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, is_busy (self));
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_STATUS:
      g_value_set_string (value, self->said != NULL ? self->said : self->error != NULL ? self->error->message : NULL);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_PLACEMENT:
      g_value_set_variant (value, self->placement);
      break;
    case PROP_WHERE:
      g_value_take_string (value, describe_place (self));
      break;
    case PROP_WHY:
      g_value_take_string (value, dup_why (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
convoke_plugin_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  ConvokePlugin *self = CONVOKE_PLUGIN (object);

  switch (id)
    {
    case PROP_CATALOG:
      self->catalog = g_value_dup_object (value);
      break;
    case PROP_CLASS_NAME:
      self->class_name = g_value_dup_string (value);
      break;
    case PROP_INTERFACE:
      self->iface = g_value_get_gtype (value);
      break;
    case PROP_ACTIVE:
      set_active (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
convoke_plugin_class_init (ConvokePluginClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags given = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags shown = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = convoke_plugin_constructed;
  object_class->dispose = convoke_plugin_dispose;
  object_class->finalize = convoke_plugin_finalize;
  object_class->get_property = convoke_plugin_get_property;
  object_class->set_property = convoke_plugin_set_property;

  /**
   * ConvokePlugin:catalog:
   *
   * Where the class is found.
   *
   * Since: 0.1
   */
  props[PROP_CATALOG] = g_param_spec_object ("catalog", NULL, NULL, CONVOKE_TYPE_CATALOG, given);

  /**
   * ConvokePlugin:class-name:
   *
   * The name of the class, such as `org.example.Spelling`.
   *
   * Since: 0.1
   */
  props[PROP_CLASS_NAME] = g_param_spec_string ("class-name", NULL, NULL, NULL, given);

  /**
   * ConvokePlugin:interface:
   *
   * The interface that is wanted of its object.
   *
   * Since: 0.1
   */
  props[PROP_INTERFACE] = g_param_spec_gtype ("interface", NULL, NULL, G_TYPE_NONE, given);

  /**
   * ConvokePlugin:info:
   *
   * What the catalog knows of the class; %NULL where it knows no such class.
   *
   * Since: 0.1
   */
  props[PROP_INFO] = g_param_spec_object ("info", NULL, NULL, CONVOKE_TYPE_CLASS_INFO, shown);

  /**
   * ConvokePlugin:name:
   *
   * What people call it: `Name=` of the keyfile, or else the name of the class.
   *
   * Since: 0.1
   */
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, shown);

  /**
   * ConvokePlugin:description:
   *
   * What people read about it: `Description=` of the keyfile, or %NULL.
   *
   * Since: 0.1
   */
  props[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, shown);

  /**
   * ConvokePlugin:state:
   *
   * What it is at. As a text, for a label that is bound to it: "off",
   * "starting", "running", "restarting" or "failed".
   *
   * Since: 0.1
   */
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, CONVOKE_TYPE_PLUGIN_STATE, CONVOKE_PLUGIN_STATE_OFF, shown);

  /**
   * ConvokePlugin:active:
   *
   * Whether it runs or is to run: neither off nor failed. Setting it starts the
   * plug-in, without waiting, or stops it, so that a switch can be bound to it.
   *
   * Since: 0.1
   */
  props[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE,
                                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * ConvokePlugin:object:
   *
   * Its object while it is running or restarting, or %NULL.
   *
   * Since: 0.1
   */
  props[PROP_OBJECT] = g_param_spec_object ("object", NULL, NULL, G_TYPE_OBJECT, shown);

  /**
   * ConvokePlugin:busy:
   *
   * Whether a call of [method@Plugin.create_call] is in progress.
   *
   * Since: 0.1
   */
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, shown);

  /**
   * ConvokePlugin:progress:
   *
   * How much of the latest call in progress is done: between 0 and 1, or -1
   * where the component said nothing, or no call is in progress.
   *
   * Since: 0.1
   */
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, -1, 1, -1, shown);

  /**
   * ConvokePlugin:status:
   *
   * What there is to tell: what the latest call in progress says of itself, or
   * else the message of [property@Plugin:error], or %NULL.
   *
   * Since: 0.1
   */
  props[PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, shown);

  /**
   * ConvokePlugin:error:
   *
   * What went wrong last: the start, a call, or the process. It is cleared by
   * the next start, stop or call.
   *
   * Since: 0.1
   */
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, shown);

  /**
   * ConvokePlugin:placement:
   *
   * Where it lives, and why there, as [func@Convoke.dup_placement] tells it; %NULL
   * while it has no object.
   *
   * Since: 0.1
   */
  props[PROP_PLACEMENT] = g_param_spec_variant ("placement", NULL, NULL, G_VARIANT_TYPE_VARDICT, NULL, shown);

  /**
   * ConvokePlugin:where:
   *
   * The same in a few words: "this program", "a thread of its own", "process
   * 4711"; %NULL while it has no object.
   *
   * Since: 0.1
   */
  props[PROP_WHERE] = g_param_spec_string ("where", NULL, NULL, NULL, shown);

  /**
   * ConvokePlugin:why:
   *
   * Why it lives there, in a sentence; %NULL while it has no object.
   *
   * Since: 0.1
   */
  props[PROP_WHY] = g_param_spec_string ("why", NULL, NULL, NULL, shown);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
convoke_plugin_init (ConvokePlugin *self)
{
  self->calls = g_ptr_array_new_with_free_func (g_object_unref);
  self->starters = g_ptr_array_new_with_free_func (g_object_unref);
  self->progress = -1;
}

/* --- public --- */

static ConvokePlugin *
create (ConvokeCatalog   *catalog,
        const char       *class_name,
        ConvokeClassInfo *info,
        GType             iface)
{
  ConvokePlugin *self = g_object_new (CONVOKE_TYPE_PLUGIN, "catalog", catalog, "class-name", class_name, "interface", iface, NULL);

  convoke_plugin_set_info (self, info);
  return self;
}

ConvokePlugin *
convoke_plugin_new_for_info (ConvokeCatalog   *catalog,
                             ConvokeClassInfo *info,
                             GType             iface)
{
  return create (catalog, convoke_class_info_get_class_name (info), info, iface);
}

/**
 * convoke_plugin_new:
 * @catalog: where the class is found
 * @class_name: the name of a class
 * @iface: the interface that is wanted of its object
 *
 * Makes the plug-in for a class, which is off. Nothing of the class is loaded.
 *
 * A plug-in belongs to the main context that is the calling thread's
 * thread-default one: use it there only. Everything that it tells is told there.
 * Dropping it stops it.
 *
 * Returns: (transfer full): a plug-in
 *
 * Since: 0.1
 */
ConvokePlugin *
convoke_plugin_new (ConvokeCatalog *catalog,
                    const char     *class_name,
                    GType           iface)
{
  g_autoptr (ConvokeClassInfo) info = NULL;

  g_return_val_if_fail (CONVOKE_IS_CATALOG (catalog), NULL);
  g_return_val_if_fail (class_name != NULL, NULL);
  g_return_val_if_fail (iface == G_TYPE_OBJECT || G_TYPE_IS_INTERFACE (iface), NULL);

  info = convoke_catalog_dup_class (catalog, class_name);
  return create (catalog, class_name, info, iface);
}

/**
 * convoke_plugin_get_class_name:
 * @self: a plug-in
 *
 * Gets the name of its class.
 *
 * Returns: the name
 *
 * Since: 0.1
 */
const char *
convoke_plugin_get_class_name (ConvokePlugin *self)
{
  g_return_val_if_fail (CONVOKE_IS_PLUGIN (self), NULL);

  return self->class_name;
}

/**
 * convoke_plugin_get_state:
 * @self: a plug-in
 *
 * Gets what the plug-in is at.
 *
 * Returns: the state
 *
 * Since: 0.1
 */
ConvokePluginState
convoke_plugin_get_state (ConvokePlugin *self)
{
  g_return_val_if_fail (CONVOKE_IS_PLUGIN (self), CONVOKE_PLUGIN_STATE_OFF);

  return self->state;
}

/**
 * convoke_plugin_dup_error:
 * @self: a plug-in
 *
 * Gets what went wrong last; see [property@Plugin:error].
 *
 * Returns: (transfer full) (nullable): the error, or %NULL
 *
 * Since: 0.1
 */
GError *
convoke_plugin_dup_error (ConvokePlugin *self)
{
  g_return_val_if_fail (CONVOKE_IS_PLUGIN (self), NULL);

  return self->error != NULL ? g_error_copy (self->error) : NULL;
}

/**
 * convoke_plugin_dup_object:
 * @self: a plug-in
 *
 * Gets the object to call, which implements the interface that the plug-in was
 * made for.
 *
 * Returns: (transfer full) (nullable): the object, or %NULL while there is none
 *
 * Since: 0.1
 */
GObject *
convoke_plugin_dup_object (ConvokePlugin *self)
{
  g_return_val_if_fail (CONVOKE_IS_PLUGIN (self), NULL);

  return self->object != NULL ? g_object_ref (self->object) : NULL;
}

/**
 * convoke_plugin_create_call:
 * @self: a plug-in that is running or restarting
 * @func: (nullable) (scope notified) (closure user_data) (destroy destroy): told
 *   of progress and of the end, in the plug-in's context, after `busy`,
 *   `progress` and `status` have changed; that its process died is in `state`
 *   a moment later
 * @user_data: for @func
 * @destroy: frees @user_data
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes a call object for the plug-in's interface, whose calls the plug-in
 * shows: as [property@Plugin:busy], [property@Plugin:progress] and
 * [property@Plugin:status], from the next turn of the main loop on. Begin a
 * method on it; when @func is told %CONVOKE_CALL_NOTICE_COMPLETED, finish it there.
 * Nobody has to keep the call object meanwhile: @func is told of every call that
 * was begun, also when the plug-in is stopped or dropped.
 *
 * The call object has its callback and its sink by this; set no others.
 *
 * Fails with %CONVOKE_ERROR_DISCONNECTED when the plug-in has no object, and as
 * [func@Convoke.create_call]; @destroy is not called then.
 *
 * Returns: (transfer full): a call object that is idle
 *
 * Since: 0.1
 */
ConvokeCall *
convoke_plugin_create_call (ConvokePlugin    *self,
                            ConvokeCallFunc   func,
                            gpointer          user_data,
                            GDestroyNotify    destroy,
                            GError          **error)
{
  g_return_val_if_fail (CONVOKE_IS_PLUGIN (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (self->object == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "%s is not running", self->class_name);
      return NULL;
    }

  return convoke_plugin_watch_create_call (self, self->context, self->object, self->iface, func, user_data, destroy, error);
}

/**
 * convoke_plugin_cancel:
 * @self: a plug-in
 * @grace: how long the component may take to stop, in microseconds, or -1 for as long as it likes
 *
 * Cancels the calls in progress, as [method@Call.cancel] does with each.
 *
 * Since: 0.1
 */
void
convoke_plugin_cancel (ConvokePlugin *self,
                       gint64         grace)
{
  g_autoptr (GPtrArray) calls = NULL;

  g_return_if_fail (CONVOKE_IS_PLUGIN (self));

  calls = g_ptr_array_copy (self->calls, (GCopyFunc) g_object_ref, NULL);
  g_ptr_array_set_free_func (calls, g_object_unref);
  for (guint i = 0; i < calls->len; i++)
    convoke_call_cancel (calls->pdata[i], grace, NULL);
}
