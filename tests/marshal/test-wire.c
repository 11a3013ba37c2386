/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>

#include <gio/gio.h>

#include "../gobj/frame-fixture.h"
#include "convoke-frame-steps-private.h"
#include "convoke-wire-private.h"

/* A call to another process, without the other process. */
typedef struct
{
  Call              caller;
  Call              callee;
  ConvokeWireWriter ins;
  ConvokeWireWriter outs;
} Trip;

static gboolean
refer_to (gpointer data, ConvokeWireWriter *writer, GObject *object, const ConvokeTypeInfo *type, GError **error)
{
  convoke_wire_put_u64 (writer, (guint64) (guintptr) object);
  return TRUE;
}

static GObject *
find_referred (gpointer data, ConvokeWireReader *reader, const ConvokeTypeInfo *type, GError **error)
{
  guint64 address;

  return convoke_wire_get_u64 (reader, &address, error) ? g_object_ref ((gpointer) (guintptr) address) : NULL;
}

static const ConvokeWireRefs refs = { NULL, refer_to, find_referred };

static void
trip_init (Trip       *self,
           const char *name)
{
  g_autoptr (GError) error = NULL;

  call_init (&self->caller, name);
  call_init (&self->callee, name);
  convoke_wire_writer_init (&self->ins);
  convoke_wire_writer_init (&self->outs);
  convoke_wire_can_cross (self->caller.plan, &error);
  g_assert_no_error (error);
}

static void
trip_go (Trip *self)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireReader reader;

  convoke_wire_write_ins (&self->ins, &self->caller.frame, &refs, &error);
  g_assert_no_error (error);

  convoke_wire_reader_init (&reader, self->ins.data, self->ins.length, NULL, 0);
  convoke_wire_read_ins (&reader, &self->callee.frame, self->callee.plan, self->callee.storage, &refs, &error);
  g_assert_no_error (error);
  convoke_wire_reader_end (&reader, &error);
  g_assert_no_error (error);
}

static void
trip_return (Trip    *self,
             GObject *keeper)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireReader reader;

  convoke_wire_write_outs (&self->outs, &self->callee.frame, &refs, &error);
  g_assert_no_error (error);

  convoke_wire_reader_init (&reader, self->outs.data, self->outs.length, NULL, 0);
  convoke_wire_read_outs (&reader, &self->caller.frame, keeper, &refs, &error);
  g_assert_no_error (error);
}

/* What the caller's frame holds goes there, and what comes back is stored in it. */
static void
trip_run (Trip *self)
{
  trip_go (self);
  call_run (&self->callee);
  trip_return (self, NULL);
}

/* As the function of the method would: @args without the instance. */
static void
trip_run_borrowed (Trip    *self,
                   void   **args,
                   void    *ret,
                   GObject *keeper)
{
  gpointer instance = NULL;
  void *native[8] = { &instance, };

  for (guint i = 1; i < self->caller.plan->n_native; i++)
    native[i] = args[i - 1];
  convoke_frame_init_borrowed (&self->caller.frame, self->caller.plan, native, ret);
  trip_go (self);
  call_run (&self->callee);
  trip_return (self, keeper);
}

static void
trip_end (Trip *self)
{
  call_end (&self->caller);
  call_end (&self->callee);
  convoke_wire_writer_clear (&self->ins);
  convoke_wire_writer_clear (&self->outs);
}

/* --- calls --- */

static void
test_string (void)
{
  Trip trip;
  g_autofree char *text = NULL;

  g_test_summary ("A string goes there and comes back");

  trip_init (&trip, "echo_string");
  call_capture (&trip.caller, NULL, "Zürich");
  trip_run (&trip);
  call_take (&trip.caller, &text);
  g_assert_cmpstr (text, ==, "Zürich");
  trip_end (&trip);
}

static void
test_array (void)
{
  const int values[] = { 1, 2, 3, -7 };
  gint64 sum = 0;
  Trip trip;

  g_test_summary ("An array goes there with its length");

  trip_init (&trip, "sum_ints");
  call_capture (&trip.caller, NULL, values, G_N_ELEMENTS (values));
  trip_run (&trip);
  call_take (&trip.caller, &sum);
  g_assert_cmpint (sum, ==, -1);
  trip_end (&trip);
}

static void
test_made_array (void)
{
  guint n = 4;
  int *values = NULL;
  gsize n_values = 0;
  gpointer places[] = { &values, &n_values };
  void *args[] = { &n, &places[0], &places[1] };
  Trip trip;

  g_test_summary ("An array comes back with its length, into the caller's own places");

  trip_init (&trip, "make_ints");
  trip_run_borrowed (&trip, args, NULL, NULL);
  g_assert_cmpuint (n_values, ==, 4);
  g_assert_cmpint (values[3], ==, 3);
  g_free (values);
  trip_end (&trip);
}

static void
test_strv (void)
{
  g_auto (GStrv) parts = NULL;
  Trip trip;

  g_test_summary ("A zero-terminated array of strings comes back");

  trip_init (&trip, "split");
  call_capture (&trip.caller, NULL, "a,b,c");
  trip_run (&trip);
  call_take (&trip.caller, &parts);
  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  g_assert_cmpstr (parts[2], ==, "c");
  trip_end (&trip);
}

static void
test_lent_result (void)
{
  g_autoptr (GObject) keeper = g_object_new (G_TYPE_OBJECT, NULL);
  const char *label = NULL;
  Trip trip;

  g_test_summary ("A result without a transfer lives as long as its keeper");

  trip_init (&trip, "get_label");
  g_object_set (trip.callee.server, "label", "tall", NULL);
  trip_run_borrowed (&trip, NULL, &label, keeper);
  trip_end (&trip);
  g_assert_cmpstr (label, ==, "tall");
}

static void
test_inout (void)
{
  char *text = g_strdup ("hello");
  gpointer place = &text;
  void *args[] = { &place };
  Trip trip;

  g_test_summary ("An inout takes what the caller gave, and gives another");

  trip_init (&trip, "append");
  trip_run_borrowed (&trip, args, NULL, NULL);
  g_assert_cmpstr (text, ==, "hello!");
  g_free (text);
  trip_end (&trip);
}

static void
test_optional (void)
{
  int dividend = 17, divisor = 5, quotient = 0;
  gpointer places[] = { &quotient, NULL };
  GError *error = NULL, **thrown = &error;
  void *args[] = { &dividend, &divisor, &places[0], &places[1], &thrown };
  ffi_arg done = 0;
  Trip trip;

  g_test_summary ("An output that the caller does not want is not stored");

  trip_init (&trip, "divide");
  trip_run_borrowed (&trip, args, &done, NULL);
  g_assert_no_error (error);
  g_assert_cmpint (quotient, ==, 3);
  g_assert_cmpuint (done, ==, TRUE);
  trip_end (&trip);
}

static void
test_buffer (void)
{
  guint8 buffer[4] = { 0, };
  guint8 *place = buffer;
  gsize size = 3;
  void *args[] = { &place, &size };
  ffi_arg filled = 0;
  Trip trip;

  g_test_summary ("A buffer of the caller's is filled from afar, and no further than its size");

  trip_init (&trip, "fill_buffer");
  trip_run_borrowed (&trip, args, &filled, NULL);
  g_assert_cmpuint (filled, ==, 3);
  g_assert_cmpint (buffer[2], ==, 3);
  g_assert_cmpint (buffer[3], ==, 0);
  trip_end (&trip);
}

static void
test_in_place (void)
{
  const ConvokeTestPoint point = { 1.5, -2, 7 };
  ConvokeTestPoint moved = { 0, };
  const ConvokeTestPoint *in = &point;
  ConvokeTestPoint *out = &moved;
  double by = 2;
  void *args[] = { &in, &by, &out };
  Trip trip;

  g_test_summary ("A struct of numbers goes there, and another comes back into the caller's memory");

  trip_init (&trip, "move_point");
  trip_run_borrowed (&trip, args, NULL, NULL);
  g_assert_cmpfloat (moved.x, ==, 3.5);
  g_assert_cmpint (moved.y, ==, -2);
  g_assert_cmpint (moved.tag, ==, 7);
  trip_end (&trip);
}

static void
test_typed_value (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) result = G_VALUE_INIT;
  GValue *in = &value, *out = &result;
  void *args[] = { &in, &out };
  Trip trip;

  g_test_summary ("A GValue arrives with its type");

  g_value_init (&value, CONVOKE_TEST_TYPE_MOOD);
  g_value_set_enum (&value, CONVOKE_TEST_MOOD_BAD);
  trip_init (&trip, "echo_value");
  trip_run_borrowed (&trip, args, NULL, NULL);
  g_assert_true (G_VALUE_HOLDS (&result, CONVOKE_TEST_TYPE_MOOD));
  g_assert_cmpint (g_value_get_enum (&result), ==, CONVOKE_TEST_MOOD_BAD);
  trip_end (&trip);
}

static void
test_typed_interface (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere");
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) result = G_VALUE_INIT;
  GValue *in = &value, *out = &result;
  void *args[] = { &in, &out };
  Trip trip;

  g_test_summary ("A GValue of an interface arrives as one of that interface");

  g_value_init (&value, G_TYPE_FILE);
  g_value_set_object (&value, file);
  trip_init (&trip, "echo_value");
  trip_run_borrowed (&trip, args, NULL, NULL);
  g_assert_true (G_VALUE_HOLDS (&result, G_TYPE_FILE));
  g_assert_true (g_value_get_object (&result) == file);
  trip_end (&trip);
}

static void
test_object (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere");
  gpointer in = file;
  gpointer back = NULL;
  void *args[] = { &in };
  Trip trip;

  g_test_summary ("An object is referred to");

  trip_init (&trip, "echo_object");
  trip_run_borrowed (&trip, args, &back, NULL);
  g_assert_true (back == file);
  g_object_unref (back);
  trip_end (&trip);
}

/* --- failing --- */

static void
test_thrown (void)
{
  gboolean done = TRUE;
  Trip trip;

  g_test_summary ("What a method throws arrives with its domain, code and message");

  trip_init (&trip, "fail");
  call_capture (&trip.caller, NULL, "g-io-error-quark", G_IO_ERROR_NOT_FOUND, "gone");
  trip_run (&trip);
  call_take (&trip.caller, &done);
  g_assert_false (done);
  g_assert_error (trip.caller.frame.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpstr (trip.caller.frame.error->message, ==, "gone");
  trip_end (&trip);
}

static void
test_thrown_number (void)
{
  gboolean done = FALSE;
  Trip trip;

  g_test_summary ("The number that comes with an error is the method's own");

  trip_init (&trip, "fail");
  call_capture (&trip.caller, NULL, "g-io-error-quark", 1, "gone");
  trip_go (&trip);
  call_run (&trip.callee);
  *(gboolean *) convoke_frame_slot (&trip.callee.frame, &trip.callee.plan->steps[trip.callee.plan->n_args]) = 1;
  trip_return (&trip, NULL);
  call_take (&trip.caller, &done);
  g_assert_true (done);
  trip_end (&trip);
}

static void
test_thrown_borrowed (void)
{
  int dividend = 17, divisor = 0, quotient = 5;
  gpointer places[] = { &quotient, NULL };
  GError *error = NULL, **thrown = &error;
  void *args[] = { &dividend, &divisor, &places[0], &places[1], &thrown };
  ffi_arg done = 1;
  Trip trip;

  g_test_summary ("An error arrives in the caller's own GError");

  trip_init (&trip, "divide");
  trip_run_borrowed (&trip, args, &done, NULL);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (done, ==, FALSE);
  g_clear_error (&error);
  trip_end (&trip);
}

static void
test_failed_inout (void)
{
  char *text = g_strdup ("hello");
  gpointer place = &text;
  void *args[] = { &place };
  gpointer instance = NULL;
  void *native[] = { &instance, &place };
  g_autoptr (GError) error = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED, "no");
  Trip trip;

  g_test_summary ("An inout of a call that failed keeps what it held");

  trip_init (&trip, "append");
  g_assert_true (args[0] == native[1]);
  convoke_frame_init_borrowed (&trip.caller.frame, trip.caller.plan, native, NULL);
  trip_go (&trip);
  convoke_frame_set_failed (&trip.callee.frame, error);
  trip_return (&trip, NULL);
  g_assert_cmpstr (text, ==, "hello");
  g_free (text);
  trip_end (&trip);
}

static void
test_write_takes_back (void)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;
  Call call;

  g_test_summary ("Inputs that cannot be written leave nothing written");

  call_init (&call, "fail");
  convoke_wire_writer_init (&writer);
  convoke_wire_put_u8 (&writer, 7);
  call_capture (&call, NULL, "g-io-error-quark", 1, "gone");
  memset (*(char **) convoke_frame_slot (&call.frame, &call.plan->steps[2]), 0xff, 4);

  g_assert_false (convoke_wire_write_ins (&writer, &call.frame, &refs, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==, "argument 'message' of ConvokeTest-1.Every.fail wants valid UTF-8, got other bytes");
  g_assert_cmpuint (writer.length, ==, 1);
  convoke_wire_writer_clear (&writer);
  call_end (&call);
}

/* --- lending --- */

static gboolean
lies_in (const ConvokeWireWriter *message,
         gconstpointer            pointer)
{
  return (const guint8 *) pointer >= message->data && (const guint8 *) pointer < message->data + message->length;
}

static void
test_lent_string (void)
{
  gpointer slot;
  Trip trip;

  g_test_summary ("A string without a transfer stays in the message, and is copied for whoever keeps it");

  trip_init (&trip, "echo_string");
  call_capture (&trip.caller, NULL, "here");
  trip_go (&trip);
  slot = convoke_frame_slot (&trip.callee.frame, &trip.callee.plan->steps[0]);
  g_assert_true (lies_in (&trip.ins, *(gpointer *) slot));

  {
    guint n_values;
    GValue *values = convoke_frame_dup_in_values (&trip.callee.frame, &n_values);

    g_assert_cmpstr (g_value_get_string (&values[0]), ==, "here");
    g_assert_false (lies_in (&trip.ins, g_value_get_string (&values[0])));
    free_values (values, n_values);
  }

  trip_end (&trip);
}

static void
test_lent_bytes (void)
{
  const guint8 bytes[] = { 1, 2, 250 };
  guint64 sum = 0;
  gpointer slot;
  Trip trip;

  g_test_summary ("An array of bytes without a transfer stays in the message");

  trip_init (&trip, "sum_bytes");
  call_capture (&trip.caller, NULL, bytes, sizeof bytes);
  trip_go (&trip);
  slot = convoke_frame_slot (&trip.callee.frame, &trip.callee.plan->steps[0]);
  g_assert_true (lies_in (&trip.ins, *(gpointer *) slot));
  call_run (&trip.callee);
  trip_return (&trip, NULL);
  call_take (&trip.caller, &sum);
  g_assert_cmpuint (sum, ==, 253);
  trip_end (&trip);
}

static void
test_given_string (void)
{
  guint length = 0;
  gpointer slot;
  Trip trip;

  g_test_summary ("A string that the method takes is its own");

  trip_init (&trip, "take_string");
  call_capture (&trip.caller, NULL, "mine");
  trip_go (&trip);
  slot = convoke_frame_slot (&trip.callee.frame, &trip.callee.plan->steps[0]);
  g_assert_false (lies_in (&trip.ins, *(gpointer *) slot));
  call_run (&trip.callee);
  trip_return (&trip, NULL);
  call_take (&trip.caller, &length);
  g_assert_cmpuint (length, ==, 4);
  trip_end (&trip);
}

/* --- GIO's pairs --- */

static void
test_async (void)
{
  ConvokeFrame *frame;
  Trip trip;

  g_test_summary ("Of an _async method the cancellable and the callback stay at home");

  trip_init (&trip, "load_async");
  call_capture (&trip.caller, NULL, "name", NULL, NULL, NULL);
  trip_go (&trip);
  frame = &trip.callee.frame;
  g_assert_cmpuint (trip.ins.length, ==, 4 + strlen ("name") + 1);
  g_assert_cmpstr (*(char **) convoke_frame_slot (frame, &frame->plan->steps[0]), ==, "name");
  for (guint i = 1; i < 4; i++)
    g_assert_null (*(gpointer *) convoke_frame_slot (frame, &frame->plan->steps[i]));
  trip_end (&trip);
}

/* --- hostile inputs --- */

static void
refuse_ins (const char              *method,
            const ConvokeWireWriter *writer,
            const char              *message)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireReader reader;
  Call call;

  call_init (&call, method);
  convoke_wire_reader_init (&reader, writer->data, writer->length, NULL, 0);
  g_assert_false (convoke_wire_read_ins (&reader, &call.frame, call.plan, call.storage, &refs, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
  g_assert_cmpstr (error->message, ==, message);
  call_wipe (&call);
}

static void
test_huge_buffer (void)
{
  ConvokeWireWriter writer;

  g_test_summary ("No peer makes us allocate a buffer larger than a message");

  convoke_wire_writer_init (&writer);
  convoke_wire_put_u64 (&writer, CONVOKE_WIRE_MAX_MESSAGE + 1);
  refuse_ins ("fill_buffer", &writer,
              "argument 'buffer' of ConvokeTest-1.Every.fill_buffer is a buffer of 67108865 elements, more than a message takes");
  convoke_wire_writer_clear (&writer);

  convoke_wire_put_u64 (&writer, G_MAXUINT64);
  refuse_ins ("fill_buffer", &writer,
              "argument 'buffer' of ConvokeTest-1.Every.fill_buffer is a buffer of -1 elements, more than a message takes");
  convoke_wire_writer_clear (&writer);
}

static void
test_own_huge_buffer (void)
{
  gsize size = (gsize) CONVOKE_WIRE_MAX_MESSAGE + 1;
  gpointer buffer = NULL, instance = NULL;
  void *native[] = { &instance, &buffer, &size };
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;
  ConvokeFrame frame;

  g_test_summary ("A buffer that no message could fill is not asked for");

  convoke_wire_writer_init (&writer);
  convoke_frame_init_borrowed (&frame, find_plan ("fill_buffer"), native, NULL);
  g_assert_false (convoke_wire_write_ins (&writer, &frame, &refs, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES);
  convoke_wire_writer_clear (&writer);
}

static void
test_wrong_count (void)
{
  const guint32 ints[] = { GUINT32_TO_LE (3), 1, 2, 3 };
  ConvokeWireWriter writer;

  g_test_summary ("An array has as many elements as its length says");

  convoke_wire_writer_init (&writer);
  convoke_wire_put_u64 (&writer, 2);
  memcpy (convoke_wire_writer_grow (&writer, sizeof ints), ints, sizeof ints);
  refuse_ins ("sum_ints", &writer,
              "argument 'values' of ConvokeTest-1.Every.sum_ints has 3 elements where there must be 2 at byte 12");
  convoke_wire_writer_clear (&writer);
}

static void
test_huge_count (void)
{
  ConvokeWireWriter writer;

  g_test_summary ("A count is checked against what is left before anything is allocated");

  convoke_wire_writer_init (&writer);
  convoke_wire_put_u32 (&writer, 0xfffffffe);
  refuse_ins ("reverse_list", &writer,
              "argument 'list' of ConvokeTest-1.Every.reverse_list counts 4294967294 elements where 0 bytes are left at byte 4");
  convoke_wire_writer_clear (&writer);
}

static void
test_too_many_elements (void)
{
  ConvokeWireWriter writer;
  guint32 n = (1u << 22) + 1;

  g_test_summary ("No message has more elements than memory should be spent on");

  convoke_wire_writer_init (&writer);
  convoke_wire_put_u32 (&writer, n);
  memset (convoke_wire_writer_grow (&writer, n * 5), 0, n * 5);
  refuse_ins ("reverse_list", &writer,
              "argument 'list' of ConvokeTest-1.Every.reverse_list brings the message to more than 4194304 elements at byte 4");
  convoke_wire_writer_clear (&writer);
}

static void
test_key_twice (void)
{
  ConvokeWireWriter writer;

  g_test_summary ("A hash table has each key once");

  convoke_wire_writer_init (&writer);
  convoke_wire_put_u32 (&writer, 2);
  for (guint i = 0; i < 4; i++)
    convoke_wire_put_string (&writer, "same");
  refuse_ins ("swap_table", &writer,
              "argument 'table' of ConvokeTest-1.Every.swap_table has a key twice at byte 40");
  convoke_wire_writer_clear (&writer);
}

/* Found by the fuzzer. */
static void
test_null_entry (void)
{
  ConvokeWireWriter writer;

  g_test_summary ("Nothing in a hash table is NULL");

  convoke_wire_writer_init (&writer);
  convoke_wire_put_u32 (&writer, 1);
  convoke_wire_put_string (&writer, "key");
  convoke_wire_put_string (&writer, NULL);
  refuse_ins ("echo_options", &writer,
              "argument 'options' of ConvokeTest-1.Every.echo_options is NULL where it must not be at byte 12");
  convoke_wire_writer_clear (&writer);
}

static void
test_value_depth (void)
{
  ConvokeWireWriter writer;

  g_test_summary ("Values inside of values end somewhere");

  convoke_wire_writer_init (&writer);
  convoke_wire_put_u8 (&writer, 1);
  for (guint i = 0; i < 40; i++)
    {
      convoke_wire_put_string (&writer, "GValue");
      convoke_wire_put_u8 (&writer, 1);
    }
  refuse_ins ("echo_value", &writer,
              "argument 'value' of ConvokeTest-1.Every.echo_value is nested deeper than 32 levels at byte 396");
  convoke_wire_writer_clear (&writer);
}

static void
test_own_value_depth (void)
{
  const ConvokeTypeInfo type = { .kind = CONVOKE_TYPE_KIND_VALUE, .is_pointer = TRUE, .length_arg = -1, .fixed_size = -1 };
  GValue value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;

  g_test_summary ("Values that nobody would read are not written");

  g_value_init (&value, G_TYPE_INT);
  for (guint i = 0; i < 40; i++)
    {
      GValue inner = value;

      value = (GValue) G_VALUE_INIT;
      g_value_init (&value, G_TYPE_VALUE);
      g_value_set_boxed (&value, &inner);
      g_value_unset (&inner);
    }

  convoke_wire_writer_init (&writer);
  g_assert_false (convoke_wire_write_gvalue (&writer, &type, &value, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (writer.length, ==, 0);
  g_assert_cmpuint (writer.depth, ==, 0);
  convoke_wire_writer_clear (&writer);
  g_value_unset (&value);
}

/* --- nothing at all --- */

static void
test_nothing (void)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireReader reader;
  guint8 byte;

  g_test_summary ("A message without a byte has room for nothing, which can be read, and an end");

  convoke_wire_reader_init (&reader, NULL, 0, NULL, 0);
  g_assert_nonnull (convoke_wire_reader_skip (&reader, 0, &error));
  g_assert_true (convoke_wire_reader_end (&reader, &error));
  g_assert_no_error (error);
  g_assert_false (convoke_wire_get_u8 (&reader, &byte, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/marshal/wire/string", test_string);
  g_test_add_func ("/marshal/wire/array", test_array);
  g_test_add_func ("/marshal/wire/made-array", test_made_array);
  g_test_add_func ("/marshal/wire/strv", test_strv);
  g_test_add_func ("/marshal/wire/lent-result", test_lent_result);
  g_test_add_func ("/marshal/wire/inout", test_inout);
  g_test_add_func ("/marshal/wire/optional", test_optional);
  g_test_add_func ("/marshal/wire/buffer", test_buffer);
  g_test_add_func ("/marshal/wire/in-place", test_in_place);
  g_test_add_func ("/marshal/wire/typed-value", test_typed_value);
  g_test_add_func ("/marshal/wire/typed-interface", test_typed_interface);
  g_test_add_func ("/marshal/wire/object", test_object);
  g_test_add_func ("/marshal/wire/thrown", test_thrown);
  g_test_add_func ("/marshal/wire/thrown-number", test_thrown_number);
  g_test_add_func ("/marshal/wire/thrown-borrowed", test_thrown_borrowed);
  g_test_add_func ("/marshal/wire/failed-inout", test_failed_inout);
  g_test_add_func ("/marshal/wire/write-takes-back", test_write_takes_back);
  g_test_add_func ("/marshal/wire/lent-string", test_lent_string);
  g_test_add_func ("/marshal/wire/lent-bytes", test_lent_bytes);
  g_test_add_func ("/marshal/wire/given-string", test_given_string);
  g_test_add_func ("/marshal/wire/async", test_async);
  g_test_add_func ("/marshal/wire/huge-buffer", test_huge_buffer);
  g_test_add_func ("/marshal/wire/own-huge-buffer", test_own_huge_buffer);
  g_test_add_func ("/marshal/wire/wrong-count", test_wrong_count);
  g_test_add_func ("/marshal/wire/huge-count", test_huge_count);
  g_test_add_func ("/marshal/wire/too-many-elements", test_too_many_elements);
  g_test_add_func ("/marshal/wire/key-twice", test_key_twice);
  g_test_add_func ("/marshal/wire/null-entry", test_null_entry);
  g_test_add_func ("/marshal/wire/value-depth", test_value_depth);
  g_test_add_func ("/marshal/wire/own-value-depth", test_own_value_depth);
  g_test_add_func ("/marshal/wire/nothing", test_nothing);

  return g_test_run ();
}
