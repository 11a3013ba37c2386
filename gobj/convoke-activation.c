/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-activation-private.h"
#include "convoke-hooks-private.h"

struct _ConvokeActivation
{
  GObject            parent_instance;

  ConvokeDistance    distance;
  ConvokePlacement   placement;
  gint64             timeout;     /* microseconds; 0: none */
  ConvokeProperties *properties;  /* (owned) (nullable) */
  GObject           *outer;       /* (owned) (nullable) */
};

/**
 * ConvokeActivation:
 *
 * What a program wishes when it activates a component: how far away, how
 * soon, and with which properties it is made.
 *
 * Nothing needs to be wished: the keyfile says what is usual. One activation
 * can be used for any number of components, from one thread at a time.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeActivation, convoke_activation, G_TYPE_OBJECT)

static void
convoke_activation_finalize (GObject *object)
{
  ConvokeActivation *self = CONVOKE_ACTIVATION (object);

  convoke_properties_unref (self->properties);
  g_clear_object (&self->outer);

  G_OBJECT_CLASS (convoke_activation_parent_class)->finalize (object);
}

static void
convoke_activation_class_init (ConvokeActivationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_activation_finalize;
}

static void
convoke_activation_init (ConvokeActivation *self)
{
}

/**
 * convoke_activation_new:
 *
 * Makes an activation that wishes nothing.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the activation
 *
 * Since: 0.1
 */
ConvokeActivation *
convoke_activation_new (void)
{
  return g_object_new (CONVOKE_TYPE_ACTIVATION, NULL);
}

/**
 * convoke_activation_set_distance:
 * @self: an activation
 * @distance: how far away the component is to live
 * @placement: what happens where @distance cannot be had
 *
 * Wishes for a distance instead of the one in the keyfile.
 *
 * Since: 0.1
 */
void
convoke_activation_set_distance (ConvokeActivation *self,
                                 ConvokeDistance    distance,
                                 ConvokePlacement   placement)
{
  g_return_if_fail (CONVOKE_IS_ACTIVATION (self));
  g_return_if_fail ((guint) distance < CONVOKE_N_DISTANCES);
  g_return_if_fail ((guint) placement <= CONVOKE_PLACEMENT_OFF);

  self->distance = distance;
  self->placement = placement;
}

/**
 * convoke_activation_set_timeout:
 * @self: an activation
 * @timeout: microseconds that an activation may take from its begin on; 0 for
 *   no limit, as it is at first
 *
 * Limits the time of the activations made with @self.
 *
 * Since: 0.1
 */
void
convoke_activation_set_timeout (ConvokeActivation *self,
                                gint64             timeout)
{
  g_return_if_fail (CONVOKE_IS_ACTIVATION (self));
  g_return_if_fail (timeout >= 0);

  self->timeout = timeout;
}

/**
 * convoke_activation_set_construct_property:
 * @self: an activation
 * @name: the name of a property of the component's class
 * @value: what it is to be
 *
 * Sets a property of what will be made with @self, also one that can be set at
 * construction only.
 *
 * The value is copied and waits in @self; whether the class has such a
 * property is known when the class is. An activation of one that has not, or
 * cannot have this value, fails with %CONVOKE_ERROR_INVALID_ARGUMENT, and
 * makes nothing. So does one of a class that is not made with properties at
 * all, with %CONVOKE_ERROR_NOT_SUPPORTED.
 *
 * An object that is set arrives as what it is for the component: itself, or
 * its proxy where the component lives on another thread or in another
 * process. A property that wants a class other than #GObject cannot have a
 * proxy; one that wants an interface can. No object, of the class of all
 * objects, empties a property of text, too. Values of other types cross as
 * arguments do.
 *
 * @self holds an object until it is gone itself. So does a proxy of a component
 * with `Restart=yes`, since it is made with the same properties once more.
 *
 * Since: 0.1
 */
void
convoke_activation_set_construct_property (ConvokeActivation *self,
                                           const char        *name,
                                           const GValue      *value)
{
  ConvokeProperties *old;

  g_return_if_fail (CONVOKE_IS_ACTIVATION (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (G_IS_VALUE (value));

  /* Activations that are under way have the old ones. */
  old = self->properties;
  self->properties = convoke_properties_copy (old, convoke_hooks.dup_home != NULL ? convoke_hooks.dup_home () : NULL);
  convoke_properties_set (self->properties, name, value);
  convoke_properties_unref (old);
}

/**
 * convoke_activation_set_outer:
 * @self: an activation
 * @outer: (nullable): an aggregate that reserved interfaces, or %NULL
 *
 * Wishes that what is made becomes a part of @outer, which gets from it the
 * reserved interfaces that it implements.
 *
 * The activation gives the outer then, and must ask for `G_TYPE_OBJECT`
 * ([method@ClassFactory.create_instance]). An aggregate lives in one place: at
 * any distance but in-process it fails with %CONVOKE_ERROR_NO_AGGREGATION before
 * anything is started (OM-24). @outer keeps the placement that it had.
 *
 * The activation keeps @outer until it is told another one.
 *
 * Since: 0.1
 */
void
convoke_activation_set_outer (ConvokeActivation *self,
                              ConvokeComponent  *outer)
{
  g_return_if_fail (CONVOKE_IS_ACTIVATION (self));
  g_return_if_fail (outer == NULL || CONVOKE_IS_COMPONENT (outer));

  g_set_object (&self->outer, (GObject *) outer);
}

static gint64
deadline_after (gint64 timeout)
{
  gint64 now = g_get_monotonic_time ();

  /* So far away that it cannot be told is never. */
  return timeout == 0 || timeout > G_MAXINT64 - now ? -1 : now + timeout;
}

ConvokeWishes
convoke_activation_get_wishes (ConvokeActivation *self)
{
  ConvokeWishes wishes = { CONVOKE_DISTANCE_DEFAULT, CONVOKE_PLACEMENT_DEFAULT, -1, NULL, NULL };

  if (self == NULL)
    return wishes;

  wishes.distance = self->distance;
  wishes.placement = self->placement;
  wishes.deadline = deadline_after (self->timeout);
  wishes.properties = convoke_properties_ref (self->properties);
  wishes.outer = self->outer != NULL ? g_object_ref (self->outer) : NULL;
  return wishes;
}

void
convoke_wishes_clear (ConvokeWishes *self)
{
  g_clear_pointer (&self->properties, convoke_properties_unref);
  g_clear_object (&self->outer);
}

const char *
convoke_distance_get_name (ConvokeDistance distance)
{
  static const char * const names[] = {
    [CONVOKE_DISTANCE_DEFAULT] = "default",
    [CONVOKE_DISTANCE_IN_PROCESS] = "in-process",
    [CONVOKE_DISTANCE_THREAD] = "thread",
    [CONVOKE_DISTANCE_PROCESS] = "process",
  };
  G_STATIC_ASSERT (G_N_ELEMENTS (names) == CONVOKE_N_DISTANCES);

  return names[distance];
}
