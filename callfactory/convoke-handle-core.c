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
    self->state = CONVOKE_HANDLE_CLOSED | CONVOKE_HANDLE_CLEANING | CONVOKE_HANDLE_CLEANED |
                  CONVOKE_HANDLE_SAID | CONVOKE_HANDLE_GONE;
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
  g_weak_ref_init (&self->handle, handle);
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
  g_weak_ref_clear (&self->handle);
  tree_unref (self->tree);
  g_free (self);
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

/* Nobody heard of it: it may be in the making. Its class is told when its maker drops it. */
static void
forget_locked (ConvokeHandleCore *self)
{
  self->state |= CONVOKE_HANDLE_SAID | CONVOKE_HANDLE_GONE;
  if (self->parent != NULL)
    self->parent->n_below--;
}

static void
invalidate_locked (ConvokeHandleCore *self,
                   GPtrArray         *closed)
{
  while (self->children.head != NULL)
    invalidate_locked (self->children.head->data, closed);

  self->state |= CONVOKE_HANDLE_CLOSED;
  if (self->parent != NULL)
    g_queue_unlink (&self->parent->children, &self->link);
  if (self->state & CONVOKE_HANDLE_KNOWN)
    g_ptr_array_add (closed, convoke_handle_core_ref (self));
  else
    forget_locked (self);
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

/* TRUE once. */
static gboolean
claim_cleaning (ConvokeHandleCore *self,
                ConvokeHandle     *keeper)
{
  gboolean claimed;

  convoke_handle_core_lock (self);
  claimed = (self->state & CONVOKE_HANDLE_CLOSED) && !(self->state & CONVOKE_HANDLE_CLEANING);
  if (claimed)
    {
      self->state |= CONVOKE_HANDLE_CLEANING;
      self->keeper = keeper != NULL && !(self->state & CONVOKE_HANDLE_SAID) ? g_object_ref (keeper) : NULL;
    }
  convoke_handle_core_unlock (self);

  return claimed;
}

static void
clean (ConvokeHandleCore *self,
       ConvokeHandle     *handle,
       gboolean           disposing)
{
  if (!claim_cleaning (self, disposing ? NULL : handle))
    return;

  cancel_operation (self);
  if (CONVOKE_HANDLE_GET_CLASS (handle)->closed != NULL)
    CONVOKE_HANDLE_GET_CLASS (handle)->closed (handle);

  convoke_handle_core_lock (self);
  self->state |= CONVOKE_HANDLE_CLEANED;
  convoke_handle_core_unlock (self);
  convoke_handle_core_settle (self);
}

/* An object that is going comes by here itself. */
static void
clean_from_above (ConvokeHandleCore *self)
{
  g_autoptr (ConvokeHandle) handle = g_weak_ref_get (&self->handle);

  if (handle != NULL)
    clean (self, handle, FALSE);
}

/* WI-4: all of them are invalid before the first is told. WI-36: they are told deepest first. */
gboolean
convoke_handle_core_close (ConvokeHandleCore  *self,
                           ConvokeHandle      *handle,
                           gboolean            disposing,
                           GError            **error)
{
  g_autoptr (GPtrArray) closed = g_ptr_array_new_with_free_func ((GDestroyNotify) convoke_handle_core_unref);
  gboolean open;

  if (convoke_check_forked (error))
    return FALSE;

  convoke_handle_core_lock (self);
  if (disposing)
    self->state |= CONVOKE_HANDLE_DISPOSED;
  open = convoke_handle_core_check_locked (self, FALSE, error);
  if (open)
    invalidate_locked (self, closed);
  convoke_handle_core_unlock (self);

  for (guint i = 0; i < closed->len; i++)
    if (closed->pdata[i] != self)
      clean_from_above (closed->pdata[i]);
  if (open || disposing)
    clean (self, handle, disposing);

  return open;
}

static gboolean
is_settled_locked (ConvokeHandleCore *self)
{
  return (self->state & CONVOKE_HANDLE_CLEANED) && !(self->state & CONVOKE_HANDLE_SAID) &&
         self->operation == NULL && self->n_below == 0;
}

/* WI-32: a handle of which its program is told nothing is gone at once. */
static gboolean
say_closing_locked (ConvokeHandleCore *self)
{
  gboolean told = self->callback != NULL && self->context != 0;

  if (told)
    convoke_handle_core_post_locked (self, self->keeper, CONVOKE_HANDLE_STATUS_HANDLE_CLOSING, NULL, NULL);
  self->state |= CONVOKE_HANDLE_SAID;

  return told;
}

void
convoke_handle_core_settle (ConvokeHandleCore *self)
{
  g_autoptr (ConvokeHandle) keeper = NULL;
  gboolean gone;

  convoke_handle_operation_let_go (self);
  convoke_handle_core_lock (self);
  if (!is_settled_locked (self))
    {
      convoke_handle_core_unlock (self);
      return;
    }

  gone = !say_closing_locked (self);
  keeper = g_steal_pointer (&self->keeper);
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
  if (self->parent != NULL)
    convoke_handle_core_settle (self->parent);
}
