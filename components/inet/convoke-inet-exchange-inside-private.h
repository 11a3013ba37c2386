/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-inet-buffer-private.h"
#include "convoke-inet-exchange-private.h"
#include "convoke-inet-url-private.h"

G_BEGIN_DECLS

/* One request and one answer: what is new with each redirect. */
typedef struct
{
  gboolean         resolving;    /* a name is being looked up */
  gboolean         connecting;   /* CONNECTING was told */
  gboolean         sending;      /* SENDING_REQUEST was told */
  gboolean         sent;         /* REQUEST_SENT was told */
  guint64          head_out;     /* bytes */
  guint64          body_out;     /* bytes */
  ConvokeInetHead *head;         /* (owned) (nullable) that is coming in */
  gsize            heads_size;   /* bytes of all of them */
  gint64           announced;    /* bytes of the body, -1: not said */
  guint64          body_in;      /* bytes */
  guint64          raw_in;       /* bytes, with those beyond the announced that libcurl took and dropped */
  gboolean         unread;       /* there are bytes after the answer that libcurl did not take */
  gboolean         redirecting;
  gboolean         too_large;    /* the heads are */
  gboolean         done;
  CURLcode         code;         /* when done */
} ConvokeInetHop;

struct _ConvokeInetExchange
{
  gint                            ref_count;  /* (atomic) */
  ConvokeInetMulti               *multi;      /* (owned) */
  const ConvokeInetExchangeFuncs *funcs;
  GWeakRef                        owner;
  gint                            stopped;    /* (atomic) */

  /* The loop's thread alone. */
  ConvokeInetAsk                  ask;        /* of this hop */
  ConvokeInetUrl                 *origin;     /* (owned) of the first hop */
  ConvokeInetHop                  hop;
  guint                           n_hops;     /* redirects */
  CURL                           *easy;       /* (owned) (nullable) */
  struct curl_slist              *list;       /* (owned) (nullable) */
  char                            text[CURL_ERROR_SIZE];
  GQueue                          news;       /* of owned ConvokeInetNews, not told yet */
  gboolean                        holding;    /* the news wait for the end of an extended send */
  gboolean                        due_sent;
  gboolean                        due_head;
  gboolean                        due_moved;
  GSource                        *patience;   /* (owned) (nullable) while it waits for a redirect to be heard of */

  GMutex                          lock;
  /* LOCK: lock */
  ConvokeInetHead                *head;       /* (owned) (nullable) the last that was complete */
  char                           *url;        /* (owned) of this hop */
  ConvokeInetBuffer               in;         /* the answer's body */
  ConvokeInetBuffer               out;        /* an extended send's body */
  gboolean                        stalled;    /* libcurl waits for room in @in */
  gboolean                        starving;   /* libcurl waits for bytes in @out */
  gboolean                        out_ended;
  gboolean                        deaf;       /* @out is not read any more */
  gboolean                        sent;       /* the head is out, and that was told */
  gboolean                        answered;   /* @head is the final answer's, and was told */
  gboolean                        connected;  /* it has a connection */
  gboolean                        ended;
  GError                         *error;      /* (owned) (nullable) */
};

void     convoke_inet_exchange_set_callbacks (ConvokeInetExchange *self);
void     convoke_inet_exchange_set_connected (ConvokeInetExchange *self,
                                              gboolean             connected);
void     convoke_inet_exchange_tell          (ConvokeInetExchange *self,
                                              ConvokeHandleStatus  status,
                                              const char          *text,
                                              guint64              number);

G_END_DECLS
