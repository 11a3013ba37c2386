/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The caller's object that the component calls back; does what the test says. */

#include "death-victim.h"

typedef int (*DeathTold) (int n, gpointer data, GError **error);

#define DEATH_TYPE_LISTENER (death_listener_get_type ())
G_DECLARE_FINAL_TYPE (DeathListener, death_listener, DEATH, LISTENER, GObject)

DeathListener *death_listener_new         (DeathTold told, gpointer data);
/* How often it was called, and how often it has answered. */
int            death_listener_get_n_told  (DeathListener *self);
int            death_listener_get_n_done  (DeathListener *self);
