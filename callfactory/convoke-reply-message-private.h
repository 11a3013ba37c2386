/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-reply-message.h"

G_BEGIN_DECLS

/* Filled in by its maker, and constant once it is queued. */
struct _ConvokeReplyMessage
{
  gint                 ref_count;   /* atomic */
  ConvokeReplyKind     kind;
  gint32               request_id;  /* 0: it answers no request */
  guint64              key;
  GError              *error;       /* (nullable) (owned) */
  GValue              *values;      /* (nullable) (owned): results, or the signal's parameters */
  guint                n_values;
  GObject             *object;      /* (nullable) (owned): as the program named it */
  ConvokeCall         *call;        /* (nullable) (owned): a call object of the program's own */
  char                *signal;      /* (nullable) (owned) */

  /* While it is queued: */
  ConvokeReplyMessage *next;
  gpointer             owner;       /* the port's inside, to be compared */
  gpointer             identity;    /* of the object, to be compared: whoever queues it keeps it alive */
};

ConvokeReplyMessage *convoke_reply_message_new (ConvokeReplyKind kind, guint64 key, GObject *object);

/* A list through next; runs foreign code. */
void                 convoke_reply_message_unref_all (ConvokeReplyMessage *first);

G_END_DECLS
