/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Where a server lives, and how one gets at it. */

#include <gio/gio.h>

G_BEGIN_DECLS

#define CONFORMANCE_LIMIT (60 * G_USEC_PER_SEC)

/* @server: "c" or "python"; @distance: "direct", "thread" or "process"; @name: of the class, without its language. */
GObject *conformance_activate (const char *server,
                               const char *distance,
                               const char *name,
                               GType       iface);

G_END_DECLS
