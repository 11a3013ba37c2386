/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-error.h"
#include "convoke-wire-kinds-private.h"

/*
 * domain: string; code: string for Convoke's own, else i32; message: string.
 *
 * A domain is a quark, and quarks are never freed: so a stranger's names are
 * taken up until there are enough of them.
 */

#define MAX_DOMAINS 32
#define MAX_DOMAIN_LENGTH 127

static GMutex domains_lock;  /* innermost */
static guint n_domains;      /* LOCK: domains_lock; taken up so far */

static void
put_text (ConvokeWireWriter *self,
          const char        *text)
{
  g_autofree char *valid = NULL;

  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);
  convoke_wire_put_string (self, text);
}

void
convoke_wire_put_error (ConvokeWireWriter *self,
                        const GError      *error)
{
  const char *name = NULL;

  put_text (self, g_quark_to_string (error->domain));
  if (error->domain != CONVOKE_ERROR)
    {
      convoke_wire_put_u32 (self, (guint32) error->code);
    }
  else
    {
      name = convoke_error_get_name ((ConvokeError) error->code);
      convoke_wire_put_string (self, name != NULL ? name : "failed");
    }
  put_text (self, error->message);
}

static GError *
read_own (ConvokeWireReader  *self,
          GError            **error)
{
  const char *name, *message;

  if (!convoke_wire_get_name (self, &name, error) || !convoke_wire_get_name (self, &message, error))
    return NULL;

  for (guint code = 0; convoke_error_get_name ((ConvokeError) code) != NULL; code++)
    if (strcmp (convoke_error_get_name ((ConvokeError) code), name) == 0)
      return g_error_new_literal (CONVOKE_ERROR, (int) code, message);

  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "%s: %s", name, message);
}

/* 0 when there is no room for another. */
static GQuark
take_up_domain (const char *name)
{
  GQuark quark = g_quark_try_string (name);

  if (quark != 0 || *name == '\0' || strlen (name) > MAX_DOMAIN_LENGTH)
    return quark;

  g_mutex_lock (&domains_lock);
  quark = g_quark_try_string (name);
  if (quark == 0 && n_domains < MAX_DOMAINS)
    {
      quark = g_quark_from_string (name);
      n_domains++;
    }
  g_mutex_unlock (&domains_lock);

  return quark;
}

GError *
convoke_wire_get_error (ConvokeWireReader  *self,
                        GError            **error)
{
  g_autofree char *start = NULL;
  const char *domain, *message;
  guint32 code;
  GQuark quark;

  if (!convoke_wire_get_name (self, &domain, error))
    return NULL;
  if (strcmp (domain, g_quark_to_string (CONVOKE_ERROR)) == 0)
    return read_own (self, error);
  if (!convoke_wire_get_u32 (self, &code, error) || !convoke_wire_get_name (self, &message, error))
    return NULL;

  quark = take_up_domain (domain);
  if (quark != 0)
    return g_error_new_literal (quark, (int) code, message);

  start = g_utf8_substring (domain, 0, MIN (g_utf8_strlen (domain, -1), MAX_DOMAIN_LENGTH));
  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_FOREIGN, "%s, %d: %s", start, (int) code, message);
}
