/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-inet-multi-private.h"
#include "convoke-inet-request.h"
#include "convoke-inet-settings-private.h"
#include "convoke-inet-url-private.h"

G_BEGIN_DECLS

/* Below @parent. Takes @url and what @settings holds. NULL: see the error. */
ConvokeInetRequest   *convoke_inet_request_new      (ConvokeHandle            *parent,
                                                     ConvokeInetMulti         *multi,
                                                     ConvokeInetSettings      *settings,
                                                     const char               *verb,
                                                     ConvokeInetUrl           *url,
                                                     ConvokeInetRequestFlags   flags,
                                                     gsize                     context,
                                                     GError                  **error);

/* InternetOpenUrl's part: sends, and the result is the request itself. */
ConvokeHandleOutcome  convoke_inet_request_open_url (ConvokeInetRequest       *self,
                                                     const char               *headers,
                                                     GError                  **error);

G_END_DECLS
