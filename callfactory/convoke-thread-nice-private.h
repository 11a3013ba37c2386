/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Makes the calling thread run with @nice: by itself where it may, else, with
 * @ask, by asking the real-time portal and the real-time kit, which takes a
 * bounded time. Fails with ACCESS_DENIED when one of them refused, and with
 * NOT_SUPPORTED when there is none.
 */
gboolean convoke_thread_set_nice (int nice, gboolean ask, GError **error);

/* What threads have that were given no other. */
int      convoke_thread_get_usual_nice (void);

/* For tests: as if this process might not do it itself. */
void     convoke_thread_deny_nice (gboolean deny);

G_END_DECLS
