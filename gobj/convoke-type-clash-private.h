/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A name of a type that is registered twice. GObject says so on the terminal
 * only, and everything that goes on from there fails with a warning of its
 * own. While code of a module runs that registers types, what GObject says on
 * that thread is an error.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ConvokeTypeClash ConvokeTypeClash;

/* On the stack; one within another is fine. */
struct _ConvokeTypeClash
{
  ConvokeTypeClash *outer;
  char             *message;
};

/* From here on, on the calling thread. */
void     convoke_type_clash_begin (ConvokeTypeClash *self);

/* Until here, on the same thread. FALSE: a type was refused since; fails with ALREADY_REGISTERED. @what: a sentence's beginning. */
gboolean convoke_type_clash_end   (ConvokeTypeClash *self, const char *what, GError **error);

G_END_DECLS
