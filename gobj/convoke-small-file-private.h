/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A small text file of somebody's, read whole: what is no regular file, or too large, is refused before anything of it is read. */

#include <gio/gio.h>

G_BEGIN_DECLS

/* A component's keyfile and a program's preferences: so large at most. */
#define CONVOKE_SMALL_FILE_MOST 1048576

/* Which file was read, and in which state. All zero: none was. */
typedef struct
{
  guint64  device;
  guint64  inode;
  guint64  size;
  gint64   modified;   /* nanoseconds since 1970, as the next */
  gint64   changed;
  gboolean settled;    /* it was old enough that a later change must show in the times */
} ConvokeFileStamp;

/* Never waits for the other end of a pipe. @stamp: (nullable) (out). The text has no NUL but at its end. Messages begin with the path, and
 * with the line where there is one. Fails with NOT_FOUND, ACCESS_DENIED, INVALID_ARGUMENT (not regular, too large, a NUL), FAILED. */
char    *convoke_small_file_read (const char *path, ConvokeFileStamp *stamp, GError **error);

/* Whether the file @name of the open directory @directory (or AT_FDCWD) is still what @stamp says. */
gboolean convoke_file_stamp_holds (const ConvokeFileStamp *self, int directory, const char *name);

/* Of what a system call failed with on a file. */
void     convoke_small_file_set_errno (const char *path, int number, GError **error);

G_END_DECLS
