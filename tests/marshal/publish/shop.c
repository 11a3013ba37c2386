/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "shop.h"

#include <convoke.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct _Shop
{
  GObject  parent_instance;

  guint64  cookie;
  char    *currency;
};

enum { PROP_CURRENCY = 1 };

static void shop_iface_init (ConvokeTestPriceFeedInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Shop, shop, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TEST_TYPE_PRICE_FEED, shop_iface_init))

static double
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  double n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* Blocks its thread, without a wait of the library's. */
static double
wait_for_cancel (GError **error)
{
  g_autoptr (ConvokeCallContext) context = convoke_call_context_dup_current (NULL);
  g_autoptr (GCancellable) cancellable = convoke_call_context_dup_cancellable (context);
  GPollFD poll_fd;

  convoke_call_context_report_fraction (context, 0.5);
  if (g_cancellable_make_pollfd (cancellable, &poll_fd))
    {
      g_poll (&poll_fd, 1, -1);
      g_cancellable_release_fd (cancellable);
    }
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return 0;
}

static double
unpublish (Shop    *self,
           GError **error)
{
  return convoke_unpublish (self->cookie, error);
}

/* A process that has all that this one has, and does not end with it. */
static double
leave_child (void)
{
  pid_t pid = fork ();

  if (pid == 0)
    {
      pause ();
      _exit (0);
    }

  return pid;
}

static double
shop_get_price (ConvokeTestPriceFeed  *feed,
                const char            *item,
                GError               **error)
{
  Shop *self = SHOP_SHOP (feed);

  if (strcmp (item, "pid") == 0)
    return getpid ();
  if (strcmp (item, "main-thread") == 0)
    return syscall (SYS_gettid) == getpid ();
  if (strcmp (item, "descriptors") == 0)
    return count_entries ("/proc/self/fd");
  if (strcmp (item, "until-cancelled") == 0)
    return wait_for_cancel (error);
  if (strcmp (item, "unpublish") == 0)
    return unpublish (self, error);
  if (strcmp (item, "disconnect") == 0)
    return convoke_disconnect_object (G_OBJECT (self), error);
  if (strcmp (item, "child") == 0)
    return leave_child ();
  if (strcmp (item, "end") == 0)
    exit (0);
  if (strcmp (item, "change") == 0)
    {
      g_signal_emit_by_name (self, "price-changed", "cup", 7.0);
      return 1;
    }

  g_set_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM, "There is no %s", item);
  return 0;
}

/* The text of a token of a shop that is not published. */
static char *
shop_describe (ConvokeTestPriceFeed *feed)
{
  g_autoptr (Shop) other = shop_new ();
  g_autoptr (ConvokeToken) token = convoke_token_new (G_OBJECT (other), CONVOKE_TEST_TYPE_PRICE_FEED, CONVOKE_TOKEN_NORMAL, NULL);

  return convoke_token_to_string (token, NULL);
}

static void
shop_get_property (GObject    *object,
                   guint       id,
                   GValue     *value,
                   GParamSpec *pspec)
{
  g_value_set_string (value, SHOP_SHOP (object)->currency);
}

static void
shop_set_property (GObject      *object,
                   guint         id,
                   const GValue *value,
                   GParamSpec   *pspec)
{
  Shop *self = SHOP_SHOP (object);

  g_free (self->currency);
  self->currency = g_value_dup_string (value);
}

static void
shop_finalize (GObject *object)
{
  g_free (SHOP_SHOP (object)->currency);
  G_OBJECT_CLASS (shop_parent_class)->finalize (object);
}

static void
shop_iface_init (ConvokeTestPriceFeedInterface *iface)
{
  iface->get_price = shop_get_price;
  iface->describe = shop_describe;
}

static void
shop_class_init (ShopClass *class)
{
  G_OBJECT_CLASS (class)->get_property = shop_get_property;
  G_OBJECT_CLASS (class)->set_property = shop_set_property;
  G_OBJECT_CLASS (class)->finalize = shop_finalize;
  g_object_class_override_property (G_OBJECT_CLASS (class), PROP_CURRENCY, "currency");
}

static void
shop_init (Shop *self)
{
  self->currency = g_strdup ("EUR");
}

Shop *
shop_new (void)
{
  return g_object_new (SHOP_TYPE_SHOP, NULL);
}

void
shop_set_cookie (Shop   *self,
                 guint64 cookie)
{
  self->cookie = cookie;
}
