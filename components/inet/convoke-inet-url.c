/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-inet-url-private.h"

#include <curl/curl.h>
#include <string.h>

#include "convoke-inet-service-private.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CURLU, curl_url_cleanup)

static char *
get_part (CURLU     *url,
          CURLUPart  part,
          guint      flags)
{
  char *theirs = NULL;
  char *ours;

  if (curl_url_get (url, part, &theirs, flags) != CURLUE_OK)
    return NULL;

  ours = g_strdup (theirs);
  curl_free (theirs);
  return ours;
}

static void
take_credentials (ConvokeInetUrl *self,
                  CURLU          *url)
{
  self->user = get_part (url, CURLUPART_USER, CURLU_URLDECODE);
  self->password = get_part (url, CURLUPART_PASSWORD, CURLU_URLDECODE);
  curl_url_set (url, CURLUPART_USER, NULL, 0);
  curl_url_set (url, CURLUPART_PASSWORD, NULL, 0);
  curl_url_set (url, CURLUPART_FRAGMENT, NULL, 0);
}

static ConvokeInetUrl *
take_parts (CURLU *url)
{
  ConvokeInetUrl *self = g_new0 (ConvokeInetUrl, 1);
  g_autofree char *port = get_part (url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  g_autofree char *query = get_part (url, CURLUPART_QUERY, 0);
  g_autofree char *path = get_part (url, CURLUPART_PATH, 0);

  take_credentials (self, url);
  self->url = get_part (url, CURLUPART_URL, 0);
  self->scheme = get_part (url, CURLUPART_SCHEME, 0);
  self->host = get_part (url, CURLUPART_HOST, 0);
  self->port = port != NULL ? g_ascii_strtoull (port, NULL, 10) : 0;
  self->path = query != NULL ? g_strconcat (path, "?", query, NULL) : g_steal_pointer (&path);

  return self;
}

/* The text may come from anywhere: what cannot be printed is escaped. */
static void
refuse (const char    *text,
        ConvokeError   code,
        const char    *why,
        GError       **error)
{
  g_autofree char *shown = g_strescape (text, NULL);

  g_set_error (error, CONVOKE_ERROR, code, "\"%.200s\" is no URL: %s", shown, why);
}

/* Names are IDNA's business, later; what cannot be shown as text is no URL. */
static gboolean
is_whole (ConvokeInetUrl *self)
{
  return self->url != NULL && self->scheme != NULL && self->host != NULL && *self->host != '\0' && self->path != NULL &&
         g_utf8_validate (self->url, -1, NULL);
}

static ConvokeInetUrl *
finish (CURLU         *url,
        const char    *text,
        ConvokeError   code,
        GError       **error)
{
  g_autoptr (ConvokeInetUrl) self = take_parts (url);

  /* First the scheme: those without a host are unknown here, whatever else they are. */
  if (self->scheme != NULL && !convoke_inet_check_scheme (self->scheme, error))
    return NULL;
  if (is_whole (self))
    return g_steal_pointer (&self);

  refuse (text, code, "it has no host", error);
  return NULL;
}

static gboolean
set_url (CURLU         *url,
         const char    *text,
         guint          flags,
         ConvokeError   code,
         GError       **error)
{
  CURLUcode result = curl_url_set (url, CURLUPART_URL, text, flags | CURLU_NON_SUPPORT_SCHEME);

  if (result == CURLUE_OK)
    return TRUE;

  refuse (text, code, curl_url_strerror (result), error);
  return FALSE;
}

/* What has a scheme and no host, such as mailto:, is a URL of a scheme that is unknown. */
static gboolean
refuse_scheme (const char  *text,
               GError     **error)
{
  g_autofree char *scheme = g_uri_parse_scheme (text);

  return scheme != NULL && !convoke_inet_check_scheme (scheme, error);
}

/* libcurl takes one slash or three for two, and then the path for the host. */
static gboolean
check_slashes (const char  *text,
               GError     **error)
{
  g_autofree char *scheme = g_uri_parse_scheme (text);
  const char *rest = scheme != NULL ? text + strlen (scheme) : text;

  if (scheme != NULL && g_str_has_prefix (rest, "://") && rest[3] != '\0' && strchr ("/?#\\", rest[3]) == NULL)
    return TRUE;

  refuse (text, CONVOKE_ERROR_INVALID_ARGUMENT, "it does not begin with a scheme, two slashes and a host", error);
  return FALSE;
}

ConvokeInetUrl *
convoke_inet_url_parse (const char  *text,
                        GError     **error)
{
  g_autoptr (CURLU) url = curl_url ();

  if (refuse_scheme (text, error) || !check_slashes (text, error) || !set_url (url, text, 0, CONVOKE_ERROR_INVALID_ARGUMENT, error))
    return NULL;

  return finish (url, text, CONVOKE_ERROR_INVALID_ARGUMENT, error);
}

ConvokeInetUrl *
convoke_inet_url_build (const char  *scheme,
                        const char  *host,
                        guint16      port,
                        const char  *path,
                        GError     **error)
{
  const char *slash = *path == '/' ? "" : "/";
  gboolean bare = strchr (host, ':') != NULL && *host != '[';
  g_autofree char *text = g_strdup_printf ("%s://%s%s%s:%u%s%s", scheme, bare ? "[" : "", host, bare ? "]" : "", port, slash, path);
  g_autoptr (CURLU) url = curl_url ();

  /* A host with a path or credentials in it would move what follows. */
  if (*host == '\0' || strpbrk (host, "/?#@\\ ") != NULL)
    {
      refuse (text, CONVOKE_ERROR_INVALID_ARGUMENT, "its host is no name and no address", error);
      return NULL;
    }
  if (!set_url (url, text, 0, CONVOKE_ERROR_INVALID_ARGUMENT, error))
    return NULL;

  return finish (url, text, CONVOKE_ERROR_INVALID_ARGUMENT, error);
}

ConvokeInetUrl *
convoke_inet_url_follow (const char  *base,
                         const char  *reference,
                         GError     **error)
{
  g_autoptr (CURLU) url = curl_url ();

  if (refuse_scheme (reference, error))
    return NULL;
  if (!set_url (url, base, 0, CONVOKE_ERROR_PROTOCOL, error) ||
      !set_url (url, reference, CURLU_URLENCODE | CURLU_ALLOW_SPACE, CONVOKE_ERROR_PROTOCOL, error))
    return NULL;

  return finish (url, reference, CONVOKE_ERROR_PROTOCOL, error);
}

void
convoke_inet_url_free (ConvokeInetUrl *self)
{
  g_free (self->url);
  g_free (self->scheme);
  g_free (self->host);
  g_free (self->path);
  g_free (self->user);
  g_free (self->password);
  g_free (self);
}

gboolean
convoke_inet_url_same_origin (ConvokeInetUrl *self,
                              ConvokeInetUrl *other)
{
  return strcmp (self->scheme, other->scheme) == 0 && g_ascii_strcasecmp (self->host, other->host) == 0 &&
         self->port == other->port;
}
