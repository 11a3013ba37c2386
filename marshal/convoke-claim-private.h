/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A name among the programs of one user, and the socket behind it. Who has it
 * keeps it until it is given back or the process has ended.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ConvokeClaim ConvokeClaim;

/* Letters, digits, “.”, “-” and “_”, as names of classes. Fails with INVALID_ARGUMENT. */
gboolean      convoke_claim_check_name (const char *name, GError **error);

/* Fails with INVALID_ARGUMENT, ALREADY_REGISTERED, ACCESS_DENIED, NOT_FOUND and OUT_OF_RESOURCES. */
ConvokeClaim *convoke_claim_new        (const char *name, GError **error);
ConvokeClaim *convoke_claim_ref        (ConvokeClaim *self);
void          convoke_claim_unref      (ConvokeClaim *self);
/* The name is free, and nobody comes in any more. Once. */
void          convoke_claim_give_back  (ConvokeClaim *self);
/* Listens; does not block. Borrowed: it is open as long as the claim is. */
int           convoke_claim_get_fd     (ConvokeClaim *self);

/* A connected socket, or -1. @deadline: monotonic, microseconds. Fails with INVALID_ARGUMENT, NOT_FOUND (nobody has the name),
 * ACCESS_DENIED, TIMEOUT and CANCELLED. */
int           convoke_claim_connect    (const char *name, gint64 deadline, GCancellable *cancellable, GError **error);

/* The names that somebody has, in order (transfer full). */
char        **convoke_claim_list_names (GError **error);

/* One of the names that the process @pid has (transfer full). Fails with NOT_FOUND, and as the list does. */
char         *convoke_claim_find_name  (GPid pid, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeClaim, convoke_claim_unref)

G_END_DECLS
