/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_publish (const char  *name,
                         GObject     *object,
                         GError     **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_unpublish (guint64   cookie,
                            GError  **error);

CONVOKE_AVAILABLE_IN_0_1
char **convoke_dup_published_names (GError **error);

G_END_DECLS
