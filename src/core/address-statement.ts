/**
 * What a sentence is about that is no question, no request and says neither "I" nor "you": a plain statement is for the model only where it takes up what
 * was just spoken of, or is too short to stand alone, as answers are. By the words' grammar and the words of the exchange, not by lists of
 * subjects. English and Spanish; in other languages it says nothing.
 */
import type { WordingCue } from './address-wording.js'
import { any, withoutAccents } from './whole-words.js'

/** What was said last, both sides of it. */
export interface Exchange {
  readonly lastWords: string
  readonly lastHeard: string
}

/** So many words at least, and one more without a verb that tells: "The red one." and "Just the two of us." answer something. */
const FEWEST_WORDS = 4
/** Whoever comes back to what was spoken of is short: from so many words on a report is one, whatever it is about. */
const LONG = 9
/** Words that were seen to speak to somebody; a statement with one of them is no plain one. */
const TURNED: readonly WordingCue[] = ['called', 'question', 'request', 'second-person', 'thanks']

const FIRST_PERSON = any(
  'i|me|my|mine|myself|we|us|our|ours|i am|yo|mi|mis|mí|mío|mía|míos|mías|conmigo|me|nos|nosotros|nosotras|nuestr[oa]s?|' +
    'quiero|necesito|tengo|prefiero|creo|voy|soy|estoy|hago|busco|uso|vivo|puedo|debo|sé|he|pienso|digo|veo|hablo|trabajo|\\p{L}{2,}[aei]mos',
)
/** The sentence's subject stands for what was spoken of, or is what an answer begins with; a Spanish verb in front may ask. */
const TAKES_UP =
  /^(?:it|it's|its|this|that|that's|these|those|both|neither|either|none|maybe|perhaps|not|no|yes|eso|esto|así|es|son|está|están|sigue|siguen|hay|tiene|tienen|puede|pueden|queda|quedan|cuesta|cuestan|sale|salen|llega|llegan|existe|existen|sirve|sirven|funciona|se pueden?|sí|quizás?|ambos|ninguno|ninguna)(?![\p{L}\p{N}])/u
/** A sentence that opens so is no request, whatever its verb. */
const NO_REQUEST_START =
  /^(?:the|a|an|his|her|their|some|many|most|few|several|every|people|everyone|everybody|nobody|someone|somebody|in|on|at|after|before|when|while|because|el|la|los|las|un|una|unos|unas|su|sus|algun[oa]s|much[oa]s|vari[oa]s|tod[oa]s|nadie|alguien|le|les|se|en|al|tras|cuando|mientras|he|she|they|él|ella|ellos|ellas)(?![\p{L}\p{N}])/u
/** Told to do so, an assistant may: a long sentence with one of these is no report. Other requests are known as such. */
const REQUEST_START =
  /^(?:put|note|save|mark|move|open|close|pick|choose|use|let|keep|rename|dim|mute|lock|unlock|reserve|print|share|email|text|message|warn|notify|replace|fix|correct|shorten|rewrite|apunta\p{L}*|apúnta\p{L}*|anota\p{L}*|guarda\p{L}*|abre|cierra|elige|usa|deja|bloquea|avísa\p{L}*|corrige|acorta|mete|mueve|imprime|marca|escoge)(?![\p{L}\p{N}])/u
/** Something is told of a third person: verbs that only a statement has. Of the regular ones the past; of the others the commonest. */
const TOLD = any(
  "is|are|was|were|has|had|does|did|will|would|cannot|can't|won't|isn't|aren't|wasn't|hasn't|doesn't|didn't|\\p{L}{3,}(?<!ne|spe|fe|inde|hundr)ed|" +
    'says|goes|makes|takes|gets|comes|wants|needs|likes|loves|thinks|knows|sees|lives|feels|seems|tells|gives|keeps|means|said|went|came|got|made|took|told|saw|knew|thought|gave|found|left|ran|fell|lost|won|paid|bought|brought|kept|held|met|sat|stood|sent|began|broke|wrote|' +
    'es|son|está|están|ha|han|había|habían|fue|fueron|era|eran|será|serán|tiene|tienen|va|van|dijo|hizo|quiso|pudo|puso|tuvo|vino|\\p{L}{2,}(?:ó|aron|ieron|aban|ían|arán|erán|irán)',
)

/** Who begins so wants something. */
const WISHES =
  /^(?:i|we)(?:'d| would)? (?:want|need|wish|like|prefer|rather)|^(?:quiero|queremos|necesito|necesitamos|prefiero|preferimos|quisiera|me gustaría)(?![\p{L}])/u
/** Somebody tells what happened to them: the first person and the past. Left out are verbs with which one speaks of what was asked. */
const NARRATES = any(
  "(?:i|we)(?:'ve| have|'d| had)? (?:just |already |finally |never )?(?:been|told|saw|seen|met|went|bought|said|spoke|found|took|heard|gave|given|paid|lost|won|drove|ate|wrote|slept|sold|ran|(?!want|need|lik|tri|us|ask|chang|add|forg|soak|cook|cooked)\\p{L}{2,}ed)|" +
    'dije|fui|vi|hice|estuve|tuve|puse|vine|supe|\\p{L}{3,}é|\\p{L}{2,}(?<!as)í|estuvimos|fuimos|vimos|hicimos|tuvimos|llevo (?:todo|toda|meses|semanas|días|años)',
)
/** It stands for what was spoken of. */
const REFERS = any(
  'it|them|that|this|those|these|one|ones|mine|there|eso|esto|esa|ese|esos|esas|así|allí|lo que',
)
const REFERS_START = /^(?:l[oa]s?|se l[oa]s?|me l[oa]s?) \p{L}+/u
const LONG_TALE = 8

export function isPlainStatement(
  text: string,
  cues: ReadonlySet<WordingCue>,
  { lastWords, lastHeard }: Exchange,
): boolean {
  if (TURNED.some((cue) => cues.has(cue))) return false
  const low = text.toLowerCase().replaceAll('’', "'").trim()
  const length = low.split(/\s+/).length
  const tells = TOLD.test(low)
  if (length < FEWEST_WORDS + (tells ? 0 : 1) || TAKES_UP.test(low) || WISHES.test(low)) return false
  if (isDictated(low)) return false
  const aboutOthers = cues.has('about-others')
  const topic = `${lastHeard} ${lastWords}`
  const refers = REFERS.test(low) || REFERS_START.test(low)
  if (length >= LONG_TALE && NARRATES.test(low) && !refers) return !shareTopic(text, topic)
  if (!aboutOthers && FIRST_PERSON.test(low)) return false
  const isLong = length >= LONG
  const isTold = aboutOthers || tells || NO_REQUEST_START.test(low) || (isLong && !REQUEST_START.test(low))
  if (!isTold) return false
  return isLong || !shareTopic(text, topic)
}

const NUMBER = any(
  '\\d+|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez',
)

/** A number is read out, which somebody may have been asked for. */
function isDictated(sentence: string): boolean {
  const all = sentence.split(/[\s,;-]+/)
  return all.filter((word) => NUMBER.test(word)).length >= all.length / 2
}

/** A word with a meaning of its own stands in both, whatever its ending. */
function shareTopic(one: string, other: string): boolean {
  const stems = stemsOf(other)
  return [...stemsOf(one)].some((stem) => stems.has(stem))
}

const FUNCTION_WORDS = new Set(
  (
    'this that these those with have has had from they them their will your yours what when where about there here would could should been were than then ' +
    'into just some more most very much also only still even which while because each both must does doing done make made know like want well ' +
    'come came going gone take took said says tell told time year good long over back down after before again always never every other another ' +
    'como para pero esta este esto estas estos todo todos toda todas cuando donde porque muy mas tambien solo sobre entre hasta desde hacia tiene ' +
    'tienen estan estaba hace hacer hecho dice dijo puede pueden quiere ella ellos ellas cual quien cada otro otra otros otras antes despues ' +
    'nunca siempre bien mucho mucha muchos muchas poco vez veces aqui alli ahora luego'
  ).split(' '),
)
/** Of what is left after the plural: "light" and "lights", "luz" and "luces", "baking" and "baked" are alike. */
const STEM_LETTERS = 5

function stemsOf(text: string): Set<string> {
  const found = withoutAccents(text.toLowerCase()).match(/\p{L}{3,}/gu)
  const stems = (found ?? [])
    .filter((word) => !FUNCTION_WORDS.has(word))
    .map((word) =>
      word
        .replace(/e?s$/, '')
        .replace(/(?:ing|ed)$/, '')
        .replace(/z$/, 'c')
        .replace(/[aeiou]$/, ''),
    )
  return new Set(stems.filter((stem) => stem.length >= 3).map((stem) => stem.slice(0, STEM_LETTERS)))
}
