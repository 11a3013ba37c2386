/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-record-private.h"

G_BEGIN_DECLS

/* Sends @record to where its import is now, and takes the reference over. On failure nothing was taken. */
gboolean convoke_remote_call_send (ConvokeRecord *record, GError **error);

G_END_DECLS
