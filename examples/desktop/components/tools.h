/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The plug-ins of this module. Each is an ordinary class in a file of its own. */

#include <glib-object.h>

G_BEGIN_DECLS

GType word_count_get_type (void);
GType upper_case_get_type (void);
GType crash_get_type (void);
GType hang_get_type (void);

G_END_DECLS
