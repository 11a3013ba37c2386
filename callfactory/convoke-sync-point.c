/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-sync-point-private.h"

#if CONVOKE_SYNC_POINTS

static GMutex               lock;
static ConvokeSyncPointFunc current;   /* LOCK: lock */
static gpointer             current_data; /* LOCK: lock */

void
convoke_sync_point_set (ConvokeSyncPointFunc func,
                        gpointer             user_data)
{
  g_mutex_lock (&lock);
  current = func;
  current_data = user_data;
  g_mutex_unlock (&lock);
}

void
convoke_sync_point_reach (const char *name)
{
  ConvokeSyncPointFunc func;
  gpointer data;

  g_mutex_lock (&lock);
  func = current;
  data = current_data;
  g_mutex_unlock (&lock);

  /* It may hold this thread for as long as it likes. */
  if (func != NULL)
    func (name, data);
}

#endif
