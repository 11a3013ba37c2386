/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-reply-core-private.h"
#include "convoke-reply-port.h"

G_BEGIN_DECLS

ConvokeReplyCore *convoke_reply_port_get_core (ConvokeReplyPort *self);

G_END_DECLS
