/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_LOADER (convoke_loader_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (ConvokeLoader, convoke_loader, CONVOKE, LOADER, GObject)

struct _ConvokeLoaderClass
{
  GObjectClass parent_class;

  GObject *(*create_instance) (ConvokeLoader  *self,
                               const char     *directory,
                               const char     *module,
                               const char     *type_name,
                               GError        **error);

  GObject *(*create_instance_with_properties) (ConvokeLoader  *self,
                                               const char     *directory,
                                               const char     *module,
                                               const char     *type_name,
                                               guint           n_properties,
                                               const char    **names,
                                               const GValue   *values,
                                               GError        **error);

  gpointer padding[7];
};

CONVOKE_AVAILABLE_IN_0_1
ConvokeLoader *convoke_loader_open (const char  *name,
                                    GError     **error);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_loader_create_instance (ConvokeLoader  *self,
                                         const char     *directory,
                                         const char     *module,
                                         const char     *type_name,
                                         GError        **error);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_loader_create_instance_with_properties (ConvokeLoader  *self,
                                                         const char     *directory,
                                                         const char     *module,
                                                         const char     *type_name,
                                                         guint           n_properties,
                                                         const char    **names,
                                                         const GValue   *values,
                                                         GError        **error);

G_END_DECLS
