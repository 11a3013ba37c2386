/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-interface-info-private.h"

/**
 * ConvokeSignalInfo:
 *
 * A signal of an interface.
 *
 * Since: 0.1
 */
CONVOKE_DEFINE_INFO (ConvokeSignalInfo, convoke_signal_info)

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
