/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slow-server.h"

struct _SlowServer
{
  GSubprocess   *process;  /* (owned) */
  GOutputStream *input;    /* its */
  char          *url;      /* (owned) */
};

SlowServer *
slow_server_new (GError **error)
{
  g_autoptr (SlowServer) self = g_new0 (SlowServer, 1);
  g_autoptr (GDataInputStream) lines = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error,
                                    FIVE_VIEWS_PYTHON, FIVE_VIEWS_DIR "/slow_server.py", NULL);
  if (self->process == NULL)
    return NULL;

  self->input = g_subprocess_get_stdin_pipe (self->process);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  self->url = g_data_input_stream_read_line (lines, NULL, NULL, error);
  if (self->url == NULL && error != NULL && *error == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the web server did not start");
  return self->url != NULL ? g_steal_pointer (&self) : NULL;
}

/* Its input ends, and so does the process. */
void
slow_server_free (SlowServer *self)
{
  g_clear_object (&self->process);
  g_free (self->url);
  g_free (self);
}

const char *
slow_server_get_url (SlowServer *self)
{
  return self->url;
}

/* Another quarter. */
void
slow_server_send_more (SlowServer *self)
{
  g_output_stream_write_all (self->input, "\n", 1, NULL, NULL, NULL);
}
