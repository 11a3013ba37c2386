/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How often class factories are locked (OM-40): convoke_class_factory_lock_server (). */

#include "convoke-class-factory.h"

G_BEGIN_DECLS

/* The locks of all factories. */
guint convoke_class_lock_count_all (void);

G_END_DECLS
