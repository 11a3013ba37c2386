/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A component whose method does what the test says. */

#include <convoke-test.h>

#include "convoke-apartment.h"
#include "convoke-call-factory.h"
#include "convoke-server-call.h"

G_BEGIN_DECLS

#define TEST_TYPE_FEED (test_feed_get_type ())
G_DECLARE_FINAL_TYPE (TestFeed, test_feed, TEST, FEED, GObject)

typedef double (*TestGetPrice) (TestFeed    *feed,
                                const char  *item,
                                gpointer     data,
                                GError     **error);

/* @threading: of this instance. */
TestFeed *test_feed_new        (ConvokeThreading  threading,
                                TestGetPrice      get_price,
                                gpointer          data);

/* The same as a component that makes its own call objects. */
typedef gboolean (*TestBegin) (ConvokeServerCall  *server_call,
                               gpointer            data,
                               GError            **error);

#define TEST_TYPE_FACTORY_FEED (test_factory_feed_get_type ())
GType     test_factory_feed_get_type (void);
GObject  *test_factory_feed_new      (ConvokeThreading threading, TestBegin begin, gpointer data);

guint     test_feed_count_live (void);

ConvokeCall *test_call_new (gpointer feed);

/* What a proxy does for a method like get_price, with the item "tea". */
double    test_call_synchronously (gpointer feed, const char *name, GError **error);

/* The length of the item's name, or an error for "missing"; counts itself in @data, a gint. */
double    test_price_by_length (TestFeed *feed, const char *item, gpointer data, GError **error);
/* Passes the gate in @data, then as above. */
double    test_price_at_gate   (TestFeed *feed, const char *item, gpointer data, GError **error);

G_END_DECLS
