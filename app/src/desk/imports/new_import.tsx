/** A file comes in: what it is, which column is what, tried first and then taken. */
import { useEffect, useRef, useState } from "preact/hooks";
import { importsAdd, importsCancel, importsCommit, importsShow, type ImportJob } from "../../api/api";
import { Field, Note } from "../../ui/parts";
import { coded, number, t } from "../../words";
import { trouble, type Trouble } from "../base/asked";
import { JobBar, useJob } from "../base/job";
import { Facts, Wrong } from "../base/shown";
import { api } from "../session/session";
import { fields, headerRow, peek, type Rows } from "./peek";
import { Result } from "./result";

const kinds = ["household", "factory", "landlord", "samples", "map", "results"] as const;
type Kind = (typeof kinds)[number];

/** A guess that somebody sees and can change. */
function guess(name: string): Kind {
  if (/\.(geojson|json|gpkg|shp|zip|kml|osm|pbf)$/i.test(name)) return "map";
  if (/结果|result|retest/i.test(name)) return "results";
  if (/采样|sample/i.test(name)) return "samples";
  if (/厂|企业|factory/i.test(name)) return "factory";
  if (/房东|出租|landlord/i.test(name)) return "landlord";
  return "household";
}

function Columns({ rows, chosen, set }: { rows: Rows; chosen: ReadonlyMap<number, string>; set: (chosen: ReadonlyMap<number, string>) => void }) {
  const head = headerRow(rows);
  if (head < 0) return <Note>{t("imports.no_peek")}</Note>;
  const names = rows[head]!;
  const put = (at: number, field: string) => {
    const next = new Map(chosen);
    if (field === "") next.delete(at);
    else next.set(at, field);
    set(next);
  };
  return (
    <details class="mapping">
      <summary>{t("imports.columns", { n: names.filter((name) => name !== "").length })}</summary>
      <p class="soft small">{t("imports.columns_say")}</p>
      <table>
        <thead>
          <tr><th scope="col">{t("imports.in_file")}</th><th scope="col">{t("imports.example")}</th><th scope="col">{t("imports.is")}</th></tr>
        </thead>
        <tbody>
          {names.map((name, at) => name !== "" && (
            <tr key={at}>
              <th scope="row">{name}</th>
              <td class="soft cut">{rows[head + 1]?.[at] ?? ""}</td>
              <td>
                <select aria-label={t("imports.is_of", { column: name })} value={chosen.get(at) ?? ""} onChange={(event) => put(at, event.currentTarget.value)}>
                  <option value="">{t("imports.auto")}</option>
                  {fields.map((field) => (
                    <option key={field} value={field}>{coded("column", field)}</option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Job({ first, again, changed }: { first: ImportJob; again: () => void; changed: () => void }) {
  const { job, wrong, set } = useJob(first, (id) => importsShow(api(), id));
  const [fault, fail] = useState<Trouble | null>(null);
  useEffect(() => changed(), [job.state]); // the lists beside it
  const act = (call: Promise<ImportJob>) => call.then(set, (error: unknown) => fail(trouble(error)));
  const over = job.state === "done" || job.state === "failed" || job.state === "cancelled";
  return (
    <section class="card stack import-job" data-state={job.state} aria-live="polite">
      <h2>{job.name}</h2>
      <JobBar job={job} />
      <Wrong wrong={wrong ?? fault} />
      {job.state === "failed" && job.problem !== null && (
        <>
          <Wrong wrong={{ code: job.problem.code, what: `${job.problem.title}${t("error.colon")}${job.problem.detail}`, todo: job.problem.fix }} />
          <Facts facts={[["imports.sheet", job.problem.sheet], ["imports.row", job.problem.row || ""], ["imports.field", coded("column", job.problem.field)]]} />
        </>
      )}
      {job.state === "cancelled" && <Note tone="warn">{t("imports.cancelled")}</Note>}
      {job.state === "ready" && <Note tone="info">{t("imports.ready")}</Note>}
      {job.state === "done" && <Note tone="good">{t(job.result?.already ? "imports.already" : "imports.done")}</Note>}
      {job.result !== null && <Result result={job.result} />}
      <div class="row wrap">
        {job.state === "ready" && <button type="button" class="button main" onClick={() => void act(importsCommit(api(), job.id))}>{t("imports.commit")}</button>}
        {!over && <button type="button" class="button" onClick={() => void act(importsCancel(api(), job.id))}>{t("do.cancel")}</button>}
        {over && <button type="button" class="button" onClick={again}>{t("imports.another")}</button>}
      </div>
    </section>
  );
}

export function NewImport({ changed }: { changed: () => void }) {
  const [file, choose] = useState<File | null>(null);
  const [kind, setKind] = useState<Kind>("household");
  const [rows, setRows] = useState<Rows>([]);
  const [chosen, setChosen] = useState<ReadonlyMap<number, string>>(new Map());
  const [building, setBuilding] = useState("");
  const [over, hover] = useState(false);
  const [busy, work] = useState(false);
  const [wrong, fail] = useState<Trouble | null>(null);
  const [job, begin] = useState<ImportJob | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const take = async (taken: File | undefined) => {
    if (taken === undefined) return;
    choose(taken);
    setKind(guess(taken.name));
    setChosen(new Map());
    fail(null);
    setRows(await peek(taken));
  };
  const send = async (event: Event) => {
    event.preventDefault();
    work(true);
    fail(null);
    const columns = [...chosen].map(([at, field]) => `${field}=${at + 1}`).join(",");
    try {
      begin(await importsAdd(api(), file!, { name: file!.name, as: kind, dry_run: true, ...(building.trim() === "" ? {} : { building: building.trim() }), ...(columns === "" ? {} : { columns }) }));
    } catch (error) {
      fail(trouble(error));
    }
    work(false);
  };
  if (job !== null) return <Job key={job.id} first={job} changed={changed} again={() => { begin(null); choose(null); setRows([]); }} />;
  return (
    <form class="card stack" onSubmit={send}>
      <h2>{t("imports.new")}</h2>
      <label class={`drop-zone ${over ? "over" : ""}`} onDragOver={(event) => { event.preventDefault(); hover(true); }} onDragLeave={() => hover(false)} onDrop={(event) => { event.preventDefault(); hover(false); void take(event.dataTransfer?.files[0]); }}>
        <input ref={input} type="file" name="file" accept=".csv,.txt,.xlsx,.xls,.ods,.geojson,.json,.gpkg,.zip,.kml,.osm,.pbf" onChange={(event) => void take(event.currentTarget.files?.[0])} />
        <strong>{file === null ? t("imports.drop") : file.name}</strong>
        <span class="soft small">{file === null ? t("imports.drop_hint") : t("imports.size", { n: number(Math.max(1, Math.round(file.size / 1024))) })}</span>
      </label>
      {file !== null && (
        <>
          <fieldset class="choices">
            <legend>{t("imports.kind")}</legend>
            {kinds.map((one) => (
              <label key={one} class={`choice ${one === kind ? "on" : ""}`}>
                <input type="radio" name="kind" value={one} checked={one === kind} onChange={() => setKind(one)} />
                <span>{coded("list", one)}</span>
              </label>
            ))}
          </fieldset>
          {kind !== "map" && kind !== "results" && (
            <>
              <Columns rows={rows} chosen={chosen} set={setChosen} />
              <Field label={t("imports.building")} hint={t("imports.building_hint")}>
                <input type="text" value={building} maxLength={64} onInput={(event) => setBuilding(event.currentTarget.value)} />
              </Field>
            </>
          )}
          <Wrong wrong={wrong} />
          <button type="submit" class="button main" disabled={busy}>{t(busy ? "imports.sending" : "imports.try")}</button>
          <p class="soft small">{t("imports.try_say")}</p>
        </>
      )}
    </form>
  );
}
