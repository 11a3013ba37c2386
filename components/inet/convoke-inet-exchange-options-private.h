/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-inet-exchange-private.h"

G_BEGIN_DECLS

/* Sets an easy handle up for one hop. @first: it goes to the host that credentials are meant for. */
CURLcode convoke_inet_exchange_set_options (CURL                  *easy,
                                            const ConvokeInetAsk  *ask,
                                            gboolean               first,
                                            struct curl_slist    **list);

G_END_DECLS
