/** A job at the server: how far it is, until it is over. */
import { useEffect, useState } from "preact/hooks";
import { t, type Word } from "../../words";
import { zh } from "../../words/zh";
import { Bar } from "../../ui/parts";
import { trouble, type Trouble } from "./asked";

export interface JobLike {
  id: string;
  state: "queued" | "running" | "ready" | "done" | "failed" | "cancelled";
  step: string;
  done: number;
  total: number;
}

const atWork = (job: JobLike): boolean => job.state === "queued" || job.state === "running";

/** Asks again and again while the job is at work. */
export function useJob<J extends JobLike>(first: J, show: (id: string) => Promise<J>): { job: J; wrong: Trouble | null; set: (job: J) => void } {
  const [job, set] = useState(first);
  const [wrong, fail] = useState<Trouble | null>(null);
  useEffect(() => {
    if (!atWork(job)) return;
    const later = setTimeout(() => {
      show(job.id).then(
        (now) => { fail(null); set(now); },
        (error: unknown) => { fail(trouble(error)); set({ ...job }); },
      );
    }, 400);
    return () => clearTimeout(later);
  }, [job]);
  return { job, wrong, set };
}

export function JobBar({ job }: { job: JobLike }) {
  if (!atWork(job)) return null;
  const key = `job.step.${job.step}`;
  const step = job.state === "queued" ? t("job.queued") : t(key in zh ? (key as Word) : "job.working");
  return (
    <div class="stack" role="status">
      <div class="row">
        <span class="grow">{step}</span>
        {job.total > 0 && <span class="mono">{Math.round((100 * job.done) / job.total)} %</span>}
      </div>
      <Bar done={job.done} all={Math.max(1, job.total)} label={step} />
    </div>
  );
}
