/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What one connection has of the other side's objects (imports) and what the
 * other side has of ours (exports). Each reference that is sent counts one;
 * the importer gives them back in batches. When the connection ends, what the
 * peer held is released.
 *
 * The table knows no socket: it asks for what it needs through its funcs.
 */

#include "convoke-channel-private.h"
#include "convoke-import-private.h"
#include "convoke-proxy-private.h"

G_BEGIN_DECLS

/* Reads an answer; @reply is at the request's own part. */
typedef gboolean (*ConvokeAnswerFunc) (ConvokeWireReader *reply, gpointer data, GError **error);

typedef struct
{
  /* Each import keeps the channel. Any thread. */
  ConvokeChannel *(*ref)          (ConvokeChannel *channel);
  void            (*unref)        (ConvokeChannel *channel);
  /* (transfer full): of what is imported. */
  ConvokeApartment *(*dup_apartment) (ConvokeChannel *channel);
  /* Sends @message before anything that is sent later. A lock of the table is held, so of the table's functions only
   * convoke_object_table_end () may be called. */
  void            (*send)         (ConvokeChannel *channel, ConvokeWireWriter *message);
  /* There are releases now, and there were none: convoke_object_table_write_releases () is to be called before long. No lock is
   * held. */
  void            (*releases_due) (ConvokeChannel *channel);
  /* A REQUEST_QUERY to @object: blocks. The body: both names, as strings. @answer reads the reply. */
  gboolean        (*query)        (ConvokeChannel *channel, guint64 object, const char *name, const char *type_name, ConvokeAnswerFunc answer, gpointer data, GError **error);
} ConvokeObjectTableFuncs;

/* @channel is not owned: it ends the table before it goes, and each import keeps it. */
ConvokeObjectTable *convoke_object_table_new   (const ConvokeObjectTableFuncs *funcs, ConvokeChannel *channel);
ConvokeObjectTable *convoke_object_table_ref   (ConvokeObjectTable *self);
void                convoke_object_table_unref (ConvokeObjectTable *self);

/* The connection is over: all exports are released, each where it lives; from now on everything fails with DISCONNECTED and @why
 * in its words. Once; any thread. */
void                convoke_object_table_end   (ConvokeObjectTable *self, const GError *why);

/* FALSE: it has ended (DISCONNECTED), or this is a forked child (FORKED). */
gboolean            convoke_object_table_check (ConvokeObjectTable *self, GError **error);

/* --- messages; @body is behind the header. Each fails with PROTOCOL, which ends the connection. --- */

gboolean            convoke_object_table_read_type      (ConvokeObjectTable *self, ConvokeWireReader *body, GError **error);
gboolean            convoke_object_table_read_release   (ConvokeObjectTable *self, ConvokeWireReader *body, GError **error);
/* Makes @message a RELEASE of all that is due, header first; FALSE: nothing is. */
gboolean            convoke_object_table_write_releases (ConvokeObjectTable *self, ConvokeWireWriter *message);
/* What a QUERY of @object does, in its apartment: reads the body, writes the reply. */
gboolean            convoke_object_table_answer_query   (ConvokeObjectTable *self, GObject *object, ConvokeWireReader *body, ConvokeWireWriter *reply, GError **error);

/* --- references in messages --- */

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

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConvokeParcel, convoke_parcel_clear)

/* --- exports --- */

/* (transfer full): the object that the peer means by @id, or NULL and NOT_CONNECTED: never exported, or released. */
GObject            *convoke_object_table_dup_export    (ConvokeObjectTable *self, guint64 id, GError **error);

/* What a CALL is for: what the record is bound to. Where the export is a proxy, that is its target. Fails with NOT_CONNECTED, PROTOCOL
 * (no such numbers) or NOT_SUPPORTED (never called from outside). All are (transfer full) but the method. */
gboolean            convoke_object_table_find_call     (ConvokeObjectTable *self, guint64 id, guint iface, guint index,
                                                        GObject **object, ConvokeApartment **apartment, const ConvokeMethodInfo **method, GError **error);

/* The number of what the peer knows already, for SIGNAL and NOTIFY; 0: the peer has no reference to it. */
guint64             convoke_object_table_find_export   (ConvokeObjectTable *self, GObject *object);
guint               convoke_object_table_get_n_exports (ConvokeObjectTable *self);

/* --- imports --- */

/* The proxy of an object of the peer, if there is one now (transfer full). For SIGNAL and NOTIFY. */
ConvokeProxy       *convoke_object_table_dup_proxy     (ConvokeObjectTable *self, guint64 id);

G_END_DECLS
