/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>

#include "../gobj/frame-fixture.h"
#include "convoke-wire-private.h"

/* A call to another process, without the other process. */
typedef struct
{
  Call              caller;
  Call              callee;
  ConvokeWireWriter ins;
  ConvokeWireWriter outs;
} Trip;

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

/* What the caller's frame holds goes there, and what comes back is stored in it. */
static void
trip_run (Trip *self)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireReader reader;

  convoke_wire_write_ins (&self->ins, &self->caller.frame, NULL, &error);
  g_assert_no_error (error);

  convoke_wire_reader_init (&reader, self->ins.data, self->ins.length, NULL, 0);
  convoke_wire_read_ins (&reader, &self->callee.frame, self->callee.plan, self->callee.storage, NULL, &error);
  g_assert_no_error (error);
  convoke_wire_reader_end (&reader, &error);
  g_assert_no_error (error);

  call_run (&self->callee);
  convoke_wire_write_outs (&self->outs, &self->callee.frame, NULL, &error);
  g_assert_no_error (error);

  convoke_wire_reader_init (&reader, self->outs.data, self->outs.length, NULL, 0);
  convoke_wire_read_outs (&reader, &self->caller.frame, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
trip_end (Trip *self)
{
  call_end (&self->caller);
  call_end (&self->callee);
  convoke_wire_writer_clear (&self->ins);
  convoke_wire_writer_clear (&self->outs);
}

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

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/marshal/wire/string", test_string);
  g_test_add_func ("/marshal/wire/array", test_array);
  g_test_add_func ("/marshal/wire/strv", test_strv);
  g_test_add_func ("/marshal/wire/thrown", test_thrown);

  return g_test_run ();
}
