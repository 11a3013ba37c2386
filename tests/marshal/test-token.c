/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <convoke-test.h>

#define CONVOKE_INSIDE
#include "convoke-apartment.h"
#include "convoke-call-factory.h"
#include "convoke-client-security.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"
#include "convoke-proxy.h"
#include "convoke-token-private.h"
#include "convoke-unknown.h"
#include "../test-child.h"
#include "test-home.h"

/* --- helpers --- */

static ConvokeToken *
make_token (gpointer         object,
            ConvokeTokenKind kind)
{
  g_autoptr (GError) error = NULL;
  ConvokeToken *token = convoke_token_new (object, CONVOKE_TEST_TYPE_PRICE_FEED, kind, &error);

  g_assert_no_error (error);
  g_assert_nonnull (token);
  return token;
}

static GObject *
redeem (ConvokeToken *token)
{
  g_autoptr (GError) error = NULL;
  GObject *object = convoke_token_redeem (token, CONVOKE_TEST_TYPE_PRICE_FEED, &error);

  g_assert_no_error (error);
  g_assert_nonnull (object);
  return object;
}

static void
assert_not_redeemed (ConvokeToken *token,
                     gint          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_token_redeem (token, CONVOKE_TEST_TYPE_PRICE_FEED, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
}

/* --- how often --- */

static void
test_once (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeToken) token = make_token (server, CONVOKE_TOKEN_NORMAL);
  g_autoptr (GObject) object = redeem (token);

  g_test_summary ("T-OM-19 (OM-53): a normal token is redeemed once; then it is not connected");

  g_assert_true (object == G_OBJECT (server));
  assert_not_redeemed (token, CONVOKE_ERROR_NOT_CONNECTED);
}

static void
test_strong (void)
{
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  g_autoptr (ConvokeToken) token = make_token (server, CONVOKE_TOKEN_TABLE_STRONG);
  GObject *first, *second;

  g_test_summary ("OM-53: a strong table token keeps its object, for any number of times, until it is released");

  g_object_unref (server);
  first = redeem (token);
  second = redeem (token);
  g_assert_true (first == second);
  g_object_unref (first);
  g_object_unref (second);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before + 1);

  g_assert_true (convoke_token_release (token, NULL));
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
  assert_not_redeemed (token, CONVOKE_ERROR_NOT_CONNECTED);
}

static void
test_weak (void)
{
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  g_autoptr (ConvokeToken) token = make_token (server, CONVOKE_TOKEN_TABLE_WEAK);

  g_test_summary ("OM-53: a weak table token does not keep its object, and tells when it is gone");

  g_object_unref (redeem (token));
  g_object_unref (redeem (token));
  g_object_unref (server);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
  assert_not_redeemed (token, CONVOKE_ERROR_NOT_REGISTERED);
}

static void
test_released (void)
{
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  g_autoptr (ConvokeToken) token = make_token (server, CONVOKE_TOKEN_NORMAL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-53: a normal token that nobody redeems is released, once");

  g_object_unref (server);
  g_assert_true (convoke_token_release (token, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);

  g_assert_false (convoke_token_release (token, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_CONNECTED);
  assert_not_redeemed (token, CONVOKE_ERROR_NOT_CONNECTED);
}

static void
test_dropped (void)
{
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  ConvokeToken *token = make_token (server, CONVOKE_TOKEN_NORMAL);

  g_test_summary ("A token of which nobody has the text goes with its last reference");

  g_object_unref (server);
  g_assert_finalize_object (token);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
}

/* --- interfaces --- */

static void
test_lacking (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-54: no token is made for an interface that the object lacks");

  g_assert_null (convoke_token_new (G_OBJECT (server), G_TYPE_LIST_MODEL, CONVOKE_TOKEN_NORMAL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
}

static void
test_failed_query (void)
{
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  g_autoptr (ConvokeToken) token = make_token (server, CONVOKE_TOKEN_NORMAL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-54: a normal token is used up also by asking for an interface that the object lacks");

  g_object_unref (server);
  g_assert_null (convoke_token_redeem (token, G_TYPE_LIST_MODEL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
  assert_not_redeemed (token, CONVOKE_ERROR_NOT_CONNECTED);
}

static void
test_own_interface (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeToken) token = make_token (server, CONVOKE_TOKEN_TABLE_STRONG);
  g_autoptr (GObject) own = convoke_token_redeem (token, G_TYPE_NONE, NULL);
  g_autoptr (GObject) other = convoke_token_redeem (token, CONVOKE_TEST_TYPE_EVERY, NULL);

  g_test_summary ("A token is redeemed for the interface that it was made for, or for any other of the object");

  g_assert_true (own == G_OBJECT (server));
  g_assert_true (other == G_OBJECT (server));
}

/* What COM's proxies answer besides the object's interfaces: the identity, marshaling, client security. */
static void
test_of_a_proxy (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = test_home_adopt (home, convoke_test_server_new ());
  g_autoptr (GObject) identity = convoke_query_interface (proxy, G_TYPE_OBJECT, NULL);
  g_autoptr (GObject) feed = convoke_query_interface (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  g_autoptr (GObject) every = convoke_query_interface (proxy, CONVOKE_TEST_TYPE_EVERY, NULL);
  g_autoptr (ConvokeToken) token = make_token (proxy, CONVOKE_TOKEN_NORMAL);
  g_autoptr (GObject) again = redeem (token);
  g_autoptr (ConvokeCall) call = convoke_create_call (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, NULL);

  g_test_summary ("OM-56: a proxy has its identity and the object's interfaces, a token is made of it, and its calls have security");

  g_assert_true (identity == proxy);
  g_assert_true (feed == proxy);
  g_assert_true (every == proxy);
  g_assert_true (again == proxy);
  g_assert_true (CONVOKE_IS_CLIENT_SECURITY (call));
}

/* --- threads --- */

typedef struct
{
  ConvokeToken *token;
  GObject      *object;
  gboolean      is_proxy;
  double        price;
} Redeeming;

static gpointer
redeem_main (gpointer data)
{
  Redeeming *self = data;

  self->object = redeem (self->token);
  self->is_proxy = convoke_is_proxy (self->object);
  self->price = convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (self->object), "tea", NULL);
  return NULL;
}

static void
redeem_cb (gpointer data)
{
  redeem_main (data);
}

static void
test_elsewhere (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (ConvokeTestServer) server = test_home_bind (home, convoke_test_server_new ());
  g_autoptr (ConvokeToken) token = make_token (server, CONVOKE_TOKEN_NORMAL);
  Redeeming redeeming = { token, };

  g_test_summary ("OM-53: another thread gets the proxy, and calls arrive where the object lives");

  g_thread_join (g_thread_new ("importer", redeem_main, &redeeming));
  g_assert_true (redeeming.is_proxy);
  g_assert_true (convoke_same_object (redeeming.object, G_OBJECT (server)));
  g_assert_cmpfloat (redeeming.price, ==, 1.5);
  g_assert_cmpuint (convoke_test_server_get_last_thread (server), !=, convoke_test_get_thread ());
  g_object_unref (redeeming.object);
}

static void
test_home (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = test_home_adopt (home, convoke_test_server_new ());
  g_autoptr (ConvokeToken) token = make_token (proxy, CONVOKE_TOKEN_NORMAL);
  Redeeming redeeming = { token, };

  g_test_summary ("A proxy's token, redeemed where the object lives, gives the object itself");

  test_home_run (home, redeem_cb, &redeeming);
  g_assert_false (redeeming.is_proxy);
  g_assert_true (convoke_same_object (redeeming.object, proxy));
  g_object_unref (redeeming.object);
}

static gpointer
count_redeemed_main (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = convoke_token_redeem (data, CONVOKE_TEST_TYPE_PRICE_FEED, &error);

  if (object == NULL)
    g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_CONNECTED);
  return GUINT_TO_POINTER (object != NULL);
}

static void
test_race (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = test_home_adopt (home, convoke_test_server_new ());
  g_autoptr (ConvokeToken) token = make_token (proxy, CONVOKE_TOKEN_NORMAL);
  GThread *threads[8];
  guint n = 0;

  g_test_summary ("OM-53: of many threads that redeem one normal token one gets the object");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("importer", count_redeemed_main, token);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    n += GPOINTER_TO_UINT (g_thread_join (threads[i]));
  g_assert_cmpuint (n, ==, 1);
}

/* --- texts --- */

static void
test_text (void)
{
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  ConvokeToken *token = make_token (server, CONVOKE_TOKEN_NORMAL);
  g_autofree char *text = convoke_token_to_string (token, NULL);
  g_autofree char *again = convoke_token_to_string (token, NULL);
  g_autoptr (ConvokeToken) found = NULL;
  GObject *object;

  g_test_summary ("A token's text stands for it, and keeps it");

  g_assert_cmpstr (text, ==, again);
  g_assert_true (g_str_has_prefix (text, "convoke-token-1:"));
  g_object_unref (server);
  g_object_unref (token);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before + 1);

  found = convoke_token_new_from_string (text, NULL);
  object = redeem (found);
  g_object_unref (object);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
}

static void
test_different_texts (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeToken) a = make_token (server, CONVOKE_TOKEN_NORMAL);
  g_autoptr (ConvokeToken) b = make_token (server, CONVOKE_TOKEN_NORMAL);
  g_autofree char *text_a = convoke_token_to_string (a, NULL);
  g_autofree char *text_b = convoke_token_to_string (b, NULL);

  g_test_summary ("The texts of two tokens of one object have nothing but the process in common");

  g_assert_cmpstr (text_a, !=, text_b);
  g_assert_cmpstr (strrchr (text_a, ':'), !=, strrchr (text_b, ':'));
  g_assert_cmpuint (strlen (strrchr (text_a, ':')), ==, 1 + 32);
  convoke_token_release (a, NULL);
  convoke_token_release (b, NULL);
}

static void
assert_not_found (const char *text,
                  gint        code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_token_new_from_string (text, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
  g_clear_error (&error);
  g_assert_null (convoke_token_resolve (text, G_TYPE_OBJECT, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
}

static void
test_no_token (void)
{
  static const char * const bad[] = {
    "", " ", "convoke-token", "convoke-token-1:", "convoke-token-1::", "convoke-token-1:1:", "convoke-token-1:1:00",
    "convoke-token-1:1:0123456789abcdef0123456789abcdeg", "convoke-token-1:1:0123456789abcdef0123456789abcdef0",
    "convoke-token-1:1:0123456789ABCDEF0123456789ABCDEF", "convoke-token-1:-1:0123456789abcdef0123456789abcdef",
    "convoke-token-1:0:0123456789abcdef0123456789abcdef", "convoke-token-2:1:0123456789abcdef0123456789abcdef",
    "convoke-token-1:99999999999999999999:0123456789abcdef0123456789abcdef", " convoke-token-1:1:0123456789abcdef0123456789abcdef",
    "\xff\xfe", "../../etc/passwd",
  };
  g_autofree char *huge = g_strnfill (1 << 20, ':');

  g_test_summary ("What is no token's text is told to be none");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_not_found (bad[i], CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_not_found (huge, CONVOKE_ERROR_INVALID_ARGUMENT);
}

static void
test_of_another_process (void)
{
  g_autofree char *text = g_strdup_printf ("convoke-token-1:%d:0123456789abcdef0123456789abcdef", (int) getppid ());

  g_test_summary ("A text of another process's token is told to be one, with the process");

  assert_not_found (text, CONVOKE_ERROR_NOT_FOUND);
  g_assert_cmpint (convoke_token_get_text_pid (text), ==, getppid ());
}

static void
test_used_up (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeToken) token = make_token (server, CONVOKE_TOKEN_NORMAL);
  g_autofree char *text = convoke_token_to_string (token, NULL);
  g_autoptr (GObject) object = convoke_token_resolve (text, G_TYPE_OBJECT, NULL);
  g_autofree char *invented = g_strdup_printf ("convoke-token-1:%d:0123456789abcdef0123456789abcdef", (int) getpid ());
  g_autoptr (GError) error = NULL;

  g_test_summary ("The text of a token that was used up, and one that was made up, are not connected to anything");

  g_assert_true (object == G_OBJECT (server));
  assert_not_found (text, CONVOKE_ERROR_NOT_CONNECTED);
  assert_not_found (invented, CONVOKE_ERROR_NOT_CONNECTED);
  g_assert_null (convoke_token_to_string (token, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_CONNECTED);
}

static void
test_table_text (void)
{
  guint before = convoke_test_server_count_live ();
  ConvokeTestServer *server = convoke_test_server_new ();
  ConvokeToken *token = make_token (server, CONVOKE_TOKEN_TABLE_STRONG);
  g_autofree char *text = convoke_token_to_string (token, NULL);
  g_autoptr (ConvokeToken) found = NULL;

  g_test_summary ("OM-53: the text of a table token is good for any number of times, until it is released");

  g_object_unref (server);
  g_object_unref (token);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GObject) object = convoke_token_resolve (text, CONVOKE_TEST_TYPE_EVERY, NULL);

      g_assert_nonnull (object);
    }

  found = convoke_token_new_from_string (text, NULL);
  g_assert_true (convoke_token_release (found, NULL));
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
  assert_not_found (text, CONVOKE_ERROR_NOT_CONNECTED);
}

static void
test_forked (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeToken) token = make_token (server, CONVOKE_TOKEN_TABLE_STRONG);
  g_autofree char *text = convoke_token_to_string (token, NULL);
  pid_t pid = fork ();
  int status;

  g_test_summary ("In a forked child a token fails with FORKED");

  if (pid == 0)
    {
      GError *error = NULL;
      gboolean ok;

      ok = convoke_token_redeem (token, CONVOKE_TEST_TYPE_PRICE_FEED, &error) == NULL
           && g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);
      g_clear_error (&error);
      ok = ok && convoke_token_new_from_string (text, &error) == NULL
           && g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);
      test_child_end (ok);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  convoke_token_release (token, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_require ("ConvokeTest", "1");

  g_test_add_func ("/marshal/token/once", test_once);
  g_test_add_func ("/marshal/token/strong", test_strong);
  g_test_add_func ("/marshal/token/weak", test_weak);
  g_test_add_func ("/marshal/token/released", test_released);
  g_test_add_func ("/marshal/token/dropped", test_dropped);
  g_test_add_func ("/marshal/token/lacking", test_lacking);
  g_test_add_func ("/marshal/token/failed-query", test_failed_query);
  g_test_add_func ("/marshal/token/own-interface", test_own_interface);
  g_test_add_func ("/marshal/token/of-a-proxy", test_of_a_proxy);
  g_test_add_func ("/marshal/token/elsewhere", test_elsewhere);
  g_test_add_func ("/marshal/token/home", test_home);
  g_test_add_func ("/marshal/token/race", test_race);
  g_test_add_func ("/marshal/token/text", test_text);
  g_test_add_func ("/marshal/token/different-texts", test_different_texts);
  g_test_add_func ("/marshal/token/no-token", test_no_token);
  g_test_add_func ("/marshal/token/of-another-process", test_of_another_process);
  g_test_add_func ("/marshal/token/used-up", test_used_up);
  g_test_add_func ("/marshal/token/table-text", test_table_text);
  g_test_add_func ("/marshal/token/forked", test_forked);

  return g_test_run ();
}
