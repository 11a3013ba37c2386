/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-interface-table.h"

G_BEGIN_DECLS

/* Whether @name can be one that an object is registered under: letters, digits, ".", "-" and "_", of which the first is a letter or a
 * digit; no ".."; at most 200. Fails with INVALID_ARGUMENT. @name can be anything. */
gboolean convoke_interface_table_check_name (const char *name, GError **error);

G_END_DECLS
