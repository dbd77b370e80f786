/**
 * How people speak to each other, by the structure of the sentence instead of its subject: what only somebody with a life of their own is asked or told. Where a
 * kind of word is open (what "your …" may be, what a hand can be told to do) the few that an assistant is told are listed, and all others are
 * for people. English and Spanish.
 */
import { REFERS, shareTopic } from './address-statement.js'
import { any, first } from './whole-words.js'

export type PeopleCue =
  /** "Did you ring the plumber?", "¿Has cenado?": what an assistant cannot have done. */
  | 'deed-asked'
  /** "You've got sawdust on your jumper": told what they are, do or have. */
  | 'you-told'
  /** "Your aunt", "tus zapatos". */
  | 'yours'
  /** Told to do what no assistant does. */
  | 'hands'
  /** "We ought to leave", "quedamos el jueves": plans of several. */
  | 'joint-plan'
  /** What somebody said, or a relation of the speaker's. */
  | 'hearsay'
  /** "Did I lock it?", "where's my pen": only the speaker can know. */
  | 'asks-oneself'
  /** A statement that takes up nothing of the exchange, whoever it is about. */
  | 'unrelated'

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

/** No verb stands first in a sentence that begins so. */
const NO_VERB =
  "(?:i|you|he|she|it|we|they|the|a|an|this|that|these|those|my|your|his|her|our|their|its|some|any|no|not|in|on|at|to|of|for|from|with|by|about|after|before|as|if|when|while|because|and|but|or|so|then|now|just|only|even|maybe|perhaps|what|where|who|why|how|which|whose|is|are|was|were|do|does|did|have|has|had|can|could|will|would|shall|should|may|might|must|yes|yeah|ok|okay|one|two|three|four|five|six|seven|eight|nine|ten|there|here|all|both|most|many|more|less|another|other|each|every|thanks|sorry|right|well|oh|hmm|actually|something|anything|nothing|somewhere|somebody|everyone|nobody|half|whatever|enough|too|very|really|always|never|mine|not|let's|up|down|between|without|over|under|into|than|like|next|last|first|today|tonight|tomorrow|yesterday|\\p{L}+(?:ing|ed|ly|n't|'s|'re|'m|'ve|'d|'ll))"
const TOLD_EN = new RegExp(
  `^(?!${NO_VERB}(?![\\p{L}]))\\p{L}+ (?:(?:up|down|off|out|over|away|back|on|in|round|around) )?(?:(?:the|your|my|his|her|our|their|that|this|those|these|it|them|him|me|us|a|an|yourself)(?![\\p{L}'])|(?:up|down|off|out|over|away|back|still|here|there|round|still|quietly|carefully|slowly)(?:[,.!]|$))`,
  'u',
)
const ITS_TASKS = first(
  'tell|show|give (?:me|us)|explain|play|stop|set|add|remind|translate|repeat|read|call|send|find|search|look up|look for|book|order|turn|switch|make|start|pause|resume|continue|go on|write|spell|say|describe|recommend|suggest|' +
    'help|list|calculate|convert|cancel|delete|remove|change|teach|sing|count|summari[sz]e|compare|define|check|schedule|wake me|skip|increase|decrease|lower|raise|speak|talk|answer|forget|imagine|note|save|mark|mute|keep|put (?:it|that|them|\\p{L}+ and \\p{L}+|\\p{L}+) (?:on|in) (?:my|the) (?:list|calendar)|' +
    'dim|lock|unlock|reserve|print|share|email|text|message|warn|notify|replace|fix|correct|shorten|rewrite|choose|pick|name|use|let|try|ask|test|quiz|guess|do|leave|open|close|round|divide|multiply|subtract|double|simplify|record|rename|store|pronounce|include|move (?:it|that|the|my)|push (?:it|that|the)|bring (?:it|that|the)|put (?:it|that|the|my|a|an)',
)
/** Hands, and what they are near to: beside a verb that an assistant knows too. */
const AT_HAND = any(
  "over here|right here|give it here|upside down|the other end|off (?:the|that) (?:sofa|table|floor|bed|chair|stove|hob)|on the floor|behind you|next to you|in front of you|mind (?:the|your|that)|don't let go|stop (?!playing|talking|reading|singing|counting|recording|listening|answering|speaking|explaining|repeating|saying|sending|using|asking|adding|interrupting)\\p{L}+ing|give (?:me|us|it|them|him|her|that) back|(?:can|could|will|would) you (?:reach|hold|grab|lift|carry|pass|hand|fetch|pick up|zip|hurry|move(?! \\p{L}+ (?:\\p{L}+ )?(?:to|by|back|forward|up|until)(?![\\p{L}]))|come|sit|mind|feed|walk|drive|get the|get up)|" +
    '(?<!por |cerca de |de |hasta |desde )aquí(?! cerca)|al revés|los pies|las manos|la mano|del sofá|de la mesa|del suelo|en el suelo|detrás de ti|a tu lado|delante de ti|anda(?=[.!]*$)|deja de (?!hablar|sonar|leer|contar|cantar|grabar|escuchar|explicar|repetir)\\p{L}+r|puedes (?:abrir tú|sujetar|coger|alcanzar|traer|venir|recoger|bajar tú|subir tú|acercar|ayudarme a (?:mover|bajar|subir|levantar|doblar))|con cuidado|mientras (?:yo|tanto)|que te (?:manchas|caes|quemas|cortas|vas a)',
)
/** Why it must be done now: beside what an assistant is told, somebody's coming is a reason for that. */
const IN_HASTE_ES = any('que (?:entra|se enfría|se quema|llegamos|viene|vienen)')
/** Asks for knowledge: hands have none. */
const ASKS_WHAT = first(
  'what|where|when|who|which|how|why|qué|dónde|cuándo|quién|quiénes|cuál|cuáles|cómo|cuánto|cuánta|cuántos|cuántas|por qué|a qué|de qué|en qué',
)
/** Stems, with whatever pronoun hangs on them. */
const ITS_TASKS_ES =
  '(?:d[ií]|d[aá]|cu[eé]nta|expl[ií]ca|p[oó]n|mu[eé]stra|ens[eé]ña|rep[ií]te|trad[uú]ce|l[eé]e|b[uú]sca|m[aá]nda|env[ií]a|recu[eé]rda|acu[eé]rda|ap[uú]nta|an[oó]ta|gu[aá]rda|av[ií]sa|ay[uú]da|h[aá]z|h[aá]bla|res[uú]me|calc[uú]la|despi[eé]rta|c[aá]mbia|qu[ií]ta|b[aá]ja|s[uú]be|p[aá]ra|ap[aá]ga|enci[eé]nde|canc[eé]la|b[oó]rra|añ[aá]de|res[eé]rva|recomi[eé]nda|deletr[eé]a|descr[ií]be|comp[aá]ra|escr[ií]be|olv[ií]da|d[eé]ja|c[aá]nta|ll[aá]ma|preg[uú]nta|sugi[eé]re|prop[oó]n|prep[aá]ra|organ[ií]za|m[aá]rca|acl[aá]ra|ac[oó]rta|al[aá]rga|mu[eé]ve|p[aá]sa|ord[eé]na|div[ií]de|s[uú]ma|el[ií]ge|sorpr[eé]nde|[aá]bre|ci[eé]rra|int[eé]nta|pru[eé]ba|def[ií]ne|corr[ií]ge|p[ií]de|c[oó]mpra|ll[eé]va|det[eé]n|s[ií]gue|imag[ií]na|esp[eé]ra|perd[oó]na|convi[eé]rte|progr[aá]ma|reprod[uú]ce|encu[eé]ntra|reg[uú]la|aj[uú]sta|aten[uú]a|expl[ií]qu|d[ií]ga|p[oó]nga)(?:me|te|le|nos|les|lo|la|los|las|melo|mela|melos|melas|selo|sela)*'

const IS_TASK_ES = first(ITS_TASKS_ES)

/** Spanish verbs that are told something carry an accent three syllables from their end where a pronoun hangs on them. */
const TOLD_ES = new RegExp(
  `^(?:no )?(?!(?:${ITS_TASKS_ES})(?![\\p{L}]))\\p{L}*[áéíóú]\\p{L}+(?:me|te|le|la|lo|nos|les|las|los|melo|mela|telo|tela|selo|sela)(?![\\p{L}])|` +
    '^(?:(?:ven|vete|ve|vámonos|trae|coge|cógel[oa]|agarra|sujeta|tira|mete|saca|lava|limpia|friega|barre|plancha|dobla|cuelga|recoge|corre|espera aquí|siéntate|estate|estaos|dale|dales|dáselo|dámel[oa]|ponl[oa] ahí|mira (?:que|qué|cómo|a)|échal[oa]|aparta|acerca|sube (?:al|a la|por)|baja (?:al|a la|de)|pasa (?:por|tú|la|el|que)|cuidado|abre la (?:boca|puerta|ventana)|cierra la (?:boca|puerta|ventana)|haz (?:el favor|los deberes|la cama)|termina|acábate|cómete|bébete|no (?:te|os|le|me|toques|corras|grites|hagas))(?![\\p{L}]))',
  'u',
)

const JOINT = any(
  "shall we|let's (?:go|get|leave|sit|eat|have|take (?:a break|the|a walk)|meet|invite|ask)|we (?:ought|should|need to (?:leave|go|get|talk|buy)|have to (?:leave|go|get|be|buy)|could (?:go|invite|ask|take)|can (?:go|take|ask|leave)|must)|we're (?:leaving|going|late|meeting|running|having|invited|out of)|we'll (?:be|have to|take|need|go|see|meet)|are we|aren't we|did we|have we|with us|us tonight|our (?:turn|place|neighbou?rs?|flight leaves)|you and (?:i|me)|both of us|" +
    'vámonos|nos vamos|quedamos|bailamos|salimos ya|llegamos tarde|nos (?:toca|falta|queda|esperan|han|vemos|tenemos|hemos)|tenemos que|habría que|hay que (?:comprar|ir|llamar|sacar|recoger|pagar|limpiar|bajar)|vamos a (?:llegar|cenar|comer|tener|ir|salir|casa|ver a)|hemos (?:quedado|comido|cenado|estado|ido)|cenamos|comemos|con nosotros|nuestr[oa]s?|entre (?:tú|los dos|todos)|tú y yo',
)
const RELATION =
  "(?:step)?(?:mother|father|brother|sister|son|daughter|wife|husband|mum|mom|dad|gran|grandma|grandpa|grandad|grandmother|grandfather|aunt|uncle|cousin|nephew|niece|boss|landlord|landlady|neighbou?rs?|colleagues?|friends?|teacher|doctor|dentist|mate|girlfriend|boyfriend|partner|flatmate|roommate|kids?|children|in-laws?|mother-in-law|father-in-law|manager|lawyer|ex)(?:'s)?"
const RELATION_ES =
  '(?:madre|padre|hermano|hermana|hij[oa]s?|mujer|marido|abuel[oa]s?|tí[oa]s?|prim[oa]s?|sobrin[oa]s?|jef[ea]|caser[oa]|vecin[oa]s?|compañer[oa]s?|amig[oa]s?|profe|profesor[a]?|médic[oa]|dentista|novi[oa]|pareja|suegr[oa]s?|cuñad[oa]s?|niñ[oa]s|críos|abogado|ex)'
const SAID_VERB =
  '(?:says|said|told|reckons?|swears?|claims?|asked|thinks|thought|wants|wanted|called|rang|texted|promised|insists?|heard from|mentioned|wrote|phoned|charged|paid)'
const HEARSAY = new RegExp(
  `(?<![\\p{L}])(?:(?:my|your|his|her|our|their|the) ${RELATION}|(?:he|she|they|everyone|somebody|someone|nobody|people) ${SAID_VERB}|i (?:told|said to|asked|rang|called|texted|promised|met|saw|haven't heard|spoke) |i'd (?:pick|bring|call|ring|meet)|` +
    `(?:mi|tu|su|mis|tus|sus|el|la|los|las) ${RELATION_ES}(?![\\p{L}])|(?:le|les|me|nos) (?:dije|dijo|dijeron|han dicho|ha dicho|contó|contaron|preguntó|pregunté|llamó|pidió|han puesto|ha puesto|regalaron|regaló|robaron|cobraron|cobró|mandó|mandaron|van a)|(?:dice|dicen|cuentan) que|por lo visto|según dicen|se ve que)(?![\\p{L}])`,
  'u',
)
/** A name before what somebody did: "Dave says", "Marta ha llamado". */
const NAME_DOES = new RegExp(
  `(?:^|\\s)(?!(?:Mine|Ours|Yours|You|He|She|It|We|They|I|This|That|There|Who|What|Where|When|How|Why|Which|Everything|Nothing|Something|One|Eso|Esto|Qué|Quién|Cómo|Cuándo|Dónde|Ya|No|Se|Me|Le|Te|Nos|Así|Todo|Pues|Y|Aún|Todavía|Aquí|Que|Si|Hoy|Ahora|La|El|A|Ella|Él|Mejor|Solo|Siempre|Nunca|También|Bueno|Vale)(?![\\p{L}]))\\p{Lu}[\\p{Ll}'’-]+ (?:${SAID_VERB}|is|was|has|had|went|came|got|ha|está|dice|dijo|tiene|viene|quiere|trae|llamó|vino)(?![\\p{L}])`,
  'u',
)
const ASKS_ONESELF = any(
  "did i(?! (?:just |ever )?(?:say|tell|give|mention|ask|win|miss|get (?:it|that) (?:right|wrong)|understand|pronounce))|have i (?!got (?:any|an? )(?:appointment|meeting|message|mail))|where(?: on earth)?(?:'s| is| has| are| have)? my|who (?:took|moved|has taken|'s taken) my|what was i|why (?:did|do|am) i|what am i|was i|had i|how did i|" +
    'dónde (?:habré|he|puse|dejé|tengo|está mi|están mis|andará)|habré|cuánto (?:llevo|me queda suelto)|qué (?:hago|hacía|iba|estaba) (?:yo|aquí|a)?|por qué (?:soy|me pasa|no me)|me he dejado|me dejé|a ver (?:si|cuánto|dónde|qué|cómo)|quién me ha|a qué venía',
)
/** So many words, and it stands alone. */
const ALONE_WORDS = 5

export function peopleCues(
  text: string,
  language: string,
  isQuestion: boolean,
  exchange: string,
): ReadonlySet<PeopleCue> {
  const cues = new Set<PeopleCue>()
  const sentences = text.replace(/[¿¡]/g, '').match(/[^.!?…]+[.!?…]*/gu) ?? []
  const refers = shareTopic(text, exchange) || REFERS.test(text.toLowerCase())
  const es = language.startsWith('es')
  let isTask = false
  for (const each of sentences) {
    const low = each.trim().toLowerCase().replaceAll('’', "'").replace(LEADING, '')
    const isForIt = es ? IS_TASK_ES.test(low) || low.startsWith('que sea') : ITS_TASKS.test(low)
    isTask ||= isForIt
    const isAsked = /\?/.test(each)
    if (isQuestion && !refers && (es ? ES_DEED : EN_DEED).test(low)) cues.add('deed-asked')
    if ((es ? YOU_TOLD_ES : YOU_TOLD).test(low)) cues.add('you-told')
    if (YOURS.test(low)) cues.add('yours')
    const isTold = !isAsked && (es ? TOLD_ES.test(low) : TOLD_EN.test(low) && !isForIt)
    const isAtHand = AT_HAND.test(low) || (!isForIt && IN_HASTE_ES.test(low))
    if ((isTold || isAtHand) && !(isAsked && ASKS_WHAT.test(low))) cues.add('hands')
    // In what it is told to do or to tell, plans are no more than what it is about.
    if (!isForIt && JOINT.test(low)) cues.add('joint-plan')
    if (HEARSAY.test(low) || NAME_DOES.test(each)) cues.add('hearsay')
    if (ASKS_ONESELF.test(low)) cues.add('asks-oneself')
  }
  if (!isQuestion && !isTask && !refers && text.split(/\s+/).length >= ALONE_WORDS) cues.add('unrelated')
  return cues
}

const LEADING =
  /^(?:(?:and|but|so|well|now|oh|hey|no|yes|okay|ok|right|hmm|please|then|y|pero|pues|bueno|oye|venga|anda|no|sí|ay|uy|vale|mira|ya|entonces)[, ]+)+/u
