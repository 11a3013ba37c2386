/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define CONVOKE_TEST_TYPE_PARTNER (convoke_test_partner_get_type ())
G_DECLARE_INTERFACE (ConvokeTestPartner, convoke_test_partner, CONVOKE_TEST, PARTNER, GObject)

/**
 * ConvokeTestPartnerInterface:
 * @parent_iface: the parent interface
 * @play: calls @other's with one less, until nothing is left
 * @meet: tells whether @other is the object itself, and gives it back
 */
struct _ConvokeTestPartnerInterface
{
  GTypeInterface parent_iface;

  int                 (*play) (ConvokeTestPartner  *self,
                               ConvokeTestPartner  *other,
                               int                  depth,
                               GError             **error);
  ConvokeTestPartner *(*meet) (ConvokeTestPartner  *self,
                               ConvokeTestPartner  *other,
                               gboolean            *is_self,
                               GError             **error);
};

int                 convoke_test_partner_play (ConvokeTestPartner  *self,
                                               ConvokeTestPartner  *other,
                                               int                  depth,
                                               GError             **error);
ConvokeTestPartner *convoke_test_partner_meet (ConvokeTestPartner  *self,
                                               ConvokeTestPartner  *other,
                                               gboolean            *is_self,
                                               GError             **error);

#define CONVOKE_TEST_TYPE_PLAYER (convoke_test_player_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeTestPlayer, convoke_test_player, CONVOKE_TEST, PLAYER, GObject)

ConvokeTestPlayer *convoke_test_player_new         (void);
guint              convoke_test_player_get_n_plays (ConvokeTestPlayer *self);

G_END_DECLS
