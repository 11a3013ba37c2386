/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-async-result.h"
#include "convoke-serial-private.h"

G_BEGIN_DECLS

/* convoke_async_result_new() for arguments that were checked. */
ConvokeAsyncResult *convoke_async_result_new_item (ConvokeAsyncCallback *callback,
                                                   GObject              *state);

/*
 * A result that is queued has one reference for as long as it is queued at all,
 * however many times: queueing again what is queued costs no reference.
 */

/* Before it is added to a queue, to be run by convoke_async_result_run(). FALSE: it has no callback, or one that cannot be invoked. */
gboolean convoke_async_result_enqueue (ConvokeAsyncResult *self);

/* The same, but also FALSE when the callback has parameters that must be asked for. */
gboolean convoke_async_result_enqueue_plain (ConvokeAsyncResult *self);

/* TRUE: it has a callback, which has no parameters. */
gboolean convoke_async_result_is_plain (ConvokeAsyncResult *self);

/* Invokes the callback, what a queue runs. */
void convoke_async_result_run (gpointer result);

/* The same for a new result that nobody else knows: takes the reference. */
void convoke_async_result_run_once (gpointer result);

/* For one that was enqueued, instead of running it. May drop the last reference. */
void convoke_async_result_dequeue (gpointer result);

/*
 * One run of a result whose callback replies: @serial is held until the result
 * is invoked, or gone. For a result that was enqueued; what @serial runs, with it.
 */
typedef struct _ConvokeReply ConvokeReply;

ConvokeReply *convoke_async_result_new_reply (ConvokeAsyncResult *self, ConvokeSerial *serial);
void          convoke_async_result_run_reply (gpointer reply);

/* convoke_async_result_run () on a queue that was not told before: @serial (nullable) is held if the callback replies. */
void          convoke_async_result_run_on (ConvokeAsyncResult *self, ConvokeSerial *serial);

G_END_DECLS
