/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke-test-price-feed.h>

G_BEGIN_DECLS

#define CONVOKE_TEST_TYPE_NAMED_FEED (convoke_test_named_feed_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeTestNamedFeed, convoke_test_named_feed, CONVOKE_TEST, NAMED_FEED, GObject)

ConvokeTestNamedFeed *convoke_test_named_feed_new        (const char *name);
ConvokeTestPriceFeed *convoke_test_named_feed_get_caller (void);

G_END_DECLS
