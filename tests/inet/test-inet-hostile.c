/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What programs and servers do wrong: each is an error of the right code,
 * through the callback where something was begun and at once where not, and
 * never a body that looks whole.
 */

#include "inet-fixture.h"

#include <string.h>

static void
open_url (InetFixture  *fixture,
          const char   *url,
          GError      **error)
{
  g_autoptr (ConvokeInetRequest) request = NULL;

  if (convoke_inet_session_open_url (fixture->session, url, NULL, CONVOKE_INET_REQUEST_NONE, 3, &request, error) !=
      CONVOKE_HANDLE_OUTCOME_FAILED)
    g_error ("taken: \"%s\"", url);
  g_assert_null (request);
}

static void
test_no_urls (InetFixture   *fixture,
              gconstpointer  data)
{
  static const char * const urls[] = {
    "", " ", "/", "prices", "//127.0.0.1/", "http", "http:", "http:/", "http://", "http:///prices", "http://:80/", "http://[::1",
    "http://127.0.0.1:/x y", "http://127.0.0.1:99999/", "http://127.0.0.1:-1/", "http://127.0.0.1:http/", "http://a b/",
    "http://127.0.0.1/\r\nX-Injected: 1", "http://127.0.0.1\n/", "http://127.0.0.1/\001", "http://\377\376/",
  };

  g_test_summary ("What is no URL is refused at once, with itself in the message where it can be printed; nobody is told");

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (GError) error = NULL;

      open_url (fixture, urls[i], &error);
      if (!g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT))
        g_error ("\"%s\": %s", urls[i], error->message);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strpbrk (error->message, "\r\n\001"));
    }
  g_assert_cmpuint (inet_fixture_count (fixture, 3, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE), ==, 0);
}

static void
test_unknown_schemes (InetFixture   *fixture,
                      gconstpointer  data)
{
  static const char * const urls[] = {
    "ftp://127.0.0.1/", "gopher://127.0.0.1/", "file:///etc/passwd", "mailto:someone@example.invalid", "tea://127.0.0.1/",
    "ws://127.0.0.1/", "javascript:alert(1)", "data:,tea",
  };

  g_test_summary ("A scheme that is not spoken is NOT_SUPPORTED at once, with its name; no file is read");

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *scheme = g_strndup (urls[i], strchr (urls[i], ':') - urls[i]);
      g_autofree char *shown = NULL;

      open_url (fixture, urls[i], &error);
      if (!g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED))
        g_error ("\"%s\": %s", urls[i], error->message);
      shown = g_utf8_strdown (error->message, -1);
      if (strstr (shown, scheme) == NULL)
        g_error ("\"%s\": %s", urls[i], error->message);
    }
}

static void
test_long_url (InetFixture   *fixture,
               gconstpointer  data)
{
  g_autofree char *filler = g_strnfill (20 * 1000 * 1000, 'x');
  g_autofree char *url = g_strconcat ("http://127.0.0.1/", filler, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A URL beyond all bounds is refused at once, and the message is short");

  open_url (fixture, url, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (strlen (error->message), <, 1000);
}

static void
test_other_services (InetFixture   *fixture,
                     gconstpointer  data)
{
  const ConvokeInetService services[] = { CONVOKE_INET_SERVICE_FTP, CONVOKE_INET_SERVICE_GOPHER };

  g_test_summary ("FTP and Gopher have their place, and are NOT_SUPPORTED");

  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (convoke_inet_session_connect (fixture->session, "127.0.0.1", 21, services[i], NULL, NULL, 1, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
    }
}

static void
test_bad_requests (InetFixture   *fixture,
                   gconstpointer  data)
{
  static const struct { const char *verb, *path; } requests[] = {
    { "", "/" }, { "GET /", "/" }, { "GET\r\nX: 1", "/" }, { "GET", "/ HTTP/1.1\r\nX: 1" }, { "GET", "/\n" }, { "G\001T", "/" },
  };
  g_autoptr (ConvokeInetConnection) connection = inet_fixture_connect (fixture, test_http_get_port (fixture->server), 1);

  g_test_summary ("A verb or a path that would be more than that is refused at once");

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (convoke_inet_connection_open_request (connection, requests[i].verb, requests[i].path,
                                                           CONVOKE_INET_REQUEST_NONE, 2, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_bad_headers (InetFixture   *fixture,
                  gconstpointer  data)
{
  static const char * const headers[] = { "X", ": 1", "X Y: 1", "X: 1\r\n\r\nGET / HTTP/1.1", "X: \001", "X\r: 1" };
  g_autoptr (ConvokeInetRequest) request = inet_fixture_request (fixture, "GET", "/request");

  g_test_summary ("Header fields that are none are refused, and not sent");

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (GError) error = NULL;

      if (convoke_inet_request_add_headers (request, headers[i], CONVOKE_INET_HEADER_ADD, &error))
        g_error ("taken: %s", headers[i]);
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
    }
}

/* --- servers --- */

/* Asks for @path; how that ends, wherever: at the headers or within the body. */
static void
get_and_fail (InetFixture  *fixture,
              const char   *path,
              GError      **error)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_request (fixture, "GET", path);
  g_autoptr (GBytes) body = NULL;

  g_assert_cmpint (convoke_inet_request_send (request, NULL, NULL, error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  if (inet_fixture_complete (fixture, 2, 1, error))
    body = inet_fixture_read (fixture, request, error);
  g_assert_null (body);
  g_assert_nonnull (*error);
}

typedef struct
{
  const char   *name;
  const char   *path;
  ConvokeError  code;
} Hostile;

static const Hostile hostile[] = {
  { "truncated", "/announced/1000/sent/10", CONVOKE_ERROR_DISCONNECTED },
  { "nothing-of-it", "/announced/1000/sent/0", CONVOKE_ERROR_DISCONNECTED },
  { "truncated-chunk", "/truncated-chunk", CONVOKE_ERROR_DISCONNECTED },
  { "closed", "/closed", CONVOKE_ERROR_DISCONNECTED },
  { "reset", "/reset", CONVOKE_ERROR_DISCONNECTED },
  { "reset-within", "/reset-after/10", CONVOKE_ERROR_DISCONNECTED },
  { "garbage", "/garbage", CONVOKE_ERROR_PROTOCOL },
  { "bad-chunk", "/bad-chunk", CONVOKE_ERROR_DISCONNECTED },
};

static void
test_hostile (InetFixture   *fixture,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A server that breaks off or speaks something else is an error, never a body that looks whole");

  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    if (g_str_equal (hostile[i].name, data))
      {
        get_and_fail (fixture, hostile[i].path, &error);
        g_assert_error (error, CONVOKE_ERROR, (int) hostile[i].code);
      }
  g_assert_nonnull (error);
}

static void
test_more_than_announced (InetFixture   *fixture,
                          gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A body larger than announced is an error, which says so, and not one of the announced length");

  get_and_fail (fixture, "/announced/10/sent/1000", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (error->message, "10 bytes"));
}

static void
test_redirect_for_ever (InetFixture   *fixture,
                        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A redirect to itself ends after so many hops, as an error");

  get_and_fail (fixture, "/loop", &error);
  g_assert_cmpint (error->domain, ==, CONVOKE_ERROR);
  g_assert_cmpuint (inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE), ==, 1);
  g_assert_cmpuint (test_http_get_n_requests (fixture->server), <, 100);
}

static void
test_redirect_to_file (InetFixture   *fixture,
                       gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A redirect to what is not HTTP is an error; no file is read");

  get_and_fail (fixture, "/redirect-to/file%3A%2F%2F%2Fetc%2Fpasswd", &error);
  g_assert_cmpint (error->domain, ==, CONVOKE_ERROR);
}

static void
test_huge_headers (InetFixture   *fixture,
                   gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("Megabytes of headers are an error before they are all kept");

  get_and_fail (fixture, "/huge-headers/10000", &error);
  g_assert_cmpint (error->domain, ==, CONVOKE_ERROR);
}

static void
test_endless (InetFixture   *fixture,
              gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/endless");
  g_autoptr (GBytes) bytes = NULL;

  g_test_summary ("A body that never ends waits for its reader, and ends when the handle is closed");

  for (gsize n = 0; n < 1000000; n += g_bytes_get_size (bytes))
    {
      guint before = inet_fixture_count (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE);

      g_clear_pointer (&bytes, g_bytes_unref);
      if (convoke_inet_file_read (CONVOKE_INET_FILE (request), 50000, &bytes, NULL) == CONVOKE_HANDLE_OUTCOME_PENDING)
        {
          const InetNews *news = inet_fixture_await (fixture, 2, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, before + 1);

          bytes = g_value_dup_boxed (convoke_handle_result_get_value (news->result));
        }
      g_assert_cmpuint (g_bytes_get_size (bytes), >, 0);
    }

  g_assert_true (convoke_handle_close (CONVOKE_HANDLE (request), NULL));
  g_assert_true (test_http_wait_open (fixture->server, 0));
}

static void
test_time_out (InetFixture   *fixture,
               gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("P-1: a server that says nothing, or nothing more, is TIMEOUT where a time-out was set");

  convoke_handle_set_timeout (CONVOKE_HANDLE (fixture->session), 100 * 1000);
  get_and_fail (fixture, data, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_cmpuint (convoke_error_to_status (error, CONVOKE_ERROR_FAMILY_INET), ==, 12002);
}

static void
close_at_headers (InetFixture    *fixture,
                  const InetNews *news)
{
  if (news->status == CONVOKE_HANDLE_STATUS_REQUEST_SENT)
    convoke_handle_close (news->handle, NULL);
}

static void
test_closed_in_silence (InetFixture   *fixture,
                        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("WI-33, WI-34: a request to a server that says nothing ends when its handle is closed, there too");

  fixture->hook = close_at_headers;
  get_and_fail (fixture, "/silent", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_true (test_http_wait_open (fixture->server, 0));
}

static void
test_server_ends (InetFixture   *fixture,
                  gconstpointer  data)
{
  g_autoptr (ConvokeInetRequest) request = inet_fixture_get (fixture, "/slow/tea/2/10");
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A server that ends in the middle of a body is DISCONNECTED");

  test_http_release (fixture->server, "tea", 1);
  g_clear_pointer (&fixture->server, test_http_free);
  body = inet_fixture_read (fixture, request, &error);
  g_assert_null (body);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
}

#define ADD(path, data, func) \
  g_test_add ("/inet/hostile/" path, InetFixture, data, inet_fixture_set_up, func, inet_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("no-urls", NULL, test_no_urls);
  ADD ("unknown-schemes", NULL, test_unknown_schemes);
  ADD ("long-url", NULL, test_long_url);
  ADD ("other-services", NULL, test_other_services);
  ADD ("bad-requests", NULL, test_bad_requests);
  ADD ("bad-headers", NULL, test_bad_headers);
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *path = g_strconcat ("/inet/hostile/", hostile[i].name, NULL);

      g_test_add (path, InetFixture, hostile[i].name, inet_fixture_set_up, test_hostile, inet_fixture_tear_down);
    }
  ADD ("more-than-announced", NULL, test_more_than_announced);
  ADD ("redirect-for-ever", NULL, test_redirect_for_ever);
  ADD ("redirect-to-file", NULL, test_redirect_to_file);
  ADD ("huge-headers", NULL, test_huge_headers);
  ADD ("endless", NULL, test_endless);
  ADD ("time-out/silent", "/silent", test_time_out);
  ADD ("time-out/headers-only", "/headers-only", test_time_out);
  ADD ("closed-in-silence", NULL, test_closed_in_silence);
  ADD ("server-ends", NULL, test_server_ends);

  return g_test_run ();
}
