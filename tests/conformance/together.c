/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "together.h"

#include <convoke-test.h>

#include "place.h"
#include "told-callback.h"

enum
{
  CONTEXT, COMPLETION_QUEUE, CALLBACK, PORT, HANDLE, SINK,
  N_VIEWS
};

/* One call, and how often each view was told of its end, and of what. */
typedef struct
{
  ConvokeCall            *call;
  ConvokeCompletionQueue *queue;
  ToldCallback           *callback;
  ConvokeReplyPort       *port;
  ConvokeHandle          *handle;
  ConvokeEvent           *sink;
  guint                   n_told[N_VIEWS];
  GError                 *errors[N_VIEWS]; /* (nullable) */
} Together;

static void
context_cb (ConvokeCall       *call,
            ConvokeCallNotice  notice,
            gpointer           data)
{
  Together *self = data;

  if (notice != CONVOKE_CALL_NOTICE_COMPLETED)
    return;

  self->n_told[CONTEXT]++;
  convoke_call_check_status (call, &self->errors[CONTEXT]);
}

static void
handle_cb (ConvokeHandle       *handle,
           gsize                context,
           ConvokeHandleStatus  status,
           const GValue        *information,
           gpointer             data)
{
  Together *self = data;

  if (status != CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    return;

  self->n_told[HANDLE]++;
  convoke_handle_result_check (g_value_get_object (information), &self->errors[HANDLE]);
}

static void
attach_views (Together *self)
{
  g_autoptr (GError) error = NULL;

  convoke_call_set_callback (self->call, NULL, context_cb, self, NULL);
  self->queue = convoke_completion_queue_new (&error);
  convoke_call_set_completion_queue (self->call, self->queue, 7);
  self->callback = g_object_new (TOLD_TYPE_CALLBACK, NULL);
  g_assert_true (convoke_call_add_async_callback (self->call, CONVOKE_ASYNC_CALLBACK (self->callback), NULL, &error));
  self->port = convoke_reply_port_new (7);
  g_assert_true (convoke_reply_port_attach (self->port, self->call, &error));
  self->handle = convoke_handle_new (NULL, 7, TRUE, &error);
  g_assert_true (convoke_handle_set_status_callback (self->handle, handle_cb, self, NULL, &error));
  g_assert_true (convoke_handle_watch_call (self->handle, self->call, &error));
  g_assert_no_error (error);
}

static void
together_begin (Together   *self,
                GObject    *feed,
                const char *item,
                gint64      timeout)
{
  g_autoptr (GError) error = NULL;

  self->sink = CONVOKE_EVENT (convoke_event_new (TRUE));
  self->call = convoke_create_call_full (feed, CONVOKE_TEST_TYPE_PRICE_FEED, NULL, CONVOKE_SYNCHRONIZE (self->sink), &error);
  g_assert_no_error (error);
  attach_views (self);
  convoke_call_set_timeout (self->call, timeout);
  convoke_call_begin (self->call, "get_price", &error, item);
  g_assert_no_error (error);
}

static void
look (Together *self)
{
  g_autofree guint64 *completed = NULL;
  g_autofree guint64 *progress = NULL;
  guint n_completed, n_progress;
  ConvokeReplyMessage *message = convoke_reply_port_get_message (self->port, 0, NULL);
  g_autoptr (ConvokeCall) call = NULL;

  convoke_completion_queue_take (self->queue, &completed, &n_completed, &progress, &n_progress);
  self->n_told[COMPLETION_QUEUE] += n_completed;
  self->n_told[CALLBACK] = (guint) g_atomic_int_get (&self->callback->n_told);
  self->n_told[SINK] = convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (self->sink), 0, CONVOKE_WAIT_DEFAULT, NULL) ? 1 : 0;
  if (message == NULL)
    return;

  call = convoke_reply_message_dup_call (message);
  g_assert_true (call == self->call);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, convoke_reply_port_get_attached_id (self->port, call));
  self->n_told[PORT]++;
  convoke_reply_message_check (message, &self->errors[PORT]);
  convoke_reply_message_unref (message);
}

static gboolean
all_told (Together *self)
{
  look (self);
  for (guint i = 0; i < N_VIEWS; i++)
    {
      if (self->n_told[i] == 0)
        return FALSE;
    }

  return TRUE;
}

static void
assert_same_error (const GError *a,
                   const GError *b)
{
  if (b == NULL)
    {
      g_assert_no_error (a);
      return;
    }

  g_assert_error (a, b->domain, b->code);
  g_assert_cmpstr (a->message, ==, b->message);
}

static void
assert_told_once (Together     *self,
                  const GError *error)
{
  look (self);
  for (guint i = 0; i < N_VIEWS; i++)
    g_assert_cmpuint (self->n_told[i], ==, 1);

  assert_same_error (self->errors[CONTEXT], error);
  assert_same_error (self->errors[PORT], error);
  assert_same_error (self->errors[HANDLE], error);
  assert_same_error (self->callback->status, error);
}

static void
together_clear (Together *self)
{
  for (guint i = 0; i < N_VIEWS; i++)
    g_clear_error (&self->errors[i]);
  convoke_handle_close (self->handle, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&self->call);
  g_clear_object (&self->queue);
  g_clear_object (&self->callback);
  g_clear_object (&self->port);
  g_clear_object (&self->handle);
  g_clear_object (&self->sink);
}

void
together_learn (GObject    *feed,
                const char *item,
                gint64      timeout,
                Outcome    *outcome)
{
  gint64 limit = g_get_monotonic_time () + CONFORMANCE_LIMIT;
  Together self = { NULL, };

  together_begin (&self, feed, item, timeout);
  while (!all_told (&self))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, limit);
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }

  convoke_call_finish (self.call, "get_price", &outcome->error, &outcome->price);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  assert_told_once (&self, outcome->error);
  together_clear (&self);
}
