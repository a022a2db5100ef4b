/* Terminals as fast as a server takes them: each sends one frame, awaits the answer, and sends the next.
 *
 *   load HOST PORT TERMINALS SECONDS RATE TAIL
 *
 * TERMINALS: a file, one line each: the six bytes of the phone, and the frame to say first ("-": none), in hex.
 * RATE: frames a second in all, 0: as many as are answered. TAIL: additional items of the positions, in hex.
 * Answers one line of JSON; latencies in ms. Positions differ in their place, so that none counts as sent again.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST = 512, BIN_US = 20, BINS = 1000000, CONNECTING = 256, EVENTS = 1024 };
enum state { CLOSED, OPENING, GREETED, READY };
#define PATIENCE 60.0
#define DRAIN 10.0

struct terminal {
    int fd, answered; /* marks seen of the answer that is awaited */
    enum state state;
    unsigned char phone[6], answer[64];
    int length, hello_length;
    unsigned char *hello;
    unsigned short serial;
    double sent_at; /* 0: nothing awaited */
};

static struct terminal *terminals;
static int count, ready, failed, poller, opening, next_to_open;
static long sent, acked, refused, skipped, places;
static unsigned bins[BINS];
static double longest;
static unsigned char tail[256];
static int tail_length;
static struct sockaddr_in server;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int from_hex(const char *text, unsigned char *to, int most) {
    int n = 0;
    for (unsigned byte; n < most && sscanf(text, "%2x", &byte) == 1; text += 2) to[n++] = byte;
    return n;
}

static void lose(struct terminal *t) {
    if (t->state == OPENING || t->state == GREETED) opening--;
    if (t->state == READY) ready--;
    if (t->state != CLOSED) failed++;
    if (t->fd >= 0) close(t->fd);
    t->fd = -1;
    t->sent_at = 0;
    t->state = CLOSED;
}

static void put(struct terminal *t, const unsigned char *data, int length) {
    if (write(t->fd, data, length) != length) lose(t);
}

static void put16(unsigned char *at, unsigned value) { at[0] = value >> 8; at[1] = value; }
static void put32(unsigned char *at, unsigned value) { put16(at, value >> 16); put16(at + 2, value); }

/* A 0x0200 of 2013: south of nowhere, status located, the wall clock's time at UTC+8. */
static void report(struct terminal *t, double at) {
    unsigned char raw[LONGEST], wire[2 * LONGEST];
    int length = 12 + 28 + tail_length, n = 0, check = 0;
    time_t clock = time(NULL) + 8 * 3600;
    struct tm local;
    gmtime_r(&clock, &local);
    int digits[6] = {local.tm_year % 100, local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec};
    put16(raw, 0x0200);
    put16(raw + 2, 28 + tail_length);
    memcpy(raw + 4, t->phone, 6);
    put16(raw + 10, ++t->serial);
    put32(raw + 12, 0);
    put32(raw + 16, 3);
    put32(raw + 20, 29000000 + places % 1000000);
    put32(raw + 24, 120000000 + places / 1000000);
    places++;
    put16(raw + 28, 12);
    put16(raw + 30, 605);
    put16(raw + 32, 87);
    for (int i = 0; i < 6; i++) raw[34 + i] = digits[i] / 10 * 16 + digits[i] % 10;
    memcpy(raw + 40, tail, tail_length);
    for (int i = 0; i < length; i++) check ^= raw[i];
    raw[length++] = check;
    wire[n++] = 0x7e;
    for (int i = 0; i < length; i++) {
        if (raw[i] == 0x7e || raw[i] == 0x7d) {
            wire[n++] = 0x7d;
            wire[n++] = raw[i] == 0x7e ? 2 : 1;
        } else
            wire[n++] = raw[i];
    }
    wire[n++] = 0x7e;
    t->sent_at = at;
    t->answered = t->length = 0;
    sent++;
    put(t, wire, n);
}

static void open_more(void) {
    for (; next_to_open < count && opening < CONNECTING; next_to_open++) {
        struct terminal *t = &terminals[next_to_open];
        int one = 1;
        t->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (t->fd < 0) { failed++; continue; }
        setsockopt(t->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (connect(t->fd, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS) {
            close(t->fd);
            t->fd = -1;
            failed++;
            continue;
        }
        struct epoll_event wanted = {.events = EPOLLIN | EPOLLOUT, .data.ptr = t};
        epoll_ctl(poller, EPOLL_CTL_ADD, t->fd, &wanted);
        t->state = OPENING;
        opening++;
    }
}

static void opened(struct terminal *t) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) { lose(t); return; }
    struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = t};
    epoll_ctl(poller, EPOLL_CTL_MOD, t->fd, &wanted);
    if (t->hello_length) {
        t->state = GREETED;
        t->answered = t->length = 0;
        put(t, t->hello, t->hello_length);
        return;
    }
    t->state = READY;
    opening--;
    ready++;
}

/* The result of a 0x8001; an echoed 0x0200 has no result, and is as good. */
static int result_of(const struct terminal *t) {
    unsigned char raw[64];
    int n = 0;
    for (int i = 1; i < t->length; i++) {
        int escaped = t->answer[i] == 0x7d && i + 1 < t->length;
        raw[n++] = escaped ? (t->answer[++i] == 2 ? 0x7e : 0x7d) : t->answer[i];
    }
    return n > 16 && raw[0] == 0x80 && raw[1] == 0x01 ? raw[16] : 0;
}

static void answered(struct terminal *t, double at, int again) {
    int bad = result_of(t);
    if (t->state == GREETED) {
        if (bad) { lose(t); return; }
        t->state = READY;
        opening--;
        ready++;
        return;
    }
    if (!t->sent_at) return;
    double took = at - t->sent_at;
    long bin = took * 1e6 / BIN_US;
    bins[bin < BINS ? bin : BINS - 1]++;
    if (took > longest) longest = took;
    t->sent_at = 0;
    acked++;
    refused += bad != 0;
    if (again) report(t, at);
}

static void hear(struct terminal *t, double at, int again) {
    unsigned char data[4096];
    ssize_t length = read(t->fd, data, sizeof data);
    if (length == 0 || (length < 0 && errno != EAGAIN)) { lose(t); return; }
    for (ssize_t i = 0; i < length; i++) {
        if (t->length < (int)sizeof t->answer && data[i] != 0x7e) t->answer[t->length++] = data[i];
        if (data[i] != 0x7e) continue;
        if (++t->answered == 1) { t->answer[0] = 0x7e; t->length = 1; }
        if (t->answered == 2) { t->answered = 0; answered(t, at, again); t->length = 0; }
    }
}

static void turn(int wait, int again) {
    struct epoll_event events[EVENTS];
    int n = epoll_wait(poller, events, EVENTS, wait);
    double at = now();
    for (int i = 0; i < n; i++) {
        struct terminal *t = events[i].data.ptr;
        if (t->state == OPENING) opened(t);
        else if (t->state != CLOSED) hear(t, at, again);
    }
}

static void read_terminals(const char *path) {
    FILE *file = fopen(path, "r");
    char phone[32], hello[1024];
    if (!file) { perror(path); exit(2); }
    for (int room = 0; fscanf(file, "%31s %1023s", phone, hello) == 2; count++) {
        if (count == room) terminals = realloc(terminals, (room += 4096) * sizeof *terminals);
        struct terminal *t = &terminals[count];
        memset(t, 0, sizeof *t);
        t->fd = -1;
        from_hex(phone, t->phone, 6);
        t->hello = malloc(LONGEST);
        t->hello_length = hello[0] == '-' ? 0 : from_hex(hello, t->hello, LONGEST);
    }
    fclose(file);
}

static double percentile(double share) {
    long wanted = acked * share, seen = 0;
    for (int i = 0; i < BINS; i++)
        if ((seen += bins[i]) > wanted) return i * BIN_US / 1000.0;
    return longest * 1000;
}

static int outstanding(void) {
    int n = 0;
    for (int i = 0; i < count; i++) n += terminals[i].sent_at != 0;
    return n;
}

static void at_rate(double rate, double began, double seconds) {
    long due, done = 0;
    for (double at; (at = now()) < began + seconds; turn(1, 0))
        for (due = (at - began) * rate; done < due; done++) {
            struct terminal *t = &terminals[done % count];
            if (t->state != READY) continue;
            if (t->sent_at) skipped++;
            else report(t, at);
        }
}

int main(int argc, char **argv) {
    if (argc != 7) { fprintf(stderr, "load HOST PORT TERMINALS SECONDS RATE TAIL\n"); return 2; }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    server.sin_family = AF_INET;
    server.sin_port = htons(atoi(argv[2]));
    inet_pton(AF_INET, argv[1], &server.sin_addr);
    read_terminals(argv[3]);
    double seconds = atof(argv[4]), rate = atof(argv[5]);
    tail_length = from_hex(argv[6], tail, sizeof tail);
    poller = epoll_create1(0);
    double began = now();
    while (ready + failed < count && now() < began + PATIENCE) {
        open_more();
        turn(100, 0);
    }
    double opened_in = now() - began;
    fprintf(stderr, "ready %d\n", ready);
    if (seconds <= 0) { /* only hold the connections, until our input ends */
        while (getchar() != EOF) {}
        return 0;
    }
    began = now();
    if (rate > 0) at_rate(rate, began, seconds);
    else {
        for (int i = 0; i < count; i++)
            if (terminals[i].state == READY) report(&terminals[i], now());
        while (now() < began + seconds) turn(100, 1);
    }
    double lasted = now() - began;
    long in_time = acked;
    while (outstanding() && now() < began + seconds + DRAIN) turn(100, 0);
    printf("{\"ready\": %d, \"failed\": %d, \"opened_in\": %.3f, \"seconds\": %.3f, \"sent\": %ld, \"acked\": %ld, "
           "\"in_time\": %ld, \"refused\": %ld, \"skipped\": %ld, \"p50\": %.2f, \"p99\": %.2f, \"longest\": %.2f}\n",
           ready, failed, opened_in, lasted, sent, acked, in_time, refused, skipped, percentile(0.5),
           percentile(0.99), longest * 1000);
    return 0;
}
