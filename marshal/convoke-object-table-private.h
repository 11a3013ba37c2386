/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What one connection has of the other side's objects (imports) and what the
 * other side has of ours (exports). Each reference that is sent counts one;
 * the importer gives them back in batches. When the connection ends, what the
 * peer held is released.
 */

#include "convoke-channel-private.h"
#include "convoke-proxy-private.h"

G_BEGIN_DECLS

/* --- what objects of one type implement, as one side told the other --- */

typedef struct
{
  const ConvokeInterfaceInfo *info;      /* (nullable): not known here (yet) */
  char                       *name;      /* "Demo-1.PriceFeed" */
  char                       *type_name; /* "DemoPriceFeed" */
  guint                       n_methods; /* of the owner's description */
  char                      **slot_names;
  char                      **fingerprints;
  guint8                     *filled;    /* whether the owner's slot is */
  int                        *by_index;  /* importer: for each method of @info the owner's index, or -1; NULL until @info is known */
} ConvokeRemoteInterface;

typedef struct
{
  guint32                 id;
  char                   *class_name;    /* for messages */
  guint                   n_interfaces;
  ConvokeRemoteInterface *interfaces;
  GType                   proxy_class;   /* importer: G_TYPE_INVALID until it is made */
} ConvokeRemoteType;

/* --- imports: the target of a remote proxy --- */

#define CONVOKE_TYPE_IMPORT (convoke_import_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeImport, convoke_import, CONVOKE, IMPORT, GObject)

struct _ConvokeImport
{
  GObject            parent_instance;
  ConvokeChannel    *channel;      /* (owned) */
  guint64            id;           /* the owner's number; never used for another object */
  ConvokeRemoteType *type;         /* (borrowed) the channel's */
  guint              received;     /* LOCK: the channel's table; references to give back */
};

/* The owner's index of @method, or -1 and VERSION_MISMATCH or NO_METHOD or NO_INTERFACE saying what differs. *iface: index in the type's interfaces. */
gboolean       convoke_import_find_method (ConvokeImport *self, const ConvokeMethodInfo *method, guint *iface, guint *index, GError **error);

/* --- exports --- */

/* (transfer full): the object that the peer means by @id, or NULL and NOT_CONNECTED: never exported, or released. */
GObject       *convoke_channel_dup_export (ConvokeChannel *self, guint64 id, GError **error);
/* The number of @object for the peer, with one more reference for it to give back; exported now if it was not. */
guint64        convoke_channel_export     (ConvokeChannel *self, GObject *object, guint32 *type_id, GError **error);
/* A reference that cannot be sent after all. */
void           convoke_channel_unexport   (ConvokeChannel *self, guint64 id, guint count);

/* The proxy of an object of the peer, if there is one now (transfer full). For SIGNAL and NOTIFY. */
ConvokeProxy  *convoke_channel_dup_proxy  (ConvokeChannel *self, guint64 id);

G_END_DECLS
