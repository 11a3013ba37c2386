/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * GLib has one way to see a message before it is printed: a handler for its
 * domain, for all threads. Ours is there only while somebody looks, and gives
 * on what is not meant for them to GLib's default handler: one that the
 * program has for such a domain cannot be asked for, and misses that. A
 * message that is to end the process (G_DEBUG=fatal-warnings) is not held up:
 * somebody wants to see it.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-type-clash-private.h"

/* Where the refusal is told, and where what follows from it. */
static const char * const domains[] = { "GLib-GObject", "GLib", G_LOG_DOMAIN };

/* What g_type_register_static () says, and g_type_module_register_type (). */
static const char * const refusals[] = { "cannot register existing type", "Two different plugins tried to register" };

static __thread ConvokeTypeClash *current;

static GMutex clash_lock;
static guint n_looking;                               /* LOCK: clash_lock */
static guint handlers[G_N_ELEMENTS (domains)];        /* LOCK: clash_lock */

static gboolean
is_refusal (const char *message)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_str_has_prefix (message, refusals[i]))
      return TRUE;

  return FALSE;
}

static void
message_cb (const char     *domain,
            GLogLevelFlags  level,
            const char     *message,
            gpointer        data)
{
  if (current != NULL && current->message == NULL && is_refusal (message))
    current->message = g_strdup (message);
  else if (current == NULL || current->message == NULL)
    g_log_default_handler (domain, level, message, NULL);
}

static void
start_looking (void)
{
  g_mutex_lock (&clash_lock);
  if (n_looking++ == 0)
    for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
      handlers[i] = g_log_set_handler (domains[i], G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL, message_cb, NULL);
  g_mutex_unlock (&clash_lock);
}

static void
stop_looking (void)
{
  g_mutex_lock (&clash_lock);
  if (--n_looking == 0)
    for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
      g_log_remove_handler (domains[i], handlers[i]);
  g_mutex_unlock (&clash_lock);
}

void
convoke_type_clash_begin (ConvokeTypeClash *self)
{
  self->message = NULL;
  self->outer = current;
  start_looking ();
  current = self;
}

gboolean
convoke_type_clash_end (ConvokeTypeClash  *self,
                        const char        *what,
                        GError           **error)
{
  gboolean good = self->message == NULL;

  current = self->outer;
  stop_looking ();
  if (!good)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED,
                 "%s: %s", what, self->message);
  g_clear_pointer (&self->message, g_free);

  return good;
}
