/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Calls that go out: the engine's records become CALL messages, and REPLY,
 * FAILURE and PROGRESS messages their results.
 *
 * A record that was sent belongs to the ticket. Whoever takes the ticket, the
 * reader with the answer or the end of the channel, ends the record; nobody
 * else writes to its frame.
 */

#include "config.h"

#include "convoke-channel-inside-private.h"
#include "convoke-error.h"
#include "convoke-hooks-private.h"
#include "convoke-import-private.h"
#include "convoke-remote-call-private.h"
#include "convoke-remote-pair-private.h"
#include "convoke-revival-private.h"

/* --- sending --- */

/* Where the caller's own objects live. */
static ConvokeApartment *
get_home (ConvokeRecord *record)
{
  return record->extra != NULL ? record->extra->home : NULL;
}

static guint8
call_flags (ConvokeRecord           *record,
            const ConvokeMethodInfo *method)
{
  guint8 flags = 0;

  if (record->task.begun)
    flags |= CONVOKE_CALL_BEGUN;
  if (g_atomic_int_get (&record->state) & CONVOKE_RECORD_UNORDERED)
    flags |= CONVOKE_CALL_UNORDERED;
  if (method->oneway)
    flags |= CONVOKE_CALL_ONEWAY;
  if (record->extra != NULL && record->extra->deadline != 0)
    flags |= CONVOKE_CALL_DEADLINE;
  if (record->extra != NULL)
    flags |= record->extra->impersonation_level << CONVOKE_CALL_LEVEL_SHIFT;

  return flags | convoke_remote_cancel_get_flags (record);
}

static gboolean
write_call (ConvokeRecord            *record,
            const ConvokeImportPlace *place,
            ConvokeWireWriter        *writer,
            ConvokeParcel            *parcel,
            GError                  **error)
{
  const ConvokeMethodInfo *method = convoke_record_get_method (record);
  guint8 flags = call_flags (record, method);
  guint iface, index;

  if (!convoke_wire_can_cross (record->frame.plan, error) ||
      !convoke_import_find_method (CONVOKE_IMPORT (record->target), method, &iface, &index, error))
    return FALSE;

  convoke_wire_begin_message (writer, CONVOKE_MESSAGE_CALL, flags, 0);
  convoke_wire_put_u64 (writer, place->id);
  convoke_wire_put_u64 (writer, record->task.chain);
  convoke_wire_put_u16 (writer, iface);
  convoke_wire_put_u16 (writer, index);
  if (flags & CONVOKE_CALL_DEADLINE)
    convoke_wire_put_u64 (writer, MAX (1, record->extra->deadline - g_get_monotonic_time ()));

  if (!convoke_wire_write_ins (writer, &record->frame, &parcel->refs, error))
    return FALSE;

  if (writer->length <= CONVOKE_WIRE_MAX_MESSAGE)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
               "The arguments of %s take %" G_GSIZE_FORMAT " bytes, and a message has room for %u",
               method->callable.name, writer->length, CONVOKE_WIRE_MAX_MESSAGE);
  return FALSE;
}

/* The callee gets copies; what it would have consumed is consumed here. */
static void
consume_inputs (ConvokeRecord *record)
{
  if (record->frame.captured)
    return;

  convoke_frame_consume_native (record->frame.plan, record->frame.args, TRUE);
  record->frame.invoked = TRUE;
}

static void
send_cancel (ConvokeChannel *self,
             guint64         id)
{
  ConvokeWireWriter writer;

  convoke_wire_writer_init (&writer);
  convoke_wire_begin_message (&writer, CONVOKE_MESSAGE_CANCEL, 0, id);
  convoke_channel_send (self, &writer);
  convoke_wire_writer_clear (&writer);
}

/* FALSE: it expired or was cancelled meanwhile. What is consumed is no longer the caller's. */
static gboolean
start (ConvokeRecord *record)
{
  if (!convoke_record_start (record))
    return FALSE;

  convoke_remote_cancel_attach (record);
  consume_inputs (record);
  return TRUE;
}

/* Nobody answers; it is over when it is sent. */
static void
send_oneway (ConvokeChannel    *self,
             ConvokeRecord     *record,
             ConvokeWireWriter *writer,
             ConvokeParcel     *parcel)
{
  if (start (record))
    {
      convoke_channel_send (self, writer);
      convoke_parcel_sent (parcel);
    }
  convoke_channel_finish_record (record, NULL);
}

/* From the ticket on an answer, or the end of the channel, can end the record, and a borrowed frame is the caller's again: so all
 * that needs the frame comes before. */
static void
send_answered (ConvokeChannel    *self,
               ConvokeRecord     *record,
               ConvokeWireWriter *writer,
               ConvokeParcel     *parcel)
{
  GError *error = NULL;
  guint64 id;

  convoke_record_ref (record);
  convoke_record_begin_sending (record);
  id = start (record) ? convoke_channel_add_ticket (self, record, FALSE, &error) : 0;
  if (id != 0)
    {
      __atomic_store_n (&record->task.ticket, id, __ATOMIC_SEQ_CST);
      convoke_channel_set_id (writer, id);
      convoke_channel_send (self, writer);
      convoke_parcel_sent (parcel);
      /* One that came before the call had left was of nothing. */
      if (g_atomic_int_get (&record->state) & CONVOKE_RECORD_CANCEL)
        send_cancel (self, id);
    }
  else
    convoke_channel_finish_record (record, error);
  convoke_record_end_sending (record, id != 0);
  convoke_record_unref (record);
}

static gboolean
write_and_send (const ConvokeImportPlace  *place,
                ConvokeRecord             *record,
                GError                   **error)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };
  ConvokeWireWriter writer;
  gboolean written;

  convoke_wire_writer_init (&writer);
  convoke_parcel_init (&parcel, place->channel->objects, get_home (record));
  written = write_call (record, place, &writer, &parcel, error);
  if (written && convoke_record_get_method (record)->oneway)
    send_oneway (place->channel, record, &writer, &parcel);
  else if (written)
    send_answered (place->channel, record, &writer, &parcel);
  convoke_wire_writer_clear (&writer);

  return written;
}

gboolean
convoke_remote_call_send (ConvokeRecord  *record,
                          GError        **error)
{
  const ConvokeImportPlace *place = convoke_import_get_place (CONVOKE_IMPORT (record->target));

  if (!convoke_object_table_check (place->table, error))
    return FALSE;

  convoke_channel_wait_for_room (place->channel, record);
  return write_and_send (place, record, error);
}

static gboolean
send_record (gpointer         carrier,
             ConvokeRecord   *record,
             GError         **error)
{
  ConvokeImport *import = CONVOKE_IMPORT (record->target);
  ConvokeRevivalAnswer answer = CONVOKE_REVIVAL_SEND;

  if (convoke_remote_pair_has (convoke_record_get_method (record)))
    return convoke_remote_pair_send (record, error);

  if (g_atomic_pointer_get (&import->revival) != NULL)
    answer = convoke_revival_hold (import, record, error);

  return answer == CONVOKE_REVIVAL_SEND ? convoke_remote_call_send (record, error) : answer == CONVOKE_REVIVAL_HELD;
}

/* What is sent cannot be taken back. */
static gboolean
withdraw_record (gpointer       carrier,
                 ConvokeRecord *record)
{
  return convoke_revival_withdraw (CONVOKE_IMPORT (record->target), record);
}

static void
cancel_record (gpointer       carrier,
               ConvokeRecord *record)
{
  ConvokeChannel *self = convoke_import_get_place (CONVOKE_IMPORT (record->target))->channel;
  guint64 id = __atomic_load_n (&record->task.ticket, __ATOMIC_SEQ_CST);
  ConvokeRecord *waiting;

  /* It may be waiting to be sent. */
  convoke_channel_look_for_room (self);
  if (id == 0)
    return;

  /* The ticket is of the connection over which it was sent, which need not be the present one. */
  waiting = convoke_channel_dup_ticket (self, id);
  if (waiting == record)
    send_cancel (self, id);
  if (waiting != NULL)
    convoke_record_unref (waiting);
}

static char *
describe (gpointer carrier)
{
  return convoke_channel_describe (carrier);
}

const ConvokeCarrierFuncs convoke_channel_carrier_funcs = {
  .send = send_record,
  .withdraw = withdraw_record,
  .cancel = cancel_record,
  .park = convoke_channel_park,
  .kick = convoke_channel_kick,
  .describe = describe,
};

/* --- answers --- */

/* What the answer brought was taken before later messages can give it back. */
static void
finish_foreign (ConvokeRecord *record,
                GError        *error)
{
  convoke_channel_begin_foreign ();
  convoke_channel_finish_record (record, error);
}

static gboolean
read_results (ConvokeChannel     *self,
              ConvokeRecord      *record,
              ConvokeWireReader  *body,
              GError            **error)
{
  g_auto (ConvokeParcel) parcel = { { 0, }, };

  convoke_parcel_init (&parcel, self->objects, get_home (record));
  if (!convoke_wire_read_outs (body, &record->frame, record->target, &parcel.refs, error))
    return FALSE;

  record->frame.has_outs = TRUE;
  return TRUE;
}

static gboolean
finish_with_results (ConvokeChannel     *self,
                     ConvokeRecord      *record,
                     ConvokeWireReader  *body,
                     GError            **error)
{
  g_autoptr (GError) local_error = NULL;

  if (read_results (self, record, body, &local_error) && convoke_wire_reader_end (body, &local_error))
    {
      finish_foreign (record, NULL);
      return TRUE;
    }

  if (!g_error_matches (local_error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL))
    {
      finish_foreign (record, g_steal_pointer (&local_error));
      return TRUE;
    }

  g_prefix_error (&local_error, "%s answered %s with what is no answer: ", self->description,
                  convoke_record_get_method (record)->callable.name);
  finish_foreign (record, g_error_copy (local_error));
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
finish_with_failure (ConvokeChannel     *self,
                     ConvokeRecord      *record,
                     ConvokeWireReader  *body,
                     GError            **error)
{
  GError *failure = convoke_wire_get_error (body, error);

  if (failure != NULL)
    {
      finish_foreign (record, failure);
      return TRUE;
    }

  finish_foreign (record, g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                                       "%s failed a call with what is no error", self->description));
  return FALSE;
}

gboolean
convoke_channel_handle_reply (ConvokeChannel              *self,
                              const ConvokeMessageHeader  *header,
                              ConvokeWireReader           *body,
                              GError                     **error)
{
  gboolean failed = header->kind == CONVOKE_MESSAGE_FAILURE;
  gboolean is_request;
  gpointer data = convoke_channel_take_ticket (self, header->id, &is_request);

  if (data == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                   "%s answered call %" G_GUINT64_FORMAT ", which does not wait for an answer",
                   self->description, header->id);
      return FALSE;
    }

  if (is_request)
    return convoke_channel_answer_request (self, data, failed, body, error);

  return failed ? finish_with_failure (self, data, body, error) : finish_with_results (self, data, body, error);
}

static gboolean
read_progress (ConvokeWireReader  *body,
               double             *fraction,
               guint64            *amounts,
               const char        **unit,
               const char        **status,
               GError            **error)
{
  guint64 bits;

  if (!convoke_wire_get_u64 (body, &bits, error) ||
      !convoke_wire_get_u64 (body, &amounts[0], error) ||
      !convoke_wire_get_u64 (body, &amounts[1], error) ||
      !convoke_wire_get_string (body, unit, error) ||
      !convoke_wire_get_string (body, status, error))
    return FALSE;

  memcpy (fraction, &bits, sizeof bits);
  return convoke_wire_reader_end (body, error);
}

gboolean
convoke_channel_handle_progress (ConvokeChannel     *self,
                                 guint64             id,
                                 ConvokeWireReader  *body,
                                 GError            **error)
{
  ConvokeRecord *record;
  const char *unit, *status;
  guint64 amounts[2];
  double fraction;

  if (!read_progress (body, &fraction, amounts, &unit, &status, error))
    return FALSE;

  /* It may cross an abandoned call's end. */
  record = convoke_channel_dup_ticket (self, id);
  if (record == NULL)
    return TRUE;

  convoke_record_take_progress (record, fraction, amounts[0], amounts[1], unit, status);
  convoke_record_unref (record);
  return TRUE;
}

/* --- the end of the channel --- */

void
convoke_channel_end_calls (ConvokeChannel *self,
                           const GError   *why)
{
  gboolean is_request;
  gpointer data;

  while ((data = convoke_channel_drain_ticket (self, &is_request)) != NULL)
    {
      if (is_request)
        convoke_channel_fail_request (self, data, g_error_copy (why));
      else
        convoke_channel_finish_record (data, g_error_copy (why));
    }
}
