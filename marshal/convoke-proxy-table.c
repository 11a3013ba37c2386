/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One proxy per object of this process, for as long as anybody holds it: that
 * is what makes the proxy an identity.
 *
 * The table holds proxies weakly. A proxy that begins to die is still in the
 * table, with a dead reference, until its finalisation; who asks meanwhile
 * makes a new one, which takes the entry over.
 */

#include "config.h"

#include "convoke-engine-private.h"
#include "convoke-proxy-private.h"

typedef struct
{
  GWeakRef      ref;
  ConvokeProxy *proxy;  /* never dereferenced: whose entry it is */
} Entry;

static GMutex      table_lock;
static GHashTable *table;       /* LOCK: table_lock; target -> owned Entry */

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_weak_ref_clear (&self->ref);
  g_free (self);
}

static Entry *
entry_new (ConvokeProxy *proxy)
{
  Entry *self = g_new (Entry, 1);

  g_weak_ref_init (&self->ref, proxy);
  self->proxy = proxy;
  return self;
}

static ConvokeProxy *
lookup_locked (GObject *target)
{
  Entry *entry = table != NULL ? g_hash_table_lookup (table, target) : NULL;

  return entry != NULL ? g_weak_ref_get (&entry->ref) : NULL;
}

ConvokeProxy *
convoke_proxy_table_lookup (GObject *target)
{
  ConvokeProxy *found;

  g_mutex_lock (&table_lock);
  found = lookup_locked (target);
  g_mutex_unlock (&table_lock);

  return found;
}

/* The proxy that is in the table afterwards: @made, or the one that another thread made first. */
static ConvokeProxy *
publish (ConvokeProxy *made)
{
  ConvokeProxy *found;

  g_mutex_lock (&table_lock);
  found = lookup_locked (made->target);
  if (found == NULL)
    {
      if (table == NULL)
        table = g_hash_table_new_full (NULL, NULL, NULL, entry_free);
      g_hash_table_replace (table, made->target, entry_new (made));
    }
  g_mutex_unlock (&table_lock);

  return found != NULL ? found : g_object_ref (made);
}

ConvokeProxy *
convoke_proxy_table_ensure (GObject           *target,
                            ConvokeApartment  *home,
                            GError           **error)
{
  g_autoptr (GObject) made = NULL;
  ConvokeProxy *found = convoke_proxy_table_lookup (target);

  if (found != NULL)
    return found;

  made = (GObject *) convoke_proxy_new (target, home, error);

  return made != NULL ? publish ((ConvokeProxy *) made) : NULL;
}

void
convoke_proxy_table_remove (ConvokeProxy *self)
{
  Entry *entry;

  g_mutex_lock (&table_lock);
  entry = table != NULL ? g_hash_table_lookup (table, self->target) : NULL;
  if (entry != NULL && entry->proxy == self)
    g_hash_table_remove (table, self->target);
  g_mutex_unlock (&table_lock);
}
