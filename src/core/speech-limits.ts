/** Whether the instruction limits when the model may speak, and what its vote on that is worth. */
import type { AddressVerdict } from './address-verdict.js'

/** Where the instruction says when the model may speak, what it makes of that decides. */
export function judgePermission(vote: number): AddressVerdict {
  const lead = vote - NOT_ALLOWED
  return { addressed: lead > 0, lead, why: ['instruction'] }
}

/** The language model's lead from which on it is taken for a yes, between the two kinds of test/models/addressee/practice.jsonl. */
const NOT_ALLOWED = -0.2

/** "Only speak when …", "stay silent unless …": whether the model may speak is a question of its own then. */
const LIMITS = [
  /\b(?:only|just|solely|never|don't|do not)\b[^.]{0,40}\b(?:speak|talk|answer|respond|reply|say anything|interrupt)\b[^.]{0,40}\b(?:when|if|about|unless|to|questions|until)\b/i,
  /\b(?:speak|talk|answer|respond|reply)\b[^.]{0,20}\b(?:only|solely|unless)\b/i,
  /\b(?:stay|remain|be|keep) (?:silent|quiet)\b|\bsay nothing\b|\bignore (?:everything|anything|all|whatever)\b/i,
  /\b(?:solo|sólo|solamente|únicamente|nunca|no)\b[^.]{0,30}\b(?:habl\w+|respond\w+|contest\w+|digas nada|intervén|intervengas)[^.]{0,40}(?:\bsi\b|\bcuando\b|\bsobre\b|\bsalvo\b|\ba menos que\b|\bpreguntas\b|\bhasta\b)/iu,
  /\b(?:habla|responde|contesta)\b[^.]{0,20}(?:\bsolo\b|\bsólo\b|\bsolamente\b|\búnicamente\b)/iu,
  /\b(?:guarda|mantén|permanece en) silencio\b|\bqu[eé]date callad[oa]\b|\bcállate\b|\bno digas nada\b|\bignora (?:todo|cualquier|lo demás)/iu,
]

export function limitsSpeaking(system: string): boolean {
  return LIMITS.some((pattern) => pattern.test(system))
}
