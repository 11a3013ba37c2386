/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The folder where the programs of one user publish their objects: theirs alone. */

#include <glib.h>

G_BEGIN_DECLS

/* Its path (transfer full); made where it is missing. Fails with NOT_FOUND (the environment names a folder that is not there) and
 * ACCESS_DENIED (somebody else could have made what is in it), saying what to do. */
char *convoke_publish_dir_ensure (GError **error);

/* The same, where the environment says @runtime (nullable: nothing), sessions have theirs in @sessions (nullable), and otherwise it is in @temporary. */
char *convoke_publish_dir_ensure_in (const char *runtime, const char *sessions, const char *temporary, GError **error);

G_END_DECLS
