/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_create_proxy (GObject  *object,
                               GError  **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_is_proxy (GObject *object);

CONVOKE_AVAILABLE_IN_0_1
GError *convoke_dup_last_error (GObject *proxy);

G_END_DECLS
