/** The app begins: a phone that is enrolled (or about to be) is a field phone, everybody else comes to the command post. */
import { render } from "preact";
import "./ui/style.css";
import { language, speak } from "./words";

speak(language.value);
const root = document.getElementById("app")!;

/** ?desk and ?field choose, for a machine that is both. */
async function begin(): Promise<void> {
  const asked = new URLSearchParams(location.search);
  const enrolled = await import("./field/enrolled").then((module) => module.enrolled());
  const invited = location.hash.startsWith("#enrol=");
  const field = asked.has("field") || (!asked.has("desk") && (enrolled || invited));
  if (field) {
    const { FieldApp } = await import("./features/field_app");
    render(<FieldApp />, root);
  } else {
    const { DeskApp } = await import("./desk/desk_app");
    render(<DeskApp />, root);
  }
}

void begin();
if ("serviceWorker" in navigator && import.meta.env.PROD) navigator.serviceWorker.register("/sw.js").catch(() => undefined); // without it the app works as long as it stays open
