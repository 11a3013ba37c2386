/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "convoke-error.h"
#include "convoke-small-file-private.h"

#define NANOSECONDS_PER_SECOND G_GINT64_CONSTANT (1000000000)

/* Times of files are those of the kernel's tick, 10 ms at the longest: of a file that was changed just now a second change need not show. */
#define SETTLING_TIME (20 * 1000 * 1000)

/* --- failures --- */

static ConvokeError
code_of_errno (int number)
{
  switch (number)
    {
    case ENOENT:
    case ENOTDIR:
      return CONVOKE_ERROR_NOT_FOUND;

    case EACCES:
    case EPERM:
      return CONVOKE_ERROR_ACCESS_DENIED;

    default:
      return CONVOKE_ERROR_FAILED;
    }
}

void
convoke_small_file_set_errno (const char  *path,
                              int          number,
                              GError     **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, CONVOKE_ERROR, code_of_errno (number), "%s: %s", shown, g_strerror (number));
}

/* --- which state --- */

static gint64
nanoseconds (struct timespec time)
{
  return time.tv_sec * NANOSECONDS_PER_SECOND + time.tv_nsec;
}

static ConvokeFileStamp
stamp_of (const struct stat *about)
{
  return (ConvokeFileStamp) {
    .device = about->st_dev,
    .inode = about->st_ino,
    .size = about->st_size,
    .modified = nanoseconds (about->st_mtim),
    .changed = nanoseconds (about->st_ctim),
    .settled = g_get_real_time () * 1000 - nanoseconds (about->st_ctim) > SETTLING_TIME,
  };
}

gboolean
convoke_file_stamp_holds (const ConvokeFileStamp *self,
                          int                     directory,
                          const char             *name)
{
  struct stat about;

  return self->settled && fstatat (directory, name, &about, 0) == 0 &&
         self->device == about.st_dev && self->inode == about.st_ino && self->size == (guint64) about.st_size &&
         self->modified == nanoseconds (about.st_mtim) && self->changed == nanoseconds (about.st_ctim);
}

/* --- the text --- */

static void
set_refused (const char  *path,
             const char  *why,
             GError     **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "%s%s", shown, why);
}

static gboolean
check_stat (const char        *path,
            int                fd,
            ConvokeFileStamp  *stamp,
            GError           **error)
{
  struct stat about;

  if (fstat (fd, &about) != 0)
    convoke_small_file_set_errno (path, errno, error);
  else if (!S_ISREG (about.st_mode))
    set_refused (path, ": this is not a regular file", error);
  else if (about.st_size > CONVOKE_SMALL_FILE_MOST)
    set_refused (path, ": it has more than " G_STRINGIFY (CONVOKE_SMALL_FILE_MOST) " bytes", error);
  else
    {
      *stamp = stamp_of (&about);
      return TRUE;
    }

  return FALSE;
}

/* What was there when it was opened; less where it shrank meanwhile. */
static char *
read_fd (const char  *path,
         int          fd,
         gsize       *size,
         GError     **error)
{
  g_autofree char *text = g_malloc (*size + 1);
  gsize most = *size;

  *size = 0;
  while (*size < most)
    {
      gssize n = read (fd, text + *size, most - *size);

      if (n == 0)
        break;
      if (n > 0)
        *size += n;
      else if (errno != EINTR)
        {
          convoke_small_file_set_errno (path, errno, error);
          return NULL;
        }
    }

  text[*size] = '\0';
  return g_steal_pointer (&text);
}

static guint
count_lines (const char *text)
{
  guint n = 1;

  for (; *text != '\0'; text++)
    n += *text == '\n';

  return n;
}

static gboolean
check_text (const char  *path,
            const char  *text,
            gsize        size,
            GError     **error)
{
  g_autofree char *why = NULL;

  if (strlen (text) == size)
    return TRUE;

  why = g_strdup_printf (":%u: there is a NUL byte in it", count_lines (text));
  set_refused (path, why, error);
  return FALSE;
}

char *
convoke_small_file_read (const char        *path,
                         ConvokeFileStamp  *stamp,
                         GError           **error)
{
  g_autofree char *text = NULL;
  ConvokeFileStamp found = { 0 };
  gsize size = 0;
  /* Not to wait for a writer, should it be a pipe. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0)
    {
      convoke_small_file_set_errno (path, errno, error);
      return NULL;
    }

  if (check_stat (path, fd, &found, error))
    {
      size = found.size;
      text = read_fd (path, fd, &size, error);
    }
  close (fd);

  if (text == NULL || !check_text (path, text, size, error))
    return NULL;

  if (stamp != NULL)
    *stamp = found;
  return g_steal_pointer (&text);
}
