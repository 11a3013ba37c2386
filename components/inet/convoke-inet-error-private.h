/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke.h>
#include <curl/curl.h>

G_BEGIN_DECLS

/* Why an exchange with @host failed; @text is what libcurl says of it, or "". */
GError *convoke_inet_error_new (CURLcode    code,
                                const char *text,
                                const char *host);

G_END_DECLS
