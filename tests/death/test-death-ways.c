/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The ways to die themselves, seen from the process that started the dying
 * one. The test program is its own child, with the arguments "--child" and how.
 */

#include "death-account.h"
#include "death-do.h"

#include "convoke-child-private.h"
#include "convoke-error.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE (30 * G_USEC_PER_SEC)

typedef struct
{
  DeathWay    way;
  const char *words;  /* of its end */
} Claim;

static const Claim claims[] = {
  { DEATH_WAY_SEGV, "killed by signal SEGV" },
  { DEATH_WAY_ABORT, "killed by signal ABRT" },
  { DEATH_WAY_EXIT, "ended with status 0" },
  { DEATH_WAY_EXIT_3, "ended with status 3" },
  { DEATH_WAY_KILL, "killed by signal KILL" },
  { DEATH_WAY_FORK, "ended with status 4" },
};

static const char *program;

static const char *
get_nick (DeathWay way)
{
  return g_enum_get_value (g_type_class_peek_static (DEATH_TYPE_WAY), way)->value_nick;
}

static ConvokeChild *
start (DeathWay  way,
       int      *socket)
{
  const char *argv[] = { program, "--child", get_nick (way), NULL };
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "ASAN_OPTIONS", "detect_leaks=0", TRUE);
  g_autoptr (GError) error = NULL;
  ConvokeChild *child = convoke_child_spawn (NULL, argv, (const char * const *) environment, socket, &error);

  g_assert_no_error (error);
  return child;
}

/* What comes from the child until its end of the socket is closed, or @length bytes. */
static gsize
read_all (int    fd,
          char  *data,
          gsize  length)
{
  gsize done = 0;
  gssize n = 1;

  while (done < length && n > 0)
    {
      n = read (fd, data + done, length - done);
      done += MAX (n, 0);
    }

  return done;
}

/* Those that came to us when their parent died. */
static void
reap_orphans (void)
{
  while (waitpid (-1, NULL, 0) > 0)
    ;
}

static void
test_end (gconstpointer data)
{
  const Claim *claim = data;
  DeathAccount before = death_account_take ();
  g_autoptr (ConvokeChild) child = NULL;
  g_autoptr (GError) end = NULL;
  int socket;

  g_test_summary ("A process that dies so is seen to");

  child = start (claim->way, &socket);
  g_assert_true (convoke_child_wait (child, PATIENCE));
  end = convoke_child_dup_end (child);
  g_assert_error (end, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  g_assert_nonnull (strstr (end->message, claim->words));
  close (socket);
  if (claim->way == DEATH_WAY_FORK)
    reap_orphans ();
  g_clear_pointer (&child, convoke_child_unref);
  death_account_settle (&before);
}

static void
test_fork (void)
{
  g_autoptr (ConvokeChild) child = NULL;
  struct pollfd poll_fd = { .events = POLLIN };

  g_test_summary ("Who leaves a child behind is dead, and its socket is open");

  child = start (DEATH_WAY_FORK, &poll_fd.fd);
  g_assert_true (convoke_child_wait (child, PATIENCE));
  g_assert_cmpint (poll (&poll_fd, 1, 0), ==, 0);
  close (poll_fd.fd);
  reap_orphans ();
}

static void
test_close (void)
{
  g_autoptr (ConvokeChild) child = NULL;
  char byte;
  int socket;

  g_test_summary ("Who closes its descriptors lives, and its socket is closed");

  child = start (DEATH_WAY_CLOSE, &socket);
  g_assert_cmpuint (read_all (socket, &byte, 1), ==, 0);
  g_assert_false (convoke_child_wait (child, 0));
  close (socket);
}

static void
test_rubbish (void)
{
  g_autoptr (ConvokeChild) child = NULL;
  char bytes[256] = { 0, };
  int socket;

  g_test_summary ("Who writes rubbish lives");

  child = start (DEATH_WAY_RUBBISH, &socket);
  g_assert_cmpuint (read_all (socket, bytes, sizeof bytes), ==, sizeof bytes);
  g_assert_cmpint ((guint8) bytes[255], ==, 0xa5);
  g_assert_false (convoke_child_wait (child, 0));
  close (socket);
}

static void
test_stop (void)
{
  g_autoptr (ConvokeChild) child = NULL;
  siginfo_t info = { 0, };
  int socket;

  g_test_summary ("Who is stopped can be ended");

  child = start (DEATH_WAY_STOP, &socket);
  g_assert_cmpint (waitid (P_PID, convoke_child_get_pid (child), &info, WSTOPPED | WNOWAIT), ==, 0);
  g_assert_cmpint (info.si_code, ==, CLD_STOPPED);
  close (socket);
}

static void
test_armed (void)
{
  g_autoptr (ConvokeChild) child = NULL;
  g_autoptr (GError) end = NULL;
  const char *argv[] = { program, "--child-armed", "segv", NULL };
  g_auto (GStrv) environment = g_get_environ ();
  char byte;
  int socket;

  g_test_summary ("Who is armed lives until the signal");

  child = convoke_child_spawn (NULL, argv, (const char * const *) environment, &socket, NULL);
  g_assert_cmpuint (read_all (socket, &byte, 1), ==, 1);
  convoke_child_kill (child, SIGUSR1);
  g_assert_true (convoke_child_wait (child, PATIENCE));
  end = convoke_child_dup_end (child);
  g_assert_nonnull (strstr (end->message, "killed by signal SEGV"));
  close (socket);
}

static int
be_child (const char *how,
          const char *nick)
{
  DeathWay way = g_enum_get_value_by_nick (g_type_class_ref (DEATH_TYPE_WAY), nick)->value;

  if (g_str_equal (how, "--child"))
    death_do (way);
  else
    {
      death_arm (way);
      if (write (3, "x", 1) != 1)
        return EXIT_FAILURE;
    }
  death_do (DEATH_WAY_NEVER);
  return EXIT_FAILURE;
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && g_str_has_prefix (argv[1], "--child"))
    return be_child (argv[1], argv[2]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_type_class_ref (DEATH_TYPE_WAY);
  death_account_init ();

  for (gsize i = 0; i < G_N_ELEMENTS (claims); i++)
    {
      g_autofree char *path = g_strdup_printf ("/death/ways/end/%s", get_nick (claims[i].way));

      g_test_add_data_func (path, &claims[i], test_end);
    }
  g_test_add_func ("/death/ways/fork", test_fork);
  g_test_add_func ("/death/ways/close", test_close);
  g_test_add_func ("/death/ways/rubbish", test_rubbish);
  g_test_add_func ("/death/ways/stop", test_stop);
  g_test_add_func ("/death/ways/armed", test_armed);

  return g_test_run ();
}
