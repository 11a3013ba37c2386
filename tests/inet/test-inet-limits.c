/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What is bounded, what stays where it is meant for, and what the rest of the
 * functions does.
 */

#include "inet-fixture.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/wait.h>

#include "test-child.h"

/* Bytes that the page promises to be read ahead or written ahead, and one of libcurl's own pieces. */
#define AHEAD (256 * 1024 + 64 * 1024)

static guint
count_complete (InetFixture *fixture)
{
  return inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE);
}

/* Waits where it is pending: @before is the count of completions before. */
static gboolean
settle (InetFixture           *fixture,
        guint                  before,
        ConvokeHandleOutcome   outcome,
        GError               **error)
{
  if (outcome != CONVOKE_HANDLE_OUTCOME_PENDING)
    return outcome == CONVOKE_HANDLE_OUTCOME_DONE;

  return inet_fixture_complete (fixture, 2, before + 1, error);
}

static void
send_and_settle (InetFixture         *fixture,
                 ConvokeInetRequest  *request,
                 const char          *headers,
                 GBytes              *body,
                 GError             **error)
{
  guint before = count_complete (fixture);
  ConvokeHandleOutcome outcome = convoke_inet_request_send (request, headers, body, error);

  settle (fixture, before, outcome, error);
}

static char *
read_text (InetFixture        *fixture,
           ConvokeInetRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = inet_fixture_read (fixture, request, &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static void
test_read_ahead (InetFixture   *fixture,
                 gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/endless");

  g_test_summary ("Of a body that never ends no more is read ahead than is said");

  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      guint before = count_complete (fixture);
      guint64 available = 0;
      guint now;

      g_assert_true (settle (fixture, before, convoke_inet_file_read (CONVOKE_INET_FILE (request), 10000, &bytes, &error), &error));
      g_assert_no_error (error);
      now = count_complete (fixture);
      if (convoke_inet_file_query_available (CONVOKE_INET_FILE (request), &available, NULL) == CONVOKE_HANDLE_OUTCOME_PENDING)
        g_assert_true (inet_fixture_complete (fixture, 2, now + 1, NULL));
      g_assert_cmpuint (available, <=, AHEAD);
    }
}

/* Takes connections, and nothing from them. */
static GSocket *
listen_deaf (guint16 *port)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) host = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (host, 0);
  g_autoptr (GSocketAddress) address = NULL;

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL));
  g_assert_true (g_socket_listen (socket, NULL));
  address = g_socket_get_local_address (socket, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));

  return g_steal_pointer (&socket);
}

static void
test_write_ahead (InetFixture   *fixture,
                  gconstpointer  data)
{
  guint16 port;
  g_autoptr (GSocket) deaf = listen_deaf (&port);
  g_autoptr (ConvokeInetConnection) connection = inet_fixture_connect (fixture, port, 1);
  g_autoptr (ConvokeInetRequest) request = inet_fixture_open (connection, "POST", "/", 2);
  g_autoptr (GBytes) part = g_bytes_new_take (g_malloc0 (100000), 100000);
  g_autoptr (GError) error = NULL;
  ConvokeHandleOutcome outcome = CONVOKE_HANDLE_OUTCOME_DONE;
  guint n = 0;

  g_test_summary ("A server that reads nothing stops who writes, and closing ends that (WI-33)");

  g_assert_true (settle (fixture, 0, convoke_inet_request_send_ex (request, NULL, -1, &error), &error));
  for (; outcome == CONVOKE_HANDLE_OUTCOME_DONE && n < 1000; n++)
    outcome = convoke_inet_file_write (CONVOKE_INET_FILE (request), part, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, CONVOKE_HANDLE_OUTCOME_PENDING);

  g_assert_true (convoke_handle_close (CONVOKE_HANDLE (request), NULL));
  g_assert_false (inet_fixture_complete (fixture, 2, 2, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
}

static void
test_write_amount (InetFixture   *fixture,
                   gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_request (fixture, "POST", "/echo");
  g_autoptr (GBytes) half = g_bytes_new ("hot", 3);
  g_autoptr (GBytes) more = g_bytes_new ("lemonade", 8);
  g_autoptr (GError) error = NULL;
  g_autofree char *body = NULL;

  g_test_summary ("No more is written than was announced, and no less is ended");

  g_assert_true (settle (fixture, 0, convoke_inet_request_send_ex (request, NULL, 6, &error), &error));
  g_assert_true (settle (fixture, 1, convoke_inet_file_write (CONVOKE_INET_FILE (request), half, &error), &error));
  g_assert_cmpint (convoke_inet_file_write (CONVOKE_INET_FILE (request), more, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_cmpint (convoke_inet_request_end (request, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_STATE);
  g_clear_error (&error);

  g_assert_true (settle (fixture, 1, convoke_inet_file_write (CONVOKE_INET_FILE (request), half, &error), &error));
  g_assert_true (settle (fixture, 1, convoke_inet_request_end (request, &error), &error));
  body = read_text (fixture, request);
  g_assert_cmpstr (body, ==, "hothot");
}

static void
test_secrets (InetFixture   *fixture,
              gconstpointer  data)
{
  g_autoptr (TestHttp) other = test_http_new ();
  g_autofree char *url = test_http_dup_url (other, "/plain/3");
  g_autofree char *escaped = g_uri_escape_string (url, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/redirect-to/", escaped, NULL);
  g_autoptr (ConvokeInetConnection) connection =
    convoke_inet_session_connect (fixture->session, "127.0.0.1", test_http_get_port (fixture->server),
                                  CONVOKE_INET_SERVICE_HTTP, "ann", "secret", 1, NULL);
  g_autoptr (ConvokeInetRequest) request = inet_fixture_open (connection, "GET", path, 2);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_test_summary ("What was meant for one host does not travel to another with a redirect; what is harmless does");

  send_and_settle (fixture, request, "Cookie: key=1\r\nX-Tea: green", NULL, &error);
  g_assert_no_error (error);
  first = test_http_dup_request (fixture->server, 0);
  second = test_http_dup_request (other, 0);
  g_assert_nonnull (strstr (first, "Authorization: Basic "));
  g_assert_nonnull (strstr (first, "Cookie: key=1"));
  g_assert_null (strstr (second, "Authorization"));
  g_assert_null (strstr (second, "Cookie"));
  g_assert_nonnull (strstr (second, "X-Tea: green"));
}

static void
test_proxy (InetFixture   *fixture,
            gconstpointer  data)
{
  g_autofree char *proxy = test_http_dup_url (fixture->server, "");
  g_autoptr (ConvokeInetRequest) request = NULL;
  g_autoptr (ConvokeInetConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A session's proxy is asked for hosts that are nowhere; without one of its own the environment's is");

  convoke_inet_session_set_proxy (fixture->session, proxy);
  connection = convoke_inet_session_connect (fixture->session, "nowhere.invalid", 0, CONVOKE_INET_SERVICE_HTTP, NULL, NULL, 1, NULL);
  request = inet_fixture_open (connection, "GET", "/plain/3", 2);
  send_and_settle (fixture, request, NULL, NULL, &error);
  /* The server is no proxy and hangs up; but it was asked, and no name was looked up. */
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_assert_cmpuint (test_http_get_n_connections (fixture->server), >, 0);
  g_clear_error (&error);
  g_clear_object (&request);

  convoke_inet_session_set_proxy (fixture->session, NULL);
  request = inet_fixture_open (connection, "GET", "/plain/3", 2);
  send_and_settle (fixture, request, NULL, NULL, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANNOT_CONNECT);
}

static void
test_connect_timeout (InetFixture   *fixture,
                      gconstpointer  data)
{
  guint16 port;
  g_autoptr (GSocket) deaf = listen_deaf (&port);
  g_autoptr (ConvokeInetConnection) connection = inet_fixture_connect (fixture, port, 1);
  g_autoptr (ConvokeInetRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-1: a connection that does not come about in the session's time is TIMEOUT");

  convoke_inet_session_set_connect_timeout (fixture->session, 50 * 1000);
  request = convoke_inet_connection_open_request (connection, "GET", "/", CONVOKE_INET_REQUEST_SECURE, 2, &error);
  send_and_settle (fixture, request, NULL, NULL, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

static void
test_headers (InetFixture   *fixture,
              gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_request (fixture, "GET", "/request");
  g_autoptr (GError) error = NULL;
  g_autofree char *head = NULL;

  g_test_summary ("Headers are added, replaced, joined, left as they are, and removed");

  g_assert_true (convoke_inet_request_add_headers (request, "A: 1\r\nB: 1\nC: 1\nD: 1\n", CONVOKE_INET_HEADER_ADD, NULL));
  g_assert_true (convoke_inet_request_add_headers (request, "A: 2", CONVOKE_INET_HEADER_REPLACE, NULL));
  g_assert_true (convoke_inet_request_add_headers (request, "b: 2", CONVOKE_INET_HEADER_COALESCE, NULL));
  g_assert_true (convoke_inet_request_add_headers (request, "C: 2", CONVOKE_INET_HEADER_ADD_IF_NEW, NULL));
  g_assert_true (convoke_inet_request_add_headers (request, "D:", CONVOKE_INET_HEADER_REPLACE, NULL));
  send_and_settle (fixture, request, "E: 5", NULL, &error);
  g_assert_no_error (error);

  head = read_text (fixture, request);
  g_assert_nonnull (strstr (head, "\r\nA: 2\r\n"));
  g_assert_null (strstr (head, "A: 1"));
  g_assert_nonnull (strstr (head, "\r\nB: 1, 2\r\nC: 1\r\n"));
  g_assert_null (strstr (head, "\r\nD:"));
  g_assert_nonnull (strstr (head, "\r\nE: 5\r\n"));
  g_assert_nonnull (strstr (head, "\r\nUser-Agent: convoke-test\r\n"));
}

static void
test_query (InetFixture   *fixture,
            gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/status/404");
  g_autofree char *type = convoke_inet_request_query_header (request, "content-TYPE", 0, NULL);
  g_autofree char *all = convoke_inet_request_query_headers (request, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An answer's status, one header by name, and all of them");

  g_assert_cmpuint (convoke_inet_request_query_status (request, NULL), ==, 404);
  g_assert_cmpstr (type, ==, "text/plain");
  g_assert_true (g_str_has_prefix (all, "HTTP/1.1 404"));
  g_assert_true (g_str_has_suffix (all, "\r\n\r\n"));
  g_assert_null (convoke_inet_request_query_header (request, "Content-Type", 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_HEADER_NOT_FOUND);
}

static void
test_progress (InetFixture   *fixture,
               gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_request (fixture, "GET", "/held/tea/100000");
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) rest = NULL;
  g_autoptr (GError) error = NULL;
  guint64 done = 0;
  guint64 total = 0;

  g_test_summary ("Progress has the amount and the total, for the callback and on the operation's call");

  g_assert_cmpint (convoke_inet_request_send (request, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  call = convoke_handle_dup_operation (CONVOKE_HANDLE (request));
  test_http_release (fixture->server, "tea", 1);
  g_assert_true (inet_fixture_complete (fixture, 2, 1, &error));
  rest = inet_fixture_read (fixture, request, &error);
  inet_assert_body (rest, 100000);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_PROGRESS), >, 0);

  convoke_call_get_progress_amount (call, &done, &total, NULL);
  g_assert_true (total == 0 || total == 100000);
  g_assert_cmpuint (done, <=, 100000);
}

static void
test_kinds (InetFixture   *fixture,
            gconstpointer  data)
{
  g_autoptr (ConvokeInetConnection) connection = inet_fixture_connect (fixture, test_http_get_port (fixture->server), 1);
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-40: a handle of another kind is HANDLE_TYPE");

  g_assert_cmpint (convoke_inet_file_read ((ConvokeInetFile *) connection, 1, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_TYPE);
  g_clear_error (&error);
  g_assert_cmpint (convoke_inet_request_send ((ConvokeInetRequest *) connection, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_TYPE);
  g_clear_error (&error);
  g_assert_null (convoke_inet_connection_open_request ((ConvokeInetConnection *) fixture->session, "GET", "/", 0, 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_TYPE);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_INET), ==, 12018);
}

static gpointer
read_blocking (gpointer data)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (convoke_inet_file_read_ex (data, 100, CONVOKE_INET_READ_SYNC, &bytes, &error), ==, CONVOKE_HANDLE_OUTCOME_DONE);
  g_assert_no_error (error);
  return g_steal_pointer (&bytes);
}

static void
test_read_sync (InetFixture   *fixture,
                gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/slow/tea/2/5");
  g_autoptr (GBytes) bytes = NULL;
  guint before = count_complete (fixture);
  GThread *reader;

  g_test_summary ("A read that is told to block blocks in an asynchronous session, and nobody is told");

  reader = g_thread_new ("reader", read_blocking, request);
  test_http_release (fixture->server, "tea", 2);
  bytes = g_thread_join (reader);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 0);
  g_assert_cmpuint (count_complete (fixture), ==, before);
}

static void
test_head (InetFixture   *fixture,
           gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_request (fixture, "HEAD", "/plain/1000");
  g_autoptr (GBytes) body = NULL;
  g_autofree char *length = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The answer to HEAD has a length and no body");

  send_and_settle (fixture, request, NULL, NULL, &error);
  g_assert_no_error (error);
  length = convoke_inet_request_query_header (request, "Content-Length", 0, NULL);
  g_assert_cmpstr (length, ==, "1000");
  body = inet_fixture_read (fixture, request, &error);
  g_assert_no_error (error);
  inet_assert_body (body, 0);
}

static gboolean
child_is_refused (InetFixture        *fixture,
                  ConvokeInetRequest *request)
{
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;

  return convoke_inet_session_new (NULL, FALSE, &first) == NULL && g_error_matches (first, CONVOKE_ERROR, CONVOKE_ERROR_FORKED) &&
         convoke_inet_file_read (CONVOKE_INET_FILE (request), 1, NULL, &second) == CONVOKE_HANDLE_OUTCOME_FAILED &&
         g_error_matches (second, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);
}

static void
test_fork (InetFixture   *fixture,
           gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/plain/10");
  int status = -1;
  pid_t pid;

  g_test_summary ("In a child made by fork() all of it is FORKED, and hangs nowhere");

  pid = fork ();
  if (pid == 0)
    test_child_end (child_is_refused (fixture, request));
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
}

#define ADD(path, func) \
  g_test_add ("/inet/limits/" path, InetFixture, NULL, inet_fixture_set_up, func, inet_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  /* A port that refuses. Sessions of these tests have a proxy of their own unless one asks for this. */
  g_setenv ("http_proxy", "http://127.0.0.1:1", TRUE);
  g_unsetenv ("no_proxy");
  g_unsetenv ("NO_PROXY");
  g_test_init (&argc, &argv, NULL);

  ADD ("read-ahead", test_read_ahead);
  ADD ("write-ahead", test_write_ahead);
  ADD ("write-amount", test_write_amount);
  ADD ("secrets", test_secrets);
  ADD ("proxy", test_proxy);
  ADD ("connect-timeout", test_connect_timeout);
  ADD ("headers", test_headers);
  ADD ("query", test_query);
  ADD ("progress", test_progress);
  ADD ("kinds", test_kinds);
  ADD ("read-sync", test_read_sync);
  ADD ("head", test_head);
  ADD ("fork", test_fork);

  return g_test_run ();
}
