/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-activation-private.h"

struct _ConvokeActivation
{
  GObject          parent_instance;

  ConvokeDistance  distance;
  ConvokePlacement placement;
  gint64           timeout;    /* microseconds; 0: none */
};

/**
 * ConvokeActivation:
 *
 * What a program wishes when it activates a component: how far away, and how
 * soon.
 *
 * Nothing needs to be wished: the keyfile says what is usual. One activation
 * can be used for any number of components, from one thread at a time.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeActivation, convoke_activation, G_TYPE_OBJECT)

static void
convoke_activation_class_init (ConvokeActivationClass *klass)
{
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
  ConvokeWishes wishes = { CONVOKE_DISTANCE_DEFAULT, CONVOKE_PLACEMENT_DEFAULT, -1 };

  if (self == NULL)
    return wishes;

  wishes.distance = self->distance;
  wishes.placement = self->placement;
  wishes.deadline = deadline_after (self->timeout);
  return wishes;
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
