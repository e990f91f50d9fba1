/* test_merkle.c: roots of hash trees, against the published ones of certificate transparency. */
#include "../cmocka_include.h"

#include "codec/merkle.h"
#include "codec/text_bytes.h"
#include "codec/vault.h"

#include <string.h>

/* Leaves and roots of the reference tests of RFC 6962 (google/certificate-transparency). */
static const struct {
    const char *leaf, *root; /* the root after this leaf */
} steps[] = {
    {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
    {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
    {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
    {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
    {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
    {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
    {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
    {"606162636465666768696a6b6c6d6e6f",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
};

static void test_roots_are_the_published_ones(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(4096);
    struct merkle merkle = {0};
    uint8_t root[SHA256_SIZE];
    merkle_root(&merkle, root);
    assert_string_equal(hex_write(arena, (struct bytes){root, sizeof root}),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct bytes leaf;
        assert_true(hex_read(arena, bytes_of_text(steps[i].leaf), &leaf));
        merkle_add(&merkle, leaf);
        merkle_root(&merkle, root);
        assert_string_equal(hex_write(arena, (struct bytes){root, sizeof root}), steps[i].root);
        assert_int_equal(merkle.count, i + 1);
    }
}

/* The audit path of leaf `index` of `count`, checked as RFC 9162, 2.1.3.2 says, leaf by leaf. */
static bool path_leads_to(const struct merkle_proof *proof, int64_t count, struct bytes leaf,
    const uint8_t root[SHA256_SIZE]) {
    uint8_t node[SHA256_SIZE], pair[1 + 2 * SHA256_SIZE] = {1};
    static const uint8_t zero[1] = {0};
    int64_t index = proof->index, last = count - 1;
    sha256_two((struct bytes){zero, 1}, leaf, node);
    for (int32_t i = 0; i < proof->length; i++) {
        bool right = (index & 1) != 0 || index == last;
        if (last == 0)
            return false;
        memcpy(pair + 1, right ? proof->path[i] : node, SHA256_SIZE);
        memcpy(pair + 1 + SHA256_SIZE, right ? node : proof->path[i], SHA256_SIZE);
        sha256((struct bytes){pair, sizeof pair}, node);
        while (right && (index & 1) == 0 && index != 0) {
            index >>= 1;
            last >>= 1;
        }
        index >>= 1;
        last >>= 1;
    }
    return last == 0 && memcmp(node, root, SHA256_SIZE) == 0;
}

static void test_every_leaf_of_every_tree_can_be_proven(void **state) {
    (void)state;
    for (int count = 1; count <= 70; count++)
        for (int index = 0; index < count; index++) {
            struct merkle merkle = {0};
            struct merkle_proof proof;
            uint8_t root[SHA256_SIZE], plain[SHA256_SIZE];
            for (int i = 0; i < count; i++) {
                uint8_t leaf = (uint8_t)i;
                if (i == index)
                    merkle_prove_next(&merkle, &proof);
                merkle_add(&merkle, (struct bytes){&leaf, 1});
            }
            merkle_root(&merkle, plain);
            merkle_end(&merkle, root);
            assert_memory_equal(root, plain, SHA256_SIZE);
            uint8_t leaf = (uint8_t)index, other = (uint8_t)(index + 1);
            assert_true(path_leads_to(&proof, count, (struct bytes){&leaf, 1}, root));
            assert_false(path_leads_to(&proof, count, (struct bytes){&other, 1}, root));
            root[0] ^= 1;
            assert_false(path_leads_to(&proof, count, (struct bytes){&leaf, 1}, root));
        }
}

static void test_a_signature_is_of_one_key_and_one_text(void **state) {
    (void)state;
    assert_true(vault_library_start());
    struct vault vault = {{7}}, other = {{8}};
    uint8_t signature[SIGNATURE_SIZE], key[PUBLIC_KEY_SIZE], wrong[PUBLIC_KEY_SIZE];
    struct bytes text = bytes_of_text("the books of a day");
    vault_sign(&other, VAULT_BOOKS, text, signature, wrong);
    vault_sign(&vault, VAULT_BOOKS, text, signature, key);
    assert_memory_not_equal(key, wrong, sizeof key);
    assert_true(signature_is_genuine(signature, key, text));
    assert_false(signature_is_genuine(signature, wrong, text));
    assert_false(signature_is_genuine(signature, key, bytes_of_text("the books of a Day")));
    signature[3] ^= 1;
    assert_false(signature_is_genuine(signature, key, text));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roots_are_the_published_ones),
        cmocka_unit_test(test_every_leaf_of_every_tree_can_be_proven),
        cmocka_unit_test(test_a_signature_is_of_one_key_and_one_text),
    };
    return cmocka_run_group_tests_name("codec_merkle", tests, NULL, NULL);
}
