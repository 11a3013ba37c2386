/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "inet-fixture.h"

#define PATIENCE (30 * G_TIME_SPAN_SECOND)

static const struct
{
  ConvokeHandleStatus  status;
  const char          *name;
} names[] = {
  { CONVOKE_HANDLE_STATUS_CONNECTING, "CONNECTING" },
  { CONVOKE_HANDLE_STATUS_CONNECTED, "CONNECTED" },
  { CONVOKE_HANDLE_STATUS_SENDING_REQUEST, "SENDING" },
  { CONVOKE_HANDLE_STATUS_REQUEST_SENT, "SENT" },
  { CONVOKE_HANDLE_STATUS_RECEIVING_RESPONSE, "RECEIVING" },
  { CONVOKE_HANDLE_STATUS_RESPONSE_RECEIVED, "RECEIVED" },
  { CONVOKE_HANDLE_STATUS_CLOSING_CONNECTION, "HANGING-UP" },
  { CONVOKE_HANDLE_STATUS_CONNECTION_CLOSED, "HUNG-UP" },
  { CONVOKE_HANDLE_STATUS_HANDLE_CREATED, "CREATED" },
  { CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, "CLOSING" },
  { CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, "COMPLETE" },
  { CONVOKE_HANDLE_STATUS_REDIRECT, "REDIRECT" },
};

static void
news_free (InetNews *self)
{
  g_object_unref (self->handle);
  g_clear_object (&self->result);
  g_free (self->text);
  g_free (self);
}

static InetNews *
news_new (ConvokeHandle       *handle,
          gsize                context,
          ConvokeHandleStatus  status,
          const GValue        *information)
{
  InetNews *self = g_new0 (InetNews, 1);

  *self = (InetNews) { .handle = g_object_ref (handle), .context = context, .status = status, .thread = g_thread_self () };
  if (information != NULL && G_VALUE_HOLDS_STRING (information))
    self->text = g_value_dup_string (information);
  if (information != NULL && G_VALUE_HOLDS_UINT64 (information))
    self->number = g_value_get_uint64 (information);
  if (information != NULL && G_VALUE_HOLDS (information, CONVOKE_TYPE_HANDLE_RESULT))
    self->result = g_value_dup_object (information);
  return self;
}

GPtrArray *
inet_fixture_dup_news (InetFixture *self)
{
  GPtrArray *copy = g_ptr_array_new ();

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->news->len; i++)
    g_ptr_array_add (copy, self->news->pdata[i]);
  g_mutex_unlock (&self->lock);
  return copy;
}

static void
status_cb (ConvokeHandle       *handle,
           gsize                context,
           ConvokeHandleStatus  status,
           const GValue        *information,
           gpointer             user_data)
{
  InetFixture *self = user_data;
  InetNews *news = news_new (handle, context, status, information);

  if (self->hook != NULL)
    self->hook (self, news);

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->news, news);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
inet_fixture_set_up (InetFixture   *self,
                     gconstpointer  data)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->news = g_ptr_array_new_with_free_func ((GDestroyNotify) news_free);
  self->server = test_http_new ();
  self->session = convoke_inet_session_new ("convoke-test", g_strcmp0 (data, "sync") != 0, &error);
  g_assert_no_error (error);
  convoke_inet_session_set_proxy (self->session, "");
  convoke_handle_set_work_queue (CONVOKE_HANDLE (self->session), queue);
  convoke_handle_set_status_callback (CONVOKE_HANDLE (self->session), status_cb, self, NULL, &error);
  g_assert_no_error (error);
}

/* Each handle that was created with a callback says closing; then no callback comes any more. */
static void
await_closing (InetFixture *self)
{
  g_autoptr (GPtrArray) all = inet_fixture_dup_news (self);

  for (guint i = 0; i < all->len; i++)
    {
      InetNews *news = all->pdata[i];

      if (news->status == CONVOKE_HANDLE_STATUS_HANDLE_CREATED)
        inet_fixture_await (self, news->context, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING,
                            inet_fixture_count (self, news->context, CONVOKE_HANDLE_STATUS_HANDLE_CREATED));
    }
}

void
inet_fixture_tear_down (InetFixture   *self,
                        gconstpointer  data)
{
  convoke_handle_close (CONVOKE_HANDLE (self->session), NULL);
  await_closing (self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->server, test_http_free);
  g_ptr_array_unref (self->news);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
}

ConvokeInetConnection *
inet_fixture_connect (InetFixture *self,
                      guint16      port,
                      gsize        context)
{
  g_autoptr (GError) error = NULL;
  ConvokeInetConnection *connection = convoke_inet_session_connect (self->session, "127.0.0.1", port,
                                                                    CONVOKE_INET_SERVICE_HTTP, NULL, NULL, context, &error);

  g_assert_no_error (error);
  g_assert_nonnull (connection);
  return connection;
}

ConvokeInetRequest *
inet_fixture_open (ConvokeInetConnection *connection,
                   const char            *verb,
                   const char            *path,
                   gsize                  context)
{
  g_autoptr (GError) error = NULL;
  ConvokeInetRequest *request = convoke_inet_connection_open_request (connection, verb, path, CONVOKE_INET_REQUEST_NONE,
                                                                      context, &error);

  g_assert_no_error (error);
  g_assert_nonnull (request);
  return request;
}

ConvokeInetRequest *
inet_fixture_request (InetFixture *self,
                      const char  *verb,
                      const char  *path)
{
  g_autoptr (ConvokeInetConnection) connection = inet_fixture_connect (self, test_http_get_port (self->server), 1);

  return inet_fixture_open (connection, verb, path, 2);
}

ConvokeInetRequest *
inet_fixture_get (InetFixture *self,
                  const char  *path)
{
  g_autoptr (GError) error = NULL;
  ConvokeInetRequest *request = inet_fixture_request (self, "GET", path);

  g_assert_cmpint (convoke_inet_request_send (request, NULL, NULL, &error), ==, CONVOKE_HANDLE_OUTCOME_PENDING);
  g_assert_no_error (error);
  g_assert_true (inet_fixture_complete (self, 2, 1, &error));
  g_assert_no_error (error);
  return request;
}

static const InetNews *
find_locked (InetFixture         *self,
             gsize                context,
             ConvokeHandleStatus  status,
             guint                n)
{
  for (guint i = 0; i < self->news->len; i++)
    {
      InetNews *news = self->news->pdata[i];

      if (news->context == context && news->status == status && --n == 0)
        return news;
    }

  return NULL;
}

guint
inet_fixture_count (InetFixture         *self,
                    gsize                context,
                    ConvokeHandleStatus  status)
{
  guint n = 0;

  g_mutex_lock (&self->lock);
  while (find_locked (self, context, status, n + 1) != NULL)
    n++;
  g_mutex_unlock (&self->lock);
  return n;
}

const InetNews *
inet_fixture_await (InetFixture         *self,
                    gsize                context,
                    ConvokeHandleStatus  status,
                    guint                n)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  const InetNews *news;

  g_mutex_lock (&self->lock);
  while ((news = find_locked (self, context, status, n)) == NULL && g_cond_wait_until (&self->changed, &self->lock, end))
    ;
  g_mutex_unlock (&self->lock);

  g_assert_nonnull (news);
  return news;
}

gboolean
inet_fixture_complete (InetFixture  *self,
                       gsize         context,
                       guint         n,
                       GError      **error)
{
  const InetNews *news = inet_fixture_await (self, context, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, n);

  return convoke_handle_result_check (news->result, error);
}

char *
inet_fixture_dup_order (InetFixture *self,
                        gsize        context)
{
  GString *order = g_string_new (NULL);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->news->len; i++)
    {
      InetNews *news = self->news->pdata[i];

      for (guint j = 0; j < G_N_ELEMENTS (names) && news->context == context; j++)
        if (names[j].status == news->status)
          g_string_append_printf (order, "%s%s", order->len > 0 ? " " : "", names[j].name);
    }
  g_mutex_unlock (&self->lock);

  return g_string_free (order, FALSE);
}

/* One read; what was pending is awaited. */
static GBytes *
read_some (InetFixture         *self,
           ConvokeInetRequest  *request,
           GError             **error)
{
  gsize context = convoke_handle_get_context (CONVOKE_HANDLE (request));
  guint before = inet_fixture_count (self, context, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE);
  const InetNews *news;
  GBytes *bytes = NULL;

  switch (convoke_inet_file_read (CONVOKE_INET_FILE (request), 10000, &bytes, error))
    {
    case CONVOKE_HANDLE_OUTCOME_DONE:
      return bytes;

    case CONVOKE_HANDLE_OUTCOME_PENDING:
      g_assert_null (bytes);
      news = inet_fixture_await (self, context, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE, before + 1);
      if (!convoke_handle_result_check (news->result, error))
        return NULL;
      return g_value_dup_boxed (convoke_handle_result_get_value (news->result));

    case CONVOKE_HANDLE_OUTCOME_FAILED:
    default:
      return NULL;
    }
}

GBytes *
inet_fixture_read (InetFixture         *self,
                   ConvokeInetRequest  *request,
                   GError             **error)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  gsize n = 1;

  while (n > 0)
    {
      g_autoptr (GBytes) bytes = read_some (self, request, error);

      if (bytes == NULL)
        return NULL;
      n = g_bytes_get_size (bytes);
      g_byte_array_append (all, g_bytes_get_data (bytes, NULL), n);
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

void
inet_assert_body (GBytes *body,
                  gsize   n)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  g_assert_cmpuint (size, ==, n);
  for (gsize i = 0; i < n; i++)
    if (data[i] != test_http_byte (i))
      g_error ("byte %" G_GSIZE_FORMAT " is wrong", i);
}
