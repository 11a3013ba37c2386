/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The call itself.
 *
 * libffi works out at every call where each argument goes, which takes longer
 * than many a method. Nine methods in ten take and give pointers and whole
 * numbers only, and few of them; on the processors named below such arguments
 * lie in registers one after the other, so that the call is that of a function
 * of so many words. The upper half of a word that holds 32 bits is nobody's.
 */

#include "config.h"

#include "convoke-plan-private.h"

#if defined (__LP64__) && (defined (__x86_64__) || defined (__aarch64__))
#define HAVE_WORD_CALLS 1
#else
#define HAVE_WORD_CALLS 0
#endif

#define MAX_WORDS 6

typedef guint64 Word;

static gboolean
is_word (const ffi_type *type)
{
  switch (type->type)
    {
    case FFI_TYPE_POINTER:
    case FFI_TYPE_SINT64:
    case FFI_TYPE_UINT64:
    case FFI_TYPE_SINT32:
    case FFI_TYPE_UINT32:
      return TRUE;

    default:
      return FALSE;
    }
}

gboolean
convoke_plan_is_of_words (const ConvokePlan *self)
{
  const ffi_cif *cif = &self->cif;

  if (!HAVE_WORD_CALLS || cif->nargs == 0 || cif->nargs > MAX_WORDS)
    return FALSE;

  for (guint i = 0; i < cif->nargs; i++)
    if (!is_word (cif->arg_types[i]))
      return FALSE;

  return cif->rtype->type == FFI_TYPE_VOID || is_word (cif->rtype);
}

static Word
load (const ffi_type *type,
      gconstpointer   location)
{
  switch (type->type)
    {
    case FFI_TYPE_SINT32:
      return (Word) (gint64) *(const gint32 *) location;

    case FFI_TYPE_UINT32:
      return *(const guint32 *) location;

    default:
      return *(const Word *) location;
    }
}

/* As libffi does: a number fills an ffi_arg. */
static void
store (const ffi_type *type,
       void           *location,
       Word            word)
{
  switch (type->type)
    {
    case FFI_TYPE_VOID:
      break;

    case FFI_TYPE_SINT32:
      *(ffi_sarg *) location = (gint32) word;
      break;

    case FFI_TYPE_UINT32:
      *(ffi_arg *) location = (guint32) word;
      break;

    default:
      *(Word *) location = word;
    }
}

static Word
call_with_words (GCallback    slot,
                 guint        n,
                 const Word  *w)
{
  switch (n)
    {
    case 1:
      return ((Word (*) (Word)) slot) (w[0]);
    case 2:
      return ((Word (*) (Word, Word)) slot) (w[0], w[1]);
    case 3:
      return ((Word (*) (Word, Word, Word)) slot) (w[0], w[1], w[2]);
    case 4:
      return ((Word (*) (Word, Word, Word, Word)) slot) (w[0], w[1], w[2], w[3]);
    case 5:
      return ((Word (*) (Word, Word, Word, Word, Word)) slot) (w[0], w[1], w[2], w[3], w[4]);
    default:
      return ((Word (*) (Word, Word, Word, Word, Word, Word)) slot) (w[0], w[1], w[2], w[3], w[4], w[5]);
    }
}

void
convoke_plan_call (const ConvokePlan  *self,
                   GCallback           slot,
                   void               *ret,
                   void              **args)
{
  const ffi_cif *cif = &self->cif;
  Word words[MAX_WORDS];

  if (!self->of_words)
    {
      ffi_call ((ffi_cif *) cif, slot, ret, args);
      return;
    }

  for (guint i = 0; i < cif->nargs; i++)
    words[i] = load (cif->arg_types[i], args[i]);

  store (cif->rtype, ret, call_with_words (slot, cif->nargs, words));
}
