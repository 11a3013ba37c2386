/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-synchronize-container.h"

/**
 * ConvokeSynchronizeContainer:
 *
 * Objects that are waited for together, one after the other as they are
 * signalled.
 *
 * [class@WaitSet] is the library's own.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (ConvokeSynchronizeContainer, convoke_synchronize_container, G_TYPE_OBJECT)

static void
convoke_synchronize_container_default_init (ConvokeSynchronizeContainerInterface *iface)
{
}

/**
 * convoke_synchronize_container_add:
 * @self: a container
 * @object: what to wait for as well
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Adds an object, and keeps it until it was signalled and waited for.
 *
 * A wait that is under way on another thread waits for @object too from now on.
 * Any thread may call this.
 *
 * Looked at in this order: fails with %CONVOKE_ERROR_NO_INTERFACE when @object
 * is no [iface@SynchronizeHandle] (SY-30), with %CONVOKE_ERROR_NOT_SUPPORTED
 * when it lives in another process, with %CONVOKE_ERROR_ALREADY_REGISTERED when
 * it is a member already, and with %CONVOKE_ERROR_OUT_OF_RESOURCES when there are
 * 63 members (SY-31).
 *
 * Returns: %TRUE when it is a member now
 *
 * Since: 0.1
 */
gboolean
convoke_synchronize_container_add (ConvokeSynchronizeContainer  *self,
                                   ConvokeSynchronize           *object,
                                   GError                      **error)
{
  g_return_val_if_fail (CONVOKE_IS_SYNCHRONIZE_CONTAINER (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_SYNCHRONIZE (object), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return CONVOKE_SYNCHRONIZE_CONTAINER_GET_IFACE (self)->add (self, object, error);
}

/**
 * convoke_synchronize_container_wait_multiple:
 * @self: a container
 * @flags: what the thread does meanwhile
 * @timeout: microseconds; 0 only looks, -1 waits for ever
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Waits until one of the members is signalled, and takes it out of the
 * container (SY-34, P-8).
 *
 * So a loop of waits meets each member once, and ends with
 * %CONVOKE_ERROR_NO_SYNC. What is signalled already comes first, in the order in
 * which it was added; otherwise this waits and serves as
 * [func@Convoke.wait_for_multiple] does. An event with automatic reset is
 * consumed; nothing is reset (SY-35). To wait for a member again, add it again.
 *
 * Any thread may call this; several may wait at once, and each member goes to
 * one of them.
 *
 * A member that is a call object without a call in progress is passed over.
 *
 * Looked at in this order: fails with %CONVOKE_ERROR_INVALID_ARGUMENT for
 * %CONVOKE_WAIT_ALL and unknown flags (SY-32), with %CONVOKE_ERROR_NO_SYNC when
 * there is nothing to wait for, also when other threads took the last member
 * meanwhile (SY-33), with %CONVOKE_ERROR_TIMEOUT when the time is over (P-1), and
 * with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: (transfer full): the member that was signalled
 *
 * Since: 0.1
 */
ConvokeSynchronize *
convoke_synchronize_container_wait_multiple (ConvokeSynchronizeContainer  *self,
                                             ConvokeWaitFlags              flags,
                                             gint64                        timeout,
                                             GError                      **error)
{
  g_return_val_if_fail (CONVOKE_IS_SYNCHRONIZE_CONTAINER (self), NULL);
  g_return_val_if_fail (timeout >= -1, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return CONVOKE_SYNCHRONIZE_CONTAINER_GET_IFACE (self)->wait_multiple (self, flags, timeout, error);
}
