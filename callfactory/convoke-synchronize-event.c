/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-synchronize-event.h"

/**
 * ConvokeSynchronizeEvent:
 *
 * Something that can be waited for through a descriptor of the program's own.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (ConvokeSynchronizeEvent, convoke_synchronize_event, CONVOKE_TYPE_SYNCHRONIZE_HANDLE)

static void
convoke_synchronize_event_default_init (ConvokeSynchronizeEventInterface *iface)
{
}

/**
 * convoke_synchronize_event_set_event_handle:
 * @self: something that nobody has used yet
 * @fd: an eventfd that does not block (`EFD_NONBLOCK`)
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes @self use the event behind a descriptor (SY-15).
 *
 * From then on @self is signalled while the eventfd is readable, whoever wrote
 * to it; to signal @self adds one to its counter, to reset @self empties it, and
 * a wait for an event with automatic reset reads it once. With `EFD_SEMAPHORE`
 * such an event counts.
 *
 * @fd is duplicated: the caller keeps its own and closes it at any time.
 * [method@SynchronizeHandle.get_fd] gives the duplicate.
 *
 * Any thread may call this, once, and before @self is used in any other way.
 *
 * Fails with %CONVOKE_ERROR_ALREADY_REGISTERED after the first call or the
 * first use, with %CONVOKE_ERROR_INVALID_ARGUMENT when @fd is no eventfd, blocks
 * or is not open, with %CONVOKE_ERROR_OUT_OF_RESOURCES when the process has no
 * descriptor left, and with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: %TRUE when @self uses the eventfd now
 *
 * Since: 0.1
 */
gboolean
convoke_synchronize_event_set_event_handle (ConvokeSynchronizeEvent  *self,
                                            int                       fd,
                                            GError                  **error)
{
  g_return_val_if_fail (CONVOKE_IS_SYNCHRONIZE_EVENT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return CONVOKE_SYNCHRONIZE_EVENT_GET_IFACE (self)->set_event_handle (self, fd, error);
}
