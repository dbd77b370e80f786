/** What an answer opens with and that tells nothing yet ("Sure, …"), in English and Spanish. "Yes" and "no" do tell something. */
const OPENER =
  /^(?:[\s,.;:!¡¿…—-]*(?:sure|of course|certainly|absolutely|definitely|well|okay|ok|all ?right|right|great|good question|great question|hello|hi|hey|thank you|thanks|oh|ah|hmm|um|so|claro(?: que sí)?|bueno|vale|por supuesto|desde luego|hola|gracias|pues|buena pregunta)(?!\p{L}))+[\s,.;:!¡¿…—-]*/iu

/** Which share of the letters of an answer comes before its first word with content: 0 … 1; 0 where there is nothing else. */
export function openerShare(said: string): number {
  const text = said.trim()
  const opener = text.match(OPENER)?.[0] ?? ''
  return opener.length >= text.length ? 0 : letters(opener) / letters(text)
}

const letters = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
