/** A code to be scanned from a screen: black on white in every theme, with its quiet edge. */
import qrcode from "qrcode-generator";
import { useMemo } from "preact/hooks";

export function Qr({ text, label }: { text: string; label: string }) {
  const [path, size] = useMemo(() => {
    const code = qrcode(0, "M");
    code.addData(text, "Byte");
    code.make();
    const count = code.getModuleCount();
    let dots = "";
    for (let y = 0; y < count; y++) for (let x = 0; x < count; x++) if (code.isDark(y, x)) dots += `M${x + 4} ${y + 4}h1v1h-1z`;
    return [dots, count + 8] as const;
  }, [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
