/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One multithreaded queue for each class of threads, and one for no class. The
 * table does not keep them: a queue goes when its number is unlocked and nobody
 * else has it, and the next lock makes another.
 */

#include "config.h"

#include "convoke-thread-class.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-platform-private.h"
#include "convoke-registration-private.h"
#include "convoke-work-queue-private.h"

static GMutex      lock;
static GHashTable *shared; /* LOCK: lock; (owned) (nullable) class, a constant -> GWeakRef, which stays */

static GWeakRef *
look_up_locked (const char *thread_class)
{
  GWeakRef *weak;

  if (shared == NULL)
    shared = g_hash_table_new (g_str_hash, g_str_equal);

  weak = g_hash_table_lookup (shared, thread_class);
  if (weak == NULL)
    {
      weak = g_new0 (GWeakRef, 1);
      g_weak_ref_init (weak, NULL);
      g_hash_table_insert (shared, (gpointer) thread_class, weak);
    }

  return weak;
}

static ConvokeWorkQueue *
dup_shared (const char *thread_class)
{
  ConvokeWorkQueue *queue;

  g_mutex_lock (&lock);
  queue = g_weak_ref_get (look_up_locked (thread_class));
  g_mutex_unlock (&lock);

  return queue;
}

/* (transfer full): @queue, or another one that came first. */
static ConvokeWorkQueue *
add_shared (const char       *thread_class,
            ConvokeWorkQueue *queue)
{
  ConvokeWorkQueue *first;

  g_mutex_lock (&lock);
  first = g_weak_ref_get (look_up_locked (thread_class));
  if (first == NULL)
    g_weak_ref_set (look_up_locked (thread_class), queue);
  g_mutex_unlock (&lock);

  return first != NULL ? first : g_object_ref (queue);
}

static ConvokeWorkQueue *
make_shared (ConvokeLane  *lane,
             guint         task_id,
             GError      **error)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  guint id;

  if (lane == NULL)
    return add_shared ("", queue);

  if (!convoke_lane_try (lane, error))
    return NULL;
  id = convoke_registration_claim (queue, lane, task_id, error);
  if (id == 0)
    return NULL;

  convoke_registration_set (queue, lane, id);

  return add_shared (convoke_lane_get_class (lane), queue);
}

static gboolean
check_task (ConvokeWorkQueue  *queue,
            guint              task_id,
            GError           **error)
{
  guint own = convoke_work_queue_get_task_id (queue);

  if (task_id == 0 || task_id == own)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "The shared queue of the class belongs to task %u, not %u; 0 takes it as it is", own, task_id);
  return FALSE;
}

/* NULL without @error: the queue of no class. */
static ConvokeLane *
find_lane (const char  *thread_class,
           guint        task_id,
           int          base_priority,
           GError     **error)
{
  if (*thread_class != '\0')
    return convoke_lane_get (thread_class, base_priority, error);

  if (task_id != 0 || base_priority != 0)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                         "The shared queue of no class has no task and no priority: both are 0");

  return NULL;
}

/**
 * convoke_work_queue_lock_shared:
 * @thread_class: the name of a class of threads, or "" for none
 * @task_id: a task of that class, or 0 for the one that the queue has, or a new one
 * @base_priority: within the class, from -2 to 2; who locks first decides
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Locks the number of the multithreaded queue that everybody in the process
 * shares who names @thread_class (MF-39).
 *
 * The number is that of a program's own queue, and is unlocked as often as it was
 * locked, with [func@Convoke.WorkQueue.unlock_id]. The classes are those of
 * [method@Convoke.WorkQueue.begin_register]. Waits for an answer of the system
 * when the queue must be made, for some seconds at most.
 *
 * With "" task and priority are 0. Fails with %CONVOKE_ERROR_INVALID_ARGUMENT
 * otherwise, and when the queue belongs to another task; and as
 * [method@Convoke.WorkQueue.begin_register] and its operation, and
 * [method@Convoke.WorkQueue.lock], do.
 *
 * Returns: the number, or 0 on failure
 *
 * Since: 0.1
 */
guint
convoke_work_queue_lock_shared (const char  *thread_class,
                                guint        task_id,
                                int          base_priority,
                                GError     **error)
{
  g_autoptr (ConvokeWorkQueue) queue = NULL;
  g_autoptr (GError) cause = NULL;
  ConvokeLane *lane;

  g_return_val_if_fail (thread_class != NULL, 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (convoke_check_forked (error) || convoke_platform_check_down (error))
    return 0;

  lane = find_lane (thread_class, task_id, base_priority, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return 0;
    }

  queue = dup_shared (lane != NULL ? convoke_lane_get_class (lane) : "");
  if (queue == NULL)
    queue = make_shared (lane, task_id, error);
  if (queue == NULL || !check_task (queue, task_id, error))
    return 0;

  return convoke_work_queue_lock (queue, error);
}
