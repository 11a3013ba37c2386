/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects that programs publish by name, and those who attach to them. */

#include "publish/published.h"

/* --- calling --- */

static void
test_call (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");

  g_test_summary ("A call to an attached object runs in the publishing program, in its main loop");

  g_assert_true (convoke_is_proxy (G_OBJECT (shop)));
  g_assert_cmpint (ask (shop, "pid"), ==, publisher_get_pid (publisher));
  g_assert_cmpfloat (ask (shop, "main-thread"), ==, 1);
}

static void
test_error (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  g_autoptr (GError) error = NULL;

  g_test_summary ("An error arrives with its domain, code and message");

  convoke_test_price_feed_get_price (shop, "tea", &error);
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_assert_cmpstr (error->message, ==, "There is no tea");
}

static void
test_property (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_test_summary ("Properties are read and written");

  g_object_get (shop, "currency", &before, NULL);
  g_assert_cmpstr (before, ==, "EUR");
  g_object_set (shop, "currency", "CHF", NULL);
  g_object_get (shop, "currency", &after, NULL);
  g_assert_cmpstr (after, ==, "CHF");
}

static void
changed_cb (ConvokeTestPriceFeed *feed,
            const char           *item,
            double                price,
            double               *told)
{
  g_assert_cmpstr (item, ==, "cup");
  *told = price;
}

static void
test_signal (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  double told = 0;

  g_test_summary ("A signal of the published object arrives in the main context of who attached");

  g_signal_connect (shop, "price-changed", G_CALLBACK (changed_cb), &told);
  ask (shop, "change");
  while (told == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat (told, ==, 7);
}

static void
test_cancel (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  double price;

  g_test_summary ("A call object tells the progress, and its cancel reaches the program");

  call = convoke_create_call (G_OBJECT (shop), CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  convoke_call_begin (call, "get_price", &error, "until-cancelled");
  g_assert_no_error (error);
  while (convoke_call_get_progress_fraction (call) < 0.5)
    g_thread_yield ();
  convoke_call_cancel (call, PATIENCE, &error);
  g_assert_no_error (error);
  g_assert_true (convoke_call_wait (call, PATIENCE, &error));
  g_assert_false (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_deaf (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("deaf", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  double price;

  g_test_summary ("A program that does not run its loop can be attached to; a call ends at its deadline");

  call = convoke_create_call (G_OBJECT (shop), CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  convoke_call_set_timeout (call, 1000);
  convoke_call_begin (call, "get_price", &error, "pid");
  g_assert_no_error (error);
  g_assert_true (convoke_call_wait (call, PATIENCE, &error));
  g_assert_false (convoke_call_finish (call, "get_price", &error, &price));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

static void
test_any (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("any", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");

  g_test_summary ("An object that any thread may call needs no main loop");

  g_assert_cmpint (ask (shop, "pid"), ==, publisher_get_pid (publisher));
}

/* --- identity --- */

static void
test_twice (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop org.example.Store");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) again = attach ("org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) store = attach ("org.example.Store");

  g_test_summary ("Who attaches twice, or by another name of the object, gets the same proxy (OM-4)");

  g_assert_true (again == shop);
  g_assert_true (store == shop);
}

static void
test_own (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;
  guint64 cookie = convoke_publish ("org.example.Own", G_OBJECT (server), &error);
  g_autoptr (GObject) found = NULL;

  g_test_summary ("In the process that publishes it an object is itself");

  g_assert_no_error (error);
  found = convoke_attach ("org.example.Own", CONVOKE_TEST_TYPE_PRICE_FEED, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (found == G_OBJECT (server));
  g_assert_true (convoke_unpublish (cookie, &error));
}

static void
attached_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
test_async (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GObject) shop = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Attaching without waiting");

  convoke_attach_async ("org.example.Shop", CONVOKE_TEST_TYPE_PRICE_FEED, PATIENCE, NULL, attached_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  shop = convoke_attach_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ask (CONVOKE_TEST_PRICE_FEED (shop), "pid"), ==, publisher_get_pid (publisher));
}

static void
test_async_own (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GObject) found = NULL;
  g_autoptr (GError) error = NULL;
  guint64 cookie = convoke_publish ("org.example.Own", G_OBJECT (server), &error);

  g_test_summary ("An object of the same process is itself without waiting, too");

  g_assert_no_error (error);
  convoke_attach_async ("org.example.Own", CONVOKE_TEST_TYPE_PRICE_FEED, -1, NULL, attached_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  found = convoke_attach_finish (result, &error);
  g_assert_no_error (error);
  g_assert_true (found == G_OBJECT (server));
  g_assert_true (convoke_unpublish (cookie, &error));
}

/* --- the end of it --- */

static void
invalid_cb (GObject *proxy,
            GError  *why,
            GError **told)
{
  *told = g_error_copy (why);
}

static void
test_death (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  g_autofree char *who = g_strdup_printf ("process %d (org.example.Shop) ended", publisher_get_pid (publisher));
  g_autoptr (GError) told = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("When the program ends the proxy is invalid, and says which process it was");

  g_signal_connect (shop, "invalid", G_CALLBACK (invalid_cb), &told);
  publisher_kill (publisher);
  while (told == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (told, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  assert_contains (told, who);
  convoke_test_price_feed_get_price (shop, "pid", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  assert_contains (error, who);
}

static void
test_publish_disconnected (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (server), &error);

  g_test_summary ("OM-55: what stands for nothing any more is not published");

  g_assert_no_error (error);
  g_assert_true (convoke_disconnect_object (G_OBJECT (server), &error));
  g_assert_cmpuint (convoke_publish ("org.example.Copy", proxy, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  assert_not_published ("org.example.Copy");
}

static void
test_death_in_call (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A call that is pending when the program ends ends with the cause");

  convoke_test_price_feed_get_price (shop, "end", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  assert_contains (error, "(org.example.Shop) ended");
}

static void
test_after_death (void)
{
  g_autoptr (Publisher) first = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) old = attach ("org.example.Shop");
  g_autoptr (Publisher) second = NULL;
  g_autoptr (ConvokeTestPriceFeed) new = NULL;

  g_test_summary ("The name of a process that was killed is free, and its next owner is attached to");

  publisher_kill (first);
  second = publisher_new ("loop", "org.example.Shop");
  new = attach ("org.example.Shop");
  g_assert_cmpint (ask (new, "pid"), ==, publisher_get_pid (second));
}

static void
test_unpublish (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  g_autoptr (Publisher) next = NULL;

  g_test_summary ("What is taken back cannot be attached to; those who have it go on, and the name is free");

  g_assert_cmpfloat (ask (shop, "unpublish"), ==, 1);
  assert_not_published ("org.example.Shop");
  g_assert_cmpint (ask (shop, "pid"), ==, publisher_get_pid (publisher));
  next = publisher_new ("loop", "org.example.Shop");
}

static void
test_unpublish_twice (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;
  guint64 cookie = convoke_publish ("org.example.Own", G_OBJECT (server), &error);

  g_test_summary ("A cookie is good for once");

  g_assert_no_error (error);
  g_assert_true (convoke_unpublish (cookie, &error));
  g_assert_no_error (error);
  g_assert_false (convoke_unpublish (cookie, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED);
}

static void
test_kept (void)
{
  ConvokeTestServer *server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;
  guint64 cookie = convoke_publish ("org.example.Own", G_OBJECT (server), &error);
  gpointer alive = server;

  g_test_summary ("A published object is kept until it is taken back");

  g_assert_no_error (error);
  g_object_add_weak_pointer (G_OBJECT (server), &alive);
  g_object_unref (server);
  g_assert_nonnull (alive);
  g_assert_true (convoke_unpublish (cookie, &error));
  g_assert_null (alive);
}

/* --- names --- */

static void
test_taken (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (ConvokeTestPriceFeed) shop = NULL;
  g_autofree char *who = g_strdup_printf ("process %d", publisher_get_pid (publisher));
  g_autoptr (GError) error = NULL;

  g_test_summary ("A name that is taken is refused, naming who has it, and stays theirs");

  g_assert_cmpuint (convoke_publish ("org.example.Shop", G_OBJECT (server), &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED);
  assert_contains (error, "org.example.Shop");
  assert_contains (error, who);
  shop = attach ("org.example.Shop");
  g_assert_cmpint (ask (shop, "pid"), ==, publisher_get_pid (publisher));
}

static void
test_taken_by_oneself (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;
  guint64 cookie = convoke_publish ("org.example.Own", G_OBJECT (server), &error);

  g_test_summary ("A process does not publish twice under one name either");

  g_assert_no_error (error);
  g_assert_cmpuint (convoke_publish ("org.example.Own", G_OBJECT (server), &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED);
  g_clear_error (&error);
  g_assert_true (convoke_unpublish (cookie, &error));
}

#define N_STARTERS 8

static void
test_starters (void)
{
  Publisher *starters[N_STARTERS];
  guint n_ready = 0;

  g_test_summary ("Of many that start at once, where a dead one left its socket, one gets the name");

  publisher_free (publisher_new ("loop", "org.example.Shop"));
  for (guint i = 0; i < N_STARTERS; i++)
    starters[i] = publisher_begin ("loop", "org.example.Shop");
  for (guint i = 0; i < N_STARTERS; i++)
    {
      g_autofree char *line = publisher_read (starters[i]);
      g_autofree char *refusal = g_strdup_printf ("failed %d ", CONVOKE_ERROR_ALREADY_REGISTERED);

      if (g_str_equal (line, "ready"))
        n_ready++;
      else
        g_assert_true (g_str_has_prefix (line, refusal));
    }
  g_assert_cmpuint (n_ready, ==, 1);
  for (guint i = 0; i < N_STARTERS; i++)
    publisher_free (starters[i]);
}

static void
test_lock_removed (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autofree char *lock = published_path ("org.example.Shop+lock");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A name is not lost because somebody tidied up");

  g_assert_cmpint (g_remove (lock), ==, 0);
  g_assert_cmpuint (convoke_publish ("org.example.Shop", G_OBJECT (server), &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED);
}

static void
assert_no_name (const char *name)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (convoke_publish (name, G_OBJECT (server), &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_contains (error, name);
  g_clear_error (&error);
  g_assert_null (convoke_attach (name, CONVOKE_TEST_TYPE_PRICE_FEED, -1, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_contains (error, name);
}

static void
test_names (void)
{
  g_autofree char *longest = g_strnfill (200, 'x');

  g_test_summary ("A name that leads elsewhere, is empty or too long is refused, and named");

  assert_no_name ("");
  assert_no_name ("..");
  assert_no_name (".hidden");
  assert_no_name ("a/b");
  assert_no_name ("../../etc/passwd");
  assert_no_name ("a b");
  assert_no_name ("a..b");
  assert_no_name ("org.example.Shop+lock");
  assert_no_name ("Käse");
  assert_no_name (longest);
}

static void
test_list (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop org.example.Bar");
  g_autoptr (Publisher) dead = publisher_new ("loop", "org.example.Dead");
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;
  guint64 cookie = convoke_publish ("org.example.Own", G_OBJECT (server), &error);
  g_auto (GStrv) names = NULL;
  g_autofree char *all = NULL;

  g_test_summary ("The list has the names of the living, in order");

  publisher_kill (dead);
  names = convoke_dup_published_names (&error);
  g_assert_no_error (error);
  all = g_strjoinv (" ", names);
  g_assert_cmpstr (all, ==, "org.example.Bar org.example.Own org.example.Shop");
  g_assert_true (convoke_unpublish (cookie, &error));
}

/* --- what is refused --- */

static void
test_nobody (void)
{
  g_test_summary ("A name that nobody publishes is NOT_FOUND");

  assert_not_published ("org.example.Nobody");
}

static void
test_no_interface (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (GError) error = NULL;

  g_test_summary ("An interface that the object does not implement is NO_INTERFACE");

  g_assert_null (convoke_attach ("org.example.Shop", CONVOKE_TEST_TYPE_EVERY, PATIENCE, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
}

static void
test_nothing_to_call (void)
{
  g_autoptr (GObject) plain = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An object without an interface is refused when it is published");

  g_assert_cmpuint (convoke_publish ("org.example.Plain", plain, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
}

static void
test_cancelled (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("A cancellable that is cancelled already is CANCELLED");

  g_cancellable_cancel (cancellable);
  g_assert_null (convoke_attach ("org.example.Shop", CONVOKE_TEST_TYPE_PRICE_FEED, -1, cancellable, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
}

/* A program that has the name and does nothing. */
static int
listen_raw (const char *name)
{
  g_autofree char *path = published_path (name);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  strcpy (address.sun_path, path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fd, 1), ==, 0);
  return fd;
}

static void
test_silent_program (void)
{
  g_autofree char *path = published_path ("org.example.Silent");
  g_autoptr (GError) error = NULL;
  int fd = listen_raw ("org.example.Silent");

  g_test_summary ("A program that says nothing is a TIMEOUT");

  g_assert_null (convoke_attach ("org.example.Silent", CONVOKE_TEST_TYPE_PRICE_FEED, 20000, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  close (fd);
  g_remove (path);
}

static void
test_full_line (void)
{
  g_autofree char *path = published_path ("org.example.Silent");
  g_autoptr (GError) error = NULL;
  int fd = listen_raw ("org.example.Silent");
  int others[2];

  g_test_summary ("A program that lets nobody in is a TIMEOUT");

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    others[i] = connect_raw ("org.example.Silent");
  g_assert_null (convoke_attach ("org.example.Silent", CONVOKE_TEST_TYPE_PRICE_FEED, 20000, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    close (others[i]);
  close (fd);
  g_remove (path);
}

/* --- factories --- */

static void
test_factory (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("factory", "org.example.Factory");
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) factory = convoke_attach ("org.example.Factory", CONVOKE_TYPE_CLASS_FACTORY, PATIENCE, NULL, &error);
  g_autoptr (GObject) shop = NULL;

  g_test_summary ("A class factory can be published, and makes its instances where it lives");

  g_assert_no_error (error);
  shop = convoke_class_factory_create_instance (CONVOKE_CLASS_FACTORY (factory), NULL, CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ask (CONVOKE_TEST_PRICE_FEED (shop), "pid"), ==, publisher_get_pid (publisher));
}

static void
test_factory_outer (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("factory", "org.example.Factory");
  g_autoptr (ConvokeTestServer) outer = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) factory = convoke_attach ("org.example.Factory", CONVOKE_TYPE_CLASS_FACTORY, PATIENCE, NULL, &error);

  g_test_summary ("Nothing becomes a part of an object of another process (OM-24)");

  g_assert_no_error (error);
  /* Nobody would answer. */
  publisher_kill (publisher);
  g_assert_null (convoke_class_factory_create_instance (CONVOKE_CLASS_FACTORY (factory), G_OBJECT (outer), CONVOKE_TEST_TYPE_PRICE_FEED, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_AGGREGATION);
}

static void
test_factory_outer_begun (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("factory", "org.example.Factory");
  g_autoptr (ConvokeTestServer) outer = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) factory = convoke_attach ("org.example.Factory", CONVOKE_TYPE_CLASS_FACTORY, PATIENCE, NULL, &error);
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GObject) made = NULL;

  g_test_summary ("A call object gives no other answer (OM-24)");

  g_assert_no_error (error);
  call = convoke_create_call (factory, CONVOKE_TYPE_CLASS_FACTORY, &error);
  g_assert_no_error (error);
  if (convoke_call_begin (call, "create_instance", &error, outer, CONVOKE_TEST_TYPE_PRICE_FEED))
    {
      g_assert_true (convoke_call_wait (call, PATIENCE, &error));
      g_assert_false (convoke_call_finish (call, "create_instance", &error, &made));
    }
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_AGGREGATION);
}

/* --- tokens --- */

static void
test_token (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  g_autofree char *text = convoke_test_price_feed_describe (shop);
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) other = convoke_attach_token (text, CONVOKE_TEST_TYPE_PRICE_FEED, PATIENCE, NULL, &error);

  g_test_summary ("A token of another process is redeemed once (OM-53)");

  g_assert_no_error (error);
  g_assert_true (other != G_OBJECT (shop));
  g_assert_cmpint (ask (CONVOKE_TEST_PRICE_FEED (other), "pid"), ==, publisher_get_pid (publisher));
  g_assert_null (convoke_attach_token (text, CONVOKE_TEST_TYPE_PRICE_FEED, PATIENCE, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_CONNECTED);
}

static void
test_token_own (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeToken) token = convoke_token_new (G_OBJECT (server), CONVOKE_TEST_TYPE_PRICE_FEED, CONVOKE_TOKEN_NORMAL, &error);
  g_autofree char *text = convoke_token_to_string (token, &error);
  g_autoptr (GObject) found = convoke_attach_token (text, CONVOKE_TEST_TYPE_PRICE_FEED, PATIENCE, NULL, &error);

  g_test_summary ("A token of this process needs nothing that is published");

  g_assert_no_error (error);
  g_assert_true (found == G_OBJECT (server));
}

static void
test_token_unreachable (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("loop", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  g_autofree char *text = convoke_test_price_feed_describe (shop);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A token of a process that publishes nothing, or ended, is NOT_FOUND");

  ask (shop, "unpublish");
  g_assert_null (convoke_attach_token (text, CONVOKE_TEST_TYPE_PRICE_FEED, PATIENCE, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  publisher_kill (publisher);
  g_assert_null (convoke_attach_token (text, CONVOKE_TEST_TYPE_PRICE_FEED, PATIENCE, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
}

static void
test_token_nonsense (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A text that is no token is INVALID_ARGUMENT");

  g_assert_null (convoke_attach_token ("convoke", CONVOKE_TEST_TYPE_PRICE_FEED, PATIENCE, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
}

/* --- disconnecting --- */

static void
test_disconnect (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("any", "org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) shop = attach ("org.example.Shop");
  g_autoptr (ConvokeTestPriceFeed) again = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A program takes its object away from all, and whoever attaches anew has it (OM-57)");

  convoke_test_price_feed_get_price (shop, "disconnect", NULL);
  convoke_test_price_feed_get_price (shop, "pid", &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  again = attach ("org.example.Shop");
  g_assert_cmpint (ask (again, "pid"), ==, publisher_get_pid (publisher));
}

/* --- what is left --- */

static void
test_connection_goes (void)
{
  g_autoptr (Publisher) publisher = publisher_new ("any", "org.example.Shop org.example.Store");
  ConvokeTestPriceFeed *shop = attach ("org.example.Shop");
  double before = ask (shop, "descriptors");
  double after;

  g_test_summary ("The connection goes when nobody has anything of the other side");

  for (guint i = 0; i < 20; i++)
    {
      g_object_unref (shop);
      shop = attach ("org.example.Shop");
    }
  do
    after = ask (shop, "descriptors");
  while (after > before);
  g_object_unref (shop);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  published_init ();

  g_test_add_func ("/marshal/publish/call", test_call);
  g_test_add_func ("/marshal/publish/error", test_error);
  g_test_add_func ("/marshal/publish/property", test_property);
  g_test_add_func ("/marshal/publish/signal", test_signal);
  g_test_add_func ("/marshal/publish/cancel", test_cancel);
  g_test_add_func ("/marshal/publish/deaf", test_deaf);
  g_test_add_func ("/marshal/publish/any", test_any);
  g_test_add_func ("/marshal/publish/twice", test_twice);
  g_test_add_func ("/marshal/publish/own", test_own);
  g_test_add_func ("/marshal/publish/async", test_async);
  g_test_add_func ("/marshal/publish/async-own", test_async_own);
  g_test_add_func ("/marshal/publish/death", test_death);
  g_test_add_func ("/marshal/publish/disconnected", test_publish_disconnected);
  g_test_add_func ("/marshal/publish/death-in-call", test_death_in_call);
  g_test_add_func ("/marshal/publish/after-death", test_after_death);
  g_test_add_func ("/marshal/publish/unpublish", test_unpublish);
  g_test_add_func ("/marshal/publish/unpublish-twice", test_unpublish_twice);
  g_test_add_func ("/marshal/publish/kept", test_kept);
  g_test_add_func ("/marshal/publish/taken", test_taken);
  g_test_add_func ("/marshal/publish/taken-by-oneself", test_taken_by_oneself);
  g_test_add_func ("/marshal/publish/starters", test_starters);
  g_test_add_func ("/marshal/publish/lock-removed", test_lock_removed);
  g_test_add_func ("/marshal/publish/names", test_names);
  g_test_add_func ("/marshal/publish/list", test_list);
  g_test_add_func ("/marshal/publish/nobody", test_nobody);
  g_test_add_func ("/marshal/publish/no-interface", test_no_interface);
  g_test_add_func ("/marshal/publish/nothing-to-call", test_nothing_to_call);
  g_test_add_func ("/marshal/publish/cancelled", test_cancelled);
  g_test_add_func ("/marshal/publish/silent-program", test_silent_program);
  g_test_add_func ("/marshal/publish/full-line", test_full_line);
  g_test_add_func ("/marshal/publish/factory", test_factory);
  g_test_add_func ("/marshal/publish/factory-outer", test_factory_outer);
  g_test_add_func ("/marshal/publish/factory-outer-begun", test_factory_outer_begun);
  g_test_add_func ("/marshal/publish/token", test_token);
  g_test_add_func ("/marshal/publish/token-own", test_token_own);
  g_test_add_func ("/marshal/publish/token-unreachable", test_token_unreachable);
  g_test_add_func ("/marshal/publish/token-nonsense", test_token_nonsense);
  g_test_add_func ("/marshal/publish/disconnect", test_disconnect);
  g_test_add_func ("/marshal/publish/connection-goes", test_connection_goes);

  return published_clear (g_test_run ());
}
