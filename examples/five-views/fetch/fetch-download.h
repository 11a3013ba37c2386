/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "fetch-export.h"

G_BEGIN_DECLS

#define FETCH_TYPE_DOWNLOAD (fetch_download_get_type ())
FETCH_EXPORT
G_DECLARE_INTERFACE (FetchDownload, fetch_download, FETCH, DOWNLOAD, GObject)

struct _FetchDownloadInterface
{
  GTypeInterface parent_iface;

  guint64 (*fetch) (FetchDownload  *self,
                    const char     *url,
                    GError        **error);
};

FETCH_EXPORT
guint64 fetch_download_fetch (FetchDownload  *self,
                              const char     *url,
                              GError        **error);

G_END_DECLS
