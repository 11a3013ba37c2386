/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_CLASS_FACTORY (convoke_class_factory_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (ConvokeClassFactory, convoke_class_factory, CONVOKE, CLASS_FACTORY, GObject)

/**
 * ConvokeClassFactoryInterface:
 * @parent_iface: the parent interface
 * @create_instance: makes an instance
 * @create_instance_named: the same for languages whose virtual functions cannot
 *   take a #GType: the interface comes by its name. It is asked where
 *   @create_instance is not implemented
 * @create_instance_with_properties: (nullable): makes an instance with
 *   properties, of which there is one at least; a factory without it takes none
 *
 * The virtual functions of class factories. One of the first two is enough.
 *
 * Since: 0.1
 */
struct _ConvokeClassFactoryInterface
{
  GTypeInterface parent_iface;

  GObject *(*create_instance) (ConvokeClassFactory  *self,
                               GObject              *outer,
                               GType                 iface,
                               GError              **error);

  /**
   * ConvokeClassFactoryInterface::create_instance_named:
   * @self: a class factory
   * @outer: (nullable): the object that the instance is to become a part of
   * @iface_name: the name of the interface that is wanted of it
   * @error: return location for a #GError
   *
   * Makes an instance, for languages whose virtual functions cannot take a #GType.
   *
   * Returns: (transfer full): the instance
   *
   * Since: 0.1
   */
  GObject *(*create_instance_named) (ConvokeClassFactory  *self,
                                     GObject              *outer,
                                     const char           *iface_name,
                                     GError              **error);

  /**
   * ConvokeClassFactoryInterface::create_instance_with_properties:
   * @self: a class factory
   * @outer: (nullable): the object that the instance is to become a part of
   * @iface: the interface that is wanted of it
   * @n_properties: how many properties are set
   * @names: (array length=n_properties): their names
   * @values: (array length=n_properties): their values
   * @error: return location for a #GError
   *
   * Makes an instance with properties.
   *
   * Returns: (transfer full): the instance
   *
   * Since: 0.1
   */
  GObject *(*create_instance_with_properties) (ConvokeClassFactory  *self,
                                               GObject              *outer,
                                               GType                 iface,
                                               guint                 n_properties,
                                               const char          **names,
                                               const GValue         *values,
                                               GError              **error);
};

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_class_factory_create_instance (ConvokeClassFactory  *self,
                                                GObject              *outer,
                                                GType                 iface,
                                                GError              **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_class_factory_lock_server (ConvokeClassFactory  *self,
                                            gboolean              locked,
                                            GError              **error);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_class_factory_create_instance_with_properties (ConvokeClassFactory  *self,
                                                                GObject              *outer,
                                                                GType                 iface,
                                                                guint                 n_properties,
                                                                const char          **names,
                                                                const GValue         *values,
                                                                GError              **error);

/**
 * CONVOKE_MODULE_ENTRY_POINT:
 *
 * The name of the one function that a module of components exports; see
 * [callback@Convoke.ModuleEntryPoint].
 *
 * Since: 0.1
 */
#define CONVOKE_MODULE_ENTRY_POINT "convoke_module_get_class_factory"

/**
 * ConvokeModuleEntryPoint:
 * @type_name: what the keyfile's `Type=` says
 * @error: return location for a #GError, or %NULL
 *
 * The one function that a module of components in C exports, under the name
 * `convoke_module_get_class_factory`.
 *
 * It is called when the first instance of a class is wanted, on the thread
 * that wants it; the factory is kept until a sweep finds the module unused
 * ([func@Convoke.sweep_modules]). Threads that want it at once wait for the first
 * one, ten seconds at most; then each calls the function, and one of the answers is
 * kept. A factory belongs to one module.
 * The module stays mapped from its first use on.
 *
 * %NULL without an error says that the module has no such class.
 *
 * Returns: (transfer full): the factory of the class
 *
 * Since: 0.1
 */
typedef ConvokeClassFactory *(*ConvokeModuleEntryPoint) (const char  *type_name,
                                                         GError     **error);

/**
 * ConvokeClassFactoryFlags:
 * @CONVOKE_CLASS_FACTORY_DEFAULT: plain instances
 * @CONVOKE_CLASS_FACTORY_AGGREGABLE: instances can be parts of other objects: the
 *   class never keeps what it is a part of
 *
 * What the instances of a class can be.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_CLASS_FACTORY_DEFAULT    = 0,
  CONVOKE_CLASS_FACTORY_AGGREGABLE = 1 << 0,
} ConvokeClassFactoryFlags;

CONVOKE_AVAILABLE_IN_0_1
ConvokeClassFactory *convoke_class_factory_new_for_type (GType type);

CONVOKE_AVAILABLE_IN_0_1
ConvokeClassFactory *convoke_class_factory_new_for_type_full (GType                    type,
                                                              ConvokeClassFactoryFlags flags);

G_END_DECLS
