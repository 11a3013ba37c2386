/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "fetch-export.h"

G_BEGIN_DECLS

FETCH_EXPORT
void  fetch_diary_start (void);

FETCH_EXPORT
void  fetch_diary_write (const char         *who,
                         const char         *what);

FETCH_EXPORT
char *fetch_diary_tell  (const char * const *who);

G_END_DECLS
