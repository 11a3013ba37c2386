/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Whether @candidate is an object, where it can be anything at all: a pointer to nothing, too. GObject's own checks believe that it
 * is some instance. Costs much: for what a stranger gives once. */
gboolean convoke_instance_is_object (gconstpointer candidate);

G_END_DECLS
