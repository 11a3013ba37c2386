/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Activation for several interfaces at once. */

#include "config.h"

#include "convoke-catalog.h"

/**
 * convoke_catalog_activate_interfaces:
 * @self: a catalog
 * @class_name: the name of a class, such as `org.example.Coffee`
 * @ifaces: (array length=n_ifaces): the interfaces that are wanted of the object;
 *   `G_TYPE_OBJECT` for the object itself
 * @n_ifaces: how many there are, at least one
 * @activation: (nullable): what is wished, or %NULL
 * @cancellable: (nullable): ends the activation from another thread, or %NULL
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes one object of a class, as [method@Catalog.activate] does, and asks it for
 * several interfaces.
 *
 * It succeeds when the object implements at least one of them; each has its own
 * answer (OM-38). The class is asked for a single interface directly; for several
 * it is asked for the object, which is then asked for them.
 *
 * Fails as [method@Catalog.activate] and [func@Convoke.query_interfaces] do. An
 * object that implements none of the interfaces is gone.
 *
 * Returns: (transfer full): the answers
 *
 * Since: 0.1
 */
ConvokeQueryResult *
convoke_catalog_activate_interfaces (ConvokeCatalog     *self,
                                     const char         *class_name,
                                     const GType        *ifaces,
                                     gsize               n_ifaces,
                                     ConvokeActivation  *activation,
                                     GCancellable       *cancellable,
                                     GError            **error)
{
  g_autoptr (GObject) object = NULL;

  g_return_val_if_fail (CONVOKE_IS_CATALOG (self), NULL);
  g_return_val_if_fail (ifaces != NULL && n_ifaces > 0, NULL);

  object = convoke_catalog_activate (self, class_name, n_ifaces == 1 ? ifaces[0] : G_TYPE_OBJECT, activation,
                                     cancellable, error);

  return object != NULL ? convoke_query_interfaces (object, ifaces, n_ifaces, error) : NULL;
}
