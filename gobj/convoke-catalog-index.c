/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-catalog-index-private.h"

/* --- life --- */

static void
free_error (gpointer error)
{
  g_error_free (error);
}

static GHashTable *
new_lists (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
}

ConvokeCatalogIndex *
convoke_catalog_index_new (void)
{
  ConvokeCatalogIndex *self = g_atomic_rc_box_new0 (ConvokeCatalogIndex);

  self->infos = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_class = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_interface = new_lists ();
  self->by_category = new_lists ();
  self->broken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_error);
  self->problems = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

ConvokeCatalogIndex *
convoke_catalog_index_ref (ConvokeCatalogIndex *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
wipe (gpointer data)
{
  ConvokeCatalogIndex *self = data;

  /* Their keys are the infos'. */
  g_hash_table_unref (self->by_class);
  g_hash_table_unref (self->by_interface);
  g_hash_table_unref (self->by_category);
  g_hash_table_unref (self->broken);
  g_ptr_array_unref (self->infos);
  g_ptr_array_unref (self->problems);
}

void
convoke_catalog_index_unref (ConvokeCatalogIndex *self)
{
  g_atomic_rc_box_release_full (self, wipe);
}

/* --- making --- */

void
convoke_catalog_index_add_problem (ConvokeCatalogIndex       *self,
                                   ConvokeCatalogProblemKind  kind,
                                   const char                *path,
                                   const char                *message)
{
  g_ptr_array_add (self->problems, convoke_catalog_problem_new (kind, path, message));
}

void
convoke_catalog_index_add_broken (ConvokeCatalogIndex *self,
                                  const char          *class_name,
                                  const char          *path,
                                  const GError        *error)
{
  g_hash_table_insert (self->broken, g_strdup (class_name), g_error_copy (error));
  convoke_catalog_index_add_problem (self, CONVOKE_CATALOG_PROBLEM_BROKEN, path, error->message);
}

void
convoke_catalog_index_add (ConvokeCatalogIndex *self,
                           ConvokeClassInfo    *info)
{
  const ConvokeComponentFile *file = convoke_class_info_get_file (info);

  g_ptr_array_add (self->infos, g_object_ref (info));
  g_hash_table_insert (self->by_class, file->class_name, info);

  for (char **warning = file->warnings; *warning != NULL; warning++)
    convoke_catalog_index_add_problem (self, CONVOKE_CATALOG_PROBLEM_UNKNOWN_KEY, file->path, *warning);
}

/* Takes @word. */
static void
file_under (GHashTable       *lists,
            char             *word,
            ConvokeClassInfo *info)
{
  GPtrArray *list = g_hash_table_lookup (lists, word);

  if (list == NULL)
    {
      list = g_ptr_array_new ();
      g_hash_table_insert (lists, word, list);
    }
  else
    g_free (word);

  /* The file can say one word twice. */
  if (list->len == 0 || list->pdata[list->len - 1] != info)
    g_ptr_array_add (list, info);
}

/* "Gio-2.0.Action" as "Gio.Action" */
static char *
without_version (const char *iface)
{
  return g_strdup_printf ("%.*s%s", (int) strcspn (iface, "-"), iface, strrchr (iface, '.'));
}

static void
file_info (ConvokeCatalogIndex *self,
           ConvokeClassInfo    *info)
{
  const ConvokeComponentFile *file = convoke_class_info_get_file (info);

  for (char **iface = file->interfaces; *iface != NULL; iface++)
    {
      file_under (self->by_interface, g_strdup (*iface), info);
      file_under (self->by_interface, without_version (*iface), info);
    }
  for (char **category = file->categories; *category != NULL; category++)
    file_under (self->by_category, g_strdup (*category), info);
}

static int
compare_infos (gconstpointer a,
               gconstpointer b)
{
  return convoke_class_info_compare (*(ConvokeClassInfo * const *) a, *(ConvokeClassInfo * const *) b);
}

static int
compare_problems (gconstpointer a,
                  gconstpointer b)
{
  return convoke_catalog_problem_compare (*(ConvokeCatalogProblem * const *) a, *(ConvokeCatalogProblem * const *) b);
}

void
convoke_catalog_index_end (ConvokeCatalogIndex *self)
{
  g_ptr_array_sort (self->infos, compare_infos);
  g_ptr_array_sort (self->problems, compare_problems);

  for (guint i = 0; i < self->infos->len; i++)
    file_info (self, self->infos->pdata[i]);
}

/* --- look-up --- */

gboolean
convoke_catalog_index_has (ConvokeCatalogIndex *self,
                           const char          *class_name)
{
  return g_hash_table_contains (self->by_class, class_name) || g_hash_table_contains (self->broken, class_name);
}

ConvokeClassInfo *
convoke_catalog_index_find (ConvokeCatalogIndex *self,
                            const char          *class_name)
{
  return g_hash_table_lookup (self->by_class, class_name);
}

static gboolean
is_in (ConvokeClassInfo *info,
       const char       *category)
{
  return category == NULL || g_strv_contains (convoke_class_info_get_categories (info), category);
}

GPtrArray *
convoke_catalog_index_select (ConvokeCatalogIndex *self,
                              const char          *iface,
                              const char          *category)
{
  GPtrArray *selected = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *from = self->infos;

  if (iface != NULL)
    from = g_hash_table_lookup (self->by_interface, iface);
  else if (category != NULL)
    from = g_hash_table_lookup (self->by_category, category);

  for (guint i = 0; from != NULL && i < from->len; i++)
    if (is_in (from->pdata[i], category))
      g_ptr_array_add (selected, g_object_ref (from->pdata[i]));

  return selected;
}

gboolean
convoke_catalog_index_has_problems (const ConvokeCatalogIndex *self,
                                    const ConvokeCatalogIndex *other)
{
  const GPtrArray *one = self->problems;
  const GPtrArray *two = other->problems;

  if (one->len != two->len)
    return FALSE;

  for (guint i = 0; i < one->len; i++)
    if (!convoke_catalog_problem_equal (one->pdata[i], two->pdata[i]))
      return FALSE;

  return TRUE;
}
