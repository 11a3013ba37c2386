/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Eight bytes of ASCII without a NUL: no high bit is set, and none becomes set when one is taken from each byte. */
static inline gboolean
convoke_utf8_is_ascii_word (const char *text)
{
  guint64 word;

  memcpy (&word, text, sizeof word);

  return ((word | (word - G_GUINT64_CONSTANT (0x0101010101010101))) & G_GUINT64_CONSTANT (0x8080808080808080)) == 0;
}

/* Like g_utf8_validate_len (). Most strings are ASCII, and short: the general check costs more than the rest of their copying. */
static inline gboolean
convoke_utf8_check (const char *text,
                    gsize       length)
{
  for (; length >= sizeof (guint64) && convoke_utf8_is_ascii_word (text); length -= sizeof (guint64))
    text += sizeof (guint64);

  return g_utf8_validate_len (text, length, NULL);
}

G_END_DECLS
