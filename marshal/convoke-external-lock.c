/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-external-lock-private.h"

static GMutex      locks_lock;  /* no foreign code runs under it */
static GHashTable *locks;       /* LOCK: locks_lock; owned object -> how often */

static void
release (GObject *target)
{
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_dup_for_object (target);

  convoke_apartment_release (apartment, target);
}

static guint
count_locked (GObject *target)
{
  return locks != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (locks, target)) : 0;
}

void
convoke_external_lock_add (GObject *target)
{
  guint count;

  g_mutex_lock (&locks_lock);
  if (locks == NULL)
    locks = g_hash_table_new (NULL, NULL);
  count = count_locked (target);
  g_hash_table_insert (locks, target, GUINT_TO_POINTER (count + 1));
  g_mutex_unlock (&locks_lock);

  /* One reference is enough. */
  if (count > 0)
    release (target);
}

/* Takes one of them away, or all; how many there were. */
static guint
take_away (GObject *target,
           gboolean one)
{
  guint count;

  g_mutex_lock (&locks_lock);
  count = count_locked (target);
  if (count > 1 && one)
    g_hash_table_insert (locks, target, GUINT_TO_POINTER (count - 1));
  else if (count > 0)
    g_hash_table_remove (locks, target);
  g_mutex_unlock (&locks_lock);

  if (count == 1 || (count > 1 && !one))
    release (target);
  return count;
}

gboolean
convoke_external_lock_remove (GObject *target)
{
  return take_away (target, TRUE) > 0;
}

void
convoke_external_lock_drop (GObject *target)
{
  take_away (target, FALSE);
}
