/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <convoke-test.h>

#define CONVOKE_INSIDE
#include "convoke-apartment.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"
#include "convoke-proxy.h"
#include "convoke-unknown.h"
#include "../test-child.h"
#include "test-home.h"

#include <sys/wait.h>
#include <unistd.h>

static gpointer
adopt_server (TestHome           *home,
              ConvokeTestServer **server)
{
  gpointer object = convoke_test_server_new ();

  if (server != NULL)
    *server = object;
  return test_home_adopt (home, object);
}

static void
get_thread_cb (gpointer data)
{
  *(guint64 *) data = convoke_test_get_thread ();
}

static guint64
get_thread_of (TestHome *home)
{
  guint64 thread;

  test_home_run (home, get_thread_cb, &thread);
  return thread;
}

/* --- what it is --- */

static void
test_same (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  ConvokeTestServer *server;
  g_autoptr (GObject) proxy = adopt_server (home, &server);
  g_autoptr (GObject) again = convoke_create_proxy (G_OBJECT (server), NULL);
  g_autoptr (GObject) of_proxy = convoke_create_proxy (proxy, NULL);

  g_test_summary ("OM-1: one object has one proxy, and a proxy is its own");

  g_assert_true (again == proxy);
  g_assert_true (of_proxy == proxy);
  g_assert_true (convoke_is_proxy (proxy));
  g_assert_false (convoke_is_proxy (G_OBJECT (server)));
  g_assert_true (convoke_same_object (proxy, G_OBJECT (server)));
}

static void
test_query (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  g_autoptr (GObject) feed = convoke_query_interface (proxy, CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  g_autoptr (GObject) feed_again = convoke_query_interface (feed, CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  g_autoptr (GObject) every = convoke_query_interface (feed, CONVOKE_TEST_TYPE_EVERY, NULL);
  g_autoptr (GObject) back = convoke_query_interface (every, CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  g_autoptr (GObject) identity = convoke_query_interface (every, G_TYPE_OBJECT, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("OM-1 to OM-6: queries on a proxy are reflexive, symmetric and transitive");

  g_assert_nonnull (feed);
  g_assert_nonnull (feed_again);
  g_assert_nonnull (every);
  g_assert_nonnull (back);
  g_assert_true (identity == proxy);
  g_assert_null (convoke_query_interface (proxy, G_TYPE_LIST_MODEL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
}

static void
test_last_reference (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  guint before = convoke_test_server_count_live ();
  GObject *proxy = adopt_server (home, NULL);

  g_test_summary ("A proxy keeps its object, and drops it where the object lives");

  g_assert_cmpuint (convoke_test_server_count_live (), ==, before + 1);
  g_assert_finalize_object (proxy);
  g_clear_pointer (&home, test_home_free);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, before);
}

static void
test_not_proxyable (void)
{
  g_autoptr (GObject) plain = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GObject) unknown = G_OBJECT (g_list_store_new (G_TYPE_OBJECT));
  g_autoptr (GError) error = NULL;

  g_test_summary ("An object without an interface that can be proxied has no proxy, and is told why");

  g_assert_null (convoke_create_proxy (plain, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
}

/* --- calls --- */

static void
test_elsewhere (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  ConvokeTestServer *server;
  g_autoptr (GObject) proxy = adopt_server (home, &server);
  g_autofree char *text = NULL;
  g_autofree char *noted = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D11: a call runs where the object lives, and its results come back");

  g_assert_cmpfloat (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "tea", &error), ==, 1.5);
  g_assert_no_error (error);
  g_assert_cmpuint (convoke_test_server_get_last_thread (server), ==, get_thread_of (home));

  text = convoke_test_price_feed_describe (CONVOKE_TEST_PRICE_FEED (proxy));
  g_assert_cmpstr (text, ==, "a feed of prices");
  /* This one is one-way: only the next call shows that it has run. */
  convoke_test_price_feed_note (CONVOKE_TEST_PRICE_FEED (proxy), "hello");
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (proxy)), ==, 42);
  noted = convoke_test_server_dup_last_note (server);
  g_assert_cmpstr (noted, ==, "hello");
  g_assert_cmpuint (convoke_test_server_count_threads (server), ==, 1);
}

static void
test_error (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("D13: what the method throws arrives with domain, code and message");

  convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "missing", &error);
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_assert_cmpstr (error->message, ==, "No such item: missing");
  g_assert_null (convoke_dup_last_error (proxy));

  /* Nobody asked for it. */
  convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "missing", NULL);
}

static void
test_here (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (server), NULL);

  g_test_summary ("Where the object may be used anyway, a call goes straight to it");

  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (proxy)), ==, 42);
  g_assert_cmpuint (convoke_test_server_get_last_thread (server), ==, convoke_test_get_thread ());
}

static gpointer
call_often (gpointer data)
{
  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = convoke_test_price_feed_describe (data);

      g_assert_cmpstr (text, ==, "a feed of prices");
      g_assert_cmpfloat (convoke_test_price_feed_get_price (data, "coffee", &error), ==, 3.0);
      g_assert_no_error (error);
    }

  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  ConvokeTestServer *server;
  g_autoptr (GObject) proxy = adopt_server (home, &server);
  GThread *threads[4];

  g_test_summary ("D11: a proxy is free-threaded; its object is called on its own thread only");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("call", call_often, proxy);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_cmpuint (convoke_test_server_get_n_calls (server), ==, 4 * 2 * 500);
  g_assert_cmpuint (convoke_test_server_count_threads (server), ==, 1);
  g_assert_true (convoke_test_server_has_run_on (server, get_thread_of (home)));
}

static gpointer
create_and_drop (gpointer data)
{
  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GObject) proxy = convoke_create_proxy (data, &error);
      g_autoptr (GObject) again = convoke_create_proxy (data, NULL);

      g_assert_no_error (error);
      g_assert_true (proxy == again);
    }

  return NULL;
}

static void
test_table_threads (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  GThread *threads[4];

  g_test_summary ("Threads that make and drop the proxy of one object never hold two");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("create", create_and_drop, server);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_every (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  ConvokeTestEvery *every = CONVOKE_TEST_EVERY (proxy);
  static const int numbers[] = { 1, 2, 3, 4 };
  g_autofree char *text = g_strdup ("a");
  g_autofree int *made = NULL;
  gsize n_made;
  int quotient, remainder;
  int counter = 41;
  ConvokeTestPoint point = { 1.5, 7, 9 };
  ConvokeTestPoint moved;
  g_autoptr (ConvokeTestColor) color = convoke_test_color_new (1, 2, 3, "dark");
  g_autoptr (ConvokeTestColor) mixed = NULL;
  g_autofree char *shown = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D4: a blocked caller's own arguments cross, of any type");

  g_assert_cmpint (convoke_test_every_echo_int8 (every, -128), ==, -128);
  g_assert_cmpuint (convoke_test_every_echo_uint64 (every, G_MAXUINT64), ==, G_MAXUINT64);
  g_assert_cmpfloat (convoke_test_every_echo_float (every, 0.25f), ==, 0.25f);
  g_assert_cmpint (convoke_test_every_echo_mood (every, CONVOKE_TEST_MOOD_BAD), ==, CONVOKE_TEST_MOOD_BAD);
  g_assert_cmpint (convoke_test_every_sum_ints (every, numbers, 4), ==, 10);
  convoke_test_every_make_ints (every, 3, &made, &n_made);
  g_assert_cmpuint (n_made, ==, 3);
  convoke_test_every_increment (every, &counter);
  g_assert_cmpint (counter, ==, 42);
  convoke_test_every_append (every, &text);
  g_assert_cmpuint (strlen (text), >, 1);
  g_assert_true (convoke_test_every_divide (every, 17, 5, &quotient, &remainder, &error));
  g_assert_no_error (error);
  g_assert_cmpint (quotient, ==, 3);
  g_assert_cmpint (remainder, ==, 2);
  convoke_test_every_move_point (every, &point, 2, &moved);
  g_assert_cmpfloat (moved.x, ==, 3.5);
  mixed = convoke_test_every_mix (every, color);
  g_assert_nonnull (mixed);
  g_assert_cmpuint (convoke_test_every_take_string (every, g_strdup ("four")), ==, 4);
  shown = convoke_test_every_take_variant (every, g_variant_new_int32 (7));
  g_assert_nonnull (shown);
}

/* --- what is lent --- */

#define TEST_TYPE_FORGETFUL (test_forgetful_get_type ())
G_DECLARE_FINAL_TYPE (TestForgetful, test_forgetful, TEST, FORGETFUL, GObject)

/* Frees what it lent as soon as it is asked again; and most of its slots are empty. */
struct _TestForgetful
{
  GObject              parent_instance;
  char                *label;
  char               **names;
  guint                n;
  ConvokeTestPriceFeed *asked;
};

static const char *
forgetful_get_label (ConvokeTestEvery *every)
{
  TestForgetful *self = TEST_FORGETFUL (every);

  g_free (self->label);
  self->label = g_strdup_printf ("label %u", self->n++ % 2);
  return self->label;
}

static void
forgetful_peek_label (ConvokeTestEvery  *every,
                      const char       **label)
{
  *label = forgetful_get_label (every);
}

static const char * const *
forgetful_get_names (ConvokeTestEvery *every)
{
  TestForgetful *self = TEST_FORGETFUL (every);
  const char *names[] = { "one", "two", NULL };

  g_strfreev (self->names);
  self->names = g_strdupv ((char **) names);
  return (const char * const *) self->names;
}

/* Calls its own proxy, and so itself, from inside. */
static int
forgetful_count_slowly (ConvokeTestEvery *every,
                        int               n)
{
  return n == 0 ? 0 : 1 + convoke_test_every_count_slowly (every, n - 1);
}

static void
test_forgetful_every_init (ConvokeTestEveryInterface *iface)
{
  iface->get_label = forgetful_get_label;
  iface->peek_label = forgetful_peek_label;
  iface->get_names = forgetful_get_names;
  iface->count_slowly = forgetful_count_slowly;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestForgetful, test_forgetful, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_EVERY, test_forgetful_every_init))

static void
test_forgetful_init (TestForgetful *self)
{
}

static void
test_forgetful_finalize (GObject *object)
{
  TestForgetful *self = TEST_FORGETFUL (object);

  g_free (self->label);
  g_strfreev (self->names);
  G_OBJECT_CLASS (test_forgetful_parent_class)->finalize (object);
}

static void
test_forgetful_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  g_value_set_string (value, "constant");
}

static void
test_forgetful_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
}

static void
test_forgetful_class_init (TestForgetfulClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->finalize = test_forgetful_finalize;
  object_class->get_property = test_forgetful_get_property;
  object_class->set_property = test_forgetful_set_property;
  g_object_class_override_property (object_class, 1, "level");
  g_object_class_override_property (object_class, 2, "label");
  g_object_class_override_property (object_class, 3, "feed");
  g_object_class_override_property (object_class, 4, "mood");
}

static void
test_lent (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = test_home_adopt (home, g_object_new (TEST_TYPE_FORGETFUL, NULL));
  ConvokeTestEvery *every = CONVOKE_TEST_EVERY (proxy);
  const char *first = convoke_test_every_get_label (every);
  const char *second = convoke_test_every_get_label (every);
  const char *third = NULL;
  const char * const *names = convoke_test_every_get_names (every);
  const char * const *names_again = convoke_test_every_get_names (every);

  g_test_summary ("A result without a transfer lives as long as the proxy; equal ones are the same");

  convoke_test_every_peek_label (every, &third);
  g_assert_cmpstr (first, ==, "label 0");
  g_assert_cmpstr (second, ==, "label 1");
  g_assert_true (third == first);
  g_assert_true (names == names_again);
  g_assert_cmpstr (names[1], ==, "two");
}

static void
test_empty_slots (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = test_home_adopt (home, g_object_new (TEST_TYPE_FORGETFUL, NULL));
  g_autoptr (GObject) full = adopt_server (home, NULL);

  g_test_summary ("A slot that the object leaves empty is empty in its proxy");

  g_assert_null (CONVOKE_TEST_EVERY_GET_IFACE (proxy)->echo_int8);
  g_assert_nonnull (CONVOKE_TEST_EVERY_GET_IFACE (proxy)->get_label);
  g_assert_nonnull (CONVOKE_TEST_EVERY_GET_IFACE (full)->echo_int8);
  g_assert_true (G_OBJECT_TYPE (proxy) != G_OBJECT_TYPE (full));
  g_assert_null (CONVOKE_TEST_PRICE_FEED_GET_IFACE (full)->price_changed);
}

/* --- objects that cross --- */

static void
test_unwrap (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  ConvokeTestEvery *every = CONVOKE_TEST_EVERY (proxy);
  g_autoptr (ConvokeTestEvery) self = convoke_test_every_get_self (every);

  g_test_summary ("A proxy that comes home is the object itself, and the object goes out as its proxy");

  g_assert_true (G_OBJECT (self) == proxy);
  g_assert_true (convoke_test_every_is_self (every, every));
}

static void
test_round_trip (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  ConvokeTestEvery *every = CONVOKE_TEST_EVERY (proxy);
  g_autoptr (ConvokeTestServer) mine = convoke_test_server_new ();
  g_autoptr (ConvokeTestPriceFeed) back = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D4: an object that is bound to the caller is a proxy over there, and itself again here");

  back = convoke_test_every_echo_feed (every, CONVOKE_TEST_PRICE_FEED (mine));
  g_assert_true ((gpointer) back == (gpointer) mine);

  /* The callee calls back into the thread that waits for it. */
  g_assert_cmpfloat (convoke_test_every_ask_feed (every, CONVOKE_TEST_PRICE_FEED (mine), "tea", &error), ==, 1.5);
  g_assert_no_error (error);
  g_assert_cmpuint (convoke_test_server_get_last_thread (mine), ==, convoke_test_get_thread ());
}

static void
test_kept_object (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  ConvokeTestEvery *every = CONVOKE_TEST_EVERY (proxy);
  g_autoptr (ConvokeTestServer) mine = convoke_test_server_new ();
  ConvokeTestPriceFeed *lent;

  g_test_summary ("D4: an object that the callee keeps stays callable, and one that is only lent stays alive");

  g_object_set (every, "feed", mine, NULL);
  lent = convoke_test_every_get_feed (every);
  g_assert_true ((gpointer) lent == (gpointer) mine);
  g_object_set (every, "feed", NULL, NULL);
}

static void
test_as_it_is (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere");
  g_autoptr (GFile) echoed = convoke_test_every_echo_file (CONVOKE_TEST_EVERY (proxy), file);
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (ConvokeTestGate) echoed_gate = convoke_test_every_echo_gate (CONVOKE_TEST_EVERY (proxy), gate);

  g_test_summary ("What is made for any thread, and what is used by its class, passes as it is");

  g_assert_true (echoed == file);
  g_assert_false (convoke_is_proxy (G_OBJECT (echoed)));
  g_assert_true (echoed_gate == gate);
}

/* --- properties --- */

static void
count_notify_cb (GObject    *object,
                 GParamSpec *pspec,
                 gpointer    data)
{
  g_assert_true (g_main_context_is_owner (g_main_context_default ()));
  g_atomic_int_inc ((gint *) data);
}

static void
test_property (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  ConvokeTestServer *server;
  g_autoptr (GObject) proxy = adopt_server (home, &server);
  g_autofree char *currency = NULL;
  ConvokeTestMood mood;
  int level;

  g_test_summary ("Properties of the interfaces are the object's");

  g_object_set (proxy, "currency", "GBP", "level", 5, NULL);
  g_object_get (server, "currency", &currency, NULL);
  g_assert_cmpstr (currency, ==, "GBP");
  g_object_get (proxy, "level", &level, "mood", &mood, NULL);
  g_assert_cmpint (level, ==, 5);
  g_assert_cmpint (mood, ==, CONVOKE_TEST_MOOD_GOOD);
}

static void
test_notify (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  ConvokeTestServer *server;
  g_autoptr (GObject) proxy = adopt_server (home, &server);
  gint n_labels = 0;

  g_test_summary ("Notifications are relayed to where the proxy was made, one for each change");

  g_main_context_acquire (NULL);
  g_signal_connect (proxy, "notify::label", G_CALLBACK (count_notify_cb), &n_labels);

  g_object_set (proxy, "label", "new", NULL);
  g_object_set (proxy, "label", "new", NULL);
  test_iterate_until (&n_labels);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_assert_cmpint (n_labels, ==, 1);
  g_signal_handlers_disconnect_by_data (proxy, &n_labels);
  g_main_context_release (NULL);
}

/* --- signals --- */

typedef struct
{
  gint    n;
  char   *item;
  double  price;
  GThread *thread;
} PriceSeen;

static void
price_changed_cb (GObject    *object,
                  const char *item,
                  double      price,
                  PriceSeen  *seen)
{
  g_assert_true (convoke_is_proxy (object));
  g_free (seen->item);
  seen->item = g_strdup (item);
  seen->price = price;
  seen->thread = g_thread_self ();
  g_atomic_int_inc (&seen->n);
}

static void
change_price_cb (gpointer data)
{
  convoke_test_server_change_price (data, "tea", 2.5);
}

static void
test_signal (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  ConvokeTestServer *server;
  g_autoptr (GObject) proxy = adopt_server (home, &server);
  PriceSeen seen = { 0, };

  g_test_summary ("A signal is emitted again on the proxy, in the context in which the proxy was made");

  g_signal_connect (proxy, "price-changed", G_CALLBACK (price_changed_cb), &seen);
  test_home_run (home, change_price_cb, server);
  g_assert_cmpint (seen.n, ==, 0);
  test_iterate_until (&seen.n);

  g_assert_cmpint (seen.n, ==, 1);
  g_assert_cmpstr (seen.item, ==, "tea");
  g_assert_cmpfloat (seen.price, ==, 2.5);
  g_assert_true (seen.thread == g_thread_self ());
  g_free (seen.item);
}

static void
test_signal_late (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  ConvokeTestServer *server;
  GObject *proxy = adopt_server (home, &server);
  PriceSeen seen = { 0, };

  g_test_summary ("An emission that is on its way keeps its proxy; after that there is none left");

  g_signal_connect (proxy, "price-changed", G_CALLBACK (price_changed_cb), &seen);
  g_object_add_weak_pointer (proxy, (gpointer *) &proxy);
  test_home_run (home, change_price_cb, server);
  g_object_unref (proxy);
  g_assert_nonnull (proxy);
  test_iterate_until (&seen.n);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_assert_cmpint (seen.n, ==, 1);
  g_assert_null (proxy);
  g_free (seen.item);
}

typedef struct
{
  GObject  *server;
  gboolean  answer;
  gint      done;
} MayGo;

static gboolean
may_go_cb (GObject *object,
           GFile   *where,
           gpointer data)
{
  g_autofree char *name = g_file_get_basename (where);

  *(GThread **) data = g_thread_self ();
  return g_str_equal (name, "home");
}

static gboolean
ask_may_go_cb (gpointer data)
{
  MayGo *ask = data;
  g_autoptr (GFile) where = g_file_new_for_path ("/home");

  g_signal_emit_by_name (ask->server, "may-go", where, &ask->answer);
  g_atomic_int_set (&ask->done, 1);
  g_main_context_wakeup (NULL);
  return G_SOURCE_REMOVE;
}

static void
test_signal_answer (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  ConvokeTestServer *server;
  g_autoptr (GObject) proxy = adopt_server (home, &server);
  MayGo ask = { G_OBJECT (server), FALSE, 0 };
  GThread *thread = NULL;

  g_test_summary ("A signal that returns a value gets it from the proxy's handler");

  g_signal_connect (proxy, "may-go", G_CALLBACK (may_go_cb), &thread);
  test_home_queue (home, ask_may_go_cb, &ask);
  test_iterate_until (&ask.done);

  g_assert_true (ask.answer);
  g_assert_true (thread == g_thread_self ());
}

/* --- failing on the way (D15) --- */

typedef struct
{
  GObject *proxy;
  guint    n_failed;
  char    *method;
} Failed;

static void
call_failed_cb (GObject      *proxy,
                const char   *method,
                const GError *error,
                gpointer      data)
{
  Failed *failed = data;

  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED);
  g_free (failed->method);
  failed->method = g_strdup (method);
  failed->n_failed++;
}

/* In the child of a fork nothing can answer. */
static gboolean
check_in_child (GObject *proxy)
{
  Failed failed = { proxy, };
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) last = NULL;
  int level = 7;

  g_signal_connect (proxy, "call-failed", G_CALLBACK (call_failed_cb), &failed);

  text = convoke_test_price_feed_describe (CONVOKE_TEST_PRICE_FEED (proxy));
  if (g_strcmp0 (text, "") != 0 || failed.n_failed != 1 || g_strcmp0 (failed.method, "describe") != 0)
    return FALSE;
  last = convoke_dup_last_error (proxy);
  if (!g_error_matches (last, CONVOKE_ERROR, CONVOKE_ERROR_FORKED))
    return FALSE;

  if (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (proxy)) != 0 || failed.n_failed != 2)
    return FALSE;

  if (convoke_test_price_feed_get_price (CONVOKE_TEST_PRICE_FEED (proxy), "tea", &error) != 0 ||
      !g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED) || failed.n_failed != 2)
    return FALSE;

  /* What it would have taken is not lost. */
  if (convoke_test_every_take_string (CONVOKE_TEST_EVERY (proxy), g_strdup ("four")) != 0)
    return FALSE;

  g_object_get (proxy, "level", &level, NULL);
  return level == 0 && failed.n_failed == 4 && g_strcmp0 (failed.method, "level") == 0;
}

static void
test_failed (void)
{
  g_autoptr (TestHome) home = test_home_new ();
  g_autoptr (GObject) proxy = adopt_server (home, NULL);
  int status;
  pid_t child;

  g_test_summary ("D15: a call that cannot fail and fails on its way gives zero or an empty string, and says why");

  child = fork ();
  if (child == 0)
    test_child_end (check_in_child (proxy));

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_null (convoke_dup_last_error (proxy));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_require ("ConvokeTest", "1");

  g_test_add_func ("/marshal/proxy/om-1-same", test_same);
  g_test_add_func ("/marshal/proxy/om-3-query", test_query);
  g_test_add_func ("/marshal/proxy/last-reference", test_last_reference);
  g_test_add_func ("/marshal/proxy/not-proxyable", test_not_proxyable);
  g_test_add_func ("/marshal/proxy/elsewhere", test_elsewhere);
  g_test_add_func ("/marshal/proxy/error", test_error);
  g_test_add_func ("/marshal/proxy/here", test_here);
  g_test_add_func ("/marshal/proxy/threads", test_threads);
  g_test_add_func ("/marshal/proxy/table-threads", test_table_threads);
  g_test_add_func ("/marshal/proxy/every", test_every);
  g_test_add_func ("/marshal/proxy/lent", test_lent);
  g_test_add_func ("/marshal/proxy/empty-slots", test_empty_slots);
  g_test_add_func ("/marshal/proxy/unwrap", test_unwrap);
  g_test_add_func ("/marshal/proxy/round-trip", test_round_trip);
  g_test_add_func ("/marshal/proxy/kept-object", test_kept_object);
  g_test_add_func ("/marshal/proxy/as-it-is", test_as_it_is);
  g_test_add_func ("/marshal/proxy/property", test_property);
  g_test_add_func ("/marshal/proxy/notify", test_notify);
  g_test_add_func ("/marshal/proxy/signal", test_signal);
  g_test_add_func ("/marshal/proxy/signal-late", test_signal_late);
  g_test_add_func ("/marshal/proxy/signal-answer", test_signal_answer);
  g_test_add_func ("/marshal/proxy/d15-failed", test_failed);

  return g_test_run ();
}
