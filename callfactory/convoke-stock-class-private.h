/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The classes that the library itself has, by name: always there, and registered nowhere. */

#include <glib-object.h>

G_BEGIN_DECLS

/* The class object (transfer full) (nullable). */
GObject *convoke_stock_class_dup_object (const char *class_name);

G_END_DECLS
