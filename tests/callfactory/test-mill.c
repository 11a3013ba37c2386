/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A component that works on pipes, for tests in this process and in another one. */

#include "test-mill.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct _TestMill
{
  GObject      parent_instance;

  gboolean     disorderly;
  ConvokePipe *kept;
};

static void test_mill_iface_init (ConvokeTestMillInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestMill, test_mill, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_MILL, test_mill_iface_init))

/* -1 when there is an item that is not as give makes it. */
static gint64
pull_bytes (ConvokePipe  *input,
            GByteArray   *into,
            GError      **error)
{
  gint64 n = 0;

  for (;;)
    {
      g_autoptr (GBytes) bytes = convoke_pipe_pull (input, 64 << 10, -1, error);

      if (bytes == NULL)
        return -1;
      if (g_bytes_get_size (bytes) == 0)
        return n;
      n += g_bytes_get_size (bytes);
      if (into != NULL)
        g_byte_array_append (into, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }
}

static gint64
pull_items (ConvokePipe  *input,
            GError      **error)
{
  gint64 n = 0;

  for (;;)
    {
      g_autoptr (GVariant) items = convoke_pipe_pull_items (input, 100, -1, error);

      if (items == NULL)
        return -1;
      if (g_variant_n_children (items) == 0)
        return n;
      n += g_variant_n_children (items);
    }
}

static gint64
test_mill_take (ConvokeTestMill  *mill,
                ConvokePipe      *input,
                GError          **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *type = convoke_pipe_dup_item_type (input, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return -1;
    }

  return type != NULL ? pull_items (input, error) : pull_bytes (input, NULL, error);
}

/* Chunk number i is full of its number. */
static gboolean
test_mill_give (ConvokeTestMill  *mill,
                ConvokePipe      *output,
                guint             n,
                guint             size,
                GError          **error)
{
  g_autofree guint8 *buffer = g_malloc (MAX (size, 1));

  for (guint i = 0; i < n; i++)
    {
      memset (buffer, (int) i, size);
      if (!convoke_pipe_push (output, buffer, size, -1, error))
        return FALSE;
    }

  return convoke_pipe_end (output, error);
}

static gint64
test_mill_grind (ConvokeTestMill  *mill,
                 ConvokePipe      *input,
                 ConvokePipe      *output,
                 GError          **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  if (TEST_MILL (mill)->disorderly && !convoke_pipe_push (output, (const guint8 *) "x", 1, -1, error))
    return -1;
  if (pull_bytes (input, bytes, error) < 0 ||
      !convoke_pipe_push (output, bytes->data, bytes->len, -1, error) || !convoke_pipe_end (output, error))
    return -1;

  return bytes->len;
}

static gint64
test_mill_mix (ConvokeTestMill  *mill,
               ConvokePipe      *first,
               ConvokePipe      *second,
               GError          **error)
{
  gint64 n;
  gint64 m;

  if (TEST_MILL (mill)->disorderly)
    return pull_bytes (second, NULL, error);

  n = pull_bytes (first, NULL, error);
  m = n >= 0 ? pull_bytes (second, NULL, error) : -1;
  return m >= 0 ? n + m : -1;
}

static gint64
pull_once (ConvokePipe  *pipe,
           GError      **error)
{
  g_autoptr (GBytes) bytes = convoke_pipe_pull (pipe, 64 << 10, -1, error);

  return bytes != NULL ? (gint64) g_bytes_get_size (bytes) : -1;
}

static gint64
fail_disk (GError **error)
{
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "the disk is full");
  return -1;
}

static gint64
abort_pipe (ConvokePipe  *pipe,
            GError      **error)
{
  g_autoptr (GError) reason = NULL;

  fail_disk (&reason);
  return convoke_pipe_abort (pipe, reason, error) ? 0 : -1;
}

static gint64
push_once (ConvokePipe  *pipe,
           GError      **error)
{
  return convoke_pipe_push (pipe, (const guint8 *) "abc", 3, -1, error) ? 3 : -1;
}

static gint64
test_mill_work (ConvokeTestMill  *mill,
                const char       *what,
                ConvokePipe      *pipe,
                GError          **error)
{
  TestMill *self = TEST_MILL (mill);

  if (g_str_equal (what, "pull"))
    return pull_once (pipe, error);
  if (g_str_equal (what, "push"))
    return push_once (pipe, error);
  if (g_str_equal (what, "pull-and-fail"))
    return pull_once (pipe, error) >= 0 ? fail_disk (error) : -1;
  if (g_str_equal (what, "abort"))
    return abort_pipe (pipe, error);
  if (g_str_equal (what, "pid"))
    return getpid ();
  if (g_str_equal (what, "push-and-die") && push_once (pipe, error) > 0)
    raise (SIGKILL);
  if (g_str_equal (what, "pull-and-die") && pull_once (pipe, error) > 0)
    raise (SIGKILL);
  if (g_str_equal (what, "exit"))
    _exit (0);
  if (g_str_equal (what, "keep"))
    g_set_object (&self->kept, pipe);
  if (g_str_equal (what, "drop"))
    g_clear_object (&self->kept);
  if (g_str_equal (what, "pull-kept"))
    return pull_bytes (self->kept, NULL, error);
  if (g_str_equal (what, "push-kept"))
    return push_once (self->kept, error);
  if (g_str_equal (what, "end-kept"))
    return convoke_pipe_end (self->kept, error) ? 0 : -1;

  return 0;
}

typedef struct
{
  ConvokePipe *writer;
  guint        n;
} Source;

static gpointer
push_numbers_cb (gpointer data)
{
  Source *source = data;

  for (guint i = 0; i < source->n; i++)
    if (!convoke_pipe_push (source->writer, (const guint8 *) &i, sizeof i, -1, NULL))
      break;
  convoke_pipe_end (source->writer, NULL);
  g_object_unref (source->writer);
  g_free (source);
  return NULL;
}

/* Of -1 chunks: none come until push-kept and end-kept. */
static ConvokePipe *
test_mill_open (ConvokeTestMill  *mill,
                guint             n,
                GError          **error)
{
  Source *source = g_new0 (Source, 1);
  ConvokePipe *reader;

  source->n = n;
  if (!convoke_pipe_new (CONVOKE_PIPE_DEFAULT, 64, &source->writer, &reader, error))
    {
      g_free (source);
      return NULL;
    }

  if (n == G_MAXUINT)
    {
      g_set_object (&TEST_MILL (mill)->kept, source->writer);
      g_object_unref (source->writer);
      g_free (source);
      return reader;
    }

  g_thread_unref (g_thread_new ("mill", push_numbers_cb, source));
  return reader;
}

static void
test_mill_iface_init (ConvokeTestMillInterface *iface)
{
  iface->take = test_mill_take;
  iface->give = test_mill_give;
  iface->grind = test_mill_grind;
  iface->mix = test_mill_mix;
  iface->work = test_mill_work;
  iface->open = test_mill_open;
}

static void
test_mill_finalize (GObject *object)
{
  g_clear_object (&TEST_MILL (object)->kept);

  G_OBJECT_CLASS (test_mill_parent_class)->finalize (object);
}

static void
test_mill_class_init (TestMillClass *class)
{
  G_OBJECT_CLASS (class)->finalize = test_mill_finalize;
  convoke_type_set_threading (G_TYPE_FROM_CLASS (class), CONVOKE_THREADING_SERIAL);
}

static void
test_mill_init (TestMill *self)
{
}

ConvokeTestMill *
test_mill_new (void)
{
  return g_object_new (TEST_TYPE_MILL, NULL);
}

void
test_mill_set_disorderly (ConvokeTestMill *mill)
{
  TEST_MILL (mill)->disorderly = TRUE;
}
