/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-registration-private.h"

#include "convoke-error.h"
#include "convoke-work-queue-private.h"

typedef struct
{
  const char *thread_class; /* constant */
  guint       n_queues;     /* LOCK: lock */
} Task;

static GMutex      lock;
static GHashTable *tasks;   /* LOCK: lock; (owned) (nullable) number -> Task */
static guint       last_id; /* LOCK: lock */

static guint
add_task_locked (ConvokeLane *lane)
{
  Task *task = g_new (Task, 1);

  *task = (Task) { convoke_lane_get_class (lane), 1 };
  do
    last_id = last_id < G_MAXINT ? last_id + 1 : 1;
  while (g_hash_table_contains (tasks, GUINT_TO_POINTER (last_id)));
  g_hash_table_insert (tasks, GUINT_TO_POINTER (last_id), task);

  return last_id;
}

static guint
join_task_locked (ConvokeLane  *lane,
                  guint         id,
                  GError      **error)
{
  Task *task;

  if (tasks == NULL)
    tasks = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (id == 0)
    return add_task_locked (lane);

  task = g_hash_table_lookup (tasks, GUINT_TO_POINTER (id));
  if (task == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND,
                   "There is no task %u, or no queue belongs to it any more; 0 makes one", id);
      return 0;
    }

  if (task->thread_class != convoke_lane_get_class (lane))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "Task %u is of the class %s, not %s", id, task->thread_class, convoke_lane_get_class (lane));
      return 0;
    }

  task->n_queues++;

  return id;
}

static void
leave_task_locked (guint id)
{
  Task *task = g_hash_table_lookup (tasks, GUINT_TO_POINTER (id));

  if (--task->n_queues == 0)
    g_hash_table_remove (tasks, GUINT_TO_POINTER (id));
}

static gboolean
check_idle_locked (const ConvokeRegistration *self,
                   GError                   **error)
{
  if (!self->changing)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING,
                       "The thread class of the queue is being changed already");
  return FALSE;
}

static guint
claim_locked (ConvokeRegistration  *self,
              ConvokeLane          *lane,
              guint                 task_id,
              GError              **error)
{
  guint id;

  if (!check_idle_locked (self, error))
    return 0;

  if (self->lane != NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED,
                   "The queue is in the thread class %s already", convoke_lane_get_class (self->lane));
      return 0;
    }

  id = join_task_locked (lane, task_id, error);
  self->changing = id != 0;

  return id;
}

guint
convoke_registration_claim (ConvokeWorkQueue  *queue,
                            ConvokeLane       *lane,
                            guint              task_id,
                            GError           **error)
{
  guint id;

  g_mutex_lock (&lock);
  id = claim_locked (convoke_work_queue_peek_registration (queue), lane, task_id, error);
  g_mutex_unlock (&lock);

  return id;
}

void
convoke_registration_set (ConvokeWorkQueue *queue,
                          ConvokeLane      *lane,
                          guint             task_id)
{
  ConvokeRegistration *self = convoke_work_queue_peek_registration (queue);

  g_mutex_lock (&lock);
  *self = (ConvokeRegistration) { lane, task_id, FALSE, convoke_work_queue_peek_pool (queue) };
  if (self->home != NULL)
    convoke_work_queue_set_pool (queue, convoke_lane_get_pool (lane));
  g_mutex_unlock (&lock);
}

void
convoke_registration_unclaim (ConvokeWorkQueue *queue,
                              guint             task_id)
{
  g_mutex_lock (&lock);
  convoke_work_queue_peek_registration (queue)->changing = FALSE;
  leave_task_locked (task_id);
  g_mutex_unlock (&lock);
}

static gboolean
claim_end_locked (ConvokeRegistration  *self,
                  GError              **error)
{
  if (!check_idle_locked (self, error))
    return FALSE;

  self->changing = self->lane != NULL;
  if (!self->changing)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED, "The queue is in no thread class");

  return self->changing;
}

gboolean
convoke_registration_claim_end (ConvokeWorkQueue  *queue,
                                GError           **error)
{
  gboolean claimed;

  g_mutex_lock (&lock);
  claimed = claim_end_locked (convoke_work_queue_peek_registration (queue), error);
  g_mutex_unlock (&lock);

  return claimed;
}

void
convoke_registration_clear (ConvokeWorkQueue *queue)
{
  ConvokeRegistration *self = convoke_work_queue_peek_registration (queue);

  g_mutex_lock (&lock);
  if (self->home != NULL)
    convoke_work_queue_set_pool (queue, self->home);
  leave_task_locked (self->task_id);
  *self = (ConvokeRegistration) { NULL, };
  g_mutex_unlock (&lock);
}

void
convoke_registration_keep (ConvokeWorkQueue *queue)
{
  g_mutex_lock (&lock);
  convoke_work_queue_peek_registration (queue)->changing = FALSE;
  g_mutex_unlock (&lock);
}

void
convoke_registration_get (ConvokeWorkQueue  *queue,
                          ConvokeLane      **lane,
                          guint             *task_id)
{
  const ConvokeRegistration *self = convoke_work_queue_peek_registration (queue);

  g_mutex_lock (&lock);
  *lane = self->lane;
  *task_id = self->task_id;
  g_mutex_unlock (&lock);
}

void
convoke_registration_forget (ConvokeRegistration *self)
{
  g_mutex_lock (&lock);
  if (self->lane != NULL)
    leave_task_locked (self->task_id);
  g_mutex_unlock (&lock);
}
