/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What an instance is to be made with: names and values, which are checked when the class is known. */

#include "convoke-class-factory.h"

G_BEGIN_DECLS

/* Never changes once somebody else has it: any thread may read it, and NULL has no properties. Objects are GValues of G_TYPE_OBJECT,
 * whatever they were: what stands for one elsewhere has its interfaces and not its class. */
typedef struct
{
  guint      n;
  GPtrArray *names;   /* (owned) */
  GArray    *values;  /* (owned) GValue */
  gpointer   home;    /* (owned) (nullable): the apartment in which its objects are let go; NULL: anywhere */
} ConvokeProperties;

/* @self: (nullable); @home: (transfer full) (nullable). */
ConvokeProperties *convoke_properties_copy  (const ConvokeProperties *self, gpointer home);
ConvokeProperties *convoke_properties_ref   (const ConvokeProperties *self);
void               convoke_properties_unref (ConvokeProperties *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeProperties, convoke_properties_unref)

/* Before anybody else has it. Replaces what was there under that name. */
void               convoke_properties_set   (ConvokeProperties *self, const char *name, const GValue *value);

/* Has @factory make an instance with them; @self: (nullable). */
GObject      *convoke_properties_create     (const ConvokeProperties *self, ConvokeClassFactory *factory, GObject *outer, GType iface, GError **error);

/* For calls in GObject's way; @self: (nullable). */
guint         convoke_properties_get_n      (const ConvokeProperties *self);
const char  **convoke_properties_get_names  (const ConvokeProperties *self);
const GValue *convoke_properties_get_values (const ConvokeProperties *self);

G_END_DECLS
