/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Calls that come in. Each becomes a record of the engine, with a captured
 * frame, in the apartment of the object that is called; the record's view
 * sends the answer.
 *
 * One allocation holds the record, the frame's values, the view and the
 * message's body, from which strings are lent.
 */

#include "config.h"

#include "convoke-call-factory.h"
#include "convoke-channel-inside-private.h"
#include "convoke-error.h"
#include "convoke-remote-cancel-private.h"
#include "convoke-remote-pair-private.h"

typedef struct
{
  ConvokeView     view;
  ConvokeChannel *channel;  /* (owned) */
  ConvokeRecord  *record;   /* contains this */
  guint64         id;
  gsize           size;     /* of its message, as it is counted */
  gboolean        oneway;
} Incoming;

#define INCOMING_SIZE ((sizeof (Incoming) + 7) & ~(gsize) 7)

/* --- the answer --- */

static gboolean
write_results (Incoming           *self,
               ConvokeWireWriter  *writer,
               ConvokeParcel      *parcel,
               GError            **error)
{
  convoke_wire_begin_message (writer, CONVOKE_MESSAGE_REPLY, 0, self->id);
  if (!convoke_wire_write_outs (writer, &self->record->frame, &parcel->refs, error))
    return FALSE;

  if (writer->length <= CONVOKE_WIRE_MAX_MESSAGE)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
               "The results of %s take %" G_GSIZE_FORMAT " bytes, and a message has room for %u",
               convoke_record_get_method (self->record)->callable.name, writer->length, CONVOKE_WIRE_MAX_MESSAGE);
  return FALSE;
}

static void
answer (Incoming *self)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  g_autoptr (GError) error = NULL;
  const GError *failure = convoke_record_get_error (self->record);
  ConvokeWireWriter writer;

  if (failure != NULL)
    {
      convoke_channel_send_failure (self->channel, self->id, failure);
      return;
    }

  convoke_wire_writer_init (&writer);
  convoke_parcel_init (&parcel, self->channel->objects, self->record->apartment);
  if (write_results (self, &writer, &parcel, &error))
    {
      convoke_channel_send (self->channel, &writer);
      convoke_parcel_sent (&parcel);
    }
  else
    convoke_channel_send_failure (self->channel, self->id, error);
  convoke_wire_writer_clear (&writer);
}

/* --- the view --- */

static gpointer
hold (ConvokeView   *view,
      ConvokeRecord *record)
{
  Incoming *self = (Incoming *) view;

  convoke_record_ref (self->record);
  return self;
}

static void
completed (gpointer held)
{
  Incoming *self = held;
  ConvokeRecord *record = self->record;
  ConvokeChannel *channel = self->channel;

  if (!self->oneway)
    {
      convoke_channel_remove_incoming (channel, self->id);
      answer (self);
    }

  convoke_record_unref (record);
}

static void
write_progress (Incoming          *self,
                ConvokeWireWriter *writer)
{
  ConvokeRecordExtra *extra = convoke_record_get_extra (self->record);
  guint64 bits;

  convoke_wire_begin_message (writer, CONVOKE_MESSAGE_PROGRESS, 0, self->id);
  convoke_record_lock (self->record);
  memcpy (&bits, &extra->fraction, sizeof bits);
  convoke_wire_put_u64 (writer, bits);
  convoke_wire_put_u64 (writer, extra->done);
  convoke_wire_put_u64 (writer, extra->total);
  convoke_wire_put_string (writer, extra->unit);
  convoke_wire_put_string (writer, extra->status);
  convoke_record_unlock (self->record);
}

static void
progress (gpointer held)
{
  Incoming *self = held;
  ConvokeWireWriter writer;

  if (!self->oneway)
    {
      convoke_wire_writer_init (&writer);
      write_progress (self, &writer);
      convoke_channel_send (self->channel, &writer);
      convoke_wire_writer_clear (&writer);
    }
  convoke_record_unref (self->record);
}

static char *
describe (ConvokeView *view)
{
  return convoke_channel_describe (((Incoming *) view)->channel);
}

static GCredentials *
peek_credentials (ConvokeView *view)
{
  return ((Incoming *) view)->channel->credentials;
}

static void
free_view (ConvokeView *view)
{
  Incoming *self = (Incoming *) view;

  convoke_channel_remove_input (self->channel, self->size);
  convoke_channel_unref (self->channel);
}

static const ConvokeViewFuncs incoming_funcs = { hold, completed, progress, NULL, describe, peek_credentials, free_view };

/* --- the call --- */

typedef struct
{
  guint64 object;
  guint64 chain;
  guint16 iface;
  guint16 index;
  guint64 deadline;   /* microseconds from now; 0: none */
} CallHeader;

/* What may be added to now must not pass the end of time. */
#define MOST_DEADLINE (G_MAXINT64 / 4)

static gboolean
read_header (const ConvokeMessageHeader  *header,
             ConvokeWireReader           *body,
             CallHeader                  *call,
             GError                     **error)
{
  call->deadline = 0;
  if (!convoke_wire_get_u64 (body, &call->object, error) ||
      !convoke_wire_get_u64 (body, &call->chain, error) ||
      !convoke_wire_get_u16 (body, &call->iface, error) ||
      !convoke_wire_get_u16 (body, &call->index, error))
    return FALSE;
  if ((header->flags & CONVOKE_CALL_DEADLINE) && !convoke_wire_get_u64 (body, &call->deadline, error))
    return FALSE;

  call->deadline = MIN (call->deadline, MOST_DEADLINE);
  if (call->chain != 0 && call->chain >> 63 == 0 &&
      (header->flags & (CONVOKE_CALL_BEGUN | CONVOKE_CALL_UNORDERED)) != CONVOKE_CALL_UNORDERED)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "A call with an impossible chain or impossible flags");
  return FALSE;
}

typedef struct
{
  GObject                 *object;         /* (owned) */
  ConvokeApartment        *apartment;      /* (owned) */
  GObject                 *server_object;  /* (owned) (nullable) */
  const ConvokeMethodInfo *method;
  const ConvokePlan       *plan;
} Callee;

static void
callee_clear (Callee *self)
{
  g_clear_object (&self->server_object);
  if (self->object != NULL)
    convoke_apartment_release (self->apartment, g_steal_pointer (&self->object));
  g_clear_object (&self->apartment);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Callee, callee_clear)

/* GIO's pairs are one call, which has the number of x_async. */
static gboolean
find_pair (Callee  *callee,
           GError **error)
{
  if (callee->method->finish == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s.%s is called with its %s",
                   callee->method->owner->name, callee->method->callable.name, callee->method->begin->callable.name);
      return FALSE;
    }

  callee->method = convoke_remote_pair_get (callee->method, error);
  callee->server_object = callee->method != NULL ? convoke_remote_pair_new_server () : NULL;
  return callee->method != NULL;
}

static gboolean
find_callee (ConvokeChannel    *self,
             const CallHeader  *call,
             Callee            *callee,
             GError           **error)
{
  if (!convoke_object_table_find_call (self->objects, call->object, call->iface, call->index,
                                       &callee->object, &callee->apartment, &callee->method, error) ||
      !convoke_method_info_check (callee->method, error))
    return FALSE;

  if (convoke_remote_pair_has (callee->method) && !find_pair (callee, error))
    return FALSE;

  callee->plan = convoke_plan_get ((ConvokeCallableInfo *) &callee->method->callable, error);
  if (callee->plan == NULL || !convoke_wire_can_cross (callee->plan, error))
    return FALSE;

  return callee->server_object != NULL || !CONVOKE_IS_CALL_FACTORY (callee->object) ||
         convoke_call_factory_make_server_object (callee->object, callee->method->owner->gtype, &callee->server_object, error);
}

static ConvokeRecord *
read_record (ConvokeChannel              *self,
             const Callee                *callee,
             ConvokeWireReader           *body,
             Incoming                   **incoming,
             GError                     **error)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  gsize left = body->length - body->position;
  ConvokeWireReader kept;
  ConvokeRecord *record;
  gpointer room;
  guint8 *copy;

  record = convoke_record_new_with_room (callee->plan, INCOMING_SIZE + left, &room);
  *incoming = room;
  copy = (guint8 *) room + INCOMING_SIZE;
  memcpy (copy, body->data + body->position, left);
  convoke_wire_reader_init (&kept, copy, left, body->fds, body->n_fds);

  convoke_parcel_init (&parcel, self->objects, callee->apartment);
  if (convoke_wire_read_ins (&kept, &record->frame, callee->plan, convoke_record_get_storage (record), &parcel.refs, error))
    {
      if (convoke_wire_reader_end (&kept, error))
        return record;
      convoke_record_unref (record);
      return NULL;
    }

  memset (&record->frame, 0, sizeof record->frame);
  record->frame.plan = callee->plan;
  convoke_record_unref (record);
  return NULL;
}

static void
init_incoming (Incoming       *incoming,
               ConvokeChannel *channel,
               ConvokeRecord  *record,
               guint64         id,
               gsize           size,
               guint8          flags)
{
  *incoming = (Incoming) {
    .view.funcs = &incoming_funcs,
    .channel = convoke_channel_ref (channel),
    .record = record,
    .id = id,
    .size = size,
    .oneway = (flags & CONVOKE_CALL_ONEWAY) != 0,
  };
  convoke_event_core_init (&incoming->view.event);
}

/* A leader waits for something of its own: what it has read for others runs elsewhere. */
static void
start (ConvokeRecord *record,
       gboolean       here)
{
  GError *error = NULL;

  if (here)
    {
      convoke_record_dispatch (record, convoke_channel_begin_foreign);
      return;
    }

  convoke_record_arm_deadline (record);
  if (!convoke_record_enqueue (record, &error))
    record->task.funcs->drop (&record->task, error);
}

/* FALSE with PROTOCOL: the peer is to be given up. Any other failure is this call's. */
static gboolean
take_call (ConvokeChannel              *self,
           const ConvokeMessageHeader  *header,
           ConvokeWireReader           *body,
           gboolean                     here,
           GError                     **error)
{
  g_auto (Callee) callee = { NULL, };
  ConvokeRecord *record;
  Incoming *incoming;
  CallHeader call;

  if (!read_header (header, body, &call, error) || !find_callee (self, &call, &callee, error) ||
      !convoke_channel_add_input (self, header->length + CONVOKE_CHANNEL_CALL_COST, error))
    return FALSE;

  convoke_channel_note_callee (self, callee.apartment);
  record = read_record (self, &callee, body, &incoming, error);
  if (record == NULL)
    {
      convoke_channel_remove_input (self, header->length + CONVOKE_CHANNEL_CALL_COST);
      return FALSE;
    }

  init_incoming (incoming, self, record, header->id, header->length + CONVOKE_CHANNEL_CALL_COST, header->flags);
  record->target = g_steal_pointer (&callee.object);
  record->apartment = g_steal_pointer (&callee.apartment);
  convoke_record_bind (record, record->target, record->apartment, callee.server_object);
  convoke_record_prepare_incoming (record, &incoming->view, call.chain, (header->flags & CONVOKE_CALL_BEGUN) != 0, call.deadline);
  if (header->flags & CONVOKE_CALL_UNORDERED)
    record->state |= CONVOKE_RECORD_UNORDERED;
  if (header->flags & CONVOKE_CALL_LEVEL)
    convoke_record_set_impersonation_level (record, (header->flags & CONVOKE_CALL_LEVEL) >> CONVOKE_CALL_LEVEL_SHIFT);
  convoke_remote_cancel_fill (record, header->flags);

  /* From now on others can cancel it. */
  if (!(header->flags & CONVOKE_CALL_ONEWAY) && !convoke_channel_add_incoming (self, header->id, record, error))
    {
      convoke_record_unref (record);
      return FALSE;
    }
  /* Whoever ends the channel at this moment may have told the others already. */
  if (g_atomic_int_get (&self->ended))
    convoke_record_lose_caller (record);

  start (record, here);
  return TRUE;
}

gboolean
convoke_channel_handle_call (ConvokeChannel              *self,
                             const ConvokeMessageHeader  *header,
                             ConvokeWireReader           *body,
                             gboolean                     here,
                             GError                     **error)
{
  g_autoptr (GError) local_error = NULL;

  if (take_call (self, header, body, here, &local_error))
    return TRUE;

  if (g_error_matches (local_error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL))
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s made a bad call: ", self->description);
      return FALSE;
    }

  if (!(header->flags & CONVOKE_CALL_ONEWAY))
    {
      convoke_channel_send_failure (self, header->id, local_error);
      return TRUE;
    }

  /* Nobody can be told that one call was not taken; that none is, can be. */
  if (!g_error_matches (local_error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* --- what else is said of it --- */

void
convoke_channel_handle_cancel (ConvokeChannel *self,
                               guint64         id)
{
  /* It may have been answered already. */
  ConvokeRecord *record = convoke_channel_dup_incoming (self, id);

  if (record == NULL)
    return;

  convoke_record_request_cancel (record);
  convoke_record_unref (record);
}

/* Nobody will read the answers: who works on them is told. */
void
convoke_channel_abandon_incoming (ConvokeChannel *self)
{
  ConvokeRecord *record;
  guint index = 0;

  while ((record = convoke_channel_next_incoming (self, &index)) != NULL)
    {
      convoke_record_lose_caller (record);
      convoke_record_unref (record);
    }
}
