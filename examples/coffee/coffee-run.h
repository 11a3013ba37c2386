/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define N_SHOPS 2

/* One run of the comparison: what happened when, and what came of it. */
typedef struct _Run Run;

Run      *run_new               (const char * const  names[N_SHOPS]);
void      run_free              (Run                *self);

void      run_sent              (Run                *self,
                                 guint               shop);
void      run_answered          (Run                *self,
                                 guint               shop,
                                 GVariant           *prices,
                                 const GError       *error);
void      run_worked            (Run                *self);
gboolean  run_is_complete       (Run                *self);
void      run_compare           (Run                *self);

gint64    run_get_total         (Run                *self);
guint     run_get_n_columns     (Run                *self);
void      run_print_events      (Run                *self);
void      run_print_prices      (Run                *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

G_END_DECLS
