/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke.h>

#include "coffee-run.h"
#include "demo-web-shop.h"

G_BEGIN_DECLS

/* The shops that the program asks, wherever they live. */
typedef struct
{
  DemoPriceFeed *feeds[N_SHOPS];  /* (owned) */
  GObject       *webs[N_SHOPS];   /* (owned): the same shops, as DemoWebShop */
  char          *urls[N_SHOPS];   /* (owned): where their price lists are */
} Shops;

extern const char * const shop_names[N_SHOPS];

/* "in-process", "thread", "process", or NULL for what the keyfiles say. */
gboolean shops_find_distance (const char *name, ConvokeDistance *distance);

gboolean shops_find    (Shops *self, ConvokeDistance distance, GError **error);
void     shops_clear   (Shops *self);
/* @timeout: milliseconds, 0: none. */
void     shops_set_up  (Shops *self, guint timeout);
void     shops_print   (Shops *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shops, shops_clear)

G_END_DECLS
