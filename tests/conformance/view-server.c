/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * get_price (item): "tea" is 3, "missing" is unknown; "later" is answered by
 * another thread after the method returned, "drop" by nobody, "never" not at
 * all, and at "die" the process ends.
 */

#include <unistd.h>

#include <convoke.h>
#include <convoke-test.h>

#include "view-server.h"

typedef struct
{
  GObject            parent_instance;

  ConvokeServerCall *kept; /* (owned) (nullable) that is never answered */
} ViewServer;

typedef GObjectClass ViewServerClass;

static gpointer
answer_later (gpointer data)
{
  g_autoptr (ConvokeServerCall) server_call = data;

  convoke_server_call_complete (server_call, NULL, 5.0);
  return NULL;
}

static double
view_server_get_price (ConvokeTestPriceFeed  *feed,
                       const char            *item,
                       GError               **error)
{
  ViewServer *self = (ViewServer *) feed;

  if (g_str_equal (item, "tea"))
    return 3;
  if (g_str_equal (item, "die"))
    _exit (3);
  if (g_str_equal (item, "later"))
    g_thread_unref (g_thread_new ("later", answer_later, convoke_server_call_defer (G_OBJECT (self), NULL)));
  else if (g_str_equal (item, "drop"))
    g_object_unref (convoke_server_call_defer (G_OBJECT (self), NULL));
  else if (g_str_equal (item, "never"))
    {
      g_clear_object (&self->kept);
      self->kept = convoke_server_call_defer (G_OBJECT (self), NULL);
    }
  else
    g_set_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM, "No %s here", item);

  return 0;
}

static void
view_server_feed_init (ConvokeTestPriceFeedInterface *iface)
{
  iface->get_price = view_server_get_price;
}

static void
get_currency (GObject    *object,
              guint       prop_id,
              GValue     *value,
              GParamSpec *pspec)
{
  g_value_set_string (value, "EUR");
}

static void
set_currency (GObject      *object,
              guint         prop_id,
              const GValue *value,
              GParamSpec   *pspec)
{
}

G_DEFINE_TYPE_WITH_CODE (ViewServer, view_server, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PRICE_FEED, view_server_feed_init))

static void
view_server_finalize (GObject *object)
{
  g_clear_object (&((ViewServer *) object)->kept);

  G_OBJECT_CLASS (view_server_parent_class)->finalize (object);
}

static void
view_server_class_init (ViewServerClass *klass)
{
  klass->finalize = view_server_finalize;
  klass->get_property = get_currency;
  klass->set_property = set_currency;
  g_object_class_override_property (klass, 1, "currency");
}

static void
view_server_init (ViewServer *self)
{
}
