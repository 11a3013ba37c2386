/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What does a coffee cost? Asks two shops, first one after the other with plain
 * method calls, then both at once with call objects, and compares.
 *
 * One shop is a component in C, the other in Python, each in a process of its
 * own; nothing below shows which.
 */

#include <convoke.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "coffee-bar.h"
#include "coffee-run.h"
#include "coffee-servers.h"
#include "coffee-shops.h"

#define MAX_MILLISECONDS (60 * 60 * 1000)

typedef struct
{
  char            **urls;                /* (owned) (nullable) */
  guint             latencies[N_SHOPS];  /* milliseconds */
  guint             deadline;            /* milliseconds */
  ConvokeDistance   distance;
  gboolean          crash;
} Options;

/* --- the synchronous run --- */

static void
ask (Run           *run,
     guint          i,
     DemoPriceFeed *shop)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) prices = NULL;

  run_sent (run, i);
  prices = demo_price_feed_get_prices (shop, &error);
  run_answered (run, i, prices, error);
}

/* Nothing but plain calls. They know no deadline, so the shops must. */
static Run *
run_synchronous (Shops *shops,
                 guint  deadline)
{
  Run *run;

  shops_set_up (shops, deadline);
  run = run_new (shop_names);
  for (guint i = 0; i < N_SHOPS; i++)
    ask (run, i, shops->feeds[i]);
  run_compare (run);

  return run;
}

/* --- the asynchronous run --- */

typedef struct
{
  Run         *run;
  Bar         *bar;
  guint        i;
  guint        deadline;
  ConvokeCall *call;    /* (owned) (nullable) */
  GMainLoop   *loop;
} Request;

/* A deadline in the words that the shops use for theirs. */
static GError *
in_words (const GError *error,
          guint         deadline)
{
  if (!g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT))
    return g_error_copy (error);
  return g_error_new (error->domain, error->code, "no answer within %u ms", deadline);
}

static void
answered (Request      *request,
          GVariant     *prices,
          const GError *error)
{
  g_autoptr (GError) worded = error != NULL ? in_words (error, request->deadline) : NULL;

  bar_set (request->bar, shop_names, request->i, 1);
  run_answered (request->run, request->i, prices, worded);
  if (run_is_complete (request->run))
    g_main_loop_quit (request->loop);
}

static void
show_progress (Request     *request,
               ConvokeCall *call)
{
  guint64 done = 0;
  guint64 total = 0;

  convoke_call_get_progress_amount (call, &done, &total, NULL);
  bar_set (request->bar, shop_names, request->i, total > 0 ? (double) done / total : 0);
}

/* Told in the main loop, between two other things. */
static void
call_notice_cb (ConvokeCall       *call,
                ConvokeCallNotice  notice,
                gpointer           user_data)
{
  Request *request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) prices = NULL;

  if (notice != CONVOKE_CALL_NOTICE_COMPLETED)
    {
      show_progress (request, call);
      return;
    }

  convoke_call_finish (call, "get_prices", &error, &prices);
  answered (request, prices, error);
}

static gboolean
begin (Request        *request,
       DemoPriceFeed  *shop,
       GError        **error)
{
  request->call = convoke_create_call (G_OBJECT (shop), DEMO_TYPE_PRICE_FEED, error);
  if (request->call == NULL)
    return FALSE;

  convoke_call_set_timeout (request->call, request->deadline * G_TIME_SPAN_MILLISECOND);
  convoke_call_set_callback (request->call, NULL, call_notice_cb, request, NULL);
  return convoke_call_begin (request->call, "get_prices", error);
}

static void
send_request (Request       *request,
              DemoPriceFeed *shop)
{
  g_autoptr (GError) error = NULL;

  run_sent (request->run, request->i);
  bar_set (request->bar, shop_names, request->i, 0);
  if (!begin (request, shop, &error))
    answered (request, NULL, error);
}

static gboolean
work_cb (gpointer user_data)
{
  run_worked (user_data);
  return G_SOURCE_CONTINUE;
}

/* Both calls have a deadline, whatever the shops do: their own is off. */
static Run *
run_asynchronous (Shops *shops,
                  guint  deadline)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Request requests[N_SHOPS];
  Bar bar = { { 0, } };
  Run *run;
  guint work;

  shops_set_up (shops, 0);
  run = run_new (shop_names);
  work = g_timeout_add (10, work_cb, run);
  for (guint i = 0; i < N_SHOPS; i++)
    {
      requests[i] = (Request) { run, &bar, i, deadline, NULL, loop };
      send_request (&requests[i], shops->feeds[i]);
    }

  if (!run_is_complete (run))
    g_main_loop_run (loop);
  run_compare (run);
  bar_clear (&bar);

  g_source_remove (work);
  for (guint i = 0; i < N_SHOPS; i++)
    g_clear_object (&requests[i].call);

  return run;
}

/* --- the program --- */

static void
crash (Shops *shops,
       guint  deadline)
{
  g_autofree char *url = g_steal_pointer (&shops->urls[0]);
  g_autoptr (Run) run = NULL;

  shops->urls[0] = g_strdup ("crash:");
  run = run_asynchronous (shops, deadline);
  printf ("Crash: %s dies in the middle of a call\n", shop_names[0]);
  run_print_events (run);

  g_free (shops->urls[0]);
  shops->urls[0] = g_steal_pointer (&url);
}

/* A shop dies in the middle of a call; the other one answers, and the program goes on: with the same shops, since a call on
 * one that is gone starts it anew. */
static Run *
crash_and_go_on (Shops *shops,
                 guint  deadline)
{
  Run *again;

  crash (shops, deadline);
  again = run_asynchronous (shops, deadline);
  printf ("\nAgain: %s is started anew, and both are asked\n", shop_names[0]);
  run_print_events (again);
  printf ("\n");

  return again;
}

static int
compare (Shops         *shops,
         const Options *options)
{
  g_autoptr (Run) one_by_one = NULL;
  g_autoptr (Run) at_once = NULL;

  shops_print (shops);

  one_by_one = run_synchronous (shops, options->deadline);
  printf ("\nSynchronous: one shop after the other\n");
  run_print_events (one_by_one);

  at_once = run_asynchronous (shops, options->deadline);
  printf ("\nAsynchronous: both shops at once\n");
  run_print_events (at_once);

  printf ("\nTotal: %.0f ms one after the other, %.0f ms at once\n\n",
           run_get_total (one_by_one) / 1000.0, run_get_total (at_once) / 1000.0);

  if (options->crash)
    {
      run_free (at_once);
      at_once = crash_and_go_on (shops, options->deadline);
    }
  run_print_prices (at_once);

  return run_get_n_columns (at_once) > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static gboolean
parse_latencies (const char  *text,
                 guint       *latencies,
                 GError     **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  if (g_strv_length (parts) != N_SHOPS)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--latency takes one number per shop, as in 300,100");
      return FALSE;
    }

  for (guint i = 0; i < N_SHOPS; i++)
    {
      guint64 latency;

      if (!g_ascii_string_to_unsigned (parts[i], 10, 0, MAX_MILLISECONDS, &latency, error))
        return FALSE;
      latencies[i] = latency;
    }

  return TRUE;
}

static gboolean
check_options (int          n_arguments,
               int          deadline,
               const char  *distance,
               Options     *options,
               GError     **error)
{
  const char *wrong = NULL;

  if (n_arguments > 1)
    wrong = "there is nothing to name but options";
  else if (deadline < 1 || deadline > MAX_MILLISECONDS)
    wrong = "--deadline is between 1 and 3600000";
  else if (options->urls != NULL && g_strv_length (options->urls) != N_SHOPS)
    wrong = "--url is given once per shop";
  else if (!shops_find_distance (distance, &options->distance))
    wrong = "--distance is in-process, thread or process";

  if (wrong != NULL)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, wrong);
  return wrong == NULL;
}

static gboolean
parse_options (int       *argc,
               char    ***argv,
               Options   *options,
               GError   **error)
{
  g_autofree char *latency = NULL;
  g_autofree char *distance = NULL;
  int deadline = 5000;
  const GOptionEntry entries[] = {
    { "latency", 0, 0, G_OPTION_ARG_STRING, &latency, "How slow the two shops are (default: 300,100)", "MS,MS" },
    { "url", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->urls, "Ask these two shops instead of our own", "URL" },
    { "deadline", 0, 0, G_OPTION_ARG_INT, &deadline, "How long to wait for a shop (default: 5000)", "MS" },
    { "distance", 0, 0, G_OPTION_ARG_STRING, &distance,
      "How far away the shops live: in-process, thread or process", "DISTANCE" },
    { "crash", 0, 0, G_OPTION_ARG_NONE, &options->crash, "Let one of the shops crash, and go on", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "What does a coffee cost? Asks two shops and compares.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (!check_options (*argc, deadline, distance, options, error))
    return FALSE;

  options->deadline = deadline;
  return parse_latencies (latency != NULL ? latency : "300,100", options->latencies, error);
}

static int
run_program (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) servers = NULL;
  g_auto (Shops) shops = { { NULL, }, };

  for (guint i = 0; options->urls != NULL && i < N_SHOPS; i++)
    shops.urls[i] = g_strdup (options->urls[i]);

  if (shops_find (&shops, options->distance, &error) && options->urls == NULL)
    servers = coffee_servers_start (options->latencies, shops.urls, N_SHOPS, &error);

  if (error == NULL)
    return compare (&shops, options);

  g_printerr ("coffee: %s\n", error->message);
  return EXIT_FAILURE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  Options options = { 0, };
  int status;

  /* What a component writes to a closed connection is its error, not our end. Python,
   * started by a loader, leaves this to the program. */
  signal (SIGPIPE, SIG_IGN);

  if (parse_options (&argc, &argv, &options, &error))
    {
      status = run_program (&options);
    }
  else
    {
      g_printerr ("coffee: %s\n", error->message);
      status = 2;
    }

  g_strfreev (options.urls);
  return status;
}
