/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A new thread has the nice value of its maker, and may not be able to get rid
 * of it. So a thread that was given another one makes none itself: a thread that
 * was not does it, and the maker waits for that.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Before any thread is given another nice value, on one that has the usual one. It stays. */
void     convoke_nursery_open      (void);

/* Whether the calling thread was given another nice value. */
void     convoke_nursery_set_needed (gboolean needed);
gboolean convoke_nursery_is_needed (void);

/* g_thread_try_new () elsewhere. */
GThread *convoke_nursery_start     (const char *name, GThreadFunc func, gpointer data, GError **error);

G_END_DECLS
