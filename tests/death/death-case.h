/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One component in a process of its own, and what there was before it. */

#include "death-account.h"
#include "death-victim.h"

#include <convoke.h>

#define DEATH_PATIENCE (30 * G_USEC_PER_SEC)

typedef struct
{
  DeathAccount    before;
  char           *dir;       /* of the keyfile */
  ConvokeCatalog *catalog;
  DeathVictim    *victim;    /* a proxy; NULL: not activated */
  int             pidfd;     /* of its process; -1: not activated */
} DeathCase;

/* In main: after the first, only what a case leaves is new; the second is g_test_run (), and nothing is left after it. */
void     death_case_prepare  (void);
int      death_case_run      (void);
/* Until idle threads have gone, too. */
void     death_case_settle   (void);

/* @more: lines of the keyfile; NULL: a process for this instance alone. */
void     death_case_init     (DeathCase *self, const char *more);
gboolean death_case_activate (DeathCase *self, gint64 timeout, GError **error);
/* Both, and the second succeeds. */
void     death_case_start    (DeathCase *self, const char *more);
/* Drops everything; nothing is left. */
void     death_case_clear    (DeathCase *self);

/* The process will end when it is triggered. */
void     death_case_arm      (DeathCase *self, DeathWay way);
/* The signal is sent; its time is the process's own. */
void     death_case_trigger  (DeathCase *self);
/* Any other. */
void     death_case_signal   (DeathCase *self, int signum);
/* When this returns, nothing of it runs. */
void     death_case_stop     (DeathCase *self);
/* Until its end has got around, by @way. */
void     death_case_call_until_gone (DeathCase *self, DeathWay way);

/* @error is what @way leads to, and says so: a call that was under way; an activation; a call that came later. */
void     death_assert_cause  (const GError *error, DeathWay way);
void     death_assert_start_cause (const GError *error, DeathWay way);
void     death_assert_gone   (const GError *error, DeathWay way);
const char *death_way_get_nick (DeathWay way);
