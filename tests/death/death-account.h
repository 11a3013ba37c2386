/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a process has: what is left of somebody who died shows in it. */

#include <glib.h>

typedef struct
{
  guint    n_fds;
  guint    n_threads;
  gboolean has_children;  /* living or not yet reaped, grandchildren that were left behind included */
  gsize    heap;          /* bytes; 0: cannot be told in this build */
} DeathAccount;

/* Once, before the first account: orphans of our children become ours, and idle threads go home soon. */
void         death_account_init (void);

/* What there is now. */
DeathAccount death_account_take (void);

/* Waits until there is no more than in @before, the heap left out; aborts, telling what is left, when that does not come. */
void         death_account_settle (const DeathAccount *before);
