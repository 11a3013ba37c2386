/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <convoke.h>

#include "test-util.h"

/* Somebody else's object that can be waited for: a tally that counts what it is asked. */
#define TEST_TYPE_TALLY (test_tally_get_type ())
G_DECLARE_FINAL_TYPE (TestTally, test_tally, TEST, TALLY, GObject)

struct _TestTally
{
  GObject          parent_instance;

  guint            n_signals;
  guint            n_resets;
  gint64           timeout;
  ConvokeWaitFlags flags;
};

static gboolean
test_tally_wait (ConvokeSynchronize  *self,
                 ConvokeWaitFlags     flags,
                 gint64               timeout,
                 GError             **error)
{
  TEST_TALLY (self)->timeout = timeout;
  TEST_TALLY (self)->flags = flags;
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "Never");

  return FALSE;
}

static gboolean
test_tally_signal (ConvokeSynchronize  *self,
                   GError             **error)
{
  TEST_TALLY (self)->n_signals++;

  return TRUE;
}

static gboolean
test_tally_reset (ConvokeSynchronize  *self,
                  GError             **error)
{
  TEST_TALLY (self)->n_resets++;

  return TRUE;
}

static int
test_tally_get_fd (ConvokeSynchronizeHandle  *self,
                   GError                   **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES, "No descriptor");

  return -1;
}

static void
test_tally_synchronize_init (ConvokeSynchronizeInterface *iface)
{
  iface->wait = test_tally_wait;
  iface->signal = test_tally_signal;
  iface->reset = test_tally_reset;
}

static void
test_tally_handle_init (ConvokeSynchronizeHandleInterface *iface)
{
  iface->get_fd = test_tally_get_fd;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestTally, test_tally, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE, test_tally_synchronize_init)
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE_HANDLE, test_tally_handle_init))

static void
test_tally_class_init (TestTallyClass *klass)
{
}

static void
test_tally_init (TestTally *self)
{
}

static void
test_own_implementation (void)
{
  g_autoptr (TestTally) tally = g_object_new (TEST_TYPE_TALLY, NULL);
  ConvokeSynchronize *synchronize = CONVOKE_SYNCHRONIZE (tally);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A program's own object is asked with what the caller gave (SY-1)");

  g_assert_false (convoke_synchronize_wait (synchronize, CONVOKE_WAIT_NO_SERVE, 123, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_cmpint (tally->timeout, ==, 123);
  g_assert_cmpint (tally->flags, ==, CONVOKE_WAIT_NO_SERVE);
  g_assert_true (convoke_synchronize_signal (synchronize, NULL));
  g_assert_true (convoke_synchronize_reset (synchronize, NULL));
  g_assert_cmpuint (tally->n_signals, ==, 1);
  g_assert_cmpuint (tally->n_resets, ==, 1);
}

static void
test_source_without_fd (void)
{
  g_autoptr (TestTally) tally = g_object_new (TEST_TYPE_TALLY, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Without a descriptor there is no source, and the cause is told (SY-14)");

  g_assert_null (convoke_synchronize_handle_create_source (CONVOKE_SYNCHRONIZE_HANDLE (tally), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES);
}

static gboolean
count_up_cb (gpointer data)
{
  (*(guint *) data)++;

  return G_SOURCE_CONTINUE;
}

static GSource *
attach_source (ConvokeEvent *event,
               GMainContext *context)
{
  g_autoptr (GError) error = NULL;
  GSource *source = convoke_synchronize_handle_create_source (CONVOKE_SYNCHRONIZE_HANDLE (event), &error);

  g_assert_no_error (error);
  g_assert_nonnull (source);
  g_source_attach (source, context);

  return source;
}

static void
test_source (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (GSource) source = attach_source (event, context);
  guint n = 0;

  g_test_summary ("The source is ready as long as the event is signalled (SY-13)");

  g_source_set_callback (source, count_up_cb, &n, NULL);
  g_assert_false (g_main_context_iteration (context, FALSE));
  convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (event), NULL);
  g_assert_true (g_main_context_iteration (context, FALSE));
  g_assert_true (g_main_context_iteration (context, FALSE));
  g_assert_cmpuint (n, ==, 2);
  convoke_synchronize_reset (CONVOKE_SYNCHRONIZE (event), NULL);
  g_assert_false (g_main_context_iteration (context, FALSE));
  g_assert_cmpuint (n, ==, 2);
  g_source_destroy (source);
}

static gboolean
consume_cb (gpointer data)
{
  g_assert_true (convoke_synchronize_wait (data, CONVOKE_WAIT_DEFAULT, 0, NULL));

  return G_SOURCE_REMOVE;
}

static gpointer
signal_cb (gpointer data)
{
  convoke_synchronize_signal (data, NULL);

  return NULL;
}

static void
test_source_wakes_loop (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);
  g_autoptr (GSource) source = attach_source (event, context);
  GThread *thread;

  g_test_summary ("A loop that sleeps is woken by a signal of another thread");

  g_source_set_callback (source, consume_cb, event, NULL);
  thread = g_thread_new ("signal", signal_cb, event);
  while (!g_source_is_destroyed (source))
    g_main_context_iteration (context, TRUE);
  g_thread_join (thread);
}

static void
marshal_count (GClosure     *closure,
               GValue       *result,
               guint         n_values,
               const GValue *values,
               gpointer      hint,
               gpointer      data)
{
  count_up_cb (closure->data);
  g_value_set_boolean (result, G_SOURCE_REMOVE);
}

static void
test_source_closure (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (GSource) source = attach_source (event, context);
  guint n = 0;
  GClosure *closure = g_closure_new_simple (sizeof (GClosure), &n);

  g_test_summary ("A closure serves as the callback, as bindings have it");

  g_closure_set_marshal (closure, marshal_count);
  g_source_set_closure (source, closure);
  convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (event), NULL);
  g_assert_true (g_main_context_iteration (context, FALSE));
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (g_source_is_destroyed (source));
}

static void
test_source_keeps_event (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  ConvokeEvent *event = convoke_event_new (TRUE);
  GSource *source = attach_source (event, context);
  gpointer weak = event;

  g_test_summary ("A source keeps its event alive, and lets go of it at its own end (SY-13)");

  g_object_add_weak_pointer (G_OBJECT (event), &weak);
  g_object_unref (event);
  g_assert_nonnull (weak);
  g_source_destroy (source);
  g_source_unref (source);
  g_assert_null (weak);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/synchronize/own-implementation", test_own_implementation);
  g_test_add_func ("/callfactory/synchronize/source-without-fd", test_source_without_fd);
  g_test_add_func ("/callfactory/synchronize/source", test_source);
  g_test_add_func ("/callfactory/synchronize/source-wakes-loop", test_source_wakes_loop);
  g_test_add_func ("/callfactory/synchronize/source-closure", test_source_closure);
  g_test_add_func ("/callfactory/synchronize/source-keeps-event", test_source_keeps_event);

  return g_test_run ();
}
