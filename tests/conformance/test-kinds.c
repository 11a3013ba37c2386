/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Every claim of tests/lib/kinds.py, called from C: through the C function of the method, and through a call object.
 *
 *   test-kinds SERVER DISTANCE
 *
 * A cell is one claim (method, value), called in one way. Each is kept, or fails the test, or is one that PyGObject itself
 * cannot do: those are told by name, and where they are called directly it is shown that they fail there.
 */

#include <fcntl.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <convoke.h>
#include <convoke-test.h>

#include "convoke-test-kinds-private.h"
#include "gvalues.h"
#include "place.h"

typedef struct
{
  const char *server;
  const char *distance;
  GObject    *object;
  guint       n_kept;
  guint       n_refused;
  guint       n_cannot;
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

static gboolean
is_thrown (const ConvokeTestKindMethod *method)
{
  return strcmp (method->kind, "thrown") == 0;
}

static void
call_function (Cell *cell)
{
  cell->method->call (CONVOKE_TEST_KINDS (suite.object), cell->value, cell->want, &cell->told, &cell->got);
  if (convoke_is_proxy (suite.object) && !is_thrown (cell->method))
    cell->error = convoke_dup_last_error (suite.object);
}

static void
take_results (Cell   *cell,
              GValue *outs,
              guint   n_outs)
{
  ConvokeTestKinds *called = CONVOKE_TEST_KINDS (suite.object);
  guint i = 0;

  if (cell->method->takes && i < n_outs)
    cell->told = conformance_tell (called, NULL, cell->method->variant, &outs[i++]);
  if (cell->method->gives && i < n_outs)
    cell->got = conformance_tell (called, cell->method->kind, cell->method->variant, &outs[i++]);
  g_assert_cmpuint (i, ==, n_outs);
  for (i = 0; i < n_outs; i++)
    g_value_unset (&outs[i]);
  g_free (outs);
}

static void
take_error (Cell *cell)
{
  cell->got = convoke_test_tell_error (cell->error, 0);
  g_clear_error (&cell->error);
}

static void
call_object (Cell *cell)
{
  g_autoptr (ConvokeCall) call = convoke_create_call (suite.object, CONVOKE_TEST_TYPE_KINDS, &cell->error);
  ConvokeTestKinds *called = CONVOKE_TEST_KINDS (suite.object);
  GValue args[2] = { G_VALUE_INIT, G_VALUE_INIT };
  GValue *outs;
  guint n_args = 0, n_outs = 0;
  gboolean begun;

  if (cell->error != NULL)
    return;

  if (cell->method->gives)
    conformance_make (called, "variant", cell->want, TRUE, &args[n_args++]);
  if (cell->method->takes)
    conformance_make (called, cell->method->kind, cell->value, FALSE, &args[n_args++]);
  begun = convoke_call_begin_values (call, cell->method->name, args, n_args, &cell->error);
  for (guint i = 0; i < n_args; i++)
    g_value_unset (&args[i]);
  if (!begun || !convoke_call_wait (call, CONFORMANCE_LIMIT, &cell->error))
    return;

  outs = convoke_call_finish_values (call, cell->method->name, &n_outs, &cell->error);
  if (is_thrown (cell->method))
    take_error (cell);
  else
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
         (g_variant_get_size (normal_a) == 0 ||
          memcmp (g_variant_get_data (normal_a), g_variant_get_data (normal_b), g_variant_get_size (normal_a)) == 0);
}

/* Where a value cannot be NULL, an array without a place is an empty one. */
static gboolean
is_empty_for_null (const Cell *cell,
                   GVariant   *came,
                   GVariant   *meant)
{
  g_autoptr (GVariant) meant_inner = NULL;

  if (cell->method->null || came == NULL || cell->method->variant[0] != 'm' || cell->method->variant[1] != 'a')
    return FALSE;

  meant_inner = g_variant_get_maybe (meant);
  return g_variant_n_children (came) == 0 && meant_inner != NULL && g_variant_n_children (meant_inner) == 0;
}

static gboolean
is_kept (const Cell *cell,
         GVariant   *came,
         GVariant   *meant)
{
  return is_same (came, meant) || is_empty_for_null (cell, came, meant);
}

/* What cannot leave the process is not tried: the call is refused, and the method named. */
static gboolean
is_refused (const Cell *cell)
{
  return g_error_matches (cell->error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED) &&
         strstr (cell->error->message, cell->method->name) != NULL;
}

static gboolean
cell_is_kept (const Cell *cell)
{
  if (cell->method->confined && strcmp (suite.distance, "process") == 0)
    return is_refused (cell);

  return cell->error == NULL &&
         (!cell->method->takes || is_kept (cell, cell->told, cell->value)) &&
         (!cell->method->gives || is_kept (cell, cell->got, cell->want));
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
  if (cell->method->takes && !is_kept (cell, cell->told, cell->value))
    g_test_message ("%s by %s: took %s, told %s", cell->method->name, way->name, value, told);
  if (cell->method->gives && !is_kept (cell, cell->got, cell->want))
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
  /* As bytes, so that what is made of them does not live on as a part of them. */
  g_variant_get_data (cell->value);
  g_variant_get_data (cell->want);
}

static const char *
what_cannot (const ConvokeTestKindMethod *method,
             guint                        i)
{
  return strcmp (suite.server, "python") == 0 && method->cannot_serve != NULL ? method->cannot_serve[i] : NULL;
}

static void
check_cell (const ConvokeTestKindMethod *method,
            guint                        i,
            const Way                   *way)
{
  Cell cell;

  cell_init (&cell, method, i);
  way->call (&cell);
  if (!cell_is_kept (&cell))
    cell_fail (&cell, way);
  else if (cell.error == NULL)
    suite.n_kept++;
  else
    suite.n_refused++;
  cell_clear (&cell);
}

static void
check_method (const ConvokeTestKindMethod *method,
              const Way                   *way)
{
  for (guint i = 0; i < count_values (method); i++)
    {
      if (what_cannot (method, i) == NULL)
        check_cell (method, i, way);
      else
        suite.n_cannot++;
    }
}

/* The server gives back who was given to it once. */
static void
introduce (void)
{
  g_autoptr (GVariant) told = convoke_test_kinds_in_feed (CONVOKE_TEST_KINDS (suite.object),
                                                          convoke_test_named_feed_get_caller ());

  g_assert_nonnull (told);
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

/* --- what PyGObject cannot do --- */

static void
ignore_log (const char     *domain,
            GLogLevelFlags  level,
            const char     *message,
            gpointer        data)
{
}

/* Runs the cells of a kind from *@next on, in a child, as one may take its process along; tells of each one by a byte. */
static void
run_cells_in_child (const char *kind,
                    guint       next,
                    int         fd)
{
  const struct itimerval limit = { .it_value = { .tv_usec = 200000 } };
  guint n = 0;

  for (const ConvokeTestKindMethod *method = convoke_test_kind_methods (); method->name != NULL; method++)
    for (guint i = 0; strcmp (method->kind, kind) == 0 && i < count_values (method); i++)
      {
        Cell cell;
        char kept;

        if (what_cannot (method, i) == NULL || n++ < next)
          continue;

        cell_init (&cell, method, i);
        /* What was freed can look like a lock that is held. */
        setitimer (ITIMER_REAL, &limit, NULL);
        call_function (&cell);
        kept = cell_is_kept (&cell);
        if (write (fd, &kept, 1) != 1)
          _exit (1);
      }
  _exit (0);
}

/* How many cells ended, by whatever end; *@n_kept: as if it could. */
static guint
show_some (const char *kind,
           guint       next,
           guint      *n_kept)
{
  int fds[2], status;
  guint n = 0;
  char kept;
  pid_t pid;

  g_assert_cmpint (pipe (fds), ==, 0);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      int nowhere = open ("/dev/null", O_WRONLY);

      dup2 (nowhere, STDOUT_FILENO);
      dup2 (nowhere, STDERR_FILENO);
      g_log_set_always_fatal (0);
      g_log_set_default_handler (ignore_log, NULL);
      run_cells_in_child (kind, next, fds[1]);
    }

  close (fds[1]);
  while (read (fds[0], &kept, 1) == 1)
    {
      *n_kept += kept;
      n++;
    }
  close (fds[0]);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);

  return n + (status != 0);
}

static void
test_cannot (gconstpointer data)
{
  const char *kind = data;
  guint n = 0, n_lucky = 0, n_kept = 0, next = 0;

  g_test_summary ("What PyGObject itself cannot do fails where nothing of ours is in between");

  for (const ConvokeTestKindMethod *method = convoke_test_kind_methods (); method->name != NULL; method++)
    for (guint i = 0; strcmp (method->kind, kind) == 0 && i < count_values (method); i++)
      if (what_cannot (method, i) != NULL)
        {
          g_test_message ("PyGObject cannot serve %s, value %u: %s", method->name, i, what_cannot (method, i));
          n_lucky += strstr (what_cannot (method, i), "freed") != NULL;
          n++;
        }

  while (next < n)
    next += show_some (kind, next, &n_kept);
  /* What is freed too early or too often can live on for a while. */
  g_assert_cmpuint (n_kept, <=, n_lucky);
  g_assert_cmpuint (n_kept, <, n);
}

static gboolean
is_kind_that_cannot (const char *kind)
{
  for (const ConvokeTestKindMethod *method = convoke_test_kind_methods (); method->name != NULL; method++)
    for (guint i = 0; strcmp (method->kind, kind) == 0 && i < count_values (method); i++)
      if (what_cannot (method, i) != NULL)
        return TRUE;

  return FALSE;
}

/* --- what only another process can lack --- */

static void
test_unknown_type (void)
{
  ConvokeTestKinds *kinds = CONVOKE_TEST_KINDS (suite.object);
  g_autoptr (GVariant) failed = NULL;
  g_autoptr (GVariant) told = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("D13: a GType that the other side does not know fails the call, with its name, and nothing else");

  failed = convoke_test_kinds_in_gtype (kinds, g_pointer_type_register_static ("ConformanceStranger"));
  g_assert_null (failed);
  error = convoke_dup_last_error (suite.object);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "ConformanceStranger"));

  told = convoke_test_kinds_in_gtype (kinds, G_TYPE_INT);
  g_assert_cmpstr (g_variant_get_string (told, NULL), ==, "gint");
}

static int
double_cb (int      value,
           gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
  return value * 2;
}

static void
count_cb (const char *text,
          gpointer    user_data)
{
  g_atomic_int_inc ((gint *) user_data);
}

static void
assert_refused (GObject    *object,
                const char *method)
{
  g_autoptr (GError) error = convoke_dup_last_error (object);

  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, method));
  suite.n_refused++;
}

static void
test_callbacks (void)
{
  g_autoptr (GObject) object = conformance_activate ("c", "process", "Server", CONVOKE_TEST_TYPE_EVERY);
  ConvokeTestEvery *every = CONVOKE_TEST_EVERY (object);
  const int numbers[] = { 1, 2 };
  gint n_calls = 0;

  g_test_summary ("A callback stays at home: each call with one is refused by name, whatever its scope");

  g_assert_cmpint (convoke_test_every_for_each (every, numbers, 2, double_cb, &n_calls), ==, 0);
  assert_refused (object, "for_each");
  convoke_test_every_call_later (every, count_cb, &n_calls);
  assert_refused (object, "call_later");
  g_assert_cmpuint (convoke_test_every_watch (every, count_cb, &n_calls, NULL), ==, 0);
  assert_refused (object, "watch");
  g_assert_cmpint (n_calls, ==, 0);

  /* And the object can still be called. */
  g_assert_cmpint (convoke_test_every_echo_int32 (every, 7), ==, 7);
}

static void
add_cannot (const char *kind)
{
  g_autofree char *path = g_strdup_printf ("/conformance/kinds/%s/direct/cannot/%s", suite.server, kind);

  g_test_add_data_func (path, kind, test_cannot);
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
      if (way == ways && is_direct () && is_kind_that_cannot (last))
        add_cannot (last);
    }
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  suite.server = argv[1];
  suite.distance = argv[2];

  /* Its name is a value; and a proxy has the interfaces that are known when it is made. */
  g_type_ensure (CONVOKE_TEST_TYPE_MOOD);
  g_type_ensure (CONVOKE_TEST_TYPE_PRICE_FEED);
  /* PyGObject warns of outs that it then gives all the same. */
  if (strcmp (suite.server, "python") == 0)
    {
      g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
      g_log_set_handler (NULL, G_LOG_LEVEL_WARNING, ignore_log, NULL);
    }

  suite.object = conformance_activate (suite.server, suite.distance, "KindServer", CONVOKE_TEST_TYPE_KINDS);

  introduce ();
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    add_rows (&ways[i]);
  if (strcmp (suite.server, "c") == 0 && strcmp (suite.distance, "process") == 0)
    {
      g_test_add_func ("/conformance/kinds/c/process/unknown-type", test_unknown_type);
      g_test_add_func ("/conformance/kinds/c/process/callbacks", test_callbacks);
    }

  status = g_test_run ();
  g_print ("# cells: %u kept, %u refused as they have to be, %u that PyGObject itself cannot do (C client, %s server, %s)\n",
           suite.n_kept, suite.n_refused, suite.n_cannot, suite.server, suite.distance);
  g_object_unref (suite.object);
  return status;
}
