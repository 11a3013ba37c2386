/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One run: its events with their times, the answers, the comparison.
 * The Python program prints the same, character by character.
 */

#include "coffee-run.h"

#include <stdio.h>

typedef struct
{
  const char *what;   /* static */
  const char *shop;   /* "" where no shop is concerned */
  gint64      time;   /* microseconds since the run began */
  char       *cause;  /* (owned) (nullable) */
} Event;

typedef struct
{
  char       *item;
  char       *prices[N_SHOPS];
  const char *cheaper;
} Row;

struct _Run
{
  const char *names[N_SHOPS];
  GVariant   *prices[N_SHOPS];  /* (owned) (nullable) */
  guint       n_answered;
  guint       n_prices;
  guint       n_worked;
  gint64      start;
  GArray     *events;           /* of Event */
  GPtrArray  *rows;             /* of Row */
};

static void
event_clear (Event *self)
{
  g_free (self->cause);
}

static void
row_free (Row *self)
{
  for (guint i = 0; i < N_SHOPS; i++)
    g_free (self->prices[i]);
  g_free (self->item);
  g_free (self);
}

Run *
run_new (const char * const names[N_SHOPS])
{
  Run *self = g_new0 (Run, 1);

  for (guint i = 0; i < N_SHOPS; i++)
    self->names[i] = names[i];
  self->events = g_array_new (FALSE, FALSE, sizeof (Event));
  g_array_set_clear_func (self->events, (GDestroyNotify) event_clear);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  self->start = g_get_monotonic_time ();

  return self;
}

void
run_free (Run *self)
{
  for (guint i = 0; i < N_SHOPS; i++)
    g_clear_pointer (&self->prices[i], g_variant_unref);
  g_array_unref (self->events);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static void
happened (Run        *self,
          const char *what,
          const char *shop,
          const char *cause)
{
  Event event = { what, shop, g_get_monotonic_time () - self->start, g_strdup (cause) };

  g_array_append_val (self->events, event);
}

void
run_sent (Run   *self,
          guint  shop)
{
  happened (self, "request sent", self->names[shop], NULL);
}

/* The shop's one answer: @prices, or @error. */
void
run_answered (Run          *self,
              guint         shop,
              GVariant     *prices,
              const GError *error)
{
  static const char * const ready[N_SHOPS] = { "first ready", "second ready" };
  static const char * const failed[N_SHOPS] = { "first failed", "second failed" };
  guint nth = self->n_answered++;

  g_assert (nth < N_SHOPS);

  if (prices != NULL)
    {
      self->prices[shop] = g_variant_ref (prices);
      self->n_prices++;
      happened (self, ready[nth], self->names[shop], NULL);
    }
  else
    {
      happened (self, failed[nth], self->names[shop], error->message);
    }
}

/* The program did something else while the shops had the word. */
void
run_worked (Run *self)
{
  self->n_worked++;
}

gboolean
run_is_complete (Run *self)
{
  return self->n_answered == N_SHOPS;
}

static const char *
find_cheaper (Run          *self,
              const double  prices[N_SHOPS],
              const gboolean sold[N_SHOPS])
{
  if (sold[0] && sold[1])
    return prices[0] < prices[1] ? self->names[0] : prices[1] < prices[0] ? self->names[1] : "same";
  return sold[0] ? self->names[0] : self->names[1];
}

static Row *
compare_item (Run        *self,
              const char *item)
{
  Row *row = g_new0 (Row, 1);
  double prices[N_SHOPS] = { 0, };
  gboolean sold[N_SHOPS] = { FALSE, };

  row->item = g_strdup (item);
  for (guint i = 0; i < N_SHOPS; i++)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE];

      sold[i] = self->prices[i] != NULL && g_variant_lookup (self->prices[i], item, "d", &prices[i]);
      row->prices[i] = g_strdup (sold[i] ? g_ascii_formatd (text, sizeof text, "%.2f", prices[i]) : "-");
    }
  row->cheaper = find_cheaper (self, prices, sold);

  return row;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char **) a, *(const char **) b);
}

/* Every item that a shop sells, once, in order. */
static GPtrArray *
list_items (Run *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < N_SHOPS; i++)
    {
      GVariantIter iter;
      const char *item;

      if (self->prices[i] == NULL)
        continue;
      g_variant_iter_init (&iter, self->prices[i]);
      while (g_variant_iter_next (&iter, "{&sd}", &item, NULL))
        if (!g_ptr_array_find_with_equal_func (items, item, g_str_equal, NULL))
          g_ptr_array_add (items, g_strdup (item));
    }

  g_ptr_array_sort (items, compare_names);
  return items;
}

void
run_compare (Run *self)
{
  g_autoptr (GPtrArray) items = list_items (self);

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (self->rows, compare_item (self, g_ptr_array_index (items, i)));

  happened (self, "compared", "", NULL);
}

/* Until the comparison, in microseconds. */
gint64
run_get_total (Run *self)
{
  return self->events->len > 0 ? g_array_index (self->events, Event, self->events->len - 1).time : 0;
}

guint
run_get_n_columns (Run *self)
{
  return self->n_prices;
}

/* Pads by characters; printf() would by bytes. */
static void
print_padded (const char *text,
              glong       width)
{
  fputs (text, stdout);
  for (glong i = g_utf8_strlen (text, -1); i < width; i++)
    fputc (' ', stdout);
}

static glong
widen (glong       width,
       const char *text)
{
  return MAX (width, g_utf8_strlen (text, -1));
}

void
run_print_events (Run *self)
{
  glong width = 0;

  for (guint i = 0; i < N_SHOPS; i++)
    width = widen (width, self->names[i]);

  for (guint i = 0; i < self->events->len; i++)
    {
      const Event *event = &g_array_index (self->events, Event, i);

      printf ("  %-13s  ", event->what);
      print_padded (event->shop, width);
      printf (" %8.1f ms%s%s\n", event->time / 1000.0,
              event->cause != NULL ? "   " : "", event->cause != NULL ? event->cause : "");
    }

  printf ("  meanwhile the program did %u other things\n", self->n_worked);
}

static void
print_row (const char         *item,
           glong               item_width,
           const char * const *cells,
           const glong        *widths,
           const char         *cheaper)
{
  printf ("  ");
  print_padded (item, item_width);
  for (guint i = 0; i < N_SHOPS; i++)
    {
      printf ("  ");
      print_padded ("", widths[i] - g_utf8_strlen (cells[i], -1));
      fputs (cells[i], stdout);
    }
  printf ("  %s\n", cheaper);
}

void
run_print_prices (Run *self)
{
  glong item_width = widen (0, "drink");
  glong widths[N_SHOPS] = { 0, };

  if (self->n_prices == 0)
    {
      printf ("  no shop told its prices\n");
      return;
    }

  for (guint i = 0; i < N_SHOPS; i++)
    widths[i] = widen (0, self->names[i]);
  for (guint i = 0; i < self->rows->len; i++)
    {
      Row *row = g_ptr_array_index (self->rows, i);

      item_width = widen (item_width, row->item);
      for (guint j = 0; j < N_SHOPS; j++)
        widths[j] = widen (widths[j], row->prices[j]);
    }

  print_row ("drink", item_width, self->names, widths, "cheaper");
  for (guint i = 0; i < self->rows->len; i++)
    {
      Row *row = g_ptr_array_index (self->rows, i);

      print_row (row->item, item_width, (const char * const *) row->prices, widths, row->cheaper);
    }
}
