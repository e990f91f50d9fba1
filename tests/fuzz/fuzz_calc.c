/*
 * fuzz_calc.c: documents of `fenqi calc` under a fuzzer. Exports LLVMFuzzerTestOneInput().
 *
 * Whatever a line holds, the answer must be one line of one JSON document. With FENQI_FUZZ_CANARY
 * an answer that is no refusal makes the target read one byte behind its input.
 */
#include "base/check.h"
#include "calc/calc.h"

#include <jansson.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static struct calc *calc;
    if (calc == NULL)
        calc = calc_create();
    if (memchr(bytes, '\n', count) != NULL)
        return -1;
    struct calc_answer answer = calc_line(calc, (struct bytes){bytes, count}, 1);
    const char *text = (const char *)answer.text.at;
    check(memchr(text, '\n', answer.text.length) == NULL);
    json_t *document = json_loadb(text, answer.text.length, JSON_REJECT_DUPLICATES, NULL);
    check(json_is_object(document));
    json_decref(document);
#ifdef FENQI_FUZZ_CANARY
    static volatile uint8_t last;
    if (!answer.refused)
        last = (uint8_t)(last + bytes[count]);
#endif
    return 0;
}
