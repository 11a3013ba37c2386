/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The classes that were registered at run time: of the whole process, until they are revoked (P-13). */

#include "convoke-class-table.h"

G_BEGIN_DECLS

/* Whether convoke_class_table_take () would give something, or an error, now. */
gboolean convoke_class_table_has     (const char *class_name);

/* The class object that was registered for @class_name (transfer full); an activation uses a single-use registration up. NULL without an
 * error: there is none, or none now. NULL with an error: the process is going away (SERVER_STOPPING). */
GObject *convoke_class_table_take    (const char *class_name, GError **error);

/* Where @class_name was registered and does not serve now, its NO_CLASS in @error (in/out) says that, too. */
void     convoke_class_table_explain (const char *class_name, GError **error);

/* The process is going away: nothing serves, and nothing can be registered, until class objects are resumed (OM-35). */
void     convoke_class_table_stop    (void);

G_END_DECLS
