/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSubprocess *coffee_servers_start (const guint   *latencies,
                                   char         **urls,
                                   guint          n_urls,
                                   GError       **error);

G_END_DECLS
