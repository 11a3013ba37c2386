/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A component for hosts: what it is asked the price of, it does. The variable
 * HOSTED in its environment says what it does when it is made; but for the first
 * one ever, where HOSTED_FIRST names a file.
 */

#include <convoke.h>
#include <convoke-test.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HOSTED_TYPE_FEED (hosted_feed_get_type ())
G_DECLARE_FINAL_TYPE (HostedFeed, hosted_feed, HOSTED, FEED, GObject)

struct _HostedFeed
{
  GObject parent_instance;
};

static void hosted_feed_iface_init (ConvokeTestPriceFeedInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HostedFeed, hosted_feed, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PRICE_FEED, hosted_feed_iface_init))

G_MODULE_EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);

enum { PROP_CURRENCY = 1 };

static gint n_made;

static double
say_and_die (int signum)
{
  fprintf (stderr, "the cups are broken\n");
  raise (signum);
  return 0;
}

static double
be_main_thread (void)
{
  return syscall (SYS_gettid) == getpid ();
}

static gpointer
never_end_cb (gpointer data)
{
  for (;;)
    pause ();
  return NULL;
}

static double
start_thread (void)
{
  g_thread_unref (g_thread_new ("never-ends", never_end_cb, NULL));
  return 1;
}

/* Blocks its thread, without a wait of the library's. */
static double
block_until_cancelled (GError **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);
  g_autoptr (GCancellable) cancellable = convoke_call_context_dup_cancellable (context);
  GPollFD poll_fd;

  if (g_cancellable_make_pollfd (cancellable, &poll_fd))
    {
      g_poll (&poll_fd, 1, -1);
      g_cancellable_release_fd (cancellable);
    }
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return 0;
}

static double
report_once_until_cancelled (GError **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);

  convoke_call_context_report_fraction (context, 0.25);
  return block_until_cancelled (error);
}

static double
report_until_cancelled (GError **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);

  convoke_call_context_report_fraction (context, 0.25);
  convoke_call_context_report_status (context, "one cup of four");
  return block_until_cancelled (error);
}

static double
lock (gboolean   locked,
      GError   **error)
{
  static ConvokeClassFactory *factory;

  if (factory == NULL)
    factory = convoke_class_factory_new_for_type (HOSTED_TYPE_FEED);

  return convoke_class_factory_lock_server (factory, locked, error);
}

static double
change (ConvokeTestPriceFeed *feed)
{
  g_signal_emit_by_name (feed, "price-changed", "cup", 7.0);
  return 1;
}

static double
hosted_feed_get_price (ConvokeTestPriceFeed  *feed,
                       const char            *item,
                       GError               **error)
{
  if (g_str_equal (item, "pid"))
    return getpid ();
  if (g_str_equal (item, "made"))
    return g_atomic_int_get (&n_made);
  if (g_str_equal (item, "main-thread"))
    return be_main_thread ();
  if (g_str_equal (item, "thread-that-never-ends"))
    return start_thread ();
  if (g_str_equal (item, "death"))
    return say_and_die (SIGKILL);
  if (g_str_equal (item, "until-cancelled"))
    return block_until_cancelled (error);
  if (g_str_equal (item, "report"))
    return report_until_cancelled (error);
  if (g_str_equal (item, "report-once"))
    return report_once_until_cancelled (error);
  if (g_str_equal (item, "hang"))
    never_end_cb (NULL);
  if (g_str_equal (item, "hold"))
    return convoke_server_process_hold ();
  if (g_str_equal (item, "release"))
    return convoke_server_process_release ();
  if (g_str_equal (item, "lock") || g_str_equal (item, "unlock"))
    return lock (g_str_equal (item, "lock"), error);
  if (g_str_equal (item, "change"))
    return change (feed);
  if (g_str_equal (item, "environment"))
    return g_strcmp0 (g_getenv ("HOSTED"), "seven") == 0 ? 7 : 0;

  g_set_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM, "There is no %s", item);
  return 0;
}

static void
hosted_feed_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  g_value_set_string (value, "EUR");
}

static void
hosted_feed_set_property (GObject      *object,
                          guint         id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
}

static void
hosted_feed_iface_init (ConvokeTestPriceFeedInterface *iface)
{
  iface->get_price = hosted_feed_get_price;
}

static void
hosted_feed_class_init (HostedFeedClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = hosted_feed_get_property;
  G_OBJECT_CLASS (klass)->set_property = hosted_feed_set_property;
  g_object_class_override_property (G_OBJECT_CLASS (klass), PROP_CURRENCY, "currency");
}

/* FALSE: somebody did it before; @path tells. */
static gboolean
is_first (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return FALSE;

  return g_file_set_contents (path, "", 0, NULL);
}

static void
hosted_feed_init (HostedFeed *self)
{
  const char *what = g_getenv ("HOSTED");
  const char *first = g_getenv ("HOSTED_FIRST");

  g_atomic_int_inc (&n_made);
  if (first != NULL && is_first (first))
    return;

  if (g_strcmp0 (what, "hang") == 0)
    never_end_cb (NULL);
  if (g_strcmp0 (what, "death") == 0)
    say_and_die (SIGKILL);
  if (g_strcmp0 (what, "exit") == 0)
    _exit (3);
}

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  if (g_str_equal (type_name, "HostedFeed"))
    return convoke_class_factory_new_for_type (HOSTED_TYPE_FEED);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CLASS_NOT_AVAILABLE, "There is no %s here", type_name);
  return NULL;
}
