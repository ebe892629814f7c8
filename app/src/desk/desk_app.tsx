/** The command post: who is not signed in meets the door, everybody else the desk. */
import { useEffect, useState } from "preact/hooks";
import { Loading, Wrong } from "./base/shown";
import { trouble, type Trouble } from "./base/asked";
import { begin, me } from "./session/session";
import { SignIn } from "./session/sign_in";
import { Shell } from "./shell/shell";
import "./desk.css";

export function DeskApp() {
  const [wrong, fail] = useState<Trouble | null>(null);
  const start = () => {
    fail(null);
    begin().catch((error: unknown) => fail(trouble(error)));
  };
  useEffect(start, []);
  if (wrong !== null) return <main class="sign-in"><Wrong wrong={wrong} again={start} /></main>;
  if (me.value === undefined) return <main class="sign-in"><Loading /></main>;
  return me.value === null ? <SignIn /> : <Shell key={me.value.member} />;
}
