/** Lists and maps come in, and go again when they were wrong. */
import { useState } from "preact/hooks";
import { batchesList, batchesUndo, importsCommit, importsList, importsShow, type Batch, type ImportJob } from "../../api/api";
import { Dialog, Empty, Tag } from "../../ui/parts";
import { coded, language, number, t, when } from "../../words";
import { useAsked } from "../base/asked";
import { ask, reason } from "../base/form";
import { whole } from "../base/reading";
import { Head, Loading, Wrong } from "../base/shown";
import { api } from "../session/session";
import { JobBar, useJob } from "../base/job";
import { NewImport } from "./new_import";
import { Result } from "./result";

function JobWindow({ first, close, changed }: { first: ImportJob; close: () => void; changed: () => void }) {
  const { job, set } = useJob(first, (id) => importsShow(api(), id));
  return (
    <Dialog title={job.name} onClose={close}>
      <JobBar job={job} />
      {job.problem !== null && <Wrong wrong={{ code: job.problem.code, what: `${job.problem.title}${t("error.colon")}${job.problem.detail}`, todo: job.problem.fix }} />}
      {job.result !== null && <Result result={job.result} />}
      {job.state === "ready" && <button type="button" class="button main" onClick={() => void importsCommit(api(), job.id).then((now) => { set(now); changed(); })}>{t("imports.commit")}</button>}
    </Dialog>
  );
}

function Jobs({ turn, changed }: { turn: number; changed: () => void }) {
  const asked = useAsked((signal) => importsList(api(), { limit: 20 }, { signal }), [turn, language.value]);
  const [open, show] = useState<ImportJob | null>(null);
  if (asked.value === null) return asked.wrong === null ? <Loading /> : <Wrong wrong={asked.wrong} again={asked.again} />;
  return (
    <section class="card stack">
      <h2>{t("imports.jobs")}</h2>
      {asked.value.items.length === 0 && <p class="soft">{t("imports.no_jobs")}</p>}
      <ul class="lines">
        {asked.value.items.map((job) => (
          <li key={job.id} class="row">
            <button type="button" class="link grow cut" onClick={() => show(job)}>{job.name}</button>
            <span class="soft small">{when(job.made)}</span>
            <Tag tone={job.state === "done" ? "good" : job.state === "failed" ? "bad" : job.state === "ready" ? "warn" : "none"}>{coded("job", job.state)}</Tag>
          </li>
        ))}
      </ul>
      {open !== null && <JobWindow first={open} close={() => show(null)} changed={changed} />}
    </section>
  );
}

function Batches({ turn, changed }: { turn: number; changed: () => void }) {
  const asked = useAsked(async (signal) => (await whole(batchesList, {}, signal)).reverse(), [turn]);
  const undo = (batch: Batch) =>
    ask({ title: t("imports.undo_title", { file: batch.file }), say: t("imports.undo_say", { n: number(batch.fresh) }), blanks: [reason()], yes: t("imports.undo"), bad: true, done: t("imports.undone"), send: (values) => batchesUndo(api(), batch.id, { reason: values["reason"]! }), then: () => { asked.again(); changed(); } });
  if (asked.value === null) return asked.wrong === null ? <Loading /> : <Wrong wrong={asked.wrong} again={asked.again} />;
  return (
    <section class="card stack batches">
      <h2>{t("imports.batches")}</h2>
      {asked.value.length === 0 ? (
        <Empty hint={t("imports.no_batches_hint")}>{t("imports.no_batches")}</Empty>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("imports.batches")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("imports.file")}</th>
                <th scope="col" class="num">{t("imports.rows")}</th>
                <th scope="col" class="num">{t("imports.fresh")}</th>
                <th scope="col" class="num wide-only-cell">{t("imports.matched")}</th>
                <th scope="col"><span class="hidden">{t("imports.undo")}</span></th>
              </tr>
            </thead>
            <tbody>
              {asked.value.map((batch) => (
                <tr key={batch.id}>
                  <th scope="row" class="wrap-any">{batch.file}<div class="soft small">{coded("list", batch.kind)}</div></th>
                  <td class="num">{number(batch.rows)}</td>
                  <td class="num">{number(batch.fresh)}</td>
                  <td class="num wide-only-cell">{number(batch.matched)}</td>
                  <td class="num"><button type="button" class="button small bad" aria-label={t("imports.undo_of", { file: batch.file })} onClick={() => undo(batch)}>{t("imports.undo")}</button></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

export function ImportsPage() {
  const [turn, set] = useState(0);
  const changed = () => set((n) => n + 1);
  return (
    <div class="stack">
      <Head title={t("imports.title")} hint={t("imports.hint")} />
      <div class="columns two">
        <NewImport changed={changed} />
        <div class="stack">
          <Batches turn={turn} changed={changed} />
          <Jobs turn={turn} changed={changed} />
        </div>
      </div>
    </div>
  );
}
