/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A class object that notes what it is asked for, and does as it is told. */

#include <gio/gio.h>

typedef struct
{
  GObject    parent_instance;

  gint       n_asked;                   /* atomic */
  GType      iface;                     /* of the last time */
  GObject   *outer;                     /* of the last time; borrowed, for comparing only */
  GObject *(*make) (gpointer data, GObject *outer, GError **error);  /* (nullable): instead of an action */
  gpointer   data;
} TestMaker;

typedef struct { GObjectClass parent_class; } TestMakerClass;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestMaker, g_object_unref)

static GType test_maker_get_type (void);

static GObject *
test_maker_create_instance (ConvokeClassFactory  *factory,
                            GObject              *outer,
                            GType                 iface,
                            GError              **error)
{
  TestMaker *self = (TestMaker *) factory;

  g_atomic_int_inc (&self->n_asked);
  self->iface = iface;
  self->outer = outer;

  return self->make != NULL ? self->make (self->data, outer, error) : G_OBJECT (g_simple_action_new ("brew", NULL));
}

static void
test_maker_iface_init (ConvokeClassFactoryInterface *iface)
{
  iface->create_instance = test_maker_create_instance;
}

G_DEFINE_TYPE_WITH_CODE (TestMaker, test_maker, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLASS_FACTORY, test_maker_iface_init))

static void
test_maker_class_init (TestMakerClass *klass)
{
}

static void
test_maker_init (TestMaker *self)
{
}

static inline TestMaker *
test_maker_new (void)
{
  return g_object_new (test_maker_get_type (), NULL);
}
