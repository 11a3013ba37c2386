/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-test-partner.h"

/**
 * ConvokeTestPartner:
 *
 * Two of these call each other back and forth.
 */
G_DEFINE_INTERFACE (ConvokeTestPartner, convoke_test_partner, G_TYPE_OBJECT)

static void
convoke_test_partner_default_init (ConvokeTestPartnerInterface *iface)
{
}

/**
 * convoke_test_partner_play:
 * @self: a partner
 * @other: whom to call
 * @depth: how many calls are to follow
 * @error: return location for an error, or %NULL
 *
 * Calls @other's play with one less, unless @depth is 0.
 *
 * Returns: how many calls followed
 */
int
convoke_test_partner_play (ConvokeTestPartner  *self,
                           ConvokeTestPartner  *other,
                           int                  depth,
                           GError             **error)
{
  return CONVOKE_TEST_PARTNER_GET_IFACE (self)->play (self, other, depth, error);
}

/**
 * convoke_test_partner_meet:
 * @self: a partner
 * @other: another, or itself
 * @is_self: (out): whether @other is @self
 * @error: return location for an error, or %NULL
 *
 * Gives @other back.
 *
 * Returns: (transfer full): @other
 */
ConvokeTestPartner *
convoke_test_partner_meet (ConvokeTestPartner  *self,
                           ConvokeTestPartner  *other,
                           gboolean            *is_self,
                           GError             **error)
{
  return CONVOKE_TEST_PARTNER_GET_IFACE (self)->meet (self, other, is_self, error);
}

/**
 * ConvokeTestPlayer:
 *
 * A partner.
 */
struct _ConvokeTestPlayer
{
  GObject parent_instance;

  guint   n_plays;   /* atomic */
};

static int
convoke_test_player_play (ConvokeTestPartner  *partner,
                          ConvokeTestPartner  *other,
                          int                  depth,
                          GError             **error)
{
  GError *local_error = NULL;
  int n;

  g_atomic_int_inc (&CONVOKE_TEST_PLAYER (partner)->n_plays);
  if (depth == 0)
    return 0;

  n = convoke_test_partner_play (other, partner, depth - 1, &local_error);
  if (local_error == NULL)
    return n + 1;

  g_propagate_error (error, local_error);
  return -1;
}

static ConvokeTestPartner *
convoke_test_player_meet (ConvokeTestPartner  *partner,
                          ConvokeTestPartner  *other,
                          gboolean            *is_self,
                          GError             **error)
{
  *is_self = other == partner;
  return g_object_ref (other);
}

static void
convoke_test_player_partner_init (ConvokeTestPartnerInterface *iface)
{
  iface->play = convoke_test_player_play;
  iface->meet = convoke_test_player_meet;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeTestPlayer, convoke_test_player, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PARTNER, convoke_test_player_partner_init))

static void
convoke_test_player_class_init (ConvokeTestPlayerClass *klass)
{
}

static void
convoke_test_player_init (ConvokeTestPlayer *self)
{
}

/**
 * convoke_test_player_new:
 *
 * Makes a partner.
 *
 * Returns: (transfer full): the partner
 */
ConvokeTestPlayer *
convoke_test_player_new (void)
{
  return g_object_new (CONVOKE_TEST_TYPE_PLAYER, NULL);
}

/**
 * convoke_test_player_get_n_plays:
 * @self: a player
 *
 * Tells how often it was called.
 *
 * Returns: the number of calls
 */
guint
convoke_test_player_get_n_plays (ConvokeTestPlayer *self)
{
  return g_atomic_int_get (&self->n_plays);
}
