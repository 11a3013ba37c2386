/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "bench.h"

#include <dirent.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct
{
  guint in;        /* the producer's own */
  guint done;      /* atomic; written by the worker */
  guint target;    /* atomic; what the sleeping producer waits for, valid while asleep */
  guint asleep;    /* atomic; the producer's futex */
} window;

static gint64
now_ns (clockid_t clock)
{
  struct timespec ts = { 0, 0 };

  clock_gettime (clock, &ts);

  return (gint64) ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void
pin_thread (pid_t tid,
            int   cpu)
{
  cpu_set_t set;

  CPU_ZERO (&set);
  CPU_SET (cpu, &set);
  if (sched_setaffinity (tid, sizeof set, &set) != 0)
    {
      perror ("sched_setaffinity");
      exit (1);
    }
}

static void
pin (int cpu)
{
  if (cpu >= 0)
    pin_thread (0, cpu);
}

/* The numbers among the names of a folder of /proc, zero last. */
static GArray *
list_numbers (const char *folder)
{
  GArray *numbers = g_array_new (TRUE, FALSE, sizeof (pid_t));
  DIR *dir = opendir (folder);
  struct dirent *entry;

  if (dir == NULL)
    return numbers;

  while ((entry = readdir (dir)) != NULL)
    {
      pid_t number = atoi (entry->d_name);

      if (number > 0)
        g_array_append_val (numbers, number);
    }
  closedir (dir);

  return numbers;
}

static void
pin_all_threads (int cpu)
{
  g_autoptr (GArray) threads = list_numbers ("/proc/self/task");

  for (guint i = 0; i < threads->len; i++)
    pin_thread (g_array_index (threads, pid_t, i), cpu);
}

/* --- the processes that were started --- */

static pid_t
parent_of (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  const char *after_name;
  pid_t parent = 0;

  if (g_file_get_contents (path, &text, NULL, NULL) && (after_name = strrchr (text, ')')) != NULL)
    sscanf (after_name, ") %*c %d", &parent);

  return parent;
}

static gboolean
descends_from (pid_t pid,
               pid_t ancestor)
{
  while (pid > 1 && pid != ancestor)
    pid = parent_of (pid);

  return pid == ancestor;
}

static GArray *
find_descendants (void)
{
  g_autoptr (GArray) pids = list_numbers ("/proc");
  GArray *found = g_array_new (TRUE, FALSE, sizeof (pid_t));

  for (guint i = 0; i < pids->len; i++)
    {
      pid_t pid = g_array_index (pids, pid_t, i);

      if (pid != getpid () && descends_from (pid, getpid ()))
        g_array_append_val (found, pid);
    }

  return found;
}

GPid
bench_child (void)
{
  g_autoptr (GArray) pids = find_descendants ();

  return g_array_index (pids, pid_t, 0);
}

void
bench_end_children (void)
{
  g_autoptr (GArray) pids = find_descendants ();

  for (guint i = 0; i < pids->len; i++)
    {
      kill (g_array_index (pids, pid_t, i), SIGKILL);
      waitpid (g_array_index (pids, pid_t, i), NULL, 0);
    }
}

static GArray *
find_cpu_clocks (void)
{
  g_autoptr (GArray) pids = find_descendants ();
  GArray *clocks = g_array_new (FALSE, FALSE, sizeof (clockid_t));
  clockid_t clock = CLOCK_PROCESS_CPUTIME_ID;

  g_array_append_val (clocks, clock);
  for (guint i = 0; i < pids->len; i++)
    {
      if (clock_getcpuclockid (g_array_index (pids, pid_t, i), &clock) == 0)
        g_array_append_val (clocks, clock);
    }

  return clocks;
}

static gint64
cpu_ns (GArray *clocks)
{
  gint64 sum = 0;

  for (guint i = 0; i < clocks->len; i++)
    sum += now_ns (g_array_index (clocks, clockid_t, i));

  return sum;
}

void
bench_futex_wait (guint *word,
                  guint  seen)
{
  syscall (SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

void
bench_futex_wake (guint *word)
{
  syscall (SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* What every call does, here or there: little, but not nothing. */
gint32
bench_method (gint32      number,
              const char *text)
{
  return number + (gint32) strlen (text);
}

void
bench_window_reset (void)
{
  memset (&window, 0, sizeof window);
}

static void
window_wait (guint target)
{
  if ((int) (__atomic_load_n (&window.done, __ATOMIC_ACQUIRE) - target) >= 0)
    return;

  __atomic_store_n (&window.target, target, __ATOMIC_RELAXED);
  __atomic_store_n (&window.asleep, 1, __ATOMIC_SEQ_CST);

  if ((int) (__atomic_load_n (&window.done, __ATOMIC_SEQ_CST) - target) >= 0)
    __atomic_store_n (&window.asleep, 0, __ATOMIC_RELAXED);

  while (__atomic_load_n (&window.asleep, __ATOMIC_ACQUIRE) != 0)
    bench_futex_wait (&window.asleep, 1);
}

void
bench_window_in (void)
{
  if (window.in - __atomic_load_n (&window.done, __ATOMIC_ACQUIRE) >= BENCH_WINDOW)
    window_wait (window.in - BENCH_WINDOW / 2);

  window.in++;
}

void
bench_window_out (void)
{
  guint done = __atomic_add_fetch (&window.done, 1, __ATOMIC_SEQ_CST);

  if (__atomic_load_n (&window.asleep, __ATOMIC_SEQ_CST) == 0 ||
      (int) (done - __atomic_load_n (&window.target, __ATOMIC_RELAXED)) < 0)
    return;

  __atomic_store_n (&window.asleep, 0, __ATOMIC_RELEASE);
  bench_futex_wake (&window.asleep);
}

void
bench_window_drain (void)
{
  window_wait (window.in);
}

/* Doubles the count until a batch fills the time, so that the last, longest batch is the result. */
static void
run_timed (const BenchCase *bench,
           gint64           budget)
{
  g_autoptr (GArray) clocks = find_cpu_clocks ();
  gint64 wall = 0;
  gint64 cpu = 0;
  guint64 n = 1;

  for (;;)
    {
      cpu = cpu_ns (clocks);
      wall = now_ns (CLOCK_MONOTONIC);
      bench->run (n);
      wall = now_ns (CLOCK_MONOTONIC) - wall;
      cpu = cpu_ns (clocks) - cpu;

      if (wall >= budget / 2)
        break;

      n = wall < budget / 32 ? n * 8 : n * 2;
    }

  printf ("{\"value\": %.2f, \"cpu_ns\": %.2f, \"ops\": %" G_GUINT64_FORMAT "}\n",
          (double) wall / n, (double) cpu / n, n);
}

/* Of this process and those that it has waited for. */
static gint64
cpu_ns_with_ended (void)
{
  struct rusage usage;

  getrusage (RUSAGE_CHILDREN, &usage);

  return now_ns (CLOCK_PROCESS_CPUTIME_ID) +
         (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * (gint64) 1000000000 +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * (gint64) 1000;
}

static void
run_measure (const BenchCase *bench)
{
  gint64 cpu = cpu_ns_with_ended ();
  double value = bench->measure ();

  cpu = cpu_ns_with_ended () - cpu;
  if (bench->operations > 0)
    printf ("{\"value\": %.2f, \"cpu_ns\": %.2f, \"ops\": %u}\n",
            value, (double) cpu / bench->operations, bench->operations);
  else
    printf ("{\"value\": %.2f}\n", value);
}

static const BenchCase *
find_case (const BenchCase *cases,
           gsize            n_cases,
           const char      *name)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      if (g_str_equal (cases[i].name, name))
        return &cases[i];
    }

  return NULL;
}

int
bench_main (int               argc,
            char            **argv,
            const BenchCase  *cases,
            gsize             n_cases)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("CASE");
  g_autoptr (GError) error = NULL;
  int ms = 100;
  int cpu = -1;
  int worker_cpu = -1;
  gboolean list = FALSE;
  const GOptionEntry entries[] = {
    { "ms", 0, 0, G_OPTION_ARG_INT, &ms, "How long to measure", "MILLISECONDS" },
    { "cpu", 0, 0, G_OPTION_ARG_INT, &cpu, "Pin the caller, and the worker if not told otherwise", "CPU" },
    { "worker-cpu", 0, 0, G_OPTION_ARG_INT, &worker_cpu, "Pin the worker", "CPU" },
    { "list", 0, 0, G_OPTION_ARG_NONE, &list, "List the cases that were built", NULL },
    { NULL }
  };
  const BenchCase *bench;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }

  if (list)
    {
      for (gsize i = 0; i < n_cases; i++)
        puts (cases[i].name);
      return 0;
    }

  bench = argc == 2 ? find_case (cases, n_cases, argv[1]) : NULL;
  if (bench == NULL)
    {
      fprintf (stderr, "Name one case; --list lists them\n");
      return 2;
    }

  pin (worker_cpu >= 0 ? worker_cpu : cpu);

  if (bench->measure != NULL)
    {
      run_measure (bench);
      return 0;
    }

  if (bench->setup != NULL)
    bench->setup ();

  if (worker_cpu >= 0 && bench->process)
    pin_all_threads (cpu);
  else if (worker_cpu >= 0)
    pin (cpu);

  run_timed (bench, ms * (gint64) 1000000);

  if (bench->teardown != NULL)
    bench->teardown ();

  return 0;
}
