/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_CLASS_INFO (convoke_class_info_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeClassInfo, convoke_class_info, CONVOKE, CLASS_INFO, GObject)

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_class_info_get_class_name (ConvokeClassInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_class_info_get_name (ConvokeClassInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_class_info_get_description (ConvokeClassInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char * const *convoke_class_info_get_interfaces (ConvokeClassInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char * const *convoke_class_info_get_categories (ConvokeClassInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_class_info_get_path (ConvokeClassInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_class_info_get_enabled (ConvokeClassInfo *self);

G_END_DECLS
