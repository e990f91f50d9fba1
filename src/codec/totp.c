/* totp.c: time-based one-time passwords. Exports what totp.h declares. */
#include "codec/totp.h"

#include "base/check.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

char *totp_code(struct bytes seed, int64_t step, char text[TOTP_TEXT_SIZE]) {
    uint8_t counter[8];
    for (int i = 7; i >= 0; i--) {
        counter[i] = (uint8_t)(step & 255);
        step >>= 8;
    }
    uint8_t mac[20];
    unsigned int length = sizeof mac;
    check(
        HMAC(EVP_sha1(), seed.at, (int)seed.length, counter, sizeof counter, mac, &length) != NULL);
    /* RFC 4226 section 5.3: four bytes at the offset that the last nibble names. */
    size_t at = mac[19] & 15;
    uint32_t value = (uint32_t)(mac[at] & 127) << 24 | (uint32_t)mac[at + 1] << 16 |
                     (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    value %= 1000000;
    for (int i = TOTP_DIGITS - 1; i >= 0; i--) {
        text[i] = (char)('0' + value % 10);
        value /= 10;
    }
    text[TOTP_DIGITS] = '\0';
    return text;
}
