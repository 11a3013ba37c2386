/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Reads a price list:
 *
 *   { "prices": { "espresso": 1.9, "latte": 3.4 } }
 *
 * It comes from the network, so everything about it is checked: that it is
 * JSON of this shape, how many items it has, that their names can be printed
 * and that their prices are believable.
 */

#include "price-list.h"

#include <json-glib/json-glib.h>
#include <math.h>

#include "demo-price-feed.h"

#define MAX_ITEMS        500
#define MAX_NAME_LENGTH  64
#define MAX_PRICE        1000000.0

static G_GNUC_PRINTF (2, 3) gboolean
refuse (GError     **error,
        const char  *format,
        ...)
{
  va_list args;
  g_autofree char *why = NULL;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, DEMO_PRICE_FEED_ERROR, DEMO_PRICE_FEED_ERROR_NOT_A_PRICE_LIST,
               "not a price list: %s", why);
  return FALSE;
}

/* json-glib descends by recursion, without a limit of its own. */
static gboolean
check_nesting (const char  *data,
               gsize        size,
               GError     **error)
{
  guint n_open = 0;

  for (gsize i = 0; i < size; i++)
    n_open += data[i] == '[' || data[i] == '{';

  return n_open <= MAX_ITEMS || refuse (error, "too many brackets");
}

/* Names are printed to terminals. */
static gboolean
check_name (const char  *name,
            GError     **error)
{
  glong length = g_utf8_strlen (name, -1);

  if (length == 0 || length > MAX_NAME_LENGTH)
    return refuse (error, "an item's name has %ld characters", length);

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isprint (g_utf8_get_char (p)))
      return refuse (error, "an item's name cannot be printed");

  return TRUE;
}

static gboolean
get_price (JsonNode    *node,
           const char  *name,
           double      *price,
           GError     **error)
{
  GType type = json_node_get_value_type (node);

  if (!JSON_NODE_HOLDS_VALUE (node) || (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE))
    return refuse (error, "the price of \"%s\" is not a number", name);

  *price = json_node_get_double (node);
  if (!isfinite (*price) || *price < 0 || *price > MAX_PRICE)
    return refuse (error, "the price of \"%s\" is not between 0 and %.0f", name, MAX_PRICE);

  return TRUE;
}

static GVariant *
read_prices (JsonObject  *prices,
             GError     **error)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sd}"));
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (json_object_get_size (prices) > MAX_ITEMS)
    {
      refuse (error, "more than %d items", MAX_ITEMS);
      return NULL;
    }

  json_object_iter_init_ordered (&iter, prices);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      double price = 0;

      if (!check_name (name, error) || !get_price (node, name, &price, error))
        return NULL;
      g_variant_builder_add (&builder, "{sd}", name, price);
    }

  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* Returns: (transfer full): the prices, of type `a{sd}` */
GVariant *
price_list_parse (GBytes  *bytes,
                  GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  JsonNode *root;
  JsonNode *prices;

  if (!check_nesting (data, size, error))
    return NULL;

  /* An assignment, "var list = {}", is an extension of json-glib's. */
  if (size == 0 || !g_utf8_validate_len (data, size, NULL) ||
      !json_parser_load_from_data (parser, data, size, NULL) ||
      json_parser_has_assignment (parser, NULL))
    {
      refuse (error, "not JSON");
      return NULL;
    }

  root = json_parser_get_root (parser);
  prices = root != NULL && JSON_NODE_HOLDS_OBJECT (root)
    ? json_object_get_member (json_node_get_object (root), "prices") : NULL;
  if (prices == NULL || !JSON_NODE_HOLDS_OBJECT (prices))
    {
      refuse (error, "no object \"prices\"");
      return NULL;
    }

  return read_prices (json_node_get_object (prices), error);
}
