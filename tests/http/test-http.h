/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * An HTTP/1.1 server on the loopback, on a port that the kernel chose, which
 * does to its clients what the path names. It ends with test_http_free (); no
 * connection, no body and no wait of it is without a bound.
 *
 *   /plain/N              N bytes
 *   /close/N              the same, and "Connection: close"
 *   /until-close/N        N bytes without a length: the end of the connection is the end of the body
 *   /chunked/N/SIZE       N chunks of SIZE bytes, without a length
 *   /slow/NAME/N/SIZE     the headers at once, then N parts of SIZE bytes, each when the test releases one of NAME
 *   /slow-chunked/NAME/N/SIZE  the same without a length
 *   /held/NAME/N          nothing until NAME is released once, then N bytes
 *   /redirect/N           N hops, then 8 bytes
 *   /redirect-to/URL      one hop to an address, which is escaped
 *   /loop                 a hop to itself
 *   /status/CODE          that status; its body is the number, or nothing where none is allowed
 *   /echo                 the body of the request
 *   /request              the head of the request
 *   /endless              a body that never ends
 *   /announced/A/sent/S   announces A bytes and sends S, then closes
 *   /truncated-chunk      breaks off within a chunk
 *   /headers-only         headers, then silence
 *   /silent               nothing at all
 *   /closed               closes without an answer
 *   /reset                resets the connection
 *   /reset-after/S        announces more than S bytes, sends S and resets the connection
 *   /garbage              an answer that is no HTTP
 *   /bad-chunk            chunks whose sizes are no numbers
 *   /huge-headers/N       N headers of 1000 bytes, then 8 bytes
 *   /slow-headers/NAME    the first line, the rest when NAME is released once, then 8 bytes
 *   /json/TEXT            the text, which is escaped
 *
 * Byte i of a body is test_http_byte (i). HEAD gets what GET would, without the body.
 */
typedef struct _TestHttp TestHttp;

TestHttp *test_http_new           (void);
void      test_http_free          (TestHttp   *self);

guint16   test_http_get_port      (TestHttp   *self);
/* What serves the same over TLS, as localhost: a program of its own, whose port this is; 0 where there is none. It ends
 * with the server. @certificate: a file of tests/http/certificates. */
guint16   test_http_start_tls     (TestHttp   *self, const char *certificate);
char     *test_http_dup_url       (TestHttp   *self, const char *path);
char      test_http_byte          (gsize       i);

/* Lets @n parts of what is called @name go, now or when they are asked for. */
void      test_http_release       (TestHttp   *self, const char *name, guint n);

/* So many since the start; a request counts when its body has been read. */
guint     test_http_get_n_connections (TestHttp *self);
guint     test_http_get_n_requests    (TestHttp *self);
guint     test_http_get_n_open        (TestHttp *self);
/* The first line, headers and empty line of a request, NULL when there was none. */
char     *test_http_dup_request       (TestHttp *self, guint i);

/* At most half a minute; false when that was not enough. */
gboolean  test_http_wait_requests (TestHttp   *self, guint n);
gboolean  test_http_wait_open     (TestHttp   *self, guint at_most);

/* The address of a port that nobody listens on; the descriptor keeps it from others. */
guint16   test_http_closed_port   (int        *keeper);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestHttp, test_http_free)

G_END_DECLS
