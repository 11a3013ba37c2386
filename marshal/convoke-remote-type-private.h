/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What objects of one class implement, as their owner tells it to the other
 * side of a connection; and how the other side finds its own methods in it.
 *
 * Bytes and descriptions only: no sockets, no table of objects.
 */

#include "convoke-proxy-class-private.h"
#include "convoke-wire-private.h"

G_BEGIN_DECLS

#define CONVOKE_REMOTE_MAX_INTERFACES  256
#define CONVOKE_REMOTE_MAX_METHODS     1024    /* of one interface */
#define CONVOKE_REMOTE_MAX_NAME        255     /* bytes; of a fingerprint as well */

typedef struct
{
  char    *slot_name;
  char    *fingerprint;
  gboolean filled;
} ConvokeRemoteMethod;

typedef struct
{
  char                       *name;       /* "Demo-1.PriceFeed" */
  char                       *type_name;  /* "DemoPriceFeed" */
  guint                       n_methods;  /* of the owner's description */
  ConvokeRemoteMethod        *methods;
  /* Atomic; written once, by_index first: */
  int                        *by_index;   /* for each method of @info the owner's index, or one of the two below */
  const ConvokeInterfaceInfo *info;       /* (nullable): not known here (yet) */
} ConvokeRemoteInterface;

/* In by_index: the owner has no such method, or one of another shape. */
#define CONVOKE_REMOTE_ABSENT    -1
#define CONVOKE_REMOTE_DIFFERENT -2

/* Constant but for what its interfaces learn. */
typedef struct
{
  guint32                 id;
  char                   *class_name;    /* for messages */
  guint                   n_interfaces;
  ConvokeRemoteInterface *interfaces;
  GType                   proxy_class;   /* atomic; once nothing can be added to it */
} ConvokeRemoteType;

/* The owner's side: @infos (ConvokeInterfaceInfo) as the class @class_name implements them, with the slots that @has_slot grants.
 * Fails with NOT_SUPPORTED beyond the limits. */
gboolean           convoke_remote_type_write (ConvokeWireWriter *writer, guint32 id, const char *class_name, const GPtrArray *infos,
                                              ConvokeSlotFilter has_slot, gpointer data, GError **error);

/* The other side's. The whole of @reader is read. Fails with PROTOCOL. */
ConvokeRemoteType *convoke_remote_type_read  (ConvokeWireReader *reader, GError **error);
void               convoke_remote_type_free  (ConvokeRemoteType *self);
/* So many methods are described: what it costs. */
guint              convoke_remote_type_count (const ConvokeRemoteType *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeRemoteType, convoke_remote_type_free)

/* Whether the owner implements @iface. Any thread, as all below. */
gboolean           convoke_remote_type_implements  (ConvokeRemoteType *self, const ConvokeInterfaceInfo *info);

/* The numbers of @method at its owner. Fails with NO_INTERFACE, NO_METHOD, or VERSION_MISMATCH naming both shapes. */
gboolean           convoke_remote_type_find_method (ConvokeRemoteType *self, const ConvokeMethodInfo *method, guint *iface, guint *index, GError **error);

/* The slots of a proxy's class: empty where the owner's are. A ConvokeSlotFilter. */
gboolean           convoke_remote_type_has_slot    (const ConvokeMethodInfo *method, gpointer self);

/* The interfaces that can be proxied here. @settled when all of them can. Can be empty. */
void               convoke_remote_type_init_set    (ConvokeRemoteType *self, ConvokeInterfaceSet *set);

G_END_DECLS
