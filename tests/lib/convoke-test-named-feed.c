/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-test-named-feed.h"

/**
 * ConvokeTestNamedFeed:
 *
 * A feed that describes itself by its name.
 */
struct _ConvokeTestNamedFeed
{
  GObject  parent_instance;

  char    *name;
};

static char *
describe (ConvokeTestPriceFeed *feed)
{
  return g_strdup (CONVOKE_TEST_NAMED_FEED (feed)->name);
}

static void
price_feed_iface_init (ConvokeTestPriceFeedInterface *iface)
{
  iface->describe = describe;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeTestNamedFeed, convoke_test_named_feed, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PRICE_FEED, price_feed_iface_init))

static void
convoke_test_named_feed_get_property (GObject    *object,
                                      guint       prop_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  g_value_set_static_string (value, "EUR");
}

static void
convoke_test_named_feed_set_property (GObject      *object,
                                      guint         prop_id,
                                      const GValue *value,
                                      GParamSpec   *pspec)
{
}

static void
convoke_test_named_feed_finalize (GObject *object)
{
  g_free (CONVOKE_TEST_NAMED_FEED (object)->name);

  G_OBJECT_CLASS (convoke_test_named_feed_parent_class)->finalize (object);
}

static void
convoke_test_named_feed_class_init (ConvokeTestNamedFeedClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = convoke_test_named_feed_get_property;
  G_OBJECT_CLASS (klass)->set_property = convoke_test_named_feed_set_property;
  G_OBJECT_CLASS (klass)->finalize = convoke_test_named_feed_finalize;
  g_object_class_override_property (G_OBJECT_CLASS (klass), 1, "currency");
}

static void
convoke_test_named_feed_init (ConvokeTestNamedFeed *self)
{
}

/**
 * convoke_test_named_feed_new:
 * @name: its name
 *
 * Makes a feed.
 *
 * Returns: (transfer full): the feed
 */
ConvokeTestNamedFeed *
convoke_test_named_feed_new (const char *name)
{
  ConvokeTestNamedFeed *self = g_object_new (CONVOKE_TEST_TYPE_NAMED_FEED, NULL);

  self->name = g_strdup (name);

  return self;
}

/**
 * convoke_test_named_feed_get_caller:
 *
 * The one feed of this process that stands for who calls.
 *
 * Returns: (transfer none): the feed
 */
ConvokeTestPriceFeed *
convoke_test_named_feed_get_caller (void)
{
  static ConvokeTestPriceFeed *caller;

  if (g_once_init_enter (&caller))
    g_once_init_leave (&caller, CONVOKE_TEST_PRICE_FEED (convoke_test_named_feed_new ("the caller")));

  return caller;
}
