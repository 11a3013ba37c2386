/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <convoke-test.h>

#define CONVOKE_INSIDE
#include "convoke-apartment.h"
#include "convoke-call.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"
#include "convoke-proxy.h"
#include "convoke-trampoline-private.h"
#include "test-home.h"

typedef struct
{
  GThread *thread;
  int      n;
  int      n_destroyed;
  gint     done;
  char    *text;
} Seen;

static gpointer
adopt_server (TestHome           *home,
              ConvokeTestServer **server)
{
  gpointer object = convoke_test_server_new ();

  if (server != NULL)
    *server = object;
  return test_home_adopt (home, object);
}

/* --- scope call --- */

static int
double_cb (int      value,
           gpointer data)
{
  Seen *seen = data;

  seen->thread = g_thread_self ();
  seen->n++;
  return 2 * value;
}

static void
test_call (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  static const int values[] = { 1, 2, 3 };
  Seen seen = { NULL, };

  g_test_summary ("A callback of scope call runs on the thread that waits for the call");

  g_assert_cmpint (convoke_test_every_for_each (CONVOKE_TEST_EVERY (proxy), values, 3, double_cb, &seen), ==, 12);
  g_assert_cmpint (seen.n, ==, 3);
  g_assert_true (seen.thread == g_thread_self ());
}

static gpointer
call_from_plain_thread (gpointer data)
{
  static const int values[] = { 4, 5 };
  Seen seen = { NULL, };

  g_assert_cmpint (convoke_test_every_for_each (data, values, 2, double_cb, &seen), ==, 18);
  g_assert_true (seen.thread == g_thread_self ());
  return NULL;
}

static void
test_call_plain_thread (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);

  g_test_summary ("A callback of scope call runs on the caller's thread also where that has no main context");

  g_thread_join (g_thread_new ("plain", call_from_plain_thread, proxy));
}

static int
nest_cb (int      value,
         gpointer data)
{
  static const int one[] = { 1 };
  Seen seen = { NULL, };

  if (value == 0)
    return 0;

  /* From inside of the callback, a call to the object that is calling back. */
  return convoke_test_every_for_each (data, one, 1, double_cb, &seen) + value;
}

static void
test_call_nested (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  static const int values[] = { 3 };

  g_test_summary ("D7: a callback can call the object that calls it");

  g_assert_cmpint (convoke_test_every_for_each (CONVOKE_TEST_EVERY (proxy), values, 1, nest_cb, proxy), ==, 5);
}

/* --- scopes that outlive the call --- */

static void
text_cb (const char *text,
         gpointer    data)
{
  Seen *seen = data;

  seen->thread = g_thread_self ();
  seen->n++;
  g_free (seen->text);
  seen->text = g_strdup (text);
  g_atomic_int_set (&seen->done, 1);
}

static void
destroy_cb (gpointer data)
{
  Seen *seen = data;

  g_assert_true (g_main_context_get_thread_default () == NULL);
  seen->n_destroyed++;
  g_atomic_int_set (&seen->done, 1);
}

static gboolean
tell_cb (gpointer data)
{
  convoke_test_every_tell (data, "later");
  return G_SOURCE_REMOVE;
}

static void
test_async (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  ConvokeTestServer *server;
  g_autoptr (GObject) proxy = adopt_server (home, &server);
  Seen seen = { NULL, };

  g_test_summary ("A callback of scope async runs once, where it came from");

  convoke_test_every_call_later (CONVOKE_TEST_EVERY (proxy), text_cb, &seen);
  test_home_queue (home, tell_cb, server);
  test_iterate_until (&seen.done);

  g_assert_true (seen.thread == g_thread_self ());
  g_assert_cmpint (seen.n, ==, 1);
  g_assert_cmpstr (seen.text, ==, "later");

  convoke_test_every_tell (CONVOKE_TEST_EVERY (proxy), "again");
  g_assert_cmpint (seen.n, ==, 1);
  g_free (seen.text);
}

static void
test_notified (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  ConvokeTestServer *server;
  g_autoptr (GObject) proxy = adopt_server (home, &server);
  Seen seen = { NULL, };

  g_test_summary ("A notified callback runs where it came from until its destroy notify, which runs there too");

  convoke_test_every_watch (CONVOKE_TEST_EVERY (proxy), text_cb, &seen, destroy_cb);
  test_home_queue (home, tell_cb, server);
  test_iterate_until (&seen.done);
  g_assert_cmpint (seen.n, ==, 1);

  /* And inside of a call of this thread. */
  convoke_test_every_tell (CONVOKE_TEST_EVERY (proxy), "now");
  g_assert_cmpint (seen.n, ==, 2);
  g_assert_cmpstr (seen.text, ==, "now");
  g_assert_true (seen.thread == g_thread_self ());

  seen.done = 0;
  convoke_test_every_unwatch (CONVOKE_TEST_EVERY (proxy));
  test_iterate_until (&seen.done);
  g_assert_cmpint (seen.n_destroyed, ==, 1);
  g_free (seen.text);
}

static void
test_notified_last (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  GObject *proxy = adopt_server (home, NULL);
  Seen seen = { NULL, };

  g_test_summary ("A notified callback whose object goes away is destroyed where it came from, once");

  convoke_test_every_watch (CONVOKE_TEST_EVERY (proxy), text_cb, &seen, destroy_cb);
  g_object_unref (proxy);
  test_iterate_until (&seen.done);
  g_assert_cmpint (seen.n_destroyed, ==, 1);
  g_assert_cmpint (seen.n, ==, 0);
}

static void
test_notified_without_destroy (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  Seen seen = { NULL, };

  g_test_summary ("A notified callback without a destroy notify leaves nothing behind");

  convoke_test_every_watch (CONVOKE_TEST_EVERY (proxy), text_cb, &seen, NULL);
  convoke_test_every_tell (CONVOKE_TEST_EVERY (proxy), "now");
  g_assert_cmpint (seen.n, ==, 1);
  convoke_test_every_unwatch (CONVOKE_TEST_EVERY (proxy));
  g_free (seen.text);
}

/* --- asynchronous pairs --- */

typedef struct
{
  GObject *proxy;
  GThread *thread;
  char    *loaded;
  gsize    length;
  GError  *error;
  gint     done;
} Loaded;

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Loaded *loaded = data;

  g_assert_true (source == loaded->proxy);
  loaded->thread = g_thread_self ();
  loaded->loaded = convoke_test_every_load_finish (CONVOKE_TEST_EVERY (source), result, &loaded->length, &loaded->error);
  g_atomic_int_set (&loaded->done, 1);
}

static void
load (Loaded     *loaded,
      GObject    *proxy,
      const char *name)
{
  loaded->proxy = proxy;
  convoke_test_every_load_async (CONVOKE_TEST_EVERY (proxy), name, NULL, loaded_cb, loaded);
  g_assert_cmpint (loaded->done, ==, 0);
  test_iterate_until (&loaded->done);
}

static void
test_pair (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  Loaded loaded = { NULL, };

  g_test_summary ("An asynchronous pair ends in the caller's main context, with the proxy as its source");

  load (&loaded, proxy, "tea");
  g_assert_no_error (loaded.error);
  g_assert_cmpstr (loaded.loaded, ==, "loaded tea");
  g_assert_cmpuint (loaded.length, ==, 10);
  g_assert_true (loaded.thread == g_thread_self ());
  g_free (loaded.loaded);
}

static void
test_pair_error (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  Loaded loaded = { NULL, };

  g_test_summary ("D13: an asynchronous pair's error arrives as it was");

  load (&loaded, proxy, "missing");
  g_assert_error (loaded.error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_assert_null (loaded.loaded);
  g_clear_error (&loaded.error);
}

/* An object that keeps calling back into a context that waits for something else would hang without D7. */
static gpointer
load_in_own_context (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Loaded loaded = { data, };

  g_main_context_push_thread_default (context);
  convoke_test_every_load_async (data, "coffee", NULL, loaded_cb, &loaded);
  while (!loaded.done)
    g_main_context_iteration (context, TRUE);
  g_assert_true (loaded.thread == g_thread_self ());
  g_assert_cmpstr (loaded.loaded, ==, "loaded coffee");
  g_free (loaded.loaded);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_pair_context (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);

  g_test_summary ("P-11: an asynchronous pair's callback runs in the caller's thread-default main context");

  g_thread_join (g_thread_new ("context", load_in_own_context, proxy));
}

/* --- what does not get through (D7, D15) --- */

/* Lives elsewhere and calls back to an object of the thread that waits for it. */
#define TEST_TYPE_CALLER (test_caller_get_type ())
G_DECLARE_FINAL_TYPE (TestCaller, test_caller, TEST, CALLER, GObject)

struct _TestCaller
{
  GObject   parent_instance;
  GObject  *callee;       /* a proxy */
  char     *text;
  GError   *last;
  char     *failed;
  Seen      watched;
  Loaded    loaded;
};

static void
call_failed_cb (GObject      *proxy,
                const char   *method,
                const GError *error,
                TestCaller   *self)
{
  g_free (self->failed);
  self->failed = g_strdup (method);
}

static void
failed_load_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  TestCaller *self = data;

  self->loaded.loaded = convoke_test_every_load_finish (CONVOKE_TEST_EVERY (source), result, NULL, &self->loaded.error);
  g_atomic_int_set (&self->loaded.done, 1);
  g_main_context_wakeup (NULL);
}

static void
destroy_watched_cb (gpointer data)
{
  ((Seen *) data)->n_destroyed++;
}

static double
caller_get_price (ConvokeTestPriceFeed  *feed,
                  const char            *item,
                  GError               **error)
{
  TestCaller *self = TEST_CALLER (feed);
  gulong handler = g_signal_connect (self->callee, "call-failed", G_CALLBACK (call_failed_cb), self);

  self->text = convoke_test_price_feed_describe (CONVOKE_TEST_PRICE_FEED (self->callee));
  self->last = convoke_dup_last_error (self->callee);
  g_signal_handler_disconnect (self->callee, handler);

  convoke_test_every_watch (CONVOKE_TEST_EVERY (self->callee), text_cb, &self->watched, destroy_watched_cb);
  convoke_test_every_call_later (CONVOKE_TEST_EVERY (self->callee), text_cb, &self->watched);
  convoke_test_every_load_async (CONVOKE_TEST_EVERY (self->callee), "tea", NULL, failed_load_cb, self);
  return convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (self->callee), item, error);
}

static void
test_caller_feed_init (ConvokeTestPriceFeedInterface *iface)
{
  iface->get_price = caller_get_price;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestCaller, test_caller, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PRICE_FEED, test_caller_feed_init))

static void
test_caller_init (TestCaller *self)
{
}

static void
test_caller_finalize (GObject *object)
{
  TestCaller *self = TEST_CALLER (object);

  g_clear_object (&self->callee);
  g_free (self->text);
  g_free (self->failed);
  g_clear_error (&self->last);
  g_clear_error (&self->loaded.error);
  G_OBJECT_CLASS (test_caller_parent_class)->finalize (object);
}

static void
test_caller_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  g_value_set_string (value, "CHF");
}

static void
test_caller_set_property (GObject      *object,
                          guint         id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
}

static void
test_caller_class_init (TestCallerClass *class)
{
  G_OBJECT_CLASS (class)->finalize = test_caller_finalize;
  G_OBJECT_CLASS (class)->get_property = test_caller_get_property;
  G_OBJECT_CLASS (class)->set_property = test_caller_set_property;
  g_object_class_override_property (G_OBJECT_CLASS (class), 1, "currency");
}

static void
test_refused (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (ConvokeTestServer) mine = convoke_test_server_new ();
  TestCaller *caller = g_object_new (TEST_TYPE_CALLER, NULL);
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;
  double price;

  g_test_summary ("D7, D15: where the callee's only thread refuses to serve, calls fail at once, each in its own way");

  caller->callee = convoke_create_proxy (G_OBJECT (mine), NULL);
  test_home_bind (home, caller);
  call = convoke_create_call (G_OBJECT (caller), CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  convoke_call_begin (call, "get_price", &error, "tea");
  g_assert_no_error (error);
  convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (call), CONVOKE_WAIT_NO_SERVE, 60 * G_USEC_PER_SEC, &error);
  g_assert_no_error (error);

  g_assert_false (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DEADLOCK);

  /* A method that cannot fail. */
  g_assert_cmpstr (caller->text, ==, "");
  g_assert_error (caller->last, CONVOKE_ERROR, CONVOKE_ERROR_DEADLOCK);
  g_assert_cmpstr (caller->failed, ==, "describe");

  /* A callback that nobody got is given up, and its data freed; one of scope async has none. */
  g_assert_cmpint (caller->watched.n, ==, 0);
  g_assert_cmpint (caller->watched.n_destroyed, ==, 1);

  /* An asynchronous pair tells it where all its results are told. */
  test_iterate_until (&caller->loaded.done);
  g_assert_error (caller->loaded.error, CONVOKE_ERROR, CONVOKE_ERROR_DEADLOCK);
  g_assert_null (caller->loaded.loaded);

  g_clear_object (&call);
  g_assert_cmpuint (convoke_test_server_get_n_calls (mine), ==, 0);
  g_object_unref (caller);
}

/* --- a scope that is not the usual one --- */

static void
count_ready_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  ((Seen *) data)->n++;
}

static void
count_destroyed_cb (gpointer data)
{
  ((Seen *) data)->n_destroyed++;
}

static const ConvokeArgInfo *
find_ready_callback (void)
{
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (CONVOKE_TEST_TYPE_PAIRS, NULL);
  const ConvokeMethodInfo *method = convoke_interface_info_find_method (info, "save_async", NULL);

  return convoke_method_info_get_arg (method, 0);
}

static void
test_ready_notified (void)
{
  g_autoptr (ConvokeApartment) home = convoke_apartment_new_for_context (NULL);
  g_autoptr (ConvokeApartment) away = convoke_apartment_new_serial ();
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  ConvokeArgInfo arg = *find_ready_callback ();
  Seen seen = { NULL, };
  gpointer callback = (gpointer) count_ready_cb;
  gpointer data = &seen;
  gpointer destroy = (gpointer) count_destroyed_cb;
  gpointer owned = NULL;
  GDestroyNotify free_owned = NULL;

  g_test_summary ("A GAsyncReadyCallback that is not of scope async can be called more than once");

  arg.scope = CONVOKE_SCOPE_NOTIFIED;
  arg.closure = 1;
  arg.destroy = 2;
  g_assert_true (convoke_trampoline_map_callback (&arg, &callback, &data, &destroy, &owned, &free_owned, home, away, &error));
  g_assert_no_error (error);
  g_task_return_boolean (task, TRUE);

  g_assert_true (g_main_context_acquire (NULL));
  ((GAsyncReadyCallback) callback) (NULL, G_ASYNC_RESULT (task), data);
  ((GAsyncReadyCallback) callback) (NULL, G_ASYNC_RESULT (task), data);
  ((GDestroyNotify) destroy) (data);
  g_main_context_release (NULL);

  g_assert_cmpint (seen.n, ==, 2);
  g_assert_cmpint (seen.n_destroyed, ==, 1);
}

/* --- many --- */

static gpointer
call_often (gpointer data)
{
  for (guint i = 0; i < 200; i++)
    call_from_plain_thread (data);

  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  GThread *threads[4];

  g_test_summary ("Callbacks of several threads at once each run on their own");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("call", call_often, proxy);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_require ("ConvokeTest", "1");

  g_test_add_func ("/marshal/trampoline/call", test_call);
  g_test_add_func ("/marshal/trampoline/call-plain-thread", test_call_plain_thread);
  g_test_add_func ("/marshal/trampoline/call-nested", test_call_nested);
  g_test_add_func ("/marshal/trampoline/async", test_async);
  g_test_add_func ("/marshal/trampoline/notified", test_notified);
  g_test_add_func ("/marshal/trampoline/notified-last", test_notified_last);
  g_test_add_func ("/marshal/trampoline/notified-without-destroy", test_notified_without_destroy);
  g_test_add_func ("/marshal/trampoline/pair", test_pair);
  g_test_add_func ("/marshal/trampoline/pair-error", test_pair_error);
  g_test_add_func ("/marshal/trampoline/p-11-pair-context", test_pair_context);
  g_test_add_func ("/marshal/trampoline/d-15-refused", test_refused);
  g_test_add_func ("/marshal/trampoline/ready-notified", test_ready_notified);
  g_test_add_func ("/marshal/trampoline/threads", test_threads);

  return g_test_run ();
}
