/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "death-case.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

#define CLASS "Victim"

typedef struct
{
  DeathWay    way;
  int         code;
  const char *words;
} Cause;

static const Cause causes[] = {
  { DEATH_WAY_SEGV, CONVOKE_ERROR_SERVER_DIED, "killed by signal SEGV" },
  { DEATH_WAY_ABORT, CONVOKE_ERROR_SERVER_DIED, "killed by signal ABRT" },
  { DEATH_WAY_EXIT, CONVOKE_ERROR_SERVER_DIED, "ended with status 0" },
  { DEATH_WAY_EXIT_3, CONVOKE_ERROR_SERVER_DIED, "ended with status 3" },
  { DEATH_WAY_KILL, CONVOKE_ERROR_SERVER_DIED, "killed by signal KILL" },
  { DEATH_WAY_FORK, CONVOKE_ERROR_SERVER_DIED, "ended with status 4" },
  { DEATH_WAY_CLOSE, CONVOKE_ERROR_DISCONNECTED, "" },
  { DEATH_WAY_RUBBISH, CONVOKE_ERROR_PROTOCOL, "sent what is no message" },
};

const char *
death_way_get_nick (DeathWay way)
{
  return g_enum_get_value (g_type_class_peek_static (DEATH_TYPE_WAY), way)->value_nick;
}

static const Cause *
find_cause (DeathWay way)
{
  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (causes[i].way == way)
      return &causes[i];

  g_assert_not_reached ();
}

static void
assert_words (const GError *error,
              const Cause  *cause)
{
  if (strstr (error->message, cause->words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, cause->words);
}

void
death_assert_cause (const GError *error,
                    DeathWay      way)
{
  const Cause *cause = find_cause (way);

  /* A process without descriptors is gone from us at once, and dead as soon as a main loop of it notices. */
  if (way != DEATH_WAY_CLOSE || !g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED))
    g_assert_error (error, CONVOKE_ERROR, cause->code);
  assert_words (error, cause);
}

void
death_assert_start_cause (const GError *error,
                          DeathWay      way)
{
  if (!g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_EXEC_FAILURE))
    death_assert_cause (error, way);
  else
    assert_words (error, find_cause (way));
}

void
death_assert_gone (const GError *error,
                   DeathWay      way)
{
  if (!g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED))
    death_assert_cause (error, way);
  else
    assert_words (error, find_cause (way));
}

static void
write_keyfile (DeathCase  *self,
               const char *more)
{
  g_autofree char *path = g_build_filename (self->dir, CLASS ".component", NULL);
  g_autofree char *module = g_test_build_filename (G_TEST_BUILT, "death", "libdeath-component.so", NULL);
  g_autofree char *text = g_strdup_printf ("[Component]\n"
                                           "Interfaces=Death-1.Victim;\n"
                                           "Module=%s\n"
                                           "Type=DeathComponent\n"
                                           "Threading=any\n"
                                           "Distance=process\n"
                                           "Placement=must\n"
                                           "%s\n",
                                           module, more != NULL ? more : "Isolation=instance");
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

void
death_case_init (DeathCase  *self,
                 const char *more)
{
  g_autoptr (GError) error = NULL;
  const char *directories[] = { NULL, NULL };

  memset (self, 0, sizeof *self);
  self->pidfd = -1;
  self->before = death_account_take ();
  self->dir = g_dir_make_tmp ("convoke-death-XXXXXX", &error);
  g_assert_no_error (error);
  write_keyfile (self, more);
  directories[0] = self->dir;
  self->catalog = convoke_catalog_new (directories);
}

static void
find_process (DeathCase *self)
{
  g_autoptr (GVariant) placement = convoke_dup_placement (G_OBJECT (self->victim));
  gint32 pid = 0;

  g_assert_true (g_variant_lookup (placement, "pid", "i", &pid));
  if (self->pidfd >= 0)
    close (self->pidfd);
  self->pidfd = syscall (SYS_pidfd_open, pid, 0);
  g_assert_cmpint (self->pidfd, >=, 0);
}

gboolean
death_case_activate (DeathCase  *self,
                     gint64      timeout,
                     GError    **error)
{
  g_autoptr (ConvokeActivation) activation = convoke_activation_new ();
  GObject *object;

  convoke_activation_set_timeout (activation, timeout);
  object = convoke_catalog_activate (self->catalog, CLASS, DEATH_TYPE_VICTIM, activation, NULL, error);
  if (object == NULL)
    return FALSE;

  self->victim = DEATH_VICTIM (object);
  find_process (self);
  return TRUE;
}

void
death_case_start (DeathCase  *self,
                  const char *more)
{
  g_autoptr (GError) error = NULL;

  death_case_init (self, more);
  death_case_activate (self, DEATH_PATIENCE, &error);
  g_assert_no_error (error);
}

void
death_case_clear (DeathCase *self)
{
  g_autofree char *path = g_build_filename (self->dir, CLASS ".component", NULL);

  g_clear_object (&self->victim);
  g_clear_object (&self->catalog);
  if (self->pidfd >= 0)
    close (self->pidfd);
  g_unlink (path);
  g_rmdir (self->dir);
  g_clear_pointer (&self->dir, g_free);

  death_account_settle (&self->before);
}

/* --- the end of the process --- */

void
death_case_arm (DeathCase *self,
                DeathWay   way)
{
  g_autoptr (GError) error = NULL;

  death_victim_arm (self->victim, way, &error);
  g_assert_no_error (error);
}

void
death_case_signal (DeathCase *self,
                   int        signum)
{
  g_assert_cmpint (syscall (SYS_pidfd_send_signal, self->pidfd, signum, NULL, 0), ==, 0);
}

void
death_case_stop (DeathCase *self)
{
  siginfo_t info;

  death_case_signal (self, SIGSTOP);
  g_assert_cmpint (waitid (P_PIDFD, (id_t) self->pidfd, &info, WSTOPPED), ==, 0);
  g_assert_cmpint (info.si_code, ==, CLD_STOPPED);
}

void
death_case_trigger (DeathCase *self)
{
  death_case_signal (self, SIGUSR1);
}

void
death_case_call_until_gone (DeathCase *self,
                            DeathWay   way)
{
  gint64 deadline = g_get_monotonic_time () + DEATH_PATIENCE;
  g_autoptr (GError) error = NULL;

  while (error == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      death_victim_add_one (self->victim, 1, &error);
    }
  death_assert_gone (error, way);
}

/* --- what is made once --- */

/* Threads that are idle stay for a while, from one case to the next. */
static DeathAccount at_first;

static void
activated_cb (GObject      *catalog,
              GAsyncResult *result,
              gpointer      data)
{
  *(GObject **) data = convoke_catalog_activate_finish (CONVOKE_CATALOG (catalog), result, NULL);
}

/* GLib's worker is made for good, too. */
static void
activate_later (DeathCase *self)
{
  g_autoptr (GObject) object = NULL;

  convoke_catalog_activate_async (self->catalog, CLASS, DEATH_TYPE_VICTIM, NULL, NULL, activated_cb, &object);
  while (object == NULL)
    g_main_context_iteration (NULL, TRUE);
}

void
death_case_prepare (void)
{
  g_autoptr (GError) error = NULL;
  DeathCase warm_up;

  g_type_class_ref (DEATH_TYPE_WAY);
  g_type_ensure (DEATH_TYPE_VICTIM);
  g_type_ensure (DEATH_TYPE_WATCHER);
  death_account_init ();

  death_case_start (&warm_up, NULL);
  g_assert_cmpint (death_victim_add_one (warm_up.victim, 1, &error), ==, 2);
  g_assert_no_error (error);
  activate_later (&warm_up);
  /* What is made for good is made here: descriptors, and GLib's thread beside ours. */
  warm_up.before.n_fds = warm_up.before.n_threads = G_MAXUINT;
  death_case_clear (&warm_up);
  at_first = (DeathAccount) { .n_fds = death_account_take ().n_fds, .n_threads = 2 };
}

void
death_case_settle (void)
{
  death_account_settle (&at_first);
}

int
death_case_run (void)
{
  int result = g_test_run ();

  death_case_settle ();
  return result;
}
