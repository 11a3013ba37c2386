/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/**
 * ConvokeTokenKind:
 * @CONVOKE_TOKEN_NORMAL: keeps the object until it is redeemed, which can be done once
 * @CONVOKE_TOKEN_TABLE_STRONG: keeps the object until the token is released, and can be redeemed any number of times
 * @CONVOKE_TOKEN_TABLE_WEAK: does not keep the object, and can be redeemed any number of times while it lives
 *
 * What a token is good for (OM-53).
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_TOKEN_NORMAL,
  CONVOKE_TOKEN_TABLE_STRONG,
  CONVOKE_TOKEN_TABLE_WEAK,
} ConvokeTokenKind;

#define CONVOKE_TYPE_TOKEN (convoke_token_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (ConvokeToken, convoke_token, CONVOKE, TOKEN, GObject)

CONVOKE_AVAILABLE_IN_0_1
ConvokeToken *convoke_token_new (GObject           *object,
                                 GType              iface,
                                 ConvokeTokenKind   kind,
                                 GError           **error) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
ConvokeToken *convoke_token_new_from_string (const char  *text,
                                             GError     **error) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_token_redeem (ConvokeToken  *self,
                               GType          iface,
                               GError       **error) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_token_release (ConvokeToken  *self,
                                GError       **error);

CONVOKE_AVAILABLE_IN_0_1
char *convoke_token_to_string (ConvokeToken  *self,
                               GError       **error) G_GNUC_WARN_UNUSED_RESULT;

CONVOKE_AVAILABLE_IN_0_1
ConvokeTokenKind convoke_token_get_kind (ConvokeToken *self);

G_END_DECLS
