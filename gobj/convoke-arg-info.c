/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-interface-info-private.h"

/**
 * ConvokeArgInfo:
 *
 * An argument of a method, or what it returns.
 *
 * Since: 0.1
 */
CONVOKE_DEFINE_INFO (ConvokeArgInfo, convoke_arg_info)

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

  return convoke_attributes_get (self->attributes, name);
}
