/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The classes that were registered at run time: of the whole process, until they are revoked (P-13). */

#include <gio/gio.h>

G_BEGIN_DECLS

/* The class object that was registered for @class_name (transfer full); an activation uses a single-use registration up. NULL without an
 * error: there is none, or none now. NULL with an error: the process is going away (SERVER_STOPPING). */
GObject *convoke_class_table_take (const char *class_name, GError **error);

G_END_DECLS
