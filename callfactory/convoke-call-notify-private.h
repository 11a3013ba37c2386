/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-call-private.h"

G_BEGIN_DECLS

/* How others are told; made when the first of them is named. Shared by the call object and by notices on their way. */
typedef struct
{
  gint                    ref_count;      /* atomic */
  GMutex                  lock;
  ConvokeCall            *call;           /* LOCK: lock; (weak): cleared by the call object's dispose */
  ConvokeSynchronize     *sink;           /* (nullable) set once, while idle */
  ConvokeCompletionQueue *queue;          /* (nullable) changes only while idle */
  guint64                 key;
  GMainContext           *context;        /* (nullable) of the callback */
  ConvokeCallFunc         func;           /* (nullable) */
  gpointer                data;
  GDestroyNotify          destroy;
  gint                    progress_queued; /* atomic */
  GPtrArray              *observers;      /* (nullable) LOCK: lock to replace it; its elements never change */
} ConvokeCallNotify;

/* (transfer none): of a call object; while it is idle, and before it is shared. */
ConvokeCallNotify *convoke_call_ensure_notify      (ConvokeCall *call);

ConvokeCallNotify *convoke_call_notify_new         (ConvokeCall *call);
ConvokeCallNotify *convoke_call_notify_ref         (ConvokeCallNotify *self);
void               convoke_call_notify_unref       (ConvokeCallNotify *self);

/* The call object goes: nobody is told about it any more. */
void               convoke_call_notify_forget_call (ConvokeCallNotify *self);

/* Takes @data over. */
void               convoke_call_notify_add_observer (ConvokeCallNotify *self, const ConvokeCallObserverFuncs *funcs, gpointer data);

/* Whether one of them has these @funcs, and data that fits @what. */
gboolean           convoke_call_notify_has_observer (ConvokeCallNotify *self, const ConvokeCallObserverFuncs *funcs, GEqualFunc fits, gconstpointer what);

/* The observers are told of a begin; FALSE: one of them refused, and none is told of more. */
gboolean           convoke_call_notify_begin       (ConvokeCallNotify *self, ConvokeRecord *record, GError **error);
void               convoke_call_notify_withdraw    (ConvokeCallNotify *self, ConvokeRecord *record);

/* What a ConvokeView holds, and what it does with that; both take it. */
gpointer           convoke_call_notify_hold        (ConvokeCallNotify *self, ConvokeRecord *record);
void               convoke_call_notify_completed   (gpointer held);
void               convoke_call_notify_progress    (gpointer held);
void               convoke_call_notify_sent        (gpointer held, gboolean sent);

G_END_DECLS
