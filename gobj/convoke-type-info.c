/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-interface-info-private.h"

/**
 * ConvokeTypeInfo:
 *
 * The type of an argument, a result or a property.
 *
 * Since: 0.1
 */
CONVOKE_DEFINE_INFO (ConvokeTypeInfo, convoke_type_info)

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
