/**
 * How people speak to each other, by the structure of the sentence instead of its subject: what only somebody with a life of their own is asked or told. Where a
 * kind of word is open (what "your …" may be) the few that an assistant is told are listed, and all others are for people. English and Spanish. Lists of what only hands
 * do, of what others said and of what one asks oneself were worth nothing on sets that they had not been made from.
 */
import { REFERS, shareTopic } from './address-statement.js'
import type { WordingCue } from './address-wording.js'
import { any } from './whole-words.js'

export type PeopleCue =
  /** "Do you want the window seat?", "¿vas a salir así?": about the listener, who is asked for nothing. */
  | 'asks-you'
  /** "Did you ring the plumber?", "¿Has cenado?": what an assistant cannot have done. */
  | 'deed-asked'
  /** "You've got sawdust on your jumper": told what they are, do or have. */
  | 'you-told'
  /** "Your aunt", "tus zapatos". */
  | 'yours'
  /** "We ought to leave", "quedamos el jueves": plans of several. */
  | 'joint-plan'

const EN_ASKS_YOU =
  /^(?:\p{L}+,? )?(?:do|did|are|were|have|don't|didn't|aren't|haven't|when are|where are|why are|why did|what did|what are) you(?![\p{L}])/u
const ES_ASKS_YOU =
  /^(?:te |os |me |le |lo |la |se )*(?:has|vas|(?!cu[aá]l|cu[aá]nt|quién|est[ao]s|es[ao]s|otr|tod|much|vari|ell)\p{L}{3,}(?:as|es|aste|iste|áis|éis))(?![\p{L}])/u

/** What an assistant has done, knows or means: a question or a word about these may be for it. */
const ITS_DEEDS =
  'say|said|mean|meant|hear|heard|understand|understood|catch|caught|get|got|set|add|added|put|save|saved|find|found|check|checked|note|noted|remind|reminded|know|known|think|' +
  'count|counted|calculate|calculated|translate|translated|play|played|stop|stopped|turn|turned|change|changed|cancel|cancelled|delete|deleted|remember|forget|forgotten|include|included|use|' +
  'look|looked|answer|answered|repeat|tell|told|mention|mentioned|suggest|suggested|recommend|recommended|send|sent|book|booked|order|ordered|start|started|record|recorded|sure|able|' +
  'there|listening|talking|still|certain|right|wrong|joking|kidding|an?|the|familiar|aware'
const EN_DEED = new RegExp(
  `(?:^|[,;] |^\\p{L}+ )(?:did|didn't|have|haven't|are|aren't|were|weren't|will|won't|when (?:did|are|will)|where (?:did|are|were|have)|why (?:did|didn't|are|aren't|haven't)|who (?:did|are)|what (?:did|are)|how was|how are) you(?:r \\p{L}+)? (?:ever |already |really |even |still |just |gonna |going to )?(?!(?:${ITS_DEEDS})(?![\\p{L}]))\\p{L}+|^remember (?:when|that time|how we)(?![\\p{L}])`,
  'u',
)
const ITS_DEEDS_ES =
  'dicho|puesto|entendido|oído|apuntado|añadido|guardado|encontrado|buscado|contado|calculado|traducido|cambiado|cancelado|borrado|recordado|mencionado|recomendado|enviado|' +
  'reservado|pedido|empezado|parado|encendido|apagado|programado|anotado|escuchado|respondido|contestado|activado|repetido|explicado'
const ES_DEED = new RegExp(
  `(?<![\\p{L}])(?:has|habéis) (?:ya |podido |vuelto a )?(?!(?:${ITS_DEEDS_ES})(?![\\p{L}]))\\p{L}+(?:ado|ido|cho|to|so)(?![\\p{L}])|` +
    '(?<![\\p{L}])(?!(?:dij|entend|recomend|mencion|apunt|añad|cont|pus|o)[ií]ste|(?:recomend|mencion|apunt|cont|guard|encontr)aste|triste|existe|chiste|insiste|consiste|resiste|baste|contraste|desgaste)\\p{L}+(?:aste|iste|asteis|isteis)(?![\\p{L}])|' +
    '^te acuerdas (?:de|cuando)|^(?:te|os|tú|vosotros) (?!(?:he|lo|la|puedo|importaría|parece|importa|refieres|acuerdas|oigo|escucho|llamas|pido|pregunto|agradezco|entiendo))\\p{L}+|' +
    '^(?:vienes|vas|sales|estás|estáis|venís|vais|cenas|comes|tardas|subes|bajas|duermes|trabajas|quedas|bailas|llegas|vuelves|recoges|pagas|conduces|terminas|acabas|me (?:echas|acercas|pasas|dejas|traes|llevas|coges|alcanzas|sujetas|esperas|prestas|acompañas|haces sitio))(?![\\p{L}])(?! (?:seguro|ahí|segura|escuchando|oyendo))',
  'u',
)

/** Told of itself an assistant is praised, blamed or corrected. */
const YOU_TOLD = new RegExp(
  "(?:^|[,;] |(?:^| )(?:and|then|because|since|while|if|when|that|what|as) )(?:you|you're|you've|you'd|you'll)(?: (?:never|always|only|still|just|really|also|even|have|are|were|will|can't|don't|didn't|haven't|won't|wouldn't|should|shouldn't|should've|must|mustn't|could|could've|might|need|ought|had|used|keep|look|got|know how))+(?! (?:said|told|mentioned|misunderstood|misheard|right|wrong|great|funny|welcome|amazing|clever|smart|kidding|joking|too))|" +
    "(?:^|[,;] )(?:you're|you are) (?!(?:right|wrong|great|funny|welcome|amazing|clever|smart|kidding|joking|too|so|the best|very|not|a)(?![\\p{L}]))\\p{L}+|" +
    "you've (?!said|told|got (?:it|that|any)|already|answered|helped|been (?:very|so|a|most))(?:\\p{L}+)|don't you (?:remember|think we|dare)|will you(?! please)|aren't you|haven't you|weren't you|didn't you",
  'u',
)
const YOU_TOLD_ES = any(
  'no te acuerdas|te (?:dije|digo|toca|quedas|has|vas|pones|gusta|duele|queda|llamo|llamó|espero|ayudo|echo|acompaño|conviene|veo|extraña|van|lo dije|la dejo|lo dejo)|' +
    'tienes que|tendrías que|deberías|podías haber|siempre (?:estás|te|me)|nunca (?:me|te|le|haces|\\p{L}+as)|me (?:dijiste|debes|tienes)|os (?:vais|he|voy|toca)|eres (?:un|una|el|la) ',
)

/** What is its, of all that may be "your …". */
const YOURS = any(
  'your (?!(?:own )?(?:voice|name|answer|answers|opinion|help|advice|favou?rite|recommendations?|suggestions?|instructions?|settings?|volume|source|sources|list|memory|language|accent|idea|ideas|list|last|first|next|previous|best|guess|tip|tips|thoughts?|view|explanation|description|question|reply|patience|time|mind|translation|pronunciation|range|knowledge)(?![\\p{L}]))\\p{L}+|' +
    '(?:tu|tus|vuestr[oa]s?) (?!(?:propi[oa] )?(?:voz|nombre|respuesta|respuestas|opinión|ayuda|consejo|consejos|recomendación|sugerencia|instrucciones|ajustes|volumen|fuente|lista|memoria|idioma|acento|idea|ideas|última|último|primera|primer|siguiente|explicación|pregunta|favorit[oa]|juicio|traducción|tienda|horario|dirección)(?![\\p{L}]))\\p{L}+',
)

const JOINT = any(
  "shall we|let's (?:go|get|leave|sit|eat|have|take (?:a break|the|a walk)|meet|invite|ask)|we (?:ought|should|need to (?:leave|go|get|talk|buy)|have to (?:leave|go|get|be|buy)|could (?:go|invite|ask|take)|can (?:go|take|ask|leave)|must)|we're (?:leaving|going|late|meeting|running|having|invited|out of)|we'll (?:be|have to|take|need|go|see|meet)|are we|aren't we|did we|have we|with us|us tonight|our (?:turn|place|neighbou?rs?|flight leaves)|you and (?:i|me)|both of us|" +
    'vámonos|nos vamos|quedamos|bailamos|salimos ya|llegamos tarde|nos (?:toca|falta|queda|esperan|han|vemos|tenemos|hemos)|tenemos que|habría que|hay que (?:comprar|ir|llamar|sacar|recoger|pagar|limpiar|bajar)|vamos a (?:llegar|cenar|comer|tener|ir|salir|casa|ver a)|hemos (?:quedado|comido|cenado|estado|ido)|cenamos|comemos|con nosotros|nuestr[oa]s?|entre (?:tú|los dos|todos)|tú y yo',
)
export function peopleCues(
  text: string,
  language: string,
  wording: ReadonlySet<WordingCue>,
  exchange: string,
): ReadonlySet<PeopleCue> {
  const cues = new Set<PeopleCue>()
  const es = language.startsWith('es')
  const asks = wording.has('question')
  const requests = wording.has('request')
  const isOnTopic = shareTopic(text, exchange)
  const refers = isOnTopic || REFERS.test(text.toLowerCase())
  for (const each of text.replace(/[¿¡]/g, '').match(/[^.!?…]+[.!?…]*/gu) ?? []) {
    const low = each.trim().toLowerCase().replaceAll('’', "'").replace(LEADING, '')
    if (asks && !requests && !isOnTopic && (es ? ES_ASKS_YOU : EN_ASKS_YOU).test(low)) cues.add('asks-you')
    if (asks && !refers && (es ? ES_DEED : EN_DEED).test(low)) cues.add('deed-asked')
    if ((es ? YOU_TOLD_ES : YOU_TOLD).test(low)) cues.add('you-told')
    if (YOURS.test(low)) cues.add('yours')
    // In what it is told to do or to tell, plans are no more than what it is about.
    if (!requests && JOINT.test(low)) cues.add('joint-plan')
  }
  return cues
}

const LEADING =
  /^(?:(?:and|but|so|well|now|oh|hey|no|yes|okay|ok|right|hmm|please|then|y|pero|pues|bueno|oye|venga|anda|no|sí|ay|uy|vale|mira|ya|entonces)[, ]+)+/u
