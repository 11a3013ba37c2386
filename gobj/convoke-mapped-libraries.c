/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The dynamic linker tells what is mapped, and how often anything was mapped
 * or unmapped; a list is good until these counts change. What a library is
 * called and links is read where the linker itself has it, in memory.
 */

#include "config.h"

#include <link.h>
#include <string.h>

#include "convoke-mapped-libraries-private.h"

#define GOBJECT "libgobject-2.0.so"

struct _ConvokeMappedLibraries
{
  gint        ref_count;      /* atomic */
  guint64     state;
  GHashTable *names;          /* owned: sonames, and the names of the files */
  GHashTable *stems;          /* owned stem -> owned name, of those that have GObject's types */
  char      **directories;
};

static GMutex mapped_lock;
static ConvokeMappedLibraries *latest;      /* LOCK: mapped_lock; (owned) (nullable) */

/* --- names --- */

/* "libgtk" of libgtk-3.so.0 and of libgtk-4.so.1. */
static char *
dup_stem (const char *soname)
{
  const char *suffix = strstr (soname, ".so");
  gsize length = suffix != NULL ? (gsize) (suffix - soname) : strlen (soname);
  gsize n = length;

  while (n > 0 && (g_ascii_isdigit (soname[n - 1]) || soname[n - 1] == '.'))
    n--;

  return g_strndup (soname, n > 1 && soname[n - 1] == '-' ? n - 1 : length);
}

/* --- one library --- */

static const ElfW(Dyn) *
find_dynamic (const struct dl_phdr_info *info)
{
  for (guint i = 0; i < info->dlpi_phnum; i++)
    if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
      return (const ElfW(Dyn) *) (info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);

  return NULL;
}

/* Some linkers put the address in place of the offset, others do not. */
static const char *
find_strings (const struct dl_phdr_info *info,
              const ElfW(Dyn)           *dynamic)
{
  for (; dynamic->d_tag != DT_NULL; dynamic++)
    if (dynamic->d_tag == DT_STRTAB)
      return (const char *) (dynamic->d_un.d_ptr >= info->dlpi_addr ? dynamic->d_un.d_ptr
                                                                    : info->dlpi_addr + dynamic->d_un.d_ptr);

  return NULL;
}

static gboolean
links_gobject (const ElfW(Dyn) *dynamic,
               const char      *strings)
{
  for (; dynamic->d_tag != DT_NULL; dynamic++)
    if (dynamic->d_tag == DT_NEEDED && g_str_has_prefix (strings + dynamic->d_un.d_val, GOBJECT))
      return TRUE;

  return FALSE;
}

static const char *
find_soname (const ElfW(Dyn) *dynamic,
             const char      *strings)
{
  for (; dynamic->d_tag != DT_NULL; dynamic++)
    if (dynamic->d_tag == DT_SONAME)
      return strings + dynamic->d_un.d_val;

  return NULL;
}

static void
add_name (ConvokeMappedLibraries *self,
          const char             *name,
          gboolean                has_gobject)
{
  g_hash_table_add (self->names, g_strdup (name));
  if (has_gobject)
    g_hash_table_insert (self->stems, dup_stem (name), g_strdup (name));
}

/* --- all of them --- */

typedef struct
{
  ConvokeMappedLibraries *self;
  GHashTable             *directories;    /* owned */
} Listing;

static void
add_library (Listing                   *listing,
             const struct dl_phdr_info *info)
{
  const ElfW(Dyn) *dynamic = find_dynamic (info);
  const char *strings = dynamic != NULL ? find_strings (info, dynamic) : NULL;
  g_autofree char *basename = g_path_get_basename (info->dlpi_name);
  gboolean has_gobject = strings != NULL && links_gobject (dynamic, strings);
  const char *soname = strings != NULL ? find_soname (dynamic, strings) : NULL;

  add_name (listing->self, basename, has_gobject);
  if (soname != NULL)
    add_name (listing->self, soname, has_gobject);
  if (g_path_is_absolute (info->dlpi_name))
    g_hash_table_add (listing->directories, g_path_get_dirname (info->dlpi_name));
}

static guint64
get_state (const struct dl_phdr_info *info)
{
  return info->dlpi_adds + info->dlpi_subs;
}

/* Runs while the linker holds its list: nothing may be opened here. */
static int
list_cb (struct dl_phdr_info *info,
         size_t               size,
         void                *data)
{
  Listing *listing = data;

  listing->self->state = get_state (info);
  /* The program itself has no name. */
  if (info->dlpi_name != NULL && info->dlpi_name[0] != '\0')
    add_library (listing, info);

  return 0;
}

static ConvokeMappedLibraries *
list_all (void)
{
  ConvokeMappedLibraries *self = g_new0 (ConvokeMappedLibraries, 1);
  g_autoptr (GHashTable) directories = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Listing listing = { self, directories };

  self->ref_count = 1;
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->stems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  dl_iterate_phdr (list_cb, &listing);
  self->directories = (char **) g_hash_table_get_keys_as_array (directories, NULL);
  g_hash_table_steal_all (directories);

  return self;
}

void
convoke_mapped_libraries_unref (ConvokeMappedLibraries *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_hash_table_unref (self->names);
  g_hash_table_unref (self->stems);
  g_strfreev (self->directories);
  g_free (self);
}

static int
state_cb (struct dl_phdr_info *info,
          size_t               size,
          void                *data)
{
  *(guint64 *) data = get_state (info);
  return 1;
}

guint64
convoke_mapped_libraries_get_state (void)
{
  guint64 state = 0;

  dl_iterate_phdr (state_cb, &state);
  return state;
}

guint64
convoke_mapped_libraries_get_state_of (const ConvokeMappedLibraries *self)
{
  return self->state;
}

static ConvokeMappedLibraries *
dup_latest (void)
{
  guint64 state = convoke_mapped_libraries_get_state ();
  ConvokeMappedLibraries *found = NULL;

  g_mutex_lock (&mapped_lock);
  if (latest != NULL && latest->state == state)
    {
      found = latest;
      g_atomic_int_inc (&found->ref_count);
    }
  g_mutex_unlock (&mapped_lock);

  return found;
}

ConvokeMappedLibraries *
convoke_mapped_libraries_dup (void)
{
  ConvokeMappedLibraries *self = dup_latest ();
  ConvokeMappedLibraries *old;

  if (self != NULL)
    return self;

  self = list_all ();
  g_atomic_int_inc (&self->ref_count);
  g_mutex_lock (&mapped_lock);
  old = latest;
  latest = self;
  g_mutex_unlock (&mapped_lock);

  if (old != NULL)
    convoke_mapped_libraries_unref (old);
  return self;
}

gboolean
convoke_mapped_libraries_has (const ConvokeMappedLibraries *self,
                              const char                   *soname)
{
  return g_hash_table_contains (self->names, soname);
}

const char *
convoke_mapped_libraries_find_other (const ConvokeMappedLibraries *self,
                                     const char                   *soname)
{
  g_autofree char *stem = dup_stem (soname);

  return convoke_mapped_libraries_has (self, soname) ? NULL : g_hash_table_lookup (self->stems, stem);
}

char **
convoke_mapped_libraries_get_directories (const ConvokeMappedLibraries *self)
{
  return self->directories;
}
