/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib-unix.h>

#include <convoke.h>

#include "convoke-fd-watch-private.h"
#include "convoke-item-table-private.h"
#include "convoke-pool-private.h"

#include "test-listener.h"
#include "test-stranger.h"

static guint64
put_waiting (gpointer            object,
             ConvokeAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  guint64 key = convoke_work_item_put_waiting (object, 0, result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (key, !=, 0);

  return key;
}

static guint64
put_waiting_fd (int                 fd,
                GIOCondition        condition,
                ConvokeAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  guint64 key = convoke_work_item_put_waiting_fd (fd, condition, 0, result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (key, !=, 0);

  return key;
}

static void
assert_refused (gpointer            object,
                ConvokeAsyncResult *result,
                ConvokeError        code)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (convoke_work_item_put_waiting (object, 0, result, &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, (gint) code);
  g_assert_cmpuint (G_OBJECT (result)->ref_count, ==, 1);
}

static void
cancel (guint64 key)
{
  g_autoptr (GError) error = NULL;
  gboolean done = convoke_work_item_cancel (key, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
assert_not_found (guint64 key)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_work_item_cancel (key, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
}

static void
signal_object (gpointer object)
{
  g_autoptr (GError) error = NULL;

  convoke_synchronize_signal (object, &error);
  g_assert_no_error (error);
}

static gboolean
is_signalled (gpointer object)
{
  return convoke_synchronize_wait (object, CONVOKE_WAIT_DEFAULT, 0, NULL);
}

static void
count_cb (gpointer data)
{
  count_add (data);
}

/* Returns once what was put on a serial queue before has been let go of. */
static void
pass_fence (ConvokeWorkQueue *queue)
{
  Count passed = { 0, };

  g_assert_true (convoke_work_queue_put_function (queue, count_cb, &passed, NULL, NULL));
  g_assert_true (count_wait (&passed, 1));
}

static void
pass_standard (void)
{
  pass_fence (convoke_work_queue_get_standard ());
}

/* The queue of @listener is held up until it is opened. */
typedef struct
{
  Count entered;
  Count open;
} Gate;

static void
gate_cb (gpointer data)
{
  Gate *gate = data;

  count_add (&gate->entered);
  g_assert_true (count_wait (&gate->open, 1));
}

static ConvokeWorkQueue *
make_queue (TestListener *listener)
{
  ConvokeWorkQueue *queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);

  listener->says = TRUE;
  listener->queue = queue;

  return queue;
}

static void
close_gate (Gate             *gate,
            ConvokeWorkQueue *queue)
{
  g_assert_true (convoke_work_queue_put_function (queue, gate_cb, gate, NULL, NULL));
  g_assert_true (count_wait (&gate->entered, 1));
}

/* Several who listen. */
typedef struct
{
  TestListener       *listener;
  ConvokeAsyncResult *result;
} Party;

static void
make_parties (Party *parties,
              guint  n)
{
  for (guint i = 0; i < n; i++)
    {
      parties[i].listener = test_listener_new ();
      parties[i].result = test_listener_new_result (parties[i].listener);
    }
}

static void
clear_parties (Party *parties,
               guint  n)
{
  pass_standard ();
  for (guint i = 0; i < n; i++)
    {
      g_assert_finalize_object (parties[i].result);
      g_assert_finalize_object (parties[i].listener);
    }
}

/* --- objects --- */

static void
test_event (gconstpointer manual)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (manual != NULL);
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  guint64 key;

  g_test_summary ("An item runs once, when its event is signalled; an automatic one is consumed (MF-45)");

  key = put_waiting (event, result);
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
  signal_object (event);
  assert_invoked (listener, 1);
  pass_standard ();
  g_assert_null (listener->status);
  g_assert_true (listener->thread != g_thread_self ());
  g_assert_cmpint (is_signalled (event), ==, manual != NULL);
  assert_not_found (key);
  signal_object (event);
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 1);
  g_assert_cmpuint (G_OBJECT (result)->ref_count, ==, 1);
  g_assert_cmpuint (G_OBJECT (event)->ref_count, ==, 1);
}

static void
test_signalled_before (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);

  g_test_summary ("What is signalled already is not waited for, and the callback is not invoked on the caller's stack (MF-45)");

  signal_object (event);
  put_waiting (event, result);
  assert_invoked (listener, 1);
  g_assert_true (listener->thread != g_thread_self ());
  g_assert_false (is_signalled (event));
}

static void
test_pulse (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  Party parties[2];

  g_test_summary ("A manual event that is signalled and reset at once frees all items that wait for it");

  make_parties (parties, 2);
  for (guint i = 0; i < 2; i++)
    put_waiting (event, parties[i].result);
  signal_object (event);
  convoke_synchronize_reset (CONVOKE_SYNCHRONIZE (event), NULL);
  for (guint i = 0; i < 2; i++)
    assert_invoked (parties[i].listener, 1);
  clear_parties (parties, 2);
}

static void
test_one_of_many (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);

  g_test_summary ("Each signal of an automatic event frees one item (MF-45)");

  for (guint i = 0; i < 10; i++)
    put_waiting (event, result);
  for (guint i = 1; i <= 10; i++)
    {
      signal_object (event);
      assert_invoked (listener, i);
      pass_standard ();
      g_assert_cmpuint (count_get (&listener->invoked), ==, i);
    }
  g_assert_false (is_signalled (event));
  g_assert_cmpuint (convoke_item_table_get_n_items (), ==, 0);
}

static void
test_no_object (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  ConvokeAsyncResult *result = test_listener_new_result (listener);
  guint64 keys[] = { put_waiting (NULL, result), put_waiting (NULL, result) };
  gpointer weak = result;

  g_test_summary ("Two items that wait for nothing, with one result: each can only be cancelled (T-MF-11, MF-45, MF-46)");

  g_object_add_weak_pointer (G_OBJECT (result), &weak);
  g_object_unref (result);
  g_assert_cmpuint (keys[0], !=, keys[1]);
  cancel (keys[0]);
  g_assert_nonnull (weak);
  cancel (keys[1]);
  g_assert_null (weak);
  assert_not_found (keys[1]);
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
}

static void
test_call (void)
{
  g_autoptr (ConvokeCall) call = convoke_call_new_operation (NULL, "fetch");
  g_autoptr (ConvokeServerCall) work = NULL;
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);

  g_test_summary ("An item waits for a call, and runs when it has ended (MF-45)");

  assert_refused (call, result, CONVOKE_ERROR_NO_SYNC);
  work = convoke_call_begin_operation (call, NULL);
  put_waiting (call, result);
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
  g_assert_true (convoke_server_call_complete_operation (work, NULL, NULL));
  assert_invoked (listener, 1);
  g_assert_true (convoke_call_finish_operation (call, NULL, NULL));
  assert_refused (call, result, CONVOKE_ERROR_NO_SYNC);
}

static void
test_stranger (void)
{
  g_autoptr (TestStranger) stranger = test_stranger_new (FALSE);
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);

  g_test_summary ("An item waits for somebody else's object, through its descriptor (MF-45)");

  put_waiting (stranger, result);
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
  signal_object (stranger);
  assert_invoked (listener, 1);
  g_assert_null (listener->status);
  g_assert_false (is_signalled (stranger));
}

static void
test_stranger_refuses (void)
{
  g_autoptr (TestStranger) stranger = test_stranger_new (TRUE);
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  guint n_waits;

  g_test_summary ("An object whose descriptor is readable for nothing is asked ever less often, and heard when it agrees");

  g_atomic_int_set (&stranger->refuses, TRUE);
  signal_object (stranger);
  put_waiting (stranger, result);
  g_usleep (100 * 1000);
  n_waits = g_atomic_int_get (&stranger->n_waits);
  g_assert_cmpuint (n_waits, >=, 2);
  g_assert_cmpuint (n_waits, <, 40);
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
  g_atomic_int_set (&stranger->refuses, FALSE);
  assert_invoked (listener, 1);
}

static void
test_stranger_cancelled (void)
{
  TestStranger *stranger = test_stranger_new (TRUE);
  gpointer weak = stranger;
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  guint64 key = put_waiting (stranger, result);

  g_test_summary ("A cancelled item lets go of its object at once (MF-46)");

  g_object_add_weak_pointer (G_OBJECT (stranger), &weak);
  g_object_unref (stranger);
  g_assert_nonnull (weak);
  cancel (key);
  g_assert_null (weak);
}

static void
test_handleless (void)
{
  g_autoptr (GObject) object = test_handleless_new ();
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);

  g_test_summary ("An object without a descriptor cannot be waited for without a thread, and is refused");

  assert_refused (object, result, CONVOKE_ERROR_NO_INTERFACE);
}

static void
test_refused (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  g_autoptr (ConvokeAsyncResult) deaf = convoke_async_result_new (NULL, NULL, NULL);
  const ConvokeWorkQueueId ids[] = {
    CONVOKE_WORK_QUEUE_ID_RT, CONVOKE_WORK_QUEUE_ID_IO, CONVOKE_WORK_QUEUE_ID_TIMER, CONVOKE_WORK_QUEUE_ID_LONG_FUNCTION,
  };

  g_test_summary ("Nothing waits on the queues for other things, without a callback, or with flags that no queue keeps (MF-45)");

  listener->says = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      listener->queue = convoke_work_queue_get_well_known (ids[i]);
      assert_refused (event, result, CONVOKE_ERROR_INVALID_QUEUE);
    }
  listener->queue = NULL;
  listener->flags = CONVOKE_ASYNC_CALLBACK_SIGNAL;
  assert_refused (event, result, CONVOKE_ERROR_INVALID_QUEUE);
  assert_refused (event, deaf, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (G_OBJECT (event)->ref_count, ==, 1);
}

/* Until the look that a signal asked for has taken it. */
static gboolean
is_taken (ConvokeEvent *event)
{
  int fd = convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (event), NULL);

  for (guint i = 0; i < 10000 && is_readable (fd); i++)
    g_usleep (100);

  return !is_readable (fd);
}

static void
test_named_queue (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  g_autoptr (ConvokeWorkQueue) queue = make_queue (listener);
  Gate gate = { 0, };
  guint64 key;

  g_test_summary ("An item runs on the queue that its callback names (MF-45), and is found until it does (MF-47)");

  close_gate (&gate, queue);
  key = put_waiting (event, result);
  signal_object (event);
  g_assert_true (is_taken (event));
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
  count_add (&gate.open);
  assert_invoked (listener, 1);
  pass_fence (queue);
  assert_not_found (key);
}

static void
test_cancel_given_back (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  g_autoptr (ConvokeWorkQueue) queue = make_queue (listener);
  Gate gate = { 0, };
  guint64 key;

  g_test_summary ("What was taken for an item that is cancelled before it runs goes back (MF-47, X-33)");

  close_gate (&gate, queue);
  key = put_waiting (event, result);
  signal_object (event);
  g_assert_true (is_taken (event));
  cancel (key);
  count_add (&gate.open);
  pass_fence (queue);
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
  g_assert_true (is_signalled (event));
  g_assert_cmpuint (G_OBJECT (result)->ref_count, ==, 1);
}

static void
test_no_threads (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("A thousand items that wait, half of them for strangers, hold no worker");

  for (guint i = 0; i < 1000; i++)
    {
      g_ptr_array_add (objects, i % 10 == 0 ? (gpointer) test_stranger_new (FALSE) : convoke_event_new (FALSE));
      put_waiting (objects->pdata[i], result);
    }
  pass_standard ();
  g_assert_cmpuint (convoke_pool_get_n_threads (), <=, 8);
  for (guint i = 0; i < 1000; i++)
    signal_object (objects->pdata[i]);
  assert_invoked (listener, 1000);
  pass_standard ();
  g_assert_cmpuint (convoke_item_table_get_n_items (), ==, 0);
}

/* --- descriptors --- */

static void
open_pair (int fds[2])
{
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
}

static void
write_one (int fd)
{
  g_assert_cmpint (write (fd, "x", 1), ==, 1);
}

static void
test_fd (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  int fds[2];
  guint64 key;

  g_test_summary ("An item runs once, when its descriptor is ready");

  open_pair (fds);
  key = put_waiting_fd (fds[0], G_IO_IN, result);
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 0);
  write_one (fds[1]);
  assert_invoked (listener, 1);
  pass_standard ();
  g_assert_null (listener->status);
  assert_not_found (key);
  /* It is still readable. */
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 1);
  close (fds[0]);
  close (fds[1]);
}

static void
test_fd_shared (void)
{
  enum { READER, LOSER, WRITER, OTHER_READER, N_PARTIES };
  Party parties[N_PARTIES];
  int fds[2];
  guint64 key;

  g_test_summary ("Several items wait for one descriptor, for the same thing and for others, and one is cancelled");

  open_pair (fds);
  make_parties (parties, N_PARTIES);
  put_waiting_fd (fds[0], G_IO_IN, parties[READER].result);
  key = put_waiting_fd (fds[0], G_IO_IN, parties[LOSER].result);
  put_waiting_fd (fds[0], G_IO_OUT, parties[WRITER].result);
  put_waiting_fd (fds[0], G_IO_IN, parties[OTHER_READER].result);
  assert_invoked (parties[WRITER].listener, 1);
  cancel (key);
  write_one (fds[1]);
  assert_invoked (parties[READER].listener, 1);
  assert_invoked (parties[OTHER_READER].listener, 1);
  pass_standard ();
  g_assert_cmpuint (count_get (&parties[WRITER].listener->invoked), ==, 1);
  g_assert_cmpuint (count_get (&parties[LOSER].listener->invoked), ==, 0);
  clear_parties (parties, N_PARTIES);
  close (fds[0]);
  close (fds[1]);
}

static void
test_fd_hangup (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  int fds[2];

  g_test_summary ("An end of the other side ends the wait, whatever it was for");

  open_pair (fds);
  put_waiting_fd (fds[0], G_IO_PRI, result);
  close (fds[1]);
  assert_invoked (listener, 1);
  g_assert_null (listener->status);
  close (fds[0]);
}

static void
test_fd_closed (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  int fds[2];

  g_test_summary ("A descriptor that is closed under its item ends it with a reason");

  open_pair (fds);
  put_waiting_fd (fds[0], G_IO_IN, result);
  close (fds[0]);
  assert_invoked (listener, 1);
  g_assert_error (listener->status, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE);
  close (fds[1]);
}

static void
test_fd_replaced (void)
{
  Party parties[2];
  int old[2], new[2];

  g_test_summary ("When a descriptor's number becomes another file's, the old item ends with a reason and a new one waits");

  open_pair (old);
  open_pair (new);
  make_parties (parties, 2);
  put_waiting_fd (old[0], G_IO_IN, parties[0].result);
  g_assert_cmpint (dup2 (new[0], old[0]), ==, old[0]);
  put_waiting_fd (old[0], G_IO_IN, parties[1].result);
  assert_invoked (parties[0].listener, 1);
  g_assert_error (parties[0].listener->status, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE);
  pass_standard ();
  g_assert_cmpuint (count_get (&parties[1].listener->invoked), ==, 0);
  write_one (new[1]);
  assert_invoked (parties[1].listener, 1);
  g_assert_null (parties[1].listener->status);
  for (guint i = 0; i < 2; i++)
    {
      close (old[i]);
      close (new[i]);
    }
  clear_parties (parties, 2);
}

static void
test_fd_closed_copy (void)
{
  Party parties[2];
  int fds[2], copy;

  g_test_summary ("A descriptor that is closed while a copy of it lives ends its item with a reason, and can come back");

  open_pair (fds);
  make_parties (parties, 2);
  put_waiting_fd (fds[0], G_IO_IN, parties[0].result);
  copy = dup (fds[0]);
  close (fds[0]);
  assert_invoked (parties[0].listener, 1);
  g_assert_error (parties[0].listener->status, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE);
  g_assert_cmpint (dup2 (copy, fds[0]), ==, fds[0]);
  put_waiting_fd (fds[0], G_IO_IN, parties[1].result);
  write_one (fds[1]);
  assert_invoked (parties[1].listener, 1);
  close (fds[0]);
  close (fds[1]);
  close (copy);
  clear_parties (parties, 2);
}

static void
test_fd_bad (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  int fds[2];
  const struct
  {
    int fd;
    guint condition;
  } bad[] = { { -1, G_IO_IN }, { G_MININT, G_IO_IN }, { 1 << 20, G_IO_IN }, { 0, 0 }, { 0, 1 << 20 }, { 0, G_IO_NVAL } };

  g_test_summary ("Numbers of no descriptor and conditions of no meaning are refused");

  open_pair (fds);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      int fd = bad[i].fd == 0 ? fds[0] : bad[i].fd;

      g_assert_cmpuint (convoke_work_item_put_waiting_fd (fd, bad[i].condition, 0, result, &error), ==, 0);
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
    }
  g_assert_cmpuint (G_OBJECT (result)->ref_count, ==, 1);
  g_assert_cmpuint (convoke_item_table_get_n_items (), ==, 0);
  close (fds[0]);
  close (fds[1]);
}

static void
test_fd_file (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp (NULL, &path, NULL);

  g_test_summary ("A file, which no system waits for, is always ready");

  g_assert_cmpint (fd, >=, 0);
  put_waiting_fd (fd, G_IO_IN | G_IO_OUT, result);
  assert_invoked (listener, 1);
  g_assert_null (listener->status);
  close (fd);
  unlink (path);
}

static void
test_fd_cancel (void)
{
  g_autoptr (TestListener) listener = test_listener_new ();
  g_autoptr (ConvokeAsyncResult) result = test_listener_new_result (listener);
  int fds[2];

  g_test_summary ("After its cancel an item's descriptor may be closed and used again: nobody looks at it");

  for (guint i = 0; i < 200; i++)
    {
      guint64 key;

      open_pair (fds);
      key = put_waiting_fd (fds[0], G_IO_IN, result);
      if (i % 2 == 0)
        cancel (key);
      write_one (fds[1]);
      if (i % 2 == 1)
        assert_invoked (listener, (i + 1) / 2);
      close (fds[0]);
      close (fds[1]);
    }
  pass_standard ();
  g_assert_cmpuint (count_get (&listener->invoked), ==, 100);
  g_assert_cmpuint (G_OBJECT (result)->ref_count, ==, 1);
}

static void
test_fd_thread_goes (void)
{
  g_test_summary ("The thread that watches descriptors goes when there are none, and comes back");

  for (guint i = 0; i < 2; i++)
    {
      gint64 deadline;

      test_fd ();
      g_assert_true (convoke_fd_watch_has_thread ());
      convoke_fd_watch_set_idle_time (0);
      deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
      while (convoke_fd_watch_has_thread () && g_get_monotonic_time () < deadline)
        g_usleep (1000);
      g_assert_false (convoke_fd_watch_has_thread ());
      convoke_fd_watch_set_idle_time (2 * G_USEC_PER_SEC);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/callfactory/waiting-item/event/automatic", NULL, test_event);
  g_test_add_data_func ("/callfactory/waiting-item/event/manual", "manual", test_event);
  g_test_add_func ("/callfactory/waiting-item/signalled-before", test_signalled_before);
  g_test_add_func ("/callfactory/waiting-item/pulse", test_pulse);
  g_test_add_func ("/callfactory/waiting-item/one-of-many", test_one_of_many);
  g_test_add_func ("/callfactory/waiting-item/no-object", test_no_object);
  g_test_add_func ("/callfactory/waiting-item/call", test_call);
  g_test_add_func ("/callfactory/waiting-item/stranger", test_stranger);
  g_test_add_func ("/callfactory/waiting-item/stranger-refuses", test_stranger_refuses);
  g_test_add_func ("/callfactory/waiting-item/stranger-cancelled", test_stranger_cancelled);
  g_test_add_func ("/callfactory/waiting-item/handleless", test_handleless);
  g_test_add_func ("/callfactory/waiting-item/refused", test_refused);
  g_test_add_func ("/callfactory/waiting-item/named-queue", test_named_queue);
  g_test_add_func ("/callfactory/waiting-item/cancel-given-back", test_cancel_given_back);
  g_test_add_func ("/callfactory/waiting-item/no-threads", test_no_threads);
  g_test_add_func ("/callfactory/waiting-item/fd", test_fd);
  g_test_add_func ("/callfactory/waiting-item/fd-shared", test_fd_shared);
  g_test_add_func ("/callfactory/waiting-item/fd-hangup", test_fd_hangup);
  g_test_add_func ("/callfactory/waiting-item/fd-closed", test_fd_closed);
  g_test_add_func ("/callfactory/waiting-item/fd-replaced", test_fd_replaced);
  g_test_add_func ("/callfactory/waiting-item/fd-closed-copy", test_fd_closed_copy);
  g_test_add_func ("/callfactory/waiting-item/fd-bad", test_fd_bad);
  g_test_add_func ("/callfactory/waiting-item/fd-file", test_fd_file);
  g_test_add_func ("/callfactory/waiting-item/fd-cancel", test_fd_cancel);
  g_test_add_func ("/callfactory/waiting-item/fd-thread-goes", test_fd_thread_goes);

  return g_test_run ();
}
