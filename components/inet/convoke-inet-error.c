/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-inet-error-private.h"

static const struct
{
  CURLcode     theirs;
  ConvokeError ours;
  const char  *what;
} codes[] = {
  { CURLE_URL_MALFORMAT,            CONVOKE_ERROR_INVALID_ARGUMENT,  "cannot be asked" },
  { CURLE_COULDNT_RESOLVE_PROXY,    CONVOKE_ERROR_NAME_NOT_RESOLVED, "is behind a proxy that was not found" },
  { CURLE_COULDNT_RESOLVE_HOST,     CONVOKE_ERROR_NAME_NOT_RESOLVED, "was not found" },
  { CURLE_COULDNT_CONNECT,          CONVOKE_ERROR_CANNOT_CONNECT,    "cannot be connected to" },
  { CURLE_PROXY,                    CONVOKE_ERROR_CANNOT_CONNECT,    "cannot be reached through the proxy" },
  { CURLE_SSL_CONNECT_ERROR,        CONVOKE_ERROR_CANNOT_CONNECT,    "makes no TLS connection" },
  { CURLE_PEER_FAILED_VERIFICATION, CONVOKE_ERROR_CANNOT_CONNECT,    "is not trusted" },
  { CURLE_SSL_CACERT_BADFILE,       CONVOKE_ERROR_INVALID_ARGUMENT,  "cannot be checked with the file of trusted certificates" },
  { CURLE_OPERATION_TIMEDOUT,       CONVOKE_ERROR_TIMEOUT,           "was not connected in time" },
  { CURLE_GOT_NOTHING,              CONVOKE_ERROR_DISCONNECTED,      "closed the connection without an answer" },
  { CURLE_PARTIAL_FILE,             CONVOKE_ERROR_DISCONNECTED,      "closed the connection within the answer" },
  { CURLE_RECV_ERROR,               CONVOKE_ERROR_DISCONNECTED,      "broke off the answer" },
  { CURLE_SEND_ERROR,               CONVOKE_ERROR_DISCONNECTED,      "did not take the whole request" },
  { CURLE_SEND_FAIL_REWIND,         CONVOKE_ERROR_DISCONNECTED,      "wants the body again, which was not kept" },
  { CURLE_UNSUPPORTED_PROTOCOL,     CONVOKE_ERROR_PROTOCOL,          "does not answer with HTTP" },
  { CURLE_WEIRD_SERVER_REPLY,       CONVOKE_ERROR_PROTOCOL,          "gave an answer that is no HTTP" },
  { CURLE_BAD_CONTENT_ENCODING,     CONVOKE_ERROR_PROTOCOL,          "encoded the answer wrongly" },
  { CURLE_OUT_OF_MEMORY,            CONVOKE_ERROR_OUT_OF_RESOURCES,  "needs memory that there is not" },
  { CURLE_ABORTED_BY_CALLBACK,      CONVOKE_ERROR_CANCELLED,         "was left alone" },
};

GError *
convoke_inet_error_new (CURLcode    code,
                        const char *text,
                        const char *host)
{
  g_autofree char *cause = g_utf8_make_valid (*text != '\0' ? text : curl_easy_strerror (code), -1);

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].theirs == code)
      return g_error_new (CONVOKE_ERROR, codes[i].ours, "%s %s: %s", host, codes[i].what, cause);

  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "%s was not asked: %s", host, cause);
}
