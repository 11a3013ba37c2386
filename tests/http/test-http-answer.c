/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What each path does: one function each, and the table of them. */

#include "test-http-private.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  TestHttpClient        *client;
  const TestHttpRequest *request;
} Answer;

char
test_http_byte (gsize i)
{
  return 'a' + i % 26;
}

static gboolean
send_text (Answer     *self,
           const char *text)
{
  return test_http_client_send (self->client, text, strlen (text));
}

static gboolean G_GNUC_PRINTF (2, 3)
send_format (Answer     *self,
             const char *format,
             ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return send_text (self, text);
}

static const char *
word (Answer *self,
      guint   i)
{
  return g_strv_length (self->request->words) > i ? self->request->words[i] : "";
}

static gsize
number (Answer *self,
        guint   i)
{
  return MIN (g_ascii_strtoull (word (self, i), NULL, 10), TEST_HTTP_MAX_BODY);
}

/* The bytes of a body from @from on. */
static gboolean
send_bytes (Answer *self,
            gsize   from,
            gsize   n)
{
  char block[16 * 1024];

  while (n > 0)
    {
      gsize part = MIN (n, sizeof block);

      for (gsize i = 0; i < part; i++)
        block[i] = test_http_byte (from + i);
      if (!test_http_client_send (self->client, block, part))
        return FALSE;
      from += part;
      n -= part;
    }

  return TRUE;
}

static gboolean
wants_body (Answer *self)
{
  return !g_str_equal (self->request->method, "HEAD");
}

static gboolean
send_head (Answer     *self,
           const char *status,
           gsize       length)
{
  return send_format (self, "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n%s\r\n",
                      status, length, self->client->closing ? "Connection: close\r\n" : "");
}

static gboolean
send_whole (Answer     *self,
            const char *status,
            const char *body,
            gsize       length)
{
  return send_head (self, status, length) &&
         (!wants_body (self) || test_http_client_send (self->client, body, length));
}

static gboolean
send_plain (Answer *self,
            gsize   n)
{
  return send_head (self, "200 OK", n) && (!wants_body (self) || send_bytes (self, 0, n));
}

static gboolean
answer_plain (Answer *self)
{
  return send_plain (self, number (self, 1));
}

static gboolean
answer_close (Answer *self)
{
  self->client->closing = TRUE;
  return answer_plain (self);
}

static gboolean
answer_until_close (Answer *self)
{
  self->client->closing = TRUE;
  return send_text (self, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n") && send_bytes (self, 0, number (self, 1));
}

static gboolean
send_chunked_head (Answer *self)
{
  return send_text (self, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
}

static gboolean
send_chunk (Answer *self,
            gsize   from,
            gsize   n)
{
  return send_format (self, "%" G_GSIZE_MODIFIER "x\r\n", n) && send_bytes (self, from, n) && send_text (self, "\r\n");
}

static gboolean
answer_chunked (Answer *self)
{
  gsize n = number (self, 1);
  gsize size = number (self, 2);
  gboolean good = send_chunked_head (self);

  for (gsize i = 0; good && i < n; i++)
    good = send_chunk (self, i * size, size);
  return good && send_text (self, "0\r\n\r\n");
}

static gboolean
answer_slow (Answer *self)
{
  gsize n = number (self, 2);
  gsize size = number (self, 3);
  gboolean good = send_head (self, "200 OK", n * size);

  for (gsize i = 0; good && i < n; i++)
    good = test_http_client_await (self->client, word (self, 1)) && send_bytes (self, i * size, size);
  return good;
}

static gboolean
answer_slow_chunked (Answer *self)
{
  gsize n = number (self, 2);
  gsize size = number (self, 3);
  gboolean good = send_chunked_head (self);

  for (gsize i = 0; good && i < n; i++)
    good = test_http_client_await (self->client, word (self, 1)) && send_chunk (self, i * size, size);
  return good && send_text (self, "0\r\n\r\n");
}

static gboolean
answer_held (Answer *self)
{
  return test_http_client_await (self->client, word (self, 1)) && send_plain (self, number (self, 2));
}

static gboolean
send_redirect (Answer     *self,
               const char *to)
{
  return send_format (self, "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 5\r\n\r\n%s", to,
                      wants_body (self) ? "moved" : "");
}

static gboolean
answer_redirect (Answer *self)
{
  gsize n = number (self, 1);
  g_autofree char *to = g_strdup_printf ("/redirect/%" G_GSIZE_FORMAT, n - 1);

  return n > 0 ? send_redirect (self, to) : send_plain (self, 8);
}

static gboolean
answer_redirect_to (Answer *self)
{
  return send_redirect (self, word (self, 1));
}

static gboolean
answer_loop (Answer *self)
{
  return send_redirect (self, "/loop");
}

static gboolean
answer_status (Answer *self)
{
  gsize code = number (self, 1);
  g_autofree char *status = g_strdup_printf ("%03" G_GSIZE_FORMAT " Status", code);

  if (code == 204 || code == 304)
    return send_format (self, "HTTP/1.1 %s\r\n\r\n", status);
  return send_whole (self, status, word (self, 1), strlen (word (self, 1)));
}

static gboolean
answer_echo (Answer *self)
{
  return send_whole (self, "200 OK", self->request->body->str, self->request->body->len);
}

static gboolean
answer_request (Answer *self)
{
  return send_whole (self, "200 OK", self->request->head, strlen (self->request->head));
}

static gboolean
answer_json (Answer *self)
{
  return send_whole (self, "200 OK", word (self, 1), strlen (word (self, 1)));
}

static gboolean
answer_endless (Answer *self)
{
  gboolean good = send_text (self, "HTTP/1.1 200 OK\r\n\r\n");

  for (guint64 n = 0; good && n < TEST_HTTP_ENDLESS; n += 26 * 1000)
    good = send_bytes (self, 0, 26 * 1000);
  test_http_client_reset (self->client);
  return FALSE;
}

/* In one piece: a client that stops reading where the body should end sees what is too much all the same. */
static gboolean
answer_announced (Answer *self)
{
  g_autoptr (GString) all = g_string_new ("HTTP/1.1 200 OK\r\n");
  gsize n = number (self, 3);

  self->client->closing = TRUE;
  g_string_append_printf (all, "Content-Length: %" G_GSIZE_FORMAT "\r\nConnection: close\r\n\r\n", number (self, 1));
  for (gsize i = 0; i < n; i++)
    g_string_append_c (all, test_http_byte (i));
  return test_http_client_send (self->client, all->str, all->len);
}

static gboolean
answer_truncated_chunk (Answer *self)
{
  self->client->closing = TRUE;
  return send_chunked_head (self) && send_text (self, "40\r\nabcdefgh");
}

/* Until the client goes away, the server ends, or its patience does: nobody releases a name that is none. */
static gboolean
keep_silent (Answer *self)
{
  return test_http_client_await (self->client, "");
}

static gboolean
answer_headers_only (Answer *self)
{
  return send_head (self, "200 OK", 1000) && keep_silent (self);
}

static gboolean
answer_closed (Answer *self)
{
  return FALSE;
}

static gboolean
answer_reset (Answer *self)
{
  test_http_client_reset (self->client);
  return FALSE;
}

static gboolean
answer_reset_after (Answer *self)
{
  gsize n = number (self, 1);

  if (send_head (self, "200 OK", n + 1000) && send_bytes (self, 0, n))
    test_http_client_reset (self->client);
  return FALSE;
}

static gboolean
answer_garbage (Answer *self)
{
  self->client->closing = TRUE;
  return send_text (self, "220 ftp.example.org ready\r\n\r\n\001\002\003");
}

static gboolean
answer_bad_chunk (Answer *self)
{
  self->client->closing = TRUE;
  return send_chunked_head (self) && send_text (self, "many\r\nabcdefgh\r\n");
}

static gboolean
answer_huge_headers (Answer *self)
{
  g_autofree char *filler = g_strnfill (1000 - strlen ("X-Filler-00000: \r\n"), 'x');
  gsize n = MIN (number (self, 1), 100000);
  gboolean good = send_text (self, "HTTP/1.1 200 OK\r\n");

  for (gsize i = 0; good && i < n; i++)
    good = send_format (self, "X-Filler-%05" G_GSIZE_FORMAT ": %s\r\n", i, filler);
  return good && send_text (self, "Content-Length: 8\r\n\r\n") && send_bytes (self, 0, 8);
}

static gboolean
answer_slow_headers (Answer *self)
{
  return send_text (self, "HTTP/1.1 200 OK\r\n") && test_http_client_await (self->client, word (self, 1)) &&
         send_text (self, "Content-Length: 8\r\n\r\n") && send_bytes (self, 0, 8);
}

static const struct
{
  const char *name;
  gboolean  (*answer) (Answer *self);
} answers[] = {
  { "plain", answer_plain },
  { "close", answer_close },
  { "until-close", answer_until_close },
  { "chunked", answer_chunked },
  { "slow", answer_slow },
  { "slow-chunked", answer_slow_chunked },
  { "held", answer_held },
  { "redirect", answer_redirect },
  { "redirect-to", answer_redirect_to },
  { "loop", answer_loop },
  { "status", answer_status },
  { "echo", answer_echo },
  { "request", answer_request },
  { "endless", answer_endless },
  { "announced", answer_announced },
  { "truncated-chunk", answer_truncated_chunk },
  { "headers-only", answer_headers_only },
  { "silent", keep_silent },
  { "closed", answer_closed },
  { "reset", answer_reset },
  { "reset-after", answer_reset_after },
  { "garbage", answer_garbage },
  { "bad-chunk", answer_bad_chunk },
  { "huge-headers", answer_huge_headers },
  { "slow-headers", answer_slow_headers },
  { "json", answer_json },
};

/* FALSE: the connection ends here and now. */
gboolean
test_http_answer (TestHttpClient        *client,
                  const TestHttpRequest *request)
{
  Answer self = { client, request };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    if (g_str_equal (word (&self, 0), answers[i].name))
      return answers[i].answer (&self);

  return send_whole (&self, "404 Not Found", "no such resource", strlen ("no such resource"));
}
