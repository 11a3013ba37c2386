/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What is done about an object as a whole, by its own program. Where each of
 * its clients is ended is in the file that has them.
 */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-carrier-private.h"
#include "convoke-disconnect.h"
#include "convoke-disconnection-private.h"
#include "convoke-error.h"
#include "convoke-exports-private.h"
#include "convoke-external-lock-private.h"
#include "convoke-fork-private.h"
#include "convoke-give-private.h"
#include "convoke-token-private.h"

static gboolean
check_own (GObject           *object,
           ConvokeApartment  *apartment,
           GError           **error)
{
  if (!convoke_apartment_is_remote (apartment))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "The %s stands for an object of another process, which alone can disconnect it", G_OBJECT_TYPE_NAME (object));
  return FALSE;
}

static void
disconnect (GObject          *target,
            ConvokeApartment *apartment)
{
  g_autoptr (GError) why = convoke_disconnection_make_error (target);
  g_autoptr (GObject) proxy = NULL;
  guint mark = convoke_disconnection_mark (target);

  proxy = (GObject *) convoke_proxy_table_lookup (target);
  if (proxy != NULL)
    {
      convoke_proxy_table_remove ((ConvokeProxy *) proxy);
      convoke_proxy_end ((ConvokeProxy *) proxy, why);
    }

  convoke_disconnection_end_calls (target, apartment, mark, why);
  convoke_exports_disconnect (target, why);
  convoke_token_disconnect (target);
  convoke_external_lock_drop (target);
}

/**
 * convoke_disconnect_object:
 * @object: an object of this process; its proxy will do
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Takes @object away from all its clients (OM-55, OM-57): whatever they hold
 * of it fails with %CONVOKE_ERROR_DISCONNECTED from now on.
 *
 * This is about its proxies and their call objects, in this process and in
 * others. Their references to @object are dropped and they emit `invalid`. Calls
 * that have not started, and those that were deferred and not completed, end
 * with the same error; one that is running ends as it ends, also when it is
 * the one from which this is called. Tokens of @object and what tables of
 * interfaces have of it are not connected any more, and external locks are
 * dropped. What the program itself holds of @object is not touched.
 *
 * @object can be handed out again afterwards, to whoever is to have it then,
 * as a new proxy.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_SUPPORTED when
 * @object is the proxy of an object of another process.
 *
 * Returns: %TRUE when nobody else has anything of @object any more
 *
 * Since: 0.1
 */
gboolean
convoke_disconnect_object (GObject  *object,
                           GError  **error)
{
  g_autoptr (ConvokeApartment) apartment = NULL;
  GObject *target;

  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  apartment = convoke_apartment_dup_for_object (object);
  if (!check_own (object, apartment, error))
    return FALSE;

  target = convoke_give_dup_target (object, error);
  if (target == NULL)
    return FALSE;

  disconnect (target, apartment);
  convoke_apartment_release (apartment, target);
  return TRUE;
}

/**
 * convoke_lock_object_external:
 * @object: an object, or a proxy
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Keeps @object alive for as long as somebody outside needs it, whatever that
 * is: a window that shows it, a connection of another kind. Locks are counted
 * (OM-57), and [func@Convoke.disconnect_object] drops all of them.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_DISCONNECTED for a proxy
 * that stands for nothing.
 *
 * Returns: %TRUE when there is one lock more
 *
 * Since: 0.1
 */
gboolean
convoke_lock_object_external (GObject  *object,
                              GError  **error)
{
  GObject *target;

  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  target = convoke_check_forked (error) ? NULL : convoke_give_dup_target (object, error);
  if (target == NULL)
    return FALSE;

  convoke_external_lock_add (target);
  return TRUE;
}

/**
 * convoke_unlock_object_external:
 * @object: an object, or a proxy
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Takes one of the locks of [func@Convoke.lock_object_external] away. With the
 * last one the reference goes that they had.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_FOUND when there was
 * no lock (any more), and with %CONVOKE_ERROR_DISCONNECTED for a proxy that
 * stands for nothing.
 *
 * Returns: %TRUE when there is one lock less
 *
 * Since: 0.1
 */
gboolean
convoke_unlock_object_external (GObject  *object,
                                GError  **error)
{
  g_autoptr (ConvokeApartment) apartment = NULL;
  GObject *target;
  gboolean locked;

  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  target = convoke_check_forked (error) ? NULL : convoke_give_dup_target (object, error);
  if (target == NULL)
    return FALSE;

  apartment = convoke_apartment_dup_for_object (target);
  locked = convoke_external_lock_remove (target);
  if (!locked)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "The %s has no external lock", G_OBJECT_TYPE_NAME (target));
  convoke_apartment_release (apartment, target);

  return locked;
}
