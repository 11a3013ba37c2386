/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How often this process is in use: what it waits for before it goes. */

#include "config.h"

#include "convoke-class-lock-private.h"
#include "convoke-class-table-private.h"
#include "convoke-server-process.h"

static GMutex uses_lock;
static guint  n_uses;     /* LOCK: uses_lock */

/**
 * convoke_server_process_hold:
 *
 * Counts one use of this process more.
 *
 * A program that serves others holds its process for itself while its user has
 * it open, and once for each object that it serves. A host process that is held
 * does not end for being idle.
 *
 * Any thread may call this.
 *
 * Returns: the new count
 *
 * Since: 0.1
 */
guint
convoke_server_process_hold (void)
{
  guint n;

  g_mutex_lock (&uses_lock);
  n = ++n_uses;
  g_mutex_unlock (&uses_lock);

  return n;
}

/**
 * convoke_server_process_release:
 *
 * Counts one use of this process less: the other end of
 * [func@Convoke.server_process_hold].
 *
 * When the count reaches 0 the process is going away, and no activation may come
 * in between: all class objects that are registered in it are suspended at once,
 * those who activate their classes get %CONVOKE_ERROR_SERVER_STOPPING, and none
 * can be registered (OM-35), until [func@Convoke.resume_class_objects] says
 * that it stays. Classes of keyfiles are not concerned.
 *
 * Ending is up to the program: it does so when it gets 0 here and
 * [func@Convoke.server_process_is_in_use] says no. To release more often than
 * was held is a programming error.
 *
 * Any thread may call this.
 *
 * Returns: the new count
 *
 * Since: 0.1
 */
guint
convoke_server_process_release (void)
{
  gboolean held;
  guint n;

  g_mutex_lock (&uses_lock);
  held = n_uses > 0;
  if (held && --n_uses == 0)
    convoke_class_table_stop ();
  n = n_uses;
  g_mutex_unlock (&uses_lock);

  g_return_val_if_fail (held, 0);
  return n;
}

/**
 * convoke_server_process_is_in_use:
 *
 * Whether somebody needs this process: it is held, or a class factory of it is
 * locked ([method@ClassFactory.lock_server]).
 *
 * Any thread may call this.
 *
 * Returns: %TRUE while it is in use
 *
 * Since: 0.1
 */
gboolean
convoke_server_process_is_in_use (void)
{
  gboolean held;

  g_mutex_lock (&uses_lock);
  held = n_uses > 0;
  g_mutex_unlock (&uses_lock);

  return held || convoke_class_lock_count_all () > 0;
}
