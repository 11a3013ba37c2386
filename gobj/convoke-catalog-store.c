/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <fcntl.h>
#include <string.h>

#include "convoke-catalog-store-private.h"
#include "convoke-component-readers-private.h"
#include "convoke-error.h"
#include "convoke-preferences-private.h"

struct _ConvokeCatalogStore
{
  GMutex               lock;
  /* LOCK: lock, all of them */
  GPtrArray           *places;        /* (owned) */
  ConvokePathWatch    *watch;         /* (owned) (nullable): made with the first index */
  ConvokePreferences  *preferences;   /* (owned) */
  ConvokeCatalogIndex *index;         /* (owned) (nullable): nobody asked for more than one class yet */
  guint64              version;
  gboolean             is_stale;
  gboolean             found_one;     /* without an index */
};

ConvokeCatalogStore *
convoke_catalog_store_new (const char * const *directories)
{
  ConvokeCatalogStore *self = g_new0 (ConvokeCatalogStore, 1);

  g_mutex_init (&self->lock);
  self->places = g_ptr_array_new_with_free_func ((GDestroyNotify) convoke_catalog_place_free);
  self->preferences = convoke_preferences_new ();
  for (; *directories != NULL; directories++)
    g_ptr_array_add (self->places, convoke_catalog_place_new (*directories, NULL, FALSE));

  return self;
}

void
convoke_catalog_store_free (ConvokeCatalogStore *self)
{
  g_clear_pointer (&self->index, convoke_catalog_index_unref);
  g_clear_pointer (&self->watch, convoke_path_watch_free);
  convoke_preferences_free (self->preferences);
  g_ptr_array_unref (self->places);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
convoke_catalog_store_add_place (ConvokeCatalogStore *self,
                                 ConvokeCatalogPlace *place)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->places, place);
  self->is_stale = TRUE;
  g_mutex_unlock (&self->lock);
}

gboolean
convoke_catalog_store_set_program (ConvokeCatalogStore  *self,
                                   const char           *program,
                                   GError              **error)
{
  gboolean set;

  g_mutex_lock (&self->lock);
  set = convoke_preferences_set_program (self->preferences, program, error);
  self->is_stale = TRUE;
  g_mutex_unlock (&self->lock);

  return set;
}

/* --- the index --- */

static gboolean
same_infos (const GPtrArray *one,
            const GPtrArray *other)
{
  return one->len == other->len && (one->len == 0 || memcmp (one->pdata, other->pdata, one->len * sizeof (gpointer)) == 0);
}

static gboolean
finds_the_same (const ConvokeCatalogIndex *one,
                const ConvokeCatalogIndex *other)
{
  return one != NULL && same_infos (one->infos, other->infos) && convoke_catalog_index_has_problems (one, other);
}

static void
apply_preferences_locked (ConvokeCatalogStore *self,
                          ConvokeCatalogIndex *index)
{
  for (guint i = 0; i < index->infos->len; i++)
    {
      ConvokeClassInfo *info = index->infos->pdata[i];
      const ConvokeComponentFile *file = convoke_class_info_get_file (info);
      gboolean enabled = convoke_preferences_is_enabled (self->preferences, file->class_name, file->enabled);

      if (enabled != convoke_class_info_get_enabled (info))
        {
          convoke_class_info_set_enabled (info, enabled);
          self->version++;
        }
    }
}

static ConvokeCatalogIndex *
look_locked (ConvokeCatalogStore *self)
{
  g_autoptr (GError) error = NULL;
  ConvokeCatalogIndex *index;

  convoke_path_watch_begin (self->watch);
  index = convoke_catalog_scan (self->places, self->index, self->watch);
  if (!convoke_preferences_load (self->preferences, self->watch, &error))
    convoke_catalog_index_add_problem (index, CONVOKE_CATALOG_PROBLEM_BROKEN,
                                       convoke_preferences_get_path (self->preferences), error->message);
  convoke_path_watch_end (self->watch);
  apply_preferences_locked (self, index);

  return index;
}

/* Returns what is to be dropped without the lock: infos can be the program's. */
static ConvokeCatalogIndex *
refresh_locked (ConvokeCatalogStore *self,
                ConvokeCatalogLook   look)
{
  ConvokeCatalogIndex *found;
  ConvokeCatalogIndex *dropped;

  if (self->watch == NULL)
    self->watch = convoke_path_watch_new ();
  if (convoke_path_watch_check (self->watch))
    self->is_stale = TRUE;
  if (self->index != NULL && !self->is_stale && look == CONVOKE_CATALOG_LOOK_IF_TOLD)
    return NULL;

  self->is_stale = FALSE;
  found = look_locked (self);
  if (finds_the_same (self->index, found))
    return found;

  dropped = self->index;
  self->index = found;
  self->version++;
  return dropped;
}

ConvokeCatalogIndex *
convoke_catalog_store_dup_index (ConvokeCatalogStore *self,
                                 ConvokeCatalogLook   look,
                                 guint64             *version)
{
  g_autoptr (ConvokeCatalogIndex) dropped = NULL;
  ConvokeCatalogIndex *index;

  g_mutex_lock (&self->lock);
  dropped = refresh_locked (self, look);
  index = convoke_catalog_index_ref (self->index);
  if (version != NULL)
    *version = self->version;
  g_mutex_unlock (&self->lock);

  return index;
}

/* --- one class --- */

static void
set_no_class_locked (ConvokeCatalogStore  *self,
                     const char           *class_name,
                     GError              **error)
{
  GString *tried = g_string_new (NULL);

  for (guint i = 0; i < self->places->len; i++)
    g_string_append_printf (tried, "%s%s", i > 0 ? ", " : "", ((ConvokeCatalogPlace *) self->places->pdata[i])->path);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS, "There is no class %s: no file %s%s in %s", class_name,
               class_name, convoke_component_readers[0].suffix, tried->len > 0 ? tried->str : "no directory");
  g_string_free (tried, TRUE);
}

/* NULL without an error: @directory has none. */
static ConvokeComponentFile *
load_from (const char  *directory,
           const char  *class_name,
           GError     **error)
{
  for (const ConvokeComponentReader *reader = convoke_component_readers; reader->suffix != NULL; reader++)
    {
      g_autofree char *basename = g_strconcat (class_name, reader->suffix, NULL);
      g_autofree char *path = g_build_filename (directory, basename, NULL);
      g_autoptr (GError) local_error = NULL;
      ConvokeComponentFile *file = reader->load (path, &local_error);

      if (file != NULL)
        return file;

      if (!g_error_matches (local_error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  return NULL;
}

static ConvokeComponentFile *
load_first_locked (ConvokeCatalogStore  *self,
                   const char           *class_name,
                   GError              **error)
{
  for (guint i = 0; i < self->places->len; i++)
    {
      const ConvokeCatalogPlace *place = self->places->pdata[i];
      g_autoptr (GError) local_error = NULL;
      ConvokeComponentFile *file = load_from (place->path, class_name, &local_error);

      if (file != NULL)
        return file;

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  set_no_class_locked (self, class_name, error);
  return NULL;
}

static gboolean
has_plain_places_locked (ConvokeCatalogStore *self)
{
  for (guint i = 0; i < self->places->len; i++)
    if (((ConvokeCatalogPlace *) self->places->pdata[i])->suffix != NULL)
      return FALSE;

  return TRUE;
}

/* The first class that is asked for, by a program that may never ask for another. TRUE: this was it. */
static gboolean
load_alone (ConvokeCatalogStore   *self,
            const char            *class_name,
            ConvokeComponentFile **file,
            GError               **error)
{
  gboolean is_first;

  g_mutex_lock (&self->lock);
  is_first = self->index == NULL && !self->found_one && has_plain_places_locked (self);
  self->found_one = TRUE;
  if (is_first)
    *file = load_first_locked (self, class_name, error);
  g_mutex_unlock (&self->lock);

  return is_first;
}

static gboolean
is_still_there (ConvokeCatalogStore *self,
                ConvokeClassInfo    *info)
{
  gboolean holds;

  g_mutex_lock (&self->lock);
  holds = convoke_file_stamp_holds (convoke_class_info_get_stamp (info), AT_FDCWD, convoke_class_info_get_path (info));
  g_mutex_unlock (&self->lock);

  return holds;
}

/* @look: where it is not LOOK_ANYWAY, NULL without an error is to be followed by that. */
static ConvokeComponentFile *
find_indexed (ConvokeCatalogStore  *self,
              ConvokeCatalogLook    look,
              const char           *class_name,
              GError              **error)
{
  g_autoptr (ConvokeCatalogIndex) index = convoke_catalog_store_dup_index (self, look, NULL);
  ConvokeClassInfo *info = convoke_catalog_index_find (index, class_name);
  const GError *broken = g_hash_table_lookup (index->broken, class_name);

  if (info != NULL && (look == CONVOKE_CATALOG_LOOK_ANYWAY || is_still_there (self, info)))
    return convoke_component_file_ref (convoke_class_info_get_file (info));

  if (broken != NULL && look == CONVOKE_CATALOG_LOOK_ANYWAY)
    g_propagate_error (error, g_error_copy (broken));
  return NULL;
}

ConvokeComponentFile *
convoke_catalog_store_find_file (ConvokeCatalogStore  *self,
                                 const char           *class_name,
                                 GError              **error)
{
  g_autoptr (GError) local_error = NULL;
  ConvokeComponentFile *file = NULL;

  if (load_alone (self, class_name, &file, error))
    return file;

  file = find_indexed (self, CONVOKE_CATALOG_LOOK_IF_TOLD, class_name, NULL);
  if (file == NULL)
    file = find_indexed (self, CONVOKE_CATALOG_LOOK_ANYWAY, class_name, &local_error);
  if (file != NULL)
    return file;

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    {
      g_mutex_lock (&self->lock);
      set_no_class_locked (self, class_name, error);
      g_mutex_unlock (&self->lock);
    }
  return NULL;
}

/* --- what is enabled --- */

gboolean
convoke_catalog_store_is_enabled (ConvokeCatalogStore        *self,
                                  const ConvokeComponentFile *file)
{
  gboolean enabled;

  g_mutex_lock (&self->lock);
  if (self->index == NULL)
    convoke_preferences_load (self->preferences, NULL, NULL);
  enabled = convoke_preferences_is_enabled (self->preferences, file->class_name, file->enabled);
  g_mutex_unlock (&self->lock);

  return enabled;
}

gboolean
convoke_catalog_store_set_enabled (ConvokeCatalogStore  *self,
                                   const char           *class_name,
                                   gboolean              enabled,
                                   GError              **error)
{
  gboolean stored;

  g_mutex_lock (&self->lock);
  stored = convoke_preferences_store (self->preferences, class_name, enabled, error);
  if (self->index != NULL)
    apply_preferences_locked (self, self->index);
  g_mutex_unlock (&self->lock);

  return stored;
}

/* --- being told --- */

int
convoke_catalog_store_get_fd (ConvokeCatalogStore *self)
{
  int fd;

  g_mutex_lock (&self->lock);
  fd = self->watch != NULL ? convoke_path_watch_get_fd (self->watch) : -1;
  g_mutex_unlock (&self->lock);

  return fd;
}

gboolean
convoke_catalog_store_check (ConvokeCatalogStore *self)
{
  gboolean is_stale;

  g_mutex_lock (&self->lock);
  self->is_stale = convoke_path_watch_check (self->watch) || self->is_stale;
  is_stale = self->is_stale;
  g_mutex_unlock (&self->lock);

  return is_stale;
}

gboolean
convoke_catalog_store_is_watched (ConvokeCatalogStore  *self,
                                  GError              **error)
{
  gboolean is_watched;

  g_mutex_lock (&self->lock);
  is_watched = convoke_path_watch_is_complete (self->watch, error);
  g_mutex_unlock (&self->lock);

  return is_watched;
}
