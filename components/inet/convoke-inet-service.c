/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-inet-service-private.h"

static const ConvokeInetScheme schemes[] = {
  { "http",   "HTTP",   CONVOKE_INET_SERVICE_HTTP,   80,  FALSE, TRUE },
  { "https",  "HTTPS",  CONVOKE_INET_SERVICE_HTTP,   443, TRUE,  TRUE },
  { "ftp",    "FTP",    CONVOKE_INET_SERVICE_FTP,    21,  FALSE, FALSE },
  { "gopher", "Gopher", CONVOKE_INET_SERVICE_GOPHER, 70,  FALSE, FALSE },
};

static const ConvokeInetScheme *
check_spoken (const ConvokeInetScheme  *scheme,
              GError                  **error)
{
  if (scheme->spoken)
    return scheme;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "%s (%s) is not spoken yet: this version speaks HTTP and HTTPS", scheme->name, scheme->scheme);
  return NULL;
}

const ConvokeInetScheme *
convoke_inet_check_scheme (const char  *scheme,
                           GError     **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strcasecmp (schemes[i].scheme, scheme) == 0)
      return check_spoken (&schemes[i], error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "The scheme \"%.40s\" is not known: this version speaks http and https", scheme);
  return NULL;
}

const ConvokeInetScheme *
convoke_inet_find_scheme (ConvokeInetService   service,
                          gboolean             secure,
                          GError             **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (schemes[i].service == service && (schemes[i].secure == secure || !schemes[i].spoken))
      return check_spoken (&schemes[i], error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "%d is no service", (int) service);
  return NULL;
}
