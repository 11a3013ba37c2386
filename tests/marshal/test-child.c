/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Processes that we start. The test program is its own child: with two
 * arguments, "--child" and what to do.
 */

#include "convoke-child-private.h"
#include "convoke-error.h"

#include "../test-child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE (30 * G_USEC_PER_SEC)

/* --- what the child does --- */

static int
tell_descriptors (void)
{
  DIR *dir = opendir ("/proc/self/fd");
  struct dirent *entry;
  char path[64];

  while ((entry = readdir (dir)) != NULL)
    {
      int fd = atoi (entry->d_name);
      gssize length;

      if (*entry->d_name == '.' || fd == dirfd (dir))
        continue;
      g_snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
      char target[256] = { 0, };
      length = readlink (path, target, sizeof target - 1);
      target[length < 0 ? 0 : strcspn (target, ":")] = '\0';
      dprintf (3, "%d %s\n", fd, target);
    }
  closedir (dir);
  return 0;
}

static int
tell_signals (void)
{
  sigset_t mask;
  int blocked = 0, ignored = 0, death = 0;

  sigprocmask (SIG_SETMASK, NULL, &mask);
  for (int signum = 1; signum < SIGRTMIN; signum++)
    {
      struct sigaction action;

      blocked += sigismember (&mask, signum) == 1;
      ignored += sigaction (signum, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
    }
  prctl (PR_GET_PDEATHSIG, &death);
  dprintf (3, "blocked %d, ignored %d, death %d, session %d", blocked, ignored, death, getsid (0) == getpid ());
  return 0;
}

static int
flood (void)
{
  char line[1000];

  memset (line, 'x', sizeof line);
  for (int i = 0; i < 1000; i++)
    if (write (2, line, sizeof line) < 0)
      return 1;
  dprintf (2, "the end");
  return 0;
}

/* Has a child of its own, and dies of it. */
static int
be_mother (void)
{
  g_autofree char *path = g_file_read_link ("/proc/self/exe", NULL);
  const char *argv[] = { path, "--child", "nothing", NULL };
  const char *envp[] = { NULL };
  int socket;
  ConvokeChild *child = convoke_child_spawn (NULL, argv, envp, &socket, NULL);

  return dprintf (3, "%d", convoke_child_get_pid (child)) < 0 || raise (SIGKILL);
}

static int
be_child (const char *what)
{
  if (g_str_equal (what, "mother"))
    return be_mother ();
  if (g_str_equal (what, "descriptors"))
    return tell_descriptors ();
  if (g_str_equal (what, "signals"))
    return tell_signals ();
  if (g_str_equal (what, "flood"))
    return flood ();
  if (g_str_equal (what, "environment"))
    return dprintf (3, "%s %s", getenv ("MINE"), getenv ("HOME") == NULL ? "nothing else" : "more") < 0;
  if (g_str_equal (what, "words"))
    return dprintf (2, "the beans are gone\n") < 0 ? 1 : 3;
  if (g_str_equal (what, "bytes"))
    return write (2, "\xff\x1b[31mred\0x", 11) < 0;
  if (g_str_equal (what, "killed"))
    return raise (SIGKILL);
  pause ();
  return 0;
}

/* --- helpers --- */

static char *program;

static ConvokeChild *
spawn_program (const char  *path,
               const char  *what,
               int         *socket,
               GError     **error)
{
  const char *argv[] = { path, "--child", what, NULL };
  const char *envp[] = { "MINE=1", "ASAN_OPTIONS=detect_leaks=0", NULL };

  return convoke_child_spawn ("org.example.Child", argv, envp, socket, error);
}

static ConvokeChild *
spawn (const char *what,
       int        *socket)
{
  g_autoptr (GError) error = NULL;
  ConvokeChild *child = spawn_program (program, what, socket, &error);

  g_assert_no_error (error);
  g_assert_nonnull (child);
  return child;
}

static char *
read_all (int socket)
{
  GString *text = g_string_new (NULL);
  char buffer[256];
  gssize n;

  while ((n = read (socket, buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, n);
  return g_string_free (text, FALSE);
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* The nursery's thread ends by itself, soon after its last child. */
static void
assert_entries_come_down_to (const char *path,
                             guint       wanted)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  while (count_entries (path) > wanted && g_get_monotonic_time () < deadline)
    g_thread_yield ();
  g_assert_cmpuint (count_entries (path), <=, wanted);
}

/* --- claims --- */

static void
test_descriptors (void)
{
  int socket, leaky = open ("/dev/zero", O_RDONLY), high = fcntl (leaky, F_DUPFD, 100);
  g_autoptr (ConvokeChild) child = spawn ("descriptors", &socket);
  g_autofree char *told = read_all (socket);

  g_test_summary ("D14: a child has /dev/null twice, a pipe as stderr, the socket as 3, and nothing else");

  g_assert_cmpstr (told, ==, "0 /dev/null\n1 /dev/null\n2 pipe\n3 socket\n");
  close (socket);
  close (leaky);
  close (high);
}

static void
test_closed_stdio (void)
{
  g_autoptr (ConvokeChild) child = NULL;
  g_autofree char *told = NULL;
  int socket;

  g_test_summary ("A program without stdin can start children");

  /* What the library opens may get the number 0, and then nobody else can have it back. */
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  close (0);
  child = spawn ("descriptors", &socket);
  told = read_all (socket);
  g_assert_cmpstr (told, ==, "0 /dev/null\n1 /dev/null\n2 pipe\n3 socket\n");
  close (socket);
}

static void
test_signals (void)
{
  int socket;
  sigset_t mask, before;
  g_autoptr (ConvokeChild) child = NULL;
  g_autofree char *told = NULL;

  g_test_summary ("A child starts with no signal ignored or blocked, in a session of its own, and dies with us");

  sigemptyset (&mask);
  sigaddset (&mask, SIGUSR1);
  pthread_sigmask (SIG_BLOCK, &mask, &before);
  signal (SIGUSR2, SIG_IGN);
  child = spawn ("signals", &socket);
  told = read_all (socket);
  signal (SIGUSR2, SIG_DFL);
  pthread_sigmask (SIG_SETMASK, &before, NULL);

  g_assert_cmpstr (told, ==, "blocked 0, ignored 0, death 9, session 1");
  close (socket);
}

static void
test_environment (void)
{
  int socket;
  g_autoptr (ConvokeChild) child = spawn ("environment", &socket);
  g_autofree char *told = read_all (socket);

  g_test_summary ("A child has the environment that it was given");

  g_assert_cmpstr (told, ==, "1 nothing else");
  close (socket);
}

static void
test_last_words (void)
{
  int socket;
  g_autoptr (ConvokeChild) child = spawn ("words", &socket);
  g_autoptr (GError) end = NULL;
  g_autofree char *expected = g_strdup_printf ("process %d (org.example.Child) ended with status 3; its last words:\nthe beans are gone",
                                               convoke_child_get_pid (child));

  g_test_summary ("The end of a child tells who, how, and what it said last");

  g_assert_true (convoke_child_wait (child, PATIENCE));
  end = convoke_child_dup_end (child);
  g_assert_error (end, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  g_assert_cmpstr (end->message, ==, expected);
  close (socket);
}

static void
test_killed (void)
{
  int socket;
  g_autoptr (ConvokeChild) child = spawn ("killed", &socket);
  g_autoptr (GError) end = NULL;

  g_test_summary ("The end of a child tells the signal");

  g_assert_true (convoke_child_wait (child, PATIENCE));
  end = convoke_child_dup_end (child);
  g_assert_error (end, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
  g_assert_nonnull (strstr (end->message, "was killed by signal "));
  close (socket);
}

static void
test_running (void)
{
  int socket;
  g_autoptr (ConvokeChild) child = spawn ("nothing", &socket);

  g_test_summary ("A child that runs has no end, and waiting for it is bounded");

  g_assert_false (convoke_child_wait (child, 0));
  g_assert_null (convoke_child_dup_end (child));
  close (socket);
}

static void
test_harmless (void)
{
  int socket;
  g_autoptr (ConvokeChild) child = spawn ("bytes", &socket);
  g_autofree char *said = NULL;

  g_test_summary ("What a child says becomes UTF-8 that does nothing to a terminal");

  g_assert_true (convoke_child_wait (child, PATIENCE));
  said = convoke_child_dup_stderr (child);
  g_assert_cmpstr (said, ==, "\xef\xbf\xbd\xef\xbf\xbd[31mred\xef\xbf\xbdx");
  close (socket);
}

static void
test_flood (void)
{
  int socket;
  g_autoptr (ConvokeChild) child = spawn ("flood", &socket);
  g_autofree char *said = NULL;

  g_test_summary ("A child that writes more than a pipe holds is not kept from its end; the last 4 KiB are kept");

  g_assert_true (convoke_child_wait (child, PATIENCE));
  said = convoke_child_dup_stderr (child);
  g_assert_cmpuint (strlen (said), ==, 4096);
  g_assert_true (g_str_has_suffix (said, "xxxthe end"));
  close (socket);
}

static void
test_missing (void)
{
  int socket = -7;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A program that is not there fails with SERVER_EXEC_FAILURE naming it");

  g_assert_null (spawn_program ("/nowhere/convoke-host", "words", &socket, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_EXEC_FAILURE);
  g_assert_nonnull (strstr (error->message, "/nowhere/convoke-host"));
  g_assert_nonnull (strstr (error->message, g_strerror (ENOENT)));
  g_assert_cmpint (socket, ==, -7);
}

static void
test_not_executable (void)
{
  int socket;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A file that is no program fails with the system's reason");

  g_assert_null (spawn_program ("/dev/null", "words", &socket, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_EXEC_FAILURE);
  g_assert_nonnull (strstr (error->message, g_strerror (EACCES)));
}

static void
test_last_unref (void)
{
  int socket;
  ConvokeChild *child = spawn ("nothing", &socket);
  GPid pid = convoke_child_get_pid (child);

  g_test_summary ("The last reference kills what still runs and leaves no zombie");

  convoke_child_unref (child);
  g_assert_cmpint (waitpid (pid, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
  g_assert_cmpint (kill (pid, 0), ==, -1);
  close (socket);
}

static void
test_sigchld_ignored (void)
{
  int socket;
  g_autoptr (ConvokeChild) child = NULL;
  g_autoptr (GError) end = NULL;

  g_test_summary ("A program that ignores SIGCHLD still sees a child end");

  signal (SIGCHLD, SIG_IGN);
  child = spawn ("words", &socket);
  g_assert_true (convoke_child_wait (child, PATIENCE));
  signal (SIGCHLD, SIG_DFL);
  end = convoke_child_dup_end (child);
  g_assert_nonnull (strstr (end->message, "the beans are gone"));
  close (socket);
}

/* Of another parent, by now: who takes it over can take its time. */
static gboolean
is_gone (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *stat = NULL;

  return !g_file_get_contents (path, &stat, NULL, NULL) || strstr (stat, ") Z ") != NULL;
}

static void
test_dies_with_parent (void)
{
  int socket;
  g_autoptr (ConvokeChild) mother = spawn ("mother", &socket);
  g_autofree char *told = read_all (socket);
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  GPid pid = atoi (told);

  g_test_summary ("A child dies when its parent is killed, whatever it does");

  g_assert_cmpint (pid, >, 1);
  while (!is_gone (pid) && g_get_monotonic_time () < deadline)
    g_usleep (1000);
  g_assert_true (is_gone (pid));
  close (socket);
}

static void
test_forked (void)
{
  int socket, status;
  ConvokeChild *child = spawn ("nothing", &socket);
  GPid forked = fork ();

  g_test_summary ("A forked process that drops a child leaves it alone");

  if (forked == 0)
    {
      convoke_child_unref (child);
      test_child_end (TRUE);
    }
  g_assert_cmpint (waitpid (forked, &status, 0), ==, forked);
  g_assert_cmpint (status, ==, 0);
  g_assert_false (convoke_child_wait (child, 20 * 1000));
  convoke_child_unref (child);
  close (socket);
}

static void
test_nothing_left (void)
{
  guint fds = count_entries ("/proc/self/fd"), threads = count_entries ("/proc/self/task");

  g_test_summary ("Children that are gone leave no descriptor, no thread and no process");

  for (int i = 0; i < 20; i++)
    {
      int socket;
      g_autoptr (ConvokeChild) one = spawn (i % 2 == 0 ? "nothing" : "words", &socket);

      close (socket);
    }

  assert_entries_come_down_to ("/proc/self/task", threads);
  assert_entries_come_down_to ("/proc/self/fd", fds);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

static gpointer
spawn_cb (gpointer data)
{
  int socket;
  ConvokeChild *child = spawn ("nothing", &socket);

  close (socket);
  return child;
}

static void
test_thread_ends (void)
{
  g_autoptr (ConvokeChild) child = g_thread_join (g_thread_new ("starter", spawn_cb, NULL));

  g_test_summary ("A child outlives the thread that asked for it");

  g_assert_false (convoke_child_wait (child, 50 * 1000));
}

int
main (int   argc,
      char *argv[])
{
  if (argc == 3 && g_str_equal (argv[1], "--child"))
    _exit (be_child (argv[2]));

  g_test_init (&argc, &argv, NULL);
  program = g_file_read_link ("/proc/self/exe", NULL);

  g_test_add_func ("/marshal/child/descriptors", test_descriptors);
  g_test_add_func ("/marshal/child/closed-stdio", test_closed_stdio);
  g_test_add_func ("/marshal/child/signals", test_signals);
  g_test_add_func ("/marshal/child/environment", test_environment);
  g_test_add_func ("/marshal/child/last-words", test_last_words);
  g_test_add_func ("/marshal/child/killed", test_killed);
  g_test_add_func ("/marshal/child/running", test_running);
  g_test_add_func ("/marshal/child/harmless", test_harmless);
  g_test_add_func ("/marshal/child/flood", test_flood);
  g_test_add_func ("/marshal/child/missing", test_missing);
  g_test_add_func ("/marshal/child/not-executable", test_not_executable);
  g_test_add_func ("/marshal/child/last-unref", test_last_unref);
  g_test_add_func ("/marshal/child/sigchld-ignored", test_sigchld_ignored);
  g_test_add_func ("/marshal/child/thread-ends", test_thread_ends);
  g_test_add_func ("/marshal/child/dies-with-parent", test_dies_with_parent);
  g_test_add_func ("/marshal/child/forked", test_forked);
  g_test_add_func ("/marshal/child/nothing-left", test_nothing_left);

  return g_test_run ();
}
