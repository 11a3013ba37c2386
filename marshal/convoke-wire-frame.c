/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-error.h"
#include "convoke-wire-plan-private.h"

/*
 * Inputs: one after the other in the order of the wire's plan.
 *
 * Outputs: a byte, 0 or 1. After 0 all of them. After 1 the error, and those
 * numbers that count nothing: of a call that failed only they mean something.
 */

typedef struct
{
  const ConvokeFrame    *frame;
  const ConvokeWireRefs *refs;
  gboolean               out;
} Pass;

/* --- writing --- */

static gboolean
allows_null (const Pass        *pass,
             const ConvokeStep *step,
             gssize             n)
{
  return pass->out || (step->is_out && step->info->optional) || convoke_step_allows_null (step, n);
}

static gboolean
write_buffer (ConvokeWireWriter   *writer,
              const ConvokeFrame  *frame,
              const ConvokeStep   *step,
              gconstpointer        location,
              GError             **error)
{
  gssize n = convoke_frame_get_buffer_size (frame, step);

  /* As an array that is as long as the buffer. */
  return convoke_wire_write_value (writer, &step->info->type, location, MAX (n, 0), FALSE, NULL, error);
}

static gboolean
write_in_place (ConvokeWireWriter   *writer,
                const Pass          *pass,
                const ConvokeStep   *step,
                gconstpointer        location,
                GError             **error)
{
  if (step->info->type.kind == CONVOKE_TYPE_KIND_VALUE)
    return convoke_wire_write_typed (writer, location, pass->refs, error);

  return convoke_wire_write_fields (writer, &step->info->type, location, error);
}

static gboolean
write_string (ConvokeWireWriter   *writer,
              const Pass          *pass,
              const ConvokeStep   *step,
              gconstpointer        location,
              GError             **error)
{
  const char *string = *(const char * const *) location;

  if (string == NULL && !allows_null (pass, step, -1))
    return convoke_wire_refuse (error, "must not be NULL");
  if (string != NULL && !convoke_wire_check_text (string, step->info->type.kind == CONVOKE_TYPE_KIND_UTF8, error))
    return FALSE;

  convoke_wire_put_string (writer, string);
  return TRUE;
}

static gboolean
write_op (ConvokeWireWriter    *writer,
          const Pass           *pass,
          const ConvokeWireOp  *op,
          GError              **error)
{
  static const guint64 zero = 0;
  const ConvokeStep *step = op->step;
  gconstpointer location = convoke_frame_get_location (pass->frame, step);
  gssize n;

  /* An optional inout that the caller leaves out starts as zero. */
  if (location == NULL)
    location = &zero;

  switch ((ConvokeWireOpCode) op->code)
    {
    case CONVOKE_WIRE_OP_NUMBER:
      convoke_wire_put_numbers (writer, location, op->size, 1);
      return TRUE;
    case CONVOKE_WIRE_OP_STRING:
      return write_string (writer, pass, step, location, error);
    case CONVOKE_WIRE_OP_BUFFER:
      return write_buffer (writer, pass->frame, step, location, error);
    case CONVOKE_WIRE_OP_IN_PLACE:
      return write_in_place (writer, pass, step, location, error);
    default:
      n = convoke_frame_get_count (pass->frame, step);
      return convoke_wire_write_value (writer, &step->info->type, location, n, allows_null (pass, step, n), pass->refs, error);
    }
}

static gboolean
is_told_on_failure (const ConvokeWireOp *op)
{
  return op->step->plain && !op->is_length;
}

static gboolean
write_ops (ConvokeWireWriter    *writer,
           const Pass           *pass,
           const ConvokeWireOp  *ops,
           guint                 n_ops,
           gboolean              failed,
           GError              **error)
{
  for (guint i = 0; i < n_ops; i++)
    {
      if (failed && !is_told_on_failure (&ops[i]))
        continue;
      if (!write_op (writer, pass, &ops[i], error))
        return convoke_step_fail (pass->frame->plan, ops[i].step, error);
    }

  return TRUE;
}

/* Where the peer says how much memory we are to give, or we say it to the peer. */
static gboolean
check_buffers (const ConvokeFrame  *frame,
               ConvokeError         code,
               GError             **error)
{
  const ConvokePlan *plan = frame->plan;

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];
      gssize n = step->buffer ? convoke_frame_get_buffer_size (frame, step) : 0;

      if (n >= 0 && (gsize) n <= CONVOKE_WIRE_MAX_MESSAGE / (step->buffer ? convoke_element_get_size (step->info->type.element) : 1))
        continue;

      g_set_error (error, CONVOKE_ERROR, code, "is a buffer of %" G_GSSIZE_FORMAT " elements, more than a message takes", n);
      return convoke_step_fail (plan, step, error);
    }

  return TRUE;
}

gboolean
convoke_wire_write_ins (ConvokeWireWriter      *writer,
                        const ConvokeFrame     *frame,
                        const ConvokeWireRefs  *refs,
                        GError                **error)
{
  const ConvokeWirePlan *wire = convoke_wire_plan_get (frame->plan);
  const ConvokeWireMark mark = convoke_wire_mark (writer);
  const Pass pass = { frame, refs, FALSE };

  if (wire->has_buffers && !check_buffers (frame, CONVOKE_ERROR_OUT_OF_RESOURCES, error))
    return FALSE;
  if (write_ops (writer, &pass, wire->ops, wire->n_ins, FALSE, error))
    return TRUE;

  convoke_wire_take_back (writer, &mark);
  return FALSE;
}

gboolean
convoke_wire_write_outs (ConvokeWireWriter      *writer,
                         const ConvokeFrame     *frame,
                         const ConvokeWireRefs  *refs,
                         GError                **error)
{
  const ConvokeWirePlan *wire = convoke_wire_plan_get (frame->plan);
  const ConvokeWireMark mark = convoke_wire_mark (writer);
  const Pass pass = { frame, refs, TRUE };

  convoke_wire_put_u8 (writer, frame->error != NULL);
  if (frame->error != NULL)
    convoke_wire_put_error (writer, frame->error);
  if (write_ops (writer, &pass, wire->ops + wire->n_ins, wire->n_outs, frame->error != NULL, error))
    return TRUE;

  convoke_wire_take_back (writer, &mark);
  return FALSE;
}

/* --- reading --- */

static gboolean
read_string (ConvokeWireReader  *reader,
             const ConvokeStep  *step,
             gpointer            slot,
             GError            **error)
{
  const char *string;

  if (!convoke_wire_get_text (reader, step->info->type.kind == CONVOKE_TYPE_KIND_UTF8, &string, error))
    return FALSE;
  if (string == NULL && !convoke_step_allows_null (step, -1))
    return convoke_wire_fail (reader, error, "is NULL where it must not be");

  *(const char **) slot = string;
  return TRUE;
}

static gboolean
read_value (ConvokeWireReader   *reader,
            const Pass          *pass,
            const ConvokeStep   *step,
            gpointer             slot,
            GError             **error)
{
  gssize n = convoke_frame_get_count (pass->frame, step);

  return convoke_wire_read_value (reader, &step->info->type, slot, &n, allows_null (pass, step, n), pass->refs, error);
}

/* Bytes stay where they are, for as long as the frame: nothing but their
 * number need be known of them. */
static gboolean
read_lendable (ConvokeWireReader   *reader,
               const Pass          *pass,
               const ConvokeStep   *step,
               gpointer             slot,
               GError             **error)
{
  const ConvokeTypeInfo *type = &step->info->type;
  gssize wanted = step->length >= 0 ? convoke_frame_get_count (pass->frame, step) : type->fixed_size;
  ConvokeWireReader start = *reader;
  guint32 count;

  if (!convoke_wire_get_u32 (reader, &count, error))
    return FALSE;

  if (count == 0 || count == CONVOKE_WIRE_NULL || wanted < 0 || count != (gsize) wanted)
    {
      *reader = start;
      return read_value (reader, pass, step, slot, error);
    }

  *(gconstpointer *) slot = convoke_wire_reader_skip (reader, count, error);
  return *(gpointer *) slot != NULL;
}

static gboolean
read_buffer (ConvokeWireReader   *reader,
             const Pass          *pass,
             const ConvokeStep   *step,
             gpointer             slot,
             GError             **error)
{
  gssize n = convoke_frame_get_buffer_size (pass->frame, step);

  return convoke_wire_read_value (reader, &step->info->type, slot, &n, FALSE, NULL, error);
}

static gboolean
read_in_place (ConvokeWireReader   *reader,
               const Pass          *pass,
               const ConvokeStep   *step,
               gpointer             slot,
               GError             **error)
{
  if (step->info->type.kind == CONVOKE_TYPE_KIND_VALUE)
    return convoke_wire_read_typed (reader, slot, pass->refs, error);

  return convoke_wire_read_fields (reader, &step->info->type, slot, error);
}

static gboolean
read_op (ConvokeWireReader    *reader,
         const Pass           *pass,
         const ConvokeWireOp  *op,
         GError              **error)
{
  const ConvokeStep *step = op->step;
  gpointer slot = convoke_frame_slot (pass->frame, step);

  switch ((ConvokeWireOpCode) op->code)
    {
    case CONVOKE_WIRE_OP_NUMBER:
      return convoke_wire_get_numbers (reader, slot, op->size, 1, error);
    case CONVOKE_WIRE_OP_STRING:
      return read_string (reader, step, slot, error);
    case CONVOKE_WIRE_OP_LENDABLE:
      return read_lendable (reader, pass, step, slot, error);
    case CONVOKE_WIRE_OP_BUFFER:
      return read_buffer (reader, pass, step, slot, error);
    case CONVOKE_WIRE_OP_IN_PLACE:
      return read_in_place (reader, pass, step, slot, error);
    default:
      return read_value (reader, pass, step, slot, error);
    }
}

static gboolean
read_ops (ConvokeWireReader    *reader,
          const Pass           *pass,
          const ConvokeWireOp  *ops,
          guint                 n_ops,
          gboolean              failed,
          GError              **error)
{
  for (guint i = 0; i < n_ops; i++)
    {
      if (failed && !is_told_on_failure (&ops[i]))
        continue;
      if (!read_op (reader, pass, &ops[i], error))
        return convoke_step_fail (pass->frame->plan, ops[i].step, error);
    }

  return TRUE;
}

gboolean
convoke_wire_read_ins (ConvokeWireReader      *reader,
                       ConvokeFrame           *frame,
                       const ConvokePlan      *plan,
                       gpointer                storage,
                       const ConvokeWireRefs  *refs,
                       GError                **error)
{
  const ConvokeWirePlan *wire = convoke_wire_plan_get (plan);
  const Pass pass = { frame, refs, FALSE };

  convoke_frame_begin_capture (frame, plan, storage);
  frame->lent = reader->data;
  frame->lent_size = reader->length;

  if (read_ops (reader, &pass, wire->ops, wire->n_ins, FALSE, error) &&
      (!wire->has_buffers ||
       (check_buffers (frame, CONVOKE_ERROR_PROTOCOL, error) && convoke_frame_add_buffers (frame, error))))
    return TRUE;

  convoke_frame_abort_capture (frame);
  return FALSE;
}

/* --- outputs --- */

/* What the lengths that only go in say holds for the outputs as well. */
static void
begin_outs (const ConvokeFrame *frame,
            ConvokeFrame       *outs)
{
  const ConvokePlan *plan = frame->plan;

  memset (outs->storage, 0, plan->storage_size);
  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (step->plain && step->is_in && !step->is_out)
        memcpy (convoke_frame_slot (outs, step), convoke_frame_get_location (frame, step), step->size);
    }
}

static void
store_number (ConvokeFrame      *frame,
              ConvokeFrame      *outs,
              const ConvokeStep *step)
{
  gpointer location = convoke_frame_get_location (frame, step);
  gpointer slot = convoke_frame_slot (outs, step);

  if (location == NULL)
    return;

  if (!frame->captured && step->info == &frame->plan->callable->ret)
    convoke_step_store_return (step, location, slot);
  else
    memcpy (location, slot, step->size);
}

/* An inout that is no number keeps what it has. */
static void
store_failure (ConvokeFrame *frame,
               ConvokeFrame *outs)
{
  const ConvokeWirePlan *wire = convoke_wire_plan_get (frame->plan);

  convoke_frame_set_failed (frame, outs->error);
  for (guint i = wire->n_ins; i < wire->n_ins + wire->n_outs; i++)
    if (is_told_on_failure (&wire->ops[i]))
      store_number (frame, outs, wire->ops[i].step);
}

/* What a caller gave away in a place that comes back: the method would have. */
static void
consume_inouts (ConvokeFrame *frame)
{
  const ConvokePlan *plan = frame->plan;

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];
      gpointer location;

      if (!step->is_in || !step->is_out || step->plain || step->transfer == CONVOKE_TRANSFER_NONE)
        continue;

      location = convoke_frame_get_location (frame, step);
      if (location != NULL)
        convoke_value_clear (&step->info->type, location, convoke_frame_get_count (frame, step));
    }
}

static void
store_outs (ConvokeFrame *frame,
            ConvokeFrame *outs,
            GObject      *keeper)
{
  if (outs->error != NULL)
    {
      store_failure (frame, outs);
      return;
    }

  if (!frame->captured)
    consume_inouts (frame);

  if (frame->captured || keeper == NULL)
    convoke_frame_store_outs (frame, outs->storage);
  else
    convoke_frame_take_native (outs, frame->args, frame->ret, keeper);
  frame->has_outs = TRUE;
}

static gboolean
read_outs (ConvokeWireReader      *reader,
           ConvokeFrame           *outs,
           const ConvokeWireRefs  *refs,
           GError                **error)
{
  const ConvokeWirePlan *wire = convoke_wire_plan_get (outs->plan);
  const Pass pass = { outs, refs, TRUE };
  guint8 failed;

  if (!convoke_wire_get_u8 (reader, &failed, error))
    return FALSE;
  if (failed > 1)
    return convoke_wire_fail (reader, error, "begins its outputs with %u", failed);

  if (failed)
    {
      outs->error = convoke_wire_get_error (reader, error);
      if (outs->error == NULL)
        return FALSE;
    }

  return read_ops (reader, &pass, wire->ops + wire->n_ins, wire->n_outs, failed, error) &&
         convoke_wire_reader_end (reader, error);
}

gboolean
convoke_wire_read_outs (ConvokeWireReader      *reader,
                        ConvokeFrame           *frame,
                        GObject                *keeper,
                        const ConvokeWireRefs  *refs,
                        GError                **error)
{
  const ConvokePlan *plan = frame->plan;
  ConvokeFrame outs = { .plan = plan, .captured = TRUE };
  gboolean done;

  outs.storage = g_alloca (plan->storage_size + 8);
  begin_outs (frame, &outs);
  done = read_outs (reader, &outs, refs, error);
  if (done)
    store_outs (frame, &outs, keeper);

  convoke_plan_clear_outs (plan, outs.storage);
  g_clear_error (&outs.error);

  return done;
}
