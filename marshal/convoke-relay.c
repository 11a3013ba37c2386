/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A signal is emitted where the object lives, and handlers that were connected
 * to a proxy expect to run where the proxy's user is: in the proxy's home, the
 * apartment of the thread-default main context in which the proxy was made.
 *
 *   - The home is the emitting thread's own: the proxy's handlers run inside
 *     the emission, as the object's own handlers do.
 *   - Elsewhere, a signal that only tells is posted to the home, in order with
 *     everything else that is posted there; the emission goes on. Its values
 *     are copies.
 *   - Elsewhere, a signal that asks (it returns a value, or has a parameter
 *     that points into the emitter's memory) runs the handlers in the home
 *     while the emission waits for them.
 *
 * GObject does not tell when somebody connects, so every signal is relayed,
 * and one for which the proxy has no handler ends here.
 */

#include "config.h"

#include "convoke-engine-private.h"
#include "convoke-proxy-private.h"

struct _ConvokeRelay
{
  gatomicrefcount   ref_count;  /* the proxy, and each connected closure */
  GWeakRef          proxy;
  ConvokeApartment *apartment;  /* (owned) of the source */
  ConvokeApartment *home;       /* (owned) */
  GArray           *handlers;   /* gulong; changed by the maker only, before the proxy is published */
};

typedef struct
{
  GObject          *proxy;        /* (owned) */
  ConvokeApartment *apartment;    /* (owned) of the source */
  ConvokeApartment *home;         /* (owned) of the proxy */
  guint             signal_id;
  GQuark            detail;
  GParamSpec       *pspec;        /* (owned) (nullable) a notification of this property of the proxy */
  GValue           *return_value; /* (borrowed) (nullable) only while the emission waits */
  guint             n_values;
  GValue            values[];     /* the first is the proxy */
} Emission;

static ConvokeRelay *
relay_ref (ConvokeRelay *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
relay_unref (ConvokeRelay *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_weak_ref_clear (&self->proxy);
  g_object_unref (self->apartment);
  g_object_unref (self->home);
  g_array_unref (self->handlers);
  g_free (self);
}

/* --- one emission --- */

static void
emission_free (gpointer data)
{
  Emission *self = data;

  for (guint i = 0; i < self->n_values; i++)
    g_value_unset (&self->values[i]);
  g_clear_pointer (&self->pspec, g_param_spec_unref);
  g_object_unref (self->apartment);
  g_object_unref (self->home);
  g_object_unref (self->proxy);
  g_free (self);
}

static Emission *
emission_new (ConvokeRelay          *relay,
              GObject               *proxy,
              GSignalInvocationHint *hint,
              guint                  n_params,
              const GValue          *params)
{
  Emission *self = g_malloc0 (sizeof (Emission) + n_params * sizeof (GValue));

  self->proxy = g_object_ref (proxy);
  self->apartment = g_object_ref (relay->apartment);
  self->home = g_object_ref (relay->home);
  self->signal_id = hint->signal_id;
  self->detail = hint->detail;
  self->n_values = n_params;

  g_value_init (&self->values[0], G_OBJECT_TYPE (proxy));
  g_value_set_object (&self->values[0], proxy);
  for (guint i = 1; i < n_params; i++)
    {
      g_value_init (&self->values[i], G_VALUE_TYPE (&params[i]));
      g_value_copy (&params[i], &self->values[i]);
      convoke_proxy_map_value (&self->values[i], relay->apartment, relay->home);
    }

  return self;
}

static void
emit (gpointer data)
{
  Emission *self = data;
  GValue result = G_VALUE_INIT;

  if (self->pspec != NULL)
    {
      g_object_notify_by_pspec (self->proxy, self->pspec);
      return;
    }

  if (self->return_value != NULL)
    g_value_init (&result, G_VALUE_TYPE (self->return_value));

  g_signal_emitv (self->values, self->signal_id, self->detail, &result);

  if (self->return_value != NULL)
    {
      convoke_proxy_map_value (&result, self->home, self->apartment);
      g_value_copy (&result, self->return_value);
      g_value_unset (&result);
    }
}

static gboolean
asks (GValue       *return_value,
      guint         n_params,
      const GValue *params)
{
  if (return_value != NULL && G_VALUE_TYPE (return_value) != G_TYPE_INVALID)
    return TRUE;

  for (guint i = 1; i < n_params; i++)
    if (G_VALUE_HOLDS_POINTER (&params[i]) && !G_VALUE_HOLDS_GTYPE (&params[i]))
      return TRUE;

  return FALSE;
}

/* Takes @emission. */
static void
deliver (ConvokeRelay *self,
         Emission     *emission,
         gboolean      wait)
{
  if (convoke_apartment_is_current (self->home))
    {
      emit (emission);
      emission_free (emission);
    }
  else if (wait)
    {
      /* Where the home cannot be reached nobody answers, and the emission keeps the default value. */
      convoke_engine_invoke (self->home, emit, emission, NULL);
      emission_free (emission);
    }
  else
    convoke_engine_post (self->home, emit, emission, emission_free);
}

static void
relay_signal (GClosure     *closure,
              GValue       *return_value,
              guint         n_params,
              const GValue *params,
              gpointer      hint,
              gpointer      marshal_data)
{
  ConvokeRelay *self = closure->data;
  GSignalInvocationHint *invocation = hint;
  g_autoptr (GObject) proxy = g_weak_ref_get (&self->proxy);
  Emission *emission;
  gboolean wait;

  if (proxy == NULL || !g_signal_has_handler_pending (proxy, invocation->signal_id, invocation->detail, FALSE))
    return;

  wait = asks (return_value, n_params, params);
  emission = emission_new (self, proxy, invocation, n_params, params);
  if (wait && return_value != NULL && G_VALUE_TYPE (return_value) != G_TYPE_INVALID)
    emission->return_value = return_value;
  deliver (self, emission, wait);
}

static void
relay_notify (GClosure     *closure,
              GValue       *return_value,
              guint         n_params,
              const GValue *params,
              gpointer      hint,
              gpointer      marshal_data)
{
  ConvokeRelay *self = closure->data;
  GSignalInvocationHint *invocation = hint;
  g_autoptr (GObject) proxy = g_weak_ref_get (&self->proxy);
  GParamSpec *pspec = g_value_get_param (&params[1]);
  Emission *emission;

  if (proxy == NULL || !g_signal_has_handler_pending (proxy, invocation->signal_id, invocation->detail, FALSE))
    return;

  /* Properties of the object's own class are not the proxy's. */
  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (proxy), pspec->name);
  if (pspec == NULL)
    return;

  emission = emission_new (self, proxy, invocation, 1, params);
  emission->pspec = g_param_spec_ref (pspec);
  deliver (self, emission, FALSE);
}

/* --- connecting --- */

static void
closure_dropped (gpointer  data,
                 GClosure *closure)
{
  relay_unref (data);
}

static void
connect (ConvokeRelay   *self,
         GObject        *source,
         guint           signal_id,
         GClosureMarshal marshal)
{
  GClosure *closure = g_closure_new_simple (sizeof (GClosure), relay_ref (self));
  gulong handler;

  g_closure_add_finalize_notifier (closure, self, closure_dropped);
  g_closure_set_marshal (closure, marshal);
  handler = g_signal_connect_closure_by_id (source, signal_id, 0, closure, FALSE);
  g_array_append_val (self->handlers, handler);
}

static void
connect_interface (ConvokeRelay *self,
                   GObject      *source,
                   GType         iface)
{
  guint n_ids;
  g_autofree guint *ids = g_signal_list_ids (iface, &n_ids);

  for (guint i = 0; i < n_ids; i++)
    connect (self, source, ids[i], relay_signal);
}

static gboolean
has_properties (GObject *proxy)
{
  guint n_properties;
  g_autofree GParamSpec **properties =
    g_object_class_list_properties (G_OBJECT_GET_CLASS (proxy), &n_properties);

  return n_properties > 0;
}

ConvokeRelay *
convoke_relay_new (GObject          *proxy,
                   GObject          *source,
                   ConvokeApartment *apartment,
                   ConvokeApartment *home)
{
  ConvokeRelay *self = g_new0 (ConvokeRelay, 1);
  guint n_interfaces;
  g_autofree GType *interfaces = g_type_interfaces (G_OBJECT_TYPE (proxy), &n_interfaces);

  g_atomic_ref_count_init (&self->ref_count);
  g_weak_ref_init (&self->proxy, proxy);
  self->apartment = g_object_ref (apartment);
  self->home = g_object_ref (home);
  self->handlers = g_array_new (FALSE, FALSE, sizeof (gulong));

  for (guint i = 0; i < n_interfaces; i++)
    connect_interface (self, source, interfaces[i]);
  if (has_properties (proxy))
    connect (self, source, g_signal_lookup ("notify", G_TYPE_OBJECT), relay_notify);

  if (self->handlers->len > 0)
    return self;

  relay_unref (self);
  return NULL;
}

void
convoke_relay_stop (ConvokeRelay *self,
                    GObject      *source)
{
  for (guint i = 0; i < self->handlers->len; i++)
    g_signal_handler_disconnect (source, g_array_index (self->handlers, gulong, i));

  relay_unref (self);
}
