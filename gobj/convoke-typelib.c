/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * From a GType to its description.
 *
 * Finding one that was found before takes no lock: descriptions are never
 * freed, so a list that only grows can be walked by anybody. All else is done
 * under one lock, which girepository needs; it reads files but runs no code
 * of anybody.
 */

#include "config.h"

#include <dlfcn.h>
#include <gmodule.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "convoke-error.h"
#include "convoke-mapped-symbol-private.h"
#include "convoke-mapped-libraries-private.h"
#include "convoke-typelib-private.h"

#define N_BUCKETS 256

typedef struct _Entry Entry;

struct _Entry
{
  const ConvokeInterfaceInfo *info;
  Entry                      *next;
};

static Entry *buckets[N_BUCKETS];                /* grow at the head, atomically, under the lock */

static GMutex typelib_lock;
static const ConvokeTypelibReader *reader;       /* LOCK: typelib_lock; never closed */
static GPtrArray *repositories;                  /* LOCK: typelib_lock; never freed; see require_anywhere_locked () */
static GHashTable *looks;                        /* LOCK: typelib_lock; owned key -> ConvokeTypelibLook, for ever */
static gboolean gio_required;                    /* LOCK: typelib_lock */
static gboolean own_required;                    /* LOCK: typelib_lock */

/* --- which module --- */

typedef struct
{
  gboolean has_1;
  gboolean has_2;
} Mapped;

static int
look_at_library (struct dl_phdr_info *info,
                 size_t               size,
                 void                *user_data)
{
  Mapped *mapped = user_data;

  if (info->dlpi_name == NULL)
    return 0;

  if (strstr (info->dlpi_name, "/libgirepository-1.0.") != NULL)
    mapped->has_1 = TRUE;
  else if (strstr (info->dlpi_name, "/libgirepository-2.0.") != NULL)
    mapped->has_2 = TRUE;

  return 0;
}

/* A process can have one major version of girepository only: both register
 * the same types. */
static const char *
choose_api (void)
{
  Mapped mapped = { FALSE, FALSE };

  dl_iterate_phdr (look_at_library, &mapped);

  return mapped.has_2 && !mapped.has_1 ? "2.0" : "1.0";
}

/* --- where it is --- */

static void
add_own_directory (GPtrArray *directories)
{
  g_autofree char *directory = NULL;
  Dl_info info;

  if (dladdr (&typelib_lock, &info) == 0 || info.dli_fname == NULL)
    return;

  directory = g_path_get_dirname (info.dli_fname);
  g_ptr_array_add (directories, g_build_filename (directory, "convoke-1", NULL));
  g_ptr_array_add (directories, g_steal_pointer (&directory));
}

static GPtrArray *
get_module_directories (void)
{
  GPtrArray *directories = g_ptr_array_new_with_free_func (g_free);
  /* Not from the environment of whoever runs a privileged program. */
  const char *search_path = secure_getenv ("CONVOKE_MODULE_PATH");

  if (search_path != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (search_path, G_SEARCHPATH_SEPARATOR_S, -1);

      for (char **part = parts; *part != NULL; part++)
        if (**part != '\0')
          g_ptr_array_add (directories, g_strdup (*part));
    }

  g_ptr_array_add (directories, g_strdup (CONVOKE_MODULE_DIR));
  add_own_directory (directories);

  return directories;
}

static const ConvokeTypelibReader *
find_reader_symbol (GModule  *module,
                    GError  **error)
{
  const ConvokeTypelibReader *found = NULL;

  if (!g_module_symbol (module, CONVOKE_TYPELIB_READER_SYMBOL, (gpointer *) &found) ||
      found->version != CONVOKE_TYPELIB_READER_VERSION ||
      found->sizes[0] != sizeof (ConvokeInterfaceInfo) ||
      found->sizes[1] != sizeof (ConvokeMethodInfo) ||
      found->sizes[2] != sizeof (ConvokeArgInfo))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB,
                   "%s is no typelib reader of this version of Convoke", g_module_name (module));
      return NULL;
    }

  return found;
}

static const ConvokeTypelibReader *
open_reader (const char  *path,
             GError     **error)
{
  const ConvokeTypelibReader *found;
  GModule *module = g_module_open (path, G_MODULE_BIND_LOCAL | G_MODULE_BIND_LAZY);

  if (module == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB,
                   "The typelib reader cannot be opened: %s", g_module_error ());
      return NULL;
    }

  found = find_reader_symbol (module, error);
  if (found == NULL)
    {
      g_module_close (module);
      return NULL;
    }

  /* It registers types, which cannot be taken back. */
  g_module_make_resident (module);
  return found;
}

static const ConvokeTypelibReader *
find_reader (GError **error)
{
  const char *api = choose_api ();
  g_autofree char *file = g_strdup_printf ("libconvoke-typelib-%s.%s", api, G_MODULE_SUFFIX);
  g_autoptr (GPtrArray) directories = get_module_directories ();
  g_autofree char *searched = NULL;

  for (guint i = 0; i < directories->len; i++)
    {
      g_autofree char *path = g_build_filename (g_ptr_array_index (directories, i), file, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return open_reader (path, error);
    }

  g_ptr_array_add (directories, NULL);
  searched = g_strjoinv (", ", (char **) directories->pdata);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB,
               "No typelib reader for girepository-%s, which this process uses, is found: there is no %s in any of %s",
               api, file, searched);
  return NULL;
}

static gboolean
ensure_reader_locked (GError **error)
{
  if (reader == NULL)
    reader = find_reader (error);
  if (reader != NULL && repositories == NULL)
    repositories = g_ptr_array_new ();

  return reader != NULL;
}

/* --- what it knows --- */

/* One repository has one version of a namespace. Descriptions of components that cannot be in one process (Gtk 3.0, Gtk 4.0) are
 * wanted in one all the same, by who calls them in another: each goes to the first repository in which nothing is in its way.
 * @repository: (out): which one. */
static ConvokeTypelibResult
require_anywhere_locked (const char  *directory,
                         const char  *namespace_,
                         const char  *version,
                         gpointer    *repository,
                         char       **message)
{
  ConvokeTypelibResult result = CONVOKE_TYPELIB_OTHER_VERSION;

  for (guint i = 0; i <= repositories->len && result == CONVOKE_TYPELIB_OTHER_VERSION; i++)
    {
      g_autofree char *words = NULL;

      if (i == repositories->len)
        g_ptr_array_add (repositories, reader->repository_new ());
      *repository = repositories->pdata[i];

      result = reader->require (*repository, directory, namespace_, version, &words);
      /* A version that is not there at all: what the first one says helps more. */
      if (i > 0 && result == CONVOKE_TYPELIB_NOT_FOUND)
        return CONVOKE_TYPELIB_OTHER_VERSION;
      if (i == 0)
        *message = g_steal_pointer (&words);
    }

  return result;
}

static gboolean
check_interface_locked (gpointer     repository,
                        const char  *namespace_,
                        const char  *interface,
                        GError     **error)
{
  if (interface == NULL || reader->has_interface (repository, namespace_, interface))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "The typelib of %s has no interface %s", namespace_, interface);
  return FALSE;
}

static gboolean
require_locked (const char  *directory,
                const char  *namespace_,
                const char  *version,
                const char  *interface,
                GError     **error)
{
  g_autofree char *message = NULL;
  gpointer repository = NULL;
  ConvokeTypelibResult result;

  if (!ensure_reader_locked (error))
    return FALSE;

  result = require_anywhere_locked (directory, namespace_, version, &repository, &message);
  if (result == CONVOKE_TYPELIB_OK)
    return check_interface_locked (repository, namespace_, interface, error);

  g_set_error (error, CONVOKE_ERROR,
               result == CONVOKE_TYPELIB_OTHER_VERSION ? CONVOKE_ERROR_VERSION_MISMATCH
                                                       : CONVOKE_ERROR_NO_TYPELIB,
               "The description of %s%s%s cannot be had: %s",
               namespace_, version != NULL ? " " : "", version != NULL ? version : "", message);
  return FALSE;
}

gboolean
convoke_typelib_require (const char  *directory,
                         const char  *namespace_,
                         const char  *version,
                         const char  *interface,
                         GError     **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&typelib_lock);

  return require_locked (directory, namespace_, version, interface, error);
}

/* Of two versions of a namespace the one whose library is here has made @gtype. */
static gboolean
is_of_this_process (gpointer repository,
                    GType    gtype)
{
  const char *libraries = repositories->len > 1 ? reader->get_libraries (repository, gtype) : NULL;
  g_autoptr (ConvokeMappedLibraries) mapped = NULL;
  g_auto (GStrv) names = NULL;

  if (libraries == NULL)
    return TRUE;

  mapped = convoke_mapped_libraries_dup ();
  names = g_strsplit (libraries, ",", -1);
  for (char **name = names; *name != NULL; name++)
    if (convoke_mapped_libraries_has (mapped, *name))
      return TRUE;

  return FALSE;
}

static ConvokeTypelibResult
read_anywhere_locked (GType                  gtype,
                      ConvokeInterfaceInfo **result)
{
  ConvokeTypelibResult answer = CONVOKE_TYPELIB_NOT_FOUND;
  gpointer other = NULL;

  for (guint i = 0; i < repositories->len && answer == CONVOKE_TYPELIB_NOT_FOUND; i++)
    if (is_of_this_process (repositories->pdata[i], gtype))
      answer = reader->read_interface (repositories->pdata[i], gtype, result);
    else if (other == NULL)
      other = repositories->pdata[i];

  return answer == CONVOKE_TYPELIB_NOT_FOUND && other != NULL ? reader->read_interface (other, gtype, result) : answer;
}

/* GIO is in every process that has us, so nobody should have to name it. Where its typelib is not installed it stays unknown. */
static gboolean
require_gio_locked (void)
{
  if (gio_required)
    return FALSE;

  gio_required = TRUE;
  return require_locked (NULL, "Gio", "2.0", NULL, NULL);
}

/* The library's own, for objects of its own that are passed around. */
static gboolean
require_own_locked (void)
{
  if (own_required)
    return FALSE;

  own_required = TRUE;
  return require_locked (NULL, "Convoke", "1", NULL, NULL);
}

static ConvokeTypelibResult
read_locked (GType                  gtype,
             ConvokeInterfaceInfo **result)
{
  ConvokeTypelibResult answer = read_anywhere_locked (gtype, result);

  if (answer == CONVOKE_TYPELIB_NOT_FOUND && require_gio_locked ())
    answer = read_anywhere_locked (gtype, result);
  if (answer == CONVOKE_TYPELIB_NOT_FOUND && g_str_has_prefix (g_type_name (gtype), "Convoke") && require_own_locked ())
    answer = read_anywhere_locked (gtype, result);

  return answer;
}

/* --- by name --- */

static char *
find_type_init_locked (const char *namespace_,
                       const char *version,
                       const char *name)
{
  char *symbol = NULL;

  if (!ensure_reader_locked (NULL))
    return NULL;

  if (strcmp (namespace_, "Gio") == 0)
    require_gio_locked ();
  else if (strcmp (namespace_, "Convoke") == 0)
    require_own_locked ();
  for (guint i = 0; i < repositories->len && symbol == NULL; i++)
    symbol = reader->find_type_init (repositories->pdata[i], namespace_, version, name);

  return symbol;
}

static char *
find_type_init (const char *namespace_,
                const char *version,
                const char *name)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&typelib_lock);

  return find_type_init_locked (namespace_, version, name);
}

GType
convoke_typelib_find (const char *name)
{
  const char *dash = strchr (name, '-');
  const char *dot = strrchr (name, '.');
  g_autofree char *namespace_ = NULL;
  g_autofree char *version = NULL;
  g_autofree char *symbol = NULL;
  GType (*get_type) (void);

  if (dash == NULL || dot == NULL || dot < dash)
    return G_TYPE_INVALID;

  namespace_ = g_strndup (name, dash - name);
  version = g_strndup (dash + 1, dot - dash - 1);
  symbol = find_type_init (namespace_, version, dot + 1);
  get_type = symbol != NULL ? (GType (*) (void)) convoke_find_mapped_symbol (symbol) : NULL;
  return get_type != NULL ? get_type () : G_TYPE_INVALID;
}

/* --- by type --- */

static const ConvokeInterfaceInfo *
find_known (GType gtype)
{
  Entry *entry = g_atomic_pointer_get (&buckets[(gtype >> 4) % N_BUCKETS]);

  for (; entry != NULL; entry = entry->next)
    if (entry->info->gtype == gtype)
      return entry->info;

  return NULL;
}

static void
add_known_locked (const ConvokeInterfaceInfo *info)
{
  Entry **bucket = &buckets[(info->gtype >> 4) % N_BUCKETS];
  Entry *entry = g_new0 (Entry, 1);

  entry->info = info;
  entry->next = *bucket;
  g_atomic_pointer_set (bucket, entry);
}

static const ConvokeInterfaceInfo *
lookup_locked (GType    gtype,
               GError **error)
{
  const ConvokeInterfaceInfo *known = find_known (gtype);
  ConvokeInterfaceInfo *info = NULL;

  if (known != NULL)
    return known;

  if (!ensure_reader_locked (error))
    return NULL;

  switch (read_locked (gtype, &info))
    {
    case CONVOKE_TYPELIB_OK:
      convoke_interface_info_complete (info);
      add_known_locked (info);
      return info;

    case CONVOKE_TYPELIB_NOT_AN_INTERFACE:
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB,
                   "The typelib describes %s, but not as an interface", g_type_name (gtype));
      return NULL;

    case CONVOKE_TYPELIB_NOT_FOUND:
    case CONVOKE_TYPELIB_OTHER_VERSION:
    default:
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB,
                   "No typelib that was loaded describes %s; "
                   "call convoke_require() with its namespace and version first",
                   g_type_name (gtype));
      return NULL;
    }
}

const ConvokeInterfaceInfo *
convoke_typelib_lookup (GType    gtype,
                        GError **error)
{
  const ConvokeInterfaceInfo *known = find_known (gtype);
  g_autoptr (GMutexLocker) locker = NULL;

  if (G_LIKELY (known != NULL))
    return known;

  locker = g_mutex_locker_new (&typelib_lock);
  return lookup_locked (gtype, error);
}

/* --- a look at one --- */

static char **
take_list (char **list)
{
  return list != NULL ? list : g_new0 (char *, 1);
}

static ConvokeTypelibLook *
look_locked (const char *directory,
             const char *namespace_,
             const char *version)
{
  g_autofree char *libraries = NULL;
  g_autofree char *message = NULL;
  char **dependencies = NULL;
  ConvokeTypelibLook *self;

  if (reader->look (directory, namespace_, version, &libraries, &dependencies, &message) != CONVOKE_TYPELIB_OK)
    return NULL;

  self = g_new0 (ConvokeTypelibLook, 1);
  self->namespace_ = g_strdup (namespace_);
  self->version = g_strdup (version);
  self->libraries = g_strsplit (libraries != NULL ? libraries : "", ",", -1);
  self->dependencies = take_list (dependencies);
  return self;
}

const ConvokeTypelibLook *
convoke_typelib_look (const char *directory,
                      const char *namespace_,
                      const char *version)
{
  g_autofree char *key = g_strjoin ("\n", namespace_, version, directory, NULL);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&typelib_lock);
  ConvokeTypelibLook *found = looks != NULL ? g_hash_table_lookup (looks, key) : NULL;

  if (found != NULL || !ensure_reader_locked (NULL))
    return found;

  /* One that is not there can be installed later. */
  found = look_locked (directory, namespace_, version);
  if (found == NULL)
    return NULL;

  if (looks == NULL)
    looks = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (looks, g_steal_pointer (&key), found);
  return found;
}

char **
convoke_typelib_list_versions (const char *namespace_)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&typelib_lock);

  return ensure_reader_locked (NULL) ? reader->list_versions (namespace_) : g_new0 (char *, 1);
}

char *
convoke_typelib_dup_foreign_version (const char *namespace_)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&typelib_lock);

  return ensure_reader_locked (NULL) ? g_strdup (reader->get_loaded_version (namespace_)) : NULL;
}
