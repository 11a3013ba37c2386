/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Inputs and outputs of calls, of every type that the wire carries.
 *
 * The first byte chooses the type, the second how it is passed, the rest is
 * the message. What can be read is written again: that must work, and must
 * give the bytes that were read, where there is one way only to write them.
 */

#include <stdlib.h>
#include <string.h>

#include "../marshal/wire-samples.h"
#include "convoke-frame-steps-private.h"
#include "fuzz.h"

#define N_TRANSFERS 3

const guint fuzz_n_changes = 400;

static SampleCall *calls[G_N_ELEMENTS (samples)][3][N_TRANSFERS][2];

/* --- a call with more than one argument --- */

static ConvokeArgInfo mixed_args[] = {
  ARG ("text", IN, NONE, T (UTF8, .is_pointer = TRUE)),
  ARG ("bytes", IN, NONE, T (ARRAY, .is_pointer = TRUE, .length_arg = 3, .element = &element_uint8), .nullable = TRUE),
  ARG ("ints", IN, FULL, T (ARRAY, .is_pointer = TRUE, .length_arg = 3, .element = &element_int32), .nullable = TRUE),
  ARG ("n", IN, NONE, T (INT32), .length_of = 1),
  ARG ("buffer", OUT, NONE, T (ARRAY, .is_pointer = TRUE, .length_arg = 5, .element = &element_uint8), .caller_allocates = TRUE),
  ARG ("size", IN, NONE, T (UINT16), .length_of = 4),
  ARG ("point", OUT, NONE, T (STRUCT, .is_pointer = TRUE, POINT_FIELDS), .caller_allocates = TRUE),
  ARG ("value", OUT, NONE, T (VALUE, .is_pointer = TRUE, .size = sizeof (GValue)), .caller_allocates = TRUE),
  ARG ("name", INOUT, FULL, T (UTF8, .is_pointer = TRUE), .optional = TRUE),
  ARG ("names", INOUT, NONE, T (ARRAY, .is_pointer = TRUE, .length_arg = 10, .element = &element_utf8), .nullable = TRUE),
  ARG ("n_names", INOUT, NONE, T (INT64), .length_of = 9),
  ARG ("maybe", OUT, CONTAINER, T (LIST, .is_pointer = TRUE, .element = &element_utf8), .optional = TRUE),
};

static Callable *
get_mixed (void)
{
  static Callable *mixed;

  if (mixed == NULL)
    {
      mixed = g_new0 (Callable, 1);
      callable_init (mixed, "mixed", mixed_args, G_N_ELEMENTS (mixed_args),
                     (ConvokeArgInfo) RET (NONE, T (UTF8, .is_pointer = TRUE)));
    }

  return mixed;
}

static Callable *
get_call (guint   index,
          guint8  how)
{
  guint direction = how % 3, transfer = how / 3 % N_TRANSFERS, nullable = how / 9 % 2;
  SampleCall **call = &calls[index][direction][transfer][nullable];

  if (*call == NULL)
    {
      *call = g_new0 (SampleCall, 1);
      sample_call_init (*call, &samples[index], direction, transfer, nullable);
    }

  return &(*call)->callable;
}

/* --- reading and writing again --- */

/* Whether there is one way only to write a value of the type. */
static gboolean
is_canonical (const ConvokeTypeInfo *type)
{
  switch (type->kind)
    {
    /* An unknown name becomes a known one; an order is as good as another. */
    case CONVOKE_TYPE_KIND_ERROR:
    case CONVOKE_TYPE_KIND_VALUE:
    case CONVOKE_TYPE_KIND_HASH_TABLE:
      return FALSE;
    default:
      return type->element == NULL || is_canonical (type->element);
    }
}

static gboolean
is_canonical_call (Callable *call)
{
  for (guint i = 0; i < call->info.n_args; i++)
    if (!is_canonical (&call->info.args[i].type))
      return FALSE;

  return TRUE;
}

static void
check_written (Callable                *call,
               const ConvokeWireWriter *writer,
               const guint8            *data,
               gsize                    size)
{
  if (is_canonical_call (call) && (writer->length != size || memcmp (writer->data, data, size) != 0))
    abort ();
}

static void
check_error (const GError *error)
{
  if (!g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL) &&
      /* the name of a type that is unknown here */
      !g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED) &&
      !g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES))
    abort ();
}

static gboolean
read_ins (Callable     *call,
          const guint8 *data,
          gsize         size)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireReader reader;

  convoke_wire_reader_init (&reader, data, size, NULL, 0);
  if (!convoke_wire_read_ins (&reader, &call->frame, call->plan, call->storage, sample_refs (), &error))
    {
      check_error (error);
      return FALSE;
    }

  if (convoke_wire_reader_end (&reader, NULL))
    return TRUE;

  convoke_frame_clear (&call->frame);
  return FALSE;
}

static void
try_ins (Callable     *call,
         const guint8 *data,
         gsize         size)
{
  ConvokeWireWriter writer;

  if (!read_ins (call, data, size))
    return;

  convoke_wire_writer_init (&writer);
  if (!convoke_wire_write_ins (&writer, &call->frame, sample_refs (), NULL))
    abort ();
  convoke_frame_clear (&call->frame);

  check_written (call, &writer, data, size);
  if (!read_ins (call, writer.data, writer.length))
    abort ();
  convoke_frame_clear (&call->frame);
  convoke_wire_writer_clear (&writer);
}

static gboolean
read_outs (ConvokeFrame *frame,
           const guint8 *data,
           gsize         size,
           GObject      *keeper)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireReader reader;

  convoke_wire_reader_init (&reader, data, size, NULL, 0);
  if (convoke_wire_read_outs (&reader, frame, keeper, sample_refs (), &error))
    return TRUE;

  check_error (error);
  return FALSE;
}

static void
try_outs (Callable     *call,
          const guint8 *data,
          gsize         size)
{
  ConvokeWireWriter writer;
  gboolean failed;

  convoke_frame_begin_capture (&call->frame, call->plan, call->storage);
  call->frame.invoked = TRUE;
  if (read_outs (&call->frame, data, size, NULL))
    {
      failed = call->frame.error != NULL;
      convoke_wire_writer_init (&writer);
      if (!convoke_wire_write_outs (&writer, &call->frame, sample_refs (), NULL))
        abort ();
      if (!failed)
        check_written (call, &writer, data, size);
      convoke_wire_writer_clear (&writer);
    }

  convoke_frame_clear (&call->frame);
}

/* Into the places of a blocked caller; an argument, and perhaps its length. */
static void
try_borrowed_outs (Callable     *call,
                   const guint8 *data,
                   gsize         size)
{
  const ConvokeStep *step = &call->plan->steps[0];
  GObject *keeper = g_object_new (G_TYPE_OBJECT, NULL);
  guint64 value = 0;
  guint32 n = 0;
  gpointer places[] = { &value, &n };
  void *args[] = { &places[0], &places[1] };
  ConvokeFrame frame;

  convoke_frame_init_borrowed (&frame, call->plan, args, NULL);
  if (read_outs (&frame, data, size, keeper) && !step->plain)
    {
      if (step->transfer == CONVOKE_TRANSFER_FULL)
        convoke_value_clear (&step->info->type, &value, n);
      else if (step->transfer == CONVOKE_TRANSFER_CONTAINER)
        convoke_container_free (&step->info->type, (gpointer) (guintptr) value);
    }

  convoke_frame_clear (&frame);
  g_object_unref (keeper);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static gboolean initialised;
  Callable *call;

  if (!initialised)
    {
      /* What GLib only complains of is a finding. */
      g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
      samples_init ();
      initialised = TRUE;
    }
  if (size < 2)
    return 0;

  call = data[0] < G_N_ELEMENTS (samples) ? get_call (data[0], data[1]) : get_mixed ();
  if (!convoke_wire_can_cross (call->plan, NULL))
    return 0;

  if (call->info.args[0].direction != CONVOKE_DIRECTION_OUT)
    try_ins (call, data + 2, size - 2);
  if (call->info.args[0].direction != CONVOKE_DIRECTION_IN || call == get_mixed ())
    try_outs (call, data + 2, size - 2);
  if (call->info.args[0].direction == CONVOKE_DIRECTION_OUT)
    try_borrowed_outs (call, data + 2, size - 2);

  return 0;
}
