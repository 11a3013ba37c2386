/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What does a coffee cost? Asks two shops, first one after the other with plain
 * method calls, then both at once with call objects, and compares.
 *
 * One shop is a component in C, the other in Python; nothing below shows which.
 */

#include <convoke.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "coffee-run.h"
#include "coffee-servers.h"
#include "demo-price-feed.h"
#include "downfall-shop.h"

#define MAX_MILLISECONDS (60 * 60 * 1000)

static const char * const names[N_SHOPS] = { "Downfall", "Fourth Coffee" };

typedef struct
{
  char   **urls;                /* (owned) (nullable) */
  guint    latencies[N_SHOPS];  /* milliseconds */
  guint    deadline;            /* milliseconds */
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
run_synchronous (DemoPriceFeed *shops[N_SHOPS],
                 guint          deadline)
{
  Run *run = run_new (names);

  for (guint i = 0; i < N_SHOPS; i++)
    {
      g_object_set (shops[i], "timeout", deadline, NULL);
      ask (run, i, shops[i]);
    }
  run_compare (run);

  return run;
}

/* --- the asynchronous run --- */

typedef struct
{
  Run         *run;
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

  run_answered (request->run, request->i, prices, worded);
  if (run_is_complete (request->run))
    g_main_loop_quit (request->loop);
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
    return;

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
run_asynchronous (DemoPriceFeed *shops[N_SHOPS],
                  guint          deadline)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Run *run = run_new (names);
  Request requests[N_SHOPS];
  guint work = g_timeout_add (10, work_cb, run);

  for (guint i = 0; i < N_SHOPS; i++)
    {
      g_object_set (shops[i], "timeout", 0, NULL);
      requests[i] = (Request) { run, i, deadline, NULL, loop };
      send_request (&requests[i], shops[i]);
    }

  if (!run_is_complete (run))
    g_main_loop_run (loop);
  run_compare (run);

  g_source_remove (work);
  for (guint i = 0; i < N_SHOPS; i++)
    g_clear_object (&requests[i].call);

  return run;
}

/* --- the program --- */

/* The shop in Python comes through the loader: the program itself knows nothing of Python. */
static DemoPriceFeed *
load_fourth_coffee (GError **error)
{
  g_autoptr (ConvokeLoader) loader = convoke_loader_open ("python", error);
  g_autoptr (GObject) instance = NULL;

  if (loader == NULL)
    return NULL;

  instance = convoke_loader_create_instance (loader, COFFEE_DIR, "fourth_coffee", "FourthCoffee", error);
  if (instance == NULL)
    return NULL;

  return (DemoPriceFeed *) convoke_query_interface (instance, DEMO_TYPE_PRICE_FEED, error);
}

static int
compare (DemoPriceFeed *shops[N_SHOPS],
         guint          deadline)
{
  g_autoptr (Run) one_by_one = NULL;
  g_autoptr (Run) at_once = NULL;

  one_by_one = run_synchronous (shops, deadline);
  printf ("Synchronous: one shop after the other\n");
  run_print_events (one_by_one);

  at_once = run_asynchronous (shops, deadline);
  printf ("\nAsynchronous: both shops at once\n");
  run_print_events (at_once);

  printf ("\nTotal: %.0f ms one after the other, %.0f ms at once\n\n",
           run_get_total (one_by_one) / 1000.0, run_get_total (at_once) / 1000.0);
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
parse_options (int       *argc,
               char    ***argv,
               Options   *options,
               GError   **error)
{
  g_autofree char *latency = NULL;
  int deadline = 5000;
  const GOptionEntry entries[] = {
    { "latency", 0, 0, G_OPTION_ARG_STRING, &latency, "How slow the two shops are (default: 300,100)", "MS,MS" },
    { "url", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->urls, "Ask these two shops instead of our own", "URL" },
    { "deadline", 0, 0, G_OPTION_ARG_INT, &deadline, "How long to wait for a shop (default: 5000)", "MS" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "What does a coffee cost? Asks two shops and compares.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (*argc > 1 || deadline < 1 || deadline > MAX_MILLISECONDS ||
      (options->urls != NULL && g_strv_length (options->urls) != N_SHOPS))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s",
                   *argc > 1 ? "there is nothing to name but options"
                   : deadline < 1 || deadline > MAX_MILLISECONDS ? "--deadline is between 1 and 3600000"
                   : "--url is given once per shop");
      return FALSE;
    }

  options->deadline = deadline;
  return parse_latencies (latency != NULL ? latency : "300,100", options->latencies, error);
}

static gboolean
find_shops (DemoPriceFeed **shops,
            GError        **error)
{
  /* What describes the interface. */
  if (!convoke_require ("Demo", "1", error))
    return FALSE;

  shops[0] = DEMO_PRICE_FEED (downfall_shop_new (NULL));
  shops[1] = load_fourth_coffee (error);
  return shops[1] != NULL;
}

static int
run_program (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) servers = NULL;
  DemoPriceFeed *shops[N_SHOPS] = { NULL, };
  char *urls[N_SHOPS] = { NULL, };
  int status = EXIT_FAILURE;

  if (find_shops (shops, &error) && options->urls == NULL)
    servers = coffee_servers_start (options->latencies, urls, N_SHOPS, &error);

  if (error == NULL)
    {
      for (guint i = 0; i < N_SHOPS; i++)
        g_object_set (shops[i], "url", options->urls != NULL ? options->urls[i] : urls[i], NULL);
      status = compare (shops, options->deadline);
    }
  else
    {
      g_printerr ("coffee: %s\n", error->message);
    }

  for (guint i = 0; i < N_SHOPS; i++)
    {
      g_clear_object (&shops[i]);
      g_free (urls[i]);
    }

  return status;
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
