/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Components of this process: on the caller's thread, and on threads of their own. */

#include "../gobj/component-fixture.h"

/* What the factory does next to making an instance. */
static void
set_creating (void     (*creating) (gpointer data),
              gpointer   data)
{
  TestComponents *components = test_components_get ();

  components->creating = creating;
  components->data = data;
}

static GObject *
call (GObject *feed)
{
  g_assert_nonnull (feed);
  g_assert_cmpint (convoke_test_price_feed_count_items (CONVOKE_TEST_PRICE_FEED (feed)), ==, 42);
  return feed;
}

static ConvokeThreading
threading_of (GObject *object)
{
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_dup_for_object (object);

  return convoke_apartment_get_threading (apartment);
}

/* --- in the caller's process --- */

static void
test_own_context (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) feed = NULL;

  g_test_summary ("D11: an object of the caller's own context is given as it is, made on the caller's thread");

  test_shop_init (&shop);
  feed = call (test_shop_activate (&shop, "Own", "", NULL, NULL));
  g_assert_true (CONVOKE_TEST_IS_SERVER (feed));
  g_assert_cmpint (threading_of (feed), ==, CONVOKE_THREADING_CONTEXT);
  g_assert_cmpuint (test_components_get ()->last_thread, ==, convoke_test_get_thread ());

  g_assert_finalize_object (g_steal_pointer (&feed));
}

static void
test_serial (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) feed = NULL;
  guint n_live = convoke_test_server_count_live ();

  g_test_summary ("D11: the keyfile's Threading= binds the object; one that is bound elsewhere is given as its proxy");

  test_shop_init (&shop);
  feed = call (test_shop_activate (&shop, "Own", "Threading=serial", NULL, NULL));
  g_assert_true (convoke_is_proxy (feed));
  g_assert_cmpint (threading_of (feed), ==, CONVOKE_THREADING_SERIAL);

  g_clear_object (&feed);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, n_live);
}

static void
test_any (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) feed = NULL;

  g_test_summary ("D11: what any thread may use is given as it is");

  test_shop_init (&shop);
  feed = call (test_shop_activate (&shop, "Own", "Threading=any", NULL, NULL));
  g_assert_true (CONVOKE_TEST_IS_SERVER (feed));
  g_assert_cmpint (threading_of (feed), ==, CONVOKE_THREADING_ANY);
}

static gpointer
activate_on_thread (gpointer data)
{
  return convoke_catalog_activate (data, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, NULL, NULL, NULL);
}

static void
test_thread_without_context (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) feed = NULL;

  g_test_summary ("D11: what a thread without a main context makes belongs to the default one, and the thread gets its proxy");

  test_shop_init (&shop);
  test_shop_register (&shop, TEST_CLASS, "test-components", "Own", "");
  feed = g_thread_join (g_thread_new ("activate", activate_on_thread, shop.catalog));
  g_assert_true (convoke_is_proxy (feed));
  /* Which is this thread's. */
  call (feed);
}

static void
test_placement_of_proxy (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) feed = NULL;
  g_autoptr (GObject) again = NULL;
  g_autoptr (GObject) proxy = NULL;
  g_autoptr (GVariant) placement = NULL;

  g_test_summary ("D8: the proxy of what was activated tells where that is, as the object does");

  test_shop_init (&shop);
  feed = test_shop_activate (&shop, "Own", "", NULL, NULL);
  proxy = convoke_create_proxy (feed, NULL);
  g_assert_true (proxy != feed);
  placement = convoke_dup_placement (proxy);
  g_assert_cmpstr (test_placement_get (placement, "class"), ==, TEST_CLASS);
}

/* --- on a thread of its own --- */

/* Counts the ends of the threads that factories ran on. */
static struct
{
  GMutex lock;
  GCond  changed;
  guint  n_ended;   /* LOCK: lock */
} ends;

static void
thread_ended (gpointer data)
{
  g_mutex_lock (&ends.lock);
  ends.n_ended++;
  g_cond_broadcast (&ends.changed);
  g_mutex_unlock (&ends.lock);
}

static GPrivate end_mark = G_PRIVATE_INIT (thread_ended);

static void
mark_thread (gpointer data)
{
  g_private_set (&end_mark, GINT_TO_POINTER (1));
}

static guint
count_ends (void)
{
  guint n;

  g_mutex_lock (&ends.lock);
  n = ends.n_ended;
  g_mutex_unlock (&ends.lock);

  return n;
}

static void
wait_for_ends (guint n)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  g_mutex_lock (&ends.lock);
  while (ends.n_ended < n)
    if (!g_cond_wait_until (&ends.changed, &ends.lock, deadline))
      break;
  g_assert_cmpuint (ends.n_ended, ==, n);
  g_mutex_unlock (&ends.lock);
}

static void
assert_own_thread (const char       *more,
                   ConvokeThreading  expected)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) feed = NULL;
  g_autoptr (GError) error = NULL;
  guint n_live = convoke_test_server_count_live ();
  guint n_ended = count_ends ();

  test_shop_init (&shop);
  set_creating (mark_thread, NULL);
  feed = test_shop_activate (&shop, "Own", more, NULL, &error);
  g_assert_no_error (error);
  call (feed);

  g_assert_true (convoke_is_proxy (feed));
  g_assert_cmpint (threading_of (feed), ==, expected);
  g_assert_cmpuint (test_components_get ()->last_thread, !=, convoke_test_get_thread ());

  g_assert_cmpuint (count_ends (), ==, n_ended);
  g_clear_object (&feed);
  wait_for_ends (n_ended + 1);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, n_live);
  set_creating (NULL, NULL);
}

static void
test_thread_context (void)
{
  g_test_summary ("D8: an object without declared threading belongs to its own thread, which ends with it");

  assert_own_thread ("Distance=thread", CONVOKE_THREADING_CONTEXT);
}

static void
test_thread_serial (void)
{
  g_test_summary ("D8: a serial object is made on its own thread, which ends with it");

  assert_own_thread ("Distance=thread\nThreading=serial", CONVOKE_THREADING_SERIAL);
}

static void
test_thread_any (void)
{
  g_test_summary ("D8: an object for any thread is made on its own thread, which ends with it");

  assert_own_thread ("Distance=thread\nThreading=any", CONVOKE_THREADING_ANY);
}

static void
test_thread_runs_calls (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) feed = NULL;
  TestComponents *components;

  g_test_summary ("D11: the object's thread runs its calls");

  test_shop_init (&shop);
  feed = call (test_shop_activate (&shop, "Own", "Distance=thread", NULL, NULL));
  components = test_components_get ();
  g_assert_cmpuint (components->last_thread, !=, convoke_test_get_thread ());
  g_assert_cmpuint (convoke_test_server_get_last_thread (CONVOKE_TEST_SERVER (components->last_object)), ==,
                    components->last_thread);
}

static void
test_thread_outlives_by_child (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) feed = NULL;
  g_autoptr (GObject) part = NULL;
  g_autoptr (ConvokeApartment) apartment = NULL;
  guint n_ended = count_ends ();

  g_test_summary ("D8: the thread lives as long as anybody holds anything of it, not only the component");

  test_shop_init (&shop);
  set_creating (mark_thread, NULL);
  feed = test_shop_activate (&shop, "Own", "Distance=thread", NULL, NULL);
  set_creating (NULL, NULL);

  /* As a part of it that was handed out would be. */
  apartment = convoke_apartment_dup_for_object (feed);
  part = G_OBJECT (convoke_test_server_new ());
  g_assert_true (convoke_apartment_bind (apartment, part, NULL));
  g_clear_object (&apartment);
  g_clear_object (&feed);

  {
    g_autoptr (GObject) proxy = convoke_create_proxy (part, NULL);

    g_clear_object (&part);
    call (proxy);
    g_assert_cmpuint (count_ends (), ==, n_ended);
  }
  wait_for_ends (n_ended + 1);
}

static void
test_thread_fails (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_ended = count_ends ();

  g_test_summary ("D13: what a component fails with on its thread arrives as it is, and the thread ends");

  test_shop_init (&shop);
  set_creating (mark_thread, NULL);
  g_assert_null (test_shop_activate (&shop, "Error", "Distance=thread", NULL, &error));
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  wait_for_ends (n_ended + 1);
  set_creating (NULL, NULL);
}

static void
test_thread_no_interface (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_live = convoke_test_server_count_live ();
  guint n_ended = count_ends ();

  g_test_summary ("OM-39: without the interface nothing is left of the component and its thread");

  test_shop_init (&shop);
  set_creating (mark_thread, NULL);
  test_shop_register (&shop, TEST_CLASS, "test-components", "Own", "Distance=thread");
  g_assert_null (convoke_catalog_activate (shop.catalog, TEST_CLASS, G_TYPE_ACTION, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE);
  wait_for_ends (n_ended + 1);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, n_live);
  set_creating (NULL, NULL);
}

/* Calls back to whoever activates. */
static void
call_back (gpointer data)
{
  call (data);
  g_assert_true (convoke_is_proxy (data));
}

static void
test_thread_calls_back (void)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GObject) mine = G_OBJECT (convoke_test_server_new ());
  g_autoptr (GObject) proxy = convoke_create_proxy (mine, NULL);
  g_autoptr (GObject) feed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D7: a component that calls its maker back while it is made is served");

  test_shop_init (&shop);
  set_creating (call_back, proxy);
  feed = test_shop_activate (&shop, "Own", "Distance=thread", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (convoke_test_server_get_last_thread (CONVOKE_TEST_SERVER (mine)), ==, convoke_test_get_thread ());
  set_creating (NULL, NULL);
}

/* --- not waiting for ever --- */

typedef struct
{
  GMutex        lock;
  GCond         changed;
  gboolean      open;         /* LOCK: lock */
  GCancellable *cancellable;
} Gate;

/* A component that takes its time to be made. */
static void
pass_gate (gpointer data)
{
  Gate *self = data;

  mark_thread (NULL);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);

  g_mutex_lock (&self->lock);
  while (!self->open)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

static void
open_gate (Gate *self)
{
  g_mutex_lock (&self->lock);
  self->open = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
assert_abandoned (Gate              *gate,
                  ConvokeActivation *activation,
                  int                code)
{
  g_auto (TestShop) shop = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_live = convoke_test_server_count_live ();
  guint n_ended = count_ends ();

  test_shop_init (&shop);
  set_creating (pass_gate, gate);
  test_shop_register (&shop, TEST_CLASS, "test-components", "Own", "Distance=thread");
  g_assert_null (convoke_catalog_activate (shop.catalog, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, activation,
                                           gate->cancellable, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
  g_assert_cmpuint (count_ends (), ==, n_ended);

  open_gate (gate);
  wait_for_ends (n_ended + 1);
  g_assert_cmpuint (convoke_test_server_count_live (), ==, n_live);
  set_creating (NULL, NULL);
}

static void
test_thread_timeout (void)
{
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  Gate gate = { 0 };

  g_test_summary ("P-1: a component that takes too long to be made is given up; what it becomes later is dropped there");

  convoke_activation_set_timeout (activation, 20000);
  assert_abandoned (&gate, activation, CONVOKE_ERROR_TIMEOUT);
}

static void
test_thread_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Gate gate = { .cancellable = cancellable };

  g_test_summary ("CX-5: who waits for a component that is being made can be freed");

  assert_abandoned (&gate, NULL, CONVOKE_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/marshal/local-placer/own-context", test_own_context);
  g_test_add_func ("/marshal/local-placer/serial", test_serial);
  g_test_add_func ("/marshal/local-placer/any", test_any);
  g_test_add_func ("/marshal/local-placer/thread-without-context", test_thread_without_context);
  g_test_add_func ("/marshal/local-placer/placement-of-proxy", test_placement_of_proxy);
  g_test_add_func ("/marshal/thread-placer/context", test_thread_context);
  g_test_add_func ("/marshal/thread-placer/serial", test_thread_serial);
  g_test_add_func ("/marshal/thread-placer/any", test_thread_any);
  g_test_add_func ("/marshal/thread-placer/runs-calls", test_thread_runs_calls);
  g_test_add_func ("/marshal/thread-placer/outlives-by-child", test_thread_outlives_by_child);
  g_test_add_func ("/marshal/thread-placer/fails", test_thread_fails);
  g_test_add_func ("/marshal/thread-placer/no-interface", test_thread_no_interface);
  g_test_add_func ("/marshal/thread-placer/calls-back", test_thread_calls_back);
  g_test_add_func ("/marshal/thread-placer/timeout", test_thread_timeout);
  g_test_add_func ("/marshal/thread-placer/cancelled", test_thread_cancelled);

  return g_test_run ();
}
