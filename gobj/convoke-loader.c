/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-loader.h"
#include "convoke-error.h"

#include <dlfcn.h>
#include <gmodule.h>
#include <stdlib.h>

/**
 * ConvokeLoader:
 *
 * Makes instances of components that are written in another language or that
 * live elsewhere.
 *
 * A loader is a module of its own, named for what it loads:
 * `libconvoke-loader-python.so` starts a Python interpreter inside this
 * process. The library itself links none of them. [func@Loader.open] finds
 * one; a program that needs components of C only never maps any.
 *
 * Any thread may use a loader, and several threads may use one at once.
 *
 * Since: 0.1
 */

/**
 * ConvokeLoaderClass:
 * @parent_class: the parent class
 * @create_instance: makes the instance; called on the thread of the caller
 * @create_instance_with_properties: (nullable): the same with properties, of
 *   which there is one at least; a loader without it takes none
 *
 * The class of loaders.
 *
 * A loader's module exports one function without arguments,
 * `convoke_loader_module_get_type`, that returns the type of its loader.
 *
 * Since: 0.1
 */

#define MODULE_PREFIX "libconvoke-loader-"
#define ENTRY_POINT "convoke_loader_module_get_type"

typedef GType (*EntryPoint) (void);

G_DEFINE_ABSTRACT_TYPE (ConvokeLoader, convoke_loader, G_TYPE_OBJECT)

static void
convoke_loader_class_init (ConvokeLoaderClass *klass)
{
}

static void
convoke_loader_init (ConvokeLoader *self)
{
}

/* The folder of modules beside the file that this code is in: an installation that was moved still works. */
static char *
dup_own_module_dir (void)
{
  g_autofree char *dir = NULL;
  Dl_info info;

  if (dladdr ((gpointer) convoke_loader_open, &info) == 0 || info.dli_fname == NULL)
    return NULL;

  dir = g_path_get_dirname (info.dli_fname);
  return g_build_filename (dir, "convoke-1", NULL);
}

static GPtrArray *
list_module_dirs (void)
{
  GPtrArray *dirs = g_ptr_array_new_with_free_func (g_free);
  /* A privileged program must not run what its caller's environment names. */
  const char *path = secure_getenv ("CONVOKE_MODULE_PATH");
  g_autofree char *own = dup_own_module_dir ();

  if (path != NULL)
    {
      g_auto (GStrv) entries = g_strsplit (path, G_SEARCHPATH_SEPARATOR_S, -1);

      for (gsize i = 0; entries[i] != NULL; i++)
        {
          if (*entries[i] != '\0')
            g_ptr_array_add (dirs, g_strdup (entries[i]));
        }
    }
  g_ptr_array_add (dirs, g_strdup (CONVOKE_MODULE_DIR));
  if (own != NULL && !g_str_equal (own, CONVOKE_MODULE_DIR))
    g_ptr_array_add (dirs, g_steal_pointer (&own));

  return dirs;
}

static char *
find_module (const char  *name,
             GError     **error)
{
  g_autoptr (GPtrArray) dirs = list_module_dirs ();
  g_autofree char *basename = g_strconcat (MODULE_PREFIX, name, "." G_MODULE_SUFFIX, NULL);
  g_autofree char *tried = NULL;

  for (guint i = 0; i < dirs->len; i++)
    {
      g_autofree char *path = g_build_filename (dirs->pdata[i], basename, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }

  g_ptr_array_add (dirs, NULL);
  tried = g_strjoinv (", ", (char **) dirs->pdata);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND,
               "There is no loader “%s”: no file %s in %s", name, basename, tried);
  return NULL;
}

static gboolean
check_name (const char  *name,
            GError     **error)
{
  gboolean valid = *name != '\0';

  for (const char *p = name; *p != '\0'; p++)
    valid = valid && (g_ascii_islower (*p) || g_ascii_isdigit (*p) || *p == '-');

  if (!valid)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                 "“%s” is no name of a loader: lower case letters, digits and dashes only", name);
  return valid;
}

/**
 * convoke_loader_open:
 * @name: what the loader is for, such as `python`
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Finds the loader @name and maps its module.
 *
 * The module `libconvoke-loader-<name>` is looked for in the directories that
 * the environment variable `CONVOKE_MODULE_PATH` lists, then in the
 * library's own module directory. It stays mapped until the process ends.
 *
 * Fails with %CONVOKE_ERROR_NOT_FOUND when there is no such module,
 * %CONVOKE_ERROR_NOT_SUPPORTED when it is no loader,
 * %CONVOKE_ERROR_FAILED when the system refuses to map it and
 * %CONVOKE_ERROR_INVALID_ARGUMENT when @name cannot be one.
 *
 * Returns: (transfer full): the loader
 *
 * Since: 0.1
 */
ConvokeLoader *
convoke_loader_open (const char  *name,
                     GError     **error)
{
  g_autofree char *path = NULL;
  GModule *module;
  gpointer entry;
  GType type;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_name (name, error))
    return NULL;

  path = find_module (name, error);
  if (path == NULL)
    return NULL;

  module = g_module_open (path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  if (module == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED,
                   "The loader “%s” cannot be mapped: %s", name, g_module_error ());
      return NULL;
    }

  if (!g_module_symbol (module, ENTRY_POINT, &entry) || entry == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "%s is no loader: it has no %s", path, ENTRY_POINT);
      g_module_close (module);
      return NULL;
    }

  /* From its first use on, types of the module are registered. */
  g_module_make_resident (module);

  type = ((EntryPoint) entry) ();
  if (!g_type_is_a (type, CONVOKE_TYPE_LOADER) || G_TYPE_IS_ABSTRACT (type))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "%s is no loader for this library: its type is %s", path, g_type_name (type));
      return NULL;
    }

  return g_object_new (type, NULL);
}

/**
 * convoke_loader_create_instance:
 * @self: a loader
 * @directory: (nullable) (type filename): the directory that has @module, or
 *   %NULL: where the language looks for modules by itself
 * @module: the name of the module, in the words of the language
 * @type_name: the name of the class in @module
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Loads @module, once, and makes an instance of its class @type_name.
 *
 * It runs the component's own code on the calling thread: hold no lock
 * across it. An error that this code raises as a #GError arrives unchanged;
 * anything else it raises arrives as %CONVOKE_ERROR_FAILED with type,
 * message and place in the text. %CONVOKE_ERROR_CLASS_NOT_AVAILABLE:
 * @module has no such class, or it is no class of objects.
 * %CONVOKE_ERROR_NOT_FOUND: there is no such module.
 *
 * Returns: (transfer full): the instance
 *
 * Since: 0.1
 */
GObject *
convoke_loader_create_instance (ConvokeLoader  *self,
                                const char     *directory,
                                const char     *module,
                                const char     *type_name,
                                GError        **error)
{
  return convoke_loader_create_instance_with_properties (self, directory, module, type_name, 0, NULL, NULL, error);
}

/**
 * convoke_loader_create_instance_with_properties:
 * @self: a loader
 * @directory: (nullable) (type filename): the directory that has @module, or
 *   %NULL: where the language looks for modules by itself
 * @module: the name of the module, in the words of the language
 * @type_name: the name of the class in @module
 * @n_properties: how many properties the instance is made with
 * @names: (array length=n_properties) (nullable): their names
 * @values: (array length=n_properties) (nullable): their values
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Loads @module, once, and makes an instance of its class @type_name with
 * properties, also those that can be set at construction only.
 *
 * As [method@Loader.create_instance] otherwise. Fails with
 * %CONVOKE_ERROR_INVALID_ARGUMENT too, when the class does not have one of the
 * properties or it is of another type, and with %CONVOKE_ERROR_NOT_SUPPORTED
 * when the loader takes none at all.
 *
 * Returns: (transfer full): the instance
 *
 * Since: 0.1
 */
GObject *
convoke_loader_create_instance_with_properties (ConvokeLoader  *self,
                                                const char     *directory,
                                                const char     *module,
                                                const char     *type_name,
                                                guint           n_properties,
                                                const char    **names,
                                                const GValue   *values,
                                                GError        **error)
{
  ConvokeLoaderClass *klass;

  g_return_val_if_fail (CONVOKE_IS_LOADER (self), NULL);
  g_return_val_if_fail (module != NULL, NULL);
  g_return_val_if_fail (type_name != NULL, NULL);
  g_return_val_if_fail (n_properties == 0 || (names != NULL && values != NULL), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  klass = CONVOKE_LOADER_GET_CLASS (self);
  if (n_properties == 0 && klass->create_instance != NULL)
    return klass->create_instance (self, directory, module, type_name, error);
  if (n_properties > 0 && klass->create_instance_with_properties != NULL)
    return klass->create_instance_with_properties (self, directory, module, type_name, n_properties, names, values, error);

  if (klass->create_instance == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                 "The loader %s cannot make instances", G_OBJECT_TYPE_NAME (self));
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                 "The loader %s takes no properties: there is nobody to have '%s'", G_OBJECT_TYPE_NAME (self), names[0]);
  return NULL;
}
