/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "death-account.h"

#include "convoke-pool-private.h"

#include <errno.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE (30 * G_USEC_PER_SEC)
#define IDLE_TIME 20000
#define LOOK_TIME 5000

#if defined (__SANITIZE_ADDRESS__) || defined (__SANITIZE_THREAD__)
#define HEAP_IS_KNOWN FALSE
#else
#define HEAP_IS_KNOWN TRUE
#endif

void
death_account_init (void)
{
  /* It has a descriptor. */
  g_main_context_iteration (NULL, FALSE);
  prctl (PR_SET_CHILD_SUBREAPER, 1);
  convoke_pool_set_idle_time (IDLE_TIME);
  g_thread_pool_set_max_idle_time (IDLE_TIME / 1000);
}

static GPtrArray *
list (const char *path)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));

  return names;
}

static guint
count (const char *path)
{
  g_autoptr (GPtrArray) names = list (path);

  return names->len;
}

/* What a child of the library left behind came to us when that died, and is ours to reap; the child itself, which leads its
 * session, is not. */
static gboolean
reap_orphan (void)
{
  siginfo_t info = { 0, };

  if (waitid (P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == 0 || getsid (info.si_pid) == info.si_pid)
    return FALSE;

  return waitid (P_PID, info.si_pid, &info, WEXITED) == 0;
}

static gboolean
has_children (void)
{
  siginfo_t info;

  while (reap_orphan ())
    ;
  return waitid (P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

DeathAccount
death_account_take (void)
{
  DeathAccount self = {
    .n_fds = count ("/proc/self/fd"),
    .n_threads = count ("/proc/self/task"),
    .has_children = has_children (),
  };

  if (HEAP_IS_KNOWN)
    self.heap = mallinfo2 ().uordblks;

  return self;
}

static gboolean
is_settled (const DeathAccount *before,
            const DeathAccount *now)
{
  return now->n_fds <= before->n_fds && now->n_threads <= before->n_threads && now->has_children <= before->has_children;
}

static void
print_all (const char *path,
           const char *file)
{
  g_autoptr (GPtrArray) names = list (path);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      g_autofree char *child = file != NULL ? g_build_filename (name, file, NULL) : NULL;
      g_autofree char *text = file != NULL ? NULL : g_file_read_link (name, NULL);

      if (child != NULL && g_file_get_contents (child, &text, NULL, NULL))
        g_strchomp (text);
      g_test_message ("%s: %s", name, text != NULL ? text : "?");
    }
}

void
death_account_settle (const DeathAccount *before)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  DeathAccount now = death_account_take ();

  while (!is_settled (before, &now) && g_get_monotonic_time () < deadline)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (LOOK_TIME);
      now = death_account_take ();
    }

  if (is_settled (before, &now))
    return;

  print_all ("/proc/self/fd", NULL);
  print_all ("/proc/self/task", "comm");
  g_error ("Left: %u descriptors after %u, %u threads after %u, children: %s",
           now.n_fds, before->n_fds, now.n_threads, before->n_threads, now.has_children ? "yes" : "no");
}
