/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-inet-head-private.h"
#include "convoke-inet-multi-private.h"

G_BEGIN_DECLS

/* What is asked, of whom, and how; fixed when the exchange starts. */
typedef struct
{
  char      *verb;             /* (owned) */
  char      *url;              /* (owned) without credentials */
  char      *user;             /* (owned) (nullable) */
  char      *password;         /* (owned) (nullable) */
  GPtrArray *fields;           /* (owned) */
  GBytes    *body;             /* (owned) (nullable) */
  gboolean   extended;         /* the body is written while it is sent */
  gint64     total;            /* bytes of an extended body, -1: not known */
  gboolean   follow;           /* redirects */
  gboolean   allow_downgrade;  /* from https to http */
  char      *agent;            /* (owned) (nullable) */
  char      *proxy;            /* (owned) (nullable) NULL: as libcurl's environment says */
  char      *ca_file;          /* (owned) (nullable) NULL: the system's */
  gint64     connect_timeout;  /* microseconds, 0: none */
} ConvokeInetAsk;

void convoke_inet_ask_clear (ConvokeInetAsk *self);

typedef struct _ConvokeInetExchange ConvokeInetExchange;

/* An exchange on its way to where a redirect leads it. */
typedef struct _ConvokeInetTurn ConvokeInetTurn;

/* It goes on, from any thread. Takes @turn. */
void convoke_inet_turn_go_on (ConvokeInetTurn *turn);

/* One thing that happened, in the words of the status callbacks. */
typedef struct
{
  ConvokeHandleStatus  status;
  char                *text;     /* (owned) (nullable) a name, an address or a URL */
  guint64              number;   /* bytes, or a status code */
  guint64              total;    /* bytes, 0: not known; of progress */
} ConvokeInetNews;

/*
 * What the owner is told, on the loop's thread, without a lock. "moved": the
 * head went out or came in, there are bytes to read or room to write, or it
 * ended; all news of before were told.
 */
typedef struct
{
  void (*news)  (GObject *owner, ConvokeInetExchange *exchange, const ConvokeInetNews *news);
  void (*moved) (GObject *owner, ConvokeInetExchange *exchange);
  /* A redirect was told as news: @turn is to go on when the program has heard of it. Takes @turn. */
  void (*turned) (GObject *owner, ConvokeInetTurn *turn);
} ConvokeInetExchangeFuncs;

/* Takes what @ask holds. The owner is not kept: an exchange whose owner is gone stops. */
ConvokeInetExchange *convoke_inet_exchange_new    (ConvokeInetMulti               *multi,
                                                   const ConvokeInetExchangeFuncs *funcs,
                                                   GObject                        *owner,
                                                   ConvokeInetAsk                 *ask);
ConvokeInetExchange *convoke_inet_exchange_ref    (ConvokeInetExchange *self);
void                 convoke_inet_exchange_unref  (ConvokeInetExchange *self);

/* Any thread may call these; none of them blocks. */
void                 convoke_inet_exchange_start  (ConvokeInetExchange *self);
/* TRUE: a connection closes of it, which is not told any more. */
gboolean             convoke_inet_exchange_stop   (ConvokeInetExchange *self);

ConvokeInetHead     *convoke_inet_exchange_dup_head (ConvokeInetExchange *self);
char                *convoke_inet_exchange_dup_url  (ConvokeInetExchange *self);

/* TRUE: @bytes, empty at the end. FALSE without an error: nothing is there yet. FALSE with one: how it ended. */
gboolean             convoke_inet_exchange_read   (ConvokeInetExchange  *self,
                                                   gsize                 count,
                                                   GBytes              **bytes,
                                                   GError              **error);

/* The same for the number of bytes that a read would give. */
gboolean             convoke_inet_exchange_query  (ConvokeInetExchange  *self,
                                                   gsize                *available,
                                                   GError              **error);

/* TRUE: taken. FALSE without an error: no room. FALSE with one: how it ended. */
gboolean             convoke_inet_exchange_write  (ConvokeInetExchange  *self,
                                                   GBytes               *bytes,
                                                   GError              **error);

/* No more is written; what was held back of the answer comes. */
void                 convoke_inet_exchange_finish_writing (ConvokeInetExchange *self);

/* TRUE with the error where it ended with one. */
gboolean             convoke_inet_exchange_has_failed (ConvokeInetExchange  *self,
                                                       GError              **error);
/* Whether the head of an extended send is out, and whether the final answer's head is there; after the news of it. */
gboolean             convoke_inet_exchange_has_sent (ConvokeInetExchange *self);
gboolean             convoke_inet_exchange_has_head (ConvokeInetExchange *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeInetExchange, convoke_inet_exchange_unref)

extern const ConvokeInetMultiFuncs convoke_inet_exchange_multi_funcs;

G_END_DECLS
