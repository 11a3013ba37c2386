/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The class object of a class by itself: what activation asks for an instance. */

#include "config.h"

#include "convoke-catalog-depends-private.h"
#include "convoke-catalog-private.h"
#include "convoke-class-factory.h"
#include "convoke-class-table-private.h"
#include "convoke-error.h"
#include "convoke-firewall-private.h"
#include "convoke-unknown.h"

/* Never nearer than it was meant to be: who placed a component elsewhere may have had a reason. */
static gboolean
check_distance (const ConvokeComponentFile  *file,
                ConvokeActivation           *activation,
                GError                     **error)
{
  g_auto (ConvokeWishes) wishes = convoke_activation_get_wishes (activation);
  ConvokeDistance wanted = wishes.distance != CONVOKE_DISTANCE_DEFAULT ? wishes.distance : file->distance;
  ConvokePlacement placement = wishes.placement != CONVOKE_PLACEMENT_DEFAULT ? wishes.placement : file->placement;

  if (wanted == CONVOKE_DISTANCE_IN_PROCESS || placement == CONVOKE_PLACEMENT_OFF)
    {
      if (convoke_firewall_admits (file, error))
        return TRUE;

      g_prefix_error (error, "%s cannot be in this process: ", file->class_name);
      return FALSE;
    }

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "The class object of %s cannot be had at the distance %s; ask for it in-process",
               file->class_name, convoke_distance_get_name (wanted));
  return FALSE;
}

static gboolean
load_depends (ConvokeCatalog              *self,
              const ConvokeComponentFile  *file,
              GError                     **error)
{
  g_autoptr (GPtrArray) needed = convoke_catalog_resolve_depends (self, file, error);

  return needed != NULL && convoke_catalog_load_depends (needed, error);
}

static GObject *
dup_of_keyfile (ConvokeCatalog     *self,
                const char         *class_name,
                ConvokeActivation  *activation,
                GError            **error)
{
  g_autoptr (ConvokeComponentFile) file = convoke_catalog_find_file (self, class_name, error);

  if (file == NULL)
    {
      convoke_class_table_explain (class_name, error);
      return NULL;
    }

  if (!check_distance (file, activation, error) || !load_depends (self, file, error))
    return NULL;

  return (GObject *) convoke_component_dup_factory (file, error);
}

/**
 * convoke_catalog_dup_class_object:
 * @self: a catalog
 * @class_name: the name of a class, such as `org.example.Coffee`
 * @iface: the interface that is wanted of the class object, usually that of
 *   [iface@Convoke.ClassFactory], or `G_TYPE_OBJECT`
 * @activation: (nullable): what is wished, or %NULL; its distance counts
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets what makes the instances of a class: for who makes many of them, locks
 * it, or has other things to ask it for.
 *
 * For a class that was registered at run time it is what was registered; one that
 * is for a single use is used up by this (OM-28). For a keyfile's it is the
 * factory that the component's module or loader gives, in this process: a
 * component that is to live elsewhere has none here, unless @activation asks for
 * it in-process. What it makes is made on the calling thread and given as it is,
 * bound nowhere, and has no placement to tell.
 *
 * Where the class is loaded by this, its code runs on the calling thread: hold no
 * lock of yours across it. Any thread may call this.
 *
 * Fails as [method@Catalog.activate] does (OM-39): with %CONVOKE_ERROR_NO_CLASS,
 * %CONVOKE_ERROR_NO_INTERFACE when the class object does not implement @iface,
 * %CONVOKE_ERROR_NOT_SUPPORTED when the class lives elsewhere, and with what kept
 * it from being loaded.
 *
 * Returns: (transfer full): the class object
 *
 * Since: 0.1
 */
GObject *
convoke_catalog_dup_class_object (ConvokeCatalog     *self,
                                  const char         *class_name,
                                  GType               iface,
                                  ConvokeActivation  *activation,
                                  GError            **error)
{
  g_autoptr (GObject) class_object = NULL;
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (CONVOKE_IS_CATALOG (self), NULL);
  g_return_val_if_fail (class_name != NULL, NULL);
  g_return_val_if_fail (iface == G_TYPE_OBJECT || (G_TYPE_IS_INTERFACE (iface) && iface != G_TYPE_INTERFACE), NULL);
  g_return_val_if_fail (activation == NULL || CONVOKE_IS_ACTIVATION (activation), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  class_object = convoke_class_table_take (class_name, &local_error);
  if (class_object == NULL && local_error == NULL)
    class_object = dup_of_keyfile (self, class_name, activation, &local_error);
  if (class_object != NULL)
    return convoke_query_interface (class_object, iface, error);

  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}
