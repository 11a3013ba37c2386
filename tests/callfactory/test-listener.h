/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A callback that notes what it is invoked with, for several tests. */

#include <convoke.h>

#include "test-util.h"

#define TEST_TYPE_LISTENER (test_listener_get_type ())
G_DECLARE_FINAL_TYPE (TestListener, test_listener, TEST, LISTENER, GObject)

struct _TestListener
{
  GObject                    parent_instance;

  Count                      invoked;
  Count                     *door;       /* (unowned) (nullable) it waits there before it returns */
  void                     (*hook) (TestListener *self, ConvokeAsyncResult *result, gpointer data); /* (nullable) */
  gpointer                   hook_data;

  /* Of the last invocation; read after invoked was counted. */
  GThread                   *thread;
  ConvokeAsyncResult        *result;     /* (unowned) */
  GObject                   *state;      /* (unowned) */
  GError                    *status;     /* (owned) (nullable) */

  gboolean                   says;
  ConvokeAsyncCallbackFlags  flags;
  ConvokeWorkQueue          *queue;      /* (unowned) (nullable) */
};

TestListener *test_listener_new (void);

/* With a fresh result, or a result of its own. */
ConvokeAsyncResult *test_listener_new_result (TestListener *self);

#define assert_invoked(listener, n) g_assert_true (count_wait (&(listener)->invoked, (n)))
