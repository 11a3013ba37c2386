/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-object-table-private.h"

G_BEGIN_DECLS

/*
 * The references of one message. While it is written each of them counts and is held; once it was sent they are the other side's.
 * A message that is not sent gives them back. On the stack.
 *
 *   convoke_parcel_init (&parcel, table, NULL);
 *   ok = convoke_wire_write_ins (&writer, frame, &parcel.refs, error);
 *   if (ok)
 *     {
 *       convoke_channel_send (channel, &writer);
 *       convoke_parcel_sent (&parcel);
 *     }
 *   convoke_parcel_clear (&parcel);
 *
 * @home (nullable: the calling thread's) is the apartment in which what is written is held, and what is read will be used: objects
 * that nobody has seen yet are bound to it, proxies that are made deliver signals there, and an object of this process that comes
 * home to another apartment than its own arrives as its proxy.
 */
#define CONVOKE_PARCEL_INLINE 4

typedef struct
{
  guint64  id;      /* of an export; 0: none */
  GObject *object;  /* (owned) (nullable) an import that goes home */
} ConvokeParcelItem;

typedef struct
{
  ConvokeWireRefs     refs;
  ConvokeObjectTable *table;  /* (borrowed) */
  ConvokeApartment   *home;   /* (borrowed) (nullable) */
  guint               n_items;
  ConvokeParcelItem   items[CONVOKE_PARCEL_INLINE];
  GArray             *more;   /* (nullable) ConvokeParcelItem */
} ConvokeParcel;

void                convoke_parcel_init  (ConvokeParcel *self, ConvokeObjectTable *table, ConvokeApartment *home);
void                convoke_parcel_sent  (ConvokeParcel *self);
void                convoke_parcel_clear (ConvokeParcel *self);

/* Reads a reference to an object of the other side's, which is where @import is from now on. */
gboolean            convoke_parcel_adopt (ConvokeParcel *self, ConvokeWireReader *reader, ConvokeImport *import, GError **error);

/* An answer that is an object and nothing else. Takes @object, which is held where it lives. */
gboolean            convoke_parcel_answer (ConvokeObjectTable *table, GObject *object, ConvokeWireWriter *reply, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConvokeParcel, convoke_parcel_clear)

G_END_DECLS
