/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Where a server lives, and how one gets at it. */

#include <gio/gio.h>

G_BEGIN_DECLS

#define CONFORMANCE_LIMIT (60 * G_USEC_PER_SEC)

typedef struct _ConformancePlace ConformancePlace;

/* @server: "c" or "python"; @distance: "direct", "thread" or "process"; @name: of the class. */
ConformancePlace *conformance_place_new  (const char       *server,
                                          const char       *distance,
                                          const char       *name,
                                          GType             iface);
/* The object to call. */
GObject          *conformance_place_get  (ConformancePlace *self);
void              conformance_place_free (ConformancePlace *self);

G_END_DECLS
