/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * An object that is open in a port. There is no second way for events to
 * travel: a port is one more handler of the object's signals. A proxy has them
 * from wherever the object lives, and its handlers run in its home; the port
 * hears of them where they arrive, so that they keep their place among the
 * replies.
 */

#include "config.h"

#include "convoke-reply-watch-private.h"

#include "convoke-apartment-private.h"
#include "convoke-carrier-private.h"
#include "convoke-error.h"
#include "convoke-hooks-private.h"

typedef struct
{
  guint  signal_id;
  GQuark detail;   /* 0: any */
} Choice;

struct _ConvokeReplyWatch
{
  gint              ref_count;  /* atomic: the port, each handler, whoever works with it */
  ConvokeReplyCore *core;       /* (owned) */
  GObject          *object;     /* (owned) as the program named it */
  GObject          *identity;   /* (owned) */
  ConvokeApartment *apartment;  /* (owned) of the object */
  guint64           key;

  guint             invalid;    /* constant; of a proxy: the signal that tells of its end; 0: it is none */

  GMutex            lock;
  GArray           *choices;    /* LOCK: lock; Choice */
  GArray           *handlers;   /* LOCK: lock; gulong: of what was chosen, where it is no proxy */
  gpointer          watch;      /* LOCK: lock; (nullable): of a proxy */
  gboolean          stopped;    /* LOCK: lock */
};

ConvokeReplyWatch *
convoke_reply_watch_ref (ConvokeReplyWatch *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
convoke_reply_watch_unref (ConvokeReplyWatch *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_array_unref (self->choices);
  g_array_unref (self->handlers);
  g_mutex_clear (&self->lock);
  g_object_unref (self->identity);
  convoke_apartment_release (self->apartment, self->object);
  g_object_unref (self->apartment);
  convoke_reply_core_unref (self->core);
  g_free (self);
}

static guint
find_invalid (GObject *object)
{
  g_autoptr (ConvokeApartment) apartment =
    convoke_hooks.dup_apartment != NULL ? convoke_hooks.dup_apartment (object) : NULL;

  return apartment != NULL ? g_signal_lookup ("invalid", G_OBJECT_TYPE (object)) : 0;
}

ConvokeReplyWatch *
convoke_reply_watch_new (ConvokeReplyCore *core,
                         GObject          *object,
                         GObject          *identity,
                         guint64           key)
{
  ConvokeReplyWatch *self = g_new0 (ConvokeReplyWatch, 1);

  self->ref_count = 1;
  self->core = convoke_reply_core_ref (core);
  self->object = g_object_ref (object);
  self->identity = g_object_ref (identity);
  self->apartment = convoke_apartment_dup_for_object (object);
  self->key = key;
  self->invalid = find_invalid (object);
  g_mutex_init (&self->lock);
  self->choices = g_array_new (FALSE, FALSE, sizeof (Choice));
  self->handlers = g_array_new (FALSE, FALSE, sizeof (gulong));

  return self;
}

gpointer
convoke_reply_watch_get_identity (ConvokeReplyWatch *self)
{
  return self->identity;
}

/* --- an emission --- */

/* What comes with the signal can be used where the messages go. */
static void
map_object (ConvokeReplyWatch *self,
            GValue            *value)
{
  ConvokeTypeInfo type = { .kind = CONVOKE_TYPE_KIND_OBJECT, .type_name = (char *) G_VALUE_TYPE_NAME (value) };
  GObject *object = g_value_get_object (value);
  g_autoptr (GObject) mapped = NULL;

  if (object == NULL || convoke_hooks.map_object == NULL)
    return;
  if (G_TYPE_IS_INTERFACE (G_VALUE_TYPE (value)))
    type.kind = CONVOKE_TYPE_KIND_INTERFACE;

  mapped = convoke_hooks.map_object (object, &type, convoke_apartment_is_remote (self->apartment) ? NULL : self->apartment,
                                     self->core->home);
  if (mapped != NULL && g_type_is_a (G_OBJECT_TYPE (mapped), G_VALUE_TYPE (value)))
    g_value_set_object (value, mapped);
}

static void
copy_value (ConvokeReplyWatch *self,
            const GValue      *from,
            GValue            *to)
{
  g_value_init (to, G_VALUE_TYPE (from));
  /* It points into the emitter's memory. */
  if (G_VALUE_HOLDS_POINTER (from) && !G_VALUE_HOLDS_GTYPE (from))
    return;

  g_value_copy (from, to);
  if (G_VALUE_HOLDS_OBJECT (to))
    map_object (self, to);
}

static char *
describe (guint  signal_id,
          GQuark detail)
{
  const char *name = g_signal_name (signal_id);

  return detail != 0 ? g_strconcat (name, "::", g_quark_to_string (detail), NULL) : g_strdup (name);
}

static void
tell (ConvokeReplyWatch *self,
      guint              signal_id,
      GQuark             detail,
      const GValue      *params,
      guint              n_params)
{
  ConvokeReplyMessage *message = convoke_reply_message_new (CONVOKE_REPLY_KIND_EVENT, self->key, self->object);

  message->signal = describe (signal_id, detail);
  message->n_values = n_params;
  message->values = g_new0 (GValue, n_params);
  for (guint i = 0; i < n_params; i++)
    copy_value (self, &params[i], &message->values[i]);

  convoke_reply_core_tell (self->core, self, message);
}

/* What the object stood for is gone. */
static void
tell_closed (ConvokeReplyWatch *self,
             const GError      *why)
{
  ConvokeReplyMessage *message = convoke_reply_message_new (CONVOKE_REPLY_KIND_CLOSED, self->key, self->object);

  message->error = g_error_copy (why);
  convoke_reply_core_tell_closed (self->core, self, message);
}

/* --- a handler of an object --- */

static void
handle (GClosure     *closure,
        GValue       *return_value,
        guint         n_params,
        const GValue *params,
        gpointer      hint,
        gpointer      marshal_data)
{
  GSignalInvocationHint *invocation = hint;

  tell (closure->data, invocation->signal_id, invocation->detail, params + 1, n_params - 1);
}

static void
handler_dropped (gpointer  data,
                 GClosure *closure)
{
  convoke_reply_watch_unref (data);
}

static gulong
connect (ConvokeReplyWatch *self,
         Choice             choice)
{
  GClosure *closure = g_closure_new_simple (sizeof (GClosure), convoke_reply_watch_ref (self));

  g_closure_add_finalize_notifier (closure, self, handler_dropped);
  g_closure_set_marshal (closure, handle);

  return g_signal_connect_closure_by_id (self->object, choice.signal_id, choice.detail, closure, FALSE);
}

static void
connect_all_locked (ConvokeReplyWatch *self)
{
  for (guint i = 0; i < self->choices->len; i++)
    {
      gulong handler = connect (self, g_array_index (self->choices, Choice, i));

      g_array_append_val (self->handlers, handler);
    }
}

static void
disconnect_all_locked (ConvokeReplyWatch *self)
{
  for (guint i = 0; i < self->handlers->len; i++)
    g_signal_handler_disconnect (self->object, g_array_index (self->handlers, gulong, i));
  g_array_set_size (self->handlers, 0);
}

/* --- what a proxy has heard --- */

static gboolean
is_chosen (ConvokeReplyWatch *self,
           guint              signal_id,
           GQuark             detail)
{
  gboolean chosen = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->choices->len && !chosen; i++)
    {
      Choice choice = g_array_index (self->choices, Choice, i);

      chosen = choice.signal_id == signal_id && (choice.detail == 0 || choice.detail == detail);
    }
  g_mutex_unlock (&self->lock);

  return chosen;
}

static void
heard (gpointer      data,
       guint         signal_id,
       GQuark        detail,
       const GValue *params,
       guint         n_params)
{
  ConvokeReplyWatch *self = data;

  if (signal_id == self->invalid)
    tell_closed (self, g_value_get_boxed (params));
  else if (is_chosen (self, signal_id, detail))
    tell (self, signal_id, detail, params, n_params);
}

static void
heard_the_last (gpointer data)
{
  convoke_reply_watch_unref (data);
}

/* --- choosing --- */

static void
choose_all_of (GArray *choices,
               GType   type)
{
  guint n_ids;
  g_autofree guint *ids = g_signal_list_ids (type, &n_ids);

  for (guint i = 0; i < n_ids; i++)
    g_array_append_vals (choices, &(Choice) { ids[i], 0 }, 1);
}

static void
choose_all (GArray  *choices,
            GObject *object)
{
  guint n_interfaces;
  g_autofree GType *interfaces = g_type_interfaces (G_OBJECT_TYPE (object), &n_interfaces);

  for (guint i = 0; i < n_interfaces; i++)
    choose_all_of (choices, interfaces[i]);
  for (GType type = G_OBJECT_TYPE (object); type != G_TYPE_OBJECT; type = g_type_parent (type))
    choose_all_of (choices, type);
}

/* FALSE: the object has no such signal. */
static gboolean
choose (GArray              *choices,
        GObject             *object,
        const char * const  *signals,
        GError             **error)
{
  for (guint i = 0; signals[i] != NULL; i++)
    {
      Choice choice = { 0, 0 };

      if (!g_signal_parse_name (signals[i], G_OBJECT_TYPE (object), &choice.signal_id, &choice.detail, TRUE))
        {
          g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                       "%s has no signal \"%s\"", G_OBJECT_TYPE_NAME (object), signals[i]);
          return FALSE;
        }
      g_array_append_val (choices, choice);
    }

  return TRUE;
}

/* Takes *@choices. Only our own code runs when handlers come and go, and our caller holds us. */
static void
listen_locked (ConvokeReplyWatch  *self,
               GArray            **choices)
{
  disconnect_all_locked (self);
  g_array_unref (self->choices);
  self->choices = g_steal_pointer (choices);

  if (self->stopped)
    return;
  if (self->invalid == 0)
    connect_all_locked (self);
  else if (self->watch == NULL)
    self->watch = convoke_hooks.watch (self->object, heard, convoke_reply_watch_ref (self), heard_the_last);
}

gboolean
convoke_reply_watch_connect (ConvokeReplyWatch   *self,
                             const char * const  *signals,
                             GError             **error)
{
  g_autoptr (GArray) choices = g_array_new (FALSE, FALSE, sizeof (Choice));

  if (signals == NULL)
    choose_all (choices, self->object);
  else if (!choose (choices, self->object, signals, error))
    return FALSE;

  g_mutex_lock (&self->lock);
  listen_locked (self, &choices);
  g_mutex_unlock (&self->lock);

  return TRUE;
}

void
convoke_reply_watch_stop (ConvokeReplyWatch *self)
{
  gpointer watch;

  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  disconnect_all_locked (self);
  watch = g_steal_pointer (&self->watch);
  g_mutex_unlock (&self->lock);

  if (watch != NULL)
    convoke_hooks.unwatch (self->object, watch);
}
