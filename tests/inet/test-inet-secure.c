/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* HTTPS: who is trusted, and what is not told to whom. */

#include "inet-fixture.h"

/* Asks a server of that certificate; trusting the tests' authority, or the system's alone. */
static ConvokeInetRequest *
get (InetFixture  *fixture,
     const char   *certificate,
     gboolean      trusting,
     const char   *path,
     GError      **error)
{
  guint16 port = test_http_start_tls (fixture->server, certificate);
  g_autofree char *authority = g_test_build_filename (G_TEST_DIST, "http", "certificates", "authority.pem", NULL);
  g_autofree char *url = g_strdup_printf ("https://localhost:%u%s", port, path);
  g_autoptr (ConvokeInetRequest) request = NULL;
  const InetNews *news;

  g_assert_cmpuint (port, !=, 0);
  if (trusting)
    convoke_inet_session_set_ca_file (fixture->session, authority);
  g_assert_cmpint (convoke_inet_session_open_url (fixture->session, url, NULL, CONVOKE_INET_REQUEST_NONE, 3, &request, error),
                   ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  news = inet_fixture_await (fixture, 3, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, 1);
  if (!convoke_handle_result_check (news->result, error))
    return NULL;
  return g_value_dup_object (convoke_handle_result_get_value (news->result));
}

static void
test_trusted (InetFixture   *fixture,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeInetRequest) request = get (fixture, "localhost.pem", TRUE, "/plain/100000", &error);
  g_autoptr (GBytes) body = NULL;

  g_test_summary ("A server whose authority is trusted, under its name, answers as over HTTP");

  g_assert_no_error (error);
  g_assert_cmpuint (convoke_inet_request_query_status (request, &error), ==, 200);
  body = inet_fixture_read (fixture, request, &error);
  inet_assert_body (body, 100000);
}

static void
assert_not_trusted (InetFixture *fixture,
                    const char  *certificate,
                    gboolean     trusting)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (get (fixture, certificate, trusting, "/plain/5", &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANNOT_CONNECT);
  g_assert_cmpuint (test_http_get_n_requests (fixture->server), ==, 0);
}

static void
test_not_trusted (InetFixture   *fixture,
                  gconstpointer  data)
{
  g_test_summary ("Certificates are checked by default: what nobody vouches for, expired or is another's gets no request");

  assert_not_trusted (fixture, data, TRUE);
}

static void
test_default (InetFixture   *fixture,
              gconstpointer  data)
{
  g_test_summary ("The tests' own authority is none of the system's: by default it is not trusted");

  assert_not_trusted (fixture, "localhost.pem", FALSE);
}

static void
test_truncated (InetFixture   *fixture,
                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeInetRequest) request = get (fixture, "localhost.pem", TRUE, "/announced/1000/sent/10", &error);
  g_autoptr (GBytes) body = NULL;

  g_test_summary ("Also over HTTPS an answer that breaks off is none");

  g_assert_no_error (error);
  body = inet_fixture_read (fixture, request, &error);
  g_assert_null (body);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
}

static void
test_downgrade (InetFixture   *fixture,
                gconstpointer  data)
{
  g_autofree char *url = test_http_dup_url (fixture->server, "/plain/5");
  g_autofree char *escaped = g_uri_escape_string (url, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/redirect-to/", escaped, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A redirect from HTTPS to HTTP is not followed unasked");

  g_assert_null (get (fixture, "localhost.pem", TRUE, path, &error));
  g_assert_cmpint (error->domain, ==, CONVOKE_ERROR);
  g_assert_cmpuint (test_http_get_n_requests (fixture->server), ==, 1);
}

#define ADD(path, data, func) \
  g_test_add ("/inet/secure/" path, InetFixture, data, inet_fixture_set_up, func, inet_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("trusted", NULL, test_trusted);
  ADD ("untrusted", "untrusted.pem", test_not_trusted);
  ADD ("expired", "expired.pem", test_not_trusted);
  ADD ("elsewhere", "elsewhere.pem", test_not_trusted);
  ADD ("default", NULL, test_default);
  ADD ("truncated", NULL, test_truncated);
  ADD ("downgrade", NULL, test_downgrade);

  return g_test_run ();
}
