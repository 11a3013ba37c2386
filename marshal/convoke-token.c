/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A token stands for an object on the way from one thread to another, or, as
 * a text, on any way at all.
 *
 *   convoke-token-1:PID:SECRET
 *
 * PID is decimal and SECRET is 128 random bits, 32 hexadecimal digits: whoever
 * was not given the text does not have the object. The texts are in a table of
 * the process, which owns a token from the moment on at which somebody asked
 * for its text until it is used up or released.
 *
 * What a token holds is not a proxy's but the object's: redeeming it gives
 * what the thread that does so may use.
 */

#include "config.h"

#include <errno.h>
#include <sys/random.h>
#include <unistd.h>

#include "convoke-apartment-private.h"
#include "convoke-disconnection-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-give-private.h"
#include "convoke-token-private.h"
#include "convoke-unknown.h"

#define SECRET_BYTES  16
#define SECRET_DIGITS (2 * SECRET_BYTES)

/* Why a token is good for nothing any more. */
typedef enum
{
  OVER_NOT,
  OVER_REDEEMED,
  OVER_RELEASED,
  OVER_DISCONNECTED,
} Over;

/**
 * ConvokeToken:
 *
 * An object on its way to somebody else in this process: another thread, a
 * function that can take only a text, a script.
 *
 * A pointer to an object is good where the object's code may run. A token is
 * made where the object is, and redeemed where it is wanted: there
 * [method@Token.redeem] gives the object itself, or the proxy that the thread
 * may call it through. [method@Token.to_string] makes a text of it, which can
 * go by any way that takes a text.
 *
 * A token of which nobody asked for the text goes with its last reference. One
 * of which somebody did belongs to the process until it is used up or
 * released.
 *
 * Any thread may use a token.
 *
 * Since: 0.1
 */
struct _ConvokeToken
{
  GObject           parent_instance;

  ConvokeTokenKind  kind;       /* constant */
  GType             iface;      /* constant */
  ConvokeApartment *apartment;  /* (owned) constant: the object's */
  guint             since;      /* constant; when it was made, as disconnections count */

  Over              over;       /* LOCK: tokens_lock */
  GObject          *target;     /* LOCK: tokens_lock; (owned) (nullable) */
  GWeakRef          weak;       /* for TABLE_WEAK */
  char             *text;       /* LOCK: tokens_lock to set it, once; (owned) (nullable) */
  GList             link;       /* LOCK: tokens_lock */
};

G_DEFINE_FINAL_TYPE (ConvokeToken, convoke_token, G_TYPE_OBJECT)

static GMutex      tokens_lock;  /* innermost: no foreign code runs under it */
static GHashTable *texts;        /* LOCK: tokens_lock; text -> owned token */
static GQueue      all = G_QUEUE_INIT;  /* LOCK: tokens_lock */

/* --- life --- */

static void
convoke_token_finalize (GObject *object)
{
  ConvokeToken *self = CONVOKE_TOKEN (object);

  /* In a forked child another thread of the parent may hold the lock for ever. */
  if (!convoke_check_forked (NULL))
    {
      g_mutex_lock (&tokens_lock);
      g_queue_unlink (&all, &self->link);
      g_mutex_unlock (&tokens_lock);
    }
  if (self->target != NULL)
    convoke_apartment_release (self->apartment, self->target);
  g_weak_ref_clear (&self->weak);
  g_clear_object (&self->apartment);
  g_free (self->text);

  G_OBJECT_CLASS (convoke_token_parent_class)->finalize (object);
}

static void
convoke_token_class_init (ConvokeTokenClass *class)
{
  G_OBJECT_CLASS (class)->finalize = convoke_token_finalize;
}

static void
convoke_token_init (ConvokeToken *self)
{
  g_weak_ref_init (&self->weak, NULL);
  self->link.data = self;
  g_mutex_lock (&tokens_lock);
  g_queue_push_tail_link (&all, &self->link);
  g_mutex_unlock (&tokens_lock);
}

static gboolean
is_askable (GType iface)
{
  return iface == G_TYPE_OBJECT || (G_TYPE_IS_INTERFACE (iface) && iface != G_TYPE_INTERFACE);
}

/* Takes @target. */
static ConvokeToken *
make (GObject          *target,
      GType             iface,
      ConvokeTokenKind  kind)
{
  ConvokeToken *self = g_object_new (CONVOKE_TYPE_TOKEN, NULL);

  self->kind = kind;
  self->iface = iface;
  self->since = convoke_disconnection_now ();
  self->apartment = convoke_apartment_dup_for_object (target);
  if (kind != CONVOKE_TOKEN_TABLE_WEAK)
    self->target = target;
  else
    {
      g_weak_ref_set (&self->weak, target);
      convoke_apartment_release (self->apartment, target);
    }

  return self;
}

/**
 * convoke_token_new:
 * @object: an object, or a proxy
 * @iface: the interface that it is meant to be redeemed for, or `G_TYPE_OBJECT`
 * @kind: what the token is good for
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes a token for @object.
 *
 * An object that Convoke sees for the first time is bound by this call; see
 * [func@Convoke.Apartment.dup_for_object]. The token of a proxy is a token of
 * the object behind it.
 *
 * Any thread that may use @object may call this. Fails with
 * %CONVOKE_ERROR_NO_INTERFACE when @object does not implement @iface (OM-54).
 *
 * Returns: (transfer full): the token
 *
 * Since: 0.1
 */
ConvokeToken *
convoke_token_new (GObject           *object,
                   GType              iface,
                   ConvokeTokenKind   kind,
                   GError           **error)
{
  g_autoptr (GObject) facet = NULL;
  GObject *target;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);
  g_return_val_if_fail (is_askable (iface), NULL);
  g_return_val_if_fail (kind <= CONVOKE_TOKEN_TABLE_WEAK, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  convoke_fork_init ();
  if (convoke_check_forked (error))
    return NULL;

  facet = convoke_query_interface (object, iface, error);
  target = facet != NULL ? convoke_give_dup_target (object, error) : NULL;

  return target != NULL ? make (target, iface, kind) : NULL;
}

/**
 * convoke_token_get_kind:
 * @self: a token
 *
 * Gets what the token is good for. Any thread may call this.
 *
 * Returns: the kind
 *
 * Since: 0.1
 */
ConvokeTokenKind
convoke_token_get_kind (ConvokeToken *self)
{
  g_return_val_if_fail (CONVOKE_IS_TOKEN (self), CONVOKE_TOKEN_NORMAL);

  return self->kind;
}

/* --- using it up --- */

/* The table's reference, if it had one. */
static ConvokeToken *
steal_entry_locked (ConvokeToken *self)
{
  if (self->text == NULL || !g_hash_table_steal (texts, self->text))
    return NULL;

  return self;
}

static const char * const over_words[] = {
  [OVER_REDEEMED] = "The token is good for one object, once, and was redeemed already",
  [OVER_RELEASED] = "The token was released already",
  [OVER_DISCONNECTED] = "The object of the token was disconnected from its clients",
};

static gboolean
check_over (Over     over,
            GError **error)
{
  if (over == OVER_NOT)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_CONNECTED, over_words[over]);
  return FALSE;
}

/* (nullable) (transfer full): what it stands for; a normal token is used up by this. */
static GObject *
take_target (ConvokeToken  *self,
             Over          *over)
{
  g_autoptr (ConvokeToken) entry = NULL;
  GObject *target = NULL;

  g_mutex_lock (&tokens_lock);
  *over = self->over;
  if (*over == OVER_NOT && self->kind == CONVOKE_TOKEN_NORMAL)
    {
      self->over = OVER_REDEEMED;
      target = g_steal_pointer (&self->target);
      entry = steal_entry_locked (self);
    }
  else if (*over == OVER_NOT && self->kind == CONVOKE_TOKEN_TABLE_STRONG)
    target = g_object_ref (self->target);
  g_mutex_unlock (&tokens_lock);

  if (*over == OVER_NOT && self->kind == CONVOKE_TOKEN_TABLE_WEAK)
    target = g_weak_ref_get (&self->weak);
  if (target != NULL && !convoke_disconnection_check (target, self->since, NULL))
    {
      *over = OVER_DISCONNECTED;
      convoke_apartment_release (self->apartment, g_steal_pointer (&target));
    }
  return target;
}

static GObject *
dup_target (ConvokeToken  *self,
            GError       **error)
{
  Over over;
  GObject *target = take_target (self, &over);

  if (check_over (over, error) && target == NULL)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED,
                         "The object of the token is gone, and the token did not keep it");
  return target;
}

static GObject *
redeem (ConvokeToken  *self,
        GType          iface,
        GError       **error)
{
  g_autoptr (GObject) given = NULL;
  GObject *target;

  if (convoke_check_forked (error))
    return NULL;

  target = dup_target (self, error);
  if (target == NULL)
    return NULL;

  given = convoke_give_here (target, self->apartment, error);
  return given != NULL ? convoke_query_interface (given, iface, error) : NULL;
}

/**
 * convoke_token_redeem:
 * @self: a token
 * @iface: the interface wanted; `G_TYPE_OBJECT` for the identity, or
 *   `G_TYPE_NONE` for the interface that the token was made for
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets the object that the token stands for, as far as the calling thread may
 * use it: the object itself where its code may run here, and its proxy
 * everywhere else (OM-53).
 *
 * A token of the kind %CONVOKE_TOKEN_NORMAL is used up by this, also when
 * this fails because the object lacks @iface (OM-54).
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_CONNECTED when the
 * token was used up or released, %CONVOKE_ERROR_NOT_REGISTERED when it did
 * not keep its object and that is gone, %CONVOKE_ERROR_NO_INTERFACE when the
 * object does not implement @iface, and as [func@Convoke.create_proxy] does
 * where a proxy is needed.
 *
 * Returns: (transfer full): the object, or its proxy
 *
 * Since: 0.1
 */
GObject *
convoke_token_redeem (ConvokeToken  *self,
                      GType          iface,
                      GError       **error)
{
  g_return_val_if_fail (CONVOKE_IS_TOKEN (self), NULL);
  g_return_val_if_fail (iface == G_TYPE_NONE || is_askable (iface), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return redeem (self, iface != G_TYPE_NONE ? iface : self->iface, error);
}

/* What it was before. */
static Over
end (ConvokeToken *self,
     Over          over)
{
  g_autoptr (ConvokeToken) entry = NULL;
  GObject *target = NULL;
  Over before;

  g_mutex_lock (&tokens_lock);
  before = self->over;
  if (before == OVER_NOT)
    {
      self->over = over;
      target = g_steal_pointer (&self->target);
      entry = steal_entry_locked (self);
    }
  g_mutex_unlock (&tokens_lock);

  if (target != NULL)
    convoke_apartment_release (self->apartment, target);
  return before;
}

/**
 * convoke_token_release:
 * @self: a token
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gives a token back that nobody will redeem any more; what it kept is
 * dropped where it lives.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_CONNECTED when the
 * token was used up or released already.
 *
 * Returns: %TRUE when the token was released by this call
 *
 * Since: 0.1
 */
gboolean
convoke_token_release (ConvokeToken  *self,
                       GError       **error)
{
  Over before;

  g_return_val_if_fail (CONVOKE_IS_TOKEN (self), FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  before = end (self, OVER_RELEASED);
  return check_over (before, error);
}

/* --- the object is disconnected --- */

/* What the token had of it; the table's reference to the token goes to @entries. A token that is about to die is in the list still. */
static GObject *
disconnect_locked (ConvokeToken *self,
                   GPtrArray    *entries)
{
  ConvokeToken *entry = steal_entry_locked (self);

  if (entry != NULL)
    g_ptr_array_add (entries, entry);
  self->over = OVER_DISCONNECTED;

  return g_steal_pointer (&self->target);
}

void
convoke_token_disconnect (GObject *target)
{
  g_autoptr (ConvokeApartment) apartment = convoke_apartment_dup_for_object (target);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = 0;

  /* Those that do not keep it find out by themselves. */
  g_mutex_lock (&tokens_lock);
  for (GList *link = all.head; link != NULL; link = link->next)
    {
      ConvokeToken *token = link->data;

      if (token->target == target && disconnect_locked (token, entries) != NULL)
        n++;
    }
  g_mutex_unlock (&tokens_lock);

  for (; n > 0; n--)
    convoke_apartment_release (apartment, target);
}

/* --- texts --- */

static gboolean
fill_randomly (guint8  *bytes,
               gsize    n,
               GError **error)
{
  gssize got;

  do
    got = getrandom (bytes, n, 0);
  while (got < 0 && errno == EINTR);

  if (got == (gssize) n)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED,
               "The system has no random numbers for a token: %s", g_strerror (errno));
  return FALSE;
}

static char *
make_text (GError **error)
{
  guint8 secret[SECRET_BYTES];
  GString *text;

  if (!fill_randomly (secret, sizeof secret, error))
    return NULL;

  text = g_string_new (NULL);
  g_string_printf (text, CONVOKE_TOKEN_PREFIX "%d:", (int) getpid ());
  for (guint i = 0; i < sizeof secret; i++)
    g_string_append_printf (text, "%02x", secret[i]);

  return g_string_free (text, FALSE);
}

/* Takes @text. */
static Over
publish_locked (ConvokeToken *self,
                char         *text)
{
  if (self->over != OVER_NOT || self->text != NULL)
    {
      g_free (text);
      return self->over;
    }

  if (texts == NULL)
    texts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->text = text;
  g_hash_table_insert (texts, self->text, g_object_ref (self));
  return OVER_NOT;
}

/**
 * convoke_token_to_string:
 * @self: a token
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets a text that [ctor@Token.new_from_string] makes the token of again. It
 * is one line of ASCII letters, digits, `-` and `:`, always the same for the
 * same token.
 *
 * The text cannot be guessed, and whoever has it can have the object: treat it
 * as a password. From now on the token belongs to the process until it is used
 * up or released.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_CONNECTED when the
 * token was used up or released.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
convoke_token_to_string (ConvokeToken  *self,
                         GError       **error)
{
  char *made;
  Over over;

  g_return_val_if_fail (CONVOKE_IS_TOKEN (self), NULL);

  if (convoke_check_forked (error))
    return NULL;

  made = make_text (error);
  if (made == NULL)
    return NULL;

  g_mutex_lock (&tokens_lock);
  over = publish_locked (self, made);
  g_mutex_unlock (&tokens_lock);

  /* Once set it stays. */
  return check_over (over, error) ? g_strdup (self->text) : NULL;
}

static gboolean
is_secret (const char *text)
{
  gsize n = 0;

  while (n <= SECRET_DIGITS && (g_ascii_isdigit (text[n]) || (text[n] >= 'a' && text[n] <= 'f')))
    n++;

  return n == SECRET_DIGITS && text[n] == '\0';
}

GPid
convoke_token_get_text_pid (const char *text)
{
  const char *digits = text + strlen (CONVOKE_TOKEN_PREFIX);
  char *end;
  gint64 pid;

  if (!g_str_has_prefix (text, CONVOKE_TOKEN_PREFIX) || !g_ascii_isdigit (*digits))
    return 0;

  pid = g_ascii_strtoll (digits, &end, 10);
  return *end == ':' && is_secret (end + 1) && pid <= G_MAXINT ? (GPid) pid : 0;
}

/* The text is not repeated: it can be a secret, or long, or anything. */
static gboolean
check_text (const char  *text,
            GError     **error)
{
  GPid pid = convoke_token_get_text_pid (text);

  if (pid == getpid ())
    return TRUE;

  if (pid == 0)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                         "The text is no token, which would begin with “" CONVOKE_TOKEN_PREFIX "”");
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND,
                 "The token is of process %d, and this is process %d", (int) pid, (int) getpid ());
  return FALSE;
}

static ConvokeToken *
lookup (const char  *text,
        GError     **error)
{
  ConvokeToken *found;

  if (convoke_check_forked (error) || !check_text (text, error))
    return NULL;

  g_mutex_lock (&tokens_lock);
  found = texts != NULL ? g_hash_table_lookup (texts, text) : NULL;
  if (found != NULL)
    g_object_ref (found);
  g_mutex_unlock (&tokens_lock);

  if (found == NULL)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_CONNECTED,
                         "The token was redeemed or released already, or never made here");
  return found;
}

/**
 * convoke_token_new_from_string:
 * @text: what [method@Token.to_string] gave
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets the token of this process of which @text is the text. For those of
 * others there is [func@Convoke.attach_token].
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when
 * @text is not the text of a token, %CONVOKE_ERROR_NOT_FOUND when it is that
 * of a token of another process, which [func@Convoke.attach_token] redeems, and
 * %CONVOKE_ERROR_NOT_CONNECTED when the token was used up or released.
 *
 * Returns: (transfer full): the token
 *
 * Since: 0.1
 */
ConvokeToken *
convoke_token_new_from_string (const char  *text,
                               GError     **error)
{
  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  convoke_fork_init ();
  return lookup (text, error);
}

GObject *
convoke_token_resolve (const char  *text,
                       GType        iface,
                       GError     **error)
{
  g_autoptr (ConvokeToken) self = lookup (text, error);

  return self != NULL ? redeem (self, iface, error) : NULL;
}
