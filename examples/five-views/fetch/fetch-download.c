/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What can download: an interface as anybody writes it with GObject. */

#include "fetch-download.h"

/**
 * FetchDownload:
 *
 * What can download.
 */

G_DEFINE_INTERFACE (FetchDownload, fetch_download, G_TYPE_OBJECT)

static void
fetch_download_default_init (FetchDownloadInterface *iface)
{
}

/**
 * fetch_download_fetch:
 * @self: what can download
 * @url: what to download
 * @error: return location for an error, or %NULL
 *
 * Downloads what is at an address, and tells its progress in bytes.
 *
 * Returns: how many bytes came, 0 on failure
 */
guint64
fetch_download_fetch (FetchDownload  *self,
                      const char     *url,
                      GError        **error)
{
  g_return_val_if_fail (FETCH_IS_DOWNLOAD (self), 0);
  g_return_val_if_fail (url != NULL, 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  return FETCH_DOWNLOAD_GET_IFACE (self)->fetch (self, url, error);
}
