/** What is printed: door cards, and the papers of a round. */
import { useState } from "preact/hooks";
import { cardsPrint, papersReveal, type CardsNew } from "../../api/api";
import { Note } from "../../ui/parts";
import { t } from "../../words";
import { roundTitle } from "../board/board_page";
import { useRounds } from "../board/standing";
import { trouble, type Trouble } from "../base/asked";
import { areaOptions } from "../base/areas";
import { ask, Blanks, reason, type Blank, type Values } from "../base/form";
import { Head, Wrong } from "../base/shown";
import { api, may } from "../session/session";

/** A file that the server made for this call, to be looked at in another tab or kept. */
interface Made {
  url: string;
  name: string;
}

async function made(answer: Response, name: string): Promise<Made> {
  return { url: URL.createObjectURL(await answer.blob()), name };
}

const Ready = ({ file }: { file: Made }) => (
  <Note tone="good">
    <div class="row wrap">
      <span class="grow">{t("papers.ready")}</span>
      <a class="button small" href={file.url} target="_blank" rel="noopener">{t("papers.look")}</a>
      <a class="button small" href={file.url} download={file.name}>{t("papers.keep")}</a>
    </div>
  </Note>
);

const cardBlanks = (): Blank[] => [
  { name: "area", label: t("col.area"), type: "area", options: areaOptions, hint: t("papers.area_hint") },
  { name: "size", label: t("papers.size"), type: "choice", must: true, value: "a6", options: [{ value: "a6", label: t("papers.a6") }, { value: "small", label: t("papers.small") }] },
  { name: "hotline", label: t("papers.hotline"), max: 32, hint: t("papers.hotline_hint") },
  { name: "changed", label: t("papers.changed"), type: "tick" },
  { name: "reissue", label: t("papers.reissue"), type: "tick" },
];

function Cards() {
  const [values, set] = useState<Values>({ size: "a6" });
  const [busy, work] = useState(false);
  const [wrong, fail] = useState<Trouble | null>(null);
  const [file, show] = useState<Made | null>(null);
  const print = async () => {
    work(true);
    fail(null);
    show(null);
    try {
      const body: CardsNew = { size: values["size"] as "a6" | "small", reissue: values["reissue"] === "yes", changed: values["changed"] === "yes", url: location.origin };
      if (values["area"]) body.area = values["area"];
      if (values["hotline"]) body.hotline = values["hotline"];
      show(await made(await cardsPrint(api(), body), `${t("papers.cards")}${values["area"] ? `-${values["area"]}` : ""}.pdf`));
    } catch (error) {
      fail(trouble(error));
    }
    work(false);
  };
  const send = (event: Event) => {
    event.preventDefault();
    if (values["reissue"] === "yes") ask({ title: t("papers.reissue"), say: t("papers.reissue_say"), yes: t("papers.print"), bad: true, send: print });
    else void print();
  };
  return (
    <form class="card stack" onSubmit={send}>
      <h2>{t("papers.cards")}</h2>
      <p class="soft small">{t("papers.cards_say")}</p>
      <Blanks blanks={cardBlanks()} values={values} set={set} />
      <Wrong wrong={wrong} />
      {file !== null && <Ready file={file} />}
      <button type="submit" class="button main" disabled={busy}>{t(busy ? "papers.making" : "papers.print")}</button>
    </form>
  );
}

const kinds = ["missing", "left", "round", "ledger", "closing"] as const;
type Kind = (typeof kinds)[number];
const ending: Record<Kind, string> = { missing: "pdf", left: "pdf", round: "xlsx", ledger: "xlsx", closing: "xlsx" };

function PaperLine({ kind, round, area }: { kind: Kind; round: string; area: string }) {
  const [file, show] = useState<Made | null>(null);
  const scope = new URLSearchParams({ ...(round === "" ? {} : { round }), ...(area === "" ? {} : { area }) }).toString();
  const reveal = () =>
    ask({
      title: t(`papers.${kind}`),
      say: t("papers.reveal_say"),
      blanks: [reason()],
      yes: t("papers.reveal_go"),
      send: async (values) => made(await papersReveal(api(), kind, { reason: values["reason"]!, ...(round === "" ? {} : { round: Number(round) }), ...(area === "" ? {} : { area }) }), `${t(`papers.${kind}`)}.${ending[kind]}`),
      then: (answer) => show(answer as Made),
    });
  return (
    <li class="stack">
      <div class="row wrap">
        <div class="grow">
          <strong>{t(`papers.${kind}`)}</strong> <span class="tag none">{ending[kind].toUpperCase()}</span>
          <div class="soft small">{t(`papers.${kind}_say`)}</div>
        </div>
        <div class="paper-do">
          <a class="button" href={`/api/v1/papers/${kind}${scope === "" ? "" : `?${scope}`}`} target="_blank" rel="noopener" aria-label={t("papers.open_of", { open: t(ending[kind] === "pdf" ? "papers.look" : "papers.keep"), paper: t(`papers.${kind}`) })}>{t(ending[kind] === "pdf" ? "papers.look" : "papers.keep")}</a>
          {may("register.reveal") && kind !== "left" && <button type="button" class="button plain" onClick={reveal} aria-label={t("papers.full_of", { full: t("papers.full"), paper: t(`papers.${kind}`) })}>{t("papers.full")}</button>}
        </div>
      </div>
      {file !== null && <Ready file={file} />}
    </li>
  );
}

function Papers() {
  const rounds = useRounds();
  const [values, set] = useState<Values>({});
  const blanks: Blank[] = [
    { name: "area", label: t("col.area"), type: "area", options: areaOptions, hint: t("papers.area_hint") },
  ];
  return (
    <section class="card stack">
      <h2>{t("papers.papers")}</h2>
      <label class="field">
        <span>{t("col.round")}</span>
        <select value={values["round"] ?? ""} onChange={(event) => set({ ...values, round: event.currentTarget.value })}>
          <option value="">{t("papers.latest")}</option>
          {(rounds.value ?? []).map((round) => (
            <option key={round.id} value={String(round.number)}>{roundTitle(round)}</option>
          ))}
        </select>
      </label>
      <Blanks blanks={blanks} values={values} set={set} />
      <ul class="lines papers">
        {kinds.map((kind) => (
          <PaperLine key={kind} kind={kind} round={values["round"] ?? ""} area={values["area"] ?? ""} />
        ))}
      </ul>
    </section>
  );
}

export const PapersPage = () => (
  <div class="stack">
    <Head title={t("papers.title")} hint={t("papers.hint")} />
    <div class="columns two">
      <Papers />
      {may("card.write") && <Cards />}
    </div>
  </div>
);
