/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Which queue runs in which class of threads, and the tasks that queues belong
 * to: a task is a number for some queues of one class. All under one lock.
 */

#include "convoke-lane-private.h"
#include "convoke-work-queue.h"

G_BEGIN_DECLS

typedef struct
{
  ConvokeLane *lane;     /* (nullable) */
  guint        task_id;
  gboolean     changing; /* somebody is about to set or to clear it */
  ConvokePool *home;     /* (nullable) where its items ran before */
} ConvokeRegistration;

/*
 * To be followed by one of the next two. With a task of 0 there is a new one.
 * CALL_PENDING, ALREADY_REGISTERED; NOT_FOUND and INVALID_ARGUMENT for the task.
 */
guint    convoke_registration_claim   (ConvokeWorkQueue *queue, ConvokeLane *lane, guint task_id, GError **error);
void     convoke_registration_set     (ConvokeWorkQueue *queue, ConvokeLane *lane, guint task_id);
void     convoke_registration_unclaim (ConvokeWorkQueue *queue, guint task_id);

/* CALL_PENDING, NOT_REGISTERED. To be followed by convoke_registration_clear (), or _keep (). */
gboolean convoke_registration_claim_end (ConvokeWorkQueue *queue, GError **error);
void     convoke_registration_clear   (ConvokeWorkQueue *queue);
void     convoke_registration_keep    (ConvokeWorkQueue *queue);

void     convoke_registration_get     (ConvokeWorkQueue *queue, ConvokeLane **lane, guint *task_id);

/* The queue is gone. */
void     convoke_registration_forget  (ConvokeRegistration *self);

G_END_DECLS
