/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The instance behind every run-time proxy class. */

#include "convoke-apartment.h"
#include "convoke-busy-handler-private.h"
#include "convoke-frame-private.h"
#include "convoke-hooks-private.h"
#include "convoke-keep-private.h"
#include "convoke-last-error-private.h"
#include "convoke-proxy.h"
#include "convoke-proxy-class-private.h"
#include "convoke-relay-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeProxy ConvokeProxy;

struct _ConvokeProxy
{
  GObject           parent_instance;

  /* Set once, before another thread can see the proxy; NULL until then. */
  GObject          *target;     /* (owned) */
  ConvokeApartment *apartment;  /* (owned) the target's */
  ConvokeApartment *home;       /* (owned) where signals are delivered */
  ConvokeProxy     *main;       /* (owned) (nullable) facets: the proxy that is the identity */
  ConvokeRelay     *relay;      /* (owned) (nullable) until it has ended */

  guint             since;      /* constant; when it was handed out, as disconnections count */
  gint              users;      /* atomic; who is at the target, and one more until it has ended */
  gint              let_go;     /* atomic; the target was dropped */
  GError           *ended;      /* (owned) (nullable) atomic; set once: it stands for nothing any more */

  /* Only in the identity, which facets use: */
  ConvokeLastError  last_error; /* has its own lock */
  ConvokeKeep       keep;       /* has its own lock */
  GMutex            lock;
  GHashTable       *facets;     /* LOCK: lock; (nullable) GType -> owned GWeakRef */
  ConvokeBusyHandler *busy;     /* LOCK: lock; (owned) (nullable); whether there is one is atomic */
  GPtrArray        *watches;    /* LOCK: lock to replace it, and to take a reference; (owned) (nullable); whether there is one is atomic */
};

#define CONVOKE_TYPE_PROXY (convoke_proxy_get_type ())
GType         convoke_proxy_get_type (void);

/* NULL when @object is no proxy. */
ConvokeProxy *convoke_proxy_from_object (gpointer object);
/* The proxy itself, or the one that a facet belongs to; borrowed. */
ConvokeProxy *convoke_proxy_get_identity (ConvokeProxy *self);

/* Before the target is touched: it stays until leave. FALSE with DISCONNECTED: there is none, or not any more. */
gboolean      convoke_proxy_enter        (ConvokeProxy *self, GError **error);
void          convoke_proxy_leave        (ConvokeProxy *self);
/* (transfer full): to be given to convoke_apartment_release (). */
GObject      *convoke_proxy_dup_target   (ConvokeProxy *self, GError **error);
/* It stands for nothing from now on, nor do its facets; `invalid` tells. @self is the identity. */
void          convoke_proxy_end          (ConvokeProxy *self, const GError *why);

/* (transfer full): the identity, then its facets, as far as they live. */
GPtrArray    *convoke_proxy_list_faces   (ConvokeProxy *self);

/* (transfer full) (nullable): what to do when the callee is busy (convoke-busy.c). */
ConvokeBusyHandler *convoke_proxy_dup_busy_handler (ConvokeProxy *self);

/* --- those who are told of its signals where they arrive (convoke-proxy-watch.c) --- */

gpointer      convoke_proxy_watch        (GObject *object, ConvokeProxyWatchFunc func, gpointer data, GDestroyNotify destroy);
/* @func can be at it on another thread. */
void          convoke_proxy_unwatch      (GObject *object, gpointer watch);
GError       *convoke_proxy_dup_end      (GObject *object);
gboolean      convoke_proxy_is_watched   (ConvokeProxy *self);
/* @face: the proxy or facet that the signal has arrived at. */
void          convoke_proxy_tell_watches (ConvokeProxy *face, guint signal_id, GQuark detail, const GValue *params, guint n_params);

/* --- identity (convoke-proxy-table.c) --- */

/* The proxy of @target, one per object at a time; made, with its signals delivered in @home, when there is none. */
ConvokeProxy *convoke_proxy_table_ensure (GObject *target, ConvokeApartment *home, GError **error);
/* (transfer full) (nullable) */
ConvokeProxy *convoke_proxy_table_lookup (GObject *target);
/* For the proxy's finalisation, before it drops its target. */
void          convoke_proxy_table_remove (ConvokeProxy *self);

/* A proxy of @target that is in no table. */
ConvokeProxy *convoke_proxy_new (GObject *target, ConvokeApartment *home, GError **error);

/* The classes of proxies; and one of such a class, which is a facet where there is a @main. */
extern const ConvokeClassKind convoke_proxy_kind;
ConvokeProxy *convoke_proxy_new_of_class (GType class_type, GObject *target, ConvokeApartment *apartment, ConvokeApartment *home, ConvokeProxy *main);

/* --- what proxy_kind is made of --- */
void          convoke_proxy_call_slot    (const ConvokeCallableInfo *callable, const ConvokePlan *plan, void **args, void *ret);
void          convoke_proxy_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec);
void          convoke_proxy_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec);

/* A call or property access failed on its way (D15). Takes @error; @told: the caller has it already. */
void          convoke_proxy_tell_failure (ConvokeProxy *self, const char *name, gboolean told, GError *error);

/* The connection to the object has ended: `interrupted` when it will be there again, `invalid` when not, where signals arrive. */
void          convoke_proxy_tell_end     (ConvokeProxy *self, gboolean comes_back, const GError *why);
/* The object is there again: `restored`. After the above. */
void          convoke_proxy_tell_restored (ConvokeProxy *self);

/* --- properties: @target's, read and written in @apartment; @pspec is the interface's --- */
gboolean      convoke_proxy_read_property  (GObject *target, ConvokeApartment *apartment, GParamSpec *pspec, GValue *value, GError **error);
gboolean      convoke_proxy_write_property (GObject *target, ConvokeApartment *apartment, GParamSpec *pspec, const GValue *value, GError **error);

/* The apartment that the calling thread is inside of, or that of its thread-default main context. */
ConvokeApartment *convoke_proxy_dup_home (void);

/* An object that nobody has seen yet belongs to where it comes from (nullable: where it is seen). */
void          convoke_proxy_bind_unbound (GObject *object, ConvokeApartment *from);

/* --- the hooks --- */
GObject      *convoke_proxy_map_object (GObject *object, const ConvokeTypeInfo *type, gpointer from_apartment, gpointer to_apartment);
/* The same for the object in a value, where the value can hold what it becomes. */
void          convoke_proxy_map_value  (GValue *value, ConvokeApartment *from, ConvokeApartment *to);
GObject      *convoke_proxy_unwrap     (GObject *object);
GObject      *convoke_proxy_identity   (GObject *object);
GObject      *convoke_proxy_dup_target_of (GObject *object, guint *since, GError **error);
GObject      *convoke_proxy_enter_target  (GObject *object);
void          convoke_proxy_leave_target  (GObject *object);
gpointer      convoke_proxy_dup_apartment (GObject *object);
GObject      *convoke_proxy_dup_public (GObject *target);
GObject      *convoke_proxy_late_query (GObject *object, GType iface, GError **error);
void          convoke_proxy_keep_outs  (GObject *target, ConvokeFrame *frame);

G_END_DECLS
