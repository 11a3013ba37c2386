/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The components of components/hosted-feed.c and .py, by keyfiles of a directory that goes away. */

#include "convoke-apartment.h"
#include "convoke-channel-private.h"
#include "convoke-component-file-private.h"
#include "convoke-error.h"
#include "convoke-host.h"
#include "convoke-interface-info.h"
#include "convoke-process-placer-private.h"
#include "convoke-proxy.h"
#include "convoke-test.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE (60 * G_USEC_PER_SEC)

/* --- keyfiles --- */

static char *hosted_directory;

static inline ConvokeComponentFile *
load (const char *name,
      const char *loader,
      const char *module,
      const char *more)
{
  g_autofree char *basename = g_strconcat (name, ".component", NULL);
  g_autofree char *path = g_build_filename (hosted_directory, basename, NULL);
  g_autofree char *text = g_strdup_printf ("[Component]\n"
                                           "Interfaces=ConvokeTest-1.PriceFeed\n"
                                           "Loader=%s\n"
                                           "Module=%s\n"
                                           "Type=HostedFeed\n"
                                           "Distance=process\n"
                                           "%s", loader, module, more);
  g_autoptr (GError) error = NULL;
  ConvokeComponentFile *file;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  file = convoke_component_file_load (path, &error);
  g_assert_no_error (error);
  return file;
}

static inline ConvokeComponentFile *
load_c (const char *name,
        const char *more)
{
  return load (name, "c", g_getenv ("CONVOKE_TEST_HOSTED_MODULE"), more);
}

static inline ConvokeComponentFile *
load_python (const char *name,
             const char *more)
{
  g_autofree char *module = g_test_build_filename (G_TEST_DIST, "marshal", "components", "hosted_feed.py", NULL);
  g_autofree char *link = g_build_filename (hosted_directory, "hosted_feed.py", NULL);

  if (!g_file_test (link, G_FILE_TEST_EXISTS))
    g_assert_cmpint (symlink (module, link), ==, 0);
  return load (name, "python", "hosted_feed", more);
}

/* --- activation --- */

static inline GObject *
try_activate (const ConvokeComponentFile  *file,
              gint64                       timeout,
              GCancellable                *cancellable,
              GVariantDict                *placement,
              GError                     **error)
{
  g_autoptr (ConvokeApartment) home = convoke_apartment_new_for_context (NULL);
  g_auto (GVariantDict) ignored = G_VARIANT_DICT_INIT (NULL);

  return convoke_process_placer_activate (file, NULL, CONVOKE_TEST_TYPE_PRICE_FEED, home,
                                          timeout < 0 ? -1 : g_get_monotonic_time () + timeout, cancellable,
                                          placement != NULL ? placement : &ignored, error);
}

static inline ConvokeTestPriceFeed *
activate (const ConvokeComponentFile *file)
{
  g_autoptr (GError) error = NULL;
  GObject *object = try_activate (file, -1, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (CONVOKE_TEST_IS_PRICE_FEED (object));
  return CONVOKE_TEST_PRICE_FEED (object);
}

static inline double
ask (ConvokeTestPriceFeed *feed,
     const char           *item)
{
  g_autoptr (GError) error = NULL;
  double price = convoke_test_price_feed_get_price (feed, item, &error);

  g_assert_no_error (error);
  return price;
}

static inline GPid
ask_pid (ConvokeTestPriceFeed *feed)
{
  return (GPid) ask (feed, "pid");
}

static inline void
assert_contains (const GError *error,
                 const char   *text)
{
  if (strstr (error->message, text) == NULL)
    g_error ("“%s” is not in “%s”", text, error->message);
}

static inline gboolean
is_gone (GPid pid)
{
  return kill (pid, 0) < 0 && errno == ESRCH;
}

static inline void
assert_goes (GPid pid)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  while (!is_gone (pid) && g_get_monotonic_time () < deadline)
    g_usleep (1000);
  g_assert_true (is_gone (pid));
}

static inline void
hosted_init (void)
{
  g_autoptr (GError) error = NULL;

  convoke_require ("ConvokeTest", "1", &error);
  g_assert_no_error (error);
  hosted_directory = g_dir_make_tmp ("convoke-host-XXXXXX", &error);
  g_assert_no_error (error);
}

static inline void
hosted_clear (void)
{
  g_autoptr (GDir) dir = g_dir_open (hosted_directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (hosted_directory, name, NULL);

      g_remove (path);
    }
  g_rmdir (hosted_directory);
  g_free (hosted_directory);
}
