/**
 * Praise and surprise that listeners show, by how they are built: a word of judgement alone, or behind "that's", "how", "very", "qué", "muy". English and Spanish. What
 * disagrees ("that's wrong") is none: it wants to be heard. Those that come back misheard stand
 * in the list of signs (`spoken-over`) as well, which is searched by sound.
 */
import { withoutAccents } from './whole-words.js'

const JUDGED_EN =
  'interesting|funny|hilarious|nice|great|good|amazing|cool|wonderful|fantastic|crazy|lovely|beautiful|sad|awful|terrible|horrible|perfect|fair|true|wild|weird|strange|' +
  'brilliant|incredible|unbelievable|impressive|surprising|neat|sweet|awesome|excellent|clever|smart|exciting|fascinating|remarkable|delicious|delightful|odd|helpful|useful'
const JUDGED_ES =
  'interesantes?|curios[oa]s?|bonit[oa]s?|buen[oa]s?|buenísim[oa]s?|genial|fantástic[oa]s?|increíbles?|estupend[oa]s?|fenomenal|gracios[oa]s?|divertid[oa]s?|fuerte|rar[oa]s?|tristes?|' +
  'impresionantes?|maravillos[oa]s?|perfect[oa]s?|gracia|pena|maravilla|barbaridad|locura|lástima|ilusión|alegría|suerte|útil|listo|chulo|guay|hermos[oa]s?|lind[oa]s?|terribles?|horribles?'

const ASSESSMENT = new RegExp(
  withoutAccents(
    `^(?:(?:(?:that's|that is|it's|that was|how) )?(?:(?:so|very|really|pretty|quite|just) )?(?:${JUDGED_EN})|` +
      `(?:(?:es|eso es|fue) )?(?:(?:qué|que|muy|tan|pero qué) )?(?:${JUDGED_ES}))$`,
  ),
  'u',
)

/** `words`: lower-case, one space between. */
export const isAssessment = (words: string): boolean => ASSESSMENT.test(withoutAccents(words))
