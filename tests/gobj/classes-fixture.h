/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A catalog of one directory, and what it says of its classes. */

#include "catalog-fixture.h"
#include "convoke-catalog.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"

#define CLASS "org.example.Coffee"
#define SMALLEST "[Component]\nInterfaces=Gio-2.0.Action;\nModule=a\nType=b\n"

#define PROGRAM "org.example.Program"

static inline char *
preferences_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "convoke-1", PROGRAM ".conf", NULL);
}

/* Runs the tests with a configuration of their own. Not G_TEST_OPTION_ISOLATE_DIRS: GLib 2.74 leaks the names. */
static inline int
run_with_own_configuration (void)
{
  g_autofree char *config = g_dir_make_tmp ("convoke-test-XXXXXX", NULL);
  g_autofree char *path = NULL;
  g_autofree char *directory = NULL;
  int status;

  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  path = preferences_path ();
  directory = g_path_get_dirname (path);
  status = g_test_run ();
  g_unlink (path);
  g_rmdir (directory);
  g_assert_cmpint (g_rmdir (config), ==, 0);
  return status;
}

typedef struct
{
  TestDir         dir;
  ConvokeCatalog *catalog;
} Shelf;

static inline ConvokeCatalog *
shelf_new_catalog (const Shelf *self)
{
  const char *directories[2] = { self->dir.path, NULL };

  return convoke_catalog_new (directories);
}

static inline void
shelf_init (Shelf *self)
{
  test_dir_init (&self->dir);
  self->catalog = shelf_new_catalog (self);
}

static inline void
shelf_clear (Shelf *self)
{
  g_clear_object (&self->catalog);
  test_dir_clear (&self->dir);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shelf, shelf_clear)

static inline char *
shelf_path (const Shelf *self,
            const char  *class_name)
{
  g_autofree char *name = g_strconcat (class_name, ".component", NULL);

  return g_build_filename (self->dir.path, name, NULL);
}

static inline char *
shelf_add_bytes (const Shelf *self,
                 const char  *class_name,
                 const char  *text,
                 gssize       length)
{
  g_autofree char *name = g_strconcat (class_name, ".component", NULL);

  return test_dir_write (&self->dir, name, text, length);
}

static inline void
shelf_add_text (const Shelf *self,
                const char  *class_name,
                const char  *text)
{
  g_free (shelf_add_bytes (self, class_name, text, -1));
}

/* Returns the path. */
static inline char *
shelf_add_path (const Shelf *self,
                const char  *class_name,
                const char  *more)
{
  g_autofree char *text = g_strconcat (SMALLEST, more, NULL);

  return shelf_add_bytes (self, class_name, text, -1);
}

static inline void
shelf_add (const Shelf *self,
           const char  *class_name,
           const char  *more)
{
  g_free (shelf_add_path (self, class_name, more));
}

static inline void
shelf_remove (const Shelf *self,
              const char  *class_name)
{
  g_autofree char *path = shelf_path (self, class_name);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* --- claims --- */

static inline char *
join_classes (GPtrArray *infos)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; i < infos->len; i++)
    g_string_append_printf (joined, "%s%s", i > 0 ? " " : "", convoke_class_info_get_class_name (infos->pdata[i]));

  return g_string_free (joined, FALSE);
}

static inline void
assert_classes (ConvokeCatalog *catalog,
                const char     *iface,
                const char     *category,
                const char     *expected)
{
  g_autoptr (GPtrArray) infos = convoke_catalog_dup_classes (catalog, iface, category);
  g_autofree char *joined = join_classes (infos);

  g_assert_cmpstr (joined, ==, expected);
}

static inline void
assert_list (ConvokeCatalog *catalog,
             const char     *expected)
{
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *joined = NULL;
  gpointer info;

  for (guint i = 0; (info = g_list_model_get_item (G_LIST_MODEL (catalog), i)) != NULL; i++)
    g_ptr_array_add (infos, info);

  joined = join_classes (infos);
  g_assert_cmpstr (joined, ==, expected);
}

static inline void
assert_name (ConvokeCatalog *catalog,
             const char     *class_name,
             const char     *expected)
{
  g_autoptr (ConvokeClassInfo) info = convoke_catalog_dup_class (catalog, class_name);

  g_assert_nonnull (info);
  g_assert_cmpstr (convoke_class_info_get_name (info), ==, expected);
}

static inline void
assert_text (ConvokeClassInfo *info,
             const char       *property,
             const char       *expected)
{
  g_autofree char *text = NULL;

  g_object_get (info, property, &text, NULL);
  g_assert_cmpstr (text, ==, expected);
}

static inline void
assert_texts (ConvokeClassInfo *info,
              const char       *property,
              const char       *expected)
{
  g_auto (GStrv) texts = NULL;
  g_autofree char *joined = NULL;

  g_object_get (info, property, &texts, NULL);
  joined = g_strjoinv (" ", texts);
  g_assert_cmpstr (joined, ==, expected);
}

static inline guint
count_problems (ConvokeCatalog *catalog)
{
  g_autoptr (GPtrArray) problems = convoke_catalog_dup_problems (catalog);

  return problems->len;
}

/* That of the file of @class_name there is this problem. */
static inline void
assert_problem (ConvokeCatalog            *catalog,
                const char                *class_name,
                ConvokeCatalogProblemKind  kind,
                guint                      line,
                const char                *words)
{
  g_autoptr (GPtrArray) problems = convoke_catalog_dup_problems (catalog);
  g_autofree char *end = g_strconcat ("/", class_name, ".component", NULL);

  for (guint i = 0; i < problems->len; i++)
    {
      ConvokeCatalogProblem *problem = problems->pdata[i];

      if (g_str_has_suffix (convoke_catalog_problem_get_path (problem), end))
        {
          g_assert_cmpint (convoke_catalog_problem_get_kind (problem), ==, kind);
          g_assert_cmpuint (convoke_catalog_problem_get_line (problem), ==, line);
          g_assert_nonnull (strstr (convoke_catalog_problem_get_message (problem), words));
          return;
        }
    }

  g_error ("There is no problem of %s", class_name);
}
