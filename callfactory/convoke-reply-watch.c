/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * An object that is open in a port. There is no second way for events to
 * travel: a port is one more handler of the object's signals, or of its
 * proxy's, to which they come from wherever the object lives.
 */

#include "config.h"

#include "convoke-reply-watch-private.h"

#include "convoke-apartment-private.h"
#include "convoke-carrier-private.h"
#include "convoke-error.h"
#include "convoke-hooks-private.h"

struct _ConvokeReplyWatch
{
  gint              ref_count;  /* atomic: the port, each handler, whoever works with it */
  ConvokeReplyCore *core;       /* (owned) */
  GObject          *object;     /* (owned) as the program named it */
  GObject          *identity;   /* (owned) */
  ConvokeApartment *apartment;  /* (owned) of the object */
  guint64           key;

  GMutex            lock;
  GArray           *handlers;   /* LOCK: lock; gulong: what was chosen */
  gulong            invalid;    /* LOCK: lock; 0: none */
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

  g_array_unref (self->handlers);
  g_mutex_clear (&self->lock);
  g_object_unref (self->identity);
  convoke_apartment_release (self->apartment, self->object);
  g_object_unref (self->apartment);
  convoke_reply_core_unref (self->core);
  g_free (self);
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
  g_mutex_init (&self->lock);
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
describe (const GSignalInvocationHint *hint)
{
  const char *name = g_signal_name (hint->signal_id);

  return hint->detail != 0 ? g_strconcat (name, "::", g_quark_to_string (hint->detail), NULL) : g_strdup (name);
}

static void
tell (GClosure     *closure,
      GValue       *return_value,
      guint         n_params,
      const GValue *params,
      gpointer      hint,
      gpointer      marshal_data)
{
  ConvokeReplyWatch *self = closure->data;
  ConvokeReplyMessage *message = convoke_reply_message_new (CONVOKE_REPLY_KIND_EVENT, self->key, self->object);

  message->signal = describe (hint);
  message->n_values = n_params - 1;
  message->values = g_new0 (GValue, message->n_values);
  for (guint i = 0; i < message->n_values; i++)
    copy_value (self, &params[1 + i], &message->values[i]);

  convoke_reply_core_tell (self->core, self, message);
}

/* What the object stood for is gone. */
static void
tell_closed (GClosure     *closure,
             GValue       *return_value,
             guint         n_params,
             const GValue *params,
             gpointer      hint,
             gpointer      marshal_data)
{
  ConvokeReplyWatch *self = closure->data;
  ConvokeReplyMessage *message = convoke_reply_message_new (CONVOKE_REPLY_KIND_CLOSED, self->key, self->object);

  message->error = g_value_dup_boxed (&params[1]);
  convoke_reply_core_tell_closed (self->core, self, message);
}

/* --- connecting --- */

typedef struct
{
  guint  signal_id;
  GQuark detail;
} Choice;

static void
handler_dropped (gpointer  data,
                 GClosure *closure)
{
  convoke_reply_watch_unref (data);
}

static gulong
connect (ConvokeReplyWatch *self,
         Choice             choice,
         GClosureMarshal    marshal)
{
  GClosure *closure = g_closure_new_simple (sizeof (GClosure), convoke_reply_watch_ref (self));

  g_closure_add_finalize_notifier (closure, self, handler_dropped);
  g_closure_set_marshal (closure, marshal);

  return g_signal_connect_closure_by_id (self->object, choice.signal_id, choice.detail, closure, FALSE);
}

static guint
find_invalid (GObject *object)
{
  g_autoptr (ConvokeApartment) apartment =
    convoke_hooks.dup_apartment != NULL ? convoke_hooks.dup_apartment (object) : NULL;

  return apartment != NULL ? g_signal_lookup ("invalid", G_OBJECT_TYPE (object)) : 0;
}

static void
choose_all_of (GArray *choices,
               GType   type,
               guint   without)
{
  guint n_ids;
  g_autofree guint *ids = g_signal_list_ids (type, &n_ids);

  for (guint i = 0; i < n_ids; i++)
    if (ids[i] != without)
      g_array_append_vals (choices, &(Choice) { ids[i], 0 }, 1);
}

static void
choose_all (GArray  *choices,
            GObject *object)
{
  guint n_interfaces;
  g_autofree GType *interfaces = g_type_interfaces (G_OBJECT_TYPE (object), &n_interfaces);
  guint invalid = find_invalid (object);

  for (guint i = 0; i < n_interfaces; i++)
    choose_all_of (choices, interfaces[i], invalid);
  for (GType type = G_OBJECT_TYPE (object); type != G_TYPE_OBJECT; type = g_type_parent (type))
    choose_all_of (choices, type, invalid);
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

static void
disconnect_locked (ConvokeReplyWatch *self)
{
  for (guint i = 0; i < self->handlers->len; i++)
    g_signal_handler_disconnect (self->object, g_array_index (self->handlers, gulong, i));
  g_array_set_size (self->handlers, 0);
}

static void
connect_locked (ConvokeReplyWatch *self,
                const GArray      *choices)
{
  guint invalid = find_invalid (self->object);

  for (guint i = 0; i < choices->len; i++)
    {
      Choice choice = g_array_index (choices, Choice, i);
      gulong handler = choice.signal_id != invalid ? connect (self, choice, tell) : 0;

      if (handler != 0)
        g_array_append_val (self->handlers, handler);
    }

  if (self->invalid == 0 && invalid != 0)
    self->invalid = connect (self, (Choice) { invalid, 0 }, tell_closed);
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

  /* Only our own code runs when a handler of ours comes or goes, and our caller holds us. */
  g_mutex_lock (&self->lock);
  disconnect_locked (self);
  if (!self->stopped)
    connect_locked (self, choices);
  g_mutex_unlock (&self->lock);

  return TRUE;
}

void
convoke_reply_watch_stop (ConvokeReplyWatch *self)
{
  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  disconnect_locked (self);
  if (self->invalid != 0)
    g_signal_handler_disconnect (self->object, self->invalid);
  self->invalid = 0;
  g_mutex_unlock (&self->lock);
}
