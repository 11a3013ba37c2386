/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-proxy.h"

G_BEGIN_DECLS

/* The calling thread's, or NULL: also when @object is no face of a call. */
GError *convoke_call_face_dup_last_error (GObject *object);

G_END_DECLS
