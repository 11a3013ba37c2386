/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <dlfcn.h>
#include <string.h>
#include <gio/gio.h>

#include "callable-fixture.h"
#include "convoke-copy-private.h"

#define FUNC(function) ((GCallback) (function))

/* --- buffers and lengths --- */

static gssize
fill (guint8 *buffer,
      guint8 *size)
{
  guint8 n = MIN (*size, 3);

  memset (buffer, 'x', n);
  *size = n;
  return n;
}

static ConvokeTypeInfo byte_type = TYPE (UINT8);
static ConvokeTypeInfo int_type = TYPE (INT32);
static ConvokeTypeInfo utf8_type = TYPE (UTF8, .is_pointer = TRUE);

#define BUFFER_ARGS(direction_of_size) { \
    ARG ("buffer", OUT, NONE, T (ARRAY, .is_pointer = TRUE, .element = &byte_type, .length_arg = 1), .caller_allocates = TRUE), \
    ARG ("size", direction_of_size, NONE, T (UINT8), .length_of = 0), \
  }

static void
test_buffer (void)
{
  ConvokeArgInfo args[] = BUFFER_ARGS (INOUT);
  guint8 buffer[8] = "--------";
  gssize ret = 0;
  guint8 size = 0;
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("A buffer is as large as the length that goes in, and holds as much as the one that comes out");

  callable_init (&callable, "fill", args, 2, (ConvokeArgInfo) RET (NONE, T (INT64)));
  g_assert_true (convoke_plan_can_capture (callable.plan, &error));
  g_assert_cmpuint (convoke_plan_get_n_ins (callable.plan), ==, 1);
  g_assert_cmpuint (convoke_plan_get_n_outs (callable.plan), ==, 2);
  g_assert_true (callable_capture (&callable, &error, 5));
  callable_run (&callable, FUNC (fill));
  callable_take (&callable, &ret, buffer, &size);
  callable_end (&callable);

  g_assert_cmpint (ret, ==, 3);
  g_assert_cmpuint (size, ==, 3);
  g_assert_cmpmem (buffer, 8, "xxx-----", 8);
}

static void
test_buffer_room (void)
{
  ConvokeArgInfo args[] = BUFFER_ARGS (INOUT);
  guint8 buffer[8] = "--------", *place = buffer;
  guint8 room = 2, *room_place = &room;
  void *native[] = { &place, &room_place };
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("A taker with less room than the beginner had gets no more than that");

  callable_init (&callable, "fill", args, 2, (ConvokeArgInfo) RET (NONE, T (INT64)));
  g_assert_true (callable_capture (&callable, &error, 5));
  callable_run (&callable, FUNC (fill));
  convoke_frame_take_native (&callable.frame, native, NULL, NULL);
  callable_end (&callable);

  g_assert_cmpmem (buffer, 8, "xx------", 8);
}

static void
test_buffer_huge (void)
{
  ConvokeArgInfo args[] = {
    ARG ("buffer", OUT, NONE, T (ARRAY, .is_pointer = TRUE, .element = &int_type, .length_arg = 1), .caller_allocates = TRUE),
    ARG ("size", IN, NONE, T (INT64), .length_of = 0),
  };
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("A buffer that no memory can hold is refused, as is one of a negative size");

  callable_init (&callable, "fill", args, 2, (ConvokeArgInfo) NOTHING);
  g_assert_false (callable_capture (&callable, &error, G_MAXINT64 / 2 + 1));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES);
  g_clear_error (&error);
  g_assert_false (callable_capture (&callable, &error, G_GINT64_CONSTANT (-1)));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES);
  callable_wipe (&callable);
}

static void
test_buffer_by_hand (void)
{
  ConvokeArgInfo args[] = BUFFER_ARGS (INOUT);
  GValue values[2] = { G_VALUE_INIT, G_VALUE_INIT };
  guint8 buffer[8] = "--------";
  guint8 size = 0;
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("SV: a buffer set by hand must fit");

  g_value_init (&values[0], G_TYPE_INT);
  g_value_init (&values[1], G_TYPE_BYTES);
  g_value_take_boxed (&values[1], g_bytes_new_static ("abcdef", 6));

  callable_init (&callable, "fill", args, 2, (ConvokeArgInfo) RET (NONE, T (INT64)));
  g_assert_true (callable_capture (&callable, &error, 4));
  g_assert_false (convoke_frame_set_outs_values (&callable.frame, values, 2, &error));
  g_assert_cmpstr (error->message, ==, "argument 'buffer' of fill has room for 4 elements, got 6");
  g_clear_error (&error);

  g_value_take_boxed (&values[1], g_bytes_new_static ("abc", 3));
  g_assert_true (convoke_frame_set_outs_values (&callable.frame, values, 2, &error));
  callable_take (&callable, NULL, buffer, &size);
  callable_end (&callable);
  unset_values (values, 2);

  g_assert_cmpuint (size, ==, 3);
  g_assert_cmpmem (buffer, 4, "abc-", 4);
}

static gint64
sum_pairs (const int *keys,
           const int *values,
           gint8      n)
{
  gint64 sum = 0;

  for (int i = 0; i < n; i++)
    sum += (gint64) keys[i] * values[i];

  return sum;
}

#define PAIR_ARGS { \
    ARG ("keys", IN, NONE, T (ARRAY, .is_pointer = TRUE, .element = &int_type, .length_arg = 2)), \
    ARG ("values", IN, NONE, T (ARRAY, .is_pointer = TRUE, .element = &int_type, .length_arg = 2)), \
    ARG ("n", IN, NONE, T (INT8), .length_of = 0), \
  }

static gboolean
capture_pairs (Callable    *callable,
               const char  *keys,
               const char  *values,
               GError     **error)
{
  GValue given[2] = { G_VALUE_INIT, G_VALUE_INIT };
  gboolean captured;

  g_value_init (&given[0], G_TYPE_VARIANT);
  g_value_init (&given[1], G_TYPE_VARIANT);
  g_value_take_variant (&given[0], g_variant_ref_sink (g_variant_new_parsed (keys)));
  g_value_take_variant (&given[1], g_variant_ref_sink (g_variant_new_parsed (values)));

  captured = convoke_frame_capture_values (&callable->frame, callable->plan, callable->storage, given, 2, error);
  unset_values (given, 2);

  return captured;
}

static void
test_shared_length (void)
{
  ConvokeArgInfo args[] = PAIR_ARGS;
  gint64 sum = 0;
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("Arrays that share a length must be equally long");

  callable_init (&callable, "sum_pairs", args, 3, (ConvokeArgInfo) RET (NONE, T (INT64)));
  g_assert_true (capture_pairs (&callable, "[1, 2]", "[10, 20]", &error));
  callable_run (&callable, FUNC (sum_pairs));
  callable_take (&callable, &sum);
  convoke_frame_clear (&callable.frame);
  g_assert_cmpint (sum, ==, 50);

  g_assert_false (capture_pairs (&callable, "[1, 2]", "[1]", &error));
  g_assert_cmpstr (error->message, ==,
                   "argument 'values' of sum_pairs wants as many elements as the array before it, 2, got 1");
  callable_wipe (&callable);
}

static void
test_short_length (void)
{
  ConvokeArgInfo args[] = PAIR_ARGS;
  GVariantBuilder builder;
  g_autoptr (GVariant) many = NULL;
  GValue given[2] = { G_VALUE_INIT, G_VALUE_INIT };
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("An array that is longer than its length argument can say is refused");

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("ai"));
  for (int i = 0; i < 200; i++)
    g_variant_builder_add (&builder, "i", i);
  many = g_variant_ref_sink (g_variant_builder_end (&builder));
  for (guint i = 0; i < 2; i++)
    {
      g_value_init (&given[i], G_TYPE_VARIANT);
      g_value_set_variant (&given[i], many);
    }

  callable_init (&callable, "sum_pairs", args, 3, (ConvokeArgInfo) RET (NONE, T (INT64)));
  g_assert_false (convoke_frame_capture_values (&callable.frame, callable.plan, callable.storage, given, 2, &error));
  g_assert_cmpstr (error->message, ==,
                   "argument 'keys' of sum_pairs has 200 elements, more than its length can say");
  callable_wipe (&callable);
  unset_values (given, 2);
}

/* --- containers --- */

static int
sum_list (GList *list)
{
  int sum = 0;

  for (GList *l = list; l != NULL; l = l->next)
    sum += GPOINTER_TO_INT (l->data);

  return sum;
}

static void
test_numbers_in_pointers (void)
{
  ConvokeArgInfo args[] = { ARG ("list", IN, NONE, T (LIST, .element = &int_type)) };
  g_auto (GValue) given = G_VALUE_INIT;
  int sum = 0;
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("Numbers in a list are stuffed into its pointers, negative ones too");

  g_value_init (&given, G_TYPE_VARIANT);
  g_value_take_variant (&given, g_variant_ref_sink (g_variant_new_parsed ("[-5, 3]")));

  callable_init (&callable, "sum_list", args, 1, (ConvokeArgInfo) RET (NONE, T (INT32)));
  g_assert_true (convoke_frame_capture_values (&callable.frame, callable.plan, callable.storage, &given, 1, &error));
  callable_run (&callable, FUNC (sum_list));
  callable_take (&callable, &sum);
  callable_end (&callable);

  g_assert_cmpint (sum, ==, -2);
}

static GPtrArray *kept_array;

static guint
keep_array (GPtrArray *array)
{
  kept_array = g_ptr_array_ref (array);
  return array->len;
}

static void
test_counted_boxed (void)
{
  ConvokeTypeInfo element = TYPE (BOXED, .is_pointer = TRUE, .type_name = (char *) "GDateTime",
                                  .type_init = (char *) "g_date_time_get_type");
  ConvokeArgInfo args[] = { ARG ("array", IN, NONE, T (PTR_ARRAY, .element = &element)) };
  g_autoptr (GPtrArray) given = g_ptr_array_new_with_free_func ((GDestroyNotify) g_date_time_unref);
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("A callee may keep a counted container: it frees boxed elements by itself");

  g_ptr_array_add (given, g_date_time_new_from_unix_utc (0));
  callable_init (&callable, "keep_array", args, 1, (ConvokeArgInfo) RET (NONE, T (UINT32)));
  g_assert_true (callable_capture (&callable, &error, given));
  g_assert_no_error (error);
  callable_run (&callable, FUNC (keep_array));
  callable_end (&callable);

  g_assert_cmpuint (kept_array->len, ==, 1);
  g_assert_cmpint (g_date_time_to_unix (kept_array->pdata[0]), ==, 0);
  g_clear_pointer (&kept_array, g_ptr_array_unref);
}

static char *
join_garray (GArray *strings)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; i < strings->len; i++)
    g_string_append (joined, g_array_index (strings, char *, i));

  return g_string_free (joined, FALSE);
}

static void
test_garray_strings (void)
{
  ConvokeArgInfo args[] = { ARG ("strings", IN, NONE, T (GARRAY, .element = &utf8_type)) };
  g_auto (GValue) given = G_VALUE_INIT;
  g_autofree char *joined = NULL;
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("A GArray of strings owns them");

  g_value_init (&given, G_TYPE_STRV);
  g_value_take_boxed (&given, g_strsplit ("a,b", ",", -1));
  callable_init (&callable, "join_garray", args, 1, (ConvokeArgInfo) RET (FULL, T (UTF8, .is_pointer = TRUE)));
  g_assert_true (convoke_frame_capture_values (&callable.frame, callable.plan, callable.storage, &given, 1, &error));
  callable_run (&callable, FUNC (join_garray));
  callable_take (&callable, &joined);
  callable_end (&callable);

  g_assert_cmpstr (joined, ==, "ab");
}

static GHashTable *
echo_table (GHashTable *table)
{
  return g_hash_table_ref (table);
}

static void
test_table_numbers (void)
{
  ConvokeTypeInfo boolean = TYPE (BOOLEAN);
  ConvokeArgInfo args[] = { ARG ("table", IN, NONE, T (HASH_TABLE, .element = &int_type, .value = &boolean)) };
  g_auto (GValue) given = G_VALUE_INIT;
  g_autofree char *text = NULL;
  guint n = 0;
  GValue *outs;
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("Keys and values of a hash table can be numbers");

  g_value_init (&given, G_TYPE_VARIANT);
  g_value_take_variant (&given, g_variant_ref_sink (g_variant_new_parsed ("{-1: true}")));
  callable_init (&callable, "echo_table", args, 1,
                 (ConvokeArgInfo) RET (FULL, T (HASH_TABLE, .element = &int_type, .value = &boolean)));
  g_assert_true (convoke_frame_capture_values (&callable.frame, callable.plan, callable.storage, &given, 1, &error));
  callable_run (&callable, FUNC (echo_table));
  outs = convoke_frame_take_values (&callable.frame, &n);
  callable_end (&callable);

  text = g_variant_print (g_value_get_variant (outs), FALSE);
  g_assert_cmpstr (text, ==, "{-1: true}");
  g_value_unset (outs);
  g_free (outs);
}

static void
test_table_objects (void)
{
  ConvokeTypeInfo object = TYPE (OBJECT, .is_pointer = TRUE, .type_name = (char *) "GObject");
  ConvokeArgInfo args[] = { ARG ("table", IN, NONE, T (HASH_TABLE, .element = &utf8_type, .value = &object)) };
  g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GObject) value = g_object_new (G_TYPE_OBJECT, NULL);
  guint n = 0;
  GValue *outs;
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("A hash table of objects comes out as one, since no variant holds them");

  g_hash_table_insert (table, (gpointer) "key", value);
  callable_init (&callable, "echo_table", args, 1,
                 (ConvokeArgInfo) RET (FULL, T (HASH_TABLE, .element = &utf8_type, .value = &object)));
  g_assert_true (callable_capture (&callable, &error, table));
  g_assert_cmpuint (value->ref_count, ==, 2);
  callable_run (&callable, FUNC (echo_table));
  outs = convoke_frame_take_values (&callable.frame, &n);
  callable_end (&callable);

  g_assert_true (g_hash_table_lookup (g_value_get_boxed (outs), "key") == value);
  g_value_unset (outs);
  g_free (outs);
  g_assert_cmpuint (value->ref_count, ==, 1);
}

static guint
count_rows (char ***rows)
{
  guint n = 0;

  for (; *rows != NULL; rows++)
    n += g_strv_length (*rows);

  return n;
}

static void
test_nested (void)
{
  ConvokeTypeInfo row = TYPE (ARRAY, .is_pointer = TRUE, .zero_terminated = TRUE, .element = &utf8_type);
  ConvokeArgInfo args[] = { ARG ("rows", IN, NONE, T (ARRAY, .is_pointer = TRUE, .zero_terminated = TRUE, .element = &row)) };
  g_auto (GValue) given = G_VALUE_INIT;
  guint n = 0;
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("Arrays nest");

  g_value_init (&given, G_TYPE_VARIANT);
  g_value_take_variant (&given, g_variant_ref_sink (g_variant_new_parsed ("[['a', 'b'], ['c']]")));
  callable_init (&callable, "count_rows", args, 1, (ConvokeArgInfo) RET (NONE, T (UINT32)));
  g_assert_true (convoke_frame_capture_values (&callable.frame, callable.plan, callable.storage, &given, 1, &error));
  g_assert_no_error (error);
  callable_run (&callable, FUNC (count_rows));
  callable_take (&callable, &n);
  callable_end (&callable);

  g_assert_cmpuint (n, ==, 3);
}

/* --- single values --- */

static GParamSpec *
echo_pspec (GParamSpec *pspec)
{
  return g_param_spec_ref (pspec);
}

static void
test_pspec (void)
{
  ConvokeArgInfo args[] = { ARG ("pspec", IN, NONE, T (PARAM, .is_pointer = TRUE)) };
  GParamSpec *pspec = g_param_spec_ref_sink (g_param_spec_int ("a-name", NULL, NULL, 0, 1, 0, G_PARAM_READABLE));
  g_auto (GValue) given = G_VALUE_INIT;
  guint n = 0;
  GValue *outs;
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("Property descriptions are referenced");

  g_value_init (&given, G_TYPE_PARAM);
  g_value_take_param (&given, pspec);
  callable_init (&callable, "echo_pspec", args, 1, (ConvokeArgInfo) RET (FULL, T (PARAM, .is_pointer = TRUE)));
  g_assert_true (convoke_frame_capture_values (&callable.frame, callable.plan, callable.storage, &given, 1, &error));
  callable_run (&callable, FUNC (echo_pspec));
  outs = convoke_frame_take_values (&callable.frame, &n);
  callable_end (&callable);

  g_assert_true (g_value_get_param (outs) == pspec);
  g_value_unset (outs);
  g_free (outs);
}

static void
look_at (const char **text)
{
  g_assert_cmpstr (*text, ==, "looked at");
}

static void
exchange (const char **text)
{
  *text = "lent";
}

static void
test_inout_lent (void)
{
  ConvokeArgInfo args[] = { ARG ("text", INOUT, NONE, T (UTF8, .is_pointer = TRUE)) };
  g_autofree char *text = NULL;
  g_autofree char *other = NULL;
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("An inout that is only lent is copied when it comes out, changed or not");

  callable_init (&callable, "look_at", args, 1, (ConvokeArgInfo) NOTHING);
  g_assert_true (callable_capture (&callable, &error, "looked at"));
  callable_run (&callable, FUNC (look_at));
  callable_take (&callable, &text);
  callable_end (&callable);
  g_assert_cmpstr (text, ==, "looked at");

  callable_init (&callable, "exchange", args, 1, (ConvokeArgInfo) NOTHING);
  g_assert_true (callable_capture (&callable, &error, "given"));
  callable_run (&callable, FUNC (exchange));
  callable_take (&callable, &other);
  callable_end (&callable);
  g_assert_cmpstr (other, ==, "lent");
}

static void
test_unregistered (void)
{
  ConvokeArgInfo args[] = { ARG ("thing", IN, NONE, T (BOXED, .is_pointer = TRUE, .type_name = (char *) "NobodysThing")) };
  g_autoptr (GError) error = NULL;
  Callable callable;

  g_test_summary ("A boxed value whose type nobody registered is refused when it is given");

  callable_init (&callable, "method", args, 1, (ConvokeArgInfo) NOTHING);
  g_assert_false (callable_capture (&callable, &error, &callable));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_cmpstr (error->message, ==,
                   "argument 'thing' of method holds a NobodysThing, a type that is not registered and so cannot be copied");
  callable_wipe (&callable);
}

static GObject *
make_floating (void)
{
  return g_object_new (G_TYPE_INITIALLY_UNOWNED, NULL);
}

static void
test_floating_object (void)
{
  GObject *made = NULL;
  Callable callable;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A floating object that comes out is sunk");

  callable_init (&callable, "make_floating", NULL, 0,
                 (ConvokeArgInfo) RET (NONE, T (OBJECT, .is_pointer = TRUE, .type_name = (char *) "GInitiallyUnowned")));
  g_assert_true (callable_capture (&callable, &error));
  callable_run (&callable, FUNC (make_floating));
  callable_take (&callable, &made);
  callable_end (&callable);

  g_assert_false (g_object_is_floating (made));
  g_assert_cmpuint (made->ref_count, ==, 1);
  g_object_unref (made);
}

static void
test_module_type (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "gobj", "modules", "libtest-lazy-type.so", NULL);
  void *module = dlopen (path, RTLD_LAZY | RTLD_LOCAL);
  ConvokeTypeInfo type = T (INTERFACE, .type_name = (char *) "TestLazy", .type_init = (char *) "test_lazy_get_type");
  GType found;

  g_test_summary ("D3: a type that nobody has registered yet is found in what a module brought along");

  g_assert_nonnull (module);
  g_assert_cmpuint (g_type_from_name ("TestLazy"), ==, 0);
  found = convoke_type_find_gtype (&type);
  g_assert_cmpstr (g_type_name (found), ==, "TestLazy");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/copy/buffer/sizes", test_buffer);
  g_test_add_func ("/gobj/copy/buffer/room", test_buffer_room);
  g_test_add_func ("/gobj/copy/buffer/huge", test_buffer_huge);
  g_test_add_func ("/gobj/copy/buffer/by-hand", test_buffer_by_hand);
  g_test_add_func ("/gobj/copy/length/shared", test_shared_length);
  g_test_add_func ("/gobj/copy/length/short", test_short_length);
  g_test_add_func ("/gobj/copy/list/numbers", test_numbers_in_pointers);
  g_test_add_func ("/gobj/copy/ptr-array/boxed", test_counted_boxed);
  g_test_add_func ("/gobj/copy/garray/strings", test_garray_strings);
  g_test_add_func ("/gobj/copy/table/numbers", test_table_numbers);
  g_test_add_func ("/gobj/copy/table/objects", test_table_objects);
  g_test_add_func ("/gobj/copy/nested", test_nested);
  g_test_add_func ("/gobj/copy/pspec", test_pspec);
  g_test_add_func ("/gobj/copy/inout-lent", test_inout_lent);
  g_test_add_func ("/gobj/copy/unregistered", test_unregistered);
  g_test_add_func ("/gobj/copy/module-type", test_module_type);
  g_test_add_func ("/gobj/copy/floating-object", test_floating_object);

  return g_test_run ();
}
