/** Small parts of the desk: what is wrong, what is loading, a page's head, pictures. */
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { t, type Word } from "../../words";
import { Note, tell } from "../../ui/parts";
import type { Trouble } from "./asked";

export const Wrong = ({ wrong, again }: { wrong: Trouble | null; again?: () => void }) =>
  wrong === null ? null : (
    <Note tone="bad">
      <div class="row wrap">
        <span class="grow">
          {wrong.what}
          {wrong.todo !== "" && <span class="todo">{t("error.todo", { todo: wrong.todo })}</span>}
        </span>
        {again !== undefined && (
          <button type="button" class="button small" onClick={again}>
            {t("do.again")}
          </button>
        )}
      </div>
    </Note>
  );

export const Loading = () => <div class="loading soft" role="status">{t("say.loading")}</div>;

export const Head = ({ title, hint, children }: { title: ComponentChildren; hint?: ComponentChildren; children?: ComponentChildren }) => (
  <header class="page-head">
    <div class="grow">
      <h1 tabIndex={-1}>{title}</h1>
      {hint !== undefined && <p class="soft small">{hint}</p>}
    </div>
    {children !== undefined && <div class="row wrap page-do">{children}</div>}
  </header>
);

export type Fact = [Word, ComponentChildren];
/** Name and value, line by line; what is empty is left out. */
export const Facts = ({ facts }: { facts: Fact[] }) => (
  <dl class="facts">
    {facts
      .filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false)
      .map(([name, value]) => (
        <div key={name}>
          <dt>{t(name)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

/** Takes a text along; a plain address has no clipboard to write to, and there it is selected. */
export const copy = (text: string, from: HTMLElement | null = null): void => {
  const select = () => {
    if (from !== null) getSelection()?.selectAllChildren(from);
  };
  if (navigator.clipboard === undefined) select();
  else navigator.clipboard.writeText(text).then(() => tell(t("say.copied")), select);
};

/** A line to be given to somebody: read, selected by one click, or copied. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const line = useRef<HTMLElement>(null);
  return (
    <div class="row copy-text">
      <code ref={line} class="mono wrap-any select grow" aria-label={label}>{text}</code>
      <button type="button" class="button small" onClick={() => copy(text, line.current)}>{t("do.copy")}</button>
    </div>
  );
}

const paths: Record<string, string> = {
  board: "M4 20V10M10 20V4M16 20v-8M21 20H3",
  missing: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21c.6-4 4-6 8-6M16 16l5 5M21 16l-5 5",
  map: "m3 6 6-2 6 2 6-2v14l-6 2-6-2-6 2ZM9 4v14M15 6v14",
  replay: "M4 12a8 8 0 1 0 3-6.2M4 4v5h5M12 8v4l3 2",
  persons: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM2 21c.5-4 3.5-6 7-6s6.5 2 7 6M17 4a4 4 0 0 1 0 7M19 15c2 1 3 3 3 6",
  doors: "M6 21V3h12v18M3 21h18M14 12v.5",
  lists: "M8 6h13M8 12h13M8 18h13M3.5 6h.01M3.5 12h.01M3.5 18h.01",
  lab: "M9 3h6M10 3v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3M7.5 15h9",
  people: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21c.6-4 4-6 8-6s7.4 2 8 6",
  phone: "M8 2h8a1 1 0 0 1 1 1v18a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1ZM11 19h2",
  held: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM10 9v6M14 9v6",
  imports: "M12 3v12M7 10l5 5 5-5M4 21h16",
  print: "M7 8V3h10v5M7 17H4v-8h16v8h-3M7 14h10v7H7Z",
  audit: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  alarm: "M12 3 2 20h20ZM12 10v4M12 17v.5",
  menu: "M4 6h16M4 12h16M4 18h16",
};
export const Icon = ({ of }: { of: string }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={paths[of] ?? paths["lists"]!} />
  </svg>
);
