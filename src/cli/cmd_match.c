/* doorward match: any tables, without a store. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/match_truth.h"
#include "cli/progress.h"
#include "files/table_out.h"

struct cmd_match {
    struct match_in in;
    struct match_truth truth;
    struct link *link;
    struct link_choice choice;
    uint32_t *cluster;
    uint64_t groups; /* of two records and more */
    struct match_truth_score links, clusters;
    double read_seconds, seconds;
};

static dw_err cmd_match_link(struct cmd_match *m, struct cli *cli)
{
    int64_t threads = cli_int(cli, "threads"), memory = cli_int(cli, "memory"), threshold = cli_int(cli, "threshold");
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    if (threads < 0 || threads > 64) return err_set(&cli->detail, DW_E_USAGE, "--threads 0..64");
    if (memory < 16 || memory > 1 << 20) return err_set(&cli->detail, DW_E_USAGE, "--memory 16..1048576");
    if (threads == 0) threads = online < 1 ? 1 : online > 8 ? 8 : online;
    struct link_settings set = {.seed = (uint64_t)cli_int(cli, "seed"),
                                .threads = (unsigned)threads,
                                .memory = (size_t)memory << 20,
                                .threshold = (double)threshold,
                                .progress = &cli->progress};
    ERR_TRY(link_make(&m->link, m->in.link, m->in.count, &set, &cli->detail));
    ERR_TRY(link_choose(&m->choice, m->link));
    m->cluster = malloc((m->in.first[m->in.count] + (size_t)1) * sizeof *m->cluster);
    return m->cluster == NULL ? DW_E_MEMORY : link_cluster(m->cluster, m->link, &m->choice);
}

static dw_err cmd_match_count(struct cmd_match *m)
{
    uint32_t records = m->in.first[m->in.count], *size = calloc(records + (size_t)1, sizeof *size);
    if (size == NULL) return DW_E_MEMORY;
    for (uint32_t r = 0; r < records; r++)
        if (++size[m->cluster[r]] == 2) m->groups++;
    free(size);
    return DW_OK;
}

/* Every link and tie with the identifiers of both, likeliest first. */
static dw_err cmd_match_write(const struct cmd_match *m, struct cli *cli)
{
    static const char *const headers[] = {"table_a",     "id_a", "table_b", "id_b",   "bits",
                                          "probability", "link", "group_a", "group_b"};
    struct table_out *out;
    size_t count;
    const struct link_pair *pairs = link_pairs(&count, m->link);
    const char *path = cli_text(cli, "out");
    if (path == NULL) return DW_OK;
    ERR_TRY(table_out_open(&out, path, TABLE_OUT_CSV, "Sheet1", NULL, headers, sizeof headers / sizeof *headers, &cli->detail));
    dw_err err = DW_OK;
    for (size_t i = 0; i < count && err == DW_OK; i++) {
        char id[2][32], bits[32], p[32], group[2][32];
        const struct link_pair *pair = &pairs[i];
        if (m->choice.verdict[i] == LINK_NO) continue;
        snprintf(bits, sizeof bits, "%.2f", (double)pair->bits);
        snprintf(p, sizeof p, "%.6f", (double)pair->p);
        snprintf(group[0], sizeof group[0], "%u", m->cluster[pair->a] + 1);
        snprintf(group[1], sizeof group[1], "%u", m->cluster[pair->b] + 1);
        const char *cells[] = {m->in.link[match_in_table_of(&m->in, pair->a)].name,
                               match_in_id(id[0], &m->in, pair->a),
                               m->in.link[match_in_table_of(&m->in, pair->b)].name,
                               match_in_id(id[1], &m->in, pair->b),
                               bits,
                               p,
                               m->choice.verdict[i] == LINK_TIE ? "tie" : "link",
                               group[0],
                               group[1]};
        err = table_out_row(out, cells, &cli->detail);
    }
    if (err == DW_OK) return table_out_close(out, &cli->detail);
    table_out_abort(out);
    return err;
}

static void cmd_match_fields_json(struct out_json *out, const struct cmd_match *m)
{
    json_key(&out->json, "fields");
    json_open(&out->json, '[');
    for (size_t f = 0; f < link_field_count(m->link); f++) {
        struct link_field_said said;
        link_field_say(&said, m->link, f);
        json_open(&out->json, '{');
        out_json_text(out, "name", said.name);
        out_json_text(out, "type", link_type_name(said.type));
        out_json_int(out, "filled", (int64_t)said.filled);
        out_json_int(out, "values", (int64_t)said.values);
        json_key(&out->json, "match");
        json_open(&out->json, '[');
        for (int l = 0; l < LINK_LEVELS; l++) json_put_double(&out->json, said.match[l], 5);
        json_close(&out->json, ']');
        json_close(&out->json, '}');
    }
    json_close(&out->json, ']');
    /* Among those who agree on a field by chance, how many more than by chance are alike in another. */
    json_key(&out->json, "depends");
    json_open(&out->json, '[');
    for (size_t f = 0; f < link_field_count(m->link); f++)
        for (size_t g = 0; g < link_field_count(m->link); g++) {
            struct link_field_said field, other;
            double share;
            if (!link_depend(&share, m->link, f, g) || share < 0.01) continue;
            link_field_say(&field, m->link, f);
            link_field_say(&other, m->link, g);
            json_open(&out->json, '{');
            out_json_text(out, "agree", field.name);
            out_json_text(out, "also", other.name);
            json_key(&out->json, "share");
            json_put_double(&out->json, share, 4);
            json_close(&out->json, '}');
        }
    json_close(&out->json, ']');
}

static void cmd_match_score_json(struct out_json *out, const char *before, const struct match_truth_score *s)
{
    const char *const names[] = {"precision", "recall", "f1"};
    const double values[] = {s->precision, s->recall, s->f1};
    for (int i = 0; i < 3; i++) {
        char key[32];
        snprintf(key, sizeof key, "%s%s", before, names[i]);
        json_key(&out->json, key);
        json_put_double(&out->json, values[i], 6);
    }
}

static dw_err cmd_match_json(const struct cmd_match *m)
{
    struct out_json out;
    struct link_counts counts;
    link_counted(&counts, m->link);
    out_json_begin(&out);
    json_open(&out.json, '{');
    json_key(&out.json, "tables");
    json_open(&out.json, '[');
    for (size_t t = 0; t < m->in.count; t++) {
        json_open(&out.json, '{');
        out_json_text(&out, "name", m->in.link[t].name);
        out_json_int(&out, "rows", (int64_t)m->in.link[t].rows);
        json_key(&out.json, "once");
        json_put_bool(&out.json, link_once(m->link, t));
        json_close(&out.json, '}');
    }
    json_close(&out.json, ']');
    cmd_match_fields_json(&out, m);
    out_json_int(&out, "records", (int64_t)counts.records);
    out_json_int(&out, "pairs", (int64_t)counts.pairs);
    out_json_int(&out, "compared", (int64_t)counts.compared);
    out_json_int(&out, "kept", (int64_t)counts.kept);
    out_json_int(&out, "skipped_blocks", (int64_t)counts.skipped_blocks);
    out_json_int(&out, "skipped_pairs", (int64_t)counts.skipped_pairs);
    out_json_int(&out, "skipped_likeness", (int64_t)counts.skipped_likeness);
    json_key(&out.json, "expected");
    json_put_double(&out.json, counts.expected, 1);
    out_json_int(&out, "links", (int64_t)m->choice.links);
    out_json_int(&out, "ties", (int64_t)m->choice.ties);
    out_json_int(&out, "groups", (int64_t)m->groups);
    if (m->truth.known) {
        out_json_int(&out, "true_pairs", (int64_t)m->links.pairs);
        cmd_match_score_json(&out, "", &m->links);
        cmd_match_score_json(&out, "cluster_", &m->clusters);
    }
    json_key(&out.json, "read_seconds");
    json_put_double(&out.json, m->read_seconds, 3);
    json_key(&out.json, "seconds");
    json_put_double(&out.json, m->seconds, 3);
    json_key(&out.json, "peak_mib");
    json_put_double(&out.json, (double)clock_peak() / 1048576, 1);
    json_close(&out.json, '}');
    return out_json_end(&out);
}

static void cmd_match_tell(struct cli *cli, const struct cmd_match *m)
{
    struct link_counts counts;
    link_counted(&counts, m->link);
    for (size_t t = 0; t < m->in.count; t++)
        printf(link_once(m->link, t) ? cli_say(cli, "%s：%zu 行，每人一行\n", "%s: %zu rows, everybody once\n")
                                     : cli_say(cli, "%s：%zu 行，可能有重复\n", "%s: %zu rows, somebody may be there twice\n"),
               m->in.link[t].name, m->in.link[t].rows);
    for (size_t f = 0; f < link_field_count(m->link); f++) {
        struct link_field_said said;
        link_field_say(&said, m->link, f);
        printf(cli_say(cli, "  %s（%s）：%llu 行有值，%llu 种\n", "  %s (%s): %llu rows have it, %llu values\n"), said.name,
               link_type_name(said.type), (unsigned long long)said.filled, (unsigned long long)said.values);
    }
    printf(cli_say(cli, "可比 %llu 对，细比 %llu 对；匹配 %llu 对，难分 %llu 对，同一人的组 %llu 个\n",
                   "%llu pairs, %llu compared field by field; %llu links, %llu ties, %llu groups of one person\n"),
           (unsigned long long)counts.pairs, (unsigned long long)counts.compared, (unsigned long long)m->choice.links,
           (unsigned long long)m->choice.ties, (unsigned long long)m->groups);
    if (counts.skipped_pairs > 0)
        printf(cli_say(cli, "太常见而未逐一比较的值 %llu 个，涉及 %llu 对\n",
                       "%llu values too common to be looked at pair by pair, %llu pairs\n"),
               (unsigned long long)counts.skipped_blocks, (unsigned long long)counts.skipped_pairs);
    if (m->truth.known)
        printf(cli_say(cli, "真值 %llu 对：精确率 %.5f，召回率 %.5f，F1 %.5f；按组 F1 %.5f\n",
                       "%llu true pairs: precision %.5f, recall %.5f, F1 %.5f; of groups F1 %.5f\n"),
               (unsigned long long)m->links.pairs, m->links.precision, m->links.recall, m->links.f1, m->clusters.f1);
    printf(cli_say(cli, "用时 %.2f 秒，内存 %.0f MiB\n", "%.2f s, %.0f MiB\n"), m->seconds, (double)clock_peak() / 1048576);
}

static dw_err cmd_match_run(struct cmd_match *m, struct cli *cli)
{
    uint64_t start = clock_ns();
    ERR_TRY(match_in_read(&m->in, cli));
    ERR_TRY(match_truth_read(&m->truth, cli, &m->in));
    m->read_seconds = (double)(clock_ns() - start) / 1e9;
    ERR_TRY(cmd_match_link(m, cli));
    ERR_TRY(cmd_match_count(m));
    ERR_TRY(cmd_match_write(m, cli));
    m->seconds = (double)(clock_ns() - start) / 1e9;
    if (!m->truth.known) return DW_OK;
    ERR_TRY(match_truth_links(&m->links, &m->truth, &m->in, m->link, &m->choice));
    return match_truth_groups(&m->clusters, &m->truth, &m->in, m->link, m->cluster);
}

dw_err cmd_match(struct cli *cli)
{
    struct cmd_match m = {0};
    dw_err err = cmd_match_run(&m, cli);
    progress_end(cli);
    if (err == DW_OK && cli->json) err = cmd_match_json(&m);
    if (err == DW_OK && !cli->json) cmd_match_tell(cli, &m);
    free(m.cluster);
    link_choice_free(&m.choice);
    link_free(m.link);
    match_truth_free(&m.truth);
    match_in_free(&m.in);
    return err;
}
