/*
 * channel.h: what the rest of Fenqi sees of payment providers. Exports: enum channel_kind and its
 * capabilities, struct channel_request, struct channel_answer, struct channel_notice, struct
 * channels and the functions that perform a request and read a notification.
 *
 * A channel is a provider that moves money by its own protocol. Nobody calls one inside a
 * transaction or an HTTP request: a use case writes an outbox fact, the channel worker performs it
 * and its answer comes back as a new unit of work. Three rules hold for every channel:
 *   1. the number (`number`) is chosen and stored before anything is sent, and is the idempotency
 * key;
 *   2. a timeout, a 5xx, a broken connection or a code that the provider itself calls unclear is
 *      CHANNEL_UNKNOWN: it is only ever asked about under the same number, never sent under a new
 * one;
 *   3. a synchronous answer or a redirect never settles a debt unless it is CHANNEL_SUCCEEDED read
 *      from verified bytes; a notification settles one only after its signature was verified.
 */
#ifndef FENQI_CHANNEL_CHANNEL_H
#define FENQI_CHANNEL_CHANNEL_H

#include "base/arena.h"
#include "base/day.h"
#include "base/money.h"

/* Stored as integers: never renumber. */
enum channel_kind {
    CHANNEL_CREDIT_BALANCE =
        1,              /* the customer's own money with us: moved in the books, no provider */
    CHANNEL_CARD = 2,   /* card acquirer, agreement pay (bind by SMS, then debit) */
    CHANNEL_WECHAT = 3, /* WeChat Pay APIv3 (Native and H5 orders) */
};
enum { CHANNEL_KIND_COUNT = 3 };

/* The hard wall: a configuration is of one mode, and so is every payment and mandate made under it.
 */
enum channel_mode { CHANNEL_MODE_TEST = 1, CHANNEL_MODE_LIVE = 2 };

/* Stored as integers: never renumber. */
enum channel_operation {
    CHANNEL_ORDER_NATIVE = 1, /* an order paid by scanning a QR code */
    CHANNEL_ORDER_H5 = 2,     /* an order paid by a redirect from a phone's browser */
    CHANNEL_QUERY = 3,        /* what became of `number` */
    CHANNEL_CLOSE = 4,        /* nobody may pay `number` any more */
    CHANNEL_REFUND = 5,       /* give back (a part of) `original_number` under `number` */
    CHANNEL_REFUND_QUERY = 6,
    CHANNEL_BIND_START = 7,   /* the bank sends an SMS to the card's phone */
    CHANNEL_BIND_CONFIRM = 8, /* with the SMS code: gives the protocol number */
    CHANNEL_BIND_QUERY = 9,   /* which agreement stands for the card */
    CHANNEL_UNBIND = 10,
    CHANNEL_DEBIT = 11, /* take money by agreement */
};

struct channel_capability {
    bool native, h5, agreement, close, refund, notifies;
    /* How long a customer may take to pay an order; 0 where no customer acts. */
    int32_t order_lifetime_s;
    /* The most one collection may take; MONEY_ZERO where the provider sets no figure. */
    struct money single_limit;
};

/* Unused members are NULL or zero. Texts are UTF-8. Card data is here only on its way through. */
struct channel_request {
    enum channel_kind kind;
    enum channel_mode mode; /* must be the configuration's: channel_perform checks it */
    enum channel_operation operation;
    const char *number;           /* our public number: 8..32 letters and digits */
    const char *original_number;  /* refund: the payment's number */
    struct instant number_at;     /* when `number` was made: part of the key at the card acquirer */
    struct instant expires_at;    /* orders: nobody may pay later */
    struct money amount;          /* orders, debit, refund */
    struct money original_amount; /* refund: what the payment collected */
    const char *description;      /* what the customer reads at the provider, e.g. 分期还款 */
    const char *customer_ip;      /* H5 and debit ask for it */
    const char *return_url;       /* H5: where the cashier sends the customer back */
    const char *customer_ref; /* a stable name of the customer at the provider: our customer id */
    const char *card_number, *holder_name, *identity_number, *phone; /* bind start */
    const char *bind_ref;    /* bind confirm: what bind start answered */
    const char *sms_code;    /* bind confirm */
    const char *protocol_no; /* debit, unbind, bind query (NULL: any) */
};

enum channel_state {
    CHANNEL_ACCEPTED,   /* the order stands and waits for the customer, or the SMS was sent */
    CHANNEL_SUCCEEDED,  /* done: for collections, the money has moved */
    CHANNEL_FAILED,     /* it did not happen and never will under this number */
    CHANNEL_PROCESSING, /* the provider works on it: ask again */
    CHANNEL_UNKNOWN,    /* nobody here knows: ask again under the same number */
    CHANNEL_ABSENT,     /* query only: the provider has never seen the number */
};

/* Classes of failure: what retrying means. Stored as integers: never renumber. */
enum channel_failure {
    CHANNEL_FAILURE_NONE = 0,
    CHANNEL_FAILURE_NO_MONEY = 1,  /* later the same day, then the next days */
    CHANNEL_FAILURE_CARD_DEAD = 2, /* lost, closed, frozen, expired: the source is unusable */
    CHANNEL_FAILURE_LIMIT = 3,   /* over a limit of bank or provider: next source, or another day */
    CHANNEL_FAILURE_GATEWAY = 4, /* refused for a reason of the provider's own: soon again */
    CHANNEL_FAILURE_CUSTOMER_CANCELLED = 5,
    CHANNEL_FAILURE_REJECTED = 6,     /* refused for good: risk, wrong parameters */
    CHANNEL_FAILURE_MANDATE_GONE = 7, /* the agreement was ended: bind again */
    CHANNEL_FAILURE_EXPIRED = 8,      /* nobody paid in time; the order is closed */
    CHANNEL_FAILURE_IDENTITY = 9,     /* bind: name, identity number or phone do not fit the card */
    CHANNEL_FAILURE_CODE_WRONG = 10,  /* bind confirm: SMS code wrong; may be entered again */
    CHANNEL_FAILURE_CODE_EXPIRED = 11,
    CHANNEL_FAILURE_UNSUPPORTED = 12, /* the bank or kind of card is not served */
};

struct channel_answer {
    enum channel_state state;
    enum channel_failure failure;
    const char *provider_code; /* the provider's own code; "" when none */
    const char *provider_text; /* the provider's own words, for staff; "" when none */
    const char *reason_zh;     /* plain words for the customer; "" when there is nothing to say */
    const char *reason_en;
    const char *action_url; /* ACCEPTED orders: QR content or redirect address; else "" */
    struct instant action_expires_at;
    const char *transaction_id; /* the provider's own number; "" when none */
    struct money amount;        /* what moved; zero when nothing did */
    struct instant moved_at;    /* when, by the provider's clock; zero when unsaid */
    const char *bind_ref;       /* bind start */
    const char *protocol_no;    /* bind confirm, bind query */
    const char *bank_code;      /* bind: CMB, ICBC, …; "" when unsaid */
};

/* What a notification's bytes turned out to be. */
enum channel_notice_verdict {
    CHANNEL_NOTICE_PAYMENT, /* `answer` tells what became of `number` */
    CHANNEL_NOTICE_REFUND,
    CHANNEL_NOTICE_IGNORED,     /* genuine, but of a kind that changes nothing here: acknowledge */
    CHANNEL_NOTICE_MALFORMED,   /* cannot be read, or a member is missing */
    CHANNEL_NOTICE_FORGED,      /* signature or decryption fails, key unknown, probe signature */
    CHANNEL_NOTICE_STALE,       /* signed more than five minutes from now */
    CHANNEL_NOTICE_MISDIRECTED, /* genuine, but for another merchant, terminal or application */
};

struct channel_notice {
    enum channel_notice_verdict verdict;
    const char *notice_id; /* stable over repeats: the dedupe key, unique within the channel */
    const char *number;    /* ours */
    struct channel_answer answer;
    const char *why; /* refused: one line for the log, without anything secret */
};

/* One header of an HTTP message. Names compare without case. */
struct channel_header {
    const char *name, *value;
};

/* A notification as it came in. `query` is the part after '?', "" when none. */
struct channel_raw_notice {
    enum channel_kind kind;
    const struct channel_header *headers;
    size_t header_count;
    struct bytes body;
    const char *query;
};

/* Every configured provider with its keys, read once at start. Shared by threads. */
struct channels;

struct channels_options {
    const char *path;       /* the merchant file of docs/channels/sandbox.md; NULL: no provider */
    enum channel_mode mode; /* the mode of this process; a file of the other mode is refused */
    const char *notify_base_url; /* where providers reach us, e.g. https://pay.example.cn/api/v1 */
    int32_t connect_timeout_ms;  /* 0: 3 s */
    int32_t answer_timeout_ms;   /* 0: 10 s */
};

/*
 * Reads the merchant file with its keys, once. A file that is missing, badly formed, or of the
 * other mode is a fault; its text never holds a key.
 */
enum status channels_open(const struct channels_options *options, struct channels **out,
    struct fault *fault) FENQI_MUST_USE;
void channels_close(struct channels *channels);

enum channel_mode channels_mode(const struct channels *channels);

/* Whether a provider is configured (the credit balance always is). */
bool channels_has(const struct channels *channels, enum channel_kind kind);

/* What a provider can do. The service may ask without any provider being configured. */
struct channel_capability channel_capability(enum channel_kind kind);

/*
 * Performs one request over the network and waits for its end (bounded by the configured timeouts):
 * only for worker threads. Texts of the answer live in `arena`. A network that fails is an answer
 * (CHANNEL_UNKNOWN), not a fault; a fault is a request that could not even be made (no such
 * provider, wrong mode), which moved nothing.
 */
enum status channel_perform(struct channels *channels, struct arena *arena,
    const struct channel_request *request, struct instant now, struct channel_answer *answer,
    struct fault *fault) FENQI_MUST_USE;

/*
 * Fetches what providers rotate (WeChat Pay's platform certificates): at start and every few hours,
 * on a worker thread. A failure changes nothing; keys known stay known.
 */
void channels_refresh(struct channels *channels, struct arena *arena, struct instant now);

/* Verifies and reads a notification; no I/O, changes nothing. Texts live in `arena`. */
void channel_read_notice(struct channels *channels, struct arena *arena,
    const struct channel_raw_notice *raw, struct instant now, struct channel_notice *notice);

/* The body and media type with which a provider wants a notification acknowledged or refused. */
struct channel_acknowledgement {
    int http_status;
    const char *content_type;
    const char *body;
};
struct channel_acknowledgement channel_acknowledge(enum channel_kind kind, bool accepted);

/* Stable names for logs, JSON and the books: "card", "no_money", …. Never NULL. */
const char *channel_kind_name(enum channel_kind kind);
const char *channel_failure_name(enum channel_failure failure);
const char *channel_operation_name(enum channel_operation operation);

/* What a class of failure says to the customer, in Chinese and English; "" for NONE. */
const char *channel_failure_text_zh(enum channel_failure failure);
const char *channel_failure_text_en(enum channel_failure failure);
/* The same as part of a sentence: without "nothing was taken" and without a full stop. */
const char *channel_failure_short_zh(enum channel_failure failure);
const char *channel_failure_short_en(enum channel_failure failure);

#endif
