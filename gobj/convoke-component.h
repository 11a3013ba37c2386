/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

#define CONVOKE_TYPE_COMPONENT (convoke_component_get_type ())
#define CONVOKE_COMPONENT(object) (G_TYPE_CHECK_INSTANCE_CAST ((object), CONVOKE_TYPE_COMPONENT, ConvokeComponent))
#define CONVOKE_COMPONENT_CLASS(klass) (G_TYPE_CHECK_CLASS_CAST ((klass), CONVOKE_TYPE_COMPONENT, ConvokeComponentClass))
#define CONVOKE_IS_COMPONENT(object) (G_TYPE_CHECK_INSTANCE_TYPE ((object), CONVOKE_TYPE_COMPONENT))
#define CONVOKE_IS_COMPONENT_CLASS(klass) (G_TYPE_CHECK_CLASS_TYPE ((klass), CONVOKE_TYPE_COMPONENT))
#define CONVOKE_COMPONENT_GET_CLASS(object) (G_TYPE_INSTANCE_GET_CLASS ((object), CONVOKE_TYPE_COMPONENT, ConvokeComponentClass))

typedef struct _ConvokeComponent ConvokeComponent;
typedef struct _ConvokeComponentClass ConvokeComponentClass;

struct _ConvokeComponent
{
  /*< private >*/
  GObject   parent_instance;

  gpointer  parts;
};

/**
 * ConvokeComponentClass:
 * @parent_class: the parent class
 *
 * The class of components that can be the outer of an aggregate.
 *
 * Since: 0.1
 */
struct _ConvokeComponentClass
{
  GObjectClass parent_class;

  /*< private >*/
  gpointer     composed;
  gpointer     padding[7];
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeComponent, g_object_unref)

CONVOKE_AVAILABLE_IN_0_1
GType convoke_component_get_type (void) G_GNUC_CONST;

CONVOKE_AVAILABLE_IN_0_1
ConvokeComponent *convoke_component_new (GType      outer_type,
                                         GObject  **inners,
                                         guint      n_inners,
                                         GError   **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_component_fill (ConvokeComponent  *self,
                                 GObject           *inner,
                                 GError           **error);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_component_dup_outer (GObject *object);

G_END_DECLS
