/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One look at the directories. The first file of a name hides those after it,
 * also when it is broken: another one in its place would be a class that
 * nobody meant. What cannot be used costs only itself, and is told.
 */

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "convoke-catalog-index-private.h"
#include "convoke-component-readers-private.h"
#include "convoke-error.h"

typedef struct
{
  ConvokeCatalogIndex *index;
  ConvokeCatalogIndex *previous;   /* (nullable) */
  ConvokePathWatch    *watch;
} Scan;

/* One name in a directory. */
typedef struct
{
  unsigned char type;       /* DT_ */
  char          name[];
} Entry;

/* --- places --- */

ConvokeCatalogPlace *
convoke_catalog_place_new (const char *directory,
                           const char *suffix,
                           gboolean    is_deep)
{
  ConvokeCatalogPlace *self = g_new0 (ConvokeCatalogPlace, 1);

  self->path = g_canonicalize_filename (directory, NULL);
  self->suffix = suffix;
  self->is_deep = is_deep;
  return self;
}

void
convoke_catalog_place_free (ConvokeCatalogPlace *self)
{
  g_free (self->path);
  g_free (self);
}

/* --- a file --- */

static void
add_broken (Scan         *self,
            const char   *class_name,
            const char   *path,
            const GError *error)
{
  /* Gone meanwhile; or a link to nowhere, which hides nothing, as if it were not there. */
  if (g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND))
    convoke_catalog_index_add_problem (self->index, CONVOKE_CATALOG_PROBLEM_BROKEN, path, error->message);
  else
    convoke_catalog_index_add_broken (self->index, class_name, path, error);
}

static void
add_irregular (Scan       *self,
               const char *class_name,
               const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autoptr (GError) error = g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                                          "%s: this is not a regular file", shown);

  add_broken (self, class_name, path, error);
}

static void
add_hidden (Scan       *self,
            const char *class_name,
            const char *path)
{
  ConvokeClassInfo *info = convoke_catalog_index_find (self->index, class_name);
  g_autofree char *first = info != NULL ? g_filename_display_name (convoke_class_info_get_path (info)) : NULL;
  g_autofree char *message = first != NULL
                             ? g_strdup_printf ("it is hidden by %s, which comes first", first)
                             : g_strdup ("it is hidden by a file that comes first and is broken");

  convoke_catalog_index_add_problem (self->index, CONVOKE_CATALOG_PROBLEM_HIDDEN, path, message);
}

/* What the last time found for the class. */
static ConvokeClassInfo *
find_previous (Scan       *self,
               const char *class_name)
{
  return self->previous != NULL ? convoke_catalog_index_find (self->previous, class_name) : NULL;
}

static gboolean
is_unchanged (ConvokeClassInfo *previous,
              const char       *path,
              int               directory,
              const char       *name)
{
  return previous != NULL && strcmp (convoke_class_info_get_path (previous), path) == 0 &&
         convoke_file_stamp_holds (convoke_class_info_get_stamp (previous), directory, name);
}

/* An info stays the same as long as its file says the same: programs hold on to it. */
static ConvokeClassInfo *
dup_info (ConvokeClassInfo           *previous,
          const ConvokeComponentFile *file)
{
  if (previous == NULL || !convoke_component_file_equal (convoke_class_info_get_file (previous), file))
    return convoke_class_info_new (file);

  convoke_class_info_set_stamp (previous, &file->stamp);
  return g_object_ref (previous);
}

static void
load (Scan                         *self,
      const ConvokeComponentReader *reader,
      const char                   *class_name,
      const char                   *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeComponentFile) file = reader->load (path, &error);
  g_autoptr (ConvokeClassInfo) info = file != NULL ? dup_info (find_previous (self, class_name), file) : NULL;

  if (info != NULL)
    convoke_catalog_index_add (self->index, info);
  else
    add_broken (self, class_name, path, error);
}

static gboolean
can_be_regular (unsigned char type)
{
  return type == DT_REG || type == DT_LNK || type == DT_UNKNOWN;
}

static void
look_at (Scan                         *self,
         const ConvokeComponentReader *reader,
         const char                   *directory,
         int                           fd,
         const Entry                  *entry)
{
  g_autofree char *path = g_build_filename (directory, entry->name, NULL);
  g_autofree char *class_name = g_strndup (entry->name, strlen (entry->name) - strlen (reader->suffix));
  ConvokeClassInfo *previous = find_previous (self, class_name);

  if (convoke_catalog_index_has (self->index, class_name))
    add_hidden (self, class_name, path);
  else if (!can_be_regular (entry->type))
    add_irregular (self, class_name, path);
  else if (is_unchanged (previous, path, fd, entry->name))
    convoke_catalog_index_add (self->index, previous);
  else
    load (self, reader, class_name, path);
}

/* --- a directory --- */

/* Those with a point first are editors' and the like. */
static gboolean
is_visible (const char *name)
{
  return *name != '.';
}

static gboolean
is_wanted (const char *name)
{
  return is_visible (name) && convoke_component_readers_find (name) != NULL;
}

static Entry *
entry_new (const struct dirent *about)
{
  gsize size = strlen (about->d_name) + 1;
  Entry *self = g_malloc (sizeof *self + size);

  self->type = about->d_type;
  memcpy (self->name, about->d_name, size);
  return self;
}

static void
add_unreadable (Scan       *self,
                const char *directory,
                int         number)
{
  g_autoptr (GError) error = NULL;

  if (number == ENOENT)
    return;

  convoke_small_file_set_errno (directory, number, &error);
  convoke_catalog_index_add_problem (self->index, CONVOKE_CATALOG_PROBLEM_BROKEN, directory, error->message);
}

/* Of what can matter in a place: its files, and the directories of a deep one. */
static GPtrArray *
list (Scan       *self,
      const char *directory,
      DIR        *dir,
      gboolean    is_deep)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_free);
  struct dirent *about;

  while ((errno = 0, about = readdir (dir)) != NULL)
    if (is_deep ? is_visible (about->d_name) : is_wanted (about->d_name))
      g_ptr_array_add (entries, entry_new (about));

  if (errno != 0)
    add_unreadable (self, directory, errno);
  return entries;
}

/* Of two files for one class that of the more important kind comes first. */
static void
look_at_all (Scan             *self,
             const char       *directory,
             int               fd,
             const GPtrArray  *entries,
             const char       *suffix)
{
  for (const ConvokeComponentReader *reader = convoke_component_readers; reader->suffix != NULL; reader++)
    for (guint i = 0; i < entries->len && (suffix == NULL || strcmp (suffix, reader->suffix) == 0); i++)
      {
        const Entry *entry = entries->pdata[i];

        if (convoke_component_readers_find (entry->name) == reader)
          look_at (self, reader, directory, fd, entry);
      }
}

static void look_into (Scan *self, const char *directory, const char *suffix, gboolean is_deep);

static void
look_deeper (Scan            *self,
             const char      *directory,
             const GPtrArray *entries,
             const char      *suffix)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = entries->pdata[i];
      g_autofree char *path = g_build_filename (directory, entry->name, NULL);

      if (entry->type == DT_DIR || (entry->type != DT_REG && g_file_test (path, G_FILE_TEST_IS_DIR)))
        look_into (self, path, suffix, FALSE);
    }
}

static void
look_into (Scan       *self,
           const char *directory,
           const char *suffix,
           gboolean    is_deep)
{
  g_autoptr (GPtrArray) entries = NULL;
  DIR *dir;

  /* First, so that nothing can happen unseen in between. */
  convoke_path_watch_add (self->watch, directory, is_deep ? is_visible : is_wanted);
  dir = opendir (directory);
  if (dir == NULL)
    {
      add_unreadable (self, directory, errno);
      return;
    }

  entries = list (self, directory, dir, is_deep);
  look_at_all (self, directory, dirfd (dir), entries, suffix);
  closedir (dir);
  if (is_deep)
    look_deeper (self, directory, entries, suffix);
}

ConvokeCatalogIndex *
convoke_catalog_scan (GPtrArray           *places,
                      ConvokeCatalogIndex *previous,
                      ConvokePathWatch    *watch)
{
  Scan self = { convoke_catalog_index_new (), previous, watch };

  for (guint i = 0; i < places->len; i++)
    {
      const ConvokeCatalogPlace *place = places->pdata[i];

      look_into (&self, place->path, place->suffix, place->is_deep);
    }

  convoke_catalog_index_end (self.index);
  return self.index;
}
