/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * host-memory: the private bytes of a serving process, one second after its
 * first call. A second one of its kind runs beside it, so that a page of a
 * file counts as what it is on a machine in use: shared.
 */

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "bench-call-process.h"
#include "bench-component.h"
#include "bench-process.h"
#include "bench.h"

#define REST (G_USEC_PER_SEC)

/* The number of bytes of a line "Name:    12 kB". */
static gsize
get_field (const char *text,
           const char *name)
{
  const char *line = strstr (text, name);
  gsize kib = 0;

  if (line == NULL || sscanf (line + strlen (name), ": %zu", &kib) != 1)
    g_error ("No %s in smaps_rollup", name);

  return kib * 1024;
}

static gsize
read_private (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps_rollup", pid);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);

  return get_field (text, "Private_Clean") + get_field (text, "Private_Dirty");
}

/* @start starts one, calls it and leaves it. */
static double
measure (void (*start) (void))
{
  gsize bytes;

  start ();
  start ();
  g_usleep (REST);
  bytes = read_private (bench_child ());
  bench_end_children ();

  return bytes;
}

static void
start_idle (void)
{
  BenchProcess idle;

  bench_process_exec (&idle, "bench-idle", NULL);
  bench_packet_call (idle.fd, 1);
}

static double
measure_idle (void)
{
  return measure (start_idle);
}

static void
start_host (void)
{
  ConvokeBenchEcho *component = bench_component_activate (BENCH_COMPONENT_ALONE);

  bench_check (convoke_bench_echo_add (component, 1, BENCH_TEXT), 1);
}

static double
measure_host (void)
{
  return measure (start_host);
}

#ifdef BENCH_HAVE_SYSTEMD
static double
measure_sd_bus (void)
{
  return measure (bench_sd_bus_setup_service);
}
#endif

static double
measure_gdbus (void)
{
  return measure (bench_gdbus_setup_service);
}

static const BenchCase cases[] = {
  { "limit", .measure = measure_idle },
  { "convoke", .measure = measure_host },
#ifdef BENCH_HAVE_SYSTEMD
  { "sd-bus", .measure = measure_sd_bus },
#endif
  { "GDBus", .measure = measure_gdbus },
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
