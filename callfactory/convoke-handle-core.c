/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tree of handles: who is below whom, and what happens in which order when some are closed. */

#include "config.h"

#include "convoke-handle-private.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"

/* --- life --- */

static ConvokeHandleTree *
tree_new (void)
{
  ConvokeHandleTree *self = g_new0 (ConvokeHandleTree, 1);

  self->ref_count = 1;
  g_mutex_init (&self->lock);

  return self;
}

static ConvokeHandleTree *
tree_ref (ConvokeHandleTree *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

static void
tree_unref (ConvokeHandleTree *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_mutex_clear (&self->lock);
  g_free (self);
}

/* WI-7: what a handle has from its parent it has from then on by itself. */
static void
inherit_locked (ConvokeHandleCore *self,
                ConvokeHandleCore *parent)
{
  self->timeout = parent->timeout;
  self->callback = parent->callback != NULL ? convoke_handle_callback_ref (parent->callback) : NULL;
  self->main_context = parent->main_context != NULL ? g_main_context_ref (parent->main_context) : NULL;
  g_set_object (&self->work_queue, parent->work_queue);
}

static void
link_or_close (ConvokeHandleCore *self,
               ConvokeHandleCore *parent)
{
  convoke_handle_core_lock (self);
  if (parent->state & CONVOKE_HANDLE_CLOSED)
    {
      self->state = CONVOKE_HANDLE_CLOSED | CONVOKE_HANDLE_CLEANED | CONVOKE_HANDLE_SAID | CONVOKE_HANDLE_GONE;
      self->released = TRUE;
    }
  else
    {
      inherit_locked (self, parent);
      g_queue_push_tail_link (&parent->children, &self->link);
      parent->n_below++;
    }
  convoke_handle_core_unlock (self);
}

ConvokeHandleCore *
convoke_handle_core_new (ConvokeHandle     *handle,
                         ConvokeHandleCore *parent,
                         gsize              context,
                         gboolean           asynchronous)
{
  ConvokeHandleCore *self = g_new0 (ConvokeHandleCore, 1);

  convoke_fork_init ();
  self->ref_count = 1;
  self->link.data = self;
  self->handle = handle;
  self->context = context;
  self->asynchronous = parent != NULL ? parent->asynchronous : asynchronous;
  self->tree = parent != NULL ? tree_ref (parent->tree) : tree_new ();
  if (parent != NULL)
    {
      self->parent = convoke_handle_core_ref (parent);
      link_or_close (self, parent);
    }

  return self;
}

ConvokeHandleCore *
convoke_handle_core_ref (ConvokeHandleCore *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
convoke_handle_core_unref (ConvokeHandleCore *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  convoke_handle_core_drop_notices (self);
  g_clear_pointer (&self->callback, convoke_handle_callback_unref);
  g_clear_pointer (&self->main_context, g_main_context_unref);
  g_clear_object (&self->work_queue);
  g_clear_pointer (&self->parent, convoke_handle_core_unref);
  tree_unref (self->tree);
  g_free (self);
}

/* --- the object --- */

/*
 * Referencing an object can run a binding's code, which may wait for the
 * interpreter that another thread holds while it drops this very object, and
 * comes by here in dispose. It then finds the reference taken already, so its
 * own was not the last and no dispose happens; or it comes first, and then the
 * object is a binding's no more. So this one lock may be held across it, where
 * the tree's may not.
 */
ConvokeHandle *
convoke_handle_core_dup_handle (ConvokeHandleCore *self)
{
  ConvokeHandle *handle;

  convoke_lock_acquire (&self->handle_lock);
  handle = self->released ? NULL : g_object_ref (self->handle);
  convoke_lock_release (&self->handle_lock);

  return handle;
}

void
convoke_handle_core_keep (ConvokeHandleCore *self)
{
  convoke_lock_acquire (&self->handle_lock);
  if (!self->released && self->keeper == NULL)
    self->keeper = g_object_ref (self->handle);
  convoke_lock_release (&self->handle_lock);
}

static void
release_handle (ConvokeHandleCore *self)
{
  ConvokeHandle *keeper;

  convoke_lock_acquire (&self->handle_lock);
  self->released = TRUE;
  keeper = g_steal_pointer (&self->keeper);
  convoke_lock_release (&self->handle_lock);

  g_clear_object (&keeper);
}

/* --- what can be done --- */

gboolean
convoke_handle_core_check_locked (ConvokeHandleCore  *self,
                                  gboolean            idle,
                                  GError            **error)
{
  if (self->state & CONVOKE_HANDLE_CLOSED)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE,
                         "The handle is closed: it was, or one above it");
  else if (idle && self->operation != NULL)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING,
                         "An operation of the handle is pending: wait until its end was told, or use another handle");
  else
    return TRUE;

  return FALSE;
}

gboolean
convoke_handle_core_check (ConvokeHandleCore  *self,
                           gboolean            idle,
                           GError            **error)
{
  gboolean valid;

  if (convoke_check_forked (error))
    return FALSE;

  convoke_handle_core_lock (self);
  valid = convoke_handle_core_check_locked (self, idle, error);
  convoke_handle_core_unlock (self);

  return valid;
}

/* --- closing --- */

static void
invalidate_locked (ConvokeHandleCore *self,
                   GPtrArray         *closed)
{
  while (self->children.head != NULL)
    invalidate_locked (self->children.head->data, closed);

  self->state |= CONVOKE_HANDLE_CLOSED;
  if (self->parent != NULL)
    g_queue_unlink (&self->parent->children, &self->link);
  g_ptr_array_add (closed, convoke_handle_core_ref (self));
}

static void
cancel_operation (ConvokeHandleCore *self)
{
  g_autoptr (ConvokeCall) call = NULL;

  convoke_handle_core_lock (self);
  if (self->operation != NULL && self->operation->call != NULL)
    call = g_object_ref (self->operation->call);
  convoke_handle_core_unlock (self);

  /* It may have ended meanwhile: then the result stands. */
  if (call != NULL)
    convoke_call_cancel (call, 0, NULL);
}

static void
tell_class (ConvokeHandleCore *self)
{
  g_autoptr (ConvokeHandle) handle = convoke_handle_core_dup_handle (self);

  if (CONVOKE_HANDLE_GET_CLASS (handle)->closed != NULL)
    CONVOKE_HANDLE_GET_CLASS (handle)->closed (handle);

  convoke_handle_core_lock (self);
  self->state |= CONVOKE_HANDLE_CLEANED;
  convoke_handle_core_unlock (self);
}

/* WI-4: all of them are invalid before the first is told. WI-36: they are told deepest first. */
gboolean
convoke_handle_core_close (ConvokeHandleCore  *self,
                           GError            **error)
{
  g_autoptr (GPtrArray) closed = NULL;

  if (convoke_check_forked (error))
    return FALSE;

  convoke_handle_core_lock (self);
  if (convoke_handle_core_check_locked (self, FALSE, error))
    {
      closed = g_ptr_array_new_with_free_func ((GDestroyNotify) convoke_handle_core_unref);
      invalidate_locked (self, closed);
    }
  convoke_handle_core_unlock (self);

  if (closed == NULL)
    return FALSE;

  for (guint i = 0; i < closed->len; i++)
    convoke_handle_core_keep (closed->pdata[i]);
  for (guint i = 0; i < closed->len; i++)
    {
      cancel_operation (closed->pdata[i]);
      tell_class (closed->pdata[i]);
      convoke_handle_core_settle (closed->pdata[i]);
    }

  return TRUE;
}

static gboolean
is_settled_locked (ConvokeHandleCore *self)
{
  return (self->state & CONVOKE_HANDLE_CLEANED) && !(self->state & CONVOKE_HANDLE_SAID) &&
         self->operation == NULL && self->n_below == 0;
}

/* WI-32: a handle of which its program is told nothing, or never heard, is gone at once. */
static gboolean
say_closing_locked (ConvokeHandleCore *self)
{
  gboolean told = (self->state & CONVOKE_HANDLE_KNOWN) && self->callback != NULL && self->context != 0;

  if (told)
    convoke_handle_core_post_locked (self, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, NULL, NULL);
  self->state |= CONVOKE_HANDLE_SAID;

  return told;
}

void
convoke_handle_core_settle (ConvokeHandleCore *self)
{
  gboolean gone;

  convoke_handle_operation_let_go (self);
  convoke_handle_core_lock (self);
  if (!is_settled_locked (self))
    {
      convoke_handle_core_unlock (self);
      return;
    }

  gone = !say_closing_locked (self);
  convoke_handle_core_unlock_and_tell (self);

  if (gone)
    convoke_handle_core_be_gone (self);
}

void
convoke_handle_core_be_gone (ConvokeHandleCore *self)
{
  ConvokeHandleCallback *callback;

  convoke_handle_core_lock (self);
  self->state |= CONVOKE_HANDLE_GONE;
  callback = g_steal_pointer (&self->callback);
  if (self->parent != NULL)
    self->parent->n_below--;
  convoke_handle_core_unlock (self);

  if (callback != NULL)
    convoke_handle_callback_unref (callback);
  release_handle (self);
  if (self->parent != NULL)
    convoke_handle_core_settle (self->parent);
}
