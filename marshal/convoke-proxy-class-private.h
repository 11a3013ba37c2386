/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Classes made at run time whose interface slots all lead to one function. */

#include "convoke-closure-private.h"

G_BEGIN_DECLS

/* The interfaces that such a class implements, prerequisites first; and what cannot be among them. */
typedef struct
{
  GPtrArray *infos;      /* borrowed ConvokeInterfaceInfo */
  GString   *left_out;   /* why others are missing, in words; NULL: none is */
  int        left_code;  /* ConvokeError of the first that is missing */
  gboolean   settled;    /* nothing that is learnt later can add to it */
} ConvokeInterfaceSet;

/* What a family of such classes has in common; static. */
typedef struct
{
  const char         *prefix;                /* of the class's name */
  GType             (*get_base) (void);
  ConvokeClosureFunc  slot;                  /* args[0] is the instance */
  void              (*get_property) (GObject *object, guint id, GValue *value, GParamSpec *pspec);
  void              (*set_property) (GObject *object, guint id, const GValue *value, GParamSpec *pspec);
} ConvokeClassKind;

/* An empty set, to which interfaces are added; one that cannot be proxied is left out. */
void     convoke_interface_set_init               (ConvokeInterfaceSet *self);
void     convoke_interface_set_add                (ConvokeInterfaceSet *self, GType iface);
/* All of @type's interfaces that can be proxied. Never fails; can be empty. */
void     convoke_interface_set_init_for_type      (ConvokeInterfaceSet *self, GType type);
/* @iface and its prerequisites, of which none may be missing. */
gboolean convoke_interface_set_init_for_interface (ConvokeInterfaceSet *self, GType iface, GError **error);
void     convoke_interface_set_clear              (ConvokeInterfaceSet *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConvokeInterfaceSet, convoke_interface_set_clear)

/* Whether the object that an instance stands for has this slot. */
typedef gboolean (*ConvokeSlotFilter) (const ConvokeMethodInfo *method, gpointer data);

/* A ConvokeSlotFilter: whether @object (of this process) has it. */
gboolean convoke_proxy_class_object_has_slot (const ConvokeMethodInfo *method, gpointer object);

/* The class of @kind with the interfaces of @set; the slots that @has_slot (nullable) denies stay empty.
 * One per (kind, set, empty slots), never freed. Any thread. */
GType    convoke_proxy_class_get (const ConvokeClassKind *kind, const ConvokeInterfaceSet *set, ConvokeSlotFilter has_slot, gpointer data, GError **error);

G_END_DECLS
