/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-call-filter.h"
#include "convoke-record-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeCallFilter ConvokeCallFilter;

ConvokeCallFilter *convoke_call_filter_ref   (ConvokeCallFilter *self);
/* Runs the destroy notify with the last. */
void               convoke_call_filter_unref (ConvokeCallFilter *self);

/* Asks the filter of the record's apartment, inside of it. FALSE: it does not run, and *error is what its caller is told. */
gboolean           convoke_call_filter_admit (ConvokeRecord *record, GError **error);

G_END_DECLS
