/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Apartments: where an object's code may run (design D11).
 *
 * CONTEXT  the objects of one GMainContext. Tasks run on the thread that
 *          iterates the context, or inside a Convoke wait of its owner.
 * SERIAL   one thread at a time, whichever: a worker of the pool drains the
 *          tasks; a synchronous caller that finds the apartment idle runs its
 *          own call itself.
 * ANY      no rule; tasks go straight to the pool.
 *
 * An apartment with a carrier is that of objects in another process. To its
 * users it is as ANY; nothing of it runs here, and what is posted is sent.
 *
 * Each CONTEXT and SERIAL apartment has one queue of tasks and at most one
 * holder, the thread that is inside. Tasks start in the order of the queue,
 * except that a holder which waits takes out of turn what its wait allows
 * (design D7): synchronous calls of its own chains, begun calls up to the one
 * that it waits for, and everything when it was told to dispatch.
 *
 * Begun calls whose caller gave up their order (RA-30) are in a line of their
 * own. The two lines take turns, so that such a call passes all that wait in
 * order but one, and a flood of them keeps nobody from starting.
 *
 * Locks: the apartment's, then the holder thread's. No foreign code runs
 * under either. Left to others: what a task does (engine), how a thread sleeps
 * (wait).
 */

#include "config.h"

#include <unistd.h>

#include "convoke-apartment-private.h"
#include "convoke-call-filter-private.h"
#include "convoke-carrier-private.h"
#include "convoke-component-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-hooks-private.h"
#include "convoke-pool-private.h"

/* So many tasks run before a drain gives way to other work of the pool or the loop. */
#define BATCH 32

typedef struct
{
  ConvokeTask *head;
  ConvokeTask *tail;
} TaskList;

struct _ConvokeApartment
{
  GObject          parent_instance;

  ConvokeThreading threading;  /* constant */
  GMainContext    *context;    /* constant; CONTEXT only */
  GSource         *source;     /* constant; CONTEXT only: dispatches the queue */
  const ConvokeCarrierFuncs *carrier_funcs;  /* constant; (nullable) remote only */
  gpointer         carrier;    /* constant; (owned) remote only */
  GDestroyNotify   carrier_destroy;

  GMutex           lock;
  TaskList         ordered;    /* LOCK: lock */
  TaskList         loose;      /* LOCK: lock; begun calls that need not keep their order */
  gboolean         passed;     /* LOCK: lock; the last that was taken was loose */
  ConvokeThread   *holder;     /* LOCK: lock; the thread inside, or NULL */
  gboolean         scheduled;  /* LOCK: lock; SERIAL: a drain is queued or running */
  ConvokeCallFilter *filter;   /* LOCK: lock; (owned) (nullable); whether there is one is atomic */
};

/**
 * ConvokeApartment:
 *
 * Where the code of objects may run: in one main context, on one thread at a
 * time, or anywhere.
 *
 * Every object that is called through Convoke belongs to an apartment. A class
 * says which kind with [func@Convoke.type_set_threading], an object can be bound
 * to one of its own with [method@Apartment.bind], and what nobody declared
 * belongs to the thread-default main context where Convoke first saw it. Threads
 * are in no apartment; they enter one for the time of a call.
 *
 * All of it may be used from any thread.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeApartment, convoke_apartment, G_TYPE_OBJECT)

static GQuark
threading_quark (void)
{
  return g_quark_from_static_string ("convoke-threading");
}

static GQuark
apartment_quark (void)
{
  return g_quark_from_static_string ("convoke-apartment");
}

/* --- the table of apartments by context --- */

static GMutex      contexts_lock;
static GHashTable *contexts;    /* LOCK: contexts_lock; GMainContext -> GWeakRef */
static gint        n_contexts;  /* atomic; lets a wait skip the look-up */

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
forget_context (ConvokeApartment *self)
{
  /* Dropped without the lock, which its own end takes too. */
  g_autoptr (GObject) other = NULL;
  GWeakRef *weak;

  g_mutex_lock (&contexts_lock);
  weak = g_hash_table_lookup (contexts, self->context);
  if (weak != NULL)
    {
      /* Another may have been made for the context since this one began to die. */
      other = g_weak_ref_get (weak);
      if (other == NULL)
        g_hash_table_remove (contexts, self->context);
    }
  g_mutex_unlock (&contexts_lock);

  g_atomic_int_add (&n_contexts, -1);
}

static ConvokeApartment *
lookup_context (GMainContext *context)
{
  ConvokeApartment *found = NULL;
  GWeakRef *weak;

  if (g_atomic_int_get (&n_contexts) == 0)
    return NULL;

  g_mutex_lock (&contexts_lock);
  weak = g_hash_table_lookup (contexts, context);
  if (weak != NULL)
    found = g_weak_ref_get (weak);
  g_mutex_unlock (&contexts_lock);

  return found;
}

/* --- the queue --- */

static void
append (TaskList    *list,
        ConvokeTask *task)
{
  task->next = NULL;
  if (list->tail != NULL)
    list->tail->next = task;
  else
    list->head = task;
  list->tail = task;
}

static void
unlink_after (TaskList    *list,
              ConvokeTask *previous,
              ConvokeTask *task)
{
  if (previous != NULL)
    previous->next = task->next;
  else
    list->head = task->next;
  if (list->tail == task)
    list->tail = previous;
  task->next = NULL;
}

/* FALSE: it is not there. */
static gboolean
remove_task (TaskList    *list,
             ConvokeTask *task)
{
  ConvokeTask *previous = NULL;

  for (ConvokeTask *other = list->head; other != NULL; previous = other, other = other->next)
    {
      if (other != task)
        continue;

      unlink_after (list, previous, task);
      return TRUE;
    }

  return FALSE;
}

static gboolean
has_tasks_locked (ConvokeApartment *self)
{
  return self->ordered.head != NULL || self->loose.head != NULL;
}

static ConvokeTask *
pop_locked (ConvokeApartment *self)
{
  gboolean pass = self->loose.head != NULL && (!self->passed || self->ordered.head == NULL);
  TaskList *list = pass ? &self->loose : &self->ordered;
  ConvokeTask *task = list->head;

  self->passed = pass;
  if (task != NULL)
    unlink_after (list, NULL, task);

  return task;
}

static ConvokeTask *
pop (ConvokeApartment *self)
{
  ConvokeTask *task;

  g_mutex_lock (&self->lock);
  task = pop_locked (self);
  g_mutex_unlock (&self->lock);

  return task;
}

/* --- being inside --- */

static void
push_hold (ConvokeApartment *self,
           ConvokeHold      *hold,
           ConvokeThread    *thread,
           gboolean          taken)
{
  hold->apartment = self;
  hold->taken = taken;
  hold->outer = thread->holds;
  thread->holds = hold;
}

/* The thread becomes the holder unless it is already; ANY has no holder. */
static void
enter_locked (ConvokeApartment *self,
              ConvokeHold      *hold,
              ConvokeThread    *thread)
{
  gboolean taken = self->holder == NULL;

  g_assert (taken || self->holder == thread);
  self->holder = thread;
  push_hold (self, hold, thread, taken);
}

static void drain_serial (gpointer data);

static void
schedule_locked (ConvokeApartment *self)
{
  self->scheduled = TRUE;
  convoke_pool_push (drain_serial, g_object_ref (self));
}

static void
leave (ConvokeApartment *self,
       ConvokeHold      *hold)
{
  ConvokeThread *thread = convoke_thread_self ();

  g_assert (thread->holds == hold);
  thread->holds = hold->outer;

  if (!hold->taken)
    return;

  g_mutex_lock (&self->lock);
  self->holder = NULL;
  /* What was posted while a caller was inside of a serial apartment is a worker's now. */
  if (self->threading == CONVOKE_THREADING_SERIAL && has_tasks_locked (self) && !self->scheduled)
    schedule_locked (self);
  g_mutex_unlock (&self->lock);
}

static void
drain_serial (gpointer data)
{
  g_autoptr (ConvokeApartment) self = data;
  ConvokeThread *thread = convoke_thread_self ();
  ConvokeHold hold;

  g_mutex_lock (&self->lock);
  if (self->holder != NULL)
    {
      /* A caller went inside first; its leave schedules again. */
      self->scheduled = FALSE;
      g_mutex_unlock (&self->lock);
      return;
    }
  enter_locked (self, &hold, thread);

  for (guint i = 0; i < BATCH; i++)
    {
      ConvokeTask *task = pop_locked (self);

      if (task == NULL)
        break;

      g_mutex_unlock (&self->lock);
      task->funcs->run (task);
      g_mutex_lock (&self->lock);
    }

  thread->holds = hold.outer;
  self->holder = NULL;
  self->scheduled = FALSE;
  if (has_tasks_locked (self))
    schedule_locked (self);
  g_mutex_unlock (&self->lock);
}

/* --- the main context's source --- */

typedef struct
{
  GSource           source;
  ConvokeApartment *apartment;  /* (weak): destroyed by its finalize */
} ConvokeApartmentSource;

static gboolean
dispatch_context (GSource     *source,
                  GSourceFunc  callback,
                  gpointer     user_data)
{
  g_autoptr (ConvokeApartment) self = g_weak_ref_get (user_data);
  ConvokeHold hold;
  ConvokeThread *thread;
  gboolean more;

  if (self == NULL)
    return G_SOURCE_REMOVE;

  /* Before the look: a post after it makes the source ready again. */
  g_source_set_ready_time (source, -1);

  thread = convoke_thread_self ();
  g_mutex_lock (&self->lock);
  enter_locked (self, &hold, thread);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < BATCH; i++)
    {
      ConvokeTask *task = pop (self);

      if (task == NULL)
        break;
      task->funcs->run (task);
    }

  leave (self, &hold);

  g_mutex_lock (&self->lock);
  more = has_tasks_locked (self);
  g_mutex_unlock (&self->lock);
  if (more)
    g_source_set_ready_time (source, 0);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = {
  .dispatch = dispatch_context,
};

static void
attach_source (ConvokeApartment *self)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "[convoke] apartment");
  g_source_set_callback (self->source, NULL, weak, weak_ref_free);
  /* A method that runs a loop of its own goes on serving. */
  g_source_set_can_recurse (self->source, TRUE);
  g_source_set_ready_time (self->source, -1);
  g_source_attach (self->source, self->context);
}

/* --- what a wait allows --- */

static gboolean
chain_is_awaited (const ConvokeWait *wait,
                  guint64            chain)
{
  if (chain == 0)
    return FALSE;

  for (; wait != NULL; wait = wait->outer)
    {
      if (chain == wait->chain)
        return TRUE;

      for (guint i = 0; i < wait->n_waited_chains; i++)
        if (chain == wait->waited_chains[i])
          return TRUE;
    }

  return FALSE;
}

static gboolean
wait_allows (const ConvokeWait *wait,
             const ConvokeTask *task)
{
  if (wait->flags & CONVOKE_WAIT_NO_SERVE)
    return FALSE;
  if (wait->flags & CONVOKE_WAIT_DISPATCH_CALLS)
    return TRUE;

  return chain_is_awaited (wait, task->chain);
}

/* One that @wait waits for brings nobody along. */
static ConvokeTask *
take_loose_locked (ConvokeApartment  *self,
                   const ConvokeWait *wait)
{
  ConvokeTask *task = self->loose.head;

  while (task != NULL && !wait_allows (wait, task))
    task = task->next;
  if (task != NULL)
    remove_task (&self->loose, task);

  return task;
}

/* The task to run next for @wait. A begun call brings the begun calls before it along: they start in order. */
static ConvokeTask *
take_ordered_locked (ConvokeApartment  *self,
                     const ConvokeWait *wait)
{
  ConvokeTask *previous = NULL;
  ConvokeTask *begun = NULL;
  ConvokeTask *before_begun = NULL;

  for (ConvokeTask *task = self->ordered.head; task != NULL; previous = task, task = task->next)
    {
      if (task->begun && begun == NULL)
        {
          begun = task;
          before_begun = previous;
        }

      if (!wait_allows (wait, task))
        continue;

      if (task->begun)
        {
          unlink_after (&self->ordered, before_begun, begun);
          return begun;
        }

      unlink_after (&self->ordered, previous, task);
      return task;
    }

  return NULL;
}

static ConvokeTask *
take_allowed_locked (ConvokeApartment  *self,
                     const ConvokeWait *wait)
{
  ConvokeTask *task = self->loose.head != NULL ? take_loose_locked (self, wait) : NULL;

  return task != NULL ? task : take_ordered_locked (self, wait);
}

gboolean
convoke_apartment_serve (ConvokeThread     *thread,
                         const ConvokeWait *wait)
{
  for (ConvokeHold *hold = thread->holds; hold != NULL; hold = hold->outer)
    {
      ConvokeApartment *self = hold->apartment;
      ConvokeTask *task;

      g_mutex_lock (&self->lock);
      task = self->holder == thread ? take_allowed_locked (self, wait) : NULL;
      g_mutex_unlock (&self->lock);

      if (task != NULL)
        {
          ConvokeHold inner;

          /* Inside of other apartments or not: this one's code runs now. */
          push_hold (self, &inner, thread, FALSE);
          task->funcs->run (task);
          leave (self, &inner);
          return TRUE;
        }
    }

  return FALSE;
}

static void
set_deadlock (ConvokeApartment  *self,
              ConvokeTask       *task,
              ConvokeThread     *holder,
              GError           **error)
{
  g_autofree char *where = convoke_apartment_describe (self);
  g_autofree char *caller = task->funcs->describe_caller != NULL ? task->funcs->describe_caller (task) : NULL;

  if (caller == NULL)
    caller = g_strdup_printf ("thread %" G_GUINT64_FORMAT, convoke_thread_self ()->id);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DEADLOCK,
               "The call from %s needs the %s of thread %" G_GUINT64_FORMAT " of process %d"
               ", which waits for this very chain of calls and was told not to serve",
               caller, where, holder->id, (int) getpid ());
}

void
convoke_apartment_refuse (ConvokeThread     *thread,
                          const ConvokeWait *wait)
{
  for (ConvokeHold *hold = thread->holds; hold != NULL; hold = hold->outer)
    {
      ConvokeApartment *self = hold->apartment;
      ConvokeTask *refused = NULL;
      ConvokeTask *previous = NULL;
      ConvokeTask *next;

      g_mutex_lock (&self->lock);
      for (ConvokeTask *task = self->ordered.head; task != NULL; task = next)
        {
          next = task->next;
          if (!task->begun && chain_is_awaited (wait, task->chain))
            {
              unlink_after (&self->ordered, previous, task);
              task->next = refused;
              refused = task;
            }
          else
            {
              previous = task;
            }
        }
      g_mutex_unlock (&self->lock);

      for (; refused != NULL; refused = next)
        {
          GError *error = NULL;

          next = refused->next;
          set_deadlock (self, refused, thread, &error);
          refused->funcs->drop (refused, error);
        }
    }
}

/* --- posting --- */

/* What the holder's wait says to a task that arrives: it serves it (poked), refuses it (FALSE), or neither. */
static gboolean
tell_holder_locked (ConvokeApartment  *self,
                    ConvokeTask       *task,
                    GError           **error)
{
  ConvokeThread *holder = self->holder;
  const ConvokeWait *wait;
  gboolean refused = FALSE;

  if (holder == NULL)
    return TRUE;

  g_mutex_lock (&holder->lock);
  wait = holder->wait;
  if (wait != NULL && wait_allows (wait, task))
    convoke_wait_poke (wait);
  else if (wait != NULL && (wait->flags & CONVOKE_WAIT_NO_SERVE) && !task->begun)
    refused = chain_is_awaited (wait, task->chain);
  g_mutex_unlock (&holder->lock);

  if (refused)
    set_deadlock (self, task, holder, error);

  return !refused;
}

static void
run_task (gpointer data)
{
  ConvokeTask *task = data;

  task->funcs->run (task);
}

static gboolean
post (ConvokeApartment  *self,
      TaskList          *list,
      ConvokeTask       *task,
      GError           **error)
{
  gboolean schedule = FALSE;

  if (self->carrier_funcs != NULL)
    return self->carrier_funcs->send (self->carrier, (ConvokeRecord *) task, error);

  if (self->threading == CONVOKE_THREADING_ANY)
    {
      convoke_pool_push_link (run_task, &task->link);
      return TRUE;
    }

  g_mutex_lock (&self->lock);
  append (list, task);
  if (!tell_holder_locked (self, task, error))
    {
      remove_task (list, task);
      g_mutex_unlock (&self->lock);
      return FALSE;
    }

  if (self->threading == CONVOKE_THREADING_SERIAL && !self->scheduled && self->holder == NULL)
    {
      self->scheduled = TRUE;
      schedule = TRUE;
    }
  g_mutex_unlock (&self->lock);

  if (schedule)
    convoke_pool_push (drain_serial, g_object_ref (self));
  else if (self->threading == CONVOKE_THREADING_CONTEXT)
    g_source_set_ready_time (self->source, 0);

  return TRUE;
}

gboolean
convoke_apartment_post (ConvokeApartment  *self,
                        ConvokeTask       *task,
                        GError           **error)
{
  return post (self, &self->ordered, task, error);
}

gboolean
convoke_apartment_post_loose (ConvokeApartment  *self,
                              ConvokeTask       *task,
                              GError           **error)
{
  return post (self, &self->loose, task, error);
}

gboolean
convoke_apartment_withdraw (ConvokeApartment *self,
                            ConvokeTask      *task)
{
  gboolean found;

  if (self->carrier_funcs != NULL)
    return self->carrier_funcs->withdraw (self->carrier, (ConvokeRecord *) task);

  g_mutex_lock (&self->lock);
  found = remove_task (&self->ordered, task) || remove_task (&self->loose, task);
  g_mutex_unlock (&self->lock);

  return found;
}

static ConvokeTask **
take_matching (TaskList      *list,
               gboolean     (*match) (ConvokeTask *task, gpointer data),
               gpointer       data,
               ConvokeTask  **end)
{
  ConvokeTask *previous = NULL;
  ConvokeTask *next;

  for (ConvokeTask *task = list->head; task != NULL; task = next)
    {
      next = task->next;
      if (match (task, data))
        {
          unlink_after (list, previous, task);
          *end = task;
          end = &task->next;
        }
      else
        {
          previous = task;
        }
    }

  return end;
}

ConvokeTask *
convoke_apartment_take_tasks (ConvokeApartment *self,
                              gboolean        (*match) (ConvokeTask *task, gpointer data),
                              gpointer          data)
{
  ConvokeTask *taken = NULL;
  ConvokeTask **end;

  g_mutex_lock (&self->lock);
  end = take_matching (&self->ordered, match, data, &taken);
  take_matching (&self->loose, match, data, end);
  g_mutex_unlock (&self->lock);

  return taken;
}

/* --- entering from outside --- */

static gboolean
is_main_thread (void)
{
  return convoke_thread_self ()->is_main;
}

/* The context is this thread's to iterate: it does, or it was pushed as its default, or it is the global default of the main thread. */
static gboolean
owns_context (GMainContext *context)
{
  GMainContext *own = g_main_context_get_thread_default ();

  if (g_main_context_is_owner (context))
    return TRUE;
  if (own == context)
    return TRUE;

  return own == NULL && context == g_main_context_default () && is_main_thread ();
}

/* A context is entered by acquiring it, so that no other thread can iterate it meanwhile. */
static gboolean
try_enter_context (ConvokeApartment *self,
                   ConvokeHold      *hold,
                   ConvokeThread    *thread)
{
  gboolean entered = FALSE;

  if (!owns_context (self->context) || !g_main_context_acquire (self->context))
    return FALSE;

  g_mutex_lock (&self->lock);
  if (self->holder == NULL || self->holder == thread)
    {
      enter_locked (self, hold, thread);
      entered = TRUE;
    }
  g_mutex_unlock (&self->lock);

  if (!entered)
    g_main_context_release (self->context);

  return entered;
}

static gboolean
try_enter_serial (ConvokeApartment *self,
                  ConvokeHold      *hold,
                  ConvokeThread    *thread)
{
  gboolean entered = FALSE;

  g_mutex_lock (&self->lock);
  if (self->holder == thread || (self->holder == NULL && !has_tasks_locked (self) && !self->scheduled))
    {
      enter_locked (self, hold, thread);
      entered = TRUE;
    }
  g_mutex_unlock (&self->lock);

  return entered;
}

gboolean
convoke_apartment_try_enter (ConvokeApartment *self,
                             ConvokeHold      *hold)
{
  ConvokeThread *thread = convoke_thread_self ();

  if (self->carrier_funcs != NULL)
    return FALSE;

  switch (self->threading)
    {
    case CONVOKE_THREADING_CONTEXT:
      return try_enter_context (self, hold, thread);

    case CONVOKE_THREADING_SERIAL:
      return try_enter_serial (self, hold, thread);

    case CONVOKE_THREADING_ANY:
    default:
      push_hold (self, hold, thread, FALSE);
      return TRUE;
    }
}

gboolean
convoke_apartment_try_enter_in_order (ConvokeApartment *self,
                                      ConvokeHold      *hold)
{
  gboolean queued;

  if (self->threading == CONVOKE_THREADING_ANY)
    return convoke_apartment_try_enter (self, hold);

  g_mutex_lock (&self->lock);
  queued = has_tasks_locked (self);
  g_mutex_unlock (&self->lock);

  return !queued && convoke_apartment_try_enter (self, hold);
}

void
convoke_apartment_leave (ConvokeApartment *self,
                         ConvokeHold      *hold)
{
  leave (self, hold);
  if (self->threading == CONVOKE_THREADING_CONTEXT)
    g_main_context_release (self->context);
}

gboolean
convoke_apartment_enter_own_context (ConvokeHold *hold)
{
  GMainContext *context;
  ConvokeApartment *self;

  if (g_atomic_int_get (&n_contexts) == 0)
    return FALSE;

  context = g_main_context_get_thread_default ();
  if (context == NULL)
    {
      context = g_main_context_default ();
      if (!is_main_thread () && !g_main_context_is_owner (context))
        return FALSE;
    }

  self = lookup_context (context);
  if (self == NULL)
    return FALSE;

  if (try_enter_context (self, hold, convoke_thread_self ()))
    return TRUE;  /* the reference is dropped by convoke_apartment_leave_own_context() */

  g_object_unref (self);
  return FALSE;
}

void
convoke_apartment_leave_own_context (ConvokeHold *hold)
{
  g_autoptr (ConvokeApartment) self = hold->apartment;

  convoke_apartment_leave (self, hold);
}

/* --- the filter --- */

gboolean
convoke_apartment_has_filter (ConvokeApartment *self)
{
  return g_atomic_pointer_get (&self->filter) != NULL;
}

ConvokeCallFilter *
convoke_apartment_dup_filter (ConvokeApartment *self)
{
  ConvokeCallFilter *filter;

  g_mutex_lock (&self->lock);
  filter = self->filter != NULL ? convoke_call_filter_ref (self->filter) : NULL;
  g_mutex_unlock (&self->lock);

  return filter;
}

ConvokeCallFilter *
convoke_apartment_swap_filter (ConvokeApartment  *self,
                               ConvokeCallFilter *filter)
{
  ConvokeCallFilter *before;

  g_mutex_lock (&self->lock);
  before = self->filter;
  g_atomic_pointer_set (&self->filter, filter);
  g_mutex_unlock (&self->lock);

  return before;
}

/* --- releasing objects where they live --- */

typedef struct
{
  ConvokeTask  task;
  GObject     *object;
} ConvokeRelease;

static void
release_run (ConvokeTask *task)
{
  ConvokeRelease *release = (ConvokeRelease *) task;

  g_object_unref (release->object);
  g_free (release);
}

static void
release_drop (ConvokeTask *task,
              GError      *error)
{
  g_clear_error (&error);
  release_run (task);
}

static const ConvokeTaskFuncs release_funcs = { release_run, release_drop };

void
convoke_apartment_release (ConvokeApartment *self,
                           gpointer          object)
{
  ConvokeRelease *release;
  ConvokeHold hold;

  if (self->threading == CONVOKE_THREADING_ANY || convoke_check_forked (NULL))
    {
      g_object_unref (object);
      return;
    }

  if (convoke_apartment_try_enter (self, &hold))
    {
      g_object_ref (self);
      g_object_unref (object);
      convoke_apartment_leave (self, &hold);
      g_object_unref (self);
      return;
    }

  release = g_new0 (ConvokeRelease, 1);
  release->task.funcs = &release_funcs;
  release->object = object;
  /* Not of any chain, so nobody can refuse it. */
  if (!convoke_apartment_post (self, &release->task, NULL))
    g_assert_not_reached ();
}

/* --- public --- */

static void
convoke_apartment_dispose (GObject *object)
{
  ConvokeApartment *self = CONVOKE_APARTMENT (object);

  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_clear_pointer (&self->source, g_source_unref);
    }

  G_OBJECT_CLASS (convoke_apartment_parent_class)->dispose (object);
}

static void
convoke_apartment_finalize (GObject *object)
{
  ConvokeApartment *self = CONVOKE_APARTMENT (object);
  ConvokeTask *task;

  /* A queued call holds a reference, so only releases can be left. */
  while ((task = pop_locked (self)) != NULL)
    task->funcs->drop (task, g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "The apartment is gone"));

  if (self->context != NULL)
    {
      forget_context (self);
      g_clear_pointer (&self->context, g_main_context_unref);
    }
  if (self->carrier_destroy != NULL)
    self->carrier_destroy (self->carrier);
  g_clear_pointer (&self->filter, convoke_call_filter_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (convoke_apartment_parent_class)->finalize (object);
}

static void
convoke_apartment_class_init (ConvokeApartmentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = convoke_apartment_dispose;
  object_class->finalize = convoke_apartment_finalize;
}

static void
convoke_apartment_init (ConvokeApartment *self)
{
  g_mutex_init (&self->lock);
}

/**
 * convoke_type_set_threading:
 * @type: a class
 * @threading: where the code of its instances may run
 *
 * Declares the threading of a class and of the classes derived from it
 * (design D11).
 *
 * Call it from class_init, or at any time before the first instance is seen by
 * Convoke; an instance keeps the apartment that it has. A class that declares
 * nothing is %CONVOKE_THREADING_CONTEXT.
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_type_set_threading (GType            type,
                            ConvokeThreading threading)
{
  g_return_if_fail (G_TYPE_IS_OBJECT (type));

  g_type_set_qdata (type, threading_quark (), GUINT_TO_POINTER (threading + 1));
}

/**
 * convoke_type_get_threading:
 * @type: a class
 *
 * Gets the threading that @type or the nearest of its ancestors declared.
 *
 * Any thread may call this.
 *
 * Returns: the threading; %CONVOKE_THREADING_CONTEXT when none was declared
 *
 * Since: 0.1
 */
ConvokeThreading
convoke_type_get_threading (GType type)
{
  for (; type != 0; type = g_type_parent (type))
    {
      guint declared = GPOINTER_TO_UINT (g_type_get_qdata (type, threading_quark ()));

      if (declared != 0)
        return declared - 1;
    }

  return CONVOKE_THREADING_CONTEXT;
}

static ConvokeApartment *
apartment_new (ConvokeThreading threading)
{
  ConvokeApartment *self = g_object_new (CONVOKE_TYPE_APARTMENT, NULL);

  self->threading = threading;
  return self;
}

/**
 * convoke_apartment_new_for_context:
 * @context: (nullable): a main context; %NULL means the thread-default one
 *
 * Gets the apartment of the objects that belong to @context. There is one for
 * each main context at a time.
 *
 * Calls to its objects run where @context is iterated, and inside the waits of
 * the thread that owns it. The apartment keeps @context alive.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the apartment
 *
 * Since: 0.1
 */
ConvokeApartment *
convoke_apartment_new_for_context (GMainContext *context)
{
  ConvokeApartment *self = NULL;
  GWeakRef *weak;

  if (context == NULL)
    context = g_main_context_get_thread_default ();
  if (context == NULL)
    context = g_main_context_default ();

  g_mutex_lock (&contexts_lock);
  if (contexts == NULL)
    contexts = g_hash_table_new_full (NULL, NULL, NULL, weak_ref_free);

  weak = g_hash_table_lookup (contexts, context);
  if (weak != NULL)
    self = g_weak_ref_get (weak);

  if (self == NULL)
    {
      self = apartment_new (CONVOKE_THREADING_CONTEXT);
      self->context = g_main_context_ref (context);
      attach_source (self);
      weak = g_new0 (GWeakRef, 1);
      g_weak_ref_init (weak, self);
      g_hash_table_replace (contexts, context, weak);
      g_atomic_int_inc (&n_contexts);
    }
  g_mutex_unlock (&contexts_lock);

  return self;
}

/**
 * convoke_apartment_new_serial:
 *
 * Makes an apartment whose objects' code runs on one thread at a time, not
 * always the same one.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the apartment
 *
 * Since: 0.1
 */
ConvokeApartment *
convoke_apartment_new_serial (void)
{
  return apartment_new (CONVOKE_THREADING_SERIAL);
}

/**
 * convoke_apartment_dup_any:
 *
 * Gets the apartment of the objects that any number of threads may use at once.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the apartment
 *
 * Since: 0.1
 */
ConvokeApartment *
convoke_apartment_dup_any (void)
{
  static gsize any;

  if (g_once_init_enter (&any))
    g_once_init_leave (&any, GPOINTER_TO_SIZE (apartment_new (CONVOKE_THREADING_ANY)));

  return g_object_ref (CONVOKE_APARTMENT (GSIZE_TO_POINTER (any)));
}

ConvokeApartment *
convoke_apartment_new_remote (const ConvokeCarrierFuncs *funcs,
                              gpointer                   carrier,
                              GDestroyNotify             destroy)
{
  ConvokeApartment *self = apartment_new (CONVOKE_THREADING_ANY);

  self->carrier_funcs = funcs;
  self->carrier = carrier;
  self->carrier_destroy = destroy;
  return self;
}

const ConvokeCarrierFuncs *
convoke_apartment_get_carrier (ConvokeApartment *self,
                               gpointer         *carrier)
{
  if (carrier != NULL)
    *carrier = self->carrier;

  return self->carrier_funcs;
}

static ConvokeApartment *
apartment_for_new_object (GObject *object)
{
  switch (convoke_type_get_threading (G_OBJECT_TYPE (object)))
    {
    case CONVOKE_THREADING_ANY:
      return convoke_apartment_dup_any ();

    case CONVOKE_THREADING_SERIAL:
      return convoke_apartment_new_serial ();

    case CONVOKE_THREADING_CONTEXT:
    default:
      return convoke_apartment_new_for_context (NULL);
    }
}

static gboolean
attach_to_object (ConvokeApartment *self,
                  GObject          *object)
{
  return g_object_replace_qdata (object, apartment_quark (), NULL, g_object_ref (self), g_object_unref, NULL) ||
         (g_object_unref (self), FALSE);
}

static gpointer
ref_apartment (gpointer data,
               gpointer user_data)
{
  return data == NULL ? NULL : g_object_ref (data);
}

/**
 * convoke_apartment_dup_for_object:
 * @object: an object
 *
 * Gets the apartment that @object belongs to.
 *
 * An object that Convoke sees for the first time is bound now: by the threading
 * of its class, and where that is %CONVOKE_THREADING_CONTEXT to the calling
 * thread's thread-default main context. For a proxy the answer is the apartment
 * of the object behind it.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the apartment
 *
 * Since: 0.1
 */
ConvokeApartment *
convoke_apartment_dup_for_object (GObject *object)
{
  g_autoptr (GObject) outer = NULL;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  outer = convoke_component_dup_outermost (object);
  if (outer != NULL)
    object = outer;

  if (convoke_hooks.dup_apartment != NULL)
    {
      ConvokeApartment *of_target = convoke_hooks.dup_apartment (object);

      if (of_target != NULL)
        return of_target;
    }

  while (TRUE)
    {
      ConvokeApartment *self = g_object_dup_qdata (object, apartment_quark (), ref_apartment, NULL);

      if (self != NULL)
        return self;

      self = apartment_for_new_object (object);
      if (attach_to_object (self, object))
        return self;

      /* Another thread saw it first. */
      g_object_unref (self);
    }
}

/**
 * convoke_apartment_bind:
 * @self: an apartment
 * @object: an object that Convoke has not seen yet
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Binds @object to @self, whatever its class declares.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_ALREADY_REGISTERED when
 * @object belongs to another apartment already.
 *
 * Returns: %TRUE when @object belongs to @self now
 *
 * Since: 0.1
 */
gboolean
convoke_apartment_bind (ConvokeApartment  *self,
                        GObject           *object,
                        GError           **error)
{
  g_autoptr (ConvokeApartment) other = NULL;
  g_autoptr (GObject) outer = NULL;

  g_return_val_if_fail (CONVOKE_IS_APARTMENT (self), FALSE);
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  outer = convoke_component_dup_outermost (object);
  if (outer != NULL)
    object = outer;

  if (attach_to_object (self, object))
    return TRUE;

  other = g_object_dup_qdata (object, apartment_quark (), ref_apartment, NULL);
  if (other == self)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED,
               "The %s belongs to another apartment already", G_OBJECT_TYPE_NAME (object));
  return FALSE;
}

/**
 * convoke_apartment_get_threading:
 * @self: an apartment
 *
 * Gets what kind of apartment this is. Any thread may call this.
 *
 * Returns: the kind
 *
 * Since: 0.1
 */
ConvokeThreading
convoke_apartment_get_threading (ConvokeApartment *self)
{
  g_return_val_if_fail (CONVOKE_IS_APARTMENT (self), CONVOKE_THREADING_CONTEXT);

  return self->threading;
}

/**
 * convoke_apartment_is_current:
 * @self: an apartment
 *
 * Tells whether the calling thread may run the code of the apartment's objects
 * here and now.
 *
 * Any thread may call this.
 *
 * Returns: %TRUE when it may
 *
 * Since: 0.1
 */
gboolean
convoke_apartment_is_current (ConvokeApartment *self)
{
  ConvokeHold hold;
  gboolean current;

  g_return_val_if_fail (CONVOKE_IS_APARTMENT (self), FALSE);

  if (self->carrier_funcs != NULL)
    return FALSE;

  switch (self->threading)
    {
    case CONVOKE_THREADING_CONTEXT:
      current = convoke_apartment_try_enter (self, &hold);
      if (current)
        convoke_apartment_leave (self, &hold);
      return current;

    case CONVOKE_THREADING_SERIAL:
      g_mutex_lock (&self->lock);
      current = self->holder == convoke_thread_self ();
      g_mutex_unlock (&self->lock);
      return current;

    case CONVOKE_THREADING_ANY:
    default:
      return TRUE;
    }
}

char *
convoke_apartment_describe (ConvokeApartment *self)
{
  if (self->carrier_funcs != NULL)
    return self->carrier_funcs->describe (self->carrier);

  switch (self->threading)
    {
    case CONVOKE_THREADING_CONTEXT:
      return g_strdup (self->context == g_main_context_default () ? "default main context" : "main context");

    case CONVOKE_THREADING_SERIAL:
      return g_strdup ("serial apartment");

    case CONVOKE_THREADING_ANY:
    default:
      return g_strdup ("worker pool");
    }
}
