/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A feed whose calls end in every way; the item says in which. */
GType view_server_get_type (void);

G_END_DECLS
