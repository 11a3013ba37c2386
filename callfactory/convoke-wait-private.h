/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The one wait of the library: parks on an event and serves calls meanwhile. */

#include "convoke-event-core-private.h"
#include "convoke-synchronize.h"

G_BEGIN_DECLS

/* Waits until @core is set (@consume: auto reset). @waited_chain: the chain of the call that this wait is for, or 0.
 * @timeout in microseconds, 0 polls, -1 for ever. Fails with TIMEOUT, FORKED. */
gboolean convoke_wait (ConvokeEventCore  *core,
                       gboolean           consume,
                       guint64            waited_chain,
                       ConvokeWaitFlags   flags,
                       gint64             timeout,
                       GError           **error);

G_END_DECLS
