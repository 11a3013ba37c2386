/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Objects that are kept for somebody outside, and how often. Any thread. */

#include <glib-object.h>

G_BEGIN_DECLS

/* Takes @target. */
void     convoke_external_lock_add    (GObject *target);
/* FALSE: there is none. */
gboolean convoke_external_lock_remove (GObject *target);
/* All of them. */
void     convoke_external_lock_drop   (GObject *target);

G_END_DECLS
