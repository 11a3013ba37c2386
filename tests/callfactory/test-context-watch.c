/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-apartment.h"
#include "convoke-context-watch.h"
#include "convoke-error.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <unistd.h>

#define BOUND_MS 20000

static gboolean
readable (ConvokeContextWatch *watch,
          int                  milliseconds)
{
  struct pollfd fd = { .fd = convoke_context_watch_get_fd (watch), .events = POLLIN };

  return poll (&fd, 1, milliseconds) == 1;
}

/* What a loop of another kind does, until @flag is set. */
static void
serve_until (ConvokeContextWatch *watch,
             const gboolean      *flag)
{
  while (!*flag)
    {
      g_assert_true (readable (watch, BOUND_MS));
      convoke_context_watch_dispatch (watch);
    }
}

static ConvokeContextWatch *
watch_new (GMainContext *context)
{
  g_autoptr (GError) error = NULL;
  ConvokeContextWatch *watch = convoke_context_watch_new (context, &error);

  g_assert_no_error (error);
  g_assert_nonnull (watch);
  return watch;
}

static gboolean
set_flag (gpointer flag)
{
  *(gboolean *) flag = TRUE;
  return G_SOURCE_REMOVE;
}

static void
attach (GMainContext *context,
        GSource      *source,
        gboolean     *flag)
{
  g_source_set_callback (source, set_flag, flag, NULL);
  g_source_attach (source, context);
  g_source_unref (source);
}

static void
test_quiet (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeContextWatch) watch = NULL;

  g_test_summary ("The descriptor of a context with nothing to do is not readable");

  g_main_context_push_thread_default (context);
  watch = watch_new (NULL);
  /* What making it left behind, if anything, is done now. */
  convoke_context_watch_dispatch (watch);
  g_assert_false (readable (watch, 0));
  g_main_context_pop_thread_default (context);
}

static void
test_attached_before (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeContextWatch) watch = NULL;
  gboolean ran = FALSE;

  g_test_summary ("A source that was there before the watch runs");

  g_main_context_push_thread_default (context);
  attach (context, g_idle_source_new (), &ran);
  watch = watch_new (context);
  serve_until (watch, &ran);
  g_main_context_pop_thread_default (context);
}

static void
test_timeout (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeContextWatch) watch = NULL;
  gboolean ran = FALSE;

  g_test_summary ("A time-out of the context makes the descriptor readable in time");

  g_main_context_push_thread_default (context);
  attach (context, g_timeout_source_new (20), &ran);
  watch = watch_new (context);
  serve_until (watch, &ran);
  g_main_context_pop_thread_default (context);
}

static gboolean
set_flag_for_fd (int          fd,
                 GIOCondition condition,
                 gpointer     flag)
{
  return set_flag (flag);
}

static void
test_fd (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeContextWatch) watch = NULL;
  int fds[2];

  g_test_summary ("A descriptor of the context counts, also one whose number was used before");

  g_main_context_push_thread_default (context);
  watch = watch_new (context);

  for (int i = 0; i < 3; i++)
    {
      GSource *source;
      gboolean ran = FALSE;

      g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
      source = g_unix_fd_source_new (fds[0], G_IO_IN);
      g_source_set_callback (source, G_SOURCE_FUNC (set_flag_for_fd), &ran, NULL);
      g_source_attach (source, context);
      convoke_context_watch_dispatch (watch);

      g_assert_cmpint (write (fds[1], "x", 1), ==, 1);
      serve_until (watch, &ran);
      g_source_unref (source);
      close (fds[0]);
      close (fds[1]);
    }
  g_main_context_pop_thread_default (context);
}

typedef struct
{
  GMainContext *context;
  gboolean      ran;
} Foreign;

static gpointer
attach_foreign (gpointer data)
{
  Foreign *foreign = data;

  attach (foreign->context, g_idle_source_new (), &foreign->ran);
  return NULL;
}

static void
test_attached_elsewhere (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ConvokeContextWatch) watch = NULL;
  Foreign foreign = { .context = context };
  GThread *thread;

  g_test_summary ("A source that another thread attaches wakes the loop");

  g_main_context_push_thread_default (context);
  watch = watch_new (context);
  thread = g_thread_new ("foreign", attach_foreign, &foreign);
  serve_until (watch, &foreign.ran);
  g_thread_join (thread);
  g_main_context_pop_thread_default (context);
}

static gpointer
watch_foreign (gpointer context)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_context_watch_new (context, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_BUSY);
  return NULL;
}

static void
test_foreign (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_test_summary ("The context of another thread is BUSY; so is the global one off the main thread");

  g_main_context_push_thread_default (context);
  g_thread_join (g_thread_new ("foreign", watch_foreign, context));
  g_main_context_pop_thread_default (context);
  g_thread_join (g_thread_new ("foreign", watch_foreign, NULL));
}

static void
test_released (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  ConvokeContextWatch *watch;

  g_test_summary ("The context is free again when the watch is gone");

  g_main_context_push_thread_default (context);
  watch = watch_new (context);
  g_main_context_pop_thread_default (context);
  g_assert_true (g_main_context_is_owner (context));
  g_assert_finalize_object (watch);
  g_assert_false (g_main_context_is_owner (context));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/context-watch/quiet", test_quiet);
  g_test_add_func ("/callfactory/context-watch/attached-before", test_attached_before);
  g_test_add_func ("/callfactory/context-watch/attached-elsewhere", test_attached_elsewhere);
  g_test_add_func ("/callfactory/context-watch/timeout", test_timeout);
  g_test_add_func ("/callfactory/context-watch/fd", test_fd);
  g_test_add_func ("/callfactory/context-watch/foreign", test_foreign);
  g_test_add_func ("/callfactory/context-watch/released", test_released);

  return g_test_run ();
}
