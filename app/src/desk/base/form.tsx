/** One window that asks: what a person has to say before something is done. ask() opens it from anywhere; it stays open when the server refuses, with the reason. */
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { Dialog, Field, tell } from "../../ui/parts";
import { t } from "../../words";
import { trouble, type Trouble } from "./asked";
import { Wrong } from "./shown";

export interface Option {
  value: string;
  label: string;
}

export interface Blank {
  name: string;
  label: string;
  type?: "text" | "long" | "password" | "number" | "choice" | "tick" | "time" | "area" | "code";
  options?: Option[] | (() => Promise<Option[]>);
  value?: string;
  hint?: string;
  must?: boolean;
  min?: number;
  max?: number;
  /** shown only when the others say so */
  when?: (values: Values) => boolean;
}

export type Values = Record<string, string>;

export interface Question {
  title: string;
  say?: ComponentChildren;
  blanks?: Blank[];
  yes: string;
  bad?: boolean;
  /** what is told when it is done; nothing when what it gives back is shown instead */
  done?: string;
  send: (values: Values) => Promise<unknown>;
  then?: (answer: unknown) => void;
}

const asking = signal<Question | null>(null);
/** Who had the keyboard before: gets it back. */
let before: Element | null = null;
export const ask = (question: Question): void => {
  if (asking.value === null) before = document.activeElement;
  asking.value = question;
};
export const unask = (): void => {
  asking.value = null;
};
export const isAsking = (): boolean => asking.value !== null;

function useOptions(blank: Blank): Option[] {
  const given = Array.isArray(blank.options) ? blank.options : [];
  const [loaded, set] = useState<Option[]>(given);
  useEffect(() => {
    if (typeof blank.options === "function") void blank.options().then(set, () => set([]));
  }, []);
  return loaded;
}

function Choice({ blank, value, set }: { blank: Blank; value: string; set: (value: string) => void }) {
  const options = useOptions(blank);
  return (
    <select name={blank.name} value={value} required={blank.must} onChange={(event) => set(event.currentTarget.value)}>
      {(!blank.must || value === "") && <option value="">{blank.must ? t("form.choose") : t("say.none")}</option>}
      {options.map((one) => (
        <option key={one.value} value={one.value} selected={one.value === value}>
          {one.label}
        </option>
      ))}
    </select>
  );
}

/** An area by its code, or by what people call it; what was understood is said below. */
function AreaChoice({ blank, value, set }: { blank: Blank; value: string; set: (value: string) => void }) {
  const options = useOptions(blank);
  const id = useId(); // two forms of one page may both ask for an area
  const known = options.find((one) => one.value === value);
  const settle = (typed: string) => {
    const word = typed.trim();
    const same = options.filter((one) => one.label === word);
    const like = same.length > 0 ? same : options.filter((one) => one.label.includes(word));
    if (word !== "" && like.length === 1 && !options.some((one) => one.value === word)) set(like[0]!.value);
  };
  return (
    <>
      <input type="text" name={blank.name} list={id} value={value} required={blank.must} autocomplete="off" placeholder={blank.must ? "" : t("form.area_all")} onInput={(event) => set(event.currentTarget.value)} onChange={(event) => settle(event.currentTarget.value)} />
      <datalist id={id}>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </datalist>
      {value !== "" && options.length > 0 && <small class={known === undefined ? "area-unknown" : "area-known"}>{known === undefined ? t("form.area_unknown") : `→ ${known.label}`}</small>}
    </>
  );
}

function BlankInput({ blank, value, set }: { blank: Blank; value: string; set: (value: string) => void }) {
  const common = { name: blank.name, value, required: blank.must ?? false, onInput: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value) };
  switch (blank.type) {
    case "long":
      return <textarea rows={3} {...common} maxLength={blank.max ?? 500} />;
    case "choice":
      return <Choice blank={blank} value={value} set={set} />;
    case "area":
      return <AreaChoice blank={blank} value={value} set={set} />;
    case "number":
      return <input type="number" inputMode="numeric" {...common} {...(blank.min === undefined ? {} : { min: blank.min })} {...(blank.max === undefined ? {} : { max: blank.max })} />;
    case "password":
      return <input type="password" {...common} autocomplete={blank.name === "old" ? "current-password" : "new-password"} />;
    case "code":
      return <input type="text" inputMode="numeric" class="mono" {...common} autocomplete="one-time-code" maxLength={16} />;
    case "time":
      return <input type="datetime-local" {...common} />;
    default:
      return <input type="text" {...common} maxLength={blank.max ?? 200} autocomplete="off" />;
  }
}

export function Blanks({ blanks, values, set }: { blanks: Blank[]; values: Values; set: (values: Values) => void }) {
  return (
    <>
      {blanks
        .filter((blank) => blank.when === undefined || blank.when(values))
        .map((blank) => {
          const put = (value: string) => set({ ...values, [blank.name]: value });
          if (blank.type === "tick")
            return (
              <label class="tick" key={blank.name}>
                <input type="checkbox" name={blank.name} checked={values[blank.name] === "yes"} onChange={(event) => put(event.currentTarget.checked ? "yes" : "")} />
                <span>{blank.label}</span>
              </label>
            );
          return (
            <Field key={blank.name} label={blank.label} {...(blank.hint === undefined ? {} : { hint: blank.hint })}>
              <BlankInput blank={blank} value={values[blank.name] ?? ""} set={put} />
            </Field>
          );
        })}
    </>
  );
}

const first = (question: Question): Values => Object.fromEntries((question.blanks ?? []).map((blank) => [blank.name, blank.value ?? ""]));

function Window({ question }: { question: Question }) {
  const [values, set] = useState(() => first(question));
  const [busy, work] = useState(false);
  const [wrong, fail] = useState<Trouble | null>(null);
  useEffect(
    () => () =>
      queueMicrotask(() => {
        // behind an open window nothing can have it
        if (before instanceof HTMLElement && before.isConnected) before.focus();
      }),
    [],
  );
  const send = async (event: Event) => {
    event.preventDefault();
    work(true);
    fail(null);
    try {
      const answer = await question.send(values);
      unask();
      if (question.done !== undefined) tell(question.done);
      question.then?.(answer);
    } catch (error) {
      fail(trouble(error));
    }
    work(false);
  };
  return (
    <Dialog title={question.title} onClose={unask}>
      <form class="stack" onSubmit={send}>
        {question.say !== undefined && <div>{question.say}</div>}
        <Blanks blanks={question.blanks ?? []} values={values} set={set} />
        <Wrong wrong={wrong} />
        <div class="row wrap dialog-do">
          <button type="button" class="button" onClick={unask}>
            {t("do.cancel")}
          </button>
          <button type="submit" class={`button ${question.bad ? "bad" : "main"}`} disabled={busy}>
            {busy ? t("say.working") : question.yes}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export const Asking = () => (asking.value === null ? null : <Window question={asking.value} key={asking.value.title} />);

/** Every act that shows personal values, or that others will ask about, has this line. */
export const reason = (must = true): Blank => ({ name: "reason", label: t("form.reason"), type: "text", must, max: 500, hint: t("form.reason_hint") });
/** Of these blanks what was said; what was left empty is not there. */
export const said = <N extends string>(values: Values, ...names: N[]): Partial<Record<N, string>> => Object.fromEntries(names.filter((name) => (values[name] ?? "") !== "").map((name) => [name, values[name]])) as Partial<Record<N, string>>;
/** Local times among them, as the API wants them. */
export const instants = <N extends string>(values: Values, ...names: N[]): Partial<Record<N, string>> => Object.fromEntries(Object.entries(said(values, ...names)).map(([name, at]) => [name, new Date(at as string).toISOString()])) as Partial<Record<N, string>>;

/** A button that asks first; it says what the window's own button says. */
export const AskButton = ({ of, kind = "", children }: { of: Question; kind?: "" | "main" | "bad"; children?: ComponentChildren }) => (
  <button type="button" class={`button ${kind}`} onClick={() => ask(of)}>
    {children ?? of.yes}
  </button>
);
