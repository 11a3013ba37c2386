/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One bounded GET with the handles of ConvokeInet, with its failures in words
 * and its progress told to the caller. The session is synchronous; a cancel
 * closes it from another thread, which ends whatever blocks.
 */

#include "http-get.h"

#include <convoke-inet.h>

#include "demo-price-feed.h"

#define BLOCK (16 * 1024)  /* bytes */

typedef struct
{
  ConvokeInetSession *session;   /* (owned) */
  ConvokeInetRequest *request;   /* (owned) (nullable): once there is an answer */
  ConvokeCallContext *context;   /* (owned) (nullable): of the caller, where progress is told */
  guint               timeout;   /* milliseconds, 0: none */
  gint64              end;       /* when that is over */
  gsize               max_size;
  guint64             total;     /* bytes, 0: not known */
} Transfer;

static void
transfer_clear (Transfer *self)
{
  /* What is open of it ends here. */
  if (self->session != NULL)
    convoke_handle_close (CONVOKE_HANDLE (self->session), NULL);
  g_clear_object (&self->session);
  g_clear_object (&self->request);
  g_clear_object (&self->context);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Transfer, transfer_clear)

/* How a handle fails, in the words of shops. */
static GError *
in_words (Transfer     *self,
          const GError *error,
          const char   *url)
{
  static const struct
  {
    ConvokeError        theirs;
    DemoPriceFeedError  ours;
    const char         *words;
  } failures[] = {
    { CONVOKE_ERROR_NAME_NOT_RESOLVED, DEMO_PRICE_FEED_ERROR_UNREACHABLE, "host not found" },
    { CONVOKE_ERROR_CANCELLED,         DEMO_PRICE_FEED_ERROR_CANCELLED,   "cancelled" },
    { CONVOKE_ERROR_INVALID_HANDLE,    DEMO_PRICE_FEED_ERROR_CANCELLED,   "cancelled" },
    { CONVOKE_ERROR_PROTOCOL,          DEMO_PRICE_FEED_ERROR_FAILED,      "the answer is not HTTP" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    if (g_error_matches (error, CONVOKE_ERROR, failures[i].theirs))
      return g_error_new_literal (DEMO_PRICE_FEED_ERROR, failures[i].ours, failures[i].words);

  if (g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT))
    return g_error_new (DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_TIMED_OUT, "no answer within %u ms", self->timeout);
  if (g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_CANNOT_CONNECT))
    return g_error_new_literal (DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_UNREACHABLE,
                                g_str_has_prefix (url, "https:") ? "no trusted TLS connection" : "connection refused");
  if (g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED))
    return g_error_new_literal (DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_FAILED,
                                self->request != NULL ? "the answer broke off" : "the connection was closed without an answer");
  return g_error_new_literal (DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_FAILED, error->message);
}

/* The time-out is for the whole: each operation has what is left of it. */
static void
set_time_left (Transfer      *self,
               ConvokeHandle *handle)
{
  if (self->timeout > 0)
    convoke_handle_set_timeout (handle, MAX (1, self->end - g_get_monotonic_time ()));
}

static gboolean
open_url (Transfer    *self,
          const char  *url,
          GError     **error)
{
  g_autofree char *length = NULL;

  set_time_left (self, CONVOKE_HANDLE (self->session));
  if (convoke_inet_session_open_url (self->session, url, NULL, CONVOKE_INET_REQUEST_NO_AUTO_REDIRECT, 0, &self->request,
                                     error) != CONVOKE_HANDLE_OUTCOME_DONE)
    return FALSE;

  length = convoke_inet_request_query_header (self->request, "Content-Length", 0, NULL);
  self->total = length != NULL ? g_ascii_strtoull (length, NULL, 10) : 0;
  return TRUE;
}

static gboolean
check_status (Transfer    *self,
              const char  *url,
              GError     **error)
{
  g_autoptr (GError) cause = NULL;
  guint status = convoke_inet_request_query_status (self->request, &cause);

  /* A cancel can have closed it by now. */
  if (cause != NULL)
    g_propagate_error (error, in_words (self, cause, url));
  else if (status != 200)
    g_set_error (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_REFUSED, "HTTP %u", status);
  return status == 200;
}

static void
report (Transfer *self,
        guint64   done)
{
  if (self->context != NULL)
    convoke_call_context_report_amount (self->context, done, self->total, "bytes");
}

/* TRUE with @n 0: that was all. */
static gboolean
read_block (Transfer    *self,
            GByteArray  *body,
            gsize       *n,
            GError     **error)
{
  g_autoptr (GBytes) bytes = NULL;

  set_time_left (self, CONVOKE_HANDLE (self->request));
  if (convoke_inet_file_read (CONVOKE_INET_FILE (self->request), BLOCK, &bytes, error) != CONVOKE_HANDLE_OUTCOME_DONE)
    return FALSE;

  *n = g_bytes_get_size (bytes);
  g_byte_array_append (body, g_bytes_get_data (bytes, NULL), *n);
  report (self, body->len);
  return TRUE;
}

static GBytes *
read_body (Transfer    *self,
           const char  *url,
           GError     **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GError) cause = NULL;
  gsize n = 1;

  while (n > 0 && body->len <= self->max_size)
    if (!read_block (self, body, &n, &cause))
      {
        g_propagate_error (error, in_words (self, cause, url));
        return NULL;
      }

  if (body->len <= self->max_size)
    return g_byte_array_free_to_bytes (g_steal_pointer (&body));

  g_set_error (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_NOT_A_PRICE_LIST,
               "not a price list: more than %" G_GSIZE_FORMAT " bytes", self->max_size);
  return NULL;
}

static GBytes *
run (Transfer    *self,
     const char  *url,
     GError     **error)
{
  g_autoptr (GError) cause = NULL;

  if (!open_url (self, url, &cause))
    {
      g_propagate_error (error, in_words (self, cause, url));
      return NULL;
    }

  return check_status (self, url, error) ? read_body (self, url, error) : NULL;
}

static gboolean
check_url (const char  *url,
           GError     **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  if (uri != NULL &&
      (g_str_equal (g_uri_get_scheme (uri), "http") || g_str_equal (g_uri_get_scheme (uri), "https")) &&
      g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0')
    return TRUE;

  g_set_error (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_UNREACHABLE,
               "not an HTTP address: \"%s\"", url);
  return FALSE;
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      session)
{
  convoke_handle_close (session, NULL);
}

/* @timeout is for the whole request, in milliseconds; 0: none. */
GBytes *
http_get (const char    *url,
          guint          timeout,
          gsize          max_size,
          GCancellable  *cancellable,
          GError       **error)
{
  g_auto (Transfer) self = { NULL, };
  GBytes *body;
  gulong handler = 0;

  if (!check_url (url, error))
    return NULL;

  self.session = convoke_inet_session_new ("Downfall", FALSE, error);
  if (self.session == NULL)
    return NULL;

  self.context = convoke_call_context_dup_current (NULL);
  self.timeout = timeout;
  self.end = g_get_monotonic_time () + timeout * G_TIME_SPAN_MILLISECOND;
  self.max_size = max_size;
  convoke_inet_session_set_proxy (self.session, "");

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), g_object_ref (self.session), g_object_unref);
  body = run (&self, url, error);
  /* Waits for a handler that runs just now. */
  g_cancellable_disconnect (cancellable, handler);
  return body;
}
