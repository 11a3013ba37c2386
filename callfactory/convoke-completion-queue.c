/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-completion-queue-private.h"

#include "convoke-error.h"
#include "convoke-event-core-private.h"
#include "convoke-fork-private.h"

/**
 * ConvokeCompletionQueue:
 *
 * Gathers notices of many calls for one reader, such as the main loop of
 * another language: one descriptor to poll, one function to take all that has
 * come.
 *
 * Each call is known by the key that was given with
 * [method@Convoke.Call.set_completion_queue]. Any thread may use a queue.
 *
 * Since: 0.1
 */

/* Memory stays when the list is emptied, so that posting allocates nothing at rest. */
typedef struct
{
  guint64 *keys;
  guint    n;
  guint    size;
} KeyList;

/* Which keys are in a list. An entry counts when it has the stamp of now, so that emptying is adding one. */
typedef struct
{
  guint64 key;
  guint64 stamp;
} KeyMark;

struct _ConvokeCompletionQueue
{
  GObject          parent_instance;

  ConvokeEventCore pending;     /* set while a list is not empty */
  int              fd;          /* fixed at construction */

  GMutex           lock;        /* innermost */
  KeyList          completed;   /* LOCK: lock */
  KeyList          progress;    /* LOCK: lock; no key twice */
  KeyMark         *marks;       /* LOCK: lock; of progress; open addressing */
  guint            n_marks;     /* LOCK: lock; a power of two, at least twice the keys; or 0 */
  guint64          stamp;       /* LOCK: lock; never 0 */
};

G_DEFINE_FINAL_TYPE (ConvokeCompletionQueue, convoke_completion_queue, G_TYPE_OBJECT)

static void
key_list_add (KeyList *list,
              guint64  key)
{
  if (list->n == list->size)
    {
      list->size = MAX (16, 2 * list->size);
      list->keys = g_renew (guint64, list->keys, list->size);
    }

  list->keys[list->n++] = key;
}

static guint64 *
key_list_take (KeyList *list,
               guint   *n)
{
  guint64 *keys = list->n > 0 ? g_memdup2 (list->keys, list->n * sizeof (guint64)) : NULL;

  *n = list->n;
  list->n = 0;

  return keys;
}

/* FALSE: it is marked already. */
static gboolean
mark_locked (ConvokeCompletionQueue *self,
             guint64                 key)
{
  guint slot = (guint) ((key * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 32) & (self->n_marks - 1);

  while (self->marks[slot].stamp == self->stamp)
    {
      if (self->marks[slot].key == key)
        return FALSE;
      slot = (slot + 1) & (self->n_marks - 1);
    }

  self->marks[slot] = (KeyMark) { key, self->stamp };

  return TRUE;
}

static void
grow_marks_locked (ConvokeCompletionQueue *self)
{
  g_free (self->marks);
  self->n_marks = MAX (32, 2 * self->n_marks);
  self->marks = g_new0 (KeyMark, self->n_marks);

  for (guint i = 0; i < self->progress.n; i++)
    mark_locked (self, self->progress.keys[i]);
}

static void
convoke_completion_queue_finalize (GObject *object)
{
  ConvokeCompletionQueue *self = CONVOKE_COMPLETION_QUEUE (object);

  convoke_event_core_clear (&self->pending);
  g_free (self->completed.keys);
  g_free (self->progress.keys);
  g_free (self->marks);

  /* In a forked child another thread of the parent may hold it for ever. */
  if (!convoke_check_forked (NULL))
    g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (convoke_completion_queue_parent_class)->finalize (object);
}

static void
convoke_completion_queue_class_init (ConvokeCompletionQueueClass *klass)
{
  convoke_fork_init ();

  G_OBJECT_CLASS (klass)->finalize = convoke_completion_queue_finalize;
}

static void
convoke_completion_queue_init (ConvokeCompletionQueue *self)
{
  convoke_event_core_init (&self->pending);
  g_mutex_init (&self->lock);
  self->fd = -1;
  self->stamp = 1;
}

/**
 * convoke_completion_queue_new:
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes an empty queue.
 *
 * Fails with %CONVOKE_ERROR_OUT_OF_RESOURCES when the process has no
 * descriptor left, and with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: (transfer full): a new queue
 *
 * Since: 0.1
 */
ConvokeCompletionQueue *
convoke_completion_queue_new (GError **error)
{
  g_autoptr (ConvokeCompletionQueue) self = NULL;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (convoke_check_forked (error))
    return NULL;

  self = g_object_new (CONVOKE_TYPE_COMPLETION_QUEUE, NULL);
  self->fd = convoke_event_core_get_fd (&self->pending, error);
  if (self->fd < 0)
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * convoke_completion_queue_get_fd:
 * @self: a queue
 *
 * Gets a descriptor that is readable while there are notices.
 *
 * Poll it, and do nothing else with it: it belongs to @self and is open for as
 * long as @self lives.
 *
 * Returns: the descriptor
 *
 * Since: 0.1
 */
int
convoke_completion_queue_get_fd (ConvokeCompletionQueue *self)
{
  g_return_val_if_fail (CONVOKE_IS_COMPLETION_QUEUE (self), -1);

  return self->fd;
}

/**
 * convoke_completion_queue_take:
 * @self: a queue
 * @completed: (out) (transfer full) (array length=n_completed): the keys of
 *   the calls that were completed, in that order
 * @n_completed: (out): length of @completed, in elements
 * @progress: (out) (transfer full) (array length=n_progress): the keys of the
 *   calls that have news of progress, each once
 * @n_progress: (out): length of @progress, in elements
 *
 * Empties the queue.
 *
 * A key in @progress may belong to a call that is completed by now. In a child
 * made by `fork()` a queue is always empty.
 *
 * Since: 0.1
 */
void
convoke_completion_queue_take (ConvokeCompletionQueue  *self,
                               guint64                **completed,
                               guint                   *n_completed,
                               guint64                **progress,
                               guint                   *n_progress)
{
  g_return_if_fail (CONVOKE_IS_COMPLETION_QUEUE (self));
  g_return_if_fail (completed != NULL && n_completed != NULL);
  g_return_if_fail (progress != NULL && n_progress != NULL);

  *completed = *progress = NULL;
  *n_completed = *n_progress = 0;

  if (convoke_check_forked (NULL))
    return;

  g_mutex_lock (&self->lock);
  *completed = key_list_take (&self->completed, n_completed);
  *progress = key_list_take (&self->progress, n_progress);
  self->stamp++;
  convoke_event_core_reset (&self->pending);
  g_mutex_unlock (&self->lock);
}

void
convoke_completion_queue_post_completed (ConvokeCompletionQueue *self,
                                         guint64                 key)
{
  if (convoke_check_forked (NULL))
    return;

  /* Nobody parks on the event, only the descriptor is used: no wake is due. */
  g_mutex_lock (&self->lock);
  key_list_add (&self->completed, key);
  convoke_event_core_set_begin (&self->pending);
  g_mutex_unlock (&self->lock);
}

void
convoke_completion_queue_post_progress (ConvokeCompletionQueue *self,
                                        guint64                 key)
{
  if (convoke_check_forked (NULL))
    return;

  g_mutex_lock (&self->lock);
  if (2 * (self->progress.n + 1) > self->n_marks)
    grow_marks_locked (self);
  if (mark_locked (self, key))
    {
      key_list_add (&self->progress, key);
      convoke_event_core_set_begin (&self->pending);
    }
  g_mutex_unlock (&self->lock);
}
