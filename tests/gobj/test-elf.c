/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include "catalog-fixture.h"
#include "convoke-elf-private.h"
#include "convoke-error.h"

#define N_CHANGES 4000

static char *
dup_library_path (void)
{
  return g_test_build_filename (G_TEST_BUILT, "gobj", "modules", "libtest-lazy-type.so", NULL);
}

static void
test_needed (void)
{
  g_autofree char *path = dup_library_path ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeElf) elf = convoke_elf_read (path, &error);

  g_test_summary ("A library's file tells which others it needs");

  g_assert_no_error (error);
  g_assert_cmpstr (elf->path, ==, path);
  g_assert_true (g_strv_contains ((const char * const *) elf->needed, "libgobject-2.0.so.0"));
}

static void
assert_refused (const char *path,
                int         code,
                const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_elf_read (path, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
  g_assert_nonnull (strstr (error->message, path));
  assert_message (&error, words);
}

static void
test_no_file (void)
{
  g_auto (TestDir) dir = { 0 };
  g_autofree char *fifo = NULL;
  g_autofree char *absent = NULL;

  g_test_summary ("What is no file is refused and not waited for");

  test_dir_init (&dir);
  fifo = g_build_filename (dir.path, "fifo", NULL);
  absent = g_build_filename (dir.path, "absent", NULL);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);

  assert_refused (dir.path, CONVOKE_ERROR_FAILED, "it is no file");
  assert_refused (fifo, CONVOKE_ERROR_FAILED, "it is no file");
  assert_refused (absent, CONVOKE_ERROR_NOT_FOUND, "No such file");
}

static void
test_program (void)
{
  g_auto (TestDir) dir = { 0 };
  g_autofree char *path = NULL;

  g_test_summary ("A file of another kind is refused");

  test_dir_init (&dir);
  path = test_dir_write (&dir, "text", "#!/bin/sh\nexit 0\n", -1);
  assert_refused (path, CONVOKE_ERROR_FAILED, "is no library");
}

/* --- bytes of strangers --- */

typedef struct
{
  char  *good;
  char  *bytes;
  gsize  length;
  gsize  dynamic;         /* where that part is, and how long */
  gsize  dynamic_length;
  int    fd;
  char  *path;
} Victim;

static void
victim_init (Victim *self)
{
  g_autofree char *path = dup_library_path ();
  const ElfW(Ehdr) *header;
  const ElfW(Phdr) *segments;

  g_assert_true (g_file_get_contents (path, &self->good, &self->length, NULL));
  self->bytes = g_memdup2 (self->good, self->length);
  self->fd = memfd_create ("victim", MFD_CLOEXEC);
  self->path = g_strdup_printf ("/proc/self/fd/%d", self->fd);

  header = (const ElfW(Ehdr) *) self->good;
  segments = (const ElfW(Phdr) *) (self->good + header->e_phoff);
  for (guint i = 0; i < header->e_phnum; i++)
    if (segments[i].p_type == PT_DYNAMIC)
      {
        self->dynamic = segments[i].p_offset;
        self->dynamic_length = segments[i].p_filesz;
      }
  g_assert_cmpuint (self->dynamic_length, >, 0);
}

static void
victim_clear (Victim *self)
{
  g_free (self->good);
  g_free (self->bytes);
  g_free (self->path);
  close (self->fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Victim, victim_clear)

static void
victim_read (Victim *self,
             gsize   length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeElf) elf = NULL;

  g_assert_cmpint (ftruncate (self->fd, 0), ==, 0);
  g_assert_cmpint (pwrite (self->fd, self->bytes, length, 0), ==, length);
  elf = convoke_elf_read (self->path, &error);
  g_assert_true ((elf == NULL) == (error != NULL));
}

static void
test_hostile (void)
{
  static const guint8 values[] = { 0, 1, 0x7f, 0x80, 0xff };
  g_auto (Victim) victim = { 0 };

  g_test_summary ("Whatever bytes a file has: an answer or an error, within its own bounds");

  victim_init (&victim);
  for (guint i = 0; i < N_CHANGES; i++)
    {
      memcpy (victim.bytes, victim.good, victim.length);
      for (int n = g_test_rand_int_range (1, 5); n > 0; n--)
        {
          gsize at = g_test_rand_bit () ? (gsize) g_test_rand_int_range (0, 64 + 12 * sizeof (ElfW(Phdr)))
                                        : victim.dynamic + g_test_rand_int_range (0, victim.dynamic_length);

          victim.bytes[at] = values[g_test_rand_int_range (0, G_N_ELEMENTS (values))];
        }
      victim_read (&victim, victim.length);
    }
}

static void
test_cut_off (void)
{
  g_auto (Victim) victim = { 0 };

  g_test_summary ("Wherever a file ends: an answer or an error");

  victim_init (&victim);
  for (gsize length = 0; length < victim.length; length += 1 + length / 64)
    victim_read (&victim, length);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/elf/needed", test_needed);
  g_test_add_func ("/gobj/elf/no-file", test_no_file);
  g_test_add_func ("/gobj/elf/program", test_program);
  g_test_add_func ("/gobj/elf/hostile", test_hostile);
  g_test_add_func ("/gobj/elf/cut-off", test_cut_off);

  return g_test_run ();
}
