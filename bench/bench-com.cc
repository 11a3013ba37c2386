// SPDX-License-Identifier: LGPL-2.1-or-later

// COM written by hand: 128-bit identifiers, an atomic count, two interfaces.

#include "bench-com.h"

#include <atomic>
#include <cstdint>
#include <cstring>

namespace {

struct Guid
{
  std::uint64_t high;
  std::uint64_t low;

  bool operator== (const Guid &other) const { return std::memcmp (this, &other, sizeof *this) == 0; }
};

constexpr Guid iid_unknown = { 0x0000000000000000, 0xc000000000000046 };
constexpr Guid iid_echo = { 0x6ba2b4b39d0f4f2d, 0x8cbe2c26b8a0ad11 };
constexpr Guid iid_feed = { 0x1f9d9a4be1f84a6c, 0x9c7733d7e5a0bf52 };

struct Unknown
{
  virtual int query_interface (const Guid &iid, void **out) = 0;
  virtual unsigned add_ref () = 0;
  virtual unsigned release () = 0;
};

struct Feed : Unknown
{
  virtual double price (const char *item) = 0;
};

struct Echo : Unknown
{
  virtual int echo (int number, const char *text) = 0;
};

class Adder final : public Feed, public Echo
{
public:
  int query_interface (const Guid &iid, void **out) override
  {
    if (iid == iid_unknown || iid == iid_feed)
      *out = static_cast<Feed *> (this);
    else if (iid == iid_echo)
      *out = static_cast<Echo *> (this);
    else
      {
        *out = nullptr;
        return -1;
      }

    add_ref ();
    return 0;
  }

  unsigned add_ref () override { return count.fetch_add (1, std::memory_order_relaxed) + 1; }

  unsigned release () override
  {
    unsigned left = count.fetch_sub (1, std::memory_order_acq_rel) - 1;

    if (left == 0)
      delete this;
    return left;
  }

  double price (const char *) override { return 1.0; }
  int echo (int number, const char *text) override { return number + static_cast<int> (std::strlen (text)); }

private:
  std::atomic<unsigned> count { 1 };
};

// Through a pointer that the compiler cannot see through, as a client would.
Unknown *volatile object;

} // namespace

extern "C" void
bench_com_setup (void)
{
  object = static_cast<Feed *> (new Adder);
}

extern "C" void
bench_com_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      void *answer;

      if (object->query_interface (iid_echo, &answer) == 0)
        static_cast<Echo *> (answer)->release ();
    }
}

extern "C" void
bench_com_teardown (void)
{
  object->release ();
}
