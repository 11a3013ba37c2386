/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

extern gint convoke_forked; /* (atomic) */

void convoke_set_forked (GError **error);

/* TRUE in a child made by fork() after the library was used in its parent; sets FORKED. One load at rest. */
static inline gboolean
convoke_check_forked (GError **error)
{
  if (G_LIKELY (!g_atomic_int_get (&convoke_forked)))
    return FALSE;

  convoke_set_forked (error);
  return TRUE;
}

/* Registers the fork handler; called by everything that starts a thread or makes an object. Cheap after the first time. */
void     convoke_fork_init    (void);

G_END_DECLS
