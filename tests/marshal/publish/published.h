/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A folder of published objects of one's own, and programs that publish there. */

#include <convoke.h>
#include <convoke-test.h>

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE (60 * G_USEC_PER_SEC)

static char *runtime_dir;

/* First of all in main (), while there is one thread. */
static inline void
published_init (void)
{
  g_autoptr (GError) error = NULL;

  convoke_require ("ConvokeTest", "1", &error);
  g_assert_no_error (error);
  convoke_require ("Convoke", "1", &error);
  g_assert_no_error (error);
  runtime_dir = g_dir_make_tmp ("convoke-publish-XXXXXX", &error);
  g_assert_no_error (error);
  g_setenv ("XDG_RUNTIME_DIR", runtime_dir, TRUE);
}

static inline void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      remove_all (inside);
    }
  g_remove (path);
}

static inline int
published_clear (int status)
{
  remove_all (runtime_dir);
  g_free (runtime_dir);
  return status;
}

/* (transfer full): where NAME is published. */
static inline char *
published_path (const char *name)
{
  return g_build_filename (runtime_dir, "convoke-1", "published", name, NULL);
}

/* --- a program that publishes --- */

typedef struct
{
  GSubprocess      *process;
  GDataInputStream *output;
} Publisher;

/* @names: between spaces. */
static inline Publisher *
publisher_begin (const char *how,
                 const char *names)
{
  Publisher *self = g_new0 (Publisher, 1);
  g_autofree char *line = g_strdup_printf ("PROGRAM %s %s", how, names);
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autoptr (GError) error = NULL;

  /* Its own path can have spaces. */
  g_free (argv[0]);
  argv[0] = g_strdup (g_getenv ("CONVOKE_TEST_PUBLISHER"));
  self->process = g_subprocess_newv ((const char * const *) argv,
                                     G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  return self;
}

/* (transfer full): “ready”, or why not. */
static inline char *
publisher_read (Publisher *self)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (self->output, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);
  return line;
}

static inline Publisher *
publisher_new (const char *how,
               const char *names)
{
  Publisher *self = publisher_begin (how, names);
  g_autofree char *line = publisher_read (self);

  g_assert_cmpstr (line, ==, "ready");
  return self;
}

static inline GPid
publisher_get_pid (Publisher *self)
{
  return atoi (g_subprocess_get_identifier (self->process));
}

static inline void
publisher_kill (Publisher *self)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, &error);
  g_assert_no_error (error);
}

static inline void
publisher_free (Publisher *self)
{
  if (g_subprocess_get_identifier (self->process) != NULL)
    publisher_kill (self);
  g_object_unref (self->output);
  g_object_unref (self->process);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Publisher, publisher_free)

/* --- getting hold of it --- */

static inline ConvokeTestPriceFeed *
attach (const char *name)
{
  g_autoptr (GError) error = NULL;
  GObject *object = convoke_attach (name, CONVOKE_TEST_TYPE_PRICE_FEED, PATIENCE, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (CONVOKE_TEST_IS_PRICE_FEED (object));
  return CONVOKE_TEST_PRICE_FEED (object);
}

static inline double
ask (ConvokeTestPriceFeed *feed,
     const char           *item)
{
  g_autoptr (GError) error = NULL;
  double price = convoke_test_price_feed_get_price (feed, item, &error);

  g_assert_no_error (error);
  return price;
}

static inline void
assert_not_published (const char *name)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_attach (name, CONVOKE_TEST_TYPE_PRICE_FEED, PATIENCE, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
}

static inline void
assert_contains (const GError *error,
                 const char   *text)
{
  if (strstr (error->message, text) == NULL)
    g_error ("“%s” is not in “%s”", text, error->message);
}

/* A connection without the library, to say anything over. */
static inline int
connect_raw (const char *name)
{
  g_autofree char *path = published_path (name);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpuint (strlen (path), <, sizeof address.sun_path);
  strcpy (address.sun_path, path);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}
