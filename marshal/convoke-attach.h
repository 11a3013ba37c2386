/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_attach (const char    *name,
                         GType          iface,
                         gint64         timeout,
                         GCancellable  *cancellable,
                         GError       **error);

CONVOKE_AVAILABLE_IN_0_1
void convoke_attach_async (const char          *name,
                           GType                iface,
                           gint64               timeout,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_attach_finish (GAsyncResult  *result,
                                GError       **error);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_attach_token (const char    *text,
                               GType          iface,
                               gint64         timeout,
                               GCancellable  *cancellable,
                               GError       **error);

G_END_DECLS
