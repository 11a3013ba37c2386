/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <convoke.h>

#include "test-util.h"

/* An object that begins two kinds of operations. */
#define TEST_TYPE_PARENT (test_parent_get_type ())
G_DECLARE_FINAL_TYPE (TestParent, test_parent, TEST, PARENT, GObject)

struct _TestParent
{
  GObject               parent_instance;

  Count                 opened;
  Count                 read;
  ConvokeChildCallback *own;   /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (TestParent, test_parent, G_TYPE_OBJECT)

static void
test_parent_finalize (GObject *object)
{
  g_clear_object (&TEST_PARENT (object)->own);

  G_OBJECT_CLASS (test_parent_parent_class)->finalize (object);
}

static void
test_parent_class_init (TestParentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_parent_finalize;
}

static void
test_parent_init (TestParent *self)
{
}

static void
opened_cb (GObject            *owner,
           ConvokeAsyncResult *result,
           gpointer            user_data)
{
  count_add (&TEST_PARENT (owner)->opened);
}

static void
read_cb (GObject            *owner,
         ConvokeAsyncResult *result,
         gpointer            user_data)
{
  count_add (&TEST_PARENT (owner)->read);
}

static void
counted_cb (GObject            *owner,
            ConvokeAsyncResult *result,
            gpointer            user_data)
{
  g_assert_null (owner);
  count_add (user_data);
}

static void
destroy_cb (gpointer data)
{
  count_add (data);
}

static void
invoke (ConvokeChildCallback *callback)
{
  g_autoptr (ConvokeAsyncResult) result = convoke_async_result_new (NULL, CONVOKE_ASYNC_CALLBACK (callback), NULL);
  g_autoptr (GError) error = NULL;

  convoke_async_result_invoke_callback (result, &error);
  g_assert_no_error (error);
}

static void
pass_standard (void)
{
  Count passed = { 0, };

  g_assert_true (convoke_work_queue_put_function (convoke_work_queue_get_standard (), destroy_cb, &passed, NULL, NULL));
  g_assert_true (count_wait (&passed, 1));
}

static void
test_several (void)
{
  g_autoptr (TestParent) parent = g_object_new (TEST_TYPE_PARENT, NULL);
  g_autoptr (ConvokeChildCallback) open = convoke_child_callback_new (G_OBJECT (parent), opened_cb, NULL, NULL);
  g_autoptr (ConvokeChildCallback) read = convoke_child_callback_new (G_OBJECT (parent), read_cb, NULL, NULL);

  g_test_summary ("One object has a callback for each kind of operation (MF-6)");

  invoke (open);
  invoke (read);
  invoke (read);
  g_assert_true (count_wait (&parent->opened, 1));
  g_assert_true (count_wait (&parent->read, 2));
  g_assert_cmpuint (count_get (&parent->opened), ==, 1);
}

static void
test_keeps_owner (void)
{
  TestParent *parent = g_object_new (TEST_TYPE_PARENT, NULL);
  ConvokeChildCallback *child = convoke_child_callback_new (G_OBJECT (parent), opened_cb, NULL, NULL);
  gpointer weak = parent;

  g_test_summary ("Whoever has the child keeps the owner (MF-6)");

  g_object_add_weak_pointer (G_OBJECT (parent), &weak);
  g_object_unref (parent);
  g_assert_nonnull (weak);
  g_object_unref (child);
  g_assert_null (weak);
}

static void
test_weak (void)
{
  TestParent *parent = g_object_new (TEST_TYPE_PARENT, NULL);
  g_autoptr (ConvokeChildCallback) child = NULL;
  gpointer weak = parent;

  g_test_summary ("An owner that keeps its child is not kept by it; once it is gone nothing runs");

  g_object_add_weak_pointer (G_OBJECT (parent), &weak);
  parent->own = convoke_child_callback_new_weak (G_OBJECT (parent), opened_cb, NULL, NULL);
  child = g_object_ref (parent->own);
  invoke (child);
  g_assert_true (count_wait (&parent->opened, 1));
  pass_standard ();
  g_object_unref (parent);
  g_assert_null (weak);
  g_assert_null (convoke_child_callback_dup_owner (child));
  invoke (child);
  pass_standard ();
}

static void
test_without_owner (void)
{
  Count counted = { 0, };
  ConvokeChildCallback *child = convoke_child_callback_new (NULL, counted_cb, &counted, destroy_cb);

  g_test_summary ("A callback can be a function without an owner; its data are freed once, when it goes");

  invoke (child);
  g_assert_true (count_wait (&counted, 1));
  pass_standard ();
  g_object_unref (child);
  g_assert_cmpuint (count_get (&counted), ==, 2);
}

static void
test_parameters (void)
{
  g_autoptr (ConvokeChildCallback) child = convoke_child_callback_new (NULL, counted_cb, NULL, NULL);
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeWorkQueue) said = NULL;
  ConvokeWorkQueue *io = convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_IO);
  ConvokeAsyncCallbackFlags flags;
  const struct
  {
    guint             flags;
    ConvokeWorkQueue *queue;
    ConvokeError      code;
  } bad[] = {
    { CONVOKE_ASYNC_CALLBACK_FAST_IO, NULL, CONVOKE_ERROR_INVALID_QUEUE },
    { CONVOKE_ASYNC_CALLBACK_SIGNAL, queue, CONVOKE_ERROR_INVALID_QUEUE },
    { 1 << 20, queue, CONVOKE_ERROR_INVALID_QUEUE },
    { CONVOKE_ASYNC_CALLBACK_FAST_IO | CONVOKE_ASYNC_CALLBACK_BLOCKING, io, CONVOKE_ERROR_INVALID_ARGUMENT },
  };

  g_test_summary ("Flags that the queue cannot keep, or that exclude each other, are refused and change nothing (MF-12)");

  g_assert_true (convoke_child_callback_set_parameters (child, CONVOKE_ASYNC_CALLBACK_FAST_IO, io, NULL));
  g_assert_true (convoke_child_callback_set_parameters (child, CONVOKE_ASYNC_CALLBACK_BLOCKING, queue, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (convoke_child_callback_set_parameters (child, bad[i].flags, bad[i].queue, &error));
      g_assert_error (error, CONVOKE_ERROR, (gint) bad[i].code);
    }
  g_assert_true (convoke_async_callback_get_parameters (CONVOKE_ASYNC_CALLBACK (child), &flags, &said));
  g_assert_cmpuint (flags, ==, CONVOKE_ASYNC_CALLBACK_BLOCKING);
  g_assert_true (said == queue);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/child-callback/several", test_several);
  g_test_add_func ("/callfactory/child-callback/keeps-owner", test_keeps_owner);
  g_test_add_func ("/callfactory/child-callback/weak", test_weak);
  g_test_add_func ("/callfactory/child-callback/without-owner", test_without_owner);
  g_test_add_func ("/callfactory/child-callback/parameters", test_parameters);

  return g_test_run ();
}
