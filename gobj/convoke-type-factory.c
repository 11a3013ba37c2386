/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The class factory that is the same for every class. */

#include "config.h"

#include "convoke-class-factory.h"
#include "convoke-construct.h"
#include "convoke-error.h"

#define CONVOKE_TYPE_TYPE_FACTORY (convoke_type_factory_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeTypeFactory, convoke_type_factory, CONVOKE, TYPE_FACTORY, GObject)

struct _ConvokeTypeFactory
{
  GObject                   parent_instance;

  /* Constant: */
  GType                     type;
  ConvokeClassFactoryFlags  flags;
  gboolean                  is_plain;   /* no GInitable */
};

static gboolean
check_outer (ConvokeTypeFactory  *self,
             GType                iface,
             GError             **error)
{
  if ((self->flags & CONVOKE_CLASS_FACTORY_AGGREGABLE) == 0)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_AGGREGATION,
                 "%s cannot be a part of another object", g_type_name (self->type));
  else if (iface != G_TYPE_OBJECT)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE,
                 "%s as a part of another object cannot be asked for %s, only for the object",
                 g_type_name (self->type), g_type_name (iface));
  else
    return TRUE;

  return FALSE;
}

static GObject *
convoke_type_factory_create_instance_with_properties (ConvokeClassFactory  *factory,
                                                      GObject              *outer,
                                                      GType                 iface,
                                                      guint                 n_properties,
                                                      const char          **names,
                                                      const GValue         *values,
                                                      GError              **error)
{
  ConvokeTypeFactory *self = CONVOKE_TYPE_FACTORY (factory);

  if (outer != NULL && !check_outer (self, iface, error))
    return NULL;

  /* The usual case, in which there is nothing to look up. A floating instance is the caller's to take. */
  if (n_properties == 0 && self->is_plain)
    return g_object_new_with_properties (self->type, 0, NULL, NULL);

  return convoke_construct (self->type, n_properties, names, values, error);
}

static GObject *
convoke_type_factory_create_instance (ConvokeClassFactory  *factory,
                                      GObject              *outer,
                                      GType                 iface,
                                      GError              **error)
{
  return convoke_type_factory_create_instance_with_properties (factory, outer, iface, 0, NULL, NULL, error);
}

static void
class_factory_iface_init (ConvokeClassFactoryInterface *iface)
{
  iface->create_instance = convoke_type_factory_create_instance;
  iface->create_instance_with_properties = convoke_type_factory_create_instance_with_properties;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeTypeFactory, convoke_type_factory, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CLASS_FACTORY, class_factory_iface_init))

static void
convoke_type_factory_class_init (ConvokeTypeFactoryClass *klass)
{
}

static void
convoke_type_factory_init (ConvokeTypeFactory *self)
{
}

/**
 * convoke_class_factory_new_for_type:
 * @type: a class that can have instances
 *
 * Makes the factory of plain instances of @type.
 *
 * An instance that is a [iface@Gio.Initable] is initialised. Instances cannot
 * be made parts of other objects: that a class can be a part is for its author
 * to say, with [func@ClassFactory.new_for_type_full].
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the factory
 *
 * Since: 0.1
 */
ConvokeClassFactory *
convoke_class_factory_new_for_type (GType type)
{
  return convoke_class_factory_new_for_type_full (type, CONVOKE_CLASS_FACTORY_DEFAULT);
}

/**
 * convoke_class_factory_new_for_type_full:
 * @type: a class that can have instances
 * @flags: what they can be
 *
 * Makes the factory of instances of @type.
 *
 * As [func@ClassFactory.new_for_type] otherwise. With
 * %CONVOKE_CLASS_FACTORY_AGGREGABLE instances can be made for an outer, too;
 * they are not told of it.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the factory
 *
 * Since: 0.1
 */
ConvokeClassFactory *
convoke_class_factory_new_for_type_full (GType                    type,
                                         ConvokeClassFactoryFlags flags)
{
  ConvokeTypeFactory *self;

  g_return_val_if_fail (G_TYPE_IS_OBJECT (type) && !G_TYPE_IS_ABSTRACT (type), NULL);

  self = g_object_new (CONVOKE_TYPE_TYPE_FACTORY, NULL);
  self->type = type;
  self->flags = flags;
  self->is_plain = !g_type_is_a (type, G_TYPE_INITABLE);
  return CONVOKE_CLASS_FACTORY (self);
}
