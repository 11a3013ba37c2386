/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A thread that acts for the caller of the call that it serves. See the
 * opening comment of convoke-impersonation.c.
 */

#include "convoke-record-private.h"

G_BEGIN_DECLS

/* The calling thread acts for the caller of @call from now on. FALSE with ACCESS_DENIED: it may not, and is who it was. */
gboolean              convoke_impersonation_begin   (ConvokeThread *thread, ConvokeRecord *call, GError **error);
/* It is itself again; nothing happens when it was. */
void                  convoke_impersonation_end     (ConvokeThread *thread);

/* Around what a thread does for others meanwhile: it is itself there. NULL, nearly always: it was. */
ConvokeImpersonation *convoke_impersonation_suspend (ConvokeThread *thread);
void                  convoke_impersonation_resume  (ConvokeThread *thread, ConvokeImpersonation *suspended);

G_END_DECLS
