/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Every claim of tests/lib/kinds.py, called from C: through the C function of the method, and through a call object.
 *
 *   test-kinds SERVER DISTANCE
 *
 * A cell is one claim (method, value), called in one way. Each is kept, or fails the test, or is one that PyGObject itself
 * cannot do: those are told by name, and where they are called directly it is shown that they fail there.
 */

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <convoke.h>
#include <convoke-test.h>

#include "conformance.h"
#include "gvalues.h"

typedef struct
{
  const char *server;
  const char *distance;
  GObject    *object;
  guint       n_kept;
  guint       n_cannot;
  guint       n_refused;
} Suite;

static Suite suite;

typedef struct
{
  const ConvokeTestKindMethod *method;
  GVariant                    *value;
  GVariant                    *want;
  /* what came */
  GVariant                    *told;
  GVariant                    *got;
  GError                      *error;
} Cell;

/* --- the ways to call --- */

static void
call_function (Cell *cell)
{
  cell->method->call (CONVOKE_TEST_KINDS (suite.object), cell->value, cell->want, &cell->told, &cell->got);
  cell->error = convoke_is_proxy (suite.object) ? convoke_dup_last_error (suite.object) : NULL;
}

static void
take_results (Cell   *cell,
              GValue *outs,
              guint   n_outs)
{
  guint i = 0;

  if (cell->method->takes && i < n_outs)
    cell->told = conformance_tell (NULL, cell->method->variant, &outs[i++]);
  if (cell->method->gives && i < n_outs)
    cell->got = conformance_tell (cell->method->kind, cell->method->variant, &outs[i++]);
  g_assert_cmpuint (i, ==, n_outs);
  for (i = 0; i < n_outs; i++)
    g_value_unset (&outs[i]);
  g_free (outs);
}

static void
call_object (Cell *cell)
{
  g_autoptr (ConvokeCall) call = convoke_create_call (suite.object, CONVOKE_TEST_TYPE_KINDS, &cell->error);
  GValue args[2] = { G_VALUE_INIT, G_VALUE_INIT };
  GValue *outs;
  guint n_args = 0, n_outs = 0;
  gboolean begun;

  if (cell->error != NULL)
    return;

  if (cell->method->gives)
    conformance_make ("variant", cell->want, TRUE, &args[n_args++]);
  if (cell->method->takes)
    conformance_make (cell->method->kind, cell->value, FALSE, &args[n_args++]);
  begun = convoke_call_begin_values (call, cell->method->name, args, n_args, &cell->error);
  for (guint i = 0; i < n_args; i++)
    g_value_unset (&args[i]);
  if (!begun || !convoke_call_wait (call, CONFORMANCE_LIMIT, &cell->error))
    return;

  outs = convoke_call_finish_values (call, cell->method->name, &n_outs, &cell->error);
  take_results (cell, outs, n_outs);
}

typedef struct
{
  const char *name;
  void      (*call) (Cell *cell);
} Way;

static const Way ways[] = {
  { "function", call_function },
  { "call-object", call_object },
};

/* --- one cell --- */

/* By their bytes: g_variant_equal() prints what it does not trust, and a NaN is the same as itself here. */
static gboolean
is_same (GVariant *a,
         GVariant *b)
{
  g_autoptr (GVariant) normal_a = a != NULL ? g_variant_get_normal_form (a) : NULL;
  g_autoptr (GVariant) normal_b = b != NULL ? g_variant_get_normal_form (b) : NULL;

  return normal_a != NULL && normal_b != NULL &&
         g_variant_is_of_type (normal_a, g_variant_get_type (normal_b)) &&
         g_variant_get_size (normal_a) == g_variant_get_size (normal_b) &&
         memcmp (g_variant_get_data (normal_a), g_variant_get_data (normal_b), g_variant_get_size (normal_a)) == 0;
}

static gboolean
cell_is_kept (const Cell *cell)
{
  return cell->error == NULL &&
         (!cell->method->takes || is_same (cell->told, cell->value)) &&
         (!cell->method->gives || is_same (cell->got, cell->want));
}

static char *
print (GVariant *variant)
{
  char *text;

  if (variant == NULL)
    return g_strdup ("nothing at all");

  if (g_variant_get_size (variant) > 4096)
    return g_strdup_printf ("%" G_GSIZE_FORMAT " bytes", g_variant_get_size (variant));

  text = g_variant_print (variant, TRUE);
  return text;
}

static void
cell_fail (const Cell *cell,
           const Way  *way)
{
  g_autofree char *value = print (cell->value);
  g_autofree char *told = print (cell->told);
  g_autofree char *want = print (cell->want);
  g_autofree char *got = print (cell->got);

  if (cell->error != NULL)
    g_test_message ("%s by %s: %s", cell->method->name, way->name, cell->error->message);
  if (cell->method->takes && !is_same (cell->told, cell->value))
    g_test_message ("%s by %s: took %s, told %s", cell->method->name, way->name, value, told);
  if (cell->method->gives && !is_same (cell->got, cell->want))
    g_test_message ("%s by %s: wanted %s, got %s", cell->method->name, way->name, want, got);
  g_test_fail ();
}

static void
cell_clear (Cell *cell)
{
  g_clear_pointer (&cell->value, g_variant_unref);
  g_clear_pointer (&cell->want, g_variant_unref);
  g_clear_pointer (&cell->told, g_variant_unref);
  g_clear_pointer (&cell->got, g_variant_unref);
  g_clear_error (&cell->error);
}

/* In a child, for what may take the process along. */
static gboolean
cell_is_kept_in_child (Cell      *cell,
                       const Way *way)
{
  pid_t pid = fork ();
  int status = 0;

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      alarm (20);
      way->call (cell);
      _exit (cell_is_kept (cell) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);

  return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

static gboolean
is_direct (void)
{
  return strcmp (suite.distance, "direct") == 0;
}

/* --- the claims of a method --- */

static guint
count_values (const ConvokeTestKindMethod *method)
{
  return g_strv_length ((char **) method->values) + method->null;
}

static GVariant *
parse_value (const ConvokeTestKindMethod *method,
             guint                        i)
{
  return convoke_test_parse_value (method->variant, method->values[i] != NULL ? method->values[i] : "null");
}

/* What one thread of claims wants is the next value, so that no answer is what was asked with. */
static void
cell_init (Cell                        *cell,
           const ConvokeTestKindMethod *method,
           guint                        i)
{
  *cell = (Cell) { method };
  cell->value = parse_value (method, i);
  cell->want = parse_value (method, (i + 1) % count_values (method));
}

static const char *
what_cannot (const ConvokeTestKindMethod *method)
{
  return strcmp (suite.server, "python") == 0 ? method->cannot_serve : NULL;
}

/* Shown where nothing of ours is in between. */
static void
show_that_it_fails (const ConvokeTestKindMethod *method,
                    const Way                   *way)
{
  guint n = count_values (method), n_kept = 0;

  for (guint i = 0; i < n; i++)
    {
      Cell cell;

      cell_init (&cell, method, i);
      n_kept += cell_is_kept_in_child (&cell, way);
      cell_clear (&cell);
    }

  if (n_kept == n)
    {
      g_test_message ("%s: PyGObject can do it after all", method->name);
      g_test_fail ();
    }
}

static void
check_method (const ConvokeTestKindMethod *method,
              const Way                   *way)
{
  if (what_cannot (method) != NULL)
    {
      suite.n_cannot += count_values (method);
      if (way == ways)
        g_test_message ("PyGObject cannot serve %s: %s", method->name, method->cannot_serve);
      if (way == ways && is_direct ())
        show_that_it_fails (method, way);
      return;
    }

  for (guint i = 0; i < count_values (method); i++)
    {
      Cell cell;

      cell_init (&cell, method, i);
      way->call (&cell);
      if (cell_is_kept (&cell))
        suite.n_kept++;
      else
        cell_fail (&cell, way);
      cell_clear (&cell);
    }
}

typedef struct
{
  const Way  *way;
  const char *kind;
} Row;

static void
test_kind (gconstpointer data)
{
  const Row *row = data;

  g_test_summary ("Every value of a kind comes as it was given, in every direction and with every ownership");

  for (const ConvokeTestKindMethod *method = convoke_test_kind_methods (); method->name != NULL; method++)
    if (strcmp (method->kind, row->kind) == 0)
      check_method (method, row->way);
}

static void
add_rows (const Way *way)
{
  const char *last = "";

  for (const ConvokeTestKindMethod *method = convoke_test_kind_methods (); method->name != NULL; method++)
    {
      g_autofree char *path = NULL;
      Row *row;

      if (strcmp (method->kind, last) == 0)
        continue;

      last = method->kind;
      row = g_new (Row, 1);
      *row = (Row) { way, last };
      path = g_strdup_printf ("/conformance/kinds/%s/%s/%s/%s", suite.server, suite.distance, way->name, last);
      g_test_add_data_func_full (path, row, test_kind, g_free);
    }
}

int
main (int   argc,
      char *argv[])
{
  ConformancePlace *place;
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  suite.server = argv[1];
  suite.distance = argv[2];

  place = conformance_place_new (suite.server, suite.distance, "KindServer", CONVOKE_TEST_TYPE_KINDS);
  suite.object = conformance_place_get (place);

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    add_rows (&ways[i]);

  status = g_test_run ();
  g_print ("# cells: %u kept, %u that PyGObject itself cannot do (C client, %s server, %s)\n",
           suite.n_kept, suite.n_cannot, suite.server, suite.distance);
  conformance_place_free (place);
  return status;
}
