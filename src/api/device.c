/* device.c: what a session is called. Exports what device.h declares. */
#include "api/device.h"

#include "base/mask.h"

#include <string.h>

/* A word in the User-Agent and what people call it; the first that is found wins. */
struct known_word {
    const char *word;
    const char *name;
};

static const char *name_of(
    const char *user_agent, const struct known_word *words, const char *otherwise) {
    for (; words->word != NULL; words++)
        if (strstr(user_agent, words->word) != NULL)
            return words->name;
    return otherwise;
}

const char *device_name(struct arena *arena, const char *user_agent) {
    /* Order matters: WeChat and Edge name Chrome too, Chrome names Safari too. */
    static const struct known_word browsers[] = {{"MicroMessenger", "微信"}, {"Alipay", "支付宝"},
        {"MiuiBrowser", "小米浏览器"}, {"HuaweiBrowser", "华为浏览器"}, {"Edg", "Edge"},
        {"Firefox", "Firefox"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}, {"curl", "curl"},
        {"python", "Python"}, {NULL, NULL}};
    static const struct known_word systems[] = {{"Android", "Android"}, {"HarmonyOS", "HarmonyOS"},
        {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"},
        {"Linux", "Linux"}, {NULL, NULL}};
    if (user_agent == NULL)
        return "未知设备 Unknown device";
    const char *browser = name_of(user_agent, browsers, "浏览器 Browser");
    const char *system = name_of(user_agent, systems, NULL);
    return system == NULL ? browser : arena_printf(arena, "%s · %s", browser, system);
}

struct login_place login_place_of(struct call *call) {
    char masked[MASK_SIZE];
    return (struct login_place){
        .device = device_name(call->arena, http_request_header(call->http, "User-Agent")),
        .address_masked =
            arena_text(call->arena, mask_address(http_request_peer(call->http), masked)),
    };
}
