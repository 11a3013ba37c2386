/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The web server of the example, in a process of its own, which ends with this. */
typedef struct _SlowServer SlowServer;

SlowServer *slow_server_new       (GError     **error);
void        slow_server_free      (SlowServer  *self);
const char *slow_server_get_url   (SlowServer  *self);
void        slow_server_send_more (SlowServer  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlowServer, slow_server_free)

G_END_DECLS
