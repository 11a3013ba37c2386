/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-module-use-private.h"

static G_DEFINE_QUARK (convoke-module-of-factory, factory)
static G_DEFINE_QUARK (convoke-module-of-object, object)

/* Before the first module a factory need not be asked whose it is, which would take a lock of the factory's. */
static gint any_factory;   /* atomic */

void
convoke_module_use_set_factory (ConvokeModuleUse    *self,
                                ConvokeClassFactory *factory)
{
  g_atomic_int_set (&any_factory, TRUE);
  g_object_set_qdata (G_OBJECT (factory), factory_quark (), self);
}

gboolean
convoke_module_use_is_any (ConvokeModuleUse *self)
{
  return g_atomic_int_get (&self->n) > 0;
}

ConvokeModuleUse *
convoke_module_use_get (gpointer factory)
{
  return g_atomic_int_get (&any_factory) ? g_object_get_qdata (factory, factory_quark ()) : NULL;
}

ConvokeModuleUse *
convoke_module_use_hold (gpointer factory)
{
  ConvokeModuleUse *self = convoke_module_use_get (factory);

  if (self != NULL)
    g_atomic_int_inc (&self->n);

  return self;
}

void
convoke_module_use_release (ConvokeModuleUse *self)
{
  if (self != NULL)
    g_atomic_int_add (&self->n, -1);
}

static void
object_gone (gpointer data)
{
  convoke_module_use_release (data);
}

void
convoke_module_use_give (ConvokeModuleUse *self,
                         GObject          *object)
{
  if (self == NULL)
    return;

  /* A factory can give what it gave before, or what another factory made: who made it first counts it. */
  if (object == NULL || !g_object_replace_qdata (object, object_quark (), NULL, self, object_gone, NULL))
    convoke_module_use_release (self);
}
