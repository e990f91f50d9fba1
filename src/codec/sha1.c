/* sha1.c: SHA-1 over OpenSSL. */
#include "codec/sha1.h"

#include "base/check.h"
#include "codec/text_bytes.h"

#include <openssl/evp.h>

char *sha1_hex(struct arena *arena, struct bytes message) {
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    check(EVP_Digest(message.at, message.length, digest, &length, EVP_sha1(), NULL) == 1);
    return hex_write(arena, (struct bytes){digest, length});
}
