/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "test-http.h"

G_BEGIN_DECLS

#define TEST_HTTP_MAX_HEAD (64 * 1024)
#define TEST_HTTP_MAX_BODY (64 * 1024 * 1024)
#define TEST_HTTP_ENDLESS (G_GUINT64_CONSTANT (4) << 30)
#define TEST_HTTP_PATIENCE (30 * 1000)  /* milliseconds */

typedef struct
{
  char      *head;   /* (owned): with the empty line */
  char      *method; /* (owned) */
  char      *path;   /* (owned) */
  char     **words;  /* (owned): of the path, unescaped */
  GString   *body;   /* (owned) */
} TestHttpRequest;

/* One client; used by its own thread alone, but for @wake. */
typedef struct
{
  TestHttp *server;
  int       fd;
  int       wake;    /* readable when something was released, and when the server ends */
  GString  *in;      /* (owned): what was read and not used yet */
  gboolean  closing; /* whether this request is the last one */
} TestHttpClient;

gboolean test_http_take_permit     (TestHttp              *self,
                                    const char            *name);
gboolean test_http_is_ending       (TestHttp              *self);

/* Each false when the client is gone, too slow, or the server ends. */
gboolean test_http_client_read     (TestHttpClient        *self,
                                    TestHttpRequest       *request);
gboolean test_http_client_send     (TestHttpClient        *self,
                                    const char            *data,
                                    gsize                  length);
gboolean test_http_client_await    (TestHttpClient        *self,
                                    const char            *name);
void     test_http_client_linger   (TestHttpClient        *self);
void     test_http_client_reset    (TestHttpClient        *self);

void     test_http_request_clear   (TestHttpRequest       *self);

gboolean test_http_answer          (TestHttpClient        *client,
                                    const TestHttpRequest *request);

G_END_DECLS
