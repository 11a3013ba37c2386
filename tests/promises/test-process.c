/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the library does to the process that it is loaded into: as little as can be. */

#include <convoke.h>
#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../test-child.h"

/* A component: a list model that says how many items it has, or never answers. */
typedef struct
{
  GObject parent_instance;

  gboolean blocks;
} TestList;
typedef GObjectClass TestListClass;

static GType test_list_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestList, g_object_unref)

static GType
test_list_get_item_type (GListModel *model)
{
  return G_TYPE_OBJECT;
}

static guint
test_list_get_n_items (GListModel *model)
{
  while (((TestList *) model)->blocks)
    pause ();
  return 42;
}

static gpointer
test_list_get_item (GListModel *model,
                    guint       position)
{
  return NULL;
}

static void
test_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = test_list_get_item_type;
  iface->get_n_items = test_list_get_n_items;
  iface->get_item = test_list_get_item;
}

G_DEFINE_TYPE_WITH_CODE (TestList, test_list, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, test_list_model_init))

static void
test_list_init (TestList *self)
{
}

static void
test_list_class_init (TestListClass *klass)
{
}

/* A subclass that may run anywhere. */
typedef TestList TestFreeList;
typedef TestListClass TestFreeListClass;

static GType test_free_list_get_type (void);

G_DEFINE_TYPE (TestFreeList, test_free_list, test_list_get_type ())

static void
test_free_list_init (TestFreeList *self)
{
}

static void
test_free_list_class_init (TestFreeListClass *klass)
{
  convoke_type_set_threading (G_OBJECT_CLASS_TYPE (klass), CONVOKE_THREADING_ANY);
}

static ConvokeCall *
begin (GType     type,
       gboolean  blocks,
       GError  **error)
{
  g_autoptr (TestList) list = g_object_new (type, NULL);
  g_autoptr (ConvokeCall) call = NULL;

  list->blocks = blocks;
  call = convoke_create_call (G_OBJECT (list), G_TYPE_LIST_MODEL, error);
  if (call == NULL || !convoke_call_begin (call, "get_n_items", error))
    return NULL;
  return g_steal_pointer (&call);
}

static void
call_once (GType type)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeCall) call = begin (type, FALSE, &error);
  guint n_items = 0;

  g_assert_no_error (error);
  convoke_call_wait (call, 60 * G_USEC_PER_SEC, &error);
  g_assert_no_error (error);
  convoke_call_finish (call, "get_n_items", &error, &n_items);
  g_assert_no_error (error);
  g_assert_cmpuint (n_items, ==, 42);
}

static void
test_process_no_loop (void)
{
  g_test_summary ("A program without a main loop calls an object of its own thread and of the workers");

  call_once (test_list_get_type ());
  call_once (test_free_list_get_type ());
}

/* Above are the real-time signals, the first of them the C library's own. */
#define N_SIGNALS 32

static void
test_process_signals (void)
{
  struct sigaction before[N_SIGNALS];
  struct sigaction after;
  sigset_t mask_before, mask_after;

  g_test_summary ("No signal handler is installed, and the caller's signal mask is kept");

  for (int i = 1; i < N_SIGNALS; i++)
    sigaction (i, NULL, &before[i]);
  pthread_sigmask (SIG_SETMASK, NULL, &mask_before);

  call_once (test_list_get_type ());
  call_once (test_free_list_get_type ());

  for (int i = 1; i < N_SIGNALS; i++)
    {
      sigaction (i, NULL, &after);
      g_assert_true (after.sa_handler == before[i].sa_handler);
    }
  pthread_sigmask (SIG_SETMASK, NULL, &mask_after);
  for (int i = 1; i < N_SIGNALS; i++)
    g_assert_cmpint (sigismember (&mask_after, i), ==, sigismember (&mask_before, i));
}

static guint
count_fds (void)
{
  DIR *dir = opendir ("/proc/self/fd");
  guint n = 0;

  while (readdir (dir) != NULL)
    n++;
  closedir (dir);
  return n;
}

static void
poll_once (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeCall) call = begin (test_free_list_get_type (), FALSE, &error);
  GPollFD fd = { .events = G_IO_IN };

  g_assert_no_error (error);
  fd.fd = convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (call), &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_poll (&fd, 1, 60 * 1000), ==, 1);
}

static void
test_process_fds (void)
{
  guint before;

  g_test_summary ("Calls that were polled leave no file descriptor behind");

  poll_once ();
  before = count_fds ();
  for (guint i = 0; i < 20; i++)
    poll_once ();
  g_assert_cmpuint (count_fds (), ==, before);
}

static void
fail_in_child (ConvokeCall *finished,
               ConvokeCall *pending)
{
  g_autoptr (GError) begin_error = NULL;
  g_autoptr (GError) wait_error = NULL;

  test_child_end (!convoke_call_begin (finished, "get_n_items", &begin_error) &&
                  g_error_matches (begin_error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED) &&
                  !convoke_call_wait (pending, 60 * G_USEC_PER_SEC, &wait_error) &&
                  g_error_matches (wait_error, CONVOKE_ERROR, CONVOKE_ERROR_FORKED));
}

static void
test_process_forked (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeCall) finished = NULL;
  g_autoptr (ConvokeCall) pending = NULL;
  pid_t child;
  int status;

  g_test_summary ("In a child made by fork () begin and wait fail with FORKED; the parent goes on");

  finished = begin (test_free_list_get_type (), FALSE, &error);
  g_assert_no_error (error);
  convoke_call_wait (finished, 60 * G_USEC_PER_SEC, &error);
  g_assert_no_error (error);
  convoke_call_finish (finished, "get_n_items", &error, NULL);
  g_assert_no_error (error);
  pending = begin (test_list_get_type (), FALSE, &error);
  g_assert_no_error (error);

  child = fork ();
  if (child == 0)
    fail_in_child (finished, pending);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);

  convoke_call_wait (pending, 60 * G_USEC_PER_SEC, &error);
  g_assert_no_error (error);
  call_once (test_free_list_get_type ());
}

static void
test_process_exit_while_blocked (void)
{
  g_test_summary ("A program exits although a method blocks for ever");

  if (g_test_subprocess ())
    {
      /* Also a pending call that somebody holds must not hold the exit. */
      static ConvokeCall *kept;
      g_autoptr (GError) error = NULL;

      kept = begin (test_free_list_get_type (), TRUE, &error);
      g_assert_nonnull (kept);
      g_assert_no_error (error);
      exit (0);
    }
  g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  convoke_require ("Gio", "2.0", &error);
  g_assert_no_error (error);

  g_test_add_func ("/promises/process/no-loop", test_process_no_loop);
  g_test_add_func ("/promises/process/signals", test_process_signals);
  g_test_add_func ("/promises/process/fds", test_process_fds);
  g_test_add_func ("/promises/process/forked", test_process_forked);
  g_test_add_func ("/promises/process/exit-while-blocked", test_process_exit_while_blocked);
  return g_test_run ();
}
