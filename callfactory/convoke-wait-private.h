/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The one wait of the library: parks on an event and serves calls meanwhile. */

#include "convoke-event-core-private.h"
#include "convoke-apartment.h"
#include "convoke-synchronize.h"

G_BEGIN_DECLS

/* All that there are. */
#define CONVOKE_WAIT_FLAGS_KNOWN (CONVOKE_WAIT_ALL | CONVOKE_WAIT_DISPATCH_CALLS | CONVOKE_WAIT_NO_SERVE)

/* Between a time-out in microseconds and a moment (g_get_monotonic_time()); -1 is for ever in both. */
gint64   convoke_wait_get_deadline  (gint64 timeout);
gint64   convoke_wait_get_time_left (gint64 deadline);

/* Waits until @core is set (@consume: auto reset). @waited_chain: the chain of the call that this wait is for, or 0.
 * @timeout in microseconds, 0 polls, -1 for ever. Fails with TIMEOUT, FORKED. */
gboolean convoke_wait (ConvokeEventCore  *core,
                       gboolean           consume,
                       guint64            waited_chain,
                       ConvokeWaitFlags   flags,
                       gint64             timeout,
                       GError           **error);

/* FALSE with INVALID_ARGUMENT: it is less than for ever, which is -1. */
gboolean convoke_wait_check_timeout (gint64 timeout, GError **error);

typedef struct _ConvokeWait ConvokeWait;
typedef struct _ConvokeWaitGroup ConvokeWaitGroup;

/* The same for a call whose object lives in @remote (nullable): the waiting thread reads for it. @quiet: nobody else can end
 * the call, and whoever has something to serve can be kept waiting for some milliseconds. */
gboolean convoke_wait_for_call (ConvokeEventCore  *core,
                                guint64            waited_chain,
                                ConvokeApartment  *remote,
                                gboolean           quiet,
                                ConvokeWaitFlags   flags,
                                gint64             timeout,
                                GError           **error);

/* The same for several objects: @core is @group's, and the group says when the wait is over. */
gboolean convoke_wait_for_group (ConvokeWaitGroup  *group,
                                 ConvokeEventCore  *core,
                                 const guint64     *waited_chains,
                                 guint              n_waited_chains,
                                 ConvokeApartment  *remote,
                                 ConvokeWaitFlags   flags,
                                 gint64             timeout,
                                 GError           **error);

/* Makes the waiting thread look again. Its thread's lock is held. */
void     convoke_wait_poke (const ConvokeWait *wait);
/* Ends the sleep of whoever reads for @remote. */
void     convoke_wait_kick (ConvokeApartment *remote);

G_END_DECLS
