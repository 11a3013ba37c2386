/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "handle-log.h"

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

void
log_report (ConvokeHandle       *handle,
            gsize                context,
            ConvokeHandleStatus  status,
            const GValue        *information,
            gpointer             user_data)
{
  Log *log = user_data;

  g_assert_cmpint (g_atomic_int_add (&log->inside, 1), ==, 0);
  g_assert_true (handle == NULL || context == convoke_handle_get_context (handle));

  g_mutex_lock (&log->lock);
  g_string_append_printf (log->words, "%s%s-%" G_GSIZE_FORMAT, log->words->len > 0 ? " " : "", name_status (status), context);
  log->thread = g_thread_self ();
  if (status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    take_result (log, information);
  g_mutex_unlock (&log->lock);

  if (status == CONVOKE_HANDLE_STATUS_HANDLE_CREATED || status == CONVOKE_HANDLE_STATUS_HANDLE_CLOSING)
    g_assert_true ((information != NULL ? g_value_get_object (information) : NULL) == (gpointer) handle);
  if (status == CONVOKE_HANDLE_STATUS_PROGRESS)
    g_assert_true (information != NULL && g_variant_is_of_type (g_value_get_variant (information), G_VARIANT_TYPE ("(tt)")));
  if (log->react != NULL && handle != NULL)
    log->react (log, handle, status);

  g_atomic_int_add (&log->inside, -1);
  count_add (&log->n);
}

void
log_freed (gpointer data)
{
  g_atomic_int_inc (&((Log *) data)->n_freed);
}

void
log_clear (Log *log)
{
  gint64 deadline = g_get_monotonic_time () + LONG;

  while (g_atomic_int_get (&log->n_freed) < log->n_set && g_get_monotonic_time () < deadline)
    if (!g_main_context_iteration (NULL, FALSE))
      g_thread_yield ();
  g_assert_cmpint (g_atomic_int_get (&log->n_freed), ==, log->n_set);

  g_string_free (log->words, TRUE);
  g_clear_error (&log->error);
  if (G_IS_VALUE (&log->value))
    g_value_unset (&log->value);
  g_mutex_clear (&log->lock);
}

void
log_set (Log           *log,
         ConvokeHandle *handle)
{
  log->n_set++;
  g_assert_true (convoke_handle_set_status_callback (handle, log_report, log, log_freed, NULL));
}

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

void
spin_all (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
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

ConvokeHandle *
new_root (Log      *log,
          gboolean  asynchronous)
{
  ConvokeHandle *root = convoke_handle_new (NULL, 0, asynchronous, NULL);

  log_set (log, root);

  return root;
}

ConvokeHandle *
new_child (ConvokeHandle *parent,
           gsize          context)
{
  g_autoptr (GError) error = NULL;
  ConvokeHandle *child = convoke_handle_new (parent, context, FALSE, &error);

  g_assert_no_error (error);

  return child;
}

ConvokeServerCall *
begin_work (ConvokeHandle *handle)
{
  g_autoptr (GError) error = NULL;
  ConvokeServerCall *work = convoke_handle_begin_operation (handle, "work", &error);

  g_assert_no_error (error);
  g_assert_cmpint (convoke_handle_run (handle, g_object_ref (work), NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_no_error (error);

  return work;
}

void
complete_int (ConvokeServerCall *work,
              int                result)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, result);
  g_assert_true (convoke_server_call_complete_operation (work, &value, NULL));
  g_value_unset (&value);
}

void
assert_refused (ConvokeHandle *handle,
                int            code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_handle_begin_operation (handle, "work", &error));
  g_assert_error (error, CONVOKE_ERROR, code);
}

void
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

void
pass_gate (gpointer data)
{
  Gate *gate = data;

  count_add (&gate->entered);
  g_assert_true (count_wait (&gate->leave, 1));
}
