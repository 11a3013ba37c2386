/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The target of a remote proxy: an object of the other side, by its number.
 * It is never given to users; what they hold is its proxy.
 *
 * Where the object is can change once its connection has ended: a component
 * that is started again has another number over another connection. So whoever
 * needs more than one thing of a place gets the place, once.
 */

#include <glib-object.h>

#include "convoke-apartment.h"
#include "convoke-remote-type-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeChannel ConvokeChannel;
typedef struct _ConvokeObjectTable ConvokeObjectTable;

#define CONVOKE_TYPE_IMPORT (convoke_import_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeImport, convoke_import, CONVOKE, IMPORT, GObject)

typedef struct _ConvokeImportPlace ConvokeImportPlace;
typedef struct _ConvokeRevival ConvokeRevival;

/* Constant but for what is received; lives as long as the import. */
struct _ConvokeImportPlace
{
  ConvokeObjectTable *table;     /* (owned) */
  ConvokeChannel     *channel;   /* (owned) through the table's funcs */
  guint64             id;        /* the owner's number; never used for another object */
  guint64             received;  /* LOCK: the table's; references to give back */
  ConvokeImportPlace *before;    /* (owned) (nullable): its connection has ended */
};

struct _ConvokeImport
{
  GObject             parent_instance;

  ConvokeImportPlace *place;     /* (owned) atomic */
  ConvokeRemoteType  *type;      /* (borrowed) atomic; of one of the tables; of a place only ever replaced by one that describes more */
  ConvokeRevival     *revival;   /* (owned) (nullable) atomic; set once: it comes back when its process is gone */
  GMutex              lock;
  GArray             *denied;    /* LOCK: lock; (nullable) GTypes that the owner does not implement */
};

/* Keeps the table and the channel. */
ConvokeImport *convoke_import_new         (ConvokeObjectTable *table, ConvokeChannel *channel, ConvokeApartment *apartment, guint64 id);

/* From now on it is at @place, whose before is the present one (takes @place). */
void           convoke_import_move        (ConvokeImport *self, ConvokeImportPlace *place, ConvokeRemoteType *type);

/* Where it is now. */
static inline const ConvokeImportPlace *
convoke_import_get_place (ConvokeImport *self)
{
  return __atomic_load_n (&self->place, __ATOMIC_ACQUIRE);
}

/* What it implements, as far as was told; lives as long as the import. */
ConvokeRemoteType *convoke_import_get_remote_type (ConvokeImport *self);

/* The owner's numbers of @method, for a CALL. Fails with NO_INTERFACE, NO_METHOD, or VERSION_MISMATCH naming both shapes. */
gboolean       convoke_import_find_method (ConvokeImport *self, const ConvokeMethodInfo *method, guint *iface, guint *index, GError **error);

/* NULL when @object is no import. */
ConvokeImport *convoke_import_from_object (gpointer object);

/* For proxies. The class for all that is known here of what it implements. */
GType          convoke_import_get_proxy_class (ConvokeImport *self, GError **error);
/* FALSE: the owner said once that it does not implement @iface (NO_INTERFACE), or it could not be asked. The first time this is
 * a call. */
gboolean       convoke_import_query           (ConvokeImport *self, GType iface, GError **error);
/* The same without asking: what the owner has told. */
gboolean       convoke_import_implements      (ConvokeImport *self, GType iface);

G_END_DECLS
