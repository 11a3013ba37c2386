/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "demo-web-shop.h"

/**
 * DemoWebShop:
 *
 * A shop that has its prices from somewhere else: where, and how long that
 * may take.
 */

G_DEFINE_INTERFACE (DemoWebShop, demo_web_shop, G_TYPE_OBJECT)

static void
demo_web_shop_default_init (DemoWebShopInterface *iface)
{
  /**
   * DemoWebShop:url:
   *
   * Where the price list is.
   */
  g_object_interface_install_property (iface,
    g_param_spec_string ("url", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  /**
   * DemoWebShop:timeout:
   *
   * How long a request may take as a whole, in milliseconds; 0: for ever.
   */
  g_object_interface_install_property (iface,
    g_param_spec_uint ("timeout", NULL, NULL, 0, G_MAXINT, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}
