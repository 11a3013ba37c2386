/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the publishing program of the tests publishes: what it is asked the price of, it does. */

#include <convoke-test.h>

G_BEGIN_DECLS

#define SHOP_TYPE_SHOP (shop_get_type ())
G_DECLARE_FINAL_TYPE (Shop, shop, SHOP, SHOP, GObject)

/* @cookie: what “unpublish” takes back. */
Shop *shop_new        (void);
void  shop_set_cookie (Shop *self, guint64 cookie);

G_END_DECLS
