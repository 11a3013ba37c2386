/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <convoke.h>

#include "test-feed.h"

#define LONG (30 * G_USEC_PER_SEC)

/* --- a call object that its author wrote: it composes what is waited for from an event of the library --- */

#define TEST_TYPE_BREW (test_brew_get_type ())
G_DECLARE_DERIVABLE_TYPE (TestBrew, test_brew, TEST, BREW, ConvokeComponent)

struct _TestBrewClass
{
  ConvokeComponentClass parent_class;
};

typedef struct
{
  gint      cups;       /* atomic */
  gboolean  cancelled;
  GThread  *thread;
} TestBrewPrivate;

static void test_brew_cancel_init (ConvokeCancelMethodCallsInterface *iface);

G_DEFINE_TYPE_WITH_CODE (TestBrew, test_brew, CONVOKE_TYPE_COMPONENT,
                         G_ADD_PRIVATE (TestBrew)
                         G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CANCEL_METHOD_CALLS, test_brew_cancel_init))

#define PRIVATE(self) ((TestBrewPrivate *) test_brew_get_instance_private (TEST_BREW (self)))

static gboolean
test_brew_cancel (ConvokeCancelMethodCalls  *cancel,
                  gint64                     grace,
                  GError                   **error)
{
  PRIVATE (cancel)->cancelled = TRUE;

  return TRUE;
}

static void
test_brew_cancel_init (ConvokeCancelMethodCallsInterface *iface)
{
  iface->cancel = test_brew_cancel;
}

static void
test_brew_class_init (TestBrewClass *klass)
{
}

static void
test_brew_init (TestBrew *self)
{
}

static TestBrew *
test_brew_new (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  GObject *parts[] = { G_OBJECT (event) };
  g_autoptr (GError) error = NULL;
  ConvokeComponent *brew = convoke_component_new (TEST_TYPE_BREW, parts, 1, &error);

  g_assert_no_error (error);
  return TEST_BREW (brew);
}

static gpointer
brew_cb (gpointer data)
{
  g_atomic_int_set (&PRIVATE (data)->cups, 3);
  g_assert_true (convoke_synchronize_signal (data, NULL));

  return NULL;
}

static void
test_brew_begin (TestBrew *self)
{
  g_assert_true (convoke_synchronize_reset (CONVOKE_SYNCHRONIZE (self), NULL));
  PRIVATE (self)->thread = g_thread_new ("brew", brew_cb, self);
}

static int
test_brew_finish (TestBrew *self)
{
  g_thread_join (g_steal_pointer (&PRIVATE (self)->thread));

  return g_atomic_int_get (&PRIVATE (self)->cups);
}

static void
test_own_call_object (void)
{
  g_autoptr (TestBrew) brew = test_brew_new ();
  g_autoptr (ConvokeEvent) never = convoke_event_new (TRUE);
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  gpointer both[] = { never, brew };
  g_autoptr (GObject) found = NULL;
  guint index;

  g_test_summary ("D1, SY-10: a client waits, in each way, for a call object that aggregates an event of the library");

  test_brew_begin (brew);
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (brew), CONVOKE_WAIT_DEFAULT, LONG, NULL));
  g_assert_cmpint (test_brew_finish (brew), ==, 3);

  test_brew_begin (brew);
  g_assert_true (convoke_wait_for_multiple ((ConvokeSynchronize **) both, 2, CONVOKE_WAIT_DEFAULT, LONG, &index, NULL));
  g_assert_cmpuint (index, ==, 1);
  g_assert_cmpint (test_brew_finish (brew), ==, 3);

  g_assert_true (convoke_synchronize_container_add (CONVOKE_SYNCHRONIZE_CONTAINER (set), CONVOKE_SYNCHRONIZE (brew), NULL));
  test_brew_begin (brew);
  found = G_OBJECT (convoke_synchronize_container_wait_multiple (CONVOKE_SYNCHRONIZE_CONTAINER (set), CONVOKE_WAIT_DEFAULT, LONG, NULL));
  g_assert_true (found == G_OBJECT (brew));
  g_assert_cmpint (test_brew_finish (brew), ==, 3);
}

static void
test_one_object (void)
{
  g_autoptr (TestBrew) brew = test_brew_new ();
  g_autoptr (GObject) handle = convoke_query_interface (G_OBJECT (brew), CONVOKE_TYPE_SYNCHRONIZE_HANDLE, NULL);

  g_test_summary ("D1: what is waited for and what is cancelled is one object");

  g_assert_true (handle == G_OBJECT (brew));
  g_assert_cmpint (convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (handle), NULL), >=, 0);
  g_assert_true (convoke_cancel_method_calls_cancel (CONVOKE_CANCEL_METHOD_CALLS (handle), 0, NULL));
  g_assert_true (PRIVATE (brew)->cancelled);
}

/* --- a call object of the library as a part --- */

#define TEST_TYPE_HOLDER (test_holder_get_type ())
G_DECLARE_DERIVABLE_TYPE (TestHolder, test_holder, TEST, HOLDER, ConvokeComponent)

struct _TestHolderClass
{
  ConvokeComponentClass parent_class;
};

G_DEFINE_TYPE (TestHolder, test_holder, CONVOKE_TYPE_COMPONENT)

static void
test_holder_class_init (TestHolderClass *klass)
{
}

static void
test_holder_init (TestHolder *self)
{
}

static GObject *
new_outer (GType first,
           GType second)
{
  g_autoptr (ConvokeComposition) composition = convoke_composition_new (TEST_TYPE_HOLDER);
  g_autoptr (GError) error = NULL;
  GObject *outer;

  convoke_composition_reserve (composition, first);
  if (second != 0)
    convoke_composition_reserve (composition, second);
  outer = G_OBJECT (convoke_composition_create (composition, &error));
  g_assert_no_error (error);

  return outer;
}

static ConvokeCall *
create (gpointer             feed,
        gpointer             outer,
        ConvokeSynchronize  *sink,
        GError             **error)
{
  return convoke_create_call_full (feed, CONVOKE_TEST_TYPE_PRICE_FEED, outer, sink, error);
}

static void
test_aggregated (gconstpointer data)
{
  ConvokeThreading threading = GPOINTER_TO_INT (data);
  g_autoptr (TestFeed) feed = test_feed_new (threading, test_price_by_length, NULL);
  GObject *outer = new_outer (CONVOKE_TYPE_SYNCHRONIZE, CONVOKE_TYPE_CANCEL_METHOD_CALLS);
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = create (feed, outer, NULL, &error);
  gpointer weak = call;
  gpointer objects[] = { outer };
  guint index;
  double price;

  g_test_summary ("CF-8, D1: an outer gets its reserved interfaces from the call object; waiting for it serves the call's object");

  g_assert_no_error (error);
  g_object_add_weak_pointer (G_OBJECT (call), &weak);
  g_assert_true (convoke_same_object (outer, G_OBJECT (call)));
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_true (convoke_wait_for_multiple ((ConvokeSynchronize **) objects, 1, CONVOKE_WAIT_DEFAULT, LONG, &index, NULL));
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (outer), CONVOKE_WAIT_DEFAULT, 0, NULL));
  g_assert_false (convoke_cancel_method_calls_cancel (CONVOKE_CANCEL_METHOD_CALLS (outer), 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_assert_true (convoke_call_finish (call, "get_price", NULL, &price));
  g_assert_cmpfloat (price, ==, 3);

  g_object_unref (call);
  g_assert_nonnull (weak);
  g_object_unref (outer);
  g_assert_null (weak);
}

static void
assert_refused (gpointer            feed,
                gpointer            outer,
                ConvokeSynchronize *sink,
                ConvokeError        code)
{
  g_autoptr (GError) error = NULL;
  guint n = G_OBJECT (outer)->ref_count;

  g_assert_null (create (feed, outer, sink, &error));
  g_assert_error (error, CONVOKE_ERROR, (gint) code);
  g_assert_cmpuint (G_OBJECT (outer)->ref_count, ==, n);
}

static void
test_refused (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (GObject) plain = g_object_new (CONVOKE_TYPE_EVENT, NULL);
  g_autoptr (GObject) not_composed = g_object_new (TEST_TYPE_HOLDER, NULL);
  g_autoptr (GObject) other = new_outer (CONVOKE_TEST_TYPE_PRICE_FEED, 0);
  g_autoptr (GObject) taken = new_outer (CONVOKE_TYPE_SYNCHRONIZE, 0);
  g_autoptr (TestBrew) sink = test_brew_new ();
  g_autoptr (ConvokeCall) first = NULL;

  g_test_summary ("OM-17, OM-18: an outer that is no aggregate, reserved nothing of a call's, or is its sink, is refused and unchanged");

  assert_refused (feed, plain, NULL, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_refused (feed, not_composed, NULL, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_refused (feed, other, NULL, CONVOKE_ERROR_NO_INTERFACE);
  assert_refused (feed, sink, CONVOKE_SYNCHRONIZE (sink), CONVOKE_ERROR_INVALID_ARGUMENT);
  first = create (feed, taken, NULL, NULL);
  g_assert_nonnull (first);
  assert_refused (feed, taken, NULL, CONVOKE_ERROR_NO_INTERFACE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  convoke_require ("Convoke", "1", NULL);
  convoke_require ("ConvokeTest", "1", NULL);

  g_test_add_func ("/callfactory/call-outer/own-call-object", test_own_call_object);
  g_test_add_func ("/callfactory/call-outer/one-object", test_one_object);
  g_test_add_data_func ("/callfactory/call-outer/aggregated/any", GINT_TO_POINTER (CONVOKE_THREADING_ANY), test_aggregated);
  g_test_add_data_func ("/callfactory/call-outer/aggregated/context", GINT_TO_POINTER (CONVOKE_THREADING_CONTEXT), test_aggregated);
  g_test_add_func ("/callfactory/call-outer/refused", test_refused);

  return g_test_run ();
}
