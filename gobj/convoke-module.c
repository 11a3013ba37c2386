/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Modules of C and the factories that they gave.
 *
 * Nothing of a module runs under a lock of ours: neither what runs when it is
 * opened nor its entry point. Threads that want the same at once take turns,
 * which nobody holds up for ever; where one does, they all ask, and the first
 * answer is kept for all of them. The system opens a file once however many ask
 * for it.
 *
 * A module that registers a type under a name that is taken is not asked
 * again, and not by two at once: the function that failed to register it never
 * returns the next time (g_once_init_enter ()).
 */

#include "config.h"

#include <errno.h>
#include <gmodule.h>
#include <glib/gstdio.h>
#include <string.h>

#include "convoke-elf-private.h"
#include "convoke-error.h"
#include "convoke-instance-private.h"
#include "convoke-module-private.h"
#include "convoke-module-use-private.h"
#include "convoke-sweep.h"
#include "convoke-turn-private.h"
#include "convoke-type-clash-private.h"

/* What a module exports. */
typedef struct
{
  ConvokeModuleEntryPoint   entry;           /* (nullable): NULL only where it is broken */
  ConvokeModuleCanUnloadNow can_unload_now;  /* (nullable) */
} Exports;

/* Made once, and stays. */
typedef struct
{
  Exports           exports;   /* constant */
  ConvokeModuleUse  use;
  GError           *broken;    /* LOCK: modules_lock; (owned) (nullable): why it is not asked any more */
} Module;

/* A factory that a module gave. */
typedef struct
{
  Module              *module;   /* (borrowed) */
  ConvokeClassFactory *factory;  /* (owned) */
} Given;

static GMutex      modules_lock;
static GHashTable *modules;     /* LOCK: modules_lock; owned path of the file -> Module */
static GHashTable *factories;   /* LOCK: modules_lock; owned "path\ntype" -> owned Given, until it is swept */

/* --- the file --- */

/* TRUE: @file is there, and the error says what keeps it from being a module. */
static gboolean
fail_if_there (const char  *file,
               GError     **error)
{
  g_autofree char *shown = g_filename_display_name (file);
  GStatBuf info;
  int number;

  if (g_lstat (file, &info) != 0 && errno != EACCES)
    return FALSE;

  number = g_stat (file, &info) == 0 ? 0 : errno;
  g_set_error (error, CONVOKE_ERROR, number == EACCES ? CONVOKE_ERROR_ACCESS_DENIED : CONVOKE_ERROR_NOT_FOUND,
               "%s is no module: %s", shown, number == 0 ? "this is not a regular file" : g_strerror (number));
  return TRUE;
}

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

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (directory, names[i], NULL);

      if (fail_if_there (file, error))
        return NULL;
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

static gboolean
find_exports (const char  *file,
              Exports     *exports,
              GError     **error)
{
  GModule *module = open_file (file, error);

  if (module == NULL)
    return FALSE;

  /* From here on it can have registered types. */
  g_module_make_resident (module);

  if (!g_module_symbol (module, CONVOKE_MODULE_ENTRY_POINT, (gpointer *) &exports->entry) || exports->entry == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "%s is no module of components: it has no " CONVOKE_MODULE_ENTRY_POINT, file);
      return FALSE;
    }

  if (!g_module_symbol (module, CONVOKE_MODULE_CAN_UNLOAD_NOW, (gpointer *) &exports->can_unload_now))
    exports->can_unload_now = NULL;
  return TRUE;
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
  Given *given;

  g_mutex_lock (&modules_lock);
  given = factories != NULL ? g_hash_table_lookup (factories, key) : NULL;
  if (given != NULL)
    found = g_object_ref (given->factory);
  g_mutex_unlock (&modules_lock);

  return found;
}

/* @broken: (nullable). */
static Module *
keep_module (const char    *file,
             const Exports *exports,
             const GError  *broken)
{
  Module *kept;

  g_mutex_lock (&modules_lock);
  if (modules == NULL)
    modules = g_hash_table_new (g_str_hash, g_str_equal);
  kept = g_hash_table_lookup (modules, file);
  if (kept == NULL)
    {
      kept = g_new0 (Module, 1);
      kept->exports = *exports;
      g_hash_table_insert (modules, g_strdup (file), kept);
    }
  if (broken != NULL && kept->broken == NULL)
    kept->broken = g_error_copy (broken);
  g_mutex_unlock (&modules_lock);

  return kept;
}

static Given *
given_new (Module              *module,
           ConvokeClassFactory *factory)
{
  Given *self = g_new (Given, 1);

  convoke_module_use_set_factory (&module->use, factory);
  self->module = module;
  self->factory = factory;
  return self;
}

/* Where it is the last reference, it runs the module's code. */
static void
given_free (gpointer data)
{
  Given *self = data;

  g_object_unref (self->factory);
  g_free (self);
}

/* Takes @made; gives the one that is kept. */
static ConvokeClassFactory *
keep_factory (const char          *key,
              Module              *module,
              ConvokeClassFactory *made)
{
  Given *given = given_new (module, made);
  ConvokeClassFactory *kept;
  Given *other;

  g_mutex_lock (&modules_lock);
  if (factories == NULL)
    factories = g_hash_table_new (g_str_hash, g_str_equal);
  other = g_hash_table_lookup (factories, key);
  if (other == NULL)
    g_hash_table_insert (factories, g_strdup (key), given);
  kept = g_object_ref (other != NULL ? other->factory : made);
  g_mutex_unlock (&modules_lock);

  /* The lock is gone. */
  if (other != NULL)
    given_free (given);
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
  Exports exports = { NULL, };
  ConvokeTypeClash clash;
  gboolean found;
  Module *module;

  if (file == NULL || !lookup_module (file, &module, error))
    return NULL;
  if (module != NULL)
    return module;

  convoke_type_clash_begin (&clash);
  found = find_exports (file, &exports, error);
  if (end_clash (&clash, file, &clashed))
    return found ? keep_module (file, &exports, NULL) : NULL;

  keep_module (file, &exports, clashed);
  g_clear_error (error);
  g_propagate_error (error, g_steal_pointer (&clashed));
  return NULL;
}

/* What is no object cannot be let go of. */
static void
drop_answer (gpointer answer)
{
  if (convoke_instance_is_object (answer))
    g_object_unref (answer);
}

static ConvokeClassFactory *
ask_entry (ConvokeModuleEntryPoint   entry,
           const char               *path,
           const char               *type_name,
           GError                  **error)
{
  GError *module_error = NULL;
  ConvokeClassFactory *answer = entry (type_name, &module_error);

  if (module_error != NULL)
    g_propagate_error (error, module_error);
  else if (answer == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CLASS_NOT_AVAILABLE,
                 "The module %s has no class %s", path, type_name);
  else if (!convoke_instance_is_object (answer) || !CONVOKE_IS_CLASS_FACTORY (answer))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                 "What the module %s gave for %s is no class factory", path, type_name);
  else
    return answer;

  drop_answer (answer);
  return NULL;
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
  factory = ask_entry (module->exports.entry, path, type_name, error);
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
  g_autoptr (ConvokeTurn) turn = NULL;
  Module *module;

  if (factory != NULL)
    return factory;

  turn = convoke_turn_begin (path);
  factory = lookup_factory (key);
  if (factory != NULL)
    return factory;

  module = ensure_module (path, error);
  if (module == NULL)
    return NULL;

  factory = ask_module (module, path, type_name, error);
  return factory != NULL ? keep_factory (key, module, factory) : NULL;
}

/* --- the sweep --- */

char **
convoke_module_list_files (void)
{
  char **files;

  g_mutex_lock (&modules_lock);
  if (modules != NULL)
    {
      files = (char **) g_hash_table_get_keys_as_array (modules, NULL);
      for (char **file = files; *file != NULL; file++)
        *file = g_strdup (*file);
    }
  else
    files = g_new0 (char *, 1);
  g_mutex_unlock (&modules_lock);

  return files;
}

/* The factories of @module, unless it came into use again; the list and they are the caller's. */
static gboolean
steal_factories_locked (Module  *module,
                        GSList **stolen)
{
  GHashTableIter iter;
  gpointer key, value;

  if (convoke_module_use_is_any (&module->use))
    return FALSE;
  if (factories == NULL)
    return TRUE;

  g_hash_table_iter_init (&iter, factories);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (((Given *) value)->module != module)
        continue;

      g_hash_table_iter_steal (&iter);
      *stolen = g_slist_prepend (*stolen, value);
      g_free (key);
    }

  return TRUE;
}

static gboolean
is_in_use (const Module *module)
{
  return convoke_module_use_is_any ((ConvokeModuleUse *) &module->use)
         || (module->exports.can_unload_now != NULL && !module->exports.can_unload_now ());
}

gboolean
convoke_module_sweep (const char *file)
{
  GSList *stolen = NULL;
  gboolean swept;
  Module *module;

  /* One that is broken can still have objects from before. */
  lookup_module (file, &module, NULL);
  if (module == NULL)
    return TRUE;
  if (is_in_use (module))
    return FALSE;

  g_mutex_lock (&modules_lock);
  swept = steal_factories_locked (module, &stolen);
  g_mutex_unlock (&modules_lock);

  g_slist_free_full (stolen, given_free);
  return swept;
}
