/** Lists of the server, as the desk reads them: a page, or all of it. */
import { every, type Api, type Extra } from "../../api/api";
import { api } from "../session/session";

interface Page<T> {
  items: T[];
  next: string | null;
}
export type Listing<T, Q> = (api: Api, query?: Q, extra?: Extra) => Promise<Page<T>>;

/** The page behind a cursor, asked for with the words of an address. */
export const page =
  <T, Q>(list: Listing<T, Q>) =>
  (asking: Record<string, string>, cursor: string | undefined, limit: number, signal: AbortSignal): Promise<Page<T>> =>
    list(api(), { ...asking, limit, ...(cursor === undefined ? {} : { cursor }) } as Q, { signal });

/** All of a list, page after page. */
export async function whole<T, Q>(list: Listing<T, Q>, query: Partial<Q> = {}, signal?: AbortSignal): Promise<T[]> {
  const out: T[] = [];
  for await (const one of every((cursor) => list(api(), { ...query, limit: 1000, ...(cursor === undefined ? {} : { cursor }) } as Q, signal === undefined ? {} : { signal }))) out.push(one);
  return out;
}
