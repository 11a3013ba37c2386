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

#include "convoke-emission-private.h"
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

static ConvokeEmission *
make_emission (ConvokeRelay          *relay,
               GObject               *proxy,
               GSignalInvocationHint *hint,
               guint                  n_params,
               const GValue          *params)
{
  ConvokeEmission *self = convoke_emission_new (proxy, hint->signal_id, hint->detail, n_params - 1);

  for (guint i = 1; i < n_params; i++)
    {
      g_value_init (&self->values[i], G_VALUE_TYPE (&params[i]));
      g_value_copy (&params[i], &self->values[i]);
      convoke_proxy_map_value (&self->values[i], relay->apartment, relay->home);
    }

  return self;
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
tell (ConvokeRelay    *self,
      ConvokeEmission *emission)
{
  if (convoke_apartment_is_current (self->home))
    {
      convoke_emission_run (emission, NULL);
      convoke_emission_free (emission);
    }
  else
    convoke_emission_post (emission, self->home);
}

typedef struct
{
  ConvokeRelay    *relay;
  ConvokeEmission *emission;
  GValue          *return_value;  /* (nullable) */
} Question;

static void
answer (gpointer data)
{
  Question *self = data;
  g_auto (GValue) result = G_VALUE_INIT;

  if (self->return_value == NULL)
    {
      convoke_emission_run (self->emission, NULL);
      return;
    }

  g_value_init (&result, G_VALUE_TYPE (self->return_value));
  convoke_emission_run (self->emission, &result);
  convoke_proxy_map_value (&result, self->relay->home, self->relay->apartment);
  g_value_copy (&result, self->return_value);
}

/* Takes @emission. Where the home cannot be reached nobody answers, and the emission keeps the default value. */
static void
ask (ConvokeRelay    *self,
     ConvokeEmission *emission,
     GValue          *return_value)
{
  gboolean returns = return_value != NULL && G_VALUE_TYPE (return_value) != G_TYPE_INVALID;
  Question question = { self, emission, returns ? return_value : NULL };

  if (convoke_apartment_is_current (self->home))
    answer (&question);
  else
    convoke_engine_invoke (self->home, answer, &question, NULL);

  convoke_emission_free (emission);
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
  ConvokeEmission *emission;

  if (proxy == NULL)
    return;

  convoke_proxy_tell_watches ((ConvokeProxy *) proxy, invocation->signal_id, invocation->detail, params + 1, n_params - 1);
  if (!g_signal_has_handler_pending (proxy, invocation->signal_id, invocation->detail, FALSE))
    return;

  emission = make_emission (self, proxy, invocation, n_params, params);
  if (asks (return_value, n_params, params))
    ask (self, emission, return_value);
  else
    tell (self, emission);
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

  if (proxy == NULL)
    return;

  convoke_proxy_tell_watches ((ConvokeProxy *) proxy, invocation->signal_id, invocation->detail, params + 1, 1);
  if (!g_signal_has_handler_pending (proxy, invocation->signal_id, invocation->detail, FALSE))
    return;

  /* Properties of the object's own class are not the proxy's. */
  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (proxy), pspec->name);
  if (pspec != NULL)
    tell (self, convoke_emission_new_notify (proxy, pspec));
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
