/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/**
 * CONVOKE_PLATFORM_VERSION:
 *
 * What [func@Convoke.platform_start] is given by a program that was written for
 * this version.
 *
 * Since: 0.1
 */
#define CONVOKE_PLATFORM_VERSION 1

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_platform_start (guint    version,
                                 GError **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_platform_stop (GError **error);

CONVOKE_AVAILABLE_IN_0_1
void convoke_platform_lock (void);

CONVOKE_AVAILABLE_IN_0_1
void convoke_platform_unlock (void);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_platform_is_running (void);

G_END_DECLS
