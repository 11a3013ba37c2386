/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-reply-message-private.h"

/**
 * ConvokeReplyMessage:
 *
 * What a [class@Convoke.ReplyPort] delivers: the reply to one request, or what
 * an open object tells of its own accord.
 *
 * A message never changes, and any thread may read it.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE (ConvokeReplyMessage, convoke_reply_message, convoke_reply_message_ref, convoke_reply_message_unref)

ConvokeReplyMessage *
convoke_reply_message_new (ConvokeReplyKind  kind,
                           guint64           key,
                           GObject          *object)
{
  ConvokeReplyMessage *self = g_new0 (ConvokeReplyMessage, 1);

  self->ref_count = 1;
  self->kind = kind;
  self->key = key;
  self->object = object != NULL ? g_object_ref (object) : NULL;

  return self;
}

/* What the program named may be the object itself, which goes where it lives. */
static void
release_object (GObject *object)
{
  g_autoptr (ConvokeApartment) apartment = NULL;

  if (convoke_check_forked (NULL))
    return;

  apartment = convoke_apartment_dup_for_object (object);
  convoke_apartment_release (apartment, object);
}

/**
 * convoke_reply_message_ref:
 * @self: a message
 *
 * Takes a reference. Any thread may call this.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
ConvokeReplyMessage *
convoke_reply_message_ref (ConvokeReplyMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);
  return self;
}

/**
 * convoke_reply_message_unref:
 * @self: (transfer full): a message
 *
 * Drops a reference. With the last one the message and its values go. Any
 * thread may call this.
 *
 * Since: 0.1
 */
void
convoke_reply_message_unref (ConvokeReplyMessage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (guint i = 0; i < self->n_values; i++)
    g_value_unset (&self->values[i]);
  g_free (self->values);
  g_clear_error (&self->error);
  g_clear_object (&self->call);
  g_free (self->signal);
  if (self->object != NULL)
    release_object (self->object);
  g_free (self);
}

void
convoke_reply_message_unref_all (ConvokeReplyMessage *first)
{
  for (ConvokeReplyMessage *next; first != NULL; first = next)
    {
      next = first->next;
      convoke_reply_message_unref (first);
    }
}

/**
 * convoke_reply_message_get_kind:
 * @self: a message
 *
 * Gets what the message tells.
 *
 * Returns: the kind
 *
 * Since: 0.1
 */
ConvokeReplyKind
convoke_reply_message_get_kind (ConvokeReplyMessage *self)
{
  g_return_val_if_fail (self != NULL, CONVOKE_REPLY_KIND_REPLY);

  return self->kind;
}

/**
 * convoke_reply_message_get_request_id:
 * @self: a message
 *
 * Gets which request this is the reply to (TA-5).
 *
 * Returns: a positive id, or 0 for a message that nobody asked for (TA-32)
 *
 * Since: 0.1
 */
gint32
convoke_reply_message_get_request_id (ConvokeReplyMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->request_id;
}

/**
 * convoke_reply_message_get_key:
 * @self: a message
 *
 * Gets the value that the program gave to know it by (TA-23): of a reply the
 * port's, of the others the one that the object was opened with.
 *
 * Returns: the key
 *
 * Since: 0.1
 */
guint64
convoke_reply_message_get_key (ConvokeReplyMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->key;
}

/**
 * convoke_reply_message_get_error: (skip)
 * @self: a message
 *
 * Gets what the request failed with, domain, code and message unchanged; or
 * why the object is gone.
 *
 * Returns: (transfer none) (nullable): the error; %NULL: the request succeeded
 *
 * Since: 0.1
 */
const GError *
convoke_reply_message_get_error (ConvokeReplyMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->error;
}

/**
 * convoke_reply_message_get_status:
 * @self: a message
 *
 * Gets how the request ended as a number of TAPI (TA-5, TA-6): the one that
 * [func@Convoke.error_to_status] has for its error.
 *
 * Returns: 0, or a negative number
 *
 * Since: 0.1
 */
gint32
convoke_reply_message_get_status (ConvokeReplyMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (gint32) convoke_error_to_status (self->error, CONVOKE_ERROR_FAMILY_TAPI);
}

/**
 * convoke_reply_message_check:
 * @self: a message
 * @error: return location for an error, or %NULL
 *
 * Tells how the request ended. Fails with what it failed with.
 *
 * Returns: %TRUE when it succeeded
 *
 * Since: 0.1
 */
gboolean
convoke_reply_message_check (ConvokeReplyMessage  *self,
                             GError              **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->error == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (self->error));
  return FALSE;
}

/**
 * convoke_reply_message_dup_values:
 * @self: a message
 * @n_values: (out): the number of values
 *
 * Gets copies of what came: the results of a request, as
 * [method@Convoke.Call.finish] gives them, or the parameters of a signal.
 *
 * Returns: (transfer full) (array length=n_values) (nullable): the values;
 *   %NULL when there are none
 *
 * Since: 0.1
 */
GValue *
convoke_reply_message_dup_values (ConvokeReplyMessage *self,
                                  guint               *n_values)
{
  GValue *values;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  *n_values = self->n_values;
  if (self->n_values == 0)
    return NULL;

  values = g_new0 (GValue, self->n_values);
  for (guint i = 0; i < self->n_values; i++)
    {
      g_value_init (&values[i], G_VALUE_TYPE (&self->values[i]));
      g_value_copy (&self->values[i], &values[i]);
    }

  return values;
}

/**
 * convoke_reply_message_dup_object:
 * @self: a message
 *
 * Gets what the message is about: the object that was asked, or that was
 * opened, as the program named it.
 *
 * Returns: (transfer full) (nullable): the object
 *
 * Since: 0.1
 */
GObject *
convoke_reply_message_dup_object (ConvokeReplyMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->object != NULL ? g_object_ref (self->object) : NULL;
}

/**
 * convoke_reply_message_dup_call:
 * @self: a message
 *
 * Gets the call object that has completed, where the program attached one of
 * its own with [method@Convoke.ReplyPort.attach]. It finishes the call itself.
 *
 * Returns: (transfer full) (nullable): the call object
 *
 * Since: 0.1
 */
ConvokeCall *
convoke_reply_message_dup_call (ConvokeReplyMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->call != NULL ? g_object_ref (self->call) : NULL;
}

/**
 * convoke_reply_message_get_signal:
 * @self: a message
 *
 * Gets which signal was emitted, with its detail where it has one, such as
 * `price-changed::tea`.
 *
 * Returns: (transfer none) (nullable): the signal; %NULL: the message is of
 *   another kind
 *
 * Since: 0.1
 */
const char *
convoke_reply_message_get_signal (ConvokeReplyMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->signal;
}
