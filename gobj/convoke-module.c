/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Modules of C and the factories that they gave.
 *
 * Nothing of a module runs under a lock of ours: neither what runs when it is
 * opened nor its entry point. Threads that want the same at once all ask, and
 * the first answer is kept for all of them. The system opens a file once
 * however many ask for it.
 *
 * A module that registers a type under a name that is taken is not asked
 * again: the function that failed to register it never returns the next time
 * (g_once_init_enter ()).
 */

#include "config.h"

#include <gmodule.h>

#include <string.h>

#include "convoke-elf-private.h"
#include "convoke-error.h"
#include "convoke-module-private.h"
#include "convoke-type-clash-private.h"

/* Made once, and stays. */
typedef struct
{
  ConvokeModuleEntryPoint  entry;   /* (nullable) constant: NULL only where it is broken */
  GError                  *broken;  /* LOCK: modules_lock; (owned) (nullable): why it is not asked any more */
} Module;

static GMutex      modules_lock;
static GHashTable *modules;     /* LOCK: modules_lock; owned path of the file -> Module */
static GHashTable *factories;   /* LOCK: modules_lock; owned "path\ntype" -> owned ConvokeClassFactory, for ever */

/* --- the file --- */

char *
convoke_module_find_file (const char  *path,
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

/* "libconvoke-2.so.0", as a library that was built for another major version of ours has it among its own. */
static gboolean
is_other_convoke (const char *name)
{
  return g_str_has_prefix (name, "libconvoke-") && g_ascii_isdigit (name[strlen ("libconvoke-")]) &&
         strstr (name, ".so.") != NULL && strcmp (name, CONVOKE_SONAME) != 0;
}

/* What can be known of it before any of its code runs. */
static gboolean
check_file (const char  *file,
            GError     **error)
{
  g_autoptr (ConvokeElf) elf = convoke_elf_read (file, error);

  if (elf == NULL)
    {
      g_prefix_error (error, "The module cannot be opened: ");
      return FALSE;
    }

  for (char **name = elf->needed; *name != NULL; name++)
    if (is_other_convoke (*name))
      {
        g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH,
                     "The module %s was built for another version of Convoke: it links %s, and this process has %s",
                     file, *name, CONVOKE_SONAME);
        return FALSE;
      }

  return TRUE;
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
  else if (check_file (file, error) && (module = g_module_open (file, G_MODULE_BIND_LOCAL)) == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED,
                 "The module %s cannot be opened: %s", file, g_module_error ());

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

/* --- what is known --- */

/* TRUE: *@module is what is known of the file, NULL for nothing yet. */
static gboolean
lookup_module (const char  *file,
               Module     **module,
               GError     **error)
{
  const GError *broken;

  g_mutex_lock (&modules_lock);
  *module = modules != NULL ? g_hash_table_lookup (modules, file) : NULL;
  broken = *module != NULL ? (*module)->broken : NULL;
  if (broken != NULL)
    g_propagate_error (error, g_error_copy (broken));
  g_mutex_unlock (&modules_lock);

  return broken == NULL;
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

/* @broken: (nullable). */
static Module *
keep_module (const char              *file,
             ConvokeModuleEntryPoint  entry,
             const GError            *broken)
{
  Module *kept;

  g_mutex_lock (&modules_lock);
  if (modules == NULL)
    modules = g_hash_table_new (g_str_hash, g_str_equal);
  kept = g_hash_table_lookup (modules, file);
  if (kept == NULL)
    {
      kept = g_new0 (Module, 1);
      kept->entry = entry;
      g_hash_table_insert (modules, g_strdup (file), kept);
    }
  if (broken != NULL && kept->broken == NULL)
    kept->broken = g_error_copy (broken);
  g_mutex_unlock (&modules_lock);

  return kept;
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

static void
keep_broken (Module       *module,
             const GError *why)
{
  g_mutex_lock (&modules_lock);
  if (module->broken == NULL)
    module->broken = g_error_copy (why);
  g_mutex_unlock (&modules_lock);
}

/* --- code of the module --- */

static gboolean
end_clash (ConvokeTypeClash  *clash,
           const char        *path,
           GError           **error)
{
  g_autofree char *what = g_strdup_printf ("The module %s cannot be used", path);

  return convoke_type_clash_end (clash, what, error);
}

static Module *
ensure_module (const char  *path,
               GError     **error)
{
  g_autofree char *file = convoke_module_find_file (path, error);
  g_autoptr (GError) clashed = NULL;
  ConvokeModuleEntryPoint entry;
  ConvokeTypeClash clash;
  Module *module;

  if (file == NULL || !lookup_module (file, &module, error))
    return NULL;
  if (module != NULL)
    return module;

  convoke_type_clash_begin (&clash);
  entry = find_entry (file, error);
  if (end_clash (&clash, file, &clashed))
    return entry != NULL ? keep_module (file, entry, NULL) : NULL;

  keep_module (file, entry, clashed);
  g_clear_error (error);
  g_propagate_error (error, g_steal_pointer (&clashed));
  return NULL;
}

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
ask_module (Module      *module,
            const char  *path,
            const char  *type_name,
            GError     **error)
{
  g_autoptr (ConvokeClassFactory) factory = NULL;
  g_autoptr (GError) clashed = NULL;
  ConvokeTypeClash clash;

  convoke_type_clash_begin (&clash);
  factory = ask_entry (module->entry, path, type_name, error);
  if (end_clash (&clash, path, &clashed))
    return g_steal_pointer (&factory);

  keep_broken (module, clashed);
  g_clear_error (error);
  g_propagate_error (error, g_steal_pointer (&clashed));
  return NULL;
}

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *path,
                                  const char  *type_name,
                                  GError     **error)
{
  g_autofree char *key = g_strconcat (path, "\n", type_name, NULL);
  ConvokeClassFactory *factory = lookup_factory (key);
  Module *module;

  if (factory != NULL)
    return factory;

  module = ensure_module (path, error);
  if (module == NULL)
    return NULL;

  factory = ask_module (module, path, type_name, error);
  return factory != NULL ? keep_factory (key, factory) : NULL;
}
