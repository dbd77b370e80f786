/**
 * Ends of sentences that tell by more than their last word whether something follows: a clause that is only begun ("but I guess", "for example", "if it
 * rains"), and words that seldom are the last where they are ("I think so", "Come in", "Creo que no"). English and Spanish. Pure text, lower case,
 * without the marks at its end; it knows nothing of time.
 */

/** A sentence on its own that introduces another. */
const OPENERS = new RegExp(
  `^(?:(?:and|but|so|well|okay|ok|oh|um|uh|y|pero|pues|bueno|eh),? )?(?:${[
    'for example|for instance|let me see|let me think|basically|on the (?:other|one) hand|first of all|as far as i know',
    "in my opinion|actually|i mean|you know|you see|you know what|by the way|the thing is|in fact|as i said|that's why|besides",
    'por ejemplo|es decir|o sea|a ver|déjame (?:ver|pensar)|en primer lugar|por (?:un|otro) lado|que yo sepa|en mi opinión',
    'en realidad|de hecho|por cierto|por eso|además|entonces|sabes qué|quiero decir|la cosa es|lo que pasa es',
  ].join('|')})$`,
)

/** Verbs that something follows, where nothing before them is what they are about ("that is what I mean"). */
const BEGUN = [
  /(?:^|\b(?:and|but|so|or|because|well|then|now|no|yes|yeah),? )(?:i|we) (?:just |really |only |also )?(?:guess|mean|think|thought|suppose|believe|imagine|figured?|hope|wonder|noticed)$/,
  /\b(?:i|we|he|she|they|who)(?:'d| would) (?:just |really |rather |also )?(?:like|prefer|say|suggest)$/,
  /\b(?:and|please|to) (?:tell|ask|remind) (?:him|her|them)$/,
  /\b(?:called|named)$/,
  /\b(?:wanted|want|like) to (?:ask|say|know|mention|tell you)$/,
  /\b(?:when|if|because|while|until|whether|unless|since|before|after|the way|what|which|where) (?:you|it)$/,
  /\b(?:let me|unless|between|how many|takes?|costs?|about|for) ?(?:at least|around|roughly|approximately)?$/,
  /(?:^|\b(?:y|pero|o|porque|bueno|pues|así que|no sé),? )(?:yo )?(?:supongo|creo|pienso|imagino|diría|digo)$/,
  /\b(?:me llamo|(?:que|donde) se llama|(?:me|te|le|nos|les) (?:gusta|gustan|gustaría)|(?:solo |sólo )?(?:quería|quisiera)|sol(?:ía|ías|íamos|ían)|al menos|alrededor de|cerca de|vuestr[oa]s?|nuestr[oa]s?|cuánt[oa]s)$/,
]
/** What makes a whole of them. */
const ABOUT = /\b(?:what|all|everything|than|whatever|how|lo que|qué|como|cómo|todo|así)\b/

/** A condition or a time without what happens then. */
const CONDITION =
  /^(?:(?:and|but|so|well|y|pero|bueno),? )?(?:if|when|whenever|although|unless|as soon as|si|cuando|aunque|en cuanto|como si) [^,.?!]+ [^,.?!]+$/
/** Said as an answer. */
const CONDITION_ALONE =
  /^(?:if|when|whenever|si|cuando) (?:you (?:like|want|can|please|wish)|possible|(?:tú )?(?:quieres|quiera|quieras|puedes|puedas|prefieres|usted quiere)|no|sí|me gusta|quiero|por favor|claro)\b/

/** An end that something follows, to judge by the clause. `text`: the last sentence. */
export function isBegun(text: string): boolean {
  if (OPENERS.test(text)) return true
  if (CONDITION.test(text) && !CONDITION_ALONE.test(text)) return true
  const clause = text.slice(text.lastIndexOf(',') + 1)
  return BEGUN.some((end) => end.test(text)) && !ABOUT.test(clause)
}

const WHOLE = [
  // Answers of one word, and "no" after a comma.
  /^(?:no|really|me|yo|él|ella|nosotros|ellos|más|también|on|in|inside)$/,
  /, (?:no|really)$/,
  /^if you like$/,
  // "I think so."
  /\b(?:think|thought|guess|hope|suppose|believe|said|say|do|did|does|told you|is that) so$/,
  // "Yes, I am.", "No, it is not."
  /^(?:yes|yeah|no|of course|sure|sí),? (?:i|we|he|she|it|they|that|there|you) (?:am|is|are|was|were|do|does|did|have|has|had|can|could|will|would|should)(?: not)?$/,
  /^(?:yes|yeah|no|of course|sure),? (?:i|we|he|she|it|they|that|there|you) (?:don't|doesn't|can't|didn't)$/,
  // "Turn it on."
  /\b(?:turn|switch|put) (?:it|them|this|that) on$/,
  /\b(?:come|log|sign|check|zoom|fill (?:it|me|them)|let (?:me|us|him|her|them)) in$/,
  /\b(?:hold|hang|go|come|carry|move|keep|log) on$/,
  /\b(?:would|'d) (?:love|be happy|be glad) to$/,
  // "I have tried that.", but not "I have heard that".
  /\b(?:do|does|did|done|doing|tried|try|like|want|need|love|hate|about|for|with|of|take|get|got|buy|send|play|stop|skip|cancel|repeat|change|delete|after|before|without|than|make|made|fix|use|spell|explain) that$/,
  /\b(?:cuéntame|dime|háblame|(?:un )?poco|algo|nada|mucho|una vez|quiero|necesito|alguno|cuánto) más$/,
  /\b(?:que|claro que|por qué|pero|yo|ahora|todavía|aún|aquí|eso|ese|este|esta|mejor|también|gracias|hoy|mañana) no$/,
  /\b(?:yo|mí|ti|él|ella|eso|nosotros|ellos|usted) también$/,
]

/** An end that is one, though its last word seldom is. */
export const isWholeAnswer = (text: string): boolean => WHOLE.some((end) => end.test(text))
