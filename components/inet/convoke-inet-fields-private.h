/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <curl/curl.h>

#include "convoke-inet-request.h"

G_BEGIN_DECLS

/* The header fields that a request sends: owned names and values in turns. */
GPtrArray         *convoke_inet_fields_new   (void);
GPtrArray         *convoke_inet_fields_copy  (GPtrArray                *self);

/* Adds what @text says, a field a line; all of it or nothing. */
gboolean           convoke_inet_fields_add   (GPtrArray                *self,
                                              const char               *text,
                                              ConvokeInetHeaderFlags    flags,
                                              GError                  **error);

/* As libcurl wants them. Without @secrets: those left out that another host must not see. */
struct curl_slist *convoke_inet_fields_to_list (GPtrArray *self,
                                                gboolean   secrets);

gboolean           convoke_inet_is_token     (const char *text);

G_END_DECLS
