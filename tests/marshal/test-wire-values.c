/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "wire-samples.h"

/* Numbers, strings, errors, descriptors, and GValues of described types. */

static void
read_from (ConvokeWireReader       *reader,
           const ConvokeWireWriter *writer)
{
  convoke_wire_reader_init (reader, writer->data, writer->length, NULL, 0);
}

static void
test_numbers (void)
{
  const guint8 expected[] = { 0x81, 0x34, 0x12, 0x78, 0x56, 0x34, 0x92, 8, 7, 6, 5, 4, 3, 2, 0xf1 };
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;
  ConvokeWireReader reader;
  guint8 u8 = 0;
  guint16 u16 = 0;
  guint32 u32 = 0;
  guint64 u64 = 0;

  g_test_summary ("Numbers are little endian, without padding");

  convoke_wire_writer_init (&writer);
  convoke_wire_put_u8 (&writer, 0x81);
  convoke_wire_put_u16 (&writer, 0x1234);
  convoke_wire_put_u32 (&writer, 0x92345678);
  convoke_wire_put_u64 (&writer, 0xf102030405060708);
  g_assert_cmpmem (writer.data, writer.length, expected, sizeof expected);

  read_from (&reader, &writer);
  g_assert_true (convoke_wire_get_u8 (&reader, &u8, &error));
  g_assert_true (convoke_wire_get_u16 (&reader, &u16, &error));
  g_assert_true (convoke_wire_get_u32 (&reader, &u32, &error));
  g_assert_true (convoke_wire_get_u64 (&reader, &u64, &error));
  g_assert_true (convoke_wire_reader_end (&reader, &error));
  g_assert_cmpuint (u8, ==, 0x81);
  g_assert_cmpuint (u16, ==, 0x1234);
  g_assert_cmpuint (u32, ==, 0x92345678);
  g_assert_cmpuint (u64, ==, 0xf102030405060708);
  convoke_wire_writer_clear (&writer);
}

static void
test_growth (void)
{
  g_autofree guint8 *bytes = g_malloc (100000);
  ConvokeWireWriter writer;
  ConvokeWireReader reader;
  gconstpointer data;
  gsize length;

  g_test_summary ("A message grows out of its first room and keeps what it had");

  memset (bytes, 0x5a, 100000);
  convoke_wire_writer_init (&writer);
  convoke_wire_put_string (&writer, "first");
  g_assert_true (writer.data == writer.inline_data);
  convoke_wire_put_bytes (&writer, bytes, 100000);
  g_assert_true (writer.data != writer.inline_data);

  read_from (&reader, &writer);
  convoke_wire_reader_skip (&reader, 10, NULL);
  g_assert_true (convoke_wire_get_bytes (&reader, &data, &length, NULL));
  g_assert_cmpmem (data, length, bytes, 100000);
  g_assert_cmpstr ((const char *) writer.data + 4, ==, "first");
  convoke_wire_writer_clear (&writer);
}

static void
refuse_string (gconstpointer  data,
               gsize          length,
               const char    *message)
{
  g_autofree guint8 *copy = g_memdup2 (data, length);
  g_autoptr (GError) error = NULL;
  ConvokeWireReader reader;
  const char *string = "left";

  convoke_wire_reader_init (&reader, copy, length, NULL, 0);
  g_assert_false (convoke_wire_get_string (&reader, &string, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_strings (void)
{
  g_test_summary ("A string that is too long, open, or no UTF-8 is refused where it ends");

  refuse_string ("\x01\0\0", 3, "wants 4 bytes where 3 are left at byte 0");
  refuse_string ("\x02\0\0\0ab", 6, "wants 3 bytes where 2 are left at byte 4");
  refuse_string ("\xfe\xff\xff\xff" "ab", 6, "wants 4294967295 bytes where 2 are left at byte 4");
  refuse_string ("\x02\0\0\0abc", 7, "is a string without its NUL at byte 7");
  refuse_string ("\x02\0\0\0a\xff\0", 7, "is not valid UTF-8 at byte 7");
  refuse_string ("\x02\0\0\0\0a\0", 7, "is not valid UTF-8 at byte 7");
}

static void
test_utf8_everywhere (void)
{
  g_test_summary ("A bad byte is found wherever it is");

  for (guint length = 1; length <= 24; length++)
    {
      for (guint at = 0; at < length; at++)
        {
          const char bad[] = { '\0', '\x80', '\xff' };

          for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
            {
              g_autofree char *bytes = g_strdup_printf ("%c%c%c%c%0*d", (char) length, 0, 0, 0, (int) length, 0);
              g_autofree char *message = g_strdup_printf ("is not valid UTF-8 at byte %u", length + 5);

              bytes[4 + at] = bad[i];
              refuse_string (bytes, length + 5, message);
            }
        }
    }
}

static void
test_name (void)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireReader reader;
  const char *name;

  g_test_summary ("A name is not NULL");

  convoke_wire_reader_init (&reader, "\xff\xff\xff\xff", 4, NULL, 0);
  g_assert_false (convoke_wire_get_name (&reader, &name, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
}

static void
test_trailing (void)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireReader reader;

  g_test_summary ("What goes on after its end is refused");

  convoke_wire_reader_init (&reader, "xyz", 3, NULL, 0);
  g_assert_false (convoke_wire_reader_end (&reader, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
  g_assert_cmpstr (error->message, ==, "goes on for 3 bytes after its end at byte 0");
}

/* --- descriptors --- */

static void
test_fds (void)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;
  ConvokeWireReader reader;
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  g_test_summary ("A descriptor is taken once");

  convoke_wire_writer_init (&writer);
  g_assert_true (convoke_wire_put_fd (&writer, fd, &error));
  convoke_wire_put_u8 (&writer, 0);
  convoke_wire_put_u8 (&writer, 1);

  convoke_wire_reader_init (&reader, writer.data, writer.length, writer.fds, writer.n_fds);
  g_assert_cmpint (convoke_wire_get_fd (&reader, &error), ==, fd);
  g_assert_cmpint (writer.fds[0], ==, -1);
  g_assert_cmpint (convoke_wire_get_fd (&reader, NULL), ==, -1);
  g_assert_cmpint (convoke_wire_get_fd (&reader, &error), ==, -1);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);

  writer.n_fds = 0;
  convoke_wire_writer_clear (&writer);
  close (fd);
}

static void
test_too_many_fds (void)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;
  int last = -1;

  g_test_summary ("A descriptor that finds no room is closed, and so are those that nobody took");

  convoke_wire_writer_init (&writer);
  for (guint i = 0; i < CONVOKE_WIRE_MAX_FDS; i++)
    g_assert_true (convoke_wire_put_fd (&writer, open ("/dev/null", O_RDONLY | O_CLOEXEC), NULL));

  last = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  g_assert_false (convoke_wire_put_fd (&writer, last, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES);
  g_assert_cmpint (fcntl (last, F_GETFD), ==, -1);

  last = writer.fds[0];
  convoke_wire_writer_clear (&writer);
  g_assert_cmpint (fcntl (last, F_GETFD), ==, -1);
}

/* --- errors --- */

static GError *
send_error (const GError *sent)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;
  ConvokeWireReader reader;
  GError *arrived;

  convoke_wire_writer_init (&writer);
  convoke_wire_put_error (&writer, sent);
  read_from (&reader, &writer);
  arrived = convoke_wire_get_error (&reader, &error);
  g_assert_no_error (error);
  g_assert_true (convoke_wire_reader_end (&reader, NULL));
  convoke_wire_writer_clear (&writer);

  return arrived;
}

static void
test_own_codes (void)
{
  g_test_summary ("Each code of our own domain arrives, by its name");

  for (guint code = 0; convoke_error_get_name ((ConvokeError) code) != NULL; code++)
    {
      g_autoptr (GError) sent = g_error_new_literal (CONVOKE_ERROR, (int) code, "why");
      g_autoptr (GError) arrived = send_error (sent);

      g_assert_error (arrived, CONVOKE_ERROR, (int) code);
      g_assert_cmpstr (arrived->message, ==, "why");
    }
}

static void
test_own_code_unknown (void)
{
  g_autoptr (GError) arrived = NULL;
  ConvokeWireWriter writer;
  ConvokeWireReader reader;

  g_test_summary ("A code of a later version is a failure with its name in the text");

  convoke_wire_writer_init (&writer);
  convoke_wire_put_string (&writer, "convoke-error-quark");
  convoke_wire_put_string (&writer, "too-modern");
  convoke_wire_put_string (&writer, "why");
  read_from (&reader, &writer);
  arrived = convoke_wire_get_error (&reader, NULL);
  g_assert_error (arrived, CONVOKE_ERROR, CONVOKE_ERROR_FAILED);
  g_assert_cmpstr (arrived->message, ==, "too-modern: why");
  convoke_wire_writer_clear (&writer);
}

static void
test_message_not_utf8 (void)
{
  g_autoptr (GError) sent = g_error_new_literal (G_IO_ERROR, 1, "bad \xff byte");
  g_autoptr (GError) arrived = send_error (sent);

  g_test_summary ("A message that is no UTF-8 is made so, since an error must arrive");

  g_assert_true (g_utf8_validate (arrived->message, -1, NULL));
  g_assert_true (g_str_has_prefix (arrived->message, "bad "));
}

static GError *
read_error_of (const char *domain)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;
  ConvokeWireReader reader;
  GError *arrived;

  convoke_wire_writer_init (&writer);
  convoke_wire_put_string (&writer, domain);
  convoke_wire_put_u32 (&writer, (guint32) -7);
  convoke_wire_put_string (&writer, "why");
  read_from (&reader, &writer);
  arrived = convoke_wire_get_error (&reader, &error);
  g_assert_no_error (error);
  convoke_wire_writer_clear (&writer);

  return arrived;
}

static void
test_unknown_domains (void)
{
  g_autofree char *long_name = g_strnfill (4000, 'x');
  g_autoptr (GError) late = NULL;
  g_autoptr (GError) known = NULL;
  g_autoptr (GError) longer = read_error_of (long_name);

  g_test_summary ("Unknown domains are taken up, but not without end");

  g_assert_error (longer, CONVOKE_ERROR, CONVOKE_ERROR_FOREIGN);
  g_assert_cmpuint (g_quark_try_string (long_name), ==, 0);

  for (guint i = 0; i < 32; i++)
    {
      g_autofree char *name = g_strdup_printf ("unheard-of-%u-quark", i);
      g_autoptr (GError) error = read_error_of (name);

      g_assert_cmpstr (g_quark_to_string (error->domain), ==, name);
      g_assert_cmpint (error->code, ==, -7);
    }

  late = read_error_of ("unheard-of-late-quark");
  g_assert_error (late, CONVOKE_ERROR, CONVOKE_ERROR_FOREIGN);
  g_assert_cmpstr (late->message, ==, "unheard-of-late-quark, -7: why");
  g_assert_cmpuint (g_quark_try_string ("unheard-of-late-quark"), ==, 0);

  known = read_error_of ("unheard-of-3-quark");
  g_assert_cmpstr (g_quark_to_string (known->domain), ==, "unheard-of-3-quark");
}

/* --- variants --- */

static void
refuse_variant (const char    *signature,
                gconstpointer  data,
                gsize          length,
                const char    *message)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;
  ConvokeWireReader reader;

  convoke_wire_writer_init (&writer);
  convoke_wire_put_string (&writer, signature);
  convoke_wire_put_bytes (&writer, data, length);
  read_from (&reader, &writer);
  g_assert_null (convoke_wire_get_variant (&reader, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
  g_assert_cmpstr (error->message, ==, message);
  convoke_wire_writer_clear (&writer);
}

static void
test_bad_variants (void)
{
  g_test_summary ("A GVariant has a definite type and is in normal form");

  refuse_variant ("a", "", 0, "has 'a' for the signature of a GVariant at byte 6");
  refuse_variant ("a*", "", 0, "has 'a*' for the signature of a GVariant at byte 7");
  refuse_variant ("b", "\x02", 1, "is a GVariant that is not in normal form at byte 11");
  refuse_variant ("s", "open", 4, "is a GVariant that is not in normal form at byte 14");
  refuse_variant ("u", "\x01", 1, "is a GVariant that is not in normal form at byte 11");
}

/* --- GValues of described types --- */

static void
send_gvalue (const ConvokeTypeInfo *type,
             const GValue          *sent,
             GValue                *arrived)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;
  ConvokeWireReader reader;

  convoke_wire_writer_init (&writer);
  convoke_wire_write_gvalue (&writer, type, sent, sample_refs (), &error);
  g_assert_no_error (error);
  read_from (&reader, &writer);
  convoke_wire_read_gvalue (&reader, type, arrived, sample_refs (), &error);
  g_assert_no_error (error);
  g_assert_true (convoke_wire_reader_end (&reader, NULL));
  convoke_wire_writer_clear (&writer);
}

typedef struct
{
  const char      *name;
  ConvokeTypeInfo  type;
  const char      *value_type;
  const char      *content;    /* parsed as a GVariant, or the string itself */
} Described;

static Described described[] = {
  { "boolean", TYPE (BOOLEAN), "gboolean", "true" },
  { "int8", TYPE (INT8), "gchar", "-100" },
  { "uint8", TYPE (UINT8), "guchar", "200" },
  { "int32", TYPE (INT32), "gint", "-100000" },
  { "uint32", TYPE (UINT32), "guint", "4000000000" },
  { "int64-long", TYPE (INT64), "glong", "-5" },
  { "uint64-ulong", TYPE (UINT64), "gulong", "5" },
  { "int64", TYPE (INT64), "gint64", "-5000000000" },
  { "uint64", TYPE (UINT64), "guint64", "18446744073709551615" },
  { "enum", TYPE (ENUM, .storage = CONVOKE_TYPE_KIND_UINT32), "GApplicationFlags", "5" },
  { "float", TYPE (FLOAT), "gfloat", "1.5" },
  { "double", TYPE (DOUBLE), "gdouble", "-2.5" },
};

static void
set_number (GValue     *value,
            const char *content)
{
  g_auto (GValue) number = G_VALUE_INIT;

  if (strchr (content, '.') != NULL)
    {
      g_value_init (&number, G_TYPE_DOUBLE);
      g_value_set_double (&number, g_ascii_strtod (content, NULL));
    }
  else if (*content == '-')
    {
      g_value_init (&number, G_TYPE_INT64);
      g_value_set_int64 (&number, g_ascii_strtoll (content, NULL, 10));
    }
  else
    {
      g_value_init (&number, G_TYPE_UINT64);
      g_value_set_uint64 (&number, strcmp (content, "true") == 0 ? 1 : g_ascii_strtoull (content, NULL, 10));
    }

  g_assert_true (g_value_transform (&number, value));
}

static void
test_described_number (gconstpointer data)
{
  const Described *self = data;
  g_auto (GValue) sent = G_VALUE_INIT;
  g_auto (GValue) arrived = G_VALUE_INIT;

  g_test_summary ("A number arrives in a GValue of its own type");

  g_type_ensure (G_TYPE_APPLICATION_FLAGS);
  g_value_init (&sent, g_type_from_name (self->value_type));
  g_value_init (&arrived, g_type_from_name (self->value_type));
  set_number (&sent, self->content);
  send_gvalue (&self->type, &sent, &arrived);
  g_assert_cmpint (arrived.data[0].v_int64, ==, sent.data[0].v_int64);
}

static void
test_described_string (void)
{
  const ConvokeTypeInfo type = POINTER_TYPE (UTF8);
  g_auto (GValue) sent = G_VALUE_INIT;
  g_auto (GValue) arrived = G_VALUE_INIT;

  g_test_summary ("A string arrives, and NULL");

  g_value_init (&sent, G_TYPE_STRING);
  g_value_init (&arrived, G_TYPE_STRING);
  send_gvalue (&type, &sent, &arrived);
  g_assert_null (g_value_get_string (&arrived));
  g_value_set_string (&sent, "tall");
  send_gvalue (&type, &sent, &arrived);
  g_assert_cmpstr (g_value_get_string (&arrived), ==, "tall");
}

static void
test_described_strv (void)
{
  g_auto (GValue) sent = G_VALUE_INIT;
  g_auto (GValue) arrived = G_VALUE_INIT;

  g_test_summary ("An array of strings arrives as one");

  g_value_init (&sent, G_TYPE_STRV);
  g_value_init (&arrived, G_TYPE_STRV);
  g_value_set_boxed (&sent, sample_strings);
  send_gvalue (&element_strv, &sent, &arrived);
  g_assert_true (g_strv_equal (g_value_get_boxed (&arrived), sample_strings));
}

static void
test_described_object (void)
{
  const ConvokeTypeInfo type = POINTER_TYPE (INTERFACE, .type_name = (char *) "GFile");
  g_auto (GValue) sent = G_VALUE_INIT;
  g_auto (GValue) arrived = G_VALUE_INIT;

  g_test_summary ("An object arrives as the interface");

  g_value_init (&sent, G_TYPE_FILE);
  g_value_init (&arrived, G_TYPE_FILE);
  g_value_set_object (&sent, sample_object (0));
  send_gvalue (&type, &sent, &arrived);
  g_assert_true (g_value_get_object (&arrived) == sample_object (0));
}

static void
test_described_array (void)
{
  const ConvokeTypeInfo type = POINTER_TYPE (GARRAY, .element = &element_int32);
  const ConvokeTypeInfo counted = POINTER_TYPE (ARRAY, COUNTED, .element = &element_int32);
  g_auto (GValue) sent = G_VALUE_INIT;
  g_auto (GValue) arrived = G_VALUE_INIT;
  g_auto (GValue) variant = G_VALUE_INIT;
  GArray *array;

  g_test_summary ("What a GValue can hold in another form is converted");

  g_value_init (&sent, G_TYPE_VARIANT);
  g_value_set_variant (&sent, g_variant_new_parsed ("[1, -2, 3]"));
  g_value_init (&arrived, G_TYPE_ARRAY);
  send_gvalue (&type, &sent, &arrived);
  array = g_value_get_boxed (&arrived);
  g_assert_cmpuint (array->len, ==, 3);
  g_assert_cmpint (g_array_index (array, int, 1), ==, -2);

  g_value_init (&variant, G_TYPE_VARIANT);
  send_gvalue (&counted, &sent, &variant);
  g_assert_true (g_variant_equal (g_value_get_variant (&sent), g_value_get_variant (&variant)));
}

static void
test_described_mismatch (void)
{
  const ConvokeTypeInfo type = POINTER_TYPE (UTF8);
  g_autoptr (GError) write_error = NULL;
  g_autoptr (GError) read_error = NULL;
  g_auto (GValue) number = G_VALUE_INIT;
  ConvokeWireWriter writer;
  ConvokeWireReader reader;

  g_test_summary ("What the description does not fit is refused on both sides");

  g_value_init (&number, G_TYPE_DATE);
  convoke_wire_writer_init (&writer);
  g_assert_false (convoke_wire_write_gvalue (&writer, &type, &number, NULL, &write_error));
  g_assert_error (write_error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);

  convoke_wire_put_string (&writer, "text");
  read_from (&reader, &writer);
  g_assert_false (convoke_wire_read_gvalue (&reader, &type, &number, NULL, &read_error));
  g_assert_error (read_error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
  convoke_wire_writer_clear (&writer);
}

static void
test_value_of_boxed (void)
{
  const ConvokeTypeInfo type = POINTER_TYPE (VALUE, .size = sizeof (GValue));
  g_autoptr (GError) error = NULL;
  g_auto (GValue) date = G_VALUE_INIT;
  ConvokeWireWriter writer;

  g_test_summary ("A GValue that holds what cannot cross is refused, saying what it holds");

  g_value_init (&date, G_TYPE_DATE);
  convoke_wire_writer_init (&writer);
  g_assert_false (convoke_wire_write_gvalue (&writer, &type, &date, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_cmpstr (error->message, ==, "holds a GDate, which cannot cross to another process");
  convoke_wire_writer_clear (&writer);
}

static void
add_described (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (described); i++)
    {
      g_autofree char *path = g_strdup_printf ("/marshal/wire-values/described/%s", described[i].name);

      g_test_add_data_func (path, &described[i], test_described_number);
    }
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  samples_init ();

  g_test_add_func ("/marshal/wire-values/numbers", test_numbers);
  g_test_add_func ("/marshal/wire-values/growth", test_growth);
  g_test_add_func ("/marshal/wire-values/strings", test_strings);
  g_test_add_func ("/marshal/wire-values/utf8-everywhere", test_utf8_everywhere);
  g_test_add_func ("/marshal/wire-values/name", test_name);
  g_test_add_func ("/marshal/wire-values/trailing", test_trailing);
  g_test_add_func ("/marshal/wire-values/fds", test_fds);
  g_test_add_func ("/marshal/wire-values/too-many-fds", test_too_many_fds);
  g_test_add_func ("/marshal/wire-values/own-codes", test_own_codes);
  g_test_add_func ("/marshal/wire-values/own-code-unknown", test_own_code_unknown);
  g_test_add_func ("/marshal/wire-values/message-not-utf8", test_message_not_utf8);
  g_test_add_func ("/marshal/wire-values/unknown-domains", test_unknown_domains);
  g_test_add_func ("/marshal/wire-values/bad-variants", test_bad_variants);
  add_described ();
  g_test_add_func ("/marshal/wire-values/described/string", test_described_string);
  g_test_add_func ("/marshal/wire-values/described/strv", test_described_strv);
  g_test_add_func ("/marshal/wire-values/described/object", test_described_object);
  g_test_add_func ("/marshal/wire-values/described/array", test_described_array);
  g_test_add_func ("/marshal/wire-values/described/mismatch", test_described_mismatch);
  g_test_add_func ("/marshal/wire-values/value-of-boxed", test_value_of_boxed);

  result = g_test_run ();
  samples_wipe ();

  return result;
}
