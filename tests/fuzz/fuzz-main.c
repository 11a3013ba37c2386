/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A bounded round without libFuzzer: each file of the corpus as it is, and the
 * same changes to it every time.
 *
 * usage: fuzz-TARGET CORPUS-DIR...
 */

#include <string.h>

#include <glib.h>

#include "fuzz.h"

/* The copy is as long as its content, so that a sanitizer sees a byte too far. */
static void
run_one (const guint8 *data,
         gsize         size)
{
  guint8 *copy = g_memdup2 (data, size);

  LLVMFuzzerTestOneInput (copy != NULL ? copy : data, size);
  g_free (copy);
}

static gsize
change (GRand  *rand,
        guint8 *data,
        gsize   size)
{
  gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) size);

  switch (g_rand_int_range (rand, 0, 5))
    {
    case 0:
      data[at] ^= 1u << g_rand_int_range (rand, 0, 8);
      return size;
    case 1:
      data[at] = (guint8) g_rand_int_range (rand, 0, 256);
      return size;
    case 2:
      data[at] = g_rand_boolean (rand) ? 0 : 0xff;
      return size;
    case 3:
      memmove (data + at, data + at + 1, size - at - 1);
      return MAX (size - 1, 1);
    default:
      return MAX (at, 1);
    }
}

static void
run_changed (const guint8 *data,
             gsize         size,
             guint         seed)
{
  GRand *rand = g_rand_new_with_seed (seed);

  for (guint i = 0; size > 0 && i < fuzz_n_changes; i++)
    {
      guint8 *changed = g_memdup2 (data, size);
      gsize changed_size = size;
      gint n_changes = g_rand_int_range (rand, 1, 5);

      for (gint k = 0; k < n_changes; k++)
        changed_size = change (rand, changed, changed_size);
      run_one (changed, changed_size);
      g_free (changed);
    }

  g_rand_free (rand);
}

static guint
run_file (const char *path,
          guint       seed)
{
  g_autofree char *content = NULL;
  gsize size;

  if (!g_file_get_contents (path, &content, &size, NULL))
    return 0;

  run_one ((const guint8 *) content, size);
  run_changed ((const guint8 *) content, size, seed);
  return 1;
}

static guint
run_directory (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  guint n_files = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));

  for (guint i = 0; i < names->len; i++)
    {
      const char *file = g_ptr_array_index (names, i);

      n_files += run_file (file, g_str_hash (file + strlen (path)));
    }

  return n_files;
}

int
main (int   argc,
      char *argv[])
{
  guint n_files = 0;

  run_one ((const guint8 *) "", 0);
  for (int i = 1; i < argc; i++)
    n_files += run_directory (argv[i]);

  g_print ("1..1\n%s 1 %u files and %u changes of each\n", n_files > 0 ? "ok" : "not ok", n_files, fuzz_n_changes);
  return n_files > 0 ? 0 : 1;
}
