/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "demo-price-feed.h"

G_BEGIN_DECLS

#define DOWNFALL_TYPE_SHOP (downfall_shop_get_type ())
DEMO_EXPORT
G_DECLARE_FINAL_TYPE (DownfallShop, downfall_shop, DOWNFALL, SHOP, GObject)

DEMO_EXPORT
DownfallShop *downfall_shop_new (const char *url);

G_END_DECLS
