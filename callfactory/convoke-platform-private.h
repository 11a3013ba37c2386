/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-platform.h"

G_BEGIN_DECLS

extern gint convoke_platform_down; /* (atomic) */

void convoke_platform_set_shutdown (GError **error);

/* TRUE when the platform was stopped; sets SHUTDOWN. One load at rest. */
static inline gboolean
convoke_platform_check_down (GError **error)
{
  if (G_LIKELY (!g_atomic_int_get (&convoke_platform_down)))
    return FALSE;

  convoke_platform_set_shutdown (error);
  return TRUE;
}

/* Calls @func whenever the platform goes down, on the thread that stopped it, without a lock; and before that when a stop
 * has to wait for locks. For ever. */
void     convoke_platform_add_shutdown_func (void (*func) (void));

/* Takes the platform's lock if the program started the platform, for what a stop should wait for. TRUE: unlock it. */
gboolean convoke_platform_hold              (void);

/* For tests: how long a stop waits at most, in microseconds, and whether one waits. */
void     convoke_platform_set_patience      (gint64 time);
gboolean convoke_platform_is_stopping       (void);

G_END_DECLS
