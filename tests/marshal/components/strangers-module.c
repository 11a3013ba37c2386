/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The strangers as a component. */

#include <convoke.h>

#include "../strangers.h"

G_MODULE_EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);

typedef struct
{
  GObject parent_instance;
} StrangersFactory;

typedef struct
{
  GObjectClass parent_class;
} StrangersFactoryClass;

static void strangers_factory_iface_init (ConvokeClassFactoryInterface *iface);
static GType strangers_factory_get_type (void);

G_DEFINE_FINAL_TYPE_WITH_CODE (StrangersFactory, strangers_factory, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLASS_FACTORY, strangers_factory_iface_init))

static GObject *
strangers_factory_create_instance (ConvokeClassFactory  *factory,
                                   GObject              *outer,
                                   GType                 iface,
                                   GError              **error)
{
  return G_OBJECT (strangers_new ());
}

static void
strangers_factory_iface_init (ConvokeClassFactoryInterface *iface)
{
  iface->create_instance = strangers_factory_create_instance;
}

static void
strangers_factory_class_init (StrangersFactoryClass *klass)
{
}

static void
strangers_factory_init (StrangersFactory *self)
{
}

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  return g_object_new (strangers_factory_get_type (), NULL);
}
