/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The shop Downfall: a component in C that fetches its price list over HTTP.
 * It is written as a blocking object; who calls it decides how to wait.
 */

#include "downfall-shop.h"

#include <convoke.h>
#include <gio/gio.h>
#include <signal.h>
#include <string.h>

#include "http-get.h"
#include "price-list.h"

#define MAX_LIST_SIZE (64 * 1024)

struct _DownfallShop
{
  GObject  parent_instance;

  GMutex   lock;
  char    *url;       /* (owned) (nullable); LOCK: lock */
  guint    timeout;   /* milliseconds, 0: none; LOCK: lock */
};

enum { PROP_URL = 1, PROP_TIMEOUT };

static void downfall_shop_price_feed_init (DemoPriceFeedInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DownfallShop, downfall_shop, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DEMO_TYPE_PRICE_FEED, downfall_shop_price_feed_init)
                               G_IMPLEMENT_INTERFACE (DEMO_TYPE_WEB_SHOP, NULL))

/* The caller's wish to stop, when the call came through Convoke. */
static GCancellable *
dup_cancellable (void)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);

  return context != NULL ? convoke_call_context_dup_cancellable (context) : NULL;
}

/* What a wild pointer comes to, on demand. */
static void
crash_if_asked (const char *url)
{
  if (strcmp (url, "crash:") == 0)
    raise (SIGSEGV);
}

static GVariant *
downfall_shop_get_prices (DemoPriceFeed  *feed,
                          GError        **error)
{
  DownfallShop *self = DOWNFALL_SHOP (feed);
  g_autoptr (GCancellable) cancellable = dup_cancellable ();
  g_autofree char *url = NULL;
  g_autoptr (GBytes) list = NULL;
  guint timeout;

  g_mutex_lock (&self->lock);
  url = g_strdup (self->url != NULL ? self->url : "");
  timeout = self->timeout;
  g_mutex_unlock (&self->lock);

  crash_if_asked (url);
  list = http_get (url, timeout, MAX_LIST_SIZE, cancellable, error);
  return list != NULL ? price_list_parse (list, error) : NULL;
}

static double
downfall_shop_get_price (DemoPriceFeed  *feed,
                         const char     *item,
                         GError        **error)
{
  g_autoptr (GVariant) prices = downfall_shop_get_prices (feed, error);
  double price = 0;

  if (prices != NULL && !g_variant_lookup (prices, item, "d", &price))
    g_set_error (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_NO_SUCH_ITEM,
                 "no \"%s\" here", item);

  return price;
}

static void
downfall_shop_price_feed_init (DemoPriceFeedInterface *iface)
{
  iface->get_price = downfall_shop_get_price;
  iface->get_prices = downfall_shop_get_prices;
}

static void
downfall_shop_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  DownfallShop *self = DOWNFALL_SHOP (object);

  g_mutex_lock (&self->lock);
  switch (id)
    {
    case PROP_URL:
      g_value_set_string (value, self->url);
      break;
    case PROP_TIMEOUT:
      g_value_set_uint (value, self->timeout);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  g_mutex_unlock (&self->lock);
}

static void
downfall_shop_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  DownfallShop *self = DOWNFALL_SHOP (object);

  g_mutex_lock (&self->lock);
  switch (id)
    {
    case PROP_URL:
      g_free (self->url);
      self->url = g_value_dup_string (value);
      break;
    case PROP_TIMEOUT:
      self->timeout = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  g_mutex_unlock (&self->lock);
}

static void
downfall_shop_finalize (GObject *object)
{
  DownfallShop *self = DOWNFALL_SHOP (object);

  g_free (self->url);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (downfall_shop_parent_class)->finalize (object);
}

static void
downfall_shop_class_init (DownfallShopClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  /* One request at a time, on whichever thread: the caller's loop stays free. */
  convoke_type_set_threading (DOWNFALL_TYPE_SHOP, CONVOKE_THREADING_SERIAL);

  object_class->get_property = downfall_shop_get_property;
  object_class->set_property = downfall_shop_set_property;
  object_class->finalize = downfall_shop_finalize;

  g_object_class_override_property (object_class, PROP_URL, "url");
  g_object_class_override_property (object_class, PROP_TIMEOUT, "timeout");
}

static void
downfall_shop_init (DownfallShop *self)
{
  g_mutex_init (&self->lock);
}

/* --- the module --- */

DEMO_EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  return strcmp (type_name, "DownfallShop") == 0 ? convoke_class_factory_new_for_type (DOWNFALL_TYPE_SHOP) : NULL;
}
