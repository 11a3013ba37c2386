/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-error.h"
#include "convoke-typelib-private.h"

/* Infos live as long as the process, and bindings want to copy and free what
 * they are handed. */
#define DEFINE_ETERNAL(TypeName, type_name)                                      \
  static gpointer type_name ## _copy (gpointer self) { return self; }            \
  static void type_name ## _free (gpointer self) { }                             \
  G_DEFINE_BOXED_TYPE (TypeName, type_name, type_name ## _copy, type_name ## _free)

/**
 * ConvokeTypeInfo:
 *
 * The type of an argument, a result or a property.
 *
 * Since: 0.1
 */
DEFINE_ETERNAL (ConvokeTypeInfo, convoke_type_info)

/**
 * ConvokeArgInfo:
 *
 * An argument of a method, or what it returns.
 *
 * Since: 0.1
 */
DEFINE_ETERNAL (ConvokeArgInfo, convoke_arg_info)

/**
 * ConvokeMethodInfo:
 *
 * A method of an interface: a slot of its structure, with the contract in its doc comment.
 *
 * Since: 0.1
 */
DEFINE_ETERNAL (ConvokeMethodInfo, convoke_method_info)

/**
 * ConvokeSignalInfo:
 *
 * A signal of an interface.
 *
 * Since: 0.1
 */
DEFINE_ETERNAL (ConvokeSignalInfo, convoke_signal_info)

/**
 * ConvokePropertyInfo:
 *
 * A property of an interface.
 *
 * Since: 0.1
 */
DEFINE_ETERNAL (ConvokePropertyInfo, convoke_property_info)

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
DEFINE_ETERNAL (ConvokeInterfaceInfo, convoke_interface_info)

static const char *
look_up_attribute (GHashTable *attributes,
                   const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return attributes != NULL ? g_hash_table_lookup (attributes, name) : NULL;
}

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
 * library that it describes is not opened, and no code is run.
 *
 * Asking again costs little and changes nothing. Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_NO_TYPELIB when there is no such typelib or none
 * can be read in this process, and with %CONVOKE_ERROR_VERSION_MISMATCH when
 * the namespace was required in another version before, by name or because
 * another namespace depends on it.
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

  return convoke_typelib_require (NULL, namespace_, version, error);
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

  return convoke_typelib_require (directory, namespace_, version, error);
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

  return look_up_attribute (self->attributes, name);
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

/**
 * convoke_method_info_get_interface:
 * @self: a method
 *
 * The interface that the method belongs to.
 *
 * Returns: (transfer none): the interface
 *
 * Since: 0.1
 */
const ConvokeInterfaceInfo *
convoke_method_info_get_interface (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->owner;
}

/**
 * convoke_method_info_get_name:
 * @self: a method
 *
 * The name that users know: that of the function which calls the slot, or the
 * slot's where there is none.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
convoke_method_info_get_name (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->callable.name;
}

/**
 * convoke_method_info_get_slot_name:
 * @self: a method
 *
 * The name of the slot, by which the method travels.
 *
 * Returns: (transfer none): the name of the slot
 *
 * Since: 0.1
 */
const char *
convoke_method_info_get_slot_name (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->slot_name;
}

/**
 * convoke_method_info_get_symbol:
 * @self: a method
 *
 * The C function that calls the slot.
 *
 * Returns: (transfer none) (nullable): the symbol, or %NULL if there is none
 *
 * Since: 0.1
 */
const char *
convoke_method_info_get_symbol (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->invoker;
}

/**
 * convoke_method_info_get_refusal:
 * @self: a method
 *
 * Why the method cannot be called through Convoke.
 *
 * An annotation that cannot be right would be corrupted memory, and a contract
 * that is not understood would be no protection: such a method is refused
 * with a reason that names what to mend.
 *
 * Returns: (transfer none) (nullable): the reason, or %NULL if there is none
 *
 * Since: 0.1
 */
const char *
convoke_method_info_get_refusal (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->refusal;
}

/**
 * convoke_method_info_get_n_args:
 * @self: a method
 *
 * How many arguments there are in C, without the object and the error.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
convoke_method_info_get_n_args (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->callable.n_args;
}

/**
 * convoke_method_info_get_arg:
 * @self: a method
 * @index: which one, from 0
 *
 * An argument.
 *
 * Returns: (transfer none): the argument
 *
 * Since: 0.1
 */
const ConvokeArgInfo *
convoke_method_info_get_arg (const ConvokeMethodInfo *self,
                             guint                    index)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_return_val_if_fail (index < self->callable.n_args, NULL);

  return &self->callable.args[index];
}

/**
 * convoke_method_info_get_return:
 * @self: a method
 *
 * What the method returns, of kind %CONVOKE_TYPE_KIND_VOID when nothing.
 *
 * Returns: (transfer none): the result
 *
 * Since: 0.1
 */
const ConvokeArgInfo *
convoke_method_info_get_return (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->callable.ret;
}

/**
 * convoke_method_info_throws:
 * @self: a method
 *
 * Whether the method can fail with an error.
 *
 * Returns: %TRUE if its last argument in C is an error
 *
 * Since: 0.1
 */
gboolean
convoke_method_info_throws (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->callable.throws;
}

/**
 * convoke_method_info_get_finish:
 * @self: a method
 *
 * The method that finishes what this one begins, in GIO's way.
 *
 * Together they are one call.
 *
 * Returns: (transfer none) (nullable): the other method, or %NULL if this one begins nothing
 *
 * Since: 0.1
 */
const ConvokeMethodInfo *
convoke_method_info_get_finish (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->finish;
}

/**
 * convoke_method_info_get_begin:
 * @self: a method
 *
 * The method that begins what this one finishes, in GIO's way.
 *
 * Returns: (transfer none) (nullable): the other method, or %NULL if this one finishes nothing
 *
 * Since: 0.1
 */
const ConvokeMethodInfo *
convoke_method_info_get_begin (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->begin;
}

/**
 * convoke_method_info_get_attribute:
 * @self: a method
 * @name: name of the attribute
 *
 * The value of an attribute in the doc comments of the method and of its slot.
 *
 * Returns: (transfer none) (nullable): the value, or %NULL if there is no such attribute
 *
 * Since: 0.1
 */
const char *
convoke_method_info_get_attribute (const ConvokeMethodInfo *self,
                                   const char              *name)
{
  g_return_val_if_fail (self != NULL, NULL);

  return look_up_attribute (self->attributes, name);
}

/**
 * convoke_method_info_get_fingerprint:
 * @self: a method
 *
 * Text that is the same for two methods that can be called in the same way.
 *
 * It is made of the slot's name, of the kinds, directions, ownership and
 * nullability of the arguments and of the result, and of whether the method
 * throws and is answered. The order of an interface's methods and all
 * documentation are no part of it.
 *
 * Returns: (transfer none): the fingerprint, a hexadecimal number
 *
 * Since: 0.1
 */
const char *
convoke_method_info_get_fingerprint (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fingerprint;
}

/**
 * convoke_method_info_get_deadline:
 * @self: a method
 *
 * How long a call may take, as `convoke.deadline-ms` says.
 *
 * Returns: microseconds, 0 for no limit
 *
 * Since: 0.1
 */
gint64
convoke_method_info_get_deadline (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->deadline;
}

/**
 * convoke_method_info_is_idempotent:
 * @self: a method
 *
 * Whether calling twice is as good as calling once, as `convoke.idempotent` says.
 *
 * Returns: %TRUE if the call may be repeated
 *
 * Since: 0.1
 */
gboolean
convoke_method_info_is_idempotent (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->idempotent;
}

/**
 * convoke_method_info_is_oneway:
 * @self: a method
 *
 * Whether the caller wants no answer, as `convoke.oneway` says.
 *
 * Returns: %TRUE if there is no answer
 *
 * Since: 0.1
 */
gboolean
convoke_method_info_is_oneway (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->oneway;
}

/**
 * convoke_method_info_has_progress:
 * @self: a method
 *
 * Whether the method tells of its progress, as `convoke.progress` says.
 *
 * Returns: %TRUE if it does
 *
 * Since: 0.1
 */
gboolean
convoke_method_info_has_progress (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->progress;
}

/**
 * convoke_method_info_is_signal_slot:
 * @self: a method
 *
 * Whether the slot is the default handler of a signal, which is never called
 * from outside.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean
convoke_method_info_is_signal_slot (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->signal_slot;
}

/**
 * convoke_method_info_get_offset:
 * @self: a method
 *
 * Where the slot is in the interface's structure.
 *
 * Returns: bytes from its start, or %G_MAXUINT where the typelib does not tell
 *
 * Since: 0.1
 */
guint
convoke_method_info_get_offset (const ConvokeMethodInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->offset;
}

/**
 * convoke_arg_info_get_name:
 * @self: an argument
 *
 * The name.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
convoke_arg_info_get_name (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * convoke_arg_info_get_direction:
 * @self: an argument
 *
 * Which way the value goes.
 *
 * Returns: the direction
 *
 * Since: 0.1
 */
ConvokeDirection
convoke_arg_info_get_direction (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->direction;
}

/**
 * convoke_arg_info_get_transfer:
 * @self: an argument
 *
 * Who owns the value afterwards.
 *
 * Returns: the transfer
 *
 * Since: 0.1
 */
ConvokeTransfer
convoke_arg_info_get_transfer (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->transfer;
}

/**
 * convoke_arg_info_get_type_info:
 * @self: an argument
 *
 * The type of the value.
 *
 * Returns: (transfer none): the type
 *
 * Since: 0.1
 */
const ConvokeTypeInfo *
convoke_arg_info_get_type_info (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->type;
}

/**
 * convoke_arg_info_is_nullable:
 * @self: an argument
 *
 * Whether the value may be %NULL.
 *
 * Returns: %TRUE if it may
 *
 * Since: 0.1
 */
gboolean
convoke_arg_info_is_nullable (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->nullable;
}

/**
 * convoke_arg_info_is_optional:
 * @self: an argument
 *
 * Whether the caller may pass no place for the value that comes out.
 *
 * Returns: %TRUE if it may
 *
 * Since: 0.1
 */
gboolean
convoke_arg_info_is_optional (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->optional;
}

/**
 * convoke_arg_info_is_caller_allocates:
 * @self: an argument
 *
 * Whether the value that comes out is written into memory of the caller.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean
convoke_arg_info_is_caller_allocates (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->caller_allocates;
}

/**
 * convoke_arg_info_is_skipped:
 * @self: an argument
 *
 * Whether bindings do not show the argument, as its `(skip)` says.
 *
 * Returns: %TRUE if they do not
 *
 * Since: 0.1
 */
gboolean
convoke_arg_info_is_skipped (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->skip;
}

/**
 * convoke_arg_info_get_scope:
 * @self: an argument
 *
 * How long the callback can be called.
 *
 * Returns: the scope, %CONVOKE_SCOPE_NONE if the argument is no callback
 *
 * Since: 0.1
 */
ConvokeScope
convoke_arg_info_get_scope (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->scope;
}

/**
 * convoke_arg_info_get_closure_index:
 * @self: an argument
 *
 * Which argument is the callback's user data.
 *
 * Returns: its index, or -1
 *
 * Since: 0.1
 */
int
convoke_arg_info_get_closure_index (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->closure;
}

/**
 * convoke_arg_info_get_destroy_index:
 * @self: an argument
 *
 * Which argument is the callback's destroy notify.
 *
 * Returns: its index, or -1
 *
 * Since: 0.1
 */
int
convoke_arg_info_get_destroy_index (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->destroy;
}

/**
 * convoke_arg_info_get_length_of:
 * @self: an argument
 *
 * Which array has this argument as its length.
 *
 * Returns: the index of the array, -2 for the array that is returned, or -1 if this
 *   is no length
 *
 * Since: 0.1
 */
int
convoke_arg_info_get_length_of (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length_of;
}

/**
 * convoke_arg_info_get_closure_of:
 * @self: an argument
 *
 * Which callback has this argument as its user data or destroy notify.
 *
 * Returns: the index of the callback, or -1
 *
 * Since: 0.1
 */
int
convoke_arg_info_get_closure_of (const ConvokeArgInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->closure_of;
}

/**
 * convoke_arg_info_get_attribute:
 * @self: an argument
 * @name: name of the attribute
 *
 * The value of an attribute in the doc comment.
 *
 * Returns: (transfer none) (nullable): the value, or %NULL if there is no such attribute
 *
 * Since: 0.1
 */
const char *
convoke_arg_info_get_attribute (const ConvokeArgInfo *self,
                                const char           *name)
{
  g_return_val_if_fail (self != NULL, NULL);

  return look_up_attribute (self->attributes, name);
}

/**
 * convoke_type_info_get_kind:
 * @self: a type
 *
 * How a value is passed.
 *
 * Returns: the kind
 *
 * Since: 0.1
 */
ConvokeTypeKind
convoke_type_info_get_kind (const ConvokeTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->kind;
}

/**
 * convoke_type_info_get_storage:
 * @self: a type
 *
 * The integer that holds an enumeration or flags.
 *
 * Returns: the kind of the integer, %CONVOKE_TYPE_KIND_VOID for other types
 *
 * Since: 0.1
 */
ConvokeTypeKind
convoke_type_info_get_storage (const ConvokeTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->storage;
}

/**
 * convoke_type_info_get_name:
 * @self: a type
 *
 * The name, such as `utf8` or `Gio.File`.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
convoke_type_info_get_name (const ConvokeTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * convoke_type_info_get_gtype_name:
 * @self: a type
 *
 * The name of the `GType`, which need not be registered yet.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if the type has none
 *
 * Since: 0.1
 */
const char *
convoke_type_info_get_gtype_name (const ConvokeTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->type_name;
}

/**
 * convoke_type_info_is_pointer:
 * @self: a type
 *
 * Whether the C type is a pointer.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean
convoke_type_info_is_pointer (const ConvokeTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_pointer;
}

/**
 * convoke_type_info_get_element:
 * @self: a type
 *
 * The type of the elements of an array or list, or of a table's keys.
 *
 * Returns: (transfer none) (nullable): the type, or %NULL if there are no elements
 *
 * Since: 0.1
 */
const ConvokeTypeInfo *
convoke_type_info_get_element (const ConvokeTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->element;
}

/**
 * convoke_type_info_get_value:
 * @self: a type
 *
 * The type of a table's values.
 *
 * Returns: (transfer none) (nullable): the type, or %NULL if this is no table
 *
 * Since: 0.1
 */
const ConvokeTypeInfo *
convoke_type_info_get_value (const ConvokeTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->value;
}

/**
 * convoke_type_info_get_fixed_size:
 * @self: a type
 *
 * The number of elements of an array of a fixed size.
 *
 * Returns: the number, or -1 if it is not fixed
 *
 * Since: 0.1
 */
int
convoke_type_info_get_fixed_size (const ConvokeTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->fixed_size;
}

/**
 * convoke_type_info_is_zero_terminated:
 * @self: a type
 *
 * Whether an array ends with a zero element.
 *
 * Returns: %TRUE if it does
 *
 * Since: 0.1
 */
gboolean
convoke_type_info_is_zero_terminated (const ConvokeTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->zero_terminated;
}

/**
 * convoke_type_info_get_length_index:
 * @self: a type
 *
 * Which argument is the length of the array.
 *
 * Returns: its index, or -1
 *
 * Since: 0.1
 */
int
convoke_type_info_get_length_index (const ConvokeTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length_arg;
}

/**
 * convoke_type_info_get_size:
 * @self: a type
 *
 * The size of a structure or union.
 *
 * Returns: bytes, or 0 if it is opaque or no structure
 *
 * Since: 0.1
 */
gsize
convoke_type_info_get_size (const ConvokeTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->size;
}

/**
 * convoke_signal_info_get_name:
 * @self: a signal
 *
 * The name.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
convoke_signal_info_get_name (const ConvokeSignalInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->callable.name;
}

/**
 * convoke_signal_info_get_flags:
 * @self: a signal
 *
 * The flags, as far as the typelib has them.
 *
 * Returns: the flags
 *
 * Since: 0.1
 */
GSignalFlags
convoke_signal_info_get_flags (const ConvokeSignalInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->run_flags;
}

/**
 * convoke_signal_info_get_n_args:
 * @self: a signal
 *
 * How many arguments there are, without the object.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
convoke_signal_info_get_n_args (const ConvokeSignalInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->callable.n_args;
}

/**
 * convoke_signal_info_get_arg:
 * @self: a signal
 * @index: which one, from 0
 *
 * An argument.
 *
 * Returns: (transfer none): the argument
 *
 * Since: 0.1
 */
const ConvokeArgInfo *
convoke_signal_info_get_arg (const ConvokeSignalInfo *self,
                             guint                    index)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_return_val_if_fail (index < self->callable.n_args, NULL);

  return &self->callable.args[index];
}

/**
 * convoke_signal_info_get_return:
 * @self: a signal
 *
 * What handlers return, of kind %CONVOKE_TYPE_KIND_VOID when nothing.
 *
 * Returns: (transfer none): the result
 *
 * Since: 0.1
 */
const ConvokeArgInfo *
convoke_signal_info_get_return (const ConvokeSignalInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->callable.ret;
}

/**
 * convoke_property_info_get_name:
 * @self: a property
 *
 * The name.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
convoke_property_info_get_name (const ConvokePropertyInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * convoke_property_info_get_flags:
 * @self: a property
 *
 * The flags.
 *
 * Returns: the flags
 *
 * Since: 0.1
 */
GParamFlags
convoke_property_info_get_flags (const ConvokePropertyInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->flags;
}

/**
 * convoke_property_info_get_type_info:
 * @self: a property
 *
 * The type of the value.
 *
 * Returns: (transfer none): the type
 *
 * Since: 0.1
 */
const ConvokeTypeInfo *
convoke_property_info_get_type_info (const ConvokePropertyInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->type;
}

/**
 * convoke_property_info_get_transfer:
 * @self: a property
 *
 * Who owns the value that is read.
 *
 * Returns: the transfer
 *
 * Since: 0.1
 */
ConvokeTransfer
convoke_property_info_get_transfer (const ConvokePropertyInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->transfer;
}

/* --- for the rest of the library --- */

const ConvokeMethodInfo *
convoke_interface_info_find (const ConvokeInterfaceInfo  *self,
                             const char                  *name,
                             GError                     **error)
{
  const ConvokeMethodInfo *method = g_hash_table_lookup (self->by_name, name);

  if (method == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_METHOD,
                 "%s has no method “%s”", self->name, name);

  return method;
}

GCallback
convoke_method_info_get_slot (const ConvokeMethodInfo *self,
                              gpointer                 instance)
{
  gpointer vtable = g_type_interface_peek (((GTypeInstance *) instance)->g_class, self->owner->gtype);

  if (vtable == NULL || self->offset > self->owner->struct_size - sizeof (gpointer))
    return NULL;

  return G_STRUCT_MEMBER (GCallback, vtable, self->offset);
}
