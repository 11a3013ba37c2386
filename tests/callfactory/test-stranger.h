/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Somebody else's object that can be waited for: an event that the library does not know as its own. */

#include <convoke.h>

G_BEGIN_DECLS

#define TEST_TYPE_STRANGER (test_stranger_get_type ())
G_DECLARE_FINAL_TYPE (TestStranger, test_stranger, TEST, STRANGER, GObject)

struct _TestStranger
{
  GObject       parent_instance;

  ConvokeEvent *event;      /* (owned) */
  gint          n_waits;    /* atomic; how often it was asked */
  gint          refuses;    /* atomic; it says "not in time" whatever its descriptor says */
  ConvokeEvent *thief;      /* (nullable) (unowned): consumed when it is asked */
  int           fd;         /* given out instead, or 0 */
};

TestStranger *test_stranger_new (gboolean manual_reset);

/* The same without a descriptor. */
#define TEST_TYPE_HANDLELESS (test_handleless_get_type ())
GType    test_handleless_get_type (void);
GObject *test_handleless_new      (void);

G_END_DECLS
