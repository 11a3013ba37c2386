/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Named points at which a test can hold a thread; nothing at all unless the build asks for them. */

#include <glib.h>
#include "config.h"

G_BEGIN_DECLS

#if CONVOKE_SYNC_POINTS
typedef void (*ConvokeSyncPointFunc) (const char *name, gpointer user_data);
void convoke_sync_point_set   (ConvokeSyncPointFunc func, gpointer user_data);
void convoke_sync_point_reach (const char *name);
#define CONVOKE_SYNC_POINT(name) convoke_sync_point_reach (name)
#else
#define CONVOKE_SYNC_POINT(name) G_STMT_START { } G_STMT_END
#endif

G_END_DECLS
