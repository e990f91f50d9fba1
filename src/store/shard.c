/*
 * shard.c: see shard.h. The mixing is that of Bob Jenkins' lookup3 (public domain), as PostgreSQL's
 * hash_uint32() has it in src/common/hashfn.c; a test holds it to the server's own answers.
 */
#include "store/shard.h"

#include "base/check.h"

static uint32_t turned(uint32_t value, int by) {
    return value << by | value >> (32 - by);
}

int32_t shard_hash(int64_t customer_id) {
    uint64_t bits = (uint64_t)customer_id;
    uint32_t low = (uint32_t)bits, high = (uint32_t)(bits >> 32);
    uint32_t a, b, c;
    a = b = c = UINT32_C(0x9e3779b9) + 4 + UINT32_C(3923095);
    a += low ^ (customer_id >= 0 ? high : ~high); /* a number of 32 bits hashes as in hashint4() */
    c = (c ^ b) - turned(b, 14);
    a = (a ^ c) - turned(c, 11);
    b = (b ^ a) - turned(a, 25);
    c = (c ^ b) - turned(b, 16);
    a = (a ^ c) - turned(c, 4);
    b = (b ^ a) - turned(a, 14);
    c = (c ^ b) - turned(b, 24);
    return (int32_t)c;
}

int32_t shard_of(int64_t customer_id, int32_t count) {
    check(count > 0);
    uint32_t place = (uint32_t)shard_hash(customer_id) + UINT32_C(0x80000000); /* from INT32_MIN */
    return (int32_t)((uint64_t)place * (uint32_t)count >> 32);
}
