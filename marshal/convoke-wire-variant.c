/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-wire-kinds-private.h"

/*
 * signature: string; then length and bytes of the serialised form: normal,
 * little endian. NULL is the signature NULL and nothing else.
 */

static GVariant *
swap_on_big_endian (GVariant *variant)
{
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  return variant;
#else
  GVariant *swapped = g_variant_byteswap (variant);

  g_variant_unref (variant);
  return swapped;
#endif
}

void
convoke_wire_put_variant (ConvokeWireWriter *self,
                          GVariant          *variant)
{
  g_autoptr (GVariant) normal = NULL;

  if (variant == NULL)
    {
      convoke_wire_put_string (self, NULL);
      return;
    }

  normal = swap_on_big_endian (g_variant_get_normal_form (variant));
  convoke_wire_put_string (self, g_variant_get_type_string (normal));
  convoke_wire_put_bytes (self, g_variant_get_data (normal), g_variant_get_size (normal));
}

static gboolean
is_definite (const char *signature)
{
  return g_variant_type_string_is_valid (signature) &&
         g_variant_type_is_definite (G_VARIANT_TYPE (signature));
}

GVariant *
convoke_wire_get_variant (ConvokeWireReader  *self,
                          GError            **error)
{
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *signature;
  gconstpointer data;
  gsize length;

  if (!convoke_wire_get_name (self, &signature, error))
    return NULL;
  if (!is_definite (signature))
    {
      convoke_wire_fail (self, error, "has '%s' for the signature of a GVariant", signature);
      return NULL;
    }
  if (!convoke_wire_get_bytes (self, &data, &length, error))
    return NULL;

  /* The copy is aligned, and is ours. */
  bytes = g_bytes_new (data, length);
  variant = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (signature), bytes, FALSE));
  if (!g_variant_is_normal_form (variant))
    {
      convoke_wire_fail (self, error, "is a GVariant that is not in normal form");
      return NULL;
    }

  return swap_on_big_endian (g_steal_pointer (&variant));
}
