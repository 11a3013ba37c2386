/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "coffee-bar.h"

#include <stdio.h>
#include <unistd.h>

#define WIDTH 20

static void
draw_one (const char *name,
          double      fraction)
{
  int full = CLAMP (fraction, 0, 1) * WIDTH + 0.5;

  printf ("  %s [", name);
  for (int i = 0; i < WIDTH; i++)
    fputc (i < full ? '#' : ' ', stdout);
  fputc (']', stdout);
}

void
bar_set (Bar                *self,
         const char * const  names[N_SHOPS],
         guint               shop,
         double              fraction)
{
  self->fractions[shop] = fraction;
  if (!isatty (STDOUT_FILENO))
    return;

  fputc ('\r', stdout);
  for (guint i = 0; i < N_SHOPS; i++)
    draw_one (names[i], self->fractions[i]);
  fflush (stdout);
}

/* The line is free for something else. */
void
bar_clear (Bar *self)
{
  if (isatty (STDOUT_FILENO))
    fputs ("\r\033[K", stdout);
}
