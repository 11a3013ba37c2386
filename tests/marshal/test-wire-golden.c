/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Messages written by hand, as docs/wire.md has them; a second implementation
 * can be held to the same files.
 *
 * VERDICT_DIRECTION-METHOD-CASE.txt: y is read, and written it is the same
 * bytes; n is refused. The content is bytes in hex, text in quotes, and
 * comments.
 */

#include <string.h>

#include "../gobj/frame-fixture.h"
#include "convoke-frame-steps-private.h"
#include "convoke-wire-private.h"

typedef struct
{
  char       *path;
  gboolean    good;
  gboolean    outs;
  char       *method;
} Golden;

static void
golden_free (gpointer data)
{
  Golden *self = data;

  g_free (self->path);
  g_free (self->method);
  g_free (self);
}

static const char *
parse_text (const char *at,
            GByteArray *bytes)
{
  const char *end = strchr (at + 1, '"');

  g_assert_nonnull (end);
  g_byte_array_append (bytes, (const guint8 *) at + 1, end - at - 1);
  return end + 1;
}

static const char *
parse_byte (const char *at,
            GByteArray *bytes)
{
  guint8 byte = (guint8) (g_ascii_xdigit_value (at[0]) << 4 | g_ascii_xdigit_value (at[1]));

  g_assert_true (g_ascii_isxdigit (at[0]) && g_ascii_isxdigit (at[1]));
  g_byte_array_append (bytes, &byte, 1);
  return at + 2;
}

static GByteArray *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  GByteArray *bytes = g_byte_array_new ();
  const char *at;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);

  for (at = content; *at != '\0';)
    {
      if (*at == '#')
        at += strcspn (at, "\n");
      else if (g_ascii_isspace (*at))
        at++;
      else
        at = *at == '"' ? parse_text (at, bytes) : parse_byte (at, bytes);
    }

  return bytes;
}

static gboolean
read_frame (const Golden      *self,
            Call              *call,
            const GByteArray  *bytes,
            GError           **error)
{
  ConvokeWireReader reader;

  convoke_wire_reader_init (&reader, bytes->data != NULL ? bytes->data : (const guint8 *) "", bytes->len, NULL, 0);
  if (self->outs)
    {
      convoke_frame_begin_capture (&call->frame, call->plan, call->storage);
      return convoke_wire_read_outs (&reader, &call->frame, NULL, NULL, error);
    }

  if (!convoke_wire_read_ins (&reader, &call->frame, call->plan, call->storage, NULL, error))
    {
      convoke_frame_begin_capture (&call->frame, call->plan, call->storage);
      return FALSE;
    }

  return convoke_wire_reader_end (&reader, error);
}

static void
check_written (const Golden     *self,
               Call             *call,
               const GByteArray *bytes)
{
  g_autoptr (GError) error = NULL;
  ConvokeWireWriter writer;

  convoke_wire_writer_init (&writer);
  if (self->outs)
    convoke_wire_write_outs (&writer, &call->frame, NULL, &error);
  else
    convoke_wire_write_ins (&writer, &call->frame, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (writer.data, writer.length, bytes->data, bytes->len);
  convoke_wire_writer_clear (&writer);
}

static void
test_golden (gconstpointer data)
{
  const Golden *self = data;
  g_autoptr (GByteArray) bytes = load (self->path);
  g_autoptr (GError) error = NULL;
  gboolean done;
  int code;
  Call call;

  g_test_summary (self->good ? "It is read, and written again it is the same" : "It is refused");

  call_init (&call, self->method);
  g_assert_true (convoke_wire_can_cross (call.plan, NULL));
  done = read_frame (self, &call, bytes, &error);
  if (self->good)
    {
      g_assert_no_error (error);
      g_assert_true (done);
      check_written (self, &call, bytes);
    }
  else
    {
      g_assert_false (done);
      /* Who names a type that is unknown here breaks no rule. */
      code = strstr (self->path, "unknown-type") != NULL ? CONVOKE_ERROR_NOT_SUPPORTED : CONVOKE_ERROR_PROTOCOL;
      g_assert_error (error, CONVOKE_ERROR, code);
    }
  call_end (&call);
}

static void
add_golden (const char *directory,
            const char *file)
{
  g_autofree char *name = g_strndup (file, strlen (file) - strlen (".txt"));
  g_autofree char *path = g_strdup_printf ("/marshal/wire-golden/%s", name);
  g_auto (GStrv) parts = g_strsplit (name, "-", 3);
  Golden *self = g_new (Golden, 1);

  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  self->path = g_build_filename (directory, file, NULL);
  self->good = g_str_has_prefix (parts[0], "y_");
  self->outs = g_str_has_suffix (parts[0], "_outs");
  self->method = g_strdup (parts[1]);
  g_test_add_data_func_full (path, self, test_golden, golden_free);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

static void
add_all (void)
{
  g_autofree char *directory = g_test_build_filename (G_TEST_DIST, "data", "wire", NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *file;

  g_assert_nonnull (dir);
  while ((file = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (file, ".txt"))
      g_ptr_array_add (files, g_strdup (file));

  g_assert_cmpuint (files->len, >, 0);
  g_ptr_array_sort (files, compare_names);
  for (guint i = 0; i < files->len; i++)
    add_golden (directory, files->pdata[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* A class that is known, and still cannot be read. */
  g_type_ensure (G_TYPE_APPLICATION);
  add_all ();

  return g_test_run ();
}
