/**
 * What people say over somebody who speaks, in a moment: signs that they listen, and a word or two that takes the floor. English and Spanish, as they are spelt. By
 * these a sign of listening is known, and the recogniser is told them, which makes something else of a second of speech.
 */

/** Assent, understanding, surprise, praise. */
const SIGNS: Readonly<Record<string, readonly string[]>> = {
  en: (
    'yeah|yes|yep|yup|ok|okay|right|alright|all right|sure|I see|got it|uh-huh|mm|mhm|mm-hm|mm-hmm|hmm|hm|ah|oh|aha|wow|cool|nice|great|' +
    'yes sir|exactly|indeed|really|thank you|thanks|good|fine|of course|go on|true|huh|understood|I understand|understand|I get it|gotcha|' +
    "that's true|that is true|that's right|that is right|that's good|that's nice|that's great|makes sense|that makes sense|fair enough|" +
    'good point|interesting|very interesting|how interesting|absolutely|definitely|certainly|totally|correct|perfect|amazing|awesome|' +
    "lovely|excellent|fantastic|brilliant|wonderful|very good|very nice|very well|for sure|oh my|my god|my goodness|let's see|" +
    "that's okay|that's fine|it's okay|no way|no kidding|oh really|you don't say|good to know|sounds good|sounds great|yes indeed|" +
    "no problem|I'm okay|all I see|I know|I got it|great, thanks|okay, thanks|yeah, thanks|got it, thanks|sure thing|goodness|goodness me|blimey|oh dear|dear me|what a shame|what a pity|" +
    "well, well|is that so|I'm with you|I'm listening|I hear you|I follow|I didn't know that|I had no idea|fair point|nice one|well I never|well I never did"
  ).split('|'),
  es: (
    'sí|si|ajá|aja|vale|claro|ya|bien|bueno|muy bien|entiendo|ya veo|eso|exacto|gracias|perfecto|de acuerdo|venga|anda|ah, sí|' +
    'entendido|comprendo|lo entiendo|ya entiendo|lo veo|claro que sí|por supuesto|desde luego|así es|eso es|es verdad|es cierto|cierto|' +
    'tienes razón|correcto|qué bien|qué bueno|interesante|genial|estupendo|fenomenal|fantástico|increíble|vaya|' +
    'muchas gracias|muy interesante|qué interesante|pues sí|pues claro|okey|a ver|qué bonito|qué curioso|bien, bien|exactamente|sin duda|' +
    'totalmente|no me digas|tiene sentido|ya lo veo|lo sé|ya sé|madre mía|qué cosas|mira tú|menos mal|normal|ostras|sigue|de verdad|de veras|ándale|órale|sale|qué lindo|qué pasada|dale|mirá qué bueno|mira qué bien|' +
    'no lo sabía|no sabía|te sigo|te escucho|ya lo creo|ni idea'
  ).split('|'),
}

/** Orders to be silent, to wait or to go back, calls for attention, and questions of a word. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  en: (
    'stop|stop it|stop, please|please stop|okay, stop|wait|wait, wait|wait a second|wait a minute|okay, wait|hold on|hang on|one moment|one second|' +
    "just a second|no|no, no|no, wait|quiet|be quiet|enough|that's enough|okay, enough|pause|excuse me|sorry|sorry?|pardon|hey|hello|listen|" +
    'cancel|cancel that|never mind|next|repeat|repeat that|again|go back|louder|slower|not now|what|who|why|when|where|how|how much|' +
    'hold it|not that|not that one|skip it|skip that|how many|how long|how far|how often|how so|how come|what time|what for|what else|who else|where else|which|which one|why not|' +
    'since when|until when|from where|where to|with whom|for whom|who with|says who'
  ).split('|'),
  es: (
    'para|para, para|para ya|para, por favor|espera|espera, espera|espera un momento|espere|basta|basta ya|silencio|cállate|calla|cállese|alto|detente|' +
    'párate|pare|espérate|espérame|quieto|no|no, no|no, espera|no, gracias|oye|oye, espera|oye, para|oiga|escucha|un momento|un segundo|perdón|perdona|' +
    'disculpa|otra vez|repite|más alto|más despacio|déjalo|ya está|ya está bien|ahora no|siguiente|qué|cómo|quién|cuándo|dónde|y dónde|por qué|cuánto|' +
    'ya basta|cállate ya|chitón|un momentito|que no|que no, que no|eso no|ese no|esa no|otro|otra|más rápido|más bajo|sáltate eso|por|eh|a qué hora|qué hora|cuál|cuántos|cuántas|cuánto tiempo|' +
    'qué más|quién más|con quién|de quién|para quién|a quién|con qué|en qué|de qué|para qué|desde cuándo|hasta cuándo|de dónde|adónde|y cuándo|y cómo|y quién|y por qué|y cuánto|cómo que no'
  ).split('|'),
}

/** Signs come twice as well, and behind a sound of surprise. */
const OPENERS = ['ah', 'oh', 'mm']
const spoken = (sign: string) => [sign, `${sign}, ${sign}`, ...OPENERS.map((opener) => `${opener}, ${sign}`)]

/** One behind the other, the second of them also twice, or the first again: "Yeah, sure", "Ya, claro, claro", "Yeah, I see, yeah". */
const JOINED: Readonly<Record<string, readonly [firsts: readonly string[], seconds: readonly string[]]>> = {
  en: [
    'yeah|yes|oh yeah|right|okay|sure|oh|ah|ah okay|mm-hm|uh-huh|no'.split('|'),
    "okay|sure|right|yeah|yes|mm-hm|I see|of course|definitely|exactly|totally|true|absolutely|got it|I know|that's true|that's right|really|no way|fair enough|makes sense|good".split(
      '|',
    ),
  ],
  es: [
    'sí|ya|ajá|bueno|claro|vale|ah|ah ya|ok|okey|sale|mhm|pues|no'.split('|'),
    'claro|vale|ya|sí|ajá|okey|exacto|eso mismo|desde luego|claro que sí|entiendo|por supuesto|ya veo|eso|normal|es verdad|es cierto|cierto|bien|bueno|muy bien|de verdad|en serio'.split(
      '|',
    ),
  ],
}
const joined = ([firsts, seconds]: (typeof JOINED)[string]): readonly string[] =>
  firsts.flatMap((first) =>
    seconds
      .filter((second) => second !== first)
      .flatMap((second) => [
        `${first}, ${second}`,
        `${first}, ${second}, ${second}`,
        `${first}, ${second}, ${first}`,
      ]),
  )

export const signsOfListening: readonly string[] = Object.values(SIGNS).flat()
export const callsOverSpeech: readonly string[] = Object.values(CALLS).flat()
/** Two or three of them, one behind the other. */
const joinedSigns: readonly string[] = Object.values(JOINED).flatMap(joined)
/** In every form that they are spoken in. */
export const spokenSigns: readonly string[] = [...signsOfListening.flatMap(spoken), ...joinedSigns]

const SAYINGS = new Map(
  Object.entries(SIGNS).map(([language, signs]) => [
    language,
    [...signs.flatMap(spoken), ...joined(JOINED[language]!), ...(CALLS[language] ?? [])],
  ]),
)

const subtag = (language = '') => language.split('-')[0]!.toLowerCase()

/** What is likely to be said over the model in that language; undefined where nothing is known of it. */
export const sayingsIn = (language: string | undefined): readonly string[] | undefined =>
  SAYINGS.get(subtag(language))

/** What people say in that language to show that they listen, each alone; undefined where nothing is known of it. */
export const signsIn = (language: string | undefined): readonly string[] | undefined =>
  SIGNS[subtag(language)]
