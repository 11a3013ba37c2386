/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The target of a remote proxy: an object of the other side, by its number.
 * It is never given to users; what they hold is its proxy.
 */

#include <glib-object.h>

#include "convoke-remote-type-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeChannel ConvokeChannel;
typedef struct _ConvokeObjectTable ConvokeObjectTable;

#define CONVOKE_TYPE_IMPORT (convoke_import_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeImport, convoke_import, CONVOKE, IMPORT, GObject)

struct _ConvokeImport
{
  GObject             parent_instance;

  ConvokeObjectTable *table;     /* (owned) */
  ConvokeChannel     *channel;   /* (owned) through the table's funcs */
  guint64             id;        /* the owner's number; never used for another object */
  ConvokeRemoteType  *type;      /* (borrowed) atomic; the table's; only ever replaced by one that describes more */
  guint64             received;  /* LOCK: the table's; references to give back */
};

/* The owner's numbers of @method, for a CALL. Fails with NO_INTERFACE, NO_METHOD, or VERSION_MISMATCH naming both shapes. */
gboolean       convoke_import_find_method (ConvokeImport *self, const ConvokeMethodInfo *method, guint *iface, guint *index, GError **error);

/* NULL when @object is no import. */
ConvokeImport *convoke_import_from_object (gpointer object);

/* For proxies: the class of the whole object, or of a facet for @iface; FALSE with NO_INTERFACE. @iface may ask the owner. */
GType          convoke_import_get_proxy_class (ConvokeImport *self, GError **error);
gboolean       convoke_import_query           (ConvokeImport *self, GType iface, GError **error);

G_END_DECLS
