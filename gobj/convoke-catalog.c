/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which classes there are: the keyfiles of some directories. What activation does with one is convoke-catalog-activate.c. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "convoke-catalog-private.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"

#define SEARCH_PATH "CONVOKE_COMPONENT_PATH"
#define SUBDIRECTORY "convoke-1", "components"

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
 * It is a list of the classes, in the order of their names: a program's list
 * of plug-ins is a view of it. What changes is told in the catalog's main
 * context: the one that was the thread's default where the catalog was made,
 * and the default one for [func@Catalog.dup_default]. Use it as a list there only.
 *
 * Anything else of it can be used by any thread, and is never older than the files: what was
 * written before a look-up is found by it.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeCatalog, convoke_catalog, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, convoke_catalog_list_iface_init))

static void
convoke_catalog_finalize (GObject *object)
{
  ConvokeCatalog *self = CONVOKE_CATALOG (object);

  convoke_catalog_list_clear (self);
  g_clear_pointer (&self->store, convoke_catalog_store_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_strfreev (self->directories);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (convoke_catalog_parent_class)->finalize (object);
}

static void
convoke_catalog_class_init (ConvokeCatalogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = convoke_catalog_finalize;
  convoke_catalog_list_class_init (object_class);
}

static void
convoke_catalog_init (ConvokeCatalog *self)
{
  g_mutex_init (&self->lock);
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

/* Consumes @context. */
static ConvokeCatalog *
new_in_context (const char * const *directories,
                GMainContext       *context)
{
  ConvokeCatalog *self = g_object_new (CONVOKE_TYPE_CATALOG, NULL);

  self->directories = directories != NULL ? make_absolute (directories) : make_default_directories ();
  self->context = context;
  self->store = convoke_catalog_store_new ((const char * const *) self->directories);
  return self;
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
  return new_in_context (directories, g_main_context_ref_thread_default ());
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
    g_once_init_leave (&kept, GPOINTER_TO_SIZE (new_in_context (NULL, g_main_context_ref (g_main_context_default ()))));

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

/**
 * convoke_catalog_add_plugin_directory:
 * @self: a catalog
 * @directory: (type filename): a directory of plug-ins
 *
 * Looks for `.plugin` files, as they are written for libpeas, in one more
 * directory, and in the directories in it, after all others.
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_catalog_add_plugin_directory (ConvokeCatalog *self,
                                      const char     *directory)
{
  g_return_if_fail (CONVOKE_IS_CATALOG (self));
  g_return_if_fail (directory != NULL);

  convoke_catalog_store_add_place (self->store, convoke_catalog_place_new (directory, ".plugin", TRUE));
}

/* --- what there is --- */

static ConvokeCatalogIndex *
dup_index (ConvokeCatalog     *self,
           ConvokeCatalogLook  look)
{
  guint64 version;
  ConvokeCatalogIndex *index = convoke_catalog_store_dup_index (self->store, look, &version);

  convoke_catalog_list_notice (self, version);
  return index;
}

/**
 * convoke_catalog_rescan:
 * @self: a catalog
 *
 * Looks into all directories again, also where nothing tells of changes.
 *
 * When this is called in the catalog's main context, or on the thread whose
 * context it is, the list has what was found when this returns; otherwise it
 * has it soon.
 *
 * Any thread may call this. It reads files, and waits for nothing else.
 *
 * Since: 0.1
 */
void
convoke_catalog_rescan (ConvokeCatalog *self)
{
  g_return_if_fail (CONVOKE_IS_CATALOG (self));

  convoke_catalog_index_unref (convoke_catalog_store_dup_index (self->store, CONVOKE_CATALOG_LOOK_ANYWAY, NULL));
  convoke_catalog_list_update (self);
}

/**
 * convoke_catalog_dup_class:
 * @self: a catalog
 * @class_name: the name of a class
 *
 * Looks a class up.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full) (nullable): what is known of it, or %NULL: there is no such
 *   class, or its keyfile cannot be used ([method@Catalog.dup_problems])
 *
 * Since: 0.1
 */
ConvokeClassInfo *
convoke_catalog_dup_class (ConvokeCatalog *self,
                           const char     *class_name)
{
  g_autoptr (ConvokeCatalogIndex) index = NULL;
  ConvokeClassInfo *info;

  g_return_val_if_fail (CONVOKE_IS_CATALOG (self), NULL);
  g_return_val_if_fail (class_name != NULL, NULL);

  index = dup_index (self, CONVOKE_CATALOG_LOOK_IF_TOLD);
  info = convoke_catalog_index_find (index, class_name);
  return info != NULL ? g_object_ref (info) : NULL;
}

/**
 * convoke_catalog_dup_classes:
 * @self: a catalog
 * @iface: (nullable): an interface, as `Namespace-Version.Interface` or as
 *   `Namespace.Interface` for whichever version, or %NULL for any
 * @category: (nullable): a category, or %NULL for any
 *
 * Looks up the classes that implement an interface, or are of a category, or both.
 *
 * Disabled classes are among them.
 *
 * Any thread may call this.
 *
 * Returns: (transfer container) (element-type ConvokeClassInfo): the classes, in the order of their names
 *
 * Since: 0.1
 */
GPtrArray *
convoke_catalog_dup_classes (ConvokeCatalog *self,
                             const char     *iface,
                             const char     *category)
{
  g_autoptr (ConvokeCatalogIndex) index = NULL;

  g_return_val_if_fail (CONVOKE_IS_CATALOG (self), NULL);

  index = dup_index (self, CONVOKE_CATALOG_LOOK_IF_TOLD);
  return convoke_catalog_index_select (index, iface, category);
}

/**
 * convoke_catalog_dup_classes_of_type:
 * @self: a catalog
 * @iface: an interface
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Looks up the classes that implement an interface.
 *
 * Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_NO_TYPELIB where it is not known which namespace
 * @iface is of; see [func@Convoke.require].
 *
 * Returns: (transfer container) (element-type ConvokeClassInfo): the classes, in the order of their names
 *
 * Since: 0.1
 */
GPtrArray *
convoke_catalog_dup_classes_of_type (ConvokeCatalog  *self,
                                     GType            iface,
                                     GError         **error)
{
  const ConvokeInterfaceInfo *info;

  g_return_val_if_fail (CONVOKE_IS_CATALOG (self), NULL);
  g_return_val_if_fail (G_TYPE_IS_INTERFACE (iface), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  info = convoke_interface_info_lookup (iface, error);
  return info != NULL ? convoke_catalog_dup_classes (self, convoke_interface_info_get_name (info), NULL) : NULL;
}

static gpointer
ref_object (gconstpointer object,
            gpointer      user_data)
{
  return g_object_ref ((gpointer) object);
}

/**
 * convoke_catalog_dup_problems:
 * @self: a catalog
 *
 * Gets what cannot be used, and why: broken files and directories, files that
 * are hidden by others of their name, keys that nobody knows.
 *
 * Any thread may call this.
 *
 * Returns: (transfer container) (element-type ConvokeCatalogProblem): the problems, in the order of their files
 *
 * Since: 0.1
 */
GPtrArray *
convoke_catalog_dup_problems (ConvokeCatalog *self)
{
  g_autoptr (ConvokeCatalogIndex) index = NULL;
  GPtrArray *problems;

  g_return_val_if_fail (CONVOKE_IS_CATALOG (self), NULL);

  index = dup_index (self, CONVOKE_CATALOG_LOOK_IF_TOLD);
  problems = g_ptr_array_copy (index->problems, (GCopyFunc) ref_object, NULL);
  g_ptr_array_set_free_func (problems, g_object_unref);
  return problems;
}

/* --- what is enabled --- */

/**
 * convoke_catalog_set_program:
 * @self: a catalog
 * @program: the program's name: letters, digits, `.`, `-` and `_`
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Says whose preferences [method@Catalog.set_enabled] keeps.
 *
 * Without it they are those of the default [class@Gio.Application]'s id, or of
 * the program's name ([func@GLib.get_prgname]). They are in
 * `convoke-1/PROGRAM.conf` in the user's configuration.
 *
 * Any thread may call this; before the catalog is used.
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT only.
 *
 * Returns: whether @program can be one
 *
 * Since: 0.1
 */
gboolean
convoke_catalog_set_program (ConvokeCatalog  *self,
                             const char      *program,
                             GError         **error)
{
  g_return_val_if_fail (CONVOKE_IS_CATALOG (self), FALSE);
  g_return_val_if_fail (program != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return convoke_catalog_store_set_program (self->store, program, error);
}

/**
 * convoke_catalog_set_enabled:
 * @self: a catalog
 * @class_name: the name of a class
 * @enabled: whether this program may activate it
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Enables or disables a class, for all processes of this program and of this user, until
 * it is said otherwise.
 *
 * A class that is disabled, or needs one that is (`Depends=`), cannot be
 * activated; the objects of it that there are go on. Classes are enabled at first,
 * unless their keyfiles say `Enabled=no`. It has no bearing on what the
 * program registers itself at run time.
 *
 * [property@ClassInfo:enabled] has it at once. It is notified before this
 * returns when this is called in the catalog's main context, and
 * soon in any other.
 *
 * Any thread may call this. It writes a small file.
 *
 * Fails with %CONVOKE_ERROR_NO_CLASS where there is no such class,
 * %CONVOKE_ERROR_NOT_SUPPORTED for a program that has no preferences: it has
 * no name, or runs with privileges; %CONVOKE_ERROR_BUSY,
 * %CONVOKE_ERROR_ACCESS_DENIED, %CONVOKE_ERROR_INVALID_ARGUMENT or
 * %CONVOKE_ERROR_FAILED where the file cannot be read or written. It is left
 * as it is then.
 *
 * Returns: whether it is so now
 *
 * Since: 0.1
 */
gboolean
convoke_catalog_set_enabled (ConvokeCatalog  *self,
                             const char      *class_name,
                             gboolean         enabled,
                             GError         **error)
{
  g_autoptr (ConvokeClassInfo) info = NULL;

  g_return_val_if_fail (CONVOKE_IS_CATALOG (self), FALSE);
  g_return_val_if_fail (class_name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  info = convoke_catalog_dup_class (self, class_name);
  if (info == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS, "There is no class %s", class_name);
      return FALSE;
    }

  if (!convoke_catalog_store_set_enabled (self->store, class_name, enabled, error))
    return FALSE;

  convoke_catalog_list_update (self);
  return TRUE;
}

/* --- one keyfile --- */

static gboolean
check_enabled (ConvokeCatalog              *self,
               const ConvokeComponentFile  *file,
               GError                     **error)
{
  if (convoke_catalog_store_is_enabled (self->store, file))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED,
               "%s is disabled for this program (convoke_catalog_set_enabled ())", file->class_name);
  return FALSE;
}

ConvokeComponentFile *
convoke_catalog_find_file (ConvokeCatalog  *self,
                           const char      *class_name,
                           GError         **error)
{
  g_autoptr (ConvokeComponentFile) file = NULL;

  if (!convoke_component_file_check_name (class_name, "a class", error))
    return NULL;

  file = convoke_catalog_store_find_file (self->store, class_name, error);
  if (file == NULL || !check_enabled (self, file, error))
    return NULL;

  return g_steal_pointer (&file);
}
