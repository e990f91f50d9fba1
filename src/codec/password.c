/* password.c: argon2id. Exports what password.h declares. */
#include "codec/password.h"

#include <sodium.h>
#include <string.h>

_Static_assert(PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES, "hash text");

bool password_hash(const char *password, struct password_cost cost, char hash[PASSWORD_HASH_SIZE]) {
    return crypto_pwhash_str_alg(hash, password, strlen(password), cost.passes,
               (size_t)cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool password_verify(const char *password, const char *hash) {
    if (hash == NULL) {
        char spent[PASSWORD_HASH_SIZE];
        (void)password_hash(password, PASSWORD_COST_INTERACTIVE, spent);
        return false;
    }
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

/* "12345678", "87654321", "11111111": each character the same step from the one before it. */
static bool is_run(const char *password) {
    int step = password[1] - password[0];
    if (step < -1 || step > 1)
        return false;
    for (size_t i = 1; password[i] != '\0'; i++)
        if (password[i] - password[i - 1] != step)
            return false;
    return true;
}

bool password_is_weak(const char *password, const char *phone) {
    static const char *const obvious[] = {"password", "passw0rd", "qwertyui", "qwertyuiop",
        "88888888", "a1234567", "abcd1234", "1q2w3e4r", "woaini1314", "iloveyou", "admin123",
        "password1", "password123", "11223344", "66668888"};
    if (strlen(password) < PASSWORD_LENGTH_MIN || is_run(password))
        return true;
    if (phone != NULL && strcmp(password, phone) == 0)
        return true;
    for (size_t i = 0; i < sizeof obvious / sizeof obvious[0]; i++)
        if (strcmp(password, obvious[i]) == 0)
            return true;
    return false;
}
