/** The calls of a phone. What is wrong comes as ApiError (the site said no), Later (it said when) or Cut (nobody answered, or something else than the site). */
import { ApiError, type Problem } from "../api/api";
import type { Env } from "./env";

export class Later extends Error {
  constructor(readonly ms: number) {
    super("later");
  }
}
export class Cut extends Error {}

export interface Call {
  method: string;
  path: string;
  query?: Record<string, string | number>;
  body?: string;
  type?: string;
  token?: string;
  signal?: AbortSignal;
  /** how long nothing may come, ms */
  patience?: number;
}

const PATIENCE = 60000;

export class Server {
  constructor(private readonly env: Env) {}

  /** An answer whose body has not been read, and how to give it up. */
  private async ask(call: Call): Promise<{ answer: Response; alive: () => void; end: () => void }> {
    const abort = new AbortController();
    const patience = call.patience ?? PATIENCE;
    let timer = setTimeout(() => abort.abort(), patience);
    const gaveUp = () => abort.abort();
    call.signal?.addEventListener("abort", gaveUp);
    const end = () => {
      clearTimeout(timer);
      call.signal?.removeEventListener("abort", gaveUp);
    };
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), patience);
    };
    const words = new URLSearchParams(Object.entries(call.query ?? {}).map(([key, value]) => [key, String(value)])).toString();
    const headers: Record<string, string> = { "Accept-Language": this.env.language(), "X-Doorward": "1" };
    if (call.token !== undefined) headers["Authorization"] = `Bearer ${call.token}`;
    if (call.body !== undefined) headers["Content-Type"] = call.type ?? "application/json";
    try {
      if (call.signal?.aborted) throw new Cut("ended");
      const answer = await this.env.fetch(`${this.env.base}${call.path}${words === "" ? "" : `?${words}`}`, { method: call.method, headers, credentials: "omit", cache: "no-store", signal: abort.signal, ...(call.body === undefined ? {} : { body: call.body }) });
      return { answer, alive, end };
    } catch (error) {
      end();
      throw new Cut(String(error));
    }
  }

  private async refuse(answer: Response): Promise<never> {
    const wait = Number(answer.headers.get("Retry-After"));
    if ((answer.status === 429 || answer.status === 503) && wait > 0) throw new Later(Math.min(wait, 3600) * 1000);
    let problem: Problem;
    try {
      problem = (await answer.json()) as Problem;
    } catch {
      throw new Cut(`status ${answer.status}`);
    }
    // a gateway's page or a hotel's sign-in is not the site's word
    if (typeof problem?.code !== "string" || answer.status >= 500) throw new Cut(`status ${answer.status}`);
    throw new ApiError({ ...problem, status: answer.status });
  }

  async json<T>(call: Call): Promise<T> {
    const { answer, end } = await this.ask(call);
    try {
      if (!answer.ok) return await this.refuse(answer);
      return (await answer.json()) as T;
    } catch (error) {
      if (error instanceof ApiError || error instanceof Later || error instanceof Cut) throw error;
      throw new Cut(String(error));
    } finally {
      end();
    }
  }

  /** Line after line of an answer, as they come. */
  async lines(call: Call, line: (text: string) => void, progress?: (bytes: number) => void): Promise<void> {
    const { answer, alive, end } = await this.ask(call);
    try {
      if (!answer.ok) return await this.refuse(answer);
      const reader = answer.body!.getReader();
      const words = new TextDecoder();
      let bytes = 0;
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        alive();
        bytes += value?.length ?? 0;
        rest += done ? words.decode() : words.decode(value, { stream: true });
        const parts = rest.split("\n");
        rest = parts.pop()!;
        for (const part of parts) if (part !== "") line(part);
        progress?.(bytes);
        if (done) break;
      }
      if (rest !== "") line(rest);
    } catch (error) {
      if (error instanceof ApiError || error instanceof Later || error instanceof Cut) throw error;
      throw new Cut(String(error));
    } finally {
      end();
    }
  }
}
