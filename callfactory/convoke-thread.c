/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-impersonation-private.h"

#include <sys/syscall.h>
#include <unistd.h>

/* Every call asks for it several times. Where a library that is opened late can have it, it is in the thread's own block. */
#ifdef __GLIBC__
__attribute__ ((tls_model ("initial-exec")))
#endif
static __thread ConvokeThread *current;

static void thread_exited (gpointer data);

/* Only for its destructor; the pointer itself is read from thread-local storage. */
static GPrivate current_private = G_PRIVATE_INIT (thread_exited);

static GMutex      known_lock;
static GHashTable *known;      /* LOCK: known_lock; id -> borrowed ConvokeThread */

static guint64
system_thread_id (void)
{
#ifdef SYS_gettid
  return (guint64) syscall (SYS_gettid);
#else
  static guint64 next;

  return __atomic_add_fetch (&next, 1, __ATOMIC_RELAXED);
#endif
}

static void
thread_exited (gpointer data)
{
  ConvokeThread *self = data;

  g_mutex_lock (&known_lock);
  if (known != NULL)
    g_hash_table_remove (known, &self->id);
  g_mutex_unlock (&known_lock);

  current = NULL;
  convoke_thread_unref (self);
}

ConvokeThread *
convoke_thread_self (void)
{
  if (G_UNLIKELY (current == NULL))
    {
      current = g_new0 (ConvokeThread, 1);
      current->id = system_thread_id ();
      current->is_main = current->id == (guint64) getpid ();
      current->ref_count = 1;
      g_mutex_init (&current->lock);
      g_private_set (&current_private, current);
    }

  return current;
}

ConvokeThread *
convoke_thread_lookup (guint64 id)
{
  ConvokeThread *found = NULL;

  g_mutex_lock (&known_lock);
  if (known != NULL)
    found = g_hash_table_lookup (known, &id);
  if (found != NULL)
    g_atomic_int_inc (&found->ref_count);
  g_mutex_unlock (&known_lock);

  return found;
}

void
convoke_thread_make_known (ConvokeThread *self)
{
  g_mutex_lock (&known_lock);
  if (known == NULL)
    known = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_hash_table_replace (known, &self->id, self);
  g_mutex_unlock (&known_lock);
}

void
convoke_thread_unref (ConvokeThread *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_pointer (&self->cancel_objects, g_ptr_array_unref);
  g_free (self->spare);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
convoke_thread_begin_serving (ConvokeThread  *self,
                              ConvokeRecord  *call,
                              guint64         chain,
                              ConvokeServing *outer)
{
  *outer = (ConvokeServing) { self->chain, self->serving, self->context, convoke_impersonation_suspend (self) };
  self->chain = chain;
  self->serving = call;
  self->context = NULL;
}

void
convoke_thread_end_serving (ConvokeThread        *self,
                            const ConvokeServing *outer)
{
  /* Nobody stays somebody else beyond the call (SEC-4). */
  convoke_impersonation_end (self);
  self->chain = outer->chain;
  self->serving = outer->call;
  self->context = outer->context;
  convoke_impersonation_resume (self, outer->impersonation);
}

void
convoke_thread_push_cancel_object (ConvokeThread            *self,
                                   ConvokeCancelMethodCalls *object)
{
  gboolean first;

  g_mutex_lock (&self->lock);
  first = self->cancel_objects == NULL;
  if (first)
    self->cancel_objects = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->cancel_objects, g_object_ref (object));
  g_mutex_unlock (&self->lock);

  if (first)
    convoke_thread_make_known (self);
}

gboolean
convoke_thread_pop_cancel_object (ConvokeThread *self)
{
  g_autoptr (GObject) popped = NULL;

  g_mutex_lock (&self->lock);
  if (self->cancel_objects != NULL && self->cancel_objects->len > 0)
    popped = g_ptr_array_steal_index (self->cancel_objects, self->cancel_objects->len - 1);
  g_mutex_unlock (&self->lock);

  /* The last reference may run foreign code, so the lock is gone. */
  return popped != NULL;
}

/* Chains go through many processes, and each names its own: 24 bits tell the process, 39 count. */
static guint64 last_chain;

static void
start_chains (void)
{
  guint64 first = (guint64) (g_random_int () & 0xffffff) << 39;
  guint64 none = 0;

  __atomic_compare_exchange_n (&last_chain, &none, first | 1, FALSE, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

guint64
convoke_chain_new (void)
{
  if (G_UNLIKELY (__atomic_load_n (&last_chain, __ATOMIC_RELAXED) == 0))
    start_chains ();

  return __atomic_add_fetch (&last_chain, 1, __ATOMIC_RELAXED);
}
