/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which classes there are: the keyfiles of some directories. What activation does with one is convoke-catalog-activate.c. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "convoke-catalog-private.h"
#include "convoke-component-readers-private.h"
#include "convoke-error.h"

#define SEARCH_PATH "CONVOKE_COMPONENT_PATH"
#define SUBDIRECTORY "convoke-1", "components"

struct _ConvokeCatalog
{
  GObject   parent_instance;

  char    **directories;   /* set before anybody else has the catalog */
};

/**
 * ConvokeCatalog:
 *
 * Knows which classes of components there are, and activates them.
 *
 * A class `org.example.Coffee` is registered by a keyfile,
 * `org.example.Coffee.component`, in one of the catalog's directories. The
 * keyfile says what implements the class, how far from the caller it is to
 * live, and what happens when it dies. Looking for classes runs no code of
 * anybody.
 *
 * Any thread may use a catalog.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeCatalog, convoke_catalog, G_TYPE_OBJECT)

static void
convoke_catalog_finalize (GObject *object)
{
  ConvokeCatalog *self = CONVOKE_CATALOG (object);

  g_strfreev (self->directories);

  G_OBJECT_CLASS (convoke_catalog_parent_class)->finalize (object);
}

static void
convoke_catalog_class_init (ConvokeCatalogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_catalog_finalize;
}

static void
convoke_catalog_init (ConvokeCatalog *self)
{
}

/* --- where it looks --- */

static void
add_directory (GStrvBuilder *builder,
               const char   *directory)
{
  g_autofree char *absolute = g_canonicalize_filename (directory, NULL);

  g_strv_builder_add (builder, absolute);
}

static void
add_data_directory (GStrvBuilder *builder,
                    const char   *data_directory)
{
  g_autofree char *directory = g_build_filename (data_directory, SUBDIRECTORY, NULL);

  add_directory (builder, directory);
}

static void
add_search_path (GStrvBuilder *builder,
                 const char   *search_path)
{
  g_auto (GStrv) parts = g_strsplit (search_path, G_SEARCHPATH_SEPARATOR_S, -1);

  for (char **part = parts; *part != NULL; part++)
    if (**part != '\0')
      add_directory (builder, *part);
}

static void
add_directories_of_environment (GStrvBuilder *builder)
{
  const char *search_path = g_getenv (SEARCH_PATH);

  if (search_path != NULL)
    add_search_path (builder, search_path);

  add_data_directory (builder, g_get_user_data_dir ());
  for (const char * const *dir = g_get_system_data_dirs (); *dir != NULL; dir++)
    add_data_directory (builder, *dir);
}

static char **
make_default_directories (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  /* A privileged program must not run what its caller's environment names. */
  if (getauxval (AT_SECURE) == 0)
    {
      add_directories_of_environment (builder);
    }
  else
    {
      add_data_directory (builder, "/usr/local/share");
      add_data_directory (builder, "/usr/share");
    }

  return g_strv_builder_end (builder);
}

static char **
make_absolute (const char * const *directories)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (; *directories != NULL; directories++)
    add_directory (builder, *directories);

  return g_strv_builder_end (builder);
}

/**
 * convoke_catalog_new:
 * @directories: (nullable) (array zero-terminated=1) (element-type filename): where keyfiles are, the most important
 *   first, or %NULL for the usual places
 *
 * Makes a catalog.
 *
 * The usual places are the directories that the environment variable
 * `CONVOKE_COMPONENT_PATH` lists, separated by colons, then
 * `convoke-1/components` in the user's and in the system's data directories
 * (`XDG_DATA_HOME`, `XDG_DATA_DIRS`). A program that runs with privileges
 * looks below `/usr/local/share` and `/usr/share` only. A keyfile hides those
 * of the same name in later directories.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the catalog
 *
 * Since: 0.1
 */
ConvokeCatalog *
convoke_catalog_new (const char * const *directories)
{
  ConvokeCatalog *self = g_object_new (CONVOKE_TYPE_CATALOG, NULL);

  self->directories = directories != NULL ? make_absolute (directories) : make_default_directories ();
  return self;
}

/**
 * convoke_catalog_dup_default:
 *
 * Gets the catalog of the usual places, as they were when it was first asked
 * for.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the catalog
 *
 * Since: 0.1
 */
ConvokeCatalog *
convoke_catalog_dup_default (void)
{
  static gsize kept;

  if (g_once_init_enter (&kept))
    g_once_init_leave (&kept, GPOINTER_TO_SIZE (convoke_catalog_new (NULL)));

  return g_object_ref (CONVOKE_CATALOG (GSIZE_TO_POINTER (kept)));
}

/**
 * convoke_catalog_get_directories:
 * @self: a catalog
 *
 * Gets where the catalog looks, the most important place first.
 *
 * Any thread may call this.
 *
 * Returns: (array zero-terminated=1) (element-type filename) (transfer none): the directories
 *
 * Since: 0.1
 */
const char * const *
convoke_catalog_get_directories (ConvokeCatalog *self)
{
  g_return_val_if_fail (CONVOKE_IS_CATALOG (self), NULL);

  return (const char * const *) self->directories;
}

/* The class's file in @directory. NULL without an error: there is none. */
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
load_first (ConvokeCatalog  *self,
            const char      *class_name,
            GError         **error)
{
  g_autofree char *tried = NULL;

  for (char **directory = self->directories; *directory != NULL; directory++)
    {
      g_autoptr (GError) local_error = NULL;
      ConvokeComponentFile *file = load_from (*directory, class_name, &local_error);

      if (file != NULL)
        return file;

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  tried = g_strjoinv (", ", self->directories);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS, "There is no class %s: no file %s%s in %s", class_name,
               class_name, convoke_component_readers[0].suffix, *tried != '\0' ? tried : "no directory");
  return NULL;
}

ConvokeComponentFile *
convoke_catalog_find_file (ConvokeCatalog  *self,
                           const char      *class_name,
                           GError         **error)
{
  if (!convoke_component_file_is_class_name (class_name))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "“%s” is no name of a class: letters, digits, “.”, “-” and “_” only", class_name);
      return NULL;
    }

  return load_first (self, class_name, error);
}
