/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The file is read with pread (): a file that is cut off while it is read
 * gives less, where a mapping would end the process.
 */

#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "convoke-elf-private.h"
#include "convoke-error.h"

/* The largest libraries that there are have a tenth of these. */
#define MOST_SEGMENTS 1024
#define MOST_ENTRIES  8192
#define MOST_NEEDED   1024
#define MOST_NAME     4096

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define OWN_DATA ELFDATA2LSB
#else
#define OWN_DATA ELFDATA2MSB
#endif

#define OWN_CLASS (sizeof (gpointer) == 8 ? ELFCLASS64 : ELFCLASS32)

typedef struct
{
  const char  *path;
  int          fd;
  ElfW(Ehdr)   header;
  ElfW(Phdr)  *segments;      /* (owned) */
  ElfW(Dyn)   *entries;       /* (owned) */
  gsize        n_entries;
  guint64      strings;       /* where its names are in the file, and how many bytes */
  guint64      strings_size;
} Reading;

static void
reading_clear (Reading *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->segments);
  g_free (self->entries);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static gboolean G_GNUC_PRINTF (3, 4)
refuse (const Reading  *self,
        GError        **error,
        const char     *format,
        ...)
{
  g_autofree char *shown = g_filename_display_name (self->path);
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "%s %s", shown, what);

  return FALSE;
}

/* --- bytes --- */

static gboolean
open_file (Reading  *self,
           GError  **error)
{
  struct stat info;
  int code;

  self->fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  code = errno;
  if (self->fd < 0)
    {
      g_autofree char *shown = g_filename_display_name (self->path);

      g_set_error (error, CONVOKE_ERROR,
                   code == ENOENT ? CONVOKE_ERROR_NOT_FOUND
                                  : code == EACCES ? CONVOKE_ERROR_ACCESS_DENIED : CONVOKE_ERROR_FAILED,
                   "%s cannot be read: %s", shown, g_strerror (code));
      return FALSE;
    }

  if (fstat (self->fd, &info) != 0 || !S_ISREG (info.st_mode))
    return refuse (self, error, "is no library: it is no file");
  return TRUE;
}

/* Returns how many bytes there were. */
static gsize
read_some (const Reading *self,
           guint64        offset,
           gpointer       bytes,
           gsize          size)
{
  gsize done = 0;

  while (done < size && offset <= G_MAXINT64 - size)
    {
      ssize_t n = pread (self->fd, (char *) bytes + done, size - done, offset + done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += n;
    }

  return done;
}

static gboolean
read_all (const Reading  *self,
          guint64         offset,
          gpointer        bytes,
          gsize           size,
          GError        **error)
{
  if (read_some (self, offset, bytes, size) == size)
    return TRUE;

  return refuse (self, error, "is no library that can be used: it is cut off");
}

/* --- for whom it is --- */

static const char *
name_machine (guint machine)
{
  static const struct
  {
    guint       machine;
    const char *name;
  } names[] = {
    { EM_386, "x86" }, { EM_X86_64, "x86-64" }, { EM_ARM, "ARM" }, { EM_AARCH64, "AArch64" }, { EM_RISCV, "RISC-V" },
    { EM_PPC64, "PowerPC" }, { EM_S390, "S/390" }, { EM_MIPS, "MIPS" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].machine == machine)
      return names[i].name;

  return "another machine";
}

/* That of the code that asks. */
static guint
get_own_machine (void)
{
  Dl_info info;

  if (dladdr ((gpointer) convoke_elf_read, &info) == 0 || info.dli_fbase == NULL)
    return EM_NONE;

  return ((const ElfW(Ehdr) *) info.dli_fbase)->e_machine;
}

static gboolean
check_machine (const Reading  *self,
               GError        **error)
{
  const unsigned char *ident = self->header.e_ident;
  guint own = get_own_machine ();

  if (ident[EI_CLASS] != OWN_CLASS)
    return refuse (self, error, "is a library for processes of %d bits, and this one has %d",
                   ident[EI_CLASS] == ELFCLASS64 ? 64 : 32, (int) sizeof (gpointer) * 8);
  if (ident[EI_DATA] != OWN_DATA)
    return refuse (self, error, "is a library for machines of the other byte order");
  if (own != EM_NONE && self->header.e_machine != own)
    return refuse (self, error, "is a library for %s, and this process is one of %s",
                   name_machine (self->header.e_machine), name_machine (own));
  if (self->header.e_type != ET_DYN)
    return refuse (self, error, "is no shared library");

  return TRUE;
}

static gboolean
read_header (Reading  *self,
             GError  **error)
{
  gsize n = read_some (self, 0, &self->header, sizeof self->header);

  if (n < EI_NIDENT || memcmp (self->header.e_ident, ELFMAG, SELFMAG) != 0)
    return refuse (self, error, "is no library");
  if (n < sizeof self->header && self->header.e_ident[EI_CLASS] == OWN_CLASS)
    return refuse (self, error, "is no library that can be used: it is cut off");

  return check_machine (self, error);
}

/* --- the part that is for the dynamic linker --- */

static const ElfW(Phdr) *
find_segment (const Reading *self,
              guint32        type)
{
  for (guint i = 0; i < self->header.e_phnum; i++)
    if (self->segments[i].p_type == type)
      return &self->segments[i];

  return NULL;
}

static gboolean
read_segments (Reading  *self,
               GError  **error)
{
  guint n = self->header.e_phnum;

  if (n == 0 || n > MOST_SEGMENTS || self->header.e_phentsize != sizeof *self->segments)
    return refuse (self, error, "is no library that can be used: its segments are wrong");

  self->segments = g_new (ElfW(Phdr), n);
  return read_all (self, self->header.e_phoff, self->segments, n * sizeof *self->segments, error);
}

static gboolean
read_entries (Reading  *self,
              GError  **error)
{
  const ElfW(Phdr) *dynamic = find_segment (self, PT_DYNAMIC);

  if (dynamic == NULL || dynamic->p_filesz / sizeof *self->entries > MOST_ENTRIES)
    return refuse (self, error, "is no shared library");

  self->n_entries = dynamic->p_filesz / sizeof *self->entries;
  self->entries = g_new (ElfW(Dyn), self->n_entries);
  return read_all (self, dynamic->p_offset, self->entries, self->n_entries * sizeof *self->entries, error);
}

/* The first one after *@i with that tag. */
static const ElfW(Dyn) *
next_entry (const Reading *self,
            gint64         tag,
            gsize         *i)
{
  for (; *i < self->n_entries && self->entries[*i].d_tag != DT_NULL; (*i)++)
    if (self->entries[*i].d_tag == tag)
      return &self->entries[(*i)++];

  return NULL;
}

static const ElfW(Dyn) *
find_entry (const Reading *self,
            gint64         tag)
{
  gsize i = 0;

  return next_entry (self, tag, &i);
}

/* From an address in memory to a place in the file. */
static gboolean
find_offset (const Reading *self,
             guint64        address,
             guint64       *offset)
{
  for (guint i = 0; i < self->header.e_phnum; i++)
    {
      const ElfW(Phdr) *segment = &self->segments[i];

      if (segment->p_type == PT_LOAD && address >= segment->p_vaddr && address - segment->p_vaddr < segment->p_filesz)
        {
          *offset = address - segment->p_vaddr + segment->p_offset;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
find_strings (Reading  *self,
              GError  **error)
{
  const ElfW(Dyn) *strings = find_entry (self, DT_STRTAB);
  const ElfW(Dyn) *size = find_entry (self, DT_STRSZ);

  if (strings == NULL || size == NULL || !find_offset (self, strings->d_un.d_ptr, &self->strings))
    return refuse (self, error, "is no library that can be used: its names are not in it");

  self->strings_size = size->d_un.d_val;
  return TRUE;
}

/* The name at @at (transfer full); NULL where there is none. */
static char *
dup_name (const Reading *self,
          guint64        at)
{
  char name[MOST_NAME];
  gsize most = at < self->strings_size ? MIN (self->strings_size - at, sizeof name) : 0;
  gsize n = self->strings <= G_MAXINT64 - at ? read_some (self, self->strings + at, name, most) : 0;

  return n > 0 && memchr (name, '\0', n) != NULL ? g_strdup (name) : NULL;
}

/* --- what it says --- */

static char **
read_needed (const Reading *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const ElfW(Dyn) *entry;
  gsize i = 0;

  while (names->len < MOST_NEEDED && (entry = next_entry (self, DT_NEEDED, &i)) != NULL)
    {
      char *name = dup_name (self, entry->d_un.d_val);

      if (name != NULL)
        g_ptr_array_add (names, name);
    }

  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static char *
replace_origin (const Reading *self,
                const char    *text)
{
  g_autofree char *origin = g_path_get_dirname (self->path);
  g_autoptr (GString) replaced = g_string_new (text);

  g_string_replace (replaced, "${ORIGIN}", origin, 0);
  g_string_replace (replaced, "$ORIGIN", origin, 0);
  return g_strdup (replaced->str);
}

static char **
read_directories (const Reading *self)
{
  const ElfW(Dyn) *entry = find_entry (self, DT_RUNPATH);
  g_autofree char *text = NULL;
  g_autofree char *replaced = NULL;

  if (entry == NULL)
    entry = find_entry (self, DT_RPATH);
  if (entry != NULL)
    text = dup_name (self, entry->d_un.d_val);
  if (text != NULL)
    replaced = replace_origin (self, text);

  return g_strsplit (replaced != NULL ? replaced : "", ":", -1);
}

void
convoke_elf_free (ConvokeElf *self)
{
  g_free (self->path);
  g_free (self->soname);
  g_strfreev (self->needed);
  g_strfreev (self->directories);
  g_free (self);
}

static ConvokeElf *
take_what_it_says (const Reading *reading)
{
  ConvokeElf *self = g_new0 (ConvokeElf, 1);
  const ElfW(Dyn) *soname = find_entry (reading, DT_SONAME);

  self->path = g_strdup (reading->path);
  self->soname = soname != NULL ? dup_name (reading, soname->d_un.d_val) : NULL;
  self->needed = read_needed (reading);
  self->directories = read_directories (reading);

  return self;
}

ConvokeElf *
convoke_elf_read (const char  *path,
                  GError     **error)
{
  g_auto (Reading) reading = { .path = path, .fd = -1 };

  if (!open_file (&reading, error) ||
      !read_header (&reading, error) ||
      !read_segments (&reading, error) ||
      !read_entries (&reading, error) ||
      !find_strings (&reading, error))
    return NULL;

  return take_what_it_says (&reading);
}
