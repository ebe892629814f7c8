/** What a resident's number says by itself (GB 11643): whether it was typed right, the birthday, the sex. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";

export interface Resident {
  birth: string;
  sex: "m" | "f";
}

export const folded = (text: string): string => text.normalize("NFKC").replace(/[\s-]/g, "").toUpperCase();

/** null: no right number of eighteen characters. */
export function resident(text: string): Resident | null {
  const number = folded(text);
  if (!/^\d{17}[\dX]$/.test(number)) return null;
  const sum = WEIGHTS.reduce((all, weight, at) => all + weight * Number(number[at]), 0);
  if (CHECKS[sum % 11] !== number[17]) return null;
  return { birth: number.slice(6, 14), sex: Number(number[16]) % 2 === 1 ? "m" : "f" };
}

/** "19900102" for what was typed as a day; null: no day. Empty is no day either. */
export function birthday(text: string): string | null {
  const digits = text.normalize("NFKC").replace(/\D/g, "");
  if (digits.length !== 8) return null;
  const [year, month, day] = [Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6))];
  const date = new Date(year, month - 1, day);
  return year >= 1880 && date.getMonth() === month - 1 && date.getDate() === day && date.getTime() <= Date.now() ? digits : null;
}
