/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Calls through every thunk of the table, with all that a call can carry in
 * registers and on the stack. Uses nothing but libc, so that it can be built
 * for a processor of which there is only a compiler and an emulator.
 */

#include <stdio.h>
#include <stdint.h>

#define PARTS   24
#define N_PARTS 16
#define N_SLOTS 64
#define SIZE    32

extern const unsigned char convoke_thunks_table[];

typedef struct
{
  void *object;
  void *vtable;
} Part;

typedef struct
{
  char  before[PARTS];
  Part *parts;
} Instance;

static Part     parts[N_PARTS];
static void    *vtables[N_PARTS][N_SLOTS];
static char     objects[N_PARTS];
static void    *got_object;
static Instance instance = { .parts = parts };

static double
many (void *self, int a, double b, int64_t c, float d, const char *e, int f, int g, int h, int i,
      double j, double k, double l, double m, double n, double o, double p, double q)
{
  got_object = self;
  return a + b + c + d + e[0] + f + g + h + i + j + k + l + m + n + o + p + q;
}

static double
other (void *self, int a, double b, int64_t c, float d, const char *e, int f, int g, int h, int i,
       double j, double k, double l, double m, double n, double o, double p, double q)
{
  return -1;
}

typedef double (*Many) (void *, int, double, int64_t, float, const char *, int, int, int, int,
                        double, double, double, double, double, double, double, double);

/* Only the one slot leads to @many: a thunk that takes another one is found out. */
static int
check (int part, int slot)
{
  Many thunk = (Many) (uintptr_t) (convoke_thunks_table + (part * N_SLOTS + slot) * SIZE);
  double got;

  vtables[part][slot] = (void *) many;
  got_object = NULL;
  got = thunk (&instance, 1, 2, 3, 4, "A", 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
  vtables[part][slot] = (void *) other;

  if (got == 1 + 2 + 3 + 4 + 'A' + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15 + 16 + 17 && got_object == &objects[part])
    return 1;

  printf ("part %d, slot %d: got %g of %p\n", part, slot, got, got_object);
  return 0;
}

int
main (void)
{
  int n_right = 0;

  for (int part = 0; part < N_PARTS; part++)
    {
      parts[part].object = &objects[part];
      parts[part].vtable = vtables[part];
      for (int slot = 0; slot < N_SLOTS; slot++)
        vtables[part][slot] = (void *) other;
    }

  for (int part = 0; part < N_PARTS; part++)
    for (int slot = 0; slot < N_SLOTS; slot++)
      n_right += check (part, slot);

  printf ("%d of %d thunks lead where they should\n", n_right, N_PARTS * N_SLOTS);
  return n_right == N_PARTS * N_SLOTS ? 0 : 1;
}
