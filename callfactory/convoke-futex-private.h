/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Sleeping on a word of memory: the only place that knows about futexes. */

#include <glib.h>

G_BEGIN_DECLS

/* Sleeps while *@word is @seen, until @deadline (g_get_monotonic_time(), -1: for ever). FALSE: the deadline passed.
 * TRUE says only that it is worth to look again. */
gboolean convoke_futex_wait (const guint *word,
                             guint        seen,
                             gint64       deadline);

/* Wakes up to @n threads (or more). Only the address counts: the memory may be gone. */
void     convoke_futex_wake (const guint *word,
                             guint        n);

G_END_DECLS
