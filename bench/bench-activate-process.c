/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* activate-process: from nothing until the first reply of a process that is started for it. */

#include <gio/gio.h>
#include <signal.h>

#include "bench-component.h"
#include "bench-process.h"
#include "bench.h"

#define ACTIVATIONS 5

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* @activate returns how long it took, in microseconds, and leaves nothing behind. */
static double
measure_median (gint64 (*activate) (void))
{
  gint64 times[ACTIVATIONS];

  for (guint i = 0; i < ACTIVATIONS; i++)
    times[i] = activate ();

  qsort (times, ACTIVATIONS, sizeof *times, compare_times);

  return times[ACTIVATIONS / 2] * 1000.0;
}

/* --- the limits: start a program, connected by a socketpair --- */

static gint64
start_program (const char         *name,
               const char * const *arguments)
{
  gint64 began = g_get_monotonic_time ();
  BenchProcess process;

  bench_process_exec (&process, name, arguments);
  bench_packet_call (process.fd, 1);
  began = g_get_monotonic_time () - began;
  bench_process_stop (&process);

  return began;
}

static gint64
start_c (void)
{
  return start_program ("bench-idle", NULL);
}

static double
measure_c (void)
{
  return measure_median (start_c);
}

#ifdef BENCH_PYTHON
static gint64
start_python (void)
{
  return start_program (BENCH_PYTHON, (const char *[]) { BENCH_IDLE_PY, NULL });
}

static gint64
start_python_class (void)
{
  return start_program (BENCH_PYTHON, (const char *[]) { BENCH_IDLE_PY, "class", NULL });
}

static double
measure_python_class (void)
{
  return measure_median (start_python_class);
}

static double
measure_python (void)
{
  return measure_median (start_python);
}
#endif

/* --- ours --- */

/* The end of one must not cost the next. */
static void
wait_for_end (GPid pid)
{
  while (kill (pid, 0) == 0)
    g_usleep (1000);
}

static gint64
activate (const char *class_name)
{
  gint64 began = g_get_monotonic_time ();
  ConvokeBenchEcho *component = bench_component_activate (class_name);
  GPid pid;

  bench_check (convoke_bench_echo_add (component, 1, BENCH_TEXT), 1);
  began = g_get_monotonic_time () - began;

  pid = bench_component_get_pid (component);
  g_object_unref (component);
  wait_for_end (pid);

  return began;
}

static gint64
activate_c (void)
{
  return activate (BENCH_COMPONENT_ALONE);
}

static double
measure_convoke (void)
{
  return measure_median (activate_c);
}

#ifdef BENCH_PYTHON
static gint64
activate_python (void)
{
  return activate (BENCH_COMPONENT_PYTHON);
}

static double
measure_convoke_python (void)
{
  return measure_median (activate_python);
}
#endif

static const BenchCase cases[] = {
  { "limit", .measure = measure_c, .operations = ACTIVATIONS },
  { "convoke", .measure = measure_convoke, .operations = ACTIVATIONS },
#ifdef BENCH_PYTHON
  { "python:limit", .measure = measure_python, .operations = ACTIVATIONS },
  { "python:class", .measure = measure_python_class, .operations = ACTIVATIONS },
  { "python:convoke", .measure = measure_convoke_python, .operations = ACTIVATIONS },
#endif
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
