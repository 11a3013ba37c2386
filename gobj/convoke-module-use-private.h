/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * How much of a module is in use: the live objects that its factories made,
 * the instances that they are making, and the locks of the factories. It is
 * counted where a factory is asked, and costs nothing for factories of no
 * module.
 */

#include "convoke-class-factory.h"

G_BEGIN_DECLS

/* Lives as long as the process. */
typedef struct
{
  gint n;   /* atomic */
} ConvokeModuleUse;

/* @factory is the module's; before anybody else has it. */
void              convoke_module_use_set_factory (ConvokeModuleUse *self, ConvokeClassFactory *factory);

gboolean          convoke_module_use_is_any      (ConvokeModuleUse *self);

/* The module of @factory, or NULL: it is of none. */
ConvokeModuleUse *convoke_module_use_get         (gpointer factory);
/* The same, and one use more. */
ConvokeModuleUse *convoke_module_use_hold        (gpointer factory);
void              convoke_module_use_release     (ConvokeModuleUse *self);

/* The use becomes that of @object, as long as it lives; where somebody counts it already, or it is NULL, the use ends. */
void              convoke_module_use_give        (ConvokeModuleUse *self, GObject *object);

G_END_DECLS
