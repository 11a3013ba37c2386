/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A catalog of one directory, and the test module seen from its tests. */

#include <convoke.h>
#include <convoke-test.h>
#include <gmodule.h>

#include "catalog-fixture.h"
#include "modules/test-components.h"

#define TEST_CLASS "org.example.Coffee"

typedef struct
{
  TestDir         dir;
  ConvokeCatalog *catalog;
} TestShop;

static inline void
test_shop_init (TestShop *self)
{
  const char *directories[2] = { NULL, NULL };

  test_dir_init (&self->dir);
  directories[0] = self->dir.path;
  self->catalog = convoke_catalog_new (directories);
}

static inline void
test_shop_clear (TestShop *self)
{
  g_clear_object (&self->catalog);
  test_dir_clear (&self->dir);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TestShop, test_shop_clear)

/* An absolute path stays what it is. */
static inline char *
test_module_path (const char *name)
{
  if (g_path_is_absolute (name))
    return g_strdup (name);

  return g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "gobj", "modules", name, NULL);
}

/* Registers @class_name: @type of @module, and @more lines. */
static inline void
test_shop_register (const TestShop *self,
                    const char     *class_name,
                    const char     *module,
                    const char     *type,
                    const char     *more)
{
  g_autofree char *name = g_strconcat (class_name, ".component", NULL);
  g_autofree char *path = test_module_path (module);
  g_autofree char *text = g_strdup_printf ("[Component]\n"
                                           "Interfaces=ConvokeTest-1.PriceFeed;\n"
                                           "Module=%s\n"
                                           "Type=%s\n"
                                           "%s\n", path, type, more);

  g_free (test_dir_write (&self->dir, name, text, -1));
}

/* The same, and makes one. */
static inline GObject *
test_shop_activate (const TestShop     *self,
                    const char         *type,
                    const char         *more,
                    ConvokeActivation  *activation,
                    GError            **error)
{
  test_shop_register (self, TEST_CLASS, "test-components", type, more);
  return convoke_catalog_activate (self->catalog, TEST_CLASS, CONVOKE_TEST_TYPE_PRICE_FEED, activation, NULL, error);
}

static inline TestComponents *
test_components_get (void)
{
  g_autofree char *path = test_module_path ("libtest-components.so");
  GModule *module = g_module_open (path, G_MODULE_BIND_LOCAL);
  TestComponents *components = NULL;

  g_assert_nonnull (module);
  g_assert_true (g_module_symbol (module, "test_components", (gpointer *) &components));
  g_module_close (module);
  return components;
}

static inline const char *
test_placement_get (GVariant   *placement,
                    const char *key)
{
  const char *value = NULL;

  g_assert_true (g_variant_lookup (placement, key, "&s", &value));
  return value;
}
