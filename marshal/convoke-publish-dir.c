/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * $XDG_RUNTIME_DIR/convoke-1/published. A script that cron or a remote shell
 * started has no such variable, and is to find what the session of the same
 * user published: then /run/user/UID is looked at, and where there is no such
 * thing the folder is /tmp/convoke-1-UID/published.
 *
 * Whose a folder is and what it is are asked of the opened folder, never of a
 * path that could be another a moment later. What is above it must not be
 * anybody's to change either, so a path that was checked stays what it is.
 */

#include "config.h"

#include "convoke-publish-dir-private.h"

#include "convoke-error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWN_NAME "convoke-1"

static gboolean
refuse (const char  *path,
        const char  *why,
        GError     **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED,
               "Nothing can be published in %s: %s. Set XDG_RUNTIME_DIR to a folder that only this user can write to", path, why);
  return FALSE;
}

static gboolean
refuse_errno (const char  *path,
              int          code,
              GError     **error)
{
  if (code == ENOENT)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND,
                   "Nothing can be published: there is no folder %s, which XDG_RUNTIME_DIR names", path);
      return FALSE;
    }

  return refuse (path, code == ELOOP || code == ENOTDIR ? "it is no folder, or a link" : g_strerror (code), error);
}

static gboolean
look_at (const char   *path,
         int           flags,
         struct stat  *info,
         GError      **error)
{
  int fd = open (path, O_PATH | O_DIRECTORY | O_CLOEXEC | flags);
  gboolean ok = fd >= 0 && fstat (fd, info) == 0;
  int code = errno;

  if (fd >= 0)
    close (fd);
  return ok || refuse_errno (path, code, error);
}

/* Nobody else can take away what this user has in it. */
static gboolean
check_above (const char  *path,
             GError     **error)
{
  struct stat info;

  if (!look_at (path, 0, &info, error))
    return FALSE;
  if (info.st_uid != geteuid () && info.st_uid != 0)
    return refuse (path, "it belongs to another user", error);
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (info.st_mode & S_ISVTX) == 0)
    return refuse (path, "other users can write to it", error);

  return TRUE;
}

static gboolean
check_own (const char  *path,
           GError     **error)
{
  struct stat info;

  if (!look_at (path, O_NOFOLLOW, &info, error))
    return FALSE;
  if (info.st_uid != geteuid ())
    return refuse (path, "it belongs to another user", error);
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return refuse (path, "other users can read or write to it", error);

  return TRUE;
}

static gboolean
make_own (const char  *path,
          GError     **error)
{
  if (mkdir (path, S_IRWXU) < 0 && errno != EEXIST)
    return refuse_errno (path, errno, error);

  return check_own (path, error);
}

static char *
make_both (const char  *above,
           const char  *name,
           GError     **error)
{
  g_autofree char *own = g_build_filename (above, name, NULL);
  g_autofree char *path = g_build_filename (own, "published", NULL);

  if (!check_above (above, error) || !make_own (own, error) || !make_own (path, error))
    return NULL;

  return g_steal_pointer (&path);
}

static char *
find_session (const char *sessions)
{
  g_autofree char *name = g_strdup_printf ("%u", (guint) geteuid ());
  g_autofree char *path = sessions != NULL ? g_build_filename (sessions, name, NULL) : NULL;

  return path != NULL && access (path, W_OK) == 0 ? g_steal_pointer (&path) : NULL;
}

char *
convoke_publish_dir_ensure_in (const char  *runtime,
                               const char  *sessions,
                               const char  *temporary,
                               GError     **error)
{
  g_autofree char *session = NULL;
  g_autofree char *name = NULL;

  if (runtime != NULL && *runtime != '\0')
    {
      if (g_path_is_absolute (runtime))
        return make_both (runtime, OWN_NAME, error);

      refuse (runtime, "it is not an absolute path", error);
      return NULL;
    }

  session = find_session (sessions);
  if (session != NULL)
    return make_both (session, OWN_NAME, error);

  name = g_strdup_printf ("%s-%u", OWN_NAME, (guint) geteuid ());
  return make_both (temporary, name, error);
}

char *
convoke_publish_dir_ensure (GError **error)
{
  /* A privileged program does not go where its caller's environment leads. */
  return convoke_publish_dir_ensure_in (secure_getenv ("XDG_RUNTIME_DIR"), "/run/user", "/tmp", error);
}
