/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fetch-download.h"

G_BEGIN_DECLS

#define FETCH_TYPE_WEB_DOWNLOAD (fetch_web_download_get_type ())
FETCH_EXPORT
G_DECLARE_FINAL_TYPE (FetchWebDownload, fetch_web_download, FETCH, WEB_DOWNLOAD, GObject)

FETCH_EXPORT
FetchWebDownload *fetch_web_download_new (void);

G_END_DECLS
