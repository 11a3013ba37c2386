/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke-inet.h>

#include "test-http.h"

G_BEGIN_DECLS

/* What a status callback was told. */
typedef struct
{
  ConvokeHandle       *handle;  /* (owned) */
  gsize                context;
  ConvokeHandleStatus  status;
  char                *text;    /* (owned) (nullable) */
  guint64              number;
  ConvokeHandleResult *result;  /* (owned) (nullable) */
  GThread             *thread;  /* only to compare */
} InetNews;

typedef struct _InetFixture InetFixture;

/* Runs inside of the callback, without a lock. */
typedef void (*InetHook) (InetFixture *fixture, const InetNews *news);

/* A server, and an asynchronous session whose callbacks come on a queue. */
struct _InetFixture
{
  TestHttp           *server;   /* (owned) */
  ConvokeInetSession *session;  /* (owned) */
  InetHook            hook;     /* (nullable) set before anything is asked */
  gpointer            data;     /* for the hook */

  GMutex              lock;
  GCond               changed;
  GPtrArray          *news;     /* (owned) LOCK: lock; never shortened before the end */
};

/* @data: "sync" for a session that is not asynchronous. */
void                   inet_fixture_set_up     (InetFixture           *self,
                                                gconstpointer          data);
void                   inet_fixture_tear_down  (InetFixture           *self,
                                                gconstpointer          data);

/* Each fails the test where it fails. */
ConvokeInetConnection *inet_fixture_connect    (InetFixture           *self,
                                                guint16                port,
                                                gsize                  context);
ConvokeInetRequest    *inet_fixture_open       (ConvokeInetConnection *connection,
                                                const char            *verb,
                                                const char            *path,
                                                gsize                  context);
/* A request of a connection of its own, both with a context: 1 and 2. */
ConvokeInetRequest    *inet_fixture_request    (InetFixture           *self,
                                                const char            *verb,
                                                const char            *path);
/* The same, sent, and answered. */
ConvokeInetRequest    *inet_fixture_get        (InetFixture           *self,
                                                const char            *path);

/* (container) What was told until now. */
GPtrArray             *inet_fixture_dup_news   (InetFixture           *self);
guint                  inet_fixture_count      (InetFixture           *self,
                                                gsize                  context,
                                                ConvokeHandleStatus    status);
/* Until the so-manieth was told, at most half a minute; borrowed until the end. */
const InetNews        *inet_fixture_await      (InetFixture           *self,
                                                gsize                  context,
                                                ConvokeHandleStatus    status,
                                                guint                  n);
/* Pending must have been returned: waits for the so-manieth completion, and gives how it ended. */
gboolean               inet_fixture_complete   (InetFixture           *self,
                                                gsize                  context,
                                                guint                  n,
                                                GError               **error);

/* The statuses in order, by short names, without those that may come or not, and without progress. */
char                  *inet_fixture_dup_order  (InetFixture           *self,
                                                gsize                  context);

/* The whole body, also of a handle that is synchronous. */
GBytes                *inet_fixture_read       (InetFixture           *self,
                                                ConvokeInetRequest    *request,
                                                GError               **error);
void                   inet_assert_body        (GBytes                *body,
                                                gsize                  n);

#define inet_assert_order(fixture, context, expected) \
  G_STMT_START { \
    g_autofree char *inet_order = inet_fixture_dup_order (fixture, context); \
    g_assert_cmpstr (inet_order, ==, expected); \
  } G_STMT_END

G_END_DECLS
