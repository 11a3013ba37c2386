/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a component's keyfile to an instance, on the calling thread. */

#include "config.h"

#include <string.h>

#include "convoke-component-file-private.h"
#include "convoke-error.h"
#include "convoke-loader-factory-private.h"
#include "convoke-module-private.h"
#include "convoke-module-use-private.h"
#include "convoke-type-clash-private.h"
#include "convoke-typelib-private.h"

/* @interface: Namespace-Version.Interface, checked. A typelib beside the keyfile comes first: it is the one that the component was
 * made for. */
static gboolean
require_interface (const ConvokeComponentFile  *file,
                   const char                  *interface,
                   GError                     **error)
{
  const char *dash = strchr (interface, '-');
  const char *dot = strrchr (interface, '.');
  g_autofree char *namespace_ = g_strndup (interface, dash - interface);
  g_autofree char *version = g_strndup (dash + 1, dot - dash - 1);
  g_autofree char *basename = g_strdup_printf ("%s-%s.typelib", namespace_, version);
  g_autofree char *beside = g_build_filename (file->directory, basename, NULL);
  gboolean is_beside = g_file_test (beside, G_FILE_TEST_EXISTS);

  return convoke_typelib_require (is_beside ? file->directory : NULL, namespace_, version, dot + 1, error);
}

gboolean
convoke_component_require (const ConvokeComponentFile  *file,
                           GError                     **error)
{
  for (char **interface = file->interfaces; *interface != NULL; interface++)
    if (!require_interface (file, *interface, error))
      {
        g_prefix_error (error, "%s: Interfaces: %s: ", file->path, *interface);
        return FALSE;
      }

  return TRUE;
}

static ConvokeClassFactory *
dup_factory_of_module (const ConvokeComponentFile  *file,
                       GError                     **error)
{
  g_autofree char *path = g_canonicalize_filename (file->module, file->directory);

  return convoke_module_get_class_factory (path, file->type_name, error);
}

ConvokeClassFactory *
convoke_component_dup_factory (const ConvokeComponentFile  *file,
                               GError                     **error)
{
  if (!convoke_component_require (file, error))
    return NULL;

  return strcmp (file->loader, "c") == 0 ? dup_factory_of_module (file, error) : convoke_loader_factory_new (file, error);
}

/* --- the first instance --- */

/* Only then all types of a class are registered. */
static G_DEFINE_QUARK (convoke-proven, proven)

/* A factory whose types cannot be registered is not asked again: what failed to register one never returns the next time. */
static G_DEFINE_QUARK (convoke-broken, broken)

static gpointer
copy_error (gpointer data,
            gpointer user_data)
{
  return data != NULL ? g_error_copy (data) : NULL;
}

static gboolean
check_clash (ConvokeTypeClash            *clash,
             const ConvokeComponentFile  *file,
             GObject                     *factory,
             GError                     **error)
{
  g_autofree char *what = g_strdup_printf ("%s cannot be used", file->path);
  GError *clashed = NULL;

  if (convoke_type_clash_end (clash, what, &clashed))
    return TRUE;

  g_object_set_qdata_full (factory, broken_quark (), g_error_copy (clashed), (GDestroyNotify) g_error_free);
  /* For good: a new factory would not know. */
  convoke_module_use_hold (factory);
  g_clear_error (error);
  g_propagate_error (error, clashed);
  return FALSE;
}

static GObject *
create_first (const ConvokeComponentFile  *file,
              const ConvokeProperties     *properties,
              ConvokeClassFactory         *factory,
              GObject                     *outer,
              GType                        iface,
              GError                     **error)
{
  GError *broken = g_object_dup_qdata (G_OBJECT (factory), broken_quark (), copy_error, NULL);
  g_autoptr (GObject) made = NULL;
  ConvokeTypeClash clash;

  if (broken != NULL)
    {
      g_propagate_error (error, broken);
      return NULL;
    }

  convoke_type_clash_begin (&clash);
  made = convoke_properties_create (properties, factory, outer, iface, error);
  if (!check_clash (&clash, file, G_OBJECT (factory), error))
    return NULL;

  if (made != NULL)
    g_object_set_qdata (G_OBJECT (factory), proven_quark (), factory);
  return g_steal_pointer (&made);
}

GObject *
convoke_component_create (const ConvokeComponentFile  *file,
                          const ConvokeProperties     *properties,
                          GObject                     *outer,
                          GType                        iface,
                          GError                     **error)
{
  g_autoptr (ConvokeClassFactory) factory = convoke_component_dup_factory (file, error);

  if (factory == NULL)
    return NULL;

  if (g_object_get_qdata (G_OBJECT (factory), proven_quark ()) != NULL)
    return convoke_properties_create (properties, factory, outer, iface, error);

  return create_first (file, properties, factory, outer, iface, error);
}
