/*
 * mask.h: what may be shown of personal data. Exports: mask_phone(), mask_name(), mask_card(),
 * mask_identity(), mask_address().
 *
 * JR/T 0171-2020 asks for masking on display of what identifies a person (class C2). Each function
 * writes a NUL-terminated text into `out` and returns it; a value of an unexpected form is masked
 * whole ("****"), never shown.
 */
#ifndef FENQI_BASE_MASK_H
#define FENQI_BASE_MASK_H

enum { MASK_SIZE = 64 };

/* 13800000001 → 138****0001. */
char *mask_phone(const char *phone, char out[MASK_SIZE]);

/* 王小明 → *小明, Ann Lee → A** L**: the first character of a Chinese name, else the word tails. */
char *mask_name(const char *name, char out[MASK_SIZE]);

/* 6222021234566621 → 6621: the tail by which people know their cards. */
char *mask_card(const char *card_number, char out[MASK_SIZE]);

/* 11010519491231002X → 1****************X. */
char *mask_identity(const char *identity_number, char out[MASK_SIZE]);

/* 203.0.113.7 → 203.0.113.*, 2001:db8::1 → 2001:db8:*. */
char *mask_address(const char *address, char out[MASK_SIZE]);

#endif
