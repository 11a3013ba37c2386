/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-activation.h>
#include <convoke-query-result.h>
#include <convoke-catalog-problem.h>
#include <convoke-class-info.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_CATALOG (convoke_catalog_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeCatalog, convoke_catalog, CONVOKE, CATALOG, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeCatalog *convoke_catalog_new (const char * const *directories);

CONVOKE_AVAILABLE_IN_0_1
ConvokeCatalog *convoke_catalog_dup_default (void);

CONVOKE_AVAILABLE_IN_0_1
const char * const *convoke_catalog_get_directories (ConvokeCatalog *self);

CONVOKE_AVAILABLE_IN_0_1
void convoke_catalog_add_plugin_directory (ConvokeCatalog *self,
                                           const char     *directory);

CONVOKE_AVAILABLE_IN_0_1
ConvokeClassInfo *convoke_catalog_dup_class (ConvokeCatalog *self,
                                             const char     *class_name);

CONVOKE_AVAILABLE_IN_0_1
GPtrArray *convoke_catalog_dup_classes (ConvokeCatalog *self,
                                        const char     *iface,
                                        const char     *category);

CONVOKE_AVAILABLE_IN_0_1
GPtrArray *convoke_catalog_dup_classes_of_type (ConvokeCatalog  *self,
                                                GType            iface,
                                                GError         **error);

CONVOKE_AVAILABLE_IN_0_1
GPtrArray *convoke_catalog_dup_problems (ConvokeCatalog *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_catalog_watch (ConvokeCatalog  *self,
                                GError         **error);

CONVOKE_AVAILABLE_IN_0_1
void convoke_catalog_rescan (ConvokeCatalog *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_catalog_set_program (ConvokeCatalog  *self,
                                      const char      *program,
                                      GError         **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_catalog_set_enabled (ConvokeCatalog  *self,
                                      const char      *class_name,
                                      gboolean         enabled,
                                      GError         **error);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_catalog_activate (ConvokeCatalog    *self,
                                   const char        *class_name,
                                   GType              iface,
                                   ConvokeActivation *activation,
                                   GCancellable      *cancellable,
                                   GError           **error);

CONVOKE_AVAILABLE_IN_0_1
void convoke_catalog_activate_async (ConvokeCatalog      *self,
                                     const char          *class_name,
                                     GType                iface,
                                     ConvokeActivation   *activation,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_catalog_activate_finish (ConvokeCatalog  *self,
                                          GAsyncResult    *result,
                                          GError         **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeQueryResult *convoke_catalog_activate_interfaces (ConvokeCatalog     *self,
                                                         const char         *class_name,
                                                         const GType        *ifaces,
                                                         gsize               n_ifaces,
                                                         ConvokeActivation  *activation,
                                                         GCancellable       *cancellable,
                                                         GError            **error);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_catalog_dup_class_object (ConvokeCatalog     *self,
                                           const char         *class_name,
                                           GType               iface,
                                           ConvokeActivation  *activation,
                                           GError            **error) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
GVariant *convoke_dup_placement (GObject *object);

G_END_DECLS
