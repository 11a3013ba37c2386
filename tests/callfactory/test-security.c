/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who calls, and acting as the caller: SEC-1 to SEC-7. */

#include "test-feed.h"

#include <convoke-client-security.h>
#include <convoke-error.h>
#include <convoke-proxy.h>
#include <convoke-server-security.h>
#include <convoke-unknown.h>

#include "convoke-impersonation-private.h"

#include <glib/gstdio.h>
#include <grp.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONG (30 * G_USEC_PER_SEC)
#define STRANGER 65534

/* Runs @get_price in a call on an object of this thread. */
static void
serve (TestGetPrice get_price,
       gpointer     data)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, get_price, data);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_true (convoke_call_wait (call, LONG, NULL));
}

static ConvokeServerSecurity *
dup_security (void)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);

  return CONVOKE_SERVER_SECURITY (convoke_query_interface (G_OBJECT (context), CONVOKE_TYPE_SERVER_SECURITY, NULL));
}

static gboolean
is_impersonating (void)
{
  g_autoptr (ConvokeServerSecurity) security = dup_security ();

  return convoke_server_security_is_impersonating (security);
}

static GCredentials *stranger;

static GCredentials *
peek_stranger (ConvokeView *view)
{
  return stranger;
}

static gpointer
tell_nobody (ConvokeView   *view,
             ConvokeRecord *record)
{
  return NULL;
}

/* The call that is served is as one from another process: its view knows who that is. */
static void
set_caller (uid_t uid,
            gid_t gid)
{
  static ConvokeViewFuncs funcs;
  ConvokeRecord *record = convoke_thread_self ()->serving;
  struct ucred native = { 4711, uid, gid };

  g_clear_object (&stranger);
  stranger = g_credentials_new ();
  g_credentials_set_native (stranger, G_CREDENTIALS_TYPE_LINUX_UCRED, &native);

  funcs = record->view->funcs != NULL ? *record->view->funcs : (ConvokeViewFuncs) { .hold = tell_nobody };
  funcs.peek_credentials = peek_stranger;
  record->view->funcs = &funcs;
  g_atomic_int_or ((guint *) &record->state, CONVOKE_RECORD_INCOMING);
}

/* --- who calls --- */

static double
look_at_caller (TestFeed    *feed,
                const char  *item,
                gpointer     data,
                GError     **error)
{
  g_autoptr (ConvokeServerSecurity) security = dup_security ();
  g_autoptr (GCredentials) credentials = NULL;
  ConvokeAuthentication authentication;
  ConvokeImpersonationLevel level;

  convoke_server_security_query_blanket (security, &authentication, &level, &credentials);
  g_assert_cmpint (authentication, ==, CONVOKE_AUTHENTICATION_SAME_PROCESS);
  g_assert_cmpint (level, ==, CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE);
  g_assert_cmpint (g_credentials_get_unix_user (credentials, NULL), ==, geteuid ());
  g_assert_cmpint (convoke_call_context_get_uid (CONVOKE_CALL_CONTEXT (security)), ==, geteuid ());
  g_assert_cmpint (convoke_call_context_get_gid (CONVOKE_CALL_CONTEXT (security)), ==, getegid ());
  g_assert_cmpint (convoke_call_context_get_pid (CONVOKE_CALL_CONTEXT (security)), ==, getpid ());
  *(gboolean *) data = TRUE;
  return 0;
}

static void
test_same_process (void)
{
  gboolean served = FALSE;

  g_test_summary ("SEC-3, P-7: inside one process the caller is the process itself");

  serve (look_at_caller, &served);
  g_assert_true (served);
}

static double
look_at_peer (TestFeed    *feed,
              const char  *item,
              gpointer     data,
              GError     **error)
{
  g_autoptr (ConvokeServerSecurity) security = dup_security ();
  g_autoptr (GCredentials) credentials = NULL;
  ConvokeAuthentication authentication;

  set_caller (STRANGER, 4712);
  convoke_server_security_query_blanket (security, &authentication, NULL, &credentials);
  g_assert_cmpint (authentication, ==, CONVOKE_AUTHENTICATION_PEER);
  g_assert_cmpint (g_credentials_get_unix_user (credentials, NULL), ==, STRANGER);
  g_assert_cmpint (convoke_call_context_get_uid (CONVOKE_CALL_CONTEXT (security)), ==, STRANGER);
  g_assert_cmpint (convoke_call_context_get_gid (CONVOKE_CALL_CONTEXT (security)), ==, 4712);
  g_assert_cmpint (convoke_call_context_get_pid (CONVOKE_CALL_CONTEXT (security)), ==, 4711);
  *(gboolean *) data = TRUE;
  return 0;
}

static void
test_peer (void)
{
  gboolean served = FALSE;

  g_test_summary ("SEC-3, P-7: of a call from another process the context tells what the kernel said of it");

  serve (look_at_peer, &served);
  g_assert_true (served);
}

static double
look_without_credentials (TestFeed    *feed,
                          const char  *item,
                          gpointer     data,
                          GError     **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);
  g_autoptr (GError) local_error = NULL;

  /* As if it had come from elsewhere. */
  g_atomic_int_or ((guint *) &convoke_thread_self ()->serving->state, CONVOKE_RECORD_INCOMING);
  g_assert_null (convoke_call_context_dup_credentials (context));
  g_assert_cmpint (convoke_call_context_get_uid (context), ==, -1);
  g_assert_false (convoke_impersonate_client (&local_error));
  g_assert_error (local_error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED);
  *(gboolean *) data = TRUE;
  return 0;
}

static void
test_unknown_peer (void)
{
  gboolean served = FALSE;

  g_test_summary ("SEC-4: a caller elsewhere whom nobody vouches for is never taken for this process");

  serve (look_without_credentials, &served);
  g_assert_true (served);
}

/* --- impersonation --- */

static void
assert_no_call (gboolean  done,
                GError  **error)
{
  g_assert_false (done);
  g_assert_error (*error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_clear_error (error);
}

static void
test_outside (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("SEC-1, SEC-3: outside of a call there is nobody to impersonate, and nothing to revert");

  assert_no_call (convoke_impersonate_client (&error), &error);
  assert_no_call (convoke_revert_to_self (&error), &error);
}

static double
impersonate_thrice (TestFeed    *feed,
                    const char  *item,
                    gpointer     data,
                    GError     **error)
{
  g_assert_false (is_impersonating ());
  g_assert_true (convoke_revert_to_self (NULL));
  for (guint i = 0; i < 3; i++)
    g_assert_true (convoke_impersonate_client (NULL));
  g_assert_true (is_impersonating ());
  g_assert_true (convoke_revert_to_self (NULL));
  g_assert_false (is_impersonating ());
  *(gboolean *) data = TRUE;
  return 0;
}

static void
test_one_revert (void)
{
  gboolean served = FALSE;

  g_test_summary ("SEC-4: the same user can always be impersonated, and one revert undoes any number");

  serve (impersonate_thrice, &served);
  g_assert_true (served);
}

static double
impersonate_and_return (TestFeed    *feed,
                        const char  *item,
                        gpointer     data,
                        GError     **error)
{
  g_assert_true (convoke_impersonate_client (NULL));
  *(gboolean *) data = TRUE;
  return 0;
}

static void
test_reverted_by_return (void)
{
  gboolean served = FALSE;

  g_test_summary ("SEC-4: the end of the method reverts");

  serve (impersonate_and_return, &served);
  g_assert_true (served);
  g_assert_null (convoke_thread_self ()->impersonation);
}

static double
impersonate_around_end (TestFeed    *feed,
                        const char  *item,
                        gpointer     data,
                        GError     **error)
{
  g_autoptr (ConvokeServerCall) server_call = convoke_server_call_defer (G_OBJECT (feed), NULL);
  g_autoptr (GError) local_error = NULL;

  g_assert_true (convoke_impersonate_client (NULL));
  g_assert_true (convoke_server_call_complete (server_call, NULL, 1.0));
  g_assert_true (is_impersonating ());
  assert_no_call (convoke_impersonate_client (&local_error), &local_error);
  g_assert_true (is_impersonating ());
  g_assert_true (convoke_revert_to_self (NULL));
  assert_no_call (convoke_impersonate_client (&local_error), &local_error);
  *(gboolean *) data = TRUE;
  return 0;
}

static void
test_completed (void)
{
  gboolean served = FALSE;

  g_test_summary ("SEC-5, T-CA-29: completed inside of the method, the caller can no more be impersonated; "
                  "who did before does until the revert");

  serve (impersonate_around_end, &served);
  g_assert_true (served);
}

static double
impersonate_in_inner (TestFeed    *feed,
                      const char  *item,
                      gpointer     data,
                      GError     **error)
{
  gboolean *served = data;

  g_assert_false (is_impersonating ());
  g_assert_true (convoke_impersonate_client (NULL));
  *served = TRUE;
  return 0;
}

static double
impersonate_and_call (TestFeed    *feed,
                      const char  *item,
                      gpointer     data,
                      GError     **error)
{
  g_autoptr (TestFeed) inner = test_feed_new (CONVOKE_THREADING_ANY, impersonate_in_inner, data);

  g_assert_true (convoke_impersonate_client (NULL));
  test_call_synchronously (inner, "get_price", NULL);
  g_assert_true (is_impersonating ());
  g_assert_true (convoke_revert_to_self (NULL));
  test_call_synchronously (inner, "get_price", NULL);
  g_assert_false (is_impersonating ());
  return 0;
}

static void
test_nested (void)
{
  gboolean served = FALSE;

  g_test_summary ("SEC-4: what a thread serves inside of another call has an impersonation of its own");

  serve (impersonate_and_call, &served);
  g_assert_true (served);
}

static void
look_at_thread (gpointer data)
{
  g_assert_null (convoke_thread_self ()->impersonation);
  convoke_event_core_set (data);
}

static double
impersonate_and_wait (TestFeed    *feed,
                      const char  *item,
                      gpointer     data,
                      GError     **error)
{
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_dup_for_object (G_OBJECT (feed));
  ConvokeEventCore served;

  convoke_event_core_init (&served);
  g_assert_true (convoke_impersonate_client (NULL));
  convoke_engine_post (apartment, look_at_thread, &served, NULL);
  g_assert_true (convoke_wait (&served, FALSE, 0, CONVOKE_WAIT_DISPATCH_CALLS, LONG, NULL));
  g_assert_true (is_impersonating ());
  convoke_event_core_clear (&served);
  *(gboolean *) data = TRUE;
  return 0;
}

static void
test_wait (void)
{
  gboolean served = FALSE;

  g_test_summary ("SEC-4: a thread that waits does what others want as itself");

  serve (impersonate_and_wait, &served);
  g_assert_true (served);
}

/* --- workers --- */

static gpointer
impersonate_in_worker (gpointer data)
{
  g_autoptr (GError) error = NULL;
  ConvokeServerSecurity *security = data;

  assert_no_call (convoke_impersonate_client (&error), &error);
  assert_no_call (convoke_server_security_impersonate_client (security, &error), &error);
  assert_no_call (convoke_server_security_revert_to_self (security, &error), &error);

  g_assert_null (convoke_call_context_switch (CONVOKE_CALL_CONTEXT (g_object_ref (security))));
  g_assert_true (convoke_impersonate_client (NULL));
  g_assert_true (convoke_server_security_is_impersonating (security));
  g_object_unref (convoke_call_context_switch (NULL));
  g_assert_false (convoke_server_security_is_impersonating (security));
  g_assert_null (convoke_thread_self ()->impersonation);

  return NULL;
}

static double
defer (TestFeed    *feed,
       const char  *item,
       gpointer     data,
       GError     **error)
{
  *(ConvokeServerCall **) data = convoke_server_call_defer (G_OBJECT (feed), error);
  return 0;
}

static void
test_worker (void)
{
  g_autoptr (ConvokeServerCall) server_call = NULL;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, defer, &server_call);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (ConvokeCallContext) context = NULL;

  g_test_summary ("SEC-6, SEC-2: a worker serves no call until the context is switched in, and no more afterwards");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_false (convoke_call_wait (call, 0, NULL));
  context = convoke_server_call_dup_context (server_call);
  g_thread_join (g_thread_new ("worker", impersonate_in_worker, context));
  g_assert_true (convoke_server_call_complete (server_call, NULL, 1.0));
}

/* --- another user --- */

static gboolean
may_become_stranger (void)
{
  uid_t own = (uid_t) setfsuid (STRANGER);
  gboolean may = (uid_t) setfsuid (own) == STRANGER;

  if (!may)
    g_test_skip ("This process may not act as another user");

  return may;
}

static double
impersonate_stranger (TestFeed    *feed,
                      const char  *item,
                      gpointer     data,
                      GError     **error)
{
  set_caller (STRANGER, STRANGER);
  g_assert_true (convoke_impersonate_client (NULL));
  g_assert_true (g_file_set_contents (data, "x", -1, NULL));
  g_assert_cmpint (getgroups (0, NULL), ==, 0);
  return 0;
}

static void
assert_owner (const char *path,
              uid_t       uid,
              gid_t       gid)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_uid, ==, uid);
  g_assert_cmpint (info.st_gid, ==, gid);
  g_unlink (path);
}

static void
test_stranger (void)
{
  g_autofree char *folder = g_dir_make_tmp ("convoke-security-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  gid_t group = STRANGER;
  int n_groups;

  g_test_summary ("SEC-3, SEC-4: a privileged process makes files as the caller, with no groups of its own, and as itself after the return");

  g_chmod (folder, 0777);
  if (may_become_stranger () && setgroups (1, &group) == 0)
    {
      n_groups = getgroups (0, NULL);
      serve (impersonate_stranger, path);
      assert_owner (path, STRANGER, STRANGER);
      g_assert_cmpint (getgroups (0, NULL), ==, n_groups);
      g_assert_true (g_file_set_contents (path, "x", -1, NULL));
      assert_owner (path, geteuid (), getegid ());
    }
  g_rmdir (folder);
}

static double
look_at_user (TestFeed    *feed,
              const char  *item,
              gpointer     data,
              GError     **error)
{
  g_atomic_int_set ((gint *) data, setfsuid ((uid_t) -1));
  return 0;
}

static double
impersonate_and_begin (TestFeed    *feed,
                       const char  *item,
                       gpointer     data,
                       GError     **error)
{
  g_autoptr (TestFeed) inner = test_feed_new (CONVOKE_THREADING_ANY, look_at_user, data);
  g_autoptr (ConvokeCall) call = test_call_new (inner);

  set_caller (STRANGER, STRANGER);
  g_assert_true (convoke_impersonate_client (NULL));
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_cmpint (setfsuid ((uid_t) -1), ==, STRANGER);
  return 0;
}

static void
test_new_threads (void)
{
  gint user = -1;

  g_test_summary ("SEC-4: a worker that starts while its starter acts as a caller is the process itself");

  if (!may_become_stranger ())
    return;

  serve (impersonate_and_begin, &user);
  g_assert_cmpint (user, ==, geteuid ());
}

static double
fail_to_impersonate (TestFeed    *feed,
                     const char  *item,
                     gpointer     data,
                     GError     **error)
{
  g_autoptr (GError) local_error = NULL;

  set_caller (geteuid () + 1, getegid ());
  *(gboolean *) data = !convoke_impersonate_client (&local_error) &&
                       g_error_matches (local_error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED) &&
                       !is_impersonating () &&
                       (uid_t) setfsuid ((uid_t) -1) == geteuid ();
  return 0;
}

/* Runs in a child, which may be an ordinary user. */
static gboolean
is_denied (void)
{
  gboolean denied = FALSE;

  if (getuid () == 0 && (setgid (STRANGER) != 0 || setuid (STRANGER) != 0))
    return FALSE;

  serve (fail_to_impersonate, &denied);
  return denied;
}

static void
test_unprivileged (void)
{
  g_test_summary ("SEC-3: an ordinary process cannot act as another user, and stays what it is");

  if (g_test_subprocess ())
    {
      if (is_denied ())
        g_print ("denied\n");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*denied*");
}

/* --- the caller's side --- */

typedef struct
{
  TestFeed              *feed;
  GObject               *proxy;
  ConvokeCall           *call;
  ConvokeClientSecurity *security;
} Fixture;

static double
tell_level (TestFeed    *feed,
            const char  *item,
            gpointer     data,
            GError     **error)
{
  g_autoptr (ConvokeServerSecurity) security = dup_security ();
  ConvokeImpersonationLevel level;

  convoke_server_security_query_blanket (security, NULL, &level, NULL);
  return level;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  fixture->feed = test_feed_new (CONVOKE_THREADING_ANY, (TestGetPrice) data, NULL);
  convoke_require ("ConvokeTest", "1", NULL);
  fixture->proxy = convoke_create_proxy (G_OBJECT (fixture->feed), &error);
  g_assert_no_error (error);
  fixture->call = test_call_new (fixture->proxy);
  fixture->security = CONVOKE_CLIENT_SECURITY (convoke_query_interface (G_OBJECT (fixture->call),
                                                                        CONVOKE_TYPE_CLIENT_SECURITY, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->security);
  g_clear_object (&fixture->call);
  g_clear_object (&fixture->proxy);
  g_clear_object (&fixture->feed);
}

static double
finish (ConvokeCall *call)
{
  g_autoptr (GError) error = NULL;
  double price = -1;

  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_true (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_no_error (error);

  return price;
}

static double
call_with_level (Fixture                   *fixture,
                 ConvokeImpersonationLevel  level)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_client_security_set_blanket (fixture->security, level, &error));
  g_assert_no_error (error);
  g_assert_true (convoke_call_begin (fixture->call, "get_price", NULL, "tea"));
  return finish (fixture->call);
}

static void
test_level (Fixture       *fixture,
            gconstpointer  data)
{
  ConvokeAuthentication authentication;
  ConvokeImpersonationLevel level;

  g_test_summary ("SEC-7: what a call allows is set on its call object, and comes with each call to the server");

  convoke_client_security_query_blanket (fixture->security, &authentication, &level);
  g_assert_cmpint (authentication, ==, CONVOKE_AUTHENTICATION_SAME_PROCESS);
  g_assert_cmpint (level, ==, CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE);

  for (int i = CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE; i >= CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS; i--)
    {
      g_assert_cmpfloat (call_with_level (fixture, i), ==, i);
      convoke_client_security_query_blanket (fixture->security, &authentication, &level);
      g_assert_cmpint (level, ==, i);
    }
  g_assert_cmpint (authentication, ==, CONVOKE_AUTHENTICATION_NONE);
}

static void
test_no_level (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  ConvokeImpersonationLevel level;

  g_test_summary ("SEC-7: what is no level is refused and changes nothing");

  g_assert_false (convoke_client_security_set_blanket (fixture->security, 4, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_false (convoke_client_security_set_blanket (fixture->security, 0, NULL));
  convoke_client_security_query_blanket (fixture->security, NULL, &level);
  g_assert_cmpint (level, ==, CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE);
}

/* 1: identified, 2: may be impersonated. */
static double
try_all (TestFeed    *feed,
         const char  *item,
         gpointer     data,
         GError     **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);
  g_autoptr (GCredentials) credentials = convoke_call_context_dup_credentials (context);
  g_autoptr (GError) local_error = NULL;
  int can = 0;

  if (convoke_call_context_get_uid (context) == geteuid () && credentials != NULL)
    can |= 1;
  if (convoke_impersonate_client (&local_error))
    can |= 2;
  else
    g_assert_error (local_error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED);

  return can;
}

static void
test_obeyed (Fixture       *fixture,
             gconstpointer  data)
{
  g_test_summary ("SEC-4, SEC-7: a caller who is anonymous is not told, one who may only be identified is not impersonated");

  g_assert_cmpfloat (call_with_level (fixture, CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS), ==, 0);
  g_assert_cmpfloat (call_with_level (fixture, CONVOKE_IMPERSONATION_LEVEL_IDENTIFY), ==, 1);
  g_assert_cmpfloat (call_with_level (fixture, CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE), ==, 3);
}

static void
test_in_progress (void)
{
  g_autoptr (ConvokeServerCall) server_call = NULL;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_CONTEXT, defer, &server_call);
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (feed), NULL);
  g_autoptr (ConvokeCall) call = test_call_new (proxy);
  g_autoptr (ConvokeCallContext) context = NULL;

  g_test_summary ("SEC-7: a call in progress keeps what it was begun with");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_false (convoke_call_wait (call, 0, NULL));
  g_assert_true (convoke_client_security_set_blanket (CONVOKE_CLIENT_SECURITY (call),
                                                      CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS, NULL));
  context = convoke_server_call_dup_context (server_call);
  g_assert_cmpint (convoke_call_context_get_uid (context), ==, geteuid ());
  g_assert_true (convoke_server_call_complete (server_call, NULL, 1.0));
}

static void
test_unproxied (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, tell_level, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (GError) error = NULL;

  g_test_summary ("SEC-7: the call object of an object that is called where it is does not answer for security");

  g_assert_null (convoke_query_interface (G_OBJECT (call), CONVOKE_TYPE_CLIENT_SECURITY, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/security/same-process", test_same_process);
  g_test_add_func ("/callfactory/security/peer", test_peer);
  g_test_add_func ("/callfactory/security/unknown-peer", test_unknown_peer);
  g_test_add_func ("/callfactory/security/outside", test_outside);
  g_test_add_func ("/callfactory/security/one-revert", test_one_revert);
  g_test_add_func ("/callfactory/security/reverted-by-return", test_reverted_by_return);
  g_test_add_func ("/callfactory/security/completed", test_completed);
  g_test_add_func ("/callfactory/security/nested", test_nested);
  g_test_add_func ("/callfactory/security/wait", test_wait);
  g_test_add_func ("/callfactory/security/worker", test_worker);
  g_test_add_func ("/callfactory/security/stranger", test_stranger);
  g_test_add_func ("/callfactory/security/new-threads", test_new_threads);
  g_test_add_func ("/callfactory/security/unprivileged", test_unprivileged);
  g_test_add ("/callfactory/security/level", Fixture, tell_level, set_up, test_level, tear_down);
  g_test_add ("/callfactory/security/no-level", Fixture, tell_level, set_up, test_no_level, tear_down);
  g_test_add ("/callfactory/security/obeyed", Fixture, try_all, set_up, test_obeyed, tear_down);
  g_test_add_func ("/callfactory/security/in-progress", test_in_progress);
  g_test_add_func ("/callfactory/security/unproxied", test_unproxied);

  return g_test_run ();
}
