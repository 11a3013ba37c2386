/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-wait-for-multiple.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-wait-group-private.h"
#include "convoke-wait-private.h"

static gboolean
refuse (ConvokeError   code,
        const char    *why,
        GError       **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, code, why);
  return FALSE;
}

/* The same event twice could never be taken twice at once. */
static gboolean
has_twice (ConvokeSynchronize * const *objects,
           guint                       n_objects)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < n_objects; i++)
    if (!g_hash_table_add (seen, objects[i]))
      return TRUE;

  return FALSE;
}

static gboolean
check (ConvokeSynchronize * const  *objects,
       guint                        n_objects,
       ConvokeWaitFlags             flags,
       GError                     **error)
{
  if (objects == NULL && n_objects > 0)
    return refuse (CONVOKE_ERROR_INVALID_ARGUMENT, "There is no array of objects to wait for", error);
  if (n_objects == 0)
    return refuse (CONVOKE_ERROR_NO_SYNC, "There is nothing to wait for: no objects were given", error);
  if (flags & ~CONVOKE_WAIT_FLAGS_KNOWN)
    return refuse (CONVOKE_ERROR_INVALID_ARGUMENT, "The flags of the wait are not known", error);
  if ((flags & CONVOKE_WAIT_ALL) && has_twice (objects, n_objects))
    return refuse (CONVOKE_ERROR_INVALID_ARGUMENT, "A wait for all has one object twice", error);

  return TRUE;
}

/**
 * convoke_wait_for_multiple:
 * @objects: (array length=n_objects) (nullable): what to wait for
 * @n_objects: the number of objects
 * @flags: what the thread does meanwhile, and %CONVOKE_WAIT_ALL to wait for
 *   all of them instead of one
 * @timeout: microseconds; 0 only looks, -1 waits for ever
 * @index: (out): the position in @objects of the one that is signalled; 0 after
 *   a wait for all, and when it fails
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Waits until one of several objects is signalled, or all of them.
 *
 * What is signalled already wins before any call is served; where several are,
 * the one that comes first in @objects (SY-22, SY-23). An event with automatic
 * reset is consumed only when it is the one that is reported (SY-28); of
 * several threads that wait for it, in whichever way, one gets it. A wait for
 * all consumes when all are signalled at the same time, and all or none.
 *
 * The thread serves calls meanwhile as a wait for one object does: those of its
 * own chain and of the calls among @objects, more or nothing with @flags
 * (SY-26). It reads for one of the processes that called objects live in.
 *
 * Events and calls of the library need no descriptor for this. Other objects
 * have to be [iface@SynchronizeHandle]s as well: their descriptor is polled, and
 * once it is readable they are asked with a wait of 0. What such an object
 * loses to a wait for all that comes too late for the rest is given back with a
 * signal. The caller keeps @objects and their members until this returns.
 *
 * Any thread may call this; hold no lock of yours that a served call could want.
 *
 * Looked at in this order (SY-21): fails with %CONVOKE_ERROR_INVALID_ARGUMENT
 * without an array; with %CONVOKE_ERROR_NO_SYNC when it is empty; with
 * %CONVOKE_ERROR_INVALID_ARGUMENT for unknown flags and for an object that a wait
 * for all has twice. Then for an object that cannot be waited for: with
 * %CONVOKE_ERROR_INVALID_ARGUMENT for %NULL, with %CONVOKE_ERROR_NO_SYNC for a
 * call object without a call in progress, with %CONVOKE_ERROR_NO_INTERFACE for
 * one without a descriptor, with %CONVOKE_ERROR_NOT_SUPPORTED for one that lives
 * in another process, and with what the object itself says. Fails with
 * %CONVOKE_ERROR_TIMEOUT when the time is over, also when @timeout is 0 (P-1),
 * and with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: %TRUE when one is signalled, or all are
 *
 * Since: 0.1
 */
gboolean
convoke_wait_for_multiple (ConvokeSynchronize * const  *objects,
                           guint                        n_objects,
                           ConvokeWaitFlags             flags,
                           gint64                       timeout,
                           guint                       *index,
                           GError                     **error)
{
  ConvokeWaitGroupEnd end;
  gint64 deadline;

  g_return_val_if_fail (index != NULL, FALSE);
  g_return_val_if_fail (timeout >= -1, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  *index = 0;
  if (convoke_check_forked (error) || !check (objects, n_objects, flags, error))
    return FALSE;

  deadline = convoke_wait_get_deadline (timeout);
  do
    end = convoke_wait_for_objects (objects, n_objects, NULL, NULL, NULL, 0, flags,
                                    convoke_wait_get_time_left (deadline), index, error);
  while (end == CONVOKE_WAIT_GROUP_CHANGED);

  return end == CONVOKE_WAIT_GROUP_FOUND;
}
