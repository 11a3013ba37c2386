/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-interface-info-private.h"

/**
 * ConvokePropertyInfo:
 *
 * A property of an interface.
 *
 * Since: 0.1
 */
CONVOKE_DEFINE_INFO (ConvokePropertyInfo, convoke_property_info)

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
