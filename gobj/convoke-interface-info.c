/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-error.h"
#include "convoke-typelib-private.h"

/**
 * ConvokeInterfaceInfo:
 *
 * The description of an interface, as its typelib gives it.
 *
 * It is read once, is the same for all, and lives as long as the process: so
 * do the infos of all that it contains. Copying and freeing one, as bindings
 * do, does nothing. Any thread may use it.
 *
 * Since: 0.1
 */
CONVOKE_DEFINE_INFO (ConvokeInterfaceInfo, convoke_interface_info)

/**
 * convoke_require:
 * @namespace_: a namespace, such as `Demo`
 * @version: (nullable): its version, such as `1`, or %NULL for the newest
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes the interfaces of a namespace known.
 *
 * Convoke has no description of an interface but its typelib, and nothing
 * leads from a type to the typelib that describes it: a program names the
 * namespaces whose interfaces it wants to call. Bindings do it for the
 * namespaces that a script imports, and those of GIO are always known.
 *
 * The typelib is looked for where `GI_TYPELIB_PATH` and the system say. The
 * library that it describes is not opened, and no code is run. It is trusted
 * as that library is: a file that is cut off or no typelib is an error, but
 * what a whole one says is believed.
 *
 * Asking again costs little and changes nothing. Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_NO_TYPELIB when there is no such typelib or none
 * can be read in this process, and with %CONVOKE_ERROR_VERSION_MISMATCH when
 * there is none in that version, but the namespace is known in another.
 * Several versions of a namespace can be known in one process; their
 * libraries cannot be in it together.
 *
 * Returns: %TRUE if the interfaces are known now
 *
 * Since: 0.1
 */
gboolean
convoke_require (const char  *namespace_,
                 const char  *version,
                 GError     **error)
{
  g_return_val_if_fail (namespace_ != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return convoke_typelib_require (NULL, namespace_, version, NULL, error);
}

/**
 * convoke_require_from:
 * @directory: (type filename): where the typelib is
 * @namespace_: a namespace, such as `Demo`
 * @version: (nullable): its version, such as `1`, or %NULL for the newest
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * As [func@Convoke.require], for a typelib that is kept in a place of its own,
 * as those of plug-ins are. What it depends on is looked for in the usual
 * places.
 *
 * Returns: %TRUE if the interfaces are known now
 *
 * Since: 0.1
 */
gboolean
convoke_require_from (const char  *directory,
                      const char  *namespace_,
                      const char  *version,
                      GError     **error)
{
  g_return_val_if_fail (directory != NULL, FALSE);
  g_return_val_if_fail (namespace_ != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return convoke_typelib_require (directory, namespace_, version, NULL, error);
}

/**
 * convoke_interface_info_lookup:
 * @gtype: the type of an interface
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * The description of an interface.
 *
 * The first time, its typelib is read; after that the answer is found without
 * a lock. Any thread may call this.
 *
 * An interface that cannot be called through Convoke has a description too,
 * with the reason: see [method@Convoke.InterfaceInfo.get_refusal] and
 * [method@Convoke.MethodInfo.get_refusal].
 *
 * Fails with %CONVOKE_ERROR_NO_TYPELIB when no namespace that was required
 * has the type; call [func@Convoke.require] first. An interface that was
 * made at run time has no typelib at all.
 *
 * Returns: (transfer none): the description
 *
 * Since: 0.1
 */
const ConvokeInterfaceInfo *
convoke_interface_info_lookup (GType    gtype,
                               GError **error)
{
  g_return_val_if_fail (G_TYPE_IS_INTERFACE (gtype) && gtype != G_TYPE_INTERFACE, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return convoke_typelib_lookup (gtype, error);
}

/**
 * convoke_interface_info_get_name:
 * @self: an interface
 *
 * The full name: namespace, version and name, such as `Demo-1.PriceFeed`.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
convoke_interface_info_get_name (const ConvokeInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * convoke_interface_info_get_namespace:
 * @self: an interface
 *
 * The namespace.
 *
 * Returns: (transfer none): the namespace
 *
 * Since: 0.1
 */
const char *
convoke_interface_info_get_namespace (const ConvokeInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->namespace_;
}

/**
 * convoke_interface_info_get_version:
 * @self: an interface
 *
 * The version of the namespace.
 *
 * Returns: (transfer none): the version
 *
 * Since: 0.1
 */
const char *
convoke_interface_info_get_version (const ConvokeInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->version;
}

/**
 * convoke_interface_info_get_gtype:
 * @self: an interface
 *
 * The type that is described.
 *
 * Returns: the type
 *
 * Since: 0.1
 */
GType
convoke_interface_info_get_gtype (const ConvokeInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->gtype;
}

/**
 * convoke_interface_info_get_refusal:
 * @self: an interface
 *
 * Why no proxy of the interface can exist.
 *
 * An interface that requires a class other than [class@GObject.Object] is
 * refused, and one with a `convoke.` attribute that reaches no virtual
 * function, as its author would believe in a contract that nobody keeps.
 *
 * Returns: (transfer none) (nullable): the reason, or %NULL if there is none
 *
 * Since: 0.1
 */
const char *
convoke_interface_info_get_refusal (const ConvokeInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->refusal;
}

/**
 * convoke_interface_info_get_required_class:
 * @self: an interface
 *
 * The class, other than [class@GObject.Object], that implementations must derive from.
 *
 * Returns: (transfer none) (nullable): its full name, or %NULL if there is none
 *
 * Since: 0.1
 */
const char *
convoke_interface_info_get_required_class (const ConvokeInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->required_class;
}

/**
 * convoke_interface_info_get_attribute:
 * @self: an interface
 * @name: name of the attribute
 *
 * The value of an attribute in the doc comment of the interface.
 *
 * Returns: (transfer none) (nullable): the value, or %NULL if there is no such attribute
 *
 * Since: 0.1
 */
const char *
convoke_interface_info_get_attribute (const ConvokeInterfaceInfo *self,
                                      const char                 *name)
{
  g_return_val_if_fail (self != NULL, NULL);

  return convoke_attributes_get (self->attributes, name);
}

/**
 * convoke_interface_info_get_n_methods:
 * @self: an interface
 *
 * How many methods there are, with those that are refused.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
convoke_interface_info_get_n_methods (const ConvokeInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_methods;
}

/**
 * convoke_interface_info_get_method:
 * @self: an interface
 * @index: which one, from 0
 *
 * A method, in the order of the slots in the interface's structure.
 *
 * Returns: (transfer none): the method
 *
 * Since: 0.1
 */
const ConvokeMethodInfo *
convoke_interface_info_get_method (const ConvokeInterfaceInfo *self,
                                   guint                       index)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_return_val_if_fail (index < self->n_methods, NULL);

  return &self->methods[index];
}

/**
 * convoke_interface_info_find_method:
 * @self: an interface
 * @name: the name of a method, or of its slot
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * The method of a name: the one that users know, or that of the slot. Where
 * one method has the name and another's slot has it too, it is the former.
 *
 * Fails with %CONVOKE_ERROR_NO_METHOD only.
 *
 * Returns: (transfer none): the method
 *
 * Since: 0.1
 */
const ConvokeMethodInfo *
convoke_interface_info_find_method (const ConvokeInterfaceInfo  *self,
                                    const char                  *name,
                                    GError                     **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return convoke_interface_info_find (self, name, error);
}

/**
 * convoke_interface_info_get_n_signals:
 * @self: an interface
 *
 * How many signals there are.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
convoke_interface_info_get_n_signals (const ConvokeInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_signals;
}

/**
 * convoke_interface_info_get_signal:
 * @self: an interface
 * @index: which one, from 0
 *
 * A signal.
 *
 * Returns: (transfer none): the signal
 *
 * Since: 0.1
 */
const ConvokeSignalInfo *
convoke_interface_info_get_signal (const ConvokeInterfaceInfo *self,
                                   guint                       index)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_return_val_if_fail (index < self->n_signals, NULL);

  return &self->signals[index];
}

/**
 * convoke_interface_info_get_n_properties:
 * @self: an interface
 *
 * How many properties there are.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
convoke_interface_info_get_n_properties (const ConvokeInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_properties;
}

/**
 * convoke_interface_info_get_property:
 * @self: an interface
 * @index: which one, from 0
 *
 * A property.
 *
 * Returns: (transfer none): the property
 *
 * Since: 0.1
 */
const ConvokePropertyInfo *
convoke_interface_info_get_property (const ConvokeInterfaceInfo *self,
                                     guint                       index)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_return_val_if_fail (index < self->n_properties, NULL);

  return &self->properties[index];
}

/**
 * convoke_interface_info_get_prerequisites:
 * @self: an interface
 *
 * The names of the types that implementations must have or derive from.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names of the types
 *
 * Since: 0.1
 */
const char * const *
convoke_interface_info_get_prerequisites (const ConvokeInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char * const *) self->prerequisites;
}

/* --- for the rest of the library --- */

const ConvokeMethodInfo *
convoke_interface_info_find (const ConvokeInterfaceInfo  *self,
                             const char                  *name,
                             GError                     **error)
{
  ConvokeMethodInfo **last_found = &((ConvokeInterfaceInfo *) self)->last_found;
  ConvokeMethodInfo *method = g_atomic_pointer_get (last_found);

  if (method != NULL && g_str_equal (method->callable.name, name))
    return method;

  method = g_hash_table_lookup (self->by_name, name);
  if (method != NULL)
    g_atomic_pointer_set (last_found, method);
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_METHOD,
                 "%s has no method “%s”", self->name, name);

  return method;
}
