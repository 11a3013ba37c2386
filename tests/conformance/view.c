/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "view.h"

#include <convoke-test.h>

#include "told-callback.h"

GValue
view_item (const char *item)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, item);

  return value;
}

void
view_take_price (GValue  *outs,
                 Outcome *outcome)
{
  if (outs != NULL)
    outcome->price = g_value_get_double (outs);
  g_free (outs);
}

/* --- a call object of one's own --- */

typedef struct
{
  ConvokeCall            *call;
  ConvokeCompletionQueue *queue;  /* (nullable) */
  guint                   n_told;
} CallView;

static CallView *
call_view_new (GObject *feed)
{
  g_autoptr (GError) error = NULL;
  CallView *self = g_new0 (CallView, 1);

  self->call = convoke_create_call (feed, CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);
  return self;
}

static void
call_view_free (gpointer data)
{
  CallView *self = data;

  g_clear_object (&self->call);
  g_clear_object (&self->queue);
  g_free (self);
}

static gpointer
call_view_begin (CallView    *self,
                 const char  *item,
                 gint64       timeout,
                 GError     **error)
{
  convoke_call_set_timeout (self->call, timeout);
  if (convoke_call_begin (self->call, "get_price", error, item))
    return self;

  call_view_free (self);
  return NULL;
}

static void
call_view_cancel (gpointer data)
{
  g_assert_true (convoke_call_cancel (((CallView *) data)->call, 0, NULL));
}

static void
call_view_end (gpointer  data,
               Outcome  *outcome)
{
  convoke_call_finish (((CallView *) data)->call, "get_price", &outcome->error, &outcome->price);
}

static gpointer
wait_begin (GObject     *feed,
            const char  *item,
            gint64       timeout,
            GError     **error)
{
  return call_view_begin (call_view_new (feed), item, timeout, error);
}

static guint
wait_told (gpointer data)
{
  return convoke_call_wait (((CallView *) data)->call, 0, NULL) ? 1 : 0;
}

const View view_wait = { "wait", wait_begin, wait_told, call_view_cancel, call_view_end, call_view_free };

static void
context_func (ConvokeCall       *call,
              ConvokeCallNotice  notice,
              gpointer           user_data)
{
  if (notice == CONVOKE_CALL_NOTICE_COMPLETED)
    ((CallView *) user_data)->n_told++;
}

static gpointer
context_begin (GObject     *feed,
               const char  *item,
               gint64       timeout,
               GError     **error)
{
  CallView *self = call_view_new (feed);

  convoke_call_set_callback (self->call, NULL, context_func, self, NULL);
  return call_view_begin (self, item, timeout, error);
}

static guint
call_view_told (gpointer data)
{
  return ((CallView *) data)->n_told;
}

const View view_context = { "context", context_begin, call_view_told, call_view_cancel, call_view_end, call_view_free };

static gpointer
completion_queue_begin (GObject     *feed,
                        const char  *item,
                        gint64       timeout,
                        GError     **error)
{
  CallView *self = call_view_new (feed);

  self->queue = convoke_completion_queue_new (NULL);
  g_assert_nonnull (self->queue);
  convoke_call_set_completion_queue (self->call, self->queue, 7);
  return call_view_begin (self, item, timeout, error);
}

static guint
completion_queue_told (gpointer data)
{
  CallView *self = data;
  g_autofree guint64 *completed = NULL;
  g_autofree guint64 *progress = NULL;
  guint n_completed, n_progress;

  convoke_completion_queue_take (self->queue, &completed, &n_completed, &progress, &n_progress);
  self->n_told += n_completed;
  return self->n_told;
}

const View view_completion_queue = {
  "completion-queue", completion_queue_begin, completion_queue_told, call_view_cancel, call_view_end, call_view_free
};

/* --- GIO --- */

typedef struct
{
  GObject      *feed;
  GCancellable *cancellable;
  GAsyncResult *result;
  guint         n_told;
} GioView;

static void
gio_ready (GObject      *feed,
           GAsyncResult *result,
           gpointer      data)
{
  GioView *self = data;

  g_set_object (&self->result, result);
  self->n_told++;
}

static gpointer
gio_begin (GObject     *feed,
           const char  *item,
           gint64       timeout,
           GError     **error)
{
  GioView *self = g_new0 (GioView, 1);
  g_auto (GValue) value = view_item (item);

  self->feed = g_object_ref (feed);
  self->cancellable = g_cancellable_new ();
  convoke_call_method_async (feed, CONVOKE_TEST_TYPE_PRICE_FEED, "get_price", &value, 1, timeout,
                             self->cancellable, gio_ready, self);
  return self;
}

static guint
gio_told (gpointer data)
{
  return ((GioView *) data)->n_told;
}

static void
gio_cancel (gpointer data)
{
  g_cancellable_cancel (((GioView *) data)->cancellable);
}

static void
gio_end (gpointer  data,
         Outcome  *outcome)
{
  GioView *self = data;
  guint n_outs;

  view_take_price (convoke_call_method_finish (self->feed, self->result, &n_outs, &outcome->error), outcome);
}

static void
gio_free (gpointer data)
{
  GioView *self = data;

  g_clear_object (&self->result);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->feed);
  g_free (self);
}

const View view_gio = { "gio", gio_begin, gio_told, gio_cancel, gio_end, gio_free };

/* --- a callback on a work queue --- */

typedef struct
{
  GObject            *feed;
  ToldCallback       *callback;
  ConvokeAsyncResult *result;
} CallbackView;

static void
callback_free (gpointer data)
{
  CallbackView *self = data;

  g_clear_object (&self->result);
  g_clear_object (&self->callback);
  g_clear_object (&self->feed);
  g_free (self);
}

static gpointer
callback_begin (GObject     *feed,
                const char  *item,
                gint64       timeout,
                GError     **error)
{
  CallbackView *self = g_new0 (CallbackView, 1);
  g_auto (GValue) value = view_item (item);

  self->feed = g_object_ref (feed);
  self->callback = g_object_new (TOLD_TYPE_CALLBACK, NULL);
  self->result = convoke_call_method_begin (feed, CONVOKE_TEST_TYPE_PRICE_FEED, "get_price", &value, 1, timeout,
                                            CONVOKE_ASYNC_CALLBACK (self->callback), NULL, error);
  if (self->result != NULL)
    return self;

  callback_free (self);
  return NULL;
}

static guint
callback_told (gpointer data)
{
  return (guint) g_atomic_int_get (&((CallbackView *) data)->callback->n_told);
}

static void
callback_cancel (gpointer data)
{
  g_autoptr (ConvokeCall) call = convoke_call_method_dup_call (((CallbackView *) data)->result);

  g_assert_true (convoke_call_cancel (call, 0, NULL));
}

static void
callback_end (gpointer  data,
              Outcome  *outcome)
{
  CallbackView *self = data;
  guint n_outs;

  view_take_price (convoke_call_method_end (self->feed, self->result, &n_outs, &outcome->error), outcome);
}

const View view_callback = { "callback", callback_begin, callback_told, callback_cancel, callback_end, callback_free };

/* --- a handle with a status callback --- */

typedef struct
{
  ConvokeHandle *handle;
  double         price;
  GError        *error;
  guint          n_told;
} HandleView;

static void
handle_told_cb (ConvokeHandle       *handle,
                gsize                context,
                ConvokeHandleStatus  status,
                const GValue        *information,
                gpointer             data)
{
  HandleView *self = data;
  ConvokeHandleResult *result;
  guint n_values;

  g_assert_cmpuint (context, ==, 7);
  if (status != CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    return;

  result = g_value_get_object (information);
  self->n_told++;
  if (convoke_handle_result_check (result, &self->error))
    self->price = g_value_get_double (convoke_handle_result_get_values (result, &n_values));
}

static void
handle_free (gpointer data)
{
  HandleView *self = data;

  g_clear_object (&self->handle);
  g_clear_error (&self->error);
  /* What is told last comes with the context. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_free (self);
}

static gpointer
handle_begin (GObject     *feed,
              const char  *item,
              gint64       timeout,
              GError     **error)
{
  HandleView *self = g_new0 (HandleView, 1);
  g_auto (GValue) value = view_item (item);
  ConvokeHandleOutcome outcome;
  GValue *outs;
  guint n_outs;

  self->handle = convoke_handle_new (NULL, 7, TRUE, error);
  g_assert_true (convoke_handle_set_status_callback (self->handle, handle_told_cb, self, NULL, error));
  outcome = convoke_handle_call (self->handle, feed, CONVOKE_TEST_TYPE_PRICE_FEED, "get_price", &value, 1, timeout,
                                 &outs, &n_outs, error);
  if (outcome == CONVOKE_HANDLE_OUTCOME_PENDING)
    return self;

  g_assert_cmpint (outcome, ==, CONVOKE_HANDLE_OUTCOME_FAILED);
  handle_free (self);
  return NULL;
}

static guint
handle_told (gpointer data)
{
  return ((HandleView *) data)->n_told;
}

static void
handle_cancel (gpointer data)
{
  g_assert_true (convoke_handle_close (((HandleView *) data)->handle, NULL));
}

static void
handle_end (gpointer  data,
            Outcome  *outcome)
{
  HandleView *self = data;

  outcome->price = self->price;
  outcome->error = g_steal_pointer (&self->error);
}

const View view_handle = { "handle", handle_begin, handle_told, handle_cancel, handle_end, handle_free };

/* --- a reply message with the request's id, in a main context or from a descriptor --- */

typedef struct
{
  ConvokeReplyPort    *port;
  gint32               id;
  ConvokeReplyMessage *message; /* (nullable) */
  guint                n_told;
} PortView;

static void
port_take (PortView            *self,
           ConvokeReplyMessage *message)
{
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, self->id);
  g_assert_cmpuint (convoke_reply_message_get_key (message), ==, 7);
  g_clear_pointer (&self->message, convoke_reply_message_unref);
  self->message = convoke_reply_message_ref (message);
  self->n_told++;
}

static void
port_message_cb (ConvokeReplyMessage *message,
                 gpointer             data)
{
  port_take (data, message);
}

static void
port_free (gpointer data)
{
  PortView *self = data;

  g_clear_pointer (&self->message, convoke_reply_message_unref);
  g_clear_object (&self->port);
  g_free (self);
}

static gpointer
port_request (PortView    *self,
              GObject     *feed,
              const char  *item,
              gint64       timeout,
              GError     **error)
{
  g_auto (GValue) value = view_item (item);

  self->id = convoke_reply_port_request (self->port, feed, CONVOKE_TEST_TYPE_PRICE_FEED, "get_price", &value, 1,
                                         timeout, 0, error);
  if (self->id > 0)
    return self;

  port_free (self);
  return NULL;
}

static gpointer
port_begin (GObject     *feed,
            const char  *item,
            gint64       timeout,
            GError     **error)
{
  PortView *self = g_new0 (PortView, 1);

  self->port = convoke_reply_port_new_for_context (7, NULL, port_message_cb, self, NULL);
  return port_request (self, feed, item, timeout, error);
}

static guint
port_told (gpointer data)
{
  return ((PortView *) data)->n_told;
}

static void
port_cancel (gpointer data)
{
  PortView *self = data;

  g_assert_true (convoke_reply_port_cancel (self->port, self->id, 0, NULL));
}

static void
port_end (gpointer  data,
          Outcome  *outcome)
{
  PortView *self = data;
  guint n_values;

  if (convoke_reply_message_check (self->message, &outcome->error))
    view_take_price (convoke_reply_message_dup_values (self->message, &n_values), outcome);
}

const View view_port = { "port", port_begin, port_told, port_cancel, port_end, port_free };

static gpointer
messages_begin (GObject     *feed,
                const char  *item,
                gint64       timeout,
                GError     **error)
{
  PortView *self = g_new0 (PortView, 1);

  self->port = convoke_reply_port_new (7);
  return port_request (self, feed, item, timeout, error);
}

static guint
messages_told (gpointer data)
{
  PortView *self = data;
  ConvokeReplyMessage *message = convoke_reply_port_get_message (self->port, 0, NULL);

  if (message != NULL)
    port_take (self, message);
  g_clear_pointer (&message, convoke_reply_message_unref);

  return self->n_told;
}

const View view_messages = { "messages", messages_begin, messages_told, port_cancel, port_end, port_free };
