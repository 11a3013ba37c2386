/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_INTERFACE_TABLE (convoke_interface_table_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeInterfaceTable, convoke_interface_table, CONVOKE, INTERFACE_TABLE, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeInterfaceTable *convoke_interface_table_dup_default (void);

CONVOKE_AVAILABLE_IN_0_1
ConvokeInterfaceTable *convoke_interface_table_new (void);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_interface_table_register (ConvokeInterfaceTable  *self,
                                        GObject                *object,
                                        GType                   iface,
                                        GError                **error);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_interface_table_register_name (ConvokeInterfaceTable  *self,
                                             const char             *name,
                                             GObject                *object,
                                             GType                   iface,
                                             GError                **error);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_interface_table_dup_object (ConvokeInterfaceTable  *self,
                                             guint                   cookie,
                                             GType                   iface,
                                             GError                **error) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_interface_table_dup_object_by_name (ConvokeInterfaceTable  *self,
                                                     const char             *name,
                                                     GType                   iface,
                                                     GError                **error) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
char **convoke_interface_table_dup_names (ConvokeInterfaceTable *self) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_interface_table_revoke (ConvokeInterfaceTable  *self,
                                         guint                   cookie,
                                         GError                **error);

G_END_DECLS
