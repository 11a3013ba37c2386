/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Items live in pieces of memory that hold a thousand each and do not move, so
 * that an item's timer can be part of it, and adding one allocates nothing at
 * rest. A key is the item's place and, above that, a number that counts up: a
 * key whose item is gone does not fit what is in its place now. Keys stay below
 * 2 to the power of 53, where languages that count in doubles are exact.
 *
 * Each item is in exactly one pair of hands: its timer's (and, after that, the
 * queue's on which the timer put it) or, without a timer, the table's own.
 * Whoever cancels takes what is in the item; the item itself is freed by whoever
 * holds it, which is the canceller if the timer could be stopped.
 *
 * When the last item goes, places are given out from the beginning again, and
 * memory that the time since the table was last empty did not need is freed.
 */

#include "config.h"

#include "convoke-item-table-private.h"

#include "convoke-error.h"
#include "convoke-lock-private.h"
#include "convoke-platform-private.h"

#define PLACE_BITS   24
#define NUMBER_BITS  29
#define PIECE_BITS   10
#define PIECE_SIZE   (1u << PIECE_BITS)
#define MOST_ITEMS   (1u << PLACE_BITS)
#define PIECES_KEPT  4
#define LINE_SIZE    64   /* bytes */

static ConvokeLock   lock;         /* the timers' lock may be taken under it, nothing else */
static ConvokeItem **pieces;       /* LOCK: lock */
static guint         n_pieces;     /* LOCK: lock */
static guint         n_pieces_max; /* LOCK: lock; room in the array */
static guint         n_fresh;      /* LOCK: lock; places from here on were not used since the table was empty */
static guint         n_items;      /* LOCK: lock */
static guint         last_number;  /* LOCK: lock */
static ConvokeItem  *free_items;   /* LOCK: lock */

static inline ConvokeItem *
get_item_locked (guint place)
{
  return &pieces[place >> PIECE_BITS][place & (PIECE_SIZE - 1)];
}

static G_NO_INLINE void
add_piece_locked (void)
{
  if (n_pieces == n_pieces_max)
    {
      n_pieces_max = MAX (16, 2 * n_pieces_max);
      pieces = g_renew (ConvokeItem *, pieces, n_pieces_max);
    }

  pieces[n_pieces++] = g_aligned_alloc (PIECE_SIZE, sizeof (ConvokeItem), LINE_SIZE);
}

static guint64
make_key_locked (guint place)
{
  last_number = (last_number + 1) & ((1u << NUMBER_BITS) - 1);
  if (last_number == 0)
    last_number = 1;

  return (guint64) last_number << PLACE_BITS | place;
}

static ConvokeItem *
take_place_locked (void)
{
  ConvokeItem *item = free_items;
  guint place;

  if (item != NULL)
    {
      free_items = item->content.data;
      item->key = make_key_locked (item->key & (MOST_ITEMS - 1));
      return item;
    }
  if (n_fresh == MOST_ITEMS)
    return NULL;

  place = n_fresh++;
  if (place >> PIECE_BITS == n_pieces)
    add_piece_locked ();
  item = get_item_locked (place);
  item->key = make_key_locked (place);

  return item;
}

/* The last item went. */
static G_NO_INLINE void
empty_locked (void)
{
  guint n_needed = (n_fresh + PIECE_SIZE - 1) / PIECE_SIZE;

  free_items = NULL;
  n_fresh = 0;
  while (n_pieces > MAX (PIECES_KEPT, 2 * n_needed))
    g_aligned_free (pieces[--n_pieces]);
}

static void
free_locked (ConvokeItem *item)
{
  item->state = CONVOKE_ITEM_FREE;
  item->content.data = free_items;
  free_items = item;
  if (--n_items == 0)
    empty_locked ();
}

static ConvokeItem *
find_locked (guint64 key)
{
  guint64 place = key & (MOST_ITEMS - 1);
  ConvokeItem *item;

  if (place >= n_fresh)
    return NULL;

  item = get_item_locked (place);

  return item->key == key && (item->state == CONVOKE_ITEM_WAITING || item->state == CONVOKE_ITEM_RUNNING) ? item : NULL;
}

/* A platform that goes down takes all items with it. */
static inline void
hear_of_shutdown (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      convoke_platform_add_shutdown_func (convoke_item_table_cancel_all);
      g_once_init_leave (&done, 1);
    }
}

ConvokeItem *
convoke_item_table_add (const ConvokeItemKind  *kind,
                        gpointer                data,
                        ConvokeTimerFunc        due,
                        guint64                *key,
                        GError                **error)
{
  ConvokeItem *item;

  hear_of_shutdown ();

  convoke_lock_acquire (&lock);
  item = take_place_locked ();
  if (G_LIKELY (item != NULL))
    {
      n_items++;
      item->timer = (ConvokeTimer) { .func = due };
      item->content = (ConvokeItemContent) { kind, data };
      *key = item->key;
      item->state = CONVOKE_ITEM_WAITING;
    }
  convoke_lock_release (&lock);

  if (G_UNLIKELY (item == NULL))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                 "%u work items are waiting: there can be no more", MOST_ITEMS);

  return item;
}

gboolean
convoke_item_table_begin (ConvokeItem        *item,
                          ConvokeItemContent *content)
{
  gboolean wanted;

  convoke_lock_acquire (&lock);
  wanted = item->state == CONVOKE_ITEM_WAITING;
  if (wanted)
    *content = item->content;
  if (wanted && content->kind->again)
    item->state = CONVOKE_ITEM_RUNNING;
  else
    free_locked (item);
  convoke_lock_release (&lock);

  return wanted;
}

gboolean
convoke_item_table_again (ConvokeItem *item)
{
  gboolean wanted;

  convoke_lock_acquire (&lock);
  wanted = item->state == CONVOKE_ITEM_RUNNING;
  if (wanted)
    item->state = CONVOKE_ITEM_WAITING;
  else
    free_locked (item);
  convoke_lock_release (&lock);

  return wanted;
}

gboolean
convoke_item_table_take (guint64             key,
                         ConvokeItemContent *content)
{
  ConvokeItem *item;

  convoke_lock_acquire (&lock);
  item = find_locked (key);
  if (item != NULL)
    {
      *content = item->content;
      free_locked (item);
    }
  convoke_lock_release (&lock);

  return item != NULL;
}

gboolean
convoke_item_table_has (guint64 key)
{
  gboolean has;

  convoke_lock_acquire (&lock);
  has = find_locked (key) != NULL;
  convoke_lock_release (&lock);

  return has;
}

/* TRUE: @content is the caller's. */
static gboolean
cancel_locked (ConvokeItem        *item,
               ConvokeItemContent *content)
{
  gboolean waiting = item->state == CONVOKE_ITEM_WAITING;

  if (waiting)
    *content = item->content;
  if (waiting && (!content->kind->timed || convoke_timer_disarm (&item->timer)))
    free_locked (item);
  else
    item->state = CONVOKE_ITEM_CANCELLED;

  return waiting;
}

gboolean
convoke_item_table_cancel (guint64 key)
{
  ConvokeItemContent content = { NULL, };
  ConvokeItem *item;
  gboolean ours = FALSE;

  convoke_lock_acquire (&lock);
  item = find_locked (key);
  if (item != NULL)
    ours = cancel_locked (item, &content);
  convoke_lock_release (&lock);

  if (ours)
    content.kind->drop (content.data);

  return item != NULL;
}

/* The keys that there are. */
static guint64 *
copy_keys (guint *n)
{
  guint64 *keys;

  *n = 0;
  convoke_lock_acquire (&lock);
  keys = g_new (guint64, n_items + 1);
  for (guint place = 0; place < n_fresh; place++)
    {
      ConvokeItem *item = get_item_locked (place);

      if (item->state != CONVOKE_ITEM_FREE)
        keys[(*n)++] = item->key;
    }
  convoke_lock_release (&lock);

  return keys;
}

void
convoke_item_table_cancel_all (void)
{
  guint n;
  g_autofree guint64 *keys = copy_keys (&n);

  for (guint i = 0; i < n; i++)
    convoke_item_table_cancel (keys[i]);
}

guint
convoke_item_table_get_n_items (void)
{
  guint n;

  convoke_lock_acquire (&lock);
  n = n_items;
  convoke_lock_release (&lock);

  return n;
}

guint
convoke_item_table_get_capacity (void)
{
  guint n;

  convoke_lock_acquire (&lock);
  n = n_pieces * PIECE_SIZE;
  convoke_lock_release (&lock);

  return n;
}
