/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/**
 * CONVOKE_MODULE_CAN_UNLOAD_NOW:
 *
 * The name of the function that a module of components can export beside its
 * entry point; see [callback@Convoke.ModuleCanUnloadNow].
 *
 * Since: 0.1
 */
#define CONVOKE_MODULE_CAN_UNLOAD_NOW "convoke_module_can_unload_now"

/**
 * ConvokeModuleCanUnloadNow:
 *
 * A function that a module of components in C can export, under the name
 * `convoke_module_can_unload_now`: whether it is unused as far as it knows.
 *
 * It is asked by [func@Convoke.sweep_modules], on that thread, when nothing is
 * left of what its factories made. A module has it that does what the library
 * cannot count: threads of its own, or objects that it handed out by other ways.
 *
 * Returns: %FALSE to stay in use
 *
 * Since: 0.1
 */
typedef gboolean (*ConvokeModuleCanUnloadNow) (void);

CONVOKE_AVAILABLE_IN_0_1
void convoke_sweep_modules (char ***unused,
                            char ***in_use);

G_END_DECLS
