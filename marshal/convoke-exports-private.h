/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The exports of one connection: objects of this process that the peer holds
 * references to, by the numbers that it knows them by; and what the peer was
 * told about their classes.
 */

#include "convoke-object-table-private.h"

G_BEGIN_DECLS

/* So many classes may be described over one connection, and so many methods in all: by either side. */
#define CONVOKE_MAX_TYPES     1024
#define CONVOKE_MAX_DESCRIBED 65536

typedef struct
{
  const ConvokeObjectTableFuncs *funcs;       /* constant */
  ConvokeChannel                *channel;     /* constant; (borrowed) */

  GMutex                         lock;        /* innermost: no foreign code runs under it */
  GHashTable                    *by_id;       /* LOCK: lock; number -> owned export */
  GHashTable                    *by_object;   /* LOCK: lock; object -> export */
  guint64                        last_id;     /* LOCK: lock; numbers are never used again */
  GError                        *ended;       /* LOCK: lock to set it, once; atomic */

  GMutex                         types_lock;  /* taken before lock; a TYPE is sent under it */
  GHashTable                    *types;       /* LOCK: types_lock; GType -> owned class */
  guint32                        last_type;   /* LOCK: types_lock */
  guint                          n_described; /* LOCK: types_lock; methods */

  GList                          link;        /* LOCK: that of the list of all of them; in it until it has ended */
} ConvokeExports;

void          convoke_exports_init    (ConvokeExports *self, const ConvokeObjectTableFuncs *funcs, ConvokeChannel *channel);
void          convoke_exports_wipe    (ConvokeExports *self);
/* Releases them all; copies @why. */
void          convoke_exports_end     (ConvokeExports *self, const GError *why);
/* NULL: it has not ended. */
const GError *convoke_exports_get_end (ConvokeExports *self);

/* FALSE: it has (DISCONNECTED). */
gboolean      convoke_exports_check   (ConvokeExports *self, GError **error);

/* What the peer was told of @object's class, which is told now if it was not; where @wanted (or 0) is one of its interfaces it is
 * among what was told, or this fails. */
gboolean      convoke_exports_describe (ConvokeExports *self, GObject *object, GType wanted, guint32 *type_id, GError **error);
/* Describes it, and gives its number, with one more reference for the peer to give back; 0 on failure. */
guint64       convoke_exports_add      (ConvokeExports *self, GObject *object, GType wanted, guint32 *type_id, GError **error);
/* Takes references away. FALSE: there were not so many. */
gboolean      convoke_exports_remove   (ConvokeExports *self, guint64 id, guint64 count);

/* Takes @object away from every peer: what they hold is of nothing from now on, and they are told @why. Any thread; no lock is held. */
void          convoke_exports_disconnect (GObject *object, const GError *why);

GObject      *convoke_exports_dup      (ConvokeExports *self, guint64 id, GError **error);
gboolean      convoke_exports_find_call (ConvokeExports *self, guint64 id, guint iface, guint index,
                                         GObject **object, ConvokeApartment **apartment, const ConvokeMethodInfo **method, GError **error);
guint64       convoke_exports_find     (ConvokeExports *self, GObject *object);
guint         convoke_exports_count    (ConvokeExports *self);

G_END_DECLS
