/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The hosts that this process started: one for each class, group or instance
 * (OM-46), found by a key while they can take another component.
 */

#include "convoke-channel-private.h"
#include "convoke-child-private.h"
#include "convoke-component-file-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeHostProcess ConvokeHostProcess;

/* The program for components of @loader (transfer full). Fails with NOT_SUPPORTED: there is no such kind of host; SERVER_EXEC_FAILURE: it is
 * not installed, and where it was looked for. */
char               *convoke_host_process_find_program (const char *loader, GError **error);

/* The one that @file shares, or a fresh one (transfer full): started, not always ready. Those who join at once share one start. Balanced by leave. */
ConvokeHostProcess *convoke_host_process_join         (const ConvokeComponentFile *file, GError **error);
typedef enum
{
  CONVOKE_HOST_GOOD,     /* it made an object */
  CONVOKE_HOST_REFUSED,  /* it said why not */
  CONVOKE_HOST_STUCK,    /* it said nothing in time */
} ConvokeHostOutcome;

/* The user's reference goes. A process that is stuck is ended with the last user, unless this process has something of it. */
void                convoke_host_process_leave        (ConvokeHostProcess *self, ConvokeHostOutcome outcome);

ConvokeChannel     *convoke_host_process_get_channel  (ConvokeHostProcess *self);
ConvokeChild       *convoke_host_process_get_child    (ConvokeHostProcess *self);
const char         *convoke_host_process_get_program  (ConvokeHostProcess *self);
/* When it must have said HELLO. Monotonic, microseconds. */
gint64              convoke_host_process_get_ready_by (ConvokeHostProcess *self);
/* It never made anything. */
gboolean            convoke_host_process_is_useless   (ConvokeHostProcess *self);

G_END_DECLS
