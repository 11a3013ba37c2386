/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a port knows: which ids are in use, which objects are open, and whether
 * anybody is told at all.
 *
 * A message is queued under the lock, together with the look at whether it is
 * still wanted. So after a shutdown, and after an object was closed, what is in
 * the queue can be taken out again and nothing more comes.
 */

#include "config.h"

#include "convoke-reply-core-private.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-reply-watch-private.h"
#include "convoke-sync-point-private.h"
#include "convoke-unknown.h"

/* In place of a request: the id is somebody's, who has made none with it yet. */
static ConvokeReplyRequest reserved_id;
#define RESERVED (&reserved_id)

ConvokeReplyRequest *
convoke_reply_request_new (ConvokeReplyCore *core,
                           GObject          *object)
{
  ConvokeReplyRequest *self = g_new0 (ConvokeReplyRequest, 1);
  g_autoptr (GObject) identity = object != NULL ? convoke_query_interface (object, G_TYPE_OBJECT, NULL) : NULL;

  self->ref_count = 1;
  self->core = convoke_reply_core_ref (core);
  self->identity = identity;
  self->message = convoke_reply_message_new (CONVOKE_REPLY_KIND_REPLY, core->key, object);

  return self;
}

ConvokeReplyRequest *
convoke_reply_request_ref (ConvokeReplyRequest *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
convoke_reply_request_unref (ConvokeReplyRequest *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_object (&self->call);
  g_clear_pointer (&self->message, convoke_reply_message_unref);
  convoke_reply_core_unref (self->core);
  g_free (self);
}

ConvokeCall *
convoke_reply_request_dup_call (ConvokeReplyRequest *self)
{
  ConvokeCall *call;

  g_mutex_lock (&self->core->lock);
  call = self->call != NULL ? g_object_ref (self->call) : NULL;
  g_mutex_unlock (&self->core->lock);

  return call;
}

ConvokeReplyCore *
convoke_reply_core_ref (ConvokeReplyCore *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
convoke_reply_core_unref (ConvokeReplyCore *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  convoke_request_ids_clear (&self->ids);
  g_hash_table_unref (self->watches);
  g_hash_table_unref (self->attached);
  g_object_unref (self->queue);
  g_object_unref (self->home);
  if (!convoke_check_forked (NULL))
    g_mutex_clear (&self->lock);
  g_free (self);
}

ConvokeReplyCore *
convoke_reply_core_new (guint64            key,
                        ConvokeReplyQueue *queue,
                        gboolean           own_queue,
                        ConvokeApartment  *home)
{
  ConvokeReplyCore *self = g_new0 (ConvokeReplyCore, 1);

  self->ref_count = 1;
  self->key = key;
  self->queue = g_object_ref (queue);
  self->own_queue = own_queue;
  self->home = g_object_ref (home);
  g_mutex_init (&self->lock);
  convoke_request_ids_init (&self->ids);
  self->watches = g_hash_table_new (NULL, NULL);
  self->attached = g_hash_table_new (NULL, NULL);

  return self;
}

static gboolean
check_locked (ConvokeReplyCore  *self,
              GError           **error)
{
  if (!self->closed)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN, "The port was shut down");
  return FALSE;
}

gboolean
convoke_reply_core_check (ConvokeReplyCore  *self,
                          GError           **error)
{
  gboolean open;

  if (convoke_check_forked (error))
    return FALSE;

  g_mutex_lock (&self->lock);
  open = check_locked (self, error);
  g_mutex_unlock (&self->lock);

  return open;
}

/* --- ids --- */

/* Takes over a reference to @request. */
static gint32
new_id_locked (ConvokeReplyCore     *self,
               ConvokeReplyRequest  *request,
               GError              **error)
{
  gint32 id;

  if (!check_locked (self, error))
    return 0;

  id = convoke_request_ids_add (&self->ids, request);
  if (id == 0)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES, "Every request id is in use");

  return id;
}

gint32
convoke_reply_core_reserve (ConvokeReplyCore  *self,
                            GError           **error)
{
  gint32 id;

  if (convoke_check_forked (error))
    return 0;

  g_mutex_lock (&self->lock);
  id = new_id_locked (self, RESERVED, error);
  g_mutex_unlock (&self->lock);

  return id;
}

static gboolean
check_reserved_locked (ConvokeReplyCore  *self,
                       gint32             id,
                       GError           **error)
{
  ConvokeReplyRequest *request;

  if (!check_locked (self, error))
    return FALSE;

  request = convoke_request_ids_lookup (&self->ids, id);
  if (request == RESERVED)
    return TRUE;

  if (request != NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING, "The request with the id %d has had no reply yet", id);
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "The id %d was not reserved in this port", id);
  return FALSE;
}

gboolean
convoke_reply_core_release (ConvokeReplyCore  *self,
                            gint32             id,
                            GError           **error)
{
  gboolean found;

  if (convoke_check_forked (error))
    return FALSE;

  g_mutex_lock (&self->lock);
  found = check_reserved_locked (self, id, error);
  if (found)
    convoke_request_ids_remove (&self->ids, id, RESERVED);
  g_mutex_unlock (&self->lock);

  return found;
}

gboolean
convoke_reply_core_add (ConvokeReplyCore     *self,
                        ConvokeReplyRequest  *request,
                        GError              **error)
{
  gboolean added;

  g_mutex_lock (&self->lock);
  if (request->id == 0)
    {
      request->id = new_id_locked (self, request, error);
      added = request->id != 0;
    }
  else
    {
      added = check_reserved_locked (self, request->id, error);
      if (added)
        convoke_request_ids_set (&self->ids, request->id, request);
    }
  if (added)
    convoke_reply_request_ref (request);
  g_mutex_unlock (&self->lock);

  return added;
}

void
convoke_reply_core_withdraw (ConvokeReplyCore    *self,
                             ConvokeReplyRequest *request,
                             gboolean             reserved)
{
  gboolean stolen;

  g_mutex_lock (&self->lock);
  stolen = convoke_request_ids_lookup (&self->ids, request->id) == request;
  if (stolen && reserved)
    convoke_request_ids_set (&self->ids, request->id, RESERVED);
  else if (stolen)
    convoke_request_ids_remove (&self->ids, request->id, request);
  g_mutex_unlock (&self->lock);

  if (stolen)
    convoke_reply_request_unref (request);
}

ConvokeReplyRequest *
convoke_reply_core_dup_request (ConvokeReplyCore  *self,
                                gint32             id,
                                GError           **error)
{
  ConvokeReplyRequest *request;

  g_mutex_lock (&self->lock);
  request = convoke_request_ids_lookup (&self->ids, id);
  if (request != NULL && request != RESERVED)
    convoke_reply_request_ref (request);
  else
    request = NULL;
  g_mutex_unlock (&self->lock);

  if (request == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "No request with the id %d is outstanding", id);
  return request;
}

/* --- messages --- */

/* TRUE: it is queued. */
static gboolean
push_locked (ConvokeReplyCore    *self,
             ConvokeReplyMessage *message,
             gpointer             identity,
             gboolean            *due)
{
  message->owner = self;
  message->identity = identity;

  return convoke_reply_queue_push (self->queue, message, due);
}

/* What is left to do without the lock. */
static void
pushed (ConvokeReplyCore    *self,
        ConvokeReplyMessage *message,
        gboolean             queued,
        gboolean             due)
{
  if (due)
    convoke_reply_queue_wake (self->queue);
  if (!queued)
    convoke_reply_message_unref (message);
}

void
convoke_reply_core_reply (ConvokeReplyCore    *self,
                          ConvokeReplyRequest *request)
{
  ConvokeReplyMessage *message = g_steal_pointer (&request->message);
  gboolean outstanding;
  gboolean queued = FALSE;
  gboolean due = FALSE;

  message->request_id = request->id;
  CONVOKE_SYNC_POINT ("reply-port/reply");

  g_mutex_lock (&self->lock);
  outstanding = convoke_request_ids_remove (&self->ids, request->id, request);
  if (outstanding)
    queued = push_locked (self, message, request->identity, &due);
  g_mutex_unlock (&self->lock);

  pushed (self, message, queued, due);
  if (outstanding)
    convoke_reply_request_unref (request);
}

void
convoke_reply_core_tell (ConvokeReplyCore    *self,
                         ConvokeReplyWatch   *watch,
                         ConvokeReplyMessage *message)
{
  gpointer identity = convoke_reply_watch_get_identity (watch);
  gboolean queued = FALSE;
  gboolean due = FALSE;

  g_mutex_lock (&self->lock);
  if (g_hash_table_lookup (self->watches, identity) == watch)
    queued = push_locked (self, message, identity, &due);
  g_mutex_unlock (&self->lock);

  pushed (self, message, queued, due);
}

/* --- open objects --- */

gboolean
convoke_reply_core_add_watch (ConvokeReplyCore   *self,
                              ConvokeReplyWatch  *watch,
                              GError            **error)
{
  gpointer identity = convoke_reply_watch_get_identity (watch);
  gboolean added;

  g_mutex_lock (&self->lock);
  added = check_locked (self, error);
  if (added && g_hash_table_contains (self->watches, identity))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED,
                   "The %s is open in this port already", G_OBJECT_TYPE_NAME (identity));
      added = FALSE;
    }
  if (added)
    g_hash_table_insert (self->watches, identity, convoke_reply_watch_ref (watch));
  g_mutex_unlock (&self->lock);

  return added;
}

static ConvokeReplyWatch *
lookup_watch_locked (ConvokeReplyCore  *self,
                     gpointer           identity,
                     GError           **error)
{
  ConvokeReplyWatch *watch;

  if (!check_locked (self, error))
    return NULL;

  watch = g_hash_table_lookup (self->watches, identity);
  if (watch == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND,
                 "The %s is not open in this port", G_OBJECT_TYPE_NAME (identity));
  return watch;
}

ConvokeReplyWatch *
convoke_reply_core_dup_watch (ConvokeReplyCore  *self,
                              gpointer           identity,
                              GError           **error)
{
  ConvokeReplyWatch *watch;

  g_mutex_lock (&self->lock);
  watch = lookup_watch_locked (self, identity, error);
  if (watch != NULL)
    convoke_reply_watch_ref (watch);
  g_mutex_unlock (&self->lock);

  return watch;
}

static gboolean
is_about (gpointer id,
          gpointer request,
          gpointer identity)
{
  return ((ConvokeReplyRequest *) request)->identity == identity;
}

/* The outstanding ones about @identity (NULL: all) are told to nobody from now on. */
static GPtrArray *
steal_requests_locked (ConvokeReplyCore *self,
                       gpointer          identity)
{
  GPtrArray *requests = g_ptr_array_new_with_free_func ((GDestroyNotify) convoke_reply_request_unref);
  GHashTableIter iter;
  gpointer id, request;

  g_hash_table_iter_init (&iter, self->ids.used);
  while (g_hash_table_iter_next (&iter, &id, &request))
    {
      if (identity != NULL && !is_about (id, request, identity))
        continue;

      if (request != RESERVED)
        g_ptr_array_add (requests, request);
      g_hash_table_iter_remove (&iter);
    }

  return requests;
}

ConvokeReplyWatch *
convoke_reply_core_remove_watch (ConvokeReplyCore  *self,
                                 gpointer           identity,
                                 GError           **error)
{
  g_autoptr (GPtrArray) requests = NULL;
  ConvokeReplyMessage *queued = NULL;
  ConvokeReplyWatch *watch;

  g_mutex_lock (&self->lock);
  watch = lookup_watch_locked (self, identity, error);
  if (watch != NULL)
    {
      g_hash_table_remove (self->watches, identity);
      requests = steal_requests_locked (self, identity);
      queued = convoke_reply_queue_withdraw (self->queue, self, identity);
    }
  g_mutex_unlock (&self->lock);

  convoke_reply_message_unref_all (queued);
  return watch;
}

void
convoke_reply_core_tell_closed (ConvokeReplyCore    *self,
                                ConvokeReplyWatch   *watch,
                                ConvokeReplyMessage *message)
{
  gpointer identity = convoke_reply_watch_get_identity (watch);
  gboolean queued = FALSE;
  gboolean due = FALSE;
  gboolean open;

  g_mutex_lock (&self->lock);
  open = g_hash_table_lookup (self->watches, identity) == watch;
  if (open)
    {
      g_hash_table_remove (self->watches, identity);
      queued = push_locked (self, message, identity, &due);
    }
  g_mutex_unlock (&self->lock);

  pushed (self, message, queued, due);
  if (open)
    {
      convoke_reply_watch_stop (watch);
      convoke_reply_watch_unref (watch);
    }
}

/* --- the end --- */

static void
cancel_all (GPtrArray *requests)
{
  for (guint i = 0; i < requests->len; i++)
    {
      ConvokeReplyRequest *request = requests->pdata[i];
      g_autoptr (ConvokeCall) call = convoke_reply_request_dup_call (request);

      /* An attached call is the program's own. */
      if (call != NULL && request->record == NULL)
        convoke_call_cancel (call, 0, NULL);
    }
}

static void
stop_all (GHashTable *watches)
{
  GHashTableIter iter;
  gpointer watch;

  g_hash_table_iter_init (&iter, watches);
  while (g_hash_table_iter_next (&iter, NULL, &watch))
    {
      convoke_reply_watch_stop (watch);
      convoke_reply_watch_unref (watch);
    }
}

gboolean
convoke_reply_core_shutdown (ConvokeReplyCore  *self,
                             gboolean           cancel,
                             GError           **error)
{
  g_autoptr (GHashTable) watches = NULL;
  g_autoptr (GPtrArray) requests = NULL;
  ConvokeReplyMessage *queued;

  g_mutex_lock (&self->lock);
  if (!check_locked (self, error))
    {
      g_mutex_unlock (&self->lock);
      return FALSE;
    }
  self->closed = TRUE;
  requests = steal_requests_locked (self, NULL);
  watches = self->watches;
  self->watches = g_hash_table_new (NULL, NULL);
  g_hash_table_remove_all (self->attached);
  queued = convoke_reply_queue_withdraw (self->queue, self, NULL);
  g_mutex_unlock (&self->lock);

  if (self->own_queue)
    {
      convoke_reply_queue_stop (self->queue);
      convoke_reply_queue_close (self->queue, NULL);
    }
  convoke_reply_message_unref_all (queued);
  stop_all (watches);
  if (cancel)
    cancel_all (requests);

  return TRUE;
}
