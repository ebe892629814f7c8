/* A backup of the demo's village (54,000 people, or as many as are asked for) as the command makes it: the site opened, the
 * moment copied, packed, sealed under a passphrase, synced, read back and compared. Beside it, in the same run, a plain copy of
 * the store's file with fsync, and the drill that restores and replays it. Prints one JSON object; the best of five runs. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aid.h"
#include "base/clock.h"
#include "base/text.h"
#include "desk/backup.h"
#include "desk/desk.h"
#include "sim/demo.h"

enum { PEOPLE = 54000, RUNS = 5 };

static const struct when noon = {1649390400000, 480};

static double seconds(uint64_t since)
{
    return (double)(clock_ns() - since) / 1e9;
}

/* In a process of its own, so that its memory is not ours. */
static void bench_made(const char *dir, uint32_t people)
{
    static struct demo_result result;
    struct err_detail detail = {0};
    int status;
    pid_t child = fork();
    if (child == 0) {
        must("demo", demo_run(&result, dir, 1, people, ERR_EN, NULL, &detail), &detail);
        exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) exit(1);
}

static double bench_plain(const char *from, const char *to)
{
    static char piece[1 << 20];
    uint64_t start = clock_ns();
    int in = open(from, O_RDONLY), out = open(to, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    ssize_t got = -1;
    bool good = in >= 0 && out >= 0;
    while (good && (got = read(in, piece, sizeof piece)) > 0) good = write(out, piece, (size_t)got) == got;
    if (!good || got != 0 || fdatasync(out) != 0) exit(1);
    close(in);
    close(out);
    unlink(to);
    return seconds(start);
}

struct bench_best {
    struct backup_made made;
    double open, all, plain;
};

static void bench_run(struct bench_best *best, const char *store, const char *file)
{
    struct desk *desk;
    struct backup_made made;
    struct err_detail detail = {0};
    struct vault_secret with = {.phrase = "a passphrase of the bench"};
    double plain = bench_plain(store, file);
    uint64_t start = clock_ns();
    must("open", desk_open(&desk, store, &detail), &detail);
    double open_s = seconds(start);
    must("backup", backup_data(&made, desk, store, file, &with, noon, NULL, &detail), &detail);
    desk_close(desk);
    double all = seconds(start);
    if (best->plain == 0 || plain < best->plain) best->plain = plain;
    if (best->all == 0 || all < best->all) *best = (struct bench_best){made, open_s, all, best->plain};
}

static double bench_drill(const char *store, const char *file)
{
    static struct backup_restored restored;
    struct err_detail detail = {0};
    struct vault_secret with = {.phrase = "a passphrase of the bench"};
    uint64_t start = clock_ns();
    must("drill", backup_drill(&restored, file, store, &with, noon, NULL, &detail), &detail);
    return seconds(start);
}

int main(int argc, char **argv)
{
    static struct bench_best best;
    char dir[] = "bench-backup-XXXXXX", store[64], file[64];
    int64_t people = PEOPLE;
    if (argc > 1 && !text_int(&people, argv[1], strlen(argv[1]))) return 2;
    if (!keys_start() || mkdtemp(dir) == NULL) return 1;
    bench_made(dir, (uint32_t)people);
    snprintf(store, sizeof store, "%s/site.db", dir);
    snprintf(file, sizeof file, "%s/bench.dwb", dir);
    for (int i = 0; i < RUNS; i++) bench_run(&best, store, file);
    double drill = bench_drill(store, file), peak = (double)clock_peak() / (1 << 20);
    printf("{\"bench\":\"backup\",\"entries\":%lld,\"store_mb\":%.1f,\"backup_mb\":%.1f,\"seconds\":%.2f,\"open_s\":%.2f,\"copy_"
           "s\":%."
           "2f,\"seal_s\":%.2f,\"check_s\":%.2f,\"mb_per_s\":%.0f,\"plain_copy_s\":%.2f,\"drill_s\":%.2f,\"peak_mib\":%.0f}\n",
           (long long)best.made.entries, (double)best.made.store_bytes / 1e6, (double)best.made.bytes / 1e6, best.all, best.open,
           best.made.copy_ms / 1e3, best.made.seal_ms / 1e3, best.made.check_ms / 1e3,
           (double)best.made.store_bytes / 1e6 / best.all, best.plain, drill, peak);
    drop(dir);
    return 0;
}
