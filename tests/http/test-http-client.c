/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One connection: reads requests, sends bytes. */

#include "test-http-private.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
drain (int wake)
{
  uint64_t n;

  while (read (wake, &n, sizeof n) < 0 && errno == EINTR)
    ;
}

/* Until the socket is ready for @events, or whatever woke it. */
static gboolean
wait_ready (TestHttpClient *self,
            short           events)
{
  struct pollfd fds[] = { { self->fd, events, 0 }, { self->wake, POLLIN, 0 } };

  while (!test_http_is_ending (self->server))
    {
      int n = poll (fds, 2, TEST_HTTP_PATIENCE);

      if (n == 0 || (n < 0 && errno != EINTR))
        return FALSE;
      if (n > 0 && fds[1].revents != 0)
        drain (self->wake);
      if (n > 0 && fds[0].revents != 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
fill (TestHttpClient *self)
{
  char buffer[4096];
  ssize_t n;

  do
    n = wait_ready (self, POLLIN) ? recv (self->fd, buffer, sizeof buffer, 0) : 0;
  while (n < 0 && (errno == EINTR || errno == EAGAIN));

  if (n > 0)
    g_string_append_len (self->in, buffer, n);
  return n > 0;
}

gboolean
test_http_client_send (TestHttpClient *self,
                       const char     *data,
                       gsize           length)
{
  while (length > 0)
    {
      ssize_t n = wait_ready (self, POLLOUT) ? send (self->fd, data, length, MSG_NOSIGNAL) : 0;

      if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
        return FALSE;
      if (n > 0)
        data += n, length -= n;
    }

  return TRUE;
}

static gboolean
is_gone (TestHttpClient *self)
{
  char byte;

  return recv (self->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* Waits for a permit; a client that goes away meanwhile gets none. */
gboolean
test_http_client_await (TestHttpClient *self,
                        const char     *name)
{
  struct pollfd fds[] = { { self->fd, POLLRDHUP, 0 }, { self->wake, POLLIN, 0 } };

  while (!test_http_take_permit (self->server, name))
    {
      if (poll (fds, 2, TEST_HTTP_PATIENCE) == 0 || test_http_is_ending (self->server))
        return FALSE;
      if (fds[1].revents != 0)
        drain (self->wake);
      if (fds[0].revents != 0 && is_gone (self))
        return FALSE;
    }

  return TRUE;
}

/* Says that no more will come, and waits until the client has read it all: without that it could meet a reset first. */
void
test_http_client_linger (TestHttpClient *self)
{
  shutdown (self->fd, SHUT_WR);
  while (fill (self))
    g_string_truncate (self->in, 0);
}

void
test_http_client_reset (TestHttpClient *self)
{
  struct linger now = { 1, 0 };

  setsockopt (self->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static char *
dup_header (const char *head,
            const char *name)
{
  g_auto (GStrv) lines = g_strsplit (head, "\r\n", -1);

  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      if (colon != NULL && strlen (name) == (gsize) (colon - lines[i]) &&
          g_ascii_strncasecmp (lines[i], name, colon - lines[i]) == 0)
        return g_strstrip (g_strdup (colon + 1));
    }

  return NULL;
}

static gboolean
has_header (const char *head,
            const char *name,
            const char *value)
{
  g_autofree char *is = dup_header (head, name);

  return is != NULL && g_ascii_strcasecmp (is, value) == 0;
}

/* Takes all up to and with @end out of what was read, at most @bound bytes. */
static char *
take_until (TestHttpClient *self,
            const char     *end,
            gsize           bound)
{
  char *found;
  char *taken;

  while ((found = strstr (self->in->str, end)) == NULL)
    if (self->in->len > bound || !fill (self))
      return NULL;

  found += strlen (end);
  taken = g_strndup (self->in->str, found - self->in->str);
  g_string_erase (self->in, 0, found - self->in->str);
  return taken;
}

static gboolean
take_bytes (TestHttpClient *self,
            GString        *body,
            gsize           n)
{
  if (n > TEST_HTTP_MAX_BODY || body->len + n > TEST_HTTP_MAX_BODY)
    return FALSE;
  while (self->in->len < n)
    if (!fill (self))
      return FALSE;

  g_string_append_len (body, self->in->str, n);
  g_string_erase (self->in, 0, n);
  return TRUE;
}

static gboolean
take_chunks (TestHttpClient *self,
             GString        *body)
{
  guint64 size;

  do
    {
      g_autofree char *line = take_until (self, "\r\n", TEST_HTTP_MAX_HEAD);
      g_autofree char *end = NULL;

      if (line == NULL)
        return FALSE;
      size = g_ascii_strtoull (line, NULL, 16);
      if (!take_bytes (self, body, size) || (end = take_until (self, "\r\n", TEST_HTTP_MAX_HEAD)) == NULL)
        return FALSE;
    }
  while (size > 0);

  return TRUE;
}

static gboolean
take_body (TestHttpClient  *self,
           TestHttpRequest *request)
{
  g_autofree char *length = dup_header (request->head, "Content-Length");
  const char *go_on = "HTTP/1.1 100 Continue\r\n\r\n";

  if (has_header (request->head, "Expect", "100-continue") && !test_http_client_send (self, go_on, strlen (go_on)))
    return FALSE;
  if (has_header (request->head, "Transfer-Encoding", "chunked"))
    return take_chunks (self, request->body);
  return length == NULL || take_bytes (self, request->body, g_ascii_strtoull (length, NULL, 10));
}

static gboolean
split_path (TestHttpRequest *request)
{
  request->words = g_strsplit (request->path + 1, "/", -1);
  for (guint i = 0; request->words[i] != NULL; i++)
    {
      char *plain = g_uri_unescape_string (request->words[i], NULL);

      if (plain == NULL)
        return FALSE;
      g_free (request->words[i]);
      request->words[i] = plain;
    }

  return TRUE;
}

gboolean
test_http_client_read (TestHttpClient  *self,
                       TestHttpRequest *request)
{
  g_auto (GStrv) parts = NULL;

  request->body = g_string_new (NULL);
  request->head = take_until (self, "\r\n\r\n", TEST_HTTP_MAX_HEAD);
  if (request->head == NULL)
    return FALSE;

  parts = g_strsplit (request->head, " ", 3);
  if (g_strv_length (parts) != 3 || parts[1][0] != '/')
    return FALSE;
  request->method = g_strdup (parts[0]);
  request->path = g_strdup (parts[1]);
  self->closing = has_header (request->head, "Connection", "close") || g_str_has_prefix (parts[2], "HTTP/1.0");
  return split_path (request) && take_body (self, request);
}

void
test_http_request_clear (TestHttpRequest *self)
{
  g_free (self->head);
  g_free (self->method);
  g_free (self->path);
  g_strfreev (self->words);
  if (self->body != NULL)
    g_string_free (self->body, TRUE);
}
