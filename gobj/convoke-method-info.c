/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-error.h"
#include "convoke-interface-info-private.h"

/**
 * ConvokeMethodInfo:
 *
 * A method of an interface: a slot of its structure, with the contract in its doc comment.
 *
 * Since: 0.1
 */
CONVOKE_DEFINE_INFO (ConvokeMethodInfo, convoke_method_info)

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

  return convoke_attributes_get (self->attributes, name);
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

gboolean
convoke_method_info_check (const ConvokeMethodInfo  *self,
                           GError                  **error)
{
  if (self->refusal == NULL)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s.%s cannot be called: %s",
               self->owner->name, self->callable.name, self->refusal);
  return FALSE;
}

GCallback
convoke_method_info_get_slot (const ConvokeMethodInfo *self,
                              gpointer                 instance)
{
  gpointer vtable = g_type_interface_peek (((GTypeInstance *) instance)->g_class, self->owner->gtype);

  if (vtable == NULL || !convoke_method_info_has_slot (self))
    return NULL;

  return G_STRUCT_MEMBER (GCallback, vtable, self->offset);
}
