/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib.h>
#include <convoke-version.h>

G_BEGIN_DECLS

CONVOKE_AVAILABLE_IN_0_1
guint convoke_server_process_hold (void);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_server_process_release (void);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_server_process_is_in_use (void);

G_END_DECLS
