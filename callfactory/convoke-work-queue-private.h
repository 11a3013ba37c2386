/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-registration-private.h"
#include "convoke-serial-private.h"
#include "convoke-work-queue.h"

G_BEGIN_DECLS

/* convoke_work_queue_new () that can fail, with OUT_OF_RESOURCES. */
ConvokeWorkQueue *convoke_work_queue_try_new (ConvokeWorkQueueKind   kind,
                                              GError               **error);

/* FALSE with INVALID_QUEUE: it cannot keep what a callback with @flags was promised. */
gboolean          convoke_work_queue_check_flags (ConvokeWorkQueue           *self,
                                                  ConvokeAsyncCallbackFlags   flags,
                                                  GError                    **error);

/* FALSE: @result has no callback, or none that this queue invokes. */
gboolean          convoke_work_queue_check_result (ConvokeWorkQueue           *self,
                                                   ConvokeAsyncResult         *result,
                                                   ConvokeAsyncCallbackFlags  *flags,
                                                   GError                    **error);

/* convoke_work_queue_put_result () for what must arrive also when the platform is down. */
gboolean          convoke_work_queue_deliver (ConvokeWorkQueue    *self,
                                              ConvokeAsyncResult  *result,
                                              GError             **error);

/* Runs @func on it, whatever the state of the platform. */
void              convoke_work_queue_push    (ConvokeWorkQueue *self,
                                              ConvokeWorkFunc   func,
                                              gpointer          data);

void              convoke_work_queue_push_full (ConvokeWorkQueue *self,
                                                int               priority,
                                                ConvokeWorkFunc   func,
                                                gpointer          data);

/* Of one that is over a pool: its next items run there. */
void              convoke_work_queue_set_pool (ConvokeWorkQueue *self,
                                               ConvokePool      *pool);

/* Where its items run; NULL: it is not over a pool. */
ConvokePool      *convoke_work_queue_peek_pool (ConvokeWorkQueue *self);

/* For the table of registrations, under its lock. */
ConvokeRegistration *convoke_work_queue_peek_registration (ConvokeWorkQueue *self);

/* What it stands on: a serial queue; or NULL, then it is multithreaded and gives its items to its pool. */
ConvokeSerial    *convoke_work_queue_peek_serial (ConvokeWorkQueue *self);

/* Its number; the table of numbers writes it, under its lock and atomically. */
guint            *convoke_work_queue_peek_id (ConvokeWorkQueue *self);

G_END_DECLS
