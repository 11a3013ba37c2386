/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>

#include "frame-fixture.h"

/* The native arguments of a call: instance, what the method takes, GError**. */
#define NATIVE(call, ...) \
  (void *[]) { &(call)->server, __VA_ARGS__ }

static void
capture_native (Call  *call,
                void **args)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_frame_capture_native (&call->frame, call->plan, call->storage, args, &error));
  g_assert_no_error (error);
}

/* --- captured, from C --- */

static void
test_storage (void)
{
  g_test_summary ("A captured (self, utf8, GError**) -> double takes no more than 40 bytes");

  g_assert_cmpuint (convoke_frame_get_storage_size (find_plan ("echo_string")), <=, 40);
  g_assert_cmpuint (convoke_frame_get_storage_size (find_plan ("ask_feed")), <=, 40);
}

#define TEST_ECHO(name, Type, Promoted, number)                           \
  G_STMT_START                                                            \
    {                                                                     \
      g_autoptr (GError) error = NULL;                                    \
      Call call;                                                          \
      Type got = 0;                                                       \
                                                                          \
      call_init (&call, "echo_" #name);                                   \
      g_assert_true (call_capture (&call, &error, (Promoted) (number)));  \
      g_assert_no_error (error);                                          \
      call_run (&call);                                                   \
      call_take (&call, &got);                                            \
      call_end (&call);                                                   \
      g_assert_true (got == (Type) (number));                             \
    }                                                                     \
  G_STMT_END

static void
test_scalars (void)
{
  g_test_summary ("Every kind of number arrives and comes back as it is, at both ends of its range");

  TEST_ECHO (int8, gint8, int, G_MININT8);
  TEST_ECHO (int8, gint8, int, G_MAXINT8);
  TEST_ECHO (uint8, guint8, int, G_MAXUINT8);
  TEST_ECHO (int16, gint16, int, G_MININT16);
  TEST_ECHO (uint16, guint16, int, G_MAXUINT16);
  TEST_ECHO (int32, gint32, int, G_MININT32);
  TEST_ECHO (uint32, guint32, guint, G_MAXUINT32);
  TEST_ECHO (int64, gint64, gint64, G_MININT64);
  TEST_ECHO (uint64, guint64, guint64, G_MAXUINT64);
  TEST_ECHO (float, float, double, 0.5f);
  TEST_ECHO (double, double, double, G_MAXDOUBLE);
  TEST_ECHO (boolean, gboolean, gboolean, TRUE);
  TEST_ECHO (unichar, gunichar, gunichar, 0x1f600);
  TEST_ECHO (gtype, GType, GType, G_TYPE_OBJECT);
  TEST_ECHO (mood, ConvokeTestMood, ConvokeTestMood, CONVOKE_TEST_MOOD_BAD);
  TEST_ECHO (sides, ConvokeTestSides, ConvokeTestSides, CONVOKE_TEST_SIDES_TOP | CONVOKE_TEST_SIDES_LEFT);
}

static void
test_scalar_range (void)
{
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("A number that its promoted type carries and the argument does not is refused by name");

  call_init (&call, "echo_uint8");
  g_assert_false (call_capture (&call, &error, 300));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==, "argument 'value' of ConvokeTest-1.Every.echo_uint8 wants 0..255, got 300");
  call_wipe (&call);
}

static void
test_string (void)
{
  g_autofree char *text = g_strdup ("Grüße");
  g_autofree char *result = NULL;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("A captured string is a copy, and its result the caller's");

  call_init (&call, "echo_string");
  g_assert_true (call_capture (&call, &error, text));
  text[0] = 'X';
  call_run (&call);
  call_take (&call, &result);
  call_end (&call);

  g_assert_cmpstr (result, ==, "Grüße");
}

static void
test_string_invalid (void)
{
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("What is not UTF-8 is refused for a utf8 argument and goes through as a filename");

  call_init (&call, "echo_string");
  g_assert_false (call_capture (&call, &error, "\xff"));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  call_wipe (&call);

  g_clear_error (&error);
  call_init (&call, "join_counted");
  g_assert_false (call_capture (&call, &error, (const char *[]) { "a", "\xff" }, 2u));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  call_wipe (&call);

  g_clear_error (&error);
  {
    g_autofree char *result = NULL;

    call_init (&call, "echo_filename");
    g_assert_true (call_capture (&call, &error, "\xff"));
    call_run (&call);
    call_take (&call, &result);
    call_end (&call);
    g_assert_cmpstr (result, ==, "\xff");
  }
}

static void
test_null (void)
{
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("NULL where the method does not allow it is refused, naming method and argument");

  call_init (&call, "split");
  g_assert_false (call_capture (&call, &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==, "argument 'text' of ConvokeTest-1.Every.split must not be NULL");
  call_wipe (&call);
}

static void
test_untaken (void)
{
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("A result that nobody takes, or that is not wanted, is freed");

  call_init (&call, "echo_string");
  g_assert_true (call_capture (&call, &error, "text"));
  call_run (&call);
  g_assert_true (call.frame.has_outs);
  call_end (&call);

  call_init (&call, "echo_string");
  g_assert_true (call_capture (&call, &error, "text"));
  call_run (&call);
  call_take (&call, NULL);
  g_assert_false (call.frame.has_outs);
  call_end (&call);
}

static void
test_not_invoked (void)
{
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("Inputs of a call that never ran are freed, those that would be consumed as well");

  call_init (&call, "take_string");
  g_assert_true (call_capture (&call, &error, "text"));
  call_end (&call);

  call_init (&call, "take_container");
  {
    GList two = { .data = (gpointer) "two" };
    GList one = { .data = (gpointer) "one", .next = &two };

    g_assert_true (call_capture (&call, &error, &one));
  }
  call_end (&call);
}

/* --- captured, from native arguments --- */

static void
test_consumed_full (void)
{
  char *text = g_strdup ("consumed");
  guint64 ret = 0;
  Call call;

  g_test_summary ("A native transfer-full argument is taken over: the same memory reaches the callee");

  call_init (&call, "take_string");
  capture_native (&call, NATIVE (&call, &text));
  call_run (&call);
  convoke_frame_take_native (&call.frame, NATIVE (&call, &text), &ret, NULL);
  call_end (&call);

  g_assert_cmpuint (ret, ==, 8);
}

static void
test_consumed_container (void)
{
  char one[] = "one", two[] = "two";
  GList *list = g_list_append (g_list_append (NULL, one), two);
  guint64 ret = 0;
  Call call;

  g_test_summary ("A native transfer-container argument: the list is consumed, its elements stay the caller's");

  call_init (&call, "take_container");
  capture_native (&call, NATIVE (&call, &list));
  one[0] = 'X';
  call_run (&call);
  convoke_frame_take_native (&call.frame, NATIVE (&call, &list), &ret, NULL);
  call_end (&call);

  g_assert_cmpuint (ret, ==, 2);
}

static void
test_consumed_inout (void)
{
  char *text = g_strdup ("in");
  char **place = &text;
  char *result = NULL;
  char **result_place = &result;
  Call call;

  g_test_summary ("A native inout that is consumed leaves NULL behind, and comes out new");

  call_init (&call, "append");
  capture_native (&call, NATIVE (&call, &place));
  g_assert_null (text);
  call_run (&call);
  convoke_frame_take_native (&call.frame, NATIVE (&call, &result_place), NULL, NULL);
  call_end (&call);

  g_assert_cmpstr (result, ==, "in!");
  g_free (result);
}

static void
test_consumed_failure (void)
{
  char *text = NULL;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("Where the capture fails the caller still owns all that it passed");

  call_init (&call, "take_string");
  g_assert_false (convoke_frame_capture_native (&call.frame, call.plan, call.storage, NATIVE (&call, &text), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  call_wipe (&call);
}

static void
test_floating (void)
{
  GVariant *value = g_variant_new_int32 (7);
  GVariant *result = NULL;
  g_autoptr (GVariant) kept = NULL;
  Call call;

  g_test_summary ("A floating variant is sunk and dropped as a callee would");

  call_init (&call, "echo_variant");
  capture_native (&call, NATIVE (&call, &value));
  g_assert_false (g_variant_is_floating (value));
  call_run (&call);
  convoke_frame_take_native (&call.frame, NATIVE (&call, &value), &result, NULL);
  call_end (&call);

  kept = result;
  g_assert_cmpint (g_variant_get_int32 (kept), ==, 7);
  g_assert_false (g_variant_is_floating (kept));
}

static void
test_take_variant (void)
{
  g_autofree char *text = NULL;
  GVariant *value = g_variant_new_string ("v");
  Call call;

  g_test_summary ("A variant that is consumed may be floating");

  call_init (&call, "take_variant");
  capture_native (&call, NATIVE (&call, &value));
  call_run (&call);
  call_take (&call, &text);
  call_end (&call);

  g_assert_cmpstr (text, ==, "'v'");
}

static void
test_lent_by_frame (void)
{
  const char *label = NULL;
  Call call;

  g_test_summary ("A transfer-none result is the frame's copy until it is cleared");

  call_init (&call, "get_label");
  g_object_set (call.server, "label", "first", NULL);
  capture_native (&call, NATIVE (&call, NULL));
  call_run (&call);
  g_object_set (call.server, "label", "second", NULL);
  convoke_frame_take_native (&call.frame, NATIVE (&call, NULL), &label, NULL);
  g_assert_cmpstr (label, ==, "first");
  call_end (&call);
}

static void
test_lent_by_keeper (void)
{
  g_autoptr (GObject) keeper = g_object_new (G_TYPE_OBJECT, NULL);
  const char *labels[2] = { NULL, NULL };

  g_test_summary ("With a keeper a transfer-none result outlives the frame, and equal strings are the same pointer");

  for (guint i = 0; i < 2; i++)
    {
      Call call;

      call_init (&call, "get_label");
      g_object_set (call.server, "label", "kept", NULL);
      capture_native (&call, NATIVE (&call, NULL));
      call_run (&call);
      convoke_frame_take_native (&call.frame, NATIVE (&call, NULL), &labels[i], keeper);
      call_end (&call);
    }

  g_assert_cmpstr (labels[0], ==, "kept");
  g_assert_true (labels[0] == labels[1]);
}

static void
test_lent_elements (void)
{
  g_autoptr (GObject) keeper = g_object_new (G_TYPE_OBJECT, NULL);
  GList *names = NULL;
  Call call;

  g_test_summary ("Of a transfer-container result the caller gets the list, and its elements are lent");

  call_init (&call, "list_names");
  capture_native (&call, NATIVE (&call, NULL));
  call_run (&call);
  convoke_frame_take_native (&call.frame, NATIVE (&call, NULL), &names, keeper);
  call_end (&call);

  g_assert_cmpuint (g_list_length (names), ==, 3);
  g_assert_cmpstr (names->data, ==, "anna");
  g_list_free (names);
}

static void
test_lent_list (void)
{
  g_autolist (GObject) nothing = NULL;
  GList *names = NULL;
  Call call;

  g_test_summary ("A lent list is copied with its elements: as a user's result it is the user's");

  call_init (&call, "peek_names");
  capture_native (&call, NATIVE (&call, NULL));
  call_run (&call);
  call_take (&call, &names);
  call_end (&call);

  g_assert_null (nothing);
  g_assert_cmpstr (g_list_last (names)->data, ==, "carl");
  g_list_free_full (names, g_free);
}

/* --- arrays --- */

static void
test_arrays_in (void)
{
  int numbers[] = { 1, 2, 3 };
  gint16 shorts[] = { 10, 20 };
  gint64 sum = 0;
  int small = 0;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("Arrays go in with their length before or after, of a fixed size, or ended by a zero");

  call_init (&call, "sum_ints");
  g_assert_true (call_capture (&call, &error, numbers, (gsize) 3));
  memset (numbers, 0, sizeof numbers);
  call_run (&call);
  call_take (&call, &sum);
  call_end (&call);
  g_assert_cmpint (sum, ==, 6);

  call_init (&call, "sum_ints");
  g_assert_true (call_capture (&call, &error, NULL, (gsize) 0));
  call_run (&call);
  call_take (&call, &sum);
  call_end (&call);
  g_assert_cmpint (sum, ==, 0);

  call_init (&call, "sum_shifted");
  g_assert_true (call_capture (&call, &error, 2u, shorts, 1));
  call_run (&call);
  call_take (&call, &sum);
  call_end (&call);
  g_assert_cmpint (sum, ==, 32);

  call_init (&call, "sum_triple");
  g_assert_true (call_capture (&call, &error, (int[]) { 1, 2, 4 }));
  call_run (&call);
  call_take (&call, &small);
  call_end (&call);
  g_assert_cmpint (small, ==, 7);

  call_init (&call, "sum_terminated");
  g_assert_true (call_capture (&call, &error, (int[]) { 5, 6, 0 }));
  call_run (&call);
  call_take (&call, &small);
  call_end (&call);
  g_assert_cmpint (small, ==, 11);
}

static void
test_arrays_out (void)
{
  g_autofree int *made = NULL;
  g_autofree double *reversed = NULL;
  gsize n_made = 0, n_reversed = 0;
  int triple[3] = { 0, };
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("Arrays come out with their length, as a result, or in the caller's memory");

  call_init (&call, "make_ints");
  g_assert_true (call_capture (&call, &error, 4u));
  call_run (&call);
  call_take (&call, &made, &n_made);
  call_end (&call);
  g_assert_cmpuint (n_made, ==, 4);
  g_assert_cmpint (made[3], ==, 3);

  call_init (&call, "reverse_doubles");
  g_assert_true (call_capture (&call, &error, (double[]) { 1, 2 }, (gsize) 2));
  call_run (&call);
  call_take (&call, &reversed, &n_reversed);
  call_end (&call);
  g_assert_cmpuint (n_reversed, ==, 2);
  g_assert_cmpfloat (reversed[0], ==, 2);

  call_init (&call, "make_triple");
  g_assert_true (call_capture (&call, &error, 7));
  call_run (&call);
  call_take (&call, triple);
  call_end (&call);
  g_assert_cmpint (triple[2], ==, 9);
}

static void
test_string_arrays (void)
{
  g_autofree char *joined = NULL;
  g_auto (GStrv) parts = NULL;
  g_auto (GStrv) names = NULL;
  g_auto (GStrv) out = NULL;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("Arrays of strings, also those that the method only lends, are the caller's when they come out");

  call_init (&call, "join");
  g_assert_true (call_capture (&call, &error, (const char *[]) { "a", "b", NULL }));
  call_run (&call);
  call_take (&call, &joined);
  call_end (&call);
  g_assert_cmpstr (joined, ==, "a,b");

  call_init (&call, "split");
  g_assert_true (call_capture (&call, &error, "x,y"));
  call_run (&call);
  call_take (&call, &parts);
  call_end (&call);
  g_assert_cmpstr (parts[1], ==, "y");

  call_init (&call, "split_out");
  g_assert_true (call_capture (&call, &error, "x,y,z"));
  call_run (&call);
  call_take (&call, &out);
  call_end (&call);
  g_assert_cmpuint (g_strv_length (out), ==, 3);

  call_init (&call, "get_names");
  g_assert_true (call_capture (&call, &error));
  call_run (&call);
  call_take (&call, &names);
  call_end (&call);
  g_assert_cmpstr (names[0], ==, "anna");
}

static void
test_containers (void)
{
  g_autoptr (GPtrArray) strings = g_ptr_array_new ();
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) reversed = NULL;
  g_autoptr (GArray) reversed_numbers = NULL;
  g_autoptr (GHashTable) swapped = NULL;
  int number = 1;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("Counted containers are copied with their elements, which the caller may change at once");

  g_ptr_array_add (strings, (gpointer) "1");
  g_ptr_array_add (strings, (gpointer) "2");
  call_init (&call, "reverse_ptr_array");
  g_assert_true (call_capture (&call, &error, strings));
  g_ptr_array_set_size (strings, 0);
  call_run (&call);
  call_take (&call, &reversed);
  call_end (&call);
  g_assert_cmpuint (reversed->len, ==, 2);
  g_assert_cmpstr (reversed->pdata[0], ==, "2");

  g_array_append_val (numbers, number);
  call_init (&call, "reverse_array");
  g_assert_true (call_capture (&call, &error, numbers));
  g_array_set_size (numbers, 0);
  call_run (&call);
  call_take (&call, &reversed_numbers);
  call_end (&call);
  g_assert_cmpuint (reversed_numbers->len, ==, 1);

  g_hash_table_insert (table, (gpointer) "key", (gpointer) "value");
  call_init (&call, "swap_table");
  g_assert_true (call_capture (&call, &error, table));
  g_hash_table_remove_all (table);
  call_run (&call);
  call_take (&call, &swapped);
  call_end (&call);
  g_assert_cmpstr (g_hash_table_lookup (swapped, "value"), ==, "key");
}

/* --- structs and boxed types --- */

static void
test_structs (void)
{
  ConvokeTestPoint point = { .x = 1, .y = 2, .tag = 3 };
  ConvokeTestPoint moved = { .x = 0 };
  ConvokeTestPoint points[] = { { .x = 1, .y = 1 }, { .x = 2, .y = 2 } };
  double sum = 0;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("Plain structs go in, come out in the caller's memory, and go in as an array");

  call_init (&call, "move_point");
  g_assert_true (call_capture (&call, &error, &point, 10.0));
  point.x = 99;
  call_run (&call);
  call_take (&call, &moved);
  call_end (&call);
  g_assert_cmpfloat (moved.x, ==, 11);
  g_assert_cmpint (moved.tag, ==, 3);

  call_init (&call, "sum_points");
  g_assert_true (call_capture (&call, &error, points, 2u));
  call_run (&call);
  call_take (&call, &sum);
  call_end (&call);
  g_assert_cmpfloat (sum, ==, 3);
}

static void
test_boxed (void)
{
  int before = convoke_test_color_count ();
  ConvokeTestColor *color = convoke_test_color_new (1, 2, 3, "c");
  ConvokeTestColor *mixed = NULL;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("Boxed values are copied by their type, and none is left");

  call_init (&call, "mix");
  g_assert_true (call_capture (&call, &error, color));
  convoke_test_color_free (color);
  call_run (&call);
  call_take (&call, &mixed);
  call_end (&call);
  g_assert_nonnull (mixed);
  convoke_test_color_free (mixed);
  g_assert_cmpint (convoke_test_color_count (), ==, before);

  mixed = NULL;
  call_init (&call, "peek_color");
  g_assert_true (call_capture (&call, &error));
  call_run (&call);
  call_take (&call, &mixed);
  call_end (&call);
  g_assert_nonnull (mixed);
  convoke_test_color_free (mixed);
}

static void
test_gvalue (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) result = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("A GValue goes in by address and comes out in the caller's memory");

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, "inside");
  call_init (&call, "echo_value");
  g_assert_true (call_capture (&call, &error, &value));
  g_value_set_string (&value, "changed");
  call_run (&call);
  call_take (&call, &result);
  call_end (&call);

  g_assert_cmpstr (g_value_get_string (&result), ==, "inside");
}

static void
test_gerror (void)
{
  g_autoptr (GError) given = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
  g_autoptr (GError) result = NULL;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("A GError is an argument like any other");

  call_init (&call, "echo_error");
  g_assert_true (call_capture (&call, &error, given));
  call_run (&call);
  g_assert_no_error (call.frame.error);
  call_take (&call, &result);
  call_end (&call);

  g_assert_error (result, G_IO_ERROR, G_IO_ERROR_BUSY);
}

static void
test_objects (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/");
  GFile *result = NULL;
  g_autoptr (GError) error = NULL;
  GWeakRef weak;
  Call call;

  g_test_summary ("A captured call holds its objects, and lets go of them");

  g_weak_ref_init (&weak, file);
  call_init (&call, "echo_file");
  g_assert_true (call_capture (&call, &error, file));
  g_clear_object (&file);
  call_run (&call);
  call_take (&call, &result);
  g_assert_true (G_IS_FILE (result));
  call_end (&call);
  g_object_unref (result);

  g_assert_null (g_weak_ref_get (&weak));
  g_weak_ref_clear (&weak);
}

/* --- errors --- */

static void
test_thrown (void)
{
  int quotient = 1;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("What the method throws is the captured frame's error");

  call_init (&call, "divide");
  g_assert_true (call_capture (&call, &error, 1, 0));
  call_run (&call);
  g_assert_error (call.frame.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  call_take (&call, NULL, &quotient, NULL);
  g_assert_cmpint (quotient, ==, 0);
  call_end (&call);
}

static void
test_thrown_native (void)
{
  int dividend = 1, divisor = 0;
  int *nowhere = NULL;
  GError *thrown = NULL;
  GError **place = &thrown;
  guint64 ret = 1;
  void **args;
  Call call;

  g_test_summary ("Taken natively, the error is thrown to the taker's GError**");

  call_init (&call, "divide");
  args = NATIVE (&call, &dividend, &divisor, &nowhere, &nowhere, &place);
  capture_native (&call, args);
  call_run (&call);
  convoke_frame_take_native (&call.frame, args, &ret, NULL);
  call_end (&call);

  g_assert_error (thrown, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (ret, ==, FALSE);
  g_error_free (thrown);
}

static void
test_optional (void)
{
  int remainder = 0;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("Outs that are not wanted are left out one by one");

  call_init (&call, "divide");
  g_assert_true (call_capture (&call, &error, 17, 5));
  call_run (&call);
  call_take (&call, NULL, NULL, &remainder);
  call_end (&call);

  g_assert_cmpint (remainder, ==, 2);
}

/* --- borrowed --- */

static void
invoke_borrowed (Call  *call,
                 void **args,
                 void  *ret)
{
  convoke_frame_init_borrowed (&call->frame, call->plan, args, ret);
  call_run (call);
}

static void
test_borrowed_return (void)
{
  gint8 value = -5;
  guint64 ret = 0;
  Call call;

  g_test_summary ("A narrow negative result is widened in the caller's return slot");

  call_init (&call, "echo_int8");
  invoke_borrowed (&call, NATIVE (&call, &value), &ret);
  g_assert_cmpint ((gint64) ret, ==, -5);
  call_end (&call);
}

static void
test_borrowed_instance (void)
{
  ConvokeTestServer *stand_in = NULL;
  const char *text = "text";
  const char *result = NULL;
  void *args[2];
  Call call;

  g_test_summary ("The instance is put in without touching the caller's array; strings pass as they are");

  call_init (&call, "echo_string");
  args[0] = &stand_in;
  args[1] = &text;
  invoke_borrowed (&call, args, &result);
  g_assert_true (args[0] == &stand_in);
  g_assert_null (stand_in);
  g_assert_cmpstr (result, ==, "text");
  g_free ((char *) result);
  call_end (&call);
}

static void
test_borrowed_outs (void)
{
  int dividend = 17, divisor = 5, quotient = 0;
  int *quotient_place = &quotient, *nowhere = NULL;
  GError *thrown = NULL;
  GError **place = &thrown;
  guint64 ret = 0;
  Call call;

  g_test_summary ("Outs and the GError of a borrowed frame go to the caller's places, NULL included");

  call_init (&call, "divide");
  invoke_borrowed (&call, NATIVE (&call, &dividend, &divisor, &quotient_place, &nowhere, &place), &ret);
  g_assert_cmpuint (ret, ==, TRUE);
  g_assert_cmpint (quotient, ==, 3);
  g_assert_null (thrown);

  divisor = 0;
  call_run (&call);
  g_assert_error (thrown, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_error_free (thrown);
  call_end (&call);
}

/* --- callbacks --- */

static void
count_text (const char *text,
            gpointer    user_data)
{
  *(guint *) user_data += 1;
}

static void
count_destroy (gpointer user_data)
{
  *(guint *) user_data += 100;
}

static void
test_callback (void)
{
  guint count = 0;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("A callback with a scope is captured with its data, which the callee destroys");

  call_init (&call, "watch");
  g_assert_true (call_capture (&call, &error, count_text, &count, count_destroy));
  call_run (&call);
  convoke_frame_clear (&call.frame);
  g_assert_cmpuint (count, ==, 0);

  convoke_test_every_tell (CONVOKE_TEST_EVERY (call.server), "x");
  g_assert_cmpuint (count, ==, 1);
  convoke_test_every_unwatch (CONVOKE_TEST_EVERY (call.server));
  g_assert_cmpuint (count, ==, 101);
  call_wipe (&call);
}

static void
test_callback_unused (void)
{
  guint count = 0;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("The data of a callback that never reached its callee is destroyed with the frame");

  call_init (&call, "watch");
  g_assert_true (call_capture (&call, &error, count_text, &count, count_destroy));
  call_end (&call);
  g_assert_cmpuint (count, ==, 100);

  /* A capture that failed never owned it. */
  call_init (&call, "watch");
  g_assert_false (call_capture (&call, &error, NULL, &count, count_destroy));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (count, ==, 100);
  call_wipe (&call);
}

/* --- mapping --- */

/* Every feed is replaced by one stand-in. */
static GObject *
map_feed (GObject               *object,
          const ConvokeTypeInfo *type,
          gpointer               user_data)
{
  return CONVOKE_TEST_IS_PRICE_FEED (object) && object != user_data ? g_object_ref (user_data) : NULL;
}

static gboolean
map_text_callback (const ConvokeArgInfo  *arg,
                   gpointer              *callback,
                   gpointer              *data,
                   gpointer              *destroy,
                   gpointer              *owned,
                   GDestroyNotify        *free_owned,
                   gpointer               user_data,
                   GError               **error)
{
  *data = user_data;
  if (destroy != NULL)
    *destroy = NULL;
  *owned = user_data;
  *free_owned = count_destroy;

  return TRUE;
}

static void
map_in (Call     *call,
        gpointer  stand_in)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_frame_map_in (&call->frame, map_feed, map_text_callback, stand_in, &error));
  g_assert_no_error (error);
}

static void
test_map_captured (void)
{
  g_autoptr (ConvokeTestServer) given = convoke_test_server_new ();
  g_autoptr (ConvokeTestServer) stand_in = convoke_test_server_new ();
  GObject *result = NULL;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("An object in a captured frame is replaced on its way in and on its way out");

  call_init (&call, "echo_feed");
  g_assert_true (call_capture (&call, &error, given));
  map_in (&call, stand_in);
  call_run (&call);
  convoke_frame_map_out (&call.frame, map_feed, given);
  call_take (&call, &result);
  call_end (&call);

  g_assert_true (result == (GObject *) given);
  g_object_unref (result);
  g_assert_cmpuint (G_OBJECT (given)->ref_count, ==, 1);
  g_assert_cmpuint (G_OBJECT (stand_in)->ref_count, ==, 1);
}

static void
test_map_borrowed (void)
{
  g_autoptr (ConvokeTestServer) given = convoke_test_server_new ();
  g_autoptr (ConvokeTestServer) stand_in = convoke_test_server_new ();
  ConvokeTestServer *passed = given;
  GObject *result = NULL;
  Call call;

  g_test_summary ("In a borrowed frame only what the callee sees is replaced");

  call_init (&call, "echo_feed");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &passed), &result);
  map_in (&call, stand_in);
  call_run (&call);
  g_assert_true (passed == given);
  g_assert_true (result == (GObject *) stand_in);
  convoke_frame_map_out (&call.frame, map_feed, given);
  g_assert_true (result == (GObject *) given);
  call_end (&call);

  g_object_unref (result);
  g_assert_cmpuint (G_OBJECT (given)->ref_count, ==, 1);
  g_assert_cmpuint (G_OBJECT (stand_in)->ref_count, ==, 1);
}

static void
test_map_consumed (void)
{
  ConvokeTestServer *given = convoke_test_server_new ();
  g_autoptr (ConvokeTestServer) stand_in = convoke_test_server_new ();
  GWeakRef weak;
  Call call;

  g_test_summary ("An object that the callee consumes is consumed although another one reaches it");

  g_weak_ref_init (&weak, given);
  call_init (&call, "take_feed");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &given), NULL);
  map_in (&call, stand_in);
  g_assert_cmpuint (G_OBJECT (stand_in)->ref_count, ==, 2);
  call_run (&call);
  g_assert_null (g_weak_ref_get (&weak));
  call_end (&call);

  g_assert_cmpuint (G_OBJECT (stand_in)->ref_count, ==, 1);
  g_weak_ref_clear (&weak);
}

static void
test_map_consumed_unused (void)
{
  g_autoptr (ConvokeTestServer) given = convoke_test_server_new ();
  g_autoptr (ConvokeTestServer) stand_in = convoke_test_server_new ();
  Call call;

  g_test_summary ("Without a call a consumed argument stays the caller's");

  call_init (&call, "take_feed");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &given), NULL);
  map_in (&call, stand_in);
  call_end (&call);

  g_assert_cmpuint (G_OBJECT (given)->ref_count, ==, 1);
  g_assert_cmpuint (G_OBJECT (stand_in)->ref_count, ==, 1);
}

static void
test_map_list (void)
{
  g_autoptr (ConvokeTestServer) given = convoke_test_server_new ();
  g_autoptr (ConvokeTestServer) stand_in = convoke_test_server_new ();
  GList *feeds = g_list_append (g_list_append (NULL, given), given);
  const char *item = "espresso";
  GError *thrown = NULL;
  GError **place = &thrown;
  guint before = convoke_test_server_get_n_calls (given);
  double sum = 0;
  Call call;

  g_test_summary ("Objects in a list are replaced in a copy of it");

  call_init (&call, "ask_feeds");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &feeds, &item, &place), &sum);
  map_in (&call, stand_in);
  call_run (&call);
  call_end (&call);

  g_assert_no_error (thrown);
  g_assert_cmpfloat (sum, ==, 8.0);
  g_assert_cmpuint (convoke_test_server_get_n_calls (given), ==, before);
  g_assert_true (feeds->data == given);
  g_list_free (feeds);
}

static void
test_map_out_places (void)
{
  g_autoptr (ConvokeTestServer) feed = convoke_test_server_new ();
  g_autoptr (ConvokeTestServer) stand_in = convoke_test_server_new ();
  ConvokeTestPriceFeed *garbage = GINT_TO_POINTER (0xdead);
  ConvokeTestPriceFeed **place = &garbage;
  guint64 ret = 0;
  Call call;

  g_test_summary ("An out of a borrowed frame is replaced; what the caller's memory held before is never read");

  call_init (&call, "feed_out");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &place), &ret);
  map_in (&call, stand_in);
  call_run (&call);
  convoke_frame_map_out (&call.frame, map_feed, stand_in);
  g_assert_null (garbage);
  convoke_frame_clear (&call.frame);

  convoke_test_every_take_feed (CONVOKE_TEST_EVERY (call.server), g_object_ref (CONVOKE_TEST_PRICE_FEED (feed)));
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &place), &ret);
  map_in (&call, stand_in);
  call_run (&call);
  convoke_frame_map_out (&call.frame, map_feed, stand_in);
  g_assert_true (garbage == (gpointer) stand_in);
  g_object_unref (garbage);
  call_end (&call);

  g_assert_cmpuint (G_OBJECT (feed)->ref_count, ==, 1);
  g_assert_cmpuint (G_OBJECT (stand_in)->ref_count, ==, 1);
}

static void
test_map_lent (void)
{
  g_autoptr (ConvokeTestServer) feed = convoke_test_server_new ();
  g_autoptr (ConvokeTestServer) stand_in = convoke_test_server_new ();
  gpointer result = NULL;
  Call call;

  g_test_summary ("What replaces a lent object lives as long as the frame");

  call_init (&call, "get_feed");
  convoke_test_every_take_feed (CONVOKE_TEST_EVERY (call.server), g_object_ref (CONVOKE_TEST_PRICE_FEED (feed)));
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, NULL), &result);
  map_in (&call, stand_in);
  call_run (&call);
  convoke_frame_map_out (&call.frame, map_feed, stand_in);
  g_assert_true (result == (gpointer) stand_in);
  g_assert_cmpuint (G_OBJECT (stand_in)->ref_count, ==, 2);
  call_end (&call);

  g_assert_cmpuint (G_OBJECT (stand_in)->ref_count, ==, 1);
  g_assert_cmpuint (G_OBJECT (feed)->ref_count, ==, 1);
}

static void
test_map_elements_out (void)
{
  g_autoptr (ConvokeTestServer) stand_in = convoke_test_server_new ();
  g_autoptr (GPtrArray) feeds = NULL;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("Objects in a container that comes out are replaced");

  call_init (&call, "list_feeds");
  g_assert_true (call_capture (&call, &error, 3u));
  map_in (&call, stand_in);
  call_run (&call);
  convoke_frame_map_out (&call.frame, map_feed, stand_in);
  call_take (&call, &feeds);
  call_end (&call);

  g_assert_cmpuint (feeds->len, ==, 3);
  g_assert_true (feeds->pdata[2] == stand_in);
}

static void
test_map_gvalue (void)
{
  g_autoptr (ConvokeTestServer) given = convoke_test_server_new ();
  g_autoptr (ConvokeTestServer) stand_in = convoke_test_server_new ();
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) result = G_VALUE_INIT;
  GValue *value_pointer = &value, *result_pointer = &result;
  Call call;

  g_test_summary ("An object in a GValue is replaced too");

  g_value_init (&value, CONVOKE_TEST_TYPE_SERVER);
  g_value_set_object (&value, given);
  call_init (&call, "echo_value");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &value_pointer, &result_pointer), NULL);
  map_in (&call, stand_in);
  call_run (&call);
  g_assert_true (g_value_get_object (&result) == stand_in);
  g_assert_true (g_value_get_object (&value) == given);
  convoke_frame_map_out (&call.frame, map_feed, given);
  g_assert_true (g_value_get_object (&result) == given);
  call_end (&call);
}

static void
fill_value (gpointer  self,
            GValue   *value,
            GValue   *result)
{
  g_value_set_int (value, 42);
  g_value_init (result, G_TYPE_INT);
}

static void
test_map_in_place (void)
{
  g_autoptr (ConvokeTestServer) stand_in = convoke_test_server_new ();
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) result = G_VALUE_INIT;
  GValue *value_pointer = &value, *result_pointer = &result;
  Call call;

  g_test_summary ("What needs no other in its place reaches a blocked caller's callee itself, and can be changed in place");

  g_value_init (&value, G_TYPE_INT);
  call_init (&call, "echo_value");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &value_pointer, &result_pointer), NULL);
  map_in (&call, stand_in);
  convoke_frame_invoke (&call.frame, call.server, (GCallback) fill_value, keep_outs, NULL);
  call_end (&call);

  g_assert_cmpint (g_value_get_int (&value), ==, 42);
}

static void
test_map_callback (void)
{
  guint given = 0, replaced = 0;
  ConvokeTestTextFunc func = count_text;
  gpointer data = &given;
  GDestroyNotify destroy = count_destroy;
  guint64 ret = 0;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("A callback's data is replaced; what came with it is the callee's, or freed where that never got it");

  call_init (&call, "watch");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &func, &data, &destroy), &ret);
  g_assert_true (convoke_frame_map_in (&call.frame, map_feed, map_text_callback, &replaced, &error));
  call_run (&call);
  g_assert_true (data == &given);
  convoke_test_every_tell (CONVOKE_TEST_EVERY (call.server), "x");
  g_assert_cmpuint (replaced, ==, 1);
  convoke_frame_clear (&call.frame);
  g_assert_cmpuint (replaced, ==, 1);
  call_wipe (&call);
  g_assert_cmpuint (given, ==, 0);

  call_init (&call, "watch");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &func, &data, &destroy), &ret);
  g_assert_true (convoke_frame_map_in (&call.frame, map_feed, map_text_callback, &replaced, &error));
  call_end (&call);
  g_assert_cmpuint (replaced, ==, 101);
  g_assert_cmpuint (given, ==, 0);
}

/* --- completing by hand --- */

static gboolean
set_outs (ConvokeFrame  *frame,
          GError       **error,
          ...)
{
  va_list ap;
  gboolean set;

  va_start (ap, error);
  set = convoke_frame_set_outs_valist (frame, &ap, error);
  va_end (ap);

  return set;
}

static void
test_by_hand_captured (void)
{
  g_autofree double *reversed = NULL;
  gsize n = 0;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("SV: results of a captured call can be set by hand; all is copied");

  call_init (&call, "reverse_doubles");
  g_assert_true (call_capture (&call, &error, (double[]) { 1 }, (gsize) 1));
  {
    double given[] = { 3, 4 };

    g_assert_true (set_outs (&call.frame, &error, given, (gsize) 2));
    g_assert_no_error (error);
    given[0] = 0;
  }
  call_take (&call, &reversed, &n);
  call_end (&call);

  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (reversed[0], ==, 3);
}

static void
test_by_hand_borrowed (void)
{
  int dividend = 1, divisor = 1, quotient = 0;
  int *quotient_place = &quotient, *nowhere = NULL;
  GError **no_error = NULL;
  guint64 ret = 0;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("SV: results set by hand go to the places of a blocked caller");

  call_init (&call, "divide");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &dividend, &divisor, &quotient_place, &nowhere, &no_error), &ret);
  g_assert_true (set_outs (&call.frame, &error, TRUE, 5, 6));
  g_assert_cmpuint (ret, ==, TRUE);
  g_assert_cmpint (quotient, ==, 5);
  call_end (&call);
}

static void
test_by_hand_lent (void)
{
  const char *label = NULL;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("SV: a lent result set by hand for a blocked caller lives as long as the frame");

  call_init (&call, "get_label");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, NULL), &label);
  {
    g_autofree char *text = g_strdup ("by hand");

    g_assert_true (set_outs (&call.frame, &error, text));
  }
  g_assert_cmpstr (label, ==, "by hand");
  call_end (&call);
}

static void
test_by_hand_wrong (void)
{
  g_autofree char *kept = NULL;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("SV: a result that does not fit is refused, and what was set before stays");

  call_init (&call, "split_out");
  g_assert_true (call_capture (&call, &error, "text"));
  g_assert_false (set_outs (&call.frame, &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  call_end (&call);

  g_clear_error (&error);
  call_init (&call, "echo_string");
  g_assert_true (call_capture (&call, &error, "text"));
  g_assert_true (set_outs (&call.frame, &error, "good"));
  g_assert_false (set_outs (&call.frame, &error, "\xff"));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  call_take (&call, &kept);
  g_assert_cmpstr (kept, ==, "good");
  call_end (&call);
}

static gboolean
drop_outs (gpointer data)
{
  Call *call = data;

  /* What another thread may have done while the method ran. */
  g_assert_true (set_outs (&call->frame, NULL, "from elsewhere"));
  return FALSE;
}

static void
test_deferred (void)
{
  char *text = NULL;
  g_autofree char *result = NULL;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("SV: what a deferred method leaves behind when it returns never replaces the results set elsewhere");

  call_init (&call, "append");
  g_assert_true (call_capture (&call, &error, text));
  convoke_frame_invoke (&call.frame, call.server, convoke_method_info_get_slot (call.method, call.server), drop_outs, &call);
  call_take (&call, &result);
  call_end (&call);

  g_assert_cmpstr (result, ==, "from elsewhere");
}

static gboolean
keep_nothing (gpointer data)
{
  return FALSE;
}

static void
test_deferred_error (void)
{
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("SV: an error of a deferred method is dropped");

  call_init (&call, "divide");
  g_assert_true (call_capture (&call, &error, 1, 0));
  convoke_frame_invoke (&call.frame, call.server, convoke_method_info_get_slot (call.method, call.server), keep_nothing, NULL);
  g_assert_no_error (call.frame.error);
  g_assert_false (call.frame.has_outs);
  call_end (&call);
}

static void
test_failed_captured (void)
{
  g_autoptr (GError) cause = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "late");
  g_autofree char *text = NULL;
  g_autofree char *nullable = g_strdup ("x");
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("D15: a failed call gives zero values, and the empty string where NULL is not allowed");

  call_init (&call, "join");
  g_assert_true (call_capture (&call, &error, (const char *[]) { "a", NULL }));
  convoke_frame_set_failed (&call.frame, cause);
  g_assert_error (call.frame.error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  call_take (&call, &text);
  call_end (&call);
  g_assert_cmpstr (text, ==, "");

  g_clear_pointer (&nullable, g_free);
  call_init (&call, "echo_string");
  g_assert_true (call_capture (&call, &error, "a"));
  convoke_frame_set_failed (&call.frame, cause);
  call_take (&call, &nullable);
  call_end (&call);
  g_assert_null (nullable);
}

static void
test_failed_borrowed (void)
{
  g_autoptr (GError) cause = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "late");
  int dividend = 1, divisor = 1, quotient = 9;
  int *quotient_place = &quotient, *nowhere = NULL;
  GError *thrown = NULL;
  GError **place = &thrown;
  guint64 ret = 77;
  int *values = GINT_TO_POINTER (1), **values_place = &values;
  gsize n = 3, *n_place = &n;
  guint count = 3;
  Call call;

  g_test_summary ("D15: a blocked caller of a failed call finds zero values and the error");

  call_init (&call, "divide");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &dividend, &divisor, &quotient_place, &nowhere, &place), &ret);
  convoke_frame_set_failed (&call.frame, cause);
  g_assert_error (thrown, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_cmpuint (ret, ==, 0);
  g_assert_cmpint (quotient, ==, 0);
  g_clear_error (&thrown);
  call_end (&call);

  call_init (&call, "make_ints");
  convoke_frame_init_borrowed (&call.frame, call.plan, NATIVE (&call, &count, &values_place, &n_place), NULL);
  convoke_frame_set_failed (&call.frame, cause);
  g_assert_null (values);
  g_assert_cmpuint (n, ==, 0);
  call_end (&call);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/frame/storage", test_storage);
  g_test_add_func ("/gobj/frame/scalars", test_scalars);
  g_test_add_func ("/gobj/frame/scalar-range", test_scalar_range);
  g_test_add_func ("/gobj/frame/string", test_string);
  g_test_add_func ("/gobj/frame/string-invalid", test_string_invalid);
  g_test_add_func ("/gobj/frame/null", test_null);
  g_test_add_func ("/gobj/frame/untaken", test_untaken);
  g_test_add_func ("/gobj/frame/not-invoked", test_not_invoked);
  g_test_add_func ("/gobj/frame/consumed/full", test_consumed_full);
  g_test_add_func ("/gobj/frame/consumed/container", test_consumed_container);
  g_test_add_func ("/gobj/frame/consumed/inout", test_consumed_inout);
  g_test_add_func ("/gobj/frame/consumed/failure", test_consumed_failure);
  g_test_add_func ("/gobj/frame/variant/floating", test_floating);
  g_test_add_func ("/gobj/frame/variant/consumed", test_take_variant);
  g_test_add_func ("/gobj/frame/lent/by-frame", test_lent_by_frame);
  g_test_add_func ("/gobj/frame/lent/by-keeper", test_lent_by_keeper);
  g_test_add_func ("/gobj/frame/lent/elements", test_lent_elements);
  g_test_add_func ("/gobj/frame/lent/list", test_lent_list);
  g_test_add_func ("/gobj/frame/arrays/in", test_arrays_in);
  g_test_add_func ("/gobj/frame/arrays/out", test_arrays_out);
  g_test_add_func ("/gobj/frame/arrays/strings", test_string_arrays);
  g_test_add_func ("/gobj/frame/containers", test_containers);
  g_test_add_func ("/gobj/frame/structs", test_structs);
  g_test_add_func ("/gobj/frame/boxed", test_boxed);
  g_test_add_func ("/gobj/frame/gvalue", test_gvalue);
  g_test_add_func ("/gobj/frame/gerror", test_gerror);
  g_test_add_func ("/gobj/frame/objects", test_objects);
  g_test_add_func ("/gobj/frame/thrown/captured", test_thrown);
  g_test_add_func ("/gobj/frame/thrown/native", test_thrown_native);
  g_test_add_func ("/gobj/frame/optional", test_optional);
  g_test_add_func ("/gobj/frame/borrowed/return", test_borrowed_return);
  g_test_add_func ("/gobj/frame/borrowed/instance", test_borrowed_instance);
  g_test_add_func ("/gobj/frame/borrowed/outs", test_borrowed_outs);
  g_test_add_func ("/gobj/frame/callback/captured", test_callback);
  g_test_add_func ("/gobj/frame/callback/unused", test_callback_unused);
  g_test_add_func ("/gobj/frame/map/captured", test_map_captured);
  g_test_add_func ("/gobj/frame/map/borrowed", test_map_borrowed);
  g_test_add_func ("/gobj/frame/map/consumed", test_map_consumed);
  g_test_add_func ("/gobj/frame/map/consumed-unused", test_map_consumed_unused);
  g_test_add_func ("/gobj/frame/map/list", test_map_list);
  g_test_add_func ("/gobj/frame/map/out", test_map_out_places);
  g_test_add_func ("/gobj/frame/map/lent", test_map_lent);
  g_test_add_func ("/gobj/frame/map/elements-out", test_map_elements_out);
  g_test_add_func ("/gobj/frame/map/gvalue", test_map_gvalue);
  g_test_add_func ("/gobj/frame/map/in-place", test_map_in_place);
  g_test_add_func ("/gobj/frame/map/callback", test_map_callback);
  g_test_add_func ("/gobj/frame/by-hand/captured", test_by_hand_captured);
  g_test_add_func ("/gobj/frame/by-hand/borrowed", test_by_hand_borrowed);
  g_test_add_func ("/gobj/frame/by-hand/lent", test_by_hand_lent);
  g_test_add_func ("/gobj/frame/by-hand/wrong", test_by_hand_wrong);
  g_test_add_func ("/gobj/frame/deferred/results", test_deferred);
  g_test_add_func ("/gobj/frame/deferred/error", test_deferred_error);
  g_test_add_func ("/gobj/frame/failed/captured", test_failed_captured);
  g_test_add_func ("/gobj/frame/failed/borrowed", test_failed_borrowed);

  return g_test_run ();
}
