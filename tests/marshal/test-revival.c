/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What becomes of proxies when the process behind them dies: with Restart=yes
 * and without (design D10).
 */

#include "hosted.h"

#include "convoke-call.h"
#include "convoke-call-factory.h"
#include "convoke-catalog.h"

/* --- helpers --- */

typedef struct
{
  ConvokeTestPriceFeed *feed;
  guint                 n_interrupted;
  guint                 n_restored;
  guint                 n_invalid;
  GError               *why;     /* of the last one */
  GThread              *thread;
} Ears;

static void
hear (Ears         *self,
      const GError *why)
{
  g_clear_error (&self->why);
  self->why = g_error_copy (why);
  self->thread = g_thread_self ();
}

static void
interrupted_cb (GObject *proxy,
                GError  *why,
                Ears    *self)
{
  g_assert_true (proxy == G_OBJECT (self->feed));
  self->n_interrupted++;
  hear (self, why);
}

static void
restored_cb (GObject *proxy,
             Ears    *self)
{
  g_assert_true (proxy == G_OBJECT (self->feed));
  self->n_restored++;
  g_assert_cmpuint (self->n_restored, ==, self->n_interrupted);
}

static void
invalid_cb (GObject *proxy,
            GError  *why,
            Ears    *self)
{
  g_assert_true (proxy == G_OBJECT (self->feed));
  self->n_invalid++;
  hear (self, why);
}

static void
ears_init (Ears                 *self,
           ConvokeTestPriceFeed *feed)
{
  *self = (Ears) { .feed = feed };
  g_signal_connect (feed, "interrupted", G_CALLBACK (interrupted_cb), self);
  g_signal_connect (feed, "restored", G_CALLBACK (restored_cb), self);
  g_signal_connect (feed, "invalid", G_CALLBACK (invalid_cb), self);
}

static void
ears_clear (Ears *self)
{
  g_signal_handlers_disconnect_by_data (self->feed, self);
  g_clear_error (&self->why);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ears, ears_clear)

static void
iterate_until (guint *count,
               guint  wanted)
{
  while (*count < wanted)
    g_main_context_iteration (NULL, TRUE);
}

static void
die (ConvokeTestPriceFeed *feed)
{
  g_autoptr (GError) error = NULL;

  convoke_test_price_feed_get_price (feed, "death", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  assert_contains (error, "the cups are broken");
}

/* --- claims --- */

static void
test_restart (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Restart", "Restart=yes\nIdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  GPid before = ask_pid (feed), after;

  g_test_summary ("D10: with Restart=yes a pending call ends with the true cause, and the next one finds another process");

  die (feed);
  after = ask_pid (feed);
  g_assert_cmpint (after, !=, before);
  g_assert_cmpint (ask_pid (feed), ==, after);
  assert_goes (before);
}

static void
test_interrupted (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Interrupted", "Restart=yes\nIdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_auto (Ears) ears = { NULL, };

  g_test_summary ("D10: a proxy that will be back says so with the cause, where its signals arrive");

  ears_init (&ears, feed);
  die (feed);
  iterate_until (&ears.n_interrupted, 1);
  g_assert_error (ears.why, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  assert_contains (ears.why, "(test.Interrupted) was killed by signal ");
  g_assert_true (ears.thread == g_thread_self ());
  ask_pid (feed);
  g_assert_cmpuint (ears.n_interrupted, ==, 1);
  g_assert_cmpuint (ears.n_invalid, ==, 0);
}

static void
test_restored (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Restored", "Restart=yes\nRestartLimit=1000\nIdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_auto (Ears) ears = { NULL, };

  g_test_summary ("D10: a proxy says that it is back once after each interruption, whoever noticed that first");

  ears_init (&ears, feed);
  for (guint i = 1; i <= 20; i++)
    {
      GPid pid = ask_pid (feed);
      g_autoptr (GError) error = NULL;

      kill (pid, SIGKILL);
      if (i % 2 == 0)
        convoke_test_price_feed_get_price (feed, "pid", &error);
      iterate_until (&ears.n_restored, i);
      g_assert_cmpuint (ears.n_interrupted, ==, i);
      g_assert_cmpint (ask_pid (feed), !=, pid);
    }
  g_assert_cmpuint (ears.n_invalid, ==, 0);
}

static void
test_without_call (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Unasked", "Restart=yes\nIdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_auto (Ears) ears = { NULL, };
  GPid pid = ask_pid (feed);

  g_test_summary ("D10: a death is noticed while nobody calls");

  ears_init (&ears, feed);
  kill (pid, SIGKILL);
  iterate_until (&ears.n_interrupted, 1);
  g_assert_cmpint (ask_pid (feed), !=, pid);
}

static void
test_invalid (void)
{
  g_autoptr (ConvokeComponentFile) plain_file = load_c ("test.InvalidPlain", "Group=test.Invalid\nIdleTimeout=0\n");
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Invalid", "Group=test.Invalid\nRestart=yes\nIdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) plain = activate (plain_file), feed = activate (file);
  g_auto (Ears) plain_ears = { NULL, }, ears = { NULL, };
  g_autoptr (GError) error = NULL;

  g_test_summary ("D10: the other objects of the process are invalid, and calls of them fail with DISCONNECTED");

  g_assert_cmpint (ask_pid (plain), ==, ask_pid (feed));
  ears_init (&plain_ears, plain);
  ears_init (&ears, feed);
  die (feed);
  iterate_until (&plain_ears.n_invalid, 1);
  iterate_until (&ears.n_interrupted, 1);
  g_assert_cmpuint (plain_ears.n_interrupted, ==, 0);
  g_assert_error (plain_ears.why, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);

  ask_pid (feed);
  convoke_test_price_feed_get_price (plain, "pid", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  assert_contains (error, "was killed by signal ");
}

static void
test_budget (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Budget", "Restart=yes\nRestartLimit=2\nRestartInterval=3600\nIdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_auto (Ears) ears = { NULL, };
  g_autoptr (GError) error = NULL;

  g_test_summary ("D10: a component is started again so many times and no more; then calls say so");

  ears_init (&ears, feed);
  for (int i = 0; i < 3; i++)
    die (feed);
  iterate_until (&ears.n_invalid, 1);
  g_assert_cmpuint (ears.n_interrupted, ==, 2);
  g_assert_cmpuint (ears.n_restored, ==, 2);

  convoke_test_price_feed_get_price (feed, "pid", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  assert_contains (error, "test.Budget was started again 2 times within 3600 s, which is all that its RestartLimit= allows");
  assert_contains (error, "was killed by signal ");

  g_clear_object (&feed);
  ears.feed = feed = activate (file);
  ask_pid (feed);
}

static void
test_start_fails (void)
{
  g_autofree char *first = g_build_filename (hosted_directory, "first.marker", NULL);
  g_autofree char *more = g_strdup_printf ("Restart=yes\nRestartLimit=3\nIdleTimeout=0\nEnvironment=HOSTED=death;HOSTED_FIRST=%s\n", first);
  g_autoptr (ConvokeComponentFile) file = load_c ("test.StartFails", more);
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autoptr (GError) error = NULL;

  g_test_summary ("D10: a process that dies while it is started again counts as well");

  die (feed);
  convoke_test_price_feed_get_price (feed, "pid", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  assert_contains (error, "started again 3 times");
  assert_contains (error, "the cups are broken");
}

static void
test_held_call_can_be_cancelled (void)
{
  g_autofree char *first = g_build_filename (hosted_directory, "held.marker", NULL);
  g_autofree char *more = g_strdup_printf ("Restart=yes\nIdleTimeout=0\nStartTimeout=3\nRestartLimit=1\n"
                                           "Environment=HOSTED=hang;HOSTED_FIRST=%s\n", first);
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Held", more);
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;
  double price;

  g_test_summary ("A call that waits for a component to be back can be begun without waiting, and cancelled");

  die (feed);
  call = convoke_create_call (G_OBJECT (feed), CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  convoke_call_begin (call, "get_price", &error, "pid");
  g_assert_no_error (error);
  g_assert_cmpint (convoke_call_get_state (call), ==, CONVOKE_CALL_STATE_PENDING);
  convoke_call_cancel (call, -1, &error);
  g_assert_no_error (error);
  convoke_call_wait (call, PATIENCE, &error);
  g_assert_no_error (error);
  convoke_call_finish (call, "get_price", &error, &price);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
}

static void
test_begun (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Begun", "Restart=yes\nIdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autoptr (GError) error = NULL;
  ConvokeCall *calls[8];
  double pid = 0;

  g_test_summary ("Calls that are begun while a component is away are answered when it is back");

  die (feed);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      calls[i] = convoke_create_call (G_OBJECT (feed), CONVOKE_TEST_TYPE_PRICE_FEED, &error);
      g_assert_no_error (error);
      convoke_call_begin (calls[i], "get_price", &error, "pid");
      g_assert_no_error (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      double price = 0;

      convoke_call_wait (calls[i], PATIENCE, &error);
      g_assert_no_error (error);
      convoke_call_finish (calls[i], "get_price", &error, &price);
      g_assert_no_error (error);
      g_assert_true (i == 0 || price == pid);
      pid = price;
      g_object_unref (calls[i]);
    }
}

static void
price_changed_cb (ConvokeTestPriceFeed *feed,
                  const char           *item,
                  double                price,
                  guint                *count)
{
  g_assert_cmpstr (item, ==, "cup");
  *count += 1;
}

static void
test_all_of_it (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.All", "Restart=yes\nIdleTimeout=0\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autofree char *currency = NULL;
  guint n_changes = 0;

  g_test_summary ("D10: properties and signals are those of the new object");

  g_signal_connect (feed, "price-changed", G_CALLBACK (price_changed_cb), &n_changes);
  die (feed);
  g_object_get (feed, "currency", &currency, NULL);
  g_assert_cmpstr (currency, ==, "EUR");
  ask (feed, "change");
  iterate_until (&n_changes, 1);
  g_signal_handlers_disconnect_by_data (feed, &n_changes);
}

static void
test_placement (void)
{
  const char *directories[] = { hosted_directory, NULL };
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Placement", "Restart=yes\nIdleTimeout=0\n");
  g_autoptr (ConvokeCatalog) catalog = convoke_catalog_new (directories);
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) feed = convoke_catalog_activate (catalog, "test.Placement", CONVOKE_TEST_TYPE_PRICE_FEED, NULL, NULL, &error);
  g_autoptr (GVariant) before = NULL, after = NULL;
  gint32 pid = 0;

  g_test_summary ("D8: a proxy tells in which process the component is, also after that was another one");

  g_assert_no_error (error);
  before = convoke_dup_placement (feed);
  g_assert_true (g_variant_lookup (before, "pid", "i", &pid));
  g_assert_cmpint (pid, ==, ask_pid (CONVOKE_TEST_PRICE_FEED (feed)));

  die (CONVOKE_TEST_PRICE_FEED (feed));
  g_assert_cmpint (ask_pid (CONVOKE_TEST_PRICE_FEED (feed)), !=, pid);
  after = convoke_dup_placement (feed);
  g_assert_true (g_variant_lookup (after, "pid", "i", &pid));
  g_assert_cmpint (pid, ==, ask_pid (CONVOKE_TEST_PRICE_FEED (feed)));
  g_assert_true (g_variant_lookup (after, "class", "s", NULL));
}

static gpointer
ask_often_cb (gpointer data)
{
  for (int i = 0; i < 300; i++)
    {
      g_autoptr (GError) error = NULL;

      convoke_test_price_feed_get_price (data, "pid", &error);
      if (error != NULL && !g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED))
        g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
    }
  return NULL;
}

static void
test_many (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("test.Many", "Restart=yes\nRestartLimit=1000\nRestartInterval=1\nIdleTimeout=0\nThreading=any\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  GThread *threads[4];

  g_test_summary ("D10: threads that call while the process dies again and again get an answer or the cause");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("ask", ask_often_cb, feed);
  for (int i = 0; i < 10; i++)
    {
      g_autoptr (GError) error = NULL;
      double pid = convoke_test_price_feed_get_price (feed, "pid", &error);

      if (error == NULL)
        kill ((GPid) pid, SIGKILL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  ask_pid (feed);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  hosted_init ();

  g_test_add_func ("/marshal/revival/restart", test_restart);
  g_test_add_func ("/marshal/revival/interrupted", test_interrupted);
  g_test_add_func ("/marshal/revival/restored", test_restored);
  g_test_add_func ("/marshal/revival/without-call", test_without_call);
  g_test_add_func ("/marshal/revival/invalid", test_invalid);
  g_test_add_func ("/marshal/revival/budget", test_budget);
  g_test_add_func ("/marshal/revival/start-fails", test_start_fails);
  g_test_add_func ("/marshal/revival/held-call-can-be-cancelled", test_held_call_can_be_cancelled);
  g_test_add_func ("/marshal/revival/begun", test_begun);
  g_test_add_func ("/marshal/revival/all-of-it", test_all_of_it);
  g_test_add_func ("/marshal/revival/placement", test_placement);
  g_test_add_func ("/marshal/revival/many", test_many);

  result = g_test_run ();
  hosted_clear ();
  return result;
}
