/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Modules of C and the factories that they gave.
 *
 * Nothing of a module runs under a lock of ours: neither what runs when it is
 * opened nor its entry point. Threads that want the same at once all ask, and
 * the first answer is kept for all of them. The system opens a file once
 * however many ask for it.
 */

#include "config.h"

#include <gmodule.h>

#include "convoke-error.h"
#include "convoke-module-private.h"

static GMutex      modules_lock;
static GHashTable *entries;     /* LOCK: modules_lock; path -> ConvokeModuleEntryPoint */
static GHashTable *factories;   /* LOCK: modules_lock; "path\ntype" -> owned ConvokeClassFactory, for ever */

/* --- the file --- */

static char *
find_file (const char  *path,
           GError     **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *with_suffix = g_strconcat (name, "." G_MODULE_SUFFIX, NULL);
  g_autofree char *with_both = g_strconcat ("lib", with_suffix, NULL);
  const char *names[] = { name, with_suffix, with_both };
  g_autofree char *shown = g_filename_display_name (directory);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (directory, names[i], NULL);

      if (g_file_test (file, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&file);
    }

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND,
               "There is no module %s, %s or %s in %s", names[0], names[1], names[2], shown);
  return NULL;
}

/* Symbols are bound at once: one that is missing is an error here, and the end of the process at its first use. */
static GModule *
open_file (const char  *file,
           GError     **error)
{
  GModule *module = NULL;

  /* GModule reads libtool's files, and tells on the terminal what it thinks of them. */
  if (g_str_has_suffix (file, ".la"))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s: a file of libtool's is no module", file);
  else if ((module = g_module_open (file, G_MODULE_BIND_LOCAL)) == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "The module cannot be opened: %s", g_module_error ());

  return module;
}

static ConvokeModuleEntryPoint
find_entry (const char  *file,
            GError     **error)
{
  GModule *module = open_file (file, error);
  gpointer entry = NULL;

  if (module == NULL)
    return NULL;

  /* From here on it can have registered types. */
  g_module_make_resident (module);

  if (!g_module_symbol (module, CONVOKE_MODULE_ENTRY_POINT, &entry) || entry == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "%s is no module of components: it has no " CONVOKE_MODULE_ENTRY_POINT, file);
      return NULL;
    }

  return (ConvokeModuleEntryPoint) entry;
}

static ConvokeModuleEntryPoint
ensure_entry (const char  *path,
              GError     **error)
{
  g_autofree char *file = find_file (path, error);
  ConvokeModuleEntryPoint entry = NULL;

  if (file == NULL)
    return NULL;

  g_mutex_lock (&modules_lock);
  if (entries != NULL)
    entry = g_hash_table_lookup (entries, file);
  g_mutex_unlock (&modules_lock);
  if (entry != NULL)
    return entry;

  entry = find_entry (file, error);
  if (entry == NULL)
    return NULL;

  g_mutex_lock (&modules_lock);
  if (entries == NULL)
    entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_replace (entries, g_steal_pointer (&file), entry);
  g_mutex_unlock (&modules_lock);

  return entry;
}

/* --- the factory --- */

static ConvokeClassFactory *
ask_entry (ConvokeModuleEntryPoint   entry,
           const char               *path,
           const char               *type_name,
           GError                  **error)
{
  GError *module_error = NULL;
  ConvokeClassFactory *factory = entry (type_name, &module_error);

  if (module_error != NULL)
    {
      g_clear_object (&factory);
      g_propagate_error (error, module_error);
    }
  else if (factory == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CLASS_NOT_AVAILABLE,
                 "The module %s has no class %s", path, type_name);
  else if (!CONVOKE_IS_CLASS_FACTORY (factory))
    {
      if (G_IS_OBJECT (factory))
        g_object_unref (factory);
      factory = NULL;
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "What the module %s gave for %s is no class factory", path, type_name);
    }

  return factory;
}

static ConvokeClassFactory *
lookup_factory (const char *key)
{
  ConvokeClassFactory *found = NULL;

  g_mutex_lock (&modules_lock);
  if (factories != NULL)
    found = g_hash_table_lookup (factories, key);
  if (found != NULL)
    g_object_ref (found);
  g_mutex_unlock (&modules_lock);

  return found;
}

/* Takes @made; gives the one that is kept. */
static ConvokeClassFactory *
keep_factory (const char          *key,
              ConvokeClassFactory *made)
{
  ConvokeClassFactory *kept;

  g_mutex_lock (&modules_lock);
  if (factories == NULL)
    factories = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  kept = g_hash_table_lookup (factories, key);
  if (kept == NULL)
    {
      g_hash_table_insert (factories, g_strdup (key), made);
      kept = made;
      made = NULL;
    }
  g_object_ref (kept);
  g_mutex_unlock (&modules_lock);

  /* The last reference runs the module's code, so the lock is gone. */
  g_clear_object (&made);
  return kept;
}

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *path,
                                  const char  *type_name,
                                  GError     **error)
{
  g_autofree char *key = g_strconcat (path, "\n", type_name, NULL);
  ConvokeClassFactory *factory = lookup_factory (key);
  ConvokeModuleEntryPoint entry;

  if (factory != NULL)
    return factory;

  entry = ensure_entry (path, error);
  if (entry == NULL)
    return NULL;

  factory = ask_entry (entry, path, type_name, error);
  return factory != NULL ? keep_factory (key, factory) : NULL;
}
