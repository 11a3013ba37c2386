/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who calls from another process: SEC-3 to SEC-7 over a channel. */

#include "test-pair.h"

#include "../callfactory/test-feed.h"

#include "convoke-call-context.h"
#include "convoke-client-security.h"
#include "convoke-unknown.h"

#include <unistd.h>

#define LONG (30 * G_USEC_PER_SEC)

typedef struct
{
  TestPair               pair;
  GObject               *proxy;
  ConvokeCall           *call;
  ConvokeClientSecurity *security;
} Fixture;

/* The level, as the implementation is told it, and what it comes to. */
static double
look (TestFeed    *feed,
      const char  *item,
      gpointer     data,
      GError     **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);
  g_autoptr (GCredentials) credentials = NULL;
  g_autoptr (GError) local_error = NULL;
  ConvokeAuthentication authentication;
  ConvokeImpersonationLevel level;
  gboolean anonymous, impersonated;

  convoke_server_security_query_blanket (CONVOKE_SERVER_SECURITY (context), &authentication, &level, &credentials);
  anonymous = level == CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS;
  g_assert_cmpint (authentication, ==, anonymous ? CONVOKE_AUTHENTICATION_NONE : CONVOKE_AUTHENTICATION_PEER);
  g_assert_cmpint (convoke_call_context_get_uid (context), ==, anonymous ? -1 : (gint64) geteuid ());
  g_assert_cmpint (convoke_call_context_get_gid (context), ==, anonymous ? -1 : (gint64) getegid ());
  g_assert_true (anonymous == (credentials == NULL));
  impersonated = convoke_impersonate_client (&local_error);
  g_assert_true (impersonated == (level == CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE));

  return level;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  test_pair_init (&fixture->pair);
  test_pair_object = (GObject *) test_feed_new (CONVOKE_THREADING_ANY, look, NULL);
  fixture->proxy = test_channel_get_object (fixture->pair.near);
  g_clear_object (&test_pair_object);
  fixture->call = test_call_new (fixture->proxy);
  fixture->security = CONVOKE_CLIENT_SECURITY (convoke_query_interface (G_OBJECT (fixture->call), CONVOKE_TYPE_CLIENT_SECURITY, NULL));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->security);
  g_clear_object (&fixture->call);
  g_clear_object (&fixture->proxy);
  test_pair_clear (&fixture->pair);
}

static void
test_synchronous (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("SEC-3: of a call from another process the kernel says who makes it, and the same user can be impersonated");

  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (fixture->proxy), "tea", &error), ==,
                     CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE);
  g_assert_no_error (error);
}

static void
test_levels (Fixture       *fixture,
             gconstpointer  data)
{
  ConvokeAuthentication authentication;

  g_test_summary ("SEC-7: the level that was set on the call object goes with each call to the other process");

  convoke_client_security_query_blanket (fixture->security, &authentication, NULL);
  g_assert_cmpint (authentication, ==, CONVOKE_AUTHENTICATION_PEER);

  for (int i = CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS; i <= CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE; i++)
    {
      g_autoptr (GError) error = NULL;
      double level = -1;

      g_assert_true (convoke_client_security_set_blanket (fixture->security, i, NULL));
      g_assert_true (convoke_call_begin (fixture->call, "get_price", NULL, "tea"));
      g_assert_true (convoke_call_wait (fixture->call, LONG, NULL));
      g_assert_true (convoke_call_finish (fixture->call, "get_price", &error, &level));
      g_assert_no_error (error);
      g_assert_cmpfloat (level, ==, i);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (convoke_require ("ConvokeTest", "1", NULL));

  g_test_add ("/marshal/remote-security/synchronous", Fixture, NULL, set_up, test_synchronous, tear_down);
  g_test_add ("/marshal/remote-security/levels", Fixture, NULL, set_up, test_levels, tear_down);

  return g_test_run ();
}
