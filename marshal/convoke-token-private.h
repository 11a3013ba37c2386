/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-token.h"

G_BEGIN_DECLS

/* With which the text of every token begins. */
#define CONVOKE_TOKEN_PREFIX "convoke-token-1:"

/* Redeems the token of this process that @text says, for whoever got the text: the object itself, or its proxy for the calling
 * thread, as @iface (`G_TYPE_OBJECT`: its identity, whatever interface the token was made for). @text can be anything. Any thread.
 * Fails with INVALID_ARGUMENT (no token at all), NOT_FOUND (of another process), NOT_CONNECTED (used up, released, or never made
 * here), NOT_REGISTERED (the object died) and NO_INTERFACE, which uses a normal token up as well. */
GObject *convoke_token_resolve (const char *text, GType iface, GError **error);

/* Tokens of @target are not connected to it any more. */
void     convoke_token_disconnect (GObject *target);

/* The process that made @text, for messages and to find it; 0: it is no token. */
GPid     convoke_token_get_text_pid (const char *text);

G_END_DECLS
