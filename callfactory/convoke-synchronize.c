/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-synchronize.h"

#include "convoke-error.h"

/**
 * ConvokeSynchronize:
 *
 * Something that can be waited for: an event, a call, or an object of yours.
 *
 * An implementation that is asked from several threads has to cope with that;
 * the library's own do.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (ConvokeSynchronize, convoke_synchronize, G_TYPE_OBJECT)

static void
convoke_synchronize_default_init (ConvokeSynchronizeInterface *iface)
{
}

/* A class that implements an interface need not implement all of it. */
static gboolean
refuse (gpointer     self,
        const char  *method,
        GError     **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s does not implement %s", G_OBJECT_TYPE_NAME (self), method);
  return FALSE;
}

/**
 * convoke_synchronize_wait:
 * @self: what to wait for
 * @flags: what the thread does meanwhile
 * @timeout: microseconds; 0 only looks, -1 waits for ever
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Waits until @self is signalled.
 *
 * A thread that waits serves calls meanwhile, as @flags say. What was done
 * before the signal is visible after the wait.
 *
 * Any thread may wait; hold no lock of yours that a served call could want.
 *
 * Fails with %CONVOKE_ERROR_TIMEOUT when it was not signalled in time, also
 * when @timeout is 0; nothing else changes then. Fails with
 * %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: %TRUE when it was signalled
 *
 * Since: 0.1
 */
gboolean
convoke_synchronize_wait (ConvokeSynchronize  *self,
                          ConvokeWaitFlags     flags,
                          gint64               timeout,
                          GError             **error)
{
  g_return_val_if_fail (CONVOKE_IS_SYNCHRONIZE (self), FALSE);
  g_return_val_if_fail (timeout >= -1, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (CONVOKE_SYNCHRONIZE_GET_IFACE (self)->wait == NULL)
    return refuse (self, "wait", error);

  return CONVOKE_SYNCHRONIZE_GET_IFACE (self)->wait (self, flags, timeout, error);
}

/**
 * convoke_synchronize_signal:
 * @self: what others wait for
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Signals @self.
 *
 * Signalling what is signalled already changes nothing. Any thread may call
 * this.
 *
 * An event fails with %CONVOKE_ERROR_FORKED only, in a child made by `fork()`.
 *
 * Returns: %TRUE when it is signalled
 *
 * Since: 0.1
 */
gboolean
convoke_synchronize_signal (ConvokeSynchronize  *self,
                            GError             **error)
{
  g_return_val_if_fail (CONVOKE_IS_SYNCHRONIZE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (CONVOKE_SYNCHRONIZE_GET_IFACE (self)->signal == NULL)
    return refuse (self, "signal", error);

  return CONVOKE_SYNCHRONIZE_GET_IFACE (self)->signal (self, error);
}

/**
 * convoke_synchronize_reset:
 * @self: what others wait for
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Takes the signal of @self back.
 *
 * Resetting what is not signalled changes nothing. Any thread may call this.
 *
 * An event fails with %CONVOKE_ERROR_FORKED only, in a child made by `fork()`.
 *
 * Returns: %TRUE when it is not signalled any more
 *
 * Since: 0.1
 */
gboolean
convoke_synchronize_reset (ConvokeSynchronize  *self,
                           GError             **error)
{
  g_return_val_if_fail (CONVOKE_IS_SYNCHRONIZE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (CONVOKE_SYNCHRONIZE_GET_IFACE (self)->reset == NULL)
    return refuse (self, "reset", error);

  return CONVOKE_SYNCHRONIZE_GET_IFACE (self)->reset (self, error);
}
