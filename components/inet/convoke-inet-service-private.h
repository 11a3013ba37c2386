/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-inet-service.h"

G_BEGIN_DECLS

/* What a scheme stands for, here and in the services that are to come: those have no way to open anything. */
typedef struct
{
  const char         *scheme;
  const char         *name;      /* as a reader calls it */
  ConvokeInetService  service;
  guint16             port;
  gboolean            secure;
  gboolean            spoken;
} ConvokeInetScheme;

/* NOT_SUPPORTED where it is not spoken. */
const ConvokeInetScheme *convoke_inet_check_scheme  (const char          *scheme,
                                                     GError             **error);
const ConvokeInetScheme *convoke_inet_find_scheme   (ConvokeInetService   service,
                                                     gboolean             secure,
                                                     GError             **error);

G_END_DECLS
