/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A module with the name of a loader that is none. */
#include <gmodule.h>

G_MODULE_EXPORT int convoke_loader_module_nothing;
