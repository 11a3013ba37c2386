/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_disconnect_object (GObject  *object,
                                    GError  **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_lock_object_external (GObject  *object,
                                       GError  **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_unlock_object_external (GObject  *object,
                                         GError  **error);

G_END_DECLS
