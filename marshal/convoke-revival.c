/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A revival begins when the connection of its object has ended and somebody
 * notices: the end itself, or a call that comes first. One job on the pool
 * activates the component again and puts the import in its new place. Calls
 * that come meanwhile are held, in their order; they go out before any that
 * come later.
 *
 * Each start is counted. When there were as many as the keyfile allows within
 * the time that it names, or the component itself refuses, it is over for
 * good: all calls fail with the reason until the program activates anew.
 */

#include "config.h"

#include "convoke-revival-private.h"

#include "convoke-error.h"
#include "convoke-pool-private.h"
#include "convoke-process-placer-private.h"
#include "convoke-remote-call-private.h"

struct _ConvokeRevival
{
  ConvokeComponentFile *file;        /* (owned) constant */
  ConvokeProperties    *properties;  /* (owned) (nullable) constant */

  GMutex                lock;
  GCond                 over;
  gboolean              under_way;   /* atomic; written under the lock */
  GError               *final;       /* LOCK: lock; (nullable): never again */
  GQueue                held;        /* LOCK: lock; (owned) ConvokeRecord */
  gboolean              told;        /* LOCK: lock; of the last end */
  gboolean              back_untold; /* LOCK: lock; it was back before that */
  GArray               *starts;      /* LOCK: lock; monotonic times, the oldest first */
};

static ConvokeRevival *
get_revival (ConvokeImport *import)
{
  return g_atomic_pointer_get (&import->revival);
}

static gboolean
is_there (ConvokeImport *import)
{
  return convoke_object_table_check (convoke_import_get_place (import)->table, NULL);
}

/* --- life --- */

void
convoke_revival_free (ConvokeRevival *self)
{
  if (self == NULL)
    return;

  convoke_component_file_unref (self->file);
  convoke_properties_unref (self->properties);
  g_clear_error (&self->final);
  g_array_unref (self->starts);
  g_cond_clear (&self->over);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
convoke_revival_attach (ConvokeImport              *import,
                        const ConvokeComponentFile *file,
                        const ConvokeProperties    *properties)
{
  ConvokeRevival *self;

  if (!file->restart || get_revival (import) != NULL)
    return;

  self = g_new0 (ConvokeRevival, 1);
  self->file = convoke_component_file_ref (file);
  self->properties = convoke_properties_ref (properties);
  self->starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_queue_init (&self->held);
  g_mutex_init (&self->lock);
  g_cond_init (&self->over);
  if (!g_atomic_pointer_compare_and_exchange (&import->revival, NULL, self))
    convoke_revival_free (self);
}

/* --- the budget --- */

static void
forget_old_starts_locked (ConvokeRevival *self,
                          gint64          now)
{
  guint n_old = 0;

  while (n_old < self->starts->len && now - g_array_index (self->starts, gint64, n_old) >= self->file->restart_interval)
    n_old++;
  g_array_remove_range (self->starts, 0, n_old);
}

static gboolean
spend_locked (ConvokeRevival *self)
{
  gint64 now = g_get_monotonic_time ();

  forget_old_starts_locked (self, now);
  if (self->starts->len >= self->file->restart_limit)
    return FALSE;

  g_array_append_val (self->starts, now);
  return TRUE;
}

static GError *
make_spent_error (ConvokeRevival *self,
                  const GError   *why)
{
  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED,
                      "%s was started again %u times within %g s, which is all that its RestartLimit= allows: %s",
                      self->file->class_name, self->starts->len,
                      (double) self->file->restart_interval / G_USEC_PER_SEC, why->message);
}

/* --- the job --- */

/* A process that did not make it is worth another one; a component that says no says it again. */
static gboolean
is_worth_another (const GError *error)
{
  return g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_EXEC_FAILURE)
         || g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED)
         || g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED)
         || g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

/* TRUE: one more try. Takes @error. */
static gboolean
fail_locked (ConvokeRevival *self,
             GError         *error)
{
  gboolean worth = is_worth_another (error);
  gboolean again = worth && spend_locked (self);

  if (!again)
    self->final = worth ? make_spent_error (self, error) : g_error_copy (error);
  g_error_free (error);

  return again;
}

static gboolean
try_until_final (ConvokeRevival *self,
                 ConvokeImport  *import)
{
  gboolean again = TRUE;

  while (again)
    {
      GError *error = NULL;

      if (convoke_process_placer_revive (self->file, self->properties, import, &error))
        return TRUE;

      g_mutex_lock (&self->lock);
      again = fail_locked (self, error);
      g_mutex_unlock (&self->lock);
    }

  return FALSE;
}

static void
let_go (ConvokeRevival *self,
        ConvokeRecord  *record)
{
  GError *error = NULL;

  if (self->final != NULL)
    error = g_error_copy (self->final);
  else if (convoke_remote_call_send (record, &error))
    return;

  record->task.funcs->drop (&record->task, error);
}

/* Until it is over others are held as well: calls go out in their order. */
static void
let_all_go (ConvokeRevival *self)
{
  ConvokeRecord *record;

  g_mutex_lock (&self->lock);
  while ((record = g_queue_pop_head (&self->held)) != NULL)
    {
      g_mutex_unlock (&self->lock);
      let_go (self, record);
      g_mutex_lock (&self->lock);
    }
  g_atomic_int_set (&self->under_way, FALSE);
  g_cond_broadcast (&self->over);
  g_mutex_unlock (&self->lock);
}

/* FALSE: the end that came before is still to be told; who tells it tells this as well. */
static gboolean
may_tell_back (ConvokeRevival *self)
{
  gboolean told;

  g_mutex_lock (&self->lock);
  told = self->told;
  self->told = FALSE;
  self->back_untold = !told;
  g_mutex_unlock (&self->lock);

  return told;
}

/* TRUE: it is back already. */
static gboolean
end_was_told (ConvokeRevival *self)
{
  gboolean back;

  g_mutex_lock (&self->lock);
  back = self->back_untold;
  self->told = !back;
  self->back_untold = FALSE;
  g_mutex_unlock (&self->lock);

  return back;
}

static void
revive_cb (gpointer data)
{
  g_autoptr (ConvokeImport) import = data;
  ConvokeRevival *self = get_revival (import);
  gboolean revived = try_until_final (self, import);
  gboolean tell = revived ? may_tell_back (self) : TRUE;
  g_autoptr (GObject) proxy = NULL;

  let_all_go (self);
  proxy = tell ? (GObject *) convoke_proxy_table_lookup (G_OBJECT (import)) : NULL;
  if (proxy != NULL && revived)
    convoke_proxy_tell_restored ((ConvokeProxy *) proxy);
  else if (proxy != NULL)
    convoke_proxy_tell_end ((ConvokeProxy *) proxy, FALSE, self->final);
}

/* TRUE: it is under way. */
static gboolean
begin_locked (ConvokeRevival *self,
              ConvokeImport  *import,
              const GError   *why)
{
  if (self->final == NULL && !self->under_way && !spend_locked (self))
    self->final = make_spent_error (self, why);
  if (self->final != NULL)
    return FALSE;

  if (!self->under_way)
    {
      self->told = self->back_untold = FALSE;
      g_atomic_int_set (&self->under_way, TRUE);
      convoke_pool_push (revive_cb, g_object_ref (import));
    }
  return TRUE;
}

/* TRUE: it is under way now. FALSE: the object is there, or will never be (final). */
static gboolean
ensure_begun_locked (ConvokeRevival *self,
                     ConvokeImport  *import)
{
  g_autoptr (GError) why = NULL;

  if (self->under_way)
    return TRUE;

  /* Also of a connection that has just ended: whoever ended it may not have told us yet. */
  return !convoke_object_table_check (convoke_import_get_place (import)->table, &why) && begin_locked (self, import, why);
}

/* --- calls --- */

ConvokeRevivalAnswer
convoke_revival_hold (ConvokeImport  *import,
                      ConvokeRecord  *record,
                      GError        **error)
{
  ConvokeRevival *self = get_revival (import);
  ConvokeRevivalAnswer answer = CONVOKE_REVIVAL_SEND;

  if (!g_atomic_int_get (&self->under_way) && is_there (import))
    return CONVOKE_REVIVAL_SEND;

  g_mutex_lock (&self->lock);
  if (ensure_begun_locked (self, import))
    {
      record->task.ticket = 0;
      g_queue_push_tail (&self->held, record);
      answer = CONVOKE_REVIVAL_HELD;
    }
  else if (self->final != NULL)
    {
      g_propagate_error (error, g_error_copy (self->final));
      answer = CONVOKE_REVIVAL_FAILED;
    }
  g_mutex_unlock (&self->lock);

  return answer;
}

gboolean
convoke_revival_withdraw (ConvokeImport *import,
                          ConvokeRecord *record)
{
  ConvokeRevival *self = get_revival (import);
  gboolean found;

  if (self == NULL)
    return FALSE;

  g_mutex_lock (&self->lock);
  found = g_queue_remove (&self->held, record);
  g_mutex_unlock (&self->lock);

  return found;
}

const ConvokeImportPlace *
convoke_revival_wait (ConvokeImport *import)
{
  ConvokeRevival *self = get_revival (import);

  if (self == NULL || (!g_atomic_int_get (&self->under_way) && is_there (import)))
    return convoke_import_get_place (import);

  convoke_pool_wait_enter ();
  g_mutex_lock (&self->lock);
  ensure_begun_locked (self, import);
  while (self->under_way)
    g_cond_wait (&self->over, &self->lock);
  g_mutex_unlock (&self->lock);
  convoke_pool_wait_leave ();

  return convoke_import_get_place (import);
}

/* --- the end of a connection --- */

static gboolean
comes_back (ConvokeImport *import,
            GError       **final)
{
  ConvokeRevival *self = get_revival (import);
  gboolean back;

  if (self == NULL)
    return FALSE;

  g_mutex_lock (&self->lock);
  back = ensure_begun_locked (self, import) || self->final == NULL;
  if (!back)
    *final = g_error_copy (self->final);
  g_mutex_unlock (&self->lock);

  return back;
}

void
convoke_revival_tell_end (ConvokeObjectTable *objects,
                          const GError       *why)
{
  g_autoptr (GPtrArray) proxies = convoke_object_table_list_proxies (objects);

  for (guint i = 0; i < proxies->len; i++)
    {
      ConvokeProxy *proxy = g_ptr_array_index (proxies, i);
      g_autoptr (GError) final = NULL;
      gboolean back;

      /* Its object was disconnected before, which was told. */
      if (g_atomic_pointer_get (&proxy->ended) != NULL)
        continue;

      back = comes_back (CONVOKE_IMPORT (proxy->target), &final);
      convoke_proxy_tell_end (proxy, back, final != NULL ? final : why);
      if (back && end_was_told (get_revival (CONVOKE_IMPORT (proxy->target))))
        convoke_proxy_tell_restored (proxy);
    }
}
