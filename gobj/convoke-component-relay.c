/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The handlers run inside the part's emission, on its thread, as they would if
 * they were connected to the part. A signal that nobody waits for at the
 * aggregate ends here.
 */

#include "config.h"

#include "convoke-component-private.h"
#include "convoke-component-relay-private.h"

struct _ConvokeComponentRelay
{
  gatomicrefcount  ref_count;  /* the aggregate, and each connected closure */
  GWeakRef         outer;
  GObject         *inner;      /* (borrowed) until it is stopped */
  GArray          *handlers;   /* gulong; changed while it is made only */
};

static ConvokeComponentRelay *
relay_ref (ConvokeComponentRelay *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
relay_unref (ConvokeComponentRelay *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_weak_ref_clear (&self->outer);
  g_array_unref (self->handlers);
  g_free (self);
}

/* --- one emission --- */

static GObject *
dup_listening_outer (ConvokeComponentRelay *self,
                     GSignalInvocationHint *hint)
{
  GObject *outer = g_weak_ref_get (&self->outer);

  if (outer != NULL && !g_signal_has_handler_pending (outer, hint->signal_id, hint->detail, FALSE))
    g_clear_object (&outer);

  return outer;
}

/* A part that passes itself, or another part, passes the aggregate. */
static void
map_value (GValue *value)
{
  GObject *object = G_VALUE_HOLDS_OBJECT (value) ? g_value_get_object (value) : NULL;
  g_autoptr (GObject) outer = object != NULL ? convoke_component_dup_outermost (object) : NULL;

  if (outer != NULL && g_type_is_a (G_OBJECT_TYPE (outer), G_VALUE_TYPE (value)))
    g_value_set_object (value, outer);
}

static void
relay_signal (GClosure     *closure,
              GValue       *return_value,
              guint         n_params,
              const GValue *params,
              gpointer      invocation_hint,
              gpointer      marshal_data)
{
  GSignalInvocationHint *hint = invocation_hint;
  g_autoptr (GObject) outer = dup_listening_outer (closure->data, hint);
  gboolean returns = return_value != NULL && G_VALUE_TYPE (return_value) != G_TYPE_INVALID;
  g_autofree GValue *values = NULL;

  if (outer == NULL)
    return;

  values = g_new0 (GValue, n_params);
  g_value_init (&values[0], G_OBJECT_TYPE (outer));
  g_value_set_object (&values[0], outer);
  for (guint i = 1; i < n_params; i++)
    {
      g_value_init (&values[i], G_VALUE_TYPE (&params[i]));
      g_value_copy (&params[i], &values[i]);
      map_value (&values[i]);
    }

  g_signal_emitv (values, hint->signal_id, hint->detail, returns ? return_value : NULL);

  for (guint i = 0; i < n_params; i++)
    g_value_unset (&values[i]);
}

/* Only what is forwarded to this part: a property of that name can be the outer's own, another part's, or the part's own. */
static gboolean
is_forwarded (ConvokeComponentRelay *self,
              GObject               *outer,
              const char            *name)
{
  const ConvokeComposedProperty *property =
    convoke_composed_find_property (convoke_composed_class_peek (G_OBJECT_GET_CLASS (outer)), name);

  return property != NULL &&
         convoke_component_get_part (CONVOKE_COMPONENT (outer), property->part)->object == (gpointer) self->inner;
}

static void
relay_notify (GClosure     *closure,
              GValue       *return_value,
              guint         n_params,
              const GValue *params,
              gpointer      invocation_hint,
              gpointer      marshal_data)
{
  g_autoptr (GObject) outer = dup_listening_outer (closure->data, invocation_hint);
  GParamSpec *pspec = g_value_get_param (&params[1]);

  if (outer != NULL && is_forwarded (closure->data, outer, pspec->name))
    g_object_notify (outer, pspec->name);
}

/* --- connecting --- */

static void
closure_dropped (gpointer  data,
                 GClosure *closure)
{
  relay_unref (data);
}

static void
connect (ConvokeComponentRelay *self,
         guint                  signal_id,
         GClosureMarshal        marshal)
{
  GClosure *closure = g_closure_new_simple (sizeof (GClosure), relay_ref (self));
  gulong handler;

  g_closure_add_finalize_notifier (closure, self, closure_dropped);
  g_closure_set_marshal (closure, marshal);
  handler = g_signal_connect_closure_by_id (self->inner, signal_id, 0, closure, FALSE);
  g_array_append_val (self->handlers, handler);
}

static void
connect_interface (ConvokeComponentRelay *self,
                   GType                  iface)
{
  guint n_ids;
  g_autofree guint *ids = g_signal_list_ids (iface, &n_ids);

  for (guint i = 0; i < n_ids; i++)
    connect (self, ids[i], relay_signal);
}

static gboolean
have_properties (const GType *ifaces,
                 guint        n_ifaces)
{
  guint n = 0;

  for (guint i = 0; n == 0 && i < n_ifaces; i++)
    {
      gpointer iface = g_type_default_interface_ref (ifaces[i]);

      g_free (g_object_interface_list_properties (iface, &n));
      g_type_default_interface_unref (iface);
    }

  return n > 0;
}

ConvokeComponentRelay *
convoke_component_relay_new (GObject     *outer,
                             GObject     *inner,
                             const GType *ifaces,
                             guint        n_ifaces)
{
  ConvokeComponentRelay *self = g_new0 (ConvokeComponentRelay, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_weak_ref_init (&self->outer, outer);
  self->inner = inner;
  self->handlers = g_array_new (FALSE, FALSE, sizeof (gulong));

  for (guint i = 0; i < n_ifaces; i++)
    connect_interface (self, ifaces[i]);
  if (have_properties (ifaces, n_ifaces))
    connect (self, g_signal_lookup ("notify", G_TYPE_OBJECT), relay_notify);

  if (self->handlers->len > 0)
    return self;

  relay_unref (self);
  return NULL;
}

void
convoke_component_relay_stop (ConvokeComponentRelay *self)
{
  for (guint i = 0; i < self->handlers->len; i++)
    g_signal_handler_disconnect (self->inner, g_array_index (self->handlers, gulong, i));

  relay_unref (self);
}
