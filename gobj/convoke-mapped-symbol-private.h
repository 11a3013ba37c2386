/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A symbol of whatever is mapped, in whichever scope; NULL when there is none. Loads nothing. Any thread. */
gpointer convoke_find_mapped_symbol (const char *symbol);

G_END_DECLS
