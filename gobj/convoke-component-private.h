/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-component.h"
#include "convoke-composed-class-private.h"

G_BEGIN_DECLS

/*
 * Whether an object needs a second look at every boundary: it can be part of
 * an aggregate, or have interfaces that it reserved and nobody filled yet. A
 * class that ever had such an object is marked for good. Another class can
 * share its mark, which costs that one a look and nothing else.
 */
#define CONVOKE_N_CLASS_MARKS 4096

extern guint64 convoke_class_marks[CONVOKE_N_CLASS_MARKS / 64];

static inline guint
convoke_class_mark_index (gconstpointer klass)
{
  guintptr address = (guintptr) klass;

  return ((address >> 4) ^ (address >> 16)) % CONVOKE_N_CLASS_MARKS;
}

static inline gboolean
convoke_class_is_marked (gconstpointer klass)
{
  guint index = convoke_class_mark_index (klass);

  return (__atomic_load_n (&convoke_class_marks[index / 64], __ATOMIC_RELAXED) >> (index % 64)) & 1;
}

/* The outermost object that @object is a part of (transfer full), or NULL: it is none. */
static inline GObject *
convoke_component_dup_outermost (GObject *object)
{
  return convoke_class_is_marked (object->g_type_instance.g_class) ? convoke_component_dup_outer (object) : NULL;
}

/* FALSE: @object reserved @iface and nobody filled it. @object implements it. */
gboolean convoke_component_has_filled (GObject *object, GType iface);

/* Who gives @self @iface (borrowed) (nullable): a part, or @self itself while the interface is reserved; NULL: it was not composed in. */
GObject *convoke_component_peek_provider (ConvokeComponent *self, GType iface);

/* --- for compositions --- */

/* A new one of the class: @inners (consumed in any case) are for its interfaces, in their order, NULL where one is reserved. The
 * properties are the outer's. */
ConvokeComponent *convoke_component_make (const ConvokeComposed *composed, GPtrArray *inners, guint n_properties, const char **names, const GValue *values, GError **error);

/* Its part @index; before anything can be called through the class, an object that was made by other ways has only empty ones. */
const ConvokePart *convoke_component_get_part (ConvokeComponent *self, guint index);
/* FALSE while it is being made: what construction sets is then the outer's, and the parts keep what they have. */
gboolean convoke_component_is_made (ConvokeComponent *self);

G_END_DECLS
