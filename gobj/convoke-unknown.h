/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_query_interface (GObject  *object,
                                  GType     iface,
                                  GError  **error) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_same_object (GObject *a,
                              GObject *b);

G_END_DECLS
