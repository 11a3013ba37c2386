/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sessions, connections and requests as handles: closing, context values, several at once. */

#include "inet-fixture.h"

/* A request of a connection that the test has, too, which the server holds back. */
static ConvokeInetRequest *
send_held (InetFixture            *fixture,
           ConvokeInetConnection **connection)
{
  ConvokeInetRequest *request;
  g_autoptr (GError) error = NULL;

  *connection = inet_fixture_connect (fixture, test_http_get_port (fixture->server), 1);
  request = inet_fixture_open (*connection, "GET", "/held/tea/5", 2);
  g_assert_cmpint (convoke_inet_request_send (request, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_no_error (error);
  g_assert_true (test_http_wait_requests (fixture->server, 1));
  return request;
}

static void
assert_invalid (ConvokeInetRequest *request)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (convoke_inet_request_query_status (request, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_INET), ==, 6);
}

static void
query_when_cut (InetFixture    *fixture,
                const InetNews *news)
{
  if (news->status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    assert_invalid (CONVOKE_INET_REQUEST (news->handle));
}

static void
test_close_session (InetFixture   *fixture,
                    gconstpointer  data)
{
  g_autoptr (ConvokeInetConnection) connection = NULL;
  g_autoptr (ConvokeInetRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-WI-5, WI-4, WI-33: closing the session cuts a send; all below it is invalid at once");

  fixture->hook = query_when_cut;
  request = send_held (fixture, &connection);
  g_assert_true (convoke_handle_close (CONVOKE_HANDLE (fixture->session), &error));
  assert_invalid (request);
  g_assert_false (convoke_handle_close (CONVOKE_HANDLE (request), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE);
  g_clear_error (&error);
  g_assert_false (convoke_handle_close (CONVOKE_HANDLE (connection), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE);

  g_clear_error (&error);
  g_assert_false (inet_fixture_complete (fixture, 2, 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  inet_fixture_await (fixture, 1, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, 1);
  g_assert_true (test_http_wait_open (fixture->server, 0));
}

static void
test_closing_order (InetFixture   *fixture,
                    gconstpointer  data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (ConvokeInetConnection) connection = NULL;
  g_autoptr (ConvokeInetRequest) request = NULL;
  guint of_request = 0;
  guint of_connection = 0;

  g_test_summary ("WI-32, WI-36: of a connection that is closed the request says closing first, each of them last");

  request = send_held (fixture, &connection);
  g_assert_true (convoke_handle_close (CONVOKE_HANDLE (connection), NULL));
  inet_fixture_await (fixture, 1, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, 1);
  inet_fixture_await (fixture, 2, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, 1);
  all = inet_fixture_dup_news (fixture);
  for (guint i = 0; i < all->len; i++)
    {
      InetNews *news = all->pdata[i];

      *(news->context == 1 ? &of_connection : &of_request) = i;
    }
  g_assert_cmpuint (of_request, <, of_connection);
  g_assert_cmpuint (inet_fixture_count (fixture, 1, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING), ==, 1);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING), ==, 1);
}

static void
close_at_complete (InetFixture    *fixture,
                   const InetNews *news)
{
  if (news->status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    g_assert_true (convoke_handle_close (news->handle, NULL));
}

static void
test_close_inside (InetFixture   *fixture,
                   gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = NULL;

  g_test_summary ("T-WI-21, WI-10: closing the handle inside of its completion is safe, and closing comes last");

  fixture->hook = close_at_complete;
  request = inet_fixture_get (fixture, "/slow/tea/1/10");
  inet_fixture_await (fixture, 2, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, 1);
  assert_invalid (request);
  g_assert_true (test_http_wait_open (fixture->server, 0));
}

static void
read_at_complete (InetFixture    *fixture,
                  const InetNews *news)
{
  g_autoptr (GBytes) bytes = NULL;

  if (news->status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE && fixture->data == NULL)
    {
      fixture->data = fixture;
      g_assert_cmpint (convoke_inet_file_read (CONVOKE_INET_FILE (news->handle), 10, &bytes, NULL), ==,
                       CONVOKE_HANDLE_OUTCOME_PENDING);
      test_http_release (fixture->server, "tea", 1);
    }
}

static void
test_begin_inside (InetFixture   *fixture,
                   gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = NULL;
  const InetNews *news;

  g_test_summary ("WI-20: a read that is begun inside of a completion has a later completion of its own");

  fixture->hook = read_at_complete;
  request = inet_fixture_get (fixture, "/slow/tea/1/10");
  news = inet_fixture_await (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, 2);
  inet_assert_body (g_value_get_boxed (convoke_handle_result_get_value (news->result)), 10);
}

static void
test_open_url (InetFixture   *fixture,
               gconstpointer  data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autofree char *url = test_http_dup_url (fixture->server, "/plain/5");
  g_autoptr (ConvokeInetRequest) request = NULL;
  ConvokeInetRequest *given;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  const InetNews *news;

  g_test_summary ("T-WI-7, WI-30: an address is opened: the request is what its completion gives; nothing else closes with it");

  g_assert_cmpint (convoke_inet_session_open_url (fixture->session, url, NULL, CONVOKE_INET_REQUEST_NONE, 3, &request, &error),
                   ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_no_error (error);
  g_assert_null (request);
  news = inet_fixture_await (fixture, 3, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, 1);
  given = g_value_get_object (convoke_handle_result_get_value (news->result));
  g_assert_true (CONVOKE_INET_IS_REQUEST (given));
  g_assert_true (inet_fixture_await (fixture, 3, CONVOKE_HANDLE_STATUS_HANDLE_CREATED, 1)->handle == CONVOKE_HANDLE (given));
  g_assert_cmpuint (convoke_inet_request_query_status (given, &error), ==, 200);
  body = inet_fixture_read (fixture, given, &error);
  inet_assert_body (body, 5);

  g_assert_true (convoke_handle_close (CONVOKE_HANDLE (given), NULL));
  inet_fixture_await (fixture, 3, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, 1);
  all = inet_fixture_dup_news (fixture);
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpuint (((InetNews *) all->pdata[i])->context, ==, 3);
}

static void
test_no_context (InetFixture   *fixture,
                 gconstpointer  data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (ConvokeInetConnection) connection = inet_fixture_connect (fixture, test_http_get_port (fixture->server), 0);
  g_autoptr (ConvokeInetRequest) request = inet_fixture_open (connection, "GET", "/plain/5", 0);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-WI-17, WI-14, P-10: without a context value it is synchronous and silent, also in an asynchronous session");

  g_assert_cmpint (convoke_inet_request_send (request, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_DONE);
  g_assert_no_error (error);
  body = inet_fixture_read (fixture, request, &error);
  inet_assert_body (body, 5);
  g_assert_true (convoke_handle_close (CONVOKE_HANDLE (connection), NULL));
  all = inet_fixture_dup_news (fixture);
  g_assert_cmpuint (all->len, ==, 0);
}

static void
test_synchronous (InetFixture   *fixture,
                  gconstpointer  data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (ConvokeInetRequest) request = inet_fixture_request (fixture, "GET", "/plain/5");
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-12, WI-16: a synchronous session blocks, and reports on the calling thread");

  g_assert_cmpint (convoke_inet_request_send (request, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_DONE);
  g_assert_no_error (error);
  body = inet_fixture_read (fixture, request, &error);
  inet_assert_body (body, 5);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_RECEIVING_RESPONSE), >=, 1);
  all = inet_fixture_dup_news (fixture);
  for (guint i = 0; i < all->len; i++)
    g_assert_true (((InetNews *) all->pdata[i])->thread == g_thread_self ());
}

static void
test_synchronous_fails (InetFixture   *fixture,
                        gconstpointer  data)
{
  int keeper;
  guint16 port = test_http_closed_port (&keeper);
  g_autoptr (ConvokeInetConnection) connection = inet_fixture_connect (fixture, port, 1);
  g_autoptr (ConvokeInetRequest) request = inet_fixture_open (connection, "GET", "/", 2);
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-28: on a synchronous handle a port that refuses is the error of send");

  g_assert_cmpint (convoke_inet_request_send (request, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANNOT_CONNECT);
  close (keeper);
}

static void
test_no_callback (InetFixture   *fixture,
                  gconstpointer  data)
{
  g_autoptr (ConvokeInetConnection) connection = NULL;
  g_autoptr (ConvokeInetRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-WI-23, WI-14: nothing is pending where nobody would be told of its end: 12025");

  g_assert_true (convoke_handle_set_status_callback (CONVOKE_HANDLE (fixture->session), NULL, NULL, NULL, &error));
  connection = inet_fixture_connect (fixture, test_http_get_port (fixture->server), 1);
  request = inet_fixture_open (connection, "GET", "/plain/5", 2);
  g_assert_cmpint (convoke_inet_request_send (request, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_INET), ==, 12025);
  g_assert_cmpuint (test_http_get_n_requests (fixture->server), ==, 0);
}

static void
test_two_reads (InetFixture   *fixture,
                gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/slow/tea/1/10");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  const InetNews *news;

  g_test_summary ("T-WI-23, WI-18, P-8: of two reads at once the second is refused: 12026; the first completes");

  g_assert_cmpint (convoke_inet_file_read (CONVOKE_INET_FILE (request), 10, &bytes, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_cmpint (convoke_inet_file_read (CONVOKE_INET_FILE (request), 10, &bytes, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_INET), ==, 12026);
  test_http_release (fixture->server, "tea", 1);
  news = inet_fixture_await (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, 2);
  inet_assert_body (g_value_get_boxed (convoke_handle_result_get_value (news->result)), 10);
}

static void
test_two_shops (InetFixture   *fixture,
                gconstpointer  data)
{
  g_autoptr (TestHttp) other = test_http_new ();
  g_autoptr (ConvokeInetConnection) downfall = inet_fixture_connect (fixture, test_http_get_port (fixture->server), 1);
  g_autoptr (ConvokeInetConnection) fourth = inet_fixture_connect (fixture, test_http_get_port (other), 2);
  g_autoptr (ConvokeInetRequest) first = inet_fixture_open (downfall, "GET", "/held/prices/10", 3);
  g_autoptr (ConvokeInetRequest) second = inet_fixture_open (fourth, "GET", "/held/prices/10", 4);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-WI-19, WI-41: two shops are asked at once, and taken in the order in which they answer");

  g_assert_cmpint (convoke_inet_request_send (first, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_cmpint (convoke_inet_request_send (second, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_true (test_http_wait_requests (fixture->server, 1));
  g_assert_true (test_http_wait_requests (other, 1));

  test_http_release (other, "prices", 1);
  g_assert_true (inet_fixture_complete (fixture, 4, 1, &error));
  body = inet_fixture_read (fixture, second, &error);
  inet_assert_body (body, 10);
  g_assert_cmpuint (inet_fixture_count (fixture, 3, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE), ==, 0);

  test_http_release (fixture->server, "prices", 1);
  g_assert_true (inet_fixture_complete (fixture, 3, 1, &error));
}

static void
test_connection_outlived (InetFixture   *fixture,
                          gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/plain/5");
  g_autoptr (GBytes) body = NULL;

  g_test_summary ("WI-5: a request keeps the connection and the session that it is of");

  body = inet_fixture_read (fixture, request, NULL);
  inet_assert_body (body, 5);
  g_assert_cmpuint (inet_fixture_count (fixture, 1, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING), ==, 0);
}

static void
test_dropped (InetFixture   *fixture,
              gconstpointer  data)
{
  ConvokeInetConnection *connection;
  ConvokeInetRequest *request = send_held (fixture, &connection);

  g_test_summary ("A request that the program drops while it is pending says its end all the same");

  g_object_unref (request);
  g_object_unref (connection);
  test_http_release (fixture->server, "tea", 1);
  inet_fixture_await (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, 1);
}

static void
test_many (InetFixture   *fixture,
           gconstpointer  data)
{
  g_autoptr (ConvokeInetConnection) connection = inet_fixture_connect (fixture, test_http_get_port (fixture->server), 1);
  g_autoptr (GPtrArray) requests = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Forty requests at once, a third of them closed in the middle: each completes once, and closes once");

  for (gsize i = 0; i < 40; i++)
    {
      ConvokeInetRequest *request = inet_fixture_open (connection, "GET", "/held/tea/5", 10 + i);

      g_ptr_array_add (requests, request);
      g_assert_cmpint (convoke_inet_request_send (request, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
    }
  for (gsize i = 0; i < 40; i += 3)
    g_assert_true (convoke_handle_close (requests->pdata[i], &error));
  test_http_release (fixture->server, "tea", 40);

  for (gsize i = 0; i < 40; i++)
    {
      g_autoptr (GError) cause = NULL;

      g_assert_true (inet_fixture_complete (fixture, 10 + i, 1, &cause) == (i % 3 != 0) ||
                     g_error_matches (cause, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED));
    }
  g_assert_true (convoke_handle_close (CONVOKE_HANDLE (connection), NULL));
  for (gsize i = 0; i < 40; i++)
    inet_fixture_await (fixture, 10 + i, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, 1);
  for (gsize i = 0; i < 40; i++)
    g_assert_cmpuint (inet_fixture_count (fixture, 10 + i, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE), ==, 1);
}

#define ADD(path, kind, func) \
  g_test_add ("/inet/handles/" path, InetFixture, kind, inet_fixture_set_up, func, inet_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("close-session", NULL, test_close_session);
  ADD ("closing-order", NULL, test_closing_order);
  ADD ("close-inside", NULL, test_close_inside);
  ADD ("begin-inside", NULL, test_begin_inside);
  ADD ("open-url", NULL, test_open_url);
  ADD ("no-context", NULL, test_no_context);
  ADD ("synchronous", "sync", test_synchronous);
  ADD ("synchronous-fails", "sync", test_synchronous_fails);
  ADD ("no-callback", NULL, test_no_callback);
  ADD ("two-reads", NULL, test_two_reads);
  ADD ("two-shops", NULL, test_two_shops);
  ADD ("connection-outlived", NULL, test_connection_outlived);
  ADD ("dropped", NULL, test_dropped);
  ADD ("many", NULL, test_many);

  return g_test_run ();
}
