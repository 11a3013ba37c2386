/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The classes of aggregates: final subclasses of the outer's class whose added interfaces forward to its parts. */

#include "convoke-interface-info-private.h"
#include "convoke-thunks-private.h"

G_BEGIN_DECLS

/* One added interface; its number is that of the part. */
typedef struct
{
  const ConvokeInterfaceInfo *info;
  GCallback                  *slots;     /* one for each of the info's methods; NULL: empty */
  gconstpointer               source;    /* (nullable): the interface struct whose numbers are copied; NULL: reserved */
  gpointer                    unfilled;  /* atomic, made when it is needed: an interface struct that says that there is no object */
} ConvokeComposedInterface;

typedef struct
{
  GParamSpec *pspec;   /* (owned) of the interface */
  guint       part;
} ConvokeComposedProperty;

/* Constant, but where it says otherwise; as long as the process. */
typedef struct
{
  GType                     type;
  char                     *key;
  ConvokeComposedInterface *interfaces;
  guint                     n_interfaces;
  ConvokeComposedProperty  *properties;  /* that are forwarded; number + 1 is the id */
  guint                     n_properties;
} ConvokeComposed;

/* What is to be added: */
typedef struct
{
  const ConvokeInterfaceInfo *info;
  GObject                    *inner;     /* (nullable) (borrowed): NULL, reserved */
} ConvokeAddition;

/* The class for @outer with @additions, whose order is the parts': one per combination. */
const ConvokeComposed *convoke_composed_class_get (GType outer, const ConvokeAddition *additions, guint n_additions, GError **error);

/* NULL: it is none. */
const ConvokeComposed *convoke_composed_class_peek (gconstpointer klass);

/* The forwarded property of that name, or NULL. */
const ConvokeComposedProperty *convoke_composed_find_property (const ConvokeComposed *self, const char *name);

/* The interface struct of a part that is not there. */
gpointer convoke_composed_interface_get_unfilled (const ConvokeComposedInterface *self);
/* The interface struct for a part that came later: @vtable, or a copy of it (owned by *copy) whose empty slots say so. */
gpointer convoke_composed_interface_complete (const ConvokeComposedInterface *self, gpointer vtable, gpointer *copy);

G_END_DECLS
