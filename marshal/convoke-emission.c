/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-emission-private.h"
#include "convoke-engine-private.h"

ConvokeEmission *
convoke_emission_new (GObject *proxy,
                      guint    signal_id,
                      GQuark   detail,
                      guint    n_params)
{
  ConvokeEmission *self = g_malloc0 (sizeof (ConvokeEmission) + (1 + n_params) * sizeof (GValue));

  self->proxy = g_object_ref (proxy);
  self->signal_id = signal_id;
  self->detail = detail;
  self->n_values = 1 + n_params;
  g_value_init (&self->values[0], G_OBJECT_TYPE (proxy));
  g_value_set_object (&self->values[0], proxy);

  return self;
}

ConvokeEmission *
convoke_emission_new_notify (GObject    *proxy,
                             GParamSpec *pspec)
{
  ConvokeEmission *self = convoke_emission_new (proxy, 0, 0, 0);

  self->pspec = g_param_spec_ref (pspec);
  return self;
}

void
convoke_emission_free (ConvokeEmission *self)
{
  for (guint i = 0; i < self->n_values; i++)
    if (G_IS_VALUE (&self->values[i]))
      g_value_unset (&self->values[i]);
  g_clear_pointer (&self->pspec, g_param_spec_unref);
  g_object_unref (self->proxy);
  g_free (self);
}

void
convoke_emission_run (ConvokeEmission *self,
                      GValue          *result)
{
  if (self->pspec != NULL)
    g_object_notify_by_pspec (self->proxy, self->pspec);
  else
    g_signal_emitv (self->values, self->signal_id, self->detail, result);
}

static void
run_posted (gpointer data)
{
  convoke_emission_run (data, NULL);
}

void
convoke_emission_post (ConvokeEmission  *self,
                       ConvokeApartment *home)
{
  convoke_engine_post (home, run_posted, self, (GDestroyNotify) convoke_emission_free);
}
