/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* GIO's pairs of x_async and x_finish as one call to another process. */

#include "convoke-call.h"
#include "convoke-proxy-private.h"
#include "convoke-record-private.h"

G_BEGIN_DECLS

/* Whether @method is one half of such a pair, and not the pair itself. */
static inline gboolean
convoke_remote_pair_has (const ConvokeMethodInfo *method)
{
  return (method->finish != NULL || method->begin != NULL) && method == &method->owner->methods[method->index];
}

/* The pair that @begin starts, as one method: the inputs of x_async without the callback, the outputs of x_finish.
 * Its owner, index and slot are those of @begin. NULL and NOT_SUPPORTED when the two make no such method. Never freed. */
const ConvokeMethodInfo *convoke_remote_pair_get (const ConvokeMethodInfo *begin, GError **error);

/* Whether calls of @begin's pair can cross to another process; NOT_SUPPORTED and the reason when not. */
gboolean convoke_remote_pair_can_cross (const ConvokeMethodInfo *begin, GError **error);

/* The slots of a proxy whose target is an import. Both answer the caller's places in any case; FALSE: it failed on its way. */
gboolean convoke_remote_pair_begin  (ConvokeProxy *proxy, const ConvokeMethodInfo *begin, void **args, GError **error);
gboolean convoke_remote_pair_finish (ConvokeProxy *proxy, const ConvokeMethodInfo *finish, void **args, void *ret, GError **error);

/* For a carrier: @record is a begun call of one half, which the proxy does here; takes its reference. */
gboolean convoke_remote_pair_send   (ConvokeRecord *record, GError **error);

/* The server object (ConvokeRecordExtra) of a record whose method is a pair. */
GObject *convoke_remote_pair_new_server (void);

G_END_DECLS
