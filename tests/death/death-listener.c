/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "death-listener.h"

struct _DeathListener
{
  GObject   parent_instance;
  DeathTold told;
  gpointer  data;
  gint      n_told;  /* atomic */
  gint      n_done;  /* atomic */
};

static int
death_listener_told (DeathWatcher  *watcher,
                     int            n,
                     GError       **error)
{
  DeathListener *self = DEATH_LISTENER (watcher);
  int answer;

  g_atomic_int_inc (&self->n_told);
  answer = self->told (n, self->data, error);
  g_atomic_int_inc (&self->n_done);
  return answer;
}

static void
death_listener_watcher_init (DeathWatcherInterface *iface)
{
  iface->told = death_listener_told;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DeathListener, death_listener, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DEATH_TYPE_WATCHER, death_listener_watcher_init))

static void
death_listener_class_init (DeathListenerClass *klass)
{
}

static void
death_listener_init (DeathListener *self)
{
}

DeathListener *
death_listener_new (DeathTold told,
                    gpointer  data)
{
  DeathListener *self = g_object_new (DEATH_TYPE_LISTENER, NULL);

  self->told = told;
  self->data = data;
  return self;
}

int
death_listener_get_n_told (DeathListener *self)
{
  return g_atomic_int_get (&self->n_told);
}

int
death_listener_get_n_done (DeathListener *self)
{
  return g_atomic_int_get (&self->n_done);
}
