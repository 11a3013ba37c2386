/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "demo-price-feed.h"

G_BEGIN_DECLS

#define DEMO_TYPE_WEB_SHOP (demo_web_shop_get_type ())
DEMO_EXPORT
G_DECLARE_INTERFACE (DemoWebShop, demo_web_shop, DEMO, WEB_SHOP, GObject)

struct _DemoWebShopInterface
{
  GTypeInterface parent_iface;
};

G_END_DECLS
