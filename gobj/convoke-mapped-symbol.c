/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A module is opened so that its symbols, and those of the libraries that it
 * brings along, are nobody else's; so the default scope is not all that is
 * mapped. Each library is asked, none is loaded.
 *
 * What was not found stays so until something else is mapped.
 */

#include "config.h"

#include <dlfcn.h>
#include <link.h>

#include "convoke-mapped-symbol-private.h"

static GMutex      missing_lock;
static GHashTable *missing;         /* LOCK: missing_lock; owned symbol -> count of libraries ever mapped when it was missing */

static int
count_cb (struct dl_phdr_info *info,
          size_t               size,
          void                *data)
{
  *(guint64 *) data = info->dlpi_adds;
  return 1;
}

static guint64
count_mapped (void)
{
  guint64 n = 0;

  dl_iterate_phdr (count_cb, &n);
  return n;
}

/* The names first: nothing may be opened while the list is held. */
static int
list_cb (struct dl_phdr_info *info,
         size_t               size,
         void                *data)
{
  if (info->dlpi_name != NULL && info->dlpi_name[0] != '\0')
    g_ptr_array_add (data, g_strdup (info->dlpi_name));

  return 0;
}

static gpointer
search (const char *symbol)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  gpointer found = NULL;

  dl_iterate_phdr (list_cb, names);
  for (guint i = 0; i < names->len && found == NULL; i++)
    {
      void *library = dlopen (names->pdata[i], RTLD_LAZY | RTLD_NOLOAD);

      if (library == NULL)
        continue;

      found = dlsym (library, symbol);
      /* Where it was found the library stays, as what it registers does. */
      if (found == NULL)
        dlclose (library);
    }

  return found;
}

static gboolean
is_missing (const char *symbol,
            guint64     n_mapped)
{
  guint64 *then;
  gboolean known;

  g_mutex_lock (&missing_lock);
  then = missing != NULL ? g_hash_table_lookup (missing, symbol) : NULL;
  known = then != NULL && *then == n_mapped;
  g_mutex_unlock (&missing_lock);

  return known;
}

static void
note_missing (const char *symbol,
              guint64     n_mapped)
{
  g_mutex_lock (&missing_lock);
  if (missing == NULL)
    missing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_replace (missing, g_strdup (symbol), g_memdup2 (&n_mapped, sizeof n_mapped));
  g_mutex_unlock (&missing_lock);
}

gpointer
convoke_find_mapped_symbol (const char *symbol)
{
  gpointer found = dlsym (RTLD_DEFAULT, symbol);
  guint64 n_mapped;

  if (found != NULL)
    return found;

  n_mapped = count_mapped ();
  if (is_missing (symbol, n_mapped))
    return NULL;

  found = search (symbol);
  if (found == NULL)
    note_missing (symbol, n_mapped);

  return found;
}
