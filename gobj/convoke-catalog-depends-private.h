/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a class needs: Depends= */

#include "convoke-catalog-private.h"

G_BEGIN_DECLS

/* The keyfiles of all that @file needs, each after what it needs itself (transfer full, of ConvokeComponentFile). Loads nothing. Fails
 * as convoke_catalog_find_file () on what is missing, disabled or broken, with INVALID_ARGUMENT for a cycle, and with OUT_OF_RESOURCES
 * for a chain that is too long; the message tells who needs whom. */
GPtrArray *convoke_catalog_resolve_depends (ConvokeCatalog *self, const ConvokeComponentFile *file, GError **error);

/* Opens the C modules of those of them that are to live in this process, on the calling thread. */
gboolean   convoke_catalog_load_depends    (GPtrArray *files, GError **error);

G_END_DECLS
