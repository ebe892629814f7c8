/** One person: what everybody may see, and the rest after a reason was given. */
import { useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { personsLeave, personsReveal, personsShow, type Person, type Revealed } from "../../api/api";
import { Tag } from "../../ui/parts";
import { coded, t, type Word } from "../../words";
import { zh } from "../../words/zh";
import { useAsked } from "../base/asked";
import { DoorLink } from "../base/door_link";
import { AskButton, reason, type Question } from "../base/form";
import { Facts, Loading, Wrong } from "../base/shown";
import { api, may } from "../session/session";

export const birth = (text: string): string => (/^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text);
export const sex = (code: string): string => coded("sex", code);

/** A value's name: those of the register in words, others as the register calls them. */
export const valueName = (key: string): string => (`value.${key}` in zh ? t(`value.${key}` as Word) : key);
/** A value as people write it. */
export const shownValue = (key: string, value = ""): string => (key === "birth" ? birth(value) : key === "sex" ? sex(value) : value);

const Full = ({ revealed }: { revealed: Revealed }) => (
  <div class="note info stack">
    <p class="small">{t("person.revealed")}</p>
    <dl class="facts">
      {Object.entries(revealed.values)
        .filter(([, value]) => value !== "")
        .map(([key, value]) => (
          <div key={key}>
            <dt>{valueName(key)}</dt>
            <dd class="select">{shownValue(key, value)}</dd>
          </div>
        ))}
    </dl>
  </div>
);

const leave = (person: Person, then: () => void): Question => ({
  title: t("person.leave", { name: person.name }),
  blanks: [{ name: "why", label: t("person.leave_why"), type: "choice", must: true, options: (["moved", "left", "died", "error"] as const).map((one) => ({ value: one, label: coded("leave", one) })) }],
  yes: t("person.leave_go"),
  bad: true,
  done: t("person.leave_done"),
  send: (values) => personsLeave(api(), person.id, { why: values["why"] as "moved" | "left" | "died" | "error" }, { version: person.version }),
  then,
});

const reveal = (person: Person, then: (answer: Revealed) => void): Question => ({
  title: t("person.reveal", { name: person.name }),
  say: t("person.reveal_say"),
  blanks: [reason()],
  yes: t("person.reveal_go"),
  send: (values) => personsReveal(api(), person.id, { reason: values["reason"]! }),
  then: (answer) => then(answer as Revealed),
});

export function PersonPanel({ id, children, again }: { id: string; children?: ComponentChildren; again?: () => void }) {
  const asked = useAsked((signal) => personsShow(api(), id, { signal }), [id]);
  const [full, show] = useState<Revealed | null>(null);
  const person = asked.value;
  if (person === null) return asked.wrong === null ? <Loading /> : <Wrong wrong={asked.wrong} again={asked.again} />;
  return (
    <>
      <h2>
        {person.name} {person.gone && <Tag>{t("person.gone")}</Tag>}
      </h2>
      <Facts
        facts={[
          ["col.place", person.place && <DoorLink door={person.door}>{person.place}</DoorLink>],
          ["col.sex", sex(person.sex)],
          ["col.birth", birth(person.birth)],
          ["col.document", person.document && <span class="mono">{person.document}</span>],
          ["col.phone", person.phone && <span class="mono">{person.phone}</span>],
        ]}
      />
      {children}
      {full !== null && <Full revealed={full} />}
      <div class="row wrap">
        {may("register.reveal") && full === null && <AskButton of={reveal(person, show)}>{t("person.reveal_button")}</AskButton>}
        {person.door !== null && may("area.read") && (
          <a class="button" href={`#/map?door=${person.door}`}>
            {t("door.on_map")}
          </a>
        )}
        {person.door !== null && (
          <a class="button" href={`#/persons?door=${person.door}`}>
            {t("person.same_door")}
          </a>
        )}
        {may("register.write") && !person.gone && again !== undefined && (
          <AskButton of={leave(person, () => { asked.again(); again(); })} kind="bad">
            {t("person.leave_button")}
          </AskButton>
        )}
      </div>
    </>
  );
}
