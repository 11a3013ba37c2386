/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a status callback is told of HTTP requests, and in which order (WI-22 to
 * WI-32). Progress and the names of hosts are left out: they may come or not.
 */

#include "inet-fixture.h"

#define GET "CREATED CONNECTING CONNECTED SENDING SENT RECEIVING RECEIVED COMPLETE"

static void
send_and_complete (InetFixture        *fixture,
                   ConvokeInetRequest *request,
                   gsize               context)
{
  g_autoptr (GError) error = NULL;
  guint n = inet_fixture_count (fixture, context, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE);

  g_assert_cmpint (convoke_inet_request_send (request, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_no_error (error);
  g_assert_true (inet_fixture_complete (fixture, context, n + 1, &error));
  g_assert_no_error (error);
}

static void
close_request (InetFixture        *fixture,
               ConvokeInetRequest *request,
               gsize               context)
{
  g_assert_true (convoke_handle_close (CONVOKE_HANDLE (request), NULL));
  inet_fixture_await (fixture, context, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, 1);
}

static void
send_extended (InetFixture        *fixture,
               ConvokeInetRequest *request,
               gint64              total)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (convoke_inet_request_send_ex (request, NULL, total, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_no_error (error);
  g_assert_true (inet_fixture_complete (fixture, 2, 1, &error));
  g_assert_no_error (error);
}

static void
write_text (InetFixture        *fixture,
            ConvokeInetRequest *request,
            const char         *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (convoke_inet_file_write (CONVOKE_INET_FILE (request), bytes, &error), ==, CONVOKE_HANDLE_OUTCOME_DONE);
  g_assert_no_error (error);
}

static void
test_extended_post (InetFixture   *fixture,
                    gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_request (fixture, "POST", "/echo");
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-WI-1, WI-22 to WI-25: an extended post, step by step");

  send_extended (fixture, request, 10);
  inet_assert_order (fixture, 1, "CREATED");
  inet_assert_order (fixture, 2, "CREATED CONNECTING CONNECTED SENDING SENT COMPLETE");

  write_text (fixture, request, "hello");
  write_text (fixture, request, "world");
  g_assert_cmpint (convoke_inet_request_end (request, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_true (inet_fixture_complete (fixture, 2, 2, &error));
  g_assert_no_error (error);
  inet_assert_order (fixture, 2, "CREATED CONNECTING CONNECTED SENDING SENT COMPLETE "
                                 "SENDING SENT SENDING SENT RECEIVING RECEIVED COMPLETE");

  body = inet_fixture_read (fixture, request, &error);
  g_assert_no_error (error);
  g_assert_cmpmem ("helloworld", 10, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static void
test_threads (InetFixture   *fixture,
              gconstpointer  data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/plain/5");

  g_test_summary ("T-WI-1, WI-11, WI-22: created comes on the caller's thread, the rest on others");

  all = inet_fixture_dup_news (fixture);
  for (guint i = 0; i < all->len; i++)
    {
      InetNews *news = all->pdata[i];

      if (news->status == CONVOKE_HANDLE_STATUS_HANDLE_CREATED)
        g_assert_true (news->thread == g_thread_self ());
      else
        g_assert_true (news->thread != g_thread_self ());
    }
  g_assert_cmpuint (inet_fixture_count (fixture, 1, CONVOKE_HANDLE_STATUS_HANDLE_CREATED), ==, 1);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_HANDLE_CREATED), ==, 1);
}

static void
test_chunked_post (InetFixture   *fixture,
                   gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_request (fixture, "POST", "/echo");
  g_autoptr (GBytes) body = NULL;
  g_autofree char *head = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-23 to WI-25: an extended post whose length nobody knows goes in chunks");

  send_extended (fixture, request, -1);
  write_text (fixture, request, "hello");
  g_assert_cmpint (convoke_inet_request_end (request, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_true (inet_fixture_complete (fixture, 2, 2, &error));

  body = inet_fixture_read (fixture, request, &error);
  g_assert_no_error (error);
  g_assert_cmpmem ("hello", 5, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  head = test_http_dup_request (fixture->server, 0);
  g_assert_nonnull (strstr (head, "Transfer-Encoding: chunked"));
}

static void
test_simple_send (InetFixture   *fixture,
                  gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/plain/5");
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-26: a simple send is complete when the headers are there");

  inet_assert_order (fixture, 2, GET);
  g_assert_cmpuint (convoke_inet_request_query_status (request, &error), ==, 200);
  close_request (fixture, request, 2);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE), ==, 1);
}

static void
test_unknown_host (InetFixture   *fixture,
                   gconstpointer  data)
{
  g_autofree char *label = g_strnfill (64, 'x');
  g_autofree char *host = g_strconcat (label, ".invalid", NULL);
  g_autoptr (ConvokeInetConnection) connection = NULL;
  g_autoptr (ConvokeInetRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-WI-3, WI-28: a name that does not resolve: 12007; the end is cancelled, there are no headers");

  connection = convoke_inet_session_connect (fixture->session, host, 80, CONVOKE_INET_SERVICE_HTTP, NULL, NULL, 1, &error);
  g_assert_no_error (error);
  request = inet_fixture_open (connection, "POST", "/", 2);
  g_assert_cmpint (convoke_inet_request_send_ex (request, NULL, 5, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_false (inet_fixture_complete (fixture, 2, 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NAME_NOT_RESOLVED);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_INET), ==, 12007);
  g_assert_nonnull (strstr (error->message, host));
  inet_assert_order (fixture, 2, "CREATED COMPLETE");
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_RESOLVING_NAME), ==, 1);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_NAME_RESOLVED), ==, 0);

  g_clear_error (&error);
  g_assert_cmpuint (convoke_inet_request_query_status (request, &error), ==, 0);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_INET), ==, 12150);

  g_clear_error (&error);
  g_assert_cmpint (convoke_inet_request_end (request, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_false (inet_fixture_complete (fixture, 2, 2, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_INET), ==, 12017);
}

static void
test_refused (InetFixture   *fixture,
              gconstpointer  data)
{
  int keeper;
  guint16 port = test_http_closed_port (&keeper);
  g_autoptr (ConvokeInetConnection) connection = inet_fixture_connect (fixture, port, 1);
  g_autoptr (ConvokeInetRequest) request = inet_fixture_open (connection, "GET", "/", 2);
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-28: a port that refuses: connecting, then complete with 12029");

  g_assert_cmpint (convoke_inet_request_send (request, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_false (inet_fixture_complete (fixture, 2, 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANNOT_CONNECT);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_INET), ==, 12029);
  inet_assert_order (fixture, 2, "CREATED CONNECTING COMPLETE");
  close (keeper);
}

static void
test_redirect (InetFixture   *fixture,
               gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/redirect/1");
  g_autofree char *url = test_http_dup_url (fixture->server, "/redirect/0");
  g_autofree char *now = convoke_inet_request_dup_url (request);
  g_autoptr (GBytes) body = NULL;

  g_test_summary ("T-WI-11, WI-27: a redirect: told once, two groups, one completion");

  inet_assert_order (fixture, 2, "CREATED CONNECTING CONNECTED SENDING SENT RECEIVING RECEIVED REDIRECT "
                                 "SENDING SENT RECEIVING RECEIVED COMPLETE");
  g_assert_cmpstr (inet_fixture_await (fixture, 2, CONVOKE_HANDLE_STATUS_REDIRECT, 1)->text, ==, url);
  g_assert_cmpstr (now, ==, url);
  body = inet_fixture_read (fixture, request, NULL);
  inet_assert_body (body, 8);
}

static void
test_redirect_hops (InetFixture   *fixture,
                    gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/redirect/3");

  g_test_summary ("WI-27: a redirect is told once per hop, and there is one completion");

  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_REDIRECT), ==, 3);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_SENDING_REQUEST), ==, 4);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE), ==, 1);
  g_assert_cmpuint (convoke_inet_request_query_status (request, NULL), ==, 200);
}

static void
look_at_redirect (InetFixture    *fixture,
                  const InetNews *news)
{
  guint *status = fixture->data;

  if (news->context == 2 && news->status == CONVOKE_HANDLE_STATUS_REDIRECT)
    *status = convoke_inet_request_query_status (CONVOKE_INET_REQUEST (news->handle), NULL);
}

static void
test_redirect_headers (InetFixture   *fixture,
                       gconstpointer  data)
{
  guint status = 0;

  g_test_summary ("WI-27: during REDIRECT the redirecting answer can be asked for");

  fixture->hook = look_at_redirect;
  fixture->data = &status;
  g_object_unref (inet_fixture_get (fixture, "/redirect/1"));
  g_assert_cmpuint (status, ==, 302);
}

static void
close_at_redirect (InetFixture    *fixture,
                   const InetNews *news)
{
  if (news->context == 2 && news->status == CONVOKE_HANDLE_STATUS_REDIRECT)
    g_assert_true (convoke_handle_close (news->handle, NULL));
}

static void
test_stop_at_redirect (InetFixture   *fixture,
                      gconstpointer  data)
{
  g_autoptr (TestHttp) other = test_http_new ();
  g_autofree char *url = test_http_dup_url (other, "/plain/7");
  g_autofree char *escaped = g_uri_escape_string (url, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/redirect-to/", escaped, NULL);
  g_autoptr (ConvokeInetRequest) request = inet_fixture_request (fixture, "GET", path);
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-27: closing during REDIRECT stops there: nobody else is asked");

  fixture->hook = close_at_redirect;
  g_assert_cmpint (convoke_inet_request_send (request, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_false (inet_fixture_complete (fixture, 2, 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  inet_fixture_await (fixture, 2, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, 1);
  g_assert_cmpuint (test_http_get_n_requests (other), ==, 0);
}

static void
test_redirect_elsewhere (InetFixture   *fixture,
                         gconstpointer  data)
{
  g_autoptr (TestHttp) other = test_http_new ();
  g_autofree char *url = test_http_dup_url (other, "/plain/7");
  g_autofree char *escaped = g_uri_escape_string (url, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/redirect-to/", escaped, NULL);
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, path);
  g_autoptr (GBytes) body = inet_fixture_read (fixture, request, NULL);

  g_test_summary ("WI-27: a redirect to another server makes a connection of its own");

  inet_assert_body (body, 7);
  g_assert_cmpuint (test_http_get_n_requests (other), ==, 1);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_CONNECTED), ==, 2);
}

static void
test_no_redirect (InetFixture   *fixture,
                  gconstpointer  data)
{
  g_autoptr (ConvokeInetConnection) connection = inet_fixture_connect (fixture, test_http_get_port (fixture->server), 1);
  g_autoptr (ConvokeInetRequest) request = NULL;
  g_autofree char *place = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-27: with no-auto-redirect the redirecting answer is the answer");

  request = convoke_inet_connection_open_request (connection, "GET", "/redirect/1", CONVOKE_INET_REQUEST_NO_AUTO_REDIRECT, 2,
                                                  &error);
  send_and_complete (fixture, request, 2);
  inet_assert_order (fixture, 2, GET);
  g_assert_cmpuint (convoke_inet_request_query_status (request, &error), ==, 302);
  place = convoke_inet_request_query_header (request, "location", 0, &error);
  g_assert_cmpstr (place, ==, "/redirect/0");
}

static void
test_keep_alive (InetFixture   *fixture,
                 gconstpointer  data)
{
  g_autoptr (ConvokeInetConnection) connection = inet_fixture_connect (fixture, test_http_get_port (fixture->server), 1);
  g_autoptr (ConvokeInetRequest) first = inet_fixture_open (connection, "GET", "/plain/5", 2);
  g_autoptr (ConvokeInetRequest) second = inet_fixture_open (connection, "GET", "/plain/5", 3);
  g_autoptr (GBytes) body = NULL;

  g_test_summary ("T-WI-13, WI-23: a kept-alive connection is used again, without connecting");

  send_and_complete (fixture, first, 2);
  body = inet_fixture_read (fixture, first, NULL);
  inet_assert_body (body, 5);
  g_assert_true (convoke_handle_close (CONVOKE_HANDLE (first), NULL));

  send_and_complete (fixture, second, 3);
  inet_assert_order (fixture, 3, "CREATED SENDING SENT RECEIVING RECEIVED COMPLETE");
  g_assert_cmpuint (test_http_get_n_connections (fixture->server), ==, 1);
}

static void
test_connection_close (InetFixture   *fixture,
                       gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/close/5");
  g_autoptr (GBytes) body = inet_fixture_read (fixture, request, NULL);
  g_autofree char *order = NULL;

  g_test_summary ("T-WI-13, WI-31: connection: close ends in closing and closed, a pair, before the handle's end");

  inet_assert_body (body, 5);
  close_request (fixture, request, 2);
  order = inet_fixture_dup_order (fixture, 2);
  g_assert_nonnull (strstr (order, "HANGING-UP HUNG-UP"));
  g_assert_true (g_str_has_suffix (order, "CLOSING"));
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_CLOSING_CONNECTION), ==, 1);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_CONNECTION_CLOSED), ==, 1);
}

static void
test_read_at_once (InetFixture   *fixture,
                   gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/plain/5");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  guint64 available = 0;
  guint n;

  g_test_summary ("T-WI-9, WI-29: a read that succeeds at once gives no completion");

  if (convoke_inet_file_query_available (CONVOKE_INET_FILE (request), &available, &error) == CONVOKE_HANDLE_OUTCOME_PENDING)
    {
      const InetNews *news = inet_fixture_await (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, 2);

      available = g_value_get_uint64 (convoke_handle_result_get_value (news->result));
    }
  g_assert_no_error (error);
  g_assert_cmpuint (available, ==, 5);

  n = inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE);
  g_assert_cmpint (convoke_inet_file_read (CONVOKE_INET_FILE (request), 100, &bytes, &error), ==, CONVOKE_HANDLE_OUTCOME_DONE);
  inet_assert_body (bytes, 5);
  close_request (fixture, request, 2);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE), ==, n);
}

static void
test_read_pending (InetFixture   *fixture,
                   gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/slow/tea/1/10");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  const InetNews *news;

  g_test_summary ("WI-29: a read of what is not there yet is pending, and completes when it comes");

  g_assert_cmpint (convoke_inet_file_read (CONVOKE_INET_FILE (request), 100, &bytes, &error), ==,
                   CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_null (bytes);
  test_http_release (fixture->server, "tea", 1);
  news = inet_fixture_await (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, 2);
  g_assert_true (convoke_handle_result_check (news->result, &error));
  inet_assert_body (g_value_get_boxed (convoke_handle_result_get_value (news->result)), 10);
}

static void
test_read_no_wait (InetFixture   *fixture,
                   gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/slow/tea/1/10");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-29: told not to wait, a read of what is not there yet gives nothing, at once");

  g_assert_cmpint (convoke_inet_file_read_ex (CONVOKE_INET_FILE (request), 100, CONVOKE_INET_READ_NO_WAIT, &bytes, &error), ==,
                   CONVOKE_HANDLE_OUTCOME_DONE);
  g_assert_no_error (error);
  g_assert_true (bytes == NULL || g_bytes_get_size (bytes) == 0);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE), ==, 1);
}

static void
test_query_too_early (InetFixture   *fixture,
                      gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_request (fixture, "POST", "/echo");
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-WI-15, WI-38: headers are not asked for between an extended send and its end: 12019");

  send_extended (fixture, request, 5);
  g_assert_cmpuint (convoke_inet_request_query_status (request, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_STATE);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_INET), ==, 12019);
}

static void
test_states (InetFixture   *fixture,
             gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_request (fixture, "GET", "/plain/5");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GBytes) read = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-38: end, write and read before a send are the wrong state: 12019; headers are not there");

  g_assert_cmpint (convoke_inet_request_end (request, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_STATE);
  g_clear_error (&error);
  g_assert_cmpint (convoke_inet_file_write (CONVOKE_INET_FILE (request), bytes, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_STATE);
  g_clear_error (&error);
  g_assert_cmpint (convoke_inet_file_read (CONVOKE_INET_FILE (request), 1, &read, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_STATE);
  g_clear_error (&error);
  g_assert_cmpuint (convoke_inet_request_query_status (request, &error), ==, 0);
  g_assert_nonnull (error);
  inet_assert_order (fixture, 2, "CREATED");
}

static void
test_sent_again (InetFixture   *fixture,
                 gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/plain/5");
  g_autoptr (GBytes) body = NULL;

  g_test_summary ("WI-39: a request can be sent again; what was left of its first answer is dropped");

  send_and_complete (fixture, request, 2);
  body = inet_fixture_read (fixture, request, NULL);
  inet_assert_body (body, 5);
  g_assert_cmpuint (test_http_get_n_requests (fixture->server), ==, 2);
}

#define ADD(path, func) \
  g_test_add ("/inet/orders/" path, InetFixture, NULL, inet_fixture_set_up, func, inet_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("extended-post", test_extended_post);
  ADD ("threads", test_threads);
  ADD ("chunked-post", test_chunked_post);
  ADD ("simple-send", test_simple_send);
  ADD ("unknown-host", test_unknown_host);
  ADD ("refused", test_refused);
  ADD ("redirect", test_redirect);
  ADD ("redirect-hops", test_redirect_hops);
  ADD ("redirect-headers", test_redirect_headers);
  ADD ("redirect-elsewhere", test_redirect_elsewhere);
  ADD ("no-redirect", test_no_redirect);
  ADD ("stop-at-redirect", test_stop_at_redirect);
  ADD ("keep-alive", test_keep_alive);
  ADD ("connection-close", test_connection_close);
  ADD ("read-at-once", test_read_at_once);
  ADD ("read-pending", test_read_pending);
  ADD ("read-no-wait", test_read_no_wait);
  ADD ("query-too-early", test_query_too_early);
  ADD ("states", test_states);
  ADD ("sent-again", test_sent_again);

  return g_test_run ();
}
