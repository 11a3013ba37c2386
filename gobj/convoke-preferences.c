/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <unistd.h>

#include "convoke-component-file-private.h"
#include "convoke-error.h"
#include "convoke-preferences-private.h"

#define GROUP "Enabled"
#define SUFFIX ".conf"
#define MOST_TRIES 100
#define PAUSE (G_USEC_PER_SEC / MOST_TRIES)

struct _ConvokePreferences
{
  char             *directory;   /* (nullable): not known yet, or none */
  char             *path;        /* (nullable): in it */
  GKeyFile         *keys;        /* (owned): what was read the last time that it could be */
  ConvokeFileStamp  stamp;       /* of that */
};

static gboolean
is_preferences (const char *name)
{
  return g_str_has_suffix (name, SUFFIX);
}

ConvokePreferences *
convoke_preferences_new (void)
{
  ConvokePreferences *self = g_new0 (ConvokePreferences, 1);

  self->keys = g_key_file_new ();
  return self;
}

void
convoke_preferences_free (ConvokePreferences *self)
{
  g_key_file_unref (self->keys);
  g_free (self->directory);
  g_free (self->path);
  g_free (self);
}

/* --- whose they are --- */

gboolean
convoke_preferences_set_program (ConvokePreferences  *self,
                                 const char          *program,
                                 GError             **error)
{
  g_autofree char *name = g_strconcat (program, SUFFIX, NULL);

  if (!convoke_component_file_check_name (program, "a program", error))
    return FALSE;

  g_free (self->directory);
  g_free (self->path);
  self->directory = g_build_filename (g_get_user_config_dir (), "convoke-1", NULL);
  self->path = g_build_filename (self->directory, name, NULL);
  memset (&self->stamp, 0, sizeof self->stamp);
  return TRUE;
}

/* As the desktop knows it, or as the system does. */
static char *
find_program (void)
{
  GApplication *application = g_application_get_default ();
  const char *id = application != NULL ? g_application_get_application_id (application) : NULL;
  const char *name = id != NULL ? id : g_get_prgname ();

  return name != NULL ? g_strcanon (g_path_get_basename (name), G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-_", '_') : NULL;
}

const char *
convoke_preferences_get_path (ConvokePreferences *self)
{
  g_autofree char *program = NULL;

  /* Its caller's environment says where they would be. */
  if (self->path != NULL || getauxval (AT_SECURE) != 0)
    return self->path;

  program = find_program ();
  if (program != NULL)
    convoke_preferences_set_program (self, program, NULL);
  return self->path;
}

/* --- reading --- */

static GKeyFile *
read_keys (ConvokePreferences  *self,
           GError             **error)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = convoke_small_file_read (self->path, &self->stamp, error);
  g_autofree char *shown = NULL;

  if (text == NULL)
    return NULL;

  if (*text == '\0' || g_key_file_load_from_data (keys, text, -1, G_KEY_FILE_KEEP_COMMENTS, &local_error))
    return g_steal_pointer (&keys);

  shown = g_filename_display_name (self->path);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "%s: %s", shown, local_error->message);
  return NULL;
}

static gboolean
read_anew (ConvokePreferences  *self,
           GError             **error)
{
  g_autoptr (GError) local_error = NULL;
  GKeyFile *keys = read_keys (self, &local_error);

  if (keys == NULL && g_error_matches (local_error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND))
    keys = g_key_file_new ();
  if (keys == NULL)
    {
      memset (&self->stamp, 0, sizeof self->stamp);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_key_file_unref (self->keys);
  self->keys = keys;
  return TRUE;
}

gboolean
convoke_preferences_load (ConvokePreferences  *self,
                          ConvokePathWatch    *watch,
                          GError             **error)
{
  if (convoke_preferences_get_path (self) == NULL)
    return TRUE;

  if (watch != NULL)
    convoke_path_watch_add (watch, self->directory, is_preferences);
  return convoke_file_stamp_holds (&self->stamp, AT_FDCWD, self->path) || read_anew (self, error);
}

gboolean
convoke_preferences_is_enabled (ConvokePreferences *self,
                                const char         *class_name,
                                gboolean            fallback)
{
  g_autofree char *value = g_key_file_get_value (self->keys, GROUP, class_name, NULL);

  if (g_strcmp0 (value, "yes") == 0)
    return TRUE;

  return g_strcmp0 (value, "no") == 0 ? FALSE : fallback;
}

/* --- writing --- */

/* The directory itself is what is locked: the file is replaced. Closing it unlocks. -1: @error says why. */
static int
lock_directory (ConvokePreferences  *self,
                GError             **error)
{
  int fd;

  if (g_mkdir_with_parents (self->directory, 0700) != 0 ||
      (fd = open (self->directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY)) < 0)
    {
      convoke_small_file_set_errno (self->directory, errno, error);
      return -1;
    }

  for (guint i = 0; i < MOST_TRIES; i++)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
      g_usleep (PAUSE);
    }

  close (fd);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_BUSY, "%s is in use by another process for too long", self->directory);
  return -1;
}

static gboolean
write_keys (ConvokePreferences  *self,
            GError             **error)
{
  g_autofree char *text = g_key_file_to_data (self->keys, NULL, NULL);
  g_autoptr (GError) local_error = NULL;

  /* To be read again: what was written has no stamp yet. */
  memset (&self->stamp, 0, sizeof self->stamp);
  if (g_file_set_contents_full (self->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &local_error))
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR,
                       g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_ACCES) ||
                       g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_ROFS)
                       ? CONVOKE_ERROR_ACCESS_DENIED : CONVOKE_ERROR_FAILED, local_error->message);
  return FALSE;
}

gboolean
convoke_preferences_store (ConvokePreferences  *self,
                           const char          *class_name,
                           gboolean             enabled,
                           GError             **error)
{
  gboolean stored = FALSE;
  int lock;

  if (convoke_preferences_get_path (self) == NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                           "This program has no preferences: it has no name, which convoke_catalog_set_program () gives, "
                           "or runs with privileges");
      return FALSE;
    }

  lock = lock_directory (self, error);
  if (lock < 0)
    return FALSE;

  /* What cannot be read is not overwritten either. */
  if (read_anew (self, error))
    {
      g_key_file_set_value (self->keys, GROUP, class_name, enabled ? "yes" : "no");
      stored = write_keys (self, error);
    }
  if (!stored)
    read_anew (self, NULL);
  close (lock);
  return stored;
}
