/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GBytes *http_get (const char    *url,
                  guint          timeout,
                  gsize          max_size,
                  GCancellable  *cancellable,
                  GError       **error);

G_END_DECLS
