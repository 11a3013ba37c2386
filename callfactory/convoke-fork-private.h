/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* TRUE in a child made by fork() after the library was used in its parent; sets FORKED. One load at rest. */
gboolean convoke_check_forked (GError **error);
/* Registers the fork handler; called by everything that starts a thread or makes an object. Cheap after the first time. */
void     convoke_fork_init    (void);

G_END_DECLS
