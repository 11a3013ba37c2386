/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who may be called when: OM-59. */

#include <convoke-test.h>

#include <convoke-apartment.h>
#include <convoke-busy.h>
#include <convoke-call-factory.h>
#include <convoke-call-filter.h>
#include <convoke-error.h>
#include <convoke-proxy.h>
#include <convoke-server-call.h>

#include <unistd.h>

#include "../marshal/test-home.h"
#include "../marshal/test-pair.h"

/* --- helpers --- */

/* A component on a thread of its own. */
typedef struct
{
  TestHome          *home;
  ConvokeApartment  *apartment;
  ConvokeTestServer *server;     /* (borrowed) */
  GObject           *proxy;
} Fixture;

static void
init (Fixture *self)
{
  *self = (Fixture) { .home = test_home_new () };
  self->server = convoke_test_server_new ();
  self->proxy = test_home_adopt (self->home, self->server);
  self->apartment = convoke_apartment_dup_for_object (self->proxy);
}

static void
clear (Fixture *self)
{
  convoke_apartment_set_call_filter (self->apartment, NULL, NULL, NULL);
  g_clear_object (&self->proxy);
  g_clear_object (&self->apartment);
  test_home_free (self->home);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, clear)

static double
get_price (GObject  *proxy,
           GError  **error)
{
  return convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "tea", error);
}

/* What a filter says, in turn; the last is said for ever. And what it was told. */
typedef struct
{
  const ConvokeCallVerdict *verdicts;
  guint                     n_verdicts;
  guint                     n_asked;
  guint64                   thread;
  GType                     type;
  char                     *what;
  gint64                    pid;
} Script;

static ConvokeCallVerdict
filter_by_script (GObject            *object,
                  const char         *interface_name,
                  const char         *method_name,
                  ConvokeCallContext *context,
                  gpointer            data)
{
  Script *self = data;
  guint i = MIN (self->n_asked, self->n_verdicts - 1);

  self->n_asked++;
  self->thread = convoke_test_get_thread ();
  self->type = G_OBJECT_TYPE (object);
  g_free (self->what);
  self->what = g_strdup_printf ("%s.%s", interface_name, method_name);
  self->pid = convoke_call_context_get_pid (context);
  return self->verdicts[i];
}

static const ConvokeCallVerdict handle[] = { CONVOKE_CALL_VERDICT_HANDLE };
static const ConvokeCallVerdict reject[] = { CONVOKE_CALL_VERDICT_REJECT };
static const ConvokeCallVerdict busy[] = { CONVOKE_CALL_VERDICT_RETRY_LATER };
static const ConvokeCallVerdict busy_twice[] = {
  CONVOKE_CALL_VERDICT_RETRY_LATER, CONVOKE_CALL_VERDICT_RETRY_LATER, CONVOKE_CALL_VERDICT_HANDLE,
};

/* --- the callee --- */

static void
test_handle (void)
{
  g_auto (Fixture) fixture = { NULL, };
  Script script = { handle, 1, };
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-59: a filter is told what is called and by whom, where the object lives, before the method runs");

  init (&fixture);
  convoke_apartment_set_call_filter (fixture.apartment, filter_by_script, &script, NULL);
  g_assert_cmpfloat (get_price (fixture.proxy, &error), ==, 1.5);
  g_assert_no_error (error);
  g_assert_cmpuint (script.n_asked, ==, 1);
  g_assert_cmpuint (script.thread, !=, convoke_test_get_thread ());
  g_assert_cmpstr (script.what, ==, "ConvokeTest-1.PriceFeed.get_price");
  g_assert_true (script.type == CONVOKE_TEST_TYPE_SERVER);
  g_assert_cmpint (script.pid, ==, getpid ());
  g_free (script.what);
}

static void
test_reject (void)
{
  g_auto (Fixture) fixture = { NULL, };
  Script script = { reject, 1, };
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-59: a call that is rejected fails at once, and its method never runs");

  init (&fixture);
  convoke_apartment_set_call_filter (fixture.apartment, filter_by_script, &script, NULL);
  convoke_set_busy_timeout (fixture.proxy, G_USEC_PER_SEC);
  get_price (fixture.proxy, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_REJECTED);
  g_assert_cmpuint (script.n_asked, ==, 1);
  g_assert_cmpuint (convoke_test_server_get_n_calls (fixture.server), ==, 0);
  g_free (script.what);
}

static void
test_busy (void)
{
  g_auto (Fixture) fixture = { NULL, };
  Script script = { busy, 1, };
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-59: without a handler the caller of a busy callee is told so");

  init (&fixture);
  convoke_apartment_set_call_filter (fixture.apartment, filter_by_script, &script, NULL);
  get_price (fixture.proxy, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_BUSY);
  g_assert_cmpuint (script.n_asked, ==, 1);
  g_assert_cmpuint (convoke_test_server_get_n_calls (fixture.server), ==, 0);
  g_free (script.what);
}

static void
test_begun (void)
{
  g_auto (Fixture) fixture = { NULL, };
  Script script = { busy, 1, };
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-59: a begun call is asked for as well, and completes with the refusal");

  init (&fixture);
  convoke_apartment_set_call_filter (fixture.apartment, filter_by_script, &script, NULL);
  convoke_set_busy_timeout (fixture.proxy, G_USEC_PER_SEC);
  call = convoke_create_call (fixture.proxy, CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_true (convoke_call_wait (call, -1, NULL));
  g_assert_false (convoke_call_finish (call, "get_price", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_BUSY);
  g_assert_cmpuint (script.n_asked, ==, 1);
  g_free (script.what);
}

static void
test_no_error_slot (void)
{
  g_auto (Fixture) fixture = { NULL, };
  Script script = { reject, 1, };
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-59, D15: a method without a GError gives zero when it is rejected, and the proxy tells why");

  init (&fixture);
  convoke_apartment_set_call_filter (fixture.apartment, filter_by_script, &script, NULL);
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (fixture.proxy)), ==, 0);
  error = convoke_dup_last_error (fixture.proxy);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_REJECTED);
  g_free (script.what);
}

static void
test_same_apartment_cb (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GError) error = NULL;

  g_assert_cmpfloat (get_price (fixture->proxy, &error), ==, 1.5);
  g_assert_no_error (error);
}

static void
test_same_apartment (void)
{
  g_auto (Fixture) fixture = { NULL, };
  Script script = { reject, 1, };

  g_test_summary ("OM-59: a call from where the object lives does not come in");

  init (&fixture);
  convoke_apartment_set_call_filter (fixture.apartment, filter_by_script, &script, NULL);
  test_home_run (fixture.home, test_same_apartment_cb, &fixture);
  g_assert_cmpuint (script.n_asked, ==, 0);
}

static ConvokeCallVerdict
filter_and_defer (GObject            *object,
                  const char         *interface_name,
                  const char         *method_name,
                  ConvokeCallContext *context,
                  gpointer            data)
{
  g_autoptr (ConvokeServerCall) server_call = convoke_server_call_defer (object, NULL);

  *(gboolean *) data = server_call != NULL;
  return CONVOKE_CALL_VERDICT_HANDLE;
}

static void
test_defer (void)
{
  g_auto (Fixture) fixture = { NULL, };
  gboolean deferred = TRUE;

  g_test_summary ("A filter does not serve the call that it is asked about: it cannot defer it");

  init (&fixture);
  convoke_apartment_set_call_filter (fixture.apartment, filter_and_defer, &deferred, NULL);
  g_assert_cmpfloat (get_price (fixture.proxy, NULL), ==, 1.5);
  g_assert_false (deferred);
}

static void
count_cb (gpointer data)
{
  g_atomic_int_inc ((gint *) data);
}

static ConvokeCallVerdict
filter_all (GObject            *object,
            const char         *interface_name,
            const char         *method_name,
            ConvokeCallContext *context,
            gpointer            data)
{
  return CONVOKE_CALL_VERDICT_REJECT;
}

static void
test_replaced (void)
{
  g_auto (Fixture) fixture = { NULL, };
  gint n_freed = 0;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A filter goes when another takes its place, and when there is to be none");

  init (&fixture);
  convoke_apartment_set_call_filter (fixture.apartment, filter_all, &n_freed, count_cb);
  convoke_apartment_set_call_filter (fixture.apartment, filter_all, &n_freed, count_cb);
  g_assert_cmpint (n_freed, ==, 1);
  convoke_apartment_set_call_filter (fixture.apartment, NULL, NULL, NULL);
  g_assert_cmpint (n_freed, ==, 2);
  g_assert_cmpfloat (get_price (fixture.proxy, &error), ==, 1.5);
  g_assert_no_error (error);
}

static void
test_apartment_goes (void)
{
  ConvokeApartment *apartment = convoke_apartment_new_serial ();
  gint n_freed = 0;

  g_test_summary ("A filter goes with its apartment");

  convoke_apartment_set_call_filter (apartment, filter_all, &n_freed, count_cb);
  g_assert_finalize_object (apartment);
  g_assert_cmpint (n_freed, ==, 1);
}

/* --- the caller --- */

static gint64
count_and_repeat (gint64   elapsed,
                  gpointer data)
{
  guint *n = data;

  g_assert_cmpint (elapsed, >=, 0);
  (*n)++;
  return 0;
}

static void
test_handler (void)
{
  g_auto (Fixture) fixture = { NULL, };
  Script script = { busy_twice, 3, };
  guint n_refused = 0;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-59: the caller's handler is asked each time, and can have the call tried again at once");

  init (&fixture);
  convoke_apartment_set_call_filter (fixture.apartment, filter_by_script, &script, NULL);
  convoke_set_busy_handler (fixture.proxy, count_and_repeat, &n_refused, NULL);
  g_assert_cmpfloat (get_price (fixture.proxy, &error), ==, 1.5);
  g_assert_no_error (error);
  g_assert_cmpuint (script.n_asked, ==, 3);
  g_assert_cmpuint (n_refused, ==, 2);
  g_assert_cmpuint (convoke_test_server_get_n_calls (fixture.server), ==, 1);
  g_free (script.what);
}

static gint64
give_up (gint64   elapsed,
         gpointer data)
{
  guint *n = data;

  (*n)++;
  return -1;
}

static void
test_gives_up (void)
{
  g_auto (Fixture) fixture = { NULL, };
  Script script = { busy, 1, };
  guint n_refused = 0;
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-59: a handler that gives up leaves its caller with BUSY");

  init (&fixture);
  convoke_apartment_set_call_filter (fixture.apartment, filter_by_script, &script, NULL);
  convoke_set_busy_handler (fixture.proxy, give_up, &n_refused, NULL);
  get_price (fixture.proxy, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_BUSY);
  g_assert_cmpuint (n_refused, ==, 1);
  g_free (script.what);
}

static void
test_timeout (void)
{
  g_auto (Fixture) fixture = { NULL, };
  Script script = { busy_twice, 3, };
  g_autoptr (GError) error = NULL;

  g_test_summary ("A busy time-out has calls tried again until they are handled");

  init (&fixture);
  convoke_apartment_set_call_filter (fixture.apartment, filter_by_script, &script, NULL);
  convoke_set_busy_timeout (fixture.proxy, 60 * G_USEC_PER_SEC);
  g_assert_cmpfloat (get_price (fixture.proxy, &error), ==, 1.5);
  g_assert_no_error (error);
  g_assert_cmpuint (script.n_asked, ==, 3);
  g_free (script.what);
}

static void
test_timeout_over (void)
{
  g_auto (Fixture) fixture = { NULL, };
  Script script = { busy, 1, };
  g_autoptr (GError) error = NULL;

  g_test_summary ("A busy time-out that is over leaves the caller with BUSY");

  init (&fixture);
  convoke_apartment_set_call_filter (fixture.apartment, filter_by_script, &script, NULL);
  /* The first try alone can take longer than a short time. */
  for (gint64 timeout = 4 * G_TIME_SPAN_MILLISECOND; script.n_asked < 2 && timeout < G_TIME_SPAN_MINUTE; timeout *= 4)
    {
      script.n_asked = 0;
      g_clear_error (&error);
      convoke_set_busy_timeout (fixture.proxy, timeout);
      get_price (fixture.proxy, &error);
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_BUSY);
    }
  g_assert_cmpuint (script.n_asked, >, 1);
  g_free (script.what);
}

static void
test_handler_replaced (void)
{
  g_auto (Fixture) fixture = { NULL, };
  gint n_freed = 0;

  g_test_summary ("A busy handler goes when another takes its place, and with its proxy");

  init (&fixture);
  convoke_set_busy_handler (fixture.proxy, give_up, &n_freed, count_cb);
  convoke_set_busy_handler (fixture.proxy, give_up, &n_freed, count_cb);
  g_assert_cmpint (n_freed, ==, 1);
  convoke_set_busy_timeout (fixture.proxy, 0);
  g_assert_cmpint (n_freed, ==, 2);
  convoke_set_busy_handler (fixture.proxy, give_up, &n_freed, count_cb);
  g_clear_object (&fixture.proxy);
  g_assert_cmpint (n_freed, ==, 3);
}

/* --- over a connection --- */

static void
test_connection (void)
{
  g_autoptr (ConvokeApartment) serial = convoke_apartment_new_serial ();
  Script script = { busy_twice, 3, };
  ConvokeTestServer *server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = NULL;
  g_autoptr (GError) error = NULL;
  guint n_refused = 0;
  TestPair pair;

  g_test_summary ("OM-59: a call over a connection is filtered and tried again in the same way");

  g_assert_true (convoke_apartment_bind (serial, G_OBJECT (server), NULL));
  convoke_apartment_set_call_filter (serial, filter_by_script, &script, NULL);
  test_pair_take_object (server);
  test_pair_init (&pair);
  proxy = test_channel_get_object (pair.near);

  get_price (proxy, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_BUSY);
  g_clear_error (&error);

  convoke_set_busy_handler (proxy, count_and_repeat, &n_refused, NULL);
  g_assert_cmpfloat (get_price (proxy, &error), ==, 1.5);
  g_assert_no_error (error);
  g_assert_cmpuint (n_refused, ==, 1);
  g_assert_cmpuint (script.n_asked, ==, 3);
  g_assert_cmpuint (convoke_test_server_get_n_calls (server), ==, 1);

  g_clear_object (&proxy);
  test_pair_clear_object ();
  test_pair_clear (&pair);
  g_free (script.what);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_require ("ConvokeTest", "1");

  g_test_add_func ("/callfactory/call-filter/handle", test_handle);
  g_test_add_func ("/callfactory/call-filter/reject", test_reject);
  g_test_add_func ("/callfactory/call-filter/busy", test_busy);
  g_test_add_func ("/callfactory/call-filter/begun", test_begun);
  g_test_add_func ("/callfactory/call-filter/no-error-slot", test_no_error_slot);
  g_test_add_func ("/callfactory/call-filter/same-apartment", test_same_apartment);
  g_test_add_func ("/callfactory/call-filter/defer", test_defer);
  g_test_add_func ("/callfactory/call-filter/replaced", test_replaced);
  g_test_add_func ("/callfactory/call-filter/apartment-goes", test_apartment_goes);
  g_test_add_func ("/callfactory/call-filter/handler", test_handler);
  g_test_add_func ("/callfactory/call-filter/gives-up", test_gives_up);
  g_test_add_func ("/callfactory/call-filter/timeout", test_timeout);
  g_test_add_func ("/callfactory/call-filter/timeout-over", test_timeout_over);
  g_test_add_func ("/callfactory/call-filter/handler-replaced", test_handler_replaced);
  g_test_add_func ("/callfactory/call-filter/connection", test_connection);

  return g_test_run ();
}
