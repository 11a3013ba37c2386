/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a component's keyfile to an instance, on the calling thread. */

#include "config.h"

#include <string.h>

#include "convoke-component-file-private.h"
#include "convoke-error.h"
#include "convoke-interface-info.h"
#include "convoke-loader-factory-private.h"
#include "convoke-module-private.h"

/* A typelib beside the keyfile comes first: it is the one that the component was made for. */
static gboolean
require_namespace (const ConvokeComponentFile  *file,
                   const char                  *namespace_,
                   const char                  *version,
                   GError                     **error)
{
  g_autofree char *basename = g_strdup_printf ("%s-%s.typelib", namespace_, version);
  g_autofree char *beside = g_build_filename (file->directory, basename, NULL);

  if (g_file_test (beside, G_FILE_TEST_EXISTS))
    return convoke_require_from (file->directory, namespace_, version, error);

  return convoke_require (namespace_, version, error);
}

/* @interface: Namespace-Version.Interface, checked. */
static gboolean
require_interface (const ConvokeComponentFile  *file,
                   const char                  *interface,
                   GError                     **error)
{
  const char *dash = strchr (interface, '-');
  const char *dot = strrchr (interface, '.');
  g_autofree char *namespace_ = g_strndup (interface, dash - interface);
  g_autofree char *version = g_strndup (dash + 1, dot - dash - 1);

  return require_namespace (file, namespace_, version, error);
}

gboolean
convoke_component_require (const ConvokeComponentFile  *file,
                           GError                     **error)
{
  for (char **interface = file->interfaces; *interface != NULL; interface++)
    if (!require_interface (file, *interface, error))
      {
        g_prefix_error (error, "%s: ", file->path);
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

GObject *
convoke_component_create (const ConvokeComponentFile  *file,
                          GType                        iface,
                          GError                     **error)
{
  g_autoptr (ConvokeClassFactory) factory = convoke_component_dup_factory (file, error);

  return factory != NULL ? convoke_class_factory_create_instance (factory, NULL, iface, error) : NULL;
}
