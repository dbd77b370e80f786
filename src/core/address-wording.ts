/**
 * What the words say about whom they are said to: a name called or merely mentioned, somebody else called, a question, a request, talk about
 * others, the language of broadcasts, talk to oneself. English and Spanish; of other languages only the marks and the name count.
 * Pure text; it knows neither sessions nor sound.
 */
import { any, first } from './whole-words.js'

export type WordingCue =
  /** The assistant's name is called: "Nova, …", "hey Nova". */
  | 'called'
  /** It is talked about: "I asked Nova", "Nova said". */
  | 'mentioned'
  /** Somebody else is called: "Tom, …", "…, darling". */
  | 'other-called'
  /** It ends with a question. */
  | 'question'
  | 'request'
  | 'second-person'
  | 'thanks'
  /** He, she, they; what somebody said. */
  | 'about-others'
  | 'broadcast'
  | 'to-oneself'

/** Beside the name that the instruction gives. */
const COMMON_NAMES = ['gemini', 'assistant', 'asistente']
const NAMING =
  /\b(?:named|called|name is|name's|[Yy]ou are|[Yy]ou're|[Ss]os|llam[aá]s|llamad[oa]|nombre es|[Ee]res)\s+["“«]?(\p{Lu}[\p{L}'’-]+)/gu

/** How the assistant may be called, lower case. */
export function assistantNames(system: string): readonly string[] {
  const given = [...system.matchAll(NAMING)].map(([, name = '']) => name.toLowerCase())
  return [...new Set([...given, ...COMMON_NAMES])]
}

/** Words before the name or the sentence proper: "Okay, Tom, …". */
const OPENERS =
  'hey|hi|hello|ok|okay|yes|yeah|no|well|so|and|but|now|sorry|wait|look|listen|please|all right|alright|good morning|good evening|' +
  'oye|oiga|hola|sí|vale|bueno|pues|perdona|perdón|espera|mira|escucha|venga|y|pero|ahora|buenos días|buenas tardes|buenas noches|por favor'
const OPENER = new RegExp(`^(?:${OPENERS})(?![\\p{L}\\p{N}])[,.!…]*\\s*`, 'u')
const HAILS = /^(?:hey|hi|hello|ok|okay|oye|hola|good morning|buenos días)[,!]?\s+$/u

/** People are called so, and assistants are not. */
const KIN =
  'mum|mom|mummy|mommy|dad|daddy|honey|darling|sweetie|sweetheart|dear|love|babe|baby|kids|children|guys|folks|everybody|everyone|' +
  'boys|girls|grandma|grandpa|granny|son|buddy|mate|man|sir|madam|ladies|gentlemen|' +
  'mamá|mami|papá|papi|cariño|cielo|amor|mi amor|mi vida|corazón|querid[oa]|niñ[oa]s?|chic[oa]s|hij[oa]s?|abuel[oa]|tí[oa]|' +
  'colega|señor|señora|señoras|señores|caballero|amig[oa]s?'
const KIN_CALLED = new RegExp(
  `(?:^(?:${KIN})\\s*[,!?])|(?:[,!?]\\s*(?:${KIN})\\s*[,.!?…]*$)|(?:,\\s*(?:${KIN}),)`,
  'u',
)
/** A capitalised word set off by commas at the beginning, at the end, or in between; behind another one it is an enumeration. */
const NAME = "\\p{Lu}[\\p{Ll}'’-]+"
const NAME_FIRST = new RegExp(`^(${NAME})\\s*[,!]\\s+(?=\\S+\\s+\\S+)`, 'u')
const NAME_LAST = new RegExp(`\\p{Ll}+,\\s+(${NAME})\\s*[.!?…]*$`, 'u')
const NAME_WITHIN = new RegExp(`(?<!\\p{Lu}[\\p{Ll}'’-]*),\\s+(${NAME}),\\s+(?!\\p{Lu})`, 'u')
/** Recognisers leave the comma out: what stands before "could you" at the beginning, and is no word that a question begins with, is who is called. */
const NAME_BARE = new RegExp(
  `^(${NAME})\\s+(?:(?:could|can|would|will|did|do|have|are|were|should) you|(?:me|nos) \\p{L}+(?:as|es|ás|és))(?![\\p{L}\\p{N}])`,
  'u',
)
const BEFORE_VERBS = new Set(
  (
    'what where when who whose which why how if since because unless until whenever whatever then or only ' +
    'qué quién quiénes cuál cuáles cuándo cuánto cuánta cuántos cuántas dónde adónde cómo si no ya siempre nunca luego así todavía aún solo'
  ).split(' '),
)
/** Capitalised only because a sentence begins with them. */
const NO_NAMES = new Set(
  (
    'well so yes no okay ok thanks please sure right hello hi hey sorry wow great perfect cool fine actually anyway first second then ' +
    'today tomorrow tonight yesterday one two three four five six seven eight nine ten monday tuesday wednesday thursday friday ' +
    'saturday sunday hmm oh ah look listen wait stop also maybe exactly correct nice good alright finally otherwise however ' +
    'bueno vale pues gracias hola claro perfecto mira oye sí entonces ahora hoy mañana ayer vaya genial primero luego uno dos tres cuatro ' +
    'cinco seis siete ocho nueve diez lunes martes miércoles jueves viernes sábado domingo bien espera también quizás exacto correcto ' +
    'spanish english french german español inglés i cheers listo lista dale órale anda'
  ).split(' '),
)

const QUESTION_WORD = first(
  "what|where|when|who|whose|which|why|how|what's|where's|who's|how's",
  'is|are|was|were|do|does|did|can|could|will|would|should|shall|has|have|may',
)
/** It speaks to nobody: "You know, …". */
const PHATIC_FIRST = /^(?:you know|you see|sabes|ves),\s*/iu
/** At the end of a statement it asks for nothing: "…, you know", "…, ¿sabes?". */
const PHATIC =
  /,\s*¿?(?:you know|you see|know what i mean|sabes|ves|entiendes|me entiendes|oyes)[?.!…]*\s*$/iu
/** A question by its grammar, whatever mark a recogniser has put behind it: Spanish ones often come without. */
const ASKS = first(
  '(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have) (?:i|you|he|she|it|we|they|there|the|a|an|this|that|these|those|my|your|our|any|some|anybody|anyone)',
  'cuál(?:es)?|cuándo|cuánt[oa]s?|dónde|adónde|quién(?:es)?|por qué|cómo|qué (?:es|son|hay|pasa|significa|puedo|puede|se)',
)
/** Without their accents, as recognisers write them, the same words also begin a clause that another follows; alone they ask. */
const ASKS_BARE =
  /^(?:(?:a|cada|con|de|desde|en|hasta|para|por) (?=c|d|q))?(?:cuando|donde|adonde|quien(?:es)?|cual(?:es)?|cuant[oa]s?|como(?! (?:siempre|si|no|ya|que)(?![\p{L}])))(?![\p{L}\p{N}])[^,;]+$/u
const FEW_WORDS = 9
const QUESTION_END = /[?？]["'”’»)\]]*\s*$/

const REQUEST_START = first(
  'tell|show|give|explain|play|stop|set|add|remind|translate|repeat|read|call|send|find|search|look up|look for|book|order|turn|switch',
  'start|pause|resume|continue|go on|make|write|spell|say|describe|recommend|suggest|help|list|calculate|convert|cancel|delete|remove|change',
  'dim|mute|unmute|lock|unlock|note|save|rename|shorten|rewrite|simplify|rephrase|' +
    'teach|sing|count|summari[sz]e|compare|define|check|schedule|wake me|skip|increase|decrease|lower|raise|speak|talk|answer|forget it|imagine',
  'dime|di|dinos|dame|danos|cuénta\\p{L}*|explica\\p{L}*|explíca\\p{L}*|pon|pónme\\p{L}*|ponme|muéstra\\p{L}*|enséña\\p{L}*|repite\\p{L}*|repíte\\p{L}*|traduce|tradúce\\p{L}*',
  'lee|léeme\\p{L}*|ponl\\p{L}*|apúnta\\p{L}*|anóta\\p{L}*|guárda\\p{L}*|apága\\p{L}*|enciénde\\p{L}*|busca\\p{L}*|búsca\\p{L}*|llama|manda|envía|recuérda\\p{L}*|añade|quita|cancela|cancéla\\p{L}*|para|páralo|detén|sigue|continúa',
  'av[ií]sa\\p{L}*|ayúda\\p{L}*|recomi\\p{L}+|propón\\p{L}*|sugi\\p{L}+|calcula|convierte|escribe|deletrea|describe|resume|compara|define|comprueba|sube|baja',
  'apaga|enciende|cambia|canta|empieza|háblame|habla|prueba|reserva|pide|haz|hazme|imagina|olvídalo|déjalo',
)
/** What is told first and asked for then: "He wants a new chain too, put that on the ticket.", "Ya ha salido, márcalo." */
const REQUEST_LATER = new RegExp(
  '[,;] (?:and |so |then |just |please |also )*(?:you can |could you )?(?:put|note|mark|tick|cross|add|make|change|set|cancel|send|remind|tell|order|book|log|write|turn|play|save|move) |' +
    '[,;] (?:y |ya |pues |así que )*(?:(?=\\p{L}*[áéíóú])\\p{L}{3,}[aei]|pon|haz|di)(?:me)?l[oa]s?(?![\\p{L}])',
  'u',
)
const REQUEST_WITHIN = any(
  'please|can you|could you|would you|will you|i want to|i would like|i need (?:some |your )?(?:help|to know|information|a |an )|i have a question',
  "i'd like|i'm looking for",
  'por favor|puedes|podrías|me puedes|quisiera|me gustaría|necesito (?:ayuda|saber|información|un|una)|tengo una pregunta|quiero (?:saber|que|reservar|un|una)',
)
const SECOND_PERSON = any(
  "you(?! (?:said|told me|mentioned))|your|yours|you're|you've|you'd",
  'tú|te|ti|tu|tus|contigo|usted|eres|estás|sabes|crees|puedes|podrías|recomiendas|tienes|conoces|quieres|piensas|oyes|has(?= \\p{L}*(?:[ai]do|cho|sto|rto|rito|elto)(?!\\p{L}))|vas|os|vosotr[oa]s|vuestr[oa]s?|\\p{L}+[áé]is|\\p{L}+[ai]steis|(?!triste|existe|chiste|insiste|consiste|resiste|contraste|desgaste|baste)\\p{L}{2,}[ai]ste',
)
const THANKS = any(
  'thanks|thank you|perfect|great|got it|gracias|perfecto|genial|estupendo|entendido|de acuerdo',
)
const ABOUT_OTHERS = any(
  "he|she|him|her|he's|she's|my (?:boss|wife|husband|sister|brother|mother|father|neighbou?r|son|daughter)",
  'ella|él|le dijo|les dijo|me dijo|dijo que|dice que|mi (?:jefe|jefa|mujer|marido|hermana|hermano|madre|padre|vecino|vecina|hijo|hija)',
)
/** People, or what was just spoken of. */
const THEM = any("they|them|they're|ellos|ellas")
const FIRST_PERSON = any(
  "i|we|i'm|i've|we're|my|me|yo|mi|mis|quiero|queremos|necesito|prefiero|puedo|tengo|los míos|las mías",
)
const BROADCAST = any(
  "(?:join|call|visit) us|(?:try|discover|visit|meet) (?:our|the (?:all-)?new)|find out (?:more|why)|don't miss|hurry while|at no (?:risk|cost)|money back|only (?:on|at) channel|on channel",
  'qu[eé]dense|(?:pruebe|descubra|visite|compre|disfrute|aproveche|consiga) (?:nuestr[oa]s?|el nuevo|la nueva|de nuestr[oa]s?|ya|ahora)|sin compromiso|no se pierda|en el canal',
  'ladies and gentlemen|welcome back|stay tuned|the break|be right back|breaking news|reporters?|correspondent|brought to you|sponsored|call now',
  'absolutely free|limited time|subscribe|channel|episode|tonight at|live from|viewers|listeners|according to|police|the government|the president',
  'prime minister|elections?|parliament|percent|per cent|shares|stock market|goal|scores|shoots|championship|officials|scientists|researchers',
  'a new study|in other news|coming up next|forecast|the suspect|investigators|million(?:s)? of|degrees tonight|programme|the company|minister',
  'señoras y señores|bienvenidos|no se (?:vayan|lo pierdan|muevan)|la publicidad|última hora|corresponsal|se lo ofrece|patrocinad[oa]|llame ahora',
  'totalmente gratis|tiempo limitado|suscríbete|suscríbanse|episodio|esta noche a las|en directo|espectadores|oyentes|según|la policía|el gobierno',
  'el presidente|la presidenta|elecciones|parlamento|por ciento|acciones|la bolsa|gol|dispara|campeonato|científicos|investigadores|un nuevo estudio',
  'a continuación|el pronóstico|sospechoso|millones de|ministr[oa]|conectamos|la empresa|programa',
)
const TO_ONESELF = any(
  "ugh|argh|oh what|what a (?:mess|nightmare|day|pain|waste)|come on, come on|i knew (?:this|it would)|blast|oh dear|good grief|whoops|phew|gosh|drat|darn|blimey|that didn't work|that's not it|where was i|what have i done|this (?:\\p{L}+ )?(?:is stuck|won't (?:open|close|budge|fit))",
  'jo(?=[,!…])|jolín|madre mía|uf|qué (?:desastre|rabia|lío|asco|sueño|pereza|horror|pena)|ya sabía yo|pero qué|jopé|caray|caramba|ostras|mecachis|vaya por dios|(?:por )?dónde iba|no ha funcionado|qué he hecho|est[ea] (?:\\p{L}+ )?no (?:sale|cabe|entra|abre|cierra)',
  "let me (?:see|think)|let's see|where (?:did|have) i|what was i|i (?:really )?should|i can't believe|i forgot|i've forgotten|oh no|oops|ouch|damn",
  "that's (?:weird|odd|strange)|first i|silly me|why did i|there we go|where is that|where's that|i always|i keep|spilled|spilt|note to self",
  'a ver|vamos a ver|veamos|déjame (?:ver|pensar)|dónde (?:he|habré|puse|dejé)|qué iba a|tendría que|debería|no me (?:lo )?puedo creer|se me (?:olvidó|ha olvidado)',
  'he olvidado|haya olvidado|ay|uy|qué (?:raro|extraño|tont[oa])|primero tengo|dónde está ese|dónde está esa|por qué habré|siempre me pasa|se me ha caído',
)

export function wordingCues(said: string, names: readonly string[]): ReadonlySet<WordingCue> {
  const text = said.replace(PHATIC_FIRST, '').replace(PHATIC, '.')
  const cues = new Set<WordingCue>()
  const sentences =
    text
      .replace(/[¿¡]/g, '')
      .match(/[^.!?…]+[.!?…]*["'”’»]*/gu)
      ?.map((each) => each.trim())
      .filter(Boolean) ?? []
  for (const sentence of sentences) {
    const { lead, rest } = withoutOpeners(sentence)
    const low = rest.toLowerCase()
    const name = nameUse(sentence.toLowerCase(), names)
    if (name) cues.add(name)
    if (callsSomebody(rest, lead, names)) cues.add('other-called')
    if (REQUEST_START.test(low) || REQUEST_LATER.test(low) || REQUEST_WITHIN.test(low)) cues.add('request')
    if (SECOND_PERSON.test(low)) cues.add('second-person')
    if (THANKS.test(sentence.toLowerCase())) cues.add('thanks')
    if (ABOUT_OTHERS.test(low) || (THEM.test(low) && !FIRST_PERSON.test(low))) cues.add('about-others')
    if (BROADCAST.test(sentence.toLowerCase())) cues.add('broadcast')
    if (TO_ONESELF.test(sentence.toLowerCase())) cues.add('to-oneself')
  }
  const last = withoutOpeners(sentences.at(-1) ?? '').rest.toLowerCase()
  const asksBare = ASKS_BARE.test(last) && last.split(/\s+/).length <= FEW_WORDS
  if (
    QUESTION_END.test(text) ||
    ASKS.test(last) ||
    asksBare ||
    (!/[.!]$/.test(last) && QUESTION_WORD.test(last))
  )
    cues.add('question')
  return cues
}

/** "Okay, Tom, …" → "Tom, …". */
function withoutOpeners(sentence: string): { readonly lead: string; readonly rest: string } {
  let rest = sentence
  for (;;) {
    const opener = OPENER.exec(rest.toLowerCase())?.[0] ?? ''
    if (opener === '' || opener.length >= rest.length) break
    rest = rest.slice(opener.length)
  }
  return { lead: sentence.slice(0, sentence.length - rest.length), rest }
}

/** Called where it is set off from the sentence, or hailed, or followed by what is asked of it; else it is only mentioned. */
function nameUse(sentence: string, names: readonly string[]): 'called' | 'mentioned' | undefined {
  for (const name of names) {
    const found = any(name).exec(sentence)
    if (!found) continue
    const before = sentence.slice(0, found.index)
    const after = sentence.slice(found.index + name.length)
    const opens = withoutOpeners(before === '' ? 'x' : `${before}x`).rest === 'x'
    const setOff = /^\s*([,.!?…]|$)/.test(after)
    if (opens && (setOff || HAILS.test(before))) return 'called'
    const following = after.trim()
    if (
      opens &&
      (REQUEST_START.test(following) ||
        (QUESTION_WORD.test(following) && !/^(?:is|was|has|does|did)\b/.test(following)))
    )
      return 'called'
    if (/,\s*$/.test(before) && setOff) return 'called'
    return 'mentioned'
  }
  return undefined
}

function callsSomebody(sentence: string, lead: string, names: readonly string[]): boolean {
  if (KIN_CALLED.test(sentence.toLowerCase())) return true
  const isName = (word: string | undefined) => {
    const low = word?.toLowerCase()
    return low !== undefined && !NO_NAMES.has(low) && !names.includes(low) && !REQUEST_START.test(low)
  }
  if (lead === '' || /[,.!]\s*$/.test(lead) || HAILS.test(lead.toLowerCase())) {
    const first = [NAME_FIRST.exec(sentence)?.[1], NAME_BARE.exec(sentence)?.[1]]
    if (first.some((word) => !BEFORE_VERBS.has(word?.toLowerCase() ?? '') && isName(word))) return true
  }
  return isName(NAME_LAST.exec(sentence)?.[1]) || isName(NAME_WITHIN.exec(sentence)?.[1])
}
