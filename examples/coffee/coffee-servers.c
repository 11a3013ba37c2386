/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The web servers that the program asks when it was given no others. */

#include "coffee-servers.h"

#define START_TIMEOUT 20   /* seconds */

typedef struct
{
  GMainLoop    *loop;
  GCancellable *cancellable;
  char         *line;
  GError       *error;
} Reading;

static void
line_read_cb (GObject      *stream,
              GAsyncResult *result,
              gpointer      user_data)
{
  Reading *reading = user_data;

  reading->line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (stream), result, NULL,
                                                        &reading->error);
  g_main_loop_quit (reading->loop);
}

static gboolean
expired_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_CONTINUE;
}

/* One line, or an error within a bounded time. */
static char *
read_line (GDataInputStream  *stream,
           GError           **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Reading reading = { loop, cancellable, NULL, NULL };
  guint timer = g_timeout_add_seconds (START_TIMEOUT, expired_cb, cancellable);

  g_data_input_stream_read_line_async (stream, G_PRIORITY_DEFAULT, cancellable, line_read_cb, &reading);
  g_main_loop_run (loop);
  g_source_remove (timer);

  if (reading.line == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the price servers did not start: %s",
                   reading.error != NULL ? reading.error->message : "they ended");
      g_clear_error (&reading.error);
    }

  return reading.line;
}

/* Starts one server per latency (milliseconds) in one child process, which ends
 * when the returned object is dropped or this process ends. */
GSubprocess *
coffee_servers_start (const guint   *latencies,
                      char         **urls,
                      guint          n_urls,
                      GError       **error)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocess) servers = NULL;
  g_autoptr (GDataInputStream) lines = NULL;

  g_ptr_array_add (arguments, g_strdup (COFFEE_PYTHON));
  g_ptr_array_add (arguments, g_strdup (COFFEE_DIR "/price_server.py"));
  for (guint i = 0; i < n_urls; i++)
    g_ptr_array_add (arguments, g_strdup_printf ("%u", latencies[i]));
  g_ptr_array_add (arguments, NULL);

  servers = g_subprocess_newv ((const char * const *) arguments->pdata,
                               G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error);
  if (servers == NULL)
    return NULL;

  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (servers));
  for (guint i = 0; i < n_urls; i++)
    {
      urls[i] = read_line (lines, error);
      if (urls[i] == NULL)
        return NULL;
    }

  return g_steal_pointer (&servers);
}
