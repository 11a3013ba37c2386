/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-queue-event.h"

#include "convoke-apartment.h"

/**
 * ConvokeQueueEvent:
 *
 * Something that happened, as a [class@Convoke.EventQueue] hands it out: a name
 * and, where there is more to say, a value, an object, and how it ended.
 *
 * It never changes; any thread may use it.
 *
 * Since: 0.1
 */
struct _ConvokeQueueEvent
{
  GObject   parent_instance;

  /* Constant: */
  char     *name;
  GVariant *value;   /* (owned) (nullable) */
  GObject  *object;  /* (owned) (nullable) */
  GError   *status;  /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ConvokeQueueEvent, convoke_queue_event, G_TYPE_OBJECT)

static void
convoke_queue_event_finalize (GObject *object)
{
  ConvokeQueueEvent *self = CONVOKE_QUEUE_EVENT (object);

  g_free (self->name);
  g_clear_pointer (&self->value, g_variant_unref);
  g_clear_object (&self->object);
  g_clear_error (&self->status);

  G_OBJECT_CLASS (convoke_queue_event_parent_class)->finalize (object);
}

static void
convoke_queue_event_class_init (ConvokeQueueEventClass *klass)
{
  convoke_type_set_threading (G_TYPE_FROM_CLASS (klass), CONVOKE_THREADING_ANY);

  G_OBJECT_CLASS (klass)->finalize = convoke_queue_event_finalize;
}

static void
convoke_queue_event_init (ConvokeQueueEvent *self)
{
}

/**
 * convoke_queue_event_new:
 * @name: what happened; the events of one queue are told apart by it
 * @value: (nullable): data; consumed if it is floating
 * @object: (nullable): an object that it is about
 *
 * Makes an event of something that succeeded.
 *
 * Returns: (transfer full): a new event
 *
 * Since: 0.1
 */
ConvokeQueueEvent *
convoke_queue_event_new (const char *name,
                         GVariant   *value,
                         GObject    *object)
{
  ConvokeQueueEvent *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (object == NULL || G_IS_OBJECT (object), NULL);

  self = g_object_new (CONVOKE_TYPE_QUEUE_EVENT, NULL);
  self->name = g_strdup (name);
  self->value = value != NULL ? g_variant_ref_sink (value) : NULL;
  self->object = object != NULL ? g_object_ref (object) : NULL;

  return self;
}

/**
 * convoke_queue_event_new_failed:
 * @name: what happened; the events of one queue are told apart by it
 * @value: (nullable): data; consumed if it is floating
 * @object: (nullable): an object that it is about
 * @status: why it failed
 *
 * Makes an event of something that failed.
 *
 * Returns: (transfer full): a new event
 *
 * Since: 0.1
 */
ConvokeQueueEvent *
convoke_queue_event_new_failed (const char   *name,
                                GVariant     *value,
                                GObject      *object,
                                const GError *status)
{
  ConvokeQueueEvent *self;

  g_return_val_if_fail (status != NULL, NULL);

  self = convoke_queue_event_new (name, value, object);
  if (self != NULL)
    self->status = g_error_copy (status);

  return self;
}

/**
 * convoke_queue_event_get_name:
 * @self: an event
 *
 * Gets what happened.
 *
 * Returns: (transfer none): its name
 *
 * Since: 0.1
 */
const char *
convoke_queue_event_get_name (ConvokeQueueEvent *self)
{
  g_return_val_if_fail (CONVOKE_IS_QUEUE_EVENT (self), NULL);

  return self->name;
}

/**
 * convoke_queue_event_get_value:
 * @self: an event
 *
 * Gets the data of an event.
 *
 * Returns: (transfer none) (nullable): the data, or %NULL where there are none
 *
 * Since: 0.1
 */
GVariant *
convoke_queue_event_get_value (ConvokeQueueEvent *self)
{
  g_return_val_if_fail (CONVOKE_IS_QUEUE_EVENT (self), NULL);

  return self->value;
}

/**
 * convoke_queue_event_get_object:
 * @self: an event
 *
 * Gets the object that an event is about.
 *
 * Returns: (transfer none) (nullable): the object, or %NULL where there is none
 *
 * Since: 0.1
 */
GObject *
convoke_queue_event_get_object (ConvokeQueueEvent *self)
{
  g_return_val_if_fail (CONVOKE_IS_QUEUE_EVENT (self), NULL);

  return self->object;
}

/**
 * convoke_queue_event_get_status:
 * @self: an event
 *
 * Gets how what happened ended.
 *
 * Returns: (transfer none) (nullable): an error, or %NULL for success
 *
 * Since: 0.1
 */
const GError *
convoke_queue_event_get_status (ConvokeQueueEvent *self)
{
  g_return_val_if_fail (CONVOKE_IS_QUEUE_EVENT (self), NULL);

  return self->status;
}
