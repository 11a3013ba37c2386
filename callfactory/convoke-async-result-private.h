/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-async-result.h"

G_BEGIN_DECLS

/* convoke_async_result_new() for arguments that were checked. */
ConvokeAsyncResult *convoke_async_result_new_item (ConvokeAsyncCallback *callback,
                                                   GObject              *state);

/*
 * A result that is queued has one reference for as long as it is queued at all,
 * however many times: queueing again what is queued costs no reference.
 */

/* Before it is added to a queue, to be run by convoke_async_result_run(). FALSE: it has no callback. */
gboolean convoke_async_result_enqueue (ConvokeAsyncResult *self);

/* Invokes the callback, what a queue runs. */
void convoke_async_result_run (gpointer result);

/* The same for a new result that nobody else knows: takes the reference. */
void convoke_async_result_run_once (gpointer result);

/* For one that was enqueued, instead of running it. May drop the last reference. */
void convoke_async_result_dequeue (gpointer result);

G_END_DECLS
