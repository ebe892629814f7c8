/** The side of the editor: what to draw, its words, undo, and keeping it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Dialog, Field, Note, tell } from "../../../ui/parts";
import { number, t, type Word } from "../../../words";
import { area, lengthOf } from "../geo/plane";
import { isBuilding, nameOf } from "../shapes";
import type { MapView } from "../view/map_view";
import { Wrong } from "../../base/shown";
import type { MapModel } from "../model";
import { useHead } from "../parts/head";
import { FORMS, isMark, mayNew, type Editor, type What } from "./editor";

const WHATS = Object.keys(FORMS) as What[];
const USES = ["own", "rental", "apartment", "dormitory", "factory", "shop"] as const;
const whatWord = (what: What): string => t(`edit.${what}` as Word);

export function Choice({ model, onChoose, onClose }: { model: MapModel; onChoose: (what: What) => void; onClose: () => void }) {
  const head = useHead("choice");
  return (
    <aside class="map-panel stack" aria-label={t("edit.title")} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <div class="row">
        <h2 class="grow" ref={head} tabIndex={-1}>{t("edit.what")}</h2>
        <button type="button" class="button plain small" aria-label={t("do.close")} onClick={onClose}>✕</button>
      </div>
      <p class="soft small">{t("edit.what_hint")}</p>
      <div class="map-whats">
        {WHATS.filter((what) => mayNew(model, what)).map((what) => (
          <button key={what} type="button" class="button" onClick={() => onChoose(what)}>
            <i class={`map-form ${FORMS[what]}`} aria-hidden="true" />
            {whatWord(what)}
          </button>
        ))}
      </div>
    </aside>
  );
}

function Words({ editor }: { editor: Editor }) {
  const values = editor.values.value;
  const mark = isMark(editor.what);
  const building = !mark && isBuilding(editor.what === "building_point" ? "building" : editor.what);
  const text = (name: "code" | "name" | "address", word: Word) => (
    <Field label={t(word)}>
      <input value={values[name]} maxLength={name === "code" ? 64 : 200} onInput={(event) => editor.set({ [name]: event.currentTarget.value })} />
    </Field>
  );
  return (
    <>
      {!mark && editor.old === null && (
        <Field label={t("edit.parent")}>
          <select value={values.parent} onChange={(event) => editor.setParent(event.currentTarget.value)}>
            <option value="" />
            {editor.parents().map((one) => <option key={one.id} value={one.id}>{nameOf(one)}</option>)}
          </select>
        </Field>
      )}
      {editor.old === null && editor.what !== "lane" && text("code", "edit.code")}
      {text("name", "edit.name")}
      {building && text("address", "edit.address")}
      {building && (
        <div class="map-two">
          <Field label={t("edit.floors")}><input type="number" min={0} max={200} inputMode="numeric" value={values.floors} onInput={(event) => editor.set({ floors: event.currentTarget.value })} /></Field>
          <Field label={t("edit.use")}>
            <select value={values.use} onChange={(event) => editor.set({ use: event.currentTarget.value })}>
              <option value="">{t("edit.use_none")}</option>
              {USES.map((use) => <option key={use} value={use}>{t(`map.use.${use}`)}</option>)}
            </select>
          </Field>
        </div>
      )}
      {mark && editor.what !== "lane" && (
        <>
          <Field label={t("edit.from")}><input type="datetime-local" value={values.from} onInput={(event) => editor.set({ from: event.currentTarget.value })} /></Field>
          <Field label={t("edit.to")} hint={t("edit.dates_hint")}><input type="datetime-local" value={values.to} onInput={(event) => editor.set({ to: event.currentTarget.value })} /></Field>
        </>
      )}
    </>
  );
}

function Tools({ editor, view }: { editor: Editor; view: MapView | null }) {
  const { past, future } = editor.history.value!;
  const { spots, chosen, form } = editor.drawing;
  const size = form === "ring" && spots.length > 2 ? t("edit.size", { n: number(Math.round(area([...spots]))) }) : form === "line" && spots.length > 1 ? t("edit.length", { n: number(Math.round(lengthOf([...spots]))) }) : "";
  return (
    <>
      <p class="small">{t(`edit.hint_${form}`)}</p>
      <div class="map-tools">
        <button type="button" class="button small" disabled={past.length === 0} onClick={() => editor.undo()}>↶ {t("edit.undo")}</button>
        <button type="button" class="button small" disabled={future.length === 0} onClick={() => editor.redo()}>↷ {t("edit.redo")}</button>
        <button type="button" class="button small" onClick={() => { const middle = view?.map.getCenter(); if (middle !== undefined) editor.add([middle.lng, middle.lat]); }}>⊕ {t("edit.centre")}</button>
        {form !== "point" && <button type="button" class="button small" disabled={chosen < 0 || spots.length < 2} onClick={() => editor.split(chosen)}>{t("edit.insert")}</button>}
        {form !== "point" && <button type="button" class="button small" disabled={chosen < 0} onClick={() => editor.remove(chosen)}>{t("edit.remove")}</button>}
        <button type="button" class="button small" disabled={spots.length === 0} onClick={() => editor.clear()}>{t("edit.clear")}</button>
      </div>
      <label class="map-check"><input type="checkbox" checked={editor.snaps.value} onChange={(event) => (editor.snaps.value = event.currentTarget.checked)} />{t("edit.snap")}</label>
      {size !== "" && <p class="soft small">{size}</p>}
      <p class="soft small map-keys-hint">{t("edit.keys")}</p>
    </>
  );
}

/** Ctrl+Z anywhere but in a field, which has its own. */
function useUndoKeys(editor: Editor): void {
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || (event.target as Element).matches("input:not([type=checkbox]), select, textarea")) return;
      const letter = event.key.toLowerCase();
      if (letter === "z" && !event.shiftKey) editor.undo();
      else if (letter === "y" || (letter === "z" && event.shiftKey)) editor.redo();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, [editor]);
}

interface Props {
  editor: Editor;
  view: MapView | null;
  /** the id of what was kept; null: nothing */
  onEnd: (kept: string | null, changed: boolean) => void;
}

export function EditPanel({ editor, view, onEnd }: Props) {
  const [tried, tries] = useState(false);
  const [half, halve] = useState(false);
  const [asking, ask] = useState<"leave" | "delete" | null>(null);
  const head = useHead(editor);
  const words = useRef<HTMLDivElement>(null);
  useUndoKeys(editor);
  const wrong = editor.wrong.value;
  /** What is wrong now, which may be newer than what is drawn. */
  const faulty = (): string | null => {
    const shape = editor.wrong.value;
    const untouched = editor.old !== null && editor.drawing.spots.length === 0;
    const fault = editor.fault();
    return shape !== null && !untouched ? t(`edit.fault_${shape.fault}`) : fault !== null ? t(`edit.fault_${fault}`) : null;
  };
  const say = half ? t("edit.fault_half") : faulty();
  const kept = (id: string | null) => {
    if (id === null) return;
    tell(t("edit.saved"));
    onEnd(id, true);
  };
  const save = async () => {
    tries(true);
    // a date of which only the day was typed is none to the browser: it would be lost without a word
    const field = words.current!.querySelector<HTMLInputElement>("input:invalid");
    halve(field !== null);
    if (field !== null) field.focus();
    else if (faulty() === null) kept(await editor.save());
  };
  const leave = () => (editor.dirty.value ? ask("leave") : onEnd(editor.old?.id ?? null, false));
  const title = editor.old === null ? t("edit.new", { what: whatWord(editor.what) }) : t("edit.change", { what: nameOf(editor.old) });
  return (
    <aside class="map-panel stack" aria-label={title} onKeyDown={(event) => event.key === "Escape" && asking === null && leave()}>
      <div class="row">
        <h2 class="grow" ref={head} tabIndex={-1}>{title}</h2>
        <button type="button" class="button plain small" aria-label={t("do.close")} onClick={leave}>✕</button>
      </div>
      {editor.wordsOnly ? <Note>{t("edit.parts")}</Note> : <Tools editor={editor} view={view} />}
      <div class="stack" ref={words} onInput={() => halve(false)}>
        <Words editor={editor} />
      </div>
      <div class="stack map-do">
        {say !== null && (tried || (wrong !== null && wrong.fault !== "few")) && <Note tone="bad">{say}</Note>}
        <Wrong wrong={editor.failed.value} />
        {editor.conflict.value && (
          <Note tone="warn">
            <div class="stack">
              <span>{t("edit.conflict")}</span>
              <div class="row wrap">
                <button type="button" class="button small" onClick={() => void editor.saveOver().then(kept)}>{t("edit.keep_mine")}</button>
                <button type="button" class="button small" onClick={() => onEnd(editor.old?.id ?? null, true)}>{t("edit.take_theirs")}</button>
              </div>
            </div>
          </Note>
        )}
        <div class="row wrap">
          <button type="button" class="button main grow" disabled={editor.busy.value} onClick={() => void save()}>{t("do.save")}</button>
          <button type="button" class="button" onClick={leave}>{t("do.cancel")}</button>
          {editor.stands && <button type="button" class="button bad" onClick={() => ask("delete")}>{t("edit.end")}</button>}
        </div>
      </div>
      {asking === "leave" && (
        <Dialog title={t("edit.leave_ask")} onClose={() => ask(null)}>
          <div class="row wrap">
            <button type="button" class="button main" onClick={() => ask(null)}>{t("edit.stay")}</button>
            <button type="button" class="button bad" onClick={() => onEnd(editor.old?.id ?? null, false)}>{t("edit.leave")}</button>
          </div>
        </Dialog>
      )}
      {asking === "delete" && (
        <Dialog title={t("edit.delete_ask", { what: nameOf(editor.old!) })} onClose={() => ask(null)}>
          <div class="row wrap">
            <button type="button" class="button bad" onClick={() => void editor.destroy().then((gone) => { ask(null); if (gone) { tell(t("edit.deleted")); onEnd(null, true); } })}>{t("edit.end")}</button>
            <button type="button" class="button" onClick={() => ask(null)}>{t("do.cancel")}</button>
          </div>
        </Dialog>
      )}
    </aside>
  );
}
