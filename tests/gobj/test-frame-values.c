/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>

#include "frame-fixture.h"

/* --- helpers --- */

static void
check_result (GValue     *outs,
              guint       n_outs,
              guint       wanted)
{
  g_assert_cmpuint (n_outs, ==, wanted);
  g_assert_nonnull (outs);
}

/* Calls a method of one argument that gives one result. */
static GValue *
call_one (const char   *name,
          const GValue *value)
{
  Call call;
  GValue *outs;
  guint n_outs = 0;

  call_init (&call, name);
  outs = call_with_values (&call, value, 1, &n_outs);
  check_result (outs, n_outs, 1);

  return outs;
}

static GError *
refuse (const char   *name,
        const GValue *values,
        guint         n_values)
{
  GError *error = NULL;
  Call call;

  call_init (&call, name);
  g_assert_false (convoke_frame_capture_values (&call.frame, call.plan, call.storage, values, n_values, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  call_wipe (&call);

  return error;
}

static void
refuse_one (const char   *name,
            const GValue *value,
            const char   *message)
{
  g_autoptr (GError) error = refuse (name, value, 1);
  g_autofree char *wanted = g_strdup_printf ("argument 'value' of ConvokeTest-1.Every.%s %s", name, message);

  g_assert_cmpstr (error->message, ==, wanted);
}

#define INT(number)     { G_TYPE_INT, { { .v_int = (number) } } }
#define INT64(number)   { G_TYPE_INT64, { { .v_int64 = (number) } } }
#define UINT64(number)  { G_TYPE_UINT64, { { .v_uint64 = (number) } } }
#define DOUBLE(number)  { G_TYPE_DOUBLE, { { .v_double = (number) } } }
#define BOOLEAN(truth)  { G_TYPE_BOOLEAN, { { .v_int = (truth) } } }

/* Static: data[1] says that the text is not to be freed. */
#define STRING(text)    { G_TYPE_STRING, { { .v_pointer = (gpointer) (text) }, { .v_uint = G_VALUE_NOCOPY_CONTENTS } } }

static GValue *
make_boxed (GValue   *value,
            GType     gtype,
            gpointer  boxed)
{
  g_value_init (value, gtype);
  g_value_take_boxed (value, boxed);
  return value;
}

static GValue *
make_variant (GValue     *value,
              const char *text)
{
  g_value_init (value, G_TYPE_VARIANT);
  g_value_take_variant (value, g_variant_ref_sink (g_variant_new_parsed (text)));
  return value;
}

/* --- counts and names --- */

static void
test_count (void)
{
  const GValue values[] = { INT (1), INT (2) };
  g_autoptr (GError) error = refuse ("echo_int8", values, 2);

  g_test_summary ("A wrong number of values is refused, saying how many there should be");

  g_assert_cmpstr (error->message, ==, "ConvokeTest-1.Every.echo_int8 takes 1 value, got 2");
}

static void
test_counts (void)
{
  g_test_summary ("Lengths, user data and destroy notifies are neither given nor handed out");

  g_assert_cmpuint (convoke_plan_get_n_ins (find_plan ("sum_shifted")), ==, 2);
  g_assert_cmpuint (convoke_plan_get_n_ins (find_plan ("watch")), ==, 1);
  g_assert_cmpuint (convoke_plan_get_n_ins (find_plan ("make_ints")), ==, 1);
  g_assert_cmpuint (convoke_plan_get_n_outs (find_plan ("make_ints")), ==, 1);
  g_assert_cmpuint (convoke_plan_get_n_outs (find_plan ("reverse_doubles")), ==, 1);
  g_assert_cmpuint (convoke_plan_get_n_outs (find_plan ("divide")), ==, 3);
  g_assert_cmpuint (convoke_plan_get_n_outs (find_plan ("nothing")), ==, 0);
}

/* --- numbers --- */

static void
test_range (void)
{
  const GValue small = INT (-1), large = INT (300), huge = UINT64 (G_MAXUINT64), low = INT64 (G_MININT64);

  g_test_summary ("A number out of range is refused, telling range and number");

  refuse_one ("echo_uint8", &large, "wants 0..255, got 300");
  refuse_one ("echo_uint8", &small, "wants 0..255, got -1");
  refuse_one ("echo_int8", &large, "wants -128..127, got 300");
  refuse_one ("echo_uint16", &small, "wants 0..65535, got -1");
  refuse_one ("echo_int32", &low, "wants -2147483648..2147483647, got -9223372036854775808");
  refuse_one ("echo_uint32", &small, "wants 0..4294967295, got -1");
  refuse_one ("echo_int64", &huge, "wants -9223372036854775808..9223372036854775807, got 18446744073709551615");
  refuse_one ("echo_uint64", &small, "wants 0..18446744073709551615, got -1");
  refuse_one ("echo_unichar", &huge, "wants 0..1114111, got 18446744073709551615");
}

static void
test_widths (void)
{
  const GValue wide = INT64 (-7), narrow = INT (200), top = UINT64 (G_MAXUINT64);
  GValue *outs;

  g_test_summary ("Any integer type is taken for any other, where the number fits");

  outs = call_one ("echo_int8", &wide);
  g_assert_cmpint (g_value_get_schar (outs), ==, -7);
  free_values (outs, 1);

  outs = call_one ("echo_uint8", &narrow);
  g_assert_cmpuint (g_value_get_uchar (outs), ==, 200);
  free_values (outs, 1);

  outs = call_one ("echo_uint64", &top);
  g_assert_cmpuint (g_value_get_uint64 (outs), ==, G_MAXUINT64);
  free_values (outs, 1);

  outs = call_one ("echo_int16", &wide);
  g_assert_cmpint (g_value_get_int (outs), ==, -7);
  free_values (outs, 1);
}

static void
test_floats (void)
{
  const GValue whole = INT (3), half = DOUBLE (0.5), huge = DOUBLE (1e300);
  const GValue inexact = INT64 ((G_GINT64_CONSTANT (1) << 53) + 1), text = STRING ("1.5");
  GValue *outs;

  g_test_summary ("Whole numbers are taken as floating ones where nothing is lost, never the other way round");

  outs = call_one ("echo_double", &whole);
  g_assert_cmpfloat (g_value_get_double (outs), ==, 3);
  free_values (outs, 1);

  outs = call_one ("echo_float", &half);
  g_assert_cmpfloat (g_value_get_float (outs), ==, 0.5);
  free_values (outs, 1);

  refuse_one ("echo_double", &inexact, "wants a number that a double holds exactly, got 9007199254740993");
  refuse_one ("echo_float", &huge, "wants a number within the range of a float, got 1.0000000000000001e+300");
  refuse_one ("echo_int32", &half, "wants a whole number, got gdouble");
  refuse_one ("echo_double", &text, "wants a number, got gchararray");
}

static void
test_boolean (void)
{
  const GValue truth = BOOLEAN (TRUE), one = INT (1), two = INT (2);
  GValue *outs;

  g_test_summary ("A boolean is one, or the number 0 or 1; no boolean is a number");

  outs = call_one ("echo_boolean", &truth);
  g_assert_true (g_value_get_boolean (outs));
  free_values (outs, 1);

  outs = call_one ("echo_boolean", &one);
  g_assert_true (g_value_get_boolean (outs));
  free_values (outs, 1);

  refuse_one ("echo_boolean", &two, "wants 0..1, got 2");
  refuse_one ("echo_int32", &truth, "wants a whole number, got gboolean");
}

static void
test_unichar (void)
{
  const GValue letter = STRING ("ß"), number = INT ('x'), word = STRING ("word");
  GValue *outs;

  g_test_summary ("A character is a number or a string of one");

  outs = call_one ("echo_unichar", &letter);
  g_assert_cmpuint (g_value_get_uint (outs), ==, 0xdf);
  free_values (outs, 1);

  outs = call_one ("echo_unichar", &number);
  g_assert_cmpuint (g_value_get_uint (outs), ==, 'x');
  free_values (outs, 1);

  refuse_one ("echo_unichar", &word, "wants one character, got another number of them");
}

static void
test_gtype (void)
{
  const GValue name = STRING ("GObject"), nonsense = STRING ("NoSuchTypeAtAll");
  GValue *outs;

  g_test_summary ("A GType can be given by name");

  outs = call_one ("echo_gtype", &name);
  g_assert_true (g_value_get_gtype (outs) == G_TYPE_OBJECT);
  free_values (outs, 1);

  refuse_one ("echo_gtype", &nonsense, "wants the name of a type, got NoSuchTypeAtAll");
}

static void
test_enums (void)
{
  const GValue nick = STRING ("good"), number = INT (-3), nonsense = STRING ("excellent"), nicks = STRING ("left|top");
  g_auto (GValue) typed = G_VALUE_INIT, other = G_VALUE_INIT;
  GValue *outs;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Enums and flags are taken by value, number or nick, and given in their type");

  g_type_ensure (CONVOKE_TEST_TYPE_MOOD);
  g_type_ensure (CONVOKE_TEST_TYPE_SIDES);

  outs = call_one ("echo_mood", &nick);
  g_assert_true (G_VALUE_TYPE (outs) == CONVOKE_TEST_TYPE_MOOD);
  g_assert_cmpint (g_value_get_enum (outs), ==, CONVOKE_TEST_MOOD_GOOD);
  free_values (outs, 1);

  outs = call_one ("echo_mood", &number);
  g_assert_cmpint (g_value_get_enum (outs), ==, CONVOKE_TEST_MOOD_BAD);
  free_values (outs, 1);

  outs = call_one ("echo_sides", &nicks);
  g_assert_cmpuint (g_value_get_flags (outs), ==, CONVOKE_TEST_SIDES_LEFT | CONVOKE_TEST_SIDES_TOP);
  free_values (outs, 1);

  g_value_init (&typed, CONVOKE_TEST_TYPE_MOOD);
  g_value_set_enum (&typed, CONVOKE_TEST_MOOD_BAD);
  outs = call_one ("echo_mood", &typed);
  g_assert_cmpint (g_value_get_enum (outs), ==, CONVOKE_TEST_MOOD_BAD);
  free_values (outs, 1);

  refuse_one ("echo_mood", &nonsense, "wants a nick of ConvokeTest.Mood, got excellent");

  g_value_init (&other, CONVOKE_TEST_TYPE_SIDES);
  refuse_one ("echo_mood", &other, "wants ConvokeTest.Mood, got ConvokeTestSides");
}

/* --- strings, variants, bytes --- */

static void
test_strings (void)
{
  const GValue text = STRING ("Grüße"), null = STRING (NULL), invalid = STRING ("\xff"), number = INT (1);
  GValue *outs;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Strings are copied and validated; NULL is for nullable ones only");

  outs = call_one ("echo_string", &text);
  g_assert_cmpstr (g_value_get_string (outs), ==, "Grüße");
  free_values (outs, 1);

  outs = call_one ("echo_string", &null);
  g_assert_null (g_value_get_string (outs));
  free_values (outs, 1);

  outs = call_one ("echo_filename", &invalid);
  g_assert_cmpstr (g_value_get_string (outs), ==, "\xff");
  free_values (outs, 1);

  refuse_one ("echo_string", &invalid, "wants valid UTF-8, got other bytes");
  refuse_one ("echo_string", &number, "wants a string, got gint");
  refuse_one ("take_string", &null, "must not be NULL");
}

static void
test_variants (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GValue *outs;

  g_test_summary ("A variant is a value like any other");

  outs = call_one ("echo_variant", make_variant (&value, "{'a': <1>}"));
  g_assert_true (g_variant_equal (g_value_get_variant (outs), g_value_get_variant (&value)));
  free_values (outs, 1);

  outs = call_one ("take_variant", &value);
  g_assert_cmpstr (g_value_get_string (outs), ==, "{'a': <1>}");
  free_values (outs, 1);
}

static void
test_bytes (void)
{
  g_auto (GValue) bytes = G_VALUE_INIT, array = G_VALUE_INIT, variant = G_VALUE_INIT;
  GValue *outs;

  g_test_summary ("GBytes, GByteArray and a variant of bytes are taken for each other, and for arrays of bytes");

  make_boxed (&bytes, G_TYPE_BYTES, g_bytes_new_static ("\1\2\3", 3));
  make_boxed (&array, G_TYPE_BYTE_ARRAY, g_byte_array_append (g_byte_array_new (), (const guint8 *) "\4\5", 2));
  make_variant (&variant, "[byte 1, 1]");

  outs = call_one ("echo_bytes", &array);
  g_assert_cmpuint (g_bytes_get_size (g_value_get_boxed (outs)), ==, 2);
  free_values (outs, 1);

  outs = call_one ("echo_byte_array", &bytes);
  g_assert_cmpuint (((GByteArray *) g_value_get_boxed (outs))->len, ==, 3);
  free_values (outs, 1);

  outs = call_one ("sum_bytes", &bytes);
  g_assert_cmpuint (g_value_get_uint64 (outs), ==, 6);
  free_values (outs, 1);

  outs = call_one ("sum_bytes", &array);
  g_assert_cmpuint (g_value_get_uint64 (outs), ==, 9);
  free_values (outs, 1);

  outs = call_one ("sum_bytes", &variant);
  g_assert_cmpuint (g_value_get_uint64 (outs), ==, 2);
  free_values (outs, 1);
}

/* --- sequences --- */

static void
test_number_arrays (void)
{
  g_auto (GValue) ints = G_VALUE_INIT, wide = G_VALUE_INIT, doubles = G_VALUE_INIT, null = G_VALUE_INIT;
  GValue *outs;

  g_test_summary ("Arrays of numbers are variants, of their own type or of one whose numbers fit; the length is counted");

  outs = call_one ("sum_ints", make_variant (&ints, "[1, 2, 3]"));
  g_assert_cmpint (g_value_get_int64 (outs), ==, 6);
  free_values (outs, 1);

  outs = call_one ("sum_ints", make_variant (&wide, "[int64 10, 20]"));
  g_assert_cmpint (g_value_get_int64 (outs), ==, 30);
  free_values (outs, 1);

  outs = call_one ("reverse_doubles", make_variant (&doubles, "[1.5, 2.5]"));
  g_assert_cmpstr (g_variant_get_type_string (g_value_get_variant (outs)), ==, "ad");
  g_assert_cmpuint (g_variant_n_children (g_value_get_variant (outs)), ==, 2);
  free_values (outs, 1);

  g_value_init (&null, G_TYPE_VARIANT);
  outs = call_one ("sum_ints", &null);
  g_assert_cmpint (g_value_get_int64 (outs), ==, 0);
  free_values (outs, 1);
}

static void
test_number_arrays_out (void)
{
  const GValue count = INT (3), first = INT (5);
  g_autofree char *text = NULL;
  GValue *outs;

  g_test_summary ("Arrays of numbers come out as variants, with their length in them");

  outs = call_one ("make_ints", &count);
  text = g_variant_print (g_value_get_variant (outs), FALSE);
  g_assert_cmpstr (text, ==, "[0, 1, 2]");
  free_values (outs, 1);
  g_free (text);

  outs = call_one ("make_triple", &first);
  text = g_variant_print (g_value_get_variant (outs), FALSE);
  g_assert_cmpstr (text, ==, "[5, 6, 7]");
  free_values (outs, 1);
}

static void
test_array_shapes (void)
{
  g_auto (GValue) two = G_VALUE_INIT, three = G_VALUE_INIT, hole = G_VALUE_INIT, large = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  GValue *outs;

  g_test_summary ("An array of the wrong size, with a zero inside, or with a wrong element is refused, and says which");

  make_variant (&two, "[1, 2]");
  error = refuse ("sum_triple", &two, 1);
  g_assert_cmpstr (error->message, ==, "argument 'triple' of ConvokeTest-1.Every.sum_triple wants 3 elements, got 2");
  g_clear_error (&error);

  outs = call_one ("sum_triple", make_variant (&three, "[1, 2, 3]"));
  g_assert_cmpint (g_value_get_int (outs), ==, 6);
  free_values (outs, 1);

  error = refuse ("sum_terminated", make_variant (&hole, "[1, 0, 2]"), 1);
  g_clear_error (&error);

  error = refuse ("sum_ints", make_variant (&large, "[int64 1, 5000000000]"), 1);
  g_assert_cmpstr (error->message, ==,
                   "argument 'values' of ConvokeTest-1.Every.sum_ints (element 1) wants -2147483648..2147483647, got 5000000000");
}

static void
test_pointer (void)
{
  int triple[] = { 1, 1, 1 };
  const GValue known = { G_TYPE_POINTER, { { .v_pointer = triple } } };
  g_autoptr (GError) error = NULL;
  GValue *outs;

  g_test_summary ("A plain pointer is the native value, where that tells its own length");

  outs = call_one ("sum_triple", &known);
  g_assert_cmpint (g_value_get_int (outs), ==, 3);
  free_values (outs, 1);

  error = refuse ("sum_ints", &known, 1);
  g_assert_cmpstr (error->message, ==,
                   "argument 'values' of ConvokeTest-1.Every.sum_ints wants an array that knows its length, got a pointer");
}

static void
test_gtype_is_no_pointer (void)
{
  const GValue gtype = { G_TYPE_GTYPE, { { .v_pointer = GSIZE_TO_POINTER (G_TYPE_OBJECT) } } };

  g_test_summary ("A GType, whose value is derived from a pointer's, is not taken for one");

  refuse_one ("echo_string", &gtype, "wants a string, got GType");
  refuse_one ("echo_variant", &gtype, "wants a GVariant, got GType");
}

static const char *
first_string (GValue *value)
{
  return ((char **) g_value_get_boxed (value))[0];
}

static void
test_string_sequences (void)
{
  const char * const methods[] = { "reverse_list", "reverse_slist", "reverse_ptr_array" };
  g_auto (GValue) strv = G_VALUE_INIT, variant = G_VALUE_INIT, invalid = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  GValue *outs;

  g_test_summary ("Sequences of strings are string arrays, or variants of strings, and come out as string arrays");

  make_boxed (&strv, G_TYPE_STRV, g_strsplit ("a,b,c", ",", -1));
  make_variant (&variant, "['x', 'y']");

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      outs = call_one (methods[i], &strv);
      g_assert_true (G_VALUE_HOLDS (outs, G_TYPE_STRV));
      g_assert_cmpstr (first_string (outs), ==, "c");
      free_values (outs, 1);

      outs = call_one (methods[i], &variant);
      g_assert_cmpstr (first_string (outs), ==, "y");
      free_values (outs, 1);
    }

  outs = call_one ("join", &strv);
  g_assert_cmpstr (g_value_get_string (outs), ==, "a,b,c");
  free_values (outs, 1);

  outs = call_one ("join_counted", &strv);
  g_assert_cmpstr (g_value_get_string (outs), ==, "a,b,c");
  free_values (outs, 1);

  outs = call_one ("take_list", &strv);
  g_assert_cmpuint (g_value_get_uint (outs), ==, 3);
  free_values (outs, 1);

  outs = call_one ("take_container", &strv);
  g_assert_cmpuint (g_value_get_uint (outs), ==, 3);
  free_values (outs, 1);

  make_boxed (&invalid, G_TYPE_STRV, g_strsplit ("good,\xff", ",", -1));
  error = refuse ("join", &invalid, 1);
  g_assert_cmpstr (error->message, ==,
                   "argument 'parts' of ConvokeTest-1.Every.join (element 1) wants valid UTF-8, got other bytes");
}

static void
test_lent_strings (void)
{
  GValue *outs;
  guint n_outs;
  const char * const methods[] = { "get_names", "list_names", "peek_names" };

  g_test_summary ("What a method only lends is the user's own copy as a value");

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      Call call;

      call_init (&call, methods[i]);
      outs = call_with_values (&call, NULL, 0, &n_outs);
      check_result (outs, n_outs, 1);
      g_assert_cmpstr (first_string (outs), ==, "anna");
      free_values (outs, 1);
    }
}

static void
test_native_containers (void)
{
  GPtrArray *strings = g_ptr_array_new_with_free_func (g_free);
  g_auto (GValue) ptr_array = G_VALUE_INIT, numbers = G_VALUE_INIT;
  GValue *outs;

  g_test_summary ("A GPtrArray is taken for one, a variant for a GArray");

  g_ptr_array_add (strings, g_strdup ("1"));
  g_ptr_array_add (strings, g_strdup ("2"));
  outs = call_one ("reverse_ptr_array", make_boxed (&ptr_array, G_TYPE_PTR_ARRAY, strings));
  g_assert_cmpstr (first_string (outs), ==, "2");
  free_values (outs, 1);

  outs = call_one ("reverse_array", make_variant (&numbers, "[1, 2, 3]"));
  g_assert_cmpstr (g_variant_get_type_string (g_value_get_variant (outs)), ==, "ai");
  free_values (outs, 1);
}

static void
test_hash_tables (void)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GValue) native = G_VALUE_INIT, variant = G_VALUE_INIT, options = G_VALUE_INIT, wrong = G_VALUE_INIT;
  g_auto (GValue) null = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  GValue *outs;

  g_test_summary ("Hash tables are given natively or as variants, and come out as variants");

  g_hash_table_insert (table, g_strdup ("key"), g_strdup ("value"));
  outs = call_one ("swap_table", make_boxed (&native, G_TYPE_HASH_TABLE, table));
  text = g_variant_print (g_value_get_variant (outs), FALSE);
  g_assert_cmpstr (text, ==, "{'value': 'key'}");
  free_values (outs, 1);

  outs = call_one ("swap_table", make_variant (&variant, "{'a': 'b'}"));
  g_assert_true (g_variant_lookup (g_value_get_variant (outs), "b", "s", NULL));
  free_values (outs, 1);

  outs = call_one ("echo_options", make_variant (&options, "{'b': <'two'>}"));
  g_assert_cmpstr (g_variant_get_type_string (g_value_get_variant (outs)), ==, "a{sv}");
  g_assert_true (g_variant_equal (g_value_get_variant (outs), g_value_get_variant (&options)));
  free_values (outs, 1);

  g_value_init (&null, G_TYPE_VARIANT);
  outs = call_one ("echo_options", &null);
  g_assert_null (g_value_get_boxed (outs));
  free_values (outs, 1);

  error = refuse ("swap_table", make_variant (&wrong, "{'a': 1}"), 1);
  g_assert_cmpstr (error->message, ==, "argument 'table' of ConvokeTest-1.Every.swap_table wants a string, got gint");
}

/* --- structs, boxed types, objects --- */

static void
test_boxed (void)
{
  int before = convoke_test_color_count ();
  g_auto (GValue) color = G_VALUE_INIT, other = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  GValue *outs;

  g_test_summary ("Boxed values are copied in their type; another type is refused");

  outs = call_one ("mix", make_boxed (&color, CONVOKE_TEST_TYPE_COLOR, convoke_test_color_new (1, 2, 3, "c")));
  g_assert_true (G_VALUE_TYPE (outs) == CONVOKE_TEST_TYPE_COLOR);
  free_values (outs, 1);

  error = refuse ("mix", make_boxed (&other, G_TYPE_DATE_TIME, g_date_time_new_now_utc ()), 1);
  g_assert_cmpstr (error->message, ==, "argument 'color' of ConvokeTest-1.Every.mix wants ConvokeTest.Color, got GDateTime");

  g_value_unset (&color);
  g_assert_cmpint (convoke_test_color_count (), ==, before);
}

static void
test_structs (void)
{
  ConvokeTestPoint point = { .x = 1, .y = 2, .tag = 3 };
  const ConvokeTestPoint *moved;
  GValue values[] = { G_VALUE_INIT, DOUBLE (4) };
  g_auto (GValue) wrong = G_VALUE_INIT;
  guint n_outs;
  GValue *outs;
  Call call;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A plain struct is its bytes, of exactly its size");

  make_boxed (&values[0], G_TYPE_BYTES, g_bytes_new (&point, sizeof point));
  call_init (&call, "move_point");
  outs = call_with_values (&call, values, 2, &n_outs);
  check_result (outs, n_outs, 1);
  g_assert_cmpuint (g_bytes_get_size (g_value_get_boxed (outs)), ==, sizeof point);
  moved = g_bytes_get_data (g_value_get_boxed (outs), NULL);
  g_assert_cmpfloat (moved->x, ==, 5);
  free_values (outs, 1);
  g_value_unset (&values[0]);

  make_boxed (&values[0], G_TYPE_BYTES, g_bytes_new_static ("x", 1));
  error = refuse ("move_point", values, 2);
  g_assert_cmpstr (error->message, ==,
                   "argument 'point' of ConvokeTest-1.Every.move_point wants the 16 bytes of ConvokeTest.Point, got 1");
  g_value_unset (&values[0]);
}

static void
test_gvalue (void)
{
  const GValue number = INT (7);
  GValue *outs;

  g_test_summary ("An argument that is a GValue takes any value, and gives back what is in it");

  outs = call_one ("echo_value", &number);
  g_assert_cmpint (g_value_get_int (outs), ==, 7);
  free_values (outs, 1);
}

static void
test_gerror (void)
{
  g_auto (GValue) given = G_VALUE_INIT;
  GValue *outs;

  g_test_summary ("An argument that is a GError is boxed");

  make_boxed (&given, G_TYPE_ERROR, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy"));
  outs = call_one ("echo_error", &given);
  g_assert_error ((GError *) g_value_get_boxed (outs), G_IO_ERROR, G_IO_ERROR_BUSY);
  free_values (outs, 1);
}

static void
test_objects (void)
{
  g_auto (GValue) file = G_VALUE_INIT, feed = G_VALUE_INIT, null = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  GValue *outs;

  g_test_summary ("An object is taken where it has the interface, refused where not");

  g_value_init (&file, G_TYPE_OBJECT);
  g_value_take_object (&file, g_file_new_for_path ("/"));
  outs = call_one ("echo_file", &file);
  g_assert_true (g_value_get_object (outs) == g_value_get_object (&file));
  free_values (outs, 1);

  error = refuse ("echo_feed", &file, 1);
  g_assert_cmpstr (error->message, ==,
                   "argument 'feed' of ConvokeTest-1.Every.echo_feed wants ConvokeTest.PriceFeed, got GLocalFile");
  g_clear_error (&error);

  g_value_init (&feed, G_TYPE_OBJECT);
  outs = call_one ("echo_feed", &feed);
  g_assert_null (g_value_get_object (outs));
  free_values (outs, 1);

  g_value_init (&null, G_TYPE_OBJECT);
  error = refuse ("echo_file", &null, 1);
  g_assert_cmpstr (error->message, ==, "argument 'file' of ConvokeTest-1.Every.echo_file must not be NULL");
}

G_GNUC_BEGIN_IGNORE_DEPRECATIONS
static void
test_object_lists (void)
{
  const GValue count = INT (2);
  GValue values[] = { G_VALUE_INIT, STRING ("espresso") };
  GValueArray *feeds;
  GValue *outs, *sums;
  guint n_outs;
  Call call;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Sequences of anything else are arrays of values, in and out");

  outs = call_one ("list_feeds", &count);
  feeds = g_value_get_boxed (outs);
  g_assert_cmpuint (feeds->n_values, ==, 2);
  g_assert_true (CONVOKE_TEST_IS_PRICE_FEED (g_value_get_object (&feeds->values[0])));

  values[0] = *outs;
  call_init (&call, "ask_feeds");
  sums = call_with_values (&call, values, 2, &n_outs);
  g_assert_cmpfloat (g_value_get_double (sums), ==, 8);
  free_values (sums, n_outs);

  /* The second of them is wrong: the first must not stay behind. */
  g_value_unset (&feeds->values[1]);
  g_value_init (&feeds->values[1], G_TYPE_OBJECT);
  error = refuse ("ask_feeds", values, 2);
  g_assert_cmpstr (error->message, ==, "argument 'feeds' of ConvokeTest-1.Every.ask_feeds (element 1) must not be NULL");
  free_values (outs, 1);
}
G_GNUC_END_IGNORE_DEPRECATIONS

static void
test_half_way (void)
{
  GValue values[] = { G_VALUE_INIT, STRING ("\xff") };
  g_autoptr (ConvokeTestServer) feed = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("What was taken before a wrong value is let go of");

  g_value_init (&values[0], G_TYPE_OBJECT);
  g_value_set_object (&values[0], feed);
  error = refuse ("ask_feed", values, 2);
  g_assert_cmpstr (error->message, ==,
                   "argument 'item' of ConvokeTest-1.Every.ask_feed wants valid UTF-8, got other bytes");
  g_value_unset (&values[0]);

  g_assert_cmpuint (G_OBJECT (feed)->ref_count, ==, 1);
}

/* --- inouts, several results --- */

static void
test_inout (void)
{
  const GValue text = STRING ("a"), number = INT (41);
  GValue *outs;

  g_test_summary ("An inout is given once and handed out once");

  outs = call_one ("append", &text);
  g_assert_cmpstr (g_value_get_string (outs), ==, "a!");
  free_values (outs, 1);

  outs = call_one ("increment", &number);
  g_assert_cmpint (g_value_get_int (outs), ==, 42);
  free_values (outs, 1);
}

static void
test_order (void)
{
  const GValue values[] = { INT (17), INT (5) };
  guint n_outs;
  GValue *outs;
  Call call;

  g_test_summary ("The return value comes first, then the outs in order");

  call_init (&call, "divide");
  outs = call_with_values (&call, values, 2, &n_outs);
  check_result (outs, n_outs, 3);
  g_assert_true (g_value_get_boolean (&outs[0]));
  g_assert_cmpint (g_value_get_int (&outs[1]), ==, 3);
  g_assert_cmpint (g_value_get_int (&outs[2]), ==, 2);
  free_values (outs, n_outs);
}

/* --- what an implementation sees and gives by hand --- */

static void
test_in_values (void)
{
  g_auto (GValue) given = G_VALUE_INIT;
  guint n = 0;
  GValue *ins;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("SV: the inputs of a call can be read as values");

  call_init (&call, "sum_ints");
  g_assert_true (convoke_frame_capture_values (&call.frame, call.plan, call.storage,
                                               make_variant (&given, "[1, 2]"), 1, &error));
  ins = convoke_frame_dup_in_values (&call.frame, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (g_variant_equal (g_value_get_variant (ins), g_value_get_variant (&given)));
  free_values (ins, n);
  call_end (&call);
}

static void
test_in_values_borrowed (void)
{
  int numbers[] = { 3, 4 };
  int *values = numbers;
  gsize length = 2;
  ConvokeTestServer *self = NULL;
  void *args[] = { &self, &values, &length };
  g_autofree char *text = NULL;
  guint n = 0;
  GValue *ins;
  Call call;

  g_test_summary ("SV: so can those of a blocked caller");

  call_init (&call, "sum_ints");
  convoke_frame_init_borrowed (&call.frame, call.plan, args, NULL);
  ins = convoke_frame_dup_in_values (&call.frame, &n);
  text = g_variant_print (g_value_get_variant (ins), FALSE);
  g_assert_cmpstr (text, ==, "[3, 4]");
  free_values (ins, n);
  call_end (&call);
}

static void
test_by_hand (void)
{
  g_auto (GValue) out = G_VALUE_INIT, wrong = G_VALUE_INIT;
  const GValue count = INT (1);
  GValue *outs;
  guint n = 0;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("SV: results are set by hand as values, and their lengths are counted");

  call_init (&call, "make_ints");
  g_assert_true (convoke_frame_capture_values (&call.frame, call.plan, call.storage, &count, 1, &error));

  g_assert_false (convoke_frame_set_outs_values (&call.frame, &count, 0, &error));
  g_assert_cmpstr (error->message, ==, "ConvokeTest-1.Every.make_ints gives 1 value, got 0");
  g_clear_error (&error);
  g_assert_false (convoke_frame_set_outs_values (&call.frame, make_variant (&wrong, "['text']"), 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (call.frame.has_outs);

  g_assert_true (convoke_frame_set_outs_values (&call.frame, make_variant (&out, "[7, 8]"), 1, &error));
  g_assert_true (call.frame.has_outs);
  outs = convoke_frame_take_values (&call.frame, &n);
  g_assert_true (g_variant_equal (g_value_get_variant (outs), g_value_get_variant (&out)));
  free_values (outs, n);
  call_end (&call);
}

static void
test_by_hand_places (void)
{
  guint count = 2;
  int *values = NULL, **values_place = &values;
  gsize length = 0, *length_place = &length;
  ConvokeTestServer *self = NULL;
  void *args[] = { &self, &count, &values_place, &length_place };
  g_auto (GValue) out = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("SV: and go to the places of a blocked caller, who owns them");

  call_init (&call, "make_ints");
  convoke_frame_init_borrowed (&call.frame, call.plan, args, NULL);
  g_assert_true (convoke_frame_set_outs_values (&call.frame, make_variant (&out, "[7, 8]"), 1, &error));
  call_end (&call);

  g_assert_cmpuint (length, ==, 2);
  g_assert_cmpint (values[1], ==, 8);
  g_free (values);
}

static void
test_by_hand_struct (void)
{
  ConvokeTestPoint point = { .x = 1 }, moved = { .x = 0 };
  ConvokeTestPoint *point_pointer = &point, *moved_pointer = &moved;
  double by = 1;
  ConvokeTestServer *self = NULL;
  void *args[] = { &self, &point_pointer, &by, &moved_pointer };
  g_auto (GValue) out = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  Call call;

  g_test_summary ("SV: a struct in the caller's memory is filled by hand");

  point.x = 42;
  make_boxed (&out, G_TYPE_BYTES, g_bytes_new (&point, sizeof point));
  call_init (&call, "move_point");
  convoke_frame_init_borrowed (&call.frame, call.plan, args, NULL);
  g_assert_true (convoke_frame_set_outs_values (&call.frame, &out, 1, &error));
  call_end (&call);

  g_assert_cmpfloat (moved.x, ==, 42);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/frame-values/count", test_count);
  g_test_add_func ("/gobj/frame-values/counts", test_counts);
  g_test_add_func ("/gobj/frame-values/range", test_range);
  g_test_add_func ("/gobj/frame-values/widths", test_widths);
  g_test_add_func ("/gobj/frame-values/floats", test_floats);
  g_test_add_func ("/gobj/frame-values/boolean", test_boolean);
  g_test_add_func ("/gobj/frame-values/unichar", test_unichar);
  g_test_add_func ("/gobj/frame-values/gtype", test_gtype);
  g_test_add_func ("/gobj/frame-values/enums", test_enums);
  g_test_add_func ("/gobj/frame-values/strings", test_strings);
  g_test_add_func ("/gobj/frame-values/variants", test_variants);
  g_test_add_func ("/gobj/frame-values/bytes", test_bytes);
  g_test_add_func ("/gobj/frame-values/arrays/numbers", test_number_arrays);
  g_test_add_func ("/gobj/frame-values/arrays/numbers-out", test_number_arrays_out);
  g_test_add_func ("/gobj/frame-values/arrays/shapes", test_array_shapes);
  g_test_add_func ("/gobj/frame-values/arrays/pointer", test_pointer);
  g_test_add_func ("/gobj/frame-values/arrays/gtype-is-no-pointer", test_gtype_is_no_pointer);
  g_test_add_func ("/gobj/frame-values/sequences/strings", test_string_sequences);
  g_test_add_func ("/gobj/frame-values/sequences/lent", test_lent_strings);
  g_test_add_func ("/gobj/frame-values/sequences/native", test_native_containers);
  g_test_add_func ("/gobj/frame-values/sequences/objects", test_object_lists);
  g_test_add_func ("/gobj/frame-values/hash-tables", test_hash_tables);
  g_test_add_func ("/gobj/frame-values/boxed", test_boxed);
  g_test_add_func ("/gobj/frame-values/structs", test_structs);
  g_test_add_func ("/gobj/frame-values/gvalue", test_gvalue);
  g_test_add_func ("/gobj/frame-values/gerror", test_gerror);
  g_test_add_func ("/gobj/frame-values/objects", test_objects);
  g_test_add_func ("/gobj/frame-values/half-way", test_half_way);
  g_test_add_func ("/gobj/frame-values/inout", test_inout);
  g_test_add_func ("/gobj/frame-values/order", test_order);
  g_test_add_func ("/gobj/frame-values/in-values/captured", test_in_values);
  g_test_add_func ("/gobj/frame-values/in-values/borrowed", test_in_values_borrowed);
  g_test_add_func ("/gobj/frame-values/by-hand/captured", test_by_hand);
  g_test_add_func ("/gobj/frame-values/by-hand/borrowed", test_by_hand_places);
  g_test_add_func ("/gobj/frame-values/by-hand/struct", test_by_hand_struct);

  return g_test_run ();
}
