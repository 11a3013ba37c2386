/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke.h>

G_BEGIN_DECLS

/* A URL in its parts, read by the parser that libcurl itself goes by. */
typedef struct
{
  char    *url;       /* (owned) whole, without credentials and fragment */
  char    *scheme;    /* (owned) */
  char    *host;      /* (owned) an IPv6 address in its brackets */
  guint16  port;
  char    *path;      /* (owned) with the query */
  char    *user;      /* (owned) (nullable) decoded */
  char    *password;  /* (owned) (nullable) decoded */
} ConvokeInetUrl;

/* INVALID_ARGUMENT: no URL. NOT_SUPPORTED: of a scheme that is not spoken here. */
ConvokeInetUrl *convoke_inet_url_parse  (const char     *text,
                                         GError        **error);
ConvokeInetUrl *convoke_inet_url_build  (const char     *scheme,
                                         const char     *host,
                                         guint16         port,
                                         const char     *path,
                                         GError        **error);

/* What @reference means on the page @base; what is no URL is PROTOCOL, since a server said it. */
ConvokeInetUrl *convoke_inet_url_follow (const char     *base,
                                         const char     *reference,
                                         GError        **error);
void            convoke_inet_url_free   (ConvokeInetUrl *self);

/* Whether both are one scheme, host and port. */
gboolean        convoke_inet_url_same_origin (ConvokeInetUrl *self,
                                              ConvokeInetUrl *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeInetUrl, convoke_inet_url_free)

G_END_DECLS
