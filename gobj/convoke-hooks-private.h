/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What gobj/ needs from above. The root's one file that sees every folder fills
 * this table before anything can be called; nothing else goes upwards.
 */

#include "convoke-frame-private.h"

G_BEGIN_DECLS

/* A signal of an object, with its parameters, which are the teller's. On any thread; it runs nothing of the program. */
typedef void (*ConvokeProxyWatchFunc) (gpointer data, guint signal_id, GQuark detail, const GValue *params, guint n_params);

typedef struct
{
  /* The proxy that stands for @object in @apartment, @object itself unwrapped, or NULL: pass as it is. */
  GObject  *(*map_object)   (GObject *object, const ConvokeTypeInfo *type, gpointer from_apartment, gpointer to_apartment);
  gboolean  (*map_callback) (const ConvokeArgInfo *arg, gpointer *callback, gpointer *data, gpointer *destroy,
                             gpointer *owned, GDestroyNotify *free_owned,
                             gpointer from_apartment, gpointer to_apartment, GError **error);
  /* In the apartment of @target, when a borrowed frame's outputs are stored (and mapped) and before the call completes:
   * what a blocked caller elsewhere gets without a transfer is copied or kept, so that it lives as long as the proxy. */
  void      (*keep_outs)    (GObject *target, ConvokeFrame *frame);
  /* The object that a proxy stands for (borrowed, to be compared), or NULL when @object is no proxy or stands for nothing. */
  GObject  *(*unwrap)       (GObject *object);
  /* The same as a reference, which goes back through convoke_apartment_release (): (transfer full). NULL with DISCONNECTED: it stands
   * for nothing; NULL without: @object is no proxy. *since: when it was handed out, as disconnections count. */
  GObject  *(*dup_target)   (GObject *object, guint *since, GError **error);
  /* What a proxy stands for, which stays until leave; NULL, and no leave: @object is no proxy, or stands for nothing. */
  GObject  *(*enter)        (GObject *object);
  void      (*leave)        (GObject *object);
  /* The apartment of what a proxy stands for, or stood for (transfer full); NULL: @object is no proxy. */
  gpointer  (*dup_apartment) (GObject *object);
  /* What users are given of what a proxy stands for: itself, or, where that is only a stand-in, its proxy (transfer full). */
  GObject  *(*dup_public)   (GObject *target);
  /* The identity of a facet, or NULL. */
  GObject  *(*identity)     (GObject *object);
  /* A late look-up: a proxy asks the owner. NULL without an error: the owner does not implement it either, or @object is no
   * proxy. NULL with an error: the owner could not be asked. */
  GObject  *(*late_query)   (GObject *object, GType iface, GError **error);
  /* The apartment that the calling thread is inside of, or that of its thread-default main context (transfer full): where the
   * signals of proxies arrive that it asks for. */
  gpointer  (*dup_home)     (void);
  /* The class object of a class that the library itself has (transfer full), or NULL. */
  GObject  *(*dup_stock_class) (const char *class_name);
  /* Takes an object that was made on the calling thread just now, binds it as its class declares, and gives what this thread
   * uses of it: itself, or its proxy, whose signals arrive in @home. */
  GObject  *(*place_here)   (GObject *object, gpointer home, GError **error);
  /* Tells of the signals of a proxy where they arrive, and of its end, until unwatch. */
  gpointer  (*watch)        (GObject *proxy, ConvokeProxyWatchFunc func, gpointer data, GDestroyNotify destroy);
  void      (*unwatch)      (GObject *proxy, gpointer watch);
  /* Why a proxy stands for nothing any more, and will not again (transfer full); NULL: it does, or @object is no proxy. */
  GError   *(*dup_end)      (GObject *object);
  /* Drops a reference in that apartment. Takes @object. */
  void      (*release)      (gpointer apartment, GObject *object);
} ConvokeHooks;

extern ConvokeHooks convoke_hooks;

G_END_DECLS
