/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What is told of a handle is written down in a log, one word per report:
 * the status and the handle's context value, as in "sending-7". Tests compare
 * whole logs, so what must not be told fails them too.
 */

#include "test-feed.h"
#include "test-util.h"

#include <convoke-call-operation.h>
#include <convoke-error.h>
#include <convoke-handle.h>

#define LONG (30 * G_USEC_PER_SEC)

/* --- the log --- */

typedef struct Log Log;
typedef void (*Reaction) (Log *log, ConvokeHandle *handle, ConvokeHandleStatus status);

struct Log
{
  GMutex    lock;
  GString  *words;    /* LOCK: lock */
  GThread  *thread;   /* LOCK: lock; of the last report */
  Count     n;
  gint      inside;   /* atomic: callbacks that run right now */
  Reaction  react;    /* (nullable) in the callback, after the word was written */
  gpointer  data;     /* the reaction's */
  GError   *error;    /* of the last completion */
  GValue    value;
  gint      n_freed;  /* atomic */
};

static const char *
name_status (ConvokeHandleStatus status)
{
  switch (status)
    {
    case CONVOKE_HANDLE_STATUS_RESOLVING_NAME: return "resolving";
    case CONVOKE_HANDLE_STATUS_SENDING_REQUEST: return "sending";
    case CONVOKE_HANDLE_STATUS_REQUEST_SENT: return "sent";
    case CONVOKE_HANDLE_STATUS_RESPONSE_RECEIVED: return "received";
    case CONVOKE_HANDLE_STATUS_CLOSING_CONNECTION: return "disconnecting";
    case CONVOKE_HANDLE_STATUS_CONNECTION_CLOSED: return "disconnected";
    case CONVOKE_HANDLE_STATUS_HANDLE_CREATED: return "created";
    case CONVOKE_HANDLE_STATUS_HANDLE_CLOSING: return "closing";
    case CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE: return "complete";
    case CONVOKE_HANDLE_STATUS_PROGRESS: return "progress";
    default: return "other";
    }
}

static void
take_result (Log          *log,
             const GValue *information)
{
  ConvokeHandleResult *result = g_value_get_object (information);
  const GValue *value = convoke_handle_result_get_value (result);

  g_clear_error (&log->error);
  if (G_IS_VALUE (&log->value))
    g_value_unset (&log->value);
  convoke_handle_result_check (result, &log->error);
  if (value != NULL)
    {
      g_value_init (&log->value, G_VALUE_TYPE (value));
      g_value_copy (value, &log->value);
    }
}

static void
log_report (ConvokeHandle       *handle,
            gsize                context,
            ConvokeHandleStatus  status,
            const GValue        *information,
            gpointer             user_data)
{
  Log *log = user_data;

  g_assert_cmpint (g_atomic_int_add (&log->inside, 1), ==, 0);
  g_assert_cmpuint (context, ==, convoke_handle_get_context (handle));

  g_mutex_lock (&log->lock);
  g_string_append_printf (log->words, "%s%s-%" G_GSIZE_FORMAT, log->words->len > 0 ? " " : "", name_status (status), context);
  log->thread = g_thread_self ();
  if (status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    take_result (log, information);
  g_mutex_unlock (&log->lock);

  if (status == CONVOKE_HANDLE_STATUS_HANDLE_CREATED || status == CONVOKE_HANDLE_STATUS_HANDLE_CLOSING)
    g_assert_true (g_value_get_object (information) == (gpointer) handle);
  if (log->react != NULL)
    log->react (log, handle, status);

  g_atomic_int_add (&log->inside, -1);
  count_add (&log->n);
}

static void
log_freed (gpointer data)
{
  g_atomic_int_inc (&((Log *) data)->n_freed);
}

static void
log_clear (Log *log)
{
  g_string_free (log->words, TRUE);
  g_clear_error (&log->error);
  if (G_IS_VALUE (&log->value))
    g_value_unset (&log->value);
  g_mutex_clear (&log->lock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Log, log_clear)

#define LOG_INIT { .words = g_string_new (NULL) }

/* Lets the default context run until so many reports came. */
static void
spin_until (Log   *log,
            guint  n)
{
  gint64 deadline = g_get_monotonic_time () + LONG;

  while (count_get (&log->n) < n && g_get_monotonic_time () < deadline)
    if (!g_main_context_iteration (NULL, FALSE))
      g_thread_yield ();
}

static void
spin_all (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* And nothing more. */
static void
assert_log (Log        *log,
            const char *words)
{
  guint n = 1;

  for (const char *c = words; *c != '\0'; c++)
    n += *c == ' ';
  spin_until (log, *words != '\0' ? n : 0);
  spin_all ();

  g_mutex_lock (&log->lock);
  g_assert_cmpstr (log->words->str, ==, words);
  g_string_truncate (log->words, 0);
  g_mutex_unlock (&log->lock);

  g_mutex_lock (&log->n.lock);
  log->n.n = 0;
  g_mutex_unlock (&log->n.lock);
}

/* --- handles --- */

static ConvokeHandle *
new_root (Log      *log,
          gboolean  asynchronous)
{
  ConvokeHandle *root = convoke_handle_new (NULL, 0, asynchronous, NULL);

  g_assert_true (convoke_handle_set_status_callback (root, log_report, log, log_freed, NULL));

  return root;
}

static ConvokeHandle *
new_child (ConvokeHandle *parent,
           gsize          context)
{
  g_autoptr (GError) error = NULL;
  ConvokeHandle *child = convoke_handle_new (parent, context, FALSE, &error);

  g_assert_no_error (error);

  return child;
}

/* Begins an operation; the work is the test's. */
static ConvokeServerCall *
begin_work (ConvokeHandle *handle)
{
  g_autoptr (GError) error = NULL;
  ConvokeServerCall *work = convoke_handle_begin_operation (handle, "work", &error);

  g_assert_no_error (error);
  g_assert_cmpint (convoke_handle_run (handle, g_object_ref (work), NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_no_error (error);

  return work;
}

static void
complete_int (ConvokeServerCall *work,
              int                result)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, result);
  g_assert_true (convoke_server_call_complete_operation (work, &value, NULL));
  g_value_unset (&value);
}

static void
assert_refused (ConvokeHandle *handle,
                int            code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_handle_begin_operation (handle, "work", &error));
  g_assert_error (error, CONVOKE_ERROR, code);
}

static void
assert_invalid (ConvokeHandle *handle)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_handle_is_closed (handle));
  assert_refused (handle, CONVOKE_ERROR_INVALID_HANDLE);
  g_assert_false (convoke_handle_close (handle, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE);
  g_clear_error (&error);
  g_assert_null (convoke_handle_new (handle, 1, FALSE, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE);
  g_clear_error (&error);
  g_assert_false (convoke_handle_set_status_callback (handle, NULL, NULL, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE);
  g_assert_null (convoke_handle_dup_operation (handle));
}

#define assert_closed_and_gone(handle) \
  G_STMT_START { \
    gpointer alive = (handle); \
    g_object_add_weak_pointer (G_OBJECT (alive), &alive); \
    g_object_unref (g_steal_pointer (&(handle))); \
    g_assert_null (alive); \
  } G_STMT_END

/* --- order --- */

static void
test_order (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) handle = new_child (root, 7);
  g_autoptr (ConvokeServerCall) work = NULL;

  g_test_summary ("WI-16, WI-17, WI-22, WI-32: created, what the work tells, complete, closing, each once, in that order");

  g_assert_cmpstr (log.words->str, ==, "created-7");
  work = begin_work (handle);
  g_assert_true (convoke_handle_notify_operation (handle, work, CONVOKE_HANDLE_STATUS_RESOLVING_NAME, NULL));
  g_assert_true (convoke_handle_notify_operation (handle, work, CONVOKE_HANDLE_STATUS_SENDING_REQUEST, NULL));
  complete_int (work, 5);
  g_assert_false (convoke_handle_notify_operation (handle, work, CONVOKE_HANDLE_STATUS_REQUEST_SENT, NULL));

  assert_log (&log, "created-7 resolving-7 sending-7 complete-7");
  g_assert_no_error (log.error);
  g_assert_cmpint (g_value_get_int (&log.value), ==, 5);

  g_assert_true (convoke_handle_close (handle, NULL));
  assert_log (&log, "closing-7");
  assert_closed_and_gone (handle);
}

static void
test_close_cancels (void)
{
  g_auto (Log) log = LOG_INIT;
  g_autoptr (ConvokeHandle) root = new_root (&log, TRUE);
  g_autoptr (ConvokeHandle) connection = new_child (root, 1);
  g_autoptr (ConvokeHandle) request = new_child (connection, 2);
  g_autoptr (ConvokeServerCall) work = begin_work (request);
  g_autoptr (GError) error = NULL;

  g_test_summary ("T-WI-5, WI-4, WI-33, WI-36: closing the session invalidates all below it, cuts the pending "
                  "operation, and is told deepest first");

  g_assert_true (convoke_handle_close (root, &error));
  g_assert_no_error (error);
  assert_invalid (root);
  assert_invalid (connection);
  assert_invalid (request);

  assert_log (&log, "created-1 created-2 complete-2 closing-2 closing-1");
  g_assert_error (log.error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_cmpuint (convoke_error_to_status (log.error, CONVOKE_ERROR_FAMILY_INET), ==, 12017);
  g_assert_false (convoke_server_call_complete_operation (work, NULL, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/callfactory/handle/order", test_order);
  g_test_add_func ("/callfactory/handle/close-cancels", test_close_cancels);

  return g_test_run ();
}
