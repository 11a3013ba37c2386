/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* An argument that is a GCancellable stays where it is: cancelling it cancels the call, and the callee gets that of the call. */

#include "convoke-record-private.h"

G_BEGIN_DECLS

/* At the caller. What the CALL says of it; */
guint8   convoke_remote_cancel_get_flags (ConvokeRecord *record);
/* when the call is sent; */
void     convoke_remote_cancel_attach    (ConvokeRecord *record);
/* and when it is back: takes what it failed with (nullable), and gives what to tell. */
GError  *convoke_remote_cancel_detach    (ConvokeRecord *record, GError *error);

/* At the callee, before it runs. */
void     convoke_remote_cancel_fill      (ConvokeRecord *record, guint8 flags);

G_END_DECLS
