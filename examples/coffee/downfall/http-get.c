/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One bounded GET with libcurl, with its failures in words.
 *
 * A multi handle drives the one transfer, because only that can be woken from
 * another thread: a cancel ends the wait at once, also when no byte moves.
 */

#include "http-get.h"

#include <curl/curl.h>
#include <errno.h>

#include "demo-price-feed.h"

typedef struct
{
  CURL       *easy;
  GByteArray *body;
  gsize       max_size;      /* of the body, and of all headers together */
  gsize       header_size;
  gboolean    too_large;
} Transfer;

static long
get_status (CURL *easy)
{
  long status = 0;

  curl_easy_getinfo (easy, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

static size_t
header_cb (char   *data,
           size_t  size,
           size_t  n,
           void   *user_data)
{
  Transfer *transfer = user_data;

  transfer->header_size += size * n;
  return transfer->header_size <= transfer->max_size ? size * n : 0;
}

static size_t
body_cb (char   *data,
         size_t  size,
         size_t  n,
         void   *user_data)
{
  Transfer *transfer = user_data;

  /* The page that comes with a refusal is of no use: end the transfer. */
  if (get_status (transfer->easy) != 200)
    return 0;

  if (size * n > transfer->max_size - transfer->body->len)
    {
      transfer->too_large = TRUE;
      return 0;
    }

  g_byte_array_append (transfer->body, (const guint8 *) data, size * n);
  return size * n;
}

static gboolean
set_options (Transfer    *transfer,
             const char  *url,
             guint        timeout,
             GError     **error)
{
  CURL *easy = transfer->easy;
  CURLcode code = CURLE_OK;

#define SET(option, value) \
  G_STMT_START { \
    if (code == CURLE_OK) \
      code = curl_easy_setopt (easy, (option), (value)); \
  } G_STMT_END

  SET (CURLOPT_URL, url);
  SET (CURLOPT_PROTOCOLS_STR, "http,https");
  SET (CURLOPT_PROXY, "");
  SET (CURLOPT_FOLLOWLOCATION, 0L);
  SET (CURLOPT_NOSIGNAL, 1L);
  SET (CURLOPT_TIMEOUT_MS, (long) timeout);
  SET (CURLOPT_HEADERFUNCTION, header_cb);
  SET (CURLOPT_HEADERDATA, transfer);
  SET (CURLOPT_WRITEFUNCTION, body_cb);
  SET (CURLOPT_WRITEDATA, transfer);
#undef SET

  if (code == CURLE_OK)
    return TRUE;

  g_set_error (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_FAILED,
               "libcurl: %s", curl_easy_strerror (code));
  return FALSE;
}

static void
set_connect_error (CURL    *easy,
                   GError **error)
{
  long number = 0;

  curl_easy_getinfo (easy, CURLINFO_OS_ERRNO, &number);

  if (number == ECONNREFUSED)
    g_set_error_literal (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_UNREACHABLE,
                         "connection refused");
  else if (number != 0)
    g_set_error (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_UNREACHABLE,
                 "no connection: %s", g_strerror (number));
  else
    g_set_error_literal (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_UNREACHABLE,
                         "no connection");
}

static void
set_transfer_error (Transfer  *transfer,
                    CURLcode   code,
                    guint      timeout,
                    GError   **error)
{
  DemoPriceFeedError kind = DEMO_PRICE_FEED_ERROR_FAILED;
  const char *words;

  switch ((int) code)
    {
    case CURLE_COULDNT_CONNECT:
      set_connect_error (transfer->easy, error);
      return;

    case CURLE_OPERATION_TIMEDOUT:
      g_set_error (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_TIMED_OUT,
                   "no answer within %u ms", timeout);
      return;

    case CURLE_COULDNT_RESOLVE_HOST:
      kind = DEMO_PRICE_FEED_ERROR_UNREACHABLE;
      words = "host not found";
      break;

    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
      kind = DEMO_PRICE_FEED_ERROR_UNREACHABLE;
      words = "no trusted TLS connection";
      break;

    case CURLE_GOT_NOTHING:
      words = "the connection was closed without an answer";
      break;

    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      words = "the answer broke off";
      break;

    /* What is no HTTP at all passes for HTTP/0.9, which is refused as a protocol. */
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_WRITE_ERROR:
      words = "the answer is not HTTP";
      break;

    default:
      words = curl_easy_strerror (code);
      break;
    }

  g_set_error_literal (error, DEMO_PRICE_FEED_ERROR, kind, words);
}

static void
wake_up_cb (GCancellable *cancellable,
            gpointer      multi)
{
  curl_multi_wakeup (multi);
}

/* Runs the transfer to its end, or until @cancellable ends it. */
static CURLcode
drive (CURLM        *multi,
       GCancellable *cancellable)
{
  int running = 0;
  int n_left;
  CURLMsg *message;

  do
    {
      if (g_cancellable_is_cancelled (cancellable))
        return CURLE_ABORTED_BY_CALLBACK;
      if (curl_multi_perform (multi, &running) != CURLM_OK)
        return CURLE_FAILED_INIT;
      if (running > 0 && curl_multi_poll (multi, NULL, 0, G_MAXINT, NULL) != CURLM_OK)
        return CURLE_FAILED_INIT;
    }
  while (running > 0);

  message = curl_multi_info_read (multi, &n_left);
  return message != NULL ? message->data.result : CURLE_FAILED_INIT;
}

static CURLcode
perform (CURL         *easy,
         GCancellable *cancellable)
{
  CURLM *multi = curl_multi_init ();
  CURLcode code = CURLE_FAILED_INIT;
  gulong handler = 0;

  if (multi == NULL)
    return CURLE_OUT_OF_MEMORY;

  if (curl_multi_add_handle (multi, easy) == CURLM_OK)
    {
      if (cancellable != NULL)
        handler = g_cancellable_connect (cancellable, G_CALLBACK (wake_up_cb), multi, NULL);
      code = drive (multi, cancellable);
      /* Waits for a handler that runs just now. */
      g_cancellable_disconnect (cancellable, handler);
      curl_multi_remove_handle (multi, easy);
    }

  curl_multi_cleanup (multi);
  return code;
}

/* What was learnt of the answer says more than how the transfer ended. */
static gboolean
check_transfer (Transfer  *transfer,
                CURLcode   code,
                guint      timeout,
                GError   **error)
{
  long status = get_status (transfer->easy);

  if (code == CURLE_ABORTED_BY_CALLBACK)
    {
      g_set_error_literal (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_CANCELLED,
                           "cancelled");
      return FALSE;
    }

  if (status >= 200 && status != 200)
    {
      g_set_error (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_REFUSED,
                   "HTTP %ld", status);
      return FALSE;
    }

  if (transfer->too_large)
    {
      g_set_error (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_NOT_A_PRICE_LIST,
                   "not a price list: more than %" G_GSIZE_FORMAT " bytes", transfer->max_size);
      return FALSE;
    }

  if (code != CURLE_OK)
    {
      set_transfer_error (transfer, code, timeout, error);
      return FALSE;
    }

  return TRUE;
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

/* @timeout is for the whole request, in milliseconds; 0: none. */
GBytes *
http_get (const char    *url,
          guint          timeout,
          gsize          max_size,
          GCancellable  *cancellable,
          GError       **error)
{
  Transfer transfer = { .max_size = max_size };
  g_autoptr (GByteArray) body = g_byte_array_new ();
  gboolean ok;

  if (!check_url (url, error))
    return NULL;

  transfer.body = body;
  transfer.easy = curl_easy_init ();
  if (transfer.easy == NULL)
    {
      g_set_error_literal (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_FAILED,
                           "libcurl could not be started");
      return NULL;
    }

  ok = set_options (&transfer, url, timeout, error) &&
       check_transfer (&transfer, perform (transfer.easy, cancellable), timeout, error);
  curl_easy_cleanup (transfer.easy);

  return ok ? g_byte_array_free_to_bytes (g_steal_pointer (&body)) : NULL;
}
