/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-event-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "convoke-apartment.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-synchronize-event.h"
#include "convoke-wait-group-private.h"
#include "convoke-wait-private.h"

/* What ConvokeEvent.lent is when it is not a descriptor. */
#define FRESH (-1)
#define USED  (-2)

/* More reads than a counter that is reset ever takes; a semaphore may take more. */
#define MOST_DRAINS 65536

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
 * A fresh event can be made to use an eventfd of the program's own instead of
 * its own state; see [method@SynchronizeEvent.set_event_handle].
 *
 * Since: 0.1
 */
struct _ConvokeEvent
{
  GObject          parent_instance;

  ConvokeEventCore core;
  gboolean         manual_reset; /* fixed at construction */
  gint             lent;         /* atomic; the descriptor that it uses, FRESH, or USED: its own core */
};

enum
{
  PROP_0,
  PROP_MANUAL_RESET,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* The descriptor, or a negative number: from now on the event has its own state. */
static int
use (ConvokeEvent *self)
{
  int lent = g_atomic_int_get (&self->lent);

  if (lent != FRESH || g_atomic_int_compare_and_exchange (&self->lent, FRESH, USED))
    return lent;

  return g_atomic_int_get (&self->lent);
}

ConvokeEventCore *
convoke_event_get_core (ConvokeEvent *self)
{
  return use (self) < 0 ? &self->core : NULL;
}

/* --- with a descriptor of somebody else --- */

static gboolean
drain_lent (int fd)
{
  guint64 count;
  gssize n;

  do
    n = read (fd, &count, sizeof count);
  while (n < 0 && errno == EINTR);

  return n == sizeof count;
}

static gboolean
take_lent (ConvokeEvent  *self,
           int            fd,
           GError       **error)
{
  struct pollfd poll_fd = { fd, POLLIN, 0 };
  gboolean taken = self->manual_reset ? poll (&poll_fd, 1, 0) > 0 : drain_lent (fd);

  if (!taken)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "The wait expired");

  return taken;
}

static gboolean
signal_lent (int      fd,
             GError **error)
{
  guint64 one = 1;
  gssize n;

  do
    n = write (fd, &one, sizeof one);
  while (n < 0 && errno == EINTR);

  /* A counter that is full is signalled. */
  if (n == sizeof one || errno == EAGAIN)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "The event's descriptor cannot be written: %s", g_strerror (errno));
  return FALSE;
}

static gboolean
reset_lent (int      fd,
            GError **error)
{
  for (guint i = 0; i < MOST_DRAINS; i++)
    if (!drain_lent (fd))
      return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED,
                       "The event's descriptor stays readable however often it is read");
  return FALSE;
}

/* --- waiting, signalling, resetting --- */

static gboolean
convoke_event_wait (ConvokeSynchronize  *synchronize,
                    ConvokeWaitFlags     flags,
                    gint64               timeout,
                    GError             **error)
{
  ConvokeEvent *self = CONVOKE_EVENT (synchronize);
  int lent = use (self);
  guint index;

  if (convoke_check_forked (error))
    return FALSE;
  if (lent < 0)
    return convoke_wait (&self->core, !self->manual_reset, 0, flags, timeout, error);
  if (timeout == 0)
    return take_lent (self, lent, error);

  return convoke_wait_for_objects (&synchronize, 1, NULL, NULL, NULL, 0, flags & ~CONVOKE_WAIT_ALL, timeout,
                                   &index, error) == CONVOKE_WAIT_GROUP_FOUND;
}

static gboolean
convoke_event_signal (ConvokeSynchronize  *synchronize,
                      GError             **error)
{
  ConvokeEvent *self = CONVOKE_EVENT (synchronize);
  int lent = use (self);

  if (convoke_check_forked (error))
    return FALSE;
  if (lent >= 0)
    return signal_lent (lent, error);

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
  int lent = use (self);

  if (convoke_check_forked (error))
    return FALSE;
  if (lent >= 0)
    return reset_lent (lent, error);

  convoke_event_core_reset (&self->core);

  return TRUE;
}

static int
convoke_event_get_fd (ConvokeSynchronizeHandle  *handle,
                      GError                   **error)
{
  ConvokeEvent *self = CONVOKE_EVENT (handle);
  int lent = use (self);

  if (convoke_check_forked (error))
    return -1;

  return lent >= 0 ? lent : convoke_event_core_get_fd (&self->core, error);
}

/* --- being lent a descriptor --- */

static gboolean
refuse_fd (int          fd,
           const char  *why,
           GError     **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "Descriptor %d %s", fd, why);
  return FALSE;
}

/* Only a counter can be signalled and reset. Nothing is written to what could be a file or a socket: these have a type. */
static gboolean
is_counter (int fd)
{
  struct stat info;
  guint64 nothing = 0;

  return fstat (fd, &info) == 0 && (info.st_mode & S_IFMT) == 0 && write (fd, &nothing, sizeof nothing) == sizeof nothing;
}

static gboolean
check_fd (int      fd,
          GError **error)
{
  int flags = fcntl (fd, F_GETFL);

  if (flags < 0)
    return refuse_fd (fd, "is not open", error);
  /* The mode is shared with everyone who has the descriptor, so it is not changed here. */
  if (!(flags & O_NONBLOCK))
    return refuse_fd (fd, "blocks: open it with EFD_NONBLOCK", error);
  if (!is_counter (fd))
    return refuse_fd (fd, "is not an eventfd", error);

  return TRUE;
}

static gboolean
convoke_event_set_event_handle (ConvokeSynchronizeEvent  *event,
                                int                       fd,
                                GError                  **error)
{
  ConvokeEvent *self = CONVOKE_EVENT (event);
  int copy;

  if (convoke_check_forked (error) || !check_fd (fd, error))
    return FALSE;

  copy = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                   "Cannot duplicate descriptor %d: %s", fd, g_strerror (errno));
      return FALSE;
    }

  if (g_atomic_int_compare_and_exchange (&self->lent, FRESH, copy))
    return TRUE;

  close (copy);
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED,
                       "The event was used already, or has a descriptor of somebody else");
  return FALSE;
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

static void
convoke_event_event_init (ConvokeSynchronizeEventInterface *iface)
{
  iface->set_event_handle = convoke_event_set_event_handle;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeEvent, convoke_event, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE, convoke_event_synchronize_init)
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE_HANDLE, convoke_event_handle_init)
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE_EVENT, convoke_event_event_init))

static void
convoke_event_finalize (GObject *object)
{
  ConvokeEvent *self = CONVOKE_EVENT (object);

  if (self->lent >= 0)
    close (self->lent);
  convoke_event_core_clear (&self->core);

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
  convoke_type_set_threading (G_TYPE_FROM_CLASS (klass), CONVOKE_THREADING_ANY);

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
  self->lent = FRESH;
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
