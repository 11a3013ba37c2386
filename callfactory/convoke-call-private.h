/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-record-private.h"

G_BEGIN_DECLS

/* A call object for a component's @object as it is: no factory is asked. */
ConvokeCall *convoke_call_new_plain (GObject             *object,
                                     GType                iface,
                                     GObject             *server_object,
                                     ConvokeSynchronize  *sink,
                                     GError             **error);

/* (transfer full) (nullable): the call in progress. */
ConvokeRecord *convoke_call_dup_record (ConvokeCall *self);

/* (transfer full) (nullable): the call in progress, or the one before: what the getters speak of. */
ConvokeRecord *convoke_call_dup_record_or_last (ConvokeCall *self);

G_END_DECLS
