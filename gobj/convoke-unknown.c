/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-component-private.h"
#include "convoke-error.h"
#include "convoke-hooks-private.h"
#include "convoke-unknown.h"

/*
 * An interface is asked for at every boundary, so the answer that is nearly
 * always given is found with a look-up in the object's class and nothing
 * else. A class is marked when its objects can be parts of aggregates, or
 * have interfaces that are only reserved: these take the second look. Only an
 * object whose class does not have the interface can be one that must be asked
 * further (a proxy, a facet): what is above this folder knows about these, and
 * is asked through the hooks, here and not before.
 */

static GObject *
query_identity (GObject *object)
{
  GObject *identity = convoke_hooks.identity != NULL ? convoke_hooks.identity (object) : NULL;

  return g_object_ref (identity != NULL ? identity : object);
}

static void
set_no_interface (GObject  *object,
                  GType     iface,
                  GError  **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE,
               "%s does not implement %s", G_OBJECT_TYPE_NAME (object), g_type_name (iface));
}

static GObject *
query_late (GObject  *object,
            GType     iface,
            GError  **error)
{
  g_autoptr (GObject) found = NULL;
  g_autoptr (GError) local_error = NULL;

  if (convoke_hooks.late_query != NULL)
    found = convoke_hooks.late_query (object, iface, &local_error);

  if (found != NULL)
    return g_steal_pointer (&found);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    set_no_interface (object, iface, error);

  return NULL;
}

static GObject *
query_one (GObject  *object,
           GType     iface,
           GError  **error)
{
  if (iface == G_TYPE_OBJECT)
    return query_identity (object);

  if (!g_type_is_a (G_OBJECT_TYPE (object), iface))
    return query_late (object, iface, error);

  if (convoke_component_has_filled (object, iface))
    return g_object_ref (object);

  set_no_interface (object, iface, error);
  g_prefix_error (error, "It was reserved and nothing fills it yet: ");
  return NULL;
}

/* Never inlined: its stack frame would be set up for every question. */
static G_NO_INLINE GObject *
query_slowly (GObject  *object,
              GType     iface,
              GError  **error)
{
  g_autoptr (GObject) outer = NULL;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);
  g_return_val_if_fail (iface == G_TYPE_OBJECT ||
                        (G_TYPE_IS_INTERFACE (iface) && iface != G_TYPE_INTERFACE), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  /* A part answers as the aggregate that it is a part of. */
  outer = convoke_component_dup_outermost (object);
  return query_one (outer != NULL ? outer : object, iface, error);
}

/**
 * convoke_query_interface:
 * @object: any object
 * @iface: the interface wanted, or `G_TYPE_OBJECT` for the identity
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Asks @object for an interface.
 *
 * For an object of this program the answer is @object itself, with one more
 * reference. For an interface that was learnt after @object was made (which
 * only a proxy does) it can be a facet, which stays the same while a
 * reference to it is held: compare objects with [func@Convoke.same_object],
 * not by pointer.
 *
 * Asked for `G_TYPE_OBJECT`, any facet of an object gives the same pointer at
 * any time of its life: the identity of the object. A part of an aggregate
 * answers as the aggregate does, whose identity is that of the outermost one;
 * see [class@Convoke.Component].
 *
 * What an object answers does not change: an interface that was given once
 * is always given, by each of the object's facets. The call object of an
 * interface is never among the answers; see
 * [iface@Convoke.CallFactory].
 *
 * Any thread may call this. For a proxy it can run a call to the other side,
 * so hold no lock of yours across it.
 *
 * Fails with %CONVOKE_ERROR_NO_INTERFACE when the object does not implement
 * @iface, and, for a proxy, with what kept it from asking the owner. A type
 * that is neither an interface nor `G_TYPE_OBJECT` is a programming error.
 *
 * Returns: (transfer full): the object to call @iface on
 *
 * Since: 0.1
 */
GObject *
convoke_query_interface (GObject  *object,
                         GType     iface,
                         GError  **error)
{
  if (G_LIKELY (object != NULL && iface != G_TYPE_INVALID) &&
      G_LIKELY (g_type_interface_peek (object->g_type_instance.g_class, iface) != NULL) &&
      G_LIKELY (!convoke_class_is_marked (object->g_type_instance.g_class)))
    return g_object_ref (object);

  return query_slowly (object, iface, error);
}

/* What @object is a view or a part of, in the end (transfer full). */
static GObject *
dup_denoted (GObject *object)
{
  GObject *next;

  if (convoke_hooks.identity != NULL && (next = convoke_hooks.identity (object)) != NULL)
    object = next;

  /* A proxy can itself be a part. */
  next = convoke_component_dup_outermost (object);
  if (next != NULL)
    return next;

  if (convoke_hooks.unwrap != NULL && (next = convoke_hooks.unwrap (object)) != NULL)
    object = next;

  next = convoke_component_dup_outermost (object);
  return next != NULL ? next : g_object_ref (object);
}

/**
 * convoke_same_object:
 * @a: (nullable): an object
 * @b: (nullable): another object
 *
 * Whether @a and @b denote the same object.
 *
 * Facets of one object are the same object, a proxy is the same object as the
 * one of this process that it stands for, and a part is the same object as the
 * aggregate that it is a part of.
 * %NULL is the same as %NULL only.
 *
 * Any thread may call this.
 *
 * Returns: %TRUE if both denote one object
 *
 * Since: 0.1
 */
gboolean
convoke_same_object (GObject *a,
                     GObject *b)
{
  g_autoptr (GObject) denoted_by_a = NULL;
  g_autoptr (GObject) denoted_by_b = NULL;

  g_return_val_if_fail (a == NULL || G_IS_OBJECT (a), FALSE);
  g_return_val_if_fail (b == NULL || G_IS_OBJECT (b), FALSE);

  if (a == b)
    return TRUE;

  if (a == NULL || b == NULL)
    return FALSE;

  denoted_by_a = dup_denoted (a);
  denoted_by_b = dup_denoted (b);
  return denoted_by_a == denoted_by_b;
}
