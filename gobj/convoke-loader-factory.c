/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-error.h"
#include "convoke-loader-factory-private.h"
#include "convoke-loader.h"

#define CONVOKE_TYPE_LOADER_FACTORY (convoke_loader_factory_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeLoaderFactory, convoke_loader_factory, CONVOKE, LOADER_FACTORY, GObject)

struct _ConvokeLoaderFactory
{
  GObject               parent_instance;

  /* Constant: */
  ConvokeLoader        *loader;   /* (owned) */
  ConvokeComponentFile *file;     /* (owned) */
};

static GObject *
convoke_loader_factory_create_instance_with_properties (ConvokeClassFactory  *factory,
                                                        GObject              *outer,
                                                        GType                 iface,
                                                        guint                 n_properties,
                                                        const char          **names,
                                                        const GValue         *values,
                                                        GError              **error)
{
  ConvokeLoaderFactory *self = CONVOKE_LOADER_FACTORY (factory);
  const ConvokeComponentFile *file = self->file;

  if (outer == NULL)
    return convoke_loader_create_instance_with_properties (self->loader, file->directory, file->module, file->type_name,
                                                           n_properties, names, values, error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_AGGREGATION,
               "%s cannot be a part of another object: its loader, “%s”, makes whole ones", file->class_name, file->loader);
  return NULL;
}

static GObject *
convoke_loader_factory_create_instance (ConvokeClassFactory  *factory,
                                        GObject              *outer,
                                        GType                 iface,
                                        GError              **error)
{
  return convoke_loader_factory_create_instance_with_properties (factory, outer, iface, 0, NULL, NULL, error);
}

static void
class_factory_iface_init (ConvokeClassFactoryInterface *iface)
{
  iface->create_instance_with_properties = convoke_loader_factory_create_instance_with_properties;
  iface->create_instance = convoke_loader_factory_create_instance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeLoaderFactory, convoke_loader_factory, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLASS_FACTORY, class_factory_iface_init))

static void
convoke_loader_factory_finalize (GObject *object)
{
  ConvokeLoaderFactory *self = CONVOKE_LOADER_FACTORY (object);

  g_clear_object (&self->loader);
  convoke_component_file_unref (self->file);

  G_OBJECT_CLASS (convoke_loader_factory_parent_class)->finalize (object);
}

static void
convoke_loader_factory_class_init (ConvokeLoaderFactoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_loader_factory_finalize;
}

static void
convoke_loader_factory_init (ConvokeLoaderFactory *self)
{
}

ConvokeClassFactory *
convoke_loader_factory_new (const ConvokeComponentFile  *file,
                            GError                     **error)
{
  ConvokeLoader *loader = convoke_loader_open (file->loader, error);
  ConvokeLoaderFactory *self;

  if (loader == NULL)
    return NULL;

  self = g_object_new (CONVOKE_TYPE_LOADER_FACTORY, NULL);
  self->loader = loader;
  self->file = convoke_component_file_ref (file);
  return CONVOKE_CLASS_FACTORY (self);
}
