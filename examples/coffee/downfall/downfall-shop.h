/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "demo-web-shop.h"

G_BEGIN_DECLS

#define DOWNFALL_TYPE_SHOP (downfall_shop_get_type ())
G_DECLARE_FINAL_TYPE (DownfallShop, downfall_shop, DOWNFALL, SHOP, GObject)

G_END_DECLS
