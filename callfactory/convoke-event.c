/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-event.h"

#include "convoke-event-core-private.h"
#include "convoke-fork-private.h"
#include "convoke-wait-private.h"

/**
 * ConvokeEvent:
 *
 * An event: unset when new, signalled by any thread, waited for by any number.
 *
 * With manual reset it stays signalled until it is reset, and a signal frees
 * everyone who waits, also when a reset follows at once. With automatic reset a
 * signal frees one wait, which consumes it; two signals without a wait between
 * them count as one.
 *
 * All of it may be used from any thread. Signalling and resetting succeed in
 * any state.
 *
 * Since: 0.1
 */
struct _ConvokeEvent
{
  GObject          parent_instance;

  ConvokeEventCore core;
  gboolean         manual_reset; /* fixed at construction */
};

enum
{
  PROP_0,
  PROP_MANUAL_RESET,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
convoke_event_wait (ConvokeSynchronize  *synchronize,
                    ConvokeWaitFlags     flags,
                    gint64               timeout,
                    GError             **error)
{
  ConvokeEvent *self = CONVOKE_EVENT (synchronize);

  if (convoke_check_forked (error))
    return FALSE;

  return convoke_wait (&self->core, !self->manual_reset, 0, flags, timeout, error);
}

static gboolean
convoke_event_signal (ConvokeSynchronize  *synchronize,
                      GError             **error)
{
  ConvokeEvent *self = CONVOKE_EVENT (synchronize);

  if (convoke_check_forked (error))
    return FALSE;

  if (self->manual_reset)
    convoke_event_core_set (&self->core);
  else
    convoke_event_core_set_one (&self->core);

  return TRUE;
}

static gboolean
convoke_event_reset (ConvokeSynchronize  *synchronize,
                     GError             **error)
{
  ConvokeEvent *self = CONVOKE_EVENT (synchronize);

  if (convoke_check_forked (error))
    return FALSE;

  convoke_event_core_reset (&self->core);

  return TRUE;
}

static int
convoke_event_get_fd (ConvokeSynchronizeHandle  *handle,
                      GError                   **error)
{
  ConvokeEvent *self = CONVOKE_EVENT (handle);

  if (convoke_check_forked (error))
    return -1;

  return convoke_event_core_get_fd (&self->core, error);
}

static void
convoke_event_synchronize_init (ConvokeSynchronizeInterface *iface)
{
  iface->wait = convoke_event_wait;
  iface->signal = convoke_event_signal;
  iface->reset = convoke_event_reset;
}

static void
convoke_event_handle_init (ConvokeSynchronizeHandleInterface *iface)
{
  iface->get_fd = convoke_event_get_fd;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeEvent, convoke_event, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE, convoke_event_synchronize_init)
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE_HANDLE, convoke_event_handle_init))

static void
convoke_event_finalize (GObject *object)
{
  convoke_event_core_clear (&CONVOKE_EVENT (object)->core);

  G_OBJECT_CLASS (convoke_event_parent_class)->finalize (object);
}

static void
convoke_event_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ConvokeEvent *self = CONVOKE_EVENT (object);

  switch (id)
    {
    case PROP_MANUAL_RESET:
      g_value_set_boolean (value, self->manual_reset);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
convoke_event_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  ConvokeEvent *self = CONVOKE_EVENT (object);

  switch (id)
    {
    case PROP_MANUAL_RESET:
      self->manual_reset = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
convoke_event_class_init (ConvokeEventClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  convoke_fork_init ();

  object_class->finalize = convoke_event_finalize;
  object_class->get_property = convoke_event_get_property;
  object_class->set_property = convoke_event_set_property;

  /**
   * ConvokeEvent:manual-reset:
   *
   * Whether a signal stays until it is reset, instead of being consumed by one
   * wait.
   *
   * Since: 0.1
   */
  properties[PROP_MANUAL_RESET] =
    g_param_spec_boolean ("manual-reset", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
convoke_event_init (ConvokeEvent *self)
{
  convoke_event_core_init (&self->core);
}

/**
 * convoke_event_new:
 * @manual_reset: whether a signal stays until it is reset
 *
 * Makes an event that is not signalled.
 *
 * Returns: (transfer full): a new event
 *
 * Since: 0.1
 */
ConvokeEvent *
convoke_event_new (gboolean manual_reset)
{
  return g_object_new (CONVOKE_TYPE_EVENT, "manual-reset", manual_reset, NULL);
}

/**
 * convoke_event_get_manual_reset:
 * @self: an event
 *
 * Tells whether a signal stays until it is reset, instead of being consumed by
 * one wait.
 *
 * Returns: %TRUE for manual reset
 *
 * Since: 0.1
 */
gboolean
convoke_event_get_manual_reset (ConvokeEvent *self)
{
  g_return_val_if_fail (CONVOKE_IS_EVENT (self), FALSE);

  return self->manual_reset;
}
