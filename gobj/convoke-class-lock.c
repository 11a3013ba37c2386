/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-class-lock-private.h"
#include "convoke-error.h"
#include "convoke-module-use-private.h"
#include "convoke-unknown.h"

static GMutex      locks_lock;
static GHashTable *locks;       /* LOCK: locks_lock; identity of a factory (owned and in use while it is locked) -> how often */
static guint       n_locks;     /* LOCK: locks_lock; of all of them */

static guint
count_locked (gpointer identity)
{
  return locks != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (locks, identity)) : 0;
}

static void
add_locked (GObject *identity)
{
  guint n = count_locked (identity);

  if (locks == NULL)
    locks = g_hash_table_new (NULL, NULL);
  if (n == 0)
    convoke_module_use_hold (g_object_ref (identity));
  g_hash_table_insert (locks, identity, GUINT_TO_POINTER (n + 1));
  n_locks++;
}

/* FALSE: it has no lock. TRUE: @last is the reference that the lock had, where it was the last lock. */
static gboolean
remove_locked (GObject  *identity,
               GObject **last)
{
  guint n = count_locked (identity);

  if (n == 0)
    return FALSE;

  n_locks--;
  if (n > 1)
    {
      g_hash_table_insert (locks, identity, GUINT_TO_POINTER (n - 1));
    }
  else
    {
      g_hash_table_remove (locks, identity);
      *last = identity;
    }
  return TRUE;
}

static void
lock (GObject *identity)
{
  g_mutex_lock (&locks_lock);
  add_locked (identity);
  g_mutex_unlock (&locks_lock);
}

static gboolean
unlock (GObject  *identity,
        GError  **error)
{
  g_autoptr (GObject) last = NULL;
  gboolean was_locked;

  g_mutex_lock (&locks_lock);
  was_locked = remove_locked (identity, &last);
  g_mutex_unlock (&locks_lock);

  if (last != NULL)
    convoke_module_use_release (convoke_module_use_get (last));
  if (!was_locked)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_UNEXPECTED,
                 "The class factory %s is not locked", G_OBJECT_TYPE_NAME (identity));
  return was_locked;
}

/**
 * convoke_class_factory_lock_server:
 * @self: a class factory
 * @locked: %TRUE for one lock more, %FALSE for one less
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Keeps what serves the class ready, also while it has no instance.
 *
 * Locks are counted: each %TRUE needs a %FALSE (OM-40). While a factory is locked
 * it is kept, its module is in use for [func@Convoke.sweep_modules], and a host
 * process does not end for being idle. A lock of the proxy of a factory keeps the
 * process that the factory lives in, without asking it (OM-43).
 *
 * Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_UNEXPECTED when a factory is unlocked that has no lock.
 *
 * Returns: %TRUE if the lock was added or removed
 *
 * Since: 0.1
 */
gboolean
convoke_class_factory_lock_server (ConvokeClassFactory  *self,
                                   gboolean              locked,
                                   GError              **error)
{
  g_autoptr (GObject) identity = NULL;

  g_return_val_if_fail (CONVOKE_IS_CLASS_FACTORY (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  identity = convoke_query_interface (G_OBJECT (self), G_TYPE_OBJECT, error);
  if (identity == NULL)
    return FALSE;

  if (!locked)
    return unlock (identity, error);

  lock (identity);
  return TRUE;
}

guint
convoke_class_lock_count_all (void)
{
  guint n;

  g_mutex_lock (&locks_lock);
  n = n_locks;
  g_mutex_unlock (&locks_lock);

  return n;
}
