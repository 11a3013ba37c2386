/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The typelibs that the language has loaded which the program is written in.
 * Its repository has no lock; the language uses it under its own, or on the
 * main thread only.
 */

#include <glib.h>

G_BEGIN_DECLS

/* FALSE: they cannot be looked at from this thread. Otherwise leave (@state) follows; hold no lock across the two but those that
 * nobody holds who waits for the language. */
gboolean convoke_foreign_typelibs_enter (int *state);
void     convoke_foreign_typelibs_leave (int state);

G_END_DECLS
