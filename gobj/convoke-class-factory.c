/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-class-factory.h"
#include "convoke-component-private.h"
#include "convoke-error.h"
#include "convoke-hooks-private.h"
#include "convoke-module-use-private.h"
#include "convoke-unknown.h"

/**
 * ConvokeClassFactory:
 *
 * Makes the instances of one class.
 *
 * A module has one for each of its classes, and gives it through its entry
 * point ([callback@Convoke.ModuleEntryPoint]). Most modules give
 * [func@Convoke.ClassFactory.new_for_type] or
 * [func@Convoke.ClassFactory.new_for_type_full]; one of their own is for those
 * whose instances need more to be made.
 *
 * Any thread may use a factory, and several threads may use one at once.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (ConvokeClassFactory, convoke_class_factory, G_TYPE_OBJECT)

static GObject *
create_by_name (ConvokeClassFactory  *self,
                GObject              *outer,
                GType                 iface,
                GError              **error)
{
  ConvokeClassFactoryInterface *vtable = CONVOKE_CLASS_FACTORY_GET_IFACE (self);

  if (vtable->create_instance_named != NULL)
    return vtable->create_instance_named (self, outer, g_type_name (iface), error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "The class factory %s cannot make instances", G_OBJECT_TYPE_NAME (self));
  return NULL;
}

static void
convoke_class_factory_default_init (ConvokeClassFactoryInterface *iface)
{
  iface->create_instance = create_by_name;
}

static gboolean
is_askable (GType iface)
{
  return iface == G_TYPE_OBJECT || (G_TYPE_IS_INTERFACE (iface) && iface != G_TYPE_INTERFACE);
}

/* What a factory of somebody's gave, or an error: never both, never neither, never floating. Takes both. */
static GObject *
check_result (ConvokeClassFactory  *self,
              GObject              *object,
              GError               *factory_error,
              GError              **error)
{
  if (factory_error != NULL)
    {
      g_clear_object (&object);
      g_propagate_error (error, factory_error);
    }
  else if (object == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT,
                 "The class factory %s made no instance and gave no error", G_OBJECT_TYPE_NAME (self));
  else if (!G_IS_OBJECT (object))
    {
      object = NULL;
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT,
                   "The class factory %s made something that is no object", G_OBJECT_TYPE_NAME (self));
    }
  else if (g_object_is_floating (object))
    g_object_ref_sink (object);

  return object;
}

/* --- parts of others --- */

static gboolean
lives_elsewhere (ConvokeClassFactory *self)
{
  return convoke_hooks.unwrap != NULL && convoke_hooks.unwrap (G_OBJECT (self)) != NULL;
}

static gboolean
check_outer (ConvokeClassFactory  *self,
             GObject              *outer,
             GError              **error)
{
  if (lives_elsewhere (self))
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_AGGREGATION,
                         "The class factory lives elsewhere, and what it makes cannot be a part of an object here");
  else if (!CONVOKE_IS_COMPONENT (outer))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                 "%s can have no parts: it is no ConvokeComponent", G_OBJECT_TYPE_NAME (outer));
  else
    return TRUE;

  return FALSE;
}

#define N_LOOKS 100
#define LOOK_PAUSE 1000   /* microseconds */

/* Whether @outer has a reference more than @n_references, and keeps it: those of other threads, which use it, come and go. */
static gboolean
is_kept (GObject *outer,
         guint    n_references)
{
  for (guint i = 0; i < N_LOOKS; i++)
    {
      if ((guint) g_atomic_int_get ((gint *) &outer->ref_count) <= n_references)
        return FALSE;
      g_usleep (LOOK_PAUSE);
    }

  return TRUE;
}

/* @n_references: what @outer had before @made was. */
static gboolean
become_part (GObject  *made,
             GObject  *outer,
             guint     n_references,
             GType     iface,
             GError  **error)
{
  if (iface != G_TYPE_OBJECT)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE,
                 "What is to be a part of %s cannot be asked for %s, only for the object",
                 G_OBJECT_TYPE_NAME (outer), g_type_name (iface));
  else if (is_kept (outer, n_references))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT,
                 "%s keeps %s, which it is to be a part of: it may know it by a weak reference only",
                 G_OBJECT_TYPE_NAME (made), G_OBJECT_TYPE_NAME (outer));
  else
    return convoke_component_fill (CONVOKE_COMPONENT (outer), made, error);

  return FALSE;
}

/* --- instances --- */

static GObject *
ask (ConvokeClassFactory  *self,
     GObject              *outer,
     GType                 iface,
     guint                 n_properties,
     const char          **names,
     const GValue         *values,
     GError              **error)
{
  ConvokeClassFactoryInterface *vtable = CONVOKE_CLASS_FACTORY_GET_IFACE (self);

  if (n_properties == 0)
    return vtable->create_instance (self, outer, iface, error);
  if (vtable->create_instance_with_properties != NULL)
    return vtable->create_instance_with_properties (self, outer, iface, n_properties, names, values, error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "The class factory %s takes no properties: there is nobody to have '%s'", G_OBJECT_TYPE_NAME (self), names[0]);
  return NULL;
}

/* What the class makes, whatever it is; its module counts it. */
static GObject *
make (ConvokeClassFactory  *self,
      GObject              *outer,
      GType                 iface,
      guint                 n_properties,
      const char          **names,
      const GValue         *values,
      GError              **error)
{
  ConvokeModuleUse *use = convoke_module_use_hold (self);
  GError *factory_error = NULL;
  GObject *made;

  made = ask (self, outer, iface, n_properties, names, values, &factory_error);
  made = check_result (self, made, factory_error, error);
  convoke_module_use_give (use, made);
  return made;
}

static GObject *
make_part (ConvokeClassFactory  *self,
           GObject              *outer,
           GType                 iface,
           guint                 n_properties,
           const char          **names,
           const GValue         *values,
           GError              **error)
{
  g_autoptr (GObject) artificial = NULL;
  g_autoptr (GObject) made = NULL;
  guint n_references;

  if (!check_outer (self, outer, error))
    return NULL;

  artificial = g_object_ref (outer);
  n_references = g_atomic_int_get ((gint *) &outer->ref_count);
  made = make (self, outer, iface, n_properties, names, values, error);
  if (made == NULL || !become_part (made, outer, n_references, iface, error))
    return NULL;

  return convoke_query_interface (made, iface, error);
}

/* Takes @made. Mostly it is what is wanted: then its one reference is passed on. */
static GObject *
take_as (GObject  *made,
         GType     iface,
         GError  **error)
{
  gpointer klass = made->g_type_instance.g_class;
  GObject *answer;

  if (g_type_interface_peek (klass, iface) != NULL && !convoke_class_is_marked (klass))
    return made;

  answer = convoke_query_interface (made, iface, error);
  g_object_unref (made);
  return answer;
}

/**
 * convoke_class_factory_create_instance:
 * @self: a class factory
 * @outer: (nullable): the object that the instance is to become a part of, or %NULL
 * @iface: the interface that is wanted of it, or `G_TYPE_OBJECT`
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes an instance.
 *
 * The class's own code runs on the calling thread, so hold no lock of yours
 * across it. Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_NO_INTERFACE when the instance does not implement
 * @iface (it is gone then), %CONVOKE_ERROR_NO_AGGREGATION when there is an
 * @outer and the class cannot be a part of another (OM-25) or @self is a proxy:
 * nothing is a part of an object that lives elsewhere (OM-24). Fails with any
 * error of the class's own.
 *
 * Returns: (transfer full): the instance
 *
 * Since: 0.1
 */
GObject *
convoke_class_factory_create_instance (ConvokeClassFactory  *self,
                                       GObject              *outer,
                                       GType                 iface,
                                       GError              **error)
{
  return convoke_class_factory_create_instance_with_properties (self, outer, iface, 0, NULL, NULL, error);
}

/**
 * convoke_class_factory_create_instance_with_properties:
 * @self: a class factory
 * @outer: (nullable): the object that the instance is to become a part of, or %NULL
 * @iface: the interface that is wanted of it, or `G_TYPE_OBJECT`
 * @n_properties: how many properties the instance is made with
 * @names: (array length=n_properties) (nullable): their names
 * @values: (array length=n_properties) (nullable): their values
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes an instance with properties, also those that can be set at
 * construction only.
 *
 * As [method@ClassFactory.create_instance] otherwise. Fails with
 * %CONVOKE_ERROR_INVALID_ARGUMENT too, when the class does not have one of the
 * properties or it is of another type, and with %CONVOKE_ERROR_NOT_SUPPORTED
 * when the factory takes none at all.
 *
 * Returns: (transfer full): the instance
 *
 * Since: 0.1
 */
GObject *
convoke_class_factory_create_instance_with_properties (ConvokeClassFactory  *self,
                                                       GObject              *outer,
                                                       GType                 iface,
                                                       guint                 n_properties,
                                                       const char          **names,
                                                       const GValue         *values,
                                                       GError              **error)
{
  GObject *made;

  g_return_val_if_fail (CONVOKE_IS_CLASS_FACTORY (self), NULL);
  g_return_val_if_fail (outer == NULL || G_IS_OBJECT (outer), NULL);
  g_return_val_if_fail (is_askable (iface), NULL);
  g_return_val_if_fail (n_properties == 0 || (names != NULL && values != NULL), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (outer != NULL)
    return make_part (self, outer, iface, n_properties, names, values, error);

  made = make (self, NULL, iface, n_properties, names, values, error);
  return made != NULL ? take_as (made, iface, error) : NULL;
}
