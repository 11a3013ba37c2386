/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-fork-private.h"

#include <pthread.h>

#include "convoke-error.h"

gint convoke_forked;

static void
child_cb (void)
{
  g_atomic_int_set (&convoke_forked, TRUE);
}

void
convoke_set_forked (GError **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED,
                       "The threads behind this object stayed in the parent process");
}

void
convoke_fork_init (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      if (pthread_atfork (NULL, NULL, child_cb) != 0)
        g_error ("Out of memory while registering the fork handler");
      g_once_init_leave (&done, 1);
    }
}
