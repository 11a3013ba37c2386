/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What is asked of the other side other than a method of an object. A request
 * is answered as a call is, and runs where the object lives, in the chain of
 * whoever asks; but it has no record: it cannot be begun, and nobody reports
 * its progress.
 */

#include "config.h"

#include <unistd.h>

#include "convoke-channel-inside-private.h"
#include "convoke-disconnection-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-thread-private.h"

/* --- asking --- */

void
convoke_channel_begin_request (ConvokeChannel    *self,
                               ConvokeWireWriter *writer,
                               ConvokeRequest     kind,
                               guint64            object)
{
  ConvokeThread *thread = convoke_thread_self ();

  convoke_wire_begin_message (writer, CONVOKE_MESSAGE_REQUEST, 0, 0);
  convoke_wire_put_u8 (writer, kind);
  convoke_wire_put_u64 (writer, object);
  convoke_wire_put_u64 (writer, thread->chain != 0 ? thread->chain : convoke_chain_new ());
}

static guint64
get_chain (const ConvokeWireWriter *writer)
{
  guint64 little;

  memcpy (&little, writer->data + CONVOKE_MESSAGE_HEADER_SIZE + 1 + sizeof (guint64), sizeof little);
  return GUINT64_FROM_LE (little);
}

static ConvokeRequest
get_kind (const ConvokeWireWriter *writer)
{
  return writer->data[CONVOKE_MESSAGE_HEADER_SIZE];
}

static void
tell_cancel (ConvokeChannel *self,
             guint64         id)
{
  ConvokeWireWriter writer;

  convoke_wire_writer_init (&writer);
  convoke_wire_begin_message (&writer, CONVOKE_MESSAGE_CANCEL, 0, id);
  convoke_channel_send (self, &writer);
  convoke_wire_writer_clear (&writer);
}

/* Whom the answers of those go to who stopped waiting: they still come. Some of them bring an object. */
static ConvokePendingRequest given_up;
static ConvokePendingRequest given_up_object;

static gboolean
brings_object (ConvokeRequest kind)
{
  return kind == CONVOKE_REQUEST_ACTIVATE || kind == CONVOKE_REQUEST_ATTACH;
}

static gboolean
is_given_up (ConvokePendingRequest *request)
{
  return request == &given_up || request == &given_up_object;
}

/* TRUE: nobody will answer it any more, and the caller ends it. */
static gboolean
withdraw (ConvokeChannel        *self,
          ConvokePendingRequest *request,
          guint64                id)
{
  gpointer heir = brings_object (request->kind) ? &given_up_object : &given_up;

  if (!convoke_channel_pass_ticket (self, id, request, heir))
    return FALSE;

  tell_cancel (self, id);
  return TRUE;
}

typedef struct
{
  ConvokeChannel        *channel;
  ConvokePendingRequest *request;
  guint64                id;
} Cancelling;

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      data)
{
  Cancelling *self = data;

  if (withdraw (self->channel, self->request, self->id))
    convoke_channel_fail_request (self->channel, self->request,
                                  g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "The request was cancelled"));
}

static void
wait_for_answer (ConvokeChannel        *self,
                 ConvokePendingRequest *request,
                 guint64                id,
                 guint64                chain,
                 gint64                 timeout)
{
  g_autoptr (ConvokeApartment) apartment = convoke_channel_dup_apartment (self);

  if (convoke_wait_for_call (&request->event, chain, apartment, FALSE, CONVOKE_WAIT_DEFAULT, timeout, NULL))
    return;

  if (withdraw (self, request, id))
    g_set_error (&request->error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "%s did not answer in time", self->description);
  else
    convoke_wait_for_call (&request->event, chain, apartment, FALSE, CONVOKE_WAIT_DEFAULT, -1, NULL);
}

gboolean
convoke_channel_request (ConvokeChannel       *self,
                         ConvokeWireWriter    *writer,
                         gint64                timeout,
                         GCancellable         *cancellable,
                         ConvokeChannelReply  *reply,
                         GError              **error)
{
  ConvokePendingRequest request = { .reply = reply, .kind = get_kind (writer) };
  Cancelling cancelling = { self, &request };
  gulong handler = 0;

  if (convoke_check_forked (error))
    return FALSE;
  if (writer->length > CONVOKE_WIRE_MAX_MESSAGE)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                   "A request of %" G_GSIZE_FORMAT " bytes is too long", writer->length);
      return FALSE;
    }

  convoke_event_core_init (&request.event);
  cancelling.id = convoke_channel_add_ticket (self, &request, TRUE, error);
  if (cancelling.id == 0)
    return FALSE;

  convoke_channel_set_id (writer, cancelling.id);
  convoke_channel_send (self, writer);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), &cancelling, NULL);
  wait_for_answer (self, &request, cancelling.id, get_chain (writer), timeout);
  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, handler);
  convoke_event_core_clear (&request.event);

  if (!request.ok)
    g_propagate_error (error, request.error);
  return request.ok;
}

void
convoke_channel_clear_reply (ConvokeChannelReply *reply)
{
  for (guint i = 0; i < reply->reader.n_fds; i++)
    if (reply->fds[i] >= 0)
      close (reply->fds[i]);
  g_clear_pointer (&reply->data, g_free);
}

/* --- the answer --- */

/* The waiting thread's stack goes as soon as it is told. */
static void
tell (ConvokeChannel        *self,
      ConvokePendingRequest *request)
{
  convoke_event_core_set_last (&request->event);
  convoke_channel_kick (self);
}

void
convoke_channel_fail_request (ConvokeChannel        *self,
                              ConvokePendingRequest *request,
                              GError                *error)
{
  if (is_given_up (request))
    {
      g_error_free (error);
      return;
    }

  request->error = error;
  tell (self, request);
}

static void
keep_reply (ConvokeChannelReply *reply,
            ConvokeWireReader   *body)
{
  gsize left = body->length - body->position;

  reply->data = g_memdup2 (body->data + body->position, left);
  for (guint i = 0; i < body->n_fds; i++)
    {
      reply->fds[i] = body->fds[i];
      body->fds[i] = -1;
    }
  convoke_wire_reader_init (&reply->reader, reply->data, left, reply->fds, body->n_fds);
}

static const ConvokeTypeInfo any_object = { .kind = CONVOKE_TYPE_KIND_INTERFACE };

/* What nobody wants is taken all the same, since that is how it is given back. */
static gboolean
drop_object (ConvokeChannel     *self,
             ConvokeWireReader  *body,
             GError            **error)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  g_autoptr (GError) local_error = NULL;
  GObject *object;

  convoke_parcel_init (&parcel, self->objects, NULL);
  object = parcel.refs.read_object (parcel.refs.data, body, &any_object, &local_error);
  g_clear_object (&object);
  if (!g_error_matches (local_error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
answer_with_failure (ConvokeChannel         *self,
                     ConvokePendingRequest  *request,
                     ConvokeWireReader      *body,
                     GError                **error)
{
  g_autoptr (GError) local_error = NULL;
  GError *failure = convoke_wire_get_error (body, &local_error);

  convoke_channel_fail_request (self, request, failure != NULL ? failure : g_error_copy (local_error));
  if (failure != NULL)
    return TRUE;

  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s failed a request with what is no error: ", self->description);
  return FALSE;
}

gboolean
convoke_channel_answer_request (ConvokeChannel         *self,
                                ConvokePendingRequest  *request,
                                gboolean                failed,
                                ConvokeWireReader      *body,
                                GError                **error)
{
  if (failed)
    return answer_with_failure (self, request, body, error);
  if (is_given_up (request))
    return request == &given_up || drop_object (self, body, error);

  keep_reply (request->reply, body);
  request->ok = TRUE;
  tell (self, request);
  return TRUE;
}

/* --- answering --- */

typedef struct
{
  ConvokeTask          task;
  ConvokeChannel      *channel;    /* (owned) */
  ConvokeRequestHandler handler;
  GObject             *object;     /* (owned) (nullable) */
  ConvokeApartment    *apartment;  /* (owned) */
  guint64              id;
  gsize                size;       /* as it is counted */
  guint                since;
  ConvokeChannelReply  body;
} Asked;

static void
asked_free (Asked *self)
{
  convoke_channel_remove_incoming (self->channel, self->id);
  convoke_channel_remove_input (self->channel, self->size);
  convoke_channel_clear_reply (&self->body);
  if (self->object != NULL)
    convoke_apartment_release (self->apartment, self->object);
  g_object_unref (self->apartment);
  convoke_channel_unref (self->channel);
  g_free (self);
}

static void
answer (Asked *self)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;
  gboolean ok;

  convoke_wire_writer_init (&writer);
  convoke_wire_begin_message (&writer, CONVOKE_MESSAGE_REPLY, 0, self->id);
  ok = (self->object == NULL || convoke_disconnection_check (self->object, self->since, &error)) &&
       self->handler (self->channel, self->object, &self->body.reader, &writer, &error);
  convoke_channel_remove_incoming (self->channel, self->id);
  if (ok)
    convoke_channel_send (self->channel, &writer);
  else
    convoke_channel_send_failure (self->channel, self->id, error);
  convoke_wire_writer_clear (&writer);
}

static void
asked_run (ConvokeTask *task)
{
  Asked *self = (Asked *) task;
  ConvokeThread *thread = convoke_thread_self ();
  ConvokeServing outer;

  convoke_thread_begin_serving (thread, NULL, task->chain, &outer);
  answer (self);
  convoke_thread_end_serving (thread, &outer);
  asked_free (self);
}

static void
asked_drop (ConvokeTask *task,
            GError      *error)
{
  Asked *self = (Asked *) task;

  convoke_channel_remove_incoming (self->channel, self->id);
  convoke_channel_send_failure (self->channel, self->id, error);
  g_error_free (error);
  asked_free (self);
}

static const ConvokeTaskFuncs asked_funcs = { asked_run, asked_drop };

/* A signal of the peer's object is emitted on its proxy here, if there is one still. */
static gboolean
find_proxy (ConvokeChannel *self,
            guint64         id,
            Asked          *asked)
{
  ConvokeProxy *proxy = convoke_object_table_dup_proxy (self->objects, id);

  asked->object = G_OBJECT (proxy);
  asked->apartment = proxy != NULL ? g_object_ref (proxy->home) : convoke_apartment_dup_any ();
  return TRUE;
}

static gboolean
find_object (ConvokeChannel  *self,
             guint8           kind,
             guint64          id,
             Asked           *asked,
             GError         **error)
{
  if (kind == CONVOKE_REQUEST_EMIT)
    return find_proxy (self, id, asked);

  /* These are made to no object. */
  if (brings_object (kind))
    {
      asked->apartment = convoke_apartment_dup_any ();
      return TRUE;
    }

  asked->object = convoke_object_table_dup_export (self->objects, id, error);
  if (asked->object == NULL)
    return FALSE;

  /* What is forwarded is asked through its proxy, which any thread may use. */
  asked->apartment = convoke_is_proxy (asked->object) ? convoke_apartment_dup_any ()
                                                      : convoke_apartment_dup_for_object (asked->object);
  return TRUE;
}

/* What makes objects always goes to the pool; the rest runs here where it may. */
static void
start (Asked    *asked,
       gboolean  here)
{
  GError *error = NULL;
  ConvokeHold hold;

  if (here && asked->object != NULL && convoke_apartment_try_enter (asked->apartment, &hold))
    {
      ConvokeApartment *apartment = g_object_ref (asked->apartment);

      convoke_channel_begin_foreign ();
      asked_run (&asked->task);
      convoke_apartment_leave (apartment, &hold);
      g_object_unref (apartment);
    }
  else if (!convoke_apartment_post (asked->apartment, &asked->task, &error))
    asked_drop (&asked->task, error);
}

static gboolean
read_request (ConvokeWireReader  *body,
              guint8             *kind,
              guint64            *object,
              guint64            *chain,
              GError            **error)
{
  if (!convoke_wire_get_u8 (body, kind, error) ||
      !convoke_wire_get_u64 (body, object, error) ||
      !convoke_wire_get_u64 (body, chain, error))
    return FALSE;

  if (*chain != 0 && *chain >> 63 == 0)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "A request with an impossible chain");
  return FALSE;
}

gboolean
convoke_channel_handle_request (ConvokeChannel     *self,
                                guint64             id,
                                ConvokeWireReader  *body,
                                gboolean            here,
                                GError            **error)
{
  g_autoptr (GError) local_error = NULL;
  guint64 object, chain;
  guint8 kind;
  Asked *asked;

  if (!read_request (body, &kind, &object, &chain, error) || !convoke_channel_add_incoming (self, id, NULL, error))
    return FALSE;

  asked = g_new0 (Asked, 1);
  asked->task.funcs = &asked_funcs;
  asked->task.chain = chain;
  asked->handler = kind < CONVOKE_N_REQUESTS ? convoke_request_handlers[kind] : NULL;
  asked->id = id;
  asked->since = convoke_disconnection_now ();
  asked->size = body->length + CONVOKE_CHANNEL_CALL_COST;
  if (asked->handler == NULL)
    g_set_error (&local_error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "Nothing here answers requests of kind %u", kind);

  if (local_error != NULL || !find_object (self, kind, object, asked, &local_error) ||
      !convoke_channel_add_input (self, asked->size, &local_error))
    {
      if (asked->object != NULL)
        convoke_apartment_release (asked->apartment, asked->object);
      g_clear_object (&asked->apartment);
      convoke_channel_remove_incoming (self, id);
      convoke_channel_send_failure (self, id, local_error);
      g_free (asked);
      return TRUE;
    }

  asked->channel = convoke_channel_ref (self);
  keep_reply (&asked->body, body);
  start (asked, here);
  return TRUE;
}
