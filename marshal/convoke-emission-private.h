/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A signal or notification of an object, about to be emitted on its proxy. */

#include "convoke-apartment.h"

G_BEGIN_DECLS

typedef struct
{
  GObject    *proxy;      /* (owned) */
  guint       signal_id;
  GQuark      detail;
  GParamSpec *pspec;      /* (owned) (nullable) a notification of this property of the proxy */
  guint       n_values;
  GValue      values[];   /* the first is the proxy */
} ConvokeEmission;

/* @n_params more values than the proxy, not initialised yet. */
ConvokeEmission *convoke_emission_new        (GObject *proxy, guint signal_id, GQuark detail, guint n_params);
ConvokeEmission *convoke_emission_new_notify (GObject *proxy, GParamSpec *pspec);
void             convoke_emission_free       (ConvokeEmission *self);

/* @result (nullable) is initialised for signals that return a value. */
void             convoke_emission_run        (ConvokeEmission *self, GValue *result);
/* Takes @self, which is run in @home, in order with everything else that is posted there. */
void             convoke_emission_post       (ConvokeEmission *self, ConvokeApartment *home);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeEmission, convoke_emission_free)

G_END_DECLS
