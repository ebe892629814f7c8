/** The camera as an eye for codes: live where the browser gives it, by a photograph where it does not, and always by the keys. */
import { useEffect, useRef, useState } from "preact/hooks";
import { secure } from "../../base/crypt";
import { Note } from "../../ui/parts";
import { t, type Word } from "../../words";
import { Icon } from "../icons";

type Torch = MediaTrackCapabilities & { torch?: boolean };
const LOOK_MS = 120;

/** Looks through the video until it sees a code or is told to stop. The same code in a row is told once. */
async function look(video: HTMLVideoElement, found: (text: string) => void, going: () => boolean): Promise<void> {
  const { readPicture } = await import("./reader");
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d", { willReadFrequently: true })!;
  let before = "";
  while (going()) {
    await new Promise((done) => setTimeout(done, LOOK_MS));
    if (video.videoWidth === 0 || !going()) continue;
    const scale = Math.min(1, 1280 / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    paper.drawImage(video, 0, 0, canvas.width, canvas.height);
    const text = await readPicture(paper.getImageData(0, 0, canvas.width, canvas.height)).catch(() => null);
    if (text === null || text === before || !going()) continue;
    before = text;
    navigator.vibrate?.(60);
    found(text);
  }
}

function useCamera(found: (text: string) => void) {
  const video = useRef<HTMLVideoElement>(null);
  const track = useRef<MediaStreamTrack | null>(null);
  const call = useRef(found);
  call.current = found;
  const [failed, setFailed] = useState<Word | null>(secure() ? null : "field.scan.no_camera_plain");
  const [torch, setTorch] = useState<boolean | null>(null);
  useEffect(() => {
    if (failed !== null) return;
    let going = true;
    let stream: MediaStream | null = null;
    const begin = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 } } });
      if (!going || video.current === null) return stream.getTracks().forEach((one) => one.stop());
      track.current = stream.getVideoTracks()[0] ?? null;
      video.current.srcObject = stream;
      await video.current.play();
      if ((track.current?.getCapabilities?.() as Torch | undefined)?.torch) setTorch(false);
      await look(video.current, (text) => call.current(text), () => going);
    };
    begin().catch((error: unknown) => going && setFailed((error as Error)?.name === "NotAllowedError" ? "field.scan.camera_denied" : "field.scan.no_camera"));
    return () => {
      going = false;
      stream?.getTracks().forEach((one) => one.stop());
    };
  }, []);
  const shine = () => {
    const on = !torch;
    void track.current?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }).then(() => setTorch(on), () => setTorch(null));
  };
  return { video, failed, torch, shine };
}

export function Eye({ found, hint }: { found: (text: string) => void; hint?: string }) {
  const { video, failed, torch, shine } = useCamera(found);
  const [said, setSaid] = useState<Word | null>(null);
  const photo = async (file: File | undefined) => {
    if (file === undefined) return;
    setSaid("field.scan.reading");
    const { readPicture } = await import("./reader");
    const text = await readPicture(file).catch(() => null);
    setSaid(text === null ? "field.scan.nothing" : null);
    if (text !== null) found(text);
  };
  return (
    <div class="stack">
      {failed === null ? (
        <div class="eye">
          <video ref={video} muted playsInline aria-label={t("field.scan.view")} />
          <i aria-hidden="true" />
          {torch !== null && <button type="button" class="button" aria-pressed={torch} onClick={shine}><Icon name="torch" /> {t("field.scan.torch")}</button>}
        </div>
      ) : <Note tone="warn">{t(failed)}</Note>}
      <p class="soft small middle">{hint ?? t("field.scan.hint")}</p>
      {said !== null && <Note tone={said === "field.scan.nothing" ? "bad" : "info"}>{t(said)}</Note>}
      <label class={`button wide ${failed === null ? "" : "main big"}`}>
        <Icon name="photo" /> {t("field.scan.photo")}
        <input class="unseen" type="file" accept="image/*" capture="environment" onChange={(event) => { void photo(event.currentTarget.files?.[0]); event.currentTarget.value = ""; }} />
      </label>
    </div>
  );
}
