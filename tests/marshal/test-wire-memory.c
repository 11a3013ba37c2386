/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The commonest call costs the wire no memory: counted where memory comes from.
 */

#include <stdlib.h>

#include "../gobj/callable-fixture.h"
#include "convoke-frame-steps-private.h"
#include "convoke-wire-private.h"

#if defined (__GLIBC__) && !defined (__SANITIZE_ADDRESS__) && !defined (__SANITIZE_THREAD__)
#define COUNTS 1
#else
#define COUNTS 0
#endif

static gint n_allocations;

#if COUNTS
extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *memory, size_t size);

__attribute__ ((visibility ("default"))) void *
malloc (size_t size)
{
  __atomic_fetch_add (&n_allocations, 1, __ATOMIC_RELAXED);
  return __libc_malloc (size);
}

__attribute__ ((visibility ("default"))) void *
calloc (size_t n,
        size_t size)
{
  __atomic_fetch_add (&n_allocations, 1, __ATOMIC_RELAXED);
  return __libc_calloc (n, size);
}

__attribute__ ((visibility ("default"))) void *
realloc (void   *memory,
         size_t  size)
{
  __atomic_fetch_add (&n_allocations, 1, __ATOMIC_RELAXED);
  return __libc_realloc (memory, size);
}
#endif

/* Valgrind puts its own in the place of ours. */
static gboolean
is_counting (void)
{
  gint before = n_allocations;

  g_free (g_malloc (10));
  return n_allocations > before;
}

static void
run_once (Callable *call)
{
  gint32 number = 42;
  const char *text = "thirty-two bytes of plain text..";
  void *args[] = { &number, &text };
  ffi_arg result = 0;
  ConvokeWireWriter ins, outs;
  ConvokeWireReader reader;
  ConvokeFrame caller;
  gboolean done;

  convoke_wire_writer_init (&ins);
  convoke_wire_writer_init (&outs);
  convoke_frame_init_borrowed (&caller, call->plan, args, &result);

  done = convoke_wire_write_ins (&ins, &caller, NULL, NULL);
  convoke_wire_reader_init (&reader, ins.data, ins.length, NULL, 0);
  done = done && convoke_wire_read_ins (&reader, &call->frame, call->plan, call->storage, NULL, NULL);

  *(gint32 *) convoke_frame_slot (&call->frame, &call->plan->steps[2]) = -43;
  done = done && convoke_wire_write_outs (&outs, &call->frame, NULL, NULL);
  convoke_wire_reader_init (&reader, outs.data, outs.length, NULL, 0);
  done = done && convoke_wire_read_outs (&reader, &caller, NULL, NULL, NULL);

  if (!done || (gint32) result != -43)
    abort ();

  convoke_frame_clear (&call->frame);
  convoke_frame_clear (&caller);
  convoke_wire_writer_clear (&ins);
  convoke_wire_writer_clear (&outs);
}

static void
test_no_allocation (void)
{
  ConvokeArgInfo args[] = {
    ARG ("number", IN, NONE, T (INT32)),
    ARG ("text", IN, NONE, T (UTF8, .is_pointer = TRUE)),
  };
  Callable call;
  gint before, after;

  g_test_summary ("A number and a string there, and a number back, allocate nothing");

  if (!is_counting ())
    {
      g_test_skip ("allocations cannot be counted here");
      return;
    }

  callable_init (&call, "call", args, 2, (ConvokeArgInfo) RET (NONE, T (INT32)));
  /* What is compiled once per method. */
  run_once (&call);

  before = n_allocations;
  for (guint i = 0; i < 1000; i++)
    run_once (&call);
  after = n_allocations;
  g_assert_cmpint (after - before, ==, 0);

  callable_wipe (&call);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/marshal/wire-memory/no-allocation", test_no_allocation);

  return g_test_run ();
}
