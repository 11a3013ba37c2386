/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Queues by number. A number of the process's own queues is a constant. Any
 * other queue has a number while that is locked: the table holds one reference
 * to the queue and counts. Numbers are given out upwards, so that a dead one
 * does not soon come back, and never while it is alive.
 */

#include "config.h"

#include "convoke-work-queue-private.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-platform-private.h"

#define MOST_PRIVATE  4096
#define FIRST_PRIVATE 0x00010000u
#define LAST_PRIVATE  0x7fffffffu
#define PRIVATE_BITS  0xffff0000u

typedef struct
{
  ConvokeWorkQueue *queue;   /* (owned) */
  guint             n_locks;
} Entry;

static GMutex      lock;
static GHashTable *entries;   /* LOCK: lock; (owned) (nullable) number -> Entry */
static guint       last_id = FIRST_PRIVATE; /* LOCK: lock */

static const ConvokeWorkQueueKind well_known_kinds[] = {
  [CONVOKE_WORK_QUEUE_ID_STANDARD] = CONVOKE_WORK_QUEUE_SERIAL,
  [CONVOKE_WORK_QUEUE_ID_RT] = CONVOKE_WORK_QUEUE_SERIAL,
  [CONVOKE_WORK_QUEUE_ID_IO] = CONVOKE_WORK_QUEUE_SERIAL,
  [CONVOKE_WORK_QUEUE_ID_TIMER] = CONVOKE_WORK_QUEUE_SERIAL,
  [CONVOKE_WORK_QUEUE_ID_MULTITHREADED] = CONVOKE_WORK_QUEUE_MULTITHREADED,
  [CONVOKE_WORK_QUEUE_ID_LONG_FUNCTION] = CONVOKE_WORK_QUEUE_SERIAL,
};

static gboolean
is_well_known (guint id)
{
  return id > CONVOKE_WORK_QUEUE_ID_UNDEFINED && id <= CONVOKE_WORK_QUEUE_ID_LONG_FUNCTION && id != 6;
}

/*
 * What must not be late has threads of its own, so that it runs also when all
 * others are busy; so has what takes long, to leave others theirs.
 */
static ConvokePool *
get_pool (guint id)
{
  static ConvokePool *prompt = NULL;
  static ConvokePool *slow = NULL;

  if (id == CONVOKE_WORK_QUEUE_ID_STANDARD || id == CONVOKE_WORK_QUEUE_ID_MULTITHREADED)
    return convoke_pool_get_default ();

  if (g_once_init_enter (&prompt))
    g_once_init_leave (&prompt, convoke_pool_new ("convoke-prompt", 3, NULL, NULL));
  if (g_once_init_enter (&slow))
    g_once_init_leave (&slow, convoke_pool_new ("convoke-long", 1, NULL, NULL));

  return id == CONVOKE_WORK_QUEUE_ID_LONG_FUNCTION ? slow : prompt;
}

static ConvokeWorkQueue *
make_well_known (guint id)
{
  ConvokeWorkQueue *queue = convoke_work_queue_new (well_known_kinds[id]);

  *convoke_work_queue_peek_id (queue) = id;
  convoke_work_queue_set_pool (queue, get_pool (id));

  return queue;
}

/**
 * convoke_work_queue_get_well_known:
 * @id: which one; not %CONVOKE_WORK_QUEUE_ID_UNDEFINED
 *
 * Gets one of the queues that every process has.
 *
 * Everybody shares them: an item that takes long holds up strangers, except on
 * %CONVOKE_WORK_QUEUE_ID_MULTITHREADED. All others are serial (MF-36).
 *
 * Returns: (transfer none): the queue; it stays for ever
 *
 * Since: 0.1
 */
ConvokeWorkQueue *
convoke_work_queue_get_well_known (ConvokeWorkQueueId id)
{
  static ConvokeWorkQueue *queues[G_N_ELEMENTS (well_known_kinds)];

  g_return_val_if_fail (is_well_known (id), NULL);

  if (g_once_init_enter (&queues[id]))
    g_once_init_leave (&queues[id], make_well_known (id));

  return queues[id];
}

/**
 * convoke_work_queue_get_standard:
 *
 * Gets the standard queue of the process, which is serial and where callbacks
 * go that name no other.
 *
 * Everybody shares it: an item that takes long holds up strangers.
 *
 * Returns: (transfer none): the queue; it stays for ever
 *
 * Since: 0.1
 */
ConvokeWorkQueue *
convoke_work_queue_get_standard (void)
{
  return convoke_work_queue_get_well_known (CONVOKE_WORK_QUEUE_ID_STANDARD);
}

/**
 * convoke_work_queue_get_id:
 * @self: a queue
 *
 * Gets the number of a queue.
 *
 * Returns: the number, or %CONVOKE_WORK_QUEUE_ID_UNDEFINED when it has none,
 *   because it is not locked
 *
 * Since: 0.1
 */
guint
convoke_work_queue_get_id (ConvokeWorkQueue *self)
{
  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), 0);

  return __atomic_load_n (convoke_work_queue_peek_id (self), __ATOMIC_RELAXED);
}

static guint
next_id_locked (void)
{
  do
    last_id = last_id < LAST_PRIVATE ? last_id + 1 : FIRST_PRIVATE;
  while (g_hash_table_contains (entries, GUINT_TO_POINTER (last_id)));

  return last_id;
}

/* 0: there are too many. */
static guint
add_locked (ConvokeWorkQueue *queue)
{
  Entry *entry;
  guint id;

  if (entries == NULL)
    entries = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (g_hash_table_size (entries) >= MOST_PRIVATE)
    return 0;

  id = next_id_locked ();
  entry = g_new (Entry, 1);
  *entry = (Entry) { g_object_ref (queue), 1 };
  g_hash_table_insert (entries, GUINT_TO_POINTER (id), entry);
  __atomic_store_n (convoke_work_queue_peek_id (queue), id, __ATOMIC_RELAXED);

  return id;
}

static Entry *
look_up_locked (guint id)
{
  return entries != NULL ? g_hash_table_lookup (entries, GUINT_TO_POINTER (id)) : NULL;
}

static guint
lock_locked (ConvokeWorkQueue *queue)
{
  guint id = *convoke_work_queue_peek_id (queue);

  if (id == 0)
    return add_locked (queue);
  if (id & PRIVATE_BITS)
    look_up_locked (id)->n_locks++;

  return id;
}

/**
 * convoke_work_queue_lock:
 * @self: a queue
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Locks the number of a queue once more, and gives it one first when it has
 * none.
 *
 * A locked number stands for the queue and holds a reference to it, until
 * [func@Convoke.WorkQueue.unlock_id] was called as often. Then the number is
 * dead; the queue itself lives on while somebody has a reference.
 *
 * Queues of the process are always locked, and are not counted (MF-34).
 *
 * Fails with %CONVOKE_ERROR_OUT_OF_RESOURCES when 4096 queues have numbers
 * already (MF-35), with %CONVOKE_ERROR_SHUTDOWN after the last
 * [func@Convoke.platform_stop] (MF-26), and with %CONVOKE_ERROR_FORKED in a child
 * made by `fork()`.
 *
 * Returns: the number, or 0 on failure
 *
 * Since: 0.1
 */
guint
convoke_work_queue_lock (ConvokeWorkQueue  *self,
                         GError           **error)
{
  guint id;

  g_return_val_if_fail (CONVOKE_IS_WORK_QUEUE (self), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (convoke_check_forked (error) || convoke_platform_check_down (error))
    return 0;

  g_mutex_lock (&lock);
  id = lock_locked (self);
  g_mutex_unlock (&lock);

  if (id == 0)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                 "%u work queues have numbers already: unlock some", MOST_PRIVATE);

  return id;
}

/**
 * convoke_work_queue_allocate:
 * @kind: how it runs its items; not %CONVOKE_WORK_QUEUE_CONTEXT
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes a queue that is known by its number only, locked once (MF-33).
 *
 * Fails as [method@Convoke.WorkQueue.lock] does.
 *
 * Returns: the number, or 0 on failure
 *
 * Since: 0.1
 */
guint
convoke_work_queue_allocate (ConvokeWorkQueueKind   kind,
                             GError               **error)
{
  g_autoptr (ConvokeWorkQueue) queue = NULL;

  g_return_val_if_fail ((guint) kind < CONVOKE_WORK_QUEUE_CONTEXT, 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (convoke_check_forked (error) || convoke_platform_check_down (error))
    return 0;

  queue = convoke_work_queue_try_new (kind, error);

  return queue != NULL ? convoke_work_queue_lock (queue, error) : 0;
}

static gboolean
fail_unknown (guint    id,
              GError **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_QUEUE,
               "There is no work queue 0x%x, or its number was unlocked as often as it was locked", id);
  return FALSE;
}

/**
 * convoke_work_queue_lookup:
 * @id: a number
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Finds a queue by its number.
 *
 * Fails with %CONVOKE_ERROR_INVALID_QUEUE when there is none, or no more
 * (MF-41), and with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: (transfer full): the queue
 *
 * Since: 0.1
 */
ConvokeWorkQueue *
convoke_work_queue_lookup (guint    id,
                           GError **error)
{
  ConvokeWorkQueue *queue = NULL;
  Entry *entry;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (convoke_check_forked (error))
    return NULL;
  if (is_well_known (id))
    return g_object_ref (convoke_work_queue_get_well_known (id));

  g_mutex_lock (&lock);
  entry = look_up_locked (id);
  if (entry != NULL)
    queue = g_object_ref (entry->queue);
  g_mutex_unlock (&lock);

  if (queue == NULL)
    fail_unknown (id, error);

  return queue;
}

/**
 * convoke_work_queue_lock_id:
 * @id: a number
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Locks a number once more (MF-33).
 *
 * For a queue of the process this does nothing.
 *
 * Fails as [func@Convoke.WorkQueue.lookup] does.
 *
 * Returns: %TRUE when it was locked
 *
 * Since: 0.1
 */
gboolean
convoke_work_queue_lock_id (guint    id,
                            GError **error)
{
  Entry *entry;

  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;
  if (is_well_known (id))
    return TRUE;

  g_mutex_lock (&lock);
  entry = look_up_locked (id);
  if (entry != NULL)
    entry->n_locks++;
  g_mutex_unlock (&lock);

  return entry != NULL || fail_unknown (id, error);
}

/* FALSE: there is no such number. With @queue the number is dead. */
static gboolean
unlock_locked (guint              id,
               ConvokeWorkQueue **queue)
{
  Entry *entry = look_up_locked (id);

  if (entry == NULL)
    return FALSE;
  if (--entry->n_locks > 0)
    return TRUE;

  *queue = entry->queue;
  __atomic_store_n (convoke_work_queue_peek_id (entry->queue), 0, __ATOMIC_RELAXED);
  g_hash_table_remove (entries, GUINT_TO_POINTER (id));

  return TRUE;
}

/**
 * convoke_work_queue_unlock_id:
 * @id: a number
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Unlocks a number once. The last time the number dies, and its reference to
 * the queue is dropped; what is queued still runs (MF-33).
 *
 * A number without a bit in 0xFFFF0000 is never refused, whether or not it is
 * that of a queue of the process, and nothing happens (MF-34).
 *
 * Fails with %CONVOKE_ERROR_INVALID_QUEUE when a number of another kind is dead
 * or never was, and with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: %TRUE when it was unlocked
 *
 * Since: 0.1
 */
gboolean
convoke_work_queue_unlock_id (guint    id,
                              GError **error)
{
  g_autoptr (ConvokeWorkQueue) queue = NULL;
  gboolean known;

  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;
  if ((id & PRIVATE_BITS) == 0)
    return TRUE;

  g_mutex_lock (&lock);
  known = unlock_locked (id, &queue);
  g_mutex_unlock (&lock);

  return known || fail_unknown (id, error);
}
