/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-inet-exchange-options-private.h"

#include <string.h>

#include "convoke-inet-fields-private.h"

#define SET(option, value) \
  G_STMT_START { \
    if (code == CURLE_OK) \
      code = curl_easy_setopt (easy, (option), (value)); \
  } G_STMT_END

static gboolean
has_body (const ConvokeInetAsk *ask)
{
  return ask->extended || ask->body != NULL || strcmp (ask->verb, "POST") == 0 || strcmp (ask->verb, "PUT") == 0;
}

static CURLcode
set_body (CURL                 *easy,
          const ConvokeInetAsk *ask)
{
  CURLcode code = CURLE_OK;
  gsize size = 0;
  const char *data = ask->body != NULL ? g_bytes_get_data (ask->body, &size) : NULL;

  SET (CURLOPT_POST, 1L);
  SET (CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) (ask->extended ? ask->total : (gint64) size));
  if (!ask->extended)
    SET (CURLOPT_POSTFIELDS, data != NULL ? data : "");

  return code;
}

static CURLcode
set_verb (CURL                 *easy,
          const ConvokeInetAsk *ask)
{
  CURLcode code = CURLE_OK;

  if (has_body (ask))
    code = set_body (easy, ask);
  else if (strcmp (ask->verb, "HEAD") == 0)
    SET (CURLOPT_NOBODY, 1L);
  else
    SET (CURLOPT_HTTPGET, 1L);
  SET (CURLOPT_CUSTOMREQUEST, ask->verb);

  return code;
}

static gboolean
has_field (GPtrArray  *fields,
           const char *name)
{
  for (guint i = 0; i < fields->len; i += 2)
    if (g_ascii_strcasecmp (fields->pdata[i], name) == 0)
      return TRUE;

  return FALSE;
}

/* What libcurl would add by itself and nobody asked for is taken out again. */
static struct curl_slist *
make_list (const ConvokeInetAsk *ask,
           gboolean              first)
{
  struct curl_slist *list = convoke_inet_fields_to_list (ask->fields, first);

  if (!has_field (ask->fields, "Expect"))
    list = curl_slist_append (list, "Expect:");
  if (!has_field (ask->fields, "Content-Type"))
    list = curl_slist_append (list, "Content-Type:");
  if (ask->extended && ask->total < 0)
    list = curl_slist_append (list, "Transfer-Encoding: chunked");

  return list;
}

static CURLcode
set_credentials (CURL                 *easy,
                 const ConvokeInetAsk *ask)
{
  CURLcode code = CURLE_OK;

  SET (CURLOPT_HTTPAUTH, (long) CURLAUTH_BASIC);
  SET (CURLOPT_USERNAME, ask->user);
  SET (CURLOPT_PASSWORD, ask->password != NULL ? ask->password : "");

  return code;
}

static CURLcode
set_ways (CURL                 *easy,
          const ConvokeInetAsk *ask)
{
  CURLcode code = CURLE_OK;

  SET (CURLOPT_NOSIGNAL, 1L);
  SET (CURLOPT_PROTOCOLS_STR, "http,https");
  SET (CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
  SET (CURLOPT_FOLLOWLOCATION, 0L);
  SET (CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  SET (CURLOPT_TCP_KEEPALIVE, 1L);
  /* 0 would be libcurl's own bound of five minutes. */
  SET (CURLOPT_CONNECTTIMEOUT_MS, ask->connect_timeout > 0 ? (long) MIN (ask->connect_timeout / 1000 + 1, G_MAXINT) : (long) G_MAXINT);
#if LIBCURL_VERSION_NUM >= 0x075700
  /* Whoever lets go of a request does not wait for a name server. */
  SET (CURLOPT_QUICK_EXIT, 1L);
#endif
  if (ask->proxy != NULL)
    SET (CURLOPT_PROXY, ask->proxy);
  if (ask->ca_file != NULL)
    {
      SET (CURLOPT_CAINFO, ask->ca_file);
      SET (CURLOPT_CAPATH, NULL);
    }

  return code;
}

CURLcode
convoke_inet_exchange_set_options (CURL                  *easy,
                                   const ConvokeInetAsk  *ask,
                                   gboolean               first,
                                   struct curl_slist    **list)
{
  CURLcode code = set_ways (easy, ask);

  *list = make_list (ask, first);
  SET (CURLOPT_URL, ask->url);
  SET (CURLOPT_USERAGENT, ask->agent);
  SET (CURLOPT_HTTPHEADER, *list);
  if (code == CURLE_OK)
    code = set_verb (easy, ask);
  if (code == CURLE_OK && first && ask->user != NULL)
    code = set_credentials (easy, ask);

  return code;
}
