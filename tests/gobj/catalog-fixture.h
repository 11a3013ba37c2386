/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A directory of keyfiles that goes away with its test. */

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *path;
} TestDir;

static inline void
test_dir_init (TestDir *self)
{
  g_autoptr (GError) error = NULL;

  self->path = g_dir_make_tmp ("convoke-test-XXXXXX", &error);
  g_assert_no_error (error);
}

static inline void
test_dir_clear (TestDir *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->path, name, NULL);

      g_remove (path);
    }
  g_rmdir (self->path);
  g_free (self->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TestDir, test_dir_clear)

/* Returns the path. */
static inline char *
test_dir_write (const TestDir *self,
                const char    *name,
                const char    *text,
                gssize         length)
{
  char *path = g_build_filename (self->path, name, NULL);
  g_autoptr (GError) error = NULL;

  /* GLib 2.74 leaves the end of a longer file that was there. */
  g_assert_true (truncate (path, 0) == 0 || errno == ENOENT);
  g_file_set_contents_full (path, text, length, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
  return path;
}

/* Has @text within its message; clears it. */
static inline void
assert_message (GError     **error,
                const char  *text)
{
  if (strstr ((*error)->message, text) == NULL)
    g_error ("“%s” is not in: %s", text, (*error)->message);
  g_clear_error (error);
}
