/** Exporting a table: begun from anywhere, its progress and files in a window. */
import { signal } from "@preact/signals";
import { exportsAdd, exportsCancel, exportsShow, type ExportJob } from "../../api/api";
import { Dialog, Note } from "../../ui/parts";
import { number, t } from "../../words";
import { ask, reason, said } from "../base/form";
import { JobBar, useJob } from "../base/job";
import { Wrong } from "../base/shown";
import { api, may } from "../session/session";

const at = signal<ExportJob | null>(null);

export function askExport(table: string | null): void {
  ask({
    title: t(table === null ? "export.all" : "export.title"),
    say: <p class="soft">{t("export.say")}</p>,
    blanks: [
      { name: "format", label: t("export.format"), type: "choice", must: true, value: "xlsx", options: [{ value: "xlsx", label: t("export.xlsx") }, { value: "csv", label: t("export.csv") }, { value: "json", label: "JSON" }] },
      ...(may("register.reveal") ? [{ name: "open", label: t("export.reveal"), type: "tick" as const }, { ...reason(), when: (values: Record<string, string>) => values["open"] === "yes" }] : []),
    ],
    yes: t("export.go"),
    send: async (values) => exportsAdd(api(), { ...(table === null ? {} : { table }), format: values["format"] as "csv" | "xlsx" | "json", ...(values["open"] === "yes" ? said(values, "reason") : {}) }),
    then: (job) => {
      at.value = job as ExportJob;
    },
  });
}

const size = (bytes: number): string => (bytes < 1 << 20 ? `${number(Math.max(1, Math.round(bytes / 1024)))} KB` : `${number(Math.round(bytes / 1048576))} MB`);

export function ExportFiles({ job }: { job: ExportJob }) {
  if (job.result === null || (job.state !== "done" && job.state !== "ready")) return null;
  return (
    <ul class="files">
      {job.result.files.map((file) => (
        <li key={file.name}>
          <a class="button" href={`/api/v1/exports/${job.id}/files/${encodeURIComponent(file.name)}`} download={file.name}>
            <span aria-hidden="true">↓</span> {file.name} <span class="soft small">{size(file.bytes)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Window({ first }: { first: ExportJob }) {
  const { job, wrong, set } = useJob(first, (id) => exportsShow(api(), id));
  const over = job.state !== "queued" && job.state !== "running";
  return (
    <Dialog title={t("export.title")} onClose={() => (at.value = null)}>
      <JobBar job={job} />
      <Wrong wrong={wrong} />
      {job.state === "done" && <Note tone="good">{t("export.done", { n: number(job.result?.rows ?? 0) })}</Note>}
      {job.state === "failed" && job.problem !== null && <Wrong wrong={{ code: job.problem.code, what: `${job.problem.title}${t("error.colon")}${job.problem.detail}`, todo: job.problem.fix }} />}
      {job.state === "cancelled" && <Note tone="warn">{t("job.cancelled")}</Note>}
      <ExportFiles job={job} />
      <div class="row dialog-do">
        {!over && (
          <button type="button" class="button" onClick={() => void exportsCancel(api(), job.id).then(set)}>
            {t("do.cancel")}
          </button>
        )}
        <button type="button" class="button main" onClick={() => (at.value = null)}>
          {t(over ? "do.close" : "export.behind")}
        </button>
      </div>
    </Dialog>
  );
}

export const Exporting = () => (at.value === null ? null : <Window key={at.value.id} first={at.value} />);
