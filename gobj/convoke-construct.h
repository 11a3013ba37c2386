/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_construct (GType          type,
                            guint          n_properties,
                            const char   **names,
                            const GValue  *values,
                            GError       **error);

G_END_DECLS
