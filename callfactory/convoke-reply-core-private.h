/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The inside of a port, which its requests and open objects hold: the port
 * itself can go while they are under way.
 */

#include "convoke-apartment.h"
#include "convoke-reply-queue-private.h"
#include "convoke-request-ids-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeReplyCore ConvokeReplyCore;
typedef struct _ConvokeReplyWatch ConvokeReplyWatch;

/* One request under way. */
typedef struct
{
  gint                 ref_count;  /* atomic */
  ConvokeReplyCore    *core;       /* (owned) */
  gint32               id;
  gpointer             identity;   /* of what is asked, to be compared: the message keeps it alive */
  ConvokeReplyMessage *message;    /* (owned) (nullable): to be filled in; until it has ended */
  ConvokeCall         *call;       /* LOCK: the core's; (owned) (nullable): until it has ended */
  gpointer             record;     /* of an attached call, to be compared */
} ConvokeReplyRequest;

/* @object (nullable) is what is asked. Its id is new unless the maker fills in one that was reserved. */
ConvokeReplyRequest *convoke_reply_request_new   (ConvokeReplyCore *core, GObject *object);
ConvokeReplyRequest *convoke_reply_request_ref   (ConvokeReplyRequest *self);
void                 convoke_reply_request_unref (ConvokeReplyRequest *self);

struct _ConvokeReplyCore
{
  gint               ref_count;  /* atomic */
  guint64            key;        /* constant, as all up to the lock */
  ConvokeReplyQueue *queue;      /* (owned) */
  gboolean           own_queue;
  ConvokeApartment  *home;       /* (owned): where objects in messages are used */

  GMutex             lock;       /* the queue's is taken inside of it; no foreign code runs under it */
  gboolean           closed;     /* LOCK: lock */
  ConvokeRequestIds  ids;        /* LOCK: lock; (owned) ConvokeReplyRequest, or RESERVED */
  GHashTable        *watches;    /* LOCK: lock; identity -> (owned) ConvokeReplyWatch */
  GHashTable        *attached;   /* LOCK: lock; call object -> what convoke-reply-request.c has of it */
};

ConvokeReplyCore *convoke_reply_core_new     (guint64 key, ConvokeReplyQueue *queue, gboolean own_queue, ConvokeApartment *home);
ConvokeReplyCore *convoke_reply_core_ref     (ConvokeReplyCore *self);
void              convoke_reply_core_unref   (ConvokeReplyCore *self);

/* FALSE with SHUTDOWN. */
gboolean          convoke_reply_core_check   (ConvokeReplyCore *self, GError **error);

gint32            convoke_reply_core_reserve (ConvokeReplyCore *self, GError **error);
gboolean          convoke_reply_core_release (ConvokeReplyCore *self, gint32 id, GError **error);

/* Makes @request outstanding, under its id, which was reserved, or a new one where it is 0. */
gboolean          convoke_reply_core_add     (ConvokeReplyCore *self, ConvokeReplyRequest *request, GError **error);
/* It never began; an id that was @reserved is so again. */
void              convoke_reply_core_withdraw (ConvokeReplyCore *self, ConvokeReplyRequest *request, gboolean reserved);
/* (transfer full) (nullable) */
ConvokeCall      *convoke_reply_request_dup_call (ConvokeReplyRequest *self);
/* (transfer full): the outstanding request, or NULL with NOT_FOUND. */
ConvokeReplyRequest *convoke_reply_core_dup_request (ConvokeReplyCore *self, gint32 id, GError **error);

/* The request has ended: its message, filled in, is delivered, unless nobody wants it any more. */
void              convoke_reply_core_reply   (ConvokeReplyCore *self, ConvokeReplyRequest *request);

/* What an open object tells. Takes @message. After the second it is not open any more. */
void              convoke_reply_core_tell    (ConvokeReplyCore *self, ConvokeReplyWatch *watch, ConvokeReplyMessage *message);
void              convoke_reply_core_tell_closed (ConvokeReplyCore *self, ConvokeReplyWatch *watch, ConvokeReplyMessage *message);

/* Opening and closing of an object. */
gboolean           convoke_reply_core_add_watch    (ConvokeReplyCore *self, ConvokeReplyWatch *watch, GError **error);
ConvokeReplyWatch *convoke_reply_core_dup_watch    (ConvokeReplyCore *self, gpointer identity, GError **error);
ConvokeReplyWatch *convoke_reply_core_remove_watch (ConvokeReplyCore *self, gpointer identity, GError **error);

/* The end. @cancel: what is outstanding is cancelled. FALSE: it had ended already. */
gboolean          convoke_reply_core_shutdown (ConvokeReplyCore *self, gboolean cancel, GError **error);

G_END_DECLS
