/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-catalog-depends-private.h"
#include "convoke-class-table-private.h"
#include "convoke-error.h"
#include "convoke-firewall-private.h"

#define LONGEST_CHAIN 100

typedef struct
{
  ConvokeCatalog *catalog;
  GPtrArray      *files;    /* (owned): the answer */
  GHashTable     *done;     /* names of the classes that are in it */
  GPtrArray      *chain;    /* of names: who needs whom on the way here */
} Walk;

/* "org.example.A needs org.example.B needs org.example.C" */
static char *
describe_chain (const Walk *self,
                const char *last)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->chain->len; i++)
    g_string_append_printf (text, "%s needs ", (const char *) self->chain->pdata[i]);
  g_string_append (text, last);

  return g_string_free (text, FALSE);
}

static gboolean
is_in_chain (const Walk *self,
             const char *class_name)
{
  return g_ptr_array_find_with_equal_func (self->chain, class_name, g_str_equal, NULL);
}

static gboolean
check_chain (const Walk  *self,
             const char  *class_name,
             GError     **error)
{
  g_autofree char *chain = NULL;

  if (!is_in_chain (self, class_name) && self->chain->len < LONGEST_CHAIN)
    return TRUE;

  chain = describe_chain (self, class_name);
  if (is_in_chain (self, class_name))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "%s: this is a circle (Depends=)", chain);
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES, "%s, and more than %u in a row", chain, LONGEST_CHAIN);
  return FALSE;
}

static gboolean walk_all (Walk *self, const ConvokeComponentFile *file, GError **error);

static gboolean
walk (Walk        *self,
      const char  *class_name,
      GError     **error)
{
  g_autoptr (ConvokeComponentFile) file = NULL;
  g_autofree char *chain = NULL;

  if (!check_chain (self, class_name, error))
    return FALSE;
  /* What was registered at run time needs nothing more. */
  if (g_hash_table_contains (self->done, class_name) || convoke_class_table_has (class_name))
    return TRUE;

  file = convoke_catalog_find_file (self->catalog, class_name, error);
  if (file == NULL)
    {
      chain = describe_chain (self, class_name);
      g_prefix_error (error, "%s: ", chain);
      return FALSE;
    }
  if (!walk_all (self, file, error))
    return FALSE;

  g_hash_table_add (self->done, file->class_name);
  g_ptr_array_add (self->files, g_steal_pointer (&file));
  return TRUE;
}

static gboolean
walk_all (Walk                        *self,
          const ConvokeComponentFile  *file,
          GError                     **error)
{
  gboolean found = TRUE;

  g_ptr_array_add (self->chain, file->class_name);
  for (char **needed = file->depends; found && *needed != NULL; needed++)
    found = walk (self, *needed, error);
  g_ptr_array_set_size (self->chain, self->chain->len - 1);

  return found;
}

GPtrArray *
convoke_catalog_resolve_depends (ConvokeCatalog              *self,
                                 const ConvokeComponentFile  *file,
                                 GError                     **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) convoke_component_file_unref);
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();
  g_autoptr (GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);
  Walk all = { self, files, done, chain };

  return walk_all (&all, file, error) ? g_steal_pointer (&files) : NULL;
}

static gboolean
load (const ConvokeComponentFile  *file,
      GError                     **error)
{
  g_autoptr (ConvokeClassFactory) factory = NULL;

  if (strcmp (file->loader, "c") != 0 || file->distance != CONVOKE_DISTANCE_IN_PROCESS)
    return TRUE;

  factory = convoke_firewall_admits (file, error) ? convoke_component_dup_factory (file, error) : NULL;
  if (factory == NULL)
    g_prefix_error (error, "%s, which is needed: ", file->class_name);
  return factory != NULL;
}

gboolean
convoke_catalog_load_depends (GPtrArray  *files,
                              GError    **error)
{
  for (guint i = 0; i < files->len; i++)
    if (!load (files->pdata[i], error))
      return FALSE;

  return TRUE;
}
