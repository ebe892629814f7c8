/** What came of a file, or would come of it: sums in front, then each trouble with its row. */
import type { ImportColumn, ImportResult, ImportTrouble } from "../../api/api";
import { coded, number, t, type Word } from "../../words";

const sums: [Word, keyof ImportResult, string][] = [
  ["imports.rows", "rows", ""],
  ["imports.fresh", "fresh", "good"],
  ["imports.matched", "matched", ""],
  ["imports.seen", "seen", ""],
  ["imports.doors", "doors", ""],
  ["imports.households", "households", ""],
  ["imports.pairs", "pairs", "warn"],
  ["imports.placeless", "placeless", "warn"],
  ["imports.bad_documents", "bad_documents", "warn"],
  ["imports.held", "held", "warn"],
  ["imports.empty", "empty", ""],
  ["imports.troubles", "trouble_count", "warn"],
];

function Troubles({ troubles, all }: { troubles: ImportTrouble[]; all: number }) {
  const sheets = new Set(troubles.map((one) => one.sheet)).size > 1;
  return (
    <div class="troubles" tabIndex={0} role="region" aria-label={t("imports.troubles")}>
      <table>
        <thead>
          <tr>
            {sheets && <th scope="col">{t("imports.sheet")}</th>}
            <th scope="col" class="num">{t("imports.row")}</th>
            <th scope="col">{t("imports.field")}</th>
            <th scope="col">{t("imports.trouble")}</th>
          </tr>
        </thead>
        <tbody>
          {troubles.map((one, at) => (
            <tr key={at}>
              {sheets && <td>{one.sheet}</td>}
              <td class="num mono">{one.row}</td>
              <td>{coded("column", one.field)}</td>
              <td>{one.text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {all > troubles.length && <p class="soft small">{t("imports.more_troubles", { n: number(all - troubles.length) })}</p>}
    </div>
  );
}

/** What each column was taken for, so that a wrong guess is seen before it is done. */
function Taken({ columns }: { columns: ImportColumn[] }) {
  return (
    <details class="mapping">
      <summary>{t("imports.taken", { n: columns.length })}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("imports.in_file")}</th>
            <th scope="col">{t("imports.is")}</th>
            <th scope="col">{t("imports.by")}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((one) => (
            <tr key={one.column}>
              <th scope="row">{one.header === "" ? t("imports.column_n", { n: one.column }) : one.header}</th>
              <td>{coded("column", one.field)}</td>
              <td class="soft">{t(one.said ? "imports.by_you" : "imports.auto")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function Result({ result }: { result: ImportResult }) {
  return (
    <>
      <dl class="sums">
        {sums
          .filter(([, key]) => key === "rows" || key === "fresh" || key === "matched" || (result[key] as number) > 0)
          .map(([word, key, tone]) => (
            <div key={key} class={tone}>
              <dt>{t(word)}</dt>
              <dd data-sum={key}>{number(result[key] as number)}</dd>
            </div>
          ))}
      </dl>
      {result.columns.length > 0 && <Taken columns={result.columns} />}
      {result.troubles.length > 0 && <Troubles troubles={result.troubles} all={result.trouble_count} />}
    </>
  );
}
