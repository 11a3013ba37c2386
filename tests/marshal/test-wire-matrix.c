/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>

#include "wire-samples.h"

/*
 * Write, read, write: the same bytes, for every type in every direction, with
 * every transfer, with NULL and without. And what was shortened or changed on
 * the way is refused, or is another value; it is never more than that.
 */

typedef struct
{
  const Sample     *sample;
  ConvokeDirection  direction;
} Case;

static void
check_same (const ConvokeWireWriter *a,
            const ConvokeWireWriter *b)
{
  g_assert_cmpmem (a->data, a->length, b->data, b->length);
}

/* --- the caller's side: native arguments --- */

typedef struct
{
  guint64   value;
  guint32   n;
  gpointer  places[2];
  void     *args[2];
} Native;

static void
native_init (Native           *self,
             const Sample     *sample,
             ConvokeDirection  direction,
             gboolean          null)
{
  self->value = null ? 0 : sample->value;
  self->n = null ? 0 : (guint32) sample->n;
  self->places[0] = &self->value;
  self->places[1] = &self->n;
  self->args[0] = direction == CONVOKE_DIRECTION_IN ? &self->value : (gpointer) &self->places[0];
  self->args[1] = direction == CONVOKE_DIRECTION_IN ? &self->n : (gpointer) &self->places[1];
}

static void
write_native_ins (SampleCall        *call,
                  Native            *native,
                  ConvokeWireWriter *writer)
{
  g_autoptr (GError) error = NULL;
  ConvokeFrame frame;

  convoke_frame_init_borrowed (&frame, call->callable.plan, native->args, NULL);
  convoke_wire_write_ins (writer, &frame, sample_refs (), &error);
  g_assert_no_error (error);
  convoke_frame_clear (&frame);
}

static gboolean
read_ins (SampleCall    *call,
          gconstpointer  data,
          gsize          length,
          GError       **error)
{
  Callable *callable = &call->callable;
  ConvokeWireReader reader;

  memset (callable->storage, 0xa5, convoke_frame_get_storage_size (callable->plan));
  convoke_wire_reader_init (&reader, data, length, NULL, 0);
  if (!convoke_wire_read_ins (&reader, &callable->frame, callable->plan, callable->storage, sample_refs (), error))
    return FALSE;
  if (convoke_wire_reader_end (&reader, error))
    return TRUE;

  convoke_frame_clear (&callable->frame);
  return FALSE;
}

/* --- inputs --- */

static void
check_shortened_ins (SampleCall              *call,
                     const ConvokeWireWriter *writer)
{
  for (gsize length = 0; length < writer->length; length++)
    {
      g_autofree gpointer data = g_memdup2 (writer->data, length);
      g_autoptr (GError) error = NULL;

      g_assert_false (read_ins (call, data != NULL ? data : "", length, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
      g_assert_nonnull (strstr (error->message, "of"));
      g_assert_nonnull (strstr (error->message, "at byte "));
    }
}

static void
check_changed_ins (SampleCall              *call,
                   const ConvokeWireWriter *writer)
{
  for (gsize i = 0; i < writer->length * 3; i++)
    {
      g_autofree guint8 *data = g_memdup2 (writer->data, writer->length);
      g_autoptr (GError) error = NULL;

      data[i / 3] = i % 3 == 0 ? 0 : i % 3 == 1 ? 0xff : data[i / 3] + 1;
      if (read_ins (call, data, writer->length, &error))
        convoke_frame_clear (&call->callable.frame);
      else if (!g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED))
        g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
    }
}

static void
check_ins (const Case      *self,
           ConvokeTransfer  transfer,
           gboolean         null)
{
  g_autoptr (GError) error = NULL;
  SampleCall call;
  ConvokeWireWriter first, second;
  Native native;

  sample_call_init (&call, self->sample, self->direction, transfer, null);
  native_init (&native, self->sample, self->direction, null);
  convoke_wire_writer_init (&first);
  convoke_wire_writer_init (&second);

  if (convoke_wire_can_cross (call.callable.plan, NULL))
    {
      write_native_ins (&call, &native, &first);
      g_assert_true (read_ins (&call, first.data, first.length, &error));
      convoke_wire_write_ins (&second, &call.callable.frame, sample_refs (), &error);
      g_assert_no_error (error);
      check_same (&first, &second);
      convoke_frame_clear (&call.callable.frame);
      check_shortened_ins (&call, &first);
      check_changed_ins (&call, &first);
    }
  else
    {
      g_assert_cmpint (transfer, ==, CONVOKE_TRANSFER_CONTAINER);
    }

  convoke_wire_writer_clear (&first);
  convoke_wire_writer_clear (&second);
  callable_wipe (&call.callable);
}

/* --- outputs --- */

/* A frame as a method leaves it. */
static void
make_outs (SampleCall   *call,
           const Sample *sample,
           gboolean      null)
{
  Callable *callable = &call->callable;
  ConvokeFrame *frame = &callable->frame;
  g_autoptr (GError) error = NULL;

  convoke_frame_begin_capture (frame, callable->plan, callable->storage);
  if (!null)
    convoke_value_copy (&sample->type, convoke_frame_slot (frame, &callable->plan->steps[0]), &sample->value, sample->n, &error);
  g_assert_no_error (error);
  if (!null && sample->n >= 0)
    *(guint32 *) convoke_frame_slot (frame, &callable->plan->steps[1]) = (guint32) sample->n;
  frame->has_outs = TRUE;
}

static gboolean
read_outs (ConvokeFrame            *frame,
           gconstpointer            data,
           gsize                    length,
           GObject                 *keeper,
           GError                 **error)
{
  ConvokeWireReader reader;

  convoke_wire_reader_init (&reader, data, length, NULL, 0);
  return convoke_wire_read_outs (&reader, frame, keeper, sample_refs (), error);
}

static void
check_captured_outs (SampleCall              *call,
                     const ConvokeWireWriter *first)
{
  Callable *callable = &call->callable;
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter second;

  convoke_wire_writer_init (&second);
  convoke_frame_begin_capture (&callable->frame, callable->plan, callable->storage);
  read_outs (&callable->frame, first->data, first->length, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (callable->frame.has_outs);

  convoke_wire_write_outs (&second, &callable->frame, sample_refs (), &error);
  g_assert_no_error (error);
  check_same (first, &second);
  convoke_frame_clear (&callable->frame);
  convoke_wire_writer_clear (&second);
}

/* What the caller of the method got, as its owner frees it. */
static void
free_native (const Sample    *sample,
             ConvokeTransfer  transfer,
             Native          *native)
{
  if (sample_is_plain (sample) || transfer == CONVOKE_TRANSFER_NONE)
    return;

  if (transfer == CONVOKE_TRANSFER_CONTAINER && convoke_type_is_container (&sample->type))
    convoke_container_free (&sample->type, (gpointer) (guintptr) native->value);
  else
    convoke_value_clear (&sample->type, &native->value, native->n);
}

static void
check_borrowed_outs (const Case              *self,
                     SampleCall              *call,
                     ConvokeTransfer          transfer,
                     const ConvokeWireWriter *first,
                     gboolean                 with_keeper)
{
  g_autoptr (GObject) keeper = with_keeper ? g_object_new (G_TYPE_OBJECT, NULL) : NULL;
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter second;
  ConvokeFrame frame;
  Native native;

  native_init (&native, self->sample, self->direction, TRUE);
  convoke_frame_init_borrowed (&frame, call->callable.plan, native.args, NULL);
  read_outs (&frame, first->data, first->length, keeper, &error);
  g_assert_no_error (error);

  convoke_wire_writer_init (&second);
  convoke_wire_write_value (&second, &self->sample->type, &native.value, native.n, TRUE, sample_refs (), &error);
  g_assert_no_error (error);
  g_assert_cmpmem (first->data + first->length - second.length, second.length, second.data, second.length);

  free_native (self->sample, transfer, &native);
  convoke_frame_clear (&frame);
  convoke_wire_writer_clear (&second);
}

/* A frame that waits for outputs that cannot be read still waits. */
static void
check_spoilt_outs (SampleCall              *call,
                   const ConvokeWireWriter *writer)
{
  ConvokeFrame *frame = &call->callable.frame;

  convoke_frame_begin_capture (frame, call->callable.plan, call->callable.storage);
  for (gsize i = 0; i < writer->length * 2; i++)
    {
      g_autofree guint8 *data = g_memdup2 (writer->data, writer->length);
      g_autoptr (GError) error = NULL;

      if (i % 2 == 0)
        {
          g_assert_false (read_outs (frame, data, i / 2, NULL, &error));
          g_assert_false (frame->has_outs);
        }
      else
        {
          data[i / 2] ^= 0xff;
          read_outs (frame, data, writer->length, NULL, &error);
          convoke_frame_clear (frame);
        }
      g_assert_true (error == NULL || g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL));
    }
}

static void
check_outs (const Case      *self,
            ConvokeTransfer  transfer,
            gboolean         null)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter first;
  SampleCall call;

  sample_call_init (&call, self->sample, self->direction, transfer, null);
  convoke_wire_writer_init (&first);

  if (convoke_wire_can_cross (call.callable.plan, NULL))
    {
      make_outs (&call, self->sample, null);
      convoke_wire_write_outs (&first, &call.callable.frame, sample_refs (), &error);
      g_assert_no_error (error);
      convoke_frame_clear (&call.callable.frame);

      check_captured_outs (&call, &first);
      check_borrowed_outs (self, &call, transfer, &first, TRUE);
      if (transfer == CONVOKE_TRANSFER_FULL)
        check_borrowed_outs (self, &call, transfer, &first, FALSE);
      check_spoilt_outs (&call, &first);
    }

  convoke_wire_writer_clear (&first);
  callable_wipe (&call.callable);
}

static void
test_case (gconstpointer data)
{
  const Case *self = data;

  g_test_summary ("Written, read and written again it is the same bytes, and spoilt it is refused or another value");

  for (guint transfer = CONVOKE_TRANSFER_NONE; transfer <= CONVOKE_TRANSFER_FULL; transfer++)
    {
      for (guint null = 0; null <= !sample_is_plain (self->sample); null++)
        {
          if (self->direction != CONVOKE_DIRECTION_OUT)
            check_ins (self, transfer, null);
          if (self->direction != CONVOKE_DIRECTION_IN)
            check_outs (self, transfer, null);
        }
    }
}

/* --- NULL --- */

static gboolean
is_list (const Sample *sample)
{
  return sample->type.kind == CONVOKE_TYPE_KIND_LIST || sample->type.kind == CONVOKE_TYPE_KIND_SLIST;
}

static void
test_null (gconstpointer data)
{
  const Case *self = data;
  g_autoptr (GError) write_error = NULL;
  g_autoptr (GError) read_error = NULL;
  SampleCall strict, lax;
  ConvokeWireWriter writer;
  ConvokeFrame frame;
  Native native;

  g_test_summary ("NULL that is not allowed is neither written nor read");

  sample_call_init (&strict, self->sample, CONVOKE_DIRECTION_IN, CONVOKE_TRANSFER_NONE, FALSE);
  sample_call_init (&lax, self->sample, CONVOKE_DIRECTION_IN, CONVOKE_TRANSFER_NONE, TRUE);
  native_init (&native, self->sample, CONVOKE_DIRECTION_IN, TRUE);
  /* An array without elements may be NULL. */
  native.n = 1;
  convoke_wire_writer_init (&writer);

  convoke_frame_init_borrowed (&frame, strict.callable.plan, native.args, NULL);
  g_assert_false (convoke_wire_write_ins (&writer, &frame, sample_refs (), &write_error));
  g_assert_error (write_error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_true (g_str_has_prefix (write_error->message, "argument 'value' of "));
  g_assert_true (g_str_has_suffix (write_error->message, " must not be NULL"));
  g_assert_cmpuint (writer.length, ==, 0);

  write_native_ins (&lax, &native, &writer);
  g_assert_false (read_ins (&strict, writer.data, writer.length, &read_error));
  g_assert_error (read_error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
  g_assert_true (g_str_has_prefix (read_error->message, "argument 'value' of "));

  convoke_wire_writer_clear (&writer);
  callable_wipe (&strict.callable);
  callable_wipe (&lax.callable);
}

static void
add_case (const char       *path,
          const Sample     *sample,
          ConvokeDirection  direction,
          GTestDataFunc     func)
{
  g_autofree char *name = g_strdup_printf ("/marshal/wire-matrix/%s/%s", path, sample->name);
  Case *self = g_new (Case, 1);

  *self = (Case) { sample, direction };
  g_test_add_data_func_full (name, self, func, g_free);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  samples_init ();

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      add_case ("in", &samples[i], CONVOKE_DIRECTION_IN, test_case);
      add_case ("out", &samples[i], CONVOKE_DIRECTION_OUT, test_case);
      add_case ("inout", &samples[i], CONVOKE_DIRECTION_INOUT, test_case);
      if (!sample_is_plain (&samples[i]) && !is_list (&samples[i]))
        add_case ("null", &samples[i], CONVOKE_DIRECTION_IN, test_null);
    }

  result = g_test_run ();
  samples_wipe ();

  return result;
}
