/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* WinINet's way: a handle with a context value, and a function that is told of all that happens on it. */

#include "view-handle.h"

#include "fetch-diary.h"

#define CONTEXT 42

static char *
dup_complete (const GValue *information)
{
  g_autoptr (GError) error = NULL;

  if (convoke_handle_result_check (g_value_get_object (information), &error))
    return g_strdup ("complete, it has ended well");
  return g_strdup_printf ("complete: %s", error->message);
}

static char *
dup_progress (const GValue *information)
{
  guint64 done, total;

  g_variant_get (g_value_get_variant (information), "(tt)", &done, &total);
  return g_strdup_printf ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " bytes", done, total);
}

/* (nullable): what is worth a line. */
static char *
dup_words (ConvokeHandleStatus  status,
           const GValue        *information)
{
  switch ((int) status)
    {
    case CONVOKE_HANDLE_STATUS_HANDLE_CREATED:
      return g_strdup ("created");
    case CONVOKE_HANDLE_STATUS_PROGRESS:
      return dup_progress (information);
    case CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE:
      return dup_complete (information);
    case CONVOKE_HANDLE_STATUS_HANDLE_CLOSING:
      return g_strdup ("closing");
    default:
      return NULL;
    }
}

static void
status_cb (ConvokeHandle       *handle,
           gsize                context,
           ConvokeHandleStatus  status,
           const GValue        *information,
           gpointer             user_data)
{
  ViewHandle *self = user_data;
  g_autofree char *words = dup_words (status, information);
  g_autofree char *what = g_strdup_printf ("%" G_GSIZE_FORMAT ": %s", context, words);

  if (words != NULL)
    fetch_diary_write ("status callback", what);

  if (status == CONVOKE_HANDLE_STATUS_PROGRESS && self->cancel)
    convoke_call_cancel (self->call, -1, NULL);
  else if (status == CONVOKE_HANDLE_STATUS_PROGRESS)
    slow_server_send_more (self->server);
  else if (status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (self->complete), NULL);
  else if (status == CONVOKE_HANDLE_STATUS_HANDLE_CLOSING)
    convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (self->closed), NULL);
}

gboolean
view_handle_open (ViewHandle   *self,
                  ConvokeCall  *call,
                  SlowServer   *server,
                  GError      **error)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);

  self->call = g_object_ref (call);
  self->server = server;
  self->complete = convoke_event_new (FALSE);
  self->closed = convoke_event_new (FALSE);
  self->root = convoke_handle_new (NULL, 0, TRUE, error);
  if (self->root == NULL)
    return FALSE;

  /* What is made below it has its callback, and a context value by which that knows it. */
  convoke_handle_set_work_queue (self->root, queue);
  if (!convoke_handle_set_status_callback (self->root, status_cb, self, NULL, error))
    return FALSE;
  self->handle = convoke_handle_new (self->root, CONTEXT, TRUE, error);
  return self->handle != NULL && convoke_handle_watch_call (self->handle, call, error);
}

/* Nothing is told of it any more when this returns. */
void
view_handle_close (ViewHandle *self)
{
  convoke_handle_close (self->root, NULL);
  convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (self->closed), CONVOKE_WAIT_DEFAULT, -1, NULL);
}

void
view_handle_clear (ViewHandle *self)
{
  g_clear_object (&self->root);
  g_clear_object (&self->handle);
  g_clear_object (&self->complete);
  g_clear_object (&self->closed);
  g_clear_object (&self->call);
}
