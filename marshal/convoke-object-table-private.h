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

/* Objects of the other side at once: a proxy takes most of a kilobyte. */
#define CONVOKE_MAX_IMPORTS (1u << 17)

/* Reads an answer; @reply is at the request's own part. */
typedef gboolean (*ConvokeAnswerFunc) (ConvokeWireReader *reply, gpointer data, GError **error);

typedef struct
{
  /* Each import keeps the channel. Any thread. */
  ConvokeChannel *(*ref)          (ConvokeChannel *channel);
  void            (*unref)        (ConvokeChannel *channel);
  /* (transfer full): of what is imported; NULL: the connection has ended. */
  ConvokeApartment *(*dup_apartment) (ConvokeChannel *channel);
  /* Sends @message before anything that is sent later. A lock of the table is held, so of the table's functions only
   * convoke_object_table_end () may be called. */
  void            (*send)         (ConvokeChannel *channel, ConvokeWireWriter *message);
  /* (nullable): @object is about to be handed out as @id: what tells the peer of its signals, or NULL. No lock is held. */
  gpointer        (*watch)        (ConvokeChannel *channel, GObject *object, guint64 id);
  void            (*unwatch)      (gpointer watch, GObject *object);
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
/* An object of the peer is nobody's here any more, nor of those whom it was handed on to. */
gboolean            convoke_object_table_read_disconnect (ConvokeObjectTable *self, guint64 id, ConvokeWireReader *body, GError **error);
/* Makes @message a RELEASE of all that is due, header first; FALSE: nothing is. */
gboolean            convoke_object_table_write_releases (ConvokeObjectTable *self, ConvokeWireWriter *message);
/* What a QUERY of @object does, in its apartment: reads the body, writes the reply. */
gboolean            convoke_object_table_answer_query   (ConvokeObjectTable *self, GObject *object, ConvokeWireReader *body, ConvokeWireWriter *reply, GError **error);

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

/* @object gets a number, and the peer one more reference to give back; its class is told to it before. @wanted: an interface that
 * has to be told with it, or 0. *type_id is what the peer was told. 0 on failure. */
guint64             convoke_object_table_export        (ConvokeObjectTable *self, GObject *object, GType wanted, guint32 *type_id, GError **error);
void                convoke_object_table_unexport      (ConvokeObjectTable *self, guint64 id);

/* --- imports --- */

/* A reference that came: (transfer full). Fails with PROTOCOL when nothing was told about @type_id, and with OUT_OF_RESOURCES. */
ConvokeImport      *convoke_object_table_import        (ConvokeObjectTable *self, guint64 id, guint32 type_id, GError **error);
/* Its class was described again. */
gboolean            convoke_object_table_learn         (ConvokeObjectTable *self, ConvokeImport *import, guint32 type_id, GError **error);
/* A reference that came, for an import whose connection has ended: it is here from now on. Fails with PROTOCOL as above. */
gboolean            convoke_object_table_adopt         (ConvokeObjectTable *self, ConvokeImport *import, guint64 id, guint32 type_id, GError **error);
/* Asks the owner. FALSE: it could not be asked, or the answer is nonsense. */
gboolean            convoke_object_table_query         (ConvokeObjectTable *self, ConvokeImport *import, const ConvokeInterfaceInfo *info, gboolean *implemented, GError **error);
/* For the import's finalisation: gives back what was received. */
void                convoke_object_table_forget        (ConvokeObjectTable *self, ConvokeImport *import, const ConvokeImportPlace *place);

/* (transfer full) (element-type ConvokeProxy): of what was imported, as far as they live. */
GPtrArray          *convoke_object_table_list_proxies  (ConvokeObjectTable *self);
guint               convoke_object_table_get_n_imports (ConvokeObjectTable *self);
/* The proxy of an object of the peer, if there is one now (transfer full). For SIGNAL and NOTIFY. */
ConvokeProxy       *convoke_object_table_dup_proxy     (ConvokeObjectTable *self, guint64 id);

G_END_DECLS
