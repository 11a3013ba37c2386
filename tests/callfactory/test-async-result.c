/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <convoke.h>

#include "test-listener.h"

/* A result that somebody else derived. */
#define TEST_TYPE_OWN_RESULT (test_own_result_get_type ())
G_DECLARE_FINAL_TYPE (TestOwnResult, test_own_result, TEST, OWN_RESULT, ConvokeAsyncResult)

struct _TestOwnResult
{
  ConvokeAsyncResult parent_instance;

  int                answer;
};

G_DEFINE_FINAL_TYPE (TestOwnResult, test_own_result, CONVOKE_TYPE_ASYNC_RESULT)

static void
test_own_result_class_init (TestOwnResultClass *klass)
{
}

static void
test_own_result_init (TestOwnResult *self)
{
}

static gboolean
is_signalled (ConvokeEvent *event)
{
  return convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, 0, NULL);
}

static void
test_fresh (void)
{
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  GValue value = G_VALUE_INIT;

  g_test_summary ("A fresh result has no error, no bytes, no event and no value; what is not touched stays (T-MF-1, MF-16, MF-17)");

  g_assert_true (convoke_async_result_check_status (result, NULL));
  g_assert_cmpuint (convoke_async_result_get_n_bytes (result), ==, 0);
  g_assert_null (convoke_async_result_dup_event (result));
  g_assert_false (convoke_async_result_get_value (result, &value, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
  g_assert_false (G_IS_VALUE (&value));
  g_assert_null (convoke_async_result_get_object (result));
  g_assert_null (convoke_async_result_get_state (result));
}

static void
test_n_bytes (void)
{
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, NULL, NULL);

  g_test_summary ("The bytes that were transferred are kept (MF-20)");

  convoke_async_result_set_n_bytes (result, G_MAXUINT64);
  g_assert_cmpuint (convoke_async_result_get_n_bytes (result), ==, G_MAXUINT64);
  convoke_async_result_set_n_bytes (result, 0);
  g_assert_cmpuint (convoke_async_result_get_n_bytes (result), ==, 0);
}

static void
test_value (void)
{
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, NULL, NULL);
  GObject *object = g_object_new (G_TYPE_OBJECT, NULL);
  gpointer weak = object;
  GValue value = G_VALUE_INIT, copy = G_VALUE_INIT;

  g_test_summary ("A value of any type is kept as a copy, and goes with the result or when it is replaced (MF-20)");

  g_object_add_weak_pointer (object, &weak);
  g_value_init (&value, G_TYPE_OBJECT);
  g_value_take_object (&value, object);
  convoke_async_result_set_value (result, &value);
  g_value_unset (&value);
  g_assert_nonnull (weak);
  g_assert_true (convoke_async_result_get_value (result, &copy, NULL));
  g_assert_true (g_value_get_object (&copy) == object);
  g_value_unset (&copy);

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, "forty-two");
  convoke_async_result_set_value (result, &value);
  g_assert_null (weak);
  g_assert_true (convoke_async_result_get_value (result, &copy, NULL));
  g_assert_cmpstr (g_value_get_string (&copy), ==, "forty-two");
  g_value_unset (&copy);
  convoke_async_result_set_value (result, NULL);
  g_assert_false (convoke_async_result_get_value (result, &copy, NULL));
}

static void
test_event_released (void)
{
  ConvokeAsyncResult *result = convoke_async_result_new (NULL, NULL, NULL);
  ConvokeEvent *event = convoke_event_new (FALSE);
  gpointer weak = event;

  g_test_summary ("An event that is stored in a result goes with it (T-MF-5, MF-21)");

  g_object_add_weak_pointer (G_OBJECT (event), &weak);
  convoke_async_result_set_event (result, CONVOKE_SYNCHRONIZE (event));
  g_object_unref (event);
  g_assert_nonnull (weak);
  g_object_unref (result);
  g_assert_null (weak);
}

static void
test_event_instead (void)
{
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, NULL, NULL);
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A result without a callback has its event signalled; without either there is nothing to invoke (MF-22)");

  g_assert_false (convoke_async_result_invoke_callback (result, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  convoke_async_result_set_event (result, CONVOKE_SYNCHRONIZE (event));
  g_assert_true (convoke_async_result_invoke_callback (result, NULL));
  g_assert_true (is_signalled (event));
}

static void
test_event_not_with_callback (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);

  g_test_summary ("With a callback the event of a result is not signalled (MF-22, X-32)");

  convoke_async_result_set_event (result, CONVOKE_SYNCHRONIZE (event));
  g_assert_true (convoke_async_result_invoke_callback (result, NULL));
  assert_invoked (listener, 1);
  g_assert_false (is_signalled (event));
}

static void
test_tag (void)
{
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, NULL, NULL);

  g_test_summary ("A result says which function it is of, as every GAsyncResult");

  g_assert_false (g_async_result_is_tagged (G_ASYNC_RESULT (result), test_tag));
  convoke_async_result_set_source_tag (result, test_tag);
  g_assert_true (g_async_result_is_tagged (G_ASYNC_RESULT (result), test_tag));
  g_assert_false (g_async_result_is_tagged (G_ASYNC_RESULT (result), test_value));
}

static void
test_derived (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (TestOwnResult) result = g_object_new (TEST_TYPE_OWN_RESULT, "callback", listener, NULL);

  g_test_summary ("A result of a derived class has the data part and more, and exactly it comes (MF-3, MF-24)");

  result->answer = 42;
  convoke_async_result_set_n_bytes (CONVOKE_ASYNC_RESULT (result), 7);
  g_assert_true (convoke_async_result_invoke_callback (CONVOKE_ASYNC_RESULT (result), NULL));
  assert_invoked (listener, 1);
  g_assert_cmpint (TEST_OWN_RESULT (listener->result)->answer, ==, 42);
  g_assert_cmpuint (convoke_async_result_get_n_bytes (listener->result), ==, 7);
}

static void
drop_itself_hook (TestListener       *listener,
                  ConvokeAsyncResult *result,
                  gpointer            data)
{
  g_object_unref (g_steal_pointer ((ConvokeAsyncResult **) data));
}

static void
count_cb (gpointer data)
{
  count_add (data);
}

static void
test_dropped_inside (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  ConvokeAsyncResult *result = test_listener_new_result (listener);
  gpointer kept = result, weak = result;
  Count passed = { 0, };

  g_test_summary ("A callback may throw its own result away: it lives until the callback returned (MF-23)");

  g_object_add_weak_pointer (G_OBJECT (result), &weak);
  listener->hook = drop_itself_hook;
  listener->hook_data = &kept;
  g_assert_true (convoke_async_result_invoke_callback (result, NULL));
  /* The standard queue comes to this when it has let go of the result. */
  g_assert_true (convoke_work_queue_put_function (convoke_work_queue_get_standard (), count_cb, &passed, NULL, NULL));
  g_assert_true (count_wait (&passed, 1));
  g_assert_cmpuint (count_get (&listener->invoked), ==, 1);
  g_assert_null (weak);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/async-result/fresh", test_fresh);
  g_test_add_func ("/callfactory/async-result/n-bytes", test_n_bytes);
  g_test_add_func ("/callfactory/async-result/value", test_value);
  g_test_add_func ("/callfactory/async-result/event-released", test_event_released);
  g_test_add_func ("/callfactory/async-result/event-instead", test_event_instead);
  g_test_add_func ("/callfactory/async-result/event-not-with-callback", test_event_not_with_callback);
  g_test_add_func ("/callfactory/async-result/tag", test_tag);
  g_test_add_func ("/callfactory/async-result/derived-data", test_derived);
  g_test_add_func ("/callfactory/async-result/dropped-inside", test_dropped_inside);

  return g_test_run ();
}
