/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Methods in another process, called through a handle: what is told, also when the process hangs or dies. */

#include "../callfactory/handle-log.h"
#include "hosted.h"

typedef struct
{
  ConvokeComponentFile *file;
  ConvokeTestPriceFeed *feed;
  ConvokeHandle        *root;
  ConvokeHandle        *handle;
} Remote;

static void
remote_open (Remote     *self,
             Log        *log,
             const char *name,
             gboolean    asynchronous)
{
  self->file = load_c (name, "Threading=any\n");
  self->feed = activate (self->file);
  self->root = new_root (log, asynchronous);
  self->handle = new_child (self->root, 7);
}

static void
remote_close (Remote *self)
{
  g_clear_object (&self->handle);
  g_clear_object (&self->root);
  g_clear_object (&self->feed);
  g_clear_pointer (&self->file, convoke_component_file_unref);
}

static ConvokeHandleOutcome
call_price (Remote      *remote,
            const char  *item,
            GValue     **outs,
            GError     **error)
{
  GValue arg = G_VALUE_INIT;
  ConvokeHandleOutcome outcome;
  guint n_outs = 0;

  g_value_init (&arg, G_TYPE_STRING);
  g_value_set_string (&arg, item);
  outcome = convoke_handle_call (remote->handle, G_OBJECT (remote->feed), CONVOKE_TEST_TYPE_PRICE_FEED, "get_price",
                                 &arg, 1, 0, outs, &n_outs, error);
  g_value_unset (&arg);

  return outcome;
}

static void
assert_pending (Remote     *remote,
                const char *item)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (call_price (remote, item, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_no_error (error);
}

static void
test_result (void)
{
  g_auto (Log) log = LOG_INIT;
  Remote remote;

  g_test_summary ("WI-17: a method in another process is told of as one in this");

  remote_open (&remote, &log, "HandleResult", TRUE);
  assert_pending (&remote, "pid");
  assert_log (&log, "created-7 sending-7 sent-7 received-7 complete-7");
  g_assert_no_error (log.error);
  g_assert_cmpfloat (g_value_get_double (&log.value), ==, ask_pid (remote.feed));

  assert_pending (&remote, "missing");
  assert_log (&log, "sending-7 sent-7 received-7 complete-7");
  g_assert_error (log.error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  remote_close (&remote);
}

static void
test_blocking (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (GError) error = NULL;
  GValue *outs = NULL;
  Remote remote;

  g_test_summary ("WI-12, WI-16: so it is where the caller is blocked");

  remote_open (&remote, &log, "HandleBlocking", FALSE);
  g_assert_cmpint (call_price (&remote, "pid", &outs, NULL), ==, CONVOKE_HANDLE_OUTCOME_DONE);
  g_assert_cmpfloat (g_value_get_double (outs), ==, ask_pid (remote.feed));
  g_free (outs);
  g_assert_cmpint (call_price (&remote, "death", &outs, &error), ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  assert_log (&log, "created-7 sending-7 sent-7 received-7 sending-7 sent-7");
  remote_close (&remote);
}

static void
test_death (void)
{
  g_auto (Log) log = LOG_INIT;
  Remote remote;

  g_test_summary ("WI-17: when the process dies no answer is told, but the end with the cause");

  remote_open (&remote, &log, "HandleDeath", TRUE);
  assert_pending (&remote, "death");
  assert_log (&log, "created-7 sending-7 sent-7 complete-7");
  g_assert_error (log.error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  assert_contains (log.error, "the cups are broken");
  remote_close (&remote);
}

static void
test_close (void)
{
  g_auto (Log) log = LOG_INIT;
  Remote remote;

  g_test_summary ("WI-33: closing cancels what hangs in another process, and waits for nobody");

  remote_open (&remote, &log, "HandleClose", TRUE);
  assert_pending (&remote, "report-once");
  assert_log (&log, "created-7 sending-7 sent-7 progress-7");
  g_assert_true (convoke_handle_close (remote.handle, NULL));
  assert_log (&log, "complete-7 closing-7");
  g_assert_error (log.error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  remote_close (&remote);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  hosted_init ();
  g_test_add_func ("/marshal/remote-handle/result", test_result);
  g_test_add_func ("/marshal/remote-handle/blocking", test_blocking);
  g_test_add_func ("/marshal/remote-handle/death", test_death);
  g_test_add_func ("/marshal/remote-handle/close", test_close);

  status = g_test_run ();
  hosted_clear ();
  return status;
}
