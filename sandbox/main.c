/* main.c: the command line of fenqi-sandbox. */
#include "sandbox/server.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "fenqi-sandbox --data DIR [options]\n"
    "Plays WeChat Pay and a card acquirer by their real protocols. No real money.\n"
    "  --data DIR                keys, book and merchant/channels.json\n"
    "  --port N                  port (default 8090; 0 takes a free one and prints it)\n"
    "  --bind ADDRESS            address (default 127.0.0.1)\n"
    "  --notify-retry-scale X    gaps between repeated notifications, 1 is real time (default 1)\n"
    "  --wechat-notify-key KIND  certificate (default) or public-key\n"
    "  --seed N                  of the faults' dice (default 1)\n";

static int complain(const char *words) {
    fprintf(stderr, "fenqi-sandbox: %s\n%s", words, usage);
    return 64;
}

/* "0.05" as millionths. False when it is not a number from 0 to 1000. */
static bool scale_read(const char *text, int64_t *out) {
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= 0) || value > 1000)
        return false;
    *out = (int64_t)(value * 1e6 + 0.5);
    return true;
}

/* One option; NULL, or what is wrong with it. */
static const char *option_read(int letter, const char *value, struct server_options *options) {
    int64_t number = 0;
    if (letter == 'd')
        options->sandbox.data_folder = value;
    else if (letter == 'b')
        options->address = value;
    else if (letter == 'p' && integer_read(value, &number) && number <= UINT16_MAX)
        options->port = (uint16_t)number;
    else if (letter == 's' && integer_read(value, &number))
        options->sandbox.seed = (uint64_t)number;
    else if (letter == 'r' && scale_read(value, &options->sandbox.notify_scale_ppm))
        return NULL;
    else if (letter == 'k' && strcmp(value, "certificate") == 0)
        options->sandbox.notify_by_public_key = false;
    else if (letter == 'k' && strcmp(value, "public-key") == 0)
        options->sandbox.notify_by_public_key = true;
    else
        return "unknown option or value";
    return NULL;
}

int main(int argc, char **argv) {
    static const struct option known[] = {
        {"data", required_argument, NULL, 'd'},
        {"port", required_argument, NULL, 'p'},
        {"bind", required_argument, NULL, 'b'},
        {"notify-retry-scale", required_argument, NULL, 'r'},
        {"wechat-notify-key", required_argument, NULL, 'k'},
        {"seed", required_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct server_options options = {
        .address = "127.0.0.1", .port = 8090, .sandbox = {.notify_scale_ppm = 1000000, .seed = 1}};
    int letter;
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (letter == 'h') {
            fputs(usage, stdout);
            return 0;
        }
        const char *wrong = option_read(letter, optarg, &options);
        if (wrong != NULL)
            return complain(wrong);
    }
    if (options.sandbox.data_folder == NULL || optind != argc)
        return complain("--data DIR is needed, and nothing beside options");
    struct fault fault;
    if (server_run(&options, &fault) != STATUS_OK) {
        fprintf(stderr, "fenqi-sandbox: %s\n", fault.text);
        return status_exit_code(fault.status);
    }
    return 0;
}
