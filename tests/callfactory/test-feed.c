/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "test-feed.h"

#include "convoke-error.h"
#include "convoke-engine-private.h"
#include "convoke-interface-info.h"

static gint n_live;

struct _TestFeed
{
  GObject       parent_instance;

  TestGetPrice  get_price;
  gpointer      data;
};

static double
test_feed_get_price (ConvokeTestPriceFeed  *feed,
                     const char            *item,
                     GError               **error)
{
  TestFeed *self = TEST_FEED (feed);

  return self->get_price (self, item, self->data, error);
}

static int
test_feed_count_items (ConvokeTestPriceFeed *feed)
{
  return (int) TEST_FEED (feed)->get_price (TEST_FEED (feed), "items", TEST_FEED (feed)->data, NULL);
}

static void
test_feed_price_feed_init (ConvokeTestPriceFeedInterface *iface)
{
  iface->get_price = test_feed_get_price;
  iface->get_price_soon = test_feed_get_price;
  iface->count_items = test_feed_count_items;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestFeed, test_feed, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PRICE_FEED, test_feed_price_feed_init))

static void
test_feed_finalize (GObject *object)
{
  g_atomic_int_add (&n_live, -1);

  G_OBJECT_CLASS (test_feed_parent_class)->finalize (object);
}

/* The interface's property, which no test here looks at. */
static void
get_currency (GObject    *object,
              guint       prop_id,
              GValue     *value,
              GParamSpec *pspec)
{
  g_value_set_static_string (value, "EUR");
}

static void
set_currency (GObject      *object,
              guint         prop_id,
              const GValue *value,
              GParamSpec   *pspec)
{
}

static void
override_currency (GObjectClass *object_class)
{
  object_class->get_property = get_currency;
  object_class->set_property = set_currency;
  g_object_class_override_property (object_class, 1, "currency");
}

static void
test_feed_class_init (TestFeedClass *klass)
{
  /* Before there are threads: GLib 2.74's first look-up races with itself, harmlessly but for the sanitizer. */
  (void) G_IO_ERROR;

  G_OBJECT_CLASS (klass)->finalize = test_feed_finalize;
  override_currency (G_OBJECT_CLASS (klass));
}

static void
test_feed_init (TestFeed *self)
{
  g_atomic_int_inc (&n_live);
}

static void
bind_to (gpointer         object,
         ConvokeThreading threading)
{
  g_autoptr (ConvokeApartment) apartment = NULL;
  g_autoptr (GError) error = NULL;

  if (threading == CONVOKE_THREADING_ANY)
    apartment = convoke_apartment_dup_any ();
  else if (threading == CONVOKE_THREADING_SERIAL)
    apartment = convoke_apartment_new_serial ();
  else
    apartment = convoke_apartment_new_for_context (NULL);

  convoke_apartment_bind (apartment, object, &error);
  g_assert_no_error (error);
}

TestFeed *
test_feed_new (ConvokeThreading threading,
               TestGetPrice     get_price,
               gpointer         data)
{
  TestFeed *self = g_object_new (TEST_TYPE_FEED, NULL);

  self->get_price = get_price;
  self->data = data;
  bind_to (self, threading);

  return self;
}

guint
test_feed_count_live (void)
{
  return g_atomic_int_get (&n_live);
}

ConvokeCall *
test_call_new (gpointer feed)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call;

  convoke_require ("ConvokeTest", "1", &error);
  g_assert_no_error (error);
  call = convoke_create_call (feed, CONVOKE_TEST_TYPE_PRICE_FEED, &error);
  g_assert_no_error (error);

  return call;
}

double
test_call_synchronously (gpointer     feed,
                         const char  *name,
                         GError     **error)
{
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (CONVOKE_TEST_TYPE_PRICE_FEED, NULL);
  const ConvokeMethodInfo *method = convoke_interface_info_find (info, name, NULL);
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_dup_for_object (feed);
  const char *item = "tea";
  GError **thrown = error;
  double price = -1;
  void *args[] = { &feed, &item, &thrown };

  convoke_engine_call (feed, apartment, method, args, &price, 0, NULL, error);
  return price;
}

double
test_price_by_length (TestFeed    *feed,
                      const char  *item,
                      gpointer     data,
                      GError     **error)
{
  if (data != NULL)
    g_atomic_int_inc ((gint *) data);

  if (g_str_equal (item, "missing"))
    {
      g_set_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM, "There is no %s", item);
      return 0;
    }

  return strlen (item);
}

double
test_price_at_gate (TestFeed    *feed,
                    const char  *item,
                    gpointer     data,
                    GError     **error)
{
  /* The test may be over, and its gate gone, before this thread is out of it. */
  g_autoptr (ConvokeTestGate) gate = g_object_ref (data);

  convoke_test_gate_pass (gate);
  return test_price_by_length (feed, item, NULL, error);
}

/* --- a component with call objects of its own --- */

typedef struct
{
  GObject    parent_instance;
  TestBegin  begin;
  gpointer   data;
} TestFactoryFeed;

typedef struct
{
  GObjectClass parent_class;
} TestFactoryFeedClass;

typedef struct
{
  ConvokeCall  parent_instance;
  TestBegin    begin;
  gpointer     data;
} TestOwnCall;

typedef struct
{
  ConvokeCallClass parent_class;
} TestOwnCallClass;

GType test_own_call_get_type (void);
G_DEFINE_TYPE (TestOwnCall, test_own_call, CONVOKE_TYPE_CALL)

static gboolean
test_own_call_begin (ConvokeCall        *call,
                     ConvokeServerCall  *server_call,
                     GError            **error)
{
  TestOwnCall *self = (TestOwnCall *) call;

  return self->begin (server_call, self->data, error);
}

static void
test_own_call_class_init (TestOwnCallClass *klass)
{
  CONVOKE_CALL_CLASS (klass)->begin = test_own_call_begin;
}

static void
test_own_call_init (TestOwnCall *self)
{
}

static ConvokeCall *
test_factory_create_call (ConvokeCallFactory  *factory,
                          GType                iface,
                          GObject             *outer,
                          ConvokeSynchronize  *sink,
                          GError             **error)
{
  TestFactoryFeed *self = (TestFactoryFeed *) factory;
  TestOwnCall *call;

  if (self->begin == NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE, "None of its own");
      return NULL;
    }

  call = g_object_new (test_own_call_get_type (), "object", factory, "interface", iface, NULL);
  call->begin = self->begin;
  call->data = self->data;
  return CONVOKE_CALL (call);
}

static void
test_factory_init (ConvokeCallFactoryInterface *iface)
{
  iface->create_call = test_factory_create_call;
}

static double
test_factory_feed_get_price (ConvokeTestPriceFeed  *feed,
                             const char            *item,
                             GError               **error)
{
  return 1000 + strlen (item);
}

static void
test_factory_price_feed_init (ConvokeTestPriceFeedInterface *iface)
{
  iface->get_price = test_factory_feed_get_price;
}

G_DEFINE_TYPE_WITH_CODE (TestFactoryFeed, test_factory_feed, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_CALL_FACTORY, test_factory_init)
                         G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PRICE_FEED, test_factory_price_feed_init))

static void
test_factory_feed_class_init (TestFactoryFeedClass *klass)
{
  override_currency (G_OBJECT_CLASS (klass));
}

static void
test_factory_feed_init (TestFactoryFeed *self)
{
}

GObject *
test_factory_feed_new (ConvokeThreading threading,
                       TestBegin        begin,
                       gpointer         data)
{
  TestFactoryFeed *self = g_object_new (TEST_TYPE_FACTORY_FEED, NULL);

  self->begin = begin;
  self->data = data;
  bind_to (self, threading);

  return G_OBJECT (self);
}
