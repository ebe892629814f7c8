/** All words of the app: two files, one type. What a screen says comes from here, and a key that one of them lacks does not compile. */
import { signal } from "@preact/signals";
import { en } from "./en";
import { zh } from "./zh";

export type Language = "zh" | "en";
export type Word = keyof typeof zh;
const all: Record<Language, Record<Word, string>> = { zh, en };

const kept = (): Language => {
  try {
    const said = localStorage.getItem("doorward.lang");
    if (said === "zh" || said === "en") return said;
  } catch {
    /* a browser that keeps nothing */
  }
  return (globalThis.navigator?.language ?? "zh").startsWith("en") ? "en" : "zh";
};

export const language = signal<Language>(kept());

export function speak(which: Language): void {
  language.value = which;
  document.documentElement.lang = which === "zh" ? "zh-CN" : "en";
  try {
    localStorage.setItem("doorward.lang", which);
  } catch {
    /* it holds for this time */
  }
}

/** The words of a key, with {names} filled in. */
export function t(key: Word, values?: Record<string, string | number>): string {
  const text = all[language.value][key];
  return values === undefined ? text : text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The words of a code that comes from the server ("state" and "away": state.away); the code itself when nobody wrote any, which a test finds. */
export function coded(group: string, code: string | null | undefined): string {
  if (code === null || code === undefined || code === "") return "";
  const key = `${group}.${code}`;
  return key in zh ? t(key as Word) : code;
}

const pad = (n: number) => String(n).padStart(2, "0");

/** A moment of today as its time, others with their day. */
export function when(text: string | number | null | undefined): string {
  if (text === null || text === undefined) return "";
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return "";
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  const now = new Date();
  if (at.toDateString() === now.toDateString()) return time;
  const day = language.value === "zh" ? `${at.getMonth() + 1}月${at.getDate()}日` : `${at.getDate()} ${["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][at.getMonth()]!}`;
  return `${at.getFullYear() === now.getFullYear() ? "" : language.value === "zh" ? `${at.getFullYear()}年` : ""}${day}${at.getFullYear() !== now.getFullYear() && language.value === "en" ? ` ${at.getFullYear()}` : ""} ${time}`;
}

export const number = (n: number): string => n.toLocaleString(language.value === "zh" ? "zh-CN" : "en-GB");
