/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/* A proxy for an object whose code runs elsewhere: implements the object's interfaces, free-threaded. */
CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_create_proxy (GObject  *object,
                               GError  **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_is_proxy (GObject *object);

CONVOKE_AVAILABLE_IN_0_1
GError *convoke_dup_last_error (GObject *proxy);

/* An object that implements a call's interface: calling a method on it begins (or finishes) that method. For bindings. */
CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_call_dup_begin_face (gpointer  call,
                                      GError  **error);

CONVOKE_AVAILABLE_IN_0_1
GObject *convoke_call_dup_finish_face (gpointer  call,
                                       GError  **error);

G_END_DECLS
